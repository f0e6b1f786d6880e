"""Small real runs: the real loop and store, a toy search whose programs are one number each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import pytest

from shoal.core.budget import Budget
from shoal.core.course import Admitted
from shoal.core.journal import Journal
from shoal.core.loop import Report, Stop, run
from shoal.core.protocols import Plan
from shoal.core.values import (
    Brief,
    Counted,
    Files,
    InstanceResult,
    Measure,
    Measured,
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
from shoal.store import RunFolder, SqlStore

TRIAL = Trial(Split.SEARCH, (0,))
OPERATORS = ("nudge", "leap", "none", "crash")


@dataclass(frozen=True, slots=True)
class Best:
    """The toy search's state: items issued, the best candidate and its score, candidates to validate."""

    issued: int = 0
    best: tuple[str, float] | None = None
    validate: tuple[str, ...] = ()


class Climb:
    """Edit the best program; every new best is measured again on the validation split."""

    def __init__(self, *, validation: bool = False) -> None:
        self.validation = validation

    def initial(self) -> Best:
        return Best()

    def next(self, state: Best, rng: np.random.Generator) -> tuple[Best, Work]:
        issued = replace(state, issued=state.issued + 1)
        if state.best is None and state.issued:
            return state, Wait("the initial program's score")
        if state.best is None:
            return issued, Propose("initial", payload={"index": 0}, then=TRIAL)
        if state.validate:
            trial = Trial(Split.VALIDATION, (0,), state.validate[0])
            return replace(issued, validate=state.validate[1:]), Measure(trial)
        operator = OPERATORS[int(rng.choice(4, p=[0.5, 0.3, 0.1, 0.1]))]
        return issued, Propose("toy", (state.best[0],), payload={"operator": operator}, then=TRIAL)

    def admit(self, state: Best, k: int, work: Work, result: Result) -> tuple[Best, tuple[Note, ...]]:
        score = result.outcome.score if result.outcome is not None else None
        if not isinstance(work, Propose) or score is None or (state.best is not None and score <= state.best[1]):
            return state, ()
        id = f"c{k}"
        note = Note("champion", f"{id} is the new champion", {"candidate": id, "score": score})
        return replace(state, best=(id, score), validate=(id,) if self.validation else ()), (note,)


class Toy:
    """Programs are the text of one number; "nudge" moves it a little, coarse enough for duplicates to occur."""

    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal:
        if not brief.parents:
            return Proposal(files={"initial.py": b"x = 0.0\n"})
        value = float(brief.parents[0].files["initial.py"].split()[2])
        match brief.payload["operator"]:
            case "none":
                return Proposal(files=None, note="no edit found")
            case "crash":
                return Proposal(files={"initial.py": b"x = nan\n"}, note="`evil` | \x1b[31mnote\u202e")
            case "leap":
                moved = value + float(rng.normal())
            case _:
                moved = value + round(float(rng.normal()), 1) / 10
        return Proposal(files={"initial.py": f"x = {moved!r}\n".encode()}, note=f"{value:.3g} -> {moved:.3g} (line 1)")


class Hill:
    """Higher is better: minus the distance to 3; another peak in the validation split."""

    def __init__(self, *, order: Callable[[int], float] = lambda _: 0.0) -> None:
        self.calls, self.order = 0, order

    async def evaluate(self, trial: Trial, files: Files, *, seed: int, opponents: tuple[Files, ...] = ()) -> Outcome:
        self.calls += 1
        await anyio.sleep(self.order(self.calls))
        value = float(files["initial.py"].split()[2])
        counted, measured = Counted(evaluations=1, instance_runs=1), Measured(cpu_seconds=0.002, wall_seconds=0.004)
        if np.isnan(value):
            return Outcome(trial, Status.CRASH, None, feedback="ValueError", counted=counted, measured=measured)
        peak = 3.0 if trial.split is Split.SEARCH else 2.5
        score = -abs(value - peak)
        one = InstanceResult(0, Status.OK, -score)
        return Outcome(trial, Status.OK, score, (one,), counted=counted, measured=measured)


ABOUT: dict[str, Any] = {
    "task": "distance_to_three",
    "kind": "call",
    "direction": "min",
    "best_known": 0.0,
    "score_name": "distance",
    "unit": "cm",
    "fixed": True,
    "manifest": {"task.toml": "1" * 64},
    "kernel": "4" * 64,
    "isolation": {"level": 3},
    "versions": {"python": "3.11.7"},
    "config": {"task": "distance_to_three", "evaluations": 60, "seed": 1},
}


@dataclass(slots=True)
class ToyRun:
    """A run on disk, open for reading and for going on."""

    folder: RunFolder
    store: SqlStore
    report: Report

    @property
    def id(self) -> str:
        return self.folder.id

    def add(self, type: str, **data: Any) -> None:
        """Append one event, as a lab does after the loop."""
        last = self.store.last(self.id)
        assert last is not None
        journal = Journal(self.store, self.id, seq=last.seq + 1, head=last.head)
        journal.add(type, **data)
        journal.flush()


def go(
    folder: RunFolder,
    store: SqlStore,
    *,
    evaluations: int = 60,
    ordered: bool = True,
    validation: bool = False,
    stop_after: int | None = None,
    about: dict[str, Any] | None = None,
) -> Report:
    """Run, or go on with, a toy run in this process."""
    stop = Stop()

    def watch(course: Any, step: Admitted) -> None:
        stop.now = stop.now or course.admitted == stop_after

    evaluator = Hill() if ordered else Hill(order=lambda call: 0.002 * (call % 3))
    proposers = {"initial": Toy(), "toy": Toy()}
    plan = Plan(Climb(validation=validation), proposers, evaluator, about={**ABOUT, **(about or {})})

    async def main() -> Report:
        return await run(
            plan,
            store,
            run=folder.id,
            seed=1,
            window=1 if ordered else 4,
            ordered=ordered,
            budget=Budget(evaluations=evaluations),
            stop=stop,
            watch=watch,
        )

    return anyio.run(main)


@pytest.fixture
def toy(tmp_path: Path) -> Iterator[Callable[..., ToyRun]]:
    """Makes toy runs; see `go` for what can be chosen."""
    open_stores = []

    def make(**choices: Any) -> ToyRun:
        folder = RunFolder.create(tmp_path / "runs", name="toy")
        store = folder.store()
        open_stores.append(store)
        return ToyRun(folder, store, go(folder, store, **choices))

    yield make
    for store in open_stores:
        store.close()
