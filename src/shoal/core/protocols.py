"""The few seams of the house. A lab supplies objects of these shapes and adds no loop of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import numpy as np

from shoal.core.events import Event
from shoal.core.values import (
    Answer,
    Brief,
    Candidate,
    CandidateId,
    Digest,
    Files,
    Json,
    Note,
    Outcome,
    Proposal,
    Result,
    Source,
    Trial,
    Verdict,
    Work,
)

if TYPE_CHECKING:
    from shoal.core.replies import Replies

__all__ = ["Evaluator", "Guard", "Plan", "Proposer", "Search", "Service", "Store"]

S = TypeVar("S")


class Search(Protocol[S]):
    """A pure state machine: state in, state out, explicit generator, no clock, no I/O, no globals.

    Neither method may change the state it is given. The state must be made of plain data (numbers, strings,
    tuples, frozen dataclasses, numpy arrays), so that it can be written down without pickle.

    Two more methods are optional. ``evict(state, ids) -> (state, notes)`` forgets candidates that turned out to be
    cheats; `shoal.guard.WatchedSearch` needs it of the search it wraps. ``release(state, id) -> (state, notes)`` lets a
    candidate go on that the search holds back; KeyError for one it does not hold.

    And two for a search that pays models: ``without_paid_work(state) -> state | None`` when tokens or dollars are used
    up (None: there is nothing it could do without), ``with_paid_work(state) -> state`` when there is a new budget.
    """

    def initial(self) -> S:
        """The state before anything was done."""
        ...

    def next(self, state: S, rng: np.random.Generator) -> tuple[S, Work]:
        """Decide the next piece of work; called when there is room in the window."""
        ...

    def admit(self, state: S, k: int, work: Work, result: Result) -> tuple[S, tuple[Note, ...]]:
        """Learn from work item ``k``; called once for each, in order of ``k`` in an ordered run."""
        ...


class Proposer(Protocol):
    """Makes a candidate. Stateless: what it must know is in the brief; all chance comes from ``rng``.

    Called concurrently. Finding nothing is a `Proposal` with ``files=None``; raising is broken machinery.
    """

    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal: ...


class Service(Protocol):
    """Answers an `Ask`, the work item ``k``. The same rules as for a proposer."""

    async def answer(
        self, payload: Json, sources: Callable[[CandidateId], Source], rng: np.random.Generator, *, k: int
    ) -> Answer: ...


class Evaluator(Protocol):
    """Runs a candidate in the sandbox and its output past the judge. Called concurrently.

    ``opponents`` are the files of ``trial.against``, in order. Where candidates may ask models (``trial.most``) a
    keyword more comes, ``key``: equal for equal trials, whoever wants them; replies belong to it and to the instance.
    A bad candidate is an `Outcome`; `JudgeError` means that the judge is at fault, `LOST` that a worker died.
    """

    async def evaluate(
        self, trial: Trial, files: Files, *, seed: int, opponents: tuple[Files, ...] = ()
    ) -> Outcome: ...


class Guard(Protocol):
    """Looks at each proposal before it is paid for and at each outcome before it is admitted. Pure."""

    def before(self, brief: Brief, proposal: Proposal) -> Verdict: ...
    def after(self, candidate: Candidate, outcome: Outcome) -> Verdict: ...


class Store(Protocol):
    """An append-only log per run, and blobs by digest. One writer per run; any number of readers."""

    def append(self, run: str, events: Sequence[Event], *, expect: int) -> int:
        """Write ``events`` as numbers ``expect``, ``expect + 1``, ... atomically; return the next number.

        Raises `StoreError` when the log does not end at ``expect``: someone else wrote.
        """
        ...

    def read(self, run: str, *, after: int = 0, limit: int = 1000) -> Iterator[Event]:
        """Yield events numbered ``after`` and later, at most ``limit`` of them."""
        ...

    def put(self, data: bytes) -> Digest:
        """Keep ``data``; durable no later than the next `append`."""
        ...

    def get(self, digest: Digest) -> bytes:
        """Return the bytes of ``digest``; `StoreError` when they are missing or do not match."""
        ...


@dataclass(frozen=True, slots=True)
class Plan(Generic[S]):
    """All that a run needs besides a store and a budget.

    ``first`` are the programs to start from, which the search asks the proposer "initial" for; ``about`` goes into
    event 0 (task, configuration, hashes, isolation); ``replies`` keeps what models are paid for.
    """

    search: Search[S]
    proposers: Mapping[str, Proposer]
    evaluator: Evaluator
    services: Mapping[str, Service] = field(default_factory=dict)
    guards: tuple[Guard, ...] = ()
    first: tuple[Files, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)
    replies: Replies | None = None
