"""Rewrites of parts of a list that move along it: their sums, their extremes, and names for them."""

import ast
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, places, reads_first, step_of, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_parts import (
    Rewrite,
    again,
    bracketed,
    exchanged_text,
    label,
    parent,
    repeats,
    uses,
    values_of,
    widest,
)
from shoal.propose._rewrites_pure import base, changed, is_pure, mutations
from shoal.propose._rewrites_ranges import Part, parts
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]


# -- extremes ----------------------------------------------------------------------------------------------------------


class Window(NamedTuple):
    """The least or most of a part of a list, asked again and again; ``width`` is the part's, where that stays."""

    part: Part
    width: str
    place: Place


def window_extreme(draft: Draft) -> Change | None:
    """`max(xs[i:i + k])` for each i is looked up in a list made at once: in one way for narrow windows, or for wide."""
    program = draft.program
    window, wide = draft.pick([(w, wide) for w in _windows(program) if w.width for wide in (False, True)])
    part, by = window.part, window.part.by
    assert part.lower is not None
    rewrite = Rewrite(program)
    name = rewrite.name(f"{label(part.values)}_{by}")
    plain = window.width.isidentifier() or window.width.isdigit()
    width = window.width if plain else rewrite.name("width")
    made = _by_blocks if wide else _by_doubling
    rewrite.before(
        window.place, *([] if plain else [f"{width} = {window.width}"]), *made(rewrite, window, name=name, width=width)
    )
    start = bracketed(program, part.lower)
    text = f"{name}[{program.text(part.lower)}] if 0 <= {start} < len({name}) else {program.text(part.site.node)}"
    rewrite.exchange(part.site, text)
    how = "for all places at once" + (", by blocks" if wide else "")
    return rewrite.change(f"{shown(program.text(part.site.node))} {how} (line {part.site.node.lineno})")


def _by_doubling(rewrite: Rewrite, window: Window, *, name: str, width: str) -> list[str]:
    """Extremes of stretches of doubled widths, of which two make a window: few steps where windows are narrow."""
    by, reach, step = window.part.by, rewrite.name("reach"), step_of(window.place.block)
    return [
        f"{name}, {reach} = {rewrite.program.text(window.part.values)}, 1",
        f"while 2 * {reach} <= {width}:",
        f"{step}{name} = list(map({by}, {name}, {name}[{reach}:]))",
        f"{step}{reach} *= 2",
        f"{name} = list(map({by}, {name}, {name}[{width} - {reach} :])) if {width} > 0 else []",
    ]


def _by_blocks(rewrite: Rewrite, window: Window, *, name: str, width: str) -> list[str]:
    """Extremes from each place to the end of its block, and to each place from the beginning of its: as many steps
    however wide a window is.
    """
    by, values = window.part.by, bracketed(rewrite.program, window.part.values)
    itertools = rewrite.module(window.place.block, "itertools")
    blocks, block, first = (rewrite.name(word) for word in ("blocks", "block", "first"))
    ends, starts, joined = (rewrite.name(f"{name}_{word}") for word in ("ends", "starts", "joined"))
    every = f"for {first} in range(0, len({values}), {width})"
    return [
        f"{joined} = {itertools}.chain.from_iterable",
        f"{blocks} = [{values}[{first} : {first} + {width}] {every}] if {width} > 0 else []",
        f"{starts} = {joined}({itertools}.accumulate({block}, {by}) for {block} in {blocks})",
        f"{ends} = {joined}(list({itertools}.accumulate({block}[::-1], {by}))[::-1] for {block} in {blocks})",
        f"{name} = list(map({by}, {ends}, {itertools}.islice({starts}, max(0, {width} - 1), None)))",
    ]


def range_extreme(draft: Draft) -> Change | None:
    """`max(xs[i:j])` is the more of two extremes, of stretches whose lengths are powers of two, made once."""
    program = draft.program
    window = draft.pick(list(_windows(program)))
    part, by = window.part, window.part.by
    rewrite = Rewrite(program)
    values = program.text(part.values)
    name, levels = rewrite.name(f"{label(part.values)}_{by}"), rewrite.name(f"{label(part.values)}_levels")
    step, again = step_of(part.place.block), f"{levels}[-1]"
    rewrite.before(
        part.place,
        f"{levels} = [{values}]",
        f"while 1 << len({levels}) <= len({values}):",
        f"{step}{levels}.append(list(map({by}, {again}, {again}[1 << len({levels}) - 1 :])))",
        "",
        f"def {name}(first, last):",
        f"{step}last = min(last, len({values}))",
        f"{step}if not 0 <= first < last:",
        f"{step}{step}return {by}({bracketed(program, part.values)}[first:last])",
        f"{step}level = (last - first).bit_length() - 1",
        f"{step}return {by}({levels}[level][first], {levels}[level][last - (1 << level)])",
        "",
    )
    assert part.lower is not None and part.upper is not None
    rewrite.replace(part.site.node, f"{name}({program.text(part.lower)}, {program.text(part.upper)})")
    return rewrite.change(f"{by} of any part of {shown(values)}, by halves (line {part.site.node.lineno})")


