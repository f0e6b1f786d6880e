"""A rewrite of searches by a regular expression that holds a whole text: they begin where that text is there at all."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place
from shoal.propose._pieces import shown
from shoal.propose._rewrites_parts import Rewrite, bracketed, expressions, parent, place_of, repeats, uses, values_of
from shoal.propose._rewrites_pure import is_pure, module_aliases
from shoal.syntax._program import Program
from shoal.syntax._sites import Site

__all__ = ["OPERATORS"]

_AROUND = re.compile(r"(\\[bBAZsSdDwW]|[\w ,:;^$-])*")
"""What may stand around the text in an expression: what neither makes it optional nor gives it alternatives."""

_NOTHING = {"search": "None", "match": "None", "fullmatch": "None", "findall": "[]"}
"""What a search says where there is nothing."""


class Search(NamedTuple):
    """A call that searches by an expression.

    Attributes:
        site: the call.
        method: of `re`, or of what `re.compile` gives.
        text: what must be there, as it stands in the program.
        searched: in what.
        compiled: the statement that compiles the expression for this call alone, and its value; None where none does.
    """

    site: Site
    method: str
    text: str
    searched: ast.expr
    compiled: tuple[Place, ast.expr] | None


def looked_first(draft: Draft) -> Change | None:
    """`re.sub("^" + re.escape(x), y, text)` is called only where x is in the text at all."""
    program = draft.program
    found = draft.pick(list(_searches(program)))
    rewrite, call = Rewrite(program), found.site.node
    searched = bracketed(program, found.searched)
    text = program.text(call)
    if found.compiled is not None:
        place, value = found.compiled
        method = call.func  # type: ignore[attr-defined]
        start = program.end(method.value)
        text = program.text(value) + program.data[start : program.end(call)].decode()
        rewrite.drop(place)
    nothing = searched if found.method == "sub" else _NOTHING[found.method]
    rewrite.exchange(found.site, f"{text} if {found.text} in {searched} else {nothing}")
    return rewrite.change(f"{shown(found.text)} looked for before the expression is (line {call.lineno})")


def _searches(program: Program) -> Iterator[Search]:
    for site in expressions(program):
        call = site.node
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or not repeats(site):
            continue
        if call.keywords or not call.args or not is_pure(program, call) or _is_guarded(site):
            continue
        method, owner = call.func.attr, call.func.value
        if method not in ("sub", *_NOTHING):
            continue
        compiled = _compiled(program, site, owner)
        if isinstance(owner, ast.Name) and module_aliases(program).get(owner.id) == "re":
            pattern, rest = call.args[0], call.args[1:]
        elif compiled is not None and isinstance(compiled[1], ast.Call):
            pattern, rest = compiled[1].args[0], call.args
        else:
            continue
        text = _held(program, pattern)
        if text is not None and len(rest) == (2 if method == "sub" else 1):
            yield Search(site, method, text, rest[-1], compiled)


def _is_guarded(site: Site) -> bool:
    return isinstance(site.parent, ast.IfExp) and site.field == "body"


def _compiled(program: Program, site: Site, owner: ast.expr) -> tuple[Place, ast.expr] | None:
    """The statement right before, in the same block, that compiles an expression for one call."""
    function = site.block.function
    if not isinstance(owner, ast.Name) or function is None:
        return None
    values = values_of(function, owner.id) or []
    if len(values) != 1 or len(uses(function, owner.id)) != 2:
        return None
    place = place_of(program, parent(program, values[0]))  # type: ignore[arg-type]
    match values[0]:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr="compile"), args=[_], keywords=[]):
            near = place is not None and place.block is site.block and place.index == site.place - 1
            is_re = module_aliases(program).get(module) == "re"
            return (place, values[0]) if place is not None and near and is_re and not site.loose else None
    return None


def _held(program: Program, pattern: ast.expr) -> str | None:
    """The text that an expression escapes, where it cannot be found without that."""
    match pattern:
        case ast.BinOp(op=ast.Add()):
            parts = _added(pattern)
        case ast.JoinedStr(values=values):
            shown_so = any(isinstance(v, ast.FormattedValue) and (v.conversion != -1 or v.format_spec) for v in values)
            parts = [v.value if isinstance(v, ast.FormattedValue) else v for v in values] if not shown_so else []
        case _:
            parts = [pattern]
    escaped = [text for part in parts if (text := _escaped(program, part)) is not None]
    around = [part for part in parts if _escaped(program, part) is None]
    texts = [part.value for part in around if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    if len(escaped) != 1 or len(texts) != len(around) or not all(_AROUND.fullmatch(text) for text in texts):
        return None
    return escaped[0]


def _added(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [*_added(left), *_added(right)]
    return [node]


def _escaped(program: Program, part: ast.expr) -> str | None:
    match part:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=module), attr="escape"), args=[ast.Name() | ast.Subscript() as held]
        ) if module_aliases(program).get(module) == "re":
            return program.text(held)
    return None


OPERATORS = (Operator("looked_first", "rewrites", looked_first),)
