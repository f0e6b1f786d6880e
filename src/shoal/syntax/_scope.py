"""Which names a place in a program can use, and a rough guess of what each holds.

A type is a word: "number", "bool", "str", "list", "array", "tuple", "function", "class", "unknown", or "module NAME".
"""

import ast
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from shoal.syntax._sites import Block, Function, leaf_names
from shoal.syntax._words import words

if TYPE_CHECKING:
    from shoal.syntax._program import Program

Names = Mapping[str, str]

_ANNOTATED = {
    "bool": "bool",
    "float": "number",
    "int": "number",
    "list": "list",
    "ndarray": "array",
    "str": "str",
    "tuple": "tuple",
}
_CALLS = {
    "dict": "unknown",
    **dict.fromkeys(words("abs float hypot int len max min ord pow round sum sqrt sin cos tan exp log dist"), "number"),
    **dict.fromkeys(words("all any bool isinstance"), "bool"),
    **dict.fromkeys(words("list sorted tolist"), "list"),
    **dict.fromkeys(words("chr format join repr str strip lower upper replace"), "str"),
    **dict.fromkeys(words("tuple divmod"), "tuple"),
}
_ATTRIBUTES = {
    **dict.fromkeys(words("pi e inf tau size ndim"), "number"),
    "T": "array",
    "shape": "tuple",
}
_REDUCTIONS = words("sum mean max min std var median prod argmax argmin dot ptp norm item")
_ARRAY_MAKERS = words(
    "abs arange argsort array asarray astype clip concatenate copy cos cumsum diff empty exp eye flatten floor full "
    "full_like hstack linspace log log1p maximum meshgrid minimum ones ones_like outer pad power ravel reshape roll "
    "round sign sin sort sqrt square stack tan tanh tile transpose vstack where zeros zeros_like"
)
_OF_NUMBERS = words("abs exp sqrt log sin cos tanh floor maximum minimum clip")
_ARRAY_ATTRIBUTES = frozenset(
    ("T", "shape", "size", "ndim", "sum", "mean", "max", "min", "copy", "astype", "reshape", "std")
)


def names_at(program: "Program", block: Block, place: int) -> dict[str, str]:
    """Names that are surely bound before statement `place` of a block, each with a guess of its type.

    Innermost first wins: parameters, local variables, names of enclosing functions, names of the module. Builtins are
    not among them.
    """
    names = _before(program, block, place)
    return dict(names)


def guess(node: ast.expr | None, names: Names) -> str:
    """The type an expression probably has."""
    kind = type(node)
    fixed = _FIXED.get(kind)
    if fixed is not None:
        return fixed
    match node:
        case ast.Constant(value=value):
            return _of_constant(value)
        case ast.Name(id=name):
            return names.get(name, "unknown")
        case ast.UnaryOp(op=op, operand=operand):
            return "bool" if isinstance(op, ast.Not) else guess(operand, names)
        case ast.BinOp(left=left, right=right):
            return _of_operands(guess(left, names), guess(right, names))
        case ast.Compare(left=left, comparators=others):
            return "array" if "array" in {guess(n, names) for n in (left, *others)} else "bool"
        case ast.IfExp(body=body):
            return guess(body, names)
        case ast.Call(func=function, args=arguments):
            return _of_call(function, arguments, names)
        case ast.Attribute(attr=attribute):
            return _ATTRIBUTES.get(attribute, "unknown")
    return "unknown"


_FIXED: dict[type[ast.expr] | type[None], str] = {
    ast.BoolOp: "bool",
    ast.JoinedStr: "str",
    ast.Lambda: "function",
    ast.List: "list",
    ast.ListComp: "list",
    ast.Tuple: "tuple",
}


def _of_constant(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int | float) else "str" if isinstance(value, str) else "unknown"


def _of_operands(left: str, right: str) -> str:
    kinds = {left, right}
    for kind in ("array", "list", "str", "tuple"):
        if kind in kinds:
            return kind
    return "number"


def _of_call(function: ast.expr, arguments: list[ast.expr], names: Names) -> str:
    if isinstance(function, ast.Name):
        return _CALLS.get(function.id, "unknown")
    if not isinstance(function, ast.Attribute):
        return "unknown"
    name, owner = function.attr, guess(function.value, names)
    if owner in ("module numpy", "array"):
        if name in _REDUCTIONS:
            return "number"
        if name in _ARRAY_MAKERS:
            numbers = name in _OF_NUMBERS and arguments and all(guess(a, names) == "number" for a in arguments)
            return "number" if numbers else "array"
    if owner in ("module math", "module random"):
        return "number"
    return _CALLS.get(name, "unknown")


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
        outer = block.outer
        top = outer.outer is None
        names = _module_names(program.tree.body) if top else _before(program, outer, block.place)
        names.update(_parameters(owner))
        return names
    names = _before(program, block.outer, block.place)
    if isinstance(owner, ast.For) and block.field == "body":
        _bind_target(owner.target, _element(owner.iter, names), names)
    elif isinstance(owner, ast.With):
        names.update(
            (n, "unknown") for item in owner.items if item.optional_vars for n in leaf_names(item.optional_vars)
        )
    elif isinstance(owner, ast.ExceptHandler) and owner.name:
        names[owner.name] = "unknown"
    return names


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
            names[name] = _annotated(annotation) or guess(value, names)
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


def _element(iterated: ast.expr, names: Names) -> str:
    match iterated:
        case ast.Call(func=ast.Name(id="range")):
            return "number"
        case ast.List(elts=[first, *_]) | ast.Tuple(elts=[first, *_]):
            return guess(first, names)
    return "unknown"


def _annotated(annotation: ast.expr | None) -> str | None:
    match annotation:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _ANNOTATED.get(name)
        case ast.Subscript(value=value):
            return _annotated(value)
    return None


def _parameters(function: Function) -> dict[str, str]:
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = dict(
        zip((a.arg for a in positional[len(positional) - len(arguments.defaults) :]), arguments.defaults, strict=True)
    )
    defaults.update((a.arg, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d)
    names: dict[str, str] = {}
    for argument in (*positional, *arguments.kwonlyargs):
        kind = _annotated(argument.annotation) or guess(defaults.get(argument.arg), {})
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
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if attribute in _ARRAY_ATTRIBUTES:
                found[name] = "array"
            case ast.Call(func=ast.Attribute(value=ast.Name(id="np" | "numpy")), args=[ast.Name(id=name), *_]):
                found[name] = "array"
            case ast.Subscript(value=ast.Name(id=name)) | ast.For(iter=ast.Name(id=name)):
                found.setdefault(name, "list")
            case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]):
                found.setdefault(name, "list")
    return {name: kind for name, kind in found.items() if name in names}
