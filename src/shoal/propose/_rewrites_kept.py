"""A rewrite of searches in a list that grows meanwhile, or that an object holds: an index of it is kept up to date.

What was put into the list since the last search is taken in when it is searched again, so that it does not matter where
that happened. The search itself looks at what the index finds as it did before.
"""

import ast
from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, local_names, reads_first, step_of
from shoal.propose._pieces import shown
from shoal.propose._rewrites_pairs import Fit, alternatives, conditions, filling, fits, is_any, ways
from shoal.propose._rewrites_parts import (
    Rewrite,
    above,
    again,
    expressions,
    functions,
    label,
    loops,
    parent,
    place_of,
    read_later,
    uses,
)
from shoal.propose._rewrites_pure import PURE_BUILTINS, base, is_pure
from shoal.syntax._program import Program
from shoal.syntax._sites import Comprehension, Function

__all__ = ["OPERATORS"]

_GROWS = ("append", "extend")
_LOOKS = ("index", "count", "copy")


class Through(NamedTuple):
    """How a list is gone through: ``values``, by places, by things, or by both; and the names of these.

    ``place`` is "" where no name is given to it, ``thing`` None where none is.
    """

    values: ast.expr
    place: str
    thing: ast.expr | None


class Search(NamedTuple):
    """A search of a list for what fits.

    Attributes:
        through: how it goes.
        iterated: what stands there now.
        fit: how a thing fits.
        at: the statement that searches.
        home: before which statement the index can be made; the assignment of an object's list in `__init__`.
    """

    through: Through
    iterated: ast.expr
    fit: Fit
    at: Place
    home: Place


def index_kept(draft: Draft) -> Change | None:
    """A list searched again and again, while it grows, gets a dictionary of places by key, kept up to date."""
    program = draft.program
    found = draft.pick([*_of_names(program), *_of_attributes(program)])
    rewrite = Rewrite(program)
    through, fit, values = found.through, found.fit, program.text(found.through.values)
    own = isinstance(through.values, ast.Attribute)
    table, known = (_name(rewrite, through.values, word) for word in ("by_key", "known"))
    put = rewrite.after if own else rewrite.before
    put(found.home, f"{table} = {{}}", f"{known} = 0")
    step = step_of(found.at.block)
    place = through.place or rewrite.name("place")
    if through.thing is None:
        head = f"for {place} in range({known}, len({values})):"
    else:
        thing = program.text(through.thing)
        thing = f"({thing})" if isinstance(through.thing, ast.Tuple) and thing[:1] != "(" else thing
        head = f"for {place}, {thing} in enumerate({values}[{known}:], {known}):"
    kept = filling(rewrite, table, fit, place, step)
    rewrite.before(found.at, head, *(step + line for line in kept), f"{known} = len({values})")
    among = f"{table}.get({fit.wanted}, ())"
    if through.thing is None:
        text = among
    else:
        one = f"({place}, {values}[{place}])" if through.place else f"{values}[{place}]"
        text = f"({one} for {place} in {among})"
    rewrite.replace(found.iterated, text)
    return rewrite.change(f"an index of {shown(values)} by {shown(fit.text)} is kept (line {found.iterated.lineno})")


def _name(rewrite: Rewrite, values: ast.expr, word: str) -> str:
    """A new name beside that of a list: a local one, or an attribute of the same object."""
    program = rewrite.program
    if not isinstance(values, ast.Attribute):
        return rewrite.name(f"{label(values)}_{word}")
    taken = {n.attr for n in ast.walk(program.tree) if isinstance(n, ast.Attribute)}
    names = (f"{label(values)}_{word}{number or ''}" for number in count())
    return f"{program.text(values.value)}.{next(name for name in names if name not in taken)}"


def _through(target: ast.expr, iterated: ast.expr) -> Through | None:
    """How a loop or a comprehension goes through a list of a local name or of an object's."""
    match target, iterated:
        case ast.Name(id=place), ast.Call(
            func=ast.Name(id="range"), args=[ast.Call(func=ast.Name(id="len"), args=[values])]
        ):
            found = Through(values, place, None)
        case ast.Tuple(elts=[ast.Name(id=place), thing]), ast.Call(
            func=ast.Name(id="enumerate"), args=[values], keywords=[]
        ):
            found = Through(values, place, thing)
        case _, values:
            found = Through(values, "", target)
    return found if isinstance(found.values, ast.Name | ast.Attribute) else None


