"""Index of pairs: a nested loop that looks for what fits becomes a look into a dictionary that is made once."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, reads_first, step_of
from shoal.propose._pieces import shown
from shoal.propose._rewrites_parts import (
    Rewrite,
    again,
    bracketed,
    expressions,
    label,
    loops,
    place_of,
    read_later,
    repeats,
    widest,
)
from shoal.propose._rewrites_pure import is_pure
from shoal.syntax._program import Program
from shoal.syntax._sites import Comprehension

__all__ = ["OPERATORS"]


class Fit(NamedTuple):
    """An equation: what an inner thing must have, as its key, and the text of what that must be.

    ``among``: the key is a list, and what is wanted must be in it.
    """

    key: ast.expr
    wanted: str
    among: bool = False


class Pair(NamedTuple):
    """A loop over things of which only some fit.

    Attributes:
        target, iterated: of the inner loop.
        whole: text of what to put into the dictionary, where it is more than is iterated.
        least: the first index that counts, where it depends on the outer loop.
        fit: how a thing fits.
        place: the statement before which the dictionary can be made.
        body: the first statement of the inner loop; None for a comprehension.
    """

    target: ast.expr
    iterated: ast.expr
    whole: str
    least: ast.expr | None
    fit: Fit
    place: Place
    body: Place | None


def index_pairs(draft: Draft) -> Change | None:
    """Make a dictionary of an inner loop's things by what the outer loop asks of them."""
    program = draft.program
    pair = draft.pick([*_of_loops(program), *_of_comprehensions(program)])
    rewrite = Rewrite(program)
    name = rewrite.name(f"{label(pair.iterated)}_by_{_word(pair.fit.key)}")
    target, step = program.text(pair.target), step_of(pair.place.block)
    key, wanted = program.text(pair.fit.key), pair.fit.wanted
    if not pair.fit.among and _is_list(pair.fit.key):
        key, wanted = f"tuple({key})", f"tuple({wanted})"
    thing = bracketed(program, pair.target)
    if pair.fit.among:
        one = rewrite.name("one")
        filled = [
            f"{step}for {one} in dict.fromkeys({key}):",
            f"{step}{step}{name}.setdefault({one}, []).append({thing})",
        ]
    else:
        filled = [f"{step}{name}.setdefault({key}, []).append({thing})"]
    rewrite.before(pair.place, f"{name} = {{}}", f"for {target} in {pair.whole}:", *filled)
    rewrite.replace(pair.iterated, f"{name}.get({wanted}, ())")
    if pair.least is not None and pair.body is not None:
        rewrite.before(pair.body, f"if {target} < {program.text(pair.least)}:", f"{step}continue")
    return rewrite.change(f"{shown(pair.whole)} by {shown(program.text(pair.fit.key))} (line {pair.target.lineno})")


def _is_list(key: ast.expr) -> bool:
    """Whether a key is a list, which no dictionary takes."""
    match key:
        case ast.Call(func=ast.Name(id="sorted" | "list")) | ast.ListComp() | ast.List():
            return True
        case ast.Call(func=ast.Attribute(attr="split" | "splitlines")):
            return True
    return False


def _word(key: ast.expr) -> str:
    match key:
        case ast.Subscript(slice=ast.Constant(value=str(word))) if word.isidentifier():
            return word
        case ast.Attribute(attr=word):
            return word
    return "value"


def _of_loops(program: Program) -> Iterator[Pair]:
    for place in loops(program):
        loop = place.statement
        test = _test(loop) if isinstance(loop, ast.For) else None
        if isinstance(loop, ast.For) and test is not None:
            body = place_of(program, loop.body[0])
            for fit in _fits(program, test, loop.target):
                yield from _pair(program, loop.target, loop.iter, fit, again(place), body)


def _test(loop: ast.For) -> ast.expr | None:
    """What a thing must fulfil to count in a loop; None where all count."""
    match loop.body:
        case [ast.If(test=test, orelse=[])]:
            return test
        case [ast.If(test=ast.Compare(left, [ast.NotEq()], others), body=[ast.Continue()], orelse=[]), *_]:
            return ast.Compare(left, [ast.Eq()], others)
    return None


def _of_comprehensions(program: Program) -> Iterator[Pair]:
    for site in expressions(program):
        made = site.node.generators if isinstance(site.node, Comprehension) else []
        outer = set(site.loose)
        for number, one in enumerate(made):
            around = repeats(site) if number == 0 else [Place(site.block, site.place), *repeats(site)]
            names = bound(one.target)
            asked = site.parent if number == len(made) - 1 else None
            tests = [*one.ifs, site.node.elt] if _is_any(asked) else one.ifs  # type: ignore[attr-defined]
            for fit in (fit for test in tests for fit in _fits(program, test, one.target)):
                for pair in _pair(program, one.target, one.iter, fit, around, None):
                    told = reads_first(pair.iterated) | reads_first(fit.key) - names
                    if not told & outer and not _disturbs(pair.place, names):
                        yield pair
            outer |= names


def _is_any(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "any"


def _disturbs(place: Place, names: set[str]) -> bool:
    """Whether a loop put before a statement would change names that are read there or later."""
    return bool(reads_first(place.statement) & names) or read_later(place, names)


def _pair(
    program: Program, target: ast.expr, iterated: ast.expr, fit: Fit, around: list[Place], body: Place | None
) -> Iterator[Pair]:
    inner = {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
    names = reads_first(fit.key) - inner
    place = widest(program, around, names | reads_first(iterated)) if is_pure(program, iterated) else None
    if place is not None:
        yield Pair(target, iterated, program.text(iterated), None, fit, place, body)
        return
    match iterated:
        case ast.Call(func=ast.Name(id="range"), args=[least, most]) if body is not None and isinstance(
            target, ast.Name
        ):
            place = widest(program, around, names | reads_first(most))
            if place is not None and is_pure(program, least, most):
                yield Pair(target, iterated, f"range({program.text(most)})", least, fit, place, body)


def _fits(program: Program, test: ast.expr, target: ast.expr) -> Iterator[Fit]:
    """Equations of a condition that can be solved for what the inner loop gives."""
    inner = {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
    for part in test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]:
        match part:
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]) if is_pure(program, part):
                for one, other in ((left, right), (right, left)):
                    if not reads_first(other) & inner:
                        yield from _solved(program, one, program.text(other), bracketed(program, other), inner)
            case ast.Compare(left=left, ops=[ast.In()], comparators=[right]) if is_pure(program, part):
                if reads_first(right) & inner and not reads_first(left) & inner:
                    yield Fit(right, program.text(left), among=True)


def _solved(program: Program, node: ast.expr, wanted: str, operand: str, inner: set[str]) -> Iterator[Fit]:
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            for key, other in ((left, right), (right, left)):
                if not reads_first(other) & inner and reads_first(key) & inner:
                    yield Fit(key, f"{operand} - {bracketed(program, other)}")
        case ast.BinOp(left=left, op=ast.Sub(), right=right) if not reads_first(right) & inner:
            yield Fit(left, f"{operand} + {bracketed(program, right)}")
        case ast.BinOp(left=left, op=ast.Sub(), right=right) if not reads_first(left) & inner:
            yield Fit(right, f"{bracketed(program, left)} - {operand}")
    if reads_first(node) & inner:
        yield Fit(node, wanted)


OPERATORS = (Operator("index_pairs", "rewrites", index_pairs),)
