"""Rewrites of groups that are joined: the smaller one moves, and ways to a root get shorter when they are gone."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, places, step_of
from shoal.propose._rewrites_parts import Rewrite, again, parent, place_of, uses
from shoal.propose._rewrites_pure import changed
from shoal.syntax._program import Program
from shoal.syntax._sites import Function

__all__ = ["OPERATORS"]


# -- marks -------------------------------------------------------------------------------------------------------------


class Marking(NamedTuple):
    """A statement that gives all things with one mark another one.

    Attributes:
        at: the statement.
        marks: name of the list or the table of marks.
        pairs: text that gives its places or keys, with the marks.
        old, new: texts of the marks.
    """

    at: Place
    marks: str
    pairs: str
    old: str
    new: str


def join_smaller(draft: Draft) -> Change | None:
    """Marks of which one takes another's place everywhere become groups: the things of the smaller one move."""
    program = draft.program
    one, home = draft.pick(list(_joined(program)))
    rewrite, step = Rewrite(program), step_of(one.at.block)
    groups, group_of, key, mark, kept, moved = (
        rewrite.name(name)
        for name in (f"{one.marks}_groups", f"{one.marks}_group_of", "key", "mark", "kept_group", "moved_group")
    )
    rewrite.before(
        home,
        f"{groups} = {{}}",
        f"{group_of} = {{}}",
        f"for {key}, {mark} in {one.pairs}:",
        f"{step}{group_of}[{key}] = {groups}.setdefault({mark}, [{mark}, []])",
        f"{step}{group_of}[{key}][1].append({key})",
    )
    rewrite.within(
        one.at,
        f"if {one.old} != {one.new} and {one.old} in {groups}:",
        f"{step}{kept}, {moved} = {groups}.get({one.new}, [{one.new}, []]), {groups}.pop({one.old})",
        f"{step}if len({kept}[1]) < len({moved}[1]):",
        f"{step}{step}{kept}, {moved} = {moved}, {kept}",
        f"{step}{step}{kept}[0] = {one.new}",
        f"{step}for {key} in {moved}[1]:",
        f"{step}{step}{group_of}[{key}] = {kept}",
        f"{step}{kept}[1].extend({moved}[1])",
        f"{step}{groups}[{one.new}] = {kept}",
    )
    inside = {id(node) for node in ast.walk(one.at.statement)}
    for use in uses(home.statement, one.marks):
        if id(use) not in inside:
            rewrite.replace(use, group_of)
            end = program.end(parent(program, use))
            rewrite.cut(end, end, "[0]")
    rewrite.after(home, f"for {key}, {kept} in {group_of}.items():", f"{step}{one.marks}[{key}] = {kept}[0]")
    return rewrite.change(f"the smaller group of {one.marks} moves (line {one.at.statement.lineno})")


def _joined(program: Program) -> Iterator[tuple[Marking, Place]]:
    for at in places(program):
        one, home = _marking(at.statement, at), None
        if one is None:
            continue
        made_anew = isinstance(at.statement, ast.Assign)
        for outer in again(at):
            if isinstance(outer.statement, Function) or (one.marks in bound(outer.statement) and not made_anew):
                break
            home = outer
        if home is not None and _is_read_only(program, one, home):
            yield one, home


def _marking(statement: ast.stmt, at: Place) -> Marking | None:
    match statement:
        case ast.For(
            body=[
                ast.If(
                    test=ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]),
                    body=[ast.Assign(targets=[ast.Subscript(value=ast.Name(id=marks), slice=key)], value=new)],
                    orelse=[],
                )
            ],
            orelse=[],
        ):
            pairs, one = _pairs(statement, marks, ast.unparse(key))
            for mine, old in ((left, right), (right, left)):
                plain = isinstance(old, ast.Name | ast.Constant) and isinstance(new, ast.Name | ast.Constant)
                fixed = {n.id for n in (old, new) if isinstance(n, ast.Name)}.isdisjoint(bound(statement))
                if pairs and ast.unparse(mine) in one and plain and fixed:
                    return Marking(at, marks, pairs, ast.unparse(old), ast.unparse(new))
        case ast.Assign(
            targets=[ast.Name(id=marks)],
            value=ast.ListComp(
                elt=ast.IfExp(
                    test=ast.Compare(left=ast.Name(id=one), ops=[ast.Eq()], comparators=[ast.Name(id=old)]),
                    body=ast.Name(id=new),
                    orelse=ast.Name(id=other),
                ),
                generators=[ast.comprehension(target=ast.Name(id=name), iter=ast.Name(id=same), ifs=[])],
            ),
        ) if marks == same and one == other == name and name not in (old, new):
            return Marking(at, marks, f"enumerate({marks})", old, new)
    return None


