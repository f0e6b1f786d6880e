"""A rewrite of loops that add the same to each place of a stretch: only the ends of stretches are marked."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, step_of, used
from shoal.propose._rewrites_blocks import Side, plain_loop, shifted, takes_bounds
from shoal.propose._rewrites_parts import LOOPS, Rewrite, again, loops, read_later, uses
from shoal.propose._rewrites_pure import changed, is_pure
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]


class Stretch(NamedTuple):
    """A loop that adds the same to each place of a stretch of a list.

    Attributes:
        inner: the loop.
        outer: the widest loop around it that does nothing else with the list.
        name: of the list.
        side: from where to where the places go.
        value: what is added.
        less: whether it is taken away instead.
    """

    inner: Place
    outer: Place
    name: str
    side: Side
    value: ast.expr
    less: bool


def marked_ends(draft: Draft) -> Change | None:
    """What is added to a stretch of a list is marked at its first place, and taken back after its last.

    Sums of the marks, made once after the loop, are what each place gets.
    """
    program = draft.program
    stretch = draft.pick(list(_stretches(program)))
    rewrite, name, value = Rewrite(program), stretch.name, program.text(stretch.value)
    itertools, step = rewrite.module(stretch.outer.block, "itertools"), step_of(stretch.inner.block)
    marks, place, more = rewrite.name(f"{name}_marks"), rewrite.name("place"), rewrite.name("more")
    texts = stretch.side.ends()
    ends = [text if text.isidentifier() else rewrite.name(word) for word, text in zip(_ENDS, texts, strict=True)]
    plus, minus = ("-=", "+=") if stretch.less else ("+=", "-=")
    rewrite.before(stretch.outer, f"{marks} = [0] * (len({name}) + 1)")
    rewrite.within(
        stretch.inner,
        *(f"{end} = {text}" for end, text in zip(ends, texts, strict=True) if end != text),
        f"if {ends[0]} < {ends[1]}:",
        f"{step}{marks}[{ends[0]}] {plus} {value}",
        f"{step}{marks}[{ends[1]}] {minus} {value}",
    )
    rewrite.after(
        stretch.outer,
        f"for {place}, {more} in enumerate({itertools}.accumulate({marks}[:-1])):",
        f"{step}{name}[{place}] += {more}",
    )
    return rewrite.change(f"ends of stretches of {name} are marked (line {stretch.inner.statement.lineno})")


_ENDS = ("first", "end")


def _stretches(program: Program) -> Iterator[Stretch]:
    for inner in loops(program):
        loop = plain_loop(inner.statement)
        body: list[ast.stmt] = inner.statement.body  # type: ignore[attr-defined]
        tests: list[ast.expr] = []
        while len(body) == 1 and isinstance(body[0], ast.If) and not body[0].orelse:
            test = body[0].test
            tests += test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
            body = body[0].body
        told = _added(body[0]) if len(body) == 1 else None
        if loop is None or told is None:
            continue
        target, op, value = told
        assert isinstance(target.value, ast.Name)
        name, side = target.value.id, Side(*loop, target.slice, [], [])
        if shifted(side.at, side.name, side.first) is None or not all(takes_bounds(test, (side,)) for test in tests):
            continue
        outer, fixed = _outer(program, inner, name), {name, side.name}
        ends = set().union(*map(used, (*loop[1:], *tests))) - {side.name}
        if outer is None or fixed & used(value) or name in ends or read_later(inner, {side.name}):
            continue
        if is_pure(program, value, *loop[1:], *tests) and not fixed & changed(program, *_rest(outer, inner)):
            yield Stretch(inner, outer, name, side, value, isinstance(op, ast.Sub))


def _added(statement: ast.stmt) -> tuple[ast.Subscript, ast.operator, ast.expr] | None:
    """The place of a list to which something is added, or from which it is taken, and what that is."""
    match statement:
        case ast.AugAssign(
            target=ast.Subscript(value=ast.Name()) as target, op=ast.Add() | ast.Sub() as op, value=value
        ):
            return target, op, value
        case ast.Assign(
            targets=[ast.Subscript(value=ast.Name()) as target],
            value=ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=value),
        ) if ast.unparse(left) == ast.unparse(target):
            return target, op, value
    return None


def _outer(program: Program, inner: Place, name: str) -> Place | None:
    """The widest loop around another that mentions a list nowhere else."""
    found, mentions = None, len(uses(inner.statement, name))
    for place in again(inner):
        if not isinstance(place.statement, LOOPS) or len(uses(place.statement, name)) > mentions:
            break
        found = place
    leaves = found is not None and any(isinstance(n, ast.Return) for n in ast.walk(found.statement))
    return None if leaves else found


def _rest(outer: Place, inner: Place) -> list[ast.stmt]:
    """The simple statements of a loop that are not in another."""
    inside = {id(n) for n in ast.walk(inner.statement)}
    every = [n for n in ast.walk(outer.statement) if isinstance(n, ast.stmt) and id(n) not in inside]
    return [n for n in every if not any(isinstance(one, ast.stmt) for one in ast.iter_child_nodes(n))]


OPERATORS = (Operator("marked_ends", "rewrites", marked_ends),)
