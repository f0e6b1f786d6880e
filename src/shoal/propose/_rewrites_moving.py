"""Rewrites of lists from whose middle things are taken: a table in order of entry, and a list in two halves."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, step_of, used
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
        edits: statements that take a thing out or put one in, each with what does that to a table.
        front: whether things are put to the front.
        drops: whether the thing that came in first may go.
        later: whether the list is needed after the loop.
    """

    name: str
    first: Place
    loop: Place
    edits: list[tuple[Place, str]]
    front: bool
    drops: bool
    later: bool


def moved_to_end(draft: Draft) -> Change | None:
    """`xs.remove(x)` where x is in a list, then `xs.append(x)` or `xs.insert(0, x)`: a table's keys, as they came."""
    program = draft.program
    found = draft.pick(list(_moves(program)))
    rewrite, name = Rewrite(program), found.name
    kind = f"{rewrite.module(found.first.block, 'collections')}.OrderedDict()" if found.drops else "{}"
    rewrite.within(found.first, f"{name} = {kind}")
    for place, text in found.edits:
        rewrite.within(place, text)
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
    edits = list(_edits(program, loop.statement, name)) if isinstance(loop.statement, LOOPS) else []
    taken = {id(n) for place, _, _ in edits for n in ast.walk(place.statement)}
    others = [use for use in uses(loop.statement, name) if id(use) not in taken]
    ends = {kind for *_, kind in edits if kind in ("front", "back")}
    moves = any(kind == "out" for *_, kind in edits)
    if not moves or len(ends) != 1 or not all(_only_asks(program, use) for use in others):
        return None
    front = ends == {"front"}
    drops = {kind for *_, kind in edits if kind.startswith("drop")}
    if drops - {"drop -1" if front else "drop 0"}:
        return None
    return Moves(name, first, loop, [one[:2] for one in edits], front, bool(drops), len(using) > 2)


def _edits(program: Program, loop: ast.stmt, name: str) -> Iterator[tuple[Place, str, str]]:
    """Statements that take a thing that is there out, or put in one that is not: what does that to a table, and which.

    The last is "out", the end to which a thing is put, or "drop" and the place of the one that goes.
    """
    guarded: set[int] = set()
    asking = [
        n for n in ast.walk(loop) if isinstance(n, ast.If) and isinstance(n.test, ast.Compare) and uses(n.test, name)
    ]
    bare = set().union(*map(bound, asking)) if asking else set()  # another thing by then
    for node in ast.walk(loop):
        place = place_of(program, node) if isinstance(node, ast.stmt) else None
        if place is None or id(node) in guarded:
            continue
        thing = _taken_out(place.statement, name) or _removed(place.statement, name)
        if thing is not None and is_pure(program, thing) and not used(thing) & (bare | {name}):
            whole = isinstance(place.statement, ast.If)
            guarded |= {id(n) for n in ast.walk(place.statement)} if whole else set()
            if whole or _is_there(program, place.statement, thing, name) is True:
                yield place, f"{name}.pop({program.text(thing)}, None)", "out"
            continue
        added, front = _put_in(place.statement, name)
        if added is not None and is_pure(program, added) and not used(added) & (bare | {name}):
            before = place.block.statements[place.index - 1] if place.index else None
            if (before and _is_left_out(before, added, name)) or _is_there(program, node, added, name) is False:
                yield place, f"{name}[{program.text(added)}] = None", "front" if front else "back"
        text, goes = ast.unparse(place.statement), f"{name}.popitem(last=False) if {name} else [].pop()"
        if text == f"{name}.pop(0)":
            yield place, goes, "drop 0"
        elif text in (f"{name}.pop()", f"{name}.pop(-1)"):
            yield place, goes, "drop -1"


def _is_left_out(statement: ast.stmt, thing: ast.expr, name: str) -> bool:
    """Whether a thing is not in the list after a statement that takes it out where it is."""
    match statement:
        case ast.If(
            test=ast.Compare(left=left, ops=[ast.In()], comparators=[ast.Name(id=searched)]), body=body, orelse=orelse
        ) if searched == name and ast.dump(left) == ast.dump(thing):
            taken = [out for s in body if (out := _removed(s, name)) is not None]
            return len(taken) == 1 and ast.dump(taken[0]) == ast.dump(thing) and not any(uses(s, name) for s in orelse)
    out = _removed(statement, name)
    return out is not None and ast.dump(out) == ast.dump(thing)


def _removed(statement: ast.stmt, name: str) -> ast.expr | None:
    """The x of `xs.remove(x)`."""
    match statement:
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name(id=held), attr="remove"), args=[thing], keywords=[])
        ) if held == name:
            return thing
    return None


def _is_there(program: Program, node: ast.AST, thing: ast.expr, name: str) -> bool | None:
    """Whether a thing is in the list, or not, where a statement stands; None where no condition around it tells."""
    inner = node
    for over in above(program, node):
        place = place_of(program, inner) if isinstance(inner, ast.stmt) else None
        for statement in place.block.statements[: place.index] if place is not None else ():
            asks = _asks_for(statement, thing, name)
            if asks is not None and isinstance(statement.body[-1], ast.Continue):  # type: ignore[attr-defined]
                return not asks
        asks = _asks_for(over, thing, name)
        if asks is not None:
            return asks == any(inner is s for s in over.body)  # type: ignore[attr-defined]
        inner = over
    return None


