"""Other sizes of a new number: what size it ought to have shows only by trying, and hardly ever at once.

A limit around an expression is mostly never reached, or cuts off far too much. In between lies the size at which it
begins to bite: there a limit costs little or helps at once, and from there it can be tuned. So a limit that changes
nothing is made smaller until it does, or larger where that does nothing, and one that costs is let out half-way, by
factors, to where it cost nothing.
"""

from __future__ import annotations

import math
from typing import Any

from shoal.core.values import Json
from shoal.search._archive import Member

__all__ = ["first", "following", "home"]

SIZES = (0.3, 3.0)
LADDER = (0.3, 0.09, 0.027, 0.0081, 3.0, 9.0, 27.0, 81.0)
LIMITS = ("bound", "guard")  # operators that bring limits
HALVINGS = 3  # of the way between the last factor that changed nothing and the last that cost something
CLOSE = 1.1  # ratio of two sizes between which there is nothing to look for


def first(arm: str, *, parent: Member, idle: bool) -> tuple[dict[str, Any], ...]:
    """Payloads of the first edits by `retune` after a child of ``parent`` with one number more, made by ``arm``.

    ``idle``: the child does what its parent does. "inert" and "biting" are the last factors with which the number
    changed nothing and cost something, "halvings" says how many more sizes may lie between.
    """
    told = {"operator": "retune", "after": arm, "score": parent.score, "shape": parent.shape}
    if arm not in LIMITS:
        return tuple({**told, "factor": factor} for factor in SIZES)
    known = {"real": True, "halvings": HALVINGS, "inert" if idle else "biting": 1.0}
    return tuple({**told, **known, "factor": factor} for factor in (LADDER[:1] if idle else SIZES))


def following(payload: Json, score: float | None) -> dict[str, Any] | None:
    """The payload of the next size after a result, None for no score; None where no other is worth a try."""
    factor, before = payload["factor"], payload["score"]
    if payload["after"] not in LIMITS or (score is not None and score > before):
        return None
    known = {**payload, "inert" if score == before else "biting": factor}
    inert, biting = known.get("inert"), known.get("biting")
    if biting is None:
        rung = LADDER.index(factor) + 1
        if rung == len(LADDER):
            return None
        turned = LADDER[rung] > 1.0 > factor
        return {**known, "factor": LADDER[rung], "inert": 1.0 if turned else factor}
    if inert is None or not payload["halvings"] or max(inert / biting, biting / inert) < CLOSE:
        return None
    between = float(f"{math.sqrt(inert * biting):.4g}")
    return {**known, "factor": between, "halvings": payload["halvings"] - 1}


def home(payload: Json) -> str | None:
    """The shape of the program that a number in another size was put into; None for any other edit."""
    return payload["shape"] if payload["operator"] == "retune" else None
