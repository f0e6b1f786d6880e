"""More calls like these: which arguments are given together, and what each of them is like."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shoal.behaviour._extents import Extent, Place, equal_extents, fit
from shoal.behaviour._likes import FEW, Drawing, Likes, has_length, learn
from shoal.behaviour._links import Link, learn_links, link

if TYPE_CHECKING:
    import numpy as np

__all__ = ["CallLikes", "draw_call", "learn_calls"]


@dataclass(frozen=True, slots=True)
class CallLikes:
    """What calls have in common, argument by argument: a place, or a name, is the same argument in every call.

    ``shapes`` are those of the calls, one each: how many arguments go by place, and which by name. ``links`` says what
    parts of an argument are found in another one; ``equal``, what was as long in every call: two lists, the rows of one
    and the columns of another, or a number that says how long.
    """

    shapes: list[tuple[int, tuple[str, ...]]]
    arguments: dict[Place, Likes]
    links: list[Link]
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
    return CallLikes(shapes, arguments, learn_links(given, arguments), equal_extents(given))


def _beside(value: Any, likes: Likes, size: float) -> Any:
    """A number beside something that grows, as the width of a window: few samples of it do not tell whether it grows.

    So it does by the root of the size, in half of the draws: to some functions the larger number is the lesser work, as
    the length of a turn is. One of more samples is drawn from a range that grows anyway.
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
        counts = {one.home for one in likes.links if one.below}
        made = {
            place: round(value * size)
            if place in counts and type(value) is int
            else _beside(value, likes.arguments[place], size if drawing.widens else 1.0)
            for place, value in made.items()
        }
    if not drawing.chance(edgy):
        for group in likes.equal:
            fit(made, group, likes.arguments, drawing)
    link(made, likes.links, likes.arguments, drawing)
    return {"tuple": [{"tuple": [made[k] for k in range(count)]}, {"dict": [list(names), [made[n] for n in names]]}]}
