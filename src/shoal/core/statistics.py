"""The question the house rests on: is a paired difference above zero, beyond what chance gives?

`paired_interval` answers for differences that are independent; `two_level_bootstrap` and `sign_flip` for tasks that
belong to programs, tried by several runs.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Clustered", "Interval", "paired_interval", "robust_spread", "sign_flip", "two_level_bootstrap"]

# Paired differences of tasks, by the run's seed and the program that the tasks come from.
Clustered = Mapping[Any, Mapping[Any, Sequence[float]]]

# Student's t, quantile 0.975, for 1 to 30 degrees of freedom.
_T975 = (
    *(12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281),
    *(2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860),
    *(2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423),
)
_Z975 = 1.959964
_EXACT = 32  # programs up to which all ways to flip signs are counted: 2^16 on either side
_NORMAL = 1.4826  # median absolute deviation of a normal distribution, in standard deviations: 1 / 1.4826


@dataclass(frozen=True, slots=True)
class Interval:
    """The mean of ``pairs`` differences, and the two-sided 95 % interval of it; infinite for a single pair."""

    mean: float
    low: float
    high: float
    pairs: int


def paired_interval(differences: Sequence[float]) -> Interval:
    """Student's t interval (95 %, two-sided) of the mean of paired differences, at least one.

    Below 0.025 of chance each, by symmetry: what lies above zero with its low end is better, so far as normal theory
    goes. Raises ValueError for no differences.
    """
    count = len(differences)
    if not count:
        raise ValueError("an interval needs at least one difference")
    mean = math.fsum(differences) / count
    if count == 1:
        return Interval(mean, -math.inf, math.inf, 1)
    variance = math.fsum((one - mean) ** 2 for one in differences) / (count - 1)
    half = _t975(count - 1) * math.sqrt(variance / count)
    return Interval(mean, mean - half, mean + half, count)


def two_level_bootstrap(differences: Clustered, rng: np.random.Generator, *, draws: int = 10_000) -> Interval:
    """Mean over seeds of the mean difference of a task, and its 95 % percentile interval by a two-level bootstrap.

    ``differences``: seed -> program -> one difference a task. Seeds are drawn with replacement, then programs within
    them; all tasks of a program come along. Seeds that were tried on the same programs (by name) share their draw of
    programs (Owen, The pigeonhole bootstrap, 2007): what suits one program is no independent evidence once per seed.
    Deviations of seeds are scaled by sqrt(n / (n - 1)), as few are drawn from few (Rao and Wu, Resampling inference
    with complex survey data, 1988); with one seed the interval holds for that run alone. Raises ValueError where a seed
    or a program has no difference.
    """
    sums, counts = _by_program(differences)
    groups: dict[tuple[Hashable, ...], list[int]] = {}
    for place, named in enumerate(sums):
        groups.setdefault(tuple(named), []).append(place)
    seeds = len(sums)
    drawn, centre, means = np.zeros(draws), np.zeros(draws), np.empty((draws, seeds))
    chosen = rng.integers(seeds, size=(draws, seeds))
    for slot in range(seeds):
        for names, places in groups.items():
            if slot and len(places) > 1:
                continue
            weights = rng.multinomial(len(names), np.full(len(names), 1.0 / len(names)), size=draws)
            summed, counted = (
                weights @ np.array([[one[p][n] for p in places] for n in names]) for one in (sums, counts)
            )
            means[:, places] = summed / counted
        drawn += means[np.arange(draws), chosen[:, slot]] / seeds
        centre += means.mean(axis=1) / seeds
    few = math.sqrt(seeds / (seeds - 1)) if seeds > 1 else 1.0
    low, high = np.quantile(centre + few * (drawn - centre), (0.025, 0.975))
    mean = math.fsum(sum(one.values()) / sum(n.values()) for one, n in zip(sums, counts, strict=True)) / seeds
    return Interval(mean, float(low), float(high), sum(sum(one.values()) for one in counts))


def sign_flip(differences: Clustered, rng: np.random.Generator, *, draws: int = 10_000) -> float:
    """One-sided p of the mean that `two_level_bootstrap` gives: the sign-flip test of programs (Fisher 1935).

    Where nothing differs, all differences of a program are as likely with the other sign; a program (by name) is
    flipped in all seeds at once. Up to 32 programs with a difference every way is counted; beyond, ``draws`` are drawn
    and the one that was seen is counted among them, so p is at least 1 / (draws + 1). It speaks for the runs that were
    made: how much other seeds would differ is in the bootstrap's interval.
    """
    sums, counts = _by_program(differences)
    parts: dict[Hashable, float] = {}
    for summed, counted in zip(sums, counts, strict=True):
        tasks = sum(counted.values()) * len(sums)
        for name, value in summed.items():
            parts[name] = parts.get(name, 0.0) + value / tasks
    values = np.abs(np.array([value for value in parts.values() if value]))
    seen = math.fsum(parts.values())
    least = seen - 1e-9 * float(values.sum())  # sums of the same terms in another order are ties
    if len(values) <= _EXACT:
        half = len(values) // 2
        left, right = _signed_sums(values[:half]), np.sort(_signed_sums(values[half:]))
        below = np.searchsorted(right, least - left)
        return float((len(right) - below).sum()) / (len(left) * len(right))
    signs = rng.integers(2, size=(draws, len(values)), dtype=np.int8)
    reached = int((signs @ (2.0 * values) - values.sum() >= least).sum())
    return (1 + reached) / (1 + draws)


def robust_spread(values: Sequence[float]) -> tuple[float, float]:
    """Median, and 1.4826 times the median absolute deviation: one outlier moves neither. For at least one value."""
    middle = _median(values)
    return middle, _NORMAL * _median([abs(value - middle) for value in values])


def _by_program(differences: Clustered) -> tuple[list[dict[Any, float]], list[dict[Any, int]]]:
    """Sums and counts by program, a pair of dicts for each seed, programs in the order of their names."""
    if not differences or not all(differences.values()):
        raise ValueError("a test needs at least one seed, and each seed at least one program")
    if not all(len(tasks) for programs in differences.values() for tasks in programs.values()):
        raise ValueError("a program has no difference: leave it out")
    ordered = [sorted(programs.items(), key=lambda one: str(one[0])) for programs in differences.values()]
    sums = [{name: math.fsum(tasks) for name, tasks in programs} for programs in ordered]
    return sums, [{name: len(tasks) for name, tasks in programs} for programs in ordered]


def _signed_sums(values: np.ndarray) -> np.ndarray:
    """The 2^n sums of n values with either sign."""
    sums = np.zeros(1)
    for value in values:
        sums = np.concatenate((sums - value, sums + value))
    return sums


def _median(values: Sequence[float]) -> float:
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _t975(freedom: int) -> float:
    """The table, then two terms of the Cornish-Fisher expansion (error below 1e-4 there)."""
    if freedom <= len(_T975):
        return _T975[freedom - 1]
    z = _Z975
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
