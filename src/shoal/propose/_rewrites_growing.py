"""Rewrites of what is asked of all that came before, or of all that is yet to come: kept in order, or looked up."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, places, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_building import is_own
from shoal.propose._rewrites_nest import start_of
from shoal.propose._rewrites_parts import (
    Rewrite,
    again,
    bracketed,
    expressions,
    label,
    parent,
    place_of,
    repeats,
    uses,
    values_of,
    widest,
)
from shoal.propose._rewrites_pure import PURE_BUILTINS, changed, is_pure
from shoal.propose._rewrites_scans import Scan, is_range, put, rank_text, scans
from shoal.syntax._program import Program
from shoal.syntax._sites import Site

__all__ = ["OPERATORS", "is_looked_at"]


# -- ranks -------------------------------------------------------------------------------------------------------------


class Growing(NamedTuple):
    """A count of those before or after a place in a list that compare in some way.

    Attributes:
        scan: the count.
        values: the list.
        outer: the loop over all its places.
        place: the name of the place.
        before: whether those before are counted; else those after.
        own: whether the one at the place is counted too.
    """

    scan: Scan
    values: ast.expr
    outer: Place
    place: str
    before: bool
    own: bool


def rank_so_far(draft: Draft) -> Change | None:
    """A count of the smaller ones before each, or after each, becomes a place among these, which are kept sorted."""
    program = draft.program
    found = draft.pick(list(_growing(program)))
    scan, outer = found.scan, found.outer
    loop = outer.statement
    assert isinstance(loop, ast.For)
    rewrite = Rewrite(program)
    bisect, values = rewrite.module(outer.block, "bisect"), bracketed(program, found.values)
    name = rewrite.name(f"{label(found.values)}_{'before' if found.before else 'after'}")
    first, last = place_of(program, loop.body[0]), place_of(program, loop.body[-1])
    assert first is not None and last is not None
    rewrite.before(outer, f"{name} = {'[]' if found.before else f'sorted({values})'}")
    one = f"{values}[{found.place}]"
    line = f"{bisect}.insort({name}, {one})" if found.before else f"del {name}[{bisect}.bisect_left({name}, {one})]"
    if found.before is found.own:
        rewrite.before(first, line)
    else:
        rewrite.after(last, line)
    put(rewrite, scan, rank_text(program, scan, bisect, name), atomic=True)
    return rewrite.change(f"{name} is kept sorted (line {scan.line})")


def _growing(program: Program) -> Iterator[Growing]:
    for scan in scans(program, still=False):
        around = again(scan.spot) if isinstance(scan.spot, Place) else repeats(scan.spot)
        outer = next((p for p in around if isinstance(p.statement, ast.For)), None)
        if (
            scan.value is not None
            or scan.ifs
            or scan.less
            or not is_range(scan.wanted)
            or outer is None
            or around[0] is not outer
        ):
            continue
        loop = outer.statement
        match loop.target, loop.iter:  # type: ignore[attr-defined]
            case ast.Name(id=index), ast.Call(func=ast.Name(id="range"), args=[_]):
                pass
            case ast.Tuple(elts=[ast.Name(id=index), _]), ast.Call(func=ast.Name(id="enumerate"), args=[_]):
                pass
            case _:
                continue
        found = _stretch(scan, index, outer.block.function)
        if found is None or not _is_steady(program, outer, found[0], index):
            continue
        yield Growing(scan, found[0], outer, index, *found[1:])


def _is_steady(program: Program, outer: Place, values: ast.expr, index: str) -> bool:
    """Whether a loop goes through all its rounds to their ends, and leaves the list and the index as they are."""
    loop = outer.statement
    assert isinstance(loop, ast.For)
    inside = [n for s in loop.body for n in ast.walk(s)]
    jumps = any(isinstance(n, ast.Continue) for n in inside)
    fixed = not changed(program, *loop.body) & (used(values) | {index})
    return not jumps and fixed and all(place_of(program, s) is not None for s in (loop.body[0], loop.body[-1]))


def _stretch(scan: Scan, index: str, function: ast.AST | None) -> tuple[ast.expr, bool, bool] | None:
    """The list of which all before an index are gone through, or all after it; which, and whether it is among them."""
    match scan.key, scan.target, scan.searched:
        case ast.Name(id=name), ast.Name(id=same), ast.Subscript(value=values, slice=ast.Slice() as part):
            bounds = part.lower, part.upper
            fits = name == same and part.step is None
        case (
            ast.Subscript(value=values, slice=ast.Name(id=name)),
            ast.Name(id=same),
            ast.Call(func=ast.Name(id="range"), args=[*given]),
        ) if 1 <= len(given) <= 2:
            whole = _meant(given[-1], function) == f"len({ast.unparse(values)})"
            bounds = given[0] if len(given) == 2 else None, None if whole else given[-1]
            fits = name == same
        case _:
            return None
    texts = [ast.unparse(bound) if bound is not None else "" for bound in bounds]
    if fits and texts[0] in ("", "0") and texts[1] in (index, f"{index} + 1"):
        return values, True, texts[1] != index
    if fits and texts[0] in (index, f"{index} + 1") and not texts[1]:
        return values, False, texts[0] == index
    return None


def _meant(node: ast.expr, function: ast.AST | None) -> str:
    """The text of an expression, or of what a name is once and for all."""
    match node:
        case ast.Name(id=name) if function is not None and len(values := values_of(function, name) or []) == 1:
            return ast.unparse(values[0])
    return ast.unparse(node)


def sorted_so_far(draft: Draft) -> Change | None:
    """`sorted(xs[:i + 1])` for each i becomes a list that is kept sorted."""
    program = draft.program
    site, outer, values, index = draft.pick(list(_sorted_parts(program)))
    loop = outer.statement
    assert isinstance(loop, ast.For)
    rewrite = Rewrite(program)
    bisect, text = rewrite.module(outer.block, "bisect"), bracketed(program, values)
    name = rewrite.name(f"{label(values)}_so_far")
    first = place_of(program, loop.body[0])
    assert first is not None
    rewrite.before(outer, f"{name} = []")
    rewrite.before(first, f"{bisect}.insort({name}, {text}[{index}])")
    rewrite.replace(site.node, name)
    return rewrite.change(f"{name} is kept sorted (line {site.node.lineno})")


def _sorted_parts(program: Program) -> Iterator[tuple[Site, Place, ast.expr, str]]:
    """Sorted beginnings of a list up to the place where a loop is, of which no more is done than looking at them."""
    for site in expressions(program):
        match site.node:
            case ast.Call(
                func=ast.Name(id="sorted"),
                args=[
                    ast.Subscript(
                        value=values, slice=ast.Slice(lower=None | ast.Constant(value=0), upper=upper, step=None)
                    )
                ],
                keywords=[],
            ) if upper is not None:
                outer = next(iter(repeats(site)), None)
                index = _index_of(outer, values) if outer is not None else ""
                if outer is None or not index or ast.unparse(upper) != f"{index} + 1":
                    continue
                if _is_steady(program, outer, values, index) and is_looked_at(program, site.node, outer):
                    yield site, outer, values, index


def _index_of(outer: Place, values: ast.expr) -> str:
    """The place in a list that a loop through all of them is at; "" where it goes through something else."""
    match outer.statement:
        case ast.For(target=ast.Name(id=index), iter=iterated) if (
            ast.unparse(iterated) == f"range(len({ast.unparse(values)}))"
        ):
            return index
        case ast.For(target=ast.Tuple(elts=[ast.Name(id=index), _]), iter=iterated):
            return index if ast.unparse(iterated) == f"enumerate({ast.unparse(values)})" else ""
    return ""


def is_looked_at(program: Program, node: ast.expr, outer: Place) -> bool:
    """Whether nothing is done with a list but looking at it, in the round of the loop that makes it."""
    over = parent(program, node)
    match over:
        case ast.Subscript(ctx=ast.Load()):
            return over.value is node
        case ast.Call(func=ast.Name(id=name)):
            return name in PURE_BUILTINS or _looks_only(program, over, node)
        case ast.For() | ast.comprehension():
            return over.iter is node
        case ast.Compare(ops=[ast.In() | ast.NotIn()]):
            return True
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is node:
            function = outer.block.function
            mentions = uses(outer.statement, name)
            later = [use for use in mentions if isinstance(use.ctx, ast.Load)]
            alone = function is not None and len(uses(function, name)) == len(mentions) == len(later) + 1
            return alone and all(is_looked_at(program, use, outer) for use in later)
    return False


def _looks_only(program: Program, call: ast.Call, node: ast.expr) -> bool:
    """Whether a call is of an own function that does nothing with the list either."""
    for function in program.tree.body:
        match function, call.func:
            case ast.FunctionDef(name=name, args=ast.arguments(args=given)), ast.Name(id=called) if name == called:
                if node not in call.args or len(given) <= call.args.index(node):
                    return False
                own = uses(function, given[call.args.index(node)].arg)
                return all(isinstance(use.ctx, ast.Load) and _is_read(program, use) for use in own)
    return False


def _is_read(program: Program, use: ast.Name) -> bool:
    over = parent(program, use)
    match over:
        case ast.Subscript(ctx=ast.Load()):
            return over.value is use
        case ast.Call(func=ast.Name(id=name)):
            return name in PURE_BUILTINS
        case ast.For() | ast.comprehension():
            return over.iter is use
    return isinstance(over, ast.Compare)


# -- places in order ---------------------------------------------------------------------------------------------------


def bisect_scan(draft: Draft) -> Change | None:
    """A search, from the start, for the place of a thing in a list of the function's own that is kept in order."""
    return draft.pick([*_while_scans(draft.program), *_insertions(draft.program)])


