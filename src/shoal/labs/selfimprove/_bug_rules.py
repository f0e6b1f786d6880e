"""Bugs in what is computed and when: limits, operators, forgotten cases, places one off."""

import ast
from collections.abc import Iterator

from shoal.labs.selfimprove._bug_text import Source, Splice, whole

__all__ = [
    "compared",
    "conditions_left_out",
    "constants_off",
    "counted_from",
    "ends_of_ranges",
    "ends_of_slices",
    "filters_left_out",
    "indices_off",
    "leaves_left_out",
    "methods",
    "negated",
    "operators",
    "statements_left_out",
    "steps_off",
    "wrappers_left_out",
]

Found = Iterator[tuple[tuple[Splice, ...], str]]  # splices, and a note

_LIMITS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
}
_NEGATED: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Lt: ("<", ">"),
    ast.Gt: (">", "<"),
    ast.LtE: ("<=", ">="),
    ast.GtE: (">=", "<="),
}
_ARITHMETIC: dict[type[ast.operator], tuple[str, tuple[str, ...]]] = {
    ast.Add: ("+", ("-",)),
    ast.Sub: ("-", ("+",)),
    ast.Mult: ("*", ("+",)),
    ast.FloorDiv: ("//", ("/", "%")),
    ast.Div: ("/", ("//",)),
    ast.Mod: ("%", ("//",)),
    ast.Pow: ("**", ("*",)),
    ast.BitAnd: ("&", ("|",)),
    ast.BitOr: ("|", ("&",)),
    ast.BitXor: ("^", ("|",)),
    ast.LShift: ("<<", (">>",)),
    ast.RShift: (">>", ("<<",)),
}
_TWINS = {
    **{one: other for a, b in (("min", "max"), ("any", "all"), ("floor", "ceil")) for one, other in ((a, b), (b, a))},
    "startswith": "endswith",
    "endswith": "startswith",
    "find": "rfind",
    "rfind": "find",
    "lstrip": "rstrip",
    "rstrip": "lstrip",
    "split": "rsplit",
    "rsplit": "split",
    "partition": "rpartition",
    "rpartition": "partition",
    "append": "extend",
    "extend": "append",
    "union": "intersection",
    "bisect_left": "bisect_right",
    "bisect_right": "bisect_left",
    "round": "int",
    "isdigit": "isalnum",
    "isalpha": "isalnum",
    "keys": "values",
}
_WRAPPERS = ("abs", "sorted", "set", "int", "reversed")
_CLEANERS = ("strip", "lower", "upper", "lstrip", "rstrip", "casefold")


def one(splice: Splice | None, note: str) -> Found:
    """A change in one place, where the place was found."""
    if splice is not None:
        yield (splice,), note


def compared(source: Source) -> Found:
    """`<` for `<=`, and the other way round."""
    for left, op, right in _comparisons(source):
        if type(op) in _LIMITS:
            old, new = _LIMITS[type(op)]
            yield from one(source.between(left, right, old, new), f"{old} became {new}")


def _comparisons(source: Source) -> Iterator[tuple[ast.expr, ast.cmpop, ast.expr]]:
    for node in source.nodes:
        if isinstance(node, ast.Compare):
            yield from zip((node.left, *node.comparators), node.ops, node.comparators, strict=False)


def ends_of_ranges(source: Source) -> Found:
    """A range that ends, or begins, one early or late."""
    for node in source.nodes:
        match node:
            case ast.Call(func=ast.Name(id="range"), args=[stop]):
                for by in (-1, 1):
                    yield from one(source.replace(stop, source.shifted(stop, by)), f"the range ends {by:+d}")
                yield from one(source.replace(stop, f"1, {source.text(stop)}"), "the range begins at 1")
            case ast.Call(func=ast.Name(id="range"), args=[start, stop, *_]):
                for name, part in (("begins", start), ("ends", stop)):
                    for by in (-1, 1):
                        yield from one(source.replace(part, source.shifted(part, by)), f"the range {name} {by:+d}")


def ends_of_slices(source: Source) -> Found:
    """A slice that begins or ends one early or late."""
    for node in source.nodes:
        if isinstance(node, ast.Slice):
            for name, part in (("begins", node.lower), ("ends", node.upper)):
                for by in (-1, 1):
                    if part is not None:
                        yield from one(source.replace(part, source.shifted(part, by)), f"the slice {name} {by:+d}")


