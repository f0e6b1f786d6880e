"""A rewrite of lists that are put in order again and again, by some key or downwards, for the first or the last."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, used
from shoal.propose._rewrites_parts import (
    Rewrite,
    exchanged_text,
    loops,
    makes_list,
    parent,
    place_of,
    read_later,
    renamed,
    uses,
    values_of,
)
from shoal.propose._rewrites_pure import changed, is_pure
from shoal.propose._rewrites_queues import only_looked_at
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]

_TRUTH = ast.While | ast.If | ast.BoolOp | ast.UnaryOp | ast.IfExp
_ONE = "one"


class Order(NamedTuple):
    """How a list is put in order.

    Attributes:
        keys: what is compared, in terms of ``one`` and in the program's own writing; several where it is a tuple.
        downwards: whether the most comes first.
    """

    keys: tuple[str, ...]
    downwards: bool


class Ranked(NamedTuple):
    """A list of the function's own that is put in order in each round of a loop, for its first or its last.

    Attributes:
        name: of the list.
        loop: around all of that.
        orders: statements that put it in order, and how; or that remove what `min` or `max` found.
        takes: calls that take one of its ends out, or find it, and whether that is the last.
        pushes: statements that add something.
        mentions: where it is asked whether anything is left, or how much.
    """

    name: str
    loop: Place
    orders: list[tuple[Place, Order]]
    takes: list[tuple[ast.Call, bool]]
    pushes: list[tuple[Place, ast.expr]]
    mentions: list[ast.Name]


def heap_by_key(draft: Draft) -> Change | None:
    """A list that is sorted by a key, or downwards, again and again becomes a heap of keys, in order of arrival.

    A stable sort leaves equals in the order in which they came: its first is the oldest of these, its last the newest.
    """
    program = draft.program
    found = draft.pick(list(_ranked(program)))
    order, (_, last) = found.orders[0][1], found.takes[0]
    rewrite, block = Rewrite(program), found.loop.block
    heapq, itertools = rewrite.module(block, "heapq"), rewrite.module(block, "itertools")
    heap, arrivals = rewrite.name(f"{found.name}_heap"), rewrite.name("arrivals")
    one = rewrite.name(_ONE)
    most = order.downwards != last
    rewrite.before(
        found.loop,
        f"{arrivals} = {itertools}.count({'0, -1' if last else ''})",
        f"{heap} = [{_entry(order, most, one, arrivals)} for {one} in {found.name}]",
        f"{heapq}.heapify({heap})",
    )
    for place, _ in found.orders:
        rewrite.drop(place)
    for call, _ in found.takes:
        rewrite.replace(call, f"{heapq}.heappop({heap})[2]")
    for place, value in found.pushes:
        head = [] if isinstance(value, ast.Name) else [f"{one} = {program.text(value)}"]
        entry = _entry(order, most, value.id if isinstance(value, ast.Name) else one, arrivals)
        rewrite.within(place, *head, f"{heapq}.heappush({heap}, {entry})")
    for use in found.mentions:
        rewrite.replace(use, heap)
    if read_later(found.loop, {found.name}):
        entry, backwards = rewrite.name("entry"), ", reverse=True" if last else ""
        rewrite.after(found.loop, f"{found.name} = [{entry}[2] for {entry} in sorted({heap}{backwards})]")
    return rewrite.change(f"{found.name} becomes a heap of keys (line {found.loop.statement.lineno})")


def _entry(order: Order, most: bool, one: str, arrivals: str) -> str:
    """What stands for a thing in the heap: its key, which arrival it is, and the thing."""
    told = [_turned(key) if most else key for key in order.keys]
    if one != _ONE:
        told = [ast.unparse(renamed(ast.parse(key, mode="eval").body, _ONE, one)) for key in told]
    key = told[0] if len(told) == 1 else f"({', '.join(told)})"
    return f"({key}, next({arrivals}), {one})"


def _turned(key: str) -> str:
    """A number's negative."""
    match ast.parse(key, mode="eval").body:
        case ast.UnaryOp(op=ast.USub()):
            return key.removeprefix("-").strip()
        case ast.Name() | ast.Subscript() | ast.Attribute() | ast.Call():
            return f"-{key}"
    return f"-({key})"


def _ranked(program: Program) -> Iterator[Ranked]:
    for loop in loops(program):
        function = loop.block.function
        if function is None:
            continue
        for name in sorted({use.id for use in ast.walk(loop.statement) if isinstance(use, ast.Name)}):
            if not all(map(_is_own, values_of(function, name) or [ast.Constant(None)])):
                continue
            found = _within(program, loop, name)
            early = [use for use in uses(function, name) if use.lineno < loop.statement.lineno]
            reads = [use for use in early if isinstance(use.ctx, ast.Load)]
            if found is not None and early and all(only_looked_at(program, use) for use in reads):
                yield found


