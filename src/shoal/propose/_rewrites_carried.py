"""A rewrite of stretches that begin at each place and go on until they break off: one goes on where the last ended."""

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, places, step_of, used
from shoal.propose._rewrites_parts import (
    LOOPS,
    Rewrite,
    bracketed,
    exchanged_text,
    place_of,
    read_later,
    uses,
)
from shoal.propose._rewrites_pure import changed, is_pure
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]

_EMPTY = {"set", "dict", "list", "collections", "Counter", "defaultdict", "int"}


class Taken(NamedTuple):
    """How a statement takes a thing into what is known of a stretch.

    Attributes:
        place: of the statement.
        name: of what is known.
        kind: "set", "counts", "list" or "sum".
        key: what is put in, or added.
    """

    place: Place
    name: str
    kind: str
    key: ast.expr


class Stretch(NamedTuple):
    """Loops over all beginnings of stretches, and from each to where it breaks off.

    Attributes:
        outer, inner: the loops.
        body: what the inner loop does, without the step of a while loop.
        start, end: names of the first place of a stretch, and of the one after it.
        stop: text of the place after the last.
        thing: of a loop over things: their name and the list.
        starts: the assignments in the outer loop of what is known of an empty stretch.
        taken: statements that take in a thing.
        counted: counts that go on from one beginning to the next: names and steps.
        breaks: statements that end the inner loop, each with how many things of ``taken`` were done before.
        meanings: names that the inner loop gives to something of a thing, with that.
    """

    outer: Place
    inner: Place
    body: list[ast.stmt]
    start: str
    end: str
    stop: str
    thing: tuple[str, ast.expr] | None
    starts: list[tuple[Place, str, ast.expr]]
    taken: list[Taken]
    counted: list[tuple[str, str]]
    breaks: list[tuple[Place, int]]
    meanings: Mapping[str, ast.expr]


def carry_on(draft: Draft) -> Change | None:
    """What is known of a stretch is carried on to the next, which begins one place later, less the first thing."""
    program = draft.program
    stretch = draft.pick(list(_stretches(program)))
    rewrite = Rewrite(program)
    end = stretch.end or rewrite.name("end")
    start, step = stretch.start, step_of(stretch.outer.block)
    again = [f"{end} = {start}"]
    counts = {t.name for t in stretch.taken if t.kind == "set" and not _is_guarded(stretch, t)}
    for place, name, value in stretch.starts:
        rewrite.drop(place)
        again += [] if name == end else [f"{name} = {'{}' if name in counts else program.text(value)}"]
    first, last = (place_of(program, stretch.outer.statement.body[k]) for k in (0, -1))  # type: ignore[attr-defined]
    assert first is not None and last is not None
    sums = [t for t in stretch.taken if t.kind == "sum" and not isinstance(t.key, ast.Constant)]
    tests = [f"{end} <= {start}"]
    if sums:
        rising = rewrite.name("rising")
        each = " and ".join(f"{_of(program, stretch, t.key, end, bracket=True)} >= 0" for t in sums)
        rewrite.before(stretch.outer, f"{rising} = all({each} for {end} in range({stretch.stop}))")
        tests.append(f"not {rising}")
    rewrite.before(stretch.outer, f"{end} = 0", *again[1:])
    rewrite.before(first, f"if {' or '.join(tests)}:", *(step + line for line in again))
    if stretch.counted:
        length = f"{end} - {start}"
        rewrite.before(first, *(f"{name} += {f'({length}){by}' if by else length}" for name, by in stretch.counted))
    _exchange_loop(rewrite, stretch, end, counts)
    left = [line for t in stretch.taken for line in _given_back(program, stretch, t, start, counts)]
    rewrite.after(last, f"if {end} > {start}:", *(step + line for line in left))
    return rewrite.change(f"stretches that go on where the last ended (line {stretch.outer.statement.lineno})")


