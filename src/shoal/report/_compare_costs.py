"""What a score costs: expected evaluations to a target, and how many times more another search needs for it."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Climb", "Expected", "Rate", "common_rate", "exchange_rates", "expected_cost", "half_best", "half_reached"]

SHARES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)  # of the budget, at which scores are looked up


@dataclass(frozen=True, slots=True)
class Climb:
    """One run's best score so far: ``steps`` are (cost, score), both rising; higher is better.

    ``cost`` is in the unit of the budget, and ``spent`` what the run used of it in all.
    """

    steps: tuple[tuple[float, float], ...]
    spent: float

    def best(self, cost: float) -> float:
        """The best score at ``cost``; -inf before the first."""
        place = bisect_right(self.steps, cost, key=lambda step: step[0])
        return self.steps[place - 1][1] if place else -math.inf

    def reached(self, score: float) -> float:
        """What it had cost when the best was ``score`` or better; inf for never."""
        return next((cost for cost, best in self.steps if best >= score), math.inf)


@dataclass(frozen=True, slots=True)
class Expected:
    """Expected cost to a target; inf where no run got there. ``successes`` of ``runs`` did."""

    cost: float
    successes: int
    runs: int


def expected_cost(climbs: Sequence[Climb], target: float) -> Expected:
    """What all runs spent until they reached ``target`` or ended, divided by how many reached it.

    The expected running time of repeated runs, as COCO has it (Hansen, Auger, Finck and Ros, Real-Parameter Black-Box
    Optimization Benchmarking 2010: Experimental Setup). Raises ValueError for no runs.
    """
    if not climbs:
        raise ValueError("an expected cost needs at least one run")
    costs = [climb.reached(target) for climb in climbs]
    successes = sum(math.isfinite(cost) for cost in costs)
    spent = math.fsum(min(cost, climb.spent) for cost, climb in zip(costs, climbs, strict=True))
    return Expected(spent / successes if successes else math.inf, successes, len(climbs))


def half_best(climbs: Sequence[Climb], cost: float) -> float:
    """The best score that half of the runs or more have at ``cost``."""
    return sorted((climb.best(cost) for climb in climbs), reverse=True)[_half(climbs)]


def half_reached(climbs: Sequence[Climb], score: float) -> float:
    """The cost at which half of the runs or more have ``score`` or better; inf for never."""
    return sorted(climb.reached(score) for climb in climbs)[_half(climbs)]


def _half(climbs: Sequence[Climb]) -> int:
    return (len(climbs) + 1) // 2 - 1


@dataclass(frozen=True, slots=True)
class Rate:
    """How many times more one search needs than another; with ``bound``, at least so many times.

    ``targets`` scores were compared, ``reached`` of which the slower one got to.
    """

    value: float
    bound: bool
    targets: int
    reached: int


Ratio = tuple[float, bool]  # how many times more, and whether it is only a bound


def exchange_rates(first: Sequence[Climb], other: Sequence[Climb], *, budget: float, longer: float = 1) -> list[Ratio]:
    """Of each score that half of the first's runs reach at some share of the budget: the other's cost by the first's.

    The other's runs had ``longer`` times the budget. Where less than half of them get there within it, the ratio is a
    bound: all that they had by the first's cost. Scores that the first has from the start say nothing and are left out.
    """
    had = longer * budget
    start = max(climb.steps[0][1] if climb.steps else -math.inf for climb in first)
    scores = {half_best(first, share * budget) for share in SHARES}
    ratios = []
    for score in sorted(one for one in scores if one > start):
        mine, theirs = half_reached(first, score), half_reached(other, score)
        if mine <= 0.0:  # a clock that had not moved yet
            continue
        bound = theirs > had
        ratios.append(((had if bound else theirs) / mine, bound))
    return ratios


def common_rate(ratios: Sequence[Ratio]) -> Rate | None:
    """The median ratio; a bound where what is not known could move it. None for no ratios."""
    if not ratios:
        return None
    low = _median([ratio for ratio, _ in ratios])
    high = _median([math.inf if bound else ratio for ratio, bound in ratios])
    return Rate(low, high != low, len(ratios), sum(not bound for _, bound in ratios))


def _median(values: Sequence[float]) -> float:
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
