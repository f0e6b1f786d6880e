"""A rewrite of lists and texts that a loop cuts at their front: they stay whole, and an index says where they begin."""

import ast
from collections.abc import Callable, Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place
from shoal.propose._rewrites_parts import Rewrite, bracketed, exchanged_text, loops, parent, read_later, uses
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]

_Text = Callable[[ast.expr], str]


class Shrinking(NamedTuple):
    """A list or text that a loop cuts at its front.

    Attributes:
        place: of the loop.
        name: of the list or text.
        text: whether it is taken for a text.
        at: what the index is called.
    """

    place: Place
    name: str
    text: bool
    at: str = ""


def moving_index(draft: Draft) -> Change | None:
    """`xs = xs[1:]` in a loop becomes an index that moves."""
    program = draft.program
    cut = draft.pick(list(_cut_in_front(program)))
    rewrite = Rewrite(program)
    cut = cut._replace(at=rewrite.name(f"{cut.name}_start"))
    exchanged = _exchanged(program, cut, cut.place.statement)
    if exchanged is None:
        return None
    rewrite.before(cut.place, f"{cut.at} = 0")
    for node, text in exchanged.items():
        rewrite.replace(node, text)
    if read_later(cut.place, {cut.name}):
        rewrite.after(cut.place, f"{cut.name} = {cut.name}[{cut.at}:]")
    return rewrite.change(f"an index into {cut.name} moves (line {cut.place.statement.lineno})")


def _cut_in_front(program: Program) -> Iterator[Shrinking]:
    for place in loops(program):
        names = {_shortened(node) for node in ast.walk(place.statement) if isinstance(node, ast.Subscript)}
        for name in sorted(name for name in names if name and _is_cut(program, place.statement, name)):
            asked = any(isinstance(parent(program, use), ast.Compare) for use in uses(place.statement, name))
            for text in (True, False) if asked else (True,):
                yield Shrinking(place, name, text)


def _shortened(node: ast.Subscript) -> str:
    """The name of `name[k:]`."""
    match node:
        case ast.Subscript(
            value=ast.Name(id=name), slice=ast.Slice(lower=ast.expr() as first, upper=None, step=None), ctx=ast.Load()
        ) if not isinstance(first, ast.UnaryOp):
            return name
    return ""


def _is_cut(program: Program, loop: ast.stmt, name: str) -> bool:
    """Whether a loop sets a name to nothing but parts of it from some place on."""
    stored = [use for use in uses(loop, name) if isinstance(use.ctx, ast.Store)]
    cuts = [_cut(program, use) for use in stored]
    return None not in cuts and any(isinstance(one, ast.Subscript) for one in cuts)


def _cut(program: Program, stored: ast.Name) -> ast.expr | None:
    """The part that a name is set to, alone or besides others, or nothing at all; None where it is something else."""
    over = parent(program, stored)
    value: ast.AST | None = None
    match over:
        case ast.Assign(targets=[target], value=value) if target is stored:
            pass
        case ast.Tuple(elts=targets):
            given = parent(program, over)
            if isinstance(given, ast.Assign) and isinstance(given.value, ast.Tuple) and len(given.targets) == 1:
                values = given.value.elts
                value = values[targets.index(stored)] if len(values) == len(targets) else None
    own = isinstance(value, ast.Subscript) and _shortened(value) == stored.id
    return value if isinstance(value, ast.expr) and (own or _is_nothing(value)) else None


def _is_nothing(value: ast.AST) -> bool:
    return ast.unparse(value) in ("''", "[]")


def _exchanged(program: Program, cut: Shrinking, within: ast.AST) -> dict[ast.AST, str] | None:
    """What takes the place of what, as far out as it goes; None where a mention cannot be told by the index."""
    found: dict[ast.AST, str] = {}
    waiting: list[ast.AST] = [within]
    while waiting:
        node = waiting.pop()
        text = _told(program, cut, node)
        if text is not None:
            found[node] = text
        elif isinstance(node, ast.Name) and node.id == cut.name:
            return None
        else:
            waiting += ast.iter_child_nodes(node)
    return found


