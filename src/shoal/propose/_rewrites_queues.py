"""Rewrites of lists that are used up: a deque, a heap."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._grammar_place import SIGNS
from shoal.propose._lines import Place
from shoal.propose._rewrites_parts import (
    LOOPS,
    Rewrite,
    bracketed,
    functions,
    loops,
    makes_list,
    parent,
    place_of,
    uses,
    values_of,
)
from shoal.propose._rewrites_pure import PURE_BUILTINS, mutated
from shoal.syntax._program import Program
from shoal.syntax._sites import Function
from shoal.syntax._words import words

__all__ = ["OPERATORS", "only_looked_at"]

_SHARED_METHODS = words("append extend clear count remove index reverse pop")
_TRUTH = ast.While | ast.If | ast.IfExp | ast.BoolOp | ast.UnaryOp


# -- deque -----------------------------------------------------------------------------------------------------------


class Queue(NamedTuple):
    """A list that is made by a function and used at both ends.

    Attributes:
        name: of the list.
        made: the values it is set to.
        pops, inserts: calls at its front.
        returned: mentions that must stay a list.
        copied: exchanges of it for a copy without its first, or with more at its end; and what does that in place.
    """

    name: str
    made: list[ast.expr]
    pops: list[ast.Call]
    inserts: list[ast.Call]
    returned: list[ast.Name]
    copied: list[tuple[ast.AST, str]]


def popleft(draft: Draft) -> Change | None:
    """A list that is used at its front becomes a deque."""
    program = draft.program
    block, queue = draft.pick([(b, q) for b in functions(program) for q in _queues(program, b.function)])
    rewrite = Rewrite(program)
    collections = rewrite.module(block, "collections")
    for value in queue.made:
        empty = (isinstance(value, ast.List) and not value.elts) or (isinstance(value, ast.Call) and not value.args)
        rewrite.replace(value, f"{collections}.deque({'' if empty else program.text(value)})")
    for call in queue.pops:
        rewrite.replace(call, f"{queue.name}.popleft()")
    for call in queue.inserts:
        rewrite.replace(call, f"{queue.name}.appendleft({program.text(call.args[1])})")
    for use in queue.returned:
        rewrite.replace(use, f"list({queue.name})")
    for node, text in queue.copied:
        rewrite.replace(node, text)
    if not queue.made:
        first = next(k for k, s in enumerate(block.statements) if uses(s, queue.name))
        rewrite.before(Place(block, first), f"{queue.name} = {collections}.deque({queue.name})")
    return rewrite.change(f"{queue.name} becomes a deque (line {block.statements[0].lineno})")


def _queues(program: Program, function: Function | None) -> Iterator[Queue]:
    if function is None:
        return
    given = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
    stored = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    for name in sorted(stored):
        copied = [(node, text) for node in ast.walk(function) if (text := _in_place(program, node, name))]
        done = [node for node, _ in copied]
        made = [v for v in _assigned(function, name) if parent(program, v) not in done]
        queue = Queue(name, made, [], [], [], copied)
        inside = {id(n) for node, _ in copied for n in ast.walk(node)}
        mentions = [use for use in uses(function, name) if id(use) not in inside]
        stores = sum(isinstance(use.ctx, ast.Store) for use in mentions)
        own = bool(made) and all(map(makes_list, made)) and stores == len(made)
        # An argument must stay as the caller knows it: only copies of it change.
        kept = name in given and not stores and name not in mutated(program, *(u for u in _unlike(function, copied)))
        loads = [use for use in mentions if isinstance(use.ctx, ast.Load)]
        fits = (own or kept) and all(_fits(program, use, queue) for use in loads)
        shorter = any(".popleft()" in text or ".rotate(" in text for _, text in copied)
        if fits and (queue.pops or queue.inserts or shorter):
            yield queue


def _assigned(function: Function, name: str) -> list[ast.expr]:
    """What a name is set to by plain assignments."""
    made = values_of(function, name)
    if made is not None:
        return made
    found = (node for node in ast.walk(function) if isinstance(node, ast.Assign | ast.AnnAssign))
    return [n.value for n in found if n.value is not None and ast.unparse(n).startswith((f"{name} = ", f"{name}: "))]


def _unlike(function: Function, copied: list[tuple[ast.AST, str]]) -> list[ast.AST]:
    """All nodes of a function's statements but some."""
    inside = {id(n) for node, _ in copied for n in ast.walk(node)}
    return [
        n for s in function.body for n in ast.walk(s) if isinstance(n, ast.Call | ast.Subscript) and id(n) not in inside
    ]