def _asks_for(node: ast.AST, thing: ast.expr, name: str) -> bool | None:
    """Whether a condition asks if a thing is in the list, or if it is not; None for another statement."""
    match node:
        case ast.If(
            test=ast.Compare(left=left, ops=[ast.In() | ast.NotIn() as op], comparators=[ast.Name(id=searched)])
        ) if searched == name and ast.dump(left) == ast.dump(thing):
            return isinstance(op, ast.In)
    return None


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


# -- to the front of a list that holds things already ------------------------------------------------------------------


class Fronted(NamedTuple):
    """A loop that takes one thing after the other out of a list, and puts it to the front.

    Attributes:
        name: of the list.
        loop: the loop.
        edits: statements, with what they become; "{}" stands for a table of what was moved.
        asked: mentions of it that ask whether something is in it, as there is all along.
    """

    name: str
    loop: Place
    edits: list[tuple[Place, list[str]]]
    asked: list[ast.expr]


def moved_to_front(draft: Draft) -> Change | None:
    """What is moved to the front of a list is kept in a table, as it came, and put before the rest after the loop."""
    program = draft.program
    found = draft.pick(list(_fronted(program)))
    rewrite, name, step = Rewrite(program), found.name, step_of(found.loop.block)
    moved, there = rewrite.name("moved"), rewrite.name(f"{name}_set")
    left, rest, one = rewrite.name("left"), rewrite.name("rest"), rewrite.name("one")
    rewrite.before(found.loop, *([f"{there} = set({name})"] if found.asked else []), f"{moved} = {{}}")
    for place, lines in found.edits:
        rewrite.within(place, *(line.format(moved) for line in lines))
    for asked in found.asked:
        rewrite.replace(asked, there)
    rewrite.after(
        found.loop,
        f"{left}, {rest} = dict({moved}), []",
        f"for {one} in {name}:",
        f"{step}if {one} in {left}:",
        f"{step}{step}del {left}[{one}]",
        f"{step}else:",
        f"{step}{step}{rest}.append({one})",
        f"{name} = [*reversed({moved}), *{rest}]",
    )
    return rewrite.change(
        f"what is moved to the front of {name} is put there at the end (line {found.loop.statement.lineno})"
    )


def _fronted(program: Program) -> Iterator[Fronted]:
    for loop in loops(program):
        function = loop.block.function
        names = {n.id for n in ast.walk(loop.statement) if isinstance(n, ast.Name)} if function is not None else set()
        for name in sorted(names - bound(loop.statement)):
            values = values_of(function, name) or []  # type: ignore[arg-type]
            if values and all(_is_new(v) and v.lineno < loop.statement.lineno for v in values):
                found = _to_front(program, loop, name)
                if found is not None:
                    yield found


def _is_new(value: ast.expr) -> bool:
    """Whether an expression makes a list that nobody else has, and that may hold something."""
    match value:
        case ast.List(elts=[]):
            return False
        case ast.Subscript(slice=ast.Slice()) | ast.Call(func=ast.Attribute(attr="copy"), args=[]):
            return True
    return makes_list(value)


def _found(program: Program, place: Place, name: str) -> ast.expr | None:
    """The x of `i = xs.index(x)`, where the next statement alone reads that."""
    match place.statement:
        case ast.Assign(
            targets=[ast.Name(id=index)],
            value=ast.Call(func=ast.Attribute(value=ast.Name(id=held), attr="index"), args=[thing], keywords=[]),
        ) if held == name and not read_later(Place(place.block, place.index + 1), {index}):
            return thing
    return None


def _to_front(program: Program, loop: Place, name: str) -> Fronted | None:
    """What a loop moves to the front of a list; None where it does anything else with it."""
    edits: list[tuple[Place, list[str]]] = []
    asked: list[ast.expr] = []
    done: set[int] = set()
    for node in ast.walk(loop.statement):
        place = place_of(program, node) if isinstance(node, ast.stmt) else None
        following = place.block.statements[place.index + 1 :] if place is not None else []
        second = place_of(program, following[0]) if following else None
        if place is None or second is None:
            continue
        thing = _taken_out(place.statement, name) or _removed(place.statement, name) or _found(program, place, name)
        added, front = _put_in(second.statement, name)
        if isinstance(place.statement, ast.Assign) and thing is not None:
            index = ast.unparse(place.statement.targets[0])
            front = ast.unparse(second.statement) == f"{name}.insert(0, {name}.pop({index}))"
            added = thing
        if thing is None or added is None or not front or ast.dump(thing) != ast.dump(added):
            continue
        if not isinstance(place.statement, ast.If) and _is_there(program, node, thing, name) is not True:
            continue
        if not is_pure(program, thing) or uses(thing, name):
            continue
        text = program.text(thing)
        edits += [(place, [f"{{}}.pop({text}, None)"]), (second, [f"{{}}[{text}] = None"])]
        done |= {id(n) for s in (place.statement, second.statement) for n in ast.walk(s)}
    for use in uses(loop.statement, name):
        over = parent(program, use)
        if id(use) in done:
            continue
        if (
            not isinstance(over, ast.Compare)
            or over.comparators != [use]
            or not isinstance(over.ops[0], ast.In | ast.NotIn)
        ):
            return None
        asked.append(use)
    whole = any(isinstance(place.statement, ast.If) for place, _ in edits)
    return Fronted(name, loop, edits, asked) if edits and not (whole and asked) else None


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
    Operator("moved_to_front", "rewrites", moved_to_front),
    Operator("gap_in_list", "rewrites", gap_in_list),
)
