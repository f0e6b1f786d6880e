"""Which arrays fit together: a symbol for the length of each axis, followed through assignments.

Lengths are symbols, not numbers. A docstring's "shape (n, 2)" names them; what it does not name gets a symbol of its
own, but for undescribed parameters of one axis, which are trusted to have one length.
"""

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING

from shoal.syntax._scope import bind, in_order, module_names
from shoal.syntax._sites import Function
from shoal.syntax._types import ARRAYS, Names, guess, is_grid
from shoal.syntax._use import Lengths, lengths_told, parameters
from shoal.syntax._words import words

if TYPE_CHECKING:
    from shoal.syntax._program import Program

SAME = "?"
"""The length that undescribed parameters share."""

_RETURN = "{}()"
"""Under this name, which no variable can have, the lengths of what a function returns are kept."""

_NEW_LENGTH = words(
    "array asarray bincount concatenate diff flatnonzero flatten hstack linspace nonzero ravel repeat tile unique"
)
_BY_LENGTH = words("arange empty full ones zeros")


def lengths_in(program: "Program", function: Function | None, hints: Names | None = None) -> dict[str, Lengths]:
    """Name -> symbols of the axes of the arrays that a function holds.

    Args:
        program: the program.
        function: one of its functions, or None for the module.
        hints: name -> type, which may end in the symbols: "array:k", "matrix:k,n".
    """
    if function is None:
        return {}
    seeds = program.derived(_told_by_returns)
    if hints:
        # Made anew: they come with the request, not with the program.
        return _in_function(program, function, hints, seeds)
    known = program.derived(_known)
    if id(function) not in known:
        known[id(function)] = _in_function(program, function, None, seeds)
    return known[id(function)]


def _known(program: "Program") -> dict[int, dict[str, Lengths]]:
    """Filled function by function, when one is first asked for."""
    return {}


def _told_by_returns(program: "Program") -> dict[str, Lengths]:
    """What the functions of the module return, in symbols that docstrings name: these mean the same everywhere."""
    functions = [statement for statement in program.tree.body if isinstance(statement, ast.FunctionDef)]
    told = {symbol for f in functions for shape in lengths_told(f).values() for symbol in shape}
    if not told or len(functions) < 2:
        return {}
    returned = {f.name: _in_function(program, f, None, {}).get(_RETURN, ()) for f in functions}
    return {_RETURN.format(name): axes for name, axes in returned.items() if axes and told.issuperset(axes)}


def _in_function(
    program: "Program", function: Function, hints: Names | None, seeds: Mapping[str, Lengths]
) -> dict[str, Lengths]:
    names = {**program.derived(module_names), **parameters(program, function)}
    told, found = lengths_told(function), dict(seeds)
    overruled = {name: kind.partition(":") for name, kind in (hints or {}).items()}
    names.update((name, kind) for name, (kind, _, _) in overruled.items() if name in names)
    for name in (a.arg for a in ast.walk(function.args) if isinstance(a, ast.arg)):
        axes = {"matrix": 2}.get(names.get(name, ""), int(names.get(name) in ARRAYS))
        own = (SAME,) if axes == 1 else (f"{name}.rows", f"{name}.columns")
        shape = told.get(name, ())
        found[name] = shape if len(shape) == (axes or 1) else own[:axes]
    for statement in in_order(function.body):
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            found[statement.targets[0].id] = lengths_of(statement.value, names, found)
        elif isinstance(statement, ast.Return) and statement.value is not None:
            found[_RETURN] = lengths_of(statement.value, names, found)
        bind(statement, names)
        names.update((name, kind) for name, (kind, _, _) in overruled.items() if name in names)
    found.update((n, tuple(s.split(","))) for n, (_, colon, s) in overruled.items() if colon)
    return {name: axes for name, axes in found.items() if axes}


def lengths_of(node: ast.expr, names: Names, known: dict[str, Lengths]) -> Lengths:
    """The symbols of the axes of an expression; () where it has none, a new symbol where none is known."""
    kind = guess(node, names)
    if kind not in ("matrix", *ARRAYS):
        return ()
    axes = _axes(node, names, known)
    wanted = 2 if kind == "matrix" else 1
    new = f"{getattr(node, 'lineno', 0)}.{getattr(node, 'col_offset', 0)}"
    return axes if len(axes) == wanted else tuple(f"{new}.{k}" for k in range(wanted))


def _axes(node: ast.expr, names: Names, known: dict[str, Lengths]) -> Lengths:
    match node:
        case ast.Name(id=name):
            return known.get(name, ())
        case ast.UnaryOp(operand=inner) | ast.IfExp(body=inner):
            return lengths_of(inner, names, known)
        case ast.Attribute(value=inner, attr="T"):
            return lengths_of(inner, names, known)[::-1]
        case ast.BinOp(op=op) if isinstance(op, ast.MatMult):
            return ()
        case ast.BinOp(left=left, right=right) | ast.Compare(left=left, comparators=[right]):
            return max(lengths_of(left, names, known), lengths_of(right, names, known), key=len)
        case ast.Call(func=ast.Name(id="abs"), args=[inner]):
            return lengths_of(inner, names, known)
        case ast.Call(func=ast.Name(id=name)):
            return known.get(_RETURN.format(name), ())
        case ast.Call(func=ast.Attribute(value=owner, attr=name)):
            return _of_call(node, owner, name, names, known)
        case ast.Subscript(value=value, slice=index):
            return _of_entry(lengths_of(value, names, known), index, names, known)
    return ()


def _of_call(node: ast.Call, owner: ast.expr, name: str, names: Names, known: dict[str, Lengths]) -> Lengths:
    if name in _NEW_LENGTH:
        return ()
    if name in _BY_LENGTH:
        match node.args:
            case [ast.Call(func=ast.Name(id="len"), args=[counted]), *_]:
                return lengths_of(counted, names, known)[:1]
        return ()
    parts = [*([] if guess(owner, names).startswith("module ") else [owner]), *node.args]
    axes = max((lengths_of(p, names, known) for p in parts), key=len, default=())
    axis = next((k.value for k in node.keywords if k.arg == "axis"), None)
    if len(axes) == 2 and isinstance(axis, ast.Constant):
        return axes[:1] if axis.value == 1 else axes[1:]
    return axes


def _of_entry(axes: Lengths, index: ast.expr, names: Names, known: dict[str, Lengths]) -> Lengths:
    """What is left of the axes when they are indexed."""
    if is_grid(index):
        return tuple(symbol for part in index.args for symbol in lengths_of(part, names, known))
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    left: list[str] = []
    picked = False
    for axis, part in zip(axes, parts, strict=False):
        if isinstance(part, ast.Slice):
            whole = (
                part.lower is None and part.upper is None and (part.step is None or isinstance(part.step, ast.UnaryOp))
            )
            left.append(axis if whole else f"{axis}[{ast.unparse(part)}]")
        elif guess(part, names) == "mask":
            return ()
        elif lengths_of(part, names, known) and not picked:
            picked = True
            left.append(lengths_of(part, names, known)[0])
    return (*left, *axes[len(parts) :])
