"""Optimisation tasks: a program of one of Shoal's own tasks, to be made better with few measurements.

What an agent does to a program here it does to its own source when it modifies itself: the same `optimise`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Self

from shoal.core.canonical import canonical, sha256
from shoal.core.seeds import number
from shoal.core.values import Json, Split, Trial
from shoal.evaluate import TaskEvaluator
from shoal.labs.selfimprove._memory import Kept
from shoal.propose import Editor
from shoal.tasks import Task, load, setting_of

__all__ = ["FAMILIES", "Family", "OptimiseTask", "Optimising", "shown"]

MEASUREMENTS = 24  # of all search instances, that an agent may make at one task
FAILED = -1.0  # what a program comes to that crashes or answers wrongly; no program comes to less
EDITS = 3  # random edits between a family's first program and that of a task
TRIES = 12  # of them, for one that works
STEP = 0.5  # of these edits
MOST_ISOLATED = 3  # the highest isolation level


@dataclass(frozen=True, slots=True)
class Family:
    """Tasks made of one of Shoal's tasks: their stream, and how many of its instances are for search and fresh ones.

    A task is solved by who gets `share` of the way from its first program to the best known score, on fresh instances.
    The shares are what the seed agent reaches in about a third of attempts (benchmarks/optimisation_shares.py).
    """

    split: Split
    share: float
    search: int = 1
    fresh: int = 1


FAMILIES: Mapping[str, Family] = {
    "autocorrelation_c1": Family(Split.SEARCH, 0.2),
    "min_max_distance_2d_16": Family(Split.SEARCH, 0.7),
    "erdos_overlap": Family(Split.VALIDATION, 0.2),
    "circle_packing_26": Family(Split.SEALED, 0.1),
    "job_shop_rule": Family(Split.SEALED, 0.1, search=2, fresh=6),
    "tsp_constructive": Family(Split.SEALED, 0.2, search=1, fresh=4),
}


@dataclass(frozen=True, slots=True)
class OptimiseTask:
    """A program that works, and shall score higher. `program` names its family, as it does for a task of repair.

    `entry` maps files to the functions that keep their parameters. Values are 0 for the first program and 1 for the
    best known score: `before` and `fresh` hold the first program's scores on search and fresh instances, higher is
    better, `best` is what is known, `share` the value that solves the task; `seed` draws the instances.
    """

    name: str
    program: str
    statement: str
    files: Mapping[str, str]
    entry: Mapping[str, Sequence[str]]
    before: tuple[float, ...]
    fresh: tuple[float, ...]
    best: float
    share: float
    seed: int
    measurements: int = MEASUREMENTS
    self_scored: bool = False

    @property
    def budget(self) -> int:
        """Measurements of one instance that an agent may make."""
        return self.measurements * len(self.before)

    @property
    def taken_for(self) -> str:
        """See `RepairTask.taken_for`; there are no canaries of this kind."""
        return self.digest

    @property
    def digest(self) -> str:
        """SHA-256 in hexadecimal over all of it: equal for equal tasks."""
        return str(sha256(canonical(self)))


def shown(task: OptimiseTask) -> dict[str, Json]:
    """All that an agent may see of a task; neither its name nor what is known of it."""
    return {
        "statement": task.statement,
        "files": dict(task.files),
        "entry": {name: list(functions) for name, functions in task.entry.items()},
        "instances": len(task.before),
    }


class Optimising:
    """Measures programs of optimisation tasks, each in the jails of its family, which open when they are first needed.

    Use as an async context manager. ``slots`` are shared with the other jails of a study.
    """

    def __init__(self, *, slots: asyncio.Semaphore, level: int | None = None) -> None:
        self._slots, self._asked_level = slots, level
        self._stack, self._opening = AsyncExitStack(), asyncio.Lock()
        self._open: dict[str, tuple[Task, TaskEvaluator]] = {}
        self._kept = Kept()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    @property
    def level(self) -> int:
        """The isolation level that all jails reached which are open."""
        return min((evaluator.level for _, evaluator in self._open.values()), default=MOST_ISOLATED)

    def cpu_seconds(self) -> float:
        """CPU seconds used so far."""
        return sum(evaluator.cpu_seconds() for _, evaluator in self._open.values())

    async def scores(self, task: OptimiseTask, files: Mapping[str, str], places: range) -> list[float]:
        """What files are worth on search instances: 0 is the first program, 1 the best known score."""
        came = await self._scores(task.program, files, Split.SEARCH, places, task.seed)
        return _values(came, [task.before[place] for place in places], task.best - _mean(task.before))

    async def gain(self, task: OptimiseTask, files: Mapping[str, str]) -> float:
        """How much of the way to the best known score files go, on fresh instances."""
        came = await self._scores(task.program, files, Split.VALIDATION, range(len(task.fresh)), task.seed)
        return _mean(_values(came, task.fresh, task.best - _mean(task.fresh)))

    async def grow(self, split: Split, *, each: int, seed: int, editor: Editor) -> tuple[OptimiseTask, ...]:
        """The optimisation tasks of a split, ``each`` of a family; equal seeds give equal ones."""
        wanted = [(name, place) for name, family in FAMILIES.items() if family.split == split for place in range(each)]
        made = await asyncio.gather(
            *(self._task(name, number(seed, "optimise", name, place), editor) for name, place in wanted)
        )
        return tuple({task.name: task for task in made if task is not None}.values())

    async def _task(self, name: str, seed: int, editor: Editor) -> OptimiseTask | None:
        """A family's first program with a few random edits, one that still works."""
        source, _ = await self._family(name)
        file, entry, family = source.program.file, source.program.entry, FAMILIES[name]
        assert source.score.best_known is not None
        best = source.score.best_known * (1.0 if source.score.direction == "max" else -1.0)
        for again in range(TRIES):
            text = source.initial.decode()
            for edit in range(EDITS):
                request = {"operator": "jitter", "source": text, "entry": list(entry), "payload": {"sigma": STEP}}
                reply = await editor.ask(request, seed=(seed, again, edit))
                text = str(reply.get("source", text))
            before = await self._scores(name, {file: text}, Split.SEARCH, range(family.search), seed)
            fresh = await self._scores(name, {file: text}, Split.VALIDATION, range(family.fresh), seed)
            known = [one for one in (*before, *fresh) if one is not None]
            if len(known) == family.search + family.fresh and max(known) < best:
                return OptimiseTask(
                    name=f"{name}-{sha256(canonical([text, None if source.instances.fixed else seed]))[:8]}",
                    program=name,
                    statement=f"{source.description.strip()}\n\nMake the program score better.",
                    files={file: text},
                    entry={file: entry},
                    before=tuple(known[: family.search]),
                    fresh=tuple(known[family.search :]),
                    best=best,
                    share=family.share,
                    seed=seed,
                )
        return None

    async def _scores(
        self, name: str, files: Mapping[str, str], split: Split, places: range, seed: int
    ) -> list[float | None]:
        """The score of each instance, higher is better; None for a program that failed on it. Each is run once."""
        if not places:
            return []
        key = sha256(canonical([name, dict(files), str(split), list(places), seed]))
        if (known := self._kept.recall(key)) is not None:
            return list(known)
        source, evaluator = await self._family(name)
        sign = 1.0 if source.score.direction == "max" else -1.0
        trial = Trial(split, tuple(places))
        data = {file: text.encode() for file, text in files.items()}
        async with self._slots:
            outcome = await evaluator.evaluate(trial, data, seed=number(seed, split))
        values = {one.index: one.value for one in outcome.per_instance}
        found = [None if (value := values.get(place)) is None else sign * value for place in places]
        self._kept.keep(key, found)
        return found

    async def _family(self, name: str) -> tuple[Task, TaskEvaluator]:
        async with self._opening:
            if name not in self._open:
                task = load(name)
                evaluator = TaskEvaluator(setting_of(task), level=self._asked_level)
                self._open[name] = task, await self._stack.enter_async_context(evaluator)
        return self._open[name]


def _values(came: Sequence[float | None], before: Sequence[float], way: float) -> list[float]:
    """Scores, with those of the first program at 0 and what lies ``way`` above them at 1."""
    return [
        FAILED if score is None else max(FAILED, (score - first) / way)
        for score, first in zip(came, before, strict=True)
    ]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
