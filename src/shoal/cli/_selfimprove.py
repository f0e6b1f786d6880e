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
from shoal.core.untrusted import untrusted
from shoal.report import _words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shoal.core.course import Admitted, Course
    from shoal.core.loop import Stop
    from shoal.labs.selfimprove import Question, SelfImprovement

__all__ = ["DEMO", "Paid", "arms_of", "selfimprove"]

DEMO: dict[str, Any] = {
    "evaluations": 600,
    "steps": 4,
    "score_tasks": 12,
    "stages": (8, 12),
    "sealed": 60,
    "runs": 30,
}
"""About two minutes on two cores."""
KEPT = ("models", "model", "replay_models", "asks", "step_asks", "approve")  # by a study that is gone on with
ANSWERS = {"yes": True, "y": True, "no": False, "n": False}
DIFF, DIFF_LINES = 20_000, 400  # characters and lines of a diff on the terminal
LOOK_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Paid:
    """Which model agents may ask, and what a study may spend on it."""

    models: Path | None = None
    model: str | None = None
    tokens: int | None = None
    usd: float | None = None
    replay_models: Path | None = None
    asks: int | None = None
    step_asks: int | None = None

    def settings(self) -> dict[str, Any]:
        """As a study has them. Raises UserError for a file of models that cannot be read."""
        from shoal.models import load_pool

        if self.models is None and (given := [name for name in ("asks", "step_asks") if getattr(self, name)]):
            raise UserError(f"{given[0]} is for models, and there are none: name them with --models FILE")
        pool = () if self.models is None else load_pool(self.models)
        return {"models": pool, **{one.name: getattr(self, one.name) for one in fields(self)[1:]}}


def arms_of(*, every: bool, improver: Path | None) -> tuple[str, ...]:
    """Which arms a study has. Raises UserError for all of them with an improver that is none of their agents."""
    from shoal.labs.selfimprove import ARMS, FULL

    if improver is None:
        return tuple(ARMS) if every else (FULL,)
    if every:
        raise UserError("--improver makes all children of a study of its own: leave --arms out, and compare the two")
    return ("fixed-improver",)


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

    if resume:
        _refuse_settings({**settings, **{one.name: getattr(paid, one.name) for one in fields(paid)}}, resume)
    try:
        given = settings if resume else settings | paid.settings()
        config = lab.StudyConfig(**{key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        why = first["msg"].removeprefix("Value error, ")
        raise UserError(
            f"{'.'.join(map(str, first['loc']))} is {first['input']!r}: {why}" if first["loc"] else why
        ) from None
    if resume:
        config = lab.settings_of(resume)
    if config.approve == "ask" and not sys.stdin.isatty():
        raise UserError("--approve ask needs a person at a terminal, and here is none: run it at one")
    folder = resume or lab.new_folder(out, config)
    stop, config = Stop(), lab.settings_of(folder)
    progress = StudyProgress(config.evaluations)
    if bought := lab.buys(config):
        print(bought, file=sys.stderr)
    person = Terminal(stop, progress.drawn) if config.approve == "ask" else None
    work = partial(
        lab.go_on,
        folder,
        stop=stop,
        watch=progress,
        workers=workers,
        tokens=paid.tokens,
        usd=paid.usd,
        person=person,
    )
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


def _refuse_settings(given: Mapping[str, Any], folder: Path) -> None:
    """Raise UserError for a setting that a study which is gone on with has already, and keeps."""
    for name in KEPT:
        if given.get(name) is not None:
            raise UserError(
                f"--{name.replace('_', '-')} cannot be set with --resume: {folder} goes on with what it began with, "
                f"as its study.json says; leave it out, or begin a new study without --resume"
            )


class Terminal:
    """A `Person`: someone at the terminal, who reads a diff and types an answer."""

    def __init__(self, stop: Stop, drawn: Line) -> None:
        self.stop, self.drawn = stop, drawn

    async def __call__(self, question: Question) -> bool | None:
        """Show and ask until there is a word; Ctrl-C, a STOP file or the end of input stops the study instead."""
        what = "the final agent" if question.final else "the new leader"
        self.drawn.clear()
        print(untrusted(question.diff, limit=DIFF, lines=DIFF_LINES), file=sys.stderr)
        print(f"{question.run}: {question.candidate} would be {what}, after {question.champion}.", file=sys.stderr)
        while not self.stop.now:
            print("promote it? (yes/no) ", end="", file=sys.stderr, flush=True)
            if (line := await self._line()) is None:
                continue
            if not line:
                self.stop.now, self.stop.reason = True, "nobody is there to ask"
            elif (word := line.strip().lower()) in ANSWERS:
                return ANSWERS[word]
        return None

    async def _line(self) -> str | None:
        import anyio

        while not self.stop.now:
            with anyio.move_on_after(LOOK_SECONDS):
                await anyio.wait_readable(sys.stdin)
                return sys.stdin.readline()
        return None


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
    from shoal.labs.selfimprove import CHAMPION

    first, last = told.curve[0], told.curve[-1]
    yield f"seed agent {100 * first.rate:.1f} % of the sealed tasks, champion {100 * last.rate:.1f} %"
    yield told.verdict.sentence
    yield told.fit.sentence
    yield f"{told.cost.evaluations:,} evaluations, {_words.duration(told.cost.cpu_seconds)} of CPU time{_paid(told)}"
    report = folder / "report"
    yield f"tree, curve and every change: {report / 'index.html'}, {report / 'tree.png'}, {report / 'curve.png'}"
    if told.champion != told.nodes[0].id:
        source = shlex.quote(str(report / CHAMPION))
        yield f"the champion's source: {source}; let it make the next agents: shoal selfimprove --improver {source}"
    if not told.arms:
        yield "what luck alone would give: shoal selfimprove --arms --seeds 5"
    else:
        yield f"one run closer: shoal show full-{told.seeds[0]} --out {shlex.quote(str(folder))}"


def _paid(told: SelfImprovement) -> str:
    return f", {told.cost.tokens:,} tokens for {_words.dollars(told.cost.model_usd)}" if told.cost.tokens else ""
