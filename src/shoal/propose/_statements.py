"""Edits of whole statements: guard, insert, assign, delete, duplicate, move, loop bounds."""

import ast
from collections.abc import Mapping

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._generate import KINDS, Maker
from shoal.propose._grammar import draw
from shoal.propose._grammar_place import axes_of, maker_before
from shoal.propose._grammar_prior import PRIOR
from shoal.propose._lines import (
    Place,
    bound,
    indented,
    jumps_out,
    lines,
    local_names,
    movable,
    movable_places,
    names_before,
    places,
    span,
    step_of,
    used,
)
from shoal.propose._pieces import Piece, piece, replaced, shown
from shoal.syntax._serial import signed_number
from shoal.syntax._types import ARRAYS, guess
from shoal.syntax._use import index_names

MOST_REPEATS = 5


def guard(draft: Draft) -> Change | None:
    """Put a statement under a condition, or let a loop skip the rest of its body under one."""
    place = draft.pick(movable_places(draft.program))
    names = names_before(draft, place)
    maker, step = maker_before(draft, place, names), step_of(place.block)
    indent = place.block.indent or ""
    test = maker.boolean().text
    if isinstance(place.block.owner, ast.For) and place.block.field == "body" and draft.chance(0.15):
        return _inserted(draft, place, f"if {test}:\n{step}continue")
    text = f"{indent}if {test}:\n" + indented(lines(draft.program, place.statement), old=indent, new=indent + step)
    fresh = bound(place.statement) - names.keys()
    if fresh:
        other = _alternative(draft, place, names)
        if other is None:
            return None
        text += f"{indent}else:\n{indent}{step}{other}\n"
    return Change(
        note=f"if {shown(test)} (line {place.statement.lineno})",
        splices=[(*span(draft.program, place.statement), text)],
    )


def _alternative(draft: Draft, place: Place, names: Mapping[str, str]) -> str | None:
    """Another value for the one name that a statement binds."""
    match place.statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            kind = guess(value, names)
            new = maker_before(draft, place, names).of(kind) if kind in KINDS else None
            return f"{name} = {new.text}" if new else None
    return None


def insert(draft: Draft) -> Change | None:
    """A new statement that changes a local number or array, perhaps under a condition."""
    changeable = _changeable(draft)
    if changeable is None:
        return None
    place, maker, name = changeable
    code = fresh_statement(draft, place, maker, name)
    return _inserted(draft, place, code) if code else None


def fresh_statement(draft: Draft, place: Place, maker: Maker, name: str) -> str | None:
    """A statement that gives a local another value; None where nothing in scope fits it."""
    kind, axes = maker.names[name], axes_of(maker, draft, place.block, name)
    roll = float(draft.rng.random())
    new = maker.of(kind, 1, axes=axes, role="assign")
    if new is None:
        return None
    if roll < 0.4:
        # Not `+=`: it would change an array in the caller's hands, and keep whole numbers whole.
        sign = draw(draft.rng, "augmented", "statement", tuple(PRIOR["augmented"]))
        if kind in ARRAYS:
            return f"{name} = {maker.combined(Piece(name, True), sign, lambda: new).text}"
        return f"{name} {sign}= {(maker.divisor(new) if sign == '/' else new).text}"
    if roll < 0.6:
        return f"{name} = {new.text}"
    if kind in ARRAYS and maker.scope.numpy and roll < 0.85:
        mask = maker.of("mask", 1, axes=axes)
        return f"{name} = {maker.scope.numpy}.where({mask.text}, {new.text}, {name})" if mask else None
    return f"if {maker.boolean().text}:\n{step_of(place.block)}{name} = {new.text}"


def assign(draft: Draft) -> Change | None:
    """A local becomes a function of itself: `x = f(x)`."""
    changeable = _changeable(draft)
    if changeable is None:
        return None
    place, maker, name = changeable
    kind, old = maker.names[name], Piece(name, True)
    if kind != "int" and draft.chance(0.3):
        new = maker.applied(old, kind)
    else:
        new = maker.joined(old, kind, axes_of(maker, draft, place.block, name))
    return _inserted(draft, place, f"{name} = {new.text}")


def _changeable(draft: Draft) -> tuple[Place, Maker, str] | None:
    """A place, what can be made there, and a local number or array among its names."""
    place = draft.pick(places(draft.program))
    return changeable_at(draft, place)


def changeable_at(draft: Draft, place: Place) -> tuple[Place, Maker, str] | None:
    """As `_changeable`, at a given place."""
    names = names_before(draft, place)
    local = local_names(place.block.function) if place.block.function else set()
    if place.block.function:
        # What came in to be an index stays as it came: changed, it would only point beside.
        local -= index_names(draft.program) & {
            a.arg for a in ast.walk(place.block.function.args) if isinstance(a, ast.arg)
        }
    options = [n for n, kind in names.items() if n in local and kind in ("int", "number", *ARRAYS)]
    return (place, maker_before(draft, place, names), draft.pick(options)) if options else None


def delete(draft: Draft) -> Change | None:
    """Remove a statement on which no name depends."""
    every = places(draft.program)
    place = draft.pick(every)
    if not deletable(draft, place):
        return None
    statement, block = place.statement, place.block
    alone = all(p.block is not block or p.index == place.index for p in every)
    text = f"{block.indent}pass\n" if alone else ""
    note = f"without {shown(draft.program.text(statement))} (line {statement.lineno})"
    return Change(note=note, splices=[(*span(draft.program, statement), text)])


