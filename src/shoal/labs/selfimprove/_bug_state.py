"""Bugs in what is kept: state that leaks from one call or round into the next, wrong beginnings."""

import ast
import re

from shoal.labs.selfimprove._bug_rules import Found, one
from shoal.labs.selfimprove._bug_text import Function, Source, Splice, whole

__all__ = [
    "beginnings",
    "classwide",
    "constants",
    "copies_left_out",
    "defaults",
    "fallbacks",
    "mutable_defaults",
    "outside_the_loop",
    "resets_left_out",
    "returned",
    "shared_rows",
]

_EMPTY_CALLS = ("set", "dict", "list", "deque", "Counter", "defaultdict")
_COPIES = ("list", "dict", "set", "deepcopy", "copy")


def _is_empty(node: ast.expr | None) -> bool:
    """Whether it makes an empty collection that can be filled."""
    match node:
        case ast.List(elts=[]) | ast.Dict(keys=[]):
            return True
        case ast.Call(func=ast.Name(id=name), args=args):
            return name in _EMPTY_CALLS and (not args or name == "defaultdict")
    return False


def _is_fresh(node: ast.expr | None) -> bool:
    """Whether it is a value to begin with: an empty collection or text, a number, a truth value, None."""
    if isinstance(node, ast.Constant):
        return not isinstance(node.value, str) or not node.value
    return _is_empty(node) or whole(node) is not None


def _assigned(node: ast.AST) -> tuple[ast.expr, ast.expr] | None:
    """Target and value of an assignment of one thing."""
    match node:
        case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
            return target, value
    return None


def mutable_defaults(source: Source) -> Found:
    """A collection that a function begins with becomes a default argument: it lives on from call to call."""
    for node in source.nodes:
        pair = _assigned(node)
        if pair is None or not isinstance(node, ast.stmt) or not isinstance(pair[0], ast.Name):
            continue
        function = source.parent(node)
        if isinstance(function, Function) and _is_empty(pair[1]):
            place = _last_parameter(source, function)
            dropped = source.without(node)
            if place is not None and dropped:
                text = f"{source.text(pair[0])}={source.text(pair[1])}"
                yield (_parameter(source, place, text), dropped), f"{source.text(pair[0])} lives on from call to call"


def _last_parameter(source: Source, function: Function) -> int | None:
    """Where a parameter with a default can be added; None where that is not simple."""
    arguments = function.args
    if arguments.vararg or arguments.kwarg or arguments.kwonlyargs:
        return None
    last = [*arguments.posonlyargs, *arguments.args, *arguments.defaults]
    if last:
        return max(source.span(one)[1] for one in last)
    opened = re.compile(rb"def\s+\w+\s*\(").search(source.data, source.span(function)[0])
    return opened.end() if opened else None


def _parameter(source: Source, place: int, text: str) -> Splice:
    first = source.data[:place].endswith(b"(")
    return place, place, text if first else f", {text}"


def classwide(source: Source) -> Found:
    """A collection that every object makes for itself becomes one that all objects of the class share."""
    for node in source.nodes:
        pair = _assigned(node)
        if pair is None or not isinstance(node, ast.stmt) or not _is_empty(pair[1]):
            continue
        function = source.parent(node)
        dropped = source.without(node)
        if (
            isinstance(pair[0], ast.Attribute)
            and isinstance(function, ast.FunctionDef)
            and function.name == "__init__"
            and not function.decorator_list
            and dropped
        ):
            start = source.span(function)[0]
            text = f"{pair[0].attr} = {source.text(pair[1])}\n\n{source.indent(function)}"
            yield ((start, start, text), dropped), f"all objects share {pair[0].attr}"


def outside_the_loop(source: Source) -> Found:
    """What each round of a loop begins with is set once, before the loop."""
    for node in source.nodes:
        pair = _assigned(node)
        loop = source.parent(node)
        if pair is None or not isinstance(node, ast.stmt) or not isinstance(loop, ast.For | ast.While):
            continue
        dropped, there = source.without(node), source.lines(loop, loop)
        if isinstance(pair[0], ast.Name) and _is_fresh(pair[1]) and dropped and there:
            text = f"{source.indent(loop)}{source.text(node)}\n"
            yield ((there[0], there[0], text), dropped), f"{pair[0].id} is set once, before the loop"


def resets_left_out(source: Source) -> Found:
    """A variable or attribute that is not set back to what it began with."""
    bound: set[tuple[Function | None, str]] = set()
    for node in source.nodes:
        pair = _assigned(node)
        if pair is not None and isinstance(node, ast.stmt) and isinstance(pair[0], ast.Name | ast.Attribute):
            function = source.function(node)
            key = function, source.text(pair[0])
            begun = function is not None and (
                key in bound or (isinstance(pair[0], ast.Attribute) and function.name != "__init__")
            )
            if begun and _is_fresh(pair[1]):
                yield from one(source.without(node), f"{key[1]} is not set back")
            if begun and _is_empty(pair[1]):
                yield from one(source.replace(node, f"{key[1]}.clear()"), f"{key[1]} is emptied where others hold it")
            bound.add(key)
        match node:
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="clear"))):
                yield from one(source.without(node), "not cleared")


