"""How a tree of agents grows, as plain arithmetic: whom to expand, whom to measure next, when to stop measuring.

A *node* is an agent in the tree; its *clade* is the node with all its descendants. All nodes meet the tasks in one
order, so that of two of them the shorter row of values always has its like in the longer one (common random numbers).
Solved counts may be fractions: a task's value lies between 0 and 1. All functions are pure, all chance is in ``rng``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from shoal.core.statistics import paired_interval
from shoal.core.values import CandidateId

__all__ = [
    "TREE_RULES",
    "Credit",
    "Node",
    "TreeRow",
    "choose_parent",
    "clade_credit",
    "clearly_below",
    "dgm_weight",
    "expand_due",
    "means_on_common",
    "one_of_each",
    "thompson",
    "wilson",
    "within_share",
]

BARREN = 4  # attempts without a child, those under way included, after which the greedy rule passes on
TREE_RULES = ("dgm", "hgm", "sica", "greedy", "random", "no-archive")
STEEPNESS, MIDDLE = 10.0, 0.5  # of the sigmoid over accuracy, as in DGM
WIDENING = 0.6  # exponent of HGM: nodes there may be after so many evaluations
LEAST_BELOW = 10  # nodes below the root, before the share of one branch says anything
_Z975 = 1.959964


@dataclass(frozen=True, slots=True)
class Node:
    """One agent. ``values``: of the tasks in the common order, None while a result is out.

    ``solved``: the sum of those that are back; ``tried``: how many that are. ``scored``: it ran at least once without
    failing as a whole; one that never did has no children. ``settled``: its staged measurement is over, because it is
    complete or was given up. ``children``: expansions asked for, those that came to nothing included.
    """

    id: CandidateId
    parent: CandidateId | None
    normal: str
    values: tuple[float | None, ...] = ()
    solved: float = 0.0
    tried: int = 0
    scored: bool = False
    settled: bool = False
    children: int = 0

    def with_values(self, values: Iterable[float | None]) -> Node:
        """The node with these values instead."""
        values = tuple(values)
        back = [one for one in values if one is not None]
        return replace(self, values=values, solved=math.fsum(back), tried=len(back))

    @property
    def mean(self) -> float:
        """Accuracy over the tasks tried; 0 where none was."""
        return self.solved / self.tried if self.tried else 0.0

    @property
    def row(self) -> TreeRow:
        """The node as the record knows it."""
        return TreeRow(self.id, self.parent, self.solved, self.tried)


class TreeRow(NamedTuple):
    """One node of the tree, as its newest note of kind "node" tells it (there ``id`` is called ``candidate``)."""

    id: CandidateId
    parent: CandidateId | None
    solved: float
    tried: int


class Credit(NamedTuple):
    """What a clade came to: ``solved`` of ``tried`` tasks, over all its ``nodes``."""

    solved: float
    tried: int
    nodes: int


def clade_credit(rows: Iterable[TreeRow]) -> dict[CandidateId, Credit]:
    """Solved, tried and size of each node's clade, the estimate of metaproductivity of HGM (arXiv 2510.21614).

    ``rows`` come in any order; one whose parent is not among them is a root. Linear in nodes times depth.
    """
    tree = {row.id: row for row in rows}
    clades = dict.fromkeys(tree, Credit(0.0, 0, 0))
    for row in tree.values():
        above: TreeRow | None = row
        while above is not None:
            so_far = clades[above.id]
            clades[above.id] = Credit(so_far.solved + row.solved, so_far.tried + row.tried, so_far.nodes + 1)
            above = tree.get(above.parent) if above.parent is not None else None
    return clades


def wilson(solved: float, tried: int) -> tuple[float, float]:
    """The two-sided 95 % score interval of a rate (Wilson 1927), within 0..1; all of it for no trial."""
    if not tried:
        return 0.0, 1.0
    square, rate = _Z975 * _Z975, solved / tried
    middle = rate + square / (2 * tried)
    half = _Z975 * math.sqrt(rate * (1 - rate) / tried + square / (4 * tried * tried))
    scale = 1 + square / tried
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def means_on_common(one: Node, other: Node) -> tuple[float, float, int]:
    """The mean of each on the tasks that both have a value for, and how many those are; 0, 0, 0 for none."""
    pairs = [(a, b) for a, b in zip(one.values, other.values, strict=False) if a is not None and b is not None]
    if not pairs:
        return 0.0, 0.0, 0
    return math.fsum(a for a, _ in pairs) / len(pairs), math.fsum(b for _, b in pairs) / len(pairs), len(pairs)


def clearly_below(child: Node, parent: Node) -> bool:
    """Whether the 95 % interval of what the child has over its parent, task by task, lies below zero."""
    pairs = zip(child.values, parent.values, strict=False)
    differences = [a - b for a, b in pairs if a is not None and b is not None]
    return bool(differences) and paired_interval(differences).high < 0.0


def dgm_weight(accuracy: float, children: int) -> float:
    """The weight of a parent in DGM (arXiv 2505.22954): more for what solves more, less for what had children."""
    return 1.0 / (1.0 + math.exp(-STEEPNESS * (accuracy - MIDDLE))) / (1 + children)


def expand_due(evaluations: int, nodes: int) -> bool:
    """Whether HGM makes a node next, and does not measure one."""
    return bool(evaluations**WIDENING >= nodes)


def thompson(results: Sequence[tuple[float, int]], rng: np.random.Generator) -> int:
    """The index of the largest of one draw each from Beta(1 + solved, 1 + failed), for (solved, tried) pairs."""
    solved = np.array([one for one, _ in results])
    tried = np.array([count for _, count in results])
    return int(np.argmax(rng.beta(1.0 + solved, 1.0 + tried - solved)))


def within_share(nodes: Sequence[Node], eligible: Sequence[Node], share: float) -> list[Node]:
    """The eligible ones, without those of a branch that has more than its share; all where no other is left.

    A *branch* is the clade of a child of the root. It may hold ``share`` of all nodes below the root, from
    `LEAST_BELOW` of them on: a lineage that only multiplies cannot crowd out all others. ``nodes``: parents first.
    """
    ids = {node.id for node in nodes}
    branch: dict[CandidateId, CandidateId] = {}
    for node in nodes:
        if node.parent in ids:
            branch[node.id] = branch.get(node.parent, node.id)
    if len(branch) < LEAST_BELOW:
        return list(eligible)
    held: dict[CandidateId, int] = {}
    for head in branch.values():
        held[head] = held.get(head, 0) + 1
    full = {head for head, count in held.items() if count > share * len(branch)}
    return [node for node in eligible if branch.get(node.id) not in full] or list(eligible)


def one_of_each(nodes: Sequence[Node], least: int, rng: np.random.Generator) -> list[Node]:
    """Of nodes with the very same values on at least ``least`` tasks one, drawn anew each time, stands for all.

    What solves the same tasks is nothing new: by its number alone it gets no more turns.
    """
    alike: dict[object, list[Node]] = {}
    for node in nodes:
        alike.setdefault(node.values if node.tried >= least else node.id, []).append(node)
    return [group[int(rng.integers(len(group)))] if len(group) > 1 else group[0] for group in alike.values()]


def choose_parent(rule: str, nodes: Sequence[Node], eligible: Sequence[Node], rng: np.random.Generator) -> Node:
    """Whom to expand of the ``eligible`` nodes, at least one, oldest first; ``nodes`` is the whole tree."""
    match rule:
        case "dgm":
            weights = np.array([dgm_weight(node.mean, node.children) for node in eligible])
            return eligible[int(rng.choice(len(eligible), p=weights / weights.sum()))]
        case "hgm":
            credit = clade_credit(node.row for node in nodes)
            return eligible[thompson([credit[node.id][:2] for node in eligible], rng)]
        case "sica":
            best = max(eligible, key=lambda node: node.mean)
            low = wilson(best.solved, best.tried)[0]
            return next(node for node in reversed(eligible) if node.mean >= low)
        case "greedy":  # equals take turns; one that cannot make children any more must not hold up the rest
            made = Counter(node.parent for node in nodes)
            able = [node for node in eligible if node.children - made[node.id] < BARREN] or eligible
            return max(enumerate(able), key=lambda one: (one[1].mean, -one[1].children, one[0]))[1]
        case "random":
            return eligible[int(rng.integers(len(eligible)))]
        case "no-archive":
            return eligible[-1]
    raise ValueError(f"no rule is called {rule!r}: it must be one of {', '.join(TREE_RULES)}")
