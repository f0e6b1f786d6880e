"""One start of a multi-start search: numbers of a program drawn anew, then polished by CMA-ES."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shoal.core.values import CandidateId, Json
from shoal.search._cma import Cma, ask, root, start, tell

__all__ = ["Base", "Draw", "Polish", "base_of", "begin", "drawn", "emptied", "learn", "sample", "scale_of", "shifted"]

SPREADS = (float(np.log(0.05)), 0.0)  # log of how far a draw goes from a number that has no range
ALL_NUMBERS = 0.5  # share of draws that draw lone numbers anew too, where the program has rows of numbers
SIGMA = 0.2  # first step of a polish, as a share of the numbers' own spread
SMALLEST = 1e-6  # step at which a polish has converged
MIDDLE = 3  # generations, after each of which the middle of the samples is tried too
FAILED = 6  # first samples, or generations, without a score: the numbers cannot move by themselves
SHRINK = 4.0  # times that steps get smaller from one of these to the next
KEPT = 256  # samples that are waited for


@dataclass(frozen=True, slots=True)
class Base:
    """A program and its real numbers ``values`` (n,) at literals ``sites``; ``columns`` (n,) says which are alike.

    Numbers of one column of a table, or of one row outside of tables, share a column; -1 is a lone number.
    ``tried`` and ``scored`` count draws, and those that got a score.
    """

    id: CandidateId
    score: float
    sites: tuple[int, ...]
    values: np.ndarray
    columns: np.ndarray
    tried: int = 0
    scored: int = 0

    @property
    def promise(self) -> float:
        """The share of draws that get a score, as far as that is known (rule of succession)."""
        return (self.scored + 1) / (self.tried + 2)


@dataclass(frozen=True, slots=True)
class Draw:
    """Where a polish may begin: a base, its numbers, their score."""

    base: Base
    values: np.ndarray
    score: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sample that is out: its number, x (n,), and how often its steps were made smaller; None for no probe.

    ``middle``: it is no sample, but where they are drawn around.
    """

    number: int
    x: np.ndarray
    shrunk: int | None
    middle: bool = False


@dataclass(frozen=True, slots=True)
class Polish:
    """CMA-ES around ``values``: sample x stands for ``values + scale * x``; ``root`` is the covariance's.

    The first ``FAILED`` samples are probes, each with smaller steps than the last: a table at a border has no score but
    with tiny ones, and one of results, as of lengths that just fit, with none. The widest that had a score says how
    often the steps of the others are made smaller (``shrunk``; None while none had).

    Now and then the mean is tried too, and CMA-ES is not told of it: where luck is in the scores, the best sample of a
    generation is mostly one that had it, and the mean is what many of them agree on (Hansen, arXiv 1604.00772).

    ``waiting`` are samples by number; ``told`` are those of the running generation that came back. Samples that come
    late, from a generation before, count like others; of late probes only wider ones do. ``top`` is the best score of
    the last generation; ``best`` and ``still``: the best score of its own samples, and how many generations have not
    bettered it (the first samples are mostly worse than what it began with, and climb); ``failed``: how many probes, or
    later generations, had no score at all.
    """

    base: Base
    values: np.ndarray
    scale: np.ndarray
    cma: Cma
    root: np.ndarray
    best: float = -np.inf
    top: float = -np.inf
    waiting: tuple[Waiting, ...] = ()
    told: tuple[tuple[np.ndarray, float], ...] = ()
    still: int = 0
    rejects: int = 0
    failed: int = 0
    probed: int = 0
    shrunk: int | None = None
    centred: int = 0  # generations after which the mean has been tried

    @property
    def converged(self) -> bool:
        """Whether going on is not worth it: tiny steps, no gain for long, samples without a score or a new digit."""
        patience = 10 + 10 * self.cma.size // self.cma.population
        useless = self.rejects >= 2 * self.cma.population or self.failed >= FAILED
        return self.cma.sigma < SMALLEST or self.still >= patience or useless


def base_of(answer: Json, *, id: CandidateId, score: float) -> Base | None:
    """The base that an `inspect` answer with columns describes; None for fewer than two real numbers."""
    sites = [i for i, kind in enumerate(answer["kinds"]) if kind == "float"]
    if len(sites) < 2:
        return None
    columns = answer.get("columns") or [-1] * len(answer["kinds"])
    values = np.array([float(answer["values"][i]) for i in sites])
    return Base(id, score, tuple(sites), values, np.array([columns[i] for i in sites]))


