"""Edits that come by turn, whatever the bandits prefer: early ones, and kicks.

*Early*: in the first turns each minimum and maximum of the best program gets a limit, one after another, and each
expression of the first program a curve. Where only an order counts, a program soon loses what does not change it, as
the item from the free space of all bins; what a curve should go over is then gone.

*Kicks*: now and then some numbers of a program are moved far and polished from there, in one edit. A polish ends where
no small step helps, and so does every polish from nearby. Out of there leads basin hopping (Wales and Doye 1997), here
with steps downhill refused: programs that are kept are better. It starts from a line that edits of numbers start from,
whose numbers can move: those of a best that was polished before are results of each other. What has polished with
success in this run is used, by its credit, so that nothing is spent where there is no public score.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from shoal.core.values import Json
from shoal.search import _decisions
from shoal.search._arms import FAMILY_OF
from shoal.search._bandit import Arm

__all__ = ["BEST", "BREADTH", "FIRST", "LINE", "Due", "due"]

BREADTH = 120  # turns until then: structure first, while a change of it still shows at once
EARLY_EVERY = 12  # of these
KICK_EVERY = 61  # turns; odd, so that islands alternate
BEST, FIRST, LINE = "best", "first", "line"


class Due(NamedTuple):
    """The payload of an edit, but for the island, and of what: the island's best, the first program, or a line's."""

    payload: dict[str, Json]
    of: str


def due(turn: int, arms: Sequence[Arm], rng: np.random.Generator) -> Due | None:
    """What comes at this turn, counted from 1; None where the bandits choose."""
    count, place = divmod(turn, EARLY_EVERY)
    names = {arm.name for arm in arms}
    if turn <= BREADTH and place == 0 and "bound" in names:
        return Due({"operator": "bound", "number": count - 1}, BEST)
    if turn <= BREADTH and place == EARLY_EVERY // 2 and "curve" in names:
        return Due({"operator": "curve", "number": count}, FIRST)
    proven = [arm for arm in arms if FAMILY_OF.get(arm.name) == "polish" and arm.improved]
    if turn % KICK_EVERY or not proven:
        return None
    chosen = _decisions.choose_operator(
        [arm.weight for arm in proven], [arm.gain for arm in proven], [arm.cost for arm in proven], rng
    )
    return Due({"operator": proven[chosen].name, "kick": True}, LINE)
