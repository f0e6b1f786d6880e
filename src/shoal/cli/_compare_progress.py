"""Progress of a comparison: a line for each run that is done, and how far the present one and all of them are."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any, TextIO

from shoal.cli._line import Line
from shoal.cli._trouble import log_in
from shoal.core.untrusted import untrusted
from shoal.report import _words, used

if TYPE_CHECKING:
    from shoal.core.course import Admitted, Course
    from shoal.labs.evolve import Entry, Finished, StartInfo
    from shoal.report import Cell

__all__ = ["CompareProgress"]


class CompareProgress:
    """A `Spectator`, and the `Watch` of each of its runs, that writes to ``out``.

    ``waiting`` are the runs of each kind, (task, proposer, how many times the budget), that are still to be done: what
    one of a kind took is the best guess for the next.
    """

    def __init__(
        self, waiting: list[tuple[str, str, int]], *, unit: str, budget: float, out: TextIO | None = None
    ) -> None:
        self.drawn = Line(sys.stderr if out is None else out)
        self.unit, self.budget = unit, budget
        self._waiting = list(waiting)
        self._took: dict[tuple[str, str, int], list[float]] = defaultdict(list)
        self._label = ""
        self._longer = 1
        self._began = time.monotonic()
        self._share = self._share_before = 0.0
        self._on = False
        self.read = 0

    # -- the spectator --------------------------------------------------------------------------------------------

    def watch(self, entry: Entry, *, number: int, of: int) -> CompareProgress:
        task = untrusted(entry.task.name, limit=60)
        longer = f", {entry.longer} times the budget" if entry.longer > 1 else ""
        self._label = f"{number} of {of}: {task}, {entry.proposer}, seed {entry.seed}{longer}"
        self._longer = entry.longer
        self._began, self._share, self._share_before = time.monotonic(), 0.0, -1.0
        self._on = True
        log_in(entry.folder.path)
        return self

    def done(self, entry: Entry, cell: Cell, *, number: int, of: int, read: bool) -> None:
        kind = (entry.task.name, entry.proposer, entry.longer)
        self._waiting.remove(kind)
        self._on = False
        if read:
            self.read += 1
            return
        whole = max(1.0 - max(self._share_before, 0.0), 0.02)  # a run that was gone on with took less than a whole one
        self._took[kind].append((time.monotonic() - self._began) / whole)
        score = None if cell.score is None else cell.sign * cell.score + 0.0
        left = f"; ETA {_words.duration(round(self._eta()))}" if self._waiting else ""
        self.drawn.say(
            f"{self._label}: {_words.score(score)} after {_words.count(cell.evaluations, 'evaluation')}, "
            f"{_words.duration(cell.cpu_seconds)} of CPU time{_paid(cell)}{left}"
        )

    # -- the watch of one run -------------------------------------------------------------------------------------

    def started(self, info: StartInfo) -> None:
        return

    def admitted(self, course: Course[Any], step: Admitted) -> None:
        self._share = min(1.0, used(course.spent, self.unit) / (self._longer * self.budget))
        if self._share_before < 0.0:
            self._share_before = self._share
        self.drawn.show(f"{self._label}: {100 * self._share:.0f} %; ETA of all {_words.duration(round(self._eta()))}")

    def looked(self, done: int, due: int) -> None:
        return

    def finished(self, done: Finished) -> None:
        return

    def _eta(self) -> float:
        """Seconds until all is done: each run as long as those of its kind took, else as all did on average."""
        elapsed = time.monotonic() - self._began if self._on else 0.0
        known = [seconds for many in self._took.values() for seconds in many]
        gained = self._share - max(self._share_before, 0.0)
        usual = sum(known) / len(known) if known else elapsed / max(gained, 0.02)
        each = [sum(self._took[kind]) / len(self._took[kind]) if self._took[kind] else usual for kind in self._waiting]
        return max(0.0, sum(each) - min(elapsed, each[0] if each else 0.0))

    def close(self) -> None:
        self.drawn.clear()


def _paid(cell: Cell) -> str:
    return f", {_words.count(cell.calls, 'call')} of models for ${cell.usd:.4f}" if cell.calls else ""
