"""Edits of expressions: swap an operator, replace, grow, shrink and hoist a subtree."""

import ast
from collections.abc import Sequence

from shoal.propose._draft import Change, Draft, ImpossibleError, Operator
from shoal.propose._generate import KINDS, Maker
from shoal.propose._grammar_place import SIGNS, kind_of, names_of, spot
from shoal.propose._live import is_dead
from shoal.propose._pieces import Piece, piece, replaced, shown
from shoal.syntax._sites import Site, is_table
from shoal.syntax._types import ARRAYS, LISTS, NUMBERS

_USUAL = ("+", "-", "*", "/")
_COMPARED: dict[type[ast.cmpop], tuple[str, ...]] = {
    ast.Lt: ("<=", ">", ">="),
    ast.LtE: ("<", ">=", ">"),
    ast.Gt: (">=", "<", "<="),
    ast.GtE: (">", "<=", "<"),
    ast.Eq: ("!=", "<=", ">="),
    ast.NotEq: ("==", "<", ">"),
    ast.In: ("not in",),
    ast.NotIn: ("in",),
}
# Functions of one signature: any may stand for any.
_FUNCTIONS = (
    ("sin", "cos", "tanh", "atan", "arctan"),
    ("sqrt", "exp", "log1p", "abs", "square", "tanh", "sign"),
    ("floor", "ceil", "round", "trunc"),
    ("min", "max"),
    ("minimum", "maximum"),
    ("argmin", "argmax"),
    ("mean", "median", "max", "min", "sum", "std"),
    ("any", "all"),
    ("cumsum", "argsort", "sort"),
)
# Not every function lives in every module.
_ONLY_NUMPY = frozenset(("abs", "square", "round", "sign", "arctan", "median"))
_ONLY_MATH = frozenset(("atan",))
_PLAIN = frozenset(("min", "max", "any", "all"))


def operator_swap(draft: Draft) -> Change | None:
    """Another operator, comparison or function of the same sort."""
    kinds = (ast.BinOp, ast.Compare, ast.BoolOp, ast.Call)
    sites = [s for s in draft.program.sites.expressions if isinstance(s.node, kinds)]
    site = draft.pick(sites)
    new = _swapped(draft, site.node)
    if new is None:
        return None
    before = shown(draft.program.text(site.node))
    splice = replaced(draft.program, site, new)
    return Change(note=f"{before} -> {shown(new.text)} (line {site.node.lineno})", splices=[splice])


def _swapped(draft: Draft, node: ast.expr) -> Piece | None:
    program = draft.program
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            old = SIGNS.get(type(op))
            signs = [s for s in (_USUAL if draft.chance(0.9) else tuple(SIGNS.values())) if s != old]
            if old is None:
                return None
            sides = [piece(program, left).operand(), piece(program, right).operand()]
            if draft.chance(0.15) and old in ("-", "/", "//", "%", "**"):
                return Piece(f"{sides[1]} {old} {sides[0]}", False)
            return Piece(f"{sides[0]} {draft.pick(signs)} {sides[1]}", False)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARED:
            sign = draft.pick(_COMPARED[type(op)])
            return Piece(f"{piece(program, left).operand()} {sign} {piece(program, right).operand()}", False)
        case ast.BoolOp(op=op, values=values):
            word = " or " if isinstance(op, ast.And) else " and "
            return Piece(word.join(piece(program, v).operand() for v in values), False)
        case ast.Call(func=function):
            return _other_function(draft, node, function)
    return None


def _other_function(draft: Draft, node: ast.Call, function: ast.expr) -> Piece | None:
    method = isinstance(function, ast.Attribute)
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    groups = [g for g in _FUNCTIONS if name in g]
    if not groups:
        return None
    others = [n for n in draft.pick(groups) if n != name]
    if not method:
        others = [n for n in others if n in _PLAIN]
    elif draft.program.text(function).startswith("math."):
        others = [n for n in others if n not in _ONLY_NUMPY]
    else:
        plain_method = not draft.program.text(function).startswith(("np.", "numpy."))
        others = [n for n in others if n not in _ONLY_MATH and not (plain_method and n in _ONLY_NUMPY)]
    if not others:
        return None
    text = draft.program.text(node)
    end = draft.program.end(function) - draft.program.start(node)
    head, tail = draft.program.text(function), text.encode()[end:].decode()
    return Piece(head[: len(head) - len(name)] + draft.pick(others) + tail, True)


def replace(draft: Draft) -> Change | None:
    """A subtree gives way to a fresh expression of its type."""
    here = spot(draft, expression(draft))
    new = here.fresh(draft.few(3))
    return becomes(draft, here.site, new) if new else None


def grow(draft: Draft) -> Change | None:
    """An expression is wrapped: e op new, f(e), min(e, new), e if test else new."""
    here = spot(draft, expression(draft))
    if here.kind not in KINDS or here.kind in LISTS:
        return None
    maker, old = here.maker, piece(draft.program, here.site.node)
    of_arrays = here.kind in ("matrix", *ARRAYS)
    roll = float(draft.rng.random())
    new: Piece | None
    if here.kind == "int_array" or (here.kind == "int" and isinstance(here.site.parent, ast.Return)):
        new = here.fresh(2)  # an index, or one of several answers, which arithmetic would only break
    elif here.kind == "bool":
        new = _grown_truth(draft, maker, old)
    elif roll < 0.6:
        new = maker.joined(old, here.kind, here.axes)
    elif roll < 0.75:
        new = maker.joined(old, "int") if here.kind == "int" else maker.applied(old, here.kind)
    elif roll < 0.9 and (here.kind in NUMBERS or (of_arrays and maker.scope.numpy)):
        name = draft.pick(
            (f"{maker.scope.numpy}.minimum", f"{maker.scope.numpy}.maximum") if of_arrays else ("min", "max")
        )
        new = Piece(f"{name}({old.text}, {maker.number(0).text})", True)
    else:
        other = here.fresh(1 if of_arrays else 0)
        new = other and Piece(f"{old.operand()} if {maker.boolean(0).operand()} else {other.operand()}", False)
    return becomes(draft, here.site, new) if new else None


