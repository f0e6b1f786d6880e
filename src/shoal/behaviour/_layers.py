"""Names that tell of things which stand beside them: what needs what, who is under whom, which record comes next.

The names of each thing stand alone, in a list, or in tuples and lists of such, beside other things: how many are needed
of each. Mostly they lead from none back to itself.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Layers"]

FEWEST = 3  # names of own keys that tables must list, so that it is no chance that none leads back
MOSTLY = 0.5  # share of the names, from which on they are own ones though some lead back, or though all are numbers
STRANGERS = 20  # other names kept


@dataclass(slots=True)
class Layers:
    """Whether all tables at a place are such, and how many of the names in them are own keys.

    ``nested``: some stand beside other things.
    """

    lead_back: bool = False
    told: bool = True  # whether all that was seen can be names, or nothing
    nested: bool = False
    whole: bool = False  # whether keys are whole numbers
    own: int = 0
    others: int = 0
    once: bool = True  # whether no table has an own name twice, as where each thing has a next one
    selves: int = 0  # things that name themselves: where a way ends
    nulls: int = 0
    roots: int = 0  # the most things of one table without a name, where each has one at most
    before: bool = True  # whether all own names are those of things that come before in the table
    after: bool = True
    strangers: list[Any] = field(default_factory=list)

    @property
    def hold(self) -> bool:
        """Whether a table that is drawn should lead back nowhere."""
        return self.told and not self.lead_back and self.own >= FEWEST and (not self.whole or self.closed)

    @property
    def may_lead_back(self) -> bool:
        """Whether it may as well be a map of ways: none ends elsewhere, and each stands beside something else."""
        return self.nested and not self.others

    @property
    def closed(self) -> bool:
        """Whether a table that is drawn should name its own, whether they lead back or not."""
        return self.told and self.own >= max(FEWEST, MOSTLY * (self.own + self.others))

    def take(self, keys: Sequence[Any], values: Sequence[Any]) -> None:
        """Learn from a table."""
        kinds = set(map(type, keys))
        self.whole = self.whole or int in kinds
        listed = [_told(value, int if self.whole else str) for value in values]
        self.told = self.told and kinds <= {str, int} and not any(one is None for one in listed)
        if not self.told:
            return
        self.nested = self.nested or any(
            type(value) in (list, dict) and _listed(value, int if self.whole else str) is None for value in values
        )
        place = {key: k for k, key in enumerate(keys)}
        needed = {key: [one for one in found or () if one in place] for key, found in zip(keys, listed, strict=True)}
        own = [one for found in needed.values() for one in found]
        self.own += len(own)
        strangers = [one for found in listed for one in found or () if one not in place]
        self.others += len(strangers)
        self.strangers = (self.strangers + strangers)[:STRANGERS]
        self.selves += sum(key in found for key, found in needed.items())
        self.nulls += sum(value is None for value in values)
        self.roots = max(self.roots, sum(value is None for value in values))
        self.once = self.once and len(own) == len(set(own))
        self.before = self.before and all(place[one] <= place[key] for key, found in needed.items() for one in found)
        self.after = self.after and all(place[one] >= place[key] for key, found in needed.items() for one in found)
        self.lead_back = self.lead_back or not _comes_to_an_end(
            {key: {one for one in found if one != key} for key, found in needed.items()}
        )

    def drawn(
        self, keys: Sequence[Any], values: Sequence[Any], chance: random.Random, *, near: bool, tops: set[Any]
    ) -> list[Any]:
        """The values with own keys in them as often as in the samples, and from each only to those drawn before it.

        ``near``: to those drawn shortly before it, and twice as many, so that ways are long, and there are many. Where
        they begin and end is put into ``tops``.
        """
        order = self._order(keys, chance)
        if near and not self.lead_back:  # what names nothing comes first, so that ways from the others are long
            kind = int if self.whole else str
            ends = {
                key for key, value in zip(keys, values, strict=True) if value is not None and not _told(value, kind)
            }
            order.sort(key=lambda key: key not in ends)
        tops.update((order[:1] + order[-2:]) if not self.lead_back else [])
        renaming = _Renaming(self, order, {key: place for place, key in enumerate(order)}, chance, near)
        return [renaming.kept(value, renaming.rank[key]) for key, value in zip(keys, values, strict=True)]

    def _order(self, keys: Sequence[Any], chance: random.Random) -> list[Any]:
        """In which each names those before it; where the samples were in such an order, half of the tables are."""
        order = chance.sample(list(keys), len(keys))
        if (self.before or self.after) and not self.lead_back and chance.random() < 0.5:
            return list(keys) if self.before else list(keys)[::-1]
        return order


@dataclass(slots=True)
class _Renaming:
    """Own keys in the values of a table that is being drawn: from each to those of a lower rank."""

    layers: Layers
    order: list[Any]
    rank: dict[Any, int]
    chance: random.Random
    near: bool

    def kept(self, value: Any, place: int) -> Any:
        """The value of the key of a rank, with other names."""
        kind = int if self.layers.whole else str
        if value is None or type(value) is kind:
            return self._alone(value, place)
        if _listed(value, kind) is None:
            inner = _twice(value) if self.near else value
            one = None if self.layers.whole else _nested(inner, lambda name: next(self._several([name], place), None))
            return value if one is None else one
        if type(value) is dict:
            return {tag: self.kept(inner, place) for tag, inner in value.items()}
        return list(dict.fromkeys(self._several(value * 2 if self.near else value, place)))

    def _one(self, place: int) -> Any:
        """An own key for that of a rank; None where there is none below it."""
        if self.layers.lead_back:
            return self.order[int(self.chance.random() * len(self.order))]
        if not place:
            return None
        if self.near and self.layers.once:
            return self.order[place - 1]
        window = math.ceil(math.sqrt(place)) if self.near else place
        return self.order[place - 1 - int(self.chance.random() * window)]

    def _several(self, items: list[Any], place: int) -> Iterator[Any]:
        share = self.layers.own / (self.layers.own + self.layers.others)
        share = max(share, MOSTLY) if self.near else share
        for item in items:
            if self.chance.random() < share:
                name = self._one(place)
                if name is not None:
                    yield name
            elif item not in self.rank:
                yield item

    def _alone(self, value: Any, place: int) -> Any:
        """For a single name, or None: where ways are to be long, only one ends, as far as the samples had no more."""
        share = self.layers.own / (self.layers.own + self.layers.others)
        long = self.near and not self.layers.lead_back and (value is not None or self.layers.roots < 2)
        named = long or (value is not None and self.chance.random() < share)
        name = self._one(place) if named else None
        if name is not None or (value is None and not long):
            return name
        return self._end(self.order[place], value)

    def _end(self, key: Any, value: Any) -> Any:
        """What the first of all names, as nothing is before it."""
        if self.layers.nulls and self.layers.nulls >= self.layers.selves:
            return None
        if self.layers.selves:
            return key
        strangers = [name for name in (value, *self.layers.strangers) if name is not None and name not in self.rank]
        return self.chance.choice(strangers) if strangers else value


def _listed(value: Any, kind: type) -> list[Any] | None:
    """The names of a list, a tuple or a set; None for anything else."""
    if type(value) is dict and next(iter(value)) in ("tuple", "set", "frozenset"):
        value = next(iter(value.values()))
    named = type(value) is list and all(type(one) is kind for one in value)
    return value if named else None


def _told(value: Any, kind: type) -> list[Any] | None:
    """The name, or all in a list, or texts in tuples and lists; None where there is anything else that holds some."""
    if type(value) is kind:
        return [value]
    listed = _listed(value, kind)
    return _texts(value) if listed is None else listed


def _texts(value: Any) -> list[Any] | None:
    if type(value) is str:
        return [value]
    if type(value) is dict:
        ((tag, value),) = value.items()
        if tag != "tuple":
            return None
    inner = [_texts(one) for one in value] if type(value) is list else []
    return None if any(one is None for one in inner) else [name for one in inner for name in one or ()]


def _twice(value: Any) -> Any:
    """A tree with each list in it twice as long."""
    if type(value) is dict:
        return {tag: [_twice(one) for one in parts] for tag, parts in value.items()}
    return value * 2 if type(value) is list else value


def _nested(value: Any, renamed: Callable[[str], Any]) -> Any:
    """A tree with other names; what is in a list goes where there is no name for it. None where all of it goes."""
    if type(value) is str:
        return renamed(value)
    if type(value) is dict:
        ((tag, parts),) = value.items()
        made = [_nested(part, renamed) for part in parts]
        return None if any(new is None is not old for new, old in zip(made, parts, strict=True)) else {tag: made}
    if type(value) is list:
        return [made for made in (_nested(one, renamed) for one in value) if made is not None]
    return value


def _comes_to_an_end(needed: dict[Any, set[Any]]) -> bool:
    """Whether no key leads back to itself."""
    left = {key: len(needs) for key, needs in needed.items()}
    above: dict[Any, list[Any]] = {}
    for key, needs in needed.items():
        for one in needs:
            above.setdefault(one, []).append(key)
    ready = [key for key, count in left.items() if not count]
    for key in ready:
        for one in above.get(key, ()):
            left[one] -= 1
            if not left[one]:
                ready.append(one)
    return len(ready) == len(left)
