"""Rewrites of lists from which things are taken out one by one: what stays is gathered, and put back at once."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, step_of, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_pairs import conditions, opposite
from shoal.propose._rewrites_parts import (
    Rewrite,
    loops,
    place_of,
    read_later,
    reworded,
    uses,
)
from shoal.propose._rewrites_pure import is_pure
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]


_COPIES = ("list", "set")


class Walk(NamedTuple):
    """A `while` through a list by a place, from 0 or from behind another on, that takes things out or moves on.

    Attributes:
        start: the assignment of the first place, right before the loop.
        loop: the loop.
        name, at: of the list and of the place.
        first: text of the first place.
        body: the loop's statements.
    """

    start: Place
    loop: Place
    name: str
    at: str
    first: str
    body: list[ast.stmt]


def gathered(draft: Draft) -> Change | None:
    """`while i < len(xs): if c: del xs[i] else: i += 1`: what stays is gathered in a list, and put back into the first.

    Where what goes is equal to something before it, by a key or as it is, the first of each stays: a table tells.
    """
    program = draft.program
    alone = *_by_condition(program), *_backwards(program), *_all_removed(program)
    return draft.pick([*alone, *_by_others(program), *_last_of_each(program)])


def _walks(program: Program) -> Iterator[Walk]:
    for loop in loops(program):
        match loop.statement:
            case ast.While(
                test=ast.Compare(left=ast.Name(id=at), ops=[ast.Lt()], comparators=[limit]), body=body, orelse=[]
            ) if loop.index:
                pass
            case _:
                continue
        name = _length_of(limit)
        start = Place(loop.block, loop.index - 1)
        match start.statement:
            case ast.Assign(targets=[ast.Name(id=same)], value=first) if same == at and name:
                fits = place_of(program, start.statement) is not None and not read_later(loop, {at})
                if fits:
                    yield Walk(start, loop, name, at, program.text(first), body)


def _length_of(node: ast.expr) -> str:
    """The list whose length it is, or one less."""
    match node:
        case ast.BinOp(left=ast.Call() as call, op=ast.Sub(), right=ast.Constant(value=1)):
            return _length_of(call)
        case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]):
            return name
    return ""


def _step(walk: Walk) -> tuple[ast.expr, list[ast.stmt]] | None:
    """The condition under which a thing goes, and statements before that; None where the loop does anything else."""
    go = (f"del {walk.name}[{walk.at}]", f"{walk.name}.pop({walk.at})")
    on = (f"{walk.at} += 1", f"{walk.at} = {walk.at} + 1")
    match walk.body:
        case [*names, ast.If(test=test, body=[*one], orelse=[*other])] if other:
            pass
        case [*names, ast.If(test=test, body=[*one], orelse=[]), last] if ast.unparse(one[-1]) == "continue":
            one, other = one[:-1], [last]
        case _:
            return None
    texts = [ast.unparse(s) for s in (*one, *other)]
    if len(texts) != 2:
        return None
    if texts[0] in go and texts[1] in on:
        return test, names
    if texts[0] in on and texts[1] in go:
        return ast.UnaryOp(ast.Not(), test), names
    return None


def _by_condition(program: Program) -> Iterator[Change]:
    for walk in _walks(program):
        told = _step(walk) if walk.first == "0" else None
        if told is None or any(not isinstance(s, ast.Assign) for s in told[1]):
            continue
        rewrite = Rewrite(program)
        thing, kept = rewrite.name("one"), rewrite.name(f"{walk.name}_kept")
        names = {
            f"{walk.name}[{walk.at}]": thing,
            f"{walk.name}[:{walk.at}]": kept,
            f"{walk.name}.index({walk.name}[{walk.at}]) < {walk.at}": f"{thing} in {kept}",
            walk.at: f"len({kept})",
        }
        guarded = any(ast.unparse(one) in (f"{walk.at} > 0", walk.at, f"{walk.at} >= 1") for one in conditions(told[0]))
        names |= {f"{walk.name}[{walk.at} - 1]": f"{kept}[-1]"} if guarded else {}
        texts = [reworded(node, names) for node in (*[s.value for s in told[1]], told[0])]  # type: ignore[attr-defined]
        if any(uses(ast.parse(text), walk.name) for text in texts) or not is_pure(program, told[0]):
            continue
        step = step_of(walk.loop.block)
        heads = [ast.unparse(s.targets[0]) for s in told[1]]  # type: ignore[attr-defined]
        rewrite.drop(walk.start)
        rewrite.within(
            walk.loop,
            f"{kept} = []",
            f"for {thing} in {walk.name}:",
            *(f"{step}{head} = {text}" for head, text in zip(heads, texts, strict=False)),
            f"{step}if {_denied(texts[-1])}:",
            f"{step}{step}{kept}.append({thing})",
            f"{walk.name}[:] = {kept}",
        )
        yield rewrite.change(f"what stays of {walk.name} is gathered (line {walk.loop.statement.lineno})")


def _by_others(program: Program) -> Iterator[Change]:
    """A walk within a walk, which takes out all later things that are equal to the first one's."""
    for inner in _walks(program):
        told = _step(inner)
        outer = next((w for w in _outer_walks(program, inner)), None)
        if told is None or told[1] or outer is None:
            continue
        here, on = outer
        match told[0]:
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]) if inner.first == f"{here} + 1":
                pass
            case _:
                continue
        one, other = f"{inner.name}[{here}]", f"{inner.name}[{inner.at}]"
        keys = [reworded(side, {one: "one", other: "one"}) for side in (left, right)]
        sides = {text for side in (left, right) for text in (one, other) if text in ast.unparse(side)}
        if keys[0] != keys[1] or sides != {one, other} or uses(ast.parse(keys[0]), inner.name):
            continue
        rewrite = Rewrite(program)
        firsts, thing = rewrite.name("firsts"), rewrite.name("one")
        if on.start is not None:
            rewrite.drop(on.start)
        key = keys[0] if thing == "one" else reworded(ast.parse(keys[0], mode="eval").body, {"one": thing})
        lines = [f"{inner.name}[:] = dict.fromkeys({inner.name})"]
        if key != thing:
            lines = [f"{firsts} = {{}}", f"for {thing} in {inner.name}:"]
            lines += [f"{step_of(inner.loop.block)}{firsts}.setdefault({key}, {thing})"]
            lines += [f"{inner.name}[:] = {firsts}.values()"]
        rewrite.within(on.loop, *lines)
        yield rewrite.change(f"the first of each stays in {shown(inner.name)} (line {on.loop.statement.lineno})")


