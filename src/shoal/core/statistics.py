"""The one test the house rests on: is a paired difference above zero, beyond what chance gives?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Interval", "paired_interval", "robust_spread"]

# Student's t, quantile 0.975, for 1 to 30 degrees of freedom.
_T975 = (
    *(12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281),
    *(2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860),
    *(2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423),
)
_Z975 = 1.959964
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


def robust_spread(values: Sequence[float]) -> tuple[float, float]:
    """Median, and 1.4826 times the median absolute deviation: one outlier moves neither. For at least one value."""
    middle = _median(values)
    return middle, _NORMAL * _median([abs(value - middle) for value in values])


def _median(values: Sequence[float]) -> float:
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _t975(freedom: int) -> float:
    """The table, then two terms of the Cornish-Fisher expansion (error below 1e-4 there)."""
    if freedom <= len(_T975):
        return _T975[freedom - 1]
    z = _Z975
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
