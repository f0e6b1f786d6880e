"""Other sizes of a new number: what size it ought to have shows only by trying, and hardly ever at once.

A limit around an expression is mostly never reached, or cuts off far too much. In between lies the size at which it
begins to bite: there a limit costs little or helps at once, and from there it can be tuned. So a limit that changes
nothing is made smaller until it does, or larger where that does nothing. Where it begins to bite it touches one value
alone, and may pay further on, where it touches many. One that costs there too is let out half-way, by factors, to where
it cost nothing. One that helps is climbed on from: the rest of the program is fitted around the size that it has then,
and hardly lets it move any more.
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
FURTHER = (0.55, 0.3)  # of the size with which a limit begins to bite: two more, if it has a score there
HALVINGS = 3  # of the way between the last factor that changed nothing and the last that cost something
CLOSE = 1.1  # ratio of two sizes between which there is nothing to look for
STRIDE = 0.5  # of the logarithm of a limit that helps; turned around and halved by each step that does not
STRIDES = 6


def first(arm: str, *, parent: Member, score: float, idle: bool) -> tuple[dict[str, Any], ...]:
    """Payloads of the first edits by `retune` after a child of ``parent`` with one number more, made by ``arm``.

    ``score``: the child's; ``idle``: it does what its parent does. "inert" and "biting" are the last factors with which
    the number changed nothing and cost something, "halvings" says how many more sizes may lie between, "further" how
    many beyond were tried.
    """
    told = {"operator": "retune", "after": arm, "score": parent.score, "shape": parent.shape}
    if arm not in LIMITS:
        return tuple({**told, "factor": factor} for factor in SIZES)
    if score > parent.score:
        return (_climb({**told, "real": True}, at=1.0, score=score),)
    known = {"real": True, "halvings": HALVINGS, "inert" if idle else "biting": 1.0}
    return tuple({**told, **known, "factor": factor} for factor in (LADDER[:1] if idle else SIZES))


def following(payload: Json, score: float | None) -> dict[str, Any] | None:
    """The payload of the next size after a result, None for no score; None where no other is worth a try."""
    factor, before = payload["factor"], payload["score"]
    if payload["after"] not in LIMITS:
        return None
    if "stride" in payload:
        return _climbed(payload, score)
    if score is not None and score > before:
        return _climb(payload, at=factor, score=score)
    further = payload.get("further", 0)
    known = payload if further else {**payload, "inert" if score == before else "biting": factor}
    inert, biting = known.get("inert"), known.get("biting")
    new = further or "biting" not in payload
    if inert is not None and biting is not None and new and further < len(FURTHER) and score is not None:
        on = FURTHER[further] if biting < inert else 1.0 / FURTHER[further]
        return {**known, "factor": float(f"{biting * on:.4g}"), "further": further + 1}
    known = {key: value for key, value in known.items() if key != "further"}
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


def _climb(payload: Json, *, at: float, score: float) -> dict[str, Any]:
    """The first step on from a size that helped, further in the direction in which limits bite."""
    stride = STRIDE if payload.get("inert", at) < at else -STRIDE
    return _step({**payload, "best": at, "top": score, "stride": stride, "strides": STRIDES})


def _climbed(payload: Json, score: float | None) -> dict[str, Any] | None:
    """After a step: on in the same direction where it helped, else half as far the other way from the best size."""
    if not payload["strides"]:
        return None
    if score is not None and score > payload["top"]:
        return _step({**payload, "best": payload["factor"], "top": score})
    return _step({**payload, "stride": -payload["stride"] / 2})


def _step(payload: dict[str, Any]) -> dict[str, Any]:
    factor = float(f"{payload['best'] * math.exp(payload['stride']):.4g}")
    return {**payload, "factor": factor, "strides": payload["strides"] - 1}


def home(payload: Json) -> str | None:
    """The shape of the program that a number in another size was put into; None for any other edit."""
    return payload["shape"] if payload["operator"] == "retune" else None
