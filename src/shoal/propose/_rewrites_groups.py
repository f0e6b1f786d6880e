"""Rewrites of lists that grow while they are looked through for what fits: a dictionary of their things beside them."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import bound, local_names, reads_first, step_of
from shoal.propose._pieces import shown
from shoal.propose._rewrites_pairs import Fit, filling, fits, ways
from shoal.propose._rewrites_parts import Rewrite, exchanged_text, parent, place_of, read_later, uses
from shoal.propose._rewrites_pure import PURE_BUILTINS, changed
from shoal.propose._rewrites_seen import Grown, grown_lists, line_after, starts_empty
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]


# -- what fits ---------------------------------------------------------------------------------------------------------


class Looked(NamedTuple):
    """A loop through a list that grows outside of it, for the things that fit.

    Attributes:
        grown: the list.
        loop: goes through its things, or through their places.
        by_place: whether it goes through their places.
        fit: how a thing fits.
    """

    grown: Grown
    loop: ast.For
    by_place: bool
    fit: Fit


def index_growing(draft: Draft) -> Change | None:
    """A list that grows and is looked through for what fits gets a dictionary of its things by key beside it."""
    program = draft.program
    found = draft.pick(list(_looked(program)))
    grown, loop, fit = found.grown, found.loop, found.fit
    rewrite = Rewrite(program)
    place = grown.first[0]
    table = rewrite.name(f"{grown.name}_by_key")
    rewrite.cut(*line_after(program, place), f"{place.block.indent}{table} = {{}}\n")
    last = f"{grown.name}[-1]"
    thing = f"len({grown.name}) - 1" if found.by_place else last
    for _, at in grown.appends:
        step = step_of(at.block)
        if _is_simple(found):
            key = exchanged_text(program, fit.key, dict.fromkeys(_things(program, found), last))
            key = f"tuple({key})" if fit.text != program.text(fit.key) else key
            lines = filling(rewrite, table, fit._replace(text=key), thing, step)
        else:
            head = f"for {program.text(loop.target)} in {grown.name}[-1:]:"
            lines = [head, *(step + line for line in filling(rewrite, table, fit, thing, step))]
        rewrite.cut(*line_after(program, at), "".join(f"{at.block.indent}{line}\n" for line in lines))
    rewrite.replace(loop.iter, f"{table}.get({fit.wanted}, ())")
    return rewrite.change(f"{grown.name} by {shown(fit.text)} (line {loop.lineno})")


def _looked(program: Program) -> Iterator[Looked]:
    for grown in grown_lists(program):
        for use in grown.others if starts_empty(grown) else ():
            loop, by_place = _loop_through(program, use)
            if loop is None or place_of(program, loop) is None:
                continue
            inside = {id(node) for statement in loop.body for node in ast.walk(statement)}
            if any(id(call) in inside for call, _ in grown.appends):
                continue
            for fit in fits(program, ways(loop.body), bound(loop.target)):
                found = Looked(grown, loop, by_place, fit)
                named = not any(read_later(at, bound(loop.target)) for _, at in grown.appends)
                if (_is_simple(found) or (named and not by_place)) and _is_lasting(program, found):
                    yield found


def _loop_through(program: Program, use: ast.Name) -> tuple[ast.For | None, bool]:
    """The loop that goes through a list, and whether it goes through the places in it."""
    over = parent(program, use)
    match over:
        case ast.For(iter=iterated) if iterated is use:
            return over, False
        case ast.Call(func=ast.Name(id="len")):
            counted = parent(program, over)
            loop = parent(program, counted)
            match loop:
                case ast.For(target=ast.Name(), iter=ast.Call(func=ast.Name(id="range"), args=[most])) if most is over:
                    return loop, True
    return None, False


def _is_simple(found: Looked) -> bool:
    """Whether the key can be told of the last thing by its text."""
    plain = isinstance(found.loop.target, ast.Name) and not isinstance(found.fit.key, ast.Tuple)
    return plain and not found.fit.among


def _things(program: Program, found: Looked) -> list[ast.expr]:
    """Where a key mentions its thing."""
    targets = bound(found.loop.target)
    mentions = [use for name in targets for use in uses(found.fit.key, name)]
    return [parent(program, use) if found.by_place else use for use in mentions]  # type: ignore[misc]


def _is_lasting(program: Program, found: Looked) -> bool:
    """Whether a key depends on its thing alone, and on nothing of it that the function changes."""
    function, list_name = found.grown.first[0].block.function, found.grown.name
    assert function is not None
    inner, things = bound(found.loop.target), _things(program, found)
    at_place = {f"{list_name}[{name}]" for name in inner} if found.by_place else inner
    if any(ast.unparse(thing) not in at_place for thing in things):
        return False
    own = inner | {list_name} if found.by_place else inner
    if reads_first(found.fit.key) & local_names(function) - own - PURE_BUILTINS:
        return False
    if len(uses(found.fit.key, list_name)) != (len(things) if found.by_place else 0):
        return False
    parts = {_part(parent(program, thing), thing) for thing in things}
    return all(_stays(program, node, inner, list_name, parts) for node in ast.walk(function))


def _stays(program: Program, node: ast.AST, inner: set[str], list_name: str, parts: set[str]) -> bool:
    """Whether a node leaves some parts of a thing as they are; a list that grows keeps what it has where it is."""
    match node:
        case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute(ctx=ast.Store() | ast.Del()):
            part = _part_within(node, inner, list_name)
        case ast.Call(func=ast.Attribute(value=value, attr=method)) if changed(program, node) & (inner | {list_name}):
            if _is_thing(value, inner, list_name) and method in ("append", "add", "extend"):
                return not parts & {"", "-1"}
            part = _part_within(value, inner, list_name)
        case _:
            return True
    return part is None or (bool(part) and not parts & {part, ""})


def _is_thing(node: ast.AST, inner: set[str], list_name: str) -> bool:
    match node:
        case ast.Subscript(value=ast.Name(id=name)) if name == list_name:
            return True
    return isinstance(node, ast.Name) and node.id in inner


def _part_within(node: ast.AST, inner: set[str], list_name: str) -> str | None:
    """The part of a thing in which something is changed; "" for all of it, None where it is no thing's."""
    if _is_thing(node, inner, list_name):
        return ""
    while isinstance(node, ast.Subscript | ast.Attribute):
        if _is_thing(node.value, inner, list_name):
            return _part(node, node.value)
        node = node.value
    return None


