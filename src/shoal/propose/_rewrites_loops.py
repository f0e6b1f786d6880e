"""Rewrites of loops that fill something or add something up: comprehensions and reductions."""

import ast
from collections.abc import Iterator

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, names_before, step_of, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_nest import Nest, nest_of, start_of
from shoal.propose._rewrites_parts import Rewrite, assigned, bracketed, loops, uses
from shoal.propose._rewrites_pure import base, is_pure
from shoal.syntax._program import Program
from shoal.syntax._scope import names_at
from shoal.syntax._types import NUMBERS, guess

__all__ = ["OPERATORS", "sum_head", "sums"]

_BRACKETS = {"list": ("[", "]"), "set": ("{", "}"), "dict": ("{", "}")}


# -- comprehensions --------------------------------------------------------------------------------------------------


def comprehension(draft: Draft) -> Change | None:
    """A loop that fills a list, a set or a dictionary becomes a comprehension."""
    program = draft.program
    place, nest, name, kind, element = draft.pick(list(_fillings(program)))
    rewrite = Rewrite(program)
    opening, closing = _BRACKETS[kind]
    start = start_of(program, place, name)
    parts, step = [element, *nest.texts()], step_of(place.block)
    if start is not None and _is_empty(start.value, kind):
        rewrite.drop(start.place)
        rewrite.within(place, *assigned(start.head, opening, parts, closing, step=step))
    else:
        method = "extend" if kind == "list" else "update"
        rewrite.within(place, *assigned(f"{name}.{method}(", opening, parts, f"{closing})", step=step))
    return rewrite.change(f"{name} by a comprehension (line {place.statement.lineno})")


def _fillings(program: Program) -> Iterator[tuple[Place, Nest, str, str, str]]:
    """Loops that do nothing but fill something, with its name and kind and the text of an element."""
    for place in loops(program):
        nest = nest_of(program, place)
        filled = nest and _filled(program, nest.last)
        if not nest or not filled or filled[0] in nest.targets or _is_asked(program, place.statement, filled[0]):
            continue
        if filled[1] == "dict" and names_at(program, place.block, place.index).get(filled[0]) == "list":
            continue
        if len(uses(place.statement, filled[0])) == filled[3]:
            yield place, nest, *filled[:3]


def _is_asked(program: Program, loop: ast.stmt, name: str) -> bool:
    """Whether a loop calls a method of a thing by another name, as after `get = found.get`."""
    for node in ast.walk(program.tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=method)], value=ast.Attribute(value=ast.Name(id=own))) if own == name:
                if uses(loop, method):
                    return True
    return False


def _filled(program: Program, last: list[ast.stmt]) -> tuple[str, str, str, int] | None:
    """Name, kind and element of what the last statements of a loop fill, and how often they mention it."""
    match last:
        case [ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method), args=[element]))]:
            kind = {"append": "list", "add": "set"}.get(method)
            plain = not isinstance(element, ast.Starred)
            return (name, kind, _element(program, element), 1) if kind and plain else None
        case [ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name), slice=key)], value=value)]:
            return name, "dict", f"{program.text(key)}: {program.text(value)}", 1
        case [ast.If(test=test, body=[_] as then, orelse=[_] as other)]:
            one, two = _filled(program, then), _filled(program, other)
            if one and two and one[:2] == two[:2] and one[1] != "dict" and one[3] == two[3] == 1:
                return one[0], one[1], f"{one[2]} if {program.text(test)} else {two[2]}", 2
    return None


def _element(program: Program, element: ast.expr) -> str:
    """The text of an element of a comprehension."""
    return bracketed(program, element) if isinstance(element, ast.NamedExpr | ast.Lambda) else program.text(element)


def _is_empty(value: ast.expr, kind: str) -> bool:
    match value:
        case ast.List(elts=[]):
            return kind == "list"
        case ast.Dict(keys=[]):
            return kind == "dict"
        case ast.Call(func=ast.Name(id=name), args=[], keywords=[]):
            return kind == name
    return False


# -- reductions ------------------------------------------------------------------------------------------------------


def reduction(draft: Draft) -> Change | None:
    """A loop that adds up, multiplies or finds the most becomes a call of sum, math.prod, min or max."""
    program = draft.program
    place, nest = draft.pick([p for p in _single(program) if _reduces(draft, *p)])
    rewrite = Rewrite(program)
    last = nest.last[0]
    if isinstance(last, ast.AugAssign):
        name = program.text(last.target)
        _total(rewrite, place, nest, last)
    else:
        assert isinstance(last, ast.Assign) and isinstance(last.targets[0], ast.Name)
        name = last.targets[0].id
        _most(rewrite, place, nest, name)
    return rewrite.change(f"{shown(name)} by one call (line {place.statement.lineno})")


