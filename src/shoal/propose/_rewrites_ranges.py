"""Rewrites of loops over numbers: sums from sums, things instead of indices, columns."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, reads_first, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_parts import (
    LOOPS,
    Rewrite,
    bracketed,
    exchanged_text,
    expressions,
    label,
    loops,
    outward,
    parent,
    place_of,
    read_later,
    repeats,
    uses,
    widest,
)
from shoal.propose._rewrites_pure import base, changed, is_pure
from shoal.syntax._program import Program
from shoal.syntax._sites import Site

__all__ = ["OPERATORS", "Part", "parts"]


# -- sums from sums ----------------------------------------------------------------------------------------------------


class Part(NamedTuple):
    """A function of a part of a list, asked again and again.

    Attributes:
        site: the call.
        by: sum, min or max.
        values: the list.
        lower, upper: the bounds of the part; None at its ends.
        place: the statement before which the sums can be made.
        row: of a part of a table's row: which, where all rows' sums can be made there; None for a list.
        made: what is made of each of the list's things, as clauses of a comprehension; "" where it is the thing itself.
        least: text of what an extreme begins with; "" where that is the first thing.
    """

    site: Site
    by: str
    values: ast.expr
    lower: ast.expr | None
    upper: ast.expr | None
    place: Place
    row: ast.Subscript | None = None
    made: str = ""
    least: str = ""


def prefix_sums(draft: Draft) -> Change | None:
    """The sum of a part of a list is the difference of two sums from its start, which are made once."""
    program = draft.program
    part = draft.pick([p for p in parts(program) if p.by == "sum"])
    rewrite = Rewrite(program)
    itertools = rewrite.module(part.place.block, "itertools")
    name = rewrite.name(f"{label(part.values)}_sums")
    if part.row is not None:
        row, table = rewrite.name("row"), program.text(part.row.value)
        rewrite.before(part.place, f"{name} = [[0, *{itertools}.accumulate({row})] for {row} in {table}]")
        name = f"{name}[{program.text(part.row.slice)}]"
    else:
        rewrite.before(part.place, f"{name} = [0, *{itertools}.accumulate({part.made or program.text(part.values)})]")
    upper = f"{name}[-1]" if part.upper is None else f"{name}[{_bound(draft, part)}]"
    lower = "" if part.lower is None else f" - {name}[{program.text(part.lower)}]"
    rewrite.exchange(part.site, f"{upper}{lower}")
    return rewrite.change(f"sums of {shown(program.text(part.values))}, made once (line {part.site.node.lineno})")


def _bound(draft: Draft, part: Part) -> str:
    """The upper bound; now and then kept within the list, or from before the lower one, as a slice keeps itself."""
    text = draft.program.text(part.upper) if part.upper is not None else ""
    moving = part.lower is not None and not isinstance(part.lower, ast.Constant)
    if part.lower is not None and moving and (part.row is not None or draft.chance(0.25)):
        return f"max({draft.program.text(part.lower)}, {text})"
    beyond = isinstance(part.upper, ast.BinOp) and draft.chance(0.5)
    return f"min({text}, len({draft.program.text(part.values)}))" if beyond else text


def running_extreme(draft: Draft) -> Change | None:
    """The least or most of all up to here, or from here on, is looked up in a list that is made once."""
    program = draft.program
    one_sided = [p for p in parts(program) if p.by != "sum" and (p.lower is None) != (p.upper is None)]
    part = draft.pick([*one_sided, *_from_value(program)])
    rewrite = Rewrite(program)
    itertools = rewrite.module(part.place.block, "itertools")
    if part.least:
        return _running_from(rewrite, part, itertools)
    values = f"({part.made})" if part.made else program.text(part.values)
    if part.upper is not None:
        name = rewrite.name(f"{label(part.values)}_{part.by}_to")
        rewrite.before(part.place, f"{name} = list({itertools}.accumulate({values}, {part.by}))")
        rewrite.replace(part.site.node, f"{name}[{_one_less(program, part.upper)}]")
    else:
        assert part.lower is not None
        name = rewrite.name(f"{label(part.values)}_{part.by}_from")
        turned = f"reversed([{part.made}])" if part.made else f"reversed({values})"
        rewrite.before(part.place, f"{name} = list({itertools}.accumulate({turned}, {part.by}))[::-1]")
        rewrite.replace(part.site.node, f"{name}[{program.text(part.lower)}]")
    return rewrite.change(f"{part.by} of {shown(values)} step by step, made once (line {part.site.node.lineno})")


def _running_from(rewrite: Rewrite, part: Part, itertools: str) -> Change:
    """The same where the least or most begins at some value, which it is where there is nothing."""
    values, upper = rewrite.program.text(part.values), part.upper is not None
    bound = part.upper or part.lower
    assert bound is not None
    name = rewrite.name(f"{label(part.values)}_{part.by}_{'to' if upper else 'from'}")
    given, turned = (values, "") if upper else (f"reversed({values})", "[::-1]")
    made = f"{itertools}.accumulate({given}, {part.by}, initial={part.least})"
    rewrite.before(part.place, f"{name} = list({made}){turned}")
    rewrite.replace(part.site.node, f"{name}[min({rewrite.program.text(bound)}, len({values}))]")
    return rewrite.change(f"{part.by} of {shown(values)} step by step, made once (line {part.site.node.lineno})")


def _from_value(program: Program) -> Iterator[Part]:
    """`max([0, *xs[i:]])` and `max([0, *[x for x in xs[:i]]])`, where what it begins with stays the same."""
    for site in expressions(program):
        match site.node:
            case ast.Call(
                func=ast.Name(id="min" | "max" as by),
                args=[ast.List(elts=[first, ast.Starred(value=rest)])],
                keywords=[],
            ) if is_pure(program, first, rest):
                values, lower, upper = _slice_of(rest)
            case _:
                continue
        if values is None or (lower is None) == (upper is None):
            continue
        names = reads_first(values) | reads_first(first)
        place = None if names & set(site.loose) else widest(program, repeats(site), names)
        if place is not None:
            yield Part(site, by, values, lower, upper, place, least=program.text(first))


def _one_less(program: Program, node: ast.expr) -> str:
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=ast.Constant(value=1)):
            return program.text(left)
    return f"{bracketed(program, node)} - 1"


def parts(program: Program) -> Iterator[Part]:
    """Sums and extremes of parts of a list that stays the same."""
    yield from _made_parts(program)
    for site in expressions(program):
        match site.node:
            case ast.Call(func=ast.Name(id="sum" | "min" | "max" as by), args=[argument], keywords=[]):
                values, lower, upper = _slice_of(argument) if by == "sum" else _stretch_of(argument)
            case _:
                continue
        if values is None or (lower is None and upper is None) or not is_pure(program, argument):
            continue
        names = reads_first(values)
        place = None if names & set(site.loose) else widest(program, repeats(site), names)
        if place is not None:
            yield Part(site, by, values, lower, upper, place)
        elif by == "sum" and isinstance(values, ast.Subscript) and not isinstance(values.slice, ast.Slice):
            names = reads_first(values.value)
            place = None if names & set(site.loose) else widest(program, repeats(site), names)
            if place is not None and len(repeats(site)) > 1:
                yield Part(site, by, values, lower, upper, place, values)


def _made_parts(program: Program) -> Iterator[Part]:
    """Those of what is made of each thing: `sum(f(x) for x in xs[a:b] if x)`, `len([x for x in xs[a:b] if x > 1])`."""
    for site in expressions(program):
        match site.node:
            case ast.Call(
                func=ast.Name(id="sum" | "min" | "max" | "len" as by),
                args=[ast.GeneratorExp(generators=[only]) | ast.ListComp(generators=[only]) as argument],
                keywords=[],
            ) if is_pure(program, argument) and not (only.ifs and by in ("min", "max")):
                values, lower, upper = _slice_of(only.iter)
            case _:
                continue
        looked = _looked_up(argument.elt, only) if values is None else []
        if looked:
            values, bounds = looked[0].value, only.iter.args  # type: ignore[attr-defined]
            lower, upper = bounds[0] if len(bounds) == 2 else None, bounds[-1]
        alone = ast.unparse(looked[0] if looked else only.target)
        plain = by != "len" and not only.ifs and ast.unparse(argument.elt) == alone
        if values is None or (lower is None and upper is None) or plain or (by == "len" and not only.ifs):
            continue
        read = used(argument.elt).union(*map(used, only.ifs))
        names = reads_first(values) | (read - bound(only.target))
        place = None if names & set(site.loose) else widest(program, repeats(site), names)
        if place is not None:
            made = _made(program, "1" if by == "len" else argument.elt, only, values, looked)
            yield Part(site, "sum" if by == "len" else by, values, lower, upper, place, made=made)


def _made(
    program: Program, elt: ast.expr | str, only: ast.comprehension, values: ast.expr, looked: list[ast.Subscript]
) -> str:
    """Text of what is made of each thing, as the inside of a comprehension over the whole list."""
    name = Rewrite(program).name(_single(looked[0])) if looked else ""

    def told(node: ast.expr, *, whole: bool) -> str:
        inside = {id(n) for n in ast.walk(node)}
        text = exchanged_text(program, node, {one: name for one in looked if id(one) in inside})
        return text if whole or bracketed(program, node) == program.text(node) else f"({text})"

    alone = len(only.ifs) == 1 and not isinstance(only.ifs[0], ast.IfExp | ast.Lambda)
    tests = " and ".join(told(test, whole=alone) for test in only.ifs)
    one = elt if isinstance(elt, str) else told(elt, whole=not tests)
    each = f"{one} if {tests} else 0" if tests else one
    return f"{each} for {name or program.text(only.target)} in {bracketed(program, values)}"


def _looked_up(elt: ast.expr, only: ast.comprehension) -> list[ast.Subscript]:
    """The mentions of a list's things by an index that goes over a range, where it is for nothing else."""
    match only.target, only.iter:
        case ast.Name(id=index), ast.Call(func=ast.Name(id="range"), args=[*bounds]) if 1 <= len(bounds) <= 2:
            nodes = [n for one in (elt, *only.ifs) for n in ast.walk(one)]
            found = [n for n in nodes if isinstance(n, ast.Subscript) and ast.unparse(n.slice) == index]
            mentions = sum(isinstance(n, ast.Name) and n.id == index for n in nodes)
            if found and len({ast.dump(n) for n in found}) == 1 and mentions == len(found):
                return found if isinstance(found[0].value, ast.Name | ast.Attribute) else []
    return []