def _grown_truth(draft: Draft, maker: Maker, old: Piece) -> Piece:
    if draft.chance(0.2):
        return Piece(f"not {old.operand()}", False)
    return Piece(f"{old.operand()} {draft.pick(('and', 'or'))} {maker.boolean().operand()}", False)


def bound(draft: Draft) -> Change | None:
    """A min or max gets one more argument, loses one or exchanges one; a number gets a limit where there is none.

    With payload "number", the min or max of that number gets a limit of 1; counted in the order of the text, and again.
    """
    calls = [s for s in draft.program.sites.expressions if is_extreme(s.node)]
    if "number" in draft.payload:
        return _limited(draft, calls, int(draft.number("number", 0, low=0, high=1e6)))
    if not calls or draft.chance(0.2):
        here = spot(draft, expression(draft))
        if here.kind not in NUMBERS:
            return None
        limit = here.maker.constant()
        text = piece(draft.program, here.site.node).text
        return becomes(draft, here.site, Piece(f"{draft.pick(('min', 'max'))}({text}, {limit.text})", True))
    site = draft.pick(calls)
    call = site.node
    assert isinstance(call, ast.Call)
    parts = [piece(draft.program, argument).text for argument in call.args]
    maker = spot(draft, site).maker
    other = (maker.constant() if draft.chance(0.7) else maker.number(1)).text
    k, roll = int(draft.rng.integers(len(parts))), float(draft.rng.random())
    if roll < 0.25 and len(parts) > 2:
        del parts[k]
    elif roll < 0.6:
        parts[k] = other
    else:
        parts.append(other)
    return becomes(draft, site, Piece(f"{draft.program.text(call.func)}({', '.join(parts)})", True))


def _limited(draft: Draft, calls: Sequence[Site], number: int) -> Change | None:
    if not calls:
        raise ImpossibleError("there is no minimum or maximum")
    site = calls[number % len(calls)]
    call = site.node
    assert isinstance(call, ast.Call)
    parts = [piece(draft.program, argument).text for argument in call.args]
    text = f"{draft.program.text(call.func)}({', '.join([*parts, '1.0'])})"
    return becomes(draft, site, Piece(text, True))


def is_extreme(node: ast.expr) -> bool:
    """Whether an expression is a min or max of plain arguments, two at least."""
    match node:
        case ast.Call(func=ast.Name(id="min" | "max"), args=[_, _, *_] as arguments, keywords=[]):
            return not any(isinstance(argument, ast.Starred) for argument in arguments)
    return False


def shrink(draft: Draft) -> Change | None:
    """A subtree gives way to one of its direct parts."""
    sites = [s for s in draft.program.sites.expressions if _parts(s.node)]
    site = draft.pick(sites)
    return becomes(draft, site, piece(draft.program, draft.pick(_parts(site.node))))


def hoist(draft: Draft) -> Change | None:
    """A subtree gives way to something of its type from deep inside it."""
    sites = [s for s in draft.program.sites.expressions if _parts(s.node)]
    site = draft.pick(sites)
    names = names_of(draft, site)
    kind = kind_of(site, names, draft.program)
    inner = [
        s
        for s in draft.program.sites.expressions
        if s.place == site.place
        and s.block is site.block
        and s.node is not site.node
        and s.loose == site.loose
        and inside(s.node, site.node)
        and kind_of(s, names, draft.program) in (kind, "unknown")
    ]
    if not inner:
        return None
    return becomes(draft, site, piece(draft.program, draft.pick(inner).node))


def expression(draft: Draft) -> Site:
    """An expression to change: not text, not a table of numbers, and not where nothing reads the result."""
    site = draft.pick(draft.program.sites.expressions)
    for _ in range(8):
        text = isinstance(site.node, ast.Constant) and isinstance(site.node.value, str)
        if not text and not is_table(site.node) and not is_dead(draft.program, site.block, site.place):
            break
        site = draft.pick(draft.program.sites.expressions)
    return site


def becomes(draft: Draft, site: Site, new: Piece) -> Change | None:
    """The change that puts a piece in an expression's place; None where it is there already."""
    before = draft.program.text(site.node)
    if new.text == before:
        return None
    note = f"{shown(before)} -> {shown(new.text)} (line {site.node.lineno})"
    return Change(note=note, splices=[replaced(draft.program, site, new)])


def _parts(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.UnaryOp(operand=operand) if not isinstance(operand, ast.Constant):
            return [operand]
        case ast.BoolOp(values=values):
            return values
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.Call(args=arguments):
            return [a for a in arguments if not isinstance(a, ast.Starred | ast.GeneratorExp)]
    return []


def inside(node: ast.expr, outer: ast.expr) -> bool:
    """Whether a node lies within another."""
    starts = (outer.lineno, outer.col_offset) <= (node.lineno, node.col_offset)
    ends = (node.end_lineno or 0, node.end_col_offset or 0) <= (outer.end_lineno or 0, outer.end_col_offset or 0)
    return starts and ends


OPERATORS = (
    Operator("operator_swap", "tree", operator_swap),
    Operator("replace", "tree", replace),
    Operator("grow", "tree", grow),
    Operator("bound", "tree", bound),
    Operator("shrink", "tree", shrink),
    Operator("hoist", "tree", hoist),
)
