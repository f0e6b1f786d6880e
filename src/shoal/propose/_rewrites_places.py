"""A rewrite of searches in parts of a list: the places of each value, made once, tell how often it is in one."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, reads_first, step_of
from shoal.propose._pieces import shown
from shoal.propose._rewrites_lookup import may_be_list
from shoal.propose._rewrites_parts import Rewrite, changed_by, expressions, label, repeats, widest
from shoal.propose._rewrites_pure import is_pure
from shoal.syntax._program import Program
from shoal.syntax._sites import Site

__all__ = ["OPERATORS"]


class Asked(NamedTuple):
    """A part of a list that is asked for a value.

    Attributes:
        site: the membership test, or the call of `count`.
        values, part: the list and what part of it is asked.
        wanted: the value.
        place: the statement before which the places of the list's values can be told.
    """

    site: Site
    values: ast.expr
    part: ast.Slice
    wanted: ast.expr
    place: Place


def count_in_part(draft: Draft) -> Change | None:
    """How often a value is in a part of a list, by the places where it is in the whole (`bisect`)."""
    program = draft.program
    asked = draft.pick([*_asked(program)])
    rewrite, step = Rewrite(program), step_of(asked.place.block)
    word, values = label(asked.values), program.text(asked.values)
    places, find = rewrite.name(f"{word}_places"), rewrite.name(f"{word}_count")
    number, one = rewrite.name("number"), rewrite.name("one")
    wanted, part, first, last, found = map(rewrite.name, ("wanted", "part", "first", "last", "found"))
    bisect = rewrite.module(asked.place.block, "bisect")
    rewrite.before(
        asked.place,
        f"{places} = {{}}",
        f"for {number}, {one} in enumerate({values}):",
        f"{step}{places}.setdefault({one}, []).append({number})",
        "",
        f"def {find}({wanted}, {part}):",
        f"{step}{first}, {last}, _ = {part}.indices(len({values}))",
        f"{step}{found} = {places}.get({wanted}, ())",
        f"{step}return max(0, {bisect}.bisect_left({found}, {last}) - {bisect}.bisect_left({found}, {first}))",
        "",
    )
    bounds = ", ".join(program.text(b) if b is not None else "None" for b in (asked.part.lower, asked.part.upper))
    count = f"{find}({program.text(asked.wanted)}, slice({bounds}))"
    match asked.site.node:
        case ast.Compare(ops=[ast.In()]):
            rewrite.exchange(asked.site, f"{count} > 0")
        case ast.Compare():
            rewrite.exchange(asked.site, f"{count} == 0")
        case node:
            rewrite.replace(node, count)
    return rewrite.change(f"parts of {shown(values)} by places (line {asked.site.node.lineno})")


def _asked(program: Program) -> Iterator[Asked]:
    for site in expressions(program):
        match site.node:
            case ast.Compare(left=wanted, ops=[ast.In() | ast.NotIn()], comparators=[searched]):
                listed = may_be_list(program, site)
            case ast.Call(func=ast.Attribute(value=searched, attr="count"), args=[wanted], keywords=[]):
                listed = True
            case _:
                continue
        long_text = isinstance(wanted, ast.Constant) and isinstance(wanted.value, str) and len(wanted.value) != 1
        match searched:
            case ast.Subscript(value=values, slice=ast.Slice(step=None) as part) if listed and not long_text:
                names, around = reads_first(values), repeats(site)
                place = None if names & set(site.loose) else widest(program, around, names)
                moves = reads_first(part) & set(site.loose).union(*(changed_by(program, one) for one in around))
                if names and place is not None and moves and is_pure(program, site.node):
                    yield Asked(site, values, part, wanted, place)


OPERATORS = (Operator("count_in_part", "rewrites", count_in_part),)
