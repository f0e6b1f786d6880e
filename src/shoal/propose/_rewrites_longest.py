"""Rewrites of searches for the longest text that others share: only what may be longer than the last one counts."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, step_of, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_parts import Rewrite, expressions, label, loops, place_of, read_later, repeats, widest
from shoal.propose._rewrites_pure import changed, is_pure
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]


class Match(NamedTuple):
    """A loop over what may match, which counts how far two things agree, and keeps the longest.

    Attributes:
        outer, inner: the loops; nothing follows the inner one in the outer.
        one: text of the thing of the outer loop, or of the text in which it begins at ``start``.
        other: the same of the inner loop.
        start: text of the place in ``one``; "" for its beginning.
        among: what the inner loop goes through, where that begins at places of its things; "" for texts.
        most: text of the longest length so far.
    """

    outer: Place
    inner: Place
    one: str
    other: str
    start: str
    among: str
    most: str


def longer_only(draft: Draft) -> Change | None:
    """What is shared from some place on, or from the beginning, is looked for only where more than before may be."""
    program = draft.program
    return draft.pick([*_of_matches(program), *_of_parts(program), *_of_lengths(program)])


# -- how far two agree -------------------------------------------------------------------------------------------------


def _of_matches(program: Program) -> Iterator[Change]:
    for match in _matches(program):
        rewrite, step = Rewrite(program), step_of(match.inner.block)
        if match.start:
            part = f"{match.one}[{match.start} : {match.start} + {match.most} + 1]"
            rewrite.before(match.inner, f"if {part} not in {match.other}:", f"{step}continue")
            yield rewrite.change(f"only where more of {match.one} is in {match.other} (line {_line(match)})")
            continue
        collections = rewrite.module(match.outer.block, "collections")
        starts, width, one = rewrite.name("starts"), rewrite.name("width"), rewrite.name("one")
        rewrite.before(match.outer, f"{starts}, {width} = {{}}, 0")
        rewrite.before(
            match.inner,
            f"if {width} != {match.most} + 1:",
            f"{step}{width} = {match.most} + 1",
            f"{step}{starts} = {collections}.Counter("
            f"{one}[:{width}] for {one} in {match.among} if len({one}) >= {width})",
            f"if {starts}.get({match.one}[:{width}], 0) < 2:",
            f"{step}continue",
        )
        yield rewrite.change(f"only those of {match.among} that share a longer beginning (line {_line(match)})")


def _line(match: Match) -> int:
    return match.inner.statement.lineno


def _matches(program: Program) -> Iterator[Match]:
    for inner in loops(program):
        outer = place_of(program, inner.block.owner) if isinstance(inner.block.owner, ast.For) else None
        if outer is None or not isinstance(inner.statement, ast.For) or inner.index + 1 != len(inner.block.statements):
            continue
        around, loop = outer.statement, inner.statement
        assert isinstance(around, ast.For)
        kept = _kept(loop.body)
        if kept is None:
            continue
        measure, most, before = kept
        agreed = _agreed(program, before, measure)
        if agreed is None or _has_effect(program, before, inner):
            continue
        (one, start), (other, there) = agreed
        if start in bound(loop.target):
            (one, start), (other, there) = (other, there), (one, start)
        if there in bound(loop.target) and start in bound(around.target) and _is_over_places(loop):
            yield Match(outer, inner, one, other, start, "", most)
        elif not start and not there:
            among = _list_of(around)
            things = _things(around, among), _things(loop, among)
            names = _names(before)
            told = names.get(one, one), names.get(other, other)
            for first, second in (told, told[::-1]):
                if among and first in things[0] and second in things[1]:
                    yield Match(outer, inner, first, second, "", among, most)
                    break


def _kept(body: list[ast.stmt]) -> tuple[str, str, list[ast.stmt]] | None:
    """The measure and the text of the longest so far of `if n > best: best = ...`, and the statements before."""
    *before, last = body
    match last:
        case ast.If(test=ast.Compare(left=left, ops=[ast.Gt() | ast.Lt() as op], comparators=[right]), orelse=[]):
            more, less = (left, right) if isinstance(op, ast.Gt) else (right, left)
        case _:
            return None
    name = next((n.id for n in ast.walk(less) if isinstance(n, ast.Name) and n.id != "len"), "")
    sets = [n for s in last.body for n in ast.walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    if ast.unparse(less) not in (name, f"len({name})") or name not in {n.id for n in sets}:
        return None
    return ast.unparse(more), ast.unparse(less), before


def _has_effect(program: Program, before: list[ast.stmt], inner: Place) -> bool:
    """Whether statements do more than to find out something for the rest of the round."""
    names = set().union(*map(bound, before)) if before else set()
    return bool(changed(program, *before) - names) or read_later(inner, names)


def _names(statements: list[ast.stmt]) -> dict[str, str]:
    """What single names stand for."""
    found = {}
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found[name] = ast.unparse(value)
    return found


Sides = tuple[tuple[str, str], tuple[str, str]]


def _agreed(program: Program, before: list[ast.stmt], measure: str) -> Sides | None:
    """Both things, and from where on, whose agreement statements count; None where they count anything else."""
    named = _names(before)
    count = measure.removeprefix("len(").removesuffix(")") if measure.startswith("len(") else measure
    for statement in before:
        match statement:
            case ast.While(test=test, body=[step], orelse=[]) if ast.unparse(step) in (
                f"{count} += 1",
                f"{count} = {count} + 1",
            ):
                if named.get(count) == "0":
                    return _compared(test, count)
            case ast.For(
                target=ast.Tuple(elts=[ast.Name(id=x), ast.Name(id=y)]),
                iter=ast.Call(func=ast.Name(id="zip"), args=[one, other]),
                body=[ast.If(test=test, body=[ast.Break()]), step],
            ) if named.get(count) == "0" and ast.unparse(step) == f"{count} += 1":
                if ast.unparse(test) in (f"{x} != {y}", f"{y} != {x}"):
                    return (ast.unparse(one), ""), (ast.unparse(other), "")
            case ast.Assign(
                targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id=called), args=[one, other], keywords=[])
            ) if name == count and _counts_agreement(program, called):
                return (ast.unparse(one), ""), (ast.unparse(other), "")
    return None


def _compared(test: ast.expr, count: str) -> Sides | None:
    """Both texts that a walk compares place by place."""
    tests = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
    for one in tests:
        match one:
            case ast.Compare(
                left=ast.Subscript(value=left, slice=at),
                ops=[ast.Eq()],
                comparators=[ast.Subscript(value=right, slice=there)],
            ):
                ends = [_offset(at, count), _offset(there, count)]
                if None not in ends:
                    return (ast.unparse(left), str(ends[0])), (ast.unparse(right), str(ends[1]))
    return None


def _offset(at: ast.expr, count: str) -> str | None:
    """Where a walk starts that is at a place; "" for the beginning."""
    match at:
        case ast.Name(id=name) if name == count:
            return ""
        case ast.BinOp(left=ast.Name(id=start), op=ast.Add(), right=ast.Name(id=name)) if name == count:
            return start
        case ast.BinOp(left=ast.Name(id=name), op=ast.Add(), right=ast.Name(id=start)) if name == count:
            return start
    return None


def _counts_agreement(program: Program, called: str) -> bool:
    """Whether an own function of two things compares them place by place."""
    for node in ast.walk(program.tree):
        if isinstance(node, ast.FunctionDef) and node.name == called and len(node.args.args) == 2:
            one, other = (a.arg for a in node.args.args)
            for inner in ast.walk(node):
                match inner:
                    case ast.Call(func=ast.Name(id="zip"), args=[ast.Name(id=x), ast.Name(id=y)]):
                        if {x, y} == {one, other}:
                            return True
                    case ast.Compare(
                        left=ast.Subscript(value=ast.Name(id=x), slice=at),
                        comparators=[ast.Subscript(value=ast.Name(id=y), slice=there)],
                    ):
                        if {x, y} == {one, other} and ast.dump(at) == ast.dump(there):
                            return True
    return False


def _is_over_places(loop: ast.For) -> bool:
    """Whether a loop goes through places of a text."""
    return isinstance(loop.target, ast.Name) and ast.unparse(loop.iter).startswith("range(")


def _list_of(loop: ast.For) -> str:
    """The list that a loop goes through, by its things or by places."""
    match loop.iter:
        case ast.Name(id=name):
            return name
        case ast.Call(func=ast.Name(id="enumerate"), args=[ast.Name(id=name)]):
            return name
        case ast.Call(func=ast.Name(id="range")):
            inside = [
                n.args[0] for n in ast.walk(loop.iter) if isinstance(n, ast.Call) and ast.unparse(n.func) == "len"
            ]
            return inside[0].id if len(inside) == 1 and isinstance(inside[0], ast.Name) else ""
    return ""


def _things(loop: ast.For, among: str) -> set[str]:
    """Texts of the thing that a loop is at."""
    names = [n for n in ast.walk(loop.target) if isinstance(n, ast.Name)]
    if not any(n.id == among for n in ast.walk(loop.iter) if isinstance(n, ast.Name)):
        return set()
    return {names[-1].id} | {f"{among}[{n.id}]" for n in names}


# -- parts of one text in another --------------------------------------------------------------------------------------


def _of_parts(program: Program) -> Iterator[Change]:
    """`for j in range(i + 1, len(a) + 1): if a[i:j] in b and j - i > len(best): best = a[i:j]`."""
    for inner in loops(program):
        match inner.statement:
            case ast.For(
                target=ast.Name(id=end),
                iter=ast.Call(func=ast.Name(id="range"), args=[ast.BinOp() as first, _]),
                body=[*names, ast.If(test=ast.BoolOp(op=ast.And(), values=[*tests]), orelse=[]) as last],
            ):
                pass
            case ast.For(
                target=ast.Name(id=end),
                iter=ast.Call(func=ast.Name(id="range"), args=[ast.BinOp() as first, _]),
                body=[*names, ast.If(test=one, body=[ast.If(test=other, orelse=[]) as last], orelse=[])],
            ):
                tests = [one, other]
            case _:
                continue
        named = _names(names)
        part, start = next(((k, v) for k, v in named.items() if v.endswith(f":{end}]")), ("", ""))
        texts = [ast.unparse(t) for t in tests]
        asked = next((t for t in tests if isinstance(t, ast.Compare) and isinstance(t.ops[0], ast.In)), None)
        if asked is None or len(named) != len(names) or len(tests) != 2:
            continue
        whole = start if ast.unparse(asked.left) == part else ast.unparse(asked.left)
        text, _, begin = whole.removesuffix(f":{end}]").rpartition("[")
        lengths = [f"len({part})", f"len({whole})", f"{end} - {begin}"]
        longest = [t.partition(" > ") for t in texts if " > " in t]
        if not text or ast.unparse(first) != f"{begin} + 1" or len(longest) != 1 or longest[0][0] not in lengths:
            continue
        most = longest[0][2]
        held = most.removeprefix("len(").removesuffix(")")
        stored = {
            n.id for s in last.body for n in ast.walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }
        body = place_of(program, inner.statement.body[0])
        if held not in stored or body is None or used(asked.comparators[0]) & bound(inner.statement):
            continue
        rewrite = Rewrite(program)
        rewrite.replace(first, f"{begin} + 1 + {most}")
        rewrite.before(body, f"if {whole} not in {program.text(asked.comparators[0])}:", f"{step_of(body.block)}break")
        yield rewrite.change(f"only parts longer than {most} (line {inner.statement.lineno})")


def _of_lengths(program: Program) -> Iterator[Change]:
    """`for n in range(len(a), 0, -1): for i in range(len(a) - n + 1): if a[i:i + n] in b: return a[i:i + n]`."""
    for outer in loops(program):
        match outer.statement:
            case ast.For(
                target=ast.Name(id=length),
                iter=ast.Call(func=ast.Name(id="range"), args=[limit, ast.Constant(value=0), ast.UnaryOp()]),
                body=[ast.For(target=ast.Name(id=begin), body=[*names, ast.If(test=test, orelse=[]) as last])],
            ) if isinstance(last.body[-1], ast.Return):
                pass
            case _:
                continue
        named = _names(names)
        match test:
            case ast.Compare(left=left, ops=[ast.In()], comparators=[ast.Name(id=other)]):
                whole = named.get(ast.unparse(left), ast.unparse(left))
            case _:
                continue
        text = whole.removesuffix(f"[{begin}:{begin} + {length}]")
        if text == whole or not text.isidentifier() or len(named) != len(names):
            continue
        rewrite, step = Rewrite(program), step_of(outer.block)
        most, at = rewrite.name("longest"), rewrite.name("start")
        rewrite.before(
            outer,
            f"{most} = 0",
            f"for {at} in range(len({text})):",
            f"{step}while {at} + {most} < len({text}) and {text}[{at} : {at} + {most} + 1] in {other}:",
            f"{step}{step}{most} += 1",
        )
        rewrite.replace(limit, f"min({program.text(limit)}, {most})")
        yield rewrite.change(f"no parts longer than the longest (line {outer.statement.lineno})")


# -- more than before --------------------------------------------------------------------------------------------------


class Rest(NamedTuple):
    """A loop over all later places of a list, which keeps what is more than the most so far.

    Attributes:
        inner, outer: the loops; nothing follows the inner one in the outer.
        values: name of the list.
        first: text of the first later place.
        more: text of what is compared, with "{}" for the later thing.
        most: text of the most so far; and of its beginning, where nothing is known, "" for none.
        unknown: text of a condition under which nothing is known yet; "" for none.
        by: "max", or "min" where less of the later thing is more.
    """

    outer: Place
    inner: Place
    values: str
    first: str
    more: str
    most: str
    unknown: str
    by: str


def more_only(draft: Draft) -> Change | None:
    """A loop over all later things, for what is more than the most so far, is run only where there is such a thing.

    The greatest of all later things, made once for each place, tells.
    """
    program = draft.program
    rest = draft.pick(list(_rests(program)))
    rewrite, step = Rewrite(program), step_of(rest.inner.block)
    itertools = rewrite.module(rest.outer.block, "itertools")
    name = rewrite.name(f"{rest.values}_{rest.by}_from")
    made = f"list({itertools}.accumulate(reversed({rest.values}), {rest.by}))[::-1]"
    rewrite.before(rest.outer, f"{name} = {made}")
    known = f"not ({rest.unknown}) and " if rest.unknown else ""
    less = f"{rest.more.format(f'{name}[{rest.first}]')} <= {rest.most}"
    rewrite.before(rest.inner, f"if {rest.first} >= len({name}) or ({known}{less}):", f"{step}continue")
    return rewrite.change(f"only where a later thing makes more than {rest.most} (line {rest.inner.statement.lineno})")


def _rests(program: Program) -> Iterator[Rest]:
    for inner in loops(program):
        outer = place_of(program, inner.block.owner) if isinstance(inner.block.owner, ast.For) else None
        loop = inner.statement
        if outer is None or not isinstance(loop, ast.For) or inner.index + 1 != len(inner.block.statements):
            continue
        match loop.target, loop.iter, loop.body:
            case (
                ast.Name(id=there),
                ast.Call(func=ast.Name(id="range"), args=[first, ast.Call() | ast.Name()]),
                [*names, ast.If(test=test, orelse=[]) as last],
            ):
                unknown, compared = _unknown(test)
            case _:
                continue
        named = {
            s.targets[0].id: s.value for s in names if isinstance(s, ast.Assign) and isinstance(s.targets[0], ast.Name)
        }
        match compared:
            case (
                ast.Compare(left=more, ops=[ast.Gt()], comparators=[most])
                | ast.Compare(left=most, ops=[ast.Lt()], comparators=[more])
            ) if len(named) == len(names):
                more = named.get(more.id, more) if isinstance(more, ast.Name) else more
            case _:
                continue
        thing, by = _later(more, there)
        stored = {
            n.id for s in last.body for n in ast.walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }
        held = {n.id for n in ast.walk(most) if isinstance(n, ast.Name)}
        moving = changed(program, outer.statement)
        still = thing not in moving and _is_place(first) and not used(more) & stored
        pure = is_pure(program, more, *named.values()) and not read_later(inner, {there, *named})
        if thing and still and held and held <= stored and pure:
            told = ast.unparse(more).replace(f"{thing}[{there}]", "{}")
            if told.count("{}") == 1 and there not in used(ast.parse(told.format("0"))):
                yield Rest(outer, inner, thing, program.text(first), told, program.text(most), unknown, by)


def _is_place(node: ast.expr) -> bool:
    """Whether it is a place of a list, not one before its beginning: `i`, `i + 1`."""
    match node:
        case ast.BinOp(left=ast.Name(), op=ast.Add(), right=ast.Constant(value=int())):
            return True
    return isinstance(node, ast.Name)


def _unknown(test: ast.expr) -> tuple[str, ast.expr]:
    """The condition under which nothing is known yet, "" for none, and the other one."""
    match test:
        case ast.BoolOp(op=ast.Or(), values=[ast.Compare(ops=[ast.Is()]) as unknown, other]):
            return ast.unparse(unknown), other
    return "", test


def _later(more: ast.expr, there: str) -> tuple[str, str]:
    """The list of whose later thing more makes more, and "max"; or less, and "min"; "" for none."""
    match more:
        case ast.Subscript(value=ast.Name(id=values), slice=ast.Name(id=at)) if at == there:
            return values, "max"
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            values, by = _later(left, there)
            if values:
                return values, by
            values, by = _later(right, there)
            turned = {"max": "min", "min": "max", "": ""}
            return values, by if isinstance(op, ast.Add) else turned[by]
    return "", ""


# -- the beginning of all ----------------------------------------------------------------------------------------------


def least_and_most(draft: Draft) -> Change | None:
    """Whether all texts of a list begin with something is asked of the first and the last of them in order alone."""
    program = draft.program
    options = [(only, place) for only, test in _asked(program) if (place := _before(program, only, test)) is not None]
    only, place = draft.pick(options)
    rewrite = Rewrite(program)
    text = program.text(only.iter)
    name = rewrite.name(f"{label(only.iter)}_ends")
    rewrite.before(place, f"{name} = [min({text}), max({text})] if {text} else []")
    rewrite.replace(only.iter, name)
    return rewrite.change(f"the first and the last of {shown(text)} in order (line {only.iter.lineno})")


def _asked(program: Program) -> Iterator[tuple[ast.comprehension, ast.expr]]:
    for site in expressions(program):
        match site.node:
            case ast.Call(
                func=ast.Name(id="all" | "any" as by),
                args=[ast.GeneratorExp(elt=test, generators=[only]) | ast.ListComp(elt=test, generators=[only])],
                keywords=[],
            ) if not only.ifs and isinstance(only.target, ast.Name) and isinstance(only.iter, ast.Name):
                if _is_beginning(test, only.target.id, all_of=by == "all"):
                    yield only, site.node


def _is_beginning(test: ast.expr, name: str, *, all_of: bool) -> bool:
    """Whether a condition says of a text that it begins with something, or that it does not where any is asked for."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return not all_of and _is_beginning(inner, name, all_of=True)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=text), attr="startswith"), args=[wanted], keywords=[]):
            return all_of and text == name and name not in used(wanted)
        case ast.Compare(
            left=ast.Subscript(
                value=ast.Name(id=text), slice=ast.Slice(lower=None, upper=ast.expr() as end, step=None)
            ),
            ops=[ast.Eq() | ast.NotEq() as op],
            comparators=[wanted],
        ):
            return text == name and name not in used(wanted) | used(end) and isinstance(op, ast.Eq) == all_of
    return False


