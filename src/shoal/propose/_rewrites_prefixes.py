"""Rewrites of searches for stretches of a list, by what they add up to: sums up to each place tell where they end."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, places, reads_first, step_of, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_nest import added
from shoal.propose._rewrites_parts import Rewrite, again, bracketed, label, place_of, read_later, uses
from shoal.propose._rewrites_pure import changed, is_pure
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]


class Stretches(NamedTuple):
    """Loops over where stretches begin and end, and a statement about those that add up to something.

    Attributes:
        outer, inner: the loops.
        values: the list.
        start: name of the first place of a stretch.
        begins: text of the first place at which a stretch may end.
        total: name of its sum; "" where that is not kept.
        part: text of what is added of the thing "{}".
        found: the statement with the condition.
        modulus: what the sum is divided by; "" where it is compared itself.
        wanted: what the sum, or the rest, must be.
        taken: the statements before that, which go.
    """

    outer: Place
    inner: Place
    values: ast.expr
    start: str
    begins: str
    total: str
    part: str
    found: Place
    modulus: str
    wanted: ast.expr
    taken: list[Place]


def matching_ends(draft: Draft) -> Change | None:
    """A loop that adds up a stretch until it is something goes right to where it is that, by sums made once."""
    program = draft.program
    one = draft.pick(list(_stretches(program)))
    rewrite = Rewrite(program)
    itertools, bisect = (rewrite.module(one.outer.block, name) for name in ("itertools", "bisect"))
    word, step = label(one.values), step_of(one.outer.block)
    sums, ends, at, total = (rewrite.name(name) for name in (f"{word}_sums", f"{word}_ends", "place", "sum_so_far"))
    thing, values = rewrite.name("value"), program.text(one.values)
    things = values if one.part == "{}" else f"({one.part.format(thing)} for {thing} in {values})"
    rest = f" % {one.modulus}" if one.modulus else ""
    rewrite.before(
        one.outer,
        f"{sums} = list({itertools}.accumulate({things}, initial=0))",
        f"{ends} = {{}}",
        f"for {at}, {total} in enumerate({sums}[1:]):",
        f"{step}{ends}.setdefault({total}{rest}, []).append({at})",
    )
    wanted = bracketed(program, one.wanted)
    reached = f"{sums}[{one.start}]{'' if wanted == '0' else f' + {wanted}'}"
    reached = (reached if wanted == "0" else f"({reached})") + rest if rest else reached
    found = rewrite.name("found")
    for place in one.taken:
        rewrite.drop(place)
    rewrite.before(one.inner, f"{found} = {ends}.get({reached}, ())")
    loop = one.inner.statement
    assert isinstance(loop, ast.For)
    assert isinstance(loop.target, ast.Name | ast.Tuple)
    end = program.text(loop.target)
    first = f"{found}[{bisect}.bisect_left({found}, {one.begins}) :]"
    offset = _offset(loop)
    name = end if isinstance(loop.target, ast.Name) and not offset and _is_range(loop) else rewrite.name("end")
    rewrite.cut(program.start(loop.target), program.end(loop.iter), f"{name} in {first}")
    lines = [f"{end} = {name} + 1"] if offset else []
    if name != end and not offset and isinstance(loop.target, ast.Name):
        lines.append(f"{end} = {bracketed(program, one.values)}[{name}]")
    if one.total:
        start = f"{sums}[{name} + 1] - {sums}[{one.start}]"
        lines.append(f"{one.total} = {start}")
    test = one.found.statement
    assert isinstance(test, ast.If)
    rewrite.before(one.found, *lines)
    return rewrite.change(f"where {shown(program.text(test.test))} is told by sums made once (line {loop.lineno})")


def _is_range(loop: ast.For) -> bool:
    return isinstance(loop.iter, ast.Call)


def _offset(loop: ast.For) -> int:
    """1 where a loop goes through the places after a stretch's last."""
    match loop.iter:
        case ast.Call(args=[ast.BinOp(op=ast.Add(), right=ast.Constant(value=1)), ast.BinOp()]):
            return 1
    return 0


