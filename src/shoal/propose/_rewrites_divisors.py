"""Rewrites of trial division: no further than the root, in pairs, or not at all."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, places, step_of, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_nest import start_of
from shoal.propose._rewrites_parts import Rewrite, assigned, bracketed, expressions, loops, read_later
from shoal.propose._rewrites_pure import changed, is_pure
from shoal.syntax._program import Program
from shoal.syntax._sites import Block, Comprehension

__all__ = ["OPERATORS"]


def up_to_root(draft: Draft) -> Change | None:
    """Trial division stops at the square root: past it there is no divisor whose partner was not tried."""
    program = draft.program
    block, node, number, divisor = draft.pick([*_divisions(program), *_tried_in_calls(program)])
    rewrite = Rewrite(program)
    text = bracketed(program, number)
    if isinstance(node, ast.Compare):
        rewrite.replace(node, f"{divisor} * {divisor} <= {text}")
    elif _is_range(node):
        most = node.args[1]  # type: ignore[attr-defined]
        rewrite.replace(most, f"{rewrite.module(block, 'math')}.isqrt({program.text(number)}) + 1")
    else:
        small, itertools = f"lambda {divisor}: {divisor} * {divisor} <= {text}", rewrite.module(block, "itertools")
        rewrite.replace(node, f"{itertools}.takewhile({small}, {program.text(node)})")
    return rewrite.change(f"trial division up to the root of {shown(text)} (line {node.lineno})")


def _divisions(program: Program) -> Iterator[tuple[Block, ast.expr, ast.expr, str]]:
    """Loops over possible divisors that end with an answer at the first: where these are told, and the number."""
    for place in places(program):
        match place.statement:
            case ast.For(target=ast.Name(id=divisor), iter=candidates, body=body) if _are_divisors(candidates):
                number = _divided(body, divisor)
                if number is not None and not read_later(place, {divisor}):
                    yield place.block, candidates, number, divisor
            case ast.While(test=ast.Compare(left=ast.Name(id=divisor), ops=[ast.Lt() | ast.LtE()]) as test, body=body):
                number = _divided(body, divisor)
                if number is not None and not read_later(place, {divisor}) and not place.statement.orelse:
                    yield place.block, test, number, divisor


def _tried_in_calls(program: Program) -> Iterator[tuple[Block, ast.expr, ast.expr, str]]:
    """As `_divisions`, of `any(n % d == 0 for d in ds)` and `all(n % d for d in ds)`."""
    for site in expressions(program):
        match site.node:
            case ast.Call(func=ast.Name(id="any" | "all" as by), args=[ast.GeneratorExp() | ast.ListComp() as made]):
                one = made.generators[0]
                if len(made.generators) == 1 and isinstance(one.target, ast.Name) and not one.ifs:
                    number = _number_divided(made.elt, one.target.id, by == "any")
                    if number is not None and _are_divisors(one.iter):
                        yield site.block, one.iter, number, one.target.id


def _is_range(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"


def _are_divisors(node: ast.expr) -> bool:
    """Whether something goes through all that may divide, from the least on, and not only up to a root."""
    match node:
        case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=int(low)), most, *_]):
            return low >= 2 and not _has_root(most)
    return isinstance(node, ast.Name)


def _number_divided(test: ast.expr, divisor: str, divides: bool) -> ast.expr | None:
    """The number of which a condition says that a divisor divides it, or that it does not."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return _number_divided(inner, divisor, not divides)
        case ast.Compare(left=left, ops=[op], comparators=[ast.Constant(value=0)]):
            return _number_divided(left, divisor, False) if isinstance(op, ast.Eq if divides else ast.NotEq) else None
        case ast.BinOp(left=number, op=ast.Mod(), right=ast.Name(id=name)) if name == divisor and not divides:
            return None if divisor in used(number) else number
    return None


def _divided(body: list[ast.stmt], divisor: str) -> ast.expr | None:
    """The number that a loop tries to divide, where it answers at the first divisor and does nothing else."""
    match body:
        case [ast.If(test=test, body=then), *rest]:
            ends = isinstance(then[-1], ast.Return | ast.Break) or all(isinstance(s, ast.Assign) for s in then)
            constant = all(isinstance(getattr(s, "value", None), ast.Constant | None) for s in then)
            counts = all(isinstance(s, ast.AugAssign) and divisor in bound(s) for s in rest)
            return _number_divided(test, divisor, True) if ends and constant and counts else None
    return None


def _has_root(node: ast.expr) -> bool:
    """Whether a bound is a root already."""
    return any(
        (isinstance(n, ast.Attribute | ast.Name) and getattr(n, "attr", getattr(n, "id", "")) in ("sqrt", "isqrt"))
        or (isinstance(n, ast.BinOp) and isinstance(n.op, ast.Pow))
        for n in ast.walk(node)
    )


# -- in pairs ----------------------------------------------------------------------------------------------------------


