"""Rewrites that look up instead of searching: sets, counts, first positions, things by key."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, reads_first
from shoal.propose._pieces import shown
from shoal.propose._rewrites_parts import (
    Rewrite,
    bracketed,
    expressions,
    label,
    repeats,
    widest,
)
from shoal.propose._rewrites_pure import is_pure
from shoal.syntax._program import Program
from shoal.syntax._scope import names_at
from shoal.syntax._sites import Site
from shoal.syntax._types import guess
from shoal.syntax._words import words

__all__ = ["OPERATORS"]

_SEARCHED = frozenset(("list", "numbers", "tuple", "unknown", "array", "int_array"))
_TABLE_METHODS = words("add discard get items keys setdefault update values union intersection issubset")
_MADE = words("list sorted tuple")

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


class Searched(NamedTuple):
    """A thing that is searched again and again and stays the same meanwhile.

    Attributes:
        node: the expression that gives it.
        sites: the expressions that search it, all within `place`.
        place: the statement before which it can be looked through once.
    """

    node: ast.expr
    sites: list[ast.expr]
    place: Place


class Scan(NamedTuple):
    """`sum(1 for target in searched if key == wanted)` at a site, and before which statement to look through it.

    ``sign`` is the comparison, of the key with what is wanted.
    """

    site: ast.expr
    target: ast.expr
    searched: ast.expr
    key: ast.expr
    wanted: ast.expr
    place: Place
    sign: type[ast.cmpop]


def set_membership(draft: Draft) -> Change | None:
    """Make a set, once, of a list that is asked again and again whether something is in it."""
    program = draft.program
    found = draft.pick(_gathered(program, _tests(program)))
    rewrite = Rewrite(program)
    name = rewrite.name(f"{label(found.node)}_set")
    made = found.node
    if isinstance(made, ast.Call) and isinstance(made.func, ast.Name) and made.func.id in _MADE and len(made.args) == 1:
        made = made.args[0]
    rewrite.before(found.place, f"{name} = set({program.text(made)})")
    for site in found.sites:
        rewrite.replace(site.comparators[0], name)  # type: ignore[attr-defined]
    return rewrite.change(f"a set of {shown(program.text(found.node))} for membership (line {found.sites[0].lineno})")


def _tests(program: Program) -> Iterator[tuple[Site, ast.expr]]:
    """Membership tests of what may be a list."""
    for site in expressions(program):
        match site.node:
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[searched]):
                kind = guess(searched, names_at(program, site.block, site.place))
                if (kind in _SEARCHED or _calls(searched, "values")) and not _is_table(site, searched):
                    yield site, searched


def _calls(node: ast.expr, *methods: str) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "attr", "") in methods


def _is_table(site: Site, node: ast.expr) -> bool:
    """Whether a thing is a dictionary's, or a name that is used as a dictionary or a set is."""
    function = site.block.function
    if _calls(node, "keys", "items"):
        return True
    if not isinstance(node, ast.Name) or function is None:
        return False
    methods = (n for n in ast.walk(function) if isinstance(n, ast.Attribute) and n.attr in _TABLE_METHODS)
    return any(isinstance(n.value, ast.Name) and n.value.id == node.id for n in methods)


def _gathered(program: Program, pairs: Iterator[tuple[Site, ast.expr]]) -> list[Searched]:
    """Searches with what they search, those of the same thing in the same place together."""
    found: dict[tuple[str, int], Searched] = {}
    for site, node in pairs:
        names = reads_first(node)
        if not names or names & set(site.loose) or not is_pure(program, node):
            continue
        place = widest(program, repeats(site), names)
        if place is not None:
            key = ast.dump(node), id(place.statement)
            found.setdefault(key, Searched(node, [], place)).sites.append(site.node)
    return list(found.values())


# -- counts and positions --------------------------------------------------------------------------------------------


def count_once(draft: Draft) -> Change | None:
    """Count all of a list's values once instead of one of them again and again."""
    program = draft.program
    found = draft.pick(_gathered(program, _method_calls(program, "count")))
    rewrite = Rewrite(program)
    name = rewrite.name(f"{label(found.node)}_counts")
    collections = rewrite.module(found.place.block, "collections")
    rewrite.before(found.place, f"{name} = {collections}.Counter({program.text(found.node)})")
    for site in found.sites:
        rewrite.replace(site, f"{name}[{program.text(site.args[0])}]")  # type: ignore[attr-defined]
    return rewrite.change(f"counts of {shown(program.text(found.node))}, made once (line {found.sites[0].lineno})")


