"""Bugs in what things are called: another variable of the same scope, arguments in another order."""

import ast
from collections.abc import Iterator
from itertools import pairwise

from shoal.labs.selfimprove._bug_rules import Found, one
from shoal.labs.selfimprove._bug_text import Function, Source

__all__ = ["other_attributes", "other_keys", "other_names", "swapped_arguments", "swapped_operands", "swapped_parts"]

_EVEN = frozenset({"min", "max", "gcd", "lcm", "isinstance", "range", "slice", "zip", "hasattr", "getattr", "print"})
_KNOWN_CALLS = {
    **dict.fromkeys(("len", "int", "ord", "find", "index", "count"), "int"),
    **dict.fromkeys(("str", "join", "strip", "lower", "upper", "replace", "chr"), "str"),
    **dict.fromkeys(("list", "sorted", "split", "splitlines"), "list"),
    **dict.fromkeys(("dict", "Counter", "defaultdict"), "dict"),
    **dict.fromkeys(("set", "frozenset"), "set"),
    **dict.fromkeys(("any", "all", "startswith", "endswith", "isinstance"), "bool"),
}
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LITERALS: dict[type[ast.expr] | type[None], str] = {
    ast.List: "list",
    ast.ListComp: "list",
    ast.Dict: "dict",
    ast.DictComp: "dict",
    ast.Set: "set",
    ast.SetComp: "set",
    ast.JoinedStr: "str",
    ast.Compare: "bool",
    ast.Tuple: "tuple",
}


def _kind(node: ast.expr | None) -> str:
    """A word for what an expression holds; empty where it cannot be told."""
    match node:
        case ast.Constant(value=value) if value is not None:
            return type(value).__name__
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return _KNOWN_CALLS.get(name, "")
        case ast.BinOp(left=left, right=right):
            return _kind(left) or _kind(right)
    return _LITERALS.get(type(node), "")


def _annotated(node: ast.expr | None) -> str:
    match node:
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
            return name
    return ""


def _bound(source: Source, function: Function) -> dict[str, tuple[str, int]]:
    """Each parameter and local variable: what it holds, as a word or "", and the line that binds it first."""
    found: dict[str, tuple[str, int]] = {}
    arguments = function.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        if argument.arg not in ("self", "cls"):
            found[argument.arg] = _annotated(argument.annotation), function.lineno
    for node in source.nodes:
        if (
            not isinstance(node, ast.Name)
            or not isinstance(node.ctx, ast.Store)
            or source.function(node) is not function
        ):
            continue
        kind = ""
        match source.parent(node):
            case ast.comprehension():
                continue
            case ast.AnnAssign(annotation=annotation):
                kind = _annotated(annotation)
            case ast.Assign(value=value) | ast.NamedExpr(value=value):
                kind = _kind(value)
            case ast.For(iter=ast.Call(func=ast.Name(id="range"))):
                kind = "int"
        before, line = found.get(node.id, ("", node.lineno))
        found[node.id] = before or kind, min(line, node.lineno)
    uses = dict(_used(source, function))
    return {name: (kind or uses.get(name, ""), line) for name, (kind, line) in found.items() if name[0] != "_"}


def _used(source: Source, function: Function) -> Iterator[tuple[str, str]]:
    """What names seem to hold, by what is done with them."""
    for node in source.nodes:
        if source.function(node) is function:
            match node:
                case ast.Subscript(value=ast.Name(id=name)) | ast.For(iter=ast.Name(id=name)):
                    yield name, "list"
                case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]):
                    yield name, "list"
                case ast.BinOp(left=ast.Name(id=name), right=ast.Constant(value=int())):
                    yield name, "int"
                case ast.AugAssign(target=ast.Name(id=name), value=ast.Constant(value=int())):
                    yield name, "int"


def other_names(source: Source) -> Found:
    """A variable where another one is meant: bound before in the same function, and of a type that may be the same."""
    bound: dict[Function, dict[str, tuple[str, int]]] = {}
    for node in source.nodes:
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
            continue
        function = source.function(node)
        # A default is evaluated in another scope than the function's.
        if function is None or any(isinstance(around, ast.arguments) for around in source.around(node)):
            continue
        if function not in bound:
            bound[function] = _bound(source, function)
        here = bound[function] | _loose(source, node)
        if node.id not in here:
            continue
        kind, _ = here[node.id]
        for name, (other, line) in here.items():
            if name != node.id and line < node.lineno and _similar(kind, other):
                yield from one(source.replace(node, name), f"{name} in place of {node.id}")