def deletable(draft: Draft, place: Place) -> bool:
    """Whether no name depends on a statement, and it is not a function's last word."""
    statement, block = place.statement, place.block
    if isinstance(statement, ast.Return) and block.owner is block.function:
        return False
    fresh = bound(statement) - names_before(draft, place).keys()
    return not (fresh and block.function and _used_elsewhere(fresh, statement, block.function))


def _used_elsewhere(names: set[str], statement: ast.stmt, function: ast.AST) -> bool:
    inside = {id(n) for n in ast.walk(statement)}
    return any(isinstance(n, ast.Name) and n.id in names and id(n) not in inside for n in ast.walk(function))


def duplicate(draft: Draft) -> Change | None:
    """Repeat a statement right after itself, or later in its block; one whose repetition does something, if any."""
    every = movable_places(draft.program)
    place = draft.pick([p for p in every if _adds_up(p.statement)] or every)
    after = place.index if draft.chance(0.7) else int(draft.rng.integers(place.index, len(place.block.statements)))
    target = place.block.statements[after]
    if isinstance(target, ast.Return | ast.Raise | ast.Break | ast.Continue):
        return None
    end = span(draft.program, target)[1]
    note = f"again {shown(draft.program.text(place.statement))} (line {target.lineno})"
    return Change(note=note, splices=[(end, end, lines(draft.program, place.statement))])


def _adds_up(statement: ast.stmt) -> bool:
    """Whether doing it twice may differ from doing it once."""
    if isinstance(statement, ast.Assign):
        return not bound(statement).isdisjoint(used(statement))
    return not isinstance(statement, ast.AnnAssign)


def move(draft: Draft) -> Change | None:
    """Put a statement elsewhere in its block, where what it needs is bound."""
    place = draft.pick([p for p in movable_places(draft.program) if len(p.block.statements) > 1])
    statements = place.block.statements
    other = int(draft.rng.integers(len(statements)))
    if other == place.index or not movable(Place(place.block, other)):
        return None
    low, high = sorted((place.index, other))
    before = names_before(draft, Place(place.block, low)).keys()
    between = [s for k, s in enumerate(statements[low : high + 1], low) if k != place.index]
    down = other > place.index
    first, later = ([place.statement], between) if down else (between, [place.statement])
    fresh = set().union(*(bound(s) for s in first)) - before
    if not fresh.isdisjoint(set().union(*(used(s) for s in later))):
        return None
    start, end = span(draft.program, place.statement)
    at = span(draft.program, statements[other])[1 if down else 0]
    text = lines(draft.program, place.statement)
    note = f"line {place.statement.lineno} moved to line {statements[other].lineno}: {shown(text)}"
    return Change(note=note, splices=[(start, end, ""), (at, at, text)])


def loop_bound(draft: Draft) -> Change | None:
    """Run a loop more or less often, or run a few statements several times."""
    program = draft.program
    loops = [
        s
        for s in program.sites.expressions
        if isinstance(s.parent, ast.Call)
        and s.field == "args"
        and isinstance(s.parent.func, ast.Name)
        and s.parent.func.id == "range"
        and s.node is s.parent.args[min(1, len(s.parent.args) - 1)]
    ]
    if not loops or draft.chance(0.35):
        return _repeated(draft)
    site = draft.pick(loops)
    old, value = piece(program, site.node), signed_number(site.node)
    if value is not None:
        new = Piece(str(max(1, draft.pick([int(value) + 1, int(value) - 1, int(value) * 2, int(value) // 2]))), True)
    else:
        new = Piece(f"{old.operand()} {draft.pick(('+ 1', '- 1', '* 2', '// 2'))}", False)
    note = f"range {shown(old.text)} -> {shown(new.text)} (line {site.node.lineno})"
    return Change(note=note, splices=[replaced(program, site, new)])


def _repeated(draft: Draft) -> Change | None:
    place = draft.pick(movable_places(draft.program))
    block, indent = place.block, place.block.indent or ""
    if place.block.loops > 2:
        return None
    chosen = [place.statement]
    for index in range(place.index + 1, min(place.index + draft.few(4), len(block.statements))):
        if not movable(Place(block, index)):
            break
        chosen.append(block.statements[index])
    if any(jumps_out(s) for s in chosen):
        return None
    count = int(draft.rng.integers(2, MOST_REPEATS + 1))
    start, end = span(draft.program, chosen[0])[0], span(draft.program, chosen[-1])[1]
    inner = indented(draft.program.data[start:end].decode(), old=indent, new=indent + step_of(block))
    note = f"{count} times: {shown(draft.program.text(place.statement))} (line {place.statement.lineno})"
    return Change(note=note, splices=[(start, end, f"{indent}for _ in range({count}):\n{inner}")])


def _inserted(draft: Draft, place: Place, code: str) -> Change:
    """New lines before a statement; `code` carries its own relative indent."""
    start = span(draft.program, place.statement)[0]
    text = "".join(f"{place.block.indent}{line}\n" for line in code.split("\n"))
    return Change(note=f"new: {shown(code)} (line {place.statement.lineno})", splices=[(start, start, text)])


OPERATORS = (
    Operator("guard", "tree", guard),
    Operator("insert", "tree", insert),
    Operator("assign", "tree", assign),
    Operator("delete", "tree", delete),
    Operator("duplicate", "tree", duplicate),
    Operator("move", "tree", move),
    Operator("loop_bound", "tree", loop_bound),
)
