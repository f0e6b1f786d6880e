"""After the run: looks behind the seal, each one counted and on the record, and the champion's picture."""

from __future__ import annotations

from shoal.core import seeds
from shoal.core.canonical import plain
from shoal.core.errors import JudgeError
from shoal.core.journal import Journal
from shoal.core.protocols import Store
from shoal.core.values import CandidateId, Files, Split, Status, Trial
from shoal.evaluate import TaskEvaluator
from shoal.report import RunView
from shoal.tasks import Task

__all__ = ["open_seal", "picture_of"]


async def open_seal(
    evaluator: TaskEvaluator, task: Task, store: Store, journal: Journal, view: RunView, *, salt: bytes, run: str
) -> None:
    """Measure champion and initial program on sealed instances; each pair of checkpoint and split once per run."""
    if task.instances.fixed or view.champion is None or view.initial is None:
        return
    seen = {(look["candidate"], look["split"]) for look in view.looks}
    for checkpoint, candidate in (("initial", view.initial), ("champion", view.champion)):
        for split, count in ((Split.SEALED, task.instances.sealed), (Split.SEARCH, task.instances.search)):
            if (candidate, str(split)) in seen:
                continue
            trial = Trial(split, tuple(range(count)), candidate)
            try:
                files, seed = _files(store, view, candidate), seeds.number(0, salt.hex(), split)
                outcome = await evaluator.evaluate(trial, files, seed=seed)
                if outcome.status is Status.LOST:  # a look is on the record for good: not for a lost worker
                    outcome = await evaluator.evaluate(trial, files, seed=seed)
            except JudgeError as error:
                journal.add("note", kind="judge_failed", text=f"behind the seal: {error}"[:2000], data=None)
                continue
            journal.add("look", checkpoint=checkpoint, candidate=candidate, split=str(split), outcome=plain(outcome))
            journal.flush()


async def picture_of(evaluator: TaskEvaluator, store: Store, view: RunView, *, seed: int) -> bytes | None:
    """The champion's first search instance, drawn; None where the task draws nothing."""
    if view.champion is None or not evaluator.setting.has_picture:
        return None
    trial = Trial(Split.SEARCH, (0,), view.champion)
    files = _files(store, view, view.champion)
    try:
        shown = await evaluator.show(trial, files, seed=seeds.number(seed, trial.split, trial.draw), keep=True)
    except JudgeError:
        return None
    return await evaluator.picture(shown.kept)


def _files(store: Store, view: RunView, candidate: CandidateId) -> Files:
    return {name: store.get(digest) for name, digest in view.candidates[candidate].files.items()}
