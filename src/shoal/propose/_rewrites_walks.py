"""Rewrites of walks through a list up to the first thing that is more, or less, than something: they start there."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, places, reads_first, step_of, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_parts import (
    SIGNS,
    TURNED,
    Rewrite,
    again,
    bracketed,
    exchanged_text,
    expressions,
    label,
    read_later,
    repeats,
    uses,
    widest,
)
from shoal.propose._rewrites_pure import is_pure
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]

_DENIED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class Way(NamedTuple):
    """What is walked through: by places in a list, or thing by thing.

    Attributes:
        name: of the place or of the thing.
        values: the list, where it goes thing by thing.
        start: text of the first place.
        stop: text of the place after the last one; "" for the list's end.
        back: whether it goes towards the beginning.
        moved: what to put where, so that it starts at a place whose text is put for "{}".
    """

    name: str
    values: ast.expr | None
    start: str
    stop: str
    back: bool
    moved: tuple[tuple[ast.AST, str], ...]


class Walk(NamedTuple):
    """A walk that does nothing, or counts, until it meets a thing that compares in some way.

    Attributes:
        way: where it goes.
        values, key: the list, and text of what is compared of its thing "item"; "" for the thing itself.
        offset: how far the thing is from the place that is counted.
        sign, wanted: the comparison that ends the walk.
        counts: what is counted at each step: head of the statement and text of the step.
        spot: the loop; None for an expression.
        place: before which statement the list can be looked through once.
    """

    way: Way
    values: ast.expr
    key: str
    offset: int
    sign: str
    wanted: str
    counts: list[tuple[str, str]]
    spot: Place | None
    place: Place


def first_beyond(draft: Draft) -> Change | None:
    """A walk up to the first thing that is more, or less, than something starts there.

    Extremes of stretches of doubled widths, made once, tell where that is in steps that grow and shrink.
    """
    program = draft.program
    walk = draft.pick([*_of_whiles(program), *_of_fors(program), *_of_next(program)])
    rewrite = Rewrite(program)
    find = _finder(rewrite, walk)
    start, back = walk.way.start, walk.way.back
    offset = f" {'-' if walk.offset < 0 else '+'} {abs(walk.offset)}" if walk.offset else ""
    undone = f" {'+' if walk.offset < 0 else '-'} {abs(walk.offset)}" if walk.offset else ""
    found = f"{find}({start}{offset}, {walk.wanted}){undone}"
    if walk.spot is not None and (walk.counts or isinstance(walk.spot.statement, ast.While)):
        ahead = rewrite.name("ahead")
        lines = [f"{ahead} = {found}"]
        clipped = ahead
        if walk.way.stop:
            clipped = f"{'max' if back else 'min'}({ahead}, {walk.way.stop})"
        far = f"{start} - {clipped}" if back else f"{clipped} - {_operand(start)}"
        if walk.counts:
            skipped = rewrite.name("skipped")
            lines.append(f"{skipped} = max(0, {far})")
            lines += [f"{head}{skipped}{'' if by == '1' else f' * {by}'}" for head, by in walk.counts]
        if isinstance(walk.spot.statement, ast.While):
            lines.append(f"{start} = {'min' if back else 'max'}({start}, {clipped})")
        rewrite.before(walk.spot, *lines)
        found = ahead
    elif len(walk.way.moved) > 1 and walk.spot is not None:
        ahead = rewrite.name("ahead")
        rewrite.before(walk.spot, f"{ahead} = {found}")
        found = ahead
    for node, text in walk.way.moved:
        rewrite.replace(node, text.format(found))
    return rewrite.change(f"{shown(program.text(walk.values))} {walk.sign} {walk.wanted}, by stretches")


def _operand(text: str) -> str:
    return text if text.isidentifier() or text.isdigit() else f"({text})"


def _finder(rewrite: Rewrite, walk: Walk) -> str:
    """Put in the function that finds the place; its name."""
    program, place = rewrite.program, walk.place
    word, step = label(walk.values), step_of(place.block)
    by, beyond = ("max", "above") if walk.sign[0] == ">" else ("min", "below")
    find, levels = rewrite.name(f"{word}_{'last' if walk.way.back else 'first'}_{beyond}"), rewrite.name(f"{word}_{by}")
    text = program.text(walk.values)
    things = f"reversed({text})" if walk.way.back else text
    whole = f"[{walk.key} for item in {things}]" if walk.key else f"list({things})"
    ends = f"level < len({levels}) and at < len({levels}[level])"
    far = f"at < len({levels}[level])"
    below = f"not {levels}[level][at] {walk.sign} wanted"
    rewrite.before(
        place,
        f"{levels} = [{whole}]",
        f"while 1 << len({levels}) <= len({levels}[0]):",
        f"{step}{levels}.append(list(map({by}, {levels}[-1], {levels}[-1][1 << len({levels}) - 1 :])))",
        "",
        f"def {find}(at, wanted):",
        *([f"{step}at = len({levels}[0]) - 1 - at"] if walk.way.back else []),
        f"{step}level = 0",
        f"{step}while {ends} and {below}:",
        f"{step}{step}at += 1 << level",
        f"{step}{step}level += 1",
        f"{step}while level:",
        f"{step}{step}level -= 1",
        f"{step}{step}if {far} and {below}:",
        f"{step}{step}{step}at += 1 << level",
        f"{step}return {f'len({levels}[0]) - 1 - at' if walk.way.back else 'at'}",
        "",
    )
    return find


# -- loops -------------------------------------------------------------------------------------------------------------


def _of_fors(program: Program) -> Iterator[Walk]:
    for place in places(program):
        loop = place.statement
        if not isinstance(loop, ast.For) or read_later(place, bound(loop.target)):
            continue
        way, body = _way(program, loop.target, loop.iter), _body(loop.body)
        if way is not None and body is not None:
            test, denied, counted = body
            counts = _counts(program, counted)
            names = set().union(*map(bound, counted)) if counted else set()
            walk = _walk(program, way, test, denied, names, again(place), set())
            if walk is not None and counts is not None and not names & bound(loop.target):
                yield walk._replace(counts=counts, spot=place)


def _body(body: list[ast.stmt]) -> tuple[ast.expr, bool, list[ast.stmt]] | None:
    """The condition that ends a loop, whether it does so by not being fulfilled, and what is counted before that."""
    tests = [s for s in body if isinstance(s, ast.If)]
    if len(tests) != 1:
        return None
    only, counted = tests[0], [s for s in body if s is not tests[0]]
    if isinstance(only.body[-1], ast.Break | ast.Return):
        return only.test, False, [*counted, *only.orelse]
    if only.orelse and isinstance(only.orelse[-1], ast.Break | ast.Return):
        return only.test, True, [*counted, *only.body]
    return None


def _counts(program: Program, statements: list[ast.stmt]) -> list[tuple[str, str]] | None:
    """Heads and steps of what statements count up or down; None where they do anything else."""
    found = []
    for statement in statements:
        match statement:
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add() | ast.Sub() as op, value=ast.Constant(value=by)):
                if not isinstance(by, int):
                    return None
                found.append((f"{name} {'+' if isinstance(op, ast.Add) else '-'}= ", str(by)))
            case _:
                return None
    return found


def _way(program: Program, target: ast.expr, iterated: ast.expr) -> Way | None:
    """Where a loop goes."""
    match target, iterated:
        case ast.Name(id=name), ast.Call(func=ast.Name(id="range"), args=[start, stop]):
            texts = program.text(start), bracketed(program, stop)
            return Way(name, None, *texts, False, ((start, "{}"),)) if is_pure(program, start, stop) else None
        case (
            ast.Name(id=name),
            ast.Call(func=ast.Name(id="range"), args=[start, stop, ast.UnaryOp(ast.USub(), ast.Constant(value=1))]),
        ):
            texts = program.text(start), bracketed(program, stop)
            return Way(name, None, *texts, True, ((start, "{}"),)) if is_pure(program, start, stop) else None
        case (
            ast.Tuple(elts=[ast.Name(), ast.Name(id=name)]),
            ast.Call(
                func=ast.Name(id="enumerate"),
                args=[ast.Subscript(value=values, slice=ast.Slice(lower=ast.expr() as start, upper=None)), *given],
                keywords=keywords,
            ),
        ):
            number = [*given, *(keyword.value for keyword in keywords)]
            same = len(number) == 1 and ast.dump(number[0]) == ast.dump(start)
            if same and is_pure(program, values, start):
                return Way(name, values, program.text(start), "", False, ((start, "{}"), (number[0], "{}")))
        case ast.Name(id=name), ast.Subscript(value=values, slice=ast.Slice(lower=ast.expr() as start) as part):
            if part.upper is None and part.step is None and is_pure(program, values, start):
                return Way(name, values, program.text(start), "", False, ((start, "{}"),))
        case (
            ast.Name(id=name),
            ast.Call(
                func=ast.Name(id="reversed"),
                args=[ast.Subscript(value=values, slice=ast.Slice(upper=ast.expr() as stop) as part)],
            ),
        ):
            if part.lower is None and part.step is None and is_pure(program, values, stop):
                return Way(name, values, f"{bracketed(program, stop)} - 1", "-1", True, ((stop, "{} + 1"),))
    return None


def _of_whiles(program: Program) -> Iterator[Walk]:
    for place in places(program):
        loop = place.statement
        match loop:
            case ast.While(test=ast.Compare() as limit, body=[ast.If(test=test, orelse=[]) as ends, *_], orelse=[]):
                if isinstance(ends.body[-1], ast.Break | ast.Return):
                    for way, counted in _steps(program, loop, limit):
                        counts, names = _counts(program, counted[1:]), set().union(*map(bound, loop.body))
                        walk = _walk(program, way, test, False, names - {way.name}, again(place), set())
                        if walk is not None and counts is not None and counted[0] is ends:
                            yield walk._replace(counts=counts, spot=place)
            case ast.While(test=ast.BoolOp(op=ast.And(), values=[one, other]), orelse=[]):
                for bounding, test in ((one, other), (other, one)):
                    for way, counted in _steps(program, loop, bounding):
                        counts, names = _counts(program, counted), set().union(*map(bound, loop.body))
                        walk = _walk(program, way, test, True, names - {way.name}, again(place), set())
                        if walk is not None and counts is not None:
                            yield walk._replace(counts=counts, spot=place)


def _steps(program: Program, loop: ast.While, limit: ast.expr) -> Iterator[tuple[Way, list[ast.stmt]]]:
    """Where a while loop goes by steps of one, and what else it does at each."""
    for step in loop.body:
        match step, limit:
            case (
                ast.AugAssign(target=ast.Name(id=name), op=ast.Add() | ast.Sub() as op, value=ast.Constant(value=1)),
                ast.Compare(left=left, ops=[sign], comparators=[stop]),
            ):
                back, offset, by = isinstance(op, ast.Sub), _offset(left, name), SIGNS.get(type(sign), "")
                fits = by[:1] == (">" if back else "<") and offset is not None and is_pure(program, stop)
                if fits and offset is not None and not used(stop) & set().union(*map(bound, loop.body)):
                    beyond = (1 if len(by) == 2 else 0) * (-1 if back else 1) - offset
                    text = _moved(stop, bracketed(program, stop), beyond)
                    counted = [s for s in loop.body if s is not step]
                    yield Way(name, None, name, text, back, ()), counted


def _moved(node: ast.expr, text: str, by: int) -> str:
    """The text of a number and some more."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return str(node.value + by)
    return f"{text} {'-' if by < 0 else '+'} {abs(by)}" if by else text


