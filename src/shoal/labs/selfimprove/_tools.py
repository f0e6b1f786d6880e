"""The tool with which one agent at one task measures its files, and what the files that it hands in are worth.

An agent may run tests for longer than solves a repair, so that search learns how far off it was; it is not told which
of its runs count. Where it is judged, on validation and sealed tasks, no more are made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from shoal.core.canonical import canonical, sha256
from shoal.core.values import Json
from shoal.labs.selfimprove._broker import RefusedError
from shoal.labs.selfimprove._memory import Memory
from shoal.labs.selfimprove._optimising import OptimiseTask, Optimising
from shoal.labs.selfimprove._tasks import RepairTask

__all__ = ["SOLVED", "Measuring", "Testing"]

SOLVED = 0.5  # worth of files that just do what the task asks


class Testing:
    """The tool "run_tests": a `Tool`, for one agent at one repair, which may be used ``budget`` times.

    ``further``: times as often as solves the task. ``ends``: whether no call is answered any more once those runs are
    used up that do; ``cut`` says whether that came to pass.
    """

    name: ClassVar[str] = "run_tests"

    def __init__(self, memory: Memory, task: RepairTask, *, further: int, ends: bool) -> None:
        self.memory, self.task, self.ends = memory, task, ends
        self.budget, self.cut = further * task.limits.runs, False
        self._made = 0
        self._tried: dict[str, int] = {}

    async def __call__(self, given: Sequence[Mapping[str, str]], _: range) -> Json:
        if self.ends and self._made >= self.task.limits.runs:
            self.cut = True
            raise RefusedError("no more tests are run")
        versions = [{**self.task.files, **files} for files in given]
        for files in versions:
            self._made += 1
            self._tried.setdefault(sha256(canonical(files)), self._made)
        return await self.memory.reports(self.task, versions)

    async def worth(self, files: Mapping[str, str]) -> float:
        """0 where hidden tests refuse it, else runs / (runs + used), with all runs up to the first of these files."""
        if not await self.memory.solved(self.task, files):
            return 0.0
        used = self._tried.get(sha256(canonical({**self.task.files, **files})), self._made)
        return self.task.limits.runs / (self.task.limits.runs + used)


class Measuring:
    """The tool "score": a `Tool`, for one agent at one optimisation, which may be used ``budget`` times."""

    name: ClassVar[str] = "score"
    cut: ClassVar[bool] = False

    def __init__(self, optimising: Optimising, task: OptimiseTask) -> None:
        self.optimising, self.task, self.budget = optimising, task, task.budget

    async def __call__(self, given: Sequence[Mapping[str, str]], span: range) -> Json:
        places = range(span.start, min(span.stop, len(self.task.before)))
        return await self.optimising.scores(self.task, {**self.task.files, **given[0]}, places)

    async def worth(self, files: Mapping[str, str]) -> float:
        """Half the gain on fresh instances in shares that solve the task, between 0 and 1."""
        gain = await self.optimising.gain(self.task, files)
        return min(max(SOLVED * gain / self.task.share, 0.0), 1.0)
