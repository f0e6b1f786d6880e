"""A rewrite of loops over the beginning of a text or list, each time from its start: what is known after each thing."""

import ast
import itertools
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, places, reads_first, span, step_of
from shoal.propose._pieces import shown
from shoal.propose._rewrites_nest import start_of
from shoal.propose._rewrites_parts import LOOPS, Rewrite, again, changed_by, read_later, text_with, widest
from shoal.propose._rewrites_places import is_no_less
from shoal.propose._rewrites_pure import is_pure
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]


class Begun(NamedTuple):
    """A loop over the beginning of a text or list, which finds out some numbers from its start on.

    Attributes:
        inner: the loop.
        part: what tells how far it goes, as it is written: `text[:end]`, or the end in `range(end)`.
        values: the text or list.
        end: the place after the last thing.
        whole: what is gone through when all of it is.
        starts: what is found out, each with the assignment of what it is at first.
        outer: the statement before which all of it can be found out.
    """

    inner: Place
    part: ast.expr
    values: ast.expr
    end: ast.expr
    whole: str
    starts: dict[str, tuple[Place, ast.expr]]
    outer: Place


def known_after(draft: Draft) -> Change | None:
    """What a loop finds out about the beginning of a text, each time from its start, is found once for all of these."""
    program = draft.program
    begun = draft.pick(list(_begun(program)))
    rewrite, (first, last) = Rewrite(program), span(program, begun.inner.statement)
    known, names = rewrite.name("known"), ", ".join(begun.starts)
    told = f"({names})" if len(begun.starts) > 1 else names
    text = text_with(program, first, last, [(program.start(begun.part), program.end(begun.part), begun.whole)])
    rewrite.before(
        begun.outer,
        *(f"{name} = {program.text(value)}" for name, (_, value) in begun.starts.items()),
        f"{known} = [{told}]",
        *textwrap.dedent(text).splitlines(),
        f"{step_of(begun.inner.block)}{known}.append({told})",
    )
    for place, _ in begun.starts.values():
        rewrite.drop(place)
    rewrite.cut(first, last, f"{begun.inner.block.indent}{names} = {known}[{_place(program, begun)}]\n")
    return rewrite.change(f"what is known after each of {shown(program.text(begun.values))} (line {_line(begun)})")


def _line(begun: Begun) -> int:
    return begun.inner.statement.lineno


def _place(program: Program, begun: Begun) -> str:
    """How many things a beginning has."""
    end, positive = program.text(begun.end), is_no_less(program, begun.inner, begun.end)
    length = f"len({program.text(begun.values)})"
    if isinstance(begun.part, ast.Subscript):
        return f"min({end}, {length})" if positive else f"slice({end}).indices({length})[1]"
    return end if positive else f"max(0, {end})"


def _begun(program: Program) -> Iterator[Begun]:
    for inner in places(program):
        loop = inner.statement
        if not isinstance(loop, ast.For) or loop.orelse or not all(_is_simple(loop, one) for one in loop.body):
            continue
        found = _beginning(program, loop)
        if found is None:
            continue
        part, values, end, whole = found
        inside = bound(loop)
        starts = _starts(program, inner, inside - bound(loop.target))
        around = list(itertools.takewhile(lambda one: isinstance(one.statement, LOOPS), again(inner)))
        free = reads_first(ast.Module(body=loop.body, type_ignores=[])) - inside
        outer = widest(program, around, free | reads_first(values)) if starts and is_pure(program, part) else None
        if outer is None or not _is_steady(inner, outer, set(starts), inside):
            continue
        moving, needed = set().union(*(changed_by(program, one) for one in around)), reads_first(end)
        if needed & moving and not needed & inside:
            yield Begun(inner, part, values, end, whole, starts, outer)