def _stretch_of(node: ast.expr) -> tuple[ast.expr | None, ast.expr | None, ast.expr | None]:
    """As `_slice_of`, also of `[xs[a], *xs[a:b]]`, as which an extreme may be taken that begins with the first one."""
    match node:
        case ast.List(elts=[ast.Subscript(value=values, slice=first), ast.Starred(value=rest)]):
            found, lower, upper = _slice_of(rest)
            start = ast.unparse(lower) if lower is not None else "0"
            if found is None or ast.dump(found) != ast.dump(values):
                return None, None, None
            if start == ast.unparse(first):
                return found, lower, upper
            if start in (f"{ast.unparse(first)} + 1", "1" if ast.unparse(first) == "0" else ""):
                return found, first if start != "1" else None, upper
            return None, None, None
    return _slice_of(node)


def _slice_of(node: ast.expr) -> tuple[ast.expr | None, ast.expr | None, ast.expr | None]:
    """The list and the bounds of `xs[a:b]`, or of `xs[k] for k in range(a, b)`."""
    match node:
        case ast.Subscript(value=values, slice=ast.Slice(lower=lower, upper=upper, step=None)):
            negative = any(isinstance(b, ast.UnaryOp) for b in (lower, upper))
            return (None, None, None) if negative else (values, lower, upper)
        case ast.ListComp() | ast.GeneratorExp():
            return _slice_of_comprehension(node)
    return None, None, None