def _in_place(program: Program, node: ast.AST, name: str) -> str:
    """What `q = q[1:]` and `q = q + [x]` do, in place; "" for another statement."""
    match node:
        case ast.Assign() if ast.unparse(node) == f"{name} = {name}[1:]":
            return f"{name}.popleft()"
        case ast.Assign() if ast.unparse(node) == f"{name} = {name}[1:] + {name}[:1]":
            return f"{name}.rotate(-1)"
        case ast.Assign() if ast.unparse(node) == f"{name} = {name}[1:] + [{name}[0]]":
            return f"{name}.append({name}.popleft())"
        case ast.Assign(
            targets=[ast.Name(id=same)], value=ast.BinOp(left=rest, op=ast.Add(), right=ast.List(elts=[more]))
        ) if same == name and ast.unparse(rest) == f"{name}[1:]" and not uses(more, name):
            indent = program.data[program.starts[node.lineno - 1] : program.start(node)].decode()
            lines = (f"if {name}:", f"    {name}.popleft()", f"{name}.append({program.text(more)})")
            return f"\n{indent}".join(lines) if not indent.strip(" ") else ""
        case ast.Assign(
            targets=[ast.Name(id=same)], value=ast.BinOp(left=ast.Name(id=left), op=ast.Add(), right=ast.List() as more)
        ) if same == left == name and not uses(more, name):
            return f"{name}.extend({program.text(more)})"
        case ast.AugAssign(target=ast.Name(id=same), op=ast.Add(), value=ast.List() as more) if same == name:
            return f"{name}.extend({program.text(more)})" if not uses(more, name) else ""
        case ast.Delete(targets=[ast.Subscript(value=ast.Name(id=same), slice=ast.Constant(value=0))]) if same == name:
            return f"{name}.popleft()"
    return ""


def _own_lists(function: Function | None) -> Iterator[tuple[str, list[ast.expr]]]:
    """The lists that a function makes itself, each with the values it is set to."""
    nodes = list(ast.walk(function)) if function is not None else []
    for name in sorted({n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}):
        made = values_of(function, name) if function is not None else None
        if made and all(map(makes_list, made)):
            yield name, made


def _fits(program: Program, use: ast.Name, queue: Queue) -> bool:
    """Whether a deque can do what is done here; what has to change is noted."""
    above = parent(program, use)
    match above:
        case ast.Attribute(attr=method):
            call = parent(program, above)
            return isinstance(call, ast.Call) and _fits_call(call, method, queue)
        case ast.Subscript(slice=index, ctx=ast.Load()):
            return not isinstance(index, ast.Slice)
        case ast.Return():
            queue.returned.append(use)
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in PURE_BUILTINS
        case ast.For() | ast.comprehension() | ast.Starred():
            return True
        case ast.Compare(ops=[ast.In() | ast.NotIn()]):
            return True
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq() as op], comparators=[ast.List(elts=[])]) if left is use:
            queue.copied.append((above, f"len({queue.name}) {'==' if isinstance(op, ast.Eq) else '!='} 0"))
            return True
    return isinstance(above, _TRUTH)


