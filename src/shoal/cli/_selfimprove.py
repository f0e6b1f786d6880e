"""`shoal selfimprove`: a study of agents that rewrite themselves, and what may be said of it."""

from __future__ import annotations

import shlex
import sys
import time
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shoal.cli._line import Line
from shoal.cli._run import interrupts
from shoal.cli._trouble import DONE, INTERRUPTED
from shoal.core.errors import UserError
from shoal.report import _words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shoal.core.course import Admitted, Course
    from shoal.labs.selfimprove import SelfImprovement

__all__ = ["DEMO", "Paid", "selfimprove"]

DEMO: dict[str, Any] = {
    "evaluations": 600,
    "steps": 4,
    "score_tasks": 12,
    "stages": (8, 12),
    "sealed": 60,
    "runs": 30,
}
"""About two minutes on two cores."""


@dataclass(frozen=True, slots=True)
class Paid:
    """Which model agents may ask, and what a study may spend on it."""

    models: Path | None = None
    model: str | None = None
    tokens: int | None = None
    usd: float | None = None
    replay_models: Path | None = None

    def settings(self) -> dict[str, Any]:
        """As a study has them. Raises UserError for a file of models that cannot be read."""
        from shoal.models import load_pool

        pool = () if self.models is None else load_pool(self.models)
        return {"models": pool, **{one.name: getattr(self, one.name) for one in fields(self)[1:]}}


def selfimprove(
    settings: dict[str, Any],
    *,
    out: Path,
    resume: Path | None,
    workers: int | None,
    json: bool,
    paid: Paid = Paid(),
) -> int:
    """Begin a study, or go on with one, and tell what came of it."""
    import anyio
    from pydantic import ValidationError

    from shoal.core.loop import Stop
    from shoal.labs import selfimprove as lab

    try:
        given = settings if resume else settings | paid.settings()
        config = lab.StudyConfig(**{key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        why = first["msg"].removeprefix("Value error, ")
        raise UserError(
            f"{'.'.join(map(str, first['loc']))} is {first['input']!r}: {why}" if first["loc"] else why
        ) from None
    folder = resume or lab.new_folder(out, config)
    stop, config = Stop(), lab.settings_of(folder)
    progress = StudyProgress(config.evaluations)
    if bought := lab.buys(config):
        print(bought, file=sys.stderr)
    work = partial(lab.go_on, folder, stop=stop, watch=progress, workers=workers, tokens=paid.tokens, usd=paid.usd)
    with interrupts(stop):
        try:
            told = anyio.run(work)
        finally:
            progress.drawn.clear()
    if told is None:
        print(f"nothing is lost; go on with: shoal selfimprove --resume {shlex.quote(str(folder))}", file=sys.stderr)
        return INTERRUPTED
    for line in _closing(told, folder):
        print(line, file=sys.stderr if json else sys.stdout)
    if json:
        print(lab.summary(told, folder))
    return DONE


class StudyProgress:
    """A `StudyWatch` that writes how far the study is, and what is new."""

    def __init__(self, budget: int) -> None:
        self.drawn = Line(sys.stderr)
        self.budget = budget
        self._label, self._began, self._first, self._number, self._of = "", time.monotonic(), 0, 0, 1

    def run_begins(self, number: int, of: int, arm: str, seed: int) -> None:
        self._label = f"run {number} of {of}: {arm}, seed {seed}" if of > 1 else f"seed {seed}"
        self._began, self._first, self._number, self._of = time.monotonic(), -1, number, of

    def admitted(self, course: Course[Any], step: Admitted) -> None:
        spent = course.spent.counted.evaluations
        if self._first < 0:
            self._first = spent
        for note in step.notes:
            if note.kind in {"champion", "contest"}:
                self.drawn.say(f"  {note.text}")
        elapsed = time.monotonic() - self._began
        rate = (spent - self._first) / elapsed if elapsed > 0 else 0.0
        left = (self.budget * (self._of - self._number + 1) - spent) / rate if rate > 0 else None
        eta = f"; ETA {_words.duration(round(left))}" if left is not None else ""
        agents = len(course.candidates)
        told = f"{spent:,} of {self.budget:,} evaluations, {_words.count(agents, 'agent')}{eta}"
        self.drawn.show(f"{self._label}: {told}")

    def looking(self, number: int, of: int) -> None:
        self.drawn.say(f"sealed tasks: run {number} of {of}" if of > 1 else "sealed tasks are opened, once")


def _closing(told: SelfImprovement, folder: Path) -> Iterator[str]:
    first, last = told.curve[0], told.curve[-1]
    yield f"seed agent {100 * first.rate:.1f} % of the sealed tasks, champion {100 * last.rate:.1f} %"
    yield told.verdict.sentence
    yield told.fit.sentence
    yield f"{told.cost.evaluations:,} evaluations, {_words.duration(told.cost.cpu_seconds)} of CPU time{_paid(told)}"
    report = folder / "report"
    yield f"tree, curve and every change: {report / 'index.html'}, {report / 'tree.png'}, {report / 'curve.png'}"
    if not told.arms:
        yield "what luck alone would give: shoal selfimprove --arms --seeds 5"
    else:
        yield f"one run closer: shoal show full-{told.seeds[0]} --out {shlex.quote(str(folder))}"


def _paid(told: SelfImprovement) -> str:
    return f", {told.cost.tokens:,} tokens for {_words.dollars(told.cost.model_usd)}" if told.cost.tokens else ""
