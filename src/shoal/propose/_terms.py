"""Edits of formulas: a result is written anew, gets a term, a bonus; names, constants and subtrees change places."""

import ast

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._grammar_place import Spot, kind_of, names_of, role_of, spot
from shoal.propose._lines import reads_first
from shoal.propose._live import is_dead
from shoal.propose._pieces import Piece, piece, replaced, shown
from shoal.propose._tree import becomes, expression, inside
from shoal.syntax._program import Program
from shoal.syntax._serial import signed_number
from shoal.syntax._sites import Site, is_table
from shoal.syntax._types import ARRAYS, NUMBERS

_DEPTHS = (1, 2, 2, 3, 3, 4)
_RANKERS = frozenset(("argmax", "argmin", "argsort"))
_MOST_COMPARED = 12


def results(program: Program) -> list[Site]:
    """Expressions that are a whole result: returned, assigned, ranked by."""
    return program.derived(_results)


def _results(program: Program) -> list[Site]:
    return [site for site in program.sites.expressions if _is_result(site) and not is_table(site.node)]


def _is_result(site: Site) -> bool:
    match site.parent:
        case ast.Return() | ast.Assign() | ast.AugAssign() | ast.AnnAssign():
            return site.field == "value" and not isinstance(site.node, ast.Tuple | ast.Dict | ast.Set)
        case ast.Lambda():
            return True
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in _RANKERS
    return False


def rewrite(draft: Draft) -> Change | None:
    """A whole result gives way to a fresh expression, larger than what `replace` makes."""
    here = spot(draft, drawn_result(draft))
    new = here.fresh(draft.pick(_DEPTHS), full=True)
    return becomes(draft, here.site, new) if new else None


def term(draft: Draft) -> Change | None:
    """A formula gets a weighted term more: e + c * new, e - new, e * new, e / new."""
    here = spot(draft, drawn_result(draft) if draft.chance(0.7) else expression(draft))
    if here.kind not in ("unknown", "number", "matrix", "array", "mask"):
        return None  # an index stays one
    old = piece(draft.program, here.site.node)
    # A number added to all entries of an array, or a multiple of it, often changes nothing: arrays get more.
    depth = draft.pick((1, 1, 2) if here.kind in ("array", "mask") else (0, 0, 1, 1, 2))
    new = here.maker.of("array" if here.kind == "mask" else here.kind, depth, axes=here.axes)
    if new is None:
        return None
    roll = float(draft.rng.random())
    if roll < 0.55:
        made = Piece(f"{old.operand()} {draft.pick('+-')} {here.maker.size(-1.5, 2.3).text} * {new.operand()}", False)
    elif roll < 0.75:
        made = Piece(f"{old.operand()} {draft.pick('+-')} {new.operand()}", False)
    else:
        made = here.maker.combined(old, draft.pick("*/"), lambda: new)
    return becomes(draft, here.site, made)


def bonus(draft: Draft) -> Change | None:
    """A formula gets a bonus, or another value, where a condition holds."""
    here = spot(draft, drawn_result(draft) if draft.chance(0.7) else expression(draft))
    old = piece(draft.program, here.site.node)
    made = _bonus_of_array(draft, here, old) if here.kind in ("array", "mask") else _bonus_of_number(draft, here, old)
    return becomes(draft, here.site, made) if made else None


def _bonus_of_array(draft: Draft, here: Spot, old: Piece) -> Piece | None:
    mask = here.maker.of("mask", draft.pick((0, 1, 1)), axes=here.axes)
    if mask is None:
        return None
    roll, numpy = float(draft.rng.random()), here.maker.scope.numpy
    if roll < 0.3 or numpy is None:
        weight = here.maker.arrays.weight(here.axes[0]) if here.axes else here.maker.size(-1.5, 2.3)
        return Piece(f"{old.operand()} {draft.pick('+-')} {weight.text} * {mask.operand()}", False)
    other = here.maker.number(draft.pick((0, 0, 1))) if draft.chance(0.6) else here.fresh(draft.pick((0, 1)))
    if other is None:
        return None
    by = other
    # The same rule there, only more or less of it; or another one.
    then = here.maker.combined(old, draft.pick("**+-/"), lambda: by) if roll < 0.8 else by
    return Piece(f"{numpy}.where({mask.text}, {then.text}, {old.text})", True)


