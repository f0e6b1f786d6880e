"""A rewrite of searches for two stretches that overlap: where any do, two do that follow one another in order."""

import ast
import copy
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_pairs import conditions, opposite
from shoal.propose._rewrites_parts import Rewrite, expressions, label, loops, place_of, read_later, uses
from shoal.propose._rewrites_pure import changed, is_pure
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]

_HERE, _THERE = "first_thing", "other_thing"


class Two(NamedTuple):
    """All twos of a list's things, as loops or clauses go through them.

    Attributes:
        values: name of the list.
        things: what names and texts stand for: those of one of the two, and of the other.
        outer, inner: what is gone through; the same node where both come at once.
        place: texts of the places of both; "" where there is none.
    """

    values: str
    things: tuple[set[str], set[str]]
    outer: ast.expr
    inner: ast.expr
    here: str
    there: str


class Overlap(NamedTuple):
    """A search for two stretches that overlap.

    Attributes:
        two: which are looked at.
        place: of the statement, before which they can be put in order.
        start, end: texts of the ends of a stretch, of a thing called "it".
        sign: how these must compare in all stretches: where those without any length overlap nothing, "<".
    """

    two: Two
    place: Place
    start: str
    end: str
    sign: str


def overlapping_two(draft: Draft) -> Change | None:
    """Whether two stretches overlap is asked of neighbours in order of their beginnings alone.

    That holds where all end after they begin; else all are looked at as before.
    """
    program = draft.program
    found = draft.pick([*_of_loops(program), *_of_calls(program)])
    rewrite, two = Rewrite(program), found.two
    word = label(ast.Name(two.values))
    ordered, reach = rewrite.name(f"{word}_ordered"), rewrite.name("reach")
    # With the later beginning before the sooner end, what has no length overlaps nothing.
    things = f"(it for it in {two.values} if {found.start} < {found.end})" if found.sign == "<" else two.values
    rewrite.before(
        found.place,
        f"{ordered} = sorted({things}, key=lambda it: ({found.start}, {found.end}))",
        f"{reach} = 1 if all({found.start} {found.sign} {found.end} for it in {ordered}) else len({ordered})",
    )
    node = found.place.statement
    done = {id(n) for n in ast.walk(two.inner)}
    if two.inner is two.outer:
        rewrite.replace(
            two.inner,
            f"(zip({ordered}, {ordered}[1:]) if {reach} == 1 else "
            f"{program.text(two.inner).replace(f'({two.values},', f'({ordered},')})",
        )
    else:
        at = f"{two.here} + 1"
        counted = ast.unparse(two.inner).startswith("range(")
        pairs = ast.unparse(two.inner).startswith("enumerate(")
        part = f"{ordered}[{at} : {at} + {reach}]"
        span = f"range({at}, min({at} + {reach}, len({ordered})))"
        rewrite.replace(two.inner, span if counted else f"enumerate({part}, {at})" if pairs else part)
    for use in uses(node, two.values):
        if id(use) not in done:
            rewrite.replace(use, ordered)
    return rewrite.change(f"neighbours of {shown(two.values)} in order overlap first (line {node.lineno})")


def _of_loops(program: Program) -> Iterator[Overlap]:
    for outer in loops(program):
        match outer.statement:
            case (
                ast.For(target=target, iter=iterated, body=[*names, ast.For(orelse=[]) as inner])
                | ast.For(
                    target=target,
                    iter=iterated,
                    body=[*names, ast.For(orelse=[]) as inner, ast.If(test=ast.Name(), body=[ast.Break()], orelse=[])],
                )
            ) as loop:
                two = _two(target, iterated, inner.target, inner.iter)
                body = [*names, *inner.body]
            case ast.For(target=ast.Tuple(elts=[one, other]), iter=iterated, body=body) as loop:
                two = _combined(one, other, iterated)
            case _:
                continue
        test = _test(body, two) if two is not None else None
        if two is None or test is None or two.values in changed(program, loop):
            continue
        meanings = _meanings(body, two)
        if read_later(outer, bound(loop) & (bound(loop.target) | set(meanings))):
            continue
        ends = _ends(program, test, two, meanings)
        if ends is not None:
            yield Overlap(two, outer, *ends)


def _of_calls(program: Program) -> Iterator[Overlap]:
    for site in expressions(program):
        match site.node:
            case ast.Call(func=ast.Name(id="any"), args=[ast.GeneratorExp() | ast.ListComp() as made], keywords=[]):
                pass
            case _:
                continue
        place = place_of(program, site.block.statements[site.place])
        match made.generators:
            case [one, other] if not one.ifs:
                two, ifs = _two(one.target, one.iter, other.target, other.iter), other.ifs
            case [ast.comprehension(target=ast.Tuple(elts=[first, second])) as one]:
                two, ifs = _combined(first, second, one.iter), one.ifs
            case _:
                continue
        if two is None or place is None or site.loose:
            continue
        tests = [t for c in ifs for t in conditions(c) if not _says_two(t, two)]
        whole = [*tests, *[t for t in conditions(made.elt) if not _says_two(t, two)]]
        test = ast.BoolOp(ast.And(), whole) if len(whole) > 1 else whole[0]
        ends = _ends(program, test, two, {})
        if ends is not None and not isinstance(place.statement, ast.While):
            yield Overlap(two, place, *ends)


