"""The simple searches that everything else must beat."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shoal.core.values import CandidateId, Measure, Note, Propose, Result, Split, Trial, Wait, Work

__all__ = ["SamplingSearch", "SamplingState"]

MEMORY = 400  # random search picks among this many of the newest scored candidates


@dataclass(frozen=True, slots=True)
class SamplingState:
    """Scored candidates (newest last), the initial ones, and the champion."""

    scored: tuple[CandidateId, ...] = ()
    initial: tuple[CandidateId, ...] = ()
    firsts: int = 0
    best: float = -np.inf
    validate: tuple[CandidateId, ...] = ()
    champion: tuple[CandidateId, float] | None = None


class SamplingSearch:
    """No selection at all. ``independent``: every sample starts from the initial program; ``random``: any edit of
    any candidate that got a score (a random walk).
    """

    def __init__(self, kind: str, *, firsts: int = 1, search_instances: int = 1, validation_instances: int = 0) -> None:
        if kind not in ("independent", "random"):
            raise ValueError(f"a sampling search is 'independent' or 'random', not {kind!r}")
        self.kind, self.firsts = kind, firsts
        self._trial = Trial(Split.SEARCH, tuple(range(search_instances)))
        self._validation = tuple(range(validation_instances))

    def initial(self) -> SamplingState:
        """Nothing sampled yet."""
        return SamplingState()

    def next(self, state: SamplingState, rng: np.random.Generator) -> tuple[SamplingState, Work]:
        """One more sample."""
        if state.firsts < self.firsts:
            first = Propose("initial", payload={"index": state.firsts}, then=self._trial)
            return replace(state, firsts=state.firsts + 1), first
        if not state.initial:
            return state, Wait("the initial program's score")
        if state.validate:
            trial = Trial(Split.VALIDATION, self._validation, state.validate[0])
            return replace(state, validate=state.validate[1:]), Measure(trial)
        pool = state.initial if self.kind == "independent" else state.scored
        parent = pool[int(rng.integers(len(pool)))]
        operator = "independent" if self.kind == "independent" else "any"
        return state, Propose("embedded", (parent,), payload={"operator": operator}, then=self._trial)

    def admit(self, state: SamplingState, k: int, work: Work, result: Result) -> tuple[SamplingState, tuple[Note, ...]]:
        """Remember what got a score, and the best."""
        score = result.outcome.score if result.outcome is not None else None
        if score is None:
            return state, ()
        if isinstance(work, Measure):
            assert work.trial.candidate is not None
            if state.champion is not None and score <= state.champion[1]:
                return state, ()
            return self._crown(state, work.trial.candidate, score)
        assert result.candidate is not None and isinstance(work, Propose)
        id = result.candidate.id
        state = replace(state, scored=(*state.scored, id)[-MEMORY:])
        if work.proposer == "initial":
            state = replace(state, initial=(*state.initial, id))
        if score <= state.best:
            return state, ()
        state = replace(state, best=score)
        if self._validation:
            return replace(state, validate=(*state.validate, id)), ()
        return self._crown(state, id, score)

    def _crown(self, state: SamplingState, id: CandidateId, score: float) -> tuple[SamplingState, tuple[Note, ...]]:
        note = Note("champion", f"{id} is the new champion", {"candidate": id, "score": score})
        return replace(state, champion=(id, score)), (note,)
