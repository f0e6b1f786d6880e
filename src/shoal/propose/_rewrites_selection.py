"""Rewrites of loops that take the least or the most out of a list again and again: what is left comes in order."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, jumps_out, step_of, used
from shoal.propose._rewrites_parts import (
    Rewrite,
    loops,
    place_of,
    read_later,
    reworded,
    uses,
)
from shoal.propose._rewrites_pure import changed, is_pure
from shoal.syntax._program import Program
from shoal.syntax._sites import Function

__all__ = ["OPERATORS"]


class Extreme(NamedTuple):
    """Statements that find the least or the most of a list.

    Attributes:
        by: "min" or "max".
        found: the name that holds it, or its index.
        key: text of the ``key=`` of a sort, "" for none.
        names: what the key reads.
        by_place: whether the place is found, not the thing.
        statements: how many statements it takes.
    """

    by: str
    found: str
    key: str
    names: set[str]
    by_place: bool
    statements: int


class Selection(NamedTuple):
    """A loop that takes one thing after the other out of a list.

    Attributes:
        loop: its place.
        name: of the list.
        extreme: which thing is taken.
        thing: the name it gets; "" for none.
        taken: the statements that find it and take it out.
        mentions: of it by its place, where it gets no name.
    """

    loop: Place
    name: str
    extreme: Extreme
    thing: str
    taken: list[ast.stmt]
    mentions: list[ast.expr]


def sort_by_selection(draft: Draft) -> Change | None:
    """A loop that takes the least of a list out of it, until it is empty or so many times, goes through it in order."""
    program = draft.program
    found = draft.pick(list(_selections(program)))
    loop = found.loop.statement
    assert isinstance(loop, ast.While | ast.For)
    rewrite = Rewrite(program)
    options = [found.extreme.key and f"key={found.extreme.key}", "reverse=True" if found.extreme.by == "max" else ""]
    things = f"sorted({', '.join([found.name, *filter(None, options)])})"
    if isinstance(loop, ast.For):
        things += f"[:{program.text(loop.iter.args[0])}]"  # type: ignore[attr-defined]
    head = loop.test if isinstance(loop, ast.While) else loop.iter
    thing = found.thing or rewrite.name("taken")
    rewrite.cut(program.start(loop), program.end(head), f"for {thing} in {things}")
    for mention in found.mentions:
        rewrite.replace(mention, thing)
    for test in _goes_on(loop, found.name):
        first = place_of(program, loop.body[0])
        if first is None:
            return None
        rewrite.before(first, f"if not ({program.text(test)}):", f"{step_of(first.block)}break")
    for statement in found.taken:
        place = place_of(program, statement)
        if place is None:
            return None
        rewrite.drop(place)
    assert found.loop.block.function is not None
    if not _is_own(found.loop.block.function, found.name):
        rewrite.after(found.loop, f"{found.name}.clear()")
    return rewrite.change(f"{found.name} in order, sorted once (line {loop.lineno})")


def _selections(program: Program) -> Iterator[Selection]:
    for place in loops(program):
        loop, function = place.statement, place.block.function
        name = _until_empty(loop.test) if isinstance(loop, ast.While) else _taken_often(loop)
        if not name or not isinstance(loop, ast.While | ast.For) or function is None:
            continue
        own = _is_own(function, name)
        if not own and (isinstance(loop, ast.For) or _goes_on(loop, name)):
            continue
        if own is None or (own and read_later(place, {name})) or (not own and any(map(_leaves, loop.body))):
            continue
        for start in range(len(loop.body) - 1):
            extreme = _extreme(program, loop.body[start:], name)
            found = extreme and _taken(program, place, start, extreme, name)
            if found:
                yield found


def _is_own(function: Function, name: str) -> bool | None:
    """Whether a name holds a list of the function's own; False for an argument that it never sets, None otherwise."""
    stored = sum(not isinstance(n.ctx, ast.Load) for n in uses(function, name))
    top = [s for s in function.body if isinstance(s, ast.Assign | ast.AnnAssign) and name in bound(s)]
    fresh = [s for s in top if s.value is not None and _is_fresh(s.value)]
    if fresh and len(fresh) == stored:
        return True
    return None if stored else False