def _windows(program: Program) -> Iterator[Window]:
    for part in parts(program):
        if part.by == "sum" or part.made or part.lower is None or part.upper is None or _is_last_resort(part):
            continue
        width, names = _width(program, part.lower, part.upper)
        place = widest(program, repeats(part.site), names | reads_first(part.values))
        loose = (names | reads_first(part.values)) & set(part.site.loose)
        if width and place is not None and not loose:
            yield Window(part, width, place)
        else:
            yield Window(part, "", part.place)


def _is_last_resort(part: Part) -> bool:
    """Whether a part is asked for only where a lookup of it is not possible."""
    over, function = part.site.parent, part.site.block.function
    given = {a.arg for a in function.args.args} if function is not None else set()
    both = {n.id for n in (part.lower, part.upper) if isinstance(n, ast.Name)}
    return (isinstance(over, ast.IfExp) and over.orelse is part.site.node) or len(both & given) == 2


def _width(program: Program, lower: ast.expr, upper: ast.expr) -> tuple[str, set[str]]:
    """The difference of two bounds, and the names in it; "" where it is nothing shorter than that."""
    terms: dict[str, ast.expr] = {}
    counts: Counter[str] = Counter()
    fixed = _collect(upper, 1, terms, counts) + _collect(lower, -1, terms, counts)
    left = {key: count for key, count in counts.items() if count}
    if len(left) >= len(terms) or any(abs(count) > 2 for count in left.values()):
        return "", set()
    pieces = [
        f"{'-' if n < 0 else '+'} {bracketed(program, terms[key])}" for key, n in left.items() for _ in range(abs(n))
    ]
    text = " ".join(pieces).removeprefix("+ ")
    if fixed or not text:
        text = f"{text} {'-' if fixed < 0 else '+'} {abs(fixed)}" if text else str(fixed)
    return text, set().union(*(reads_first(terms[key]) for key in left))


def _collect(node: ast.expr, sign: int, terms: dict[str, ast.expr], counts: Counter[str]) -> int:
    """Take in the terms of a sum; the numbers in it."""
    match node:
        case ast.Constant(value=int(number)):
            return sign * number
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            other = sign if isinstance(op, ast.Add) else -sign
            return _collect(left, sign, terms, counts) + _collect(right, other, terms, counts)
    key = ast.dump(node)
    terms[key] = node
    counts[key] += sign
    return 0


# -- names -------------------------------------------------------------------------------------------------------------


def unnamed(draft: Draft) -> Change | None:
    """A name for a part of a list, for things chosen from it, or for its length gives way to what it stands for.

    Nothing is won by that itself: other rewrites see then what is done with the part.
    """
    program = draft.program
    place, name, value = draft.pick([*_named(program), *_lengths(program)])
    rewrite = Rewrite(program)
    rest = place.block.statements[place.index + 1 :]
    several = sum(len(uses(statement, name)) for statement in rest) > 1
    for statement in rest:
        for use in uses(statement, name):
            over = parent(program, use)
            match value, over:
                case ast.Subscript(value=values, slice=part), ast.Call(func=ast.Name(id="len"), args=[_]):
                    whole = f"range(len({program.text(values)}))"
                    rewrite.replace(over, f"len({whole}[{program.text(part)}])")
                case ast.Subscript(value=values, slice=part), _ if _asks_whether(program, use):
                    rewrite.replace(use, f"len(range(len({program.text(values)}))[{program.text(part)}])")
                case ast.ListComp(), _ if _asks_whether(program, use) and several:
                    rewrite.replace(use, f"len({program.text(value)})")
                case ast.ListComp(), ast.comprehension():
                    rewrite.replace(use, _chosen(program, value, over))
                case _:
                    rewrite.replace(use, program.text(value))
    if isinstance(place.statement.targets[0], ast.Name):  # type: ignore[attr-defined]
        rewrite.drop(place)
    return rewrite.change(f"{shown(program.text(value))} where it is used (line {place.statement.lineno})")


def _chosen(program: Program, value: ast.ListComp, over: ast.comprehension) -> str:
    """What a comprehension goes through, with the conditions by which things were chosen before."""
    (one,) = value.generators
    assert isinstance(one.target, ast.Name) and isinstance(over.target, ast.Name)
    tests = []
    for test in one.ifs:
        exchanged: dict[ast.expr, str] = dict.fromkeys(uses(test, one.target.id), over.target.id)
        text = exchanged_text(program, test, exchanged)
        tests.append(f"({text})" if isinstance(test, ast.IfExp | ast.Lambda) else text)
    return " if ".join([bracketed(program, one.iter), *tests])


def _named(program: Program) -> Iterator[tuple[Place, str, ast.expr]]:
    for place in places(program):
        match place.statement:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Subscript(value=ast.Name() | ast.Attribute(), slice=ast.Slice(step=None))
                | ast.ListComp() as value,
            ) if place.block.function is not None and is_pure(program, value):
                function, rest = place.block.function, place.block.statements[place.index + 1 :]
                mentions = [use for statement in rest for use in uses(statement, name)]
                alone = values_of(function, name) == [value] and len(uses(function, name)) == len(mentions) + 1
                until = max((k for k, s in enumerate(rest) if uses(s, name)), default=-1)
                still = not any(changed(program, s) & (used(value) | {name}) for s in rest[: until + 1])
                often = isinstance(value, ast.ListComp) and len(mentions) > 1 and not again(place)
                if alone and mentions and still and not often and _fits(program, value, mentions) and not bound(value):
                    yield place, name, value


