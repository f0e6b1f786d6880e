"""The simple searches that everything else must beat: what they share, and the two that select nothing.

Published comparisons find that baselines of this kind match many pipelines of code evolution (arXiv 2602.16805). They
edit with the same operators, in the same jails and budgets, and their new bests meet the same contests for champion.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Self, TypeVar

import numpy as np

from shoal.core.values import (
    Ask,
    CandidateId,
    Done,
    Json,
    Measure,
    Note,
    Propose,
    Result,
    Split,
    Trial,
    Wait,
    Work,
)
from shoal.search import _promotion
from shoal.search._promotion import Promotion

__all__ = ["Baseline", "BaselineState", "SamplingSearch", "SamplingState", "Scored"]

MEMORY = 400  # random search picks among this many of the newest scored candidates


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its score, higher is better; ``size`` counts the parts of its syntax tree."""

    id: CandidateId
    score: float
    size: int = 0

    @property
    def rank(self) -> tuple[float, int]:
        """Sort key, best first: by score, then the simpler program."""
        return (-self.score, self.size)


@dataclass(frozen=True, slots=True)
class BaselineState:
    """First programs issued and come back, those with a score, the best score, the contest for champion."""

    firsts: int = 0
    back: int = 0
    starts: tuple[Scored, ...] = ()
    best: float = -np.inf
    promotion: Promotion = field(default_factory=Promotion)

    @property
    def initial(self) -> tuple[CandidateId, ...]:
        """The ids of the programs to start from."""
        return tuple(one.id for one in self.starts)

    def without(self, ids: Collection[CandidateId]) -> Self:
        """The state after candidates turned out to be cheats; their scores count no more."""
        return replace(self, starts=tuple(one for one in self.starts if one.id not in ids))


B = TypeVar("B", bound=BaselineState)


class Baseline(Generic[B]):
    """First programs, then contests for champion, then whatever `_work` of the search at hand decides.

    ``validation_instances`` is how many instances a contest's round takes (0: one fixed instance, search is the
    truth); ``sign`` turns a natural value into higher-is-better.
    """

    empty: type[B]

    def __init__(
        self,
        *,
        firsts: int = 1,
        search_instances: int = 1,
        validation_instances: int = 0,
        sign: float = 1.0,
    ) -> None:
        self.firsts = firsts
        self._trial = Trial(Split.SEARCH, tuple(range(search_instances)))
        self._promotion = Promotion(instances=validation_instances, sign=sign)

    def initial(self) -> B:
        """Nothing tried yet."""
        return self.empty(promotion=self._promotion)

    def next(self, state: B, rng: np.random.Generator) -> tuple[B, Work]:
        """The next piece of work."""
        if state.firsts < self.firsts:
            first = Propose("initial", payload={"index": state.firsts}, then=self._trial)
            return replace(state, firsts=state.firsts + 1), first
        if not state.starts:
            gone = state.back == state.firsts
            return state, Done("no program is left that may be used") if gone else Wait("the initial program's score")
        promotion, measure = _promotion.work(state.promotion)
        if measure is not None:
            return replace(state, promotion=promotion), measure
        return self._work(state, rng)

    def admit(self, state: B, k: int, work: Work, result: Result) -> tuple[B, tuple[Note, ...]]:
        """Learn from one result; a new best claims to be champion."""
        match work:
            case Measure(trial=trial):
                promotion, notes = _promotion.measured(state.promotion, trial, result.outcome)
                return replace(state, promotion=promotion), notes
            case Ask():
                return self._answered(state, work, result.answer), ()
            case Propose():
                return self._made(state, work, result)
        return state, ()

    def _made(self, state: B, work: Propose, result: Result) -> tuple[B, tuple[Note, ...]]:
        found = _scored(result)
        if work.proposer == "initial":
            starts = state.starts if found is None else (*state.starts, found)
            state = replace(state, back=state.back + 1, starts=starts)
        state = self._learnt(state, work, result, found)
        if found is None or found.score <= state.best:
            return state, ()
        promotion, notes = _promotion.claim(state.promotion, found.id, found.score)
        return replace(state, best=found.score, promotion=promotion), notes

    def evict(self, state: B, ids: Collection[CandidateId]) -> tuple[B, tuple[Note, ...]]:
        """Forget candidates that turned out to be cheats; what they scored is no longer the best."""
        promotion, notes = _promotion.evict(state.promotion, ids)
        known = promotion.champions[-1:] + ((promotion.waiting,) if promotion.waiting is not None else ())
        best = max((one.searched for one in known), default=-np.inf)
        return replace(state.without(ids), best=min(best, state.best), promotion=promotion), notes

    # -- what each search decides for itself -----------------------------------------------------------------------

    def _work(self, state: B, rng: np.random.Generator) -> tuple[B, Work]:
        """The next edit or question; there is an initial program with a score, and no contest waits."""
        raise NotImplementedError

    def _learnt(self, state: B, work: Propose, result: Result, found: Scored | None) -> B:
        """Take one proposal's result in, the initial programs' too; ``found`` is None without a score."""
        raise NotImplementedError

    def _answered(self, state: B, ask: Ask, answer: Json) -> B:
        """Take an answer in; None where there was none. A search that asks nothing has nothing to learn here."""
        return state

    def _edit(self, parent: CandidateId, operator: str, *, donor: CandidateId | None = None, **more: Any) -> Propose:
        donors = () if donor is None else (donor,)
        payload = {"operator": operator, **more}
        return Propose("embedded", (parent,), inspirations=donors, payload=payload, then=self._trial)


def _scored(result: Result) -> Scored | None:
    if result.outcome is None or result.outcome.score is None:
        return None
    assert result.candidate is not None
    size = (result.details or {}).get("size", 0)
    return Scored(result.candidate.id, result.outcome.score, size)


@dataclass(frozen=True, slots=True)
class SamplingState(BaselineState):
    """Scored candidates, newest last."""

    scored: tuple[CandidateId, ...] = ()

    def without(self, ids: Collection[CandidateId]) -> SamplingState:
        """See `BaselineState.without`."""
        kept = BaselineState.without(self, ids)
        return replace(kept, scored=tuple(id for id in self.scored if id not in ids) or kept.initial)


class SamplingSearch(Baseline[SamplingState]):
    """No selection at all. ``independent``: every sample starts from the initial program; ``random``: any edit of
    any candidate that got a score (a random walk).
    """

    empty = SamplingState

    def __init__(self, kind: str, **settings: Any) -> None:
        if kind not in ("independent", "random"):
            raise ValueError(f"a sampling search is 'independent' or 'random', not {kind!r}")
        super().__init__(**settings)
        self.kind = kind

    def _work(self, state: SamplingState, rng: np.random.Generator) -> tuple[SamplingState, Work]:
        pool = state.initial if self.kind == "independent" else state.scored
        parent = pool[int(rng.integers(len(pool)))]
        return state, self._edit(parent, "independent" if self.kind == "independent" else "any")

    def _learnt(self, state: SamplingState, work: Propose, result: Result, found: Scored | None) -> SamplingState:
        return state if found is None else replace(state, scored=(*state.scored, found.id)[-MEMORY:])
