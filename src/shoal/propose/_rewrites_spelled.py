"""Rewrites that say the same in other words: they bring nothing by themselves, but others know these words only."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, places, span, step_of, used
from shoal.propose._rewrites_parts import LOOPS, Rewrite, again, bracketed, exchanged_text, uses
from shoal.propose._rewrites_pure import is_pure
from shoal.syntax._program import Program
from shoal.syntax._sites import Comprehension

__all__ = ["OPERATORS"]


class Made(NamedTuple):
    """A statement whose value is a list that a comprehension makes, or the sum of what it makes.

    Attributes:
        place: of the statement.
        name: that gets the value; "" where it is returned, or appended to something.
        value: the comprehension.
        whole: what the statement does something with: the comprehension, or the sum.
        adds: whether it is added up.
        counts: whether it is only asked how many things there are.
    """

    place: Place
    name: str
    value: ast.ListComp | ast.GeneratorExp
    whole: ast.expr
    adds: bool
    counts: bool = False


def spelled_out(draft: Draft) -> Change | None:
    """A comprehension that does much for each thing becomes a loop that fills a list, or adds up."""
    program = draft.program
    made = draft.pick(list(_made(program)))
    rewrite, step = Rewrite(program), step_of(made.place.block)
    name = made.name or rewrite.name("total" if made.adds else "found")
    lines, indent = [f"{name} = {'0' if made.adds else '[]'}"], ""
    for one in made.value.generators:
        lines.append(f"{indent}for {program.text(one.target)} in {program.text(one.iter)}:")
        indent += step
        for test in one.ifs:
            lines.append(f"{indent}if {program.text(test)}:")
            indent += step
    told = "1" if made.counts else program.text(made.value.elt)
    if not made.adds:
        lines.append(f"{indent}{name}.append({told})")
    elif isinstance(made.value.elt, ast.Compare) and not made.counts:
        lines += [f"{indent}if {told}:", f"{indent}{step}{name} += 1"]
    else:
        lines.append(f"{indent}{name} += {told}")
    rest = exchanged_text(program, made.place.statement, {made.whole: name})
    rewrite.within(made.place, *lines, *([] if made.name else [rest]))
    return rewrite.change(f"{name} by a loop (line {made.place.statement.lineno})")


def _made(program: Program) -> Iterator[Made]:
    for place in places(program):
        match place.statement:
            case (
                ast.Return(value=ast.expr() as value)
                | ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(), attr="append"), args=[value]))
            ):
                name = ""
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                pass
            case _:
                continue
        match value:
            case ast.Call(func=ast.Name(id="sum"), args=[ast.ListComp() | ast.GeneratorExp() as inner], keywords=[]):
                found = Made(place, name, inner, value, adds=True)
            case ast.Call(func=ast.Name(id="len"), args=[ast.ListComp() as inner]) if is_pure(program, inner.elt):
                found = Made(place, name, inner, value, adds=True, counts=True)
            case ast.ListComp():
                found = Made(place, name, value, value, adds=False)
            case _:
                continue
        if _is_much(found.value) and _is_alone(program, found):
            yield found


def _is_much(value: ast.ListComp | ast.GeneratorExp) -> bool:
    """Whether more is done for each thing than a few steps, as far as the text tells."""
    if len(value.generators) > 1 or _goes_through_twos(value.generators[0].iter):
        return True
    inside = [n for one in (value.elt, *value.generators[0].ifs) for n in ast.walk(one)]
    return any(isinstance(n, Comprehension | ast.Slice) for n in inside)


def _goes_through_twos(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("combinations", "product")


def _is_alone(program: Program, made: Made) -> bool:
    """Whether the names of a comprehension are nothing else in its function, and its parts have one line each."""
    function = made.place.block.function
    parts = [n for one in made.value.generators for n in (one.target, one.iter, *one.ifs)]
    if function is None or any(n.lineno != n.end_lineno for n in (made.value.elt, *parts)):
        return False
    names = set().union(*(bound(one.target) for one in made.value.generators))
    own = all(len(uses(function, name)) == len(uses(made.value, name)) for name in names)
    given = any(isinstance(n, ast.arg) and n.arg in names for n in ast.walk(function))
    plain = made.name not in used(made.value) and not any(one.is_async for one in made.value.generators)
    return own and not given and plain


def without_else(draft: Draft) -> Change | None:
    """An `else` after what ends a round, or the loop, becomes the lines after it; an `else: continue` goes."""
    program = draft.program
    place = draft.pick(list(_needless(program)))
    statement = place.statement
    assert isinstance(statement, ast.If)
    rewrite = Rewrite(program)
    start, end = (span(program, s)[k] for s, k in ((statement.body[-1], 1), (statement.orelse[-1], 1)))
    if program.data[program.start(statement.orelse[0]) :][:4] == b"elif":
        at = program.start(statement.orelse[0])
        rewrite.cut(at, at + 4, "if")
    else:
        _, *lines = program.data[start:end].decode().lstrip("\n").splitlines(keepends=True)
        inner = statement.orelse[0].col_offset - statement.col_offset
        kept = [] if isinstance(statement.orelse[0], ast.Continue) else lines
        rewrite.cut(start, end, "".join(line[inner:] if line.strip() else line for line in kept))
    return rewrite.change(f"no else after what goes on elsewhere (line {statement.lineno})")


def _needless(program: Program) -> Iterator[Place]:
    for place in places(program):
        statement = place.statement
        if not isinstance(statement, ast.If) or not statement.orelse or not again(place):
            continue
        ends = isinstance(statement.body[-1], ast.Continue | ast.Break | ast.Return | ast.Raise)
        last = isinstance(place.block.owner, LOOPS) and place.index == len(place.block.statements) - 1
        passes = isinstance(statement.orelse[0], ast.Continue) and last
        if (
            (ends or passes)
            and program.data[program.start(statement) :][:2] == b"if"
            and _is_movable(program, statement)
        ):
            yield place


def _is_movable(program: Program, statement: ast.If) -> bool:
    """Whether what is in an `else` has lines for itself, all of them as far to the right, and no comments outside."""
    first, before = statement.orelse[0], statement.body[-1]
    if program.data[program.start(first) :][:4] == b"elif":
        return True
    inner = [n for s in statement.orelse for n in ast.walk(s)]
    texts = any(isinstance(n, ast.Constant | ast.JoinedStr) and n.lineno != n.end_lineno for n in inner)
    start, end = span(program, before)[1], span(program, statement.orelse[-1])[1]
    lines = [line for line in program.data[start:end].decode().splitlines() if line.strip()]
    indent, word = " " * first.col_offset, next(iter(lines), "").strip()
    deep = all(line.startswith(indent) for line in lines[1:]) and first.lineno > before.lineno + 1
    goes = isinstance(first, ast.Continue) and any("#" in line for line in lines)
    return word == "else:" and deep and not texts and not goes


# -- sums --------------------------------------------------------------------------------------------------------------

_IN_PLACE: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}


def added_up(draft: Draft) -> Change | None:
    """`total = total + x` becomes `total += x`, wherever that is done to a number in a function."""
    program = draft.program
    found: dict[tuple[int, str], list[tuple[Place, ast.expr, str]]] = {}
    for place in places(program):
        match place.statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if (more := _more(value, name)) is not None:
                function = place.block.function
                if function is not None and again(place) and _is_number(function, name):
                    found.setdefault((id(function), name), []).append((place, *more))
    (_, name), ones = draft.pick(list(found.items()))
    rewrite = Rewrite(program)
    for place, value, sign in ones:
        rewrite.within(place, f"{name} {sign}= {program.text(value)}")
    return rewrite.change(f"{name} is added to in place (line {ones[0][0].statement.lineno})")


def _more(value: ast.expr, name: str) -> tuple[ast.expr, str] | None:
    """Of `total + x`, what is added to a name, and the sign."""
    match value:
        case ast.BinOp(left=ast.Name(id=same), op=ast.Add() | ast.Sub() | ast.Mult() as op, right=other) if (
            same == name
        ):
            pass
        case ast.BinOp(left=other, op=ast.Add() | ast.Mult() as op, right=ast.Name(id=same)) if same == name:
            pass
        case _:
            return None
    return (other, _IN_PLACE[type(op)]) if name not in used(other) and other.lineno == other.end_lineno else None


def _is_number(function: ast.AST, name: str) -> bool:
    """Whether a variable starts as a number, and is only added to, and the like, after that."""
    given = any(isinstance(n, ast.arg) and n.arg == name for n in ast.walk(function))
    stores = [n for n in uses(function, name) if not isinstance(n.ctx, ast.Load)]
    known, starts = 0, 0
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                starts += (begins := isinstance(value, ast.Constant) and type(value.value) in (int, float))
                known += begins or _more(value, name) is not None
            case ast.AugAssign(target=ast.Name(id=target)) if target == name:
                known += 1
            case ast.Global(names=names) | ast.Nonlocal(names=names) if name in names:
                return False
    return bool(starts) and known == len(stores) and not given


def one_sum(draft: Draft) -> Change | None:
    """`if c: total += x`, `else: total -= y` becomes `total += x if c else -y`; `total -= x` becomes `total += -x`."""
    program = draft.program
    place, name, text = draft.pick(list(_sums(program)))
    rewrite = Rewrite(program)
    rewrite.within(place, f"{name} += {text}")
    return rewrite.change(f"{name} is added to in one way (line {place.statement.lineno})")


def _sums(program: Program) -> Iterator[tuple[Place, str, str]]:
    for place in places(program):
        statement = place.statement
        arms = (
            isinstance(statement, ast.If) and statement.orelse and program.data[program.start(statement) :][:2] == b"if"
        )
        less = isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Sub)
        less = less and _is_no_arm(program, place.block.owner)
        names = bound(statement)
        if not (arms or less) or len(names) != 1 or not again(place) or place.block.function is None:
            continue
        (name,) = names
        text = _in_one(program, [statement], name)
        if text and _is_number(place.block.function, name):
            yield place, name, text


def _is_no_arm(program: Program, owner: ast.AST | None) -> bool:
    """Whether statements are those of a loop, or of an `if` without an `else`, which is none itself."""
    plain = isinstance(owner, ast.If) and not owner.orelse and program.data[program.start(owner) :][:2] == b"if"
    return plain or isinstance(owner, LOOPS)


def _in_one(program: Program, statements: list[ast.stmt], name: str) -> str:
    """What statements add to a number, and do nothing else, as the text of an expression; "" for anything else."""
    match statements:
        case []:
            return "0"
        case [ast.AugAssign(target=ast.Name(id=same), op=ast.Add() | ast.Sub() as op, value=value)] if same == name:
            if name in used(value) or value.lineno != value.end_lineno:
                return ""
            return program.text(value) if isinstance(op, ast.Add) else f"-{bracketed(program, value)}"
        case [ast.If(test=test, body=body, orelse=other)]:
            if name in used(test) or test.lineno != test.end_lineno or isinstance(test, ast.IfExp | ast.Lambda):
                return ""
            one, rest = _in_one(program, body, name), _in_one(program, other, name)
            plain = not isinstance(ast.parse(one or "0", mode="eval").body, ast.IfExp | ast.Lambda)
            return f"{one if plain else f'({one})'} if {program.text(test)} else {rest}" if one and rest else ""
    return ""


OPERATORS = (
    Operator("spelled_out", "rewrites", spelled_out),
    Operator("without_else", "rewrites", without_else),
    Operator("added_up", "rewrites", added_up),
    Operator("one_sum", "rewrites", one_sum),
)
