"""Texts that stand in other ones: what is looked for in a long text, or in the texts of a list, is found there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any, NamedTuple

from shoal.behaviour._drawing import Drawing
from shoal.behaviour._extents import Place

__all__ = ["Contained", "learn_contained", "put_inside"]

FEWEST = 2  # calls in which one stood in the other
MOSTLY = 0.5  # share of the calls with both of them
SHORTER = 2  # times that the other text must be as long
SPELLED = 3  # letters, of which a text is hardly found elsewhere by chance


class Sample(NamedTuple):
    """A text that stood in another one, and how often it did: for each letter of that, or for each text of a list."""

    text: str
    share: float


class Contained(NamedTuple):
    """The text at a ``place`` stands in that at ``home``, or in texts of the list there, as it did in the samples."""

    place: Place
    home: Place
    samples: list[Sample]


def learn_contained(given: Sequence[dict[Place, Any]]) -> list[Contained]:
    """Which whole arguments are parts of which others, in most calls and not by chance."""
    places = list(dict.fromkeys(place for call in given for place, value in call.items() if type(value) is str))
    found = []
    for place, home in permutations([*dict.fromkeys(place for call in given for place in call)], 2):
        both = [call for call in given if call.get(place) and call.get(home)] if place in places else []
        samples = [sample for call in both if (sample := _sample(call[place], call[home])) is not None]
        told = sum(len(sample.text) >= SPELLED or 1.0 > sample.share > 0.0 for sample in samples)
        if told >= FEWEST and len(samples) >= MOSTLY * len(both):
            found.append(Contained(place, home, samples))
    return found


def _sample(text: Any, inside: Any) -> Sample | None:
    if type(text) is not str:
        return None
    if type(inside) is str:
        count = inside.count(text) if len(inside) >= SHORTER * len(text) else 0
        return Sample(text, count / len(inside)) if count else None
    if type(inside) is list and all(type(one) is str for one in inside) and text not in inside:
        count = sum(text in one for one in inside)
        return Sample(text, count / len(inside)) if count else None
    return None


def put_inside(made: dict[Place, Any], contained: Sequence[Contained], drawing: Drawing) -> None:
    """In larger draws: one of these texts as it was, as often in the other one as there, in place."""
    for one in contained:
        if drawing.size <= 1.0 or one.place not in made or one.home not in made or drawing.chance(drawing.edgy):
            continue
        sample, home = drawing.pick(one.samples), made[one.home]
        count = round(sample.share * len(home)) if type(home) in (str, list) else 0
        if not count:
            continue
        made[one.place] = sample.text
        if type(home) is str:
            ends = sorted(drawing.one.randrange(len(home) + 1) for _ in range(count))
            pieces = [home[begin:end] for begin, end in zip([0, *ends], [*ends, len(home)], strict=True)]
            made[one.home] = sample.text.join(pieces)
        else:
            for k in drawing.one.sample(range(len(home)), min(count, len(home))):
                at = drawing.one.randrange(len(home[k]) + 1) if type(home[k]) is str else -1
                home[k] = f"{home[k][:at]}{sample.text}{home[k][at:]}" if at >= 0 else home[k]