def _while_scans(program: Program) -> Iterator[Change]:
    """`while i < len(xs) and xs[i] < x: i += 1`."""
    for place in places(program):
        match place.statement:
            case ast.While(
                test=ast.BoolOp(op=ast.And(), values=[ast.Compare(left=ast.Name(id=index)) as bound, order]),
                body=[ast.AugAssign(target=ast.Name(id=counted), op=ast.Add(), value=ast.Constant(value=1))],
                orelse=[],
            ) if index == counted:
                values = _ordered(program, place, order, index)
                start = start_of(program, place, index)
                whole = values and ast.unparse(bound) == f"{index} < len({values[0]})"
                if values and whole and start is not None and ast.unparse(start.value) == "0":
                    rewrite = Rewrite(program)
                    by = "bisect_left" if values[1] in (ast.Lt, ast.Gt) else "bisect_right"
                    if values[1] not in (ast.Lt, ast.LtE):
                        continue
                    rewrite.drop(start.place)
                    bisect = rewrite.module(place.block, "bisect")
                    rewrite.within(place, f"{start.head}{bisect}.{by}({values[0]}, {values[2]})")
                    yield rewrite.change(f"{index} by {by} (line {place.statement.lineno})")


def _insertions(program: Program) -> Iterator[Change]:
    """`for i in range(len(xs)): if xs[i] > x: xs.insert(i, x); break`, `else: xs.append(x)`."""
    for place in places(program):
        match place.statement:
            case ast.For(
                target=ast.Name(id=index),
                iter=iterated,
                body=[ast.If(test=order, body=[ast.Expr(value=put_in), ast.Break()], orelse=[])],
                orelse=[ast.Expr(value=put_last)],
            ):
                values = _ordered(program, place, order, index)
                if not values or values[1] not in (ast.Gt, ast.GtE):
                    continue
                name, _, wanted = values
                texts = [ast.unparse(node) for node in (iterated, put_in, put_last)]
                if texts == [f"range(len({name}))", f"{name}.insert({index}, {wanted})", f"{name}.append({wanted})"]:
                    rewrite = Rewrite(program)
                    bisect = rewrite.module(place.block, "bisect")
                    by = "insort_right" if values[1] is ast.Gt else "insort_left"
                    rewrite.within(place, f"{bisect}.{by}({name}, {wanted})")
                    yield rewrite.change(f"{name} stays sorted by {by} (line {place.statement.lineno})")


