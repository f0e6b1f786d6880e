"""A loop that does one thing with each of its things, as the clauses of a comprehension."""

import ast
from typing import NamedTuple

from shoal.propose._lines import Place, bound, reads_first, used
from shoal.propose._rewrites_parts import bracketed, read_later, uses
from shoal.syntax._program import Program
from shoal.syntax._sites import leaf_names

__all__ = ["Nest", "Start", "added", "clauses_but_last_test", "nest_of", "start_of"]

_NO_EXPRESSIONS = ast.Yield | ast.YieldFrom | ast.Await | ast.NamedExpr


class Nest(NamedTuple):
    """What a loop does.

    Attributes:
        clauses: of a comprehension, each with the condition where it is one.
        targets: names that the loop binds.
        last: the innermost statements.
    """

    clauses: list[tuple[str, ast.expr | None]]
    targets: set[str]
    last: list[ast.stmt]

    def texts(self) -> list[str]:
        """The clauses."""
        return [text for text, _ in self.clauses]


def nest_of(program: Program, place: Place) -> Nest | None:
    """The loop at a place as clauses; None where it binds what is read later, or does more than expressions do."""
    loop = place.statement
    if not isinstance(loop, ast.For) or any(isinstance(n, _NO_EXPRESSIONS) for n in ast.walk(loop)):
        return None
    nest = Nest([], set(), [])
    body: list[ast.stmt] = [loop]
    while body:
        body = _peeled(program, nest, body)
    carried = reads_first(loop) & nest.targets  # from one round to the next
    return None if carried or read_later(place, nest.targets) else nest


def _peeled(program: Program, nest: Nest, body: list[ast.stmt]) -> list[ast.stmt]:
    """Take one clause off some statements; what is left when they are a clause and more, else they are the last."""
    match body:
        case [ast.For(target=target, iter=iterated, body=inner, orelse=[])]:
            names = set(leaf_names(target))
            nest.clauses.append((f"for {program.text(target)} in {bracketed(program, iterated)}", None))
            nest.targets.update(names)
            return inner
        case [ast.If(test=test, body=inner, orelse=[])] if not isinstance(inner[0], ast.Break):
            nest.clauses.append((f"if {_condition(program, test)}", test))
            return inner
        case [ast.If(test=test, body=[ast.Continue()], orelse=[]), _, *_]:
            negated = ast.UnaryOp(ast.Not(), test)
            nest.clauses.append((f"if not {bracketed(program, test)}", ast.copy_location(negated, test)))
            return body[1:]
        case [ast.Assign(targets=[ast.Name(id=name)], value=value), following, *_] if name not in used(value):
            if isinstance(following, ast.Break):
                nest.last.extend(body)
                return []
            nest.clauses.append((f"for {name} in [{program.text(value)}]", None))
            nest.targets.add(name)
            return body[1:]
    nest.last.extend(body)
    return []


def _condition(program: Program, test: ast.expr) -> str:
    return f"({program.text(test)})" if isinstance(test, ast.IfExp | ast.Lambda) else program.text(test)


def added(statements: list[ast.stmt]) -> ast.AugAssign | None:
    """The only statement as `x += y`, where it is that or `x = x + y`; None for anything else."""
    match statements:
        case [ast.AugAssign() as statement]:
            return statement
        case [ast.Assign(targets=[target], value=ast.BinOp(left=ast.Name() as left, op=ast.Add() as op, right=value))]:
            if isinstance(target, ast.Name) and target.id == left.id:
                return ast.copy_location(ast.AugAssign(target, op, value), statements[0])
    return None


def clauses_but_last_test(nest: Nest) -> tuple[list[str], ast.expr] | None:
    """The clauses before the last, and the last one's condition; None where the last is no condition."""
    *before, (_, test) = nest.clauses
    return ([text for text, _ in before], test) if test is not None and before else None


class Start(NamedTuple):
    """The assignment right before a loop that makes what the loop fills: where, its value, its text up to that."""

    place: Place
    value: ast.expr
    head: str


def start_of(program: Program, place: Place, name: str) -> Start | None:
    """How a variable starts, where nothing else mentions it between that and the statement at a place."""
    for index in range(place.index - 1, -1, -1):
        statement = place.block.statements[index]
        if not uses(statement, name):
            continue
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=target)], value=value)
                | ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value)
            ) if target == name and name not in used(value) and name in bound(statement):
                head = program.data[program.start(statement) : program.start(value)].decode()
                return Start(Place(place.block, index), value, head) if "\n" not in head and "(" not in head else None
        return None
    return None