def _slice_of_comprehension(
    node: ast.ListComp | ast.GeneratorExp,
) -> tuple[ast.expr | None, ast.expr | None, ast.expr | None]:
    match node.elt, node.generators:
        case (
            ast.Subscript(value=values, slice=ast.Name(id=index)),
            [
                ast.comprehension(
                    target=ast.Name(id=name), iter=ast.Call(func=ast.Name(id="range"), args=bounds), ifs=[]
                )
            ],
        ) if name == index and name not in used(values) and len(bounds) in (1, 2):
            return values, bounds[0] if len(bounds) == 2 else None, bounds[-1]
        case ast.Name(id=item), [ast.comprehension(target=ast.Name(id=name), iter=part, ifs=[])] if name == item:
            return _slice_of(part) if isinstance(part, ast.Subscript) else (None, None, None)
    return None, None, None


# -- things instead of indices -----------------------------------------------------------------------------------------


def index_free(draft: Draft) -> Change | None:
    """`for i in range(len(xs))` becomes a loop over the things themselves, numbered where their number is needed."""
    program = draft.program
    place, sequences, index = draft.pick(list(_indexed(program)))
    loop = place.statement
    assert isinstance(loop, ast.For)
    rewrite = Rewrite(program)
    names = {text: rewrite.name(_single(nodes[0])) for text, nodes in sequences.items()}
    lookups = [node for nodes in sequences.values() for node in nodes]
    numbered = len(uses(loop, index)) > 1 + len(lookups)
    for text, nodes in sequences.items():
        for node in nodes:
            rewrite.replace(node, names[text])
    things, values = ", ".join(names.values()), ", ".join(sequences)
    several = len(sequences) > 1
    iterated = f"zip({values})" if several else values
    if numbered or read_later(place, {index}):
        rewrite.replace(loop.target, f"{index}, ({things})" if several else f"{index}, {things}")
        rewrite.replace(loop.iter, f"enumerate({iterated})")
    else:
        rewrite.replace(loop.target, things)
        rewrite.replace(loop.iter, iterated)
    return rewrite.change(f"{shown(values)} without an index (line {loop.lineno})")


