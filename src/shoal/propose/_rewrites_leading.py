"""A rewrite of counts of the first things that are no more than something: the most so far tells how many."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, reads_first, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_nest import start_of
from shoal.propose._rewrites_parts import TURNED, Rewrite, again, label, loops, read_later, uses, widest
from shoal.propose._rewrites_pure import is_pure
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]

_SIDES: dict[type[ast.cmpop], str] = {ast.Lt: "left", ast.LtE: "right"}
_DENIED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
}

_THING = "thing"


class Leading(NamedTuple):
    """A loop that counts how many things at the start of a list are less than something, up to the first that is not.

    Attributes:
        inner: the loop.
        place: the statement before which the list can be looked through once.
        counter: name of the count.
        start: the statement that sets it to 0.
        keys: text of what is compared of all things.
        values: the list.
        sign: how each must compare.
        wanted: with what.
    """

    inner: Place
    place: Place
    counter: str
    start: Place
    keys: str
    values: ast.expr
    sign: type[ast.cmpop]
    wanted: ast.expr


def leading(draft: Draft) -> Change | None:
    """`while i < len(xs) and xs[i] <= x: i += 1`, from 0 on and again and again, becomes a place in the most so far."""
    program = draft.program
    one = draft.pick(list(_leading(program)))
    rewrite = Rewrite(program)
    bisect, itertools = (rewrite.module(one.place.block, name) for name in ("bisect", "itertools"))
    name = rewrite.name(f"{label(one.values)}_max_to")
    rewrite.before(one.place, f"{name} = list({itertools}.accumulate({one.keys}, max))")
    rewrite.drop(one.start)
    found = f"{bisect}.bisect_{_SIDES[one.sign]}({name}, {program.text(one.wanted)})"
    rewrite.within(one.inner, f"{one.counter} = {found}")
    return rewrite.change(
        f"the first of {shown(program.text(one.values))} by the most so far (line {one.inner.statement.lineno})"
    )


def _leading(program: Program) -> Iterator[Leading]:
    for inner in loops(program):
        match inner.statement:
            case ast.While(
                test=ast.BoolOp(op=ast.And(), values=[limit, ast.Compare() as test]),
                body=[
                    ast.AugAssign(target=ast.Name(id=count), op=ast.Add(), value=ast.Constant(value=1)),
                ],
            ):
                yield from _of_while(program, inner, count, limit, test)
            case ast.For(target=target, iter=values, body=body):
                found = _counted(body)
                if found is not None and is_pure(program, values) and not read_later(inner, bound(target)):
                    count, test, goes_on = found
                    keys = f"({{}} for {program.text(target)} in {program.text(values)})"
                    yield from _told(program, inner, count, values, keys, test, bound(target), goes_on)


def _counted(body: list[ast.stmt]) -> tuple[str, ast.Compare, bool] | None:
    """Of a loop that counts up to a break: the count, the condition, and whether it holds for what is counted."""
    match body:
        case [
            ast.If(test=ast.Compare() as test, body=[ast.Break()], orelse=[]),
            ast.AugAssign(target=ast.Name(id=count), op=ast.Add(), value=ast.Constant(value=1)),
        ]:
            return count, test, False
        case [
            ast.If(
                test=ast.Compare() as test,
                body=[ast.AugAssign(target=ast.Name(id=count), op=ast.Add(), value=ast.Constant(value=1))],
                orelse=[ast.Break()],
            )
        ]:
            return count, test, True
    return None


def _of_while(program: Program, inner: Place, count: str, limit: ast.expr, test: ast.Compare) -> Iterator[Leading]:
    lists = [
        n.value
        for n in ast.walk(test)
        if isinstance(n, ast.Subscript) and isinstance(n.slice, ast.Name) and n.slice.id == count
    ]
    if (
        len(lists) != 1
        or len(uses(test, count)) != 1
        or ast.unparse(limit) != f"{count} < len({ast.unparse(lists[0])})"
    ):
        return
    keys = f"({{}} for {_THING} in {program.text(lists[0])})"
    yield from _told(program, inner, count, lists[0], keys, test, {count}, True)


def _told(
    program: Program,
    inner: Place,
    count: str,
    values: ast.expr,
    keys: str,
    test: ast.Compare,
    names: set[str],
    goes_on: bool,
) -> Iterator[Leading]:
    start = start_of(program, inner, count)
    if len(test.ops) != 1 or start is None or ast.unparse(start.value) != "0" or not is_pure(program, test):
        return
    for key, wanted, turned in ((test.left, test.comparators[0], False), (test.comparators[0], test.left, True)):
        sign = type(test.ops[0])
        sign = TURNED.get(sign, sign) if turned else sign
        sign = sign if goes_on else _DENIED.get(sign, sign)
        if (
            sign not in _SIDES
            or _THING in used(key)
            or not reads_first(key) & names
            or reads_first(wanted) & (names | {count})
        ):
            continue
        if count in names:
            told = _looked_up(program, key, values, keys, count)
        else:
            plain = ast.unparse(key) in names and len(names) == 1
            told = program.text(values) if plain else keys.format(program.text(key))
        fixed = used(values) | (reads_first(key) - names)
        place = widest(program, again(inner), fixed) if is_pure(program, values) else None
        if place is not None and told and isinstance(start.place.statement, ast.Assign) and count not in used(values):
            yield Leading(inner, place, count, start.place, told, values, sign, wanted)


def _looked_up(program: Program, key: ast.expr, values: ast.expr, keys: str, count: str) -> str:
    """The keys of all things of a list that is looked at by places."""
    one, text = f"{program.text(values)}[{count}]", program.text(key)
    return program.text(values) if text == one else keys.format(text.replace(one, _THING))


OPERATORS = (Operator("leading", "rewrites", leading),)