class Around(NamedTuple):
    """The loop around a walk, and the assignment of its first place, where it has one."""

    start: Place | None
    loop: Place


def _outer_walks(program: Program, inner: Walk) -> Iterator[tuple[str, Around]]:
    """The walks, each with its place, that do nothing but begin and make another one, and move on."""
    own = [inner.start.statement, inner.loop.statement]
    for walk in _walks(program):
        alike = walk.name == inner.name and walk.first == "0" and walk.body[:2] == own and len(walk.body) == 3
        if alike and ast.unparse(walk.body[2]) in (f"{walk.at} += 1", f"{walk.at} = {walk.at} + 1"):
            yield walk.at, Around(walk.start, walk.loop)


def _backwards(program: Program) -> Iterator[Change]:
    """`for i in range(len(xs) - 1, -1, -1): if c: del xs[i]`, where c asks of what comes before: that still stands."""
    for loop in loops(program):
        match loop.statement:
            case ast.For(
                target=ast.Name(id=at), iter=iterated, body=[ast.If(test=test, body=[goes], orelse=[])], orelse=[]
            ):
                pass
            case _:
                continue
        name = next((n.id for n in ast.walk(iterated) if isinstance(n, ast.Name) and n.id not in ("range", "len")), "")
        if ast.unparse(iterated) not in (f"range(len({name}) - 1, -1, -1)", f"reversed(range(len({name})))"):
            continue
        if ast.unparse(goes) not in (f"del {name}[{at}]", f"{name}.pop({at})") or not is_pure(program, test):
            continue
        rewrite = Rewrite(program)
        thing = rewrite.name("one")
        text = reworded(
            test, {f"{name}[{at}]": thing, f"{name}.index({name}[{at}]) < {at}": f"{thing} in {name}[:{at}]"}
        )
        rest = reworded(ast.parse(text, mode="eval").body, {f"{name}[:{at}]": "[]"})
        if uses(ast.parse(rest), name) or read_later(loop, {at}) or name in bound(loop.statement):
            continue
        each = f"for {at}, {thing} in enumerate({name})" if uses(ast.parse(text), at) else f"for {thing} in {name}"
        kept = rewrite.name(f"{name}_kept")
        rewrite.within(loop, f"{kept} = [{thing} {each} if {_denied(text)}]", f"{name}[:] = {kept}")
        yield rewrite.change(f"what stays of {name} is gathered (line {loop.statement.lineno})")