def _is_own(value: ast.expr) -> bool:
    """Whether it is a list that nobody else has; of what can be sorted, a copy is one."""
    match value:
        case ast.Subscript(slice=ast.Slice(lower=None, upper=None, step=None)):
            return True
        case ast.Call(func=ast.Attribute(attr="copy"), args=[]):
            return True
    return makes_list(value)


def _within(program: Program, loop: Place, name: str) -> Ranked | None:
    """The list, if all that a loop does with it can be done by a heap of keys."""
    found = Ranked(name, loop, [], [], [], [])
    mentions = sorted(uses(loop.statement, name), key=lambda use: (use.lineno, use.col_offset))
    if not all(_fits(program, use, found) for use in mentions):
        return None
    orders, ends = {order for _, order in found.orders}, {last for _, last in found.takes}
    if len(orders) != 1 or len(ends) != 1:
        return None
    (order,), (last,) = orders, ends
    plain = order.keys == (_ONE,) and not order.downwards and not last  # an ordinary heap is enough
    key = ast.parse(", ".join(order.keys), mode="eval").body
    moves = used(key) & (bound(loop.statement) | changed(program, loop.statement)) - {_ONE}
    return None if plain or moves or not is_pure(program, key) else found


def _fits(program: Program, use: ast.Name, found: Ranked) -> bool:
    """Whether a heap can do what is done here; what has to change is noted."""
    above = parent(program, use)
    if isinstance(above, _TRUTH) or ast.unparse(above) == f"len({found.name})":
        found.mentions.append(use)
        return True
    if isinstance(above, ast.Call) and isinstance(above.func, ast.Name):
        return _is_found(program, above, found)
    call = parent(program, above) if isinstance(above, ast.Attribute) else None
    if not isinstance(above, ast.Attribute) or not isinstance(call, ast.Call):
        return False
    place = place_of(program, parent(program, call))  # type: ignore[arg-type]
    alone = place is not None and isinstance(place.statement, ast.Expr) and len(place.block.statements) > 1
    match above.attr, call.args:
        case "sort", [] if alone and (order := _order(program, call.keywords)) is not None:
            assert place is not None
            found.orders.append((place, order))
        case "pop", [] | [ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1))]:
            found.takes.append((call, True))
        case "pop", [ast.Constant(value=0)]:
            found.takes.append((call, False))
        case "remove", [ast.Name()]:
            return any(place is not None and one == place for one, _ in found.orders)
        case "append", [value] if place is not None and isinstance(place.statement, ast.Expr):
            found.pushes.append((place, value))
        case _:
            return False
    return True


def _is_found(program: Program, call: ast.Call, found: Ranked) -> bool:
    """Whether it is `x = min(xs, key=...)` with `xs.remove(x)` right after it, or the same with `max`."""
    place, order = place_of(program, parent(program, call)), _order(program, call.keywords)  # type: ignore[arg-type]
    match call, place.statement if place is not None else None:
        case ast.Call(func=ast.Name(id="min" | "max" as by), args=[_]), ast.Assign(targets=[ast.Name(id=thing)]):
            pass
        case _:
            return False
    after = place.block.statements[place.index + 1 :][:1] if place is not None else []
    if place is None or order is None or [ast.unparse(one) for one in after] != [f"{found.name}.remove({thing})"]:
        return False
    found.orders.append((Place(place.block, place.index + 1), order._replace(downwards=by == "max")))
    found.takes.append((call, False))
    return True


def _order(program: Program, keywords: list[ast.keyword]) -> Order | None:
    keys: tuple[str, ...] = (_ONE,)
    downwards = False
    for one in keywords:
        match one:
            case ast.keyword(arg="reverse", value=ast.Constant(value=bool() as value)):
                downwards = value
            case ast.keyword(arg="key", value=ast.Name(id=function)):
                keys = (f"{function}({_ONE})",)
            case ast.keyword(
                arg="key", value=ast.Lambda(args=ast.arguments(args=[ast.arg(arg=name)], defaults=[]), body=body)
            ) if name == _ONE or not uses(body, _ONE):
                parts = body.elts if isinstance(body, ast.Tuple) and len(body.elts) > 1 else [body]
                keys = tuple(_with_one(program, part, name) for part in parts)
            case _:
                return None
    return Order(keys, downwards)


def _with_one(program: Program, node: ast.expr, name: str) -> str:
    exchanged: dict[ast.expr, str] = dict.fromkeys(uses(node, name), _ONE)
    return exchanged_text(program, node, exchanged)


OPERATORS = (Operator("heap_by_key", "rewrites", heap_by_key),)
