"""Sequential refinement: one current program, one edit after the other, and what is no worse goes on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from shoal.core.values import Ask, CandidateId, Json, Propose, Result, Status, Work
from shoal.search._baselines import Baseline, BaselineState, Scored

__all__ = ["SequentialSearch", "SequentialState"]

PATIENCE = 250  # results that are not better, after which a climb begins anew
SEVERAL = 0.2  # share of edits that are several in a row
TRACED = 0.04  # share of turns that look into the current program's loops: an even share among some 25 operators
FROM_BEST = 0.5  # share of climbs that begin at the best program so far instead of an initial one
TRACES_REMEMBERED = 100


@dataclass(frozen=True, slots=True)
class SequentialState(BaselineState):
    """The program of the day, the best so far, and how long the present one has stood still.

    ``climb`` numbers the climbs: what comes late from an earlier one must not pull the present one back.
    """

    current: Scored | None = None
    peak: Scored | None = None
    climb: int = 0
    stale: int = 0
    planned: tuple[Propose, ...] = ()
    traced: tuple[CandidateId, ...] = ()  # newest last

    def without(self, ids: Collection[CandidateId]) -> SequentialState:
        """See `BaselineState.without`; a climb whose program is gone begins anew."""
        kept = BaselineState.without(self, ids)
        fallback = kept.starts[0] if kept.starts else None
        current, peak = (fallback if one is None or one.id in ids else one for one in (self.current, self.peak))
        planned = tuple(one for one in self.planned if not set(ids).intersection(one.parents))
        return replace(kept, current=current, peak=peak, planned=planned)


class SequentialSearch(Baseline[SequentialState]):
    """A climb that drifts over plateaus and begins anew where it stands still for `PATIENCE` results.

    Operators are drawn evenly; now and then several edits are made in a row, and the numbers that a loop of the
    current program computes are put into its text (where ``trace`` says that programs can be traced).
    """

    empty = SequentialState

    def __init__(self, *, trace: bool = True, **settings: Any) -> None:
        super().__init__(**settings)
        self._trace = trace

    def _work(self, state: SequentialState, rng: np.random.Generator) -> tuple[SequentialState, Work]:
        if state.stale >= PATIENCE:
            state = _begun_anew(state, rng)
        if state.planned:
            return replace(state, planned=state.planned[1:]), state.planned[0]
        current = state.current
        assert current is not None
        if self._trace and rng.random() < TRACED and current.id not in state.traced:
            traced = (*state.traced, current.id)[-TRACES_REMEMBERED:]
            chosen = round(float(rng.random()), 6)
            ask = Ask("trace", {"candidate": current.id, "chosen": chosen, "climb": state.climb})
            return replace(state, traced=traced), ask
        operator = "independent" if rng.random() < SEVERAL else "any"
        return state, self._edit(current.id, operator, climb=state.climb)

    def _learnt(self, state: SequentialState, work: Propose, result: Result, found: Scored | None) -> SequentialState:
        if work.proposer == "initial":
            first = min(state.starts, key=lambda one: one.rank, default=None)
            return replace(state, current=first, peak=first)
        if found is not None and (state.peak is None or found.score > state.peak.score):
            state = replace(state, peak=found)
        if work.payload["climb"] != state.climb or result.status is Status.REJECTED:
            return state
        current = state.current
        if found is None or current is None or found.score < current.score:
            return replace(state, stale=state.stale + 1)
        return replace(state, current=found, stale=0 if found.score > current.score else state.stale + 1)

    def _answered(self, state: SequentialState, ask: Ask, answer: Json) -> SequentialState:
        """Materialise one of the traced variables, drawn when the question was asked."""
        if not isinstance(answer, dict) or not answer.get("values") or ask.payload["climb"] != state.climb:
            return state
        values = answer["values"]
        traced = values[int(ask.payload["chosen"] * len(values))]
        edit = self._edit(ask.payload["candidate"], "materialise", climb=state.climb, **traced)
        return replace(state, planned=(*state.planned, edit))


def _begun_anew(state: SequentialState, rng: np.random.Generator) -> SequentialState:
    again = state.peak if rng.random() < FROM_BEST else None
    start = again or state.starts[int(rng.integers(len(state.starts)))]
    return replace(state, current=start, climb=state.climb + 1, stale=0, planned=())
