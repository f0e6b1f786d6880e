"""A burst: CMA-ES over all real numbers of one program, as search state; it lasts until it has converged."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shoal.core.values import CandidateId, Json
from shoal.search import _starts
from shoal.search._starts import Draw, Polish

__all__ = ["Burst", "begin", "learn", "sample"]

SIGMAS = (0.3, 0.1, 0.03)  # first steps of one burst after another, as shares of the numbers' own spread


@dataclass(frozen=True, slots=True)
class Burst:
    """The polish of a program of an island; ``asked`` counts its samples."""

    number: int
    island: int
    polish: Polish
    asked: int = 0

    @property
    def parent(self) -> CandidateId:
        """The program whose numbers move."""
        return self.polish.base.id


def begin(answer: Json, *, number: int, island: int, parent: CandidateId, score: float) -> Burst | None:
    """A burst around the numbers that an `inspect` answer with columns lists; None for fewer than two real ones."""
    base = _starts.base_of(answer, id=parent, score=score)
    if base is None:
        return None
    polish = _starts.begin(Draw(base, base.values, score), sigma=SIGMAS[number % len(SIGMAS)])
    return Burst(number, island, polish)


def sample(burst: Burst, rng: np.random.Generator) -> tuple[Burst, Json]:
    """The next sample, as the payload of a `values` edit."""
    polish, values = _starts.sample(burst.polish, burst.asked, rng)
    payload = {
        "operator": "values",
        "sites": list(polish.base.sites),
        "values": [float(f"{value:.6g}") for value in values],
        "burst": burst.number,
        "index": burst.asked,
        "island": burst.island,
    }
    return replace(burst, polish=polish, asked=burst.asked + 1), payload


def learn(burst: Burst, index: int, score: float | None, *, rejected: bool) -> Burst | None:
    """Take one result in; None when the burst has converged."""
    polish = _starts.learn(burst.polish, index, score, rejected=rejected)
    return None if polish.converged else replace(burst, polish=polish)
