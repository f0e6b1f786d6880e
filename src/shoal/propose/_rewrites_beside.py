"""What a loop inside a loop makes of each of its things alone is made once, in a list beside them."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, reads_first, step_of
from shoal.propose._pieces import shown
from shoal.propose._rewrites_hoist import is_worth_once, may_be_shared, may_fail, word_for
from shoal.propose._rewrites_lookup import may_be_list
from shoal.propose._rewrites_parts import (
    Rewrite,
    above,
    again,
    bracketed,
    expressions,
    label,
    parent,
    place_of,
    repeats,
    uses,
    widest,
)
from shoal.propose._rewrites_pure import changed, is_pure
from shoal.syntax._program import Program
from shoal.syntax._sites import Comprehension, Site

__all__ = ["OPERATORS"]

_CHEAP = ("abs", "bool", "chr", "float", "int", "len", "ord", "range", "str", "zip", "enumerate", "reversed")


class Beside(NamedTuple):
    """Expressions of the same text that depend on a thing which a loop goes through, and on nothing else it changes.

    Attributes:
        nodes: the expressions, all in the loop.
        target, iterated: of the loop, or of the comprehension's clause.
        place: the statement, around the loop, before which they can be made for all things.
    """

    nodes: list[ast.expr]
    target: ast.expr
    iterated: ast.expr
    place: Place


def made_beside(draft: Draft) -> Change | None:
    """Make a list, before the loop around, of what the loop inside makes of each of its things."""
    program = draft.program
    found = draft.pick(_beside(program))
    rewrite = Rewrite(program)
    node = found.nodes[0]
    text, target = program.text(node), program.text(found.target)
    whole, stretch = _whole(program, found.iterated)
    kept = _assigned(program, found)
    made = rewrite.name(f"{label(found.iterated)}_{kept[1] if kept else word_for(node)}")
    rewrite.before(found.place, f"{made} = [{text} for {target} in {whole}]")
    if _is_count(found):
        name, kept = f"{made}[{target}]", None
    else:
        name = kept[1] if kept else rewrite.name(f"{word_for(node)}_of_it")
        item = f"({target})" if isinstance(found.target, ast.Tuple) and not target.startswith("(") else target
        rewrite.replace(found.target, f"{item}, {name}")
        rewrite.replace(found.iterated, f"zip({program.text(found.iterated)}, {made}{stretch or ''})")
    if kept:
        rewrite.drop(kept[0])
    else:
        for one in found.nodes:
            rewrite.replace(one, name)
    return rewrite.change(f"{shown(text)} made once for each (line {node.lineno})")


def _assigned(program: Program, found: Beside) -> tuple[Place, str] | None:
    """The statement of the loop that does nothing but give the expression a name, and that name."""
    over = parent(program, found.nodes[0])
    loop = parent(program, over) if isinstance(over, ast.Assign) else None
    place = place_of(program, over) if isinstance(over, ast.Assign) else None
    match over:
        case ast.Assign(targets=[ast.Name(id=name)]) if isinstance(loop, ast.For) and place is not None:
            stored = [n for n in uses(loop, name) if isinstance(n.ctx, ast.Store)]
            if len(found.nodes) == len(stored) == 1 and over in loop.body and loop.target is found.target:
                return place, name
    return None


def _is_count(found: Beside) -> bool:
    match found.iterated:
        case ast.Call(func=ast.Name(id="range"), args=[_] | [_, _]):
            return isinstance(found.target, ast.Name)
    return False


def _whole(program: Program, iterated: ast.expr) -> tuple[str, str | None]:
    """All that the loop ever goes through, and the part of it that it goes through now; None where that is all."""
    match iterated:
        case ast.Call(func=ast.Name(id="range"), args=[_, last]):
            return f"range({program.text(last)})", None
        case ast.Subscript(value=values, slice=ast.Slice(step=None) as part):
            return bracketed(program, values), f"[{program.text(part)}]"
    return bracketed(program, iterated), None


def _needs(iterated: ast.expr) -> set[str]:
    """The names in all that a loop ever goes through."""
    match iterated:
        case ast.Call(func=ast.Name(id="range"), args=[_, last]):
            return reads_first(last)
        case ast.Subscript(value=values, slice=ast.Slice(step=None)):
            return reads_first(values)
    return reads_first(iterated)


def _beside(program: Program) -> list[Beside]:
    found: dict[tuple[str, int], Beside] = {}
    inside: set[int] = set()
    for site in expressions(program):
        one = _place(program, site) if id(site.node) not in inside else None
        if one is not None:
            inside |= {id(n) for n in ast.walk(site.node)}
            key = ast.dump(site.node), id(one.iterated)
            found.setdefault(key, one).nodes.append(site.node)
    return list(found.values())


def _place(program: Program, site: Site) -> Beside | None:
    if isinstance(site.node, ast.Call) and isinstance(site.node.func, ast.Name) and site.node.func.id in _CHEAP:
        return None
    if not is_worth_once(program, site.node) or not may_be_shared(program, site):
        return None
    if any(may_fail(n) and not _is_lookup(n) for n in ast.walk(site.node)):  # it is made where it was never asked for
        return None
    names = reads_first(site.node)
    for target, iterated, around, rebound in (*_clauses(program, site), *_loops(program, site, names)):
        inner = bound(target)
        if not names & inner:
            continue
        needed = names - inner
        place = widest(program, around, needed | _needs(iterated)) if is_pure(program, iterated) else None
        if place is not None and not names & rebound and not (needed | _needs(iterated)) & inner:
            return Beside([], target, iterated, place)
        return None
    return None


def _is_lookup(node: ast.AST) -> bool:
    """Whether it takes a field of a record, or a thing by its number."""
    match node:
        case ast.Subscript(value=ast.Name(), slice=ast.Constant() | ast.Name()):
            return True
    return False


_Clause = tuple[ast.expr, ast.expr, list[Place], set[str]]


def _loops(program: Program, site: Site, names: set[str]) -> Iterator[_Clause]:
    """The loops that a site's statement is in, innermost first: with those around each, and what each changes."""
    if names & set(site.loose):
        return
    for place in repeats(site):
        if isinstance(place.statement, ast.For) and place.statement is not site.block.statements[site.place]:
            loop = place.statement
            yield loop.target, loop.iter, again(place), changed(program, *loop.body)


