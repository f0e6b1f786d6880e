"""A rewrite of loops that find several things about a list at once: each is found by a call of its own."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, used
from shoal.propose._rewrites_nest import added, start_of
from shoal.propose._rewrites_parts import Rewrite, bracketed, loops, read_later
from shoal.propose._rewrites_pure import changed, is_pure
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]


class Found(NamedTuple):
    """What a statement finds: ``name`` by a function, "min", "max" or "sum", of an ``element`` where ``test``."""

    name: str
    by: str
    element: ast.expr
    test: ast.expr | None


def found_apart(draft: Draft) -> Change | None:
    """A loop that finds the least and the most, or several sums, becomes calls that find one of them each."""
    program = draft.program
    place, found = draft.pick(list(_loops(program)))
    loop = place.statement
    assert isinstance(loop, ast.For)
    rewrite = Rewrite(program)
    target, things = program.text(loop.target), program.text(loop.iter)
    lines = []
    for one in found:
        element = program.text(one.element)
        clause = f"for {target} in {bracketed(program, loop.iter)}"
        clause += f" if {bracketed(program, one.test)}" if one.test is not None else ""
        whole = element == target and one.test is None
        if one.by == "sum":
            lines.append(f"{one.name} += sum({things if whole else f'[{element} {clause}]'})")
        else:
            inside = bracketed(program, loop.iter) if whole else f"[{element} {clause}]"
            start = start_of(program, place, one.name)
            first, head = one.name, f"{one.name} = "
            if start is not None and is_pure(program, start.value):
                rewrite.drop(start.place)
                first, head = program.text(start.value), start.head
            lines.append(f"{head}{one.by}([{first}, *{inside}])")
    rewrite.within(place, *lines)
    return rewrite.change(f"{' and '.join(one.name for one in found)} are found apart (line {loop.lineno})")


def _loops(program: Program) -> Iterator[tuple[Place, list[Found]]]:
    for place in loops(program):
        loop = place.statement
        if not isinstance(loop, ast.For) or not _comes_again(loop.iter) or not is_pure(program, loop.iter):
            continue
        found = [one for statement in loop.body for one in _found(statement)]
        names = [one.name for one in found]
        if len(set(names)) < 2 or len(set(names)) != len(names) or len(found) < len(loop.body):
            continue
        if _are_alone(program, loop, found) and not read_later(place, bound(loop.target)):
            yield place, found


def _comes_again(node: ast.expr) -> bool:
    """Whether something can be gone through several times."""
    match node:
        case ast.Name() | ast.Attribute() | ast.Subscript() | ast.Call(func=ast.Name(id="range")):
            return True
        case ast.Call(func=ast.Attribute(attr="values" | "items" | "keys")):
            return True
    return False


def _found(statement: ast.stmt) -> list[Found]:
    """What a statement finds; nothing where it does anything else."""
    match statement:
        case ast.If(test=test, body=[inner], orelse=orelse):
            one = _extreme(test, inner) or _counted(test, inner)
            others = [found for other in orelse for found in _found(other)]
            extremes = one is not None and one.test is None and all(found.test is None for found in others)
            if one is None or (orelse and (len(others) != len(orelse) or not extremes)):
                return []
            return [one, *others]
        case ast.Assign(
            targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="min" | "max" as by), args=[a, b])
        ):
            for mine, element in ((a, b), (b, a)):
                if isinstance(mine, ast.Name) and mine.id == name:
                    return [Found(name, by, element, None)]
    total = added([statement])
    if total is not None and isinstance(total.op, ast.Add) and isinstance(total.target, ast.Name):
        return [Found(total.target.id, "sum", total.value, None)]
    return []


def _extreme(test: ast.expr, inner: ast.stmt) -> Found | None:
    """`if x < least: least = x`."""
    match test, inner:
        case (
            ast.Compare(left=left, ops=[ast.Lt() | ast.Gt() as op], comparators=[right]),
            ast.Assign(targets=[ast.Name(id=name)], value=value),
        ):
            for element, mine, less in ((left, right, isinstance(op, ast.Lt)), (right, left, isinstance(op, ast.Gt))):
                if isinstance(mine, ast.Name) and mine.id == name and ast.unparse(element) == ast.unparse(value):
                    return Found(name, "min" if less else "max", element, None)
    return None


def _counted(test: ast.expr, inner: ast.stmt) -> Found | None:
    total = added([inner])
    if total is not None and isinstance(total.op, ast.Add) and isinstance(total.target, ast.Name):
        return Found(total.target.id, "sum", total.value, test)
    return None


def _are_alone(program: Program, loop: ast.For, found: list[Found]) -> bool:
    """Whether what is found does not depend on what else is found, and what is gone through stays."""
    names = {one.name for one in found}
    parts = [part for one in found for part in (one.element, one.test) if part is not None]
    read = set().union(*map(used, parts)) | used(loop.iter)
    others = changed(program, *loop.body) - names
    return is_pure(program, *parts) and not read & names and not others & read and not names & bound(loop.target)


OPERATORS = (Operator("found_apart", "rewrites", found_apart),)
