"""Rewrites of searches: any, an end once the answer is known, and no more than the first."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, places, step_of, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_nest import Start, clauses_but_last_test, nest_of, start_of
from shoal.propose._rewrites_parts import Rewrite, again, loops, parent, place_of, read_later, uses, values_of
from shoal.propose._rewrites_pure import is_pure
from shoal.syntax._program import Program

__all__ = ["OPERATORS", "flags"]

_SIMPLE = ast.Assign | ast.AugAssign | ast.Expr


class Flag(NamedTuple):
    """A loop that looks whether there is a thing that fulfils a condition.

    Attributes:
        place: of the loop.
        clauses: of the comprehension around the condition.
        test: the condition.
        truth: the answer where there is one.
        start: the assignment of the other answer; None where it is returned after the loop.
    """

    place: Place
    clauses: list[str]
    test: ast.expr
    truth: bool
    start: Start | None

    def put(self, rewrite: Rewrite, answer: str) -> None:
        """Put an expression of the answer in the loop's place."""
        if self.start is not None:
            rewrite.drop(self.start.place)
            rewrite.within(self.place, f"{self.start.head}{answer}")
        else:
            rewrite.within(self.place, f"return {answer}")
            rewrite.drop(Place(self.place.block, self.place.index + 1))


def any_all(draft: Draft) -> Change | None:
    """A loop that looks whether there is such a thing, or does something once where there is, becomes a call of any."""
    program = draft.program
    found: list[Flag | Once] = [*flags(program), *_done_once(program)]
    flag = draft.pick(found)
    rewrite = Rewrite(program)
    if isinstance(flag, Once):
        asked = f"any({' '.join([program.text(flag.test), *flag.clauses])})"
        step = step_of(flag.place.block)
        rewrite.within(flag.place, f"if {asked}:", *(step + program.text(one) for one in flag.done))
        return rewrite.change(f"any instead of a loop (line {flag.place.statement.lineno})")
    made = f"{'' if flag.truth else 'not '}any({' '.join([program.text(flag.test), *flag.clauses])})"
    flag.put(rewrite, made)
    return rewrite.change(f"any instead of a loop (line {flag.place.statement.lineno})")


def flags(program: Program) -> Iterator[Flag]:
    """Loops that say whether there is a thing that fulfils a condition."""
    for place in loops(program):
        nest = nest_of(program, place)
        parts = nest and clauses_but_last_test(nest)
        if nest is None or not parts or not is_pure(program, parts[1]) or isinstance(parts[1], ast.UnaryOp):
            continue
        match nest.last:
            case [ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=bool(truth))), *rest]:
                start = start_of(program, place, name) if _only_breaks(rest) else None
                alone = len(uses(place.statement, name)) == 1
                if start is not None and alone and _is_constant(start.value, not truth):
                    yield Flag(place, *parts, truth, start)
            case [ast.Return(value=ast.Constant(value=bool(truth)))]:
                following = place.block.statements[place.index + 1 : place.index + 2]
                if following and isinstance(following[0], ast.Return) and _is_constant(following[0].value, not truth):
                    yield Flag(place, *parts, truth, None)


class Once(NamedTuple):
    """A loop that does something, the same whichever it finds, as soon as a thing fulfils a condition, and ends.

    Attributes:
        place: of the loop.
        clauses: of the comprehension around the condition.
        test: the condition.
        done: the statements, each on a line of its own.
    """

    place: Place
    clauses: list[str]
    test: ast.expr
    done: list[ast.stmt]


def _done_once(program: Program) -> Iterator[Once]:
    for place in loops(program):
        nest = nest_of(program, place)
        parts = nest and clauses_but_last_test(nest)
        if nest is None or not parts or not is_pure(program, parts[1]) or len(parts[0]) > 1 or not again(place):
            continue
        *done, last = nest.last
        apart = all(isinstance(s, _SIMPLE) and s.lineno == s.end_lineno for s in done)
        about = {n.id for s in done for n in ast.walk(s) if isinstance(n, ast.Name)}
        if isinstance(last, ast.Break) and done and apart and not about & nest.targets:
            yield Once(place, *parts, done)


def _only_breaks(statements: list[ast.stmt]) -> bool:
    return all(isinstance(s, ast.Break) for s in statements)


