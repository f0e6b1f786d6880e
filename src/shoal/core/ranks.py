"""Comparing samples of scores by their order alone: exact tests, corrected for how many there are.

Scores of different tasks have different scales and shapes, and there are a handful of runs of each; ranks within a task
are all that can be compared, and distributions are counted out, never approximated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["MedianInterval", "RankTest", "holm", "median_interval", "rank_test"]

Samples = tuple[Sequence[float], Sequence[float]]


@dataclass(frozen=True, slots=True)
class RankTest:
    """What `rank_test` found.

    ``p`` is the chance of so many wins or more where nothing differs; ``smallest`` the smallest p that any outcome of
    as many runs, without ties, could have had; ``superiority`` the share of pairs that the first sample wins.
    """

    p: float
    smallest: float
    superiority: float


def rank_test(strata: Sequence[Samples]) -> RankTest:
    """One-sided exact permutation test that first samples are larger, stratified: is (xs, ys) by stratum.

    The statistic is the Mann-Whitney U added up over the strata: over all pairs of an x and a y of the same stratum,
    1 where x is larger and 1/2 where both are equal (Mann and Whitney 1947; of a stratum, ranks decide). Under the null
    hypothesis every way to hand out a stratum's scores to its two samples is as likely. Their distribution is counted
    out as a product of polynomials, with ties as they are, so p is exact for any sizes. -inf is a score like any other.

    Raises ValueError for no strata, an empty sample or a NaN.
    """
    if not strata:
        raise ValueError("a rank test needs at least one stratum")
    for xs, ys in strata:
        if not xs or not ys:
            raise ValueError("each stratum needs scores of both samples")
        if any(math.isnan(one) for one in (*xs, *ys)):
            raise ValueError("a score is not a number")
    ways = math.prod(math.comb(len(xs) + len(ys), len(xs)) for xs, ys in strata)
    bits = ways.bit_length() + 1
    total = 1
    for xs, ys in strata:
        total *= _counts(_ranks((*xs, *ys)), len(xs), bits=bits)
    won = sum(_twice_wins(xs, ys) for xs, ys in strata)
    lowest = sum(len(xs) * (len(xs) + 1) for xs, _ in strata)
    tail = (total >> (bits * (won + lowest))) % ((1 << bits) - 1)  # the sum of the digits to the base 2^bits
    pairs = sum(len(xs) * len(ys) for xs, ys in strata)
    return RankTest(float(Fraction(tail, ways)), float(Fraction(1, ways)), won / (2 * pairs))


def holm(ps: Sequence[float]) -> list[float]:
    """Adjusted p values, in the order given: of m tests the i-th smallest p counts m - i + 1 times, made monotone.

    Rejecting what is at or below a level keeps the chance of any false rejection below it, whatever depends on what
    (Holm, A simple sequentially rejective multiple test procedure, 1979).
    """
    adjusted = [0.0] * len(ps)
    largest = 0.0
    for rank, index in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        largest = max(largest, min(1.0, (len(ps) - rank) * ps[index]))
        adjusted[index] = largest
    return adjusted


@dataclass(frozen=True, slots=True)
class MedianInterval:
    """A sample's median, and two of its values that enclose the true one with chance ``coverage``."""

    median: float
    low: float
    high: float
    coverage: float


def median_interval(values: Sequence[float], *, level: float = 0.95) -> MedianInterval:
    """The narrowest pair of mirrored order statistics that covers the median with ``level``; else smallest and largest.

    Whatever the (continuous) distribution, the k-th smallest and k-th largest of n values enclose the true median with
    chance 1 - 2 P(Binomial(n, 1/2) < k). Fewer than six values cannot reach 95 %: ``coverage`` tells what it is.
    Raises ValueError for no values.
    """
    if not values:
        raise ValueError("a median needs at least one value")
    ordered, n = sorted(values), len(values)
    tails = [Fraction(math.comb(n, k), 2**n) for k in range(n)]
    k, coverage = 1, 1 - 2 * tails[0]
    while k < (n + 1) // 2 and coverage - 2 * tails[k] >= level:
        coverage -= 2 * tails[k]
        k += 1
    return MedianInterval(_middle(ordered), ordered[k - 1], ordered[n - k], float(coverage))


def _middle(ordered: Sequence[float]) -> float:
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return low if low == high else (low + high) / 2  # infinities have no mean


def _twice_wins(xs: Sequence[float], ys: Sequence[float]) -> int:
    return sum(2 * (x > y) + (x == y) for x in xs for y in ys)


def _ranks(values: Sequence[float]) -> list[int]:
    """Twice the mid-rank of each value, from 2."""
    ordered = sorted(values)
    first: dict[float, int] = {}
    count: dict[float, int] = {}
    for place, value in enumerate(ordered, start=1):
        first.setdefault(value, place)
        count[value] = count.get(value, 0) + 1
    return [2 * first[value] + count[value] - 1 for value in values]


def _counts(ranks: Sequence[int], size: int, *, bits: int) -> int:
    """How many choices of ``size`` ranks have which sum: sum s has ``bits`` bits of the result from bit s * bits.

    One integer holds the polynomial (Kronecker's substitution), so adding a rank to all sums is one shift.
    """
    chosen = [1] + [0] * size
    for rank in ranks:
        for taken in range(size, 0, -1):
            chosen[taken] += chosen[taken - 1] << (rank * bits)
    return chosen[size]