def _clauses(program: Program, site: Site) -> Iterator[_Clause]:
    """The comprehension around a site, where it has one clause."""
    for node in above(program, site.node):
        if isinstance(node, ast.Lambda | ast.stmt):
            return
        if isinstance(node, Comprehension):
            only = node.generators[0]
            here = Place(site.block, site.place)
            outside = not any(n is site.node for n in ast.walk(only.iter))
            if len(node.generators) == 1 and outside and place_of(program, here.statement) is not None:
                yield only.target, only.iter, again(here), set()
            return


# -- sets --------------------------------------------------------------------------------------------------------------


def sets_beside(draft: Draft) -> Change | None:
    """Lists that a loop goes through, asked whether something is in them, get sets beside them, made once."""
    program = draft.program
    found = draft.pick(_searched(program))
    rewrite = Rewrite(program)
    target, (whole, stretch) = program.text(found.target), _whole(program, found.iterated)
    sets, one = rewrite.name(f"{label(found.iterated)}_sets"), rewrite.name(f"{label(found.nodes[0])}_set")
    rewrite.before(found.place, f"{sets} = [set({program.text(found.nodes[0])}) for {target} in {whole}]")
    if _is_count(found):
        one = f"{sets}[{target}]"
    else:
        item = f"({target})" if isinstance(found.target, ast.Tuple) and not target.startswith("(") else target
        rewrite.replace(found.target, f"{item}, {one}")
        rewrite.replace(found.iterated, f"zip({program.text(found.iterated)}, {sets}{stretch or ''})")
    for node in found.nodes:
        rewrite.replace(node, one)
    return rewrite.change(f"sets beside {shown(program.text(found.iterated))} (line {found.target.lineno})")


def _searched(program: Program) -> list[Beside]:
    found: dict[tuple[str, int], Beside] = {}
    for site in expressions(program):
        match site.node:
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[searched]) if may_be_list(program, site):
                names = reads_first(searched)
                for target, iterated, around, rebound in (*_inner(program, site), *_loops(program, site, names)):
                    inner, needed = bound(target), _needs(iterated) | (names - bound(target))
                    if not names & inner or not is_pure(program, searched, iterated):
                        continue
                    place = widest(program, around, needed)
                    if place is not None and not names & rebound and not needed & (inner | _loose(site, target)):
                        key = ast.dump(searched), id(iterated)
                        found.setdefault(key, Beside([], target, iterated, place)).nodes.append(searched)
                    break
    return list(found.values())