def _single(node: ast.Subscript) -> str:
    """A word for one of several things."""
    name = label(node.value)
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name[:-1] if len(name) > 1 and name.endswith("s") and not name.endswith("ss") else f"{name}_item"


def _indexed(program: Program) -> Iterator[tuple[Place, dict[str, list[ast.Subscript]], str]]:
    """Loops over the places of a list, with all that is looked up by nothing but the index."""
    for place in loops(program):
        match place.statement:
            case (
                ast.For(
                    target=ast.Name(id=index),
                    iter=ast.Call(func=ast.Name(id="range"), args=[ast.Call(func=ast.Name(id="len"), args=[counted])]),
                ) as loop
            ):
                found = _lookups(program, loop, index)
                text = program.text(counted)
                if text in found and sum(isinstance(n.ctx, ast.Store) for n in uses(loop, index)) == 1:
                    # Others may be longer or shorter: they are taken in only where no index is needed then.
                    every = sum(map(len, found.values())) + 1 == len(uses(loop, index))
                    yield place, found if every else {text: found[text]}, index


def _lookups(program: Program, loop: ast.For, index: str) -> dict[str, list[ast.Subscript]]:
    found: dict[str, list[ast.Subscript]] = {}
    touched = set().union(*(changed(program, s) for s in loop.body), {index})
    for node in ast.walk(loop):
        match node:
            case ast.Subscript(value=ast.Name() | ast.Attribute() as values, slice=ast.Name(id=name), ctx=ast.Load()):
                if name == index and not used(values) & touched:
                    found.setdefault(program.text(values), []).append(node)
    return found


def part_loop(draft: Draft) -> Change | None:
    """`for k in range(w): ... xs[i + k]` and `for j in range(i, n): ... xs[j]` become loops over a part of the list."""
    program = draft.program
    place, nodes, first, last = draft.pick(list(_stretches(program)))
    loop = place.statement
    assert isinstance(loop, ast.For)
    rewrite = Rewrite(program)
    values, unpacked = bracketed(program, nodes[0].value), _unpacked(program, loop, nodes)
    if unpacked is not None:
        name = program.text(unpacked.statement.targets[0])  # type: ignore[attr-defined]
        rewrite.drop(unpacked)
    else:
        name = rewrite.name(_single(nodes[0]))
        for node in nodes:
            rewrite.replace(node, name)
    rewrite.replace(loop.target, name)
    rewrite.replace(loop.iter, f"{values}[{first}:{last}]")
    return rewrite.change(f"part of {shown(values)} without an index (line {loop.lineno})")


def _unpacked(program: Program, loop: ast.For, nodes: list[ast.Subscript]) -> Place | None:
    """The statement that begins a loop and takes the thing looked up apart, where that is all that is done with it."""
    match loop.body:
        case [ast.Assign(targets=[ast.Tuple(elts=names)], value=value) as first, _, *_] if nodes == [value]:
            return place_of(program, first) if all(isinstance(one, ast.Name) for one in names) else None
    return None


