"""The trace service: run an instrumented copy of a candidate once and hand back the numbers its loops built."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from shoal.core import seeds
from shoal.core.errors import JudgeError
from shoal.core.values import Answer, CandidateId, Counted, Files, Json, Source, Split, Status, Trial
from shoal.evaluate import Shown, TaskEvaluator
from shoal.propose import Editor, Mutable
from shoal.sandbox import frames

__all__ = ["TraceService"]

LOST_RETRIES = 2
MOST_DIGITS = 10**18  # larger integers are no coordinates of anything
MOST_NUMBERS = 600  # over all traced variables: an answer is an event, and events are small


class TraceService:
    """Answers {"candidate": id} with {"values": [{"line", "name", "value"}, ...]}; costs one evaluation."""

    def __init__(self, editor: Editor, evaluator: TaskEvaluator, mutable: Mutable, *, seed: int) -> None:
        self.editor, self.evaluator, self.mutable, self.seed = editor, evaluator, mutable, seed

    async def answer(
        self, payload: Json, sources: Callable[[CandidateId], Source], rng: np.random.Generator, *, k: int
    ) -> Answer:
        """See the class; {"failed": reason} when the program has nothing to trace or does not run."""
        source = sources(payload["candidate"])
        reply = await self.editor.ask(self.mutable.request("trace_points", source))
        if "failed" in reply:
            return Answer({"failed": str(reply["failed"])})
        files = self.mutable.written(source.files, reply)
        try:
            shown = await self._show(files, trace=reply["function"])
        except JudgeError as error:
            return Answer({"failed": str(error)})
        cost = Counted(evaluations=1, instance_runs=1)
        if not shown.kept:
            return Answer({"failed": shown.outcome.feedback}, counted=cost)
        try:
            return Answer({"values": _small(frames.decode(shown.kept))}, counted=cost)
        except frames.FrameError as error:  # a program may answer in the tracer's place
            return Answer({"failed": f"the trace cannot be read: {error}"}, counted=cost)

    async def _show(self, files: Files, *, trace: str) -> Shown:
        """The run; once more where a worker was lost, since an answer must not depend on that."""
        trial = Trial(Split.SEARCH, (0,))
        seed = seeds.number(self.seed, trial.split, trial.draw)
        for _ in range(LOST_RETRIES):
            shown = await self.evaluator.show(trial, files, seed=seed, trace=trace)
            if shown.outcome.status is not Status.LOST:
                return shown
        return await self.evaluator.show(trial, files, seed=seed, trace=trace)


def _small(traced: Any) -> list[dict[str, Any]]:
    """What of a trace is well formed and small enough to be an event."""
    kept, room = [], MOST_NUMBERS
    for one in traced if isinstance(traced, list) else ():
        value = _numbers(one.get("value")) if isinstance(one, dict) else None
        count = 0 if value is None else _count(value)
        if 0 < count <= room and isinstance(one.get("name"), str) and isinstance(one.get("line"), int):
            kept.append(
                {"line": one["line"], "name": one["name"][:80], "value": value, "array": bool(one.get("array"))}
            )
            room -= count
    return kept


def _numbers(value: Any) -> Any:
    """Nested lists of finite numbers, or None."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if -MOST_DIGITS < value < MOST_DIGITS else None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        inner = [_numbers(item) for item in value]
        return None if any(item is None for item in inner) else inner
    return None


def _count(value: Any) -> int:
    return sum(_count(item) for item in value) if isinstance(value, list) else 1