def drawn(base: Base, rng: np.random.Generator) -> np.ndarray:
    """All numbers anew, shape (n,): evenly within the range of their column, else log-evenly around their values."""
    values = base.values.copy()
    spread = float(np.exp(rng.uniform(*SPREADS)))
    columns = set(base.columns.tolist())
    lone = -1 not in columns or len(columns) == 1 or rng.random() < ALL_NUMBERS
    for column in sorted(columns):
        places = np.flatnonzero(base.columns == column)
        low, high = float(base.values[places].min()), float(base.values[places].max())
        if column >= 0 and low < high:
            values[places] = rng.uniform(low, high, len(places))
        elif column >= 0 or lone:
            near = base.values[places] * np.exp(spread * rng.uniform(-1.0, 1.0, len(places)))
            about_zero = spread * _typical(base) * rng.uniform(-1.0, 1.0, len(places))
            values[places] = np.where(near == 0.0, about_zero, near)
    return values


def begin(draw: Draw, *, sigma: float = SIGMA) -> Polish:
    """A polish of all numbers of ``draw``; steps are shares of a column's spread, else of a number's size."""
    values = draw.values
    cma = start(np.zeros(len(values)), sigma=sigma)
    return Polish(draw.base, values, scale_of(draw.base, values), cma, root(cma))


def scale_of(base: Base, values: np.ndarray) -> np.ndarray:
    """What a step of 1 is for each number, shape (n,): the spread of its column, else its own size."""
    scale = np.where(values == 0.0, _typical(base), np.abs(values))
    for column in set(base.columns.tolist()) - {-1}:
        places = base.columns == column
        size = float(np.abs(values[places]).mean())
        spread = float(values[places].std())
        scale[places] = spread if spread > 1e-3 * size else size or _typical(base)
    return scale


def sample(polish: Polish, number: int, rng: np.random.Generator) -> tuple[Polish, np.ndarray]:
    """The next sample's numbers, shape (n,)."""
    generation = polish.cma.generation
    if polish.shrunk is not None and generation >= polish.centred + MIDDLE:
        waiting = (*polish.waiting, Waiting(number, polish.cma.mean, None, middle=True))[-KEPT:]
        return replace(polish, waiting=waiting, centred=generation), polish.values + polish.scale * polish.cma.mean
    x, shrunk = ask(polish.cma, rng, rooted=polish.root), None
    if polish.shrunk is None:
        shrunk = min(polish.probed, FAILED - 1)
        x = polish.cma.mean + (x - polish.cma.mean) / SHRINK**shrunk
        polish = replace(polish, probed=polish.probed + 1)
    waiting = (*polish.waiting, Waiting(number, x, shrunk))[-KEPT:]
    return replace(polish, waiting=waiting), polish.values + polish.scale * x


def learn(polish: Polish, number: int, score: float | None, *, rejected: bool) -> Polish:
    """Take one score in; when a generation's worth has come back, update the strategy."""
    found = next((one for one in polish.waiting if one.number == number), None)
    if found is None:
        return polish
    polish = replace(polish, waiting=tuple(one for one in polish.waiting if one is not found))
    if found.middle:
        return polish
    if rejected:
        return replace(polish, rejects=polish.rejects + 1)
    if found.shrunk is not None:
        known = polish.shrunk is not None
        if score is None:
            return polish if known else replace(polish, failed=polish.failed + 1)
        wider = (polish.shrunk or 0) - found.shrunk
        if known and (wider <= 0 or polish.cma.generation):
            return polish
        cma = replace(polish.cma, sigma=polish.cma.sigma * SHRINK**wider)
        polish = replace(polish, cma=cma, shrunk=found.shrunk, failed=0)
    told = (*polish.told, (found.x, -np.inf if score is None else score))
    polish = replace(polish, told=told, rejects=0)
    if len(told) < polish.cma.population:
        return polish
    return _generation(polish)


def emptied(polish: Polish) -> Polish:
    """Without the samples of the running generation."""
    return replace(polish, waiting=(), told=(), probed=0)


def shifted(polish: Polish, by: float) -> Polish:
    """After all scores changed by about as much."""
    return replace(polish, best=polish.best + by, top=polish.top + by)


def _generation(polish: Polish) -> Polish:
    scores = np.array([score for _, score in polish.told])
    top = float(scores.max())
    still = 0 if top > polish.best else polish.still + 1
    if np.isfinite(scores).any():
        cma = tell(polish.cma, np.array([x for x, _ in polish.told]), scores)
    else:  # too far out: nothing is learnt of the shape
        cma = replace(polish.cma, sigma=polish.cma.sigma / SHRINK)
        polish = replace(polish, failed=polish.failed + 1)
    return replace(polish, cma=cma, root=root(cma), told=(), top=top, best=max(polish.best, top), still=still)


def _typical(base: Base) -> float:
    sizes = np.abs(base.values[base.values != 0.0])
    return float(np.median(sizes)) if len(sizes) else 1.0
