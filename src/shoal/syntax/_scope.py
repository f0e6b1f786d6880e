"""Which names a place in a program can use, each with a guess of its type (see `_types`)."""

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

from shoal.syntax._sites import Block, Function, leaf_names
from shoal.syntax._types import Names, annotated, element, guess
from shoal.syntax._words import words

if TYPE_CHECKING:
    from shoal.syntax._program import Program

_ARRAY_ATTRIBUTES = words("T shape size ndim sum mean max min copy astype reshape std")
_TEXT_ATTRIBUTES = words("lower upper strip split startswith endswith replace join")
_SEQUENCE_TAKERS = words("len list sorted sum enumerate reversed set tuple iter")


def names_at(program: "Program", block: Block, place: int) -> dict[str, str]:
    """Names that are surely bound before statement `place` of a block, each with a guess of its type.

    Innermost first wins: parameters, local variables, names of enclosing functions, names of the module. Builtins are
    not among them.
    """
    names = _before(program, block, place)
    return dict(names)


def _before(program: "Program", block: Block, place: int) -> dict[str, str]:
    if block.outer is None:
        return _module_names(block.statements[:place])
    names = _around(program, block)
    for statement in block.statements[:place]:
        _bind(statement, names)
    return names


def _around(program: "Program", block: Block) -> dict[str, str]:
    """Names bound before a block's first statement."""
    assert block.outer is not None
    owner = block.owner
    if isinstance(owner, Function):
        names = _before(program, block.outer, block.place) if block.outer.outer else _module_around(program, owner)
        names.update(_parameters(owner))
        return names
    names = _before(program, block.outer, block.place)
    if isinstance(owner, ast.For) and block.field == "body":
        _bind_target(owner.target, element(owner.iter, names), names)
    elif isinstance(owner, ast.With):
        names.update(
            (n, "unknown") for item in owner.items if item.optional_vars for n in leaf_names(item.optional_vars)
        )
    elif isinstance(owner, ast.ExceptHandler) and owner.name:
        names[owner.name] = "unknown"
    return names


def _module_around(program: "Program", function: ast.stmt) -> dict[str, str]:
    """Names of the module that a function can count on when it is called: definitions, and what stands before it."""
    defined = Function | ast.ClassDef | ast.Import | ast.ImportFrom
    return _module_names(s for s in program.tree.body if s.lineno < function.lineno or isinstance(s, defined))


def _module_names(statements: Iterable[ast.stmt]) -> dict[str, str]:
    names: dict[str, str] = {}
    for statement in statements:
        _bind(statement, names)
    return names


def _bind(statement: ast.stmt, names: dict[str, str]) -> None:
    """Add what a statement surely binds."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                _bind_target(target, guess(value, names), names, value)
        case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value) if value is not None:
            names[name] = annotated(annotation) or guess(value, names)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            names[name] = "function"
        case ast.ClassDef(name=name):
            names[name] = "class"
        case ast.Import(names=aliases):
            names.update((a.asname or a.name.split(".")[0], f"module {a.name}") for a in aliases)
        case ast.ImportFrom(module=module, names=aliases):
            constants = module == "math"
            names.update(
                (a.asname or a.name, "number" if constants and a.name in ("pi", "e", "inf", "tau") else "function")
                for a in aliases
                if a.name != "*"
            )
        case ast.If(body=body, orelse=orelse) if orelse:
            both = _bound_by(body, names).items() & _bound_by(orelse, names).items()
            names.update(both)
        case ast.With(body=body):
            for inner in body:
                _bind(inner, names)


def _bound_by(body: list[ast.stmt], names: Names) -> dict[str, str]:
    inside = dict(names)
    for statement in body:
        _bind(statement, inside)
    return inside


def _bind_target(target: ast.expr, kind: str, names: dict[str, str], value: ast.expr | None = None) -> None:
    if isinstance(target, ast.Name):
        names[target.id] = kind
    elif isinstance(target, ast.Tuple | ast.List):
        parts = value.elts if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts) else None
        for place, element in enumerate(target.elts):
            part = parts[place] if parts else None
            _bind_target(element, guess(part, names) if part else "unknown", names, part)
    elif isinstance(target, ast.Starred):
        _bind_target(target.value, "list", names)


def _parameters(function: Function) -> dict[str, str]:
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = dict(
        zip((a.arg for a in positional[len(positional) - len(arguments.defaults) :]), arguments.defaults, strict=True)
    )
    defaults.update((a.arg, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d)
    names: dict[str, str] = {}
    for argument in (*positional, *arguments.kwonlyargs):
        kind = annotated(argument.annotation) or guess(defaults.get(argument.arg), {})
        names[argument.arg] = kind
    unknown = {name for name, kind in names.items() if kind == "unknown"}
    names.update(_by_use(function, unknown) if unknown else {})
    if arguments.vararg:
        names[arguments.vararg.arg] = "tuple"
    if arguments.kwarg:
        names[arguments.kwarg.arg] = "unknown"
    return names


def _by_use(function: Function, names: set[str]) -> dict[str, str]:
    """Types that the way parameters are used gives away."""
    found: dict[str, str] = {}
    for node in ast.walk(function):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                if attribute in _ARRAY_ATTRIBUTES:
                    found[name] = "array"
                else:
                    found.setdefault(name, "str" if attribute in _TEXT_ATTRIBUTES else "object")
            case ast.Call(func=ast.Attribute(value=ast.Name(id="np" | "numpy")), args=[ast.Name(id=name), *_]):
                found[name] = "array"
            case (
                ast.Subscript(value=ast.Name(id=name))
                | ast.For(iter=ast.Name(id=name))
                | ast.comprehension(iter=ast.Name(id=name))
            ):
                found.setdefault(name, "list")
            case ast.Call(func=ast.Name(id=taker), args=[ast.Name(id=name), *_]) if taker in _SEQUENCE_TAKERS:
                found.setdefault(name, "list")
    return {name: kind for name, kind in found.items() if name in names}
