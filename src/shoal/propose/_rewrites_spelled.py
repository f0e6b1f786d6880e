"""A rewrite of comprehensions as loops: it brings nothing by itself, but many rewrites know loops only."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, places, step_of, used
from shoal.propose._rewrites_parts import Rewrite, exchanged_text, uses
from shoal.syntax._program import Program
from shoal.syntax._sites import Comprehension

__all__ = ["OPERATORS"]


class Made(NamedTuple):
    """A statement whose value is a list that a comprehension makes, or the sum of what it makes.

    Attributes:
        place: of the statement.
        name: that gets the value; "" where it is returned, or appended to something.
        value: the comprehension.
        whole: what the statement does something with: the comprehension, or the sum.
        adds: whether it is added up.
    """

    place: Place
    name: str
    value: ast.ListComp | ast.GeneratorExp
    whole: ast.expr
    adds: bool


def spelled_out(draft: Draft) -> Change | None:
    """A comprehension that does much for each thing becomes a loop that fills a list, or adds up."""
    program = draft.program
    made = draft.pick(list(_made(program)))
    rewrite, step = Rewrite(program), step_of(made.place.block)
    name = made.name or rewrite.name("total" if made.adds else "found")
    lines, indent = [f"{name} = {'0' if made.adds else '[]'}"], ""
    for one in made.value.generators:
        lines.append(f"{indent}for {program.text(one.target)} in {program.text(one.iter)}:")
        indent += step
        for test in one.ifs:
            lines.append(f"{indent}if {program.text(test)}:")
            indent += step
    told = program.text(made.value.elt)
    if not made.adds:
        lines.append(f"{indent}{name}.append({told})")
    elif isinstance(made.value.elt, ast.Compare):
        lines += [f"{indent}if {told}:", f"{indent}{step}{name} += 1"]
    else:
        lines.append(f"{indent}{name} += {told}")
    rest = exchanged_text(program, made.place.statement, {made.whole: name})
    rewrite.within(made.place, *lines, *([] if made.name else [rest]))
    return rewrite.change(f"{name} by a loop (line {made.place.statement.lineno})")


def _made(program: Program) -> Iterator[Made]:
    for place in places(program):
        match place.statement:
            case (
                ast.Return(value=ast.expr() as value)
                | ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(), attr="append"), args=[value]))
            ):
                name = ""
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                pass
            case _:
                continue
        match value:
            case ast.Call(func=ast.Name(id="sum"), args=[ast.ListComp() | ast.GeneratorExp() as inner], keywords=[]):
                found = Made(place, name, inner, value, adds=True)
            case ast.ListComp():
                found = Made(place, name, value, value, adds=False)
            case _:
                continue
        if _is_much(found.value) and _is_alone(program, found):
            yield found


def _is_much(value: ast.ListComp | ast.GeneratorExp) -> bool:
    """Whether more is done for each thing than a few steps, as far as the text tells."""
    if len(value.generators) > 1:
        return True
    inside = [n for one in (value.elt, *value.generators[0].ifs) for n in ast.walk(one)]
    return any(isinstance(n, Comprehension | ast.Slice) for n in inside)


def _is_alone(program: Program, made: Made) -> bool:
    """Whether the names of a comprehension are nothing else in its function, and its parts have one line each."""
    function = made.place.block.function
    parts = [n for one in made.value.generators for n in (one.target, one.iter, *one.ifs)]
    if function is None or any(n.lineno != n.end_lineno for n in (made.value.elt, *parts)):
        return False
    names = set().union(*(bound(one.target) for one in made.value.generators))
    own = all(len(uses(function, name)) == len(uses(made.value, name)) for name in names)
    given = any(isinstance(n, ast.arg) and n.arg in names for n in ast.walk(function))
    plain = made.name not in used(made.value) and not any(one.is_async for one in made.value.generators)
    return own and not given and plain


OPERATORS = (Operator("spelled_out", "rewrites", spelled_out),)
