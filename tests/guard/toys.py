"""A world for guards: programs that are a number, a search that climbs, and a judge that cheats can fool."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from shoal.core.protocols import Plan
from shoal.core.values import (
    Brief,
    CandidateId,
    Counted,
    Files,
    InstanceResult,
    Measure,
    Note,
    Outcome,
    Proposal,
    Propose,
    Result,
    Split,
    Status,
    Trial,
    Wait,
    Work,
)
from shoal.guard import WatchedSearch

ONE = Trial(Split.SEARCH, (0,))


@dataclass(frozen=True, slots=True)
class Climbed:
    """Proposals made, members by score (best last), and who was asked to leave."""

    made: int = 0
    members: tuple[tuple[float, CandidateId], ...] = ()
    evicted: tuple[CandidateId, ...] = ()


class Climb:
    """Every proposal comes from the best; what it sees it believes."""

    def initial(self) -> Climbed:
        return Climbed()

    def next(self, state: Climbed, rng: np.random.Generator) -> tuple[Climbed, Work]:
        if state.made and not state.members:
            return state, Wait("the first score")
        work = (
            Propose("step", (state.members[-1][1],), payload={"n": state.made}, then=ONE)
            if state.members
            else Propose("initial", payload={"n": 0}, then=ONE)
        )
        return replace(state, made=state.made + 1), work

    def admit(self, state: Climbed, k: int, work: Work, result: Result) -> tuple[Climbed, tuple[Note, ...]]:
        if isinstance(work, Measure) or result.outcome is None or result.outcome.score is None:
            return state, ()
        assert result.candidate is not None
        found = (result.outcome.score, result.candidate.id)
        best = not state.members or found[0] > state.members[-1][0]
        state = replace(state, members=tuple(sorted((*state.members, found))))
        note = Note("champion", f"{found[1]} is the new champion", {"candidate": found[1], "score": found[0]})
        return state, (note,) if best else ()

    def evict(self, state: Climbed, ids: Collection[CandidateId]) -> tuple[Climbed, tuple[Note, ...]]:
        members = tuple(one for one in state.members if one[1] not in ids)
        return replace(state, members=members, evicted=(*state.evicted, *sorted(ids))), ()


class Steps:
    """Writes the program that ``script`` gives for each number of a proposal."""

    def __init__(self, script: Callable[[int, Any], Any]) -> None:
        self.script = script

    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal:
        parent = json.loads(brief.parents[0].files["program"]) if brief.parents else None
        program = self.script(brief.payload["n"], parent)
        return Proposal(files={"program": json.dumps(program).encode()})


class Fooled:
    """Scores ``value``; a program may have another value on other draws (``later``), flags, and pass canaries."""

    def __init__(self) -> None:
        self.trials: list[Trial] = []

    async def evaluate(self, trial: Trial, files: Files, *, seed: int, opponents: tuple[Files, ...] = ()) -> Outcome:
        self.trials.append(trial)
        program = json.loads(files["program"])
        counted = Counted(evaluations=1, instance_runs=len(trial.instances))
        if program.get("flag"):
            return Outcome(trial, Status.VIOLATION, None, flags=("honey_token",), counted=counted)
        if trial.split is Split.CANARY and not program.get("cheat"):
            return Outcome(trial, Status.WRONG, None, counted=counted)
        value = program["value"] if trial.draw == 0 else program.get("later", program["value"])
        one = tuple(InstanceResult(index, Status.OK, value) for index in trial.instances)
        return Outcome(trial, Status.OK, value, per_instance=one, counted=counted)


def plan_of(search: WatchedSearch[Any], script: Callable[[int, Any], Any], judge: Fooled | None = None) -> Plan[Any]:
    steps = Steps(script)
    return Plan(search=search, proposers={"initial": steps, "step": steps}, evaluator=judge or Fooled())
