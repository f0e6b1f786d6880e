"""Rewrites of loops that start over: they go on from where they were, and change a list where it changes."""

import ast
from collections.abc import Iterator

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, names_before, places, reads_first, used
from shoal.propose._rewrites_building import is_handed_on, is_own
from shoal.propose._rewrites_nest import Start, added, start_of
from shoal.propose._rewrites_parts import LOOPS, SIGNS, Rewrite, bracketed, outward, place_of, read_later, uses
from shoal.propose._rewrites_pure import changed, is_pure
from shoal.syntax._program import Program
from shoal.syntax._types import LISTS

__all__ = ["OPERATORS", "splice"]


# -- a search that starts over -----------------------------------------------------------------------------------------


def resume(draft: Draft) -> Change | None:
    """A search that starts over after each change goes on from right before the last one."""
    program = draft.program
    outer, inner, end = draft.pick(list(_restarts(program)))
    loop = inner.statement
    assert isinstance(loop, ast.For) and isinstance(loop.iter, ast.Call)
    rewrite = Rewrite(program)
    name, index = rewrite.name("resumed"), program.text(loop.target)
    bounds = [program.text(bound) for bound in loop.iter.args]
    first = f"max({bounds[0]}, {name})" if len(bounds) == 2 else name
    rewrite.before(outer, f"{name} = 0")
    rewrite.replace(loop.iter, f"range({first}, {bounds[-1]})")
    rewrite.before(end, f"{name} = max({index} - 1, 0)")
    return rewrite.change(f"the search goes on where it was (line {loop.lineno})")


def _restarts(program: Program) -> Iterator[tuple[Place, Place, Place]]:
    """Loops that run until nothing changes, the search in each, and where that is left after a change."""
    for outer in places(program):
        for statement in outer.statement.body if isinstance(outer.statement, ast.While) else ():
            match statement:
                case ast.For(
                    target=ast.Name(id=index),
                    iter=ast.Call(func=ast.Name(id="range"), args=[*bounds], keywords=[]),
                    body=[*_, ast.If(body=[*done, ast.Break() as last], orelse=[])],
                ) if len(bounds) < 3 and done:
                    inner, end = place_of(program, statement), place_of(program, last)
                    stored = sum(isinstance(n.ctx, ast.Store) for n in uses(statement, index))
                    again = any(used(bound) & changed(program, *done) for bound in bounds[:-1])
                    if inner is not None and end is not None and stored == 1 and not again:
                        yield outer, inner, end


# -- a part of a list --------------------------------------------------------------------------------------------------


def splice_in_place(draft: Draft) -> Change | None:
    """`a = a[:i] + [x] + a[j:]` changes only that part of the list."""
    program = draft.program
    place, name, first, middle, last = draft.pick(list(_splices(draft)))
    rewrite = Rewrite(program)
    between = ":" if first.isalnum() and last.isalnum() else " : "
    part = f"{name}[{first}{between}{last}]"
    rewrite.replace(place.statement, f"{part} = [{middle}]" if middle else f"del {part}")
    return rewrite.change(f"{part} changes in place (line {place.statement.lineno})")


def _splices(draft: Draft) -> Iterator[tuple[Place, str, str, str, str]]:
    program = draft.program
    for place in places(program):
        match place.statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if place.block.function is not None:
                found = splice(program, value, name)
                around = [p.statement for p in outward(place) if isinstance(p.statement, LOOPS)]
                kind = names_before(draft, place).get(name)
                own = is_own(place.block.function, name) and around and not is_handed_on(program, around[-1], name)
                if found and kind in LISTS and own:
                    yield place, name, *found


def splice(program: Program, value: ast.expr, name: str) -> tuple[str, str, str] | None:
    """Where a part of a list starts, what takes its place, and where it ends; as texts."""
    pieces = _pieces(value)
    if len(pieces) < 2:
        return None
    (head, _), *middle, (tail, _) = pieces
    first, last = _slice(head, name), _slice(tail, name)
    if first is None or last is None or first.lower is not None or last.upper is not None:
        return None
    if first.upper is None or last.lower is None or any(uses(node, name) and spread for node, spread in middle):
        return None
    texts = [("*" if spread else "") + bracketed(program, node) for node, spread in middle]
    return program.text(first.upper), ", ".join(texts), program.text(last.lower)


def _pieces(value: ast.expr) -> list[tuple[ast.expr, bool]]:
    """What a list is put together of: things, and lists that are spread."""
    match value:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [*_pieces(left), *_pieces(right)]
        case ast.List(elts=elements):
            return [(e.value, True) if isinstance(e, ast.Starred) else (e, False) for e in elements]
    return [(value, True)]