def _offset(node: ast.expr, name: str) -> int | None:
    """The k of `name + k`; None where an expression is anything else."""
    match node:
        case ast.Name(id=same) if same == name:
            return 0
        case ast.BinOp(left=ast.Name(id=same), op=ast.Add(), right=ast.Constant(value=int(k))) if same == name:
            return k
        case ast.BinOp(left=ast.Name(id=same), op=ast.Sub(), right=ast.Constant(value=int(k))) if same == name:
            return -k
    return None


def _of_next(program: Program) -> Iterator[Walk]:
    for site in expressions(program):
        match site.node:
            case ast.Call(func=ast.Name(id="next"), args=[ast.GeneratorExp(generators=[one]), *_]) if len(one.ifs) == 1:
                way = _way(program, one.target, one.iter)
                if way is not None:
                    walk = _walk(program, way, one.ifs[0], False, set(), repeats(site), set(site.loose))
                    if walk is not None:
                        yield walk


def _walk(
    program: Program,
    way: Way,
    test: ast.expr,
    denied: bool,
    counted: set[str],
    around: list[Place],
    loose: set[str],
) -> Walk | None:
    """A walk by the comparison that ends it, or goes on where it is ``denied``."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return _walk(program, way, inner, not denied, counted, around, loose)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in SIGNS and is_pure(program, test):
            for key, wanted, turned in ((left, right, False), (right, left, True)):
                things = _things(program, way, key)
                if things is None or used(wanted) & ({way.name} | counted) or used(key) & counted:
                    continue
                values, text, offset = things
                names = reads_first(values) | (reads_first(key) - {way.name})
                place = None if names & loose else widest(program, around, names)
                sign = SIGNS[TURNED[type(op)] if turned else type(op)]
                sign = _DENIED[sign] if denied else sign
                if place is not None:
                    return Walk(way, values, text, offset, sign, program.text(wanted), [], None, place)
    return None


def _things(program: Program, way: Way, key: ast.expr) -> tuple[ast.expr, str, int] | None:
    """The list whose things are compared, text of what is compared of "item", and how far that is from the place."""
    mentions = uses(key, way.name)
    if "item" in used(key) - {way.name}:
        return None
    if way.values is not None:
        if not mentions:
            return None
        text = exchanged_text(program, key, dict.fromkeys(mentions, "item"))
        return way.values, "" if text == "item" else text, 0
    for node in ast.walk(key):
        match node:
            case ast.Subscript(value=values, slice=index) if (offset := _offset(index, way.name)) is not None:
                if way.name not in used(values) and len(mentions) == 1:
                    text = exchanged_text(program, key, {node: "item"})
                    return values, "" if text == "item" else text, offset
    return None


OPERATORS = (Operator("first_beyond", "rewrites", first_beyond),)