def _told(program: Program, cut: Shrinking, node: ast.AST) -> str | None:
    """What is said by the index instead of a node; None for nodes that do not speak of the list themselves."""
    name, at = cut.name, cut.at

    def text(inner: ast.expr) -> str:
        exchanged = _exchanged(program, cut, inner)
        return exchanged_text(program, inner, exchanged) if exchanged is not None else ""  # type: ignore[arg-type]

    match node:
        case ast.Assign(targets=[ast.Name(id=target)], value=ast.Subscript(slice=ast.Slice(lower=lower))) if (
            target == name and lower is not None
        ):
            one = isinstance(lower, ast.Constant) and lower.value == 1
            return f"{at} += 1" if one else f"{at} = {_after(program, cut, lower, text)}"
        case ast.Assign(targets=[ast.Name(id=target)]) if target == name:
            return f"{at} = len({name})"
        case ast.Name(id=same, ctx=ast.Store()) if same == name:
            return at
        case ast.Constant() | ast.List() if _is_nothing(node) and _is_taken(program, node, name):
            return f"len({name})"
        case ast.Subscript(value=ast.Name(id=same), ctx=ast.Load()) if same == name:
            return _told_of_part(program, cut, node, text)
        case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=same)]) if same == name:
            return f"(len({name}) - {at})"
        case ast.Call(func=ast.Attribute(value=ast.Name(id=same), attr=method), args=[asked], keywords=[]) if (
            same == name
        ):
            return _told_of_method(cut, method, text(asked))
        case ast.Compare(left=left, ops=[sign], comparators=[ast.Name(id=same)]) if same == name:
            return _told_of_membership(cut, bracketed(program, left) if not uses(left, name) else "", sign)
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=same)) if same == name:
            return f"{at} >= len({name})"
        case ast.Name(id=same) if same == name:
            return _told_alone(program, cut, node)
    return None


def _after(program: Program, cut: Shrinking, lower: ast.expr, text: _Text) -> str:
    """Where a list begins after a cut, as a slice has it: at its end at the latest."""
    more = text(lower) if uses(lower, cut.name) else program.text(lower)
    counted = f" - {cut.at})"
    within = more.startswith(f"({cut.name}.index(") and more.endswith((counted, f"{counted} + 1"))
    further = _further(cut, more)
    return further if within and more.count(counted) == 1 else f"min({further}, len({cut.name}))"


def _further(cut: Shrinking, more: str) -> str:
    """A place so much further on; what is counted from the index on, as a search is, is told from the start."""
    found, counted, rest = more.partition(f" - {cut.at})")
    if counted and found.startswith(f"({cut.name}.index("):
        return f"{found[1:]}{rest}"
    return f"{cut.at} + {more}"


def _told_of_part(program: Program, cut: Shrinking, node: ast.Subscript, text: _Text) -> str | None:
    name, at = cut.name, cut.at
    match node.slice:
        case ast.Slice(lower=lower, upper=upper, step=None):
            if lower is not None and upper is None and _is_taken(program, node, name):
                return _after(program, cut, lower, text)
            first = _further(cut, text(lower)) if lower is not None else at
            negative = any(isinstance(bound, ast.UnaryOp) for bound in (lower, upper))
            return None if negative else f"{name}[{first} : {_further(cut, text(upper)) if upper is not None else ''}]"
        case ast.UnaryOp():
            return None
        case ast.Slice():
            return None
        case ast.Constant(value=0):
            return f"{name}[{at}]"
    return f"{name}[{at} + {text(node.slice)}]"


def _is_taken(program: Program, node: ast.expr, name: str) -> bool:
    """Whether a value in a row of values is what the name itself is set to."""
    values = parent(program, node)
    given = parent(program, values) if isinstance(values, ast.Tuple) else None
    match given:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=elements)) if values is given.value:
            target = targets[elements.index(node)] if len(targets) == len(elements) else None
            return isinstance(target, ast.Name) and target.id == name
    return False


def _told_of_method(cut: Shrinking, method: str, asked: str) -> str | None:
    name, at = cut.name, cut.at
    match method:
        case "startswith":
            return f"{name}.startswith({asked}, {at})"
        case "index":
            return f"({name}.index({asked}, {at}) - {at})"
        case "find":
            return f"max({name}.find({asked}, {at}) - {at}, -1)"
        case "count" if cut.text:
            return f"{name}.count({asked}, {at})"
    return None


def _told_of_membership(cut: Shrinking, asked: str, sign: ast.cmpop) -> str | None:
    if not asked or not isinstance(sign, ast.In | ast.NotIn):
        return None
    if cut.text:
        return f"{cut.name}.find({asked}, {cut.at}) {'>=' if isinstance(sign, ast.In) else '<'} 0"
    return f"{asked} {'in' if isinstance(sign, ast.In) else 'not in'} {cut.name}[{cut.at}:]"


def _told_alone(program: Program, cut: Shrinking, use: ast.Name) -> str | None:
    """A mention of the whole: whether there is any, or what is left as a copy for somebody who only reads it."""
    over = parent(program, use)
    match over:
        case ast.While() | ast.BoolOp() | ast.IfExp():
            return f"{cut.at} < len({cut.name})" if not isinstance(over, ast.IfExp) or over.test is use else None
        case ast.If() if use is over.test:
            return f"{cut.at} < len({cut.name})"
        case ast.Return() | ast.FormattedValue() | ast.BinOp() | ast.Tuple() | ast.Assign():
            return f"{cut.name}[{cut.at}:]"
    return None


OPERATORS = (Operator("moving_index", "rewrites", moving_index),)
