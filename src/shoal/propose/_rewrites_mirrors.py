"""A rewrite of parts of a text or list that are compared with themselves backwards."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, reads_first, step_of
from shoal.propose._pieces import shown
from shoal.propose._rewrites_parts import (
    Rewrite,
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
from shoal.propose._rewrites_pure import changed, is_pure
from shoal.syntax._program import Program
from shoal.syntax._sites import Site

__all__ = ["OPERATORS"]


class Mirror(NamedTuple):
    """`xs[a:b] == xs[a:b][::-1]`, asked again and again of a list or text that stays the same.

    Attributes:
        site: the comparison.
        part: what is compared.
        named: the statement that gives the part a name, and the other mentions of that.
        place: before which statement all parts can be looked through once.
    """

    site: Site
    part: ast.Subscript
    named: tuple[Place, list[ast.Name]] | None
    place: Place


def mirrored(draft: Draft) -> Change | None:
    """Whether a part reads the same backwards is told by how far that holds around its middle: Manacher's radii."""
    program = draft.program
    mirror = draft.pick(list(_mirrors(program)))
    rewrite = Rewrite(program)
    values, part = mirror.part.value, mirror.part.slice
    assert isinstance(part, ast.Slice) and isinstance(mirror.site.node, ast.Compare)
    text, step = program.text(values), step_of(mirror.place.block)
    radii, spaced = rewrite.name(f"{label(values)}_mirrors"), rewrite.name("spaced")
    middle, right, at, far = (rewrite.name(name) for name in ("middle", "right", "at", "far"))
    rewrite.before(
        mirror.place,
        f"{spaced} = [None, *(one for item in {text} for one in (item, None))]",
        f"{radii} = [0] * len({spaced})",
        f"{middle}, {right} = 0, 0",
        f"for {at} in range(len({spaced})):",
        f"{step}{far} = min({right} - {at}, {radii}[2 * {middle} - {at}]) if {at} < {right} else 0",
        f"{step}while {at} > {far} and {at} + {far} + 1 < len({spaced}) and "
        f"{spaced}[{at} - {far} - 1] == {spaced}[{at} + {far} + 1]:",
        f"{step}{step}{far} += 1",
        f"{step}{radii}[{at}] = {far}",
        f"{step}if {at} + {far} > {right}:",
        f"{step}{step}{middle}, {right} = {at}, {at} + {far}",
    )
    lower = bracketed(program, part.lower) if part.lower is not None else "0"
    upper = bracketed(program, part.upper) if part.upper is not None else f"len({text})"
    sign = ">=" if isinstance(mirror.site.node.ops[0], ast.Eq) else "<"
    rewrite.exchange(mirror.site, f"{radii}[{lower} + {upper}] {sign} {upper} - {lower}")
    if mirror.named is not None:
        place, mentions = mirror.named
        rewrite.drop(place)
        for use in mentions:
            over = parent(program, use)
            length = isinstance(over, ast.Call) and ast.unparse(over.func) == "len"
            rewrite.replace(over if length else use, f"({upper} - {lower})" if length else program.text(mirror.part))
    return rewrite.change(f"mirrors in {shown(text)}, found once (line {mirror.part.lineno})")


def _mirrors(program: Program) -> Iterator[Mirror]:
    for site in expressions(program):
        match site.node:
            case ast.Compare(left=one, ops=[ast.Eq() | ast.NotEq()], comparators=[other]):
                for part, turned in ((one, other), (other, one)):
                    mirror = _mirror(program, site, part) if _turns(turned, part) else None
                    if mirror is not None:
                        yield mirror


def _turns(node: ast.expr, part: ast.expr) -> bool:
    """Whether an expression is another one backwards."""
    return ast.unparse(node) in (f"{ast.unparse(part)}[::-1]", f"''.join(reversed({ast.unparse(part)}))")


def _mirror(program: Program, site: Site, part: ast.expr) -> Mirror | None:
    named = None
    if isinstance(part, ast.Name):
        name, function = part.id, site.block.function
        given = values_of(function, name) if function is not None else None
        made = parent(program, given[0]) if given is not None and len(given) == 1 else None
        place = place_of(program, made) if isinstance(made, ast.Assign) else None
        if place is None or given is None or place.block is not _block_of(program, site, place):
            return None
        inside = {id(n) for n in ast.walk(site.node)}
        later = [use for s in place.block.statements[place.index + 1 :] for use in uses(s, name)]
        named = place, [use for use in later if id(use) not in inside]
        assert function is not None
        if len(later) + 1 != len(uses(function, name)) or not all(isinstance(use.ctx, ast.Load) for use in later):
            return None
        part = given[0]
    match part:
        case ast.Subscript(value=values, slice=ast.Slice(step=None) as bounds) if is_pure(program, part):
            ends = [bound for bound in (bounds.lower, bounds.upper) if bound is not None]
            names = reads_first(values)
            place = None if names & set(site.loose) else widest(program, repeats(site), names)
            still = named is None or not _changes(program, named[0], ends)
            if place is not None and ends and still:
                return Mirror(site, part, named, place)
    return None


def _block_of(program: Program, site: Site, place: Place) -> object:
    """The block of a statement around a site which a place is in too."""
    block = site.block
    while block is not place.block and block.outer is not None:
        block = block.outer
    return block


def _changes(program: Program, place: Place, bounds: list[ast.expr]) -> bool:
    """Whether the bounds of a part change while its name is used."""
    names = set().union(*map(reads_first, bounds))
    return bool(changed(program, *place.block.statements[place.index + 1 :]) & names)


OPERATORS = (Operator("mirrored", "rewrites", mirrored),)