def _stretches(program: Program) -> Iterator[Stretches]:
    for outer in places(program):
        loop = outer.statement
        if not isinstance(loop, ast.For) or loop.orelse:
            continue
        match loop.target, loop.iter:
            case ast.Name(id=start), ast.Call(func=ast.Name(id="range"), args=[_]):
                pass
            case ast.Tuple(elts=[ast.Name(id=start), ast.Name()]), ast.Call(func=ast.Name(id="enumerate"), args=[_]):
                pass
            case _:
                continue
        for inner in (place_of(program, s) for s in loop.body if isinstance(s, ast.For)):
            if inner is not None:
                yield from _inner(program, outer, inner, start)


def _inner(program: Program, outer: Place, inner: Place, start: str) -> Iterator[Stretches]:
    loop = inner.statement
    assert isinstance(loop, ast.For)
    taken = [place_of(program, s) for s in loop.body[:-1]]
    found = place_of(program, loop.body[-1])
    test = loop.body[-1]
    if found is None or not isinstance(test, ast.If) or test.orelse or loop.orelse or None in taken:
        return
    if not taken:
        yield from _of_slices(program, outer, inner, start, found)
        return
    sum_of = added(loop.body[:1])
    total = sum_of.target.id if sum_of is not None and isinstance(sum_of.target, ast.Name) else ""
    if len(taken) != 1 or sum_of is None or not total or not isinstance(sum_of.op, ast.Add):
        return
    through = _through(program, loop, start)
    compared = _compared(test.test, total)
    if through is None or compared is None:
        return
    values, thing = through
    part = _part(program, sum_of.value, thing, values)
    begun = [s for s in outer.statement.body if isinstance(s, ast.Assign) and uses(s, total)]  # type: ignore[attr-defined]
    zero = len(begun) == 1 and ast.unparse(begun[0]) == f"{total} = 0"
    before = zero and begun[0].lineno < loop.lineno
    names = {total, thing if part else "", start}
    if not part or not before or (uses(ast.Module(test.body, []), thing) and isinstance(loop.iter, ast.Subscript)):
        return
    found_one = Stretches(
        outer, inner, values, start, start, total, part, found, compared[0], compared[1], [p for p in taken if p]
    )
    if _is_steady(program, found_one, names) and not read_later(inner, {total, *bound(loop.target)}):
        kept = total if uses(test, total) else ""
        yield found_one._replace(total=kept)


def _through(program: Program, loop: ast.For, start: str) -> tuple[ast.expr, str] | None:
    """The list that a loop goes through from a place on, and the name of the place or of the thing."""
    match loop.target, loop.iter:
        case ast.Name(id=end), ast.Call(func=ast.Name(id="range"), args=[ast.Name(id=first), _]) if first == start:
            listed = [
                n.value
                for n in ast.walk(loop.body[0])
                if isinstance(n, ast.Subscript) and isinstance(n.slice, ast.Name) and n.slice.id == end
            ]
            return (listed[0], end) if len(listed) == 1 else None
        case ast.Name(id=thing), ast.Subscript(
            value=values, slice=ast.Slice(lower=ast.Name(id=first), upper=None, step=None)
        ) if first == start:
            return values, thing
    return None


def _part(program: Program, value: ast.expr, thing: str, values: ast.expr) -> str:
    """What is added of a thing, with "{}" in the thing's place; "" where it depends on more."""
    one = f"{ast.unparse(values)}[{thing}]"
    text = ast.unparse(value)
    if text in (one, thing):
        return "{}"
    mentions = [n for n in ast.walk(value) if isinstance(n, ast.Name) and n.id == thing]
    whole = [n for n in ast.walk(value) if ast.unparse(n) == one]
    if len(whole) == len(mentions) == 1 and is_pure(program, value) and "{" not in text:
        return text.replace(one, "{}")
    return ""


def _compared(test: ast.expr, total: str) -> tuple[str, ast.expr] | None:
    """What a sum is divided by, or "", and what it, or the rest, must be."""
    match test:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            for one, other in ((left, right), (right, left)):
                match one:
                    case ast.Name(id=name) if name == total and not uses(other, total):
                        return "", other
                    case ast.BinOp(left=ast.Name(id=name), op=ast.Mod(), right=by) if name == total:
                        return (ast.unparse(by), other) if isinstance(by, ast.Name | ast.Constant) else None
    return None


