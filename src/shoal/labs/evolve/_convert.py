"""A ported folder as a task with a judge of its own: written, and kept only if both score the first program alike."""

from __future__ import annotations

import math
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from shoal.core.errors import JudgeError, UserError
from shoal.core.untrusted import untrusted
from shoal.core.values import Outcome, Split, Status, Trial
from shoal.evaluate import Ported, Setting, TaskEvaluator, ported
from shoal.tasks import Asked, Task, check_convertible, entries_of, load, setting_of, write_converted

__all__ = ["Converted", "convert"]

SEED = 0
SAME = 1e-9  # relative difference of the two scores
MOST_RUNS = 10_000


@dataclass(frozen=True, slots=True)
class Converted:
    """What was written where, and what the first program scores both ways."""

    folder: Path
    kind: str
    files: tuple[str, ...]
    score: float


async def convert(folder: str, *, out: Path | None = None, level: int | None = None) -> Converted:
    """Split a folder of ShinkaEvolve into program and judge, in a new folder (``out``, or FOLDER_converted).

    The folder's validation and sums run in the judge's jail, on what the program returned in its own. Raises
    `UserError`, one line with the reason, where that cannot be done or gives another score; nothing is written then.
    """
    task = load(folder)
    check_convertible(task)
    target = out or task.folder.with_name(f"{task.folder.name}_converted")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UserError(f"{target} is not empty: name a folder that is new or empty with --out")
    asked = await _asked(task, level=level)
    with TemporaryDirectory(prefix="shoal-convert-") as place:
        draft = Path(place) / target.name
        files = write_converted(task, asked, draft)
        before = await _measured(task, setting_of(task), level=level)
        made = load(draft)
        after = await _measured(made, setting_of(made), level=level)
        score = _agreed(task, before, after)
        try:
            shutil.copytree(draft, target, dirs_exist_ok=True)
        except OSError as error:
            raise UserError(f"{target} cannot be written: {error.strerror}") from None
    return Converted(target, asked.kind, files, score)


async def _asked(task: Task, *, level: int | None) -> Asked:
    """Run the evaluator up to its helper, and see what it asks for."""
    asking = Ported(entries_of(task), ported.stand_ins(asking=True))
    outcome = await _measured(task, replace(setting_of(task), ported=asking), level=level)
    if outcome.status is not Status.OK:
        raise _refused(task, f"its evaluate.py does not get as far as run_shinka_eval ({_last_words(outcome)})")
    asked, name = outcome.metrics, outcome.feedback.strip()
    if not asked.get("together"):
        raise _refused(task, "it has no aggregate_metrics_fn, so nothing makes a score out of what the program returns")
    runs = asked.get("runs", 0.0)
    if not name.isidentifier() or not 1 <= runs <= MOST_RUNS or runs != int(runs):
        raise _refused(task, f"it calls {name[:80]!r} {runs:g} times")
    return Asked(function=name, runs=int(runs), tuples=bool(asked.get("tuples")))


async def _measured(task: Task, setting: Setting, *, level: int | None) -> Outcome:
    trial = Trial(Split.SEARCH, (0,))
    try:
        async with TaskEvaluator(setting, workers=1, level=level) as evaluator:
            return await evaluator.evaluate(trial, task.files, seed=SEED)
    except (JudgeError, UserError) as error:
        return Outcome(trial, Status.WRONG, None, feedback=str(error))


def _agreed(task: Task, before: Outcome, after: Outcome) -> float:
    """The one score that both give."""
    if before.score is None:
        raise _refused(task, f"its own first program gets no score ({before.status}: {_last_words(before)})")
    if after.score is None:
        why = f"apart, the first program gets no score ({after.status}: {_last_words(after)})"
        raise _refused(task, f"{why}; validate and aggregate functions may write no file and read no program")
    if not math.isclose(before.score, after.score, rel_tol=SAME, abs_tol=SAME):
        why = f"apart, the first program scores {after.score!r}, together {before.score!r}"
        raise _refused(task, f"{why}; what it returns must be data, and all chance seeded")
    return after.score


def _last_words(outcome: Outcome) -> str:
    """The end of the feedback on one line: that of a traceback is what went wrong."""
    return untrusted(" ".join(outcome.feedback.split())[-200:])


def _refused(task: Task, why: str) -> UserError:
    return UserError(
        f"{task.folder} cannot be converted: {why}; by hand: `shoal new DIR`, and write a judge.py that scores what "
        "the program returns"
    )