def _inner(program: Program, site: Site) -> Iterator[_Clause]:
    """As `_clauses`, of a comprehension that another one may be around."""
    for clause in _clauses(program, site):
        more = [Place(site.block, site.place)] if _loose(site, clause[0]) else []
        yield clause[0], clause[1], [*more, *clause[2]], clause[3]


def _loose(site: Site, target: ast.expr) -> set[str]:
    """Names of the comprehensions around the innermost one."""
    return set(site.loose) - bound(target)


# -- by place ----------------------------------------------------------------------------------------------------------


class AtPlace(NamedTuple):
    """Expressions of the same text that go through something, and depend on a place and on what stays the same.

    Attributes:
        nodes: the expressions, all in one statement.
        at: name of the place, which an inner loop counts.
        statement: that they are in.
        outer: the loop, further out than that of the place, in which all else stays the same.
    """

    nodes: list[ast.expr]
    at: str
    statement: Place
    outer: Place


def once_for_place(draft: Draft) -> Change | None:
    """What is found out for a place in each round, as the sum of a column, is kept in a table by places."""
    program = draft.program
    found = draft.pick(_at_places(program))
    rewrite, node = Rewrite(program), found.nodes[0]
    text, step = program.text(node), step_of(found.statement.block)
    known = rewrite.name(f"{word_for(node)}_at")
    rewrite.before(found.outer, f"{known} = {{}}")
    rewrite.before(found.statement, f"if {found.at} not in {known}:", f"{step}{known}[{found.at}] = {text}")
    for one in found.nodes:
        rewrite.replace(one, f"{known}[{found.at}]")
    return rewrite.change(f"{shown(text)} once for each {found.at} (line {node.lineno})")


def _at_places(program: Program) -> list[AtPlace]:
    found: dict[tuple[str, int], AtPlace] = {}
    for site in expressions(program):
        goes = any(isinstance(n, Comprehension) for n in ast.walk(site.node))
        if site.loose or isinstance(site.node, Comprehension) or not goes:
            continue
        statement = Place(site.block, site.place)
        simple = isinstance(statement.statement, ast.Assign | ast.AugAssign | ast.Expr | ast.If | ast.Return)
        if not simple or not is_worth_once(program, site.node) or not may_be_shared(program, site):
            continue
        if not _is_sure(program, site) or "\n" in program.text(site.node):
            continue
        place = _counted_around(program, site, reads_first(site.node))
        if place is not None:
            key = ast.dump(site.node), id(statement.statement)
            found.setdefault(key, AtPlace([], place[0], statement, place[1])).nodes.append(site.node)
    return list(found.values())


def _is_sure(program: Program, site: Site) -> bool:
    """Whether an expression is evaluated wherever its statement is, and first."""
    for node in above(program, site.node):
        if isinstance(node, ast.IfExp | ast.BoolOp | ast.Lambda | Comprehension):
            return False
        if isinstance(node, ast.stmt):
            return not program.data[program.start(node) :].startswith(b"elif")
    return False


def _counted_around(program: Program, site: Site, names: set[str]) -> tuple[str, Place] | None:
    """The place that a loop around counts and an expression depends on, and the loop in which nothing else changes."""
    for place in repeats(site):
        loop = place.statement
        if not isinstance(loop, ast.For):
            return None
        counted = _counted(loop)
        if counted not in names or counted in set().union(*map(bound, loop.body)):
            if names & changed(program, loop):
                return None
            continue
        outer = widest(program, again(place), names - {counted})
        still = not (names - {counted}) & changed(program, loop)
        return (counted, outer) if outer is not None and still else None
    return None


def _counted(loop: ast.For) -> str:
    match loop.target, loop.iter:
        case ast.Name(id=name), ast.Call(func=ast.Name(id="range")):
            return name
        case ast.Tuple(elts=[ast.Name(id=name), _]), ast.Call(func=ast.Name(id="enumerate")):
            return name
    return ""


OPERATORS = (
    Operator("made_beside", "rewrites", made_beside),
    Operator("once_for_place", "rewrites", once_for_place),
    Operator("sets_beside", "rewrites", sets_beside),
)