def _of_slices(program: Program, outer: Place, inner: Place, start: str, found: Place) -> Iterator[Stretches]:
    """`for j in range(i + 1, len(xs) + 1): if sum(xs[i:j]) == k: ...`, or up to `len(xs)` with `xs[i : j + 1]`."""
    loop, test = inner.statement, found.statement
    assert isinstance(loop, ast.For)
    assert isinstance(test, ast.If)
    match loop.target, test.test:
        case ast.Name(id=end), ast.Compare(
            left=ast.Call(
                func=ast.Name(id="sum"),
                args=[
                    ast.Subscript(
                        value=values,
                        slice=ast.Slice(lower=ast.Name(id=first), upper=ast.expr() as last, step=None),
                    )
                ],
                keywords=[],
            ),
            ops=[ast.Eq()],
            comparators=[wanted],
        ) if first == start and (ast.unparse(last), ast.unparse(loop.iter)) in _all_ends(values, start, end):
            one = Stretches(outer, inner, values, start, start, "", "{}", found, "", wanted, [])
            if _is_steady(program, one, {start, end}) and not read_later(inner, {end}):
                yield one


def _all_ends(values: ast.expr, start: str, end: str) -> list[tuple[str, str]]:
    """How stretches may be told that end anywhere after their start: the end of each, and what a loop goes through."""
    whole = f"len({ast.unparse(values)})"
    return [(end, f"range({start} + 1, {whole} + 1)"), (f"{end} + 1", f"range({start}, {whole})")]


def _is_steady(program: Program, one: Stretches, names: set[str]) -> bool:
    """Whether the list and what is wanted stay while the loops run, and whether all of the list is gone through."""
    loop, inner = one.outer.statement, one.inner.statement
    assert isinstance(loop, ast.For)
    assert isinstance(inner, ast.For)
    fixed = used(one.values) | (reads_first(one.wanted) - {one.start})
    inside = changed(program, *loop.body)
    if fixed & (inside | names) or not is_pure(program, one.values, one.wanted):
        return False
    if isinstance(inner.iter, ast.Call) and one.taken:
        return _is_whole(one, inner.iter)
    return True


def _is_whole(one: Stretches, ends: ast.Call) -> bool:
    """Whether stretches may end anywhere: at a place below the list's length, or below a name, as of that."""
    return isinstance(ends.args[-1], ast.Name) or ast.unparse(ends.args[-1]) == f"len({ast.unparse(one.values)})"


# -- the most ----------------------------------------------------------------------------------------------------------


def best_total(draft: Draft) -> Change | None:
    """The most, or the least, that stretches from each place add up to: the most of all sums after it, made once."""
    program = draft.program
    outer, inner, values, start, total, held, by = draft.pick(list(_totals(program)))
    rewrite = Rewrite(program)
    itertools, word, step = rewrite.module(outer.block, "itertools"), label(values), step_of(outer.block)
    sums, rest = (rewrite.name(name) for name in (f"{word}_sums", f"{word}_sums_{by}"))
    rewrite.before(
        outer,
        f"{sums} = list({itertools}.accumulate({program.text(values)}, initial=0))",
        f"{rest} = list({itertools}.accumulate(reversed({sums}), {by}))[::-1]",
    )
    rewrite.within(
        inner,
        f"if {start} + 1 < len({rest}):",
        f"{step}{held} = {by}({held}, {total} + {rest}[{start} + 1] - {sums}[{start}])",
    )
    return rewrite.change(f"the {by} of all sums from a place on, made once (line {inner.statement.lineno})")


def _totals(program: Program) -> Iterator[tuple[Place, Place, ast.expr, str, str, str, str]]:
    for outer in places(program):
        loop = outer.statement
        if not isinstance(loop, ast.For) or not isinstance(loop.target, ast.Name) or loop.orelse:
            continue
        start = loop.target.id
        for inner in (place_of(program, s) for s in loop.body if isinstance(s, ast.For)):
            if inner is None or len(inner.statement.body) != 2 or inner.statement.orelse:  # type: ignore[attr-defined]
                continue
            ends = inner.statement
            assert isinstance(ends, ast.For)
            sum_of, through = added(ends.body[:1]), _through(program, ends, start)
            most = _most(ends.body[1])
            if sum_of is None or through is None or most is None or not isinstance(sum_of.target, ast.Name):
                continue
            total, (held, by) = sum_of.target.id, most
            values, thing = through
            plain = _part(program, sum_of.value, thing, values) == "{}" and isinstance(sum_of.op, ast.Add)
            whole = not isinstance(ends.iter, ast.Call) or isinstance(ends.iter.args[-1], ast.Name)
            whole = whole or ast.unparse(ends.iter.args[-1]) == f"len({ast.unparse(values)})"  # type: ignore[attr-defined]
            fixed = not changed(program, *loop.body) & used(values)
            alone = not read_later(inner, {total, *bound(ends.target)}) and held != total and is_pure(program, values)
            if plain and whole and fixed and alone and uses(ends.body[1], total):
                yield outer, inner, values, start, total, held, by