def _beginning(program: Program, loop: ast.For) -> tuple[ast.expr, ast.expr, ast.expr, str] | None:
    """What a loop goes through: how that is written, the text or list, the end, and how all of it is written."""
    gone = loop.iter
    if (
        isinstance(gone, ast.Call)
        and ast.unparse(gone.func) == "enumerate"
        and len(gone.args) == 1
        and not gone.keywords
    ):
        gone = gone.args[0]
    match gone:
        case ast.Subscript(value=values, slice=ast.Slice(lower=None, upper=ast.expr() as end, step=None)):
            return gone, values, end, program.text(values)
        case ast.Call(func=ast.Name(id="range"), args=[end], keywords=[]) if isinstance(loop.target, ast.Name):
            read = [one for one in ast.walk(_first(loop.body[0])) if isinstance(one, ast.Subscript)]
            if read and all(ast.unparse(one.slice) == loop.target.id for one in read):
                values = read[0].value
                return end, values, end, f"len({program.text(values)})"
    return None


def _first(statement: ast.stmt) -> ast.AST:
    """What a statement surely evaluates, as soon as it comes."""
    match statement:
        case ast.If(test=test) if not isinstance(test, ast.BoolOp | ast.IfExp):
            return test
        case ast.Assign(value=value) | ast.AugAssign(value=value) if not isinstance(value, ast.BoolOp | ast.IfExp):
            return value
    return ast.Pass()


def _starts(program: Program, inner: Place, names: set[str]) -> dict[str, tuple[Place, ast.expr]]:
    """What starts as a constant right before a loop and is changed there, in order."""
    found = {}
    for name in names:
        start = start_of(program, inner, name)
        if start is not None and _is_constant(start.value) and isinstance(start.place.statement, ast.Assign):
            found[name] = (start.place, start.value)
    return dict(sorted(found.items(), key=lambda one: one[1][0].index))


def _is_constant(value: ast.expr) -> bool:
    match value:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float())):
            return True
        case ast.Constant(value=bool() | int() | float() | None):
            return True
    return False


def _is_steady(inner: Place, outer: Place, found: set[str], inside: set[str]) -> bool:
    """Whether a loop hands on nothing but what it finds out, and its names mean nothing around."""
    carried = reads_first(ast.Module(body=inner.statement.body, type_ignores=[])) & inside  # type: ignore[attr-defined]
    target = bound(inner.statement.target)  # type: ignore[attr-defined]
    if carried - found - target or target & found or read_later(inner, inside - found):
        return False
    return not reads_first(outer.statement) & inside and not read_later(outer, inside)


_TELLING = ("isalnum", "isalpha", "isdigit", "isspace", "isupper", "islower", "lower", "upper")
_NODES = (
    *(ast.If, ast.Assign, ast.AugAssign, ast.Pass, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.IfExp),
    *(ast.Name, ast.Constant, ast.Tuple, ast.Set, ast.Add, ast.Sub),
    *(ast.expr_context, ast.cmpop, ast.boolop, ast.unaryop),
)


def _is_simple(loop: ast.For, statement: ast.stmt) -> bool:
    """Whether a statement compares things and counts, which goes well for all things, and keeps what it finds small."""
    for node in ast.walk(statement):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(), attr=method), args=[], keywords=[]):
                if method not in _TELLING:
                    return False
            case ast.Call(func=ast.Name(id="max" | "min"), args=[_, _], keywords=[]):
                continue
            case ast.Subscript(slice=ast.Name(id=name), ctx=ast.Load()):
                if not isinstance(loop.target, ast.Name) or name != loop.target.id:
                    return False
            case ast.Attribute(attr=method):
                if method not in _TELLING:
                    return False
            case ast.Assign(targets=targets) if not all(isinstance(one, ast.Name) for one in targets):
                return False
            case ast.AugAssign(target=target) if not isinstance(target, ast.Name):
                return False
            case _ if not isinstance(node, _NODES):
                return False
    return True


OPERATORS = (Operator("known_after", "rewrites", known_after),)
