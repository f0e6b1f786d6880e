"""A rewrite of sums that are added up anew after each change of one place: what has changed is taken off and added."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, reads_first, step_of, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_parts import (
    LOOPS,
    Rewrite,
    exchanged_text,
    expressions,
    label,
    parent,
    place_of,
    read_later,
    repeats,
    uses,
)
from shoal.propose._rewrites_pure import base, changed, is_pure, mutations
from shoal.syntax._program import Program
from shoal.syntax._sites import Site

__all__ = ["OPERATORS"]


class Touch(NamedTuple):
    """A statement that changes a table or a list at one place.

    Attributes:
        place: of the statement.
        steps: what leads there: the key, and the keys within what is there.
        kind: "set", "del", or the name of a method; "last" where the last thing goes, "new" where the name gets
            another list or table.
    """

    place: Place
    steps: list[ast.expr]
    kind: str


class Through(NamedTuple):
    """How a sum goes through a table or a list.

    Attributes:
        thing: what it gets of a place, as text with "{at}" for the key.
        table: whether that is a table, in which there may be nothing yet.
        fixed: whether places must stay what they are.
        plain: whether things are added up as they are.
    """

    thing: str
    table: bool
    fixed: bool
    plain: bool = False


class Kept(NamedTuple):
    """A sum that is told by what changes.

    Attributes:
        site: the sum.
        name: the table or list that changes.
        loop: before which the sum is made once.
        touches: all changes in the loop.
        way: how it goes through what changes, or by which key a steady list's things look into that.
    """

    site: Site
    name: str
    loop: Place
    touches: list[Touch]
    way: Through | ast.expr


def sum_kept(draft: Draft) -> Change | None:
    """A sum made anew after each change of one place is kept: less what was there before it, more what is after."""
    program = draft.program
    kept = draft.pick(list(_sums(program)))
    rewrite, call = Rewrite(program), kept.site.node
    total = rewrite.name(f"{kept.name}_sum")
    groups = _groups(rewrite, kept, kept.way) if isinstance(kept.way, ast.expr) else ""
    rewrite.before(kept.loop, f"{total} = {program.text(call)}")
    rewrite.replace(call, total)
    for touch in kept.touches:
        if touch.kind == "new":
            rewrite.after(touch.place, f"{total} = {program.text(call)}")
            continue
        if touch.kind == "last":
            rewrite.before(touch.place, f"{total} -= {kept.name}[-1] if {kept.name} else 0")
            continue
        if groups or touch.kind != "append":
            rewrite.before(touch.place, f"{total} -= {_share(program, kept, touch, groups, there=False)}")
        if groups or touch.kind not in ("del", "pop"):
            rewrite.after(touch.place, f"{total} += {_share(program, kept, touch, groups, there=True)}")
    return rewrite.change(f"{shown(program.text(call))} is kept up to date (line {call.lineno})")


def _groups(rewrite: Rewrite, kept: Kept, key: ast.expr) -> str:
    """Lines before the loop that sort a steady list's things by key; the name of the groups."""
    program, (first, *_) = rewrite.program, _generators(kept.site.node)
    groups = rewrite.name(f"{label(first.iter)}_by_key")
    target, step = program.text(first.target), step_of(kept.loop.block)
    thing = target if isinstance(first.target, ast.Name) or target[:1] == "(" else f"({target})"
    rewrite.before(
        kept.loop,
        f"{groups} = {{}}",
        f"for {target} in {program.text(first.iter)}:",
        f"{step}{groups}.setdefault({program.text(key)}, []).append({thing})",
    )
    return groups


def _share(program: Program, kept: Kept, touch: Touch, groups: str, *, there: bool) -> str:
    """What the place that is changed comes to in the sum; ``there`` where it is known that there is something."""
    name, (first, *rest), call, way = kept.name, touch.steps, kept.site.node, kept.way
    at = program.text(first)
    generators = _generators(call)
    if not isinstance(way, Through):
        return exchanged_text(program, call, {generators[0].iter: f"{groups}.get({at}, ())"})
    at = "-1" if touch.kind == "append" else at
    sure = there or not way.table
    if not generators:
        return f"{name}[{at}]" if sure else f"{name}.get({at}, 0)"
    thing = way.thing.format(at=at)
    exchanged = {generators[0].iter: f"({thing},)" if sure else f"(({thing},) if {at} in {name} else ())"}
    for outer, inner, step in zip(generators, generators[1:], rest, strict=False):
        alone = isinstance(outer.target, ast.Name) and len(uses(call, outer.target.id)) == 2
        if not alone or ast.unparse(inner.iter) != ast.unparse(outer.target):
            break
        exchanged[inner.iter] = f"({program.text(inner.iter)}[{program.text(step)}],)"
    return exchanged_text(program, call, exchanged)


