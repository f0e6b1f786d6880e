"""Lengths that belong together: lists of one length, a table's columns and another's rows, a number of entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from shoal.behaviour._drawing import Drawing
from shoal.behaviour._likes import Likes

__all__ = ["FEWEST", "Extent", "Place", "equal_extents", "fit"]

FEWEST = 3  # calls that can show that two arguments belong together, and not by chance
ROWS, COLUMNS, NUMBER = range(3)
Place = int | str  # of an argument: its number, or its name


class Extent(NamedTuple):
    """Something of an argument that is so and so long: its `ROWS`, its `COLUMNS`, or the `NUMBER` that it is."""

    place: Place
    axis: int


def equal_extents(given: Sequence[dict[Place, Any]]) -> list[list[Extent]]:
    """Groups of extents that were equal in all calls that have them; the first of each is a list's.

    Few calls show nothing, nor do those that are all of one length.
    """
    seen: dict[Extent, dict[int, int]] = {}
    for k, call in enumerate(given):
        for place, value in call.items():
            for axis, length in _lengths(value):
                seen.setdefault(Extent(place, axis), {})[k] = length
    groups: list[list[Extent]] = []
    for extent in sorted(seen, key=lambda one: one.axis):
        home = next((group for group in groups if _equal(seen[group[0]], seen[extent])), None)
        if home is not None:
            home.append(extent)
        elif extent.axis != NUMBER:
            groups.append([extent])
    return [group for group in groups if len(group) > 1]


def _lengths(value: Any) -> list[tuple[int, int]]:
    if type(value) is int:
        return [(NUMBER, value)]
    if type(value) is not list:
        return []
    widths = {len(row) if type(row) is list else None for row in value}
    width = widths.pop() if len(widths) == 1 else None
    return [(ROWS, len(value))] + ([(COLUMNS, width)] if width is not None else [])


def _equal(one: dict[int, int], other: dict[int, int]) -> bool:
    """Whether two extents agree wherever both are known, often enough and at more than one length."""
    both = one.keys() & other.keys()
    agree = all(one[k] == other[k] for k in both)
    return agree and len(both) >= FEWEST and len({one[k] for k in both}) > 1


def fit(made: dict[Place, Any], group: Sequence[Extent], arguments: dict[Place, Likes], drawing: Drawing) -> None:
    """Make all of a group as long as its first one, in place: what is too long is cut, what is too short drawn on."""
    first, *others = (extent for extent in group if extent.place in made)
    length = dict(_lengths(made[first.place])).get(first.axis)
    if length is None:
        return
    for place, axis in others:
        value, likes = made[place], arguments[place]
        if axis == NUMBER and type(value) is int:
            made[place] = length
        elif axis == ROWS and type(value) is list and likes.item is not None:
            made[place] = _as_long(value, length, likes.item, drawing)
        elif axis == COLUMNS and type(value) is list and likes.item is not None and likes.item.item is not None:
            inner = likes.item.item
            made[place] = [_as_long(row, length, inner, drawing) if type(row) is list else row for row in value]


def _as_long(items: list[Any], length: int, likes: Likes, drawing: Drawing) -> list[Any]:
    if len(items) >= length:
        return items[:length]
    if likes.lists and items and type(items[0]) is list:  # rows: as wide as those that are there
        inner = likes.item or Likes()
        return [*items, *(drawing.items(inner, len(items[0]), 1.0) for _ in range(length - len(items)))]
    return [*items, *drawing.items(likes, length - len(items), 1.0)]
