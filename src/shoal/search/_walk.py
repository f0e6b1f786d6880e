"""A walk over the rows of a table: one row moves at a time, and what is no worse goes on.

Rows of a table are mostly things of one kind that hardly know of each other: points, items, tasks. Moving one of them
keeps what the others are worth, where a step of all numbers at once loses it: a walk climbs fast where CMA-ES has to
learn first, or where hardly any step of all numbers is allowed. A step that helped is tried again, longer (pattern
search, Hooke and Jeeves 1961); one that did not, the other way (mirrored sampling, Brockhoff et al. 2010).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shoal.search._starts import KEPT, Base, scale_of

__all__ = ["Walk", "begin", "emptied", "learn", "sample", "shifted"]

LEAST_ROWS = 8  # fewer are tuned together at once
EACH = 40  # samples for each row
LONGER = 1.5  # times as far goes a step that helped, the next time
STEPS = (-2.5, 0.0)  # log10 of a step, in the spreads of the columns
GENERATION = 16  # results after which a walk is asked how it climbs
PATIENCE = 12  # generations without a gain after which it ends


@dataclass(frozen=True, slots=True)
class Step:
    """A sample: the ``values`` (n,) that it came to by ``move`` (n,), and whether it was drawn, not asked for."""

    values: np.ndarray
    move: np.ndarray
    drawn: bool


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a walk stands.

    ``rows`` (m, w) are places in ``base.values``, ``at`` (n,) the numbers it stands on and ``score`` theirs;
    ``waiting`` are samples by number, ``next`` the steps (n,) that the last results ask for. ``told`` counts results,
    ``still`` generations without a gain.
    """

    base: Base
    rows: np.ndarray
    scale: np.ndarray
    at: np.ndarray
    score: float
    waiting: tuple[tuple[int, Step], ...] = ()
    next: tuple[np.ndarray, ...] = ()
    told: int = 0
    still: int = 0
    before: float = -np.inf  # the score a generation ago

    @property
    def generation(self) -> int:
        """Generations so far."""
        return self.told // GENERATION

    @property
    def over(self) -> bool:
        """Whether it is CMA-ES's turn."""
        return self.told >= EACH * len(self.rows) or self.still >= PATIENCE


def begin(base: Base) -> Walk | None:
    """A walk from a base's own numbers; None where it has no rows to move: two columns of `LEAST_ROWS` or more."""
    columns = [np.flatnonzero(base.columns == one) for one in sorted(set(base.columns.tolist()) - {-1})]
    longest = max(map(len, columns), default=0)
    alike = [one for one in columns if len(one) == longest]
    if longest < LEAST_ROWS or len(alike) < 2:
        return None
    return Walk(base, np.array(alike).T, scale_of(base, base.values), base.values, base.score, before=base.score)


def sample(walk: Walk, number: int, rng: np.random.Generator) -> tuple[Walk, np.ndarray]:
    """The numbers with one row moved, shape (n,)."""
    if walk.next:
        move, rest = walk.next[0], walk.next[1:]
    else:
        move, rest = _drawn(walk, rng), ()
    step = Step(walk.at + move, move, drawn=not walk.next)
    return replace(walk, waiting=(*walk.waiting, (number, step))[-KEPT:], next=rest), step.values


def _drawn(walk: Walk, rng: np.random.Generator) -> np.ndarray:
    row = walk.rows[int(rng.integers(len(walk.rows)))]
    move = np.zeros(len(walk.at))
    move[row] = 10.0 ** float(rng.uniform(*STEPS)) * walk.scale[row] * rng.standard_normal(len(row))
    return move


def learn(walk: Walk, number: int, score: float | None) -> Walk:
    """Take one result in; None for no score."""
    step = next((step for waiting, step in walk.waiting if waiting == number), None)
    if step is None:
        return walk
    waiting = tuple(one for one in walk.waiting if one[0] != number)
    walk = replace(walk, waiting=waiting, told=walk.told + 1)
    if score is not None and score >= walk.score:
        asked = (LONGER * step.move,) if score > walk.score else ()
        walk = replace(walk, at=step.values, score=score, next=(*walk.next, *asked))
    elif step.drawn:
        walk = replace(walk, next=(*walk.next, -step.move))
    if walk.told % GENERATION:
        return walk
    still = 0 if walk.score > walk.before else walk.still + 1
    return replace(walk, still=still, before=walk.score)


def emptied(walk: Walk) -> Walk:
    """Without the samples that are out."""
    return replace(walk, waiting=())


def shifted(walk: Walk, by: float) -> Walk:
    """After all scores changed by about as much."""
    return replace(walk, score=walk.score + by, before=walk.before + by)