def _generators(call: ast.AST) -> list[ast.comprehension]:
    """What a sum goes through; nothing where it adds up the things of a list as they are."""
    summed = call.args[0]  # type: ignore[attr-defined]
    return summed.generators if isinstance(summed, ast.GeneratorExp | ast.ListComp) else []


# -- where -------------------------------------------------------------------------------------------------------------


def _sums(program: Program) -> Iterator[Kept]:
    for site in expressions(program):
        match site.node:
            case ast.Call(func=ast.Name(id="sum"), args=[summed], keywords=[]) if not site.loose:
                if is_pure(program, summed):
                    yield from _kept(program, site)


def _kept(program: Program, site: Site) -> Iterator[Kept]:
    """The ways in which a sum can be kept, one for each of the names that it reads."""
    here = Place(site.block, site.place)
    inner = {name for one in _generators(site.node) for name in bound(one.target)}
    for name in sorted(used(site.node) - inner):
        way, home = _way(program, site, name, inner), None
        still = used(site.node) - inner - {name}
        for loop in repeats(site) if way is not None else ():
            touches = _touches(program, loop.statement, name)
            steady = _is_there(program, loop.statement, name, touches) and not changed(program, loop.statement) & still
            if not isinstance(loop.statement, LOOPS) or touches is None or not steady:
                break
            home = (loop, touches) if touches else home
        if way is None or home is None:
            continue
        alone = not any(one.place.statement is here.statement for one in home[1])
        caught = any(isinstance(n, ast.Try) for n in ast.walk(home[0].statement))
        hides = not isinstance(way, Through) and _hides(home[0], bound(_generators(site.node)[0].target))
        if alone and not caught and not hides and all(_fits(program, one, way, name) for one in home[1]):
            yield Kept(site, name, *home, way)


def _is_there(program: Program, loop: ast.stmt, name: str, touches: list[Touch] | None) -> bool:
    """Whether a name stands for a list or table before a loop; and whether all that gives it another is known."""
    news = sum(touch.kind == "new" for touch in touches or ())
    bindings = sum(not isinstance(use.ctx, ast.Load) for use in uses(loop, name))
    added = sum(isinstance(n, ast.AugAssign) and base(n.target) == name for n in ast.walk(loop))
    return not bindings or (not added and bindings == news and name in reads_first(loop))


def _hides(loop: Place, names: set[str]) -> bool:
    """Whether names that are bound before a loop would take the place of what they stand for."""
    return bool(reads_first(loop.statement) & names) or read_later(loop, names)


def _fits(program: Program, touch: Touch, way: Through | ast.expr, name: str) -> bool:
    """Whether a sum that goes one way can follow a change: what tells where that is must be the same after it."""
    if touch.kind in ("new", "last"):
        return isinstance(way, Through) and not way.table and not way.fixed and way.plain
    if isinstance(way, Through) and touch.kind == "append":
        return not way.table and not way.fixed
    told = {one for step in touch.steps for one in used(step)}
    if name in told:
        lengths = all(_is_length(program, use) for step in touch.steps for use in uses(step, name))
        if not lengths or touch.kind != "set":
            return False
    still = is_pure(program, *touch.steps) and not changed(program, touch.place.statement) & (told - {name})
    kinds = ("set",) if isinstance(way, Through) and way.fixed else ("set", "del", "pop")
    return still and (not isinstance(way, Through) or touch.kind in kinds)


def _way(program: Program, site: Site, name: str, inner: set[str]) -> Through | ast.expr | None:
    """How a sum goes through what changes, or by which key it looks into that; None for neither."""
    generators, mentions = _generators(site.node), uses(site.node, name)
    first = generators[0].iter if generators else site.node.args[0]  # type: ignore[attr-defined]
    through = _through(first, name)
    if through is not None:
        return through._replace(plain=not generators) if len(mentions) == 1 else None
    lengths = [use for use in mentions if _is_length(program, use)]
    keys = {ast.unparse(key): key for use in mentions if (key := _looked_up(program, use)) is not None}
    each = all(use in lengths or _looked_up(program, use) is not None for use in mentions)
    if not generators or len(keys) != 1 or not each:
        return None
    (key,) = keys.values()
    known = bound(generators[0].target)
    return key if used(key) & known and not used(key) & (inner - known) else None


