"""A burst: a few generations of CMA-ES over some numbers of one program, as search state."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shoal.core.values import CandidateId, Json
from shoal.search._cma import Cma, ask, start, tell

__all__ = ["Burst", "begin", "learn", "sample"]

MOST_NUMBERS = 24  # a random run of neighbouring literals where there are more
GENERATIONS = 12
PATIENCE = 3


@dataclass(frozen=True, slots=True)
class Burst:
    """Literals ``sites`` of ``parent`` move as ``value + scale * x``; ``asked`` samples await their scores."""

    number: int
    island: int
    parent: CandidateId
    sites: tuple[int, ...]
    values: np.ndarray
    scale: np.ndarray
    cma: Cma
    best: float
    asked: tuple[np.ndarray, ...] = ()
    scores: tuple[tuple[int, float], ...] = ()
    patience: int = PATIENCE

    @property
    def room(self) -> bool:
        """Whether this generation still lacks samples."""
        return len(self.asked) < self.cma.population


def begin(
    answer: Json, *, number: int, island: int, parent: CandidateId, score: float, rng: np.random.Generator
) -> Burst | None:
    """A burst around the literals that an `inspect` answer lists; None for fewer than two real numbers.

    ``answer``: {"values": [number, ...], "kinds": ["float" | "int" | "index", ...]}.
    """
    sites = [i for i, kind in enumerate(answer["kinds"]) if kind == "float"]
    if len(sites) < 2:
        return None
    if len(sites) > MOST_NUMBERS:
        first = int(rng.integers(0, len(sites) - MOST_NUMBERS + 1))
        sites = sites[first : first + MOST_NUMBERS]
    values = np.array([float(answer["values"][i]) for i in sites])
    typical = float(np.median(np.abs(values))) or 0.1
    scale = np.maximum(np.abs(values), 0.1 * typical)
    sigma = float(np.exp(rng.uniform(np.log(0.005), np.log(0.2))))
    cma = start(np.zeros(len(sites)), sigma=sigma)
    return Burst(number, island, parent, tuple(sites), values, scale, cma, score)


def sample(burst: Burst, rng: np.random.Generator) -> tuple[Burst, Json]:
    """The next sample, as the payload of a `values` edit."""
    x = ask(burst.cma, rng)
    values = [float(f"{value:.6g}") for value in burst.values + burst.scale * x]
    payload = {
        "operator": "values",
        "sites": list(burst.sites),
        "values": values,
        "burst": burst.number,
        "index": len(burst.asked),
        "island": burst.island,
    }
    return replace(burst, asked=(*burst.asked, x)), payload


def learn(burst: Burst, index: int, score: float | None) -> Burst | None:
    """Take one score in; at a generation's end update the strategy, or end the burst (None)."""
    scores = (*burst.scores, (index, -np.inf if score is None else score))
    if len(scores) < burst.cma.population:
        return replace(burst, scores=scores)
    values = np.array([value for _, value in sorted(scores)])
    top = float(values.max())
    patience = PATIENCE if top > burst.best else burst.patience - 1
    if patience == 0 or burst.cma.generation + 1 >= GENERATIONS or not np.isfinite(values).any():
        return None
    cma = tell(burst.cma, np.array(burst.asked), values)
    return replace(burst, cma=cma, best=max(burst.best, top), asked=(), scores=(), patience=patience)
