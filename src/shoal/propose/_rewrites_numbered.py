"""Rewrites of loops over parts of a list, or over twos: they bring nothing alone, but others know these words."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, places, span, step_of, used
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
from shoal.propose._rewrites_pure import changed, is_pure, module_aliases
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


# -- twos --------------------------------------------------------------------------------------------------------------


class Twos(NamedTuple):
    """A loop over `itertools.combinations(xs, 2)`, or over `itertools.product(xs, ys)`.

    Attributes:
        place: of the loop.
        first, second: what the things of a two are called.
        one, other: what they are of; other: None for combinations.
    """

    place: Place
    first: ast.expr
    second: ast.expr
    one: ast.expr
    other: ast.expr | None


def loop_in_loop(draft: Draft) -> Change | None:
    """A loop over all twos, by `itertools`, becomes a loop in a loop, which others know."""
    program = draft.program
    twos = draft.pick(list(_twos(program)))
    rewrite, step, indent = Rewrite(program), step_of(twos.place.block), twos.place.block.indent or ""
    loop = twos.place.statement
    first, second, one = (program.text(node) for node in (twos.first, twos.second, twos.one))
    match twos.one:
        case _ if twos.other is not None:
            heads = [f"for {first} in {one}", f"for {second} in {program.text(twos.other)}"]
        case ast.Call(func=ast.Name(id="range"), args=[last]) if isinstance(twos.first, ast.Name):
            heads = [f"for {first} in {one}", f"for {second} in range({first} + 1, {program.text(last)})"]
        case _:
            number, things = rewrite.name("place"), one
            if not isinstance(twos.one, ast.Name):
                things = rewrite.name("things")
                rewrite.before(twos.place, f"{things} = list({one})")
            told = f"({first})" if isinstance(twos.first, ast.Tuple) and not first.startswith("(") else first
            heads = [f"for {number}, {told} in enumerate({things})", f"for {second} in {things}[{number} + 1 :]"]
    assert isinstance(loop, ast.For)
    end = span(program, loop)[1]
    header, *body = program.data[program.end(loop.iter) : end].decode().splitlines(keepends=True)
    lines = [
        f"{heads[0]}:\n",
        f"{indent}{step}{heads[1]}{header}",
        *(step + line if line.strip() else line for line in body),
    ]
    rewrite.cut(program.start(loop), end, "".join(lines))
    return rewrite.change(f"a loop in a loop (line {loop.lineno})")


def _twos(program: Program) -> Iterator[Twos]:
    for place in places(program):
        match place.statement:
            case (
                ast.For(target=ast.Tuple(elts=[first, second]), iter=ast.Call(func=function) as call, orelse=[]) as loop
            ):
                name = _of_itertools(program, function)
            case _:
                continue
        given = [ast.unparse(one) for one in (*call.args[1:], *(k.value for k in call.keywords))]
        repeat = [k.arg for k in call.keywords] == ["repeat"] and len(call.args) == 1
        if name == "combinations" and given == ["2"] and len(call.args) == 2:
            twos = Twos(place, first, second, call.args[0], None)
        elif name == "product" and ((repeat and given == ["2"]) or (len(call.args) == 2 and not call.keywords)):
            twos = Twos(place, first, second, call.args[0], call.args[0 if repeat else 1])
        else:
            continue
        if _is_loop_of_own(program, place, loop) and _is_kept(program, twos, loop):
            yield twos


def _of_itertools(program: Program, function: ast.expr) -> str:
    """The name of a function of `itertools`; "" for another one."""
    match function:
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            return name if module_aliases(program).get(module) == "itertools" else ""
        case ast.Name(id=name):
            imported = [n for n in ast.walk(program.tree) if isinstance(n, ast.ImportFrom) and n.module == "itertools"]
            return name if any(a.name == name and a.asname is None for n in imported for a in n.names) else ""
    return ""


def _is_loop_of_own(program: Program, place: Place, loop: ast.For) -> bool:
    """Whether a loop's body has lines for itself, can be moved to the right, and does not end the loop."""
    inside = [n for s in loop.body for n in ast.walk(s)]
    texts = any(isinstance(n, ast.Constant | ast.JoinedStr) and n.lineno != n.end_lineno for n in inside)
    alone = loop.body[0].lineno > (loop.iter.end_lineno or 0) == loop.lineno
    return alone and not texts and not any(map(_breaks, loop.body)) and not read_later(place, bound(loop.target))


def _breaks(statement: ast.AST) -> bool:
    """Whether a statement ends the loop around it."""
    if isinstance(statement, ast.For | ast.While):
        return any(map(_breaks, statement.orelse))
    return isinstance(statement, ast.Break) or any(map(_breaks, ast.iter_child_nodes(statement)))


def _is_kept(program: Program, twos: Twos, loop: ast.For) -> bool:
    """Whether what is gone through can be gone through again, and the loop leaves it and its names as they are."""
    parts = [twos.one] if twos.other is None else [twos.one, twos.other]
    names, read = bound(loop.target), set().union(*map(used, parts))
    plain = all(isinstance(one, ast.Name | ast.Attribute | ast.Subscript) for one in parts)
    ranged = isinstance(twos.one, ast.Call) and ast.unparse(twos.one.func) == "range" and len(twos.one.args) == 1
    whole = twos.other is None and (ranged or is_pure(program, twos.one))
    fixed = not changed(program, *loop.body) & (read | names) and not read & names
    return fixed and is_pure(program, *parts) and (plain or whole)


OPERATORS = (
    Operator("places_of_part", "rewrites", places_of_part),
    Operator("loop_in_loop", "rewrites", loop_in_loop),
)