def _ordered(program: Program, place: Place, order: ast.expr, index: str) -> tuple[str, type[ast.cmpop], str] | None:
    """Of `xs[i] < x`: the list, if it is the function's own, the sign, and what is compared."""
    match order:
        case ast.Compare(
            left=ast.Subscript(value=ast.Name(id=name), slice=ast.Name(id=same)), ops=[op], comparators=[wanted]
        ) if same == index and index not in used(wanted) and is_pure(program, wanted):
            function = place.block.function
            if function is not None and is_own(function, name):
                return name, type(op), program.text(wanted)
    return None


# -- earlier and later -------------------------------------------------------------------------------------------------


def seen_before(draft: Draft) -> Change | None:
    """Whether something is among the first of a list, or the last, is told by where it is first, or last."""
    program = draft.program
    site, values, at, first, place = draft.pick(list(_earlier(program)))
    test = site.node
    assert isinstance(test, ast.Compare)
    rewrite = Rewrite(program)
    name, number, item = (
        rewrite.name(n) for n in (f"{label(values)}_{'first' if first else 'last'}", "number", "item")
    )
    text = program.text(values)
    numbered = f"reversed(list(enumerate({text})))" if first else f"enumerate({text})"
    rewrite.before(place, f"{name} = {{{item}: {number} for {number}, {item} in {numbered}}}")
    wanted, bound = program.text(test.left), bracketed(program, at)
    there = isinstance(test.ops[0], ast.In)
    if first:
        compared = f"{name}.get({wanted}, len({text})) {'<' if there else '>='} {bound}"
    else:
        compared = f"{name}.get({wanted}, -1) {'>=' if there else '<'} {bound}"
    rewrite.exchange(site, compared)
    return rewrite.change(f"{shown(program.text(test))} by where it is (line {test.lineno})")


def _earlier(program: Program) -> Iterator[tuple[Site, ast.expr, ast.expr, bool, Place]]:
    for site in expressions(program):
        match site.node:
            case ast.Compare(
                ops=[ast.In() | ast.NotIn()],
                comparators=[ast.Subscript(value=values, slice=ast.Slice(lower=lower, upper=upper, step=None))],
            ):
                at = upper if lower is None else lower if upper is None else None
                negative = isinstance(at, ast.UnaryOp)
                names = used(values)
                place = widest(program, repeats(site), names) if is_pure(program, values) else None
                if at is not None and not negative and place is not None and names and not names & set(site.loose):
                    yield site, values, at, lower is None, place


