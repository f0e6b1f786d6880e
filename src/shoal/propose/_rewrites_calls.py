"""Rewrites of calls of own functions: what they return is computed where they are called."""

import ast
from collections.abc import Iterator

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._idioms_cut import body_of
from shoal.propose._lines import bound, local_names, used
from shoal.propose._rewrites_parts import Rewrite, bracketed, exchanged_text, expressions, uses
from shoal.syntax._program import Program
from shoal.syntax._serial import is_empty
from shoal.syntax._sites import Block, Comprehension, Site

__all__ = ["OPERATORS"]

_SIMPLE = ast.Name | ast.Constant | ast.Attribute | ast.Subscript
_MOST_SIMPLE = 12  # parts of an argument that may be evaluated several times


def expression_of_call(draft: Draft) -> Change | None:
    """What an own function of one expression returns takes the place of its calls in a function."""
    program = draft.program
    name, sites = draft.pick(list(_short_functions(program)))
    body = body_of(program, name)
    assert body is not None and isinstance(body.function, ast.FunctionDef)
    parts = _parts(body)
    rewrite = Rewrite(program)
    for site in sites:
        assert isinstance(site.node, ast.Call)
        given = zip(body.function.args.args, site.node.args, strict=True)
        by_name = {a.arg: bracketed(program, argument) for a, argument in given}
        pieces = [
            exchanged_text(program, part, {use: text for name, text in by_name.items() for use in uses(part, name)})
            for part in parts
        ]
        if len(pieces) == 1:
            rewrite.exchange(site, pieces[0])
        else:
            made, target, iterated, test, other = pieces
            rewrite.replace(site.node, f"next(({made} for {target} in {iterated} if {test}), {other})")
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
    parts = _parts(body)
    arguments = function.args
    plain = not (arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.posonlyargs)
    here = local_names(site.block.function) | set(site.loose)
    if (
        not parts
        or function is site.block.function
        or function.decorator_list
        or not plain
        or len(call.args) != len(arguments.args)
        or name in here
    ):
        return False
    value = ast.Tuple(parts)
    own = {a.arg for a in arguments.args}
    one_line = all(part.lineno == part.end_lineno for part in parts)
    loose = {n.id for n in ast.walk(value) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    loose |= {n.arg for n in ast.walk(value) if isinstance(n, ast.arg)}
    searched = len(parts) > 1
    if not one_line or (used(value) - own - loose) & here or (bound(value) and not searched) or loose & own:
        return False
    again = searched or any(isinstance(n, Comprehension | ast.Lambda) for n in ast.walk(value))
    for parameter, argument in zip(arguments.args, call.args, strict=True):
        simple = isinstance(argument, _SIMPLE) and sum(1 for _ in ast.walk(argument)) <= _MOST_SIMPLE
        once = len(uses(value, parameter.arg)) == 1 and not again
        if isinstance(argument, ast.Starred) or used(argument) & loose or not (simple or once):
            return False
    return True


def _parts(body: Block) -> list[ast.expr]:
    """What a function returns, where it is one expression; of one that returns the first thing that fits, five parts.

    These are what it returns of that thing, the thing, where it is looked for, the condition, and what it returns else.
    """
    match [s for s in body.statements if not is_empty(s)]:
        case [ast.Return(value=ast.expr() as value)]:
            return [value]
        case [
            ast.For(
                target=target,
                iter=iterated,
                body=[ast.If(test=test, body=[ast.Return(value=ast.expr() as made)], orelse=[])],
                orelse=[],
            ),
            ast.Return(value=ast.expr() as other),
        ]:
            return [made, target, iterated, test, other]
    return []


OPERATORS = (Operator("expression_of_call", "rewrites", expression_of_call),)