def _part(node: ast.AST, thing: ast.AST) -> str:
    """Which part of a thing is meant; "" for all of it, or one that is not known."""
    match node:
        case ast.Subscript(value=value, slice=ast.Constant(value=str() | int() as part)) if value is thing:
            return repr(part)
        case ast.Subscript(value=value, slice=ast.UnaryOp(operand=ast.Constant())) if value is thing:
            return "-1"
        case ast.Attribute(value=value, attr=attribute) if value is thing:
            return f".{attribute}"
    return ""


# -- positions ---------------------------------------------------------------------------------------------------------


def position_growing(draft: Draft) -> Change | None:
    """A list that grows and is asked where something is gets a dictionary of first positions beside it."""
    program = draft.program
    grown, calls = draft.pick(list(_asked(program)))
    rewrite = Rewrite(program)
    place = grown.first[0]
    table = rewrite.name(f"{grown.name}_positions")
    rewrite.cut(*line_after(program, place), f"{place.block.indent}{table} = {{}}\n")
    for _, at in grown.appends:
        line = f"{table}.setdefault({grown.name}[-1], len({grown.name}) - 1)"
        rewrite.cut(*line_after(program, at), f"{at.block.indent}{line}\n")
    for call in calls:
        rewrite.replace(call, f"{table}[{program.text(call.args[0])}]")
    for test in grown.tests:
        rewrite.replace(test, table)
    return rewrite.change(f"positions in {grown.name} are remembered (line {place.statement.lineno})")


def _asked(program: Program) -> Iterator[tuple[Grown, list[ast.Call]]]:
    for grown in grown_lists(program):
        calls = []
        for use in grown.others if starts_empty(grown) else ():
            over = parent(program, use)
            call = parent(program, over)
            match call:
                case ast.Call(func=ast.Attribute(attr="index"), args=[_], keywords=[]) if call.func is over:
                    calls.append(call)
        if calls:
            yield grown, calls


OPERATORS = (
    Operator("index_growing", "rewrites", index_growing),
    Operator("position_growing", "rewrites", position_growing),
)
