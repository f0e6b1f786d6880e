"""What a run keeps and what is written there: replies of models, transcripts, files of agents, its last event."""

from __future__ import annotations

from contextlib import ExitStack

from shoal.core.errors import UserError
from shoal.core.journal import Journal
from shoal.core.replies import Replies
from shoal.core.values import CandidateId, Files, Split
from shoal.labs.selfimprove._asking import Models, Record
from shoal.labs.selfimprove._evaluator import AgentEvaluator
from shoal.labs.selfimprove._holding import spending_of
from shoal.labs.selfimprove._lab import Lab
from shoal.report import RunView, events_of, results
from shoal.store import RunFolder, SqlStore

__all__ = [
    "after_the_end",
    "close",
    "files_of",
    "journal_of",
    "record_of",
    "replies_of",
]


def replies_of(lab: Lab, folder: RunFolder, stack: ExitStack) -> Replies | None:
    """Where the run's replies of a model are kept; None where no model is asked."""
    config = lab.config
    if config.member is None:
        return None
    if config.replay_models is None:
        return Replies()
    other = RunFolder(config.replay_models / folder.id)
    if not other.file.exists():
        raise UserError(f"{config.replay_models} has no run {folder.id}: replay with the arms and seeds of that study")
    source = other.store(read_only=True)
    stack.callback(source.close)
    return Replies(source=(source, other.id))


def record_of(lab: Lab, store: SqlStore, replies: Replies | None) -> Record:
    """What a run lends to its measurements."""
    member = lab.config.member
    if member is None or replies is None:
        return Record(store.put)
    spending = spending_of(lab.config, len(lab.streams[Split.SEARCH]))
    return Record(store.put, spending, Models(member, lab.client, replies))


def after_the_end(lab: Lab, folder: RunFolder, store: SqlStore, stack: ExitStack) -> tuple[Journal, AgentEvaluator]:
    """For measurements after the end of a run: its journal, and an evaluator that writes its calls of models there."""
    journal, replies = journal_of(store, folder.id), replies_of(lab, folder, stack)
    if replies is not None:
        replies.bind(store, journal, events_of(store, folder.id))
    return journal, lab.evaluator.within(record_of(lab, store, replies))


def files_of(store: SqlStore, view: RunView, candidate: CandidateId) -> Files:
    """What an agent of a run is made of."""
    return {name: store.get(digest) for name, digest in view.candidates[candidate].files.items()}


def close(store: SqlStore, view: RunView, *, status: str, reason: str = "") -> None:
    """What the run came to, as its last event."""
    journal = journal_of(store, view.run)
    summary = {
        "run": view.run,
        "task": view.task,
        "status": status,
        "reason": reason or view.reason,
        "champion": view.champion,
        **results(view),
        "evaluations": view.spent.counted.evaluations,
        "label": view.label,
        "digest": view.recorded_digest,
        "chain_head": view.chain_head,
    }
    journal.add("closed", summary=summary)
    journal.flush()


def journal_of(store: SqlStore, run: str) -> Journal:
    last = store.last(run)
    assert last is not None
    return Journal(store, run, seq=last.seq + 1, head=last.head)
