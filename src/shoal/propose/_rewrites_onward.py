"""Rewrites of what is made anew from the start in each round: it goes on from where the round before it ended."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, reads_first, step_of
from shoal.propose._pieces import shown
from shoal.propose._rewrites_nest import nest_of, start_of
from shoal.propose._rewrites_parts import Rewrite, bracketed, functions, loops, parent, place_of, read_later, uses
from shoal.propose._rewrites_pure import changed, is_harmless, is_pure, mutated
from shoal.syntax._program import Program
from shoal.syntax._sites import Function

__all__ = ["OPERATORS"]

_FRESH = ("[]", "{}", "set()", "dict()", "list()", "collections.Counter()", "Counter()")
_LOOKED = ("len", "sum", "min", "max", "sorted", "any", "all", "set", "list", "tuple", "dict")
_LEAVING = ast.Break | ast.Return | ast.Yield | ast.YieldFrom | ast.Await | ast.NamedExpr | ast.Lambda | Function


class Onward(NamedTuple):
    """A loop that goes through all up to a place, inside one whose place moves on by one.

    Attributes:
        outer, inner: the loops.
        here, first: name of the place, and text of the first one.
        lower: text of where the inner loop begins.
        after: how far the end of the inner loop is from the place.
        begins: the assignments in the outer loop of what the inner one works on.
        told: text of what the inner loop goes through, with "{}" for where it begins.
    """

    outer: Place
    inner: Place
    here: str
    first: str
    lower: str
    after: int
    begins: list[Place]
    told: str


def gone_on(draft: Draft) -> Change | None:
    """What a loop makes of all things up to each place, each time from the start, is kept from round to round.

    The same is done with the same things in the same order: the inner loop has nothing left to do but the next thing.
    """
    program = draft.program
    found = draft.pick(list(_onward(program)))
    rewrite, step = Rewrite(program), step_of(found.inner.block)
    here, before = found.here, _moved(found.here, found.after - 1)
    begin = before
    if found.lower != _moved(found.first, found.after - 1):
        plain = found.lower.isdigit() and found.first.isdigit()
        later = plain and int(found.lower) > int(found.first) + found.after - 1
        begin = f"max({found.lower}, {before})"
        if not later:
            rest = before if plain else begin
            begin = f"{found.lower} if {here} == {found.first} else {rest}"
    rewrite.replace(found.inner.statement.iter, found.told.format(begin))  # type: ignore[attr-defined]
    for place in found.begins:
        text = program.text(place.statement)
        name = next(iter(bound(place.statement)))
        if _is_plain(place.statement) and not read_later(found.outer, {name}):
            rewrite.drop(place)
            rewrite.before(found.outer, text)
        else:
            rewrite.within(place, f"if {here} == {found.first}:", f"{step}{text}")
    line = found.inner.statement.lineno
    return rewrite.change(f"what is made of all up to {here} goes on from round to round (line {line})")


def _moved(text: str, by: int) -> str:
    """The text of a place so much further on."""
    if text.isdigit():
        return str(int(text) + by)
    return f"{text} {'-' if by < 0 else '+'} {abs(by)}" if by else text


def _is_plain(statement: ast.stmt) -> bool:
    value = statement.value  # type: ignore[attr-defined]
    return isinstance(value, ast.Constant) or ast.unparse(value) in _FRESH


def _onward(program: Program) -> Iterator[Onward]:
    for outer in loops(program):
        told = _counted(program, outer.statement)
        body = outer.statement.body  # type: ignore[attr-defined]
        if told is None or told[0] in set().union(*map(bound, body)):
            continue
        for statement in body:
            inner = place_of(program, statement)
            if isinstance(statement, ast.For) and not statement.orelse and inner is not None:
                reach = _reach(program, statement.iter, told[0])
                begins = _begins(program, outer, inner, told[0]) if reach is not None else None
                if reach is not None and begins is not None:
                    lower, after, text = reach
                    yield Onward(outer, inner, *told, lower, after, begins, text)


def _counted(program: Program, loop: ast.stmt) -> tuple[str, str] | None:
    """The place that a loop moves on by one, and the first one; None for another loop."""
    match loop:
        case ast.For(target=ast.Name(id=name), iter=ast.Call(func=ast.Name(id="range"), args=[_])):
            return name, "0"
        case ast.For(target=ast.Name(id=name), iter=ast.Call(func=ast.Name(id="range"), args=[first, _])):
            names = {n.id for n in ast.walk(first) if isinstance(n, ast.Name)}
            fixed = isinstance(first, ast.Constant | ast.Name) and not names & changed(program, loop)
            return (name, program.text(first)) if fixed else None
        case ast.For(
            target=ast.Tuple(elts=[ast.Name(id=name), _]),
            iter=ast.Call(func=ast.Name(id="enumerate"), args=[_], keywords=[]),
        ):
            return name, "0"
    return None


def _reach(program: Program, iterated: ast.expr, here: str) -> tuple[str, int, str] | None:
    """Where a loop begins, how far after a place it ends, and its text but for its beginning."""
    first: ast.expr | None
    match iterated:
        case ast.Call(func=ast.Name(id="range"), args=[*firsts, upper], keywords=[]) if len(firsts) < 2:
            first, text = (firsts[0] if firsts else None), f"range({{}}, {program.text(upper)})"
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Slice(lower=first, upper=ast.expr() as upper, step=None)):
            text = f"{name}[{{}} : {program.text(upper)}]"
        case _:
            return None
    lower, after = "0" if first is None else program.text(first), _after(upper, here)
    return (lower, after, text) if after is not None and after >= 0 and lower.isdigit() else None


def _after(upper: ast.expr, here: str) -> int | None:
    match upper:
        case ast.Name(id=name) if name == here:
            return 0
        case ast.BinOp(left=ast.Name(id=name), op=ast.Add(), right=ast.Constant(value=int(more))) if name == here:
            return more
    return None


def _begins(program: Program, outer: Place, inner: Place, here: str) -> list[Place] | None:
    """The assignments of what the inner loop works on, where that can be kept from round to round; else None."""
    loop, around = inner.statement, outer.statement
    assert isinstance(loop, ast.For) and isinstance(around, ast.For)
    given = bound(loop.target)
    works = changed(program, *loop.body)
    kept = {name for name in works if name in reads_first(loop) or read_later(inner, {name})} - given
    others = reads_first(loop) - kept - {here}
    moving = changed(program, around)
    inside = reads_first(ast.Module(body=loop.body, type_ignores=[]))
    if not kept or given & works or here in inside or others & moving or read_later(inner, given):
        return None
    if any(isinstance(n, _LEAVING) for s in loop.body for n in ast.walk(s)):
        return None
    if not all(_is_about(program, s, kept | (works - kept)) for s in loop.body):
        return None
    begins = [_begin(program, outer, inner, name) for name in sorted(kept)]
    found = [one for one in begins if one is not None]
    if len(found) < len(begins) or not all(_stays(program, inner, name, loop) for name in kept):
        return None
    return sorted(found, key=lambda one: one.index)


def _is_about(program: Program, statement: ast.stmt, names: set[str]) -> bool:
    """Whether all that a statement does is to change some names, or what they stand for."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)), args=args, keywords=[])):
            return name in names and is_pure(program, *args)
        case ast.For() | ast.If():
            head = statement.iter if isinstance(statement, ast.For) else statement.test
            inner = [*statement.body, *statement.orelse]
            return is_pure(program, head) and all(_is_about(program, s, names) for s in inner)
        case ast.Assign() | ast.AugAssign():
            return all(is_harmless(program, n) for n in ast.walk(statement))
        case ast.Continue() | ast.Pass():
            return True
    return False