def _fits_call(call: ast.Call, method: str, queue: Queue) -> bool:
    match call.args:
        case [ast.Constant(value=0)] if method == "pop":
            queue.pops.append(call)
            return True
        case [ast.Constant(value=0), _] if method == "insert":
            queue.inserts.append(call)
            return True
    return method in _SHARED_METHODS and not (method == "pop" and call.args)


# -- heaps -------------------------------------------------------------------------------------------------


class Heap(NamedTuple):
    """A list whose least is taken again and again.

    Attributes:
        name: of the list.
        made: the values it is set to.
        sorts: statements that sort it.
        pops, pushes: calls that take the least, and that add something.
        removes: `least = min(name)` and `name.remove(least)`.
        replaced: statements that put something in the place of the least; what they put there.
        loop: where all of that happens, where something is done to the list before: that stays as it is.
        filled: whether the list may hold more than one thing when it becomes a heap.
    """

    name: str
    made: list[ast.expr]
    sorts: list[Place]
    pops: list[ast.Call]
    pushes: list[ast.Call]
    removes: list[tuple[ast.expr, Place]]
    replaced: list[tuple[Place, str]]
    loop: Place | None
    filled: bool


def heap(draft: Draft) -> Change | None:
    """A list that is sorted or searched for its least again and again becomes a heap."""
    program = draft.program
    block, found = draft.pick([(b, h) for b in functions(program) for h in _heaps(program, b.function)])
    rewrite = Rewrite(program)
    heapq = rewrite.module(block, "heapq")
    for place in (*found.sorts, *(remove for _, remove in found.removes)):
        rewrite.drop(place)
    for node in (*found.pops, *(least for least, _ in found.removes)):
        rewrite.replace(node, f"{heapq}.heappop({found.name})")
    for call in found.pushes:
        rewrite.replace(call, f"{heapq}.heappush({found.name}, {program.text(call.args[0])})")
    for place, new in found.replaced:
        rewrite.within(place, f"{heapq}.heapreplace({found.name}, {new})")
    if found.filled and found.loop is not None:
        rewrite.before(found.loop, f"{heapq}.heapify({found.name})")
    elif found.filled:
        for value in found.made:
            made = place_of(program, parent(program, value))  # type: ignore[arg-type]
            if made is None:
                return None
            rewrite.after(made, f"{heapq}.heapify({found.name})")
    return rewrite.change(f"{found.name} becomes a heap (line {found.made[0].lineno})")


def _heaps(program: Program, function: Function | None) -> Iterator[Heap]:
    for name, made in _own_lists(function):
        mentions = [use for use in uses(function, name) if isinstance(use.ctx, ast.Load)]  # type: ignore[arg-type]
        loop = _used_up(program, mentions)
        start = loop.statement.lineno if loop is not None else 0
        if any(value.lineno >= start for value in made):
            loop, start = None, 0
        early = [use for use in mentions if use.lineno < start]
        filled = bool(early) or not all(isinstance(value, ast.List) and len(value.elts) <= 1 for value in made)
        found = Heap(name, made, [], [], [], [], [], loop if early else None, filled)
        kept = all(only_looked_at(program, use) for use in early)
        fits = kept and all(_of_heap(program, use, found) for use in mentions if use.lineno >= start)
        # What is put in the place of the least stays there until the list is sorted again.
        fits = fits and not any(use.lineno > one.statement.lineno for one, _ in found.replaced for use in mentions)
        if fits and ((found.sorts and (found.pops or found.replaced)) or found.removes):
            yield found


def _used_up(program: Program, mentions: list[ast.Name]) -> Place | None:
    """The outermost loop around the first call that sorts the list or looks for its least."""
    for use in mentions:
        match parent(program, use):
            case ast.Attribute(attr="sort") | ast.Call(func=ast.Name(id="min")):
                around = [place for place in loops(program) if any(node is use for node in ast.walk(place.statement))]
                return min(around, key=lambda place: place.statement.lineno, default=None)
    return None


