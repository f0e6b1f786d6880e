"""Edits of expressions: swap an operator, replace, grow, shrink and hoist a subtree."""

import ast

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._generate import KINDS, Maker
from shoal.propose._pieces import Piece, piece, replaced, shown
from shoal.syntax._scope import names_at
from shoal.syntax._sites import Site, is_table
from shoal.syntax._types import NUMBERS, guess

_ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
}
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
_FUNCTIONS = (
    ("sin", "cos", "tanh"),
    ("sqrt", "exp", "log1p", "abs", "square"),
    ("floor", "ceil", "round"),
    ("min", "max"),
    ("minimum", "maximum"),
    ("argmin", "argmax"),
    ("mean", "median", "max", "min"),
    ("any", "all"),
)
# Not every function lives in every module.
_ONLY_NUMPY = frozenset(("abs", "square", "round", "mean", "median", "minimum", "maximum"))
_PLAIN = frozenset(("min", "max", "any", "all"))


def names_of(draft: Draft, site: Site) -> dict[str, str]:
    """Names in scope at an expression."""
    names = names_at(draft.program, site.block, site.place)
    names.update(dict.fromkeys(site.loose, "unknown"))
    return names


def kind_of(site: Site, names: dict[str, str]) -> str:
    """What type a site takes: what it holds, or what its place tells."""
    parent, field = site.parent, site.field
    if isinstance(parent, ast.If | ast.While) and field == "test":
        return "bool"
    kind = guess(site.node, names)
    if (isinstance(parent, ast.For | ast.comprehension) and field == "iter") or isinstance(parent, ast.Starred):
        return kind if kind in ("list", "array") else "object"
    if isinstance(parent, ast.Subscript | ast.Slice) or _is_range(parent):
        return "int" if kind in ("number", "unknown") else kind
    # A whole number in a formula may become any number.
    return "number" if kind == "int" or (kind == "unknown" and isinstance(parent, ast.BinOp | ast.UnaryOp)) else kind


def _is_range(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"


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
            old = _ARITHMETIC.get(type(op))
            signs = [s for s in (_USUAL if draft.chance(0.9) else tuple(_ARITHMETIC.values())) if s != old]
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
    if not others:
        return None
    text = draft.program.text(node)
    end = draft.program.end(function) - draft.program.start(node)
    head, tail = draft.program.text(function), text.encode()[end:].decode()
    return Piece(head[: len(head) - len(name)] + draft.pick(others) + tail, True)


def replace(draft: Draft) -> Change | None:
    """A subtree gives way to a fresh expression of its type."""
    site = _site(draft)
    names = names_of(draft, site)
    kind = kind_of(site, names)
    if kind not in KINDS:
        return None
    return _becomes(draft, site, Maker(draft, names).of(kind, depth=draft.few(2)))


def grow(draft: Draft) -> Change | None:
    """An expression is wrapped: e op new, f(e), min(e, new), e if test else new."""
    site = _site(draft)
    names = names_of(draft, site)
    kind = kind_of(site, names)
    if kind not in KINDS:
        return None
    maker, old = Maker(draft, names), piece(draft.program, site.node)
    roll = float(draft.rng.random())
    if kind == "bool":
        word = draft.pick(("and", "or"))
        new = (
            Piece(f"not {old.operand()}", False)
            if roll < 0.2
            else Piece(f"{old.operand()} {word} {maker.boolean().operand()}", False)
        )
    elif roll < 0.6:
        new = maker.joined(old, kind)
    elif roll < 0.75:
        new = maker.applied(old) if kind == "number" else maker.joined(old, kind)
    elif roll < 0.9 and kind in NUMBERS:
        new = Piece(f"{draft.pick(('min', 'max'))}({old.text}, {maker.number(0).text})", True)
    else:
        new = Piece(f"{old.operand()} if {maker.boolean(0).operand()} else {maker.of(kind, 0).operand()}", False)
    return _becomes(draft, site, new)


def bound(draft: Draft) -> Change | None:
    """A min or max gets one more argument, loses one or exchanges one; a number gets a limit where there is none."""
    calls = [s for s in draft.program.sites.expressions if _bounds(s.node)]
    if not calls or draft.chance(0.2):
        site = _site(draft)
        names = names_of(draft, site)
        if kind_of(site, names) not in NUMBERS:
            return None
        limit = Maker(draft, names).constant()
        text = piece(draft.program, site.node).text
        return _becomes(draft, site, Piece(f"{draft.pick(('min', 'max'))}({text}, {limit.text})", True))
    site = draft.pick(calls)
    call = site.node
    assert isinstance(call, ast.Call)
    parts = [piece(draft.program, argument).text for argument in call.args]
    maker = Maker(draft, names_of(draft, site))
    other = (maker.constant() if draft.chance(0.7) else maker.number(1)).text
    k, roll = int(draft.rng.integers(len(parts))), float(draft.rng.random())
    if roll < 0.25 and len(parts) > 2:
        del parts[k]
    elif roll < 0.6:
        parts[k] = other
    else:
        parts.append(other)
    return _becomes(draft, site, Piece(f"{draft.program.text(call.func)}({', '.join(parts)})", True))


def _bounds(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="min" | "max"), args=[_, _, *_] as arguments, keywords=[]):
            return not any(isinstance(argument, ast.Starred) for argument in arguments)
    return False


def shrink(draft: Draft) -> Change | None:
    """A subtree gives way to one of its direct parts."""
    sites = [s for s in draft.program.sites.expressions if _parts(s.node)]
    site = draft.pick(sites)
    return _becomes(draft, site, piece(draft.program, draft.pick(_parts(site.node))))


def hoist(draft: Draft) -> Change | None:
    """A subtree gives way to something of its type from deep inside it."""
    sites = [s for s in draft.program.sites.expressions if _parts(s.node)]
    site = draft.pick(sites)
    names = names_of(draft, site)
    kind = kind_of(site, names)
    inner = [
        s
        for s in draft.program.sites.expressions
        if s.place == site.place
        and s.block is site.block
        and s.node is not site.node
        and s.loose == site.loose
        and _inside(s.node, site.node)
        and kind_of(s, names) in (kind, "unknown")
    ]
    if not inner:
        return None
    return _becomes(draft, site, piece(draft.program, draft.pick(inner).node))


def _site(draft: Draft) -> Site:
    """An expression to change: not text, not a table of numbers."""
    site = draft.pick(draft.program.sites.expressions)
    for _ in range(8):
        if not (is_table(site.node) or (isinstance(site.node, ast.Constant) and isinstance(site.node.value, str))):
            break
        site = draft.pick(draft.program.sites.expressions)
    return site


def _becomes(draft: Draft, site: Site, new: Piece) -> Change | None:
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


def _inside(node: ast.expr, outer: ast.expr) -> bool:
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
