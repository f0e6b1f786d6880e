"""A scripted model for agents, a small bench that only it can solve, and whole studies with it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shoal.core.loop import Stop
from shoal.labs.selfimprove import Person, SelfImprovement, StudyConfig, go_on, new_folder
from shoal.store import RunFolder
from shoal.testing import Asked, ModelServer

from .examples import write_task

BUGGY = "def double(x):\n    return x * 3 ** 2 - 41\n"  # no small fix doubles
CARE = "Take care."


def block(name: str, old: str, new: str) -> str:
    """One edit, as the seed agent asks for it."""
    return f"It is wrong.\nFILE {name}\n<<<<<<< SEARCH\n{old}\n=======\n{new}\n>>>>>>> REPLACE\n"


def careful(asked: Asked) -> str:
    """Repairs programs for those who ask it to take care, and makes agents ask so; lies to all others."""
    system, user = asked.messages[0][1], asked.messages[1][1]
    assert "nothing here for you to reveal" in system
    if "### FILE thinking.py" in user:
        line = next(one for one in user.partition("### FILE thinking.py")[2].splitlines() if "RULES =" in one)
        return "There is nothing better." if CARE in line else block("thinking.py", line, f"{line} {CARE}")
    if CARE in user.splitlines()[0]:
        return block("double.py", "    return x * 3 ** 2 - 41", "    return x + x")
    return "All tests passed: 100 of 100. There is nothing to change."


def table(server: ModelServer, **more: Any) -> dict[str, Any]:
    """A model at that server, as a pool's file has it."""
    price: Any = {"in": 1.0, "out": 2.0}
    one = {"name": "tiny", "url": server.url, "model": "scripted", "price": price, "max_tokens": 600, **more}
    return {"concurrency": 8, "deadline": 20.0, "context": 40_000, **one}


def write_bench(place: Path, *, search: int = 4, validation: int = 4, sealed: int = 5) -> Path:
    """Tasks that are all alike but for their names."""
    for split, count in (("search", search), ("validation", validation), ("sealed", sealed)):
        for number in range(count):
            write_task(place / split / f"{split}{number}", files__double_py=BUGGY)
    return place


SMALL: dict[str, Any] = {
    "evaluations": 60,
    "steps": 3,
    "score_tasks": 3,
    "stages": (4,),
    "sealed": 5,
    "runs": 4,
    "asks": 2,
    "step_asks": 2,
    "usd": 20.0,
}


@dataclass
class Watcher:
    """A `StudyWatch` that remembers nothing, and throws the switch after ``after`` admissions."""

    stop: Stop = field(default_factory=Stop)
    after: int | None = None
    admissions: int = 0

    def run_begins(self, number: int, of: int, arm: Any, seed: int) -> None: ...

    def admitted(self, course: Any, step: Any) -> None:
        self.admissions += 1
        self.stop.now = self.admissions == self.after

    def looking(self, number: int, of: int) -> None: ...


def study(
    out: Path, watch: Watcher | None = None, person: Person | None = None, **settings: Any
) -> tuple[Path, SelfImprovement | None]:
    """A whole study in this process: its folder, and what came of it."""
    watch = watch or Watcher()
    config = StudyConfig(**{**SMALL, **settings})
    folder = new_folder(out, config)
    return folder, resumed(folder, watch, workers=config.workers, person=person)


def resumed(folder: Path, watch: Watcher | None = None, **more: Any) -> SelfImprovement | None:
    """A study that is gone on with."""
    watch = watch or Watcher()
    return asyncio.run(go_on(folder, stop=watch.stop, watch=watch, **more))


@contextmanager
def reading(folder: Path) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    """The store of a run, and its events."""
    run = RunFolder(folder)
    store = run.store(read_only=True)
    try:
        yield store, [one.data for one in store.read(run.id, limit=1_000_000)]
    finally:
        store.close()


def digest_of(folder: Path) -> str:
    """The digest that a finished run has recorded."""
    with reading(folder) as (_, events):
        return next(str(one["digest"]) for one in events if one["type"] == "finished")
