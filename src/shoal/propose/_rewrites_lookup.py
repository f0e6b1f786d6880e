"""Rewrites that look up instead of searching: sets, counts, first positions, things by key."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, places, reads_first, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_parts import (
    Rewrite,
    again,
    expressions,
    label,
    parent,
    repeats,
    widest,
)
from shoal.propose._rewrites_pure import is_pure
from shoal.syntax._program import Program
from shoal.syntax._scope import names_at
from shoal.syntax._sites import Function, Site
from shoal.syntax._types import guess
from shoal.syntax._words import words

__all__ = ["OPERATORS", "may_be_list"]

_SEARCHED = frozenset(("list", "numbers", "tuple", "unknown", "array", "int_array"))
_TABLE_METHODS = words("add discard get items keys setdefault update values union intersection issubset")
_MADE = words("list sorted tuple")


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
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[searched]) if may_be_list(program, site):
                yield site, searched


def may_be_list(program: Program, site: Site) -> bool:
    """Whether what a membership test searches may be a list."""
    assert isinstance(site.node, ast.Compare)
    searched = site.node.comparators[0]
    kind = guess(searched, names_at(program, site.block, site.place))
    return (kind in _SEARCHED or _calls(searched, "values")) and not _is_table(site, searched)


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
    options: list[Searched | Site] = [*_gathered(program, _method_calls(program, "count")), *_keys(program)]
    found = draft.pick(options)
    if isinstance(found, Site):
        return _counted_key(program, found)
    rewrite = Rewrite(program)
    name = rewrite.name(f"{label(found.node)}_counts")
    collections = rewrite.module(found.place.block, "collections")
    rewrite.before(found.place, f"{name} = {collections}.Counter({program.text(found.node)})")
    for site in found.sites:
        rewrite.replace(site, f"{name}[{program.text(site.args[0])}]")  # type: ignore[attr-defined]
    return rewrite.change(f"counts of {shown(program.text(found.node))}, made once (line {found.sites[0].lineno})")


def _keys(program: Program) -> Iterator[Site]:
    """`xs.count` as the key by which things are compared."""
    keys = {id(node.value) for node in ast.walk(program.tree) if isinstance(node, ast.keyword) and node.arg == "key"}
    for site in expressions(program):
        match site.node:
            case ast.Attribute(value=values, attr="count") if id(site.node) in keys and is_pure(program, values):
                yield site


def _counted_key(program: Program, site: Site) -> Change:
    assert isinstance(site.node, ast.Attribute)
    rewrite, values = Rewrite(program), program.text(site.node.value)
    rewrite.replace(site.node, f"{rewrite.module(site.block, 'collections')}.Counter({values}).__getitem__")
    return rewrite.change(f"counts of {shown(values)}, made once (line {site.node.lineno})")


def position_once(draft: Draft) -> Change | None:
    """Remember where each value of a list is first instead of searching for one again and again."""
    program = draft.program
    calls = ((site, value) for site, value in _method_calls(program, "index") if not _is_tried(program, site.node))
    found = draft.pick(_gathered(program, calls))
    rewrite = Rewrite(program)
    name, place, item = (rewrite.name(n) for n in (f"{label(found.node)}_positions", "place", "item"))
    made = f"{{{item}: {place} for {place}, {item} in reversed(list(enumerate({program.text(found.node)})))}}"
    rewrite.before(found.place, f"{name} = {made}")
    for site in found.sites:
        rewrite.replace(site, f"{name}[{program.text(site.args[0])}]")  # type: ignore[attr-defined]
    return rewrite.change(f"positions in {shown(program.text(found.node))}, made once (line {found.sites[0].lineno})")


def _is_tried(program: Program, node: ast.AST) -> bool:
    """Whether it may be caught that something is not in a list: a table raises another exception."""
    while not isinstance(node, Function | ast.Lambda):
        node = parent(program, node)
        if isinstance(node, ast.Try) and node.handlers:
            return True
    return False


def _method_calls(program: Program, method: str) -> Iterator[tuple[Site, ast.expr]]:
    for site in expressions(program):
        match site.node:
            case ast.Call(func=ast.Attribute(value=value, attr=attr), args=[argument], keywords=[]) if attr == method:
                long_text = isinstance(argument, ast.Constant) and len(str(argument.value)) != 1
                if not long_text and not isinstance(argument, ast.Starred):
                    yield site, value


class Attempt(NamedTuple):
    """A search for the place of a thing in a list, with something else where it is not in there.

    Attributes:
        place: the statement; table: what is searched; wanted: what for; other: what stands for a thing that is missing.
        node: the expression that gives way; None where all of the statement does.
        head: what the statement begins with, before the value.
    """

    place: Place
    table: ast.expr
    wanted: ast.expr
    other: ast.expr
    node: ast.expr | None
    head: str


def position_or(draft: Draft) -> Change | None:
    """The same where another value stands for what is not in the list: `try` with ValueError, or a condition."""
    program = draft.program
    steady = [
        (one, around)
        for one in _attempts(program)
        if is_pure(program, one.wanted, one.other, one.table)
        and (around := widest(program, again(one.place), used(one.table))) is not None
    ]
    found, around = draft.pick(steady)
    rewrite = Rewrite(program)
    name, place, item = (rewrite.name(n) for n in (f"{label(found.table)}_positions", "place", "item"))
    made = f"{{{item}: {place} for {place}, {item} in reversed(list(enumerate({program.text(found.table)})))}}"
    rewrite.before(around, f"{name} = {made}")
    value = f"{name}.get({program.text(found.wanted)}, {program.text(found.other)})"
    if found.node is None:
        rewrite.within(found.place, f"{found.head}{value}")
    else:
        rewrite.replace(found.node, value)
    line = found.place.statement.lineno
    return rewrite.change(f"positions in {shown(program.text(found.table))}, made once (line {line})")


def _attempts(program: Program) -> Iterator[Attempt]:
    for place in places(program):
        match place.statement:
            case ast.Try(
                body=[one],
                handlers=[ast.ExceptHandler(type=ast.Name(id="ValueError"), name=None, body=[other])],
                orelse=[],
                finalbody=[],
            ):
                yield from _tried(place, one, other)
    for site in expressions(program):
        match site.node:
            case ast.IfExp(
                test=ast.Compare(left=wanted, ops=[ast.In()], comparators=[table]), body=found, orelse=missing
            ):
                if ast.unparse(found) == f"{ast.unparse(table)}.index({ast.unparse(wanted)})":
                    yield Attempt(Place(site.block, site.place), table, wanted, missing, site.node, "")


def _tried(place: Place, body: ast.stmt, handler: ast.stmt) -> Iterator[Attempt]:
    match body, handler:
        case ast.Return(value=ast.expr() as call), ast.Return(value=ast.expr() as missing):
            head = "return "
        case ast.Assign(targets=[ast.Name(id=name)], value=call), ast.Assign(
            targets=[ast.Name(id=same)], value=missing
        ) if name == same:
            head = f"{name} = "
        case _:
            return
    match call:
        case ast.Call(func=ast.Attribute(value=table, attr="index"), args=[wanted], keywords=[]):
            yield Attempt(place, table, wanted, missing, None, head)


OPERATORS = (
    Operator("set_membership", "rewrites", set_membership),
    Operator("position_or", "rewrites", position_or),
    Operator("count_once", "rewrites", count_once),
    Operator("position_once", "rewrites", position_once),
)
