"""Rewrites of lists from whose middle things are taken: a table in order of entry, and a list in two halves."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place
from shoal.propose._rewrites_parts import (
    LOOPS,
    Rewrite,
    above,
    functions,
    loops,
    makes_list,
    parent,
    place_of,
    read_later,
    uses,
    values_of,
)
from shoal.propose._rewrites_pure import PURE_BUILTINS, is_pure
from shoal.syntax._program import Program
from shoal.syntax._sites import Function

__all__ = ["OPERATORS"]


# -- what comes again goes to an end -----------------------------------------------------------------------------------


class Moves(NamedTuple):
    """A list of different things, of which one that comes again is taken out and put to an end.

    Attributes:
        name: of the list.
        first: the assignment of an empty one.
        loop: the statement after that in which all of it happens.
        pairs: where a thing is taken out if it is there, where it is put in, and its text.
        front: whether it is put to the front.
        later: whether the list is needed after the loop.
    """

    name: str
    first: Place
    loop: Place
    pairs: list[tuple[Place, Place, str]]
    front: bool
    later: bool


def moved_to_end(draft: Draft) -> Change | None:
    """`if x in xs: xs.remove(x)`, then `xs.append(x)` or `xs.insert(0, x)`: the keys of a table, in order of entry."""
    program = draft.program
    found = draft.pick(list(_moves(program)))
    rewrite, name = Rewrite(program), found.name
    rewrite.within(found.first, f"{name} = {{}}")
    for taken, put, text in found.pairs:
        rewrite.within(taken, f"{name}.pop({text}, None)")
        rewrite.within(put, f"{name}[{text}] = None")
    if found.later:
        rewrite.after(found.loop, f"{name} = list({f'reversed({name})' if found.front else name})")
    return rewrite.change(f"{name} becomes the keys of a table (line {found.first.statement.lineno})")


def _moves(program: Program) -> Iterator[Moves]:
    for block in functions(program):
        function = block.function
        for name in _empty_lists(function) if function is not None else ():
            made = values_of(function, name) or []  # type: ignore[arg-type]
            first = place_of(program, parent(program, made[0])) if len(made) == 1 else None  # type: ignore[arg-type]
            if first is not None and isinstance(first.statement, ast.Assign | ast.AnnAssign):
                found = _moved_after(program, function, name, first)  # type: ignore[arg-type]
                if found is not None:
                    yield found


def _empty_lists(function: ast.AST) -> list[str]:
    """Names that are set to an empty list."""
    found: dict[str, None] = {}
    for node in ast.walk(function):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=[]))
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.List(elts=[]))
            ):
                found[name] = None
    return list(found)


def _moved_after(program: Program, function: ast.AST, name: str, first: Place) -> Moves | None:
    """What happens to the list in the one loop that follows; None where a table could not take its place there."""
    block = first.block
    using = [k for k, s in enumerate(block.statements) if uses(s, name)]
    inside = sum(len(uses(s, name)) for s in block.statements)
    if len(using) < 2 or using[0] != first.index or inside != len(uses(function, name)):
        return None
    loop = Place(block, using[1])
    pairs = list(_pairs(program, loop.statement, name)) if isinstance(loop.statement, LOOPS) else []
    taken = {id(n) for one, put, _, _ in pairs for s in (one.statement, put.statement) for n in ast.walk(s)}
    others = [use for use in uses(loop.statement, name) if id(use) not in taken]
    ends = {front for *_, front in pairs}
    if len(ends) != 1 or not all(_only_asks(program, use) for use in others):
        return None
    return Moves(name, first, loop, [one[:3] for one in pairs], ends.pop(), len(using) > 2)


def _pairs(program: Program, loop: ast.stmt, name: str) -> Iterator[tuple[Place, Place, str, bool]]:
    """Where a thing is taken out if it is there, where it is put in right after that, its text, whether in front."""
    for node in ast.walk(loop):
        taken = place_of(program, node) if isinstance(node, ast.If) else None
        if taken is None or len(taken.block.statements) < taken.index + 2:
            continue
        put = Place(taken.block, taken.index + 1)
        thing, (added, front) = _taken_out(taken.statement, name), _put_in(put.statement, name)
        if thing is None or added is None or ast.dump(thing) != ast.dump(added):
            continue
        if is_pure(program, thing) and not uses(thing, name) and place_of(program, put.statement) is not None:
            yield taken, put, program.text(thing), front


def _taken_out(statement: ast.stmt, name: str) -> ast.expr | None:
    """The x of `if x in xs: xs.remove(x)`."""
    match statement:
        case ast.If(
            test=ast.Compare(left=thing, ops=[ast.In()], comparators=[ast.Name(id=searched)]),
            body=[
                ast.Expr(
                    value=ast.Call(func=ast.Attribute(value=ast.Name(id=held), attr="remove"), args=[same], keywords=[])
                )
            ],
            orelse=[],
        ) if searched == held == name and ast.dump(thing) == ast.dump(same):
            return thing
    return None


def _put_in(statement: ast.stmt, name: str) -> tuple[ast.expr | None, bool]:
    """The x of `xs.append(x)` or `xs.insert(0, x)`, and whether it is put to the front."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=held), attr=method), args=args, keywords=[])):
            match method, args:
                case "append", [thing] if held == name and not isinstance(thing, ast.Starred):
                    return thing, False
                case "insert", [ast.Constant(value=0), thing] if held == name:
                    return thing, True
    return None, False


