"""Other rules for the parent of an edit of structure, each a stand-in for half of `_decisions.select_parent`.

Numbers stay with the line that `select_parent` says, whatever the rule: a walk must not be cut in pieces. Each rule is
pure, takes plain numbers, and draws all chance from ``rng``:

- lines come best first; ``children`` counts the edits of structure that each had, ``values`` are the scores of its best
  by instance, shape (lines, instances), higher is better, and ``cells`` say where each line is in a grid of behaviours;
- the result is an index into the lines. Where a rule has nothing to tell lines apart by, it is `power`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from shoal.search._archive import Line

__all__ = ["CLIMB", "PARENT_RULES", "RULES", "beam", "cells_of", "choose", "grid", "lexicase", "pareto", "power"]

CLIMB = "climb"  # `_decisions.select_parent`, the default
CHILDREN = 8  # of a line, before the beam goes on to the next
SAMPLED = 0.5  # share of the instances that a lexicase draw looks at
BINS = 4  # of each descriptor
Cell = tuple[int, ...]
Values = Sequence[Sequence[float]]


def power(children: Sequence[int], values: Values, cells: Sequence[Cell], rng: np.random.Generator) -> int:
    """By a power law over the ranks alone (ShinkaEvolve, arXiv 2509.19349, with exponent 1)."""
    return _drawn([1.0 / rank for rank in range(1, len(children) + 1)], rng)


def beam(children: Sequence[int], values: Values, cells: Sequence[Cell], rng: np.random.Generator) -> int:
    """The best line that has not had its `CHILDREN` yet; where all have, the one that had the fewest."""
    return next((one for one, had in enumerate(children) if had < CHILDREN), int(np.argmin(children)))


def lexicase(children: Sequence[int], values: Values, cells: Sequence[Cell], rng: np.random.Generator) -> int:
    """Whoever stays when only the best on one instance after another stay, in a random order of a random half.

    Down-sampled lexicase (Hernandez and others 2019); the best of an instance are those within the median absolute
    deviation of its values (epsilon-lexicase, La Cava and others 2016), for equal values are rare.
    """
    table = _table(values)
    if table is None:
        return power(children, values, cells, rng)
    left = np.arange(len(table))
    with np.errstate(over="ignore"):  # infinite slack: nobody leaves
        slack = np.median(np.abs(table - np.median(table, axis=0)), axis=0)
        for instance in rng.permutation(table.shape[1])[: math.ceil(SAMPLED * table.shape[1])]:
            column = table[left, instance]
            left = left[column >= column.max() - slack[instance]]
    return int(rng.choice(left))


def pareto(children: Sequence[int], values: Values, cells: Sequence[Cell], rng: np.random.Generator) -> int:
    """One of the lines that are best on some instance, as often as it is (GEPA, arXiv 2507.19457, algorithm 2).

    A line all of whose instances have another best one is left out first, the worst lines before the better ones.
    """
    table = _table(values)
    if table is None:
        return power(children, values, cells, rng)
    fronts = table == table.max(axis=0)
    for line in reversed(range(len(table))):
        if (fronts.sum(axis=0)[fronts[line]] > 1).all():
            fronts[line] = False
    return _drawn(fronts.sum(axis=1).tolist(), rng)


def grid(children: Sequence[int], values: Values, cells: Sequence[Cell], rng: np.random.Generator) -> int:
    """The best line of a cell, all occupied cells alike (MAP-Elites, arXiv 1504.04909)."""
    taken = sorted(set(cells))
    return cells.index(taken[int(rng.integers(len(taken)))])


RULES: Mapping[str, Callable[[Sequence[int], Values, Sequence[Cell], np.random.Generator], int]] = MappingProxyType(
    {"power": power, "beam": beam, "lexicase": lexicase, "pareto": pareto, "grid": grid}
)
PARENT_RULES = (CLIMB, *RULES)


def choose(rule: str, lines: Sequence[Line], rng: np.random.Generator) -> int:
    """Which of the lines, best first, the rule of this name takes."""
    values = [line.best.values for line in lines]
    return RULES[rule]([line.children for line in lines], values, cells_of(lines), rng)


def cells_of(lines: Sequence[Line]) -> list[Cell]:
    """A cell for each line, by what its best does: `BINS` of each descriptor, between the least and the largest of all.

    Without descriptors by what its best is: the size of its canonical form and its tunable numbers, in octaves.
    """
    told = [line.best.descriptor for line in lines]
    if len({len(one) for one in told}) > 1 or not told[0]:
        return [(int(math.log2(1 + one.best.size)), int(math.log2(1 + one.best.literals))) for one in lines]
    table = np.array(told) / 2.0  # so that no difference of two finite numbers overflows
    low, span = table.min(axis=0), np.ptp(table, axis=0)
    places = np.minimum(BINS * ((table - low) / np.where(span > 0.0, span, 1.0)), BINS - 1).astype(int)
    return [tuple(row) for row in places.tolist()]


def _table(values: Values) -> np.ndarray | None:
    """Shape (lines, instances), or None where there is one instance, or where lines do not have the same."""
    return np.array(values) if len({len(one) for one in values}) == 1 and len(values[0]) > 1 else None


def _drawn(weights: Sequence[float], rng: np.random.Generator) -> int:
    chances = np.array(weights, dtype=float)
    return int(rng.choice(len(chances), p=chances / chances.sum()))
