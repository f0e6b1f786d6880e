"""Edits that take something from another program: numbers, an expression, a statement, a function."""

import ast
import builtins
from collections.abc import Mapping

import numpy as np

from shoal.propose._draft import Change, Draft, ImpossibleError, Operator
from shoal.propose._grammar_place import kind_of, names_of
from shoal.propose._lines import Place, bound, indented, jumps_out, movable_places, names_before, reads_first, span
from shoal.propose._numbers import change_to, slots_of, tidy
from shoal.propose._pieces import Piece, piece, replaced, shown
from shoal.syntax._literals import Slot
from shoal.syntax._program import Program
from shoal.syntax._region import names_bound
from shoal.syntax._scope import names_at
from shoal.syntax._serial import Number
from shoal.syntax._sites import Function, Site, leaf_names

_BUILTINS = frozenset(dir(builtins))


def crossover_numbers(draft: Draft) -> Change | None:
    """Mix the numbers with those of donors that have as many: pick, blend, or add a difference of two donors."""
    slots = slots_of(draft)
    others = [d.literals.slots for d in draft.donors() if len(d.literals.slots) == len(slots)]
    if not others:
        raise ImpossibleError("no donor has as many numbers")
    roll = float(draft.rng.random())
    if len(others) > 1 and roll < 0.5:
        values = _difference(draft, slots, others[0], others[1])
    elif roll < 0.75:
        values = _blend(draft, slots, others[0])
    else:
        values = _pick(draft, slots, others[0])
    return change_to(draft, [(k, slots[k].fitted(v)) for k, v in enumerate(values)])


def _difference(draft: Draft, slots: tuple[Slot, ...], a: tuple[Slot, ...], b: tuple[Slot, ...]) -> list[Number]:
    """Differential evolution: this + F (a - b), on a random share of the numbers."""
    factor = float(draft.rng.uniform(0.3, 0.9))
    share = float(draft.rng.uniform(0.1, 1.0))
    chosen = draft.rng.random(len(slots)) < share
    chosen[int(draft.rng.integers(len(slots)))] = True
    steps = [factor * (float(x.value) - float(y.value)) for x, y in zip(a, b, strict=True)]
    return [tidy(s.value + d, d) if c and d else s.value for s, d, c in zip(slots, steps, chosen, strict=True)]


def _blend(draft: Draft, slots: tuple[Slot, ...], other: tuple[Slot, ...]) -> list[Number]:
    """A point on the line through both programs."""
    weight = float(draft.rng.uniform(-0.25, 1.0))
    steps = [weight * (float(o.value) - float(s.value)) for s, o in zip(slots, other, strict=True)]
    return [tidy(s.value + d, d) if d else s.value for s, d in zip(slots, steps, strict=True)]


def _pick(draft: Draft, slots: tuple[Slot, ...], other: tuple[Slot, ...]) -> list[Number]:
    """Each row of numbers, and each lone number, from one program or the other."""
    share = float(draft.rng.uniform(0.1, 0.9))
    taken = draft.rng.random(len(slots)) < share
    for row in draft.program.literals.rows:
        taken[list(row)] = taken[row[0]]
    return [o.value if t else s.value for s, o, t in zip(slots, other, np.asarray(taken), strict=True)]


def crossover(draft: Draft) -> Change | None:
    """Take an expression, a statement or a function from a donor."""
    donor = draft.pick(draft.donors())
    roll = float(draft.rng.random())
    if roll < 0.45:
        return _expression(draft, donor)
    return _statement(draft, donor) if roll < 0.75 else _function(draft, donor)


def _expression(draft: Draft, donor: Program) -> Change | None:
    site = draft.pick(draft.program.sites.expressions)
    names = names_of(draft, site)
    kind = kind_of(site, names, draft.program)
    source = draft.pick(donor.sites.expressions)
    there = _names_there(donor, source)
    if kind_of(source, there, donor) != kind or isinstance(source.node, ast.Constant):
        return None
    text = _renamed(draft, donor, source.node, there, names)
    if text is None:
        return None
    new = Piece(text, piece(donor, source.node).atomic)
    note = f"{shown(draft.program.text(site.node))} -> {shown(text)}, from a donor (line {site.node.lineno})"
    return Change(note=note, splices=[replaced(draft.program, site, new)])