def _begin(program: Program, outer: Place, inner: Place, name: str) -> Place | None:
    """Where a name is given what it begins with, the same in each round, right before the inner loop works on it."""
    before = [s for s in inner.block.statements[: inner.index] if uses(s, name)]
    match before:
        case [ast.Assign(targets=[ast.Name(id=target)], value=value) as statement] if target == name:
            names = {n.id for n in ast.walk(value) if isinstance(n, ast.Name)}
            place = place_of(program, statement)
            one_line = statement.lineno == statement.end_lineno
            fixed = is_pure(program, value) and not names & changed(program, outer.statement)
            return place if place is not None and one_line and fixed else None
    return None


def _stays(program: Program, inner: Place, name: str, loop: ast.For) -> bool:
    """Whether the rest of a round leaves alone what is kept, and lets nobody have it who could see it change."""
    rest = inner.block.statements[inner.index + 1 :]
    if name in changed(program, *rest):
        return False
    begin = next(s for s in inner.block.statements if name in bound(s))
    value = begin.value  # type: ignore[attr-defined]
    if isinstance(value, ast.Constant) or name not in mutated(program, loop):
        return True
    if ast.unparse(value) not in _FRESH:
        return False
    return all(_is_looked_at(program, use) for s in rest for use in uses(s, name))


