"""Progress while a run goes on: one line that is redrawn on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TextIO

from shoal.cli._line import Line
from shoal.cli._trouble import log_in
from shoal.core.budget import Budget, Spent
from shoal.core.untrusted import untrusted
from shoal.core.values import Outcome, Propose, Split, Work
from shoal.report import _words

if TYPE_CHECKING:
    from shoal.core.course import Admitted, Course
    from shoal.labs.evolve import Finished, StartInfo

__all__ = ["Progress", "remaining", "spark"]

BARS = "▁▂▃▄▅▆▇█"
SPARK_WIDTH = 16
KEPT = 4 * SPARK_WIDTH
OVERHEAD_SECONDS = 0.004  # of wall time per trial that no measurement of the trial sees


class Progress:
    """A `Watch` that writes to ``out``. The loop only hands over references; a thread of its own does the drawing.

    ``said`` is a line about the configuration, shown when the run begins.
    """

    def __init__(self, out: TextIO | None = None, *, said: str = "") -> None:
        self.drawn, self.said = Line(sys.stderr if out is None else out), said
        self.info: StartInfo | None = None
        self._course: Course[Any] | None = None
        self._from = Spent()
        self._best: float | None = None
        self._bests: dict[int, float] = {}  # by draw of the search instances: other instances are another measure
        self._draw = 0
        self._history: list[float] = []
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._began = 0.0
        self._looks = (0, 0, 0.0)  # done, due, and since when

    # -- the watch ------------------------------------------------------------------------------------------------

    def started(self, info: StartInfo) -> None:
        self.info, self._began = info, time.monotonic()
        log_in(info.folder.path)
        again = f", going on after {_words.count(info.restored, 'item')}" if info.resumed else ""
        order = "" if info.config.ordered else ", unordered"
        self.say(
            f"run {info.run} (isolation level {info.isolation_level}, {_words.count(info.config.cores, 'worker')}, "
            f"seed {info.config.seed}{order}{again})"
        )
        if info.task.kind == "self_scored":
            self.say(_words.SELF_SCORED)
        if self.said:
            self.say(self.said)
        self._thread = threading.Thread(target=self._draw_on, name="progress", daemon=True)
        self._thread.start()

    def admitted(self, course: Course[Any], step: Admitted) -> None:
        if self._course is None:
            self._first(course, step)
            self._course = course
        self._seen(step.result.outcome)
        self._draw = max(_draw_of(step.work), self._draw)
        self._best = self._bests.get(self._draw, self._best)

    def _seen(self, outcome: Outcome | None) -> None:
        if outcome is not None and outcome.score is not None and outcome.trial.split is Split.SEARCH:
            draw = outcome.trial.draw
            self._bests[draw] = max(outcome.score, self._bests.get(draw, outcome.score))

    def looked(self, done: int, due: int) -> None:
        self._looks = (done, due, time.monotonic() if not done else self._looks[2])

    def finished(self, done: Finished) -> None:
        self.close()

    def _first(self, course: Course[Any], step: Admitted) -> None:
        for known in course.outcomes.values():
            self._seen(known)
        self._draw = max(map(_draw_of, course.in_flight.values()), default=0)
        self._best = self._bests.get(self._draw)
        self._from = course.spent
        outcome = step.result.outcome
        if step.k == 0 and outcome is not None and self.info is not None:
            trial = outcome.measured.wall_seconds
            cores = min(os.cpu_count() or 1, self.info.config.cores, course.window)
            self.say(_what_the_budget_buys(course.budget, trial, cores=cores))

    # -- drawing --------------------------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """Print a line of its own, above the line that is redrawn."""
        with self._lock:
            self.drawn.say(text)

    def close(self) -> None:
        """Stop drawing and clear the line; harmless when nothing is drawn."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
            self.drawn.clear()

    def _draw_on(self) -> None:
        last = ""
        while not self._over.wait(self.drawn.every):
            line = self.line()
            if line and line != last:
                with self._lock:
                    self.drawn.draw(line)
            last = line

    def line(self) -> str:
        """The state of the run on one line; "" before the first result."""
        course, info = self._course, self.info
        if course is None or info is None or self._best is None:
            return ""
        if course.halt_reason is not None and course.idle:
            return self._finishing()
        sign = -1 if info.task.score.direction == "min" else 1
        again = ", drawn anew" if self._draw else ""
        where = "" if info.task.instances.fixed else f" on search instances{again}"
        unit = f" {untrusted(info.task.score.unit, limit=20)}" if info.task.score.unit else ""
        self._history = (self._history if len(self._history) < KEPT else self._history[::2]) + [self._best]
        spent = course.spent
        elapsed = max(time.monotonic() - self._began, 1e-6)
        done = spent.counted.evaluations
        rate = (done - self._from.counted.evaluations) / elapsed
        parts = [
            f"best {_words.score(sign * self._best + 0.0)}{unit}{where}",
            *([spark(self._history)] if self.drawn.terminal else []),
            f"{_words.count(done, 'evaluation')} ({rate:.3g}/s)",
            *remaining(course.budget, spent, since=self._from, elapsed=elapsed),
        ]
        return "  ".join(parts)

    def _finishing(self) -> str:
        """What is done after the last admission, and how long it will last."""
        done, due, began = self._looks
        if not due:
            return "finishing: held-out instances, the picture, the report"
        left = (time.monotonic() - began) * (due - done) / done if done else 0.0
        eta = f"  ETA {_words.duration(round(left))}" if left else ""
        return f"proof on held-out instances: {done} of {due} looks{eta}"