def copies_left_out(source: Source) -> Found:
    """What should be copied is shared."""
    for node in source.nodes:
        match node:
            case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]) if name in _COPIES:
                if isinstance(inner, ast.Name | ast.Attribute | ast.Subscript):
                    yield from one(source.replace(node, source.text(inner)), f"{name} left out")
            case ast.Call(func=ast.Attribute(value=inner, attr="copy"), args=[]):
                yield from one(source.replace(node, source.text(inner, wide=True)), "copy left out")
            case ast.List(elts=[ast.Starred(value=inner)]) | ast.Dict(keys=[None], values=[inner]):
                yield from one(source.replace(node, source.text(inner)), "a copy left out")
            case ast.Subscript(value=inner, slice=ast.Slice(lower=None, upper=None, step=None)):
                yield from one(source.replace(node, source.text(inner, wide=True)), "a copy left out")
            case ast.ListComp(elt=ast.Call(func=ast.Name(id="list"), args=[inner])):
                yield from one(source.replace(node.elt, source.text(inner)), "list left out")


def shared_rows(source: Source) -> Found:
    """Rows, or values of keys, that should be separate are one and the same."""
    for node in source.nodes:
        match node:
            case ast.ListComp(
                elt=ast.List() | ast.ListComp() | ast.BinOp(left=ast.List()) | ast.Dict() | ast.Call() as row,
                generators=[ast.comprehension(iter=ast.Call(func=ast.Name(id="range"), args=[count]), ifs=[]) as part],
            ) if not isinstance(row, ast.Call) or _is_empty(row):
                bound = {name.id for name in ast.walk(part.target) if isinstance(name, ast.Name)}
                if not any(isinstance(name, ast.Name) and name.id in bound for name in ast.walk(row)):
                    text = f"[{source.text(row)}] * ({source.text(count)})"
                    yield from one(source.replace(node, text), "all rows are one")
            case ast.DictComp(key=key, value=value, generators=[ast.comprehension(target=target, iter=keys, ifs=[])]):
                if _is_empty(value) and source.text(key) == source.text(target):
                    text = f"dict.fromkeys({source.text(keys)}, {source.text(value)})"
                    yield from one(source.replace(node, text), "all keys have one value")


def _wrong(node: ast.expr) -> list[str]:
    """Other values that someone might begin with, or fall back on."""
    value = whole(node)
    if value is not None:
        return [str(value - 1), str(value + 1)]
    match node:
        case ast.Constant(value=bool() as truth):
            return [repr(not truth)]
        case ast.Constant(value=None):
            return ["0", "[]"]
        case ast.Constant(value=""):
            return ['" "']
        case ast.Constant(value=str() as text) if len(text) == 1:
            return ['""', '" "' if text != " " else '","']
        case ast.Constant(value=float() as number):
            return [repr(number * 10), repr(number + 1)]
        case ast.Call(func=ast.Name(id="float")):  # an infinity, most likely
            return ["0"]
    return []


def _each(source: Source, node: ast.expr, note: str) -> Found:
    for text in _wrong(node):
        yield from one(source.replace(node, text), f"{note} {text}, not {source.text(node)}")


def defaults(source: Source) -> Found:
    """Another default of a parameter."""
    for node in source.nodes:
        if isinstance(node, ast.arguments):
            for default in (*node.defaults, *node.kw_defaults):
                if default is not None:
                    yield from _each(source, default, "by default")


def beginnings(source: Source) -> Found:
    """Another value that a variable begins with."""
    for node in source.nodes:
        pair = _assigned(node)
        if pair is not None and source.function(node) is not None:
            yield from _each(source, pair[1], f"{source.text(pair[0])} begins as")


def constants(source: Source) -> Found:
    """Another value of a constant of the module, or of a factor in a formula."""
    for node in source.nodes:
        pair = _assigned(node)
        if pair is not None and isinstance(source.parent(node), ast.Module | ast.ClassDef):
            yield from _each(source, pair[1], f"{source.text(pair[0])} is")
        match node:
            case ast.BinOp(op=ast.Mult() | ast.Div() | ast.FloorDiv() | ast.Mod(), right=right):
                yield from _each(source, right, "a factor is")


def fallbacks(source: Source) -> Found:
    """Another value where a key is missing, or nothing is there."""
    for node in source.nodes:
        match node:
            case ast.Call(func=ast.Attribute(attr="get" | "pop" | "setdefault" as name), args=[_, default]):
                yield from _each(source, default, f"{name} falls back on")
                if name == "get":
                    start, end = source.span(node.args[0])[1], source.span(default)[1]
                    yield from one((start, end, ""), "get falls back on None")
            case ast.Call(func=ast.Name(id="sum"), args=[_, start]):
                yield from _each(source, start, "the sum begins at")
            case ast.keyword(arg="default" | "start" as name, value=value):
                yield from _each(source, value, f"{name} is")
            case ast.BoolOp(op=ast.Or(), values=[*_, last]):
                yield from _each(source, last, "or else")


def returned(source: Source) -> Found:
    """Another value that is returned early."""
    for node in source.nodes:
        if isinstance(node, ast.Return) and node.value is not None:
            yield from _each(source, node.value, "returns")
