"""More calls like these: which arguments are given together, and what each of them is like."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from shoal.behaviour._chances import FEW
from shoal.behaviour._contained import Contained, learn_contained, put_inside
from shoal.behaviour._drawing import Drawing, has_length
from shoal.behaviour._extents import Extent, Place, equal_extents, fit
from shoal.behaviour._likes import Likes, learn
from shoal.behaviour._links import Link, learn_links, learn_places, link, put_in_place, values_by_path
from shoal.behaviour._positions import Position

if TYPE_CHECKING:
    import numpy as np

__all__ = ["CallLikes", "draw_call", "learn_calls"]


_NOTHING = Likes()
MOST_FAMILIES = 4  # with more, calls are only varied


class Inside(NamedTuple):
    """What the fields of a record have in common, and name of one another, as arguments do."""

    fields: dict[Place, Likes]
    links: list[Link]
    places: list[Position]


@dataclass(frozen=True, slots=True)
class CallLikes:
    """What calls have in common, argument by argument: a place, or a name, is the same argument in every call.

    ``shapes`` are those of the calls, one each: how many arguments go by place, and which by name. ``links`` says what
    parts of an argument are found in another one, ``places``, which numbers say where something stands in another one;
    ``equal``, what was as long in every call: two lists, the rows of one and the columns of another, or a number that
    says how long. Where some calls are about texts and others about numbers, ``families`` are those apart: what can be
    compared in each would not be in a mixture. ``inside`` says of records what arguments say of one another, and
    ``contained`` which texts stand in others.
    """

    shapes: list[tuple[int, tuple[str, ...]]]
    arguments: dict[Place, Likes]
    links: list[Link]
    places: list[Position]
    equal: list[list[Extent]]
    families: list[CallLikes] = field(default_factory=list)
    inside: dict[Place, Inside] = field(default_factory=dict)
    contained: list[Contained] = field(default_factory=list)


def learn_calls(calls: Sequence[Any]) -> CallLikes:
    """What flat ``calls`` have in common, each a tree of a tuple of two: arguments, and keyword arguments by name."""
    likes = _learn(calls)
    likes.families.extend(_learn([calls[k] for k in family]) for family in _families([_given(call) for call in calls]))
    for family in likes.families:  # all as long as one another: a short sample of one kind tells nothing of lengths
        for place, own in family.arguments.items():
            own.lengths = likes.arguments[place].lengths if own.lists else own.lengths
    return likes


def _given(call: Any) -> dict[Place, Any]:
    """The arguments of a call by place or by name."""
    args, (names, values) = call["tuple"][0]["tuple"], call["tuple"][1]["dict"]
    return {**dict(enumerate(args)), **dict(zip(names, values, strict=True))}


def _learn(calls: Sequence[Any]) -> CallLikes:
    shapes = [(len(call["tuple"][0]["tuple"]), tuple(call["tuple"][1]["dict"][0])) for call in calls]
    given = [_given(call) for call in calls]
    samples: dict[Place, list[Any]] = {}
    for one in given:
        for place, value in one.items():
            samples.setdefault(place, []).append(value)
    arguments = {place: learn(found) for place, found in samples.items()}
    values = values_by_path(given, arguments)
    links = learn_links(given, values, arguments)
    places = learn_places(given, values, arguments, links)
    inside, contained = _inside(given, arguments), learn_contained(given)
    return CallLikes(shapes, arguments, links, places, equal_extents(given), inside=inside, contained=contained)


def _inside(given: Sequence[dict[Place, Any]], arguments: dict[Place, Likes]) -> dict[Place, Inside]:
    """What the fields of each argument that is always a record name of one another."""
    found = {}
    for place, likes in arguments.items():
        tagged = likes.tagged.get("dict")
        if likes.kinds == 1 and tagged is not None and tagged.is_record and tagged.keys and tagged.fields:
            records = [dict(zip(*call[place]["dict"][:2], strict=True)) for call in given if place in call]
            fields: dict[Place, Likes] = dict(zip(tagged.keys, tagged.fields, strict=True))
            values = values_by_path(records, fields)
            links = learn_links(records, values, fields)
            found[place] = Inside(fields, links, learn_places(records, values, fields, links))
    return found


def _link_inside(record: Any, inside: Inside, drawing: Drawing) -> Any:
    keys, values = record["dict"][:2]
    made = dict(zip(keys, values, strict=True))
    link(made, inside.links, inside.fields, drawing)
    put_in_place(made, inside.places, inside.fields, drawing)
    return {"dict": [keys, [made[key] for key in keys]]}


def _families(given: Sequence[dict[Place, Any]]) -> list[list[int]]:
    """The calls that are about texts where others are about numbers, each with those that do not say; or nothing."""
    kinds = [{place: kind for place, value in one.items() if (kind := _kind(value))} for one in given]
    found: list[dict[Place, str]] = []
    for one in kinds:
        if one and not any(_agree(one, other) for other in found):
            found.append(dict(one))
        for other in found if one else ():
            if _agree(one, other):
                other.update(one)
                break
    if not 1 < len(found) <= MOST_FAMILIES:
        return []
    return [[k for k, one in enumerate(kinds) if _agree(one, family)] for family in found]


def _agree(one: dict[Place, str], other: dict[Place, str]) -> bool:
    return all(other.get(place, kind) == kind for place, kind in one.items())


def _kind(tree: Any) -> str:
    """Whether a value is text or a number, or a list of such; "" for what says nothing or is another thing."""
    if type(tree) is list:
        kinds = {_kind(item) for item in tree}
        only = kinds.pop() if len(kinds) == 1 else ""
        return f"list of {only}" if only else ""
    return "text" if type(tree) is str else "number" if type(tree) in (int, float) else ""


def _beside(value: Any, likes: Likes, size: float) -> Any:
    """A number beside something that grows, as the width of a window: few samples of it do not tell whether it grows.

    So it does by the root of the size, in half of the draws: to some functions the larger number is the lesser work, as
    the length of a turn is. One of more samples is drawn from a range that grows anyway.
    """
    different = set(likes.integers)
    if type(value) is not int or size <= 1.0 or not 1 < len(different) <= FEW or different <= {0, 1}:
        return value
    return round(value * math.sqrt(size))


def _ample(value: Any, likes: Likes, size: float) -> Any:
    """A table of whole numbers beside a list that grows: as much as that may take of each, in half of the draws."""
    tagged = likes.tagged.get("dict")
    numbers = tagged.values.integers if tagged is not None and tagged.values is not None else []
    if (
        size <= 1.0
        or type(value) is not dict
        or "dict" not in value
        or tagged is None
        or tagged.is_record
        or not numbers
    ):
        return value
    keys, values = value["dict"][:2]
    more = round(max(numbers) * size)
    return {"dict": [keys, [one + more if type(one) is int and min(numbers) >= 0 else one for one in values]]}


def draw_call(likes: CallLikes, rng: np.random.Generator, *, size: float = 1.0, edgy: float = 0.0) -> Any:
    """A new flat call; the arguments are as `draw` says, and numbers grow where no argument has a length."""
    if likes.families and (edgy == 0.0 or rng.random() >= edgy):
        shares = [len(family.shapes) for family in likes.families]
        likes = likes.families[int(rng.choice(len(shares), p=[share / sum(shares) for share in shares]))]
    count, names = likes.shapes[int(rng.integers(len(likes.shapes)))]
    grow = not any(map(has_length, likes.arguments.values()))
    drawing = Drawing(rng, size, edgy)
    made = {place: drawing.whole(likes.arguments[place], grow=grow) for place in (*range(count), *names)}
    if not grow:
        counts = {one.home for one in likes.places}
        made = {
            place: round(value * size)
            if place in counts and type(value) is int
            else _beside(value, likes.arguments[place], size if drawing.widens else 1.0)
            for place, value in made.items()
        }
    if drawing.widens and any(one.lists and has_length(one) for one in likes.arguments.values()):
        made = {place: _ample(value, likes.arguments[place], size) for place, value in made.items()}
    if not drawing.chance(edgy):
        for group in likes.equal:
            fit(made, group, likes.arguments, drawing)
            for place in {one.place for one in group if likes.arguments.get(one.place, _NOTHING).references.is_order}:
                if type(made.get(place)) is list:
                    made[place] = likes.arguments[place].references.placed(
                        made[place], drawing.one, near=False, tops=set()
                    )
    made |= {place: _link_inside(made[place], one, drawing) for place, one in likes.inside.items() if place in made}
    link(made, likes.links, likes.arguments, drawing)
    put_in_place(made, likes.places, likes.arguments, drawing)
    put_inside(made, likes.contained, drawing)
    return {"tuple": [{"tuple": [made[k] for k in range(count)]}, {"dict": [list(names), [made[n] for n in names]]}]}
