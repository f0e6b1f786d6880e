"""A run whose first program is written by a model: what is asked before the search proper begins.

One call at a time, each told why the one before it came to nothing, until a program gets a score. That program is to
the inner search what a task's own first program would be.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from shoal.core.values import CandidateId, Done, Note, Propose, Result, Status, Wait, Work
from shoal.search._model_arms import FEEDBACK, ModelArm

__all__ = ["FIRST_TRIES", "WRITER", "FirstProgramSearch", "FirstProgramState"]

WRITER = "writer"  # the proposer of a program that nothing comes before
FIRST_TRIES = 5

S = TypeVar("S")


class Inner(Protocol[S]):
    """A search that begins with one initial program, and forgets cheats."""

    def initial(self) -> S: ...
    def next(self, state: S, rng: np.random.Generator) -> tuple[S, Work]: ...
    def admit(self, state: S, k: int, work: Work, result: Result) -> tuple[S, tuple[Note, ...]]: ...
    def evict(self, state: S, ids: Collection[CandidateId]) -> tuple[S, tuple[Note, ...]]: ...


@dataclass(frozen=True, slots=True)
class FirstProgramState(Generic[S]):
    """``wanted`` is the inner search's own work for its first program, None before it asked and once it has one.

    ``tries`` counts answers since the budget was last set; ``why`` says what was wrong with the last of them, and
    ``last`` is the program in it, where there was one.
    """

    inner: S
    begun: bool = False
    wanted: Propose | None = None
    waiting: bool = False
    tries: int = 0
    why: str = ""
    last: CandidateId | None = None


class FirstProgramSearch(Generic[S]):
    """See the module. After `FIRST_TRIES` answers without a score the run ends; a new budget allows as many again."""

    def __init__(self, inner: Inner[S], *, models: Sequence[ModelArm]) -> None:
        self.inner, self.models = inner, tuple(models)
        weights = np.array([one.weight for one in self.models])
        self._shares = weights / weights.sum()

    def initial(self) -> FirstProgramState[S]:
        """Nothing asked yet."""
        return FirstProgramState(self.inner.initial())

    def next(self, state: FirstProgramState[S], rng: np.random.Generator) -> tuple[FirstProgramState[S], Work]:
        """Ask for the first program; once there is one, whatever the inner search wants."""
        if state.begun:
            inner, work = self.inner.next(state.inner, rng)
            return replace(state, inner=inner), work
        if state.waiting:
            return state, Wait("the first program")
        if state.tries >= FIRST_TRIES:
            return state, Done(f"{FIRST_TRIES} answers and no first program that gets a score; the last: {state.why}")
        if state.wanted is None:
            inner, wanted = self.inner.next(state.inner, rng)
            assert isinstance(wanted, Propose)
            state = replace(state, inner=inner, wanted=wanted)
        return replace(state, waiting=True), self._asked(state, rng)

    def _asked(self, state: FirstProgramState[S], rng: np.random.Generator) -> Propose:
        assert state.wanted is not None
        model = self.models[int(rng.choice(len(self.models), p=self._shares))]
        told = {"operator": f"{model.name}/first", "model": model.name, "task": "first"}
        if state.why:
            told["feedback"] = state.why
        shown = () if state.last is None else (state.last,)
        return Propose(WRITER, inspirations=shown, payload=told, then=state.wanted.then, most=model.most)

    def admit(
        self, state: FirstProgramState[S], k: int, work: Work, result: Result
    ) -> tuple[FirstProgramState[S], tuple[Note, ...]]:
        """A first program with a score is handed to the inner search as its own; anything else is told to the model."""
        wanted = state.wanted
        if wanted is None or not isinstance(work, Propose) or work.proposer != WRITER:
            inner, notes = self.inner.admit(state.inner, k, work, result)
            return replace(state, inner=inner), notes
        if result.status is Status.OK and result.outcome is not None and result.outcome.score is not None:
            inner, notes = self.inner.admit(state.inner, k, wanted, result)
            return replace(state, inner=inner, begun=True, wanted=None, waiting=False), notes
        state = replace(state, waiting=False, tries=state.tries + 1)
        if result.cached:  # the same program again: the same is wrong with it
            return state, ()
        last = None if result.status is Status.REJECTED or result.candidate is None else result.candidate.id
        return replace(state, why=_why(result)[:FEEDBACK], last=last), ()

    def evict(
        self, state: FirstProgramState[S], ids: Collection[CandidateId]
    ) -> tuple[FirstProgramState[S], tuple[Note, ...]]:
        """Forget candidates that turned out to be cheats."""
        inner, notes = self.inner.evict(state.inner, ids)
        return replace(state, inner=inner, last=None if state.last in ids else state.last), notes

    def without_paid_work(self, state: FirstProgramState[S]) -> FirstProgramState[S] | None:
        """The inner search's word; without a first program nothing can be done."""
        ask: Any = getattr(self.inner, "without_paid_work", None)
        inner = ask(state.inner) if state.begun and ask is not None else None
        return None if inner is None else replace(state, inner=inner)

    def with_paid_work(self, state: FirstProgramState[S]) -> FirstProgramState[S]:
        """There is a new budget: as many answers again, and the inner search may ask models."""
        tell: Any = getattr(self.inner, "with_paid_work", None)
        inner = state.inner if tell is None else tell(state.inner)
        return replace(state, inner=inner, tries=0)


def _why(result: Result) -> str:
    """What was wrong, in words."""
    if result.outcome is not None:
        return f"{result.outcome.status}: {result.outcome.feedback}".rstrip(": ")
    return str((result.details or {}).get("retry") or result.reason or result.status)
