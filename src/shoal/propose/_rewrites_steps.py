"""A rewrite of walks from one thing to the next, made again and again: each is known from where an earlier one went."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, jumps_out, reads_first, step_of
from shoal.propose._rewrites_parts import Rewrite, again, loops, outward, place_of, read_later, uses, widest
from shoal.propose._rewrites_pure import changed, is_pure, mutated
from shoal.syntax._program import Program
from shoal.syntax._sites import Function

__all__ = ["OPERATORS"]


class Walk(NamedTuple):
    """A loop that goes from a thing to the next one, which depends on nothing else that changes.

    Attributes:
        inner: the loop.
        place: the statement before which nothing is known yet.
        thing: name of the thing.
        sums: names of what it adds up on its way.
    """

    inner: Place
    place: Place
    thing: str
    sums: list[str]


def walk_known(draft: Draft) -> Change | None:
    """A walk ends where an earlier one was: where that came to, and what it added up from there on, is remembered."""
    program = draft.program
    walk = draft.pick(list(_walks(program)))
    rewrite, step = Rewrite(program), step_of(walk.inner.block)
    known, path, old = rewrite.name(f"known_of_{walk.thing}"), rewrite.name("path"), rewrite.name("earlier")
    befores = [rewrite.name(f"{name}_before") for name in walk.sums]
    loop, thing = walk.inner.statement, walk.thing
    assert isinstance(loop, ast.While)
    first = place_of(program, loop.body[0])
    assert first is not None
    noted, told = ", ".join([thing, *walk.sums]), ", ".join([old, *befores])
    ends = ", ".join([thing, *(f"{name} - {before}" for name, before in zip(walk.sums, befores, strict=True))])
    mores = [rewrite.name(f"{name}_more") for name in walk.sums]
    rewrite.before(walk.place, f"{known} = {{}}")
    rewrite.before(walk.inner, f"{path} = []")
    test = program.text(loop.test)
    test = f"({test})" if isinstance(loop.test, ast.IfExp | ast.BoolOp | ast.Lambda) or "\n" in test else test
    rewrite.replace(loop.test, f"{thing} not in {known} and {test}")
    rewrite.before(first, f"{path}.append({f'({noted})' if walk.sums else noted})")
    rewrite.after(
        walk.inner,
        f"if {thing} in {known}:",
        f"{step}{', '.join([thing, *mores])} = {known}[{thing}]",
        *(f"{step}{name} += {more}" for name, more in zip(walk.sums, mores, strict=True)),
        f"for {told} in {path}:",
        f"{step}{known}[{old}] = {f'({ends})' if walk.sums else ends}",
    )
    return rewrite.change(f"walks by {thing} end where earlier ones were (line {loop.lineno})")


def _walks(program: Program) -> Iterator[Walk]:
    for inner in loops(program):
        loop = inner.statement
        if not isinstance(loop, ast.While) or any(map(jumps_out, loop.body)) or place_of(program, loop.body[0]) is None:
            continue
        carried = reads_first(loop) & bound(loop)
        sums = sorted(name for name in carried if _is_sum(loop, name))
        things = carried - set(sums)
        if len(things) != 1 or mutated(program, loop) - carried or not _is_plain(program, loop):
            continue
        (thing,) = things
        steady = reads_first(loop) - carried
        place = widest(program, again(inner), steady)
        if place is None or (isinstance(place.statement, Function) and steady & _changed_later(program, place)):
            continue
        if thing in reads_first(loop.test) and not read_later(inner, bound(loop) - carried):
            yield Walk(inner, place, thing, sums)


def _changed_later(program: Program, place: Place) -> set[str]:
    """Names that change after a function inside a function is made, and so perhaps between two calls of it."""
    following = [outer.block.statements[outer.index + 1 :] for outer in (place, *outward(place))]
    return changed(program, *(statement for statements in following for statement in statements))


def _is_sum(loop: ast.While, name: str) -> bool:
    """Whether a loop does nothing with a name but add to it."""
    added = [n for n in ast.walk(loop) if isinstance(n, ast.AugAssign) and isinstance(n.op, ast.Add)]
    return len(uses(loop, name)) == sum(isinstance(n.target, ast.Name) and n.target.id == name for n in added)


def _is_plain(program: Program, loop: ast.While) -> bool:
    """Whether a loop does nothing but compute, without loops of its own."""
    inside = [node for node in ast.walk(loop) if node is not loop]
    return is_pure(program, loop) and not any(
        isinstance(n, ast.For | ast.While | ast.Return | ast.Raise) for n in inside
    )


OPERATORS = (Operator("walk_known", "rewrites", walk_known),)
