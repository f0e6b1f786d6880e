"""Texts like those that were recorded, of any length."""

from __future__ import annotations

import string
from collections.abc import Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from shoal.behaviour._brackets import are_balanced, are_tagged, inside, mended, split_outside, within_tag
from shoal.behaviour._chances import LONGEST, SHORT, VARIED, Chances
from shoal.behaviour._likes import POOL
from shoal.behaviour._pieces import Split, between_of, chain_of, cut
from shoal.behaviour._wording import wording_of

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Texts"]

LONGER = 4  # times that new names are drawn, each with a letter more, until there are enough
PIECE = 8  # letters, of which a longer text's pieces may be
BETWEEN_BRACKETS = ("\n", ";", ",", " ")  # the first that a text has outside of brackets is between its pieces
MATCHED = 0.9  # share of texts with matching brackets, where all had them
MOST_PIECES = 1000  # of longer texts, that tell how they are worded


class Texts(Chances):
    """Draws texts, by pieces, brackets, formats or letters."""

    def __init__(self, rng: np.random.Generator, size: float, edgy: float) -> None:
        super().__init__(rng, size, edgy)
        self._letters: dict[tuple[str, ...], list[str]] = {}

    def text(self, pool: list[str], size: float, *, grow: bool = False) -> str:
        if self.chance(self.edgy):
            return str(self.pick(("", " ", "a", self.pick(pool).upper(), "é" + self.pick(pool))))
        one = str(self.pick(pool) if size <= 1.0 else pool[self.pick_long(list(map(len, pool)), size)])
        first = tuple(pool[:POOL])
        wording = wording_of(first)
        if wording.fixed or (wording.like and size <= 1.0):
            spread = size if grow or self.fresh(pool, size) else 1.0
            return (
                one if spread <= 1.0 and self.chance(0.5) else wording.altered(one, self.one, spread, words=self.renews)
            )
        if (are_balanced(first) or chain_of(first, one)) and self.chance(MATCHED):
            return mended(self.bracketed(first, one, size))
        if are_tagged(first) and self.chance(MATCHED):
            count = min(LONGEST // 8, round(size) - 1)
            return within_tag(one, "".join([self.pick(first) for _ in range(count)]))
        between = between_of(first, one) if one else ""
        return self.pieces(pool, one, size, between, str.split) if between else self.letters(pool, one, size)

    def pieces(self, pool: Sequence[str], one: str, size: float, between: str, split: Split) -> str:
        """A text of more pieces, some of them new ones where they mostly differed."""
        parts = cut(pool[:POOL], one, between, split)
        count = min(LONGEST // 8, max(1, round(parts.number * size)))
        return between.join([*parts.first, *self.drawn_pieces(parts.others, count, size)]) + parts.end

    def drawn_pieces(self, pool: list[str], count: int, size: float) -> list[str]:
        fresh, wording = self.fresh(pool, size), wording_of(tuple(pool[:MOST_PIECES]))
        drawn = (self.pick(pool) for _ in range(count))
        return [
            wording.altered(piece, self.one, size, words=self.renews) if fresh and self.chance(VARIED) else piece
            for piece in drawn
        ]

    def bracketed(self, pool: tuple[str, ...], one: str, size: float) -> str:
        """A text of more pieces, each with all that is in its brackets, or with more of them in the brackets around."""
        between = next((sign for sign in BETWEEN_BRACKETS if len(split_outside(one, sign)) > 1), "")
        joined = chain_of(pool, one)
        if joined is not None:
            count = min(LONGEST // 8, max(1, round(joined.number * size)))
            things = self.drawn_pieces(joined.things, count, size)
            return "".join([things[0], *(self.pick(joined.operators) + thing for thing in things[1:])])
        if between:
            return self.pieces(pool, one, size, between, split_outside)
        within = inside(one)
        if within is None or not any(sign in one for sign in BETWEEN_BRACKETS):
            return self.letters(pool, one, size)
        opening, content = within
        alike = tuple(found[1] for text in pool if (found := inside(text)) and found[0] == opening and found[1])
        return f"{opening}{self.bracketed(alike, content, size)}{one[-1]}"

    def letters(self, pool: Sequence[str], one: str, size: float) -> str:
        """A text of letters of the pool, one by one or a few that stood beside one another."""
        if size <= 1.0 and self.chance(0.5):
            return one
        letters = self._letters.get(pool := tuple(pool[:POOL]))
        if letters is None:
            letters = self._letters[pool] = list("".join(pool)[:LONGEST]) or list(string.ascii_lowercase)
        length = min(LONGEST, round(len(one) * size))
        if length < SHORT:
            return "".join([str(self.pick(letters)) for _ in range(length)])
        if self.renews:
            return "".join(letters[int(k)] for k in self.rng.integers(len(letters), size=length))
        starts = self.rng.integers(len(letters), size=length)  # pieces keep what stands beside one another, as runs
        ends = starts + self.rng.integers(1, PIECE + 1, size=length)
        runs = (letters[int(start) : int(end)] for start, end in zip(starts, ends, strict=True))
        return "".join(islice(chain.from_iterable(runs), length))

    def words(self, pool: list[str], length: int, size: float, *, fresh: bool = False) -> list[str]:
        """Words of the pool, and new ones where they mostly differed: only of a format where there are no more."""
        wording = wording_of(tuple(pool[:MOST_PIECES]))
        between = wording.fixed and size <= 1.0 and len(set(pool)) > VARIED * len(pool)
        fresh = fresh or between or self.fresh(pool, size)
        if length < SHORT:
            made = [self.pick(pool) for _ in range(length)]
        else:
            made = [pool[k] for k in self.rng.integers(len(pool), size=length).tolist()]
        return [
            wording.altered(word, self.one, size, words=self.renews) if fresh and self.chance(VARIED) else word
            for word in made
        ]

    def different(self, pool: list[str], wanted: int, size: float) -> list[Any]:
        """Words like those of the pool, all different: so many, where longer ones give as many."""
        made: dict[str, None] = {}
        wording = wording_of(tuple(pool[:MOST_PIECES]))
        for more in range(LONGER):
            words = self.words(pool, wanted - len(made), size, fresh=True)
            made.update(dict.fromkeys(wording.altered(word, self.one, size, more) if more else word for word in words))
        return list(made)
