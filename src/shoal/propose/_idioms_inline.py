"""Inline: a call of an own function gives way to the function's statements, so that edits reach across the border."""

import ast
import copy
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._idioms_cut import body_of, fresh
from shoal.propose._lines import bound, indented, local_names, span, used
from shoal.propose._pieces import Piece, piece
from shoal.propose._returns import settled
from shoal.propose._trace import writes
from shoal.syntax._program import Program
from shoal.syntax._serial import is_empty
from shoal.syntax._sites import Block, Comprehension

__all__ = ["OPERATORS", "Site", "called", "inline", "inlined", "sites"]

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


def called(program: Program, block: Block) -> list[Site]:
    """As `sites`, of functions that may return anywhere but in loops within loops, also in what an `if` asks, what a
    loop goes through, and what is added to something.
    """
    found = []
    for statement in block.statements:
        head: ast.AST
        match statement:
            case ast.If(test=head) if program.data[program.start(statement) :][:2] == b"if":
                pass
            case ast.For(iter=head) | ast.AugAssign(value=head):
                pass
            case ast.Assign() | ast.AnnAssign() | ast.Return() | ast.Expr():
                head = statement
            case _:
                continue
        for call in _calls(head):
            body = body_of(program, call.func.id)  # type: ignore[attr-defined]
            other = body is not None and body.owner is not block.owner
            if body is not None and other and _plain(body, call) and settled(body.statements, "_") is not None:
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
    assert body.function is not None
    last = body.statements[-1]
    returns = [n for n in ast.walk(body.function) if isinstance(n, ast.Return)]
    return returns == [last] and last.value is not None and _plain(body, call)  # type: ignore[attr-defined]


def _plain(body: Block, call: ast.Call) -> bool:
    """Whether a function takes what it is given, does not call itself, and holds no other function."""
    function = body.function
    assert isinstance(function, ast.FunctionDef)
    nodes = list(ast.walk(function))
    inner = any(isinstance(n, ast.FunctionDef | ast.ClassDef | ast.Lambda) for n in nodes if n is not function)
    texts = any(
        isinstance(n, ast.Constant) and n.lineno != n.end_lineno for s in body.statements[1:] for n in ast.walk(s)
    )
    arguments = function.args
    plain = not (arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.defaults)
    return (
        not (inner or texts or function.decorator_list)
        and plain
        and len(call.args) == len((*arguments.posonlyargs, *arguments.args))
        and not any(isinstance(a, ast.Starred) for a in call.args)
        and function.name not in used(function)
        and len(nodes) < 100 * _LONGEST
    )


def inlined(program: Program, site: Site, *, bare: bool = False) -> str | None:
    """The program's text with one call less; None where names would get in each other's way.

    ``bare``: comments and the layout of the function are left behind, where it stays as it is. It may return anywhere
    then, but in loops within loops.
    """
    function = site.body.function
    assert isinstance(function, ast.FunctionDef) and site.block.function is not None
    returned = "" if _simple(site.body, site.call) else fresh(program, f"{function.name.strip('_')}_result")
    own = local_names(function)
    here = local_names(site.block.function)
    if (used(function) - own - _loose(program, function)) & here:
        return None
    renamed, first = _names(program, site, own, here | used(site.block.function))
    old, new = site.body.indent or "", site.block.indent or ""
    given = {a.arg for a in (*function.args.posonlyargs, *function.args.args)}
    body = settled(site.body.statements, returned, given) if returned else site.body.statements[:-1]
    statements = [s for s in body or [] if not is_empty(s)]
    parts = [_unparsed(s, renamed) if bare else _renamed(program, s, *span(program, s), renamed) for s in statements]
    text = first + "".join(indented(part, old="" if bare else old, new=new) for part in parts)
    result = returned or _returned(program, site.body.statements[-1].value, renamed)  # type: ignore[attr-defined]
    at = span(program, site.statement)[0]
    return program.spliced([(at, at, text), (program.start(site.call), program.end(site.call), result)])


def _loose(program: Program, function: ast.FunctionDef) -> set[str]:
    """Names that mean something only in comprehensions of a function: nothing outside is called so."""
    inside = {id(n) for made in ast.walk(function) if isinstance(made, Comprehension) for n in ast.walk(made)}
    names = [n for n in ast.walk(function) if isinstance(n, ast.Name)]
    loose = {n.id for n in names if id(n) in inside and not isinstance(n.ctx, ast.Load)}
    elsewhere = {n.id for n in names if id(n) not in inside}
    return loose - elsewhere - set().union(*map(bound, program.tree.body))


def _returned(program: Program, value: ast.expr, renamed: dict[str, str]) -> str:
    result = _renamed(program, value, program.start(value), program.end(value), renamed)
    return Piece(result, piece(program, value).atomic).operand()


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
