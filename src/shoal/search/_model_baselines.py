"""The two plain uses of language models that every search with models must beat.

Best of n is repeated sampling (arXiv 2407.21787), refinement is one chain of answers to the best so far (Self-Refine,
arXiv 2303.17651). Both make the requests that the bandit's arms make, in the same shares; nothing is learnt about them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from shoal.core.values import Propose, Result, Work
from shoal.search import _model_arms
from shoal.search._baselines import Baseline, BaselineState, Scored
from shoal.search._model_arms import ModelArm

__all__ = ["ModelBaseline", "ModelBaselineState"]

KINDS = ("best-of-n", "refine")
OTHERS_NEEDED = "cross"  # the one request that takes several programs


@dataclass(frozen=True, slots=True)
class ModelBaselineState(BaselineState):
    """The best program so far, how many answers failed or could not be used, and what is asked about the last one."""

    top: Scored | None = None
    failed: int = 0
    planned: tuple[Propose, ...] = ()

    def without(self, ids: Collection[str]) -> ModelBaselineState:
        """See `BaselineState.without`; a chain whose program is gone begins anew."""
        kept = BaselineState.without(self, ids)
        top = kept.top if kept.top is not None and kept.top.id not in ids else min(kept.starts, key=_rank, default=None)
        planned = tuple(one for one in kept.planned if not set(ids).intersection(one.parents))
        return replace(kept, top=top, planned=planned)


class ModelBaseline(Baseline[ModelBaselineState]):
    """``best-of-n``: every call sees an initial program and the task, and nothing that came of other calls.
    ``refine``: every call sees the best program so far with its public result, and an answer that failed or could not
    be used is asked for again as often as in other searches. With a window of 1 that is one chain.
    """

    empty = ModelBaselineState

    def __init__(self, kind: str, *, models: Sequence[ModelArm], **settings: Any) -> None:
        if kind not in KINDS or not models:
            raise ValueError(f"a baseline of models is one of {', '.join(KINDS)} and needs a model, not {kind!r}")
        super().__init__(**settings)
        self.kind = kind
        self._most = {one.name: one.most for one in models}
        arms = [arm for arm in _model_arms.arm_names(models) if not arm[0].endswith(f"/{OTHERS_NEEDED}")]
        self._arms = tuple(name for name, _ in arms)
        weights = np.array([weight for _, weight in arms])
        self._shares = weights / weights.sum()

    def _work(self, state: ModelBaselineState, rng: np.random.Generator) -> tuple[ModelBaselineState, Work]:
        if state.planned:
            return replace(state, planned=state.planned[1:]), state.planned[0]
        arm = self._arms[int(rng.choice(len(self._arms), p=self._shares))]
        model, task = arm.rsplit("/", 1)
        start = state.starts[int(rng.integers(len(state.starts)))]
        parent = start if self.kind == "best-of-n" or state.top is None else state.top
        told = {"operator": arm, "model": model, "task": task}
        return state, Propose(
            _model_arms.PROPOSER, (parent.id,), payload=told, then=self._trial, most=self._most[model]
        )

    def _learnt(
        self, state: ModelBaselineState, work: Propose, result: Result, found: Scored | None
    ) -> ModelBaselineState:
        if found is not None:
            best = found if state.top is None else min(state.top, found, key=_rank)
            return replace(state, top=best)
        if self.kind == "best-of-n" or work.proposer != _model_arms.PROPOSER:
            return state
        again = _model_arms.second_try(work, result, tried=state.failed)
        planned = state.planned if again is None else (*state.planned, again)
        return replace(state, failed=state.failed + 1, planned=planned)


def _rank(one: Scored) -> tuple[float, int]:
    return one.rank