def operators(source: Source) -> Found:
    """Another operator of arithmetic; `and` for `or`; a comparison turned round."""
    for node in source.nodes:
        match node:
            case ast.BinOp(left=left, op=op, right=right) if not _is_text(left) and not _is_text(right):
                old, others = _ARITHMETIC.get(type(op), ("", ()))
                for new in others:
                    yield from one(source.between(left, right, old, new), f"{old} became {new}")
            case ast.AugAssign(target=target, op=op, value=value) if not _is_text(value):
                old, others = _ARITHMETIC.get(type(op), ("", ()))
                for new in others:
                    yield from one(source.between(target, value, f"{old}=", f"{new}="), f"{old}= became {new}=")
            case ast.BoolOp(op=op, values=[left, right]):
                old, new = ("and", "or") if isinstance(op, ast.And) else ("or", "and")
                yield from one(source.between(left, right, old, new), f"{old} became {new}")
    for left, order, right in _comparisons(source):
        if type(order) in _NEGATED:
            old, new = _NEGATED[type(order)]
            yield from one(source.between(left, right, old, new), f"{old} became {new}")


def _is_text(node: ast.expr) -> bool:
    """Whether it is text or a collection, which have no other operator."""
    return isinstance(node, ast.JoinedStr | ast.List | ast.ListComp | ast.Tuple) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def negated(source: Source) -> Found:
    """`not` left out, a test of membership or identity turned round, an order turned round."""
    for node in source.nodes:
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield from one(source.replace(node, source.text(operand, wide=True)), "not left out")
            case ast.Compare(left=left, ops=[ast.In()], comparators=[right]):
                yield from one(source.between(left, right, "in", "not in"), "in became not in")
            case ast.keyword(arg="reverse", value=ast.Constant(value=bool() as value) as constant):
                yield from one(source.replace(constant, repr(not value)), "the order turned round")


def methods(source: Source) -> Found:
    """The function that is its twin: `min` for `max`, `rfind` for `find`, `pop(0)` for `pop()`."""
    for node in source.nodes:
        match node:
            case ast.Call(func=ast.Name(id=name) as func) if name in _TWINS:
                yield from one(source.replace(func, _TWINS[name]), f"{name} became {_TWINS[name]}")
            case ast.Call(func=ast.Attribute(attr="pop") as func, args=[]):
                yield from one((source.span(func)[1], source.span(node)[1], "(0)"), "pop() became pop(0)")
            case ast.Call(func=ast.Attribute(attr="pop") as func, args=[ast.Constant(value=0)]):
                yield from one((source.span(func)[1], source.span(node)[1], "()"), "pop(0) became pop()")
            case ast.Call(func=ast.Attribute(attr=name) as func) if name in _TWINS:
                end = source.span(func)[1]
                yield from one((end - len(name), end, _TWINS[name]), f"{name} became {_TWINS[name]}")


def statements_left_out(source: Source) -> Found:
    """A guard, an `elif`, a `continue` or a `break` that is missing."""
    for node in source.nodes:
        match node:
            case ast.If(body=[*_, ast.Return() | ast.Raise() | ast.Continue() | ast.Break()], orelse=[]):
                if not _is_elif(source, node) and len(node.body) <= 3:
                    yield from one(source.without(node), "a guard left out")
            case ast.Continue() | ast.Break() if len(source.block(node)) > 1:
                yield from one(source.without(node), f"{source.text(node)} left out")
        if isinstance(node, ast.If) and _is_elif(source, node) and source.lines(node, node.body[-1]):
            begin, stop = source.lines(node, node.body[-1]) or (0, 0)
            yield from one((begin, stop, ""), "an elif left out")
        elif isinstance(node, ast.If) and node.orelse and _is_elif(source, node.orelse[0]):
            begin, stop = source.span(node)[0], source.span(node.orelse[0])[0]
            if source.text(node).startswith("if"):
                yield from one((begin, stop + 2, ""), "the first case left out")  # elif becomes if


def _is_elif(source: Source, node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and source.text(node).startswith("elif")


def conditions_left_out(source: Source) -> Found:
    """A part of a condition that is missing, one case of `... if ... else ...`, truth in place of `is None`."""
    for node in source.nodes:
        match node:
            case ast.BoolOp(values=values):
                for place in range(len(values)):
                    start, end = source.wide(values[place])
                    if place:
                        start = source.wide(values[place - 1])[1]
                    else:
                        end = source.wide(values[1])[0]
                    yield from one((start, end, ""), f"the condition {source.text(values[place])} left out")
            case ast.IfExp(body=body, orelse=other):
                for kept in (body, other):
                    yield from one(source.replace(node, source.text(kept, wide=True)), "one of two cases left out")
            case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot() as op], comparators=[ast.Constant(value=None)]):
                word = "not " if isinstance(op, ast.Is) else ""
                yield from one(source.replace(node, word + source.text(left, wide=True)), "empty counts as none")


