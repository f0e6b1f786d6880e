"""Rewrites of scans: how many things fulfil a comparison, what they add up to, and whether there is one."""

import ast
import copy
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, places, reads_first, span, step_of, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_loops import sum_head
from shoal.propose._rewrites_nest import added, nest_of
from shoal.propose._rewrites_parts import (
    SIGNS,
    TURNED,
    Rewrite,
    above,
    again,
    bracketed,
    comments,
    expressions,
    label,
    loops,
    read_later,
    repeats,
    uses,
    widest,
)
from shoal.propose._rewrites_pure import is_pure
from shoal.propose._rewrites_search import flags
from shoal.syntax._program import Program
from shoal.syntax._sites import Comprehension, Site, leaf_names

__all__ = ["OPERATORS", "Scan", "is_range", "put", "rank_text", "scans", "sides"]

# Of a comparison: where the wanted value stands in the sorted list, and whether those beyond it are meant.
_PLACES: dict[type[ast.cmpop], tuple[str, bool]] = {
    ast.Lt: ("bisect_left", False),
    ast.LtE: ("bisect_right", False),
    ast.Gt: ("bisect_right", True),
    ast.GtE: ("bisect_left", True),
}

# Of a comparison, the one that holds where it does not, among things that can be put in order.
_DENIED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
}


class Wanted(NamedTuple):
    """A key of a thing, what it is compared with, and how."""

    sign: type[ast.cmpop]
    node: ast.expr
    key: ast.expr


class Scan(NamedTuple):
    """`sum(value for target in searched if key < wanted)`, as an expression or as a loop that adds up.

    Attributes:
        spot: of the expression, or of the loop.
        last: what the loop adds, as an assignment.
        target, searched: what is gone through.
        wanted: what is compared of each thing, and with what.
        ifs: conditions that depend on the thing alone.
        less: how many too many there are, where the things but one are meant: a number, or text of one.
        value: what is added up; None where things are counted.
        place: before which statement all things can be looked through once.
    """

    spot: Site | Place
    last: ast.AugAssign | None
    target: ast.expr
    searched: ast.expr
    wanted: list[Wanted]
    ifs: list[ast.expr]
    less: int | str
    value: ast.expr | None
    place: Place

    @property
    def key(self) -> ast.expr:
        """What is compared of each thing first."""
        return self.wanted[0].key

    @property
    def line(self) -> int:
        """For people."""
        return self.target.lineno


def count_scan(draft: Draft) -> Change | None:
    """`sum(1 for y in ys if y == x)`, again and again, becomes a look at counts that are made once."""
    program = draft.program
    scan = draft.pick([s for s in scans(program) if s.value is None and _is_equal(s.wanted)])
    rewrite = Rewrite(program)
    name = rewrite.name(f"{label(scan.searched)}_counts")
    collections = rewrite.module(scan.place.block, "collections")
    key, wanted = _equation(program, scan)
    inside = _keys(program, scan, key)
    rewrite.before(scan.place, f"{name} = {collections}.Counter({inside})")
    put(rewrite, scan, f"{name}[{wanted}]", atomic=True)
    return rewrite.change(f"counts of {shown(inside)}, made once (line {scan.line})")


def sum_scan(draft: Draft) -> Change | None:
    """`sum(v for y in ys if y == x)`, again and again, becomes a look at sums by key that are made once."""
    program = draft.program
    scan = draft.pick([s for s in scans(program) if s.value is not None and _is_equal(s.wanted) and _is_free(s)])
    assert scan.value is not None
    rewrite = Rewrite(program)
    name, step = rewrite.name(f"{label(scan.searched)}_sums"), step_of(scan.place.block)
    key, wanted = _equation(program, scan)
    tests = [f"{step}if {' and '.join(_texts(program, scan.ifs))}:"] if scan.ifs else []
    added_up = f"{name}[{key}] = {name}.get({key}, 0) + {bracketed(program, scan.value)}"
    rewrite.before(
        scan.place,
        f"{name} = {{}}",
        f"for {program.text(scan.target)} in {program.text(scan.searched)}:",
        *tests,
        f"{step * (len(tests) + 1)}{added_up}",
    )
    put(rewrite, scan, f"{name}.get({wanted}, 0)", atomic=True)
    return rewrite.change(f"sums of {shown(program.text(scan.value))} by {shown(key)}, made once (line {scan.line})")


