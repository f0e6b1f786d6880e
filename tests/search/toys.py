"""A toy world for the island search: programs that are a name and a few numbers, edited and scored at once."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from shoal.core.canonical import canonical
from shoal.core.protocols import Plan, Search
from shoal.core.values import (
    Answer,
    Brief,
    CandidateId,
    Counted,
    Files,
    InstanceResult,
    Json,
    Outcome,
    Proposal,
    Source,
    Split,
    Status,
    Trial,
)

BY_CHANCE = ("jitter", "row_jitter", "independent", "any")
Program = dict[str, Any]  # {"name": str, "numbers": [float, ...]}
FIRST: Program = {"name": "a", "numbers": [2.0, -1.5, 1.0, 3.0]}


def files_of(program: Program) -> Files:
    return {"program.json": canonical(program)}


def program_of(source: Source) -> Program:
    program: Program = json.loads(source.files["program.json"])
    return program


class First:
    """Hands in the program to start from."""

    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal:
        return proposal_of(FIRST, None)


class Editor:
    """Knows every operator of the search: sets numbers, moves numbers, or gives the program another name."""

    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal:
        parent, payload = program_of(brief.parents[0]), brief.payload
        numbers = list(parent["numbers"])
        match payload["operator"]:
            case "values" | "materialise":
                for site, value in zip(payload["sites"], payload["values"], strict=True):
                    numbers[site] = value
            case "again":
                for site, delta in zip(payload["sites"], payload["delta"], strict=True):
                    numbers[site] += delta
            case "crossover" | "crossover_numbers":
                numbers = program_of(brief.inspirations[0])["numbers"][:2] + numbers[2:]
            case operator if operator in BY_CHANCE or "/" in operator:  # a model's has one
                site = int(rng.integers(len(numbers)))
                numbers[site] += payload.get("sigma", 0.3) * float(rng.normal())
            case "delete":
                return Proposal(files=None, note="nothing to delete")
            case _:
                name = parent["name"][-8:] + "abc"[int(rng.integers(3))]
                return proposal_of({"name": name, "numbers": numbers}, parent)
        return proposal_of({"name": parent["name"], "numbers": [round(one, 6) for one in numbers]}, parent)


def proposal_of(program: Program, parent: Program | None) -> Proposal:
    details = {"shape": program["name"], "size": len(program["name"]), "literals": len(program["numbers"])}
    if parent is not None and parent["name"] == program["name"]:
        deltas = [a - b for a, b in zip(program["numbers"], parent["numbers"], strict=True)]
        details["sites"] = [i for i, delta in enumerate(deltas) if delta]
        details["delta"] = [delta for delta in deltas if delta]
    return Proposal(files=files_of(program), details=details)


def score_of(program: Program, split: Split = Split.SEARCH) -> float | None:
    """Less is more for the numbers, and more b is more for the name; very large numbers crash."""
    if max(map(abs, program["numbers"])) > 8:
        return None
    bonus = min(program["name"].count("b"), 5) - 0.1 * (split is Split.VALIDATION)
    return float(bonus - sum(one * one for one in program["numbers"]))


def outcome_of(program: Program, trial: Trial) -> Outcome:
    score = score_of(program, trial.split)
    counted = Counted(evaluations=1, instance_runs=len(trial.instances))
    return Outcome(trial, Status.CRASH if score is None else Status.OK, score, counted=counted)


def instance(index: int, value: float) -> InstanceResult:
    return InstanceResult(index, Status.OK, value)


class Judge:
    async def evaluate(self, trial: Trial, files: Files, *, seed: int, opponents: tuple[Files, ...] = ()) -> Outcome:
        return outcome_of(json.loads(files["program.json"]), trial)


class Inspect:
    """Lists a program's numbers."""

    async def answer(
        self, payload: Json, sources: Callable[[CandidateId], Source], rng: np.random.Generator, *, k: int
    ) -> Answer:
        return Answer(inspection_of(program_of(sources(payload["candidate"]))))


class Trace:
    """Offers to set one number to 0, or 1."""

    async def answer(
        self, payload: Json, sources: Callable[[CandidateId], Source], rng: np.random.Generator, *, k: int
    ) -> Answer:
        return Answer({"values": [{"sites": [0], "values": [0.0]}, {"sites": [1], "values": [1.0]}]})


def inspection_of(program: Program) -> Json:
    return {"values": program["numbers"], "kinds": ["float"] * len(program["numbers"])}


def plan_of(search: Search[Any]) -> Plan[Any]:
    return Plan(
        search=search,
        proposers={"initial": First(), "embedded": Editor(), "model": Editor()},
        evaluator=Judge(),
        services={"inspect": Inspect(), "trace": Trace()},
    )


class Stubborn(Editor):
    """Has run out of ideas: hands in the parent as it is."""

    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal:
        return replace(proposal_of(program_of(brief.parents[0]), None), note="nothing new")