def _exchange_loop(rewrite: Rewrite, stretch: Stretch, end: str, counts: set[str]) -> None:
    """Let the inner loop go on from the end of the last stretch, and leave out a thing again where it breaks off."""
    program, loop = rewrite.program, stretch.inner.statement
    if isinstance(loop, ast.For):
        if stretch.thing is not None:
            name, values = stretch.thing
            rewrite.replace(loop.target, end)
            first = place_of(program, loop.body[0])
            assert first is not None
            rewrite.before(first, f"{name} = {bracketed(program, values)}[{end}]")
        rewrite.replace(loop.iter, f"range({end}, {stretch.stop})")
        rewrite.after(stretch.inner, "else:", f"{step_of(stretch.inner.block)}{end} = {stretch.stop}")
    for place, done in stretch.breaks:
        undone = reversed(stretch.taken[:done])
        rewrite.before(
            place, *(line for t in undone for line in _given_back(program, stretch, t, end, counts, undone=True))
        )
    for taken in stretch.taken:
        if taken.name in counts:
            key = program.text(taken.key)
            rewrite.within(taken.place, f"{taken.name}[{key}] = {taken.name}.get({key}, 0) + 1")


def _is_guarded(stretch: Stretch, taken: Taken) -> bool:
    """Whether a stretch breaks off before a thing would be put into a set twice."""
    tests = [ast.unparse(s.test) for s in stretch.body if isinstance(s, ast.If)]
    loop, looked_for = stretch.inner.statement, ast.unparse(taken.key)
    goes_on = isinstance(loop, ast.While) and f"{looked_for} not in {taken.name}" in ast.unparse(loop.test)
    return goes_on or f"{looked_for} in {taken.name}" in tests


def _given_back(
    program: Program, stretch: Stretch, taken: Taken, at: str, counts: set[str], *, undone: bool = False
) -> list[str]:
    """Lines that take out again the thing at a place: the first, or the one just taken in where that is undone."""
    key, name = program.text(taken.key) if undone else _of(program, stretch, taken.key, at), taken.name
    match taken.kind:
        case "sum":
            return [f"{name} -= {key}"]
        case "list":
            return [f"{name}.pop()" if undone else f"del {name}[0]"]
        case "set" if name not in counts:
            return [f"{name}.discard({key})"]
    return [f"{name}[{key}] -= 1", f"if not {name}[{key}]:", f"    del {name}[{key}]"]


def _of(program: Program, stretch: Stretch, key: ast.expr, at: str, *, bracket: bool = False) -> str:
    """The text of what is taken in, of the thing at a place."""
    if isinstance(key, ast.Name) and stretch.thing is not None and key.id == stretch.thing[0]:
        return f"{bracketed(program, stretch.thing[1])}[{at}]"
    if isinstance(key, ast.Name) and key.id in stretch.meanings:
        return _of(program, stretch, stretch.meanings[key.id], at, bracket=bracket)
    exchanged: dict[ast.expr, str] = dict.fromkeys(uses(key, stretch.end), at) if stretch.end else {}
    for name in {n.id for n in ast.walk(key) if isinstance(n, ast.Name)}:
        if stretch.thing is not None and name == stretch.thing[0]:
            text = f"{bracketed(program, stretch.thing[1])}[{at}]"
        elif name in stretch.meanings:
            text = _of(program, stretch, stretch.meanings[name], at, bracket=True)
        else:
            continue
        exchanged |= dict.fromkeys(uses(key, name), text)
    text = exchanged_text(program, key, exchanged)
    plain = isinstance(key, ast.Name | ast.Subscript | ast.Attribute | ast.Call | ast.Constant)
    return f"({text})" if bracket and not plain else text


# -- where -------------------------------------------------------------------------------------------------------------


def _stretches(program: Program) -> Iterator[Stretch]:
    for outer in places(program):
        start = _first_place(outer.statement)
        inner = [s for s in getattr(outer.statement, "body", ()) if isinstance(s, LOOPS)]
        place = place_of(program, inner[0]) if start and len(inner) == 1 else None
        if place is not None and not inner[0].orelse:
            stretch = _stretch(program, outer, place, start)
            if stretch is not None:
                yield stretch


def _first_place(loop: ast.stmt) -> str:
    """The name of the place at which a loop through all places of a list is; "" for another loop."""
    match loop:
        case ast.For(
            target=ast.Name(id=name), iter=ast.Call(func=ast.Name(id="range"), args=[_], keywords=[]), orelse=[]
        ):
            return name
        case ast.For(
            target=ast.Tuple(elts=[ast.Name(id=name), *_]),
            iter=ast.Call(func=ast.Name(id="enumerate"), args=[_], keywords=[]),
            orelse=[],
        ):
            return name
    return ""


