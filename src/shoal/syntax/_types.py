"""A rough guess of what an expression holds, from literals, calls and the names around it.

A type is a word: "int", "number", "bool", "str", "list", "array", "tuple", "function", "class", "none", "object" (some
other thing that is no number), "unknown", or "module NAME".
"""

import ast
from collections.abc import Mapping

from shoal.syntax._words import words

Names = Mapping[str, str]
"""Name -> type."""

NUMBERS = ("int", "number")

_ANNOTATED = {
    "bool": "bool",
    "dict": "object",
    "float": "number",
    "int": "int",
    "list": "list",
    "ndarray": "array",
    "set": "object",
    "str": "str",
    "tuple": "tuple",
}
_CALLS = {
    **dict.fromkeys(words("int len ord argmax argmin index count"), "int"),
    **dict.fromkeys(words("abs float hypot max min pow round sum sqrt sin cos tan exp log dist"), "number"),
    **dict.fromkeys(words("all any bool isinstance startswith endswith"), "bool"),
    **dict.fromkeys(words("list sorted tolist split"), "list"),
    **dict.fromkeys(words("chr format join repr str strip lower upper replace"), "str"),
    **dict.fromkeys(words("tuple divmod"), "tuple"),
    **dict.fromkeys(words("dict set frozenset range enumerate zip reversed map filter open iter"), "object"),
}
_ATTRIBUTES = {
    **dict.fromkeys(words("pi e inf tau"), "number"),
    **dict.fromkeys(words("size ndim"), "int"),
    "T": "array",
    "shape": "tuple",
}
_NUMERIC_MODULES = words("math cmath random numpy statistics")
_REDUCTIONS = words("sum mean max min std var median prod dot ptp norm item")
_ARRAY_MAKERS = words(
    "abs arange argsort array asarray astype clip concatenate copy cos cumsum diff empty exp eye flatten floor full "
    "full_like hstack linspace log log1p maximum meshgrid minimum ones ones_like outer pad power ravel reshape roll "
    "round sign sin sort sqrt square stack tan tanh tile transpose vstack where zeros zeros_like"
)
_OF_NUMBERS = words("abs exp sqrt log sin cos tanh floor maximum minimum clip")
_FIXED: dict[type[ast.expr] | type[None], str] = {
    ast.BoolOp: "bool",
    ast.Dict: "object",
    ast.DictComp: "object",
    ast.GeneratorExp: "object",
    ast.JoinedStr: "str",
    ast.Lambda: "function",
    ast.List: "list",
    ast.ListComp: "list",
    ast.Set: "object",
    ast.SetComp: "object",
    ast.Tuple: "tuple",
}


def guess(node: ast.expr | None, names: Names) -> str:
    """The type an expression probably has."""
    fixed = _FIXED.get(type(node))
    if fixed is not None:
        return fixed
    match node:
        case ast.Constant(value=value):
            return _of_constant(value)
        case ast.Name(id=name):
            return names.get(name, "unknown")
        case ast.UnaryOp(op=op, operand=operand):
            return "bool" if isinstance(op, ast.Not) else guess(operand, names)
        case ast.BinOp(left=left, op=op, right=right):
            return _of_operands(op, guess(left, names), guess(right, names))
        case ast.Compare(left=left, comparators=others):
            return "array" if "array" in {guess(n, names) for n in (left, *others)} else "bool"
        case ast.IfExp(body=body):
            return guess(body, names)
        case ast.Call(func=function, args=arguments):
            return _of_call(function, arguments, names)
        case ast.Attribute(attr=attribute):
            return _ATTRIBUTES.get(attribute, "unknown")
        case ast.Subscript(value=value, slice=ast.Slice()):
            return guess(value, names)
    return "unknown"


def annotated(annotation: ast.expr | None) -> str | None:
    """The type that an annotation tells, if it is a plain one."""
    match annotation:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _ANNOTATED.get(name)
        case ast.Subscript(value=value):
            return annotated(value)
    return None


def element(iterated: ast.expr, names: Names) -> str:
    """The type of what a loop gets one by one."""
    match iterated:
        case ast.Call(func=ast.Name(id="range")):
            return "int"
        case ast.List(elts=[first, *_]) | ast.Tuple(elts=[first, *_]):
            return guess(first, names)
    return "unknown"


def _of_constant(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "bool"
    return {int: "int", float: "number", str: "str"}.get(type(value), "object")


def _of_operands(op: ast.operator, left: str, right: str) -> str:
    kinds = {left, right}
    for kind in ("array", "list", "str", "tuple"):
        if kind in kinds:
            return kind
    return "int" if kinds == {"int"} and not isinstance(op, ast.Div) else "number"


def _of_call(function: ast.expr, arguments: list[ast.expr], names: Names) -> str:
    if isinstance(function, ast.Name):
        return "object" if names.get(function.id) == "class" else _CALLS.get(function.id, "unknown")
    if not isinstance(function, ast.Attribute):
        return "unknown"
    name, owner = function.attr, guess(function.value, names)
    if owner in ("module numpy", "array"):
        if name in _REDUCTIONS:
            return "number"
        if name in _ARRAY_MAKERS:
            numbers = name in _OF_NUMBERS and arguments and all(guess(a, names) in NUMBERS for a in arguments)
            return "number" if numbers else "array"
    if owner.startswith("module ") and owner.split()[1] not in _NUMERIC_MODULES:
        return "object"
    if owner in ("module math", "module random"):
        return "number"
    return _CALLS.get(name, "unknown")
