"""Small proposers, evaluators and services that drive the loop, and ways to look at the log they leave."""

import dataclasses
import json
import random
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import numpy as np

from shoal.core import seeds
from shoal.core.budget import Budget
from shoal.core.canonical import canonical
from shoal.core.course import Admitted, Course
from shoal.core.events import Event
from shoal.core.loop import Report, Stop, restore, run
from shoal.core.protocols import Evaluator, Plan, Search
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
    Status,
    Trial,
)
from shoal.store import SqlStore

RUN = "toy"


class Writer:
    """Writes the payload down as the program; a payload of None finds no edit."""

    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal:
        if brief.payload is None:
            return Proposal(files=None, note="nothing to write")
        return Proposal(files={"program.json": canonical(brief.payload)}, details={"length": len(brief.parents)})


class Bowl:
    """The score of a list of numbers: minus its squared length, plus a little noise that hangs on the seed.

    ``pause`` says how long a trial takes, so that results arrive in any order one likes; ``calls`` counts runs.
    """

    def __init__(self, pause: Callable[[Trial, list[float]], Any] | None = None) -> None:
        self.pause = pause
        self.calls = 0

    async def evaluate(self, trial: Trial, files: Files, *, seed: int, opponents: tuple[Files, ...] = ()) -> Outcome:
        self.calls += 1
        numbers = json.loads(files["program.json"])
        if self.pause is not None:
            await self.pause(trial, numbers)
        values = [bowl(numbers, seeds.number(seed, one, *trial.against)) for one in trial.instances]
        return Outcome(
            trial=trial,
            status=Status.OK,
            score=sum(values) / len(values),
            per_instance=tuple(
                InstanceResult(one, Status.OK, value) for one, value in zip(trial.instances, values, strict=True)
            ),
            counted=Counted(evaluations=1, instance_runs=len(trial.instances)),
        )


def bowl(numbers: Sequence[float], seed: int) -> float:
    return -sum(one * one for one in numbers) + (seed % 1000) / 1e6


async def any_while(trial: Trial, numbers: list[float]) -> None:
    """A few milliseconds, drawn afresh each time: no two sittings see the same order of arrival."""
    await anyio.sleep(random.random() * 0.004)


class Echo:
    """Answers an `Ask` with what it was asked, a draw, and the program it names."""

    async def answer(
        self, payload: Json, sources: Callable[[CandidateId], Source], rng: np.random.Generator, *, k: int
    ) -> Answer:
        program = sources(payload["candidate"]).files["program.json"].decode()
        return Answer({"program": program, "draw": float(rng.random())}, Counted(tokens=7))


def plan_of(search: Search[Any], *, evaluator: Evaluator | None = None) -> Plan[Any]:
    writer = Writer()
    return Plan(
        search=search,
        proposers={"initial": writer, "write": writer},
        evaluator=evaluator or Bowl(any_while),
        services={"echo": Echo()},
    )


def drive(
    plan: Plan[Any],
    store: SqlStore,
    *,
    budget: Budget,
    seed: int = 1,
    window: int = 4,
    ordered: bool = True,
    stop: Stop | None = None,
    stops: tuple[Callable[[Admitted], str | None], ...] = (),
    watch: Callable[[Course[Any], Admitted], None] | None = None,
) -> Report:
    """The loop, from plain code."""
    loop = partial(
        run,
        plan,
        store,
        run=RUN,
        seed=seed,
        window=window,
        ordered=ordered,
        budget=budget,
        stop=stop,
        stops=stops,
        watch=watch,
    )
    return anyio.run(loop)


def events_of(store: SqlStore) -> list[Event]:
    return list(store.read(RUN, limit=1_000_000))


def of_type(events: Sequence[Event], type: str) -> list[dict[str, Any]]:
    return [event.data for event in events if event.data["type"] == type]


def replayed(search: Search[Any], events: Sequence[Event]) -> Course[Any]:
    """The course that a log describes; nothing is carried out."""
    about = events[0].data
    settings: Mapping[str, Any] = {key: about[key] for key in ("seed", "window", "ordered")}
    course: Course[Any] = Course(search, budget=Budget(**about["budget"]), **settings)
    restore(course, events[1:], last=events[0])
    return course


def cut(source: SqlStore, path: Path, events: Sequence[Event]) -> SqlStore:
    """A new store that holds only ``events``, and the files they speak of: what a power cut leaves."""
    store = SqlStore(path)
    for data in of_type(events, "result"):
        candidate = data["result"]["candidate"]
        for digest in candidate["files"].values() if candidate else ():
            store.put(source.get(digest))
    store.append(RUN, events, expect=0)
    return store


def same(one: Any, other: Any) -> bool:
    """Deep equality of plain data, arrays and types included."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    if dataclasses.is_dataclass(one):
        return all(same(getattr(one, each.name), getattr(other, each.name)) for each in dataclasses.fields(one))
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return bool(one == other)
