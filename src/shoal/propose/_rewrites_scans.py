"""Rewrites of scans: how many things fulfil a comparison, what they add up to, and whether there is one."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, places, reads_first, span, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_loops import sum_head
from shoal.propose._rewrites_nest import added, nest_of
from shoal.propose._rewrites_parts import (
    Rewrite,
    above,
    again,
    bracketed,
    comments,
    expressions,
    label,
    loops,
    repeats,
    uses,
    widest,
)
from shoal.propose._rewrites_pure import is_pure
from shoal.propose._rewrites_search import flags
from shoal.syntax._program import Program
from shoal.syntax._sites import Comprehension, Site

__all__ = ["OPERATORS", "Scan", "is_range", "put", "rank_text", "scans", "sides"]

_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
}
# Of a comparison: where the wanted value stands in the sorted list, and whether those beyond it are meant.
_PLACES: dict[type[ast.cmpop], tuple[str, bool]] = {
    ast.Lt: ("bisect_left", False),
    ast.LtE: ("bisect_right", False),
    ast.Gt: ("bisect_right", True),
    ast.GtE: ("bisect_left", True),
}


class Wanted(NamedTuple):
    """What a key is compared with, and how."""

    sign: type[ast.cmpop]
    node: ast.expr


class Scan(NamedTuple):
    """`sum(value for target in searched if key < wanted)`, as an expression or as a loop that adds up.

    Attributes:
        spot: of the expression, or of the loop.
        last: what the loop adds, as an assignment.
        target, searched: what is gone through.
        key: what is compared of each thing.
        wanted: with what.
        value: what is added up; None where things are counted.
        place: before which statement all things can be looked through once.
    """

    spot: Site | Place
    last: ast.AugAssign | None
    target: ast.expr
    searched: ast.expr
    key: ast.expr
    wanted: list[Wanted]
    value: ast.expr | None
    place: Place

    @property
    def line(self) -> int:
        """For people."""
        return self.target.lineno


def count_scan(draft: Draft) -> Change | None:
    """`sum(1 for y in ys if y == x)`, again and again, becomes a look at counts that are made once."""
    program = draft.program
    found = [s for s in scans(program) if s.value is None and [w.sign for w in s.wanted] == [ast.Eq]]
    scan = draft.pick(found)
    rewrite = Rewrite(program)
    name = rewrite.name(f"{label(scan.searched)}_counts")
    collections = rewrite.module(scan.place.block, "collections")
    inside = _keys(program, scan)
    rewrite.before(scan.place, f"{name} = {collections}.Counter({inside})")
    put(rewrite, scan, f"{name}[{program.text(scan.wanted[0].node)}]", atomic=True)
    return rewrite.change(f"counts of {shown(inside)}, made once (line {scan.line})")


def rank_scan(draft: Draft) -> Change | None:
    """`sum(1 for y in ys if y > x)`, again and again, becomes a place in a list that is sorted once."""
    program = draft.program
    scan = draft.pick([s for s in scans(program) if s.value is None and is_range(s.wanted)])
    rewrite = Rewrite(program)
    name = rewrite.name(f"{label(scan.searched)}_sorted")
    bisect = rewrite.module(scan.place.block, "bisect")
    inside = _keys(program, scan)
    rewrite.before(scan.place, f"{name} = sorted({inside})")
    put(rewrite, scan, rank_text(program, scan, bisect, name), atomic=True)
    return rewrite.change(f"{shown(inside)} sorted, once (line {scan.line})")


def rank_text(program: Program, scan: Scan, bisect: str, name: str) -> str:
    """How many things of a sorted list fulfil the comparisons."""
    below, beyond = _ends(program, scan, bisect, name)
    if below and beyond:
        return f"max(0, {below} - {beyond})"
    return below or f"(len({name}) - {beyond})"


def rank_sum(draft: Draft) -> Change | None:
    """`sum(v for y in ys if y > x)`, again and again, becomes a sum up to a place in what is sorted once."""
    program = draft.program
    scan = draft.pick([s for s in scans(program) if s.value is not None and is_range(s.wanted)])
    assert scan.value is not None
    rewrite = Rewrite(program)
    ordered, keys, sums = (rewrite.name(f"{label(scan.searched)}_{word}") for word in ("ordered", "keys", "sums"))
    bisect, itertools = (rewrite.module(scan.place.block, module) for module in ("bisect", "itertools"))
    pair = f"({program.text(scan.key)}, {program.text(scan.value)})"
    clause = f"for {program.text(scan.target)} in {bracketed(program, scan.searched)}"
    rewrite.before(
        scan.place,
        f"{ordered} = sorted([{pair} {clause}])",
        f"{keys} = [pair[0] for pair in {ordered}]",
        f"{sums} = [0, *{itertools}.accumulate(pair[1] for pair in {ordered})]",
    )
    below, beyond = _ends(program, scan, bisect, keys)
    if below and beyond:
        text = f"{sums}[max({below}, {beyond})] - {sums}[{beyond}]"
    else:
        text = f"{sums}[{below}]" if below else f"{sums}[-1] - {sums}[{beyond}]"
    put(rewrite, scan, text, atomic=bool(below) and not beyond)
    return rewrite.change(f"sums of {shown(program.text(scan.value))} by rank, made once (line {scan.line})")


def is_range(wanted: list[Wanted]) -> bool:
    """Whether comparisons name one end of a range, or both."""
    ends = [_PLACES[one.sign][1] for one in wanted if one.sign in _PLACES]
    return len(ends) == len(wanted) and len(set(ends)) == len(ends) > 0


def _ends(program: Program, scan: Scan, bisect: str, name: str) -> tuple[str, str]:
    """Texts of the places in a sorted list before which things are small enough, or too small; "" for no such end."""
    texts = {True: "", False: ""}
    for one in scan.wanted:
        by, beyond = _PLACES[one.sign]
        texts[beyond] = f"{bisect}.{by}({name}, {program.text(one.node)})"
    return texts[False], texts[True]


def put(rewrite: Rewrite, scan: Scan, text: str, *, atomic: bool) -> None:
    """Put an expression in a scan's place."""
    if isinstance(scan.spot, Place):
        assert scan.last is not None
        rewrite.within(scan.spot, f"{sum_head(rewrite, scan.spot, scan.last)}{text}")
    elif atomic:
        rewrite.replace(scan.spot.node, text)
    else:
        rewrite.exchange(scan.spot, text)


