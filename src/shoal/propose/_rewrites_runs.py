"""A rewrite of stretches of equal things that are followed from each place: they end where the next place's ends."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, places, step_of, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_nest import start_of
from shoal.propose._rewrites_parts import Rewrite, label, outward, read_later
from shoal.propose._rewrites_pure import changed, is_pure
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]


class Run(NamedTuple):
    """A loop that goes on as long as things are equal to the one at a place of the loop around it.

    Attributes:
        inner, outer: the loops.
        values: text of the list; at: the place.
        first: text of the place that is looked at first.
        counted: names to which one is added for each.
        end: name that holds the end of the stretch; "" for none.
        start: the statement that gives the first place to that name.
        length: whether the name holds how long the stretch is, and not its end.
    """

    inner: Place
    outer: Place
    values: str
    at: str
    first: str
    counted: list[str]
    end: str = ""
    start: Place | None = None
    length: bool = False


def run_ends(draft: Draft) -> Change | None:
    """Where a stretch of equal things ends is found once for all places, from the last to the first."""
    program = draft.program
    run = draft.pick(list(_runs(program)))
    rewrite, step = Rewrite(program), step_of(run.outer.block)
    ends, place = rewrite.name(f"{label(ast.parse(run.values, mode='eval').body)}_ends"), rewrite.name("place")
    values = run.values
    # What does not equal itself, as NaN, is no stretch at all where the first thing is looked at too.
    own = f"{place} + ({values}[{place}] == {values}[{place}])" if run.first == run.at else f"{place} + 1"
    rewrite.before(
        run.outer,
        f"{ends} = [{own} for {place} in range(len({values}))]",
        f"for {place} in range(len({values}) - 2, -1, -1):",
        f"{step}if {values}[{place}] == {values}[{place} + 1]:",
        f"{step}{step}{ends}[{place}] = {ends}[{place} + 1]",
    )
    lines = [f"{name} += {ends}[{run.at}] - {_bracketed(run.first)}" for name in run.counted]
    if run.start is not None:
        rewrite.drop(run.start)
        lines.append(f"{run.end} = {ends}[{run.at}]{f' - {run.at}' if run.length else ''}")
    rewrite.within(run.inner, *lines)
    return rewrite.change(f"ends of stretches of {shown(values)}, found once (line {run.inner.statement.lineno})")


def _bracketed(text: str) -> str:
    return text if text.isidentifier() else f"({text})"


def _runs(program: Program) -> Iterator[Run]:
    for inner in places(program):
        outer = next((p for p in outward(inner) if isinstance(p.statement, ast.For | ast.While)), None)
        if outer is None or inner not in [Place(inner.block, k) for k in inner.block.places]:
            continue
        found = _outer(outer.statement)
        if found is None or inner.block.owner is not outer.statement:
            continue
        at, values, thing = found
        match inner.statement:
            case ast.For():
                run = _of_for(program, inner, outer, at, values, thing)
            case ast.While():
                run = _of_while(program, inner, outer, at, values, thing)
            case _:
                continue
        body = outer.statement.body  # type: ignore[attr-defined]
        if run is not None and not changed(program, *body) & (used(ast.parse(values)) | {at, thing}):
            yield run


def _outer(loop: ast.stmt) -> tuple[str, str, str] | None:
    """Of a loop through all places of a list: the name of the place, the text of the list, the name of the thing."""
    match loop:
        case ast.For(
            target=ast.Name(id=at),
            iter=ast.Call(func=ast.Name(id="range"), args=[ast.Call(func=ast.Name(id="len"), args=[values])]),
        ):
            return (at, ast.unparse(values), "") if _is_plain(values) else None
        case ast.For(
            target=ast.Tuple(elts=[ast.Name(id=at), ast.Name(id=thing)]),
            iter=ast.Call(func=ast.Name(id="enumerate"), args=[values], keywords=[]),
        ):
            return (at, ast.unparse(values), thing) if _is_plain(values) else None
    return None


def _is_plain(values: ast.expr) -> bool:
    return isinstance(values, ast.Name | ast.Attribute)


def _equals(test: ast.expr, sign: type[ast.cmpop], place: str, at: str, values: str, thing: str) -> bool:
    """Whether a condition compares the thing at one place with that at another."""
    match test:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if isinstance(op, sign):
            sides = {ast.unparse(left), ast.unparse(right)}
            return sides in ({f"{values}[{place}]", f"{values}[{at}]"}, {f"{values}[{place}]", thing})
    return False


def _counted(statements: list[ast.stmt]) -> list[str] | None:
    """The names to which statements add one, and do nothing else."""
    names = []
    for statement in statements:
        match statement:
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=ast.Constant(value=1)):
                names.append(name)
            case _:
                return None
    return names if len(set(names)) == len(names) else None


def _of_for(program: Program, inner: Place, outer: Place, at: str, values: str, thing: str) -> Run | None:
    loop = inner.statement
    assert isinstance(loop, ast.For)
    match loop.target, loop.iter:
        case ast.Name(id=place), ast.Call(func=ast.Name(id="range"), args=[first, last]):
            pass
        case _:
            return None
    if loop.orelse or ast.unparse(last) != f"len({values})" or read_later(inner, {place}):
        return None
    match loop.body:
        case [ast.If(test=test, body=[ast.Break()], orelse=[]), *rest] if rest:
            sign: type[ast.cmpop] = ast.NotEq
        case [ast.If(test=test, body=rest, orelse=[ast.Break()])]:
            sign = ast.Eq
        case _:
            return None
    counted = _counted(rest)
    begins = ast.unparse(first)
    if not counted or begins not in (at, f"{at} + 1") or {place, at, thing} & set(counted):
        return None
    fits = _equals(test, sign, place, at, values, thing) and is_pure(program, test)
    return Run(inner, outer, values, at, begins, counted) if fits else None


def _of_while(program: Program, inner: Place, outer: Place, at: str, values: str, thing: str) -> Run | None:
    """`while j < len(xs) and xs[j] == xs[i]: j += 1`, or with `i + k` for j."""
    loop = inner.statement
    assert isinstance(loop, ast.While)
    match loop.test:
        case ast.BoolOp(op=ast.And(), values=[ast.Compare(left=ast.Name(id=name) as place) as bound, test]):
            firsts = {at: at, f"{at} + 1": f"{at} + 1"}
        case ast.BoolOp(
            op=ast.And(), values=[ast.Compare(left=ast.BinOp(right=ast.Name(id=name)) as place) as bound, test]
        ):
            firsts = {"0": at, "1": f"{at} + 1"} if ast.unparse(place) == f"{at} + {name}" else {}
        case _:
            return None
    counted, start, text = _counted(loop.body), start_of(program, inner, name), ast.unparse(place)
    if loop.orelse or counted is None or name not in counted or start is None or {at, thing} & set(counted):
        return None
    first = firsts.get(ast.unparse(start.value), "")
    whole = ast.unparse(bound) == f"{text} < len({values})" and isinstance(start.place.statement, ast.Assign)
    same = _equals(test, ast.Eq, text, at, values, thing) and is_pure(program, test)
    others = [one for one in counted if one != name]
    if not first or not whole or not same:
        return None
    return Run(inner, outer, values, at, first, others, name, start.place, text != name)


OPERATORS = (Operator("run_ends", "rewrites", run_ends),)