def _statement(draft: Draft, donor: Program) -> Change | None:
    source = draft.pick([p for p in movable_places(donor) if not jumps_out(p.statement)])
    place = draft.pick(movable_places(draft.program))
    names = names_before(draft, place)
    there = names_at(donor, source.block, source.index)
    new = _renamed(draft, donor, source.statement, there, names)
    if new is None:
        return None
    text = (source.block.indent or "") + new + "\n"
    text = indented(text, old=source.block.indent or "", new=place.block.indent or "")
    start, end = span(draft.program, place.statement)
    note = f"{shown(new)}, from a donor (line {place.statement.lineno})"
    return Change(note=note, splices=[(start, end if _replaceable(draft, place, source) else start, text)])


def _replaceable(draft: Draft, place: Place, source: Place) -> bool:
    """Whether the new statement replaces the old: both bind the same, or by chance where the old binds nothing."""
    old, new = _targets(place.statement), _targets(source.statement)
    return (old == new and bool(old)) or (not old and draft.chance(0.5))


def _targets(statement: ast.stmt) -> set[str]:
    match statement:
        case ast.Assign(targets=targets):
            return {name for t in targets for name in leaf_names(t)}
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            return set(leaf_names(target))
    return set()


def _function(draft: Draft, donor: Program) -> Change | None:
    """A top-level function gives way to the donor's of the same name and parameters."""
    pairs = [
        (mine, theirs)
        for mine in draft.program.region.mutable
        for theirs in donor.region.mutable
        if isinstance(mine, Function) and isinstance(theirs, Function) and mine.name == theirs.name
    ]
    mine, theirs = draft.pick(pairs)
    old, new = draft.program.text(mine), donor.text(theirs)
    if old == new or ast.dump(mine.args) != ast.dump(theirs.args):
        return None
    start, end = draft.program.start(mine), draft.program.end(mine)
    return Change(note=f"function {mine.name} from a donor (line {mine.lineno})", splices=[(start, end, new)])


def _names_there(donor: Program, site: Site) -> dict[str, str]:
    names = names_at(donor, site.block, site.place)
    names.update(dict.fromkeys(site.loose, "unknown"))
    return names


def _renamed(
    draft: Draft, donor: Program, node: ast.AST, there: Mapping[str, str], here: Mapping[str, str]
) -> str | None:
    """The donor's text, names that are not in scope here exchanged for some of the same type; None without one."""
    missing = sorted(reads_first(node) - here.keys() - _BUILTINS)
    binds = bound(node)
    shared = set().union(*(names_bound(s) for s in draft.program.tree.body)) if binds else set()
    chosen: dict[str, str] = {}
    for name in missing:
        new = _stand_in(draft, there.get(name, "unknown"), here)
        # A name that the text also binds would hide one of the module.
        if new is None or (name in binds and new in shared):
            return None
        chosen[name] = new
    start = donor.start(node)
    data = donor.data[start : donor.end(node)]
    found = [n for n in ast.walk(node) if isinstance(n, ast.Name) and n.id in chosen]
    for name_node in sorted(found, key=donor.start, reverse=True):
        first, last = donor.start(name_node) - start, donor.end(name_node) - start
        data = data[:first] + chosen[name_node.id].encode() + data[last:]
    return data.decode()


def _stand_in(draft: Draft, kind: str, here: Mapping[str, str]) -> str | None:
    same = [name for name, other in here.items() if other == kind and kind != "function"]
    return draft.pick(same) if same else None


OPERATORS = (
    Operator("crossover", "recombine", crossover, needs="donors"),
    Operator("crossover_numbers", "recombine", crossover_numbers, needs="donors"),
)
