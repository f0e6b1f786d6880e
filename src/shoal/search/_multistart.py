"""Multi-start and polish: a program's numbers drawn anew, the best draw polished by CMA-ES, and again.

What loops compute is put into the text first, as the island search does it, so that tables of coordinates are numbers
like any other. The structure of a program is never changed. Global solvers of this kind match published records of
geometry (arXiv 2601.05943): a search over programs that cannot beat it has found no program.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from shoal.core.values import Ask, CandidateId, Done, Json, Propose, Result, Status, Wait, Work
from shoal.search import _starts
from shoal.search._baselines import Baseline, BaselineState, Scored
from shoal.search._starts import Base, Draw, Polish

__all__ = ["MultistartSearch", "MultistartState"]

DRAWS = 16  # of which the best is polished
FRUITLESS = 5 * DRAWS  # draws without any score, after which the initial values are polished instead
FROM_INITIAL = 4  # every so many starts the initial values are among the draws; the first time at once
MATERIALISED = 6  # variables that are put into the text
LOOKS = 20  # questions asked only to see what came before them come back


@dataclass(frozen=True, slots=True)
class MultistartState(BaselineState):
    """What is still to be asked and made, the bases that starts are drawn from, and the start that is on.

    ``open`` counts questions without an answer, ``pending`` materialising edits without a result, ``looks`` questions
    that only wait. ``draws`` counts what came back of the drawing, ``draw`` is the best of it; then ``polish`` is on.
    """

    questions: tuple[Ask, ...] = ()
    planned: tuple[Propose, ...] = ()
    open: int = 0
    pending: int = 0
    looks: int = 0
    bases: tuple[Base, ...] = ()
    number: int = 0
    samples: int = 0
    draws: int = 0
    draw: Draw | None = None
    polish: Polish | None = None

    def without(self, ids: Collection[CandidateId]) -> MultistartState:
        """See `BaselineState.without`; a start on a program that is gone ends."""
        kept = replace(
            BaselineState.without(self, ids),
            questions=tuple(one for one in self.questions if one.payload["candidate"] not in ids),
            planned=tuple(one for one in self.planned if not set(ids).intersection(one.parents)),
            bases=tuple(one for one in self.bases if one.id not in ids),
        )
        on = self.polish or self.draw
        return kept if on is None or on.base.id not in ids else _next_start(kept)


class MultistartSearch(Baseline[MultistartState]):
    """See the module. ``trace`` says whether programs can be traced."""

    empty = MultistartState

    def __init__(self, *, trace: bool = True, **settings: Any) -> None:
        super().__init__(**settings)
        self._trace = trace

    # -- next ----------------------------------------------------------------------------------------------------

    def _work(self, state: MultistartState, rng: np.random.Generator) -> tuple[MultistartState, Work]:
        if state.questions:
            return replace(state, questions=state.questions[1:], open=state.open + 1), state.questions[0]
        if state.planned:
            return replace(state, planned=state.planned[1:], pending=state.pending + 1), state.planned[0]
        if state.open:
            return state, Wait("the numbers of the program")
        if state.pending and state.looks < LOOKS:
            # A result may be held back for good, so that waiting for it could be waiting for nothing. In an ordered run
            # an answer comes after everything that was begun before.
            look = Ask("inspect", {"candidate": state.starts[0].id})
            return replace(state, looks=state.looks + 1, open=state.open + 1), look
        if not state.bases:
            return state, Done("the program has fewer than two real numbers: there is nothing to tune")
        return self._sampled(state, rng)

    def _sampled(self, state: MultistartState, rng: np.random.Generator) -> tuple[MultistartState, Work]:
        number, state = state.samples, replace(state, samples=state.samples + 1)
        if state.polish is None:
            base = _drawn_base(state.bases, rng)
            return state, self._values(base, _starts.drawn(base, rng), start=state.number, sample=number)
        polish, values = _starts.sample(state.polish, number, rng)
        work = self._values(polish.base, values, start=state.number, sample=number)
        return replace(state, polish=polish), work

    def _values(self, base: Base, values: np.ndarray, *, start: int, sample: int) -> Propose:
        rounded = [float(f"{value:.10g}") for value in values]
        return self._edit(base.id, "values", sites=list(base.sites), values=rounded, start=start, sample=sample)

    # -- admit ---------------------------------------------------------------------------------------------------

    def _learnt(self, state: MultistartState, work: Propose, result: Result, found: Scored | None) -> MultistartState:
        if work.proposer == "initial":
            return state if found is None else self._asked_about(state, found, trace=self._trace)
        if work.payload["operator"] == "materialise":
            state = replace(state, pending=state.pending - 1)
            return state if found is None else self._asked_about(state, found, trace=False)
        rejected = result.status is Status.REJECTED
        if work.payload["start"] != state.number:
            return state
        score = None if found is None else found.score
        if state.polish is None:
            return state if rejected else _with_draw(state, work, score)
        polish = _starts.learn(state.polish, work.payload["sample"], score, rejected=rejected)
        return _next_start(state) if polish.converged else replace(state, polish=polish)

    def _asked_about(self, state: MultistartState, found: Scored, *, trace: bool) -> MultistartState:
        about: dict[str, Any] = {"candidate": found.id, "columns": True, "score": found.score}
        asked = (Ask("inspect", about), *((Ask("trace", {"candidate": found.id}),) if trace else ()))
        return replace(state, questions=(*state.questions, *asked))

    def _answered(self, state: MultistartState, ask: Ask, answer: Json) -> MultistartState:
        state = replace(state, open=state.open - 1)
        if not isinstance(answer, dict) or "failed" in answer:
            return state
        payload = ask.payload
        if ask.service == "trace":
            edits = (self._edit(payload["candidate"], "materialise", **one) for one in answer["values"][:MATERIALISED])
            return replace(state, planned=(*state.planned, *edits))
        if "columns" not in payload:
            return state
        base = _starts.base_of(answer, id=payload["candidate"], score=payload["score"])
        return state if base is None else replace(state, bases=(*state.bases, base))


def _drawn_base(bases: tuple[Base, ...], rng: np.random.Generator) -> Base:
    """A program whose numbers are drawn: those whose draws get scores are drawn more often."""
    promise = np.array([base.promise for base in bases])
    return bases[int(rng.choice(len(bases), p=promise / promise.sum()))]


def _with_draw(state: MultistartState, work: Propose, score: float | None) -> MultistartState:
    """Book a draw; when there are enough of them, begin to polish the best."""
    place = next((i for i, one in enumerate(state.bases) if one.id == work.parents[0]), None)
    if place is None:
        return state
    old = state.bases[place]
    base = replace(old, tried=old.tried + 1, scored=old.scored + (score is not None))
    bases = (*state.bases[:place], base, *state.bases[place + 1 :])
    state = replace(state, bases=bases, draws=state.draws + 1)
    if score is not None and (state.draw is None or score > state.draw.score):
        state = replace(state, draw=Draw(base, np.array(work.payload["values"]), score))
    draw = state.draw
    if state.draws < DRAWS or (draw is None and state.draws < FRUITLESS):
        return state
    if draw is None or state.number % FROM_INITIAL == 0:
        known = [Draw(one, one.values, one.score) for one in bases]
        draw = max((*known, *([draw] if draw is not None else [])), key=lambda one: (one.score, one.base.promise))
    return replace(state, polish=_starts.begin(draw))


def _next_start(state: MultistartState) -> MultistartState:
    return replace(state, number=state.number + 1, draws=0, draw=None, polish=None)
