"""Rewrites of helpers that go through something in every call: they become functions, or lines, of their caller's."""

import ast
import copy
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._idioms_cut import body_of
from shoal.propose._idioms_inline import Site, called, inlined
from shoal.propose._idioms_memoise import pure_names
from shoal.propose._lines import Place, bound, local_names, step_of, used
from shoal.propose._rewrites_parts import (
    LOOPS,
    Rewrite,
    again,
    expressions,
    place_of,
    repeats,
    widest,
)
from shoal.propose._rewrites_pure import mutated
from shoal.syntax._program import Program
from shoal.syntax._serial import is_empty
from shoal.syntax._sites import Block, Comprehension
from shoal.syntax._words import words

__all__ = ["OPERATORS"]

_STRANGE = (
    ast.FunctionDef | ast.ClassDef | ast.Lambda | ast.Yield | ast.YieldFrom | ast.Await | ast.Global | ast.Nonlocal
)
_THROUGH = words("all any list max min set sorted sum tuple")


class Helper(NamedTuple):
    """An own function that goes through something, called in one place, again and again with some arguments the same.

    Attributes:
        body: of the function.
        call: the only one.
        fixed: places of the arguments that are the same, and the names that are given there.
        place: the statement of the caller before which the function can stand.
    """

    body: Block
    call: ast.Call
    fixed: dict[int, str]
    place: Place


def local_helper(draft: Draft) -> Change | None:
    """A helper becomes a function inside its caller, before the loop that calls it, with what is the same left out.

    Nothing is won by that itself: other rewrites see then what is the same in all its calls. The helper stays where
    it is, for others.
    """
    program = draft.program
    helper = draft.pick(list(_helpers(program)))
    function = helper.body.function
    assert isinstance(function, ast.FunctionDef)
    rewrite = Rewrite(program)
    name = rewrite.name(f"{function.name}_here")
    parameters = function.args.args
    kept = [program.text(a) for k, a in enumerate(parameters) if k not in helper.fixed]
    step = step_of(helper.place.block)
    renaming = _Renaming({parameters[k].arg: given for k, given in helper.fixed.items()})
    statements = [renaming.visit(copy.deepcopy(s)) for s in helper.body.statements if not is_empty(s)]
    lines = [step + line for s in statements for line in ast.unparse(s).splitlines()]
    rewrite.before(helper.place, f"def {name}({', '.join(kept)}):", *lines, "")
    given = ", ".join(program.text(a) for k, a in enumerate(helper.call.args) if k not in helper.fixed)
    rewrite.replace(helper.call, f"{name}({given})")
    return rewrite.change(f"{function.name} inside its caller (line {helper.call.lineno})")


class _Renaming(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.names.get(node.id, node.id)
        return node


def _helpers(program: Program) -> Iterator[Helper]:
    calls = [n for n in ast.walk(program.tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
    for site in expressions(program):
        match site.node:
            case ast.Call(func=ast.Name(id=name), keywords=[]) as call if around := repeats(site):
                body = body_of(program, name)
                alone = sum(other.func.id == name for other in calls) == 1  # type: ignore[attr-defined]
                if body is None or not alone or name in program.entry:
                    continue
                names = {a.id for a in call.args if isinstance(a, ast.Name)} - set(site.loose)
                places = [place for one in names if (place := widest(program, around, {one})) is not None]
                place = max(places, key=around.index, default=None)
                if place is not None and place.block.function is not body.function:
                    fixed = _fixed(program, body, call, around[: around.index(place) + 1], names)
                    if fixed and _is_movable(body, place, fixed):
                        yield Helper(body, call, fixed, place)


def _fixed(program: Program, body: Block, call: ast.Call, around: list[Place], names: set[str]) -> dict[int, str]:
    """The arguments that stay the same within some statements: names that the function does not change."""
    function = body.function
    assert isinstance(function, ast.FunctionDef)
    if len(call.args) != len(function.args.args) or any(isinstance(a, ast.Starred) for a in call.args):
        return {}
    touched = mutated(program, *function.body).union(*map(bound, function.body))
    found = {}
    for k, (parameter, given) in enumerate(zip(function.args.args, call.args, strict=True)):
        fixed = isinstance(given, ast.Name) and given.id in names and parameter.arg not in touched
        if isinstance(given, ast.Name) and fixed and widest(program, around, {given.id}) is around[-1]:
            found[k] = given.id
    return found if len(found) < len(call.args) else {}


def _is_movable(body: Block, place: Place, fixed: dict[int, str]) -> bool:
    """Whether a function is plain, goes through something, and means the same inside another one."""
    function, caller = body.function, place.block.function
    assert isinstance(function, ast.FunctionDef) and caller is not None
    given, arguments = set(fixed.values()), function.args
    special = (arguments.vararg, arguments.kwarg, *arguments.kwonlyargs, *arguments.posonlyargs, *arguments.defaults)
    statements = [s for s in body.statements if not is_empty(s)]
    inside = [n for s in statements for n in ast.walk(s)]
    strange = any(isinstance(n, _STRANGE) or _is_long_text(n) for n in inside) or function.decorator_list
    looks = any(isinstance(n, LOOPS | Comprehension | ast.Slice) or _is_count(n) for n in inside)
    own, kept = local_names(function), {a.arg for k, a in enumerate(arguments.args) if k not in fixed}
    others = own - {a.arg for a in arguments.args} | kept
    clash = (used(function) - own) & local_names(caller) or given & others or function.name in used(function)
    return looks and not any(special) and not strange and not clash


def _is_count(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "count"


def _is_long_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant | ast.JoinedStr) and node.lineno != node.end_lineno


def helper_in_place(draft: Draft) -> Change | None:
    """A helper with a loop of its own, called in a loop, gives way to its statements: what it makes anew in each round
    is then seen by other rewrites. The helper stays where it is, for others.
    """
    program = draft.program
    site = draft.pick(list(_called_in_loops(program)))
    name = site.body.function.name  # type: ignore[union-attr]
    text = inlined(program, site, bare=True)
    note = f"{name} where it is called (line {site.statement.lineno})"
    return Change(note=note, splices=[(0, len(program.data), text)]) if text is not None else None


def _called_in_loops(program: Program) -> Iterator[Site]:
    pure = program.derived(pure_names)
    for block in program.sites.blocks:
        if block.function is None or block.indent is None:
            continue
        for site in called(program, block):
            place = place_of(program, site.statement)
            looks = any(_goes_through(n) for s in site.body.statements for n in ast.walk(s))
            if looks and place is not None and again(place) and site.body.function.name in pure:  # type: ignore[union-attr]
                yield site


def _goes_through(node: ast.AST) -> bool:
    """Whether an expression or a statement goes through all of something."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name in _THROUGH
    return isinstance(node, LOOPS | Comprehension)


OPERATORS = (
    Operator("local_helper", "rewrites", local_helper),
    Operator("helper_in_place", "rewrites", helper_in_place),
)