def _keys(program: Program, scan: Scan) -> str:
    """What is compared of each thing, as something to go through."""
    if ast.dump(scan.key) == ast.dump(scan.target).replace("Store()", "Load()"):
        return program.text(scan.searched)
    return f"{program.text(scan.key)} for {program.text(scan.target)} in {bracketed(program, scan.searched)}"


def scans(program: Program, *, still: bool = True) -> Iterator[Scan]:
    """All scans; where ``still``, those of things that stay the same while they are gone through again."""
    for site in expressions(program):
        match site.node:
            case ast.Call(func=ast.Name(id="sum" | "len" as by), args=[ast.ListComp() | ast.GeneratorExp() as made]):
                one = by == "len" or (isinstance(made.elt, ast.Constant) and made.elt.value == 1)
                if len(made.generators) == 1:
                    only = made.generators[0]
                    value = None if one else made.elt
                    yield from _scan(program, site, None, only.target, only.iter, only.ifs, value, still=still)
    for place in loops(program):
        nest, loop = nest_of(program, place), place.statement
        last = nest and added(nest.last)
        if nest is None or not last or not isinstance(loop, ast.For):
            continue
        tests = [test for _, test in nest.clauses[1:] if test is not None]
        name = program.text(last.target)
        mentions = 1 if isinstance(nest.last[0], ast.AugAssign) else 2
        alone = isinstance(last.target, ast.Name) and len(uses(loop, name)) == mentions
        if len(tests) == len(nest.clauses) - 1 and isinstance(last.op, ast.Add) and alone:
            one = isinstance(last.value, ast.Constant) and last.value.value == 1
            yield from _scan(
                program, place, last, loop.target, loop.iter, tests, None if one else last.value, still=still
            )