def _is_fresh(value: ast.expr) -> bool:
    """Whether an expression makes a new list."""
    match value:
        case ast.List() | ast.ListComp() | ast.Subscript(slice=ast.Slice()):
            return True
        case ast.Call(func=ast.Name(id="list" | "sorted")) | ast.Call(func=ast.Attribute(attr="copy" | "split")):
            return True
    return False


def _leaves(statement: ast.stmt) -> bool:
    return jumps_out(statement) or any(isinstance(n, ast.Return | ast.Raise) for n in ast.walk(statement))


def _goes_on(loop: ast.While | ast.For, name: str) -> list[ast.expr]:
    """What a loop that uses up a list asks besides whether there is something left."""
    match loop:
        case ast.While(test=ast.BoolOp(op=ast.And(), values=values)):
            return [value for value in values if _until_empty(value) != name]
    return []


def _taken_often(loop: ast.stmt) -> str:
    """The list that is taken from in each of so many rounds."""
    match loop:
        case ast.For(target=ast.Name(id=number), iter=ast.Call(func=ast.Name(id="range"), args=[_])):
            removed = [n.func.value for s in loop.body for n in ast.walk(s) if _removes(n)]  # type: ignore[attr-defined]
            unused = len(uses(loop, number)) == 1
            if unused and len(removed) == 1 and not uses(loop.iter, removed[0].id):
                return str(removed[0].id)
    return ""


def _removes(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(), attr="remove" | "pop"), args=[_]):
            return True
    return False


def _until_empty(test: ast.expr) -> str:
    """The list that a loop goes on with as long as it holds something, and perhaps something else is the case."""
    match test:
        case ast.BoolOp(op=ast.And(), values=values):
            names = [name for value in values if (name := _until_empty(value))]
            alone = len(names) == 1 and not any(uses(v, names[0]) for v in values if not _until_empty(v))
            return names[0] if alone else ""
        case ast.Name(id=name):
            return name
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]),
            ops=[ast.Gt() | ast.NotEq()],
            comparators=[ast.Constant(value=0)],
        ):
            return name
        case ast.Compare(left=ast.Name(id=name), ops=[ast.NotEq()], comparators=[ast.List(elts=[])]):
            return name
        case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]):
            return name
    return ""


def _taken(program: Program, place: Place, start: int, extreme: Extreme, name: str) -> Selection | None:
    """The selection, where nothing but finding and taking out mentions the list."""
    loop = place.statement
    assert isinstance(loop, ast.While | ast.For)
    tested = len(uses(loop.test, name)) if isinstance(loop, ast.While) else 0
    finding, rest = loop.body[start : start + extreme.statements], loop.body[start + extreme.statements :]
    thing, taken, removed = "" if extreme.by_place else extreme.found, list(finding), 0
    for statement in rest:
        named, removes = _removal(statement, name, extreme.found, index=extreme.by_place)
        if named or removes:
            thing, removed = named or thing, removed + removes
            taken.append(statement)
    left = [s for s in rest if s not in taken]
    looked = [] if thing else _mentions(left, name, extreme.found, taken[-1])
    mentions = sum(len(uses(statement, name)) for statement in taken) + tested + len(looked)
    if not (thing or looked) or removed != 1 or not left or mentions != len(uses(loop, name)):
        return None
    moved = changed(program, loop) - {name, extreme.found}
    again = thing in set().union(*map(bound, left)) or any(map(jumps_out, left))
    early = any(uses(s, thing) for s in (*loop.body[:start], *(finding if extreme.by_place else ())))
    loose = {extreme.found} if extreme.by_place else set()
    used_alone = sum(len(uses(s, one)) for s in left for one in loose) != len(looked)
    if extreme.names & moved or again or early or used_alone or read_later(place, loose | {thing}):
        return None
    return Selection(place, name, extreme, thing, taken, looked)


def _mentions(statements: list[ast.stmt], name: str, found: str, last: ast.stmt) -> list[ast.expr]:
    """Where a thing is looked up by its place, before it is taken out; nothing where it is somewhere else."""
    whole = f"{name}[{found}]"
    inside = [n for s in statements for n in ast.walk(s) if isinstance(n, ast.Subscript) and ast.unparse(n) == whole]
    return [n for n in inside if n.lineno < last.lineno and isinstance(n.ctx, ast.Load)]


