"""What a value probably is made of: real numbers, an order of things, or a choice among them."""

import ast
from collections.abc import Iterator

from shoal.propose._idioms_cut import Cut
from shoal.propose._trace import MAKERS, writes
from shoal.syntax._program import Program
from shoal.syntax._serial import signed_number
from shoal.syntax._words import words

__all__ = ["nature"]

_REAL = words(
    "cos exp float gauss hypot linspace log normal normalvariate ones sin sqrt standard_normal tan tanh uniform zeros"
)
_ORDER = words("argsort permutation range sample shuffle sorted arange")


def nature(program: Program, cut: Cut) -> str:
    """One of "floats", "order", "subset", or "unknown" where nothing tells."""
    found = {one for node in _makers(program, cut) for one in _signs(node)}
    for one in ("floats", "subset", "order"):
        if one in found:
            return one
    return "unknown"


def _makers(program: Program, cut: Cut) -> Iterator[ast.AST]:
    """The expressions that make the value, and the functions they call by name."""
    if cut.returned is not None:
        made: list[ast.AST] = [cut.returned]
    else:
        before = cut.block.statements[: cut.place + 1]
        made = [s for s in before if not writes(s).isdisjoint(cut.names)]
    literal = next((_of_literal(getattr(m, "value", m)) for m in reversed(made)), None)
    if literal is not None:
        yield ast.Name(literal)
        return
    yield from made
    called = {n.id for m in made for n in ast.walk(m) if isinstance(n, ast.Name)}
    for statement in program.tree.body:
        if isinstance(statement, ast.FunctionDef) and statement.name in called:
            yield from statement.body


def _of_literal(node: ast.AST) -> str | None:
    """What a list that is written out holds."""
    match node:
        case ast.Call(func=ast.Name(id=maker) | ast.Attribute(attr=maker), args=[only]) if maker in MAKERS:
            node = only
    if not isinstance(node, ast.List | ast.Tuple) or len(node.elts) < 2:
        return None
    if all(isinstance(e, ast.Constant) and type(e.value) is bool for e in node.elts):
        return "subset"
    numbers = [signed_number(e) for e in node.elts]
    if any(type(n) is not int for n in numbers):
        return "floats" if _any_float(node) else None
    if set(numbers) <= {0, 1}:
        return "subset"
    return "order" if len(set(numbers)) == len(numbers) else "floats"


def _any_float(node: ast.AST) -> bool:
    return any(isinstance(n, ast.Constant) and type(n.value) is float for n in ast.walk(node))


def _signs(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and node.id in ("floats", "order", "subset") and not hasattr(node, "lineno"):
        yield node.id
        return
    for inner in ast.walk(node):
        match inner:
            case ast.Constant(value=float()) | ast.BinOp(op=ast.Div()):
                yield "floats"
            case ast.List(elts=[ast.Constant(value=bool()), *_]) | ast.ListComp(elt=ast.Compare() | ast.BoolOp()):
                yield "subset"
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _REAL:
                yield "floats"
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _ORDER:
                yield "order"
