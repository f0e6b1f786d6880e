"""A rewrite of the least distance of any two numbers of a list: only neighbours in order are looked at."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, reads_first
from shoal.propose._pieces import shown
from shoal.propose._rewrites_parts import Rewrite, label, loops, place_of, read_later, uses
from shoal.propose._rewrites_pure import changed, is_pure
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]


class Closest(NamedTuple):
    """Two loops that find the least distance of two numbers.

    Attributes:
        outer: the first.
        values: name of the list.
        iterated: of the second loop.
        neighbours: text of what is to be put in its place; "{}" for the list.
    """

    outer: Place
    values: str
    iterated: ast.expr
    neighbours: str


def closest_pair(draft: Draft) -> Change | None:
    """The least distance of two numbers is one of two that follow one another in order."""
    program = draft.program
    one = draft.pick(list(_closest(program)))
    rewrite = Rewrite(program)
    ordered = rewrite.name(f"{label(ast.Name(one.values))}_ordered")
    rewrite.before(one.outer, f"{ordered} = sorted({one.values})")
    inside = {id(node) for node in ast.walk(one.iterated)}
    for use in uses(one.outer.statement, one.values):
        if id(use) not in inside:
            rewrite.replace(use, ordered)
    rewrite.replace(one.iterated, one.neighbours.format(ordered))
    return rewrite.change(f"{shown(one.values)} in order, of which neighbours are closest (line {one.iterated.lineno})")


def _closest(program: Program) -> Iterator[Closest]:
    for outer in loops(program):
        match outer.statement:
            case ast.For(body=[ast.For(orelse=[]) as inner]) as loop if not read_later(outer, bound(loop.target)):
                found = _second(loop, inner)
                names = bound(loop.target) | bound(inner.target)
                body = _guarded(inner.body, found[3]) if found is not None else []
                place = place_of(program, inner)
                if found is None or place is None or names & reads_first(loop) or read_later(outer, names):
                    continue
                values, one, other, _, neighbours = found
                pure = is_pure(program, loop) and values not in changed(program, loop)
                if pure and _keeps_least(body, (f"abs({one} - {other})", f"abs({other} - {one})"), names):
                    yield Closest(outer, values, inner.iter, neighbours)


def _second(loop: ast.For, inner: ast.For) -> tuple[str, str, str, set[str], str] | None:
    """The list, texts of the two numbers, of what says that they are two, and of what the second loop goes over."""
    match loop.target, loop.iter, inner.target, inner.iter:
        case (
            ast.Tuple(elts=[ast.Name(id=place), ast.Name(id=one)]),
            ast.Call(func=ast.Name(id="enumerate"), args=[ast.Name(id=values)]),
            ast.Name(id=other),
            ast.Subscript(),
        ) if ast.unparse(inner.iter) == f"{values}[{place} + 1:]":
            return values, one, other, set(), f"{{}}[{place} + 1 : {place} + 2]"
        case (
            ast.Name(id=place),
            ast.Call(func=ast.Name(id="range"), args=[_]),
            ast.Name(id=there),
            ast.Call(func=ast.Name(id="range"), args=[*first, last]),
        ) if ast.unparse(ast.Tuple(first)) in ("()", f"({place} + 1,)"):
            values = next((n.value.id for n in ast.walk(inner) if _is_at(n, there)), "")  # type: ignore[attr-defined]
            two = set() if first else {f"{place} != {there}", f"{there} != {place}"}
            told = f"range({place} + 1, min({place} + 2, {ast.unparse(last)}))".replace(f"len({values})", "len({0})")
            return (values, f"{values}[{place}]", f"{values}[{there}]", two, told) if values else None
    return None


def _is_at(node: ast.AST, place: str) -> bool:
    match node:
        case ast.Subscript(value=ast.Name(), slice=ast.Name(id=name)):
            return name == place
    return False


def _guarded(body: list[ast.stmt], two: set[str]) -> list[ast.stmt]:
    """What a loop does with two different things; nothing where it does not ask whether they are."""
    match body:
        case _ if not two:
            return body
        case [ast.If(test=test, body=inner, orelse=[])] if ast.unparse(test) in two:
            return inner
        case [ast.If(test=test, body=[ast.Continue()], orelse=[]), *rest] if ast.unparse(test) in {
            one.replace("!=", "==") for one in two
        }:
            return rest
    return []


def _keeps_least(body: list[ast.stmt], distances: tuple[str, str], names: set[str]) -> bool:
    """Whether statements do nothing but keep the least distance."""
    match body:
        case [ast.Assign(targets=[ast.Name(id=name)], value=value), last] if ast.unparse(value) in distances:
            distances = (name, name)
        case [last]:
            pass
        case _:
            return False
    match last:
        case ast.Assign(targets=[ast.Name(id=best)], value=ast.Call(func=ast.Name(id="min"), args=[_, _]) as least):
            told = {ast.unparse(one) for one in least.args}
            return best in told and bool(told & {*distances}) and best not in names
        case ast.If(test=test, body=[ast.Assign(targets=[ast.Name(id=best)], value=value)], orelse=[]):
            less = {f"{one} {sign} {best}" for one in distances for sign in ("<", "<=")}
            less |= {f"{best} {sign} {one}" for one in distances for sign in (">", ">=")}
            asked = ast.unparse(test).removeprefix(f"{best} is None or ").removeprefix(f"{best} == -1 or ")
            return ast.unparse(value) in distances and asked in less and best not in names
    return False


OPERATORS = (Operator("closest_pair", "rewrites", closest_pair),)
