"""A search that a person stands beside: nobody becomes champion before its difference was looked at.

`ApprovedSearch` is a search around another one. What the inner search promotes waits here: the run asks the service
`APPROVE`, which shows a person what is different, and decides nothing else until the answer is there. The answer is a
result like any other: on the record, repeated by a replay, and asked for again after a kill. With a yes the promotion
stands, and is told; with a no the inner search forgets the candidate: it has no more children, and who was champion
before stays it. The first champion is what a run begins with, and nobody is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import numpy as np

from shoal.core.values import Ask, CandidateId, Note, Result, Wait, Work
from shoal.guard._watched import AWAITS, Inner

__all__ = ["APPROVE", "REFUSED", "ApprovalState", "ApprovedSearch"]

S = TypeVar("S")
APPROVE = "approve"  # the service; payload: "candidate", and "champion", which it would follow; answer: "approved"
REFUSED = "refused"  # kind of the note that tells of a no


@dataclass(frozen=True, slots=True)
class ApprovalState(Generic[S]):
    """The inner state; promotions that wait, oldest first; who may be champion; who is, as the record tells it."""

    inner: S
    waiting: tuple[Note, ...] = ()
    asked: bool = False
    approved: tuple[CandidateId, ...] = ()
    champion: CandidateId | None = None


class ApprovedSearch(Generic[S]):
    """See the module."""

    def __init__(self, inner: Inner[S]) -> None:
        self.inner: Any = inner

    def initial(self) -> ApprovalState[S]:
        """Nobody promoted yet."""
        return ApprovalState(self.inner.initial())

    def next(self, state: ApprovalState[S], rng: np.random.Generator) -> tuple[ApprovalState[S], Work]:
        """The question that is due, else what the inner search wants."""
        if not state.waiting:
            inner, work = self.inner.next(state.inner, rng)
            return replace(state, inner=inner), work
        candidate = state.waiting[0].data["candidate"]
        if state.asked:
            return state, Wait(f"a person's word on {candidate}")
        return replace(state, asked=True), Ask(APPROVE, {"candidate": candidate, "champion": state.champion})

    def admit(
        self, state: ApprovalState[S], k: int, work: Work, result: Result
    ) -> tuple[ApprovalState[S], tuple[Note, ...]]:
        """Take in an answer, or hold back what the inner search promotes."""
        if isinstance(work, Ask) and work.service == APPROVE:
            return self._answered(replace(state, asked=False), work.payload["candidate"], result)
        inner, notes = self.inner.admit(state.inner, k, work, result)
        return _gated(replace(state, inner=inner), notes)

    def _answered(
        self, state: ApprovalState[S], candidate: CandidateId, result: Result
    ) -> tuple[ApprovalState[S], tuple[Note, ...]]:
        if not state.waiting or state.waiting[0].data["candidate"] != candidate:  # a cheat, as was found meanwhile
            return state, ()
        note = state.waiting[0]
        state = replace(state, waiting=state.waiting[1:])
        if result.answer["approved"]:
            return replace(state, approved=(*state.approved, candidate), champion=candidate), (note,)
        told = Note(REFUSED, f"{candidate} is not promoted: a person said no", {"candidate": candidate})
        inner, notes = self.inner.evict(state.inner, frozenset((candidate,)))
        state, more = _gated(replace(state, inner=inner), notes)
        return state, (told, *more)

    def evict(self, state: ApprovalState[S], ids: frozenset[CandidateId]) -> tuple[ApprovalState[S], tuple[Note, ...]]:
        """The inner search forgets, and nobody is asked about a cheat."""
        inner, notes = self.inner.evict(state.inner, ids)
        waiting = tuple(one for one in state.waiting if one.data["candidate"] not in ids)
        return _gated(replace(state, inner=inner, waiting=waiting), notes)

    # -- models' money -------------------------------------------------------------------------------------------

    def without_paid_work(self, state: ApprovalState[S]) -> ApprovalState[S] | None:
        """The inner search's word on going on without models; None where it has none."""
        ask = getattr(self.inner, "without_paid_work", None)
        inner = ask(state.inner) if ask is not None else None
        return None if inner is None else replace(state, inner=inner)

    def with_paid_work(self, state: ApprovalState[S]) -> ApprovalState[S]:
        """There is a new budget."""
        tell = getattr(self.inner, "with_paid_work", None)
        return state if tell is None else replace(state, inner=tell(state.inner))


def _gated(state: ApprovalState[S], notes: tuple[Note, ...]) -> tuple[ApprovalState[S], tuple[Note, ...]]:
    """Notes as they may be told: a promotion only of the first champion and of whom a person approved before."""
    told: list[Note] = []
    for note in notes:
        if note.kind != "champion":
            told.append(note)
            continue
        candidate = note.data["candidate"]
        if state.champion is None:
            state = replace(state, approved=(candidate,))
        if candidate in state.approved:
            told += [note] * (candidate != state.champion)  # else the record says so already
            state = replace(state, champion=candidate)
        else:
            state = replace(state, waiting=(*state.waiting, note))
            data = {"candidate": candidate, "champion": state.champion}
            told.append(Note(AWAITS, f"{candidate} would be champion: a person is asked", data))
    return state, tuple(told)