# -- extremes of differences -------------------------------------------------------------------------------------------


def extreme_of_rest(draft: Draft) -> Change | None:
    """The most of `xs[j] - x` over all j from some place on, or up to it, is the greatest of these less x."""
    program = draft.program
    site, made, values, inner, by, place = draft.pick(list(_differences(program)))
    only = made.generators[0]
    assert isinstance(only.iter, ast.Call)
    rewrite = Rewrite(program)
    itertools, text = rewrite.module(place.block, "itertools"), program.text(values)
    first = program.text(only.iter.args[0]) if len(only.iter.args) == 2 else ""
    last = program.text(only.iter.args[-1])
    if last == f"len({text})":
        name = rewrite.name(f"{label(values)}_{by}_from")
        rewrite.before(place, f"{name} = list({itertools}.accumulate(reversed({text}), {by}))[::-1]")
        after = f"{first[:-1]}2" if first.endswith(" + 1") else f"{first or 0} + 1"
        rest = f"{name}[{first or 0} : {after}]"
    else:
        name = rewrite.name(f"{label(values)}_{by}_to")
        rewrite.before(place, f"{name} = list({itertools}.accumulate({text}, {by}))")
        rest = f"{name}[max({last} - 1, 0) : {last}]"
    item = rewrite.name(f"{by}_value")
    start, end = program.start(inner), program.end(inner)
    elt = program.data[program.start(made.elt) : start].decode() + item
    elt += program.data[end : program.end(made.elt)].decode()
    rewrite.replace(site, f"[{elt} for {item} in {rest}]")
    return rewrite.change(f"{by} of {shown(text)} step by step, made once (line {made.lineno})")


def _differences(program: Program) -> Iterator[tuple[ast.expr, ast.ListComp, ast.expr, ast.expr, str, Place]]:
    for site in expressions(program):
        made, by = site.node, _reducer(program, site)
        if not isinstance(made, ast.ListComp) or not by or len(made.generators) != 1 or made.generators[0].ifs:
            continue
        match made.generators[0].target, made.generators[0].iter, made.elt:
            case (
                ast.Name(id=index),
                ast.Call(func=ast.Name(id="range"), args=[*bounds]),
                ast.BinOp(op=ast.Add() | ast.Sub()) as whole_sum,
            ) if 1 <= len(bounds) <= 2:
                for inner, turned in _terms(whole_sum):
                    values = _looked_up(inner, index)
                    if values is None or len(uses(whole_sum, index)) > 1 or not is_pure(program, made):
                        continue
                    whole = ast.unparse(bounds[-1]) == f"len({ast.unparse(values)})"
                    up_to = len(bounds) == 1 or ast.unparse(bounds[0]) == "0"
                    place = widest(program, repeats(site), used(values))
                    if place is not None and whole != up_to and not used(values) & set(site.loose):
                        turn = {"max": "min", "min": "max"}
                        yield made, made, values, inner, turn[by] if turned else by, place


def _terms(node: ast.expr, turned: bool = False) -> Iterator[tuple[ast.expr, bool]]:
    """What a sum is made of, and whether it is taken away."""
    match node:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            yield from _terms(left, turned)
            yield from _terms(right, turned != isinstance(op, ast.Sub))
        case _:
            yield node, turned


def _looked_up(node: ast.expr, index: str) -> ast.expr | None:
    match node:
        case ast.Subscript(value=values, slice=ast.Name(id=name)) if name == index and index not in used(values):
            return values
    return None


def _reducer(program: Program, site: Site) -> str:
    """The function that takes the least or most of a list: "min" or "max", or ""."""
    over: ast.AST = site.parent
    if isinstance(over, ast.Starred):
        call = next((n for n in program.derived(_calls_with_star) if over in n.args[0].elts), None)  # type: ignore[attr-defined]
        over = call if call is not None else over
    match over:
        case ast.Call(func=ast.Name(id="min" | "max" as by), args=[_], keywords=[]):
            return by
    return ""


def _calls_with_star(program: Program) -> list[ast.Call]:
    calls = (n for n in ast.walk(program.tree) if isinstance(n, ast.Call))
    return [n for n in calls if len(n.args) == 1 and isinstance(n.args[0], ast.List)]


OPERATORS = (
    Operator("rank_so_far", "rewrites", rank_so_far),
    Operator("sorted_so_far", "rewrites", sorted_so_far),
    Operator("bisect_scan", "rewrites", bisect_scan),
    Operator("seen_before", "rewrites", seen_before),
    Operator("extreme_of_rest", "rewrites", extreme_of_rest),
)
