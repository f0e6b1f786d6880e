"""What things of one list, or of one table, tell of one another: each record's next, a parent's place in the list.

Things are told by a part of theirs that is different for each, by a table's key, or by where they stand in the list.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shoal.behaviour._layers import Layers
from shoal.behaviour._trees import cell_of, is_sorted, parts_of

__all__ = ["References", "different_numbers"]

MOST_PARTS = 12  # of a record, that may name others
MOST_LISTS = 60  # from which anything is learnt
FRUITLESS = 12  # names in a part, none of which is another thing: it names none
FEWEST = 5  # things that must differ, or be told by their places, so that it is no chance
NONE = -1  # in the place of a number that says where another thing stands
SPARSE = 3  # times as many numbers as are wanted, of which different ones are taken


@dataclass(slots=True)
class References:
    """What the things of lists or tables at one place tell of one another.

    ``parts`` are pairs of parts of theirs: one that tells things apart ("" for a table's key), and one that names some.
    ``differing`` are those that tell things apart, and in how many things they did. ``keys``: those that others name.
    """

    lists: int = 0
    parts: dict[tuple[str, str], Layers] = field(default_factory=dict)
    differing: dict[str, int] | None = None
    keys: set[str] = field(default_factory=set)
    tuples: bool = False  # whether the things are tuples, as edges are, which may look like things with a next one
    places: Layers = field(default_factory=Layers)  # of things in a list, named by where they stand
    ends: int = 0  # lists of at least two things in which one names the last, of as many as there are in ``long``
    long: int = 0
    shuffled: int = 0  # things in lists of the numbers of their places in another order; -1 where any is something else
    least: int = 0

    def take(self, items: Sequence[Any], keys: Sequence[Any] | None = None) -> None:
        """Learn from a list, or from the values of a table and its ``keys``."""
        if not items or self.lists >= MOST_LISTS:
            return
        self.lists += 1
        parts = [parts_of(item) for item in items]
        if all(parts):
            self.tuples = self.tuples or "tuple" in items[0]
            self._take_parts(parts, keys)
        else:
            self.parts.clear()
            self.differing = {}
        if keys is None:
            self._take_places(items)

    def _take_parts(self, parts: list[dict[str, Any]], keys: Sequence[Any] | None) -> None:
        steps = list(parts[0])[:MOST_PARTS]
        columns = {step: [one.get(step) for one in parts] for step in steps}
        names: dict[str, Sequence[Any]] = {
            step: column
            for step, column in columns.items()
            if {type(one) for one in column} in ({str}, {int}) and len(set(column)) == len(column)
        }
        if self.differing is None:
            self.differing = dict.fromkeys(names, 0)
            heads = ["", *names] if keys is not None else list(names)
            self.parts = {(head, step): Layers() for head in heads for step in steps if head != step}
        several = len(parts) > 1
        self.differing = {step: seen + several * len(parts) for step, seen in self.differing.items() if step in names}
        for (head, step), layers in list(self.parts.items()):
            heads_here = keys if head == "" else names.get(head)
            if heads_here is None or (not layers.own and layers.others > FRUITLESS) or not layers.told:
                del self.parts[head, step]
            else:
                layers.take(heads_here, columns.get(step, [None] * len(parts)))

    def _take_places(self, items: Sequence[Any]) -> None:
        told = [_places_in(item) for item in items]
        if any(one is None for one in told):
            self.places.told, self.shuffled = False, -1
            return
        if len(items) > 1:
            self.long += 1
            self.ends += any(len(items) - 1 in (one or ()) for one in told)
        named = [None if item == NONE else one for item, one in zip(items, told, strict=True)]
        self.places.take(range(len(items)), named)
        flat = all(type(item) is int for item in items)
        least = min(items) if flat else NONE
        if flat and self.shuffled >= 0 and least in (0, 1) and sorted(items) == [*range(least, least + len(items))]:
            self.shuffled, self.least = self.shuffled + len(items), least
        else:
            self.shuffled = -1

    @property
    def named_by_place(self) -> bool:
        """Whether numbers in these lists are those of things in the list, all of them."""
        layers = self.places
        sure = layers.told and layers.own >= FEWEST and not layers.others
        return sure and (2 * self.ends >= self.long or (layers.hold and (layers.before or layers.after)))

    @property
    def is_order(self) -> bool:
        """Whether these lists are orders of the numbers of their places."""
        return self.shuffled >= FEWEST

    @property
    def tells_places(self) -> bool:
        """Whether the numbers in these lists are those of their own things, in one way or the other."""
        return self.is_order or self.named_by_place

    def chosen(self) -> list[tuple[str, str]]:
        """Which parts name which, at most one for each."""
        good = [pair for pair, layers in self.parts.items() if layers.hold or layers.closed]
        found: list[tuple[str, str]] = []
        for head, step in sorted(good, key=lambda pair: -self.parts[pair].own):
            if all(step not in pair and head != pair[1] for pair in found):
                found.append((head, step))
        return found

    def relate(
        self,
        items: list[Any],
        chance: random.Random,
        *,
        near: bool,
        tops: set[Any],
        apart: bool,
        keys: Sequence[Any] | None = None,
    ) -> bool:
        """Make drawn things name one another, in place; whether anything was changed.

        What tells them apart is different in each; and, where ``apart``, all that may be to tell them apart.
        """
        chosen = self.chosen()
        if self.tuples and keys is None:
            sure = chance.random() < 0.5
            chosen = [pair for pair in chosen if self._is_no_edge(self.parts[pair], sure=sure)]
        heads = {head for head, _ in chosen if head} | self.keys
        if apart:
            heads |= {step for step, seen in (self.differing or {}).items() if seen >= FEWEST}
        for step in sorted(heads):
            self.set_apart(items, step, chance)
        for head, step in chosen:
            cells = [(k, cell) for k, item in enumerate(items) if (cell := cell_of(item, step)) is not None]
            if not cells or (head and any(head not in parts_of(items[k]) for k, _ in cells)):
                continue
            names = [keys[k] if head == "" and keys is not None else parts_of(items[k])[head] for k, _ in cells]
            if len(set(names)) == len(names):
                made = self.parts[head, step].drawn(
                    names, [cell[0][cell[1]] for _, cell in cells], chance, near=near, tops=tops
                )
                for (_, (values, at)), new in zip(cells, made, strict=True):
                    values[at] = new
        return bool(heads or chosen)

    def _is_no_edge(self, layers: Layers, *, sure: bool) -> bool:
        """Whether a part of tuples names others of them: an edge, which may look like that, always leads somewhere."""
        return layers.hold and (layers.nulls > 0 or (sure and not layers.whole))

    def set_apart(self, items: list[Any], step: str, chance: random.Random) -> None:
        """Make a part different in each of the things, as far as it is a whole number, or a text that can be longer."""
        cells = [cell for item in items if (cell := cell_of(item, step)) is not None]
        values = [values[at] for values, at in cells]
        if len(set(map(repr, values))) == len(values):
            return
        if all(type(value) is int for value in values):
            made: list[Any] = different_numbers(min(values), len(values), chance)
        elif all(type(value) is str for value in values):
            made = different_texts(values, chance)
        else:
            return
        for (own, at), new in zip(cells, sorted(made) if is_sorted(values) else made, strict=True):
            own[at] = new

    def placed(self, items: list[Any], chance: random.Random, *, near: bool, tops: set[Any]) -> list[Any]:
        """The list with the numbers of its own things in the place of others."""
        if self.is_order and chance.random() < 0.9:
            return [self.least + k for k in chance.sample(range(len(items)), len(items))]
        if not self.named_by_place or not items:
            return items
        told = [_places_in(item) for item in items]
        if any(one is None for one in told):
            return items
        values = [
            (None if item == NONE and self.places.nulls else item) if type(item) is int else found
            for item, found in zip(items, told, strict=True)
        ]
        made = self.places.drawn(range(len(items)), values, chance, near=near, tops=tops)
        return [_with_places(item, new) for item, new in zip(items, made, strict=True)]


def _places_in(item: Any) -> list[int] | None:
    """The numbers that may be of other things: one, those of a list, or the first of each tuple in it."""
    if type(item) is int:
        return [] if item == NONE else [item]
    if type(item) is dict and next(iter(item)) in ("set", "frozenset"):
        ((_, item),) = item.items()
    if type(item) is not list:
        return None
    firsts = [one["tuple"][0] if type(one) is dict and one.get("tuple") else one for one in item]
    return firsts if all(type(one) is int for one in firsts) else None


def _with_places(item: Any, places: Any) -> Any:
    if type(item) is int:
        return NONE if places is None else places
    if type(item) is dict:
        ((tag, _),) = item.items()
        return {tag: places}
    if not item or type(item[0]) is int:
        return places
    return [{"tuple": [place, *one["tuple"][1:]]} for place, one in zip(places, item * 2, strict=False)]


def different_numbers(low: int, count: int, chance: random.Random) -> list[int]:
    """Some from the lowest on; close to one another in half of the cases."""
    most = count if chance.random() < 0.5 else SPARSE * count
    return [low + k for k in chance.sample(range(most), count)]


def different_texts(values: Sequence[str], chance: random.Random) -> list[str]:
    """The texts, those that were there before with a number after them."""
    seen: set[str] = set()
    made = []
    for value in values:
        name = value
        while name in seen:
            name = f"{value}{chance.randrange(10 * len(values))}"
        seen.add(name)
        made.append(name)
    return made
