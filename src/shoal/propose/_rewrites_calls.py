"""Rewrites of calls of own functions: what they return is computed where they are called."""

import ast
from collections.abc import Iterator

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._idioms_cut import body_of
from shoal.propose._lines import bound, local_names, used
from shoal.propose._rewrites_parts import Rewrite, bracketed, exchanged_text, expressions, uses
from shoal.syntax._program import Program
from shoal.syntax._serial import is_empty
from shoal.syntax._sites import Comprehension, Site

__all__ = ["OPERATORS"]

_SIMPLE = ast.Name | ast.Constant | ast.Attribute | ast.Subscript
_MOST_SIMPLE = 12  # parts of an argument that may be evaluated several times


def expression_of_call(draft: Draft) -> Change | None:
    """What an own function of one expression returns takes the place of its calls in a function."""
    program = draft.program
    name, sites = draft.pick(list(_short_functions(program)))
    body = body_of(program, name)
    assert body is not None and isinstance(body.function, ast.FunctionDef)
    value = body.statements[-1].value  # type: ignore[attr-defined]
    rewrite = Rewrite(program)
    for site in sites:
        assert isinstance(site.node, ast.Call)
        given = zip(body.function.args.args, site.node.args, strict=True)
        texts: dict[ast.expr, str] = {
            use: bracketed(program, argument) for a, argument in given for use in uses(value, a.arg)
        }
        rewrite.exchange(site, exchanged_text(program, value, texts))
    return rewrite.change(f"{name} where it is called (line {sites[0].node.lineno})")


def _short_functions(program: Program) -> Iterator[tuple[str, list[Site]]]:
    found: dict[tuple[str, int], list[Site]] = {}
    inside: set[int] = set()
    for site in expressions(program):
        match site.node:
            case ast.Call(func=ast.Name(id=name), keywords=[]) as call if id(call) not in inside:
                if _fits(program, site, call, name):
                    inside |= {id(n) for n in ast.walk(call)}
                    found.setdefault((name, id(site.block.function)), []).append(site)
    for (name, _), sites in found.items():
        yield name, sites


def _fits(program: Program, site: Site, call: ast.Call, name: str) -> bool:
    """Whether a function is one expression, and means the same where it is called."""
    body = body_of(program, name)
    function = body.function if body is not None else None
    if body is None or not isinstance(function, ast.FunctionDef) or site.block.function is None:
        return False
    statements = [s for s in body.statements if not is_empty(s)]
    arguments = function.args
    plain = not (arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.posonlyargs)
    here = local_names(site.block.function) | set(site.loose)
    if (
        len(statements) != 1
        or not isinstance(statements[0], ast.Return)
        or function is site.block.function
        or function.decorator_list
        or not plain
        or len(call.args) != len(arguments.args)
        or name in here
    ):
        return False
    value = statements[0].value
    own = {a.arg for a in arguments.args}
    if value is None or value.lineno != value.end_lineno or (used(value) - own) & here or bound(value):
        return False
    loose = {n.id for n in ast.walk(value) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    again = any(isinstance(n, Comprehension | ast.Lambda) for n in ast.walk(value))
    for parameter, argument in zip(arguments.args, call.args, strict=True):
        simple = isinstance(argument, _SIMPLE) and sum(1 for _ in ast.walk(argument)) <= _MOST_SIMPLE
        once = len(uses(value, parameter.arg)) == 1 and not again
        if isinstance(argument, ast.Starred) or used(argument) & loose or not (simple or once):
            return False
    return True


OPERATORS = (Operator("expression_of_call", "rewrites", expression_of_call),)