def _lengths(program: Program) -> Iterator[tuple[Place, str, ast.expr]]:
    """Names for the length of a list that keeps it; of `n, m = len(a), len(b)` each one."""
    for place in places(program):
        pairs: list[tuple[ast.expr, ast.expr]] = []
        match place.statement:
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                pairs = list(zip(names, values, strict=False))
            case ast.Assign(targets=[target], value=value):
                pairs = [(target, value)]
        function, rest = place.block.function, place.block.statements[place.index + 1 :]
        for target, value in pairs if function is not None else ():
            match target, value:
                case ast.Name(id=name), ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=things)]):
                    stored = [use for use in uses(function, name) if not isinstance(use.ctx, ast.Load)]  # type: ignore[arg-type]
                    mentions = [use for statement in rest for use in uses(statement, name)]
                    alone = len(stored) == 1 and len(uses(function, name)) == len(mentions) + 1  # type: ignore[arg-type]
                    if alone and mentions and all(_keeps_length(program, s, things) for s in rest):
                        yield place, name, value


def _keeps_length(program: Program, statement: ast.stmt, name: str) -> bool:
    """Whether a statement changes at most single things of a list, and what is in them."""
    if name in bound(statement):
        return False
    singly = 0
    for node in ast.walk(statement):
        match node:
            case ast.Subscript(value=value, slice=index, ctx=ast.Store()) if base(node) == name:
                singly += not (isinstance(index, ast.Slice) and isinstance(value, ast.Name))
            case ast.Call(func=ast.Attribute(value=ast.Subscript() as value)) if base(value) == name:
                return False
    return mutations(program, statement).count(name) == singly


def _fits(program: Program, value: ast.expr, mentions: list[ast.Name]) -> bool:
    """Whether a value may stand where its name does: what is made of things only once, chosen ones a few times."""
    if isinstance(value, ast.ListComp) and len(mentions) > (_MOST_MENTIONS if _is_choice(value) else 1):
        return False
    for use in mentions:
        over = parent(program, use)
        if isinstance(over, ast.comprehension) and over.iter is use and _goes_through_chosen(program, value, over):
            continue
        if _asks_whether(program, use):
            continue
        match parent(program, use):
            case ast.Call(func=ast.Name(id="sum" | "min" | "max" | "len" | "sorted" | "set"), args=[_], keywords=[]):
                continue
            case ast.Call(func=ast.Name(id="min" | "max"), args=[only], keywords=[ast.keyword(arg="key")]) if (
                only is use
            ):
                continue
            case ast.Call(func=ast.Attribute(attr="median") | ast.Name(id="median"), args=[_], keywords=[]):
                continue
            case ast.Compare(ops=[ast.In() | ast.NotIn()], left=left) if left is not use:
                continue
            case ast.Attribute(attr="count" | "find" | "rfind") if isinstance(value, ast.Subscript):
                continue
            case _:
                return False
    return True


def _is_choice(value: ast.ListComp) -> bool:
    """Whether it is some things of something as they are: `[x for x in xs if x > 1]`."""
    match value:
        case ast.ListComp(elt=ast.Name(id=name), generators=[ast.comprehension(target=ast.Name(id=same), ifs=[_, *_])]):
            return name == same
    return False


def _goes_through_chosen(program: Program, value: ast.expr, over: ast.comprehension) -> bool:
    """Whether a sum, or the like, of things chosen before can choose them itself."""
    if not isinstance(value, ast.ListComp) or not _is_choice(value) or not isinstance(over.target, ast.Name):
        return False
    made = parent(program, over)
    call = parent(program, made)
    first = isinstance(made, ast.ListComp | ast.GeneratorExp) and made.generators == [over]
    asked = isinstance(call, ast.Call) and ast.unparse(call.func) in ("sum", "min", "max", "len", "any", "all")
    chosen = value.generators[0]
    clash = over.target.id in set().union(*map(used, chosen.ifs)) - bound(chosen.target)
    plain = all(n.lineno == n.end_lineno for n in (chosen.iter, *chosen.ifs))
    return first and asked and plain and not clash


def _asks_whether(program: Program, use: ast.expr) -> bool:
    """Whether a mention asks for nothing but whether there is anything: `not xs`, `if xs and ...`."""
    over = parent(program, use)
    match over:
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            return test is use
        case ast.BoolOp():
            return _asks_whether(program, over)
    return False


_MOST_MENTIONS = 4
"""How often things chosen from a list may be chosen, where others see then what is done with them."""


OPERATORS = (
    Operator("window_extreme", "rewrites", window_extreme),
    Operator("range_extreme", "rewrites", range_extreme),
    Operator("unnamed", "rewrites", unnamed),
)