def _searches(program: Program) -> Iterator[tuple[Through, ast.expr, Fit, Place]]:
    """Loops and comprehensions through lists for what fits."""
    for at in loops(program):
        loop = at.statement
        through = _through(loop.target, loop.iter) if isinstance(loop, ast.For) else None
        if through is None or not isinstance(loop, ast.For) or read_later(at, bound(loop.target) - {through.place}):
            continue
        for fit in fits(program, ways(loop.body), bound(loop.target)):
            yield through, loop.iter, fit, at
    for site in expressions(program):
        if not isinstance(site.node, Comprehension) or site.loose or isinstance(parent(program, site.node), ast.While):
            continue
        first, at = site.node.generators[0], Place(site.block, site.place)
        through = _through(first.target, first.iter)
        if through is None or at.block.indent is None or isinstance(at.statement, Function | ast.While):
            continue
        if read_later(at, bound(first.target)) or reads_first(at.statement) & bound(first.target):
            continue
        asked = site.parent if len(site.node.generators) == 1 else None
        tests = [*first.ifs, site.node.elt] if is_any(asked) else first.ifs  # type: ignore[union-attr]
        apart = alternatives(tests[0]) if len(tests) == 1 else [[c for t in tests for c in conditions(t)]]
        for fit in fits(program, apart, bound(first.target)):
            yield through, first.iter, fit, at


def _of_names(program: Program) -> Iterator[Search]:
    for through, iterated, fit, at in _searches(program):
        values, function = through.values, at.block.function
        if not isinstance(values, ast.Name) or function is None:
            continue
        inner = bound(through.thing) if through.thing is not None else set()
        key = reads_first(fit.key) - inner - {through.place, values.id} - PURE_BUILTINS
        home = None
        for outer in again(at):
            if isinstance(outer.statement, Function) or bound(outer.statement) & (key | {values.id}):
                break
            home = outer
        grows = [use for use in uses(home.statement, values.id) if _grows(program, use)] if home is not None else []
        loop = at.statement if isinstance(at.statement, ast.For) and at.statement.iter is iterated else None
        outside = grows and not any(_is_within(program, use, loop) for use in grows)
        if home is not None and outside and _only_grows(program, home.statement, values.id):
            yield Search(through, iterated, fit, at, home)


def _is_within(program: Program, use: ast.AST, statement: ast.stmt | None) -> bool:
    return statement is not None and any(node is statement for node in above(program, use))


def _grows(program: Program, use: ast.expr) -> bool:
    over = parent(program, use)
    match over:
        case ast.Attribute(attr=method) if over.value is use:
            return method in _GROWS
        case ast.AugAssign(op=ast.Add()):
            return over.target is use
    return False


def _only_grows(program: Program, function: ast.AST, name: str) -> bool:
    """Whether nothing is seen to leave a list, or to change its place in it."""
    return all(_stays(program, use) for use in uses(function, name) if isinstance(use.ctx, ast.Load))


def _stays(program: Program, use: ast.expr) -> bool:
    over = parent(program, use)
    match over:
        case ast.Attribute(attr=method) if over.value is use:
            return method in (*_GROWS, *_LOOKS)
        case ast.Subscript(ctx=ctx) if over.value is use:
            return not isinstance(ctx, ast.Del) and not (
                isinstance(ctx, ast.Store) and isinstance(over.slice, ast.Slice)
            )
        case ast.Call(func=ast.Name(id=called)):
            return called in PURE_BUILTINS
    return True