def _is_constant(node: ast.expr | None, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


# -- ends --------------------------------------------------------------------------------------------------------------


def early_exit(draft: Draft) -> Change | None:
    """A loop ends once it cannot change its answer any more."""
    program = draft.program
    loop, last, lines = draft.pick(list(_settled(program)))
    rewrite = Rewrite(program)
    rewrite.after(last, *lines)
    return rewrite.change(f"a loop that ends once it has its answer (line {loop.statement.lineno})")


def _settled(program: Program) -> Iterator[tuple[Place, Place, list[str]]]:
    """Loops that do nothing but set something to a constant, perhaps; after which statement they can end, and how."""
    for place in loops(program):
        loop = place.statement
        if not isinstance(loop, ast.For) or not all(map(_is_plain, loop.body[:-1])):
            continue
        flags = {name for node in ast.walk(loop) for name in _set_to_constant(node)}
        harmless = (
            is_pure(program, loop) and flags and not flags & used(loop) and not read_later(place, bound(loop) - flags)
        )
        match loop.body[-1]:
            case ast.If(body=body, orelse=[]) if harmless and all(set(_set_to_constant(s)) for s in body):
                last = place_of(program, body[-1])
                if last is not None:
                    yield place, last, ["break"]
            case ast.For() as inner if harmless and isinstance(inner.body[-1], ast.If):
                yield from _from_inner(program, place, inner)


def _from_inner(program: Program, place: Place, inner: ast.For) -> Iterator[tuple[Place, Place, list[str]]]:
    """The end of an outer loop, where the inner one has its end."""
    last = place_of(program, inner)
    match inner.body[-1]:
        case ast.If(body=[ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=bool(truth))), ast.Break()]):
            start = start_of(program, place, name)
            if last is not None and start is not None and _is_constant(start.value, not truth):
                test = f"if {name}:" if truth else f"if not {name}:"
                yield place, last, [test, f"{step_of(last.block)}break"]


def _is_plain(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and all(isinstance(t, ast.Name) for t in statement.targets)


def _set_to_constant(node: ast.AST) -> list[str]:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant()):
            return [name]
    return []


# -- the first -----------------------------------------------------------------------------------------------


def first_only(draft: Draft) -> Change | None:
    """A list that is asked for nothing but its first thing, or whether there is one, holds one at most."""
    program = draft.program
    place, made = draft.pick(list(_asked_for_first(program)))
    rewrite = Rewrite(program)
    itertools = rewrite.module(place.block, "itertools")
    rewrite.replace(made, f"list({itertools}.islice(({program.text(made)[1:-1].strip()}), 1))")
    return rewrite.change(f"{shown(program.text(made))} ends at the first (line {made.lineno})")


def _asked_for_first(program: Program) -> Iterator[tuple[Place, ast.ListComp]]:
    for place in places(program):
        match place.statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.ListComp() as made):
                function = place.block.function
                if function is None or not is_pure(program, made) or uses(made, name):
                    continue
                alone = values_of(function, name) == [made]
                reads = [use for use in uses(function, name) if isinstance(use.ctx, ast.Load)]
                if alone and reads and all(_is_about_first(program, use) for use in reads):
                    yield place, made


def _is_about_first(program: Program, use: ast.Name) -> bool:
    """Whether a mention of a list asks for its first thing, or whether it has any."""
    above = parent(program, use)
    match above:
        case ast.Subscript(slice=ast.Constant(value=0), ctx=ast.Load()) | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            return test is use
        case ast.BoolOp():
            return isinstance(parent(program, above), ast.If | ast.While)
        case ast.Call(func=ast.Name(id="len")):
            match parent(program, above):
                case ast.Compare(ops=[ast.Eq() | ast.NotEq() | ast.Gt()], comparators=[ast.Constant(value=0)]):
                    return True
                case ast.Compare(ops=[ast.GtE() | ast.Lt()], comparators=[ast.Constant(value=1)]):
                    return True
    return False


OPERATORS = (
    Operator("any_all", "rewrites", any_all),
    Operator("early_exit", "rewrites", early_exit),
    Operator("first_only", "rewrites", first_only),
)
