"""More calls like these: which arguments are given together, and what each of them is like."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shoal.behaviour._extents import FEWEST, Extent, Place, equal_extents, fit
from shoal.behaviour._likes import FEW, Drawing, Likes, has_length, learn

if TYPE_CHECKING:
    import numpy as np

__all__ = ["CallLikes", "draw_call", "learn_calls"]


@dataclass(frozen=True, slots=True)
class CallLikes:
    """What calls have in common, argument by argument: a place, or a name, is the same argument in every call.

    ``shapes`` are those of the calls, one each: how many arguments go by place, and which by name. ``members`` says of
    an argument in which other one it was found in every call: a name of a table's, a text of a list's or of its tuples;
    ``equal``, what was as long in every call: two lists, the rows of one and the columns of another, or a number that
    says how long.
    """

    shapes: list[tuple[int, tuple[str, ...]]]
    arguments: dict[Place, Likes]
    members: dict[Place, Place]
    equal: list[list[Extent]]


def learn_calls(calls: Sequence[Any]) -> CallLikes:
    """What flat ``calls`` have in common, each a tree of a tuple of two: arguments, and keyword arguments by name."""
    shapes = []
    given: list[dict[Place, Any]] = []
    samples: dict[Place, list[Any]] = {}
    for call in calls:
        args, (names, values) = call["tuple"][0]["tuple"], call["tuple"][1]["dict"]
        shapes.append((len(args), tuple(names)))
        given.append({**dict(enumerate(args)), **dict(zip(names, values, strict=True))})
        for place, value in given[-1].items():
            samples.setdefault(place, []).append(value)
    arguments = {place: learn(found) for place, found in samples.items()}
    return CallLikes(shapes, arguments, _members(given, list(arguments)), equal_extents(given))


def _members(given: list[dict[Place, Any]], places: list[Place]) -> dict[Place, Place]:
    """Which argument is always found in which other one, of those that calls give together."""
    found: dict[Place, Place] = {}
    for one in places:
        for other in places:
            together = [call for call in given if one in call and other in call and call[other] != []]
            if (
                len(together) >= FEWEST
                and one not in found
                and all(call[one] in _names(call[other], call[one]) for call in together)
            ):
                found[one] = other
    return found


def _names(container: Any, value: Any) -> list[Any]:
    """What a value may be found in: a table's keys, a list's texts; a number in a list of numbers is mostly chance."""
    if type(container) is dict and type(value) in (str, int):
        return [key for key in container["dict"][0] if type(key) is type(value)] if "dict" in container else []
    if type(container) is list and type(value) is str:
        return [name for item in container for name in _texts_of(item)]
    return []


def _texts_of(item: Any) -> list[Any]:
    """A list's item, or the parts of one that is a tuple."""
    return list(item["tuple"]) if type(item) is dict and "tuple" in item else [item]


def _beside(value: Any, likes: Likes, size: float) -> Any:
    """A number beside something that grows, as the width of a window: few samples of it do not tell whether it grows.

    So it does by the root of the size. One of more samples is drawn from a range that grows anyway.
    """
    different = set(likes.integers)
    if type(value) is not int or size <= 1.0 or not 1 < len(different) <= FEW or different <= {0, 1}:
        return value
    return round(value * math.sqrt(size))


def draw_call(likes: CallLikes, rng: np.random.Generator, *, size: float = 1.0, edgy: float = 0.0) -> Any:
    """A new flat call; the arguments are as `draw` says, and numbers grow where no argument has a length."""
    count, names = likes.shapes[int(rng.integers(len(likes.shapes)))]
    grow = not any(map(has_length, likes.arguments.values()))
    drawing = Drawing(rng, size, edgy)
    made = {place: drawing.any(likes.arguments[place], size, grow=grow) for place in (*range(count), *names)}
    if not grow:
        made = {place: _beside(value, likes.arguments[place], size) for place, value in made.items()}
    if not drawing.chance(edgy):
        for group in likes.equal:
            fit(made, group, likes.arguments, drawing)
    for one, other in likes.members.items():
        inside = _names(made[other], made[one]) if one in made and other in made else []
        if inside and not drawing.chance(edgy):
            made[one] = drawing.pick(inside)
    return {"tuple": [{"tuple": [made[k] for k in range(count)]}, {"dict": [list(names), [made[n] for n in names]]}]}