def _of_attributes(program: Program) -> Iterator[Search]:
    """Searches in methods of a list of the object's, which `__init__` makes."""
    for through, iterated, fit, at in _searches(program):
        values, function = through.values, at.block.function
        if not isinstance(values, ast.Attribute) or function is None or function.name == "__init__":
            continue
        arguments = function.args.args
        own = arguments[0].arg if arguments else ""
        home = _made(program, function, values.attr) if base(values) == own and own else None
        inner = bound(through.thing) if through.thing is not None else set()
        key = reads_first(fit.key) & local_names(function) - inner - {through.place, own} - PURE_BUILTINS
        if home is not None and not key and isinstance(values.value, ast.Name) and is_pure(program, fit.key):
            yield Search(through, iterated, fit, at, home)


def _made(program: Program, method: Function, attribute: str) -> Place | None:
    """Where `__init__` of a method's class gives the object its list, where nothing else does or takes from it."""
    owner = parent(program, method)
    if not isinstance(owner, ast.ClassDef):
        return None
    found = None
    mentions = (n for n in ast.walk(program.tree) if isinstance(n, ast.Attribute) and n.attr == attribute)
    for node in mentions:
        if isinstance(node.ctx, ast.Load):
            if not _stays(program, node):
                return None
            continue
        statement = parent(program, node)
        function = next((n for n in above(program, node) if isinstance(n, Function)), None)
        first = function.args.args[0].arg if function is not None and function.args.args else ""
        inside = function is not None and function.name == "__init__" and parent(program, function) is owner
        place = place_of(program, statement) if isinstance(statement, ast.Assign | ast.AnnAssign) else None
        if found is not None or not inside or place is None or base(node) != first:
            return None
        found = place if method.args.args[0].arg == first else None
    known = {id(block.function) for block in functions(program)}
    return found if id(method) in known else None


# -- the last one ------------------------------------------------------------------------------------------------------


def last_kept(draft: Draft) -> Change | None:
    """A list that is filled from sorted things, and searched for one that fits the next, is asked for its last alone.

    As where spans are joined: whether no other one can fit is not seen from the text, but tested.
    """
    program = draft.program
    iterated, through = draft.pick(list(_filled_in_order(program)))
    rewrite, values = Rewrite(program), program.text(through.values)
    first = f"max(0, len({values}) - 1)"
    if through.thing is None:
        text = f"range({first}, len({values}))"
    else:
        text = f"enumerate({values}[-1:], {first})" if through.place else f"{values}[-1:]"
    rewrite.replace(iterated, text)
    return rewrite.change(f"only the last of {shown(values)} is asked (line {iterated.lineno})")


def _filled_in_order(program: Program) -> Iterator[tuple[ast.expr, Through]]:
    """What stands where a list is gone through, which grows in a loop over sorted things around that."""
    gone = [(at, at.statement.target, at.statement.iter) for at in loops(program) if isinstance(at.statement, ast.For)]
    made = [
        (Place(site.block, site.place), site.node.generators[0].target, site.node.generators[0].iter)
        for site in expressions(program)
        if isinstance(site.node, Comprehension) and not site.loose
    ]
    for at, target, iterated in [*gone, *made]:
        through, function = _through(target, iterated), at.block.function
        around = again(at)
        if through is None or not isinstance(through.values, ast.Name) or function is None or not around:
            continue
        outer, name = around[0].statement, through.values.id
        grows = any(_grows(program, use) for use in uses(outer, name))
        sorted_first = isinstance(outer, ast.For) and _is_in_order(function, outer.iter)
        if sorted_first and grows and _only_grows(program, outer, name):
            yield iterated, through


def _is_in_order(function: ast.AST, iterated: ast.expr) -> bool:
    """Whether something is sorted somewhere in a function."""
    match iterated:
        case ast.Call(func=ast.Name(id="sorted")):
            return True
        case ast.Call(func=ast.Name(id="enumerate"), args=[first, *_]):
            return _is_in_order(function, first)
        case ast.Name(id=name):
            return any(_sorts(node, name) for node in ast.walk(function))
    return False


def _sorts(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Assign(targets=[ast.Name(id=same)], value=ast.Call(func=ast.Name(id="sorted"))):
            return same == name
        case ast.Call(func=ast.Attribute(value=ast.Name(id=same), attr="sort")):
            return same == name
    return False


OPERATORS = (
    Operator("index_kept", "rewrites", index_kept),
    Operator("last_kept", "rewrites", last_kept),
)