def position_once(draft: Draft) -> Change | None:
    """Remember where each value of a list is first instead of searching for one again and again."""
    program = draft.program
    found = draft.pick(_gathered(program, _method_calls(program, "index")))
    rewrite = Rewrite(program)
    name, place, item = (rewrite.name(n) for n in (f"{label(found.node)}_positions", "place", "item"))
    made = f"{{{item}: {place} for {place}, {item} in reversed(list(enumerate({program.text(found.node)})))}}"
    rewrite.before(found.place, f"{name} = {made}")
    for site in found.sites:
        rewrite.replace(site, f"{name}[{program.text(site.args[0])}]")  # type: ignore[attr-defined]
    return rewrite.change(f"positions in {shown(program.text(found.node))}, made once (line {found.sites[0].lineno})")


def _method_calls(program: Program, method: str) -> Iterator[tuple[Site, ast.expr]]:
    for site in expressions(program):
        match site.node:
            case ast.Call(func=ast.Attribute(value=value, attr=attr), args=[argument], keywords=[]) if attr == method:
                long_text = isinstance(argument, ast.Constant) and len(str(argument.value)) != 1
                if not long_text and not isinstance(argument, ast.Starred):
                    yield site, value


def count_scan(draft: Draft) -> Change | None:
    """`sum(1 for y in ys if y == x)`, again and again, becomes a look at counts that are made once."""
    program = draft.program
    scan = draft.pick([scan for scan in _scans(program) if scan.sign is ast.Eq])
    rewrite = Rewrite(program)
    name = rewrite.name(f"{label(scan.searched)}_counts")
    collections = rewrite.module(scan.place.block, "collections")
    inside = _keys(program, scan)
    rewrite.before(scan.place, f"{name} = {collections}.Counter({inside})")
    rewrite.replace(scan.site, f"{name}[{program.text(scan.wanted)}]")
    return rewrite.change(f"counts of {shown(inside)}, made once (line {scan.site.lineno})")


def rank_scan(draft: Draft) -> Change | None:
    """`sum(1 for y in ys if y > x)`, again and again, becomes a place in a list that is sorted once."""
    program = draft.program
    scan = draft.pick([scan for scan in _scans(program) if scan.sign in _PLACES])
    rewrite = Rewrite(program)
    name = rewrite.name(f"{label(scan.searched)}_sorted")
    bisect = rewrite.module(scan.place.block, "bisect")
    inside = _keys(program, scan)
    rewrite.before(scan.place, f"{name} = sorted({inside})")
    by, beyond = _PLACES[scan.sign]
    below = f"{bisect}.{by}({name}, {program.text(scan.wanted)})"
    rewrite.replace(scan.site, f"(len({name}) - {below})" if beyond else below)
    return rewrite.change(f"{shown(inside)} sorted, once (line {scan.site.lineno})")


def _keys(program: Program, scan: Scan) -> str:
    """What is compared of each thing, as something to go through."""
    if ast.dump(scan.key) == ast.dump(scan.target).replace("Store()", "Load()"):
        return program.text(scan.searched)
    return f"{program.text(scan.key)} for {program.text(scan.target)} in {bracketed(program, scan.searched)}"


def _scans(program: Program) -> Iterator[Scan]:
    for site in expressions(program):
        match site.node:
            case ast.Call(func=ast.Name(id="sum" | "len" as by), args=[ast.ListComp() | ast.GeneratorExp() as made]):
                one = isinstance(made.elt, ast.Constant) and made.elt.value == 1
                if not (one or by == "len") or len(made.generators) != 1:
                    continue
                scan = _scan(program, site, made.generators[0])
                if scan is not None:
                    yield scan


def _scan(program: Program, site: Site, made: ast.comprehension) -> Scan | None:
    inner = {n.id for n in ast.walk(made.target) if isinstance(n, ast.Name)}
    match made.ifs:
        case [ast.Compare(left=left, ops=[op], comparators=[right])]:
            pair = sides(left, right, inner)
        case _:
            return None
    if pair is None or not is_pure(program, made.iter, *pair):
        return None
    names = reads_first(made.iter) | reads_first(pair[0]) - inner
    place = None if names & set(site.loose) else widest(program, repeats(site), names)
    if place is None:
        return None
    sign = type(op) if pair[0] is left else _TURNED.get(type(op), type(op))
    return Scan(site.node, made.target, made.iter, *pair, place, sign)


def sides(left: ast.expr, right: ast.expr, inner: set[str]) -> tuple[ast.expr, ast.expr] | None:
    """The side of an equation that has inner names, and the one that has none."""
    for key, wanted in ((left, right), (right, left)):
        if reads_first(key) & inner and not reads_first(wanted) & inner:
            return key, wanted
    return None


OPERATORS = (
    Operator("set_membership", "rewrites", set_membership),
    Operator("count_once", "rewrites", count_once),
    Operator("count_scan", "rewrites", count_scan),
    Operator("rank_scan", "rewrites", rank_scan),
    Operator("position_once", "rewrites", position_once),
)
