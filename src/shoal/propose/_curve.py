"""An edit that sends an expression through a curve: straight to begin with, and then bent number by number."""

import ast

import numpy as np

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._grammar_place import Spot, spot
from shoal.propose._pieces import Piece, piece
from shoal.propose._terms import drawn_result
from shoal.propose._tree import becomes, expression

POINTS = 12
"""Points of a curve. With as many new numbers a program counts as another one, though it does the same at first."""

REACH = 256.0
"""The farthest point over the nearest: what is small is told apart as finely as what is large."""

SIGNED = 0.25
"""How often a curve reaches below zero, and its points are spread evenly."""

_LOG10_HIGH = (-0.5, 2.5)
_KINDS = ("unknown", "number", "array", "matrix")


def curve(draft: Draft) -> Change | None:
    """An expression e becomes numpy.interp(e, points, heights), where heights are the points themselves."""
    here = spot(draft, drawn_result(draft) if draft.chance(0.5) else expression(draft))
    numpy = here.maker.scope.numpy
    if here.kind not in _KINDS or numpy is None or isinstance(here.site.node, ast.Constant):
        return None
    high = _high(draft, here)
    signed = draft.chance(SIGNED) or isinstance(here.site.node, ast.UnaryOp)
    low, way = (-high, "linspace") if signed else (_short(high / REACH), "geomspace")
    heights = [_short(float(height)) for height in (np.linspace if signed else np.geomspace)(low, high, POINTS)]
    old = piece(draft.program, here.site.node)
    text = f"{numpy}.interp({old.text}, {numpy}.{way}({low}, {high}, {POINTS}), {heights})"
    return becomes(draft, here.site, Piece(text, True))


def _high(draft: Draft, here: Spot) -> float:
    """Where the curve ends: where the docstring says that numbers do, else of any size."""
    told = here.maker.scale
    if told is not None and told[1] > 0.0 and draft.chance(0.8):
        return _short(told[1])
    return _short(10.0 ** float(draft.rng.uniform(*_LOG10_HIGH)))


def _short(number: float) -> float:
    """With three digits, and so in the text."""
    return float(f"{number:.3g}")


OPERATORS = (Operator("curve", "tree", curve),)