def _is_equal(wanted: list[Wanted]) -> bool:
    return all(one.sign is ast.Eq for one in wanted)


def _is_free(scan: Scan) -> bool:
    """Whether a loop through the things, before a statement, would change no name that is read there or later."""
    names = bound(scan.target)
    return not reads_first(scan.place.statement) & names and not read_later(scan.place, names)


def _equation(program: Program, scan: Scan) -> tuple[str, str]:
    """Texts of the keys that are compared, and of what they must be."""
    keys, wanted = ([program.text(getattr(w, part)) for w in scan.wanted] for part in ("key", "node"))
    return (keys[0], wanted[0]) if len(keys) == 1 else (f"({', '.join(keys)})", f"({', '.join(wanted)})")


def rank_scan(draft: Draft) -> Change | None:
    """`sum(1 for y in ys if y > x)`, again and again, becomes a place in a list that is sorted once."""
    program = draft.program
    scan = draft.pick([s for s in scans(program) if s.value is None and (is_range(s.wanted) or _is_between(s.wanted))])
    rewrite = Rewrite(program)
    if _is_between(scan.wanted):
        return _between(rewrite, scan)
    name = rewrite.name(f"{label(scan.searched)}_sorted")
    bisect = rewrite.module(scan.place.block, "bisect")
    inside = _keys(program, scan, program.text(scan.key))
    rewrite.before(scan.place, f"{name} = sorted({inside})")
    put(rewrite, scan, rank_text(program, scan, bisect, name), atomic=True)
    return rewrite.change(f"{shown(inside)} sorted, once (line {scan.line})")


def _is_between(wanted: list[Wanted]) -> bool:
    """Whether one thing is compared with a beginning and an end, as in `start <= x < end`."""
    if len(wanted) != 2 or any(one.sign not in _PLACES for one in wanted):
        return False
    same = ast.dump(wanted[0].node) == ast.dump(wanted[1].node)
    keys = ast.dump(wanted[0].key) != ast.dump(wanted[1].key)
    return same and keys and _PLACES[wanted[0].sign][1] != _PLACES[wanted[1].sign][1]


def _between(rewrite: Rewrite, scan: Scan) -> Change:
    """How many stretches a place is in: those that have begun before it, less those that have ended.

    Stretches that end before they begin hold nothing, and are left out of both.
    """
    program = rewrite.program
    first, last = sorted(scan.wanted, key=lambda one: _PLACES[one.sign][1])
    starts, ends = (rewrite.name(f"{label(scan.searched)}_{word}") for word in ("starts", "ends"))
    bisect = rewrite.module(scan.place.block, "bisect")
    sign = "<=" if {first.sign, last.sign} == {ast.LtE, ast.GtE} else "<"
    begun, ended = (bracketed(program, one.key) for one in (first, last))
    clause = f"for {program.text(scan.target)} in {bracketed(program, scan.searched)}"
    kept = " and ".join([f"{begun} {sign} {ended}", *_texts(program, scan.ifs)])
    rewrite.before(
        scan.place,
        f"{starts} = sorted([{program.text(first.key)} {clause} if {kept}])",
        f"{ends} = sorted([{program.text(last.key)} {clause} if {kept}])",
    )
    at = program.text(first.node)
    counts = (f"{bisect}.{_PLACES[one.sign][0]}({name}, {at})" for one, name in ((first, starts), (last, ends)))
    put(rewrite, scan, " - ".join(counts), atomic=False)
    return rewrite.change(f"beginnings and ends of {shown(program.text(scan.searched))} sorted (line {scan.line})")


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
    clause = " ".join(_clauses(program, scan))
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
    if len({ast.dump(one.key) for one in wanted}) > 1:
        return False
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
    if scan.less:
        text, atomic = f"{text} - {scan.less}", False
    if isinstance(scan.spot, Place):
        assert scan.last is not None
        rewrite.within(scan.spot, f"{sum_head(rewrite, scan.spot, scan.last)}{text}")
    elif atomic:
        rewrite.replace(scan.spot.node, text)
    else:
        rewrite.exchange(scan.spot, text)