def _before(program: Program, only: ast.comprehension, call: ast.expr) -> Place | None:
    """Before which statement the texts can be looked through once."""
    site = next(s for s in expressions(program) if s.node is call)
    around = repeats(site)
    names = used(only.iter)
    if site.loose or not around or not is_pure(program, only.iter):
        return None
    return widest(program, around, names)


# -- runs --------------------------------------------------------------------------------------------------------------


def run_starts(draft: Draft) -> Change | None:
    """Runs of numbers that follow one another, of which the longest counts, are followed from their first alone."""
    program = draft.program
    loop, first, thing, table = draft.pick(list(_runs(program)))
    rewrite = Rewrite(program)
    step = step_of(first.block)
    rewrite.before(first, f"if {thing} - 1 in {table}:", f"{step}continue")
    return rewrite.change(f"from the first of each run in {table} (line {loop.statement.lineno})")


def _runs(program: Program) -> Iterator[tuple[Place, Place, str, str]]:
    """Loops over things, with a `while` that goes on to the next number as long as that is in a table, too."""
    for loop in loops(program):
        match loop.statement:
            case ast.For(target=ast.Name(id=thing), body=[_, *_] as body):
                first = place_of(program, body[0])
            case _:
                continue
        for statement in body:
            match statement:
                case ast.While(
                    test=ast.Compare(
                        left=ast.BinOp(left=ast.Name(id=begin), op=ast.Add()),
                        ops=[ast.In()],
                        comparators=[ast.Name(id=table)],
                    )
                ) if first is not None and table not in bound(loop.statement):
                    same = begin == thing or any(ast.unparse(one) == f"{begin} = {thing}" for one in body)
                    if same and ast.unparse(body[0]) != f"if {thing} - 1 in {table}:\n    continue":
                        yield loop, first, thing, table


OPERATORS = (
    Operator("longer_only", "rewrites", longer_only),
    Operator("more_only", "rewrites", more_only),
    Operator("least_and_most", "rewrites", least_and_most),
    Operator("run_starts", "rewrites", run_starts),
)