def _slice(node: ast.expr, name: str) -> ast.Slice | None:
    match node:
        case ast.Subscript(value=ast.Name(id=same), slice=ast.Slice(step=None) as part) if same == name:
            return part
    return None


# -- while -------------------------------------------------------------------------------------------------------------


def counted_loop(draft: Draft) -> Change | None:
    """`while i < n: ...; i += 1` becomes `for i in range(n)`, and one that counts down `for i in range(n, -1, -1)`."""
    program = draft.program
    place, index, last, bound, start = draft.pick(list(_counted(program)))
    loop = place.statement
    assert isinstance(loop, ast.While)
    rewrite = Rewrite(program)
    plain = ast.unparse(start.value) == "0" and not bound.endswith(_DOWN)
    first = "" if plain else f"{program.text(start.value)}, "
    rewrite.drop(start.place)
    rewrite.drop(last)
    rewrite.cut(program.start(loop), program.end(loop.test), f"for {index} in range({first}{bound})")
    return rewrite.change(f"{index} counts in a for loop (line {loop.lineno})")


def _counted(program: Program) -> Iterator[tuple[Place, str, Place, str, Start]]:
    for place in places(program):
        match place.statement:
            case (
                ast.While(
                    test=ast.Compare(left=left, ops=[op], comparators=[right]), body=[*body, last], orelse=[]
                ) as loop
            ) if body and type(op) in SIGNS and is_pure(program, left, right):
                index, limit, text = _moved(program, left, right)
                step, at = added([last]), place_of(program, last)
                by_one = step is not None and isinstance(step.value, ast.Constant) and step.value.value == 1
                steady = not changed(program, loop) & reads_first(limit) and not any(map(_goes_on, body))
                alone = sum(isinstance(n.ctx, ast.Store) for n in uses(loop, index)) == 1
                if not (by_one and at and steady and alone and step and program.text(step.target) == index):
                    continue
                if not isinstance(step.op, ast.Sub if isinstance(op, ast.Gt | ast.GtE) else ast.Add):
                    continue
                start = start_of(program, place, index)
                if start is None or read_later(place, {index}) or not isinstance(start.place.statement, ast.Assign):
                    continue
                yield place, index, at, _end(op, limit, text), start


def _moved(program: Program, left: ast.expr, right: ast.expr) -> tuple[str, ast.expr, str]:
    """Of `i + k <= n`, the counter, what it depends on, and the text of the `n - k` that it is compared with."""
    match left:
        case ast.Name(id=index):
            return index, right, program.text(right)
        case ast.BinOp(left=ast.Name(id=index), op=ast.Add() | ast.Sub() as op, right=more):
            sign = "-" if isinstance(op, ast.Add) else "+"
            return (
                index,
                ast.Tuple([right, more], ast.Load()),
                f"{bracketed(program, right)} {sign} {bracketed(program, more)}",
            )
    return "", right, ""


_DOWN = ", -1"
"""The end of a range that counts down."""


def _end(op: ast.cmpop, limit: ast.expr, text: str) -> str:
    """The first number that a loop does not come to any more, as an argument of `range`, and the step down."""
    plain = not isinstance(limit, ast.BinOp | ast.BoolOp | ast.IfExp | ast.Lambda | ast.Compare | ast.UnaryOp)
    operand = text if plain or isinstance(limit, ast.Tuple) else f"({text})"
    match op, limit:
        case ast.LtE(), _:
            return f"{operand} + 1"
        case ast.GtE(), ast.Constant(value=int(least)):
            return f"{least - 1}{_DOWN}"
        case ast.GtE(), _:
            return f"{operand} - 1{_DOWN}"
    return text + (_DOWN if isinstance(op, ast.Gt) else "")


def _goes_on(statement: ast.stmt) -> bool:
    """Whether a statement holds a `continue` of the loop around it."""
    if isinstance(statement, ast.For | ast.While):
        return any(map(_goes_on, statement.orelse))
    inner = [s for s in ast.iter_child_nodes(statement) if isinstance(s, ast.stmt | ast.ExceptHandler)]
    return isinstance(statement, ast.Continue) or any(_goes_on(s) for s in inner)  # type: ignore[arg-type]


OPERATORS = (
    Operator("resume", "rewrites", resume),
    Operator("splice_in_place", "rewrites", splice_in_place),
    Operator("counted_loop", "rewrites", counted_loop),
)
