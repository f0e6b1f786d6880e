"""Statements whose value nothing reads: edits there would change a text and nothing else."""

import ast

from shoal.propose._lines import bound, used
from shoal.syntax._program import Program
from shoal.syntax._sites import Block, Function


def is_dead(program: Program, block: Block, place: int) -> bool:
    """Whether a statement only gives values to names that are not read before they get others.

    It is told straight through a function's own statements; what stands in loops and branches counts as read.
    """
    if not isinstance(block.owner, Function):
        return False
    known = program.derived(_known)
    if id(block.owner) not in known:
        known[id(block.owner)] = frozenset() if _shares(block.owner) else _dead_in(block.statements)
    return place in known[id(block.owner)]


def _known(program: Program) -> dict[int, frozenset[int]]:
    """Filled function by function, when one is first asked for."""
    return {}


def _shares(function: Function) -> bool:
    """Whether other scopes see a function's names."""
    inner = (node for statement in function.body for node in ast.walk(statement))
    return any(isinstance(node, _SHARING) for node in inner)


_SHARING = (ast.Global, ast.Nonlocal, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def _dead_in(statements: list[ast.stmt]) -> frozenset[int]:
    dead: set[int] = set()
    live: set[str] = set()
    for place in reversed(range(len(statements))):
        statement = statements[place]
        simple = isinstance(statement, ast.Assign) and all(isinstance(t, ast.Name) for t in statement.targets)
        if simple and live.isdisjoint(bound(statement)):
            dead.add(place)
            continue
        if simple:
            live -= bound(statement)
        live |= used(statement)
    return frozenset(dead)
