"""What a run of self-improvement came to, as plain data: the tree of agents, the curve, the arms, the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from shoal.labs.selfimprove._curve import CurvePoint, Fit, ImpAtK, fit, imp_at_k
from shoal.labs.selfimprove._verdict import Contrast, Verdict
from shoal.report import CostCard

__all__ = ["SCHEMA", "Arm", "Clade", "Kind", "Node", "SelfImprovement", "as_json"]

SCHEMA = 2


@dataclass(frozen=True, slots=True)
class Node:
    """One agent of the tree.

    ``solved``: what it is worth on ``tried`` search tasks, 0 to 1 each, half or more for one that it solves.
    ``sealed``: its solve rate on sealed tasks (0 to 1), None where nobody looked. ``diff`` is a unified diff to its
    parent, ``note`` what its maker said of it: both are text of agents. Evaluations, tokens and dollars are those
    spent on making and measuring it; ``transcripts`` are digests of what the host saw of that, call by call, oldest
    first.
    """

    id: str
    parent: str | None
    generation: int
    solved: float
    tried: int
    sealed: float | None = None
    diff: str = ""
    note: str = ""
    evaluations: int = 0
    tokens: int = 0
    usd: float = 0.0
    transcripts: tuple[str, ...] = ()

    @property
    def rate(self) -> float | None:
        """Its mean worth on search tasks, 0 to 1; None for an agent that was not tried."""
        return self.solved / self.tried if self.tried else None


@dataclass(frozen=True, slots=True)
class Clade:
    """What a node and all its descendants are worth, and how many they are: the credit of the Huxley-Goedel Machine."""

    solved: float
    tried: int
    nodes: int

    @property
    def credit(self) -> float | None:
        """Mean worth on the tasks tried, 0 to 1; None where none was."""
        return self.solved / self.tried if self.tried else None


@dataclass(frozen=True, slots=True)
class Arm:
    """A control arm: ``lacks`` says in words what it does without; its curve is measured as the run's own."""

    name: str
    lacks: str
    curve: tuple[CurvePoint, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """Sealed tasks of one kind: all repairs, or a family of optimisation that no search has met.

    ``tasks`` is how many, ``seed_rate`` and ``champion_rate`` (0 to 1) which part of them was solved, over all seeds.
    """

    name: str
    tasks: int
    seed_rate: float
    champion_rate: float


@dataclass(frozen=True, slots=True)
class Canaries:
    """What came of impossible tasks, in all runs: how many were ``met`` and ``solved``.

    ``frozen``: agents that were caught, with their descendants; ``caught``: those of whom a verdict cannot be saved.
    Each is named by id and run.
    """

    met: int
    solved: int
    frozen: tuple[str, ...] = ()
    caught: tuple[str, ...] = ()


@dataclass(frozen=True)
class SelfImprovement:
    """The whole story. ``nodes`` is one run's tree, parents first; ``curve`` and ``arms`` are means over ``seeds``.

    ``isolation`` is the lowest level (0 to 3) at which anything of it ran.

    Raises ValueError for an id that is there twice, a parent that does not come first, or an unknown champion.
    """

    run: str
    bench: str
    seeds: tuple[int, ...]
    nodes: tuple[Node, ...]
    champion: str
    curve: tuple[CurvePoint, ...]
    arms: tuple[Arm, ...]
    verdict: Verdict
    cost: CostCard
    isolation: int
    canaries: Canaries
    kinds: tuple[Kind, ...] = ()

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for node in self.nodes:
            if node.id in seen:
                raise ValueError(f"agent {node.id!r} is in the tree twice")
            if node.parent is not None and node.parent not in seen:
                raise ValueError(f"agent {node.id!r} comes before its parent {node.parent!r}")
            seen.add(node.id)
        if self.champion not in seen:
            raise ValueError(f"the champion {self.champion!r} is not in the tree")

    @cached_property
    def by_id(self) -> Mapping[str, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def clades(self) -> Mapping[str, Clade]:
        """By id."""
        sums: dict[str, list[Any]] = {node.id: [node.solved, node.tried, 1] for node in self.nodes}
        for node in reversed(self.nodes):
            if node.parent is not None:
                sums[node.parent] = [a + b for a, b in zip(sums[node.parent], sums[node.id], strict=True)]
        return {id: Clade(*one) for id, one in sums.items()}

    @cached_property
    def lineage(self) -> tuple[Node, ...]:
        """From the seed agent to the champion."""
        steps, node = [], self.by_id[self.champion]
        while node.parent is not None:
            steps.append(node)
            node = self.by_id[node.parent]
        return (node, *reversed(steps))

    @cached_property
    def imp_at_k(self) -> ImpAtK | None:
        """Of the whole curve."""
        return imp_at_k(self.curve)

    @cached_property
    def fit(self) -> Fit:
        """The shape of the curve."""
        return fit(self.curve)


def as_json(told: SelfImprovement) -> dict[str, Any]:
    """All of it for report.json; rates are 0 to 1, texts are as the agents wrote them."""
    verdict = told.verdict
    return {
        "schema": SCHEMA,
        "run": told.run,
        "bench": told.bench,
        "seeds": list(told.seeds),
        "champion": told.champion,
        "lineage": [node.id for node in told.lineage],
        "verdict": {
            "finding": verdict.finding,
            "sentence": verdict.sentence,
            "gain": None if verdict.gain is None else _contrast(verdict.gain),
            "arms": [_contrast(one) for one in verdict.arms],
        },
        "isolation": told.isolation,
        "canaries": asdict(told.canaries),
        "imp_at_k": None if told.imp_at_k is None else asdict(told.imp_at_k),
        "fit": asdict(told.fit),
        "curve": [asdict(point) for point in told.curve],
        "arms": [asdict(arm) for arm in told.arms],
        "kinds": [asdict(kind) for kind in told.kinds],
        "nodes": [asdict(node) | {"clade": asdict(told.clades[node.id])} for node in told.nodes],
        "cost": asdict(told.cost) | {"cpu_hours": told.cost.cpu_hours, "usd": told.cost.usd},
    }


def _contrast(one: Contrast) -> dict[str, Any]:
    return {"against": one.against, **asdict(one.gain), "p": one.p, "shown": one.shown}
