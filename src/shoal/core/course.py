"""The course of a run: what was issued, what was admitted, what is spent, and the digest. No I/O, no clock.

The live loop, a resumed run and an audit all drive this same object, so they cannot disagree. One rule makes an
ordered run repeatable: whenever there is room, issue; otherwise admit exactly one result; then look again. With
``ordered=True`` results are admitted by work number through a reorder buffer, so every decision is a function of
the seed and the earlier results alone; with ``ordered=False``, in order of arrival.
"""

from __future__ import annotations

import hashlib
import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from shoal.core import seeds
from shoal.core.budget import PAID_UNITS, Budget, Spent, exceeded, worst_case
from shoal.core.canonical import canonical, sha256
from shoal.core.errors import MachineryError, UserError
from shoal.core.protocols import Search
from shoal.core.records import write_work
from shoal.core.values import (
    Ask,
    Candidate,
    CandidateId,
    Counted,
    Digest,
    Done,
    Measure,
    Measured,
    Note,
    Outcome,
    Propose,
    Result,
    Split,
    Status,
    Trial,
    Wait,
    Work,
)

__all__ = ["REJECTS_IN_A_ROW", "Admitted", "Course", "Issued", "trial_key"]

S = TypeVar("S")
REJECTS_IN_A_ROW = 1_000


@dataclass(frozen=True, slots=True)
class Issued:
    """The search decided on ``work`` as item ``k``."""

    k: int
    work: Work


@dataclass(frozen=True, slots=True)
class Admitted:
    """Item ``k`` was learnt from; ``result`` is final (duplicates are marked)."""

    k: int
    work: Work
    result: Result
    notes: tuple[Note, ...]


