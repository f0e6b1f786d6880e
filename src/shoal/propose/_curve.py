"""An edit that brings a curve into a formula: one that changes nothing to begin with, and is bent number by number."""

import ast
import math
from dataclasses import replace
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, ImpossibleError, Operator
from shoal.propose._grammar_place import Spot, spot
from shoal.propose._pieces import Piece, piece
from shoal.propose._terms import drawn_result
from shoal.propose._tree import becomes, expression
from shoal.syntax._sites import Site

POINTS = (13, 14, 15)
"""How many points a curve has. With as many new numbers a program counts as another, though it does the same at first.

Curves of different lengths are not taken for columns of one table.
"""

ADDED = 0.5
"""How often a formula gets a curve of something else as a term, level at zero, instead of going through one."""

SIGNED = 0.2
"""How often a curve reaches below zero, and its points are spread evenly."""

_LOG10_REACH = (-0.5, 2.5)
_KINDS = ("unknown", "number", "array", "matrix")


class Curve(NamedTuple):
    """A curve's points as text for what goes through it, and where they are."""

    at: str
    points: str
    places: list[float]

    def through(self, numpy: str, heights: list[float]) -> Piece:
        """The expression; one height for each point."""
        held = [float(f"{height:.3g}") for height in heights]
        return Piece(f"{numpy}.interp({self.at}, {self.points}, {held})", True)


def curve(draft: Draft) -> Change | None:
    """An expression e becomes interp(e), a straight line as yet, or e + interp(something else), which is zero as yet.

    The points are 0, 0.4, 1, 1.8, 3, 4.7, 7, ... times a power of ten, so that what is small is told apart as finely as
    what is large; or they lie evenly on both sides of zero. They are written in whole numbers, which no burst moves:
    with the ends of a curve all of its heights would lose their places. A sum of curves is a generalised additive model
    (Hastie and Tibshirani 1986). With payload "number" the expression of that number goes through a curve.
    """
    counted = "number" in draft.payload
    here = spot(draft, _positive(_counted(draft) if counted else _drawn(draft)))
    numpy = here.maker.scope.numpy
    if here.kind not in _KINDS or numpy is None or isinstance(here.site.node, ast.Constant):
        return None
    unit = round(math.log10(_reach(draft, here))) - 2  # as a power of ten
    old = piece(draft.program, here.site.node)
    if counted or not draft.chance(ADDED):
        made = _curve(draft, numpy, old, unit, signed=0.0 if counted else SIGNED)
        return becomes(draft, here.site, made.through(numpy, made.places))
    other = here.fresh(1, full=True)
    if other is None:
        return None
    made = _curve(draft, numpy, other, unit, signed=SIGNED)
    level = made.through(numpy, [0.0] * len(made.places))
    return becomes(draft, here.site, Piece(f"{old.operand()} + {_in_units(level, unit + 1).text}", False))


def _drawn(draft: Draft) -> Site:
    return drawn_result(draft) if draft.chance(0.5) else expression(draft)


def _counted(draft: Draft) -> Site:
    """The expression of payload "number" among those that a curve fits, in the order of the text, and again."""
    places = (spot(draft, site) for site in draft.program.sites.expressions if not isinstance(site.node, ast.Constant))
    fitting = [here.site for here in places if here.kind in _KINDS]
    if not fitting:
        raise ImpossibleError("nothing in this program to send through a curve")
    return fitting[int(draft.number("number", 0, low=0, high=1e6)) % len(fitting)]


def _positive(site: Site) -> Site:
    """What a minus stands before: the minus stays where it is."""
    match site.node:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return replace(site, node=operand, parent=site.node, field="operand")
    return site


def _curve(draft: Draft, numpy: str, e: Piece, unit: int, *, signed: float) -> Curve:
    """A curve for e, which is mostly not below zero; ``signed``: how often it reaches there all the same."""
    count, scaled = draft.pick(POINTS), _in_units(e, unit)
    if draft.chance(signed):
        low, high = -(count // 2), count - count // 2
        at, points = f"{scaled.operand()} / 10", f"range({low}, {high})"
        places = [10.0 * k for k in range(low, high)]
    else:
        at, points = f"2 * {numpy}.log2(1 + abs({scaled.text}))", f"range({count})"
        places = [2.0 ** (k / 2) - 1.0 for k in range(count)]
    return Curve(at, points, [place * 10.0**unit for place in places])


def _in_units(e: Piece, unit: int) -> Piece:
    if not unit:
        return e
    return Piece(f"{e.operand()} {'/' if unit > 0 else '*'} {10 ** abs(unit)}", False)


def _reach(draft: Draft, here: Spot) -> float:
    """About where the curve ends: where the docstring says that numbers do, else anywhere."""
    told = here.maker.scale
    if told is not None and told[1] > 0.0 and draft.chance(0.8):
        return told[1]
    return math.pow(10.0, float(draft.rng.uniform(*_LOG10_REACH)))


OPERATORS = (Operator("curve", "tree", curve),)