def _most(rewrite: Rewrite, place: Place, nest: Nest, name: str) -> None:
    program, last = rewrite.program, nest.last[0]
    by, element = _extreme(program, nest, name) or ("max", name)
    clauses = nest.texts() if uses(last.value, name) else nest.texts()[:-1]  # type: ignore[attr-defined]
    if len(clauses) > 1 and clauses[-1].startswith(f"for {element} in ["):  # a name for what is compared
        element = clauses.pop().removeprefix(f"for {element} in [")[:-1]
    start = start_of(program, place, name)
    first, head = name, f"{name} = "
    if start is not None and is_pure(program, start.value):
        rewrite.drop(start.place)
        first, head = program.text(start.value), start.head
    step = step_of(place.block)
    rewrite.within(place, *assigned(head, f"{by}([{first}, *[", [element, *clauses], "]])", step=step))


def _total(rewrite: Rewrite, place: Place, nest: Nest, last: ast.AugAssign) -> None:
    program = rewrite.program
    parts = _taken(program, nest, last.value)
    opening, closing = ("([", "])") if len(parts) > 1 else ("(", ")")
    if isinstance(last.op, ast.Mult):
        head, by = f"{program.text(last.target)} *= ", f"{rewrite.module(place.block, 'math')}.prod"
    else:
        head, by = sum_head(rewrite, place, last), "sum"
    rewrite.within(place, *assigned(head, f"{by}{opening}", parts, closing, step=step_of(place.block)))


def sum_head(rewrite: Rewrite, place: Place, last: ast.AugAssign) -> str:
    """What stands before the sum that a loop adds up; where it begins at 0, its beginning is taken out."""
    name = rewrite.program.text(last.target)
    start = start_of(rewrite.program, place, name)
    if start is not None and isinstance(start.value, ast.Constant) and repr(start.value.value) == "0":
        rewrite.drop(start.place)
        return start.head
    return f"{name} += "


def sums(draft: Draft) -> Iterator[tuple[Place, ast.For, ast.AugAssign]]:
    """Loops without a condition or another loop inside that add one number after the other to something."""
    for place, nest in _single(draft.program):
        loop, last = place.statement, nest.last[0]
        plain = len(nest.clauses) == 1 and isinstance(loop, ast.For)
        if plain and isinstance(last, ast.AugAssign) and isinstance(last.op, ast.Add) and _reduces(draft, place, nest):
            assert isinstance(loop, ast.For)
            yield place, loop, last


def _single(program: Program) -> Iterator[tuple[Place, Nest]]:
    """Loops that do one statement, in the end."""
    for place in loops(program):
        nest = nest_of(program, place)
        if nest is not None and len(nest.last) == 1:
            yield place, nest


def _reduces(draft: Draft, place: Place, nest: Nest) -> bool:
    program = draft.program
    match nest.last[0]:
        case ast.AugAssign(target=target, op=ast.Add() | ast.Mult(), value=value):
            names = names_before(draft, place)
            kinds = [guess(target, names), guess(value, names)]
            return any(kind in NUMBERS for kind in kinds) and _adds_up(program, place, nest, target, value)
        case ast.Assign(targets=[ast.Name(id=name)]):
            return _extreme(program, nest, name) is not None
    return False


def _adds_up(program: Program, place: Place, nest: Nest, target: ast.expr, value: ast.expr) -> bool:
    """Whether what is added up is the same thing all along, and is not looked at meanwhile."""
    if not is_pure(program, value) or used(target) & nest.targets:
        return False
    roots = [n.id for n in ast.walk(target) if isinstance(n, ast.Name) and n.id == base(target)]
    return bool(roots) and len(uses(place.statement, roots[0])) == 1


def _taken(program: Program, nest: Nest, value: ast.expr) -> list[str]:
    """What a reduction takes: what is iterated, or parts of a list comprehension, which is faster than a generator."""
    element, texts = _element(program, value), nest.texts()
    if len(texts) == 1 and texts[0].startswith(f"for {element} in "):
        return [texts[0].removeprefix(f"for {element} in ")]
    return [element, *texts]


def _extreme(program: Program, nest: Nest, name: str) -> tuple[str, str] | None:
    """By which function, and of what, a variable becomes the least or the most; None where it does not."""
    value = nest.last[0].value  # type: ignore[attr-defined]
    others = sum((len(uses(node, name)) for _, node in nest.clauses if node is not None), 0)
    match value:
        case ast.Call(func=ast.Name(id="min" | "max" as by), args=[one, two], keywords=[]) if not others:
            for mine, element in ((one, two), (two, one)):
                if isinstance(mine, ast.Name) and mine.id == name and not uses(element, name):
                    return by, program.text(element)
    test = nest.clauses[-1][1]
    match test:
        case ast.Compare(left=left, ops=[ast.Gt() | ast.Lt() as op], comparators=[right]) if others == 1:
            more = isinstance(op, ast.Gt)
            for mine, element, grows in ((right, left, more), (left, right, not more)):
                same = ast.dump(element) == ast.dump(value)
                if isinstance(mine, ast.Name) and mine.id == name and same and is_pure(program, element):
                    return "max" if grows else "min", program.text(element)
    return None


OPERATORS = (
    Operator("comprehension", "rewrites", comprehension),
    Operator("reduction", "rewrites", reduction),
)
