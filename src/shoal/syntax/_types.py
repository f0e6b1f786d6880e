"""A rough guess of what an expression holds, from literals, calls and the names around it.

A type is a word of `KINDS`, "module NAME", or "function TYPE" where it is known what a function returns. Arrays are
numpy's: "array" has one axis and holds numbers, "int_array" whole numbers, "mask" truth values; "matrix" has two axes.
"numbers" is a list or tuple of numbers, "list" one of other or unknown things. "object" is some other thing that is no
number.
"""

import ast
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeGuard

from shoal.syntax._words import words

Names = Mapping[str, str]
"""Name -> type."""

NUMBERS = ("int", "number")
ARRAYS = ("array", "int_array", "mask")
"""Arrays of one axis."""

LISTS = ("list", "numbers")
KINDS = frozenset((*NUMBERS, *ARRAYS, *LISTS)) | words("bool class function matrix none object str tuple unknown")

_ANNOTATED = {
    "NDArray": "array",
    "Sequence": "list",
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
    **dict.fromkeys(words("findall list sorted tolist split wrap"), "list"),
    **dict.fromkeys(words("chr format join repr str strip lower upper replace"), "str"),
    **dict.fromkeys(words("tuple divmod"), "tuple"),
    **dict.fromkeys(
        words("dict set frozenset range enumerate zip reversed map filter open iter loads maketrans"), "object"
    ),
}
_ATTRIBUTES = {
    **dict.fromkeys(words("pi e inf tau"), "number"),
    **dict.fromkeys(words("size ndim"), "int"),
    "T": "array",
    "shape": "tuple",
}
_NUMERIC_MODULES = words("math cmath random numpy statistics")
_REDUCTIONS = words("sum mean max min std var median prod dot ptp norm item")
_POSITIONS = words("argmax argmin count_nonzero")
_OF_TRUTH = words("isfinite isinf isnan logical_and logical_not logical_or logical_xor")
_WHOLE = words("arange argsort bincount flatnonzero lexsort searchsorted")
_FLAT = words("flatten ravel")
_KEPT = words("clip copy cumsum flip maximum minimum roll sort where abs square sign")
_ARRAY_MAKERS = (
    _WHOLE
    | _FLAT
    | _KEPT
    | words(
        "array asarray astype concatenate cos diff empty exp eye floor full full_like hstack linspace log log1p "
        "meshgrid ones ones_like outer pad power reshape round sin sqrt stack tan tanh tile transpose vstack zeros "
        "zeros_like"
    )
)
_TABLES = words("eye outer vstack")
_OF_NUMBERS = words("abs exp log log1p sign sin sqrt square cos tan tanh floor maximum minimum clip power round")
_BY_SHAPE = words("empty full ones zeros")
_FIXED: dict[type[ast.expr] | type[None], str] = {
    ast.BoolOp: "bool",
    ast.Dict: "object",
    ast.DictComp: "object",
    ast.GeneratorExp: "object",
    ast.JoinedStr: "str",
    ast.Lambda: "function",
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
            return _of_sign(op, guess(operand, names))
        case ast.BinOp(left=left, op=op, right=right):
            return _of_operands(op, guess(left, names), guess(right, names))
        case ast.Compare(left=left, comparators=others):
            return _of_comparison({guess(n, names) for n in (left, *others)})
        case ast.IfExp(body=body, orelse=other):
            kind = guess(body, names)
            return kind if kind != "unknown" else guess(other, names)
        case ast.Call():
            return _of_call(node, names)
        case ast.expr():
            return _of_part(node, names)
    return "unknown"


def _of_part(node: ast.expr, names: Names) -> str:
    """The type of what is got out of something, or of a list."""
    match node:
        case ast.Attribute(value=value, attr=attribute):
            kind = guess(value, names) if attribute == "T" else ""
            return kind if kind in ("matrix", *ARRAYS) else _ATTRIBUTES.get(attribute, "unknown")
        case ast.Subscript(value=value, slice=index):
            return _of_entry(guess(value, names), index, names)
        case ast.List(elts=elements):
            return _of_elements(elements, names)
        case ast.ListComp(elt=element):
            return "numbers" if guess(element, _loose(node.generators, names)) in NUMBERS else "list"
    return "unknown"


def annotated(annotation: ast.expr | None) -> str | None:
    """The type that an annotation tells, if it is a plain one."""
    match annotation:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _ANNOTATED.get(name)
        case ast.Subscript(value=value, slice=inside):
            kind = annotated(value)
            parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
            of_numbers = all(annotated(p) in NUMBERS for p in parts if not _is_ellipsis(p))
            return "numbers" if kind in ("list", "tuple") and of_numbers else kind
    return None


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def element(iterated: ast.expr, names: Names) -> str:
    """The type of what a loop gets one by one."""
    match iterated:
        case ast.Call(func=ast.Name(id="range")):
            return "int"
        case ast.List(elts=[first, *_]) | ast.Tuple(elts=[first, *_]):
            return guess(first, names)
    return _ELEMENTS.get(guess(iterated, names), "unknown")


_ELEMENTS = {"array": "number", "int_array": "int", "mask": "bool", "matrix": "array", "numbers": "number"}


def _loose(generators: Sequence[ast.comprehension], names: Names) -> Names:
    """Names with those that a comprehension binds one by one."""
    inside = dict(names)
    for generator in generators:
        if isinstance(generator.target, ast.Name):
            inside[generator.target.id] = element(generator.iter, inside)
    return inside


def _of_constant(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "bool"
    return {int: "int", float: "number", str: "str"}.get(type(value), "object")


def _of_elements(elements: Sequence[ast.expr], names: Names) -> str:
    # An empty list says nothing: it is about to be filled.
    return "numbers" if elements and all(guess(e, names) in NUMBERS for e in elements[:8]) else "list"


def _of_sign(op: ast.unaryop, kind: str) -> str:
    if isinstance(op, ast.Not):
        return "bool"
    return "int_array" if kind == "mask" and not isinstance(op, ast.Invert) else kind


def _of_comparison(kinds: set[str]) -> str:
    if "matrix" in kinds:
        return "matrix"
    return "mask" if not kinds.isdisjoint(ARRAYS) else "bool"


def _of_operands(op: ast.operator, left: str, right: str) -> str:
    kinds = {left, right}
    if isinstance(op, ast.MatMult):
        return {frozenset(("matrix",)): "matrix", frozenset(("matrix", "array")): "array"}.get(
            frozenset("array" if k in ARRAYS else k for k in kinds), "number"
        )
    if "matrix" in kinds:
        return "matrix"
    if not kinds.isdisjoint(ARRAYS):
        return _of_array_operands(op, kinds)
    for kind in ("list", "numbers", "str", "tuple"):
        if kind in kinds:
            return kind
    return "int" if kinds == {"int"} and not isinstance(op, ast.Div) else "number"


def _of_array_operands(op: ast.operator, kinds: set[str]) -> str:
    if kinds == {"mask"} and isinstance(op, ast.BitAnd | ast.BitOr | ast.BitXor):
        return "mask"
    return "int_array" if kinds <= {"int_array", "mask", "int"} and not isinstance(op, ast.Div) else "array"


def _of_entry(kind: str, index: ast.expr, names: Names) -> str:
    """What an index gets out of a thing of some type."""
    if isinstance(index, ast.Slice):
        return kind
    if kind == "matrix":
        if is_grid(index):
            return "matrix"
        axes = index.elts if isinstance(index, ast.Tuple) else [index]
        kept = sum(isinstance(a, ast.Slice) for a in axes) + max(0, 2 - len(axes))
        picked = any(guess(a, names) in ARRAYS for a in axes if not isinstance(a, ast.Slice))
        return ("number", "array", "matrix")[min(2, kept + picked)]
    if kind in ARRAYS:
        return kind if guess(index, names) in (*ARRAYS, *LISTS) else _ELEMENTS[kind]
    return "number" if kind == "numbers" else "unknown"


def is_grid(index: ast.expr) -> TypeGuard[ast.Call]:
    """Whether an index is `np.ix_(rows, columns)`."""
    match index:
        case ast.Call(func=ast.Attribute(attr="ix_"), args=[_, _]):
            return True
    return False


def _of_call(call: ast.Call, names: Names) -> str:
    function, arguments = call.func, call.args
    if isinstance(function, ast.Name):
        return _of_plain_call(function.id, call, names)
    if not isinstance(function, ast.Attribute):
        return "unknown"
    name, owner = function.attr, guess(function.value, names)
    if owner == "module numpy":
        return _of_array_function(name, call, [guess(a, names) for a in arguments])
    if owner in ("matrix", *ARRAYS):
        return _of_array_function(name, call, [owner])
    if owner.startswith("module ") and owner.split()[1] not in _NUMERIC_MODULES:
        return "object"
    if owner in ("module math", "module random"):
        return "number"
    return _CALLS.get(name, "unknown")


def _of_plain_call(name: str, call: ast.Call, names: Names) -> str:
    known = names.get(name, "")
    if known == "class":
        return "object"
    if known.startswith("function "):
        return known.removeprefix("function ")
    kind = _CALLS.get(name, "unknown")
    if name in ("min", "max") and any(k.arg == "key" for k in call.keywords):
        return "unknown"  # one of some things, whatever they are
    first = guess(call.args[0], names) if call.args else "unknown"
    if name == "abs" and first in ("matrix", *ARRAYS):
        return first
    if name in ("sorted", "list", "tuple") and first in ("numbers", "array", "int_array"):
        return "numbers"
    return kind


def _of_array_function(name: str, call: ast.Call, kinds: Sequence[str]) -> str:
    """What a function of numpy, or a method of an array (the first of `kinds`), gives."""
    if name in _REDUCTIONS or name in _POSITIONS:
        if "matrix" in kinds and any(k.arg == "axis" for k in call.keywords):
            return "int_array" if name in _POSITIONS else "array"
        return "int" if name in _POSITIONS else "number"
    if name in _OF_TRUTH:
        return "matrix" if "matrix" in kinds else "mask"
    if name not in _ARRAY_MAKERS:
        return _CALLS.get(name, "unknown")
    if name in _OF_NUMBERS and kinds and all(kind in NUMBERS for kind in kinds):
        return "number"
    if name in ("array", "asarray") and call.args:
        return _of_nested(call.args[0], kinds[0])
    if name in _BY_SHAPE:
        return (
            "matrix" if call.args and isinstance(call.args[0], ast.Tuple) and len(call.args[0].elts) == 2 else "array"
        )
    if name in _TABLES or ("matrix" in kinds and name not in _FLAT and name != "meshgrid"):
        return "matrix"
    if name in _WHOLE or (name in _KEPT and _all_whole(kinds)):
        return "int_array"
    return "array"


def _all_whole(kinds: Iterable[str]) -> bool:
    seen = [kind for kind in kinds if kind != "mask"]
    return bool(seen) and all(kind in ("int", "int_array") for kind in seen)


def _of_nested(node: ast.expr, kind: str) -> str:
    """The kind of array that a list becomes."""
    rows = isinstance(node, ast.List | ast.Tuple) and node.elts and isinstance(node.elts[0], ast.List | ast.Tuple)
    return kind if kind in ("matrix", *ARRAYS) else "matrix" if rows else "array"