def _keys(program: Program, scan: Scan, key: str) -> str:
    """What is compared of each thing, as something to go through."""
    thing = ast.dump(scan.target).replace("Store()", "Load()")
    if {ast.dump(one.key) for one in scan.wanted} == {thing} and not scan.ifs:
        return program.text(scan.searched)
    return " ".join([key, *_clauses(program, scan)])


def _clauses(program: Program, scan: Scan) -> list[str]:
    clause = f"for {program.text(scan.target)} in {bracketed(program, scan.searched)}"
    return [clause, f"if {' and '.join(_texts(program, scan.ifs))}"] if scan.ifs else [clause]


def _texts(program: Program, tests: list[ast.expr]) -> list[str]:
    return [_told(program, test) for test in tests]


def _told(program: Program, test: ast.expr) -> str:
    """The text of a condition; of one that is denied by a `continue`, nothing in the program reads so."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner) if program.start(inner) == program.start(test):
            return f"not {bracketed(program, inner)}"
    return program.text(test) if isinstance(test, ast.Compare) else bracketed(program, test)


def scans(program: Program, *, still: bool = True, overlaps: bool = False) -> Iterator[Scan]:
    """All scans; where ``still``, those of things that stay the same while they are gone through again.

    Where ``overlaps``, also those of all things but one that compare with two different things of that.
    """
    for site in expressions(program):
        match site.node:
            case ast.Call(func=ast.Name(id="sum" | "len" as by), args=[ast.ListComp() | ast.GeneratorExp() as made]):
                one = by == "len" or (isinstance(made.elt, ast.Constant) and made.elt.value == 1)
                if len(made.generators) == 1:
                    only = made.generators[0]
                    value = None if one else made.elt
                    found = _scan(program, site, None, only.target, only.iter, only.ifs, value, still, overlaps)
                    yield from found
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
            value = None if one else last.value
            yield from _scan(program, place, last, loop.target, loop.iter, tests, value, still, overlaps)


def _scan(
    program: Program,
    spot: Site | Place,
    last: ast.AugAssign | None,
    target: ast.expr,
    searched: ast.expr,
    tests: list[ast.expr],
    value: ast.expr | None,
    still: bool,
    overlaps: bool,
) -> Iterator[Scan]:
    inner = {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
    if not is_pure(program, searched, *tests, *([value] if value is not None else [])):
        return
    wanted, ifs = _compared(tests, inner)
    node = spot.statement if isinstance(spot, Place) else spot.node
    less: int | str = 0
    wanted, less = _but_itself(program, node, target, searched, wanted, overlaps)
    if not wanted or (less and (ifs or value is not None)):
        return
    told = set().union(*(reads_first(n) for n in (*(w.key for w in wanted), *ifs, *([value] if value else []))))
    names = reads_first(searched) | (told - inner)
    loose = set() if isinstance(spot, Place) else set(spot.loose)
    around = again(spot) if isinstance(spot, Place) else repeats(spot)
    place = None if names & loose else widest(program, around, names)
    if not still and around:
        place = around[0]
    if place is not None:
        yield Scan(spot, last, target, searched, wanted, ifs, less, value, place)


def _compared(tests: list[ast.expr], inner: set[str]) -> tuple[list[Wanted], list[ast.expr]]:
    """The keys that conditions compare with something else, and the conditions that depend on the thing alone.

    No keys where a condition says anything else.
    """
    wanted: list[Wanted] = []
    fixed: list[tuple[Wanted | None, ast.expr]] = []
    for left, op, right, test in _pairs(tests):
        one = None
        if op is not None:
            pair = sides(left, right, inner)
            sign = type(op) if pair and pair[0] is left else TURNED.get(type(op), type(op))
            one = pair and Wanted(sign, pair[1], pair[0])
        if one and reads_first(one.node):
            wanted.append(one)
        elif one or not reads_first(test) - inner:
            fixed.append((one, test))
        else:
            return [], []
    if not wanted:
        return [one for one, _ in fixed if one] if all(one for one, _ in fixed) else [], []
    return wanted, [test for _, test in fixed]


def _but_itself(
    program: Program,
    node: ast.AST,
    target: ast.expr,
    searched: ast.expr,
    wanted: list[Wanted],
    overlaps: bool,
) -> tuple[list[Wanted], int | str]:
    """The comparisons without `j != i`, where that a thing is not itself follows from them, or can be counted off."""
    itself = [w for w in wanted if w.sign in (ast.NotEq, ast.IsNot)]
    others = [w for w in wanted if w not in itself]
    if len(itself) != 1 or not others:
        return wanted, 0
    for outer in above(program, node):
        for made in outer.generators if isinstance(outer, Comprehension) else [outer]:
            if not isinstance(made, ast.For | ast.comprehension) or ast.dump(made.iter) != ast.dump(searched):
                continue
            names = dict(zip(leaf_names(target), leaf_names(made.target), strict=False))
            same = [w for w in others if _renamed(w.key, names) == ast.unparse(w.node)]
            if _renamed(itself[0].key, names) != ast.unparse(itself[0].node):
                continue
            if any(w.sign in (ast.Lt, ast.Gt) for w in same):
                return others, 0
            numbered = isinstance(searched, ast.Call) and getattr(searched.func, "id", "") in ("range", "enumerate")
            if len(same) == len(others) and (numbered or itself[0].sign is ast.IsNot):
                return others, 1
            if overlaps and (numbered or itself[0].sign is ast.IsNot):
                own = (f"{_renamed(w.key, names)} {SIGNS[w.sign]} {ast.unparse(w.node)}" for w in others)
                return (others, f"({' and '.join(own)})") if all(w.sign in SIGNS for w in others) else ([], 0)
    return [], 0


def _renamed(key: ast.expr, names: dict[str, str]) -> str:
    """The text of an expression with other names."""
    copied = copy.deepcopy(key)
    for node in ast.walk(copied):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
    return ast.unparse(copied)


def _pairs(tests: list[ast.expr]) -> Iterator[tuple[ast.expr, ast.cmpop | None, ast.expr, ast.expr]]:
    """Comparisons one by one, each with the condition that it is; one without a sign for a condition that is none."""
    for test in tests:
        match test:
            case ast.BoolOp(op=ast.And(), values=values):
                yield from _pairs(values)
            case ast.Compare(left=left, ops=ops, comparators=others):
                for one, op, other in zip([left, *others], ops, others, strict=False):
                    whole = ast.copy_location(ast.Compare(one, [op], [other]), one)
                    whole.end_lineno, whole.end_col_offset = other.end_lineno, other.end_col_offset
                    yield one, op, other, whole
            case ast.UnaryOp(op=ast.Not(), operand=ast.BoolOp(op=ast.Or(), values=values)):
                yield from _pairs([ast.copy_location(ast.UnaryOp(ast.Not(), value), value) for value in values])
            case ast.UnaryOp(op=ast.Not(), operand=ast.Compare(left=left, ops=[op], comparators=[right])) if (
                type(op) in _DENIED
            ):
                yield left, _DENIED[type(op)](), right, test
            case _:
                yield test, None, test, test


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
    Operator("sum_scan", "rewrites", sum_scan),
    Operator("difference_range", "rewrites", difference_range),
    Operator("rank_scan", "rewrites", rank_scan),
    Operator("rank_sum", "rewrites", rank_sum),
    Operator("contained", "rewrites", contained),
)
