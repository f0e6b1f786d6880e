"""Behind the seal: who is looked at is named first, then each is measured once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from shoal.core import seeds
from shoal.core.canonical import plain
from shoal.core.loop import Stop
from shoal.core.values import CandidateId, Counted, Split, Trial
from shoal.labs.selfimprove._asking import LOOK
from shoal.labs.selfimprove._canaries import places_of
from shoal.labs.selfimprove._choose import LOOK_SEED, canary_trial, freeze
from shoal.labs.selfimprove._evaluator import Task
from shoal.labs.selfimprove._holding import Purse
from shoal.labs.selfimprove._lab import Lab
from shoal.labs.selfimprove._record import after_the_end, close, files_of, journal_of
from shoal.report import RunView
from shoal.store import RunFolder, SqlStore, salt_name

__all__ = [
    "Known",
    "LookTable",
    "look",
    "looks_of",
    "name_checkpoints",
    "open_sealed",
    "programs_of",
]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look came to: the ``outcome`` as the log has it, and the blobs that it names."""

    outcome: dict[str, Any]
    blobs: tuple[bytes, ...]


Known = dict[str, Seen]
"""By the agent's files and the split."""
LookTable = Mapping[CandidateId, tuple[float, ...]]
"""Of each agent looked at, 1.0 or 0.0 for each sealed task."""


async def open_sealed(lab: Lab, salt: bytes) -> tuple[Task, ...]:
    """The sealed stream; its bugs are planted now, and grow from the salt."""
    stream = await lab.open(Split.SEALED, seed=seeds.number(0, salt.hex(), "sealed"))
    lab.set_canaries(salt)
    return stream


def name_checkpoints(folder: RunFolder, checkpoints: Mapping[str, CandidateId]) -> None:
    """Put it on the record who will be looked at behind the seal, before anything is seen; once."""
    with folder.lock():
        store = folder.store()
        try:
            journal = journal_of(store, folder.id)
            told = ", ".join(f"{candidate} ({checkpoint})" for checkpoint, candidate in checkpoints.items())
            text = f"to be looked at on sealed tasks: {told}"
            journal.add("note", kind="checkpoints", text=text, data=dict(checkpoints))
            journal.flush()
        finally:
            store.close()


async def look(
    lab: Lab,
    folder: RunFolder,
    checkpoints: Mapping[str, CandidateId],
    *,
    salt: bytes,
    known: Known,
    purse: Purse,
    stop: Stop,
) -> None:
    """Measure the checkpoints of a finished run on sealed tasks and canaries, once each; equal agents are run once.

    ``known`` holds outcomes by the agent's files, and is filled; ``purse`` is what each look may spend on a model.
    """
    with folder.lock():
        store = folder.store()
        try:
            view = RunView.read(store, folder.id)
            for one in view.looks:
                if (key := _look_key(view, one["candidate"], one["split"])) not in known:
                    known[key] = _seen(store, one["outcome"])
            await _look_at(lab, folder, store, view, checkpoints, salt=salt, known=known, purse=purse, stop=stop)
            view = RunView.read(store, folder.id)
            if not stop.now and not view.summary.get("looks"):
                close(store, view, status="done")
        finally:
            store.close()


async def _look_at(
    lab: Lab,
    folder: RunFolder,
    store: SqlStore,
    view: RunView,
    checkpoints: Mapping[str, CandidateId],
    *,
    salt: bytes,
    known: Known,
    purse: Purse,
    stop: Stop,
) -> None:
    seen = {(one["candidate"], one["split"]) for one in view.looks}
    splits = (Split.CANARY, Split.SEALED)
    if seen >= {(candidate, split) for candidate in checkpoints.values() for split in splits}:
        return
    stream = await open_sealed(lab, salt)
    sealed = Trial(Split.SEALED, tuple(range(min(len(stream), lab.config.sealed))))
    grown = salt_name(salt)
    with ExitStack() as stack:
        journal, evaluator = after_the_end(lab, folder, store, stack)
        for checkpoint, candidate in checkpoints.items():
            files, left = files_of(store, view, candidate), replace(purse)
            for split in splits:
                if stop.now:
                    return
                key = _look_key(view, candidate, split)
                canary = split is Split.CANARY
                if key not in known and (not canary or places_of(lab.streams, Split.SEALED)):
                    trial = canary_trial(lab, Split.SEALED, left) if canary else sealed
                    place = f"{LOOK}/{candidate}/{split}" if canary else f"{LOOK}/{candidate}"
                    made = await evaluator.look(trial, files, seed=LOOK_SEED, key=place, purse=replace(left))
                    known[key] = _seen(store, plain(made))
                if key not in known:
                    continue
                outcome = known[key].outcome
                left.pay([Counted(**outcome["counted"])])
                if (candidate, split) not in seen:
                    outcome = {**outcome, "trial": {**outcome["trial"], "candidate": candidate}}
                    for blob in known[key].blobs:  # of another run, perhaps
                        store.put(blob)
                    journal.add(
                        "look", checkpoint=checkpoint, candidate=candidate, split=split, outcome=outcome, salt=grown
                    )
                    if canary and outcome["score"] is not None:
                        freeze(journal, view, candidate)
                    journal.flush()


def looks_of(view: RunView) -> LookTable:
    """What the looks of a run showed."""
    return {
        one["candidate"]: tuple(float(each["value"] or 0.0) for each in one["outcome"]["per_instance"])
        for one in view.looks
        if one["split"] == Split.SEALED
    }


def _seen(store: SqlStore, outcome: dict[str, Any]) -> Seen:
    return Seen(outcome, tuple(store.get(digest) for digest in outcome["artifacts"].values()))


def _look_key(view: RunView, candidate: CandidateId, split: str) -> str:
    """Equal for looks of equal agents at the same tasks."""
    return " ".join([split, *(digest for _, digest in sorted(view.candidates[candidate].files.items()))])


def programs_of(lab: Lab) -> Iterator[str]:
    """The program of each sealed task that is looked at, in order."""
    yield from (task.program for task in lab.streams[Split.SEALED][: lab.config.sealed])