def _scan(
    program: Program,
    spot: Site | Place,
    last: ast.AugAssign | None,
    target: ast.expr,
    searched: ast.expr,
    tests: list[ast.expr],
    value: ast.expr | None,
    *,
    still: bool,
) -> Iterator[Scan]:
    inner = {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
    found = _compared(tests, inner)
    if found is None or not is_pure(program, searched, *tests, *([value] if value is not None else [])):
        return
    key, wanted = found
    names = reads_first(searched) | (reads_first(key) | (reads_first(value) if value is not None else set())) - inner
    loose = set() if isinstance(spot, Place) else set(spot.loose)
    around = again(spot) if isinstance(spot, Place) else repeats(spot)
    place = None if names & loose else widest(program, around, names)
    if not still and around:
        place = around[0]
    if place is not None:
        yield Scan(spot, last, target, searched, key, wanted, value, place)


def _compared(tests: list[ast.expr], inner: set[str]) -> tuple[ast.expr, list[Wanted]] | None:
    """The one key that conditions compare, and with what; None where they say anything else."""
    key: ast.expr | None = None
    wanted: list[Wanted] = []
    for left, op, right in _pairs(tests):
        pair = sides(left, right, inner) if op is not None else None
        if pair is None or op is None or (key is not None and ast.dump(pair[0]) != ast.dump(key)):
            return None
        key = pair[0]
        sign = type(op)
        wanted.append(Wanted(sign if key is left else _TURNED.get(sign, sign), pair[1]))
    return (key, wanted) if key is not None else None


def _pairs(tests: list[ast.expr]) -> Iterator[tuple[ast.expr, ast.cmpop | None, ast.expr]]:
    """Comparisons one by one; one without a sign for a condition that is none."""
    for test in tests:
        match test:
            case ast.BoolOp(op=ast.And(), values=values):
                yield from _pairs(values)
            case ast.Compare(left=left, ops=ops, comparators=others):
                yield from zip([left, *others], ops, others, strict=False)
            case _:
                yield test, None, test


def sides(left: ast.expr, right: ast.expr, inner: set[str]) -> tuple[ast.expr, ast.expr] | None:
    """The side of an equation that has inner names, and the one that has none."""
    for key, wanted in ((left, right), (right, left)):
        if reads_first(key) & inner and not reads_first(wanted) & inner:
            return key, wanted
    return None


def difference_range(draft: Draft) -> Change | None:
    """`abs(x - y) <= k` becomes `x - k <= y <= x + k`.

    Nothing is won by that itself: others look up then how many things are in a range. Floats are rounded otherwise.
    """
    program = draft.program
    site, text = draft.pick(list(_differences(program)))
    rewrite = Rewrite(program)
    rewrite.exchange(site, text)
    return rewrite.change(f"{shown(text)} (line {site.node.lineno})")


def _differences(program: Program) -> Iterator[tuple[Site, str]]:
    for site in expressions(program):
        match site.node:
            case ast.Compare(
                left=ast.Call(func=ast.Name(id="abs"), args=[ast.BinOp(left=one, op=ast.Sub(), right=other)]),
                ops=[ast.Lt() | ast.LtE() as op],
                comparators=[most],
            ) if is_pure(program, site.node):
                inner = next((names for names in _things_around(program, site) if names & used(site.node)), set())
                key, rest = (other, one) if used(other) & inner else (one, other)
                if used(key) & inner and not (used(rest) | used(most)) & inner:
                    sign = "<" if isinstance(op, ast.Lt) else "<="
                    wide, middle = bracketed(program, most), program.text(rest)
                    yield site, f"{middle} - {wide} {sign} {program.text(key)} {sign} {middle} + {wide}"


def _things_around(program: Program, site: Site) -> Iterator[set[str]]:
    """What the loops and comprehensions around an expression bind, innermost first."""
    for node in above(program, site.node):
        if isinstance(node, Comprehension):
            yield set().union(*(bound(one.target) for one in node.generators))
        if isinstance(node, ast.For):
            yield bound(node.target)


# -- whether there is one ----------------------------------------------------------------------------------------------


def contained(draft: Draft) -> Change | None:
    """A look whether one of the things is equal to something becomes a membership test."""
    return draft.pick([*_any_equal(draft.program), *_flag_loops(draft.program), *_else_loops(draft.program)])


def _any_equal(program: Program) -> Iterator[Change]:
    for site in expressions(program):
        match site.node:
            case ast.Call(func=ast.Name(id="any"), args=[ast.ListComp() | ast.GeneratorExp() as made], keywords=[]):
                only = made.generators[0]
                test = made.elt if len(made.generators) == 1 and not only.ifs else None
                text = _membership(program, test, only.target, only.iter)
                if text:
                    rewrite = Rewrite(program)
                    rewrite.exchange(site, text)
                    yield rewrite.change(f"{shown(text)} (line {site.node.lineno})")


def _flag_loops(program: Program) -> Iterator[Change]:
    for flag in flags(program):
        loop = flag.place.statement
        if len(flag.clauses) == 1 and isinstance(loop, ast.For):
            text = _membership(program, flag.test, loop.target, loop.iter, there=flag.truth)
            if text:
                rewrite = Rewrite(program)
                flag.put(rewrite, text)
                yield rewrite.change(f"{shown(text)} (line {loop.lineno})")


def _else_loops(program: Program) -> Iterator[Change]:
    """`for y in ys: if y == x: break`, `else: ...`."""
    for place in places(program):
        match place.statement:
            case ast.For(target=target, iter=iterated, body=[ast.If(test=test, body=[ast.Break()], orelse=[])]) as loop:
                first = loop.orelse[0] if loop.orelse else None
                text = _membership(program, test, target, iterated, there=False)
                line = program.starts[first.lineno - 1] if first is not None else 0
                head = [t for t in comments(program, loop) if t.encode() in program.data[program.start(loop) : line]]
                if text and first is not None and not head and line >= span(program, loop.body[0])[1]:
                    rewrite = Rewrite(program)
                    rewrite.cut(program.start(loop), line, f"if {text}:\n")
                    yield rewrite.change(f"{shown(text)} (line {loop.lineno})")


def _membership(
    program: Program, test: ast.expr | None, target: ast.expr, iterated: ast.expr, *, there: bool = True
) -> str:
    """The test whether something that is wanted is among the things, or not; "" where that is not what is asked."""
    match test:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]) if is_pure(program, test, iterated):
            pair = sides(left, right, {n.id for n in ast.walk(target) if isinstance(n, ast.Name)})
        case _:
            return ""
    if pair is None:
        return ""
    return f"{bracketed(program, pair[1])} {'in' if there else 'not in'} {_things(program, pair[0], target, iterated)}"


def _things(program: Program, key: ast.expr, target: ast.expr, iterated: ast.expr) -> str:
    """The keys of all that is gone through."""
    match key, target, iterated:
        case ast.Name(id=name), ast.Name(id=same), _ if name == same:
            return bracketed(program, iterated)
        case (
            ast.Subscript(value=values, slice=ast.Name(id=index)),
            ast.Name(id=same),
            ast.Call(func=ast.Name(id="range"), args=[*bounds]),
        ) if index == same and index not in used(values) and 1 <= len(bounds) <= 2:
            first = program.text(bounds[0]) if len(bounds) == 2 else ""
            last, whole = program.text(bounds[-1]), f"len({program.text(values)})"
            part = f"[{'' if first == '0' else first}:{'' if last == whole else last}]"
            return bracketed(program, values) + ("" if part == "[:]" else part)
    return f"[{program.text(key)} for {program.text(target)} in {bracketed(program, iterated)}]"


OPERATORS = (
    Operator("count_scan", "rewrites", count_scan),
    Operator("difference_range", "rewrites", difference_range),
    Operator("rank_scan", "rewrites", rank_scan),
    Operator("rank_sum", "rewrites", rank_sum),
    Operator("contained", "rewrites", contained),
)