# -- which two ---------------------------------------------------------------------------------------------------------


def _two(target: ast.expr, iterated: ast.expr, other: ast.expr, inner: ast.expr) -> Two | None:
    """Both things of two loops over one list, the second of which goes over the later things, or over all others."""
    here, thing, values = _one(target, iterated)
    there, second, _ = _one(other, inner)
    if not values or not here:
        return None
    text = ast.unparse(inner)
    whole = {f"range(len({values}))", f"enumerate({values})"}
    later = {
        f"range({here} + 1, len({values}))",
        f"{values}[{here} + 1:]",
        f"enumerate({values}[{here} + 1:], {here} + 1)",
    }
    later |= {f"enumerate({values}[{here} + 1:], start={here} + 1)"}
    if text not in whole | later or (text in whole and not there):
        return None
    own = {f"{values}[{here}]", *thing}
    return Two(values, (own, {f"{values}[{there}]", *second} if there else set(second)), iterated, inner, here, there)


def _one(target: ast.expr, iterated: ast.expr) -> tuple[str, list[str], str]:
    """The place, the texts of the thing, and the list, of a loop."""
    match target, iterated:
        case ast.Name(id=here), ast.Call(func=ast.Name(id="range"), args=[*_, last]):
            inner = next((n.args[0] for n in ast.walk(last) if isinstance(n, ast.Call) and n.args), None)
            ends = {f"len({ast.unparse(inner)})", f"len({ast.unparse(inner)}) - 1"} if inner is not None else set()
            named = isinstance(inner, ast.Name) and ast.unparse(last) in ends
            return here, [], inner.id if isinstance(inner, ast.Name) and named else ""
        case ast.Tuple(elts=[ast.Name(id=here), thing]), ast.Call(
            func=ast.Name(id="enumerate"), args=[ast.Name(id=values), *_]
        ):
            return here, [_plain(thing)], values
        case ast.Tuple(elts=[ast.Name(id=here), thing]), ast.Call(func=ast.Name(id="enumerate"), args=[_, *_]):
            return here, [_plain(thing)], ""
        case thing, ast.Subscript(value=ast.Name(id=values)):
            return "", [_plain(thing)], values
    return "", [], ""


def _plain(target: ast.expr) -> str:
    return ast.unparse(target).strip("()")


def _combined(one: ast.expr, other: ast.expr, iterated: ast.expr) -> Two | None:
    """Both things of `itertools.combinations(xs, 2)`."""
    match iterated:
        case ast.Call(func=function, args=[ast.Name(id=values), ast.Constant(value=2)], keywords=[]) if ast.unparse(
            function
        ) in ("itertools.combinations", "combinations"):
            return Two(values, ({_plain(one)}, {_plain(other)}), iterated, iterated, "", "")
    return None


def _says_two(test: ast.expr, two: Two) -> bool:
    """Whether a condition only says that both things are not the same one."""
    text = ast.unparse(test)
    signs = (f"{two.here} != {two.there}", f"{two.there} != {two.here}", f"{two.here} < {two.there}")
    return bool(two.there) and text in (*signs, f"{two.there} > {two.here}")


# -- what is asked -----------------------------------------------------------------------------------------------------


def _test(body: list[ast.stmt], two: Two) -> ast.expr | None:
    """Under which condition statements do one thing, the same whichever two are found, and end; else None."""
    tests: list[ast.expr] = []
    rest = body
    while rest:
        match rest:
            case [ast.Assign(), *more]:
                rest = more
            case [ast.If(test=test, body=[ast.Continue()], orelse=[]), *more]:
                tests += [one for one in _apart(opposite(test, total=True)) if not _says_two(one, two)]
                rest = more
            case [ast.If(test=test, body=inner, orelse=[])]:
                tests += [one for one in _apart(test) if not _says_two(one, two)]
                rest = inner
            case [ast.Return(value=ast.Constant())]:
                break
            case _:
                return None
        if _is_flag(rest):
            break
    else:
        return None
    if not tests:
        return None
    return ast.BoolOp(ast.And(), tests) if len(tests) > 1 else tests[0]


