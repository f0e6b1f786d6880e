"""The simple searches that everything else must beat."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np

from shoal.core.values import CandidateId, Measure, Note, Propose, Result, Split, Trial, Wait, Work
from shoal.search import _promotion
from shoal.search._promotion import Promotion

__all__ = ["SamplingSearch", "SamplingState"]

MEMORY = 400  # random search picks among this many of the newest scored candidates


@dataclass(frozen=True, slots=True)
class SamplingState:
    """Scored candidates (newest last), the initial ones, and the contest for champion."""

    scored: tuple[CandidateId, ...] = ()
    initial: tuple[CandidateId, ...] = ()
    firsts: int = 0
    best: float = -np.inf
    promotion: Promotion = field(default_factory=Promotion)


class SamplingSearch:
    """No selection at all. ``independent``: every sample starts from the initial program; ``random``: any edit of
    any candidate that got a score (a random walk).
    """

    def __init__(
        self,
        kind: str,
        *,
        firsts: int = 1,
        search_instances: int = 1,
        validation_instances: int = 0,
        sign: float = 1.0,
    ) -> None:
        if kind not in ("independent", "random"):
            raise ValueError(f"a sampling search is 'independent' or 'random', not {kind!r}")
        self.kind, self.firsts = kind, firsts
        self._trial = Trial(Split.SEARCH, tuple(range(search_instances)))
        self._promotion = Promotion(instances=validation_instances, sign=sign)

    def initial(self) -> SamplingState:
        """Nothing sampled yet."""
        return SamplingState(promotion=self._promotion)

    def next(self, state: SamplingState, rng: np.random.Generator) -> tuple[SamplingState, Work]:
        """One more sample."""
        if state.firsts < self.firsts:
            first = Propose("initial", payload={"index": state.firsts}, then=self._trial)
            return replace(state, firsts=state.firsts + 1), first
        if not state.initial:
            return state, Wait("the initial program's score")
        promotion, measure = _promotion.work(state.promotion)
        if measure is not None:
            return replace(state, promotion=promotion), measure
        pool = state.initial if self.kind == "independent" else state.scored
        parent = pool[int(rng.integers(len(pool)))]
        operator = "independent" if self.kind == "independent" else "any"
        return state, Propose("embedded", (parent,), payload={"operator": operator}, then=self._trial)

    def admit(self, state: SamplingState, k: int, work: Work, result: Result) -> tuple[SamplingState, tuple[Note, ...]]:
        """Remember what got a score, and the best."""
        if isinstance(work, Measure):
            promotion, notes = _promotion.measured(state.promotion, work.trial, result.outcome)
            return replace(state, promotion=promotion), notes
        score = result.outcome.score if result.outcome is not None else None
        if score is None:
            return state, ()
        assert result.candidate is not None and isinstance(work, Propose)
        id = result.candidate.id
        state = replace(state, scored=(*state.scored, id)[-MEMORY:])
        if work.proposer == "initial":
            state = replace(state, initial=(*state.initial, id))
        if score <= state.best:
            return state, ()
        promotion, notes = _promotion.claim(state.promotion, id, score)
        return replace(state, best=score, promotion=promotion), notes

    def evict(self, state: SamplingState, ids: Collection[CandidateId]) -> tuple[SamplingState, tuple[Note, ...]]:
        """Forget candidates that turned out to be cheats."""
        promotion, notes = _promotion.evict(state.promotion, ids)
        scored = tuple(id for id in state.scored if id not in ids) or state.initial
        return replace(state, scored=scored, promotion=promotion), notes