def filters_left_out(source: Source) -> Found:
    """The `if` of a comprehension that is missing."""
    for node in source.nodes:
        if isinstance(node, ast.comprehension):
            before: ast.expr = node.iter
            for part in node.ifs:
                yield from one((source.wide(before)[1], source.wide(part)[1], ""), "a filter left out")
                before = part


def wrappers_left_out(source: Source) -> Found:
    """What brings a value into form left out: `abs`, `sorted`, `.strip()`, a limit by `min` or `max`."""
    for node in source.nodes:
        match node:
            case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]) if name in _WRAPPERS:
                if isinstance(inner, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
                    yield from one(source.replace(node, source.text(inner)), f"{name} left out")
            case ast.Call(func=ast.Attribute(value=inner, attr=name)) if name in _CLEANERS:
                yield from one(source.replace(node, source.text(inner, wide=True)), f"{name} left out")
            case ast.Call(func=ast.Name(id="min" | "max" as name), args=[left, right], keywords=[]):
                for kept in (left, right):
                    yield from one(source.replace(node, f"({source.text(kept)})"), f"the limit by {name} left out")


def leaves_left_out(source: Source) -> Found:
    """One statement of a branch or loop of several that changes something is missing."""
    for node in source.nodes:
        match node:
            case ast.AugAssign() | ast.Expr(value=ast.Call()) | ast.Assign(targets=[ast.Subscript()]):
                if isinstance(source.parent(node), ast.If | ast.For) and len(source.block(node)) > 1:
                    yield from one(source.without(node), f"left out: {source.text(node).splitlines()[0]}")


def indices_off(source: Source) -> Found:
    """A place next to the right one."""
    for node in source.nodes:
        match node:
            case ast.Subscript(slice=ast.Name() | ast.BinOp() | ast.Constant() | ast.UnaryOp() as index):
                if isinstance(index, ast.Constant | ast.UnaryOp) and whole(index) is None:
                    continue
                for by in (-1, 1):
                    yield from one(source.replace(index, source.shifted(index, by)), f"index {by:+d}")


def steps_off(source: Source) -> Found:
    """`+ 1` or `- 1` left out, or one too many; a length one off."""
    for node in source.nodes:
        match node:
            case ast.BinOp(op=ast.Add() | ast.Sub(), right=ast.Constant(value=int())):
                for by in (-1, 1):
                    yield from one(source.replace(node, source.shifted(node, by)), f"{by:+d} here")
            case ast.Call(func=ast.Name(id="len")) if isinstance(
                source.parent(node), ast.Compare | ast.Call | ast.Return | ast.Assign
            ):
                yield from one(source.replace(node, f"{source.text(node)} - 1"), "a length one short")
            case ast.AugAssign(op=ast.Add() | ast.Sub(), value=ast.Constant(value=1) as value):
                yield from one(source.replace(value, "2"), "a step of 2")


def constants_off(source: Source) -> Found:
    """A number that something is compared with, one off."""
    for left, _, right in _comparisons(source):
        for node in (left, right):
            value = whole(node)
            if value is not None:
                for by in (-1, 1):
                    yield from one(source.replace(node, str(value + by)), f"compared with {value + by}, not {value}")


def counted_from(source: Source) -> Found:
    """Counting from 0 in place of 1, or from 1 in place of 0."""
    for node in source.nodes:
        match node:
            case ast.Call(func=ast.Name(id="enumerate"), args=[inner]) if not node.keywords:
                end = source.span(inner)[1]
                yield from one((end, end, ", 1"), "counted from 1")
            case ast.Call(func=ast.Name(id="enumerate"), args=[_, start]) if whole(start) is not None:
                yield from one(source.replace(start, str((whole(start) or 0) - 1)), "counted from one less")
            case ast.Call(func=ast.Name(id="enumerate"), keywords=[ast.keyword(arg="start", value=start)]):
                yield from one(source.replace(start, source.shifted(start, -1)), "counted from one less")