def _is_flag(rest: list[ast.stmt]) -> bool:
    """Whether statements set a name to a truth value, and perhaps end the loop."""
    match rest:
        case [ast.Assign(targets=[ast.Name()], value=ast.Constant(value=bool()))]:
            return True
        case [ast.Assign(targets=[ast.Name()], value=ast.Constant(value=bool())), ast.Break()]:
            return True
    return False


def _meanings(body: list[ast.stmt], two: Two) -> dict[str, ast.expr]:
    """What names that are set in the loops stand for."""
    found: dict[str, ast.expr] = {}
    for statement in (s for one in body for s in ast.walk(one)):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if not isinstance(value, ast.Constant):
                found[name] = value
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                found |= {n.id: v for n, v in zip(names, values, strict=False) if isinstance(n, ast.Name)}
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=value):
                found |= {
                    n.id: ast.Subscript(value, ast.Constant(k), ast.Load())
                    for k, n in enumerate(names)
                    if isinstance(n, ast.Name)
                }
    return found


def _ends(program: Program, test: ast.expr, two: Two, meanings: Mapping[str, ast.expr]) -> tuple[str, str, str] | None:
    """Texts of where a stretch called "it" begins and ends, and how these compare; None for another condition."""
    if not is_pure(program, test):
        return None
    tests = _compared(test)
    told = [[_told(side, two, meanings) for side in one] for one in tests]
    if len(tests) != 2 or any(text is None for one in told for text in one):
        return None
    (begin, end), (second, last) = told
    for one, other in ((_HERE, _THERE), (_THERE, _HERE)):
        match begin, end, second, last:
            case str(), str(), str(), str() if (
                begin.replace(one, "it") == second.replace(other, "it")
                and end.replace(other, "it") == last.replace(one, "it")
                and one in begin
                and other in end
                and not (other in begin or one in end)
            ):
                start, stop = begin.replace(one, "it"), end.replace(other, "it")
                sign = "<" if "max(" in ast.unparse(test) else "<="
                return (start, stop, sign) if start != stop else None
    return None


def _compared(test: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """The lesser and the greater side of each comparison that must hold; nothing for other conditions."""
    found = []
    for one in _apart(test):
        match one:
            case ast.Compare(left=left, ops=[ast.Lt() | ast.LtE()], comparators=[right]):
                found += _split(left, right)
            case ast.Compare(left=left, ops=[ast.Gt() | ast.GtE()], comparators=[right]):
                found += _split(right, left)
            case _:
                return []
    return found


def _apart(test: ast.expr) -> list[ast.expr]:
    """The conditions that must all hold where one does."""
    match test:
        case ast.BoolOp(op=ast.And(), values=values):
            return [one for value in values for one in _apart(value)]
        case ast.UnaryOp(op=ast.Not(), operand=ast.BoolOp(op=ast.Or(), values=values)):
            return [one for value in values for one in _apart(opposite(value, total=True))]
        case ast.UnaryOp(op=ast.Not(), operand=ast.UnaryOp(op=ast.Not(), operand=inner)):
            return _apart(inner)
        case ast.UnaryOp(op=ast.Not(), operand=ast.Compare() as inner):
            return [opposite(inner, total=True)]
    return [test]


def _split(less: ast.expr, more: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """`max(a, b) < min(c, d)`, of which both beginnings are less than the end of the other."""
    match less, more:
        case (
            ast.Call(func=ast.Name(id="max"), args=[a, b], keywords=[]),
            ast.Call(func=ast.Name(id="min"), args=[c, d], keywords=[]),
        ):
            return [(a, d), (b, c)]
    return [(less, more)]


def _told(side: ast.expr, two: Two, meanings: Mapping[str, ast.expr]) -> str | None:
    """The text of a side, with fixed names for both things; None where it speaks of anything else, or of both."""
    things: dict[str, str] = {}
    parts: dict[str, tuple[str, int]] = {}
    for texts, name in ((two.things[0], _HERE), (two.things[1], _THERE)):
        for text in texts:
            if "," in text:
                parts |= {part.strip(): (name, k) for k, part in enumerate(text.split(","))}
            else:
                things[text] = name

    class Named(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            text = ast.unparse(node) if isinstance(node, ast.expr) else ""
            if text in things:
                return ast.Name(things[text], ast.Load())
            if text in parts:
                name, k = parts[text]
                return ast.Subscript(ast.Name(name, ast.Load()), ast.Constant(k), ast.Load())
            if isinstance(node, ast.Name) and node.id in meanings:
                return self.visit(copy.deepcopy(meanings[node.id]))
            return self.generic_visit(node)

    made = Named().visit(copy.deepcopy(side))
    names = used(made) & {_HERE, _THERE}
    return ast.unparse(made) if len(names) == 1 and not used(made) & {two.here, two.there} - {""} else None


OPERATORS = (Operator("overlapping_two", "rewrites", overlapping_two),)
