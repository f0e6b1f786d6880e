"""What is drawn by chance: coins that hold for a whole call, and picks for each of its parts."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

__all__ = ["FEW", "LONGEST", "SHORT", "VARIED", "Chances"]

VARIED = 0.5  # share of different values from which on new ones are drawn with new values
FEW = 4  # different values in a list's samples, up to which they are kinds of something, and no more are made up
LONGEST = 400_000  # items or characters
SHORT = 50  # items, up to which a list is drawn one by one: numpy takes longer to begin
TRENDS = (0, 1, 0, -1, 0, 0)  # of longer lists of numbers, in turn: what looks for the next larger one is slow then
RUNS = 0.25  # share of longer lists of numbers that are made of runs, where some numbers followed each other


class Chances:
    """What is drawn once, for one tree or several that belong together."""

    def __init__(self, rng: np.random.Generator, size: float, edgy: float) -> None:
        self.rng, self.size, self.edgy = rng, size, edgy
        self.one = random.Random(int(rng.integers(1 << 62)))  # ten times as fast where single numbers are wanted
        chance = self.one.random()
        self.renews, self.deepens = chance < 0.5, int(4 * chance) % 2 == 1
        self.trend = TRENDS[int(4 * len(TRENDS) * chance) % len(TRENDS)]
        self.widens = int(8 * len(TRENDS) * chance) % 2 == 1
        self.runs = self.one.random() < RUNS
        self.leads_back = int(16 * len(TRENDS) * chance) % 2 == 1
        self.near = size > 1.0 and int(32 * len(TRENDS) * chance) % 2 == 1
        self.distinct = size > 1.0 and int(64 * len(TRENDS) * chance) % 2 == 1
        self.tops: set[Any] = set()  # names of what is at the beginning or at the end of what leads on to others

    def chance(self, probability: float) -> bool:
        return self.one.random() < probability

    def pick(self, pool: Sequence[Any]) -> Any:
        return pool[int(self.one.random() * len(pool))]

    def pick_name(self, names: Sequence[Any]) -> Any:
        """One of the names of things; in half of larger draws one from where ways to others begin or end."""
        if self.size > 1.0 and self.tops and self.chance(0.5):
            names = [name for name in names if name in self.tops] or names
        return self.pick(names)

    def pick_long(self, lengths: Sequence[int], size: float) -> int:
        """The place of one of these lengths; a short one, as of an empty list, would stay short when made larger."""
        if size <= 1.0:
            return int(self.one.random() * len(lengths))
        longest = max(lengths)
        return int(self.pick([place for place, length in enumerate(lengths) if 2 * length >= longest]))

    def fresh(self, pool: Sequence[Any], size: float) -> bool:
        """Whether a larger list has new values besides those of the samples.

        It has where the samples mostly differed. Where they did not, nobody knows: so it has in half of the draws, and
        what only pays because a long list repeats a few values does not pay in the others.
        """
        if size <= 1.0:
            return False
        different = len(set(pool))
        return different > VARIED * len(pool) or (different > FEW and self.renews)
