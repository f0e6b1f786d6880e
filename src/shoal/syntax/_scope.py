"""Which names a place in a program can use, each with a guess of its type (see `_types`)."""

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

from shoal.syntax._sites import Block, Function, leaf_names
from shoal.syntax._types import Names, annotated, element, guess
from shoal.syntax._use import Hints, parameters

if TYPE_CHECKING:
    from shoal.syntax._program import Program


def names_at(program: "Program", block: Block, place: int, *, hints: Hints | None = None) -> dict[str, str]:
    """Names that are surely bound before statement `place` of a block, each with a guess of its type.

    Innermost first wins: parameters, local variables, names of enclosing functions, names of the module. Builtins are
    not among them. `hints` (function -> name -> type) overrule the guesses.
    """
    return _before(program, block, place, hints or {})


def _before(program: "Program", block: Block, place: int, hints: Hints) -> dict[str, str]:
    if block.outer is None:
        return _told_returns(program, _module_names(block.statements[:place]))
    names = _around(program, block, hints)
    overruled = hints.get(block.function.name, {}) if block.function else {}
    for statement in block.statements[:place]:
        bind(statement, names)
        _overrule(names, overruled)
    return names


def _overrule(names: dict[str, str], hints: Names) -> None:
    for name, kind in hints.items():
        if name in names:
            names[name] = kind.partition(":")[0]


def _around(program: "Program", block: Block, hints: Hints) -> dict[str, str]:
    """Names bound before a block's first statement."""
    assert block.outer is not None
    owner = block.owner
    if isinstance(owner, Function):
        outer = block.outer
        names = _before(program, outer, block.place, hints) if outer.outer else _module_around(program, owner)
        names.update(parameters(program, owner))
        _overrule(names, hints.get(owner.name, {}))
        return names
    names = _before(program, block.outer, block.place, hints)
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
    names = _module_names(s for s in program.tree.body if s.lineno < function.lineno or isinstance(s, defined))
    return _told_returns(program, names)


def module_names(program: "Program") -> dict[str, str]:
    """Names that the whole module binds."""
    return _told_returns(program, _module_names(program.tree.body))


def _told_returns(program: "Program", names: dict[str, str]) -> dict[str, str]:
    """The module's names, with what its functions return where that can be told: "function KIND"."""
    for name, kind in program.derived(_returned).items():
        if names.get(name) == "function":
            names[name] = f"function {kind}"
    return names


def _returned(program: "Program") -> dict[str, str]:
    """Function of the module -> type of what it returns."""
    functions = [statement for statement in program.tree.body if isinstance(statement, ast.FunctionDef)]
    if len(functions) < 2:
        return {}  # a function alone is called from outside
    around = _module_names(program.tree.body)
    found: dict[str, str] = {}
    for _ in range(2):  # once more, for those that return what another function returned
        for function in functions:
            kind = _kind_returned(function, {**around, **parameters(program, function)})
            if kind not in ("unknown", "none"):
                found[function.name] = around[function.name] = f"function {kind}"
    return {name: kind.removeprefix("function ") for name, kind in found.items()}


def _kind_returned(function: ast.FunctionDef, names: dict[str, str]) -> str:
    """The type of the last value returned in the text, which is mostly the usual one."""
    kind = "unknown"
    for statement in in_order(function.body):
        bind(statement, names)
        if isinstance(statement, ast.Return):
            kind = guess(statement.value, names)
    return kind


def in_order(body: list[ast.stmt]) -> list[ast.stmt]:
    """Statements and those inside them, in order of the text; not those of inner functions."""
    found: list[ast.stmt] = []
    for statement in body:
        found.append(statement)
        if not isinstance(statement, Function | ast.ClassDef):
            for field in ("body", "orelse", "finalbody"):
                found += in_order(getattr(statement, field, []))
    return found


def _module_names(statements: Iterable[ast.stmt]) -> dict[str, str]:
    names: dict[str, str] = {}
    for statement in statements:
        bind(statement, names)
    return names


def bind(statement: ast.stmt, names: dict[str, str]) -> None:
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
                bind(inner, names)


def _bound_by(body: list[ast.stmt], names: Names) -> dict[str, str]:
    inside = dict(names)
    for statement in body:
        bind(statement, inside)
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