def _is_looked_at(program: Program, use: ast.Name) -> bool:
    over = parent(program, use)
    match over:
        case ast.Call(func=ast.Name(id=called)):
            return called in _LOOKED
        case ast.Compare(ops=[ast.In() | ast.NotIn()]):
            return True
        case ast.Attribute(attr="get" | "values" | "count" | "items" | "most_common"):
            whole = parent(program, parent(program, over))
            return isinstance(whole, ast.Call) or over.attr in ("get", "count")
    return isinstance(over, ast.UnaryOp)


# -- factorials --------------------------------------------------------------------------------------------------------


def factorial(draft: Draft) -> Change | None:
    """A product of all numbers from one on, by a loop or by a function that calls itself, is `math.factorial`."""
    return draft.pick([*_of_loops(draft.program), *_of_recursion(draft.program)])


def _of_loops(program: Program) -> Iterator[Change]:
    for place in loops(program):
        nest = nest_of(program, place)
        product = _multiplied(nest.last) if nest is not None and len(nest.clauses) == 1 else None
        match place.statement:
            case ast.For(
                target=ast.Name(id=factor),
                iter=ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=1 | 2), upper], keywords=[]),
            ) if product is not None and product[1] == factor:
                start = start_of(program, place, product[0])
                if start is None or ast.unparse(start.value) != "1" or uses(upper, product[0]):
                    continue
                rewrite = Rewrite(program)
                rewrite.drop(start.place)
                rewrite.within(place, f"{start.head}{_factorial(rewrite, place, _less_one(program, upper))}")
                yield rewrite.change(f"{product[0]} by math.factorial (line {place.statement.lineno})")


def _multiplied(statements: list[ast.stmt]) -> tuple[str, str] | None:
    """The names of a product and of its next factor, where a statement multiplies by that."""
    match statements:
        case [ast.AugAssign(target=ast.Name(id=name), op=ast.Mult(), value=ast.Name(id=factor))]:
            return name, factor
        case [
            ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.BinOp(left=ast.Name(id=left), op=ast.Mult(), right=ast.Name(id=right)),
            )
        ] if name in (left, right) and left != right:
            return name, right if left == name else left
    return None


def _less_one(program: Program, upper: ast.expr) -> str:
    match upper:
        case ast.BinOp(left=left, op=ast.Add(), right=ast.Constant(value=1)):
            return program.text(left)
    return f"{bracketed(program, upper)} - 1"


def _factorial(rewrite: Rewrite, place: Place, text: str) -> str:
    return f"{rewrite.module(place.block, 'math')}.factorial(max({text}, 0))"


def _of_recursion(program: Program) -> Iterator[Change]:
    for block in functions(program):
        function = block.function
        name = getattr(function, "name", "")
        match [s for s in block.statements if not _is_text(s)], getattr(function, "args", None):
            case (
                [*rest, ast.Return(value=ast.BinOp(op=ast.Mult()) as product)],
                ast.arguments(posonlyargs=[], args=[ast.arg(arg=n)], kwonlyargs=[]),
            ):
                pass
            case [ast.Return(value=ast.IfExp(test=test, body=one, orelse=ast.BinOp() as product))], ast.arguments(
                args=[ast.arg(arg=n)]
            ):
                rest = [ast.If(test=test, body=[ast.Return(value=one)], orelse=[])]
            case _:
                continue
        if ast.unparse(product) not in (f"{n} * {name}({n} - 1)", f"{name}({n} - 1) * {n}"):
            continue
        if [ast.unparse(s).partition("\n    ")[2] for s in rest] == ["return 1"] and _is_end(rest[0], n):
            last = Place(block, len(block.statements) - 1)
            rewrite = Rewrite(program)
            rewrite.within(last, f"return {_factorial(rewrite, last, n)}")
            for index in range(len(block.statements) - len(rest) - 1, last.index):
                if block.statements[index] in rest:
                    rewrite.drop(Place(block, index))
            yield rewrite.change(f"{shown(name)} by math.factorial (line {last.statement.lineno})")


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_end(statement: ast.stmt, n: str) -> bool:
    ends = (f"{n} <= 1", f"{n} < 2", f"{n} == 0", f"{n} == 1", f"{n} < 1", f"{n} <= 0", f"{n} in (0, 1)")
    test = getattr(statement, "test", None)
    return test is not None and ast.unparse(test) in (*ends, f"{n} == 0 or {n} == 1", f"not {n}")


OPERATORS = (
    Operator("gone_on", "rewrites", gone_on),
    Operator("factorial", "rewrites", factorial),
)
