"""Uniform mutation by addition and deletion: every statement and every term may be joined by a new one, or go.

After Helmuth, McPhee and Spector, "Program synthesis using uniform mutation by addition and deletion" (GECCO 2018): a
site gains with rate r and loses with rate r / (1 + r), so that programs neither grow nor shrink on average. What they
do to the genes of a linear genome is done here to statements, to the terms of a sum and to arguments of min and max.
"""

import ast
from collections.abc import Callable, Iterator
from functools import partial

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._grammar_place import spot
from shoal.propose._lines import Place, movable_places, places, span
from shoal.propose._pieces import Piece, piece, replaced, shown
from shoal.propose._statements import changeable_at, deletable, fresh_statement
from shoal.propose._terms import results
from shoal.propose._tree import is_extreme
from shoal.syntax._program import Program, Splice
from shoal.syntax._sites import Site

RATE = 0.1
"""Rate of addition, payload "rate"."""

_ADDABLE = ("number", "array")
_Edit = Callable[[Draft], list[Splice]]


def add_and_delete(draft: Draft) -> Change | None:
    """Add and remove statements and terms, each site with its own chance; at least one."""
    rate = draft.number("rate", RATE, low=0.001, high=0.5)
    sites = list(_sites(draft.program))
    chosen = [e for add, drop in sites for e in (add, drop) if draft.chance(rate if e is add else rate / (1 + rate))]
    if not chosen:
        add, drop = draft.pick(sites)
        chosen = [add if draft.chance(0.5) else drop]
    splices = [splice for change in chosen for splice in change(draft)]
    if not splices:
        return None
    kept = _apart(splices)
    first = next((text for _, _, text in kept if text.strip()), "")
    note = f"{len(kept)} added or removed" + (f": {shown(first)}" if first else "")
    return Change(note=note, splices=kept)


def _apart(splices: list[Splice]) -> list[Splice]:
    """Those that do not overlap one before them."""
    kept: list[Splice] = []
    for splice in sorted(splices):
        if not kept or splice[0] >= kept[-1][1]:
            kept.append(splice)
    return kept


def _sites(program: Program) -> Iterator[tuple[_Edit, _Edit]]:
    """What would add at each site, and what would take it away."""
    for place in places(program):
        yield partial(_statement_added, place=place), partial(_statement_dropped, place=place)
    for site in results(program):
        yield partial(_term_added, site=site), partial(_term_dropped, site=site)
    for site in program.sites.expressions:
        if is_extreme(site.node):
            yield partial(_argument_added, site=site), partial(_argument_dropped, site=site)


def _statement_added(draft: Draft, place: Place) -> list[Splice]:
    found = changeable_at(draft, place)
    code = fresh_statement(draft, *found) if found else None
    if code is None:
        return []
    start = span(draft.program, place.statement)[0]
    return [(start, start, "".join(f"{place.block.indent}{line}\n" for line in code.split("\n")))]


def _statement_dropped(draft: Draft, place: Place) -> list[Splice]:
    if len(place.block.statements) < 2 or not deletable(draft, place):
        return []
    # Of two neighbours that go together, the second may have been kept by the first.
    alone = sum(p.block is place.block for p in movable_places(draft.program)) < 2
    return [] if alone else [(*span(draft.program, place.statement), "")]


def _term_added(draft: Draft, site: Site) -> list[Splice]:
    here = spot(draft, site)
    new = here.fresh(1) if here.kind in _ADDABLE else None
    if new is None:
        return []
    old, size = piece(draft.program, site.node), here.maker.size(-1.5, 2.3).text
    return [replaced(draft.program, site, Piece(f"{old.operand()} {draft.pick('+-')} {size} * {new.operand()}", False))]


def _term_dropped(draft: Draft, site: Site) -> list[Splice]:
    match site.node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            kept = left if draft.chance(0.7) else right
        case ast.BinOp(left=left, op=ast.Sub()):
            kept = left
        case _:
            return []
    return [replaced(draft.program, site, piece(draft.program, kept))]


def _argument_added(draft: Draft, site: Site) -> list[Splice]:
    assert isinstance(site.node, ast.Call)
    new = spot(draft, site).maker.number(1, "max")
    end = draft.program.end(site.node.args[-1])
    return [(end, end, f", {new.text}")]


def _argument_dropped(draft: Draft, site: Site) -> list[Splice]:
    assert isinstance(site.node, ast.Call)
    arguments = site.node.args
    if len(arguments) < 3:
        return []
    k = int(draft.rng.integers(1, len(arguments)))
    return [(draft.program.end(arguments[k - 1]), draft.program.end(arguments[k]), "")]


OPERATORS = (Operator("add_and_delete", "tree", add_and_delete),)
