"""Rewrites of lists and texts that grow and are counted meanwhile: the counts are kept beside them."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place
from shoal.propose._rewrites_parts import Rewrite, functions, parent, place_of, text_with, uses
from shoal.propose._rewrites_pure import is_pure
from shoal.propose._rewrites_seen import Grown, grown_lists, is_told, line_after, starts_empty
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]


class Text(NamedTuple):
    """A text that only grows at its end, and in which a letter is counted.

    Attributes:
        name: of the text.
        first: the assignment that begins it.
        grows: the statements that add something, and where that stands.
        letter: the argument of `count`, as it is written.
        counts: the calls.
    """

    name: str
    first: Place
    grows: list[tuple[Place, tuple[int, int]]]
    letter: str
    counts: list[ast.Call]


def count_growing(draft: Draft) -> Change | None:
    """`xs.count(x)` of a list that grows is told by a `collections.Counter` beside it."""
    program = draft.program
    grown, calls = draft.pick([(one, calls) for one in _told_lists(program) if (calls := _counts(program, one))])
    rewrite, place = Rewrite(program), grown.first[0]
    counts = rewrite.name(f"{grown.name}_counts")
    kind = f"{rewrite.module(place.block, 'collections')}.Counter"
    _beside(rewrite, grown, counts, kind=kind, one=f"{counts}[{{}}] += 1")
    for call in calls:
        rewrite.replace(call, f"{counts}[{program.text(call.args[0])}]")
    return rewrite.change(f"{grown.name} has counts of its things beside it (line {place.statement.lineno})")


def set_growing(draft: Draft) -> Change | None:
    """`set(xs)` of a list that grows, asked for its length or whether it has something, is a set kept beside it."""
    program = draft.program
    grown, calls = draft.pick([(one, calls) for one in _told_lists(program) if (calls := _sets(program, one))])
    rewrite, place = Rewrite(program), grown.first[0]
    beside = rewrite.name(f"{grown.name}_set")
    _beside(rewrite, grown, beside, kind="set", one=f"{beside}.add({{}})")
    for call in calls:
        rewrite.replace(call, beside)
    return rewrite.change(f"{grown.name} has a set of its things beside it (line {place.statement.lineno})")


def _told_lists(program: Program) -> Iterator[Grown]:
    yield from (grown for grown in grown_lists(program) if is_told(program, grown))


def _beside(rewrite: Rewrite, grown: Grown, name: str, *, kind: str, one: str) -> None:
    """Keep a ``kind`` of the list's things beside it; ``one`` is what takes in a thing, "{}"."""
    program, place = rewrite.program, grown.first[0]
    held = "" if starts_empty(grown) else grown.name
    rewrite.cut(*line_after(program, place), f"{place.block.indent}{name} = {kind}({held})\n")
    for call, at in grown.appends:
        single = isinstance(call.func, ast.Attribute) and call.func.attr == "append"
        line = one if single else f"{name}.update({{}})"
        rewrite.cut(*line_after(program, at), f"{at.block.indent}{line.format(program.text(call.args[0]))}\n")


def _counts(program: Program, grown: Grown) -> list[ast.Call]:
    found = []
    for use in grown.others:
        match parent(program, use):
            case ast.Attribute(attr="count") as method:
                match parent(program, method):
                    case ast.Call(args=[wanted], keywords=[]) as call if is_pure(program, wanted):
                        found.append(call)
    return found


def _sets(program: Program, grown: Grown) -> list[ast.Call]:
    found = []
    for use in grown.others:
        call = parent(program, use)
        match call:
            case ast.Call(func=ast.Name(id="set"), args=[_], keywords=[]):
                pass
            case _:
                continue
        match parent(program, call):
            case ast.Call(func=ast.Name(id="len")):
                found.append(call)
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[searched]) if searched is call:
                found.append(call)
    return found


# -- texts -------------------------------------------------------------------------------------------------------------


def letters_growing(draft: Draft) -> Change | None:
    """`text.count("x")` of a text that grows is a number kept beside it."""
    program = draft.program
    found = draft.pick(list(_texts(program)))
    rewrite = Rewrite(program)
    count = rewrite.name(f"{found.name}_count")
    rewrite.after(found.first, f"{count} = {found.name}.count({found.letter})")
    inner = []
    for place, (start, end) in found.grows:
        inside = [call for call in found.counts if start <= program.start(call) < end]
        added = text_with(program, start, end, [(program.start(one), program.end(one), count) for one in inside])
        added = f"({added.strip()})" if "\n" in added else added.strip()
        inner += inside
        if added.isidentifier():
            rewrite.after(place, _counted(found, count, added))
        else:
            piece = rewrite.name("piece")
            rewrite.within(place, f"{piece} = {added}", f"{found.name} += {piece}", _counted(found, count, piece))
    for call in found.counts:
        if call not in inner:
            rewrite.replace(call, count)
    line = found.first.statement.lineno
    return rewrite.change(f"{found.letter} in {found.name} are counted as it grows (line {line})")


def _counted(found: Text, count: str, piece: str) -> str:
    return f"{count} += {piece}.count({found.letter})"


def _texts(program: Program) -> Iterator[Text]:
    for block in functions(program):
        function = block.function
        assert function is not None
        stored = [n for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        for name in sorted({n.id for n in stored}):
            written = [use for use in stored if use.id == name]
            grows = {use: step for use in written if (step := _growth(program, use)) is not None}
            firsts = [_assignment(program, use) for use in written if use not in grows]
            if len(firsts) != 1 or firsts[0] is None or not grows:
                continue
            calls = list(_letter_counts(program, function, name))
            for letter in dict.fromkeys(text for text, _ in calls):
                same = [call for text, call in calls if text == letter]
                yield Text(name, firsts[0], list(grows.values()), letter, same)


def _assignment(program: Program, use: ast.Name) -> Place | None:
    statement = parent(program, use)
    return place_of(program, statement) if isinstance(statement, ast.Assign) else None


def _growth(program: Program, use: ast.Name) -> tuple[Place, tuple[int, int]] | None:
    """The statement, and where what it adds stands, if the name grows at its end; None for anything else."""
    statement = parent(program, use)
    place = place_of(program, statement) if isinstance(statement, ast.stmt) else None
    match statement:
        case ast.AugAssign(op=ast.Add(), value=added) if place is not None:
            return place, (program.start(added), program.end(added))
        case ast.Assign(targets=[_], value=ast.BinOp() as whole) if place is not None:
            left = _first_operand(whole)
            if isinstance(left, ast.Name) and left.id == use.id:
                return place, (program.data.index(b"+", program.end(left)) + 1, program.end(whole))
    return None


def _first_operand(node: ast.expr) -> ast.expr:
    """The first of `a + b + c`; of anything else the expression itself."""
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        node = node.left
    return node


def _letter_counts(program: Program, function: ast.AST, name: str) -> Iterator[tuple[str, ast.Call]]:
    for use in uses(function, name):
        match parent(program, use):
            case ast.Attribute(attr="count") as method:
                match parent(program, method):
                    case ast.Call(args=[ast.Constant(value=str() as letter) as given], keywords=[]) as call:
                        if len(letter) == 1:
                            yield program.text(given), call


OPERATORS = (
    Operator("count_growing", "rewrites", count_growing),
    Operator("set_growing", "rewrites", set_growing),
    Operator("letters_growing", "rewrites", letters_growing),
)
