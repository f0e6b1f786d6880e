"""The numbers that a run ends with, worked out from its log: what a closing event says, and what an audit compares."""

from __future__ import annotations

from typing import TypedDict

from shoal.core.values import Split
from shoal.report._view import RunView

__all__ = ["Results", "results"]


class Results(TypedDict):
    """Scores are natural values of the task; ``hack_gap`` is positive where the search was too kind.

    ``sealed_gain`` is the mean paired difference of champion and initial program on sealed instances, positive is
    better, with the ends of its 95 % interval, None for a single pair. ``looks`` and ``held`` are counts.
    """

    initial_score: float | None
    best_score: float | None
    search_score: float | None
    sealed_score: float | None
    sealed_initial: float | None
    hack_gap: float | None
    verdict: str
    sealed_gain: float | None
    sealed_gain_low: float | None
    sealed_gain_high: float | None
    looks: int
    held: int


def results(view: RunView) -> Results:
    """What ``view`` comes to."""
    proof = view.proof(Split.SEALED)
    gain = proof.gain if proof is not None else None
    bounded = gain if gain is not None and gain.pairs > 1 else None
    return Results(
        initial_score=view.initial_score,
        best_score=view.best_score,
        search_score=view.search_score,
        sealed_score=view.looked(view.champion, Split.SEALED),
        sealed_initial=view.looked(view.initial, Split.SEALED),
        hack_gap=view.hack_gap,
        verdict=str(view.verdict),
        sealed_gain=gain.mean if gain is not None else None,
        sealed_gain_low=bounded.low if bounded is not None else None,
        sealed_gain_high=bounded.high if bounded is not None else None,
        looks=len(view.looks),
        held=len(view.held),
    )