def _only_asks(program: Program, use: ast.Name) -> bool:
    """Whether a table can answer what is asked of a list: how many there are, whether there is one, or this one."""
    over = parent(program, use)
    match over:
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[searched]):
            return searched is use
        case ast.Call(func=ast.Name(id="len")):
            return True
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            return test is use
        case ast.UnaryOp(op=ast.Not()):
            return True
    return False


# -- two halves --------------------------------------------------------------------------------------------------------


class Gap(NamedTuple):
    """A list that a loop goes through by a place, and takes things out of there.

    Attributes:
        name, place: of the list and of the place in it.
        start: `i = 0`, right before the loop.
        loop: the loop.
        ahead: how far before the end the loop ends: `i < len(xs) - ahead`; the thing there may be taken out.
        steps: statements that move on, and those that take out.
        reads: other mentions of things, each with how far on from the place they are.
    """

    name: str
    place: str
    start: Place
    loop: Place
    ahead: int
    steps: list[tuple[Place, bool]]
    reads: list[tuple[ast.Subscript, int]]


def gap_in_list(draft: Draft) -> Change | None:
    """A list from whose middle `del xs[i]` or `del xs[i + 1]` takes things is gone through in two halves.

    What lies behind, and what lies ahead with the next thing last, so that taking it out moves nothing.
    """
    program = draft.program
    found = draft.pick(list(_gaps(program)))
    rewrite, name = Rewrite(program), found.name
    done, left = rewrite.name(f"{name}_done"), rewrite.name(f"{name}_left")
    rewrite.within(found.start, f"{done} = {name}[:{found.ahead}]", f"{left} = {name}[{found.ahead}:][::-1]")
    loop = found.loop.statement
    assert isinstance(loop, ast.While)
    rewrite.replace(loop.test, left)
    for place, moves in found.steps:
        rewrite.within(place, f"{done}.append({left}.pop())" if moves else f"del {left}[-1]")
    for read, on in found.reads:
        rewrite.replace(read, f"{left if on == found.ahead else done}[-1]")
    rewrite.after(found.loop, f"{name}[:] = {done} + {left}[::-1]")
    return rewrite.change(f"{name} in two halves (line {loop.lineno})")


def _gaps(program: Program) -> Iterator[Gap]:
    for loop in loops(program):
        bounds = _bounds(loop.statement.test) if isinstance(loop.statement, ast.While) else None
        if bounds is None or loop.index == 0 or loop.statement.orelse:  # type: ignore[attr-defined]
            continue
        place, name, ahead = bounds
        start = Place(loop.block, loop.index - 1)
        if ast.unparse(start.statement) != f"{place} = 0" or place_of(program, start.statement) is None:
            continue
        found = Gap(name, place, start, loop, ahead, [], [])
        if _is_own(program, found) and not read_later(loop, {place}) and _fits(program, found):
            yield found


def _bounds(test: ast.expr) -> tuple[str, str, int] | None:
    """Place, list and distance of `i < len(xs)`, `i < len(xs) - 1` or `i + 1 < len(xs)`."""
    match test:
        case ast.Compare(left=left, ops=[ast.Lt()], comparators=[right]):
            pass
        case _:
            return None
    ahead = 0
    match left:
        case ast.BinOp(left=ast.Name() as left, op=ast.Add(), right=ast.Constant(value=1)):
            ahead += 1
    match right:
        case ast.BinOp(left=ast.Call() as right, op=ast.Sub(), right=ast.Constant(value=1)):
            ahead += 1
    match left, right:
        case ast.Name(id=place), ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]) if ahead < 2:
            return place, name, ahead
    return None


