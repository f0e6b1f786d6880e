"""Rewrites of lists that grow while they are looked through for what fits: a dictionary of their things beside them."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, local_names, reads_first, step_of
from shoal.propose._pieces import shown
from shoal.propose._rewrites_pairs import Fit, filling, fits, ways
from shoal.propose._rewrites_parts import (
    Rewrite,
    exchanged_text,
    functions,
    parent,
    place_of,
    read_later,
    uses,
    values_of,
)
from shoal.propose._rewrites_pure import PURE_BUILTINS, changed, is_pure
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


# -- keys --------------------------------------------------------------------------------------------------------------


class Table(NamedTuple):
    """A loop through the keys of a table that grows outside of it, for those that fit.

    Attributes:
        name: of the table.
        made: the statement that makes it, empty.
        puts: statements that put something into it, and text of the key.
        loop: goes through the keys, perhaps with the values.
        fit: how a key fits.
    """

    name: str
    made: Place
    puts: list[tuple[Place, str]]
    loop: ast.For
    fit: Fit


def keys_growing(draft: Draft) -> Change | None:
    """A table that grows and whose keys are looked through gets another beside it, of its keys by what is asked."""
    program = draft.program
    table = draft.pick(list(_tables(program)))
    name, loop, fit = table.name, table.loop, table.fit
    target = loop.target.elts[0] if isinstance(loop.target, ast.Tuple) else loop.target
    assert isinstance(target, ast.Name)
    rewrite = Rewrite(program)
    found, step = rewrite.name(f"{name}_by_key"), step_of(table.made.block)
    end, _ = line_after(program, table.made)
    rewrite.cut(end, end, f"{table.made.block.indent}{found} = {{}}\n")
    for place, key in table.puts:
        text = exchanged_text(program, fit.key, dict.fromkeys(uses(fit.key, target.id), key))
        text = f"tuple({text})" if fit.text != program.text(fit.key) else text
        rewrite.before(place, f"if {key} not in {name}:", f"{step}{found}.setdefault({text}, []).append({key})")
    among = f"{found}.get({fit.wanted}, ())"
    both = f"[({target.id}, {name}[{target.id}]) for {target.id} in {among}]"
    rewrite.replace(loop.iter, both if isinstance(loop.target, ast.Tuple) else among)
    return rewrite.change(f"keys of {name} by {shown(fit.text)} (line {loop.lineno})")


def _tables(program: Program) -> Iterator[Table]:
    for block in functions(program):
        function = block.function
        assert function is not None
        for name in {
            n.id: None for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }:
            values = values_of(function, name)
            made = parent(program, values[0]) if values is not None and len(values) == 1 else None
            place = place_of(program, made) if isinstance(made, ast.Assign | ast.AnnAssign) else None
            if place is None or values is None or ast.unparse(values[0]) not in ("{}", "dict()"):
                continue
            for loop in (n for n in ast.walk(function) if isinstance(n, ast.For) and _goes_through(n, name)):
                target = loop.target.elts[0] if isinstance(loop.target, ast.Tuple) else loop.target
                puts = _puts(program, function, name, target, loop)
                for fit in fits(program, ways(loop.body), bound(loop.target)) if puts else ():
                    alone = reads_first(fit.key) & local_names(function) <= {target.id} | PURE_BUILTINS  # type: ignore[attr-defined]
                    if puts and not fit.among and alone:
                        yield Table(name, place, puts, loop, fit)


def _goes_through(loop: ast.For, name: str) -> bool:
    """Whether a loop goes through the keys of a table, perhaps with the values."""
    match loop.target, ast.unparse(loop.iter):
        case ast.Name(), text:
            return text in (name, f"{name}.keys()", f"list({name})", f"list({name}.keys())")
        case ast.Tuple(elts=[ast.Name(), _]), text:
            return text in (f"{name}.items()", f"list({name}.items())")
    return False


def _puts(
    program: Program, function: ast.AST, name: str, target: ast.expr, loop: ast.For
) -> list[tuple[Place, str]] | None:
    """The statements that put something under a new key; None where keys may come or go in another way."""
    found = []
    inside = {id(n) for n in ast.walk(loop)}
    for use in uses(function, name):
        over = parent(program, use)
        match over:
            case ast.Subscript(ctx=ast.Store(), slice=key) if ast.unparse(key) != ast.unparse(target) or (
                id(over) not in inside
            ):
                statement = parent(program, over)
                place = place_of(program, statement) if isinstance(statement, ast.Assign) else None
                if place is None or not is_pure(program, key) or id(over) in inside:
                    return None
                found.append((place, program.text(key)))
            case ast.Subscript(ctx=ast.Del()):
                return None
            case ast.Attribute(attr=method) if method not in ("get", "items", "keys", "values"):
                return None
            case ast.Call(func=ast.Name(id=called)) if called not in PURE_BUILTINS:
                return None
    return found


OPERATORS = (
    Operator("keys_growing", "rewrites", keys_growing),
    Operator("index_growing", "rewrites", index_growing),
    Operator("position_growing", "rewrites", position_growing),
)