class Trial(NamedTuple):
    """A search for divisors: candidates and their bounds, the number, where it stands, and the loop, if it is one."""

    candidates: ast.expr
    low: int
    most: ast.expr
    number: ast.expr
    block: Block
    loop: Place | None


def divisors(draft: Draft) -> Change | None:
    """Divisors come in pairs, one of them no more than the root: only those are tried."""
    program = draft.program
    trial = draft.pick([*_tried_by_loops(program), *_tried_by_comprehensions(program)])
    rewrite = Rewrite(program)
    math, small, divisor = rewrite.module(trial.block, "math"), rewrite.name("small"), rewrite.name("divisor")
    number = bracketed(program, trial.number)
    least = f"{trial.low} <= " if trial.low > 1 else ""
    pairs = f"for {small} in range(1, {math}.isqrt({program.text(trial.number)}) + 1) if {number} % {small} == 0"
    within = f"if {least}{divisor} < {bracketed(program, trial.most)}"
    both = f"for {divisor} in ({small}, {number} // {small})"
    if trial.loop is None:
        rewrite.replace(trial.candidates, f"sorted({{{divisor} {pairs} {both} {within}}})")
    else:
        name, step = rewrite.name("divisors"), step_of(trial.block)
        parts = [divisor, pairs, both, within]
        rewrite.before(trial.loop, *assigned(f"{name} = ", "sorted({", parts, "})", step=step))
        rewrite.replace(trial.candidates, name)
    return rewrite.change(f"divisors of {shown(number)} in pairs (line {trial.candidates.lineno})")


def _tried_by_loops(program: Program) -> Iterator[Trial]:
    for place in loops(program):
        match place.statement:
            case ast.For(target=ast.Name(id=divisor), iter=candidates, body=[ast.If(test=test, orelse=[])]) as loop:
                yield from _trials(program, candidates, divisor, test, place, changed(program, loop))


def _tried_by_comprehensions(program: Program) -> Iterator[Trial]:
    for site in expressions(program):
        for made in site.node.generators if isinstance(site.node, Comprehension) else ():
            match made.target, made.ifs:
                case ast.Name(id=divisor), [test]:
                    yield from _trials(program, made.iter, divisor, test, site.block, {divisor})


def _trials(
    program: Program, candidates: ast.expr, divisor: str, test: ast.expr, at: Place | Block, touched: set[str]
) -> Iterator[Trial]:
    match candidates, test:
        case (
            ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=int(low)), most]),
            ast.Compare(
                left=ast.BinOp(left=number, op=ast.Mod(), right=ast.Name(id=name)),
                ops=[ast.Eq()],
                comparators=[ast.Constant(value=0)],
            ),
        ) if low >= 1 and name == divisor and is_pure(program, number, most) and not _has_root(most):
            if not used(number) & touched:
                loop = at if isinstance(at, Place) else None
                yield Trial(candidates, low, most, number, at.block if isinstance(at, Place) else at, loop)


# -- not at all --------------------------------------------------------------------------------------------------------


def greatest_divisor(draft: Draft) -> Change | None:
    """A search for the greatest common divisor becomes a call of math.gcd."""
    program = draft.program
    place, name, one, other = draft.pick(list(_common_divisors(program)))
    rewrite = Rewrite(program)
    math = rewrite.module(place.block, "math")
    start = start_of(program, place, name)
    if start is not None and isinstance(start.value, ast.Constant):
        rewrite.drop(start.place)
    rewrite.within(place, f"{name} = {math}.gcd({program.text(one)}, {program.text(other)})")
    return rewrite.change(f"math.gcd instead of a search (line {place.statement.lineno})")


def _common_divisors(program: Program) -> Iterator[tuple[Place, str, ast.expr, ast.expr]]:
    for place in loops(program):
        match place.statement:
            case ast.For(
                target=ast.Name(id=divisor),
                iter=ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=1), _]),
                body=[
                    ast.If(
                        test=ast.BoolOp(op=ast.And(), values=[one, other]),
                        body=[ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=kept))],
                        orelse=[],
                    )
                ],
            ) if kept == divisor and not read_later(place, {divisor}):
                first, second = _dividend(one, divisor), _dividend(other, divisor)
                if first is not None and second is not None:
                    yield place, name, first, second


def _dividend(test: ast.expr, divisor: str) -> ast.expr | None:
    """The number of `number % divisor == 0`."""
    match test:
        case ast.Compare(
            left=ast.BinOp(left=number, op=ast.Mod(), right=ast.Name(id=name)),
            ops=[ast.Eq()],
            comparators=[ast.Constant(value=0)],
        ) if name == divisor:
            return number
    return None


OPERATORS = (
    Operator("up_to_root", "rewrites", up_to_root),
    Operator("divisors", "rewrites", divisors),
    Operator("greatest_divisor", "rewrites", greatest_divisor),
)
