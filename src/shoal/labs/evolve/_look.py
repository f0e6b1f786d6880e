"""After the run: looks behind the seal, each one counted and on the record, and the champion's picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from shoal.core import seeds
from shoal.core.canonical import plain
from shoal.core.errors import JudgeError
from shoal.core.journal import Journal
from shoal.core.loop import Stop
from shoal.core.protocols import Store
from shoal.core.values import CandidateId, Files, Split, Status, Trial
from shoal.evaluate import TaskEvaluator
from shoal.labs.evolve._stopping import unless_stopped
from shoal.report import FORMER, TRANSFER, RunView
from shoal.store import salt_name
from shoal.tasks import Task

__all__ = ["Looked", "look_seed", "open_seal", "picture_of"]

Looked = Callable[[int, int], None]
CHAMPIONS_SHOWN = 24  # of those that were champion for a while, the newest


async def open_seal(
    evaluator: TaskEvaluator,
    task: Task,
    store: Store,
    journal: Journal,
    view: RunView,
    *,
    salt: bytes,
    run: str,
    looked: Looked | None = None,
    stop: Stop | None = None,
) -> None:
    """Measure champion and initial program on instances that nobody has met; each checkpoint and split once per run.

    Sealed instances, fresh ones like those of validation and of search, and other families where the task names some.
    A task with one fixed instance has nothing to hold out: there the champion is run once more, in a fresh process with
    another seed. ``looked`` is told how many of how many looks are done; ``stop`` leaves the others for another time.
    """
    if view.champion is None or view.initial is None:
        return
    seen = {(look["candidate"], look["split"]) for look in view.looks}
    due = [one for one in _checkpoints(task, view) if (one[2].candidate, one[1]) not in seen]
    if due:  # what will be looked at is on the record before anything is seen
        named = {checkpoint: trial.candidate for checkpoint, _, trial in due}
        told = ", ".join(f"{candidate} ({checkpoint})" for checkpoint, candidate in named.items())
        journal.add("note", kind="checkpoints", text=f"to be looked at on held-out instances: {told}", data=named)
        journal.flush()
    for number, (checkpoint, name, trial) in enumerate(due):
        if looked is not None:
            looked(number, len(due))
        candidate = trial.candidate
        assert candidate is not None
        try:
            files, seed = _files(store, view, candidate), look_seed(salt, name)
            outcome = await unless_stopped(evaluator.evaluate(trial, files, seed=seed), stop)
            if outcome is not None and outcome.status is Status.LOST:  # a look is on the record for good
                outcome = await unless_stopped(evaluator.evaluate(trial, files, seed=seed), stop)
        except JudgeError as error:
            journal.add("note", kind="judge_failed", text=f"behind the seal: {error}"[:2000], data=None)
            continue
        if outcome is None:
            return
        grown = salt_name(salt)
        journal.add("look", checkpoint=checkpoint, candidate=candidate, split=name, outcome=plain(outcome), salt=grown)
        journal.flush()


def look_seed(salt: bytes, split: str) -> int:
    """The seed of the instances behind the seal, by the name of what is looked at."""
    return seeds.number(0, salt.hex(), split)


def _checkpoints(task: Task, view: RunView) -> Iterator[tuple[str, str, Trial]]:
    """Checkpoint, the name of what is looked at, and the trial."""
    ids = {"initial": view.initial, "champion": view.champion}
    if task.instances.fixed:
        yield "champion", str(Split.SEARCH), Trial(Split.SEARCH, (0,), view.champion)
        return
    if view.champion == view.initial:  # one look tells all there is to tell
        del ids["champion"]
    for checkpoint, candidate in ids.items():
        for name, trial in _held_out(task):
            if task.kind == "timed" and candidate != view.champion and name.startswith(TRANSFER):
                continue  # the champion's look has the initial program's times beside its own
            yield checkpoint, name, replace(trial, candidate=candidate)
    if task.kind == "timed":  # an hour of measuring for a curve of three points
        return
    name, trial = str(Split.VALIDATION), Trial(Split.VALIDATION, tuple(range(task.instances.validation)))
    passed = [one for one in dict.fromkeys(view.champions) if one not in ids.values()]
    for candidate in passed[-CHAMPIONS_SHOWN:]:
        yield FORMER + candidate, name, replace(trial, candidate=candidate)


def _held_out(task: Task) -> Iterator[tuple[str, Trial]]:
    counts = task.instances
    yield str(Split.SEALED), Trial(Split.SEALED, tuple(range(counts.sealed)))
    yield str(Split.VALIDATION), Trial(Split.VALIDATION, tuple(range(counts.validation)))
    yield str(Split.SEARCH), Trial(Split.SEARCH, tuple(range(counts.search)))
    for stage, family in enumerate(counts.transfer, start=1):
        yield f"{TRANSFER}{family}", Trial(Split.SEALED, tuple(range(counts.sealed)), stage=stage)


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