class Course(Generic[S]):
    """The book of one run. ``advance`` is its only clockwork; ``arrive`` its only input."""

    def __init__(self, search: Search[S], *, seed: int, window: int, ordered: bool, budget: Budget) -> None:
        self.search, self.seed, self.window, self.ordered, self.budget = search, seed, window, ordered, budget
        self.state = search.initial()
        self.spent = Spent()
        self.issued = 0
        self.admitted = 0
        self.halt_reason: str | None = None
        self.candidates: dict[CandidateId, Candidate] = {}
        self.outcomes: dict[CandidateId, Outcome] = {}
        self.in_flight: dict[int, Work] = {}
        self._most: dict[int, Spent] = {}  # that each item in flight can add
        self._reserved = Spent()
        self._arrived: dict[int, Result] = {}
        self._queue: deque[int] = deque()
        self._known: dict[Digest, _Known] = {}
        self._keys: dict[int, Digest] = {}  # of results that have arrived and are not admitted
        self._waits = 0
        self._blocked = False
        self._rejects = 0
        self._lines: dict[int, bytes] = {}
        self._digest = hashlib.sha256()
        self._digested = 0

    # -- the clockwork -------------------------------------------------------------------------------------------

    def advance(self) -> Issued | Admitted | None:
        """Issue one item if there is room, else admit one result; None when only an arrival can go on."""
        while True:
            if self._may_issue():
                issued = self._issue()
                if issued is not None:
                    return issued
                continue
            return self._admit_one()

    def arrive(self, k: int, result: Result) -> None:
        """Hand in the result of item ``k``."""
        if k not in self.in_flight or k in self._arrived:
            raise MachineryError(f"a result arrived for item {k}, which is not in flight")
        if result.outcome is not None:
            key = self._keys[k] = self.key_of(self.in_flight[k], result)
            if key not in self._known:
                self._known[key] = _Known(_lasting(result.outcome))
        self._arrived[k] = result
        self._queue.append(k)

    def missing(self) -> list[tuple[int, Work]]:
        """What is in flight without a result: after a crash, the work to do again."""
        return [(k, work) for k, work in self.in_flight.items() if k not in self._arrived]

    def known(self, key: Digest) -> Outcome | None:
        """The outcome of a trial that need not be evaluated again, by its key; without what was measured of it."""
        known = self._known.get(key)
        return None if known is None else known.outcome

    def halt(self, reason: str) -> None:
        """Issue nothing more; what is in flight may still be admitted."""
        if self.halt_reason is None:
            self.halt_reason = reason

    def extend(self, budget: Budget) -> None:
        """Go on with this total."""
        self.budget, self.halt_reason, self._rejects = budget, None, 0
        if (paid := getattr(self.search, "with_paid_work", None)) is not None:
            self.state = paid(self.state)

    def release(self, id: CandidateId) -> tuple[Note, ...]:
        """A person lets a candidate go on that the search holds back (see `Search`).

        Raises `UserError` when it holds none of that name.
        """
        release = getattr(self.search, "release", None)
        try:
            if release is None:
                raise KeyError(id)
            self.state, notes = release(self.state, id)
        except KeyError:
            raise UserError(f"{id} is not held: there is nothing to release") from None
        return tuple(notes)

    @property
    def idle(self) -> bool:
        """Nothing in flight."""
        return not self.in_flight

    def digest(self) -> Digest:
        """SHA-256 over the ordered decisions and outcomes: what a rerun must reproduce."""
        done = self._digest.copy()
        for k in sorted(self._lines):
            done.update(self._lines[k])
        return done.hexdigest()

    # -- issuing -------------------------------------------------------------------------------------------------

    def _may_issue(self) -> bool:
        return self.halt_reason is None and not self._blocked and len(self.in_flight) < self.window and self._fits()

    def _fits(self) -> bool:
        """Whether the smallest piece of work still fits beside what is in flight at its worst case."""
        over = exceeded(self.budget, self._with(Spent(counted=Counted(evaluations=1, instance_runs=1), proposals=1)))
        if over is not None and self.idle:
            self.halt(f"budget: {over}")
        return over is None

    def _with(self, more: Spent) -> Spent:
        """What would be used with ``more``, and everything in flight, at its worst case."""
        held = self.spent.plus(self._reserved.counted, proposals=self._reserved.proposals)
        return held.plus(more.counted, proposals=more.proposals)

    def _issue(self) -> Issued | None:
        k = self.issued
        state, work = self.search.next(self.state, seeds.generator(self.seed, k, self._waits, "next"))
        most = worst_case(work)
        if (over := exceeded(self.budget, self._with(most))) is not None:
            # The decision is forgotten and taken again: when less is in flight, or with a larger budget.
            self._blocked = True
            if self.idle:
                self._blocked = False
                self._cannot_pay(over)
            return None
        self.state = state
        if isinstance(work, Done):
            self.halt(f"search: {work.reason}")
            return None
        if isinstance(work, Wait):
            if self.idle:
                raise MachineryError(f"the search waits ({work.reason}) with nothing in flight")
            self._blocked, self._waits = True, self._waits + 1
            return None
        self._waits = 0
        self.issued += 1
        self.in_flight[k], self._most[k] = work, most
        self._reserve(most, +1)
        return Issued(k, work)

    def _cannot_pay(self, over: str) -> None:
        """Nothing is in flight and the budget does not hold the next decision: go on without models, or end."""
        unpaid = getattr(self.search, "without_paid_work", None)
        state = unpaid(self.state) if unpaid is not None and over.startswith(PAID_UNITS) else None
        if state is None:
            self.halt(f"budget: {over}")
        else:
            self.state = state

    def _reserve(self, most: Spent, sign: int) -> None:
        held = self._reserved
        counted = Counted(
            evaluations=held.counted.evaluations + sign * most.counted.evaluations,
            instance_runs=held.counted.instance_runs + sign * most.counted.instance_runs,
            tokens=held.counted.tokens + sign * most.counted.tokens,
            usd=self._dollars_held() if most.counted.usd else held.counted.usd,
        )
        self._reserved = Spent(counted=counted, proposals=held.proposals + sign * most.proposals)

    def _dollars_held(self) -> float:
        """Summed anew each time: differences of floats would leave a remainder that is nobody's."""
        return math.fsum(one.counted.usd for one in self._most.values())

    # -- admitting -----------------------------------------------------------------------------------------------

    def _admit_one(self) -> Admitted | None:
        k = self._next_admissible()
        if k is None:
            return None
        work, result = self.in_flight.pop(k), self._arrived.pop(k)
        self._reserve(self._most.pop(k), -1)
        known = self._known[self._keys.pop(k)] if k in self._keys else None
        result = self._settle(k, work, result, known)
        self._book(k, work, result, known)
        self.state, notes = self.search.admit(self.state, k, work, result)
        self.admitted += 1
        self._blocked = False
        return Admitted(k, work, result, notes)

    def _next_admissible(self) -> int | None:
        if not self.ordered:
            return self._queue.popleft() if self._queue else None
        lowest = next(iter(self.in_flight), None)  # insertion order is order of k
        return lowest if lowest in self._arrived else None

    def _settle(self, k: int, work: Work, result: Result, known: _Known | None) -> Result:
        """Decide in order of admission who pays for equal trials: the first; later ones are known already."""
        outcome = result.outcome
        if outcome is None or known is None:
            return result
        if known.payer is None:
            known.payer = k
            known.holder = work.trial.candidate if isinstance(work, Measure) else _id_of(result)
        if known.payer == k:
            return replace(result, counted=result.counted + outcome.counted)
        if isinstance(work, Propose):
            reason = f"duplicate of {known.holder}"
            return replace(result, status=Status.REJECTED, outcome=None, reason=reason, cached=True)
        return replace(result, cached=True)

    def key_of(self, work: Work, result: Result) -> Digest:
        """The cache key of the trial that ``result`` reports."""
        if isinstance(work, Measure):
            assert work.trial.candidate is not None
            return self.trial_key(work.trial, self.candidates[work.trial.candidate])
        assert isinstance(work, Propose) and work.then is not None and result.candidate is not None
        return self.trial_key(work.then, result.candidate)

    def trial_key(self, trial: Trial, candidate: Candidate) -> Digest:
        """The cache key of ``trial`` run on ``candidate``."""
        return trial_key(trial, candidate.normal, tuple(self.candidates[one].normal for one in trial.against))

    def _book(self, k: int, work: Work, result: Result, known: _Known | None) -> None:
        proposals = 1 if isinstance(work, Propose) else 0
        self.spent = self.spent.plus(result.counted, proposals=proposals)
        if result.candidate is not None and result.status is not Status.REJECTED:
            self.candidates[result.candidate.id] = result.candidate
            if known is not None and result.status is Status.OK:
                self.outcomes[result.candidate.id] = known.outcome
        if isinstance(work, Measure) and work.trial.split is Split.SEARCH and result.status is Status.OK:
            assert work.trial.candidate is not None and known is not None
            self.outcomes[work.trial.candidate] = known.outcome
        if result.status is Status.REJECTED or result.cached:
            self._rejects += 1
        elif not isinstance(work, Ask):  # an answer by itself is nothing new
            self._rejects = 0
        if self._rejects >= REJECTS_IN_A_ROW:
            self.halt(f"{REJECTS_IN_A_ROW:,} rejects in a row: the search finds nothing new")
        self._lines[k] = canonical(digest_line(k, work, result)) + b"\n"
        while self._digested in self._lines:
            self._digest.update(self._lines.pop(self._digested))
            self._digested += 1


