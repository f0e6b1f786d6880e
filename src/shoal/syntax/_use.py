"""What parameters hold: told by annotations, defaults, docstrings, or the way they are used."""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from shoal.syntax._sites import Function
from shoal.syntax._types import LISTS, annotated, guess, is_grid
from shoal.syntax._words import words

if TYPE_CHECKING:
    from shoal.syntax._program import Program

Hints = Mapping[str, Mapping[str, str]]
"""Function -> name -> type, as a trace of a run found them. They overrule every guess."""

Lengths = tuple[str, ...]
"""The symbol of each axis of an array; arrays whose symbols are equal fit together."""

_ARRAY_ATTRIBUTES = words("T shape size ndim sum mean max min copy astype reshape std")
_TEXT_ATTRIBUTES = words("lower upper strip split startswith endswith replace join")
_SEQUENCE_TAKERS = words("len list sorted sum enumerate reversed set tuple iter")
# "bins: the free space ...; shape (n,)" and what follows on the next lines.
_TOLD = re.compile(r"^\s*[`*]{0,2}(\w+)[`*]{0,2}(?: \([^)\n]*\))?: +(\S.*)$")
_SHAPE = re.compile(r"shape \(\s*([\w+ -]+(?:,[\w+ -]+)*),?\s*\)")
_WHOLE = re.compile(r"\b(?:whole numbers?|integers?|int|ints|indices|index|int64)\b")
_LISTED = re.compile(r"\b(?:lists?|tuple|sequence) of (?:(\w+) )?(?:numbers|floats|ints|integers|digits)\b")
_RANGE = re.compile(r"(?<![\w.-])(-?\d+(?:\.\d+)?) to (-?\d+(?:\.\d+)?)(?![\w.]\w)")
_COUNTS = {word: str(k) for k, word in enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine"), 2)}


def parameters(program: "Program", function: Function) -> dict[str, str]:
    """Name -> type of a function's parameters."""
    known = program.derived(_known)
    if id(function) not in known:
        known[id(function)] = _parameters(function)
    return known[id(function)]


def _known(program: "Program") -> dict[int, dict[str, str]]:
    """Filled function by function, when one is first asked for."""
    return {}


def index_nodes(program: "Program") -> list[ast.Subscript]:
    """All subscripts of a program."""
    return program.derived(_index_nodes)


def _index_nodes(program: "Program") -> list[ast.Subscript]:
    return [node for node in ast.walk(program.tree) if isinstance(node, ast.Subscript)]


def _parameters(function: Function) -> dict[str, str]:
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = dict(
        zip((a.arg for a in positional[len(positional) - len(arguments.defaults) :]), arguments.defaults, strict=True)
    )
    defaults.update((a.arg, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d)
    told = _told(function)
    names: dict[str, str] = {}
    for argument in (*positional, *arguments.kwonlyargs):
        kind = annotated(argument.annotation) or guess(defaults.get(argument.arg), {})
        if kind in ("unknown", "array", *LISTS):
            kind = _kind_told(told.get(argument.arg, ""), kind)
        names[argument.arg] = kind
    unknown = {name for name, kind in names.items() if kind == "unknown"}
    names.update(_by_use(function, unknown) if unknown else {})
    if "array" in names.values():
        # An array that picks entries of another holds whole numbers.
        picking = {n for node in ast.walk(function) if isinstance(node, ast.Subscript) for n in _indices(node)}
        names.update((n, "int_array") for n, kind in names.items() if kind == "array" and n in picking)
    if arguments.vararg:
        names[arguments.vararg.arg] = "tuple"
    if arguments.kwarg:
        names[arguments.kwarg.arg] = "unknown"
    return names


def index_names(program: "Program") -> frozenset[str]:
    """Names that are used as an index anywhere in a program."""
    return program.derived(_index_names)


def _index_names(program: "Program") -> frozenset[str]:
    return frozenset(name for node in index_nodes(program) for name in _indices(node))


def lengths_told(function: Function) -> dict[str, Lengths]:
    """Parameter -> the symbols of its axes, where the docstring gives its shape."""
    return {name: shape for name, text in _told(function).items() if (shape := _shape(text))}


def range_told(function: Function) -> tuple[float, float] | None:
    """The range that a function's docstring gives for what it takes ("1 to 100"), the widest of several."""
    told = [(float(low), float(high)) for low, high in _RANGE.findall(ast.get_docstring(function) or "")]
    widest = max(told, key=lambda ends: ends[1] - ends[0], default=(0.0, 0.0))
    return widest if widest[0] < widest[1] else None


def _told(function: Function) -> dict[str, str]:
    """What the docstring says of each parameter, with what the heading above it says of several."""
    found: dict[str, str] = {}
    name = heading = ""
    for line in (ast.get_docstring(function) or "").splitlines():
        match = _TOLD.match(line)
        if match:
            name = match[1]
            found[name] = f"{match[2]}; {heading}"
        elif not line.strip():
            # A heading may stand apart from its names; where they end, it ends.
            name, heading = "", "" if name else heading
        elif line.rstrip().endswith(":") and not name:
            heading = line.strip()
        elif name:
            found[name] += f" {line.strip()}"
    return found


def _shape(text: str) -> Lengths:
    match = _SHAPE.search(text)
    if match:
        return tuple(part.strip() for part in match[1].split(","))
    listed = _LISTED.search(text)
    count = listed[1] if listed and listed[1] else ""
    return (_COUNTS.get(count, count),) if count in _COUNTS or count.isdigit() else ()


def _kind_told(text: str, kind: str) -> str:
    """The type that a parameter's description gives away; `kind` where it gives none."""
    if _LISTED.search(text) and kind != "array":
        return "numbers"
    axes = len(_shape(text))
    if axes:
        whole = _WHOLE.search(text)
        return "object" if axes > 2 else "matrix" if axes == 2 else "int_array" if whole else "array"
    return "int" if kind == "unknown" and re.match(r"(?:an? |the )?(?:integer|whole number|index)\b", text) else kind


def _by_use(function: Function, names: set[str]) -> dict[str, str]:
    """Types that the way parameters are used gives away: of several signs of one name, the strongest."""
    found: dict[str, tuple[int, str]] = {}
    for node in ast.walk(function):
        for strength, name, kind in _signs(node) if type(node) in _TELLING else ():
            if name in names and strength > found.get(name, (0, ""))[0]:
                found[name] = strength, kind
    return {name: kind for name, (_, kind) in found.items()}


def _indices(node: ast.Subscript) -> Iterator[str]:
    """Names that are an index, or one of several."""
    index = node.slice
    parts = index.elts if isinstance(index, ast.Tuple) else index.args if is_grid(index) else [index]
    yield from (part.id for part in parts if isinstance(part, ast.Name))


_TELLING = frozenset((ast.Attribute, ast.Call, ast.For, ast.Subscript, ast.comprehension))


def _signs(node: ast.AST) -> Iterator[tuple[int, str, str]]:
    """How strong a sign is, the name that it is about, and the type it speaks for."""
    match node:
        case ast.Attribute(value=ast.Name(id=name), attr=attribute):
            known = "array" if attribute in _ARRAY_ATTRIBUTES else "str" if attribute in _TEXT_ATTRIBUTES else ""
            yield (4, name, known) if known else (1, name, "object")
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple(elts=[first, second])):
            yield 5, name, "matrix"
            yield from ((1, n.id, "int") for n in (first, second) if isinstance(n, ast.Name))
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Compare() as test):
            yield 3, name, "array"
            yield from _masking(test)
        case ast.Subscript(value=value, slice=index):
            if isinstance(value, ast.Name):
                yield 2, value.id, "list"
            if isinstance(index, ast.Name):
                yield 1, index.id, "int"
        case ast.For(iter=ast.Name(id=name)) | ast.comprehension(iter=ast.Name(id=name)):
            yield 2, name, "list"
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np" | "numpy"), attr=function), args=[first, *_]):
            if isinstance(first, ast.Name):
                yield 4, first.id, "array"
            elif function == "where":
                yield from _masking(first)
        case ast.Call(func=ast.Name(id=taker), args=[ast.Name(id=name), *_]) if taker in _SEQUENCE_TAKERS:
            yield 2, name, "list"


def _masking(test: ast.expr) -> Iterator[tuple[int, str, str]]:
    """A comparison that picks entries compares an array."""
    if isinstance(test, ast.Compare) and isinstance(test.left, ast.Name):
        yield 3, test.left.id, "array"
