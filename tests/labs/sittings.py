"""Runs of the evolve lab in this process, and a small task of their own to run on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shoal.core.course import Admitted, Course
from shoal.core.loop import Stop
from shoal.labs.evolve import Finished, RunConfig, StartInfo, resume, start
from shoal.report import audit
from shoal.store import RunFolder
from shoal.tasks import load

TASK = """
name = "slopes"
kind = "call"
description = "Guess the slope behind a few noisy points."

[program]
entry = ["slope"]

[score]
direction = "{direction}"
range = [-10.0, 10.0]

[instances]
search = 2
validation = 3
sealed = 4
"""

JUDGE = """
import numpy as np
from shoal.judging import number

def instances(split, rng):
    while True:
        slope = rng.uniform(-1.0, 1.0)
        yield float(slope), (slope * np.arange(8.0) + rng.normal(0.0, 0.1, 8)).tolist()

def arguments(instance):
    return (instance[1],)

def score(instance, output):
    return {"score": SIGN * max(-9.0, -abs(number(output, name="slope") - instance[0]))}
"""

PROGRAM = """
def slope(points):
    first, last = 0, 2
    weight = 0.4
    return weight * (points[last] - points[first])
"""


def write_task(folder: Path, *, direction: str = "max", judge: str = JUDGE, program: str = PROGRAM) -> Path:
    """Write the task; `SIGN` in the judge turns its score around where lower is better."""
    folder.mkdir(parents=True)
    (folder / "task.toml").write_text(TASK.replace("{direction}", direction))
    (folder / "judge.py").write_text(judge.replace("SIGN", "1" if direction == "max" else "-1"))
    (folder / "initial.py").write_text(program)
    return folder


@dataclass
class Watcher:
    """Counts what it sees; throws the switch after ``after`` admissions."""

    stop: Stop = field(default_factory=Stop)
    after: int | None = None
    infos: list[StartInfo] = field(default_factory=list)
    done: list[Finished] = field(default_factory=list)
    admissions: int = 0
    looks: list[tuple[int, int]] = field(default_factory=list)

    def started(self, info: StartInfo) -> None:
        self.infos.append(info)

    def admitted(self, course: Course[Any], step: Admitted) -> None:
        self.admissions += 1
        self.stop.now = self.admissions == self.after

    def looked(self, done: int, due: int) -> None:
        self.looks.append((done, due))

    def finished(self, done: Finished) -> None:
        self.done.append(done)


def run(task: str | Path, out: Path, *, watch: Watcher | None = None, **settings: Any) -> Finished:
    """One new run, to its end or to the watcher's stop."""
    config = RunConfig(task=str(task), out=out, **settings)
    return asyncio.run(start(config, watch=watch, stop=watch.stop if watch is not None else None))


def go_on(folder: RunFolder, *, watch: Watcher | None = None, **more: Any) -> Finished:
    return asyncio.run(resume(folder, watch=watch, stop=watch.stop if watch is not None else None, **more))


def events(folder: RunFolder, kind: str) -> list[dict[str, Any]]:
    """The data of all events of one type."""
    store = folder.store(read_only=True)
    try:
        return [one.data for one in store.read(folder.id, limit=1_000_000) if one.data["type"] == kind]
    finally:
        store.close()


def sound(done: Finished) -> bool:
    """Whether an audit finds nothing wrong, and every item was issued and recorded once."""
    store = done.folder.store(read_only=True)
    try:
        task = load(events(done.folder, "started")[0]["about"]["config"]["task"], program=False)
        found = audit(store, done.folder.id, manifest=task.manifest)
        assert found.ok, [one for one in found.findings if one.ok is False]
    finally:
        store.close()
    for kind in ("issued", "result"):
        numbers = [one["k"] for one in events(done.folder, kind)]
        assert len(numbers) == len(set(numbers)), f"{kind} twice"
    return True
