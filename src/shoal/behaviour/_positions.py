"""Numbers that say where something stands in another argument: an index, a row and a column, a node of so many.

They are below how long a list is, how wide its rows are, or what a number is; some count from one on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from shoal.behaviour._extents import COLUMNS, FEWEST, ROWS, Place

__all__ = ["Position", "bound_of", "learn_positions"]

FEWEST_LISTS = 2  # calls that tell it where each of them names the last, and there are as many numbers as `ENOUGH`
ENOUGH = 4
RANGES = ((0, 0), (1, 1), (0, 1))  # the first one, and how many more than the last index: what ends a slice is one more

Path = tuple[Any, ...]
Values = dict[Path, list[Any]]


class Position(NamedTuple):
    """The numbers at a ``path`` of the argument at ``place`` go from ``first`` to below what ``axis`` of ``home`` is.

    ``more`` is added to that.
    """

    place: Place
    path: Path
    home: Place
    axis: int = ROWS
    first: int = 0
    more: int = 0


class _Fit(NamedTuple):
    """How many calls tell a position, how many of them name the last one, and how many numbers there are."""

    calls: int = 0
    last: int = 0
    numbers: int = 0

    @property
    def sure(self) -> bool:
        """Whether that is no chance."""
        some = self.calls >= FEWEST and 2 * self.last >= self.calls
        return some or (self.calls == self.last >= FEWEST_LISTS and self.numbers >= ENOUGH)


def bound_of(value: Any, axis: int) -> int | None:
    """What numbers are to be below: a number, how many there are in a list, or how wide all of its rows are."""
    if axis == ROWS:
        return value if type(value) is int else len(value) if type(value) is list else None
    widths = {len(row) if type(row) in (list, str) else None for row in value} if type(value) is list else set()
    return widths.pop() if len(widths) == 1 else None


def learn_positions(given: Sequence[dict[Place, Any]], calls: Sequence[dict[Place, Values]]) -> Iterator[Position]:
    """The positions that hold in all calls, the surest first of each path. ``calls``: the numbers of each, by path."""
    places = list(dict.fromkeys(place for call in given for place in call))
    paths = {place: list(dict.fromkeys(path for call in calls for path in call.get(place, ()))) for place in places}
    pairs = [(place, path[:-1]) for place in places for path in paths[place] if path and path[-1] == 1]
    pairs = [(place, start) for place, start in pairs if (*start, 2) not in paths[place]]
    for home in places:
        yield from _in_tables(given, calls, home, pairs)
    for home in places:
        yield from _on_boards(given, calls, home, pairs)
    for place in places:
        for path in paths[place]:
            found = next(_below(given, calls, place, path, places), None) if None not in path else None
            if found is None:
                continue
            yield found
            beside = [
                one
                for one in paths[place]
                if path and one and one[:-1] == path[:-1] and type(one[-1]) is type(path[-1])
            ]
            for other in beside:
                for first, more in RANGES:
                    if _fit(given, calls, one := Position(place, other, found.home, ROWS, first, more)).calls:
                        yield one
                        break


def _in_tables(
    given: Sequence[dict[Place, Any]],
    calls: Sequence[dict[Place, Values]],
    home: Place,
    pairs: list[tuple[Place, Path]],
) -> Iterator[Position]:
    """Pairs of a row and a column: numbers so small are hardly ever anything else."""
    if not any(bound_of(call.get(home), COLUMNS) for call in given):
        return
    for place, start in pairs:
        both = [Position(place, (*start, axis), home, axis) for axis in (ROWS, COLUMNS)]
        fits = [_fit(given, calls, one) for one in both]
        if place != home and all(fit.calls >= FEWEST_LISTS and fit.numbers >= FEWEST for fit in fits):
            yield from both


def _on_boards(
    given: Sequence[dict[Place, Any]],
    calls: Sequence[dict[Place, Values]],
    home: Place,
    pairs: list[tuple[Place, Path]],
) -> Iterator[Position]:
    """Pairs on a square board of a given size, where one of them is at its end."""
    if not all(type(call.get(home, 0)) is int for call in given):
        return
    told = []
    for place, start in pairs:
        both = [Position(place, (*start, axis), home) for axis in (0, 1)]
        fits = [_fit(given, calls, one) for one in both]
        if place != home and min(fit.calls for fit in fits) >= FEWEST:
            told.append((both, sum(fit.last for fit in fits)))
    if sum(last for _, last in told):
        for both, _ in told:
            yield from both


def _below(
    given: Sequence[dict[Place, Any]],
    calls: Sequence[dict[Place, Values]],
    place: Place,
    path: Path,
    places: Sequence[Place],
) -> Iterator[Position]:
    """Numbers up to the last one: often that one itself, so no chance."""
    for first, more in RANGES[: 2 if path else 1]:
        for home in places:
            one = Position(place, path, home, ROWS, first, more)
            listed = all(type(call.get(home, [])) is list for call in given)
            if home != place and (path or listed) and _fit(given, calls, one, beside=True).sure:
                yield one


def _fit(
    given: Sequence[dict[Place, Any]],
    calls: Sequence[dict[Place, Values]],
    one: Position,
    *,
    beside: bool = False,
) -> _Fit:
    """How well a position holds; nothing where it does not. ``beside``: another part may name the last one."""
    seen = last = count = 0
    for call, values in zip(given, calls, strict=True):
        numbers = values.get(one.place, {}).get(one.path, [])
        bound = bound_of(call.get(one.home), one.axis)
        if not numbers or bound is None:
            continue
        if any(type(number) is not int or not one.first <= number < bound + one.more for number in numbers):
            return _Fit()
        around = numbers
        if beside:
            around = values[one.place].get((*one.path[:-1], None), numbers) if one.path else numbers
        seen, count = seen + 1, count + len(numbers)
        last += bound + one.more - 1 in {number for number in around if type(number) is int}
    return _Fit(seen, last, count)
