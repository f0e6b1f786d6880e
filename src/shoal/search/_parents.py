"""Rules for the parent of an edit of structure that look at single instances, where there are several.

A rule is pure and takes plain numbers, as the decisions do: ``values`` are the scores of each line's best program by
instance, shape (lines, instances), higher is better, lines best first; all chance is from ``rng``; the result is an
index into the lines. Edits of numbers stay with the line that `_decisions.select_parent` says, whatever the rule: a
walk must not be cut in pieces.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

__all__ = ["CLIMB", "PARENT_RULES", "RULES", "choose", "lexicase", "pareto"]

CLIMB = "climb"  # the default: no rule of this file, but `_decisions.select_parent`
SAMPLED = 0.5  # share of the instances that a lexicase draw looks at


def lexicase(values: np.ndarray, rng: np.random.Generator) -> int:
    """Whoever stays when only the best on one instance after another stay, in a random order of a random half.

    Down-sampled lexicase (Hernandez and others 2019); the best of an instance are those within the median absolute
    deviation of its values (epsilon-lexicase, La Cava and others 2016), for equal values are rare.
    """
    left = np.arange(len(values))
    with np.errstate(over="ignore"):  # infinite slack: nobody leaves
        slack = np.median(np.abs(values - np.median(values, axis=0)), axis=0)
        for instance in rng.permutation(values.shape[1])[: math.ceil(SAMPLED * values.shape[1])]:
            column = values[left, instance]
            left = left[column >= column.max() - slack[instance]]
    return int(rng.choice(left))


def pareto(values: np.ndarray, rng: np.random.Generator) -> int:
    """One of the lines that are best on some instance, as often as it is (GEPA, arXiv 2507.19457, algorithm 2).

    A line all of whose instances have another best one is left out first, the worst lines before the better ones.
    """
    fronts = values == values.max(axis=0)
    for line in reversed(range(len(values))):
        if (fronts.sum(axis=0)[fronts[line]] > 1).all():
            fronts[line] = False
    often = fronts.sum(axis=1)
    return int(rng.choice(len(values), p=often / often.sum()))


RULES: Mapping[str, Callable[[np.ndarray, np.random.Generator], int]] = MappingProxyType(
    {"lexicase": lexicase, "pareto": pareto}
)
PARENT_RULES = (CLIMB, *RULES)


def choose(rule: str, values: Sequence[Sequence[float]], rng: np.random.Generator) -> int | None:
    """Which line the rule takes; None for `CLIMB`, and where there is one instance, or lines do not have the same."""
    if rule == CLIMB or len({len(one) for one in values}) != 1 or len(values[0]) < 2:
        return None
    return RULES[rule](np.array(values), rng)