def _bonus_of_number(draft: Draft, here: Spot, old: Piece) -> Piece | None:
    if here.kind not in ("number", "unknown"):
        return None
    test = here.maker.boolean(draft.pick((0, 1)))
    if draft.chance(0.6):
        return Piece(f"{old.operand()} {draft.pick('+-')} {here.maker.size(-1.5, 2.3).text} * {test.operand()}", False)
    other = here.maker.number(1)
    return Piece(f"{other.operand()} if {test.operand()} else {old.operand()}", False)


def name_swap(draft: Draft) -> Change | None:
    """A name becomes another of its type, for an array one of its length."""
    named = [s for s in draft.program.sites.expressions if isinstance(s.node, ast.Name)]
    here = spot(draft, draft.pick(named))
    assert isinstance(here.site.node, ast.Name)
    name, scope = here.site.node.id, here.maker.scope
    kind = here.maker.names.get(name, "unknown")
    if kind in ARRAYS:
        groups = {"int_array": scope.whole, "mask": scope.masks}.get(kind, scope.vectors)
        options = groups.get(here.axes[0], []) if here.axes else []
    elif kind == "matrix":
        options = [t.name for t in scope.matrices if (t.rows, t.columns) == here.axes]
    elif here.kind in ("number", "unknown"):
        options = scope.numbers
    elif here.kind == "int" and isinstance(here.site.parent, ast.Subscript | ast.Tuple):
        options = scope.indices
    else:
        options = [n for n, other in here.maker.names.items() if other == kind and not kind.startswith("module ")]
    others = [n for n in options if n != name]
    return becomes(draft, here.site, Piece(draft.pick(others), True)) if others else None


def constant_swap(draft: Draft) -> Change | None:
    """A constant becomes another that code has in such a place."""
    constants = [s for s in draft.program.sites.expressions if signed_number(s.node) is not None]
    here = spot(draft, draft.pick(constants))
    if here.kind not in NUMBERS:
        return None
    new = here.maker.whole(0) if here.kind == "int" else here.maker.constant(role_of(here.site))
    return becomes(draft, here.site, new)


def swap_subtrees(draft: Draft) -> Change | None:
    """Two subtrees of one type exchange places."""
    site = expression(draft)
    names = names_of(draft, site)
    kind = kind_of(site, names, draft.program)
    text = draft.program.text(site.node)
    near = [s for s in draft.program.sites.expressions if s.block.function is site.block.function]
    for _ in range(_MOST_COMPARED):
        other = draft.pick(near)
        apart = not inside(other.node, site.node) and not inside(site.node, other.node)
        if apart and draft.program.text(other.node) != text and _exchangeable(draft, site, names, kind, other):
            return _exchanged(draft, site, other)
    return None


def _exchangeable(draft: Draft, site: Site, names: dict[str, str], kind: str, other: Site) -> bool:
    """Whether two expressions have one type, and each finds its names at the other's place."""
    there = names if other.block is site.block and other.place == site.place else names_of(draft, other)
    if kind_of(other, there, draft.program) != kind or other.loose != site.loose:
        return False
    local = names.keys() ^ there.keys()
    return local.isdisjoint(reads_first(site.node) | reads_first(other.node))


def _exchanged(draft: Draft, site: Site, other: Site) -> Change:
    first, second = piece(draft.program, site.node), piece(draft.program, other.node)
    return Change(
        note=f"{shown(first.text)} <-> {shown(second.text)} (line {site.node.lineno})",
        splices=[replaced(draft.program, site, second), replaced(draft.program, other, first)],
    )


def drawn_result(draft: Draft) -> Site:
    """A whole result, mostly one that is returned or ranked by."""
    every = [s for s in results(draft.program) if not is_dead(draft.program, s.block, s.place)]
    last = [s for s in every if not isinstance(s.parent, ast.Assign | ast.AugAssign | ast.AnnAssign)]
    return draft.pick(last if last and draft.chance(0.6) else every)


OPERATORS = (
    Operator("rewrite", "tree", rewrite),
    Operator("term", "tree", term),
    Operator("bonus", "tree", bonus),
    Operator("name_swap", "tree", name_swap),
    Operator("constant_swap", "tree", constant_swap),
    Operator("swap_subtrees", "tree", swap_subtrees),
)
