"""Measuring a recorded run's champion and first program again, from the stored files, in a fresh sandbox."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from shoal.core import seeds
from shoal.core.errors import JudgeError, MachineryError, StoreError
from shoal.core.protocols import Store
from shoal.core.records import fitted, read_outcome
from shoal.core.values import CandidateId, Files, Measure, Outcome, Propose, Result, Split, Status, Trial
from shoal.evaluate import TaskEvaluator
from shoal.labs.evolve._about import changed_since
from shoal.labs.evolve._look import look_seed
from shoal.report import SELF_SCORED, Finding, Ledger, RunView, events_of, looked_at
from shoal.store import salt_name
from shoal.tasks import Task, setting_of

__all__ = ["rescore"]

MOST_TRIALS = 4  # of one candidate: the search trial, and the last others
LOST_RETRIES = 2
CHECK = "score"


@dataclass(frozen=True, slots=True)
class _Recorded:
    """One trial of a candidate as the log has it."""

    who: str
    candidate: CandidateId
    trial: Trial
    outcome: Outcome
    seed: int
    look: str = ""  # the name of what was looked at behind the seal

    @property
    def name(self) -> str:
        where = f"{self.look} behind the seal" if self.look else f"{self.trial.split} draw {self.trial.draw}"
        return f"{looked_at(self.who, self.candidate)} on {where}"


async def rescore(
    store: Store, run: str, *, task: Task | None, salt: bytes | None = None, level: int | None = None
) -> Finding:
    """Measure again what the log says of champion and initial program; every number must come out the same.

    The search trial and the last others of each (`MOST_TRIALS`), with the recorded seed and draws, from the stored
    blobs; scores, per-instance values and metrics are compared exactly. ``task`` is the task as it is now, None where
    it is not on this machine. With the ``salt`` that looks behind the seal were grown from, these are repeated too:
    that shows nothing new, so it is no further look. The finding's ``ok`` is None where nothing can be compared: the
    task has changed, its score is a measurement, or this machine has no sandbox.
    """
    try:
        view = RunView.read(store, run)
        trials = [*_trials(store, run, view), *_looks(view, salt)]
    except (StoreError, AttributeError, KeyError, TypeError, ValueError) as error:
        return Finding(CHECK, None, f"not measured again: the log cannot be folded ({error})")
    if (why := _why_not(view, task, trials)) is not None or task is None:
        return Finding(CHECK, None, f"not measured again: {why}")
    try:
        async with TaskEvaluator(setting_of(task), workers=os.cpu_count() or 1, level=level) as evaluator:
            return await _all_of(evaluator, store, view, trials)
    except (MachineryError, StoreError) as error:
        return Finding(CHECK, None, f"not measured again: {error}")


def _why_not(view: RunView, task: Task | None, trials: list[_Recorded]) -> str | None:
    if task is None:
        return "the task is not on this machine any more"
    try:
        changed = changed_since(task, view.about)
    except (AttributeError, KeyError, TypeError, ValueError):
        return "event 0 does not say what the task was"
    if changed:
        return f"{', '.join(changed)} of the task changed since the run"
    return None if trials else "nothing has a score on the record"


async def _all_of(evaluator: TaskEvaluator, store: Store, view: RunView, trials: list[_Recorded]) -> Finding:
    wrong, told = [], []
    for one in trials:
        files = {name: store.get(digest) for name, digest in view.candidates[one.candidate].files.items()}
        again = await _measure(evaluator, one, files)
        told.append(f"{one.name} {_value(view, again.score)}")
        if view.about.get("measured"):
            told[-1] += f" (recorded {_value(view, one.outcome.score)})"
        elif (difference := _difference(view, one.outcome, again)) is not None:
            wrong.append(f"{one.name}: {difference}")
    where = f"in a fresh sandbox (level {evaluator.level})"
    if wrong and view.self_scored:
        return Finding(CHECK, None, f"{SELF_SCORED}, which need not repeat itself: {'; '.join(wrong)}; {where}")
    if wrong:
        return Finding(CHECK, False, f"{'; '.join(wrong)}; {where}")
    if view.about.get("measured"):
        return Finding(CHECK, None, f"the score is a measurement, so it is not compared: {'; '.join(told)}; {where}")
    return Finding(CHECK, True, f"measured again, the same to the last digit: {'; '.join(told)}; {where}")


async def _measure(evaluator: TaskEvaluator, one: _Recorded, files: Files) -> Outcome:
    """Once more what was measured; a judge that fails now is an outcome here."""
    try:
        for _ in range(1 + LOST_RETRIES):
            outcome = await evaluator.evaluate(one.trial, files, seed=one.seed)
            if outcome.status is not Status.LOST:
                break
    except JudgeError as error:
        return Outcome(one.trial, Status.CRASH, None, feedback=f"the judge failed: {error}")
    cut = fitted(Result(outcome.status, outcome=outcome)).outcome
    return cut if cut is not None else outcome


def _difference(view: RunView, recorded: Outcome, again: Outcome) -> str | None:
    """What is not as recorded, with both numbers; None when all of it is."""
    if (recorded.status, recorded.score) != (again.status, again.score):
        end = "" if again.status is Status.OK else f" ({again.status}: {again.feedback[:200]})"
        return f"recorded {_value(view, recorded.score)}, measured {_value(view, again.score)}{end}"
    for then, now in zip(recorded.per_instance, again.per_instance, strict=False):
        if then != now:
            return f"instance {then.index}: recorded {then.value!r}, measured {now.value!r}"
    if len(recorded.per_instance) != len(again.per_instance):
        return f"recorded {len(recorded.per_instance)} instances, measured {len(again.per_instance)}"
    for name in sorted({*recorded.metrics, *again.metrics}):
        if recorded.metrics.get(name) != again.metrics.get(name):
            return f"metric {name}: recorded {recorded.metrics.get(name)!r}, measured {again.metrics.get(name)!r}"
    return None


def _value(view: RunView, score: float | None) -> str:
    return "no score" if score is None else repr(view.natural(score))


# -- what to measure ----------------------------------------------------------------------------------------------


def _trials(store: Store, run: str, view: RunView) -> Iterator[_Recorded]:
    """The recorded trials of initial program and champion, each candidate's in order."""
    whose = {view.champion: "champion", view.initial: "initial"}
    first: dict[str, _Recorded] = {}
    later: dict[str, deque[_Recorded]] = {}
    for trial, outcome in _scored(store, run):
        id = trial.candidate
        if id is None or id not in whose or trial.against:
            continue
        seed = seeds.number(int(view.started["seed"]), trial.split, trial.draw)
        one = _Recorded(whose[id], id, trial, outcome, seed)
        if trial.split is Split.SEARCH and first.setdefault(id, one) is one:
            continue
        later.setdefault(id, deque(maxlen=MOST_TRIALS - 1)).append(one)
    for id in filter(None, dict.fromkeys((view.initial, view.champion))):
        yield from ([first[id]] if id in first else [])
        yield from later.get(id, ())


def _looks(view: RunView, salt: bytes | None) -> Iterator[_Recorded]:
    """The looks behind the seal that were grown from this salt."""
    for look in view.looks if salt is not None else ():
        if salt is not None and look.get("salt") == salt_name(salt):
            outcome, split = read_outcome(look["outcome"]), str(look["split"])
            who, candidate = str(look["checkpoint"]), str(look["candidate"])
            yield _Recorded(who, candidate, outcome.trial, outcome, look_seed(salt, split), split)


def _scored(store: Store, run: str) -> Iterator[tuple[Trial, Outcome]]:
    """Every scored trial of the log, with its candidate's name."""
    events = events_of(store, run)
    ledger = Ledger(ordered=bool(next(events).data["ordered"]), hashed=False)
    for event in events:
        for item in ledger.take(event.data, seq=event.seq):
            outcome, candidate = item.result.outcome, item.result.candidate
            if outcome is None or outcome.score is None or item.result.status is not Status.OK:
                continue
            match item.work:
                case Propose(then=trial) if trial is not None and candidate is not None:
                    yield replace(trial, candidate=candidate.id), outcome
                case Measure(trial=trial):
                    yield trial, outcome