def only_looked_at(program: Program, use: ast.Name) -> bool:
    """Whether a list is only filled or looked at here: nothing keeps hold of it."""
    above = parent(program, use)
    match above:
        case ast.Attribute(attr=method):
            return isinstance(parent(program, above), ast.Call) and method in _SHARED_METHODS | {"sort", "insert"}
        case ast.Call(func=ast.Name(id=name)):
            return name in PURE_BUILTINS
        case ast.For() | ast.comprehension() | ast.Starred() | ast.Subscript():
            return True
        case ast.Compare(ops=[ast.In() | ast.NotIn()]):
            return True
    return isinstance(above, _TRUTH)


def _of_heap(program: Program, use: ast.Name, found: Heap) -> bool:
    """Whether a heap can do what is done here; what has to change is noted."""
    above = parent(program, use)
    match above:
        case ast.Attribute(attr=method):
            call = parent(program, above)
            return isinstance(call, ast.Call) and _heap_call(program, call, method, found)
        case ast.Call(func=ast.Name(id="min"), args=[_], keywords=[]):
            return _removed_next(program, above, found)
        case ast.Call(func=ast.Name(id="len")):
            return True
        case ast.Subscript(slice=ast.Constant(value=0), ctx=ast.Load()):
            return True
        case ast.Subscript(slice=ast.Constant(value=0), ctx=ast.Store()):
            return _replaced(program, above, found)
    return isinstance(above, _TRUTH)


def _replaced(program: Program, least: ast.Subscript, found: Heap) -> bool:
    """Whether a statement does nothing but put something in the place of the least."""
    match statement := parent(program, least):
        case ast.Assign(targets=[_], value=value):
            text = program.text(value)
        case ast.AugAssign(op=op, value=value):
            text = f"{program.text(least)} {SIGNS[type(op)]} {bracketed(program, value)}"
        case _:
            return False
    place = place_of(program, statement)
    if place is not None:
        found.replaced.append((place, text))
    return place is not None


def _heap_call(program: Program, call: ast.Call, method: str, found: Heap) -> bool:
    place = place_of(program, parent(program, call))  # type: ignore[arg-type]
    alone = place is not None and len(place.block.statements) > 1
    match method, call.args:
        case "sort", [] if place is not None and alone and _by_first(call.keywords):
            found.sorts.append(place)
        case "pop", [ast.Constant(value=0)]:
            found.pops.append(call)
        case "append", [_]:
            found.pushes.append(call)
        case "remove", [ast.Name()]:
            return True  # looked at with the `min` before it
        case _:
            return False
    return True


def _by_first(keywords: list[ast.keyword]) -> bool:
    """Whether things are sorted by themselves, or by their first part."""
    match keywords:
        case []:
            return True
        case [
            ast.keyword(
                arg="key",
                value=ast.Lambda(
                    args=ast.arguments(args=[ast.arg(arg=name)]),
                    body=ast.Subscript(value=ast.Name(id=other), slice=ast.Constant(value=0)),
                ),
            )
        ]:
            return name == other
    return False


def _removed_next(program: Program, call: ast.Call, found: Heap) -> bool:
    assignment = parent(program, call)
    place = place_of(program, assignment)  # type: ignore[arg-type]
    if place is None or not isinstance(assignment, ast.Assign) or not isinstance(assignment.targets[0], ast.Name):
        return False
    for index in range(place.index + 1, len(place.block.statements)):
        match place.block.statements[index]:
            case ast.Expr(
                value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="remove"), args=[ast.Name(id=least)])
            ) if name == found.name and least == assignment.targets[0].id:
                found.removes.append((call, Place(place.block, index)))
                return True
            case other if uses(other, found.name) or (
                uses(other, assignment.targets[0].id) and isinstance(other, LOOPS)
            ):
                return False
    return False


OPERATORS = (
    Operator("popleft", "rewrites", popleft),
    Operator("heap", "rewrites", heap),
)