def _removal(statement: ast.stmt, name: str, found: str, *, index: bool) -> tuple[str, bool]:
    """The name that a statement gives to what was found, "" for none, and whether it takes that out of the list."""
    text = ast.unparse(statement)
    if not index:
        return "", text in (f"{name}.remove({found})", f"del {name}[{name}.index({found})]")
    match statement:
        case ast.Assign(targets=[ast.Name(id=thing)], value=value):
            shape = ast.unparse(value)
            popped = shape == f"{name}.pop({found})"
            return (thing if popped or shape == f"{name}[{found}]" else ""), popped
    return "", text in (f"del {name}[{found}]", f"{name}.pop({found})")


# -- the least or the most ---------------------------------------------------------------------------------------------


def _extreme(program: Program, statements: list[ast.stmt], name: str) -> Extreme | None:
    """What some statements find in a list at their beginning."""
    match statements:
        case [ast.Assign(targets=[ast.Name(id=found)], value=value), *rest]:
            called = _called(program, value, name, found)
            return called or _by_loop(program, found, value, rest, name)
    return None


def _called(program: Program, value: ast.expr, name: str, found: str) -> Extreme | None:
    match value:
        case ast.Call(func=ast.Name(id="min" | "max" as by), args=[ast.Name(id=same)], keywords=[]) if same == name:
            return Extreme(by, found, "", set(), False, 1)
        case ast.Call(
            func=ast.Name(id="min" | "max" as by),
            args=[ast.Name(id=same)],
            keywords=[ast.keyword(arg="key", value=key)],
        ) if same == name and is_pure(program, key):
            return Extreme(by, found, program.text(key), used(key), False, 1)
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=other), attr="index"),
            args=[ast.Call(func=ast.Name(id="min" | "max" as by), args=[ast.Name(id=same)], keywords=[])],
        ) if same == other == name:
            return Extreme(by, found, "", set(), True, 1)
    return None


def _by_loop(program: Program, found: str, value: ast.expr, rest: list[ast.stmt], name: str) -> Extreme | None:
    """`best = xs[0]`, and a loop that puts the better in its place; or the same with the place of the best."""
    match rest:
        case [
            ast.For(
                target=ast.Name(id=thing),
                iter=iterated,
                body=[
                    ast.If(
                        test=ast.Compare(left=left, ops=[ast.Lt() | ast.Gt() as op], comparators=[right]),
                        body=[ast.Assign(targets=[ast.Name(id=same)], value=ast.Name(id=better))],
                        orelse=[],
                    )
                ],
                orelse=[],
            ),
            *_,
        ] if same == found and better == thing:
            index = isinstance(value, ast.Constant) and value.value == 0 and type(value.value) is int
            part = _part_gone_through(program, iterated, name, index=index)
            if part and (index or ast.unparse(value) == f"{name}[0]"):
                return _by_comparison(program, (left, op, right), thing, found, name, index=index)
    return None


def _part_gone_through(program: Program, iterated: ast.expr, name: str, *, index: bool) -> bool:
    """Whether all of a list is gone through, or all but the first thing."""
    if index:
        return ast.unparse(iterated) in (f"range(len({name}))", f"range(1, len({name}))")
    return ast.unparse(iterated) in (name, f"{name}[1:]")


def _by_comparison(
    program: Program,
    compared: tuple[ast.expr, ast.cmpop, ast.expr],
    thing: str,
    found: str,
    name: str,
    *,
    index: bool,
) -> Extreme | None:
    left, op, right = compared
    grows = isinstance(op, ast.Gt) == (thing in used(left))
    one, other = (left, right) if thing in used(left) else (right, left)
    whole, it = (f"{name}[{thing}]", "it") if index else (thing, thing)
    key = reworded(one, {whole: it})
    alike = reworded(other, {f"{name}[{found}]" if index else found: it})
    if key != alike or found in used(one) or not is_pure(program, one) or it not in used(ast.parse(key)):
        return None
    if index and (it in used(one) or thing in used(ast.parse(key))):
        return None
    names = used(ast.parse(key)) - {it}
    return Extreme("max" if grows else "min", found, "" if key == it else f"lambda {it}: {key}", names, index, 2)


OPERATORS = (Operator("sort_by_selection", "rewrites", sort_by_selection),)
