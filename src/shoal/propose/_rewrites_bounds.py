"""Rewrites of loops over whole numbers: how far they go, and sums of products that they add up."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import movable, span, step_of, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_loops import sum_head, sums
from shoal.propose._rewrites_parts import TURNED, Rewrite, bracketed, expressions, loops, place_of
from shoal.propose._rewrites_pure import changed, is_pure
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]


class Linear(NamedTuple):
    """An expression that is ``index + rest``, or ``rest - index`` where ``sign`` is -1; "" for no rest."""

    sign: int
    rest: str


def _linear(program: Program, node: ast.expr, index: str) -> Linear | None:
    """An expression as the index and a rest without it; None where it is nothing of the kind."""
    match node:
        case ast.Name(id=name) if name == index:
            return Linear(1, "")
        case ast.BinOp(left=ast.Name(id=name), op=ast.Add(), right=rest) if name == index:
            sign = 1
        case ast.BinOp(left=rest, op=ast.Add(), right=ast.Name(id=name)) if name == index:
            sign = 1
        case ast.BinOp(left=rest, op=ast.Sub(), right=ast.Name(id=name)) if name == index:
            sign = -1
        case ast.BinOp(left=ast.Name(id=name), op=ast.Sub(), right=rest) if name == index:
            plain = index not in used(rest) and is_pure(program, rest)
            return Linear(1, f"-{bracketed(program, rest)}") if plain else None
        case _:
            return None
    return Linear(sign, bracketed(program, rest)) if index not in used(rest) and is_pure(program, rest) else None


# -- a test of the index as a bound of the loop -----------------------------------------------------------------------


class Bound(NamedTuple):
    """What a test says of an index: it is below ``limit``, or ``least`` that at the least."""

    limit: str
    least: bool


def bounded_range(draft: Draft) -> Change | None:
    """A loop over numbers that does nothing for the first or last of them leaves these out."""
    return draft.pick([*_bounded_loops(draft.program), *_bounded_parts(draft.program)])


def _bounded_loops(program: Program) -> Iterator[Change]:
    """`for j in range(n): if j <= i: ...`, where nothing else is in the loop."""
    for place in loops(program):
        match place.statement:
            case ast.For(target=ast.Name(id=index), iter=iterated, body=[ast.If(orelse=[]) as test]) as loop:
                bound, inner = _bound(program, test.test, index), place_of(program, test)
                span_of = _range(iterated)
                changes = changed(program, loop) & (used(test.test) - {index} | used(iterated))
                line = program.source.splitlines()[test.lineno - 1]  # of the test alone, with no comment on it
                apart = (
                    inner is not None and movable(inner) and line.endswith(":") and test.lineno == test.test.end_lineno
                )
                if bound is None or span_of is None or changes or not apart:
                    continue
                rewrite = Rewrite(program)
                rewrite.replace(iterated, _narrowed(program, span_of, bound))
                start, end = span(program, test)
                body, step = program.starts[test.lineno], len(step_of(place.block).encode())
                rewrite.cut(start, body)
                for at in program.starts:
                    if body <= at < end and program.data[at : at + step].isspace():
                        rewrite.cut(at, at + step)
                yield rewrite.change(f"{index} only where it counts (line {loop.lineno})")


def _bounded_parts(program: Program) -> Iterator[Change]:
    """`[... for j in range(n) if j <= i]`."""
    for site in expressions(program):
        for generator in getattr(site.node, "generators", ()):
            span_of = _range(generator.iter)
            if not isinstance(generator.target, ast.Name) or span_of is None:
                continue
            before: ast.expr = generator.iter
            for test in generator.ifs:
                bound = _bound(program, test, generator.target.id)
                if bound is not None:
                    rewrite = Rewrite(program)
                    rewrite.replace(generator.iter, _narrowed(program, span_of, bound))
                    rewrite.cut(program.end(before), program.end(test))
                    yield rewrite.change(f"{generator.target.id} only where it counts (line {test.lineno})")
                before = test


def _range(node: ast.expr) -> tuple[ast.expr | None, ast.expr] | None:
    """Start and stop of a range that goes up by one."""
    match node:
        case ast.Call(func=ast.Name(id="range"), args=[stop], keywords=[]):
            return None, stop
        case ast.Call(func=ast.Name(id="range"), args=[start, stop], keywords=[]):
            return start, stop
    return None


def _narrowed(program: Program, span_of: tuple[ast.expr | None, ast.expr], bound: Bound) -> str:
    start, stop = span_of
    first, last = program.text(start) if start is not None else "", program.text(stop)
    if bound.least and first in ("", "0") and bound.limit.isdigit():
        return f"range({bound.limit}, {last})"
    if bound.least:
        return f"range(max({first or '0'}, {bound.limit}), {last})"
    return f"range({first}{', ' if first else ''}min({last}, {bound.limit}))"


def _bound(program: Program, test: ast.expr, index: str) -> Bound | None:
    """What a comparison says of the index, if that is all it says."""
    match test:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in TURNED:
            sides = [(left, type(op), right), (right, TURNED[type(op)], left)]
        case _:
            return None
    for mine, way, other in sides:
        linear = _linear(program, mine, index)
        if linear is None or index in used(other) or not is_pure(program, other):
            continue
        far = "" if isinstance(other, ast.Constant) and other.value == 0 else bracketed(program, other)
        against = TURNED[way] if linear.sign < 0 else way
        limit = _difference(linear.rest, far) if linear.sign < 0 else _difference(far or "0", linear.rest)
        # j <= e is j < e + 1, and j > e is e + 1 <= j.
        return Bound(_next(limit) if against in (ast.LtE, ast.Gt) else limit, against in (ast.Gt, ast.GtE))
    return None


def _next(text: str) -> str:
    """One more, where that can be said more shortly than by adding it."""
    if text.isdigit():
        return str(int(text) + 1)
    return text.removesuffix(" - 1") if text.endswith(" - 1") else f"{text} + 1"


def _difference(one: str, other: str) -> str:
    if one == other:
        return "0"
    if other.startswith("-"):
        return f"{one} + {other[1:]}"
    return f"{one} - {other}" if other else one


# -- sums of products ---------------------------------------------------------------------------------------------


def products(draft: Draft) -> Change | None:
    """A sum of products of two lists' things, one by one, is added up without a step of Python's own for each."""
    return draft.pick([*_products(draft.program), *_product_loops(draft)])


def _product_loops(draft: Draft) -> Iterator[Change]:
    """The same for a loop that adds them up: a sum of its own in between would be slower than the loop."""
    program = draft.program
    for place, loop, last in sums(draft):
        factors = _factors(program, last.value, loop.target, loop.iter)
        if factors is not None:
            rewrite = Rewrite(program)
            operator = rewrite.module(place.block, "operator")
            head = sum_head(rewrite, place, last)
            rewrite.within(place, f"{head}sum(map({operator}.mul, {factors[0]}, {factors[1]}))")
            yield rewrite.change(f"{shown(program.text(last))} by a map (line {loop.lineno})")


def _products(program: Program) -> Iterator[Change]:
    for site in expressions(program):
        match site.node:
            case ast.Call(
                func=ast.Name(id="sum"),
                args=[ast.ListComp() | ast.GeneratorExp() as made],
                keywords=[],
            ):
                only = made.generators[0] if len(made.generators) == 1 and not made.generators[0].ifs else None
                factors = _factors(program, made.elt, only.target, only.iter) if only is not None else None
                if factors is not None:
                    rewrite = Rewrite(program)
                    operator = rewrite.module(site.block, "operator")
                    rewrite.replace(site.node, f"sum(map({operator}.mul, {factors[0]}, {factors[1]}))")
                    yield rewrite.change(f"{shown(program.text(site.node))} by a map (line {site.node.lineno})")


def _factors(program: Program, element: ast.expr, target: ast.expr, iterated: ast.expr) -> tuple[str, str] | None:
    """What is multiplied with what, each as one thing to go through; ``target`` goes through ``iterated``."""
    if not isinstance(element, ast.BinOp) or not isinstance(element.op, ast.Mult):
        return None
    left, right = element.left, element.right
    match target, iterated:
        case (
            ast.Tuple(elts=[ast.Name(id=one), ast.Name(id=two)]),
            ast.Call(func=ast.Name(id="zip"), args=[first, second], keywords=[]),
        ) if one != two:
            names = [left.id, right.id] if isinstance(left, ast.Name) and isinstance(right, ast.Name) else []
            pair = program.text(first), program.text(second)
            return pair if names == [one, two] else (pair[1], pair[0]) if names == [two, one] else None
        case ast.Name(id=index), _:
            span_of = _range(iterated)
            if span_of is None:
                return None
            parts = [_part(program, factor, index, span_of) for factor in (left, right)]
            if parts[0] is not None and parts[1] is not None:
                return _without_copy(parts[0], parts[1])
    return None


def _without_copy(one: str, other: str) -> tuple[str, str]:
    """Two parts of one length, where one of them, from the beginning on, is not cut: `map` ends with the shorter."""
    for text, beside in ((other, one), (one, other)):
        list_name, _, end = text.partition("[:")
        if list_name.isidentifier() and end.endswith("]") and end.count("[") == end.count("]") - 1:
            return (beside, list_name) if text is other else (list_name, beside)
    return one, other


def _part(program: Program, factor: ast.expr, index: str, span_of: tuple[ast.expr | None, ast.expr]) -> str | None:
    """The part of a list that an index runs through, in that order."""
    match factor:
        case ast.Subscript(value=values, slice=place) if is_pure(program, values) and index not in used(values):
            linear = _linear(program, place, index)
        case _:
            return None
    if linear is None:
        return None
    start, stop = span_of
    text = bracketed(program, values)
    first = bracketed(program, start) if start is not None and ast.unparse(start) != "0" else ""
    last = bracketed(program, stop)
    if linear.sign < 0:
        whole = program.text(stop) == f"{linear.rest} + 1"  # from the very first on
        low = "0" if whole else _next(_difference(linear.rest, last))
        return f"{text}[{low}:{_next(_difference(linear.rest, first))}][::-1]"
    if linear.rest.startswith("-"):
        less = linear.rest[1:]
        return f"{text}[{_difference(first, less)}:{_difference(last, less)}]" if first else None
    if not linear.rest:
        all_of_it = not first and program.text(stop) == f"len({program.text(values)})"
        return text if all_of_it else f"{text}[{first}:{program.text(stop)}]"
    more = f" + {first}" if first else ""
    return f"{text}[{linear.rest}{more}:{linear.rest} + {last}]"


OPERATORS = (
    Operator("bounded_range", "rewrites", bounded_range),
    Operator("products", "rewrites", products),
)