def _stretches(program: Program) -> Iterator[tuple[Place, list[ast.Subscript], str, str]]:
    """Loops over numbers that do nothing but to look up things of one list, from somewhere on: with both ends."""
    for place in loops(program):
        match place.statement:
            case (
                ast.For(
                    target=ast.Name(id=index), iter=ast.Call(func=ast.Name(id="range"), args=[*bounds], keywords=[])
                ) as loop
            ) if 1 <= len(bounds) <= 2 and not read_later(place, {index}) and is_pure(program, *bounds):
                nodes = [n for n in ast.walk(loop) if isinstance(n, ast.Subscript) and uses(n.slice, index)]
                fixed = _offset(nodes[0].slice, index) if nodes else None
                alike = len({ast.dump(n) for n in nodes}) == 1 and len(uses(loop, index)) == 1 + len(nodes)
                touched = set().union(*(changed(program, s) for s in loop.body), {index})
                if not alike or fixed is None or used(nodes[0].value) & touched or not _is_plain(program, nodes[0]):
                    continue
                add = bracketed(program, fixed) if isinstance(fixed, ast.expr) else ""
                if len(bounds) == 1 and not add:
                    continue
                if not add or not used(fixed) & touched:  # type: ignore[arg-type]
                    told = bracketed if add else Program.text
                    least = told(program, bounds[0]) if len(bounds) == 2 else ""
                    most = told(program, bounds[-1])
                    first, last = (" + ".join(filter(None, (add, end))) for end in (least, most))
                    yield place, nodes, first, last


def _is_plain(program: Program, node: ast.Subscript) -> bool:
    return isinstance(node.ctx, ast.Load) and isinstance(node.value, ast.Name | ast.Attribute)


def _offset(node: ast.expr, index: str) -> ast.expr | bool | None:
    """What is added to an index; True for nothing, None where more is done with it."""
    match node:
        case ast.Name(id=name) if name == index:
            return True
        case ast.BinOp(left=ast.Name(id=name), op=ast.Add(), right=other) if name == index and index not in used(other):
            return other
        case ast.BinOp(left=other, op=ast.Add(), right=ast.Name(id=name)) if name == index and index not in used(other):
            return other
    return None


# -- columns -----------------------------------------------------------------------------------------------------------


def columns(draft: Draft) -> Change | None:
    """`b[k][j]` for each k is a column of b: the columns are made once, and gone through without an index."""
    program = draft.program
    node, table, number, place = draft.pick(list(_down(program)))
    rewrite = Rewrite(program)
    name = rewrite.name(f"{label(table)}_columns")
    rewrite.before(place, f"{name} = list(zip(*{program.text(table)}))")
    for one, row, column in node:
        rewrite.replace(one, f"{name}[{program.text(column)}][{program.text(row)}]")
    return rewrite.change(f"columns of {shown(program.text(table))}, made once (line {number})")


def _down(program: Program) -> Iterator[tuple[list[tuple[ast.expr, ast.expr, ast.expr]], ast.expr, int, Place]]:
    """Tables that are gone through column by column in an inner loop, and the widest loop that does not change them."""
    found: dict[tuple[str, int], list[tuple[ast.expr, ast.expr, ast.expr]]] = {}
    tables: dict[tuple[str, int], tuple[ast.expr, Place]] = {}
    for site in expressions(program):
        match site.node:
            case ast.Subscript(
                value=ast.Subscript(value=ast.Name() as table, slice=ast.Name(id=row) as first),
                slice=ast.Name() as second,
            ):
                inner = _innermost(program, site.node)
                place = widest(program, repeats(site), {table.id})
                if row in inner and second.id not in inner and place is not None and base(table) not in site.loose:
                    key = table.id, id(place.statement)
                    found.setdefault(key, []).append((site.node, first, second))
                    tables[key] = table, place
    for key, nodes in found.items():
        inside, place = tables[key]
        if any(isinstance(p.statement, LOOPS) for p in (place, *outward(place))):
            yield nodes, inside, nodes[0][0].lineno, place


def _innermost(program: Program, node: ast.AST) -> set[str]:
    """Names that the innermost loop or comprehension around an expression binds."""
    while not isinstance(node, ast.FunctionDef | ast.Module):
        above = parent(program, node)
        if isinstance(above, ast.For) and node in above.body:
            return set(bound(above.target))
        if isinstance(above, ast.ListComp | ast.GeneratorExp | ast.SetComp):
            return set(bound(above.generators[-1].target))
        node = above
    return set()


OPERATORS = (
    Operator("prefix_sums", "rewrites", prefix_sums),
    Operator("running_extreme", "rewrites", running_extreme),
    Operator("index_free", "rewrites", index_free),
    Operator("part_loop", "rewrites", part_loop),
    Operator("columns", "rewrites", columns),
)
