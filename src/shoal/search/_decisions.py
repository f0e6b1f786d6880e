"""The five decisions of the island search: which parent, which operator, go on from it or not, how long, start over.

Everything else in the search is bookkeeping. This file is meant to be evolved: each decision is a small function of
plain numbers, and whoever changes one changes how programs are looked for, never what they are worth. The contract:

- arguments and results are numbers, booleans and flat sequences of numbers, so that a decision can be asked for over a
  border; scores are higher-is-better;
- a function is pure: no clock, no state of its own, all chance from ``rng``; what an evaluation costs is 1;
- a result lies in the range that its function names; nothing behind it checks that again.

Words: a *line* is one program shape with its walk over the numbers of that shape; its *rate* is what an evaluation of
it gained lately, decayed, in units of the score.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

__all__ = ["accept", "allocate", "choose_operator", "restart", "select_parent"]

GREEDY = 0.5  # share of edits of structure that start from the line that is expected to lead
GREEDY_TUNING = 0.9  # the same for edits of numbers: a walk is long, and must not be cut in pieces
TRYOUT = 0.25  # share of edits of numbers that go to lines whose numbers are hardly tried
HORIZON = 10.0  # evaluations per number that a line's climb is drawn out
LEAST_HORIZON = 50.0
FLOOR = 0.006  # least share of each operator
WARMEST = 0.2  # share of the losses that a walk takes at the beginning of a cycle
ENOUGH_LOSSES = 16
SLACK = 1.0  # spreads of the paired differences that a candidate may lie behind
PATIENCE = 4.0


def select_parent(
    scores: Sequence[float],
    rates: Sequence[float],
    numbers: Sequence[int],
    children: Sequence[int],
    untried: Sequence[bool],
    tuning: bool,
    rng: np.random.Generator,
) -> int:
    """Which line the next edit starts from: often the one that will lead if each climbs on as it did lately.

    Else by a power law over the ranks, less for lines that have had many children (after ShinkaEvolve, arXiv
    2509.19349).

    Args:
        scores: the best score of each line, best first.
        rates: gain per evaluation of each line.
        numbers: how many tunable numbers each line's programs have.
        children: how many edits of structure each line has had.
        untried: which lines have numbers that are hardly tried.
        tuning: whether numbers will be edited; else structure.
        rng: the only source of chance.

    Returns:
        An index into the lines.
    """
    if tuning and any(untried) and rng.random() < TRYOUT:
        return list(untried).index(True)
    if rng.random() < (GREEDY_TUNING if tuning else GREEDY):
        ahead = [score + reach(rate, count) for score, rate, count in zip(scores, rates, numbers, strict=True)]
        return ahead.index(max(ahead))
    weights = [1.0 / (rank * (1.0 + math.sqrt(had))) for rank, had in enumerate(children, start=1)]
    return _drawn(weights, rng)


def choose_operator(
    weights: Sequence[float], gains: Sequence[float], costs: Sequence[float], rng: np.random.Generator
) -> int:
    """Which edit to try: probability matching on gain per cost, with a floor for each.

    Args:
        weights: prior preference of each operator.
        gains: decayed gain of each; one improvement of the usual size counts 1, one of 2 ** k - 1 times the size k.
        costs: decayed cost of each, in evaluations.
        rng: the only source of chance.

    Returns:
        An index into the operators.
    """
    rates = [max(w * gain / cost, 1e-300) for w, gain, cost in zip(weights, gains, costs, strict=True)]
    floor = min(FLOOR, 1.0 / len(rates))
    total = sum(rates)
    return _drawn([floor + (1.0 - floor * len(rates)) * rate / total for rate in rates], rng)


def accept(loss: float, losses: Sequence[float], progress: float) -> bool:
    """Whether a line's walk goes on from a program that is worse than the one it stands on.

    Threshold accepting (Dueck and Scheuer 1990) with a threshold that needs no scale: early in a cycle the smallest
    fifth of the recent losses passes, at its end none.

    Args:
        loss: how much worse it is; 0 or less for no worse.
        losses: the recent losses, oldest first.
        progress: how far the cycle is, 0 to 1.

    Returns:
        True to go on from it.
    """
    if loss <= 0.0:
        return True
    if len(losses) < ENOUGH_LOSSES:
        return False
    ordered = sorted(losses)
    return loss <= ordered[int(WARMEST * (1.0 - progress) * (len(ordered) - 1))]


def allocate(values: Sequence[float]) -> tuple[float, ...]:
    """How much of a trial a child must earn: the least mean score after each instance but the last.

    A child that falls below is not measured on the rest. One instance tells little, so much slack at first.

    Args:
        values: the parent's scores by instance, in the order in which they are run.

    Returns:
        One floor for each instance but the last, or nothing for no floor.
    """
    count = len(values)
    if count < 2:
        return ()
    spread = float(np.std(values))
    means = np.cumsum(values)[:-1] / np.arange(1, count)
    return tuple(float(mean - SLACK * spread / math.sqrt(k)) for k, mean in enumerate(means.tolist(), start=1))


def restart(stale: int, usual: float) -> bool:
    """Whether an island is given up and settled anew.

    Args:
        stale: evaluations since the island's best improved.
        usual: the longest time that it has taken so far from one improvement to the next.

    Returns:
        True to start over.
    """
    return stale > PATIENCE * usual


def reach(rate: float, numbers: int) -> float:
    """How far a line of so many tunable numbers still climbs, drawn out from what an evaluation gained it lately."""
    return max(LEAST_HORIZON, HORIZON * numbers) * rate


def _drawn(weights: Sequence[float], rng: np.random.Generator) -> int:
    """An index, each with a chance in proportion to its weight."""
    left = float(rng.random()) * sum(weights)
    for index, weight in enumerate(weights):
        left -= weight
        if left < 0.0:
            return index
    return len(weights) - 1