def _draw_of(work: Work) -> int:
    """On which draw of the search instances new programs are measured; measuring again says nothing of that."""
    return work.then.draw if isinstance(work, Propose) and work.then is not None else 0


def spark(values: list[float]) -> str:
    """The course of ``values`` as a row of bars; "" while it is flat."""
    low, high = min(values), max(values)
    if low == high:
        return ""
    step = max(1, -(-len(values) // SPARK_WIDTH))
    picked = [*values[:-1:step], values[-1]]
    return "".join(BARS[int((value - low) / (high - low) * (len(BARS) - 1))] for value in picked)


def remaining(budget: Budget, spent: Spent, *, since: Spent, elapsed: float) -> Iterator[str]:
    """What is left of each unit that has a limit, then how long that will last at the pace so far."""
    times = []
    for unit, limit, used, before in _units(budget, spent, since):
        left = max(0.0, limit - used)
        shown = _words.duration(left) if "seconds" in unit else f"{int(left):,}"
        yield f"{shown} {_NAMES[unit]} left"
        pace = (used - before) / elapsed
        if unit == "seconds":
            times.append(left)
        elif pace > 0:
            times.append(left / pace)
    if times:
        yield f"ETA {_words.duration(round(min(times)))}"


_NAMES = {
    "evaluations": "evaluations",
    "proposals": "proposals",
    "instance_runs": "instance runs",
    "seconds": "of time",
    "cpu_seconds": "of CPU time",
    "tokens": "tokens",
}


def _units(budget: Budget, spent: Spent, since: Spent) -> Iterator[tuple[str, float, float, float]]:
    """Unit, limit, used, used before this sitting; for each unit that has a limit."""
    for unit in _NAMES:
        limit = getattr(budget, unit)
        if limit is not None:
            yield unit, limit, *(getattr(one if hasattr(one, unit) else one.counted, unit) for one in (spent, since))


def _what_the_budget_buys(budget: Budget, trial: float, *, cores: int) -> str:
    """One sentence: what a trial takes, and what the budget comes to with it."""
    each = trial + OVERHEAD_SECONDS
    cores_ = _words.count(cores, "core")
    begin = untrusted(f"your judge and program take {_words.duration(trial)} a trial")
    if budget.seconds is not None:
        bought = _rounded(budget.seconds * cores / each)
        return f"{begin}; {_words.duration(budget.seconds)} buys about {bought:,} evaluations on {cores_}"
    if budget.cpu_seconds is not None:
        bought = _rounded(budget.cpu_seconds / each)
        return f"{begin}; {_words.duration(budget.cpu_seconds)} of CPU time buys about {bought:,} evaluations"
    if budget.evaluations is not None:
        time_ = _words.duration(budget.evaluations * each / cores)
        return f"{begin}; {_words.count(budget.evaluations, 'evaluation')} in about {time_} on {cores_}"
    return begin


def _rounded(number: float) -> int:
    """To one or two significant digits: it is an estimate."""
    return int(float(f"{max(number, 1):.1g}" if number < 100 else f"{number:.2g}"))
