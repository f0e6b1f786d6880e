"""Inline: a call of an own function gives way to the function's statements, so that edits reach across the border."""

import ast
import copy
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._idioms_cut import body_of, fresh
from shoal.propose._lines import indented, local_names, span, used
from shoal.propose._pieces import Piece, piece
from shoal.propose._trace import writes
from shoal.syntax._program import Program
from shoal.syntax._serial import is_empty
from shoal.syntax._sites import Block, Comprehension

__all__ = ["OPERATORS", "Site", "inline", "inlined", "sites"]

_UNSURE = ast.Lambda | Comprehension | ast.IfExp | ast.BoolOp
_LONGEST = 40
"""Statements that a function may have."""


class Site(NamedTuple):
    """A call that can give way: in which statement, and the called function's body."""

    block: Block
    statement: ast.stmt
    call: ast.Call
    body: Block


def inline(draft: Draft) -> Change | None:
    """Put a function's statements where it is called."""
    program = draft.program
    site = draft.pick([site for block in _functions(program) for site in sites(program, block)])
    text = inlined(program, site)
    name = site.body.function.name  # type: ignore[union-attr]
    return text and Change(  # type: ignore[return-value]
        note=f"{name} where it is called (line {site.statement.lineno})",
        splices=[(0, len(program.data), text)],
        details={"template": "inline"},
    )


def _functions(program: Program) -> Iterator[Block]:
    for statement in program.region.mutable:
        if isinstance(statement, ast.FunctionDef) and (block := body_of(program, statement.name)):
            yield block


def sites(program: Program, block: Block) -> list[Site]:
    """The calls in a function's own statements that can give way."""
    found = []
    for statement in block.statements:
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Return | ast.Expr):
            for call in _calls(statement):
                body = body_of(program, call.func.id)  # type: ignore[attr-defined]
                if body is not None and body.owner is not block.owner and _simple(body, call):
                    found.append(Site(block, statement, call, body))
    return found


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    """Calls by name that are surely made, once."""
    if isinstance(node, _UNSURE):
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _calls(child)


def _simple(body: Block, call: ast.Call) -> bool:
    """Whether a function returns at its end only, takes what it is given and does not call itself."""
    function, last = body.function, body.statements[-1]
    assert isinstance(function, ast.FunctionDef)
    nodes = list(ast.walk(function))
    returns = [n for n in nodes if isinstance(n, ast.Return)]
    inner = any(isinstance(n, ast.FunctionDef | ast.ClassDef | ast.Lambda) for n in nodes if n is not function)
    texts = any(
        isinstance(n, ast.Constant) and n.lineno != n.end_lineno for s in body.statements[1:] for n in ast.walk(s)
    )
    arguments = function.args
    plain = not (arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.defaults)
    return (
        returns == [last]
        and last.value is not None  # type: ignore[attr-defined]
        and not (inner or texts or function.decorator_list)
        and plain
        and len(call.args) == len((*arguments.posonlyargs, *arguments.args))
        and not any(isinstance(a, ast.Starred) for a in call.args)
        and function.name not in used(function)
        and len(nodes) < 100 * _LONGEST
    )


def inlined(program: Program, site: Site, *, bare: bool = False) -> str | None:
    """The program's text with one call less; None where names would get in each other's way.

    ``bare``: comments and the layout of the function are left behind, where it stays as it is.
    """
    function = site.body.function
    assert isinstance(function, ast.FunctionDef) and site.block.function is not None
    own = local_names(function)
    here = local_names(site.block.function)
    if (used(function) - own) & here:
        return None
    renamed, first = _names(program, site, own, here | used(site.block.function))
    old, new = site.body.indent or "", site.block.indent or ""
    statements = [s for s in site.body.statements[:-1] if not is_empty(s)]
    parts = [_unparsed(s, renamed) if bare else _renamed(program, s, *span(program, s), renamed) for s in statements]
    text = first + "".join(indented(part, old="" if bare else old, new=new) for part in parts)
    value = site.body.statements[-1].value  # type: ignore[attr-defined]
    result = _renamed(program, value, program.start(value), program.end(value), renamed)
    result = Piece(result, piece(program, value).atomic).operand()
    at = span(program, site.statement)[0]
    return program.spliced([(at, at, text), (program.start(site.call), program.end(site.call), result)])


def _names(program: Program, site: Site, own: set[str], here: set[str]) -> tuple[dict[str, str], str]:
    """What stands for the function's locals at the new place, and the statements that bind its parameters."""
    function, indent = site.body.function, site.block.indent or ""
    assert isinstance(function, ast.FunctionDef)
    changed = set().union(*(writes(s) for s in function.body))
    renamed: dict[str, str] = {}
    first = ""
    for parameter, value in zip((*function.args.posonlyargs, *function.args.args), site.call.args, strict=True):
        if isinstance(value, ast.Name) and value.id in here and parameter.arg not in changed:
            renamed[parameter.arg] = value.id
        elif _goes_through(site.body, parameter.arg):
            renamed[parameter.arg] = program.text(value)
        else:
            renamed[parameter.arg] = _free(program, parameter.arg, here)
            first += f"{indent}{renamed[parameter.arg]} = {program.text(value)}\n"
    for name in sorted(own - renamed.keys()):
        renamed[name] = _free(program, name, here)
    return renamed, first


def _goes_through(body: Block, name: str) -> bool:
    """Whether all that a function does with something is to go through it, once."""
    loops = [
        s for s in body.statements if isinstance(s, ast.For) and isinstance(s.iter, ast.Name) and s.iter.id == name
    ]
    mentions = [n for s in body.statements for n in ast.walk(s) if isinstance(n, ast.Name) and n.id == name]
    return len(loops) == len(mentions) == 1


def _free(program: Program, name: str, here: set[str]) -> str:
    return fresh(program, f"{name}_2") if name in here else name


def _renamed(program: Program, node: ast.AST, start: int, end: int, renamed: dict[str, str]) -> str:
    data = program.data[start:end]
    names = [n for n in ast.walk(node) if isinstance(n, ast.Name) and renamed.get(n.id, n.id) != n.id]
    for name in sorted(names, key=program.start, reverse=True):
        first, last = program.start(name) - start, program.end(name) - start
        data = data[:first] + renamed[name.id].encode() + data[last:]
    return data.decode()


def _unparsed(statement: ast.stmt, renamed: dict[str, str]) -> str:
    made = copy.deepcopy(statement)
    for node in ast.walk(made):
        if isinstance(node, ast.Name):
            node.id = renamed.get(node.id, node.id)
    return f"{ast.unparse(made)}\n"


OPERATORS = (Operator("inline", "idioms", inline),)
