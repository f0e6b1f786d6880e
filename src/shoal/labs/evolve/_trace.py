"""The trace service: run an instrumented copy of a candidate once and hand back the numbers its loops built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shoal.core import seeds
from shoal.core.errors import JudgeError
from shoal.core.values import Answer, CandidateId, Counted, Json, Source, Split, Trial
from shoal.evaluate import TaskEvaluator
from shoal.propose import Editor, Mutable
from shoal.sandbox import frames

__all__ = ["TraceService"]

MOST_NUMBERS = 600  # over all traced variables: an answer is an event, and events are small


class TraceService:
    """Answers {"candidate": id} with {"values": [{"line", "name", "value"}, ...]}; costs one evaluation."""

    def __init__(self, editor: Editor, evaluator: TaskEvaluator, mutable: Mutable, *, seed: int) -> None:
        self.editor, self.evaluator, self.mutable, self.seed = editor, evaluator, mutable, seed

    async def answer(self, payload: Json, sources: Callable[[CandidateId], Source], rng: np.random.Generator) -> Answer:
        """See the class; {"failed": reason} when the program has nothing to trace or does not run."""
        source = sources(payload["candidate"])
        reply = await self.editor.ask(self.mutable.request("trace_points", source))
        if "failed" in reply:
            return Answer({"failed": str(reply["failed"])})
        files = {**source.files, self.mutable.main: reply["source"].encode()}
        trial = Trial(Split.SEARCH, (0,))
        try:
            shown = await self.evaluator.show(
                trial, files, seed=seeds.number(self.seed, trial.split, trial.draw), trace=reply["function"]
            )
        except JudgeError as error:
            return Answer({"failed": str(error)})
        cost = Counted(evaluations=1, instance_runs=1)
        if not shown.kept:
            return Answer({"failed": shown.outcome.feedback}, counted=cost)
        return Answer({"values": _small(frames.decode(shown.kept))}, counted=cost)


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
    if isinstance(value, (int, float)):
        return value if np.isfinite(value) else None
    if isinstance(value, list):
        inner = [_numbers(item) for item in value]
        return None if any(item is None for item in inner) else inner
    return None


def _count(value: Any) -> int:
    return sum(_count(item) for item in value) if isinstance(value, list) else 1
