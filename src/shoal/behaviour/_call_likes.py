"""More calls like these: which arguments are given together, and what each of them is like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shoal.behaviour._likes import Drawing, Likes, has_length, learn

if TYPE_CHECKING:
    import numpy as np

__all__ = ["CallLikes", "draw_call", "learn_calls"]


@dataclass(frozen=True, slots=True)
class CallLikes:
    """What calls have in common, argument by argument: a place, or a name, is the same argument in every call.

    ``shapes`` are those of the calls, one each: how many arguments go by place, and which by name.
    """

    shapes: list[tuple[int, tuple[str, ...]]]
    arguments: dict[int | str, Likes]


def learn_calls(calls: Sequence[Any]) -> CallLikes:
    """What flat ``calls`` have in common, each a tree of a tuple of two: arguments, and keyword arguments by name."""
    shapes = []
    samples: dict[int | str, list[Any]] = {}
    for call in calls:
        args, (names, values) = call["tuple"][0]["tuple"], call["tuple"][1]["dict"]
        shapes.append((len(args), tuple(names)))
        for place, value in [*enumerate(args), *zip(names, values, strict=True)]:
            samples.setdefault(place, []).append(value)
    return CallLikes(shapes, {place: learn(found) for place, found in samples.items()})


def draw_call(likes: CallLikes, rng: np.random.Generator, *, size: float = 1.0, edgy: float = 0.0) -> Any:
    """A new flat call; the arguments are as `draw` says, and numbers grow where no argument has a length."""
    count, names = likes.shapes[int(rng.integers(len(likes.shapes)))]
    grow = not any(map(has_length, likes.arguments.values()))
    drawing = Drawing(rng, size, edgy)
    args = [drawing.any(likes.arguments[place], size, grow=grow) for place in range(count)]
    values = [drawing.any(likes.arguments[name], size, grow=grow) for name in names]
    return {"tuple": [{"tuple": args}, {"dict": [list(names), values]}]}
