"""What more of is made up in a longer list: names and spans in its tuples or records, rows where texts are maps."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple, Protocol

from shoal.behaviour._formats import Format, numbers_in

__all__ = ["Rising", "alike_columns", "is_map", "placed_spans", "seen_rising", "spans", "varied_columns"]

FEW = 3  # different names of a graph, up to which no more are made up
LEAST = 3  # different ones of a text that says who or what a record is of
VARIED = 0.6  # share of them that differed
FEWEST_SPANS = 3  # that begin before they end
EXCEPTION = 5  # times that the first is to be less, for each time that it is more: a test tries the odd ones too
FEWEST_ROWS = 4  # beyond the first of each map, where all maps are equally wide
FEWEST_CELLS = 4  # of each letter on average: words of one length have more letters


class Column(Protocol):
    """What the samples at one place have in common, see `Likes`."""

    texts: list[str]
    integers: list[int]

    @property
    def kinds(self) -> int:
        """How many kinds of values there were."""


def alike_columns(fields: Sequence[Column]) -> Iterator[tuple[list[int], list[Any]]]:
    """Places of tuples that hold names of the same things, as the ends of a graph's edges do; and these names."""
    left = [k for k, one in enumerate(fields) if one.kinds == 1 and len(one.texts or one.integers) > 1]
    while left:
        first, *left = left
        columns, pool = [first], [*fields[first].texts, *fields[first].integers]
        for k in tuple(left):
            other = [*fields[k].texts, *fields[k].integers]
            shared = set(pool) & set(other)
            if type(other[0]) is type(pool[0]) and 3 * len(shared) >= len(set(other)):
                columns.append(k)
                pool += other
                left.remove(k)
        if len(columns) > 1 and len(set(pool)) > FEW:
            yield columns, pool


def varied_columns(fields: Sequence[Column]) -> Iterator[tuple[list[int], list[Any]]]:
    """Single places with texts that mostly differed, as names do and kinds of something do not; and these texts."""
    for k, one in enumerate(fields):
        different = len(set(one.texts))
        if one.kinds == 1 and all(one.texts) and different >= LEAST and different > VARIED * len(one.texts):
            yield [k], list(one.texts)


class Spans(NamedTuple):
    """The places of both ``ends``, the spans that were ``seen`` there in whole numbers, and how these are written."""

    ends: tuple[int, int]
    seen: list[tuple[int, int]]
    written: Format | None  # as dates, or not at all


class Rising(NamedTuple):
    """Of two places in tuples or records: how often the first held less, and how often more, than the second."""

    less: int = 0
    more: int = 0

    def holds(self, least: int) -> bool:
        """Whether the first is to be no more: so it was often enough, with few exceptions."""
        return self.less >= max(least, EXCEPTION * self.more)


def seen_rising(before: Mapping[tuple[int, int], Rising] | None, items: Sequence[Any]) -> dict[tuple[int, int], Rising]:
    """What one more sample says of the pairs of places that can be compared in all of them; None: it is the first."""
    found = {}
    for pair in combinations(range(len(items)), 2) if before is None else before:
        first, second = (items[k] if k < len(items) else () for k in pair)
        if type(first) is type(second) in (int, float, str):
            seen = (before or {}).get(pair, Rising())
            found[pair] = Rising(seen.less + (first < second), seen.more + (first > second))
    return found


def spans(fields: Sequence[Column], rising: Mapping[tuple[int, int], Rising]) -> Iterator[Spans]:
    """Two places that hold where a span begins and where it ends; and the spans that were seen.

    The first pair of places of which the first is mostly less is a span, where these mostly differ; and of those that
    share a place with it, none.
    """
    taken: set[int] = set()
    for (first, last), seen in rising.items():
        if taken & {first, last} or not seen.holds(FEWEST_SPANS) or not fields[first].kinds == fields[last].kinds == 1:
            continue
        (written, begins), (other, ends) = _numbers(fields[first]), _numbers(fields[last])
        whole = len(begins) == len(ends) and written == other
        told = list(zip(begins, ends, strict=True)) if whole else []
        if min(len(set(begins)), len(set(ends)), len(set(told))) >= LEAST and len(set(told)) >= VARIED * len(told):
            taken |= {first, last}
            yield Spans((first, last), told, written)


def _numbers(column: Column) -> tuple[Format | None, list[int]]:
    """The numbers at a place, or those that all of its texts tell, as dates do."""
    if not column.texts:
        return None, column.integers
    written, numbers = numbers_in(column.texts)
    return written, numbers if len(numbers) == len(column.texts) else []


def placed_spans(
    rng: random.Random,
    pool: Sequence[tuple[int, int]],
    count: int,
    size: float,
    *,
    apart: bool,
    most: int | None = None,
) -> list[tuple[int, int]]:
    """``count`` spans as long as those of the pool, which cover ``size`` times as much; ``apart``, none overlap.

    Where nothing is above ``most``, they cover no more than there is, and overlap where there is no room.
    """
    low, high = min(begin for begin, _ in pool), max(begin for begin, _ in pool)
    more = round((high - low + 1) * size)
    lengths = [end - begin for begin, end in (rng.choice(pool) for _ in range(count))]
    if most is not None:
        room = max(0, most - low - max(lengths, default=0))
        more = min(more, room)
        apart = apart and sum(max(0, length) for length in lengths) <= room
    if not apart:
        begins = [rng.randint(low, low + more) for _ in lengths]
        return [(begin, begin + length) for begin, length in zip(begins, lengths, strict=True)]
    lengths = [max(0, length) for length in lengths]
    free = max(0, more - sum(lengths)) // (count or 1)  # after each span, on average
    made = []
    for length in lengths:
        low += rng.randint(0, 2 * free)
        made.append((low, low + length))
        low += length
    rng.shuffle(made)
    return made


def is_map(texts: Sequence[str], widths: Sequence[int]) -> bool:
    """Whether texts look like rows of maps: few letters, one length in each list. ``widths``: of rows after a first."""
    if len(widths) < 2 or max(widths) < 2 or (len(set(widths)) < 2 and len(widths) < FEWEST_ROWS):
        return False
    letters = "".join(texts)
    return len(letters) >= FEWEST_CELLS * len(set(letters))