def _most(statement: ast.stmt) -> tuple[str, str] | None:
    """Of `if total > best: best = total` and `best = max(best, total)`: best, and "max"; or "min"."""
    match statement:
        case ast.If(
            test=ast.Compare(left=ast.Name(id=left), ops=[ast.Gt() | ast.Lt() as op], comparators=[ast.Name(id=right)]),
            body=[ast.Assign(targets=[ast.Name(id=held)], value=ast.Name(id=value))],
            orelse=[],
        ) if {left, right} == {held, value}:
            return held, "max" if isinstance(op, ast.Gt) == (left == value) else "min"
        case ast.Assign(
            targets=[ast.Name(id=held)],
            value=ast.Call(func=ast.Name(id="max" | "min" as by), args=[ast.Name(id=one), ast.Name(id=other)]),
        ) if held in (one, other):
            return held, by
    return None


# -- all but one -------------------------------------------------------------------------------------------------------


def all_but_one(draft: Draft) -> Change | None:
    """What all things but one come to, added up or multiplied, is made of what those before it and after it do."""
    program = draft.program
    inner, outer, values, here, made = draft.pick(list(_but_one(program)))
    rewrite, word = Rewrite(program), label(values)
    itertools = rewrite.module(outer.block, "itertools")
    before, after = (rewrite.name(f"{word}_{side}") for side in ("before", "after"))
    times = isinstance(made.op, ast.Mult)
    by = f"{rewrite.module(outer.block, 'operator')}.mul, " if times else ""
    first = f"{by}initial={1 if times else 0}"
    text, sign = program.text(values), "*" if times else "+"
    rewrite.before(
        outer,
        f"{before} = list({itertools}.accumulate({text}, {first}))",
        f"{after} = list({itertools}.accumulate(reversed({text}), {first}))[::-1]",
    )
    rewrite.within(inner, f"{program.text(made.target)} {sign}= {before}[{here}] {sign} {after}[{here} + 1]")
    return rewrite.change(f"all of {shown(text)} but one, by those before and after (line {inner.statement.lineno})")


def _but_one(program: Program) -> Iterator[tuple[Place, Place, ast.expr, str, ast.AugAssign]]:
    for inner in places(program):
        match inner.statement:
            case (
                ast.For(
                    target=target,
                    iter=ast.Call(func=ast.Name(id="range" | "enumerate"), args=[gone]),
                    body=[
                        ast.If(
                            test=ast.Compare(
                                left=ast.Name(id=one), ops=[ast.NotEq()], comparators=[ast.Name(id=other)]
                            ),
                            body=[
                                ast.AugAssign(target=ast.Name(id=total), op=ast.Add() | ast.Mult(), value=value) as made
                            ],
                            orelse=[],
                        )
                    ],
                    orelse=[],
                ) as loop
            ):
                there = target.elts[0] if isinstance(target, ast.Tuple) else target
                values = gone.args[0] if isinstance(gone, ast.Call) and gone.args else gone
                if not isinstance(there, ast.Name) or there.id not in (one, other) or total in used(values):
                    continue
                here = other if there.id == one else one
                thing = target.elts[1] if isinstance(target, ast.Tuple) else None
                wanted = (f"{ast.unparse(values)}[{there.id}]", ast.unparse(thing) if thing is not None else "")
                whole = thing is not None or ast.unparse(gone) == f"len({ast.unparse(values)})"
                outer = next(iter(again(inner)), None)
                if outer is None or not isinstance(outer.statement, ast.For) or not whole:
                    continue
                steady = not changed(program, *outer.statement.body) & used(values) and is_pure(program, values)
                around = here in bound(outer.statement.target) and not read_later(inner, bound(loop.target))
                if ast.unparse(value) in wanted and steady and around:
                    yield inner, outer, values, here, made


OPERATORS = (
    Operator("all_but_one", "rewrites", all_but_one),
    Operator("matching_ends", "rewrites", matching_ends),
    Operator("best_total", "rewrites", best_total),
)
