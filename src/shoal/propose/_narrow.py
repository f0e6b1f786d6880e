"""An edit of what arrays are reduced to: a mean, sum or extreme sees only a part of the entries."""

import ast
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._grammar_place import Spot, spot
from shoal.propose._pieces import Piece, piece
from shoal.propose._tree import becomes
from shoal.syntax._sites import Site

_REDUCTIONS = frozenset(("mean", "sum", "min", "max", "std", "median"))
_AXES: Mapping[str, tuple[str, ...]] = {"matrix": ("[{}]", "[:, {}]"), "array": ("[{}]",)}
_FEW = (2, 9)
"""How many of the lowest or highest entries are taken: from the first number, and below the second."""


class _Reduced(NamedTuple):
    """An array that is reduced, and along which of its axes; None for all."""

    site: Site
    axis: int | None


def narrow(draft: Draft) -> Change | None:
    """A reduction is taken over the entries that an array of indices names, or over the lowest or highest few."""
    reduced = draft.pick(_reductions(draft))
    here = spot(draft, reduced.site)
    forms = _AXES.get(here.kind, ())
    axis = reduced.axis if reduced.axis is not None or len(forms) != 1 else 0
    if axis is None or not 0 <= axis < len(forms) or len(here.axes) != len(forms):
        return None
    return becomes(draft, here.site, draft.pick(_parts(draft, here, axis, forms[axis])))


def _parts(draft: Draft, here: Spot, axis: int, form: str) -> list[Piece]:
    """The array with only some entries along an axis; an index that has been used for it is not used again."""
    scope, old = here.maker.scope, piece(draft.program, here.site.node)
    length = here.axes[axis]
    named = [name for other, names in scope.whole.items() if other != length for name in names]
    parts = [Piece(old.operand() + form.format(name), True) for name in named if length not in scope.whole]
    if scope.numpy:
        few = int(draft.rng.integers(*_FEW))
        ordered = f"{scope.numpy}.sort({old.text}, axis={axis})"
        parts += [Piece(ordered + form.format(end), True) for end in (f":{few}", f"-{few}:")]
    return parts


def _reductions(draft: Draft) -> list[_Reduced]:
    """Arrays that a reduction is taken of, by a method or by a function of numpy."""
    found = []
    for site in draft.program.sites.expressions:
        match site.node:
            case ast.Call(func=ast.Attribute(value=owner, attr=name) as method, args=[]) if name in _REDUCTIONS:
                inner = replace(site, node=owner, parent=method, field="value")
            case ast.Call(func=ast.Attribute(attr=name), args=[array]) if name in _REDUCTIONS:
                inner = replace(site, node=array, parent=site.node, field="args")
            case _:
                continue
        match [keyword.value for keyword in site.node.keywords if keyword.arg == "axis"]:
            case [ast.Constant(value=int(axis))]:
                found.append(_Reduced(inner, axis))
            case []:
                found.append(_Reduced(inner, None))
    return found


OPERATORS = (Operator("narrow", "tree", narrow),)