def _similar(kind: str, other: str) -> bool:
    return kind == other or not kind or not other or {kind, other} < {"int", "float", "bool"}


def _loose(source: Source, node: ast.AST) -> dict[str, tuple[str, int]]:
    """Names that comprehensions around a node bind; what they go over is evaluated outside of them."""
    names: set[str] = set()
    outside = False
    for around in (node, *source.around(node)):
        if isinstance(around, _COMPREHENSIONS) and not outside:
            targets = [part for one in around.generators for part in ast.walk(one.target)]
            names |= {part.id for part in targets if isinstance(part, ast.Name) and part.id[0] != "_"}
        outside = source.field(around) == "iter" or (outside and isinstance(around, ast.comprehension))
    return dict.fromkeys(sorted(names), ("", 0))


def other_attributes(source: Source) -> Found:
    """`self.a` where `self.b` is meant, of a similar kind: both called, or both not."""
    homes: dict[ast.ClassDef, list[ast.Attribute]] = {}
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
            home = next((one for one in source.around(node) if isinstance(one, ast.ClassDef)), None)
            if home is not None:
                homes.setdefault(home, []).append(node)
    for nodes in homes.values():
        called = {node.attr for node in nodes if source.field(node) == "func"}
        names = sorted({node.attr for node in nodes})
        for node in nodes:
            for name in names:
                if isinstance(node.ctx, ast.Load) and name != node.attr and (name in called) == (node.attr in called):
                    end = source.span(node)[1]
                    yield from one((end - len(node.attr), end, name), f"self.{name} in place of self.{node.attr}")


def other_keys(source: Source) -> Found:
    """A key of text where another key of the same file is meant."""
    nodes = [node for node in source.nodes if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)]
    keys = [node.slice for node in nodes if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)]
    texts = sorted({source.text(key) for key in keys})
    for key in keys:
        for text in texts:
            if text != source.text(key):
                yield from one(source.replace(key, text), f"{text} in place of {source.text(key)}")


def swapped_arguments(source: Source) -> Found:
    """Two arguments of a call in the wrong order."""
    for node in source.nodes:
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[_, _, *_] as arguments):
                if name not in _EVEN or (name == "range" and len(arguments) == 2):
                    yield from _neighbours(source, arguments, f"arguments of {name} swapped")


def _neighbours(source: Source, nodes: list[ast.expr], note: str) -> Found:
    for left, right in pairwise(nodes):
        starred = isinstance(left, ast.Starred) or isinstance(right, ast.Starred)
        fixed = isinstance(left, ast.Constant) and isinstance(right, ast.Constant)
        if not starred and not fixed and source.text(left) != source.text(right):
            yield (source.replace(left, source.text(right)), source.replace(right, source.text(left))), note


def swapped_operands(source: Source) -> Found:
    """`b - a` for `a - b`, and other operators whose sides differ."""
    for node in source.nodes:
        match node:
            case ast.BinOp(left=left, op=ast.Sub() | ast.Div() | ast.FloorDiv() | ast.Mod() | ast.Pow(), right=right):
                if isinstance(left, ast.JoinedStr) or (isinstance(left, ast.Constant) and isinstance(left.value, str)):
                    continue
                yield from _exchanged(source, left, right, "operands swapped")
            case ast.BinOp(left=left, op=ast.Add(), right=right) if "str" in (_kind(left), _kind(right)):
                yield from _exchanged(source, left, right, "joined the wrong way round")
            case ast.Slice(lower=ast.expr() as lower, upper=ast.expr() as upper, step=None):
                yield from _exchanged(source, lower, upper, "ends of a slice swapped")


def _exchanged(source: Source, left: ast.expr, right: ast.expr, note: str) -> Found:
    mine, other = source.wide(left), source.wide(right)
    first, second = source.text(left, wide=True), source.text(right, wide=True)
    if isinstance(left, ast.BinOp) and not first.startswith("("):
        first = f"({first})"
    if first != second:
        yield ((*mine, second), (*other, first)), note


def swapped_parts(source: Source) -> Found:
    """Parts of a tuple, of what is unpacked, or of a pair of key and value in the wrong order."""
    for node in source.nodes:
        match node:
            case ast.Tuple(elts=[_, _, *_] as parts) if not isinstance(source.parent(node), ast.Assign):
                yield from _neighbours(source, parts, "parts of a tuple swapped")
            case ast.DictComp(key=key, value=value):
                yield from _neighbours(source, [key, value], "key and value swapped")
            case ast.IfExp(body=body, orelse=other):
                yield from _neighbours(source, [body, other], "the two cases swapped")
