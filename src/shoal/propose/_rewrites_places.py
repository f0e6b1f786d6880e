"""Rewrites of what is counted in parts of a list or text: the places of values, made once, tell how many are in one."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, jumps_out, places, reads_first, step_of, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_lookup import may_be_list
from shoal.propose._rewrites_parts import (
    Rewrite,
    changed_by,
    expressions,
    label,
    outward,
    parent,
    repeats,
    uses,
    values_of,
    widest,
)
from shoal.propose._rewrites_pure import changed, is_pure
from shoal.syntax._program import Program
from shoal.syntax._sites import Site

__all__ = ["OPERATORS"]


class Asked(NamedTuple):
    """A part of a list that is asked for a value.

    Attributes:
        site: the membership test, or the call of `count`.
        values, part: the list and what part of it is asked.
        wanted: the value.
        place: the statement before which the places of the list's values can be told.
    """

    site: Site
    values: ast.expr
    part: ast.Slice
    wanted: ast.expr
    place: Place


def count_in_part(draft: Draft) -> Change | None:
    """How often a value is in a part of a list, by the places where it is in the whole (`bisect`)."""
    program = draft.program
    asked = draft.pick([*_asked(program)])
    rewrite, step = Rewrite(program), step_of(asked.place.block)
    word, values = label(asked.values), program.text(asked.values)
    places, find = rewrite.name(f"{word}_places"), rewrite.name(f"{word}_count")
    number, one = rewrite.name("number"), rewrite.name("one")
    wanted, part, first, last, found = map(rewrite.name, ("wanted", "part", "first", "last", "found"))
    bisect = rewrite.module(asked.place.block, "bisect")
    rewrite.before(
        asked.place,
        f"{places} = {{}}",
        f"for {number}, {one} in enumerate({values}):",
        f"{step}{places}.setdefault({one}, []).append({number})",
        "",
        f"def {find}({wanted}, {part}):",
        f"{step}{first}, {last}, _ = {part}.indices(len({values}))",
        f"{step}{found} = {places}.get({wanted}, ())",
        f"{step}return max(0, {bisect}.bisect_left({found}, {last}) - {bisect}.bisect_left({found}, {first}))",
        "",
    )
    bounds = ", ".join(program.text(b) if b is not None else "None" for b in (asked.part.lower, asked.part.upper))
    count = f"{find}({program.text(asked.wanted)}, slice({bounds}))"
    match asked.site.node:
        case ast.Compare(ops=[ast.In()]):
            rewrite.exchange(asked.site, f"{count} > 0")
        case ast.Compare():
            rewrite.exchange(asked.site, f"{count} == 0")
        case node:
            rewrite.replace(node, count)
    return rewrite.change(f"parts of {shown(values)} by places (line {asked.site.node.lineno})")


def _asked(program: Program) -> Iterator[Asked]:
    for site in expressions(program):
        match site.node:
            case ast.Compare(left=wanted, ops=[ast.In() | ast.NotIn()], comparators=[searched]):
                listed = may_be_list(program, site)
            case ast.Call(func=ast.Attribute(value=searched, attr="count"), args=[wanted], keywords=[]):
                listed = True
            case _:
                continue
        long_text = isinstance(wanted, ast.Constant) and isinstance(wanted.value, str) and len(wanted.value) != 1
        match searched:
            case ast.Subscript(value=values, slice=ast.Slice(step=None) as part) if listed and not long_text:
                names, around = reads_first(values), repeats(site)
                place = None if names & set(site.loose) else widest(program, around, names)
                moves = reads_first(part) & set(site.loose).union(*(changed_by(program, one) for one in around))
                if names and place is not None and moves and is_pure(program, site.node):
                    yield Asked(site, values, part, wanted, place)


# -- one letter --------------------------------------------------------------------------------------------------------


class Counted(NamedTuple):
    """A count of one letter, or of one number, in a part of a text or a list.

    Attributes:
        site: the call of `count`.
        values: the text or list.
        lower, upper: where the part begins and ends; None where the whole does.
        letter: what is counted.
        place: the statement before which the places of the letter can be told.
        named: the statement that gives the part a name, where it has one.
    """

    site: Site
    values: ast.expr
    lower: ast.expr | None
    upper: ast.expr | None
    letter: ast.expr
    place: Place
    named: Place | None


def count_letter(draft: Draft) -> Change | None:
    """How often one letter is in a part of a text, by its places in the whole, which are made once (`bisect`)."""
    program = draft.program
    groups: dict[tuple[str, str, int], list[Counted]] = {}
    for each in _counted(program):
        key = (ast.unparse(each.values), ast.unparse(each.letter), id(each.place.statement))
        groups.setdefault(key, []).append(each)
    counted = draft.pick(list(groups.values()))
    rewrite, first = Rewrite(program), counted[0]
    values, letter = program.text(first.values), program.text(first.letter)
    bisect = rewrite.module(first.place.block, "bisect")
    found, number, one = (rewrite.name(name) for name in ("places", "k", "one"))
    rewrite.before(first.place, f"{found} = [{number} for {number}, {one} in enumerate({values}) if {one} == {letter}]")
    for each in counted:
        _exchange(rewrite, each, f"{bisect}.bisect_left({found}, ", found)
    for named in {id(each.named.statement): each.named for each in counted if each.named is not None}.values():
        _unname(rewrite, named, {id(each.site.node) for each in counted})
    return rewrite.change(f"places of {shown(letter)} in {shown(values)} (line {first.site.node.lineno})")


def _unname(rewrite: Rewrite, named: Place, done: set[int]) -> None:
    """Take out names for parts where all that is asked of these can be asked of the whole."""
    program, function = rewrite.program, named.block.function
    assert function is not None
    parts = program.derived(_named_parts)
    others: list[tuple[ast.AST, str]] = []
    for name in bound(named.statement):
        for use in uses(function, name):
            asked = parent(program, parent(program, use))
            if not isinstance(use.ctx, ast.Load) or id(asked) in done:
                continue
            text = _asked_of_whole(program, use, parts[id(use)]) if id(use) in parts else ""
            if not text:
                return
            others.append((asked if isinstance(parent(program, use), ast.Attribute) else parent(program, use), text))
    for node, text in others:
        rewrite.replace(node, text)
    rewrite.drop(named)


def _asked_of_whole(program: Program, use: ast.Name, part: "_Part") -> str:
    """What is asked of a beginning, asked of the whole text; "" where that is something else."""
    place, values, lower, upper = part
    if lower is not None or upper is None:
        return ""
    whole, end = program.text(values), program.text(upper)
    match parent(program, use):
        case ast.Call(func=ast.Name(id="len"), args=[_]):
            length = f"len({whole})"
            positive = is_no_less(program, place, upper)
            return f"min({end}, {length})" if positive else f"slice({end}).indices({length})[1]"
        case ast.Attribute(attr="find" | "rfind" as method) as over:
            match parent(program, over):
                case ast.Call(args=[ast.Constant(value=str()) as wanted], keywords=[]):
                    return f"{whole}.{method}({program.text(wanted)}, 0, {end})"
    return ""


def _exchange(rewrite: Rewrite, counted: Counted, head: str, found: str) -> None:
    """Let the places tell how many are in the part."""
    lower, upper = counted.lower, counted.upper
    most = f"{head}{_within(rewrite.program, counted, upper, 1)})" if upper is not None else f"len({found})"
    if lower is None:
        rewrite.replace(counted.site.node, most)
        return
    least = f"{head}{_within(rewrite.program, counted, lower, 0)})"
    if upper is None:
        rewrite.exchange(counted.site, f"{most} - {least}")
    else:
        rewrite.replace(counted.site.node, f"max(0, {most} - {least})")


def _within(program: Program, counted: Counted, bound_of: ast.expr, side: int) -> str:
    """The place that a bound of a part means: from the end on, where it may be less than 0."""
    text = program.text(bound_of)
    here = counted.named or Place(counted.site.block, counted.site.place)
    if is_no_less(program, here, bound_of):
        return text
    part = f"slice({text})" if side else f"slice({text}, None)"
    return f"{part}.indices(len({program.text(counted.values)}))[{side}]"


def _counted(program: Program) -> Iterator[Counted]:
    """Counts of one letter in parts of what stays the same, where the parts do not."""
    named = program.derived(_named_parts)
    for site in expressions(program):
        match site.node:
            case ast.Call(
                func=ast.Attribute(ast.Subscript(values, ast.Slice(lower, upper, None)), attr="count"),
                args=[letter],
                keywords=[],
            ):
                given = None
            case ast.Call(func=ast.Attribute(value=ast.Name() as part, attr="count"), args=[letter], keywords=[]) if (
                id(part) in named
            ):
                given, values, lower, upper = named[id(part)]
            case ast.Call(
                func=ast.Attribute(value=values, attr="count"),
                args=[ast.Constant(value=str()) as letter, lower, *ends],
                keywords=[],
            ) if len(ends) < 2:
                given, upper = None, ends[0] if ends else None
            case _:
                continue
        lower = None if isinstance(lower, ast.Constant) and lower.value in (0, None) else lower
        if not _is_one(letter) or (lower is None and upper is None):
            continue
        names, around = reads_first(values), repeats(site)
        place = None if names & set(site.loose) else widest(program, around, names)
        bounds = [one for one in (lower, upper) if one is not None]
        if given is not None and set(site.loose) & set().union(*map(reads_first, bounds)):
            continue  # another thing of the same name
        moving = set(site.loose).union(*(changed_by(program, one) for one in around))
        moves = moving & set().union(*map(reads_first, bounds))
        if names and place is not None and moves and is_pure(program, site.node, values, *bounds):
            yield Counted(site, values, lower, upper, letter, place, given)


def _is_one(letter: ast.expr) -> bool:
    """Whether something is one letter, or a number: there is no longer one to be found in a text."""
    value = letter.value if isinstance(letter, ast.Constant) else None
    return len(value) == 1 if isinstance(value, str) else isinstance(value, int | float)


_Part = tuple[Place, ast.expr, ast.expr | None, ast.expr | None]


def _named_parts(program: Program) -> dict[int, _Part]:
    """Mentions of a name for a part of something, where both are still what they were."""
    found: dict[int, _Part] = {}
    for place in places(program):
        match place.statement:
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=parts)) if len(names) == len(parts):
                pairs = list(zip(names, parts, strict=True))
            case ast.Assign(targets=[only], value=part):
                pairs = [(only, part)]
            case _:
                continue
        for target, value in pairs:
            match target, value:
                case ast.Name(id=name), ast.Subscript(value=values, slice=ast.Slice(lower, upper, None)) if (
                    place.block.function is not None and values_of(place.block.function, name) == [value]
                ):
                    for use in _still_so(program, place, name, value):
                        found[id(use)] = (place, values, lower, upper)
    return found


def _still_so(program: Program, place: Place, name: str, part: ast.expr) -> Iterator[ast.Name]:
    """Mentions of a name after a statement, before anything changes what that was made of."""
    for statement in place.block.statements[place.index + 1 :]:
        if changed(program, statement) & (used(part) | {name}):
            return
        yield from uses(statement, name)


# -- from 0 on ---------------------------------------------------------------------------------------------------------


def is_no_less(program: Program, place: Place | None, node: ast.expr) -> bool:
    """Whether the text shows that an expression is a whole number of 0 or more, where a statement evaluates it.

    Without a statement, by what is in the expression itself.
    """
    match node:
        case ast.Constant(value=value):
            return type(value) is int and value >= 0
        case ast.BinOp(left=left, op=ast.Add() | ast.Mult() | ast.FloorDiv() | ast.Mod(), right=right):
            return is_no_less(program, place, left) and is_no_less(program, place, right)
        case ast.Call(func=ast.Name(id="len"), args=[_]):
            return True
        case ast.Call(func=ast.Name(id="max"), args=[_, _, *_] as several, keywords=[]):
            return any(is_no_less(program, place, one) for one in several)
        case ast.Call(func=ast.Name(id="min"), args=[_, _, *_] as several, keywords=[]):
            return all(is_no_less(program, place, one) for one in several)
        case ast.Call(func=ast.Attribute(attr="start" | "end"), args=[], keywords=[]):
            return True  # of what a pattern found
        case ast.Call(func=ast.Attribute(attr="index" | "rindex")):
            return True
        case ast.Name(id=name) if place is not None:
            return _is_tested(program, place, name) or _counts_up(program, place, name)
    return False


def _counts_up(program: Program, place: Place, name: str) -> bool:
    """Whether all that a name is ever set to in a function is 0 or more."""
    stored = _stored(place, name)
    return bool(stored) and all(_is_set_so(program, use) for use in stored)


def _stored(place: Place, name: str) -> list[ast.Name]:
    """Where a function sets a name; nothing where others may do so."""
    function = place.block.function
    assert function is not None
    for one in ast.walk(function):
        if (isinstance(one, ast.arg) and one.arg == name) or (
            isinstance(one, ast.Global | ast.Nonlocal) and name in one.names
        ):
            return []
    return [use for use in uses(function, name) if not isinstance(use.ctx, ast.Load)]


def _is_set_so(program: Program, use: ast.Name) -> bool:
    over = parent(program, use)
    match over:
        case ast.For(target=target, iter=iterated) | ast.comprehension(target=target, iter=iterated) if target is use:
            return _is_range(iterated)
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            return is_no_less(program, None, value)
        case ast.AugAssign(op=ast.Add() | ast.Mult() | ast.FloorDiv(), value=value):
            return is_no_less(program, None, value)
        case ast.Tuple(elts=[first, _]) if first is use:
            match parent(program, over):
                case ast.For(target=target, iter=iterated) | ast.comprehension(target=target, iter=iterated):
                    return target is over and _is_numbered(iterated)
    return False


def _is_range(iterated: ast.expr) -> bool:
    match iterated:
        case ast.Call(func=ast.Name(id="range"), args=[_]):
            return True
        case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=int(first)), _, *steps]):
            return first >= 0 and all(isinstance(step, ast.Constant) for step in steps)
        case ast.Call(func=ast.Name(id="range"), args=[_, last, step]):
            return ast.unparse(last) in ("-1", "0") and ast.unparse(step) == "-1"
    return False


def _is_numbered(iterated: ast.expr) -> bool:
    match iterated:
        case ast.Call(func=ast.Name(id="enumerate"), args=[_], keywords=[]):
            return True
        case (
            ast.Call(func=ast.Name(id="enumerate"), args=[_, ast.Constant(value=int(first))], keywords=[])
            | ast.Call(func=ast.Name(id="enumerate"), args=[_], keywords=[ast.keyword(value=ast.Constant(int(first)))])
        ):
            return first >= 0
    return False


def _is_tested(program: Program, place: Place, name: str) -> bool:
    """Whether a name was found to be a place since it was set: `if at < 0: break`, `while at != -1:`."""
    for here in (place, *outward(place)):
        block = here.block
        for before in reversed(block.statements[: here.index]):
            if isinstance(before, ast.If) and not before.orelse and _tells(before.test, name, found=False):
                last = before.body[-1]
                if jumps_out(last) or isinstance(last, ast.Return | ast.Raise):
                    return _is_found(program, place, name)
            if name in bound(before):
                return False
        match block.owner:
            case ast.If(test=test) | ast.While(test=test) if block.field == "body" and _tells(test, name, found=True):
                return _is_found(program, place, name)
            case ast.For() | ast.While() as loop if name in bound(loop):
                return False
    return False


def _is_found(program: Program, place: Place, name: str) -> bool:
    """Whether a name is set by searches, and otherwise counts up: it is at least -1, and never nothing at all."""
    stored = _stored(place, name)
    return bool(stored) and all(_is_search(parent(program, use)) or _is_set_so(program, use) for use in stored)


def _is_search(statement: ast.AST) -> bool:
    match statement:
        case ast.Assign(value=ast.Constant(value=-1) | ast.UnaryOp(ast.USub(), ast.Constant(value=1))):
            return True
        case (
            ast.Assign(value=ast.Call(func=ast.Attribute(attr="find" | "rfind")))
            | ast.NamedExpr(value=ast.Call(func=ast.Attribute(attr="find" | "rfind")))
        ):
            return True
    return False


def _tells(test: ast.expr, name: str, *, found: bool) -> bool:
    """Whether a condition says of a name that it is no place, -1; or that it is one."""
    texts = (f"{name} != -1", f"{name} >= 0", f"{name} > -1") if found else (f"{name} == -1", f"{name} < 0")
    several = isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And if found else ast.Or)
    parts = test.values if several else [test]  # type: ignore[attr-defined]
    return any(ast.unparse(_compared(one)) in texts for one in parts)


def _compared(test: ast.expr) -> ast.expr:
    """A comparison of what has just got a name, as one of the name."""
    match test:
        case ast.Compare(left=ast.NamedExpr(target=name), ops=ops, comparators=others):
            return ast.Compare(name, ops, others)
    return test


OPERATORS = (
    Operator("count_in_part", "rewrites", count_in_part),
    Operator("count_letter", "rewrites", count_letter),
)