def _through(iterated: ast.expr, name: str) -> Through | None:
    """How something goes through the table or list of a name; None where it does not."""
    match iterated:
        case ast.Name(id=same) if same == name:
            return Through(f"{name}[{{at}}]", table=False, fixed=False)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=same), attr="values"), args=[]) if same == name:
            return Through(f"{name}[{{at}}]", table=True, fixed=False)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=same), attr="items"), args=[]) if same == name:
            return Through(f"({{at}}, {name}[{{at}}])", table=True, fixed=False)
        case ast.Call(func=ast.Name(id="enumerate"), args=[ast.Name(id=same)], keywords=[]) if same == name:
            return Through(f"({{at}}, {name}[{{at}}])", table=False, fixed=True)
        case ast.Call(func=ast.Name(id="zip"), args=lists, keywords=[]):
            names = [one.id for one in lists if isinstance(one, ast.Name)]
            if len(names) == len(lists) > 1 and name in names:
                return Through(f"({', '.join(f'{one}[{{at}}]' for one in names)})", table=False, fixed=True)
    return None


def _is_length(program: Program, use: ast.expr) -> bool:
    over = parent(program, use)
    return isinstance(over, ast.Call) and isinstance(over.func, ast.Name) and over.func.id == "len"


def _looked_up(program: Program, use: ast.expr) -> ast.expr | None:
    """The key of `table[key]`, `table.get(key)` or `key in table`; None for another use."""
    over = parent(program, use)
    match over:
        case ast.Subscript(value=value, slice=key, ctx=ast.Load()) if value is use:
            return None if isinstance(key, ast.Slice) else key
        case ast.Attribute(attr="get"):
            call = parent(program, over)
            return call.args[0] if isinstance(call, ast.Call) and call.func is over and call.args else None
        case ast.Compare(left=key, ops=[ast.In() | ast.NotIn()], comparators=[value]) if value is use:
            return key
    return None


def _touches(program: Program, loop: ast.stmt, name: str) -> list[Touch] | None:
    """The statements in a loop that change a table or a list, each at one place; None where one changes more."""
    nodes = [node for node in ast.walk(loop) if isinstance(node, ast.stmt) and node is not loop]
    found = [touch for node in nodes if (touch := _touch(program, node, name)) is not None]
    kept = sum(touch.kind != "new" for touch in found)
    return found if kept == mutations(program, loop).count(name) else None


def _touch(program: Program, statement: ast.stmt, name: str) -> Touch | None:
    """How a statement changes the table or list of a name at one place; None where it does not."""
    place = place_of(program, statement)
    if place is None:
        return None
    match statement:
        case ast.Assign(targets=[ast.Name(id=same)]) if same == name:
            return Touch(place, [], "new")
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=same), attr="pop"), args=[])) if same == name:
            return Touch(place, [], "last")
        case ast.Assign(targets=[target]) | ast.AugAssign(target=target) if base(target) == name:
            steps, kind = _steps(target), "set"
        case ast.Delete(targets=[ast.Subscript(value=ast.Name(id=same)) as target]) if same == name:
            steps, kind = _steps(target), "del"
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=same), attr=kind), args=[key, *_])):
            steps = [key] if same == name and kind in _METHODS else []
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Subscript() as target))) if base(target) == name:
            steps, kind = _steps(target), "set"
        case _:
            return None
    return Touch(place, steps, kind) if steps else None


_METHODS = ("append", "add", "discard", "remove", "pop")
"""Methods that change what is told by their first argument, or put that in."""


def _steps(target: ast.expr) -> list[ast.expr]:
    """The keys of `name[first][second].attribute`, as far as they are keys; none where the first is none."""
    found: list[ast.expr] = []
    while isinstance(target, ast.Subscript | ast.Attribute):
        key = target.slice if isinstance(target, ast.Subscript) else None
        found = [key, *found] if key is not None and not isinstance(key, ast.Slice) else []
        target = target.value
    return found


OPERATORS = (Operator("sum_kept", "rewrites", sum_kept),)
