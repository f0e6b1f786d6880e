"""Numbers like those that were recorded, alone and in lists of any length."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from shoal.behaviour._chances import FEW, SHORT, VARIED, Chances

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Numbers"]

MARK = 0.1  # share of the values from which on one value is a mark among others that differ, as -1 for "none"
MARKED = 5  # times that such a value was seen
EDGES = (-1, 0, 1, 2)  # the first only where something below zero was seen: a length or a price has none
EDGE_FLOATS = (-1.0, 0.0, 1.0, 0.5)


class Numbers(Chances):
    """Draws whole numbers and others."""

    def __init__(self, rng: np.random.Generator, size: float, edgy: float) -> None:
        super().__init__(rng, size, edgy)
        self._spans: dict[int, tuple[int, int, int]] = {}

    def integer(self, pool: list[int], size: float, *, grow: bool) -> int:
        low, high, different = self.span(pool)
        if self.chance(self.edgy):
            return int(self.pick(EDGES[low >= 0 :]))
        if grow:
            return int(max(low, round(pool[self.pick_long(list(map(abs, pool)), size)] * size)))
        if size > 1.0 and different > max(FEW, VARIED * len(pool)):
            return self.one.randint(low, low + math.ceil((high - low + 1) * size))
        return self.one.randint(low, high) if self.chance(0.5) else int(self.pick(pool))

    def span(self, pool: list[int]) -> tuple[int, int, int]:
        """The least, the largest, and how many different ones."""
        span = self._spans.get(id(pool))
        if span is None:
            span = self._spans[id(pool)] = min(pool), max(pool), len(set(pool))
        return span

    def real(self, pool: list[float], size: float) -> float:
        finite = [value for value in pool if math.isfinite(value)]
        if self.chance(self.edgy) or not finite:
            return float(self.pick(EDGE_FLOATS[min(finite) >= 0 :] if finite else pool))
        if len(set(pool)) <= max(2, VARIED * len(pool)):
            return float(self.pick(pool))
        digits = max(len(repr(value).partition(".")[2]) for value in finite)
        return round(float(self.rng.uniform(min(finite), max(finite))), min(digits, 15))

    def integers(self, pool: list[int], length: int, size: float) -> list[int]:
        """As so many calls of `integer`, but fast."""
        low, high, _ = self.span(pool)
        if self.edgy or high - low >= 1 << 60 or (size <= 1.0 and length < SHORT):
            return [self.integer(pool, size, grow=False) for _ in range(length)]
        if len(set(pool)) > FEW and self.fresh(pool, size):
            high = low + math.ceil((high - low + 1) * min(size, 1 << 20))
            made = list(map(int, self.rng.integers(low, high + 1, size=length).tolist()))
            return self.marked(made, pool)
        even = self.rng.integers(low, high + 1, size=length).tolist()
        seen = self.rng.integers(len(pool), size=length).tolist()
        first = (self.rng.random(length) < VARIED).tolist()
        return [int(new) if one else pool[old] for new, old, one in zip(even, seen, first, strict=True)]

    def marked(self, made: list[int], pool: list[int]) -> list[int]:
        """The numbers with those among them that stood out in the pool, as often as there."""
        marks = [value for value, count in Counter(pool).items() if count >= max(MARKED, MARK * len(pool))]
        if not marks or len({*pool} - {*marks}) <= VARIED * sum(value not in marks for value in pool):
            return made
        seen = self.rng.integers(len(pool), size=len(made)).tolist()
        return [pool[k] if pool[k] in marks else new for new, k in zip(made, seen, strict=True)]

    def numbers_in_runs(self, pool: list[int], length: int) -> list[int]:
        """Numbers all different, in no order, many of which follow another one: days in a row, and gaps between."""
        longest, low = max(2, round(math.sqrt(length))), min(pool)
        made: list[int] = []
        while len(made) < length:
            count = self.one.randint(1, 2 * longest)
            made += range(low, low + count)
            low += count + self.one.randint(1, longest)
        self.one.shuffle(made)
        return self.marked(made[:length], pool)

    def reals(self, pool: list[float], length: int) -> list[float]:
        """As so many calls of `real`, but fast."""
        finite = [value for value in pool if math.isfinite(value)]
        if len(finite) < len(pool) or len(set(pool)) <= max(2, VARIED * len(pool)):
            return [self.real(pool, 1.0) for _ in range(length)]
        digits = min(15, max(len(repr(value).partition(".")[2]) for value in finite))
        return [round(value, digits) for value in self.rng.uniform(min(finite), max(finite), length).tolist()]
