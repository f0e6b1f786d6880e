"""A rewrite of searches for the place of the least of a list, or the most, of which single things change meanwhile."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, places, step_of
from shoal.propose._rewrites_parts import LOOPS, Rewrite, again, parent, place_of, read_later, uses
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]


class Choice(NamedTuple):
    """A statement that finds the place of the least thing of a list, or the most.

    Attributes:
        place: of the statement, or of a loop that does it.
        found: name of the place.
        name: of the list.
        by: "min" or "max".
        text: an expression that finds it, for a list without anything in it.
        outer: the loop around it in which single things of the list change, and nothing else of it.
        stores: the statements that change them, each with the text of what is changed.
    """

    place: Place
    found: str
    name: str
    by: str
    text: str
    outer: Place
    stores: list[tuple[Place, ast.Subscript]]


def least_loaded(draft: Draft) -> Change | None:
    """The place of a list's least thing is found by a heap, which gets each thing that changes once more."""
    program = draft.program
    choice = draft.pick(list(_choices(program)))
    rewrite, name, step = Rewrite(program), choice.name, step_of(choice.outer.block)
    heapq = rewrite.module(choice.outer.block, "heapq")
    heap, place, value = rewrite.name(f"{name}_heap"), rewrite.name("place"), rewrite.name("value")
    sign = "-" if choice.by == "max" else ""
    rewrite.before(
        choice.outer,
        f"{heap} = [({sign}{value}, {place}) for {place}, {value} in enumerate({name})]",
        f"{heapq}.heapify({heap})",
    )
    rewrite.within(
        choice.place,
        f"while {name} and {heap}[0][0] != {sign}{name}[{heap}[0][1]]:",
        f"{step}{heapq}.heappop({heap})",
        f"{choice.found} = {heap}[0][1] if {name} else {choice.text}",
    )
    for at, target in choice.stores:
        rewrite.after(at, f"{heapq}.heappush({heap}, ({sign}{program.text(target)}, {program.text(target.slice)}))")
    return rewrite.change(f"the {choice.by} of {name} by a heap (line {choice.place.statement.lineno})")


def _choices(program: Program) -> Iterator[Choice]:
    for place in places(program):
        told = _told(place)
        if told is None:
            continue
        found, name, by, text = told
        outer, stores = None, []
        for around in again(place):
            changed = _stores(program, around.statement, name) if isinstance(around.statement, LOOPS) else None
            if not changed or not isinstance(around.statement, LOOPS):
                break
            outer, stores = around, changed
        if outer is not None:
            yield Choice(place, found, name, by, text, outer, stores)


def _told(place: Place) -> tuple[str, str, str, str] | None:
    """Of a statement that finds the place of the least or the most: its name, the list, which, and an expression."""
    match place.statement:
        case ast.Assign(
            targets=[ast.Name(id=found)],
            value=ast.Call(
                func=ast.Attribute(value=ast.Name(id=name), attr="index"),
                args=[ast.Call(func=ast.Name(id="min" | "max" as by), args=[ast.Name(id=same)], keywords=[])],
            ) as value,
        ) if name == same:
            return found, name, by, ast.unparse(value)
        case ast.Assign(
            targets=[ast.Name(id=found)],
            value=ast.Call(
                func=ast.Name(id="min" | "max" as by),
                args=[ast.Call(func=ast.Name(id="range"), args=[count])],
                keywords=[ast.keyword(arg="key", value=key)],
            ) as value,
        ):
            name = _looked_up(key)
            return (found, name, by, ast.unparse(value)) if name and ast.unparse(count) == f"len({name})" else None
        case ast.For(
            target=ast.Name(id=index),
            iter=iterated,
            body=[
                ast.If(
                    test=ast.Compare(
                        left=ast.Subscript(value=ast.Name(id=name)) as one,
                        ops=[op],
                        comparators=[ast.Subscript() as best],
                    ),
                    body=[ast.Assign(targets=[ast.Name(id=found)], value=ast.Name(id=same))],
                    orelse=[],
                )
            ],
            orelse=[],
        ) if same == index and isinstance(op, ast.Lt | ast.Gt):
            whole = ast.unparse(iterated) in (f"range(len({name}))", f"range(1, len({name}))")
            texts = [ast.unparse(one), ast.unparse(best)] == [f"{name}[{index}]", f"{name}[{found}]"]
            before = place.block.statements[place.index - 1] if place.index else None
            starts = before is not None and ast.unparse(before) == f"{found} = 0"
            if whole and texts and starts and not read_later(place, {index}):
                return found, name, "min" if isinstance(op, ast.Lt) else "max", "0"
    return None


def _looked_up(key: ast.expr) -> str:
    """The list whose things are compared by their places; "" for another key."""
    match key:
        case ast.Lambda(
            args=ast.arguments(args=[ast.arg(arg=index)]),
            body=ast.Subscript(value=ast.Name(id=name), slice=ast.Name(id=same)),
        ) if index == same:
            return name
        case ast.Attribute(value=ast.Name(id=name), attr="__getitem__"):
            return name
    return ""


def _stores(program: Program, loop: ast.stmt, name: str) -> list[tuple[Place, ast.Subscript]] | None:
    """The statements of a loop that change single things of a list; None where one may change anything else of it."""
    found: list[tuple[Place, ast.Subscript]] = []
    if name in bound(loop):
        return None
    for use in uses(loop, name):
        over = parent(program, use)
        match over:
            case ast.Subscript(ctx=ast.Store(), slice=ast.Name() | ast.Constant()):
                statement = parent(program, over)
                place = place_of(program, statement) if isinstance(statement, ast.Assign | ast.AugAssign) else None
                if place is None:
                    return None
                found.append((place, over))
            case ast.Subscript(ctx=ast.Load()) | ast.Call(func=ast.Name()):
                continue
            case ast.Attribute(attr="index" | "count" | "__getitem__"):
                continue
            case ast.For(iter=iterated) | ast.comprehension(iter=iterated) if iterated is use:
                continue
            case _:
                return None
    return found


OPERATORS = (Operator("least_loaded", "rewrites", least_loaded),)
