"""A rewrite of numbered parts of a list as places in it: it brings nothing by itself, but others know places only."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import bound, step_of, used
from shoal.propose._rewrites_parts import (
    Rewrite,
    above,
    bracketed,
    functions,
    parent,
    place_of,
    read_later,
    uses,
)
from shoal.propose._rewrites_pure import changed, is_pure
from shoal.syntax._program import Program
from shoal.syntax._sites import Comprehension, Function

__all__ = ["OPERATORS"]


class Numbered(NamedTuple):
    """`for k, x in enumerate(xs[i:], s)`, of a loop or of a comprehension.

    Attributes:
        owner: the loop, or the clause.
        number: what the things are numbered by; thing: what each is called.
        values: the list; first: where the part begins.
        start: the first number; None for 0.
        inside: what is done with each thing.
    """

    owner: ast.For | ast.comprehension
    number: ast.Name
    thing: ast.expr
    values: ast.expr
    first: ast.expr
    start: ast.expr | None
    inside: list[ast.AST]


def places_of_part(draft: Draft) -> Change | None:
    """`for k, x in enumerate(xs[i:], i)` becomes `for k in range(i, len(xs))`, with `xs[k]` for x."""
    program = draft.program
    one = draft.pick(list(_numbered(program)))
    rewrite = Rewrite(program)
    values, first = bracketed(program, one.values), program.text(one.first)
    same = one.start is not None and program.text(one.start) == first
    place = one.number.id if same else rewrite.name("place")
    rewrite.cut(
        program.start(one.owner.target), program.end(one.owner.iter), f"{place} in range({first}, len({values}))"
    )
    exchanged = {} if same else {one.number.id: _number(program, one, place)}
    if isinstance(one.thing, ast.Name):
        exchanged[one.thing.id] = f"{values}[{place}]"
    for node in one.inside:
        for name, text in exchanged.items():
            for use in uses(node, name):
                plain = name != one.number.id or _stands_alone(program, use)
                rewrite.replace(use, text if plain else f"({text})")
    if not isinstance(one.thing, ast.Name):
        assert isinstance(one.owner, ast.For)
        body = place_of(program, one.owner.body[0])
        if body is None:
            return None
        rewrite.before(body, f"{program.text(one.thing)} = {values}[{place}]")
    return rewrite.change(f"places in {program.text(one.values)} (line {one.number.lineno})")


def _stands_alone(program: Program, use: ast.Name) -> bool:
    over = parent(program, use)
    return isinstance(over, ast.Assign | ast.Return | ast.Subscript | ast.Tuple | ast.List | ast.Call)


def _number(program: Program, one: Numbered, place: str) -> str:
    """Text of the number of a thing at a place."""
    name, more = _offset(one.first)
    start = 0 if one.start is None else _offset(one.start)[1] if isinstance(one.start, ast.Constant) else None
    if start is None:
        assert one.start is not None
        return f"{place} - {bracketed(program, one.first)} + {bracketed(program, one.start)}"
    less = f" - {name}" if name else ""
    rest = start - more
    return f"{place}{less}" + (f" {'+' if rest > 0 else '-'} {abs(rest)}" if rest else "")


def _offset(node: ast.expr) -> tuple[str, int]:
    """Of `i + 1`, the name and the number."""
    match node:
        case ast.Name(id=name):
            return name, 0
        case ast.BinOp(left=ast.Name(id=name), op=ast.Add(), right=ast.Constant(value=int(more))):
            return name, more
        case ast.Constant(value=int(more)):
            return "", more
    return "", -1


def _numbered(program: Program) -> Iterator[Numbered]:
    for block in functions(program):
        for node in (n for s in block.statements for n in ast.walk(s)):
            match node:
                case ast.For(target=target, iter=iterated, body=body, orelse=other):
                    inside: list[ast.AST] = [*body, *other]
                case ast.comprehension(target=target, iter=iterated, ifs=tests):
                    made = parent(program, node)
                    assert isinstance(made, Comprehension)
                    later = made.generators[made.generators.index(node) + 1 :]
                    told = [made.key, made.value] if isinstance(made, ast.DictComp) else [made.elt]
                    inside = [*tests, *later, *told]
                case _:
                    continue
            match target, iterated:
                case (
                    ast.Tuple(elts=[ast.Name() as number, thing]),
                    ast.Call(
                        func=ast.Name(id="enumerate"),
                        args=[
                            ast.Subscript(
                                value=values, slice=ast.Slice(lower=ast.expr() as first, upper=None, step=None)
                            ),
                            *more,
                        ],
                        keywords=named,
                    ),
                ):
                    given = [*more, *(one.value for one in named if one.arg == "start")]
                    if len(given) != len(more) + len(named) or len(given) > 1:
                        continue
                    one = Numbered(node, number, thing, values, first, given[0] if given else None, inside)
                    if _is_steady(program, one) and _fits(program, one):
                        yield one


def _is_steady(program: Program, one: Numbered) -> bool:
    """Whether the list, the places and the names stay as they are in each round, and nobody asks for them later."""
    names = bound(one.owner.target)
    fixed = set().union(*(used(part) for part in (one.values, one.first, one.start) if part is not None))
    if (names | fixed) & changed(program, *one.inside) or names & fixed:
        return False
    if not is_pure(program, one.values, one.first, *([one.start] if one.start else [])):
        return False
    if isinstance(one.owner, ast.comprehension):
        return isinstance(one.thing, ast.Name)
    place = place_of(program, one.owner)
    return place is not None and not read_later(place, names) and bool(step_of(place.block))


def _fits(program: Program, one: Numbered) -> bool:
    """Whether a part begins at a place that another loop is at, and its names can be exchanged where they are used."""
    if not isinstance(one.values, ast.Name | ast.Attribute) or one.number.id in bound(one.thing):
        return False
    name, more = _offset(one.first)
    if more < 0 or (name and not _counts(program, one, name)):
        return False
    hidden = (ast.JoinedStr, ast.Lambda, *Function.__args__)
    inner = [n for node in one.inside for n in ast.walk(node) if isinstance(n, hidden)]
    return not any(uses(node, other) for node in inner for other in bound(one.owner.target))


def _counts(program: Program, one: Numbered, name: str) -> bool:
    """Whether a name is the place of a loop around another one: `for i in range(n)`, `for i, x in enumerate(xs)`."""
    for outer in above(program, one.owner):
        for made in outer.generators if isinstance(outer, Comprehension) else [outer]:
            if not isinstance(made, ast.For | ast.comprehension) or name not in bound(made.target):
                continue
            match made.target, made.iter:
                case ast.Name(), ast.Call(func=ast.Name(id="range"), args=[*bounds]) if len(bounds) < 3:
                    return len(bounds) == 1 or _offset(bounds[0])[1] >= 0
                case ast.Tuple(elts=[ast.Name(id=index), _]), ast.Call(func=ast.Name(id="enumerate"), args=[_]):
                    return index == name and not made.iter.keywords
            return False
    return False


OPERATORS = (Operator("places_of_part", "rewrites", places_of_part),)
