"""Tables that tell names for each key, and lead from none back to itself: what needs what, who is under whom.

The names stand in a list, or in tuples and lists of such, beside other things: how many are needed of each.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["Layers"]

FEWEST = 3  # names of own keys that tables must list, so that it is no chance that none leads back


@dataclass(slots=True)
class Layers:
    """Whether all tables at a place are such, and how many of the names in them are own keys.

    ``nested``: some stand beside other things, so that it may as well be a map of ways, which leads back elsewhere.
    """

    lead_back: bool = False
    nested: bool = False
    own: int = 0
    others: int = 0

    @property
    def hold(self) -> bool:
        """Whether a table that is drawn should be such."""
        return not self.lead_back and self.own >= FEWEST

    def take(self, keys: list[Any], values: list[Any]) -> None:
        """Learn from a table."""
        if self.lead_back:
            return
        listed = [_told(value) for value in values]
        self.nested = self.nested or any(_listed(value) is None for value in values)
        if any(one is None for one in listed) or not all(type(key) in (str, int) for key in keys):
            self.lead_back = True
            return
        needed = {
            key: {one for one in found or () if one in set(keys)} for key, found in zip(keys, listed, strict=True)
        }
        self.own += sum(map(len, needed.values()))
        self.others += sum(len(found or ()) for found in listed) - sum(map(len, needed.values()))
        self.lead_back = not _comes_to_an_end(needed)

    def drawn(self, keys: list[Any], values: list[Any], chance: random.Random) -> list[Any]:
        """The values with own keys in them as often as in the samples, and from each only to those drawn before it."""
        order = chance.sample(keys, len(keys))
        rank = {key: place for place, key in enumerate(order)}
        share = self.own / (self.own + self.others)

        def kept(value: Any, place: int) -> Any:
            if _listed(value) is None:
                return _nested(value, lambda name: next(_renamed([name], place), None))
            if type(value) is dict:
                return {tag: kept(inner, place) for tag, inner in value.items()}
            return list(dict.fromkeys(_renamed(value, place)))

        def _renamed(items: list[Any], place: int) -> Iterator[Any]:
            for item in items:
                if chance.random() < share:
                    if place:
                        yield order[int(chance.random() * place)]
                elif item not in rank:
                    yield item

        made = [kept(value, rank[key]) for key, value in zip(keys, values, strict=True)]
        return [value if new is None else new for new, value in zip(made, values, strict=True)]


def _listed(value: Any) -> list[Any] | None:
    """The names of a list, a tuple or a set; None for anything else."""
    if type(value) is dict and next(iter(value)) in ("tuple", "set", "frozenset"):
        value = next(iter(value.values()))
    named = type(value) is list and all(type(one) in (str, int) for one in value)
    return value if named else None


def _told(value: Any) -> list[Any] | None:
    """The names of a list, or all texts in tuples and lists; None where there is anything else that holds some."""
    listed = _listed(value)
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
    left = dict(needed)
    while left:
        ready = [key for key, needs in left.items() if not needs & left.keys()]
        if not ready:
            return False
        for key in ready:
            del left[key]
    return True