def _all_removed(program: Program) -> Iterator[Change]:
    """`while x in xs: xs.remove(x)`, which may count them."""
    for loop in loops(program):
        match loop.statement:
            case ast.While(test=ast.Compare(left=wanted, ops=[ast.In()], comparators=[ast.Name(id=name)]), body=body):
                pass
            case _:
                continue
        takes = [s for s in body if ast.unparse(s) == f"{name}.remove({ast.unparse(wanted)})"]
        counts = [s for s in body if isinstance(s, ast.AugAssign) and ast.unparse(s.value) == "1"]
        steady = is_pure(program, wanted) and not used(wanted) & {name, *bound(loop.statement)}
        if len(takes) != 1 or len(takes) + len(counts) != len(body) or not steady:
            continue
        rewrite = Rewrite(program)
        thing, text = rewrite.name("one"), program.text(wanted)
        heads = [f"{ast.unparse(s.target)} {'+' if isinstance(s.op, ast.Add) else '-'}= " for s in counts]
        rewrite.within(
            loop,
            *(f"{head}{name}.count({text})" for head in heads),
            f"{name}[:] = [{thing} for {thing} in {name} if {thing} != {text}]",
        )
        yield rewrite.change(f"all that are {shown(text)} leave {name} at once (line {loop.statement.lineno})")


def _last_of_each(program: Program) -> Iterator[Change]:
    """`for x in xs[:]: while xs.count(x) > 1: xs.remove(x)`: the last of each stays."""
    for loop in loops(program):
        match loop.statement:
            case ast.For(target=ast.Name(id=one), iter=iterated, body=[ast.If() | ast.While() as asks], orelse=[]):
                name = next((n.id for n in ast.walk(iterated) if isinstance(n, ast.Name) and n.id not in _COPIES), "")
            case _:
                continue
        copies = [f"{name}[:]", f"{name}.copy()", f"list({name})"]
        copies += [f"set({name})", f"list(set({name}))"] if isinstance(asks, ast.While) else []
        text = ast.unparse(asks).partition(" ")[2]
        removes = text == f"{name}.count({one}) > 1:\n    {name}.remove({one})"
        if ast.unparse(iterated) in copies and removes and not read_later(loop, {one}):
            rewrite = Rewrite(program)
            rewrite.within(loop, f"{name}[:] = list(dict.fromkeys(reversed({name})))[::-1]")
            yield rewrite.change(f"the last of each stays in {name} (line {loop.statement.lineno})")


def _denied(text: str) -> str:
    """The text of what is the case where a condition is not fulfilled."""
    return ast.unparse(opposite(ast.parse(text, mode="eval").body))


OPERATORS = (Operator("gathered", "rewrites", gathered),)