def _pairs(loop: ast.For, marks: str, key: str) -> tuple[str, tuple[str, ...]]:
    """Text that gives all keys with their marks, where a loop goes through these; and texts of the mark of one."""
    match loop.target, loop.iter:
        case ast.Name(id=name), ast.Call(func=ast.Name(id="range"), args=[_]) if name == key:
            return f"enumerate({marks})", (f"{marks}[{key}]",)
        case ast.Name(id=name), _ if name == key:
            return f"{marks}.items()", (f"{marks}[{key}]",)
        case ast.Tuple(elts=[ast.Name(id=name), ast.Name(id=mark)]), iterated if name == key:
            text = ast.unparse(iterated)
            if text == f"enumerate({marks})":
                return text, (mark, f"{marks}[{key}]")
            if text in (f"{marks}.items()", f"list({marks}.items())"):
                return f"{marks}.items()", (mark, f"{marks}[{key}]")
    return "", ()


def _is_read_only(program: Program, one: Marking, home: Place) -> bool:
    """Whether a loop does nothing else with the marks but looking them up."""
    inside = {id(node) for node in ast.walk(one.at.statement)}
    for use in uses(home.statement, one.marks):
        over = parent(program, use)
        looked = isinstance(over, ast.Subscript) and isinstance(over.ctx, ast.Load) and over.value is use
        if id(use) not in inside and (not looked or isinstance(over.slice, ast.Slice)):  # type: ignore[attr-defined]
            return False
    return True


# -- roots -------------------------------------------------------------------------------------------------------------


def halve_paths(draft: Draft) -> Change | None:
    """`while up[x] != x: x = up[x]` makes the way half as long for the next time; a recursion makes it one step."""
    return draft.pick([*_climbs(draft.program), *_recursions(draft.program)])


def _climbs(program: Program) -> Iterator[Change]:
    for place in places(program):
        match place.statement:
            case (
                ast.While(
                    test=ast.Compare(left=left, ops=[ast.NotEq()], comparators=[right]),
                    body=[ast.Assign(targets=[ast.Name(id=name)], value=ast.Subscript(value=up) as step)],
                    orelse=[],
                ) as loop
            ) if {ast.unparse(left), ast.unparse(right)} == {name, ast.unparse(step)}:
                inner = place_of(program, loop.body[0])
                if inner is None or ast.unparse(step.slice) != name:
                    continue
                rewrite, above = Rewrite(program), program.text(up)
                rewrite.before(inner, f"{above}[{name}] = {above}[{above}[{name}]]")
                yield rewrite.change(f"ways up {above} are halved (line {loop.lineno})")


def _recursions(program: Program) -> Iterator[Change]:
    """`return find(up[x])`, also of a method."""
    for place in places(program):
        function = place.block.function
        match place.statement:
            case ast.Return(
                value=ast.Call(func=called, args=[*first, ast.Subscript(value=up, slice=ast.Name()) as step])
            ) if function is not None and len(first) <= 1:
                name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                above = program.text(up)
                tests = (n for n in ast.walk(function) if isinstance(n, ast.Compare))
                one = ast.unparse(step.slice)
                root = any(
                    {ast.unparse(n.left), ast.unparse(n.comparators[0])} == {one, f"{above}[{one}]"} for n in tests
                )
                writes = changed(program, *function.body) & {n.id for n in ast.walk(up) if isinstance(n, ast.Name)}
                if name == function.name and root and not writes - {function.args.args[0].arg}:
                    rewrite, one = Rewrite(program), program.text(step)
                    call = program.text(place.statement.value)  # type: ignore[arg-type]
                    rewrite.within(place, f"{one} = {call}", f"return {one}")
                    yield rewrite.change(f"ways up {above} become one step (line {place.statement.lineno})")


OPERATORS = (
    Operator("join_smaller", "rewrites", join_smaller),
    Operator("halve_paths", "rewrites", halve_paths),
)
