"""Bursts: all real numbers of one program each tuned together, as search state; a few race, the one ahead goes on.

A burst is CMA-ES, and before it, where the numbers are a table, a walk over its rows.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shoal.core.values import CandidateId, Json
from shoal.search import _decisions, _starts, _walk
from shoal.search._archive import Line
from shoal.search._starts import Draw, Polish
from shoal.search._walk import Walk

__all__ = [
    "LONGEST",
    "MOST",
    "Burst",
    "begin",
    "choose",
    "emptied",
    "first_step",
    "fits",
    "learn",
    "may_begin",
    "sample",
    "shifted",
    "worst",
]

MOST = 3  # at once
LONGEST = 64  # numbers; walks serve longer tables
SIGMAS = (0.3, 0.1, 0.03)  # first steps of one burst after another, as shares of the numbers' own spread
OF_CURVES = 0.6  # of a curve that is still straight: as long as no step changes the order of its heights, nothing does
WALKED = 1 / 3  # of them after a walk: what it found should not be lost again
YOUNG = 6  # generations that show whether a burst climbs
MEMORY = 0.7  # of the climb, per generation


@dataclass(frozen=True, slots=True)
class Burst:
    """The walk, while there is one, and then the polish of a program of an island.

    ``asked`` counts its samples; ``climb`` is what an evaluation gained lately, from one generation's best to the next.
    """

    number: int
    island: int
    shape: str
    polish: Polish
    asked: int = 0
    climb: float = 0.0
    walk: Walk | None = None

    @property
    def parent(self) -> CandidateId:
        """The program whose numbers move."""
        return self.polish.base.id

    @property
    def young(self) -> bool:
        """Whether it has not shown yet how it climbs. A table at a border finds its step after some failures."""
        return self.generation < YOUNG

    @property
    def generation(self) -> int:
        """Generations so far, of what it is at."""
        return self.polish.cma.generation if self.walk is None else self.walk.generation

    @property
    def top(self) -> float:
        """The best score of the last generation."""
        return self.polish.top if self.walk is None else self.walk.before

    @property
    def ahead(self) -> float:
        """The score that it will have if it climbs on."""
        return self.top + _decisions.reach(self.climb, self.polish.cma.size)


def begin(
    answer: Json,
    *,
    number: int,
    island: int,
    parent: CandidateId,
    score: float,
    shape: str,
    sigma: float | None = None,
) -> Burst | None:
    """A burst around the numbers that an `inspect` answer with columns lists; None where it has not 2 to `LONGEST`.

    ``sigma`` is its first step, as a share of the numbers' own spread; None: by its ``number``, of `SIGMAS` in turn.
    """
    base = _starts.base_of(answer, id=parent, score=score)
    if base is None or len(base.sites) > LONGEST:
        return None
    polish = _starts.begin(Draw(base, base.values, score), sigma=sigma or SIGMAS[number % len(SIGMAS)])
    return Burst(number, island, shape, polish, walk=_walk.begin(base))


def first_step(origin: str, *, inherited: bool) -> float | None:
    """The first step around a program that the operator ``origin`` made; None where it does not matter.

    ``inherited``: its numbers fit already, so that a wide step loses them.
    """
    return OF_CURVES if origin == "curve" else SIGMAS[-1] if inherited else None


def choose(bursts: Sequence[Burst], rng: np.random.Generator) -> Burst:
    """Which burst the next sample is drawn from, decided as for lines: often the one that will lead if it climbs on.

    First of all one of which nobody knows if its numbers can move: that is soon seen, and else it would be in the way.
    """
    if (probing := next((one for one in bursts if one.walk is None and one.polish.shrunk is None), None)) is not None:
        return probing
    ordered = sorted(bursts, key=lambda one: -one.top)
    chosen = _decisions.select_parent(
        [one.top for one in ordered],
        [one.climb for one in ordered],
        [one.polish.cma.size for one in ordered],
        [one.asked for one in ordered],
        [one.young for one in ordered],
        True,
        rng,
    )
    return ordered[chosen]


def fits(line: Line, taken: Collection[str]) -> bool:
    """Whether a burst can tune it, at a price that others pay too, and none does."""
    return 2 <= line.best.literals <= LONGEST and not line.best.calls and line.shape not in taken


def may_begin(bursts: Sequence[Burst], score: float) -> bool:
    """Whether a program of this score gets a burst beside those of its island, or in the place of one behind it."""
    last = worst(bursts)
    return len(bursts) < MOST or (last is not None and last.ahead < score)


def worst(bursts: Sequence[Burst]) -> Burst | None:
    """The one furthest behind, of those that are not young; None where all are."""
    return min((one for one in bursts if not one.young), key=lambda one: one.ahead, default=None)


def sample(burst: Burst, rng: np.random.Generator) -> tuple[Burst, Json]:
    """The next sample, as the payload of a `values` edit."""
    if burst.walk is not None:
        walk, values = _walk.sample(burst.walk, burst.asked, rng)
        burst = replace(burst, walk=walk)
    else:
        polish, values = _starts.sample(burst.polish, burst.asked, rng)
        burst = replace(burst, polish=polish)
    payload = {
        "operator": "values",
        "sites": list(burst.polish.base.sites),
        "values": [float(f"{value:.6g}") for value in values],
        "burst": burst.number,
        "index": burst.asked,
        "island": burst.island,
    }
    return replace(burst, asked=burst.asked + 1), payload


def learn(burst: Burst, index: int, score: float | None, *, rejected: bool) -> Burst | None:
    """Take one result in; None when the burst has converged."""
    if burst.walk is not None:
        return _walked(burst, _walk.learn(burst.walk, index, score))
    polish = _starts.learn(burst.polish, index, score, rejected=rejected)
    if polish.converged:
        return None
    if polish.cma.generation == burst.polish.cma.generation:
        return replace(burst, polish=polish)
    step = polish.top - burst.polish.top if math.isfinite(burst.polish.top) else 0.0
    climb = MEMORY * burst.climb + (1.0 - MEMORY) * max(0.0, step) / polish.cma.population
    return replace(burst, polish=polish, climb=climb)


def _walked(burst: Burst, walk: Walk) -> Burst:
    """After a result of its walk: CMA-ES goes on from where that ended."""
    assert burst.walk is not None
    if walk.over:
        base, sigma = walk.base, WALKED * burst.polish.cma.sigma
        return replace(burst, walk=None, polish=_starts.begin(Draw(base, walk.at, walk.score), sigma=sigma))
    if walk.generation == burst.walk.generation:
        return replace(burst, walk=walk)
    step = max(0.0, walk.before - burst.walk.before) / _walk.GENERATION
    return replace(burst, walk=walk, climb=MEMORY * burst.climb + (1.0 - MEMORY) * step)


def emptied(burst: Burst) -> Burst:
    """The burst without the samples that are out: their scores will say nothing."""
    walk = None if burst.walk is None else _walk.emptied(burst.walk)
    return replace(burst, polish=_starts.emptied(burst.polish), walk=walk)


def shifted(burst: Burst, by: float) -> Burst:
    """The burst after scores changed as a whole."""
    walk = None if burst.walk is None else _walk.shifted(burst.walk, by)
    return replace(burst, polish=_starts.shifted(burst.polish, by), walk=walk)