def _is_own(program: Program, gap: Gap) -> bool:
    """Whether the function made the list itself and nothing else can see it while the loop runs."""
    function, loop = gap.loop.block.function, gap.loop.statement
    made = _made(function, gap.name) if function is not None else []
    if not made or not all(map(makes_list, made)) or any(isinstance(n, ast.Try) for n in above(program, loop)):
        return False
    known = {id(n) for n in (*ast.walk(loop), *ast.walk(made[0]))}
    mentions = [use for use in uses(function, gap.name) if isinstance(use.ctx, ast.Load)]  # type: ignore[arg-type]
    return all(id(use) in known or _lets_go(program, use) for use in mentions)


def _made(function: Function, name: str) -> list[ast.expr]:
    """What a name is set to; of a parameter, where the first that is done with it is to set it to something else."""
    if any(isinstance(n, ast.Global | ast.Nonlocal) and name in n.names for n in ast.walk(function)):
        return []
    match next((s for s in function.body if uses(s, name)), None):
        case ast.Assign(targets=[ast.Name(id=target)]) if target == name:
            stored = [use for use in uses(function, name) if not isinstance(use.ctx, ast.Load)]
            plain = [n for n in ast.walk(function) if isinstance(n, ast.Assign) and n.targets[0] in stored]
            single = len(plain) == len(stored) and all(len(n.targets) == 1 for n in plain)
            return [n.value for n in plain] if single else []
    return values_of(function, name) or []


def _lets_go(program: Program, use: ast.Name) -> bool:
    """Whether nothing holds the list after it is mentioned here, but for who called."""
    over = parent(program, use)
    match over:
        case ast.Attribute(attr="append" | "extend" | "insert" | "sort" | "reverse" | "pop" | "remove" | "count"):
            return isinstance(parent(program, over), ast.Call)
        case ast.Call(func=ast.Name(id=called)):
            return called in PURE_BUILTINS - {"iter", "reversed", "map", "filter", "zip", "enumerate"}
        case ast.Subscript():
            return over.value is use
        case ast.comprehension():
            return not isinstance(parent(program, over), ast.GeneratorExp)
        case ast.Tuple():
            return isinstance(parent(program, over), ast.Return)
        case ast.Return() | ast.If() | ast.UnaryOp() | ast.For() | ast.Compare():
            return True
    return False


def _fits(program: Program, gap: Gap) -> bool:
    """Whether two halves can do all that the loop does with the list and the place; what has to change is noted."""
    loop, left = gap.loop.statement, {id(n) for n in ast.walk(gap.loop.statement.test)}  # type: ignore[attr-defined]
    for node in ast.walk(loop):
        step = _step(node, gap) if isinstance(node, ast.stmt) else None
        if step is not None:
            place = place_of(program, node)  # type: ignore[arg-type]
            if place is None or not _ends_round(program, place, loop):
                return False
            gap.steps.append((place, step))
            left |= {id(n) for n in ast.walk(node)}
    for node in ast.walk(loop):
        on = _on(node, gap) if isinstance(node, ast.Subscript) and id(node) not in left else None
        if on is not None and on <= gap.ahead:
            gap.reads.append((node, on))  # type: ignore[arg-type]
            left |= {id(n) for n in ast.walk(node)}
    nested = any(isinstance(n, Function | ast.Lambda) for n in ast.walk(loop))
    known = all(id(use) in left for name in (gap.name, gap.place) for use in uses(loop, name))
    return known and not nested and {moves for _, moves in gap.steps} == {True, False}


def _step(node: ast.stmt, gap: Gap) -> bool | None:
    """Whether a statement moves on, or takes out the thing at the end of its reach; None for another."""
    text = ast.unparse(node)
    if text in (f"{gap.place} += 1", f"{gap.place} = {gap.place} + 1"):
        return True
    at = f"{gap.place} + 1" if gap.ahead else gap.place
    return False if text in (f"del {gap.name}[{at}]", f"{gap.name}.pop({at})") else None


def _on(node: ast.Subscript, gap: Gap) -> int | None:
    """How far on from the place the thing is that an expression mentions; None for another."""
    text = ast.unparse(node)
    return {f"{gap.name}[{gap.place}]": 0, f"{gap.name}[{gap.place} + 1]": 1}.get(text)


def _ends_round(program: Program, place: Place, loop: ast.stmt) -> bool:
    """Whether a round of the loop is over after a statement."""
    following = place.block.statements[place.index + 1 :]
    if following:
        return isinstance(following[0], ast.Continue | ast.Break)
    owner = place.block.owner
    if owner is loop:
        return True
    around = place_of(program, owner) if isinstance(owner, ast.If) else None
    return around is not None and _ends_round(program, around, loop)


OPERATORS = (
    Operator("moved_to_end", "rewrites", moved_to_end),
    Operator("gap_in_list", "rewrites", gap_in_list),
)
