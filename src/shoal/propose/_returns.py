"""The statements of a function whose returns become assignments, so that they can stand where it is called."""

import ast
import copy
from collections.abc import Collection, Sequence

from shoal.propose._lines import bound

__all__ = ["settled"]

_LOOPS = ast.For | ast.While


def settled(statements: Sequence[ast.stmt], name: str, given: Collection[str] = ()) -> list[ast.stmt] | None:
    """Statements that give a name what others return; None where they return in a loop within a loop, or in `try`.

    What comes after an `if` that returns goes into its `else`. A loop that returns ends there; where it does not,
    its `else` gives what is returned after it. A constant that is returned then is given before the loop; one of the
    names that are ``given`` from the start too, where the loop leaves it as it is.
    """
    for place, statement in enumerate(statements):
        if isinstance(statement, ast.Return):
            return [*statements[:place], _given(name, statement.value)]
        if not _returns(statement):
            continue
        before, rest = list(statements[:place]), statements[place + 1 :]
        match statement:
            case ast.If():
                return _of_if(before, statement, rest, name, given)
            case ast.For() | ast.While():
                return _of_loop(before, statement, rest, name, given)
        return None
    return [*statements, _given(name, None)]


def _given(name: str, value: ast.expr | None) -> ast.stmt:
    given = ast.Constant(None) if value is None else value
    return ast.Assign([ast.Name(name, ast.Store())], given, lineno=0)


def _returns(statement: ast.stmt) -> bool:
    return any(isinstance(n, ast.Return) for n in ast.walk(statement))


def _ends(statements: Sequence[ast.stmt]) -> bool:
    """Whether statements return, whatever is the case."""
    match statements[-1] if statements else None:
        case ast.Return():
            return True
        case ast.If(body=body, orelse=other):
            return _ends(body) and _ends(other)
    return False


def _of_if(
    before: list[ast.stmt], statement: ast.If, rest: Sequence[ast.stmt], name: str, given: Collection[str]
) -> list[ast.stmt] | None:
    ways = [statement.body, statement.orelse]
    if rest and sum(map(_ends, ways)) != 1:
        return None
    found = [settled([*way, *([] if _ends(way) else rest)], name, given) for way in ways]
    if found[0] is None or found[1] is None:
        return None
    return [*before, ast.If(statement.test, found[0], found[1], lineno=0)]


def _of_loop(
    before: list[ast.stmt],
    statement: ast.For | ast.While,
    rest: Sequence[ast.stmt],
    name: str,
    given: Collection[str],
) -> list[ast.stmt] | None:
    breaks = any(isinstance(n, ast.Break) for n in ast.walk(statement))
    after = settled(rest, name, given)
    loop = copy.deepcopy(statement)
    body = _broken(loop.body, name)
    if breaks or statement.orelse or after is None or body is None:
        return None
    loop.body = body
    if len(after) == 1 and isinstance(after[0], ast.Assign) and _stays(after[0].value, statement, given):
        return [*before, *after, loop]
    loop.orelse = after
    return [*before, loop]


def _stays(value: ast.expr, loop: ast.stmt, given: Collection[str]) -> bool:
    """Whether a value is the same before a loop and after it, and cannot fail."""
    match value:
        case ast.Constant() | ast.UnaryOp(operand=ast.Constant(value=int() | float())):
            return True
        case ast.Name(id=name):
            return name in given and name not in bound(loop)
        case ast.List() | ast.Tuple() | ast.Dict():
            return not any(isinstance(n, ast.Name | ast.Call | ast.BinOp | ast.Subscript) for n in ast.walk(value))
    return False


def _broken(statements: Sequence[ast.stmt], name: str) -> list[ast.stmt] | None:
    """The statements of a loop, which ends where they return; None where an inner loop returns."""
    made: list[ast.stmt] = []
    for statement in statements:
        match statement:
            case ast.Return(value=value):
                return [*made, _given(name, value), ast.Break()]
            case ast.If(test=test, body=body, orelse=other) if _returns(statement):
                then, otherwise = _broken(body, name), _broken(other, name)
                if then is None or otherwise is None:
                    return None
                made.append(ast.If(test, then, otherwise, lineno=0))
            case _ if _returns(statement):
                return None
            case _:
                made.append(statement)
    return made