def _stretch(program: Program, outer: Place, inner: Place, start: str) -> Stretch | None:
    loop, whole = inner.statement, outer.statement
    assert isinstance(loop, LOOPS) and isinstance(whole, ast.For)
    thing: tuple[str, ast.expr] | None = None
    last: ast.expr | None = None
    end, body = "", loop.body
    match loop:
        case ast.For(
            target=ast.Name(id=end), iter=ast.Call(func=ast.Name(id="range"), args=[ast.Name(id=first), limit])
        ):
            last, stop = limit, program.text(limit)
        case ast.For(
            target=ast.Name(id=name),
            iter=ast.Subscript(value=values, slice=ast.Slice(lower=ast.Name(id=first), upper=None, step=None)),
        ):
            thing, last, stop = (name, values), values, f"len({program.text(values)})"
        case ast.While(body=[*body, ast.AugAssign(target=ast.Name(id=end), op=ast.Add(), value=ast.Constant(value=1))]):
            first, last = start, _end_of(loop, end)
            stop = program.text(last) if last is not None else ""
    if last is None or first != start or any(isinstance(n, ast.Continue) for n in ast.walk(whole)):
        return None
    index = whole.body.index(loop)
    starts = _starts(program, whole.body[:index], loop, start)
    known = {name for _, name, _ in starts} - {end}
    stretch = _read_body(program, Stretch(outer, inner, body, start, end, stop, thing, starts, [], [], [], {}), known)
    if stretch is None or known != {t.name for t in stretch.taken} or not known:
        return None
    if isinstance(loop, ast.While) is (end not in {name for _, name, _ in starts}):
        return None
    return stretch if _is_steady(program, stretch, used(last), whole.body[index + 1 :]) else None


def _end_of(loop: ast.While, end: str) -> ast.expr | None:
    """Where a while loop ends at the latest."""
    test = loop.test.values[0] if isinstance(loop.test, ast.BoolOp) and isinstance(loop.test.op, ast.And) else loop.test
    match test:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Lt()], comparators=[stop]) if name == end:
            return stop
    return None


def _is_steady(program: Program, stretch: Stretch, limits: set[str], rest: list[ast.stmt]) -> bool:
    """Whether what is gone through stays the same, and nothing is read later that would be another."""
    whole, loop = stretch.outer.statement, stretch.inner.statement
    assert isinstance(whole, ast.For)
    known, inside = {t.name for t in stretch.taken}, bound(loop) | _named(stretch)
    still = limits | {name for t in stretch.taken for name in used(t.key)} - inside
    undone = {t.name for place, done in stretch.breaks for t in stretch.taken[:done] if _leaves(place)}
    later = {name for statement in rest for name in used(statement)}
    undone |= bound(loop.target) if isinstance(loop, ast.For) else set()
    if changed(program, *whole.body) & (still | {stretch.start}) or later & undone:
        return False
    return not changed(program, *rest) & (known | {stretch.end}) and not read_later(
        stretch.outer, known | {stretch.end}
    )


def _named(stretch: Stretch) -> set[str]:
    """The places and things that a stretch's loops name."""
    return {stretch.start, stretch.end, *stretch.meanings, *(stretch.thing[:1] if stretch.thing else ())}


def _leaves(place: Place) -> bool:
    return isinstance(place.statement, ast.Break)


def _starts(
    program: Program, statements: list[ast.stmt], loop: ast.stmt, start: str
) -> list[tuple[Place, str, ast.expr]]:
    """The assignments of what the inner loop changes: where, the name, the value."""
    found: list[tuple[Place, str, ast.expr]] = []
    touched = changed(program, loop)
    for statement in statements:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ) if name in touched:
                place, first = place_of(program, statement), isinstance(value, ast.Name) and value.id == start
                if place is not None and (first or not used(value) - _EMPTY):
                    found.append((place, name, value))
    return found