@dataclass(slots=True)
class _Known:
    """One distinct trial: its outcome, the item that pays for it, and the candidate that this one made."""

    outcome: Outcome
    payer: int | None = None
    holder: CandidateId | None = None


_NOTHING: Mapping[str, Any] = {}  # one for all
_UNMEASURED = Measured()


def _lasting(outcome: Outcome) -> Outcome:
    """What stays in memory of an outcome for the rest of a run: 10,000 of them must stay small.

    What was measured belongs to one run of a trial and not to the trial; it is in the log.
    """
    return replace(
        outcome,
        measured=_UNMEASURED,
        metrics=outcome.metrics or _NOTHING,
        private=outcome.private or _NOTHING,
        artifacts=outcome.artifacts or _NOTHING,
    )


def _id_of(result: Result) -> CandidateId | None:
    return result.candidate.id if result.candidate is not None else None


def trial_key(trial: Trial, normal: Digest, against: tuple[Digest, ...] = ()) -> Digest:
    """Equal keys mean the same measurement: same program up to names and layout, same instances, same draw."""
    return sha256(
        canonical(
            [
                normal,
                trial.split,
                trial.stage,
                trial.instances,
                trial.draw,
                against,
                *([trial.floors] if trial.floors else []),
            ]
        )
    )


def digest_line(k: int, work: Work, result: Result) -> dict[str, object]:
    """What of one item enters the digest: decisions, files, outcomes and counted cost; nothing measured."""
    outcome = result.outcome
    line: dict[str, object] = {
        "k": k,
        "work": write_work(work),
        "status": result.status,
        "counted": result.counted,
        "reason": result.reason,
        "files": result.candidate.files if result.candidate is not None else None,
        "answer": result.answer,
    }
    if outcome is not None:
        line["outcome"] = [outcome.status, outcome.score, outcome.per_instance, outcome.metrics]
    return line