def _read_body(program: Program, stretch: Stretch, known: set[str]) -> Stretch | None:
    """A stretch with what its inner loop does; None where that is something else than taking in and breaking off."""
    taken: list[Taken] = []
    counted: list[tuple[str, str]] = []
    breaks: list[tuple[Place, int]] = []
    meanings: dict[str, ast.expr] = {}
    loop = stretch.inner.statement
    whiles = loop.test.values[1:] if isinstance(loop, ast.While) and isinstance(loop.test, ast.BoolOp) else []
    if not all(_grows(test, known, denied=True) for test in whiles):
        return None
    for statement in stretch.body:
        place = place_of(program, statement)
        one = _taken(program, statement, known)
        if place is None:
            return None
        if one is not None:
            taken.append(Taken(place, *one))
            continue
        match statement:
            case ast.If(test=test, body=[*done, ast.Break() | ast.Return() as last], orelse=[]):
                ended = place_of(program, last)
                twice = any(isinstance(n, ast.Break) for s in done for n in ast.walk(s))
                if ended is None or twice or not _grows(test, known | set(meanings)):
                    return None
                breaks.append((ended, len(taken) if isinstance(last, ast.Break) else 0))
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=ast.Constant(value=int(by))):
                counted.append((name, "" if by == 1 else f" * {by}"))
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if not used(value) & {*known, name}:
                meanings[name] = value
            case _ if not _keeps_most(program, statement):
                return None
        if bound(statement) & known or not is_pure(program, statement):
            return None
    read = stretch._replace(taken=taken, counted=counted, breaks=breaks, meanings=meanings)
    return read if breaks or whiles else None


def _taken(program: Program, statement: ast.stmt, known: set[str]) -> tuple[str, str, ast.expr] | None:
    """The name, the kind and the thing of a statement that takes something in."""
    match statement:
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="add" | "append" as by), args=[key])
        ):
            found = name, "set" if by == "add" else "list", key
        case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=key):
            found = name, "sum", key
        case ast.AugAssign(
            target=ast.Subscript(value=ast.Name(id=name), slice=key), op=ast.Add(), value=ast.Constant(value=1)
        ):
            found = name, "counts", key
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name), slice=key)], value=value) if (
            ast.unparse(value) == f"{name}.get({ast.unparse(key)}, 0) + 1"
        ):
            found = name, "counts", key
        case ast.If(test=ast.Compare(left=key, ops=[ast.In()], comparators=[ast.Name(id=name)])) if (
            ast.unparse(statement.body) == f"{name}[{ast.unparse(key)}] += 1"  # type: ignore[arg-type]
            and ast.unparse(statement.orelse) == f"{name}[{ast.unparse(key)}] = 1"  # type: ignore[arg-type]
        ):
            found = name, "counts", key
        case _:
            return None
    return found if found[0] in known and is_pure(program, found[2]) and not used(found[2]) & known else None


def _grows(test: ast.expr, known: set[str], *, denied: bool = False) -> bool:
    """Whether a condition can only come to hold, or to fail, as more things are taken in, as its form tells."""
    more, less = (ast.Lt | ast.LtE, ast.Gt | ast.GtE) if denied else (ast.Gt | ast.GtE, ast.Lt | ast.LtE)
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return _grows(inner, known, denied=not denied)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            among = isinstance(op, less | (ast.NotIn if denied else ast.In))
            return bool(used(left) & known and isinstance(op, more)) or bool(used(right) & known and among)
        case ast.BoolOp(op=op, values=values) if isinstance(op, ast.And if denied else ast.Or):
            return all(_grows(value, known, denied=denied) for value in values)
    return False


def _keeps_most(program: Program, statement: ast.stmt) -> bool:
    """Whether a statement does nothing but keep the most of something."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="max"), args=[_, _]) as value):
            return is_pure(program, value) and any(isinstance(a, ast.Name) and a.id == name for a in value.args)
        case ast.If(test=ast.Compare(left=left, ops=[op], comparators=[right]) as test, body=body, orelse=[]):
            best = right if isinstance(op, ast.Gt) else left if isinstance(op, ast.Lt) else None
            names = {t.id for s in body if isinstance(s, ast.Assign) for t in s.targets if isinstance(t, ast.Name)}
            plain = all(isinstance(s, ast.Assign) and is_pure(program, s.value) for s in body)
            return isinstance(best, ast.Name) and best.id in names and plain and is_pure(program, test)
    return False


OPERATORS = (Operator("carry_on", "rewrites", carry_on),)
