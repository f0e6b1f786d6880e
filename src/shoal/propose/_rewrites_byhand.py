"""A rewrite of sorts that are written out, by exchange or insertion: Python's own puts things in the same order."""

import ast
import copy
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, step_of, used
from shoal.propose._rewrites_nest import start_of
from shoal.propose._rewrites_parts import Rewrite, loops, read_later, values_of
from shoal.propose._rewrites_pure import is_pure
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]

_ONE, _OTHER = "one", "other"


class Order(NamedTuple):
    """A list that is put in order.

    Attributes:
        place: of the outermost loop that does it.
        name: of the list.
        test: the condition that ``one`` comes after ``other``, in these names.
        flag: name of what says whether anything was exchanged; "" for none.
        stable: whether things that are neither before nor after each other stay as they are.
    """

    place: Place
    name: str
    test: ast.expr
    flag: str = ""
    stable: bool = True


def sort_by_swaps(draft: Draft) -> Change | None:
    """A list sorted by exchange, by selection or by insertion is sorted by its own method."""
    program = draft.program
    order = draft.pick([one for one in _orders(program) if one.stable or _is_plain(one.test)])
    rewrite = Rewrite(program)
    start = start_of(program, order.place, order.flag) if order.flag else None
    if start is not None:
        rewrite.drop(start.place)
    rewrite.within(order.place, f"{order.name}.sort({_options(rewrite, order)})")
    return rewrite.change(f"{order.name}.sort instead of loops (line {order.place.statement.lineno})")


def _options(rewrite: Rewrite, order: Order) -> str:
    """The arguments of the sort."""
    match order.test:
        case ast.Compare(left=left, ops=[ast.Gt() | ast.Lt() as op], comparators=[right]):
            first = _ONE in used(left)
            key, same = (left, right) if first else (right, left)
            if _turned(key) == ast.unparse(same) and _OTHER not in used(key):
                text = "" if isinstance(key, ast.Name) else f"key=lambda {_ONE}: {ast.unparse(key)}"
                down = "reverse=True" if isinstance(op, ast.Lt) == first else ""
                return ", ".join(filter(None, (text, down)))
    functools, step = rewrite.module(order.place.block, "functools"), step_of(order.place.block)
    compare = rewrite.name("compared")
    rewrite.before(
        order.place,
        f"def {compare}({_ONE}, {_OTHER}):",
        f"{step}if {ast.unparse(order.test)}:",
        f"{step}{step}return 1",
        f"{step}return -1 if {_turned(order.test)} else 0",
        "",
    )
    return f"key={functools}.cmp_to_key({compare})"


def _turned(node: ast.expr) -> str:
    """The text of an expression about one thing and another, with the two exchanged."""
    turned = copy.deepcopy(node)
    for name in ast.walk(turned):
        if isinstance(name, ast.Name) and name.id in (_ONE, _OTHER):
            name.id = _OTHER if name.id == _ONE else _ONE
    return ast.unparse(turned)


def _is_plain(test: ast.expr) -> bool:
    """Whether things themselves are compared, so that those that are as good are the same."""
    match test:
        case ast.Compare(left=ast.Name(), ops=[_], comparators=[ast.Name()]):
            return True
    return False


# -- what is sorted ----------------------------------------------------------------------------------------------------


def _orders(program: Program) -> Iterator[Order]:
    for place in loops(program):
        loop = place.statement
        for found in (_by_neighbours(program, place), _by_pairs(program, place), _by_insertion(program, place)):
            gone = bound(loop) - ({found.name} if found else set())
            if found and not read_later(place, gone) and _is_asked_strictly(program, found):
                yield found


def _is_asked_strictly(program: Program, order: Order) -> bool:
    """Whether the condition is about the two things alone, and holds of none and itself."""
    strict = [n for n in ast.walk(order.test) if isinstance(n, ast.Compare)]
    loose = any(isinstance(op, ast.GtE | ast.LtE) for one in strict for op in one.ops)
    return {_ONE, _OTHER} <= used(order.test) and bool(strict) and not loose and is_pure(program, order.test)


def _by_neighbours(program: Program, place: Place) -> Order | None:
    """Neighbours in the wrong order are exchanged, again and again."""
    loop = place.statement
    body, flag = list(loop.body), ""  # type: ignore[attr-defined]
    if isinstance(body[0], ast.Assign) and ast.unparse(body[0]).endswith(" = False"):
        flag, body = ast.unparse(body[0].targets[0]), body[1:]
        if body and ast.unparse(body[-1]).split() == ["if", "not", f"{flag}:", "break"]:
            body = body[:-1]
    match body:
        case [ast.For(target=ast.Name(id=index), iter=iterated, body=[ast.If(test=test, body=swap, orelse=[])])]:
            if flag and ast.unparse(swap[-1]) == f"{flag} = True":
                swap = swap[:-1]
        case _:
            return None
    told = _exchanged(swap)
    if told is None:
        return None
    name, low, high = told
    if (low, high) not in ((index, f"{index} + 1"), (f"{index} - 1", index)):
        return None
    ranges = _whole_ranges(loop, name, index, low == index, place)
    if ranges is None or _length(iterated, name, place) not in ranges:
        return None
    if isinstance(loop, ast.While) and ast.unparse(loop.test) != flag:
        return None
    found = _asked(test, {f"{name}[{low}]": _ONE, f"{name}[{high}]": _OTHER}, {name, index})
    return Order(place, name, found, flag if isinstance(loop, ast.While) else "") if found is not None else None


def _whole_ranges(loop: ast.stmt, name: str, index: str, ahead: bool, place: Place) -> list[str] | None:
    """Texts of what an inner loop must go through; None where the outer loop does not go often enough."""
    size = f"len({name})"
    first, last = ("0", f"{size} - 1") if ahead else ("1", size)
    if isinstance(loop, ast.While):
        return _from(first, [last])
    match loop:
        case ast.For(target=ast.Name(id=outer), iter=iterated):
            told = _length(iterated, name, place)
            if told in (f"range({size} - 1, 0, -1)", f"range({size} - 1, -1, -1)"):
                return _from(first, [outer] if ahead else [f"{outer} + 1"])
            if told in (*_from("0", [size]), *_from("0", [f"{size} - 1"])):
                shorter = [f"{size} - {outer} - 1", f"{size} - 1 - {outer}"] if ahead else [f"{size} - {outer}"]
                back = [] if ahead else [f"range({size} - 1, {outer}, -1)"]
                return [*_from(first, [last, *shorter]), *back]
    return None


def _from(first: str, lasts: list[str]) -> list[str]:
    short = [f"range({last})" for last in lasts] if first == "0" else []
    return [*short, *(f"range({first}, {last})" for last in lasts)]


def _length(node: ast.expr, name: str, place: Place) -> str:
    """The text of an expression, with the list's length for a name of it."""
    copied = copy.deepcopy(node)
    whole = f"len({name})"

    class Exchange(ast.NodeTransformer):
        def visit_Name(self, part: ast.Name) -> ast.expr:
            function = place.block.function
            values = values_of(function, part.id) if function is not None else None
            meant = values is not None and [ast.unparse(one) for one in values] == [whole]
            return ast.parse(whole, mode="eval").body if meant else part

    return ast.unparse(Exchange().visit(copied))


def _by_pairs(program: Program, place: Place) -> Order | None:
    """Each place gets the least of those from it on: by exchange with each that is less, or once with the least."""
    match place.statement:
        case ast.For(target=ast.Name(id=outer), iter=iterated, body=[*before, ast.For() as inner]):
            after: list[ast.stmt] = []
        case ast.For(target=ast.Name(id=outer), iter=iterated, body=[*before, ast.For() as inner, last]):
            after = last.body if isinstance(last, ast.If) and not last.orelse else [last]
        case _:
            return None
    match inner:
        case ast.For(target=ast.Name(id=index), iter=rest, body=[ast.If(test=test, body=kept, orelse=[])]):
            pass
        case _:
            return None
    told = _exchanged(after or kept)
    if told is None or len(before) != bool(after):
        return None
    name, (low, high) = told[0], told[1:]
    least = index
    if after:
        least = high if low == outer else low
        noted = ast.unparse(before[0]) == f"{least} = {outer}" and len(kept) == 1
        if not noted or ast.unparse(kept[0]) != f"{least} = {index}" or {low, high} != {outer, least}:
            return None
    elif {low, high} != {outer, index}:
        return None
    whole = (*_from("0", [f"len({name})"]), *_from("0", [f"len({name}) - 1"]))
    if _length(iterated, name, place) not in whole:
        return None
    if _length(rest, name, place) != f"range({outer} + 1, len({name}))":
        return None
    first = f"{name}[{least if after else outer}]"
    found = _asked(test, {first: _ONE, f"{name}[{index}]": _OTHER}, {name, index, outer, least})
    return Order(place, name, found, stable=False) if found is not None else None


def _by_insertion(program: Program, place: Place) -> Order | None:
    """Each thing moves to the front, past those that come after it."""
    match place.statement:
        case ast.For(
            target=ast.Name(id=outer),
            iter=iterated,
            body=[*before, ast.While(test=ast.BoolOp(op=ast.And(), values=[there, test]), body=moved, orelse=[]), last],
        ) if len(before) == 2:
            texts = {ast.unparse(s) for s in before}
        case _:
            return None
    match last:
        case ast.Assign(
            targets=[ast.Subscript(value=ast.Name(id=name), slice=ast.BinOp(left=ast.Name(id=index)))],
            value=ast.Name(id=thing),
        ):
            pass
        case _:
            return None
    wanted = {f"{thing} = {name}[{outer}]", f"{index} = {outer} - 1"}
    steps = [f"{name}[{index} + 1] = {name}[{index}]", f"{index} -= 1"]
    lines = ([ast.unparse(s) for s in moved], ast.unparse(last), ast.unparse(there))
    if texts != wanted or lines != (steps, f"{name}[{index} + 1] = {thing}", f"{index} >= 0"):
        return None
    if _length(iterated, name, place) != f"range(1, len({name}))":
        return None
    found = _asked(test, {f"{name}[{index}]": _ONE, thing: _OTHER}, {name, index, thing})
    return Order(place, name, found) if found is not None else None


def _exchanged(statements: list[ast.stmt]) -> tuple[str, str, str] | None:
    """The list of which two things are exchanged, and texts of their places, as they are told."""
    match statements:
        case [
            ast.Assign(targets=[ast.Tuple(elts=[one, other])], value=ast.Tuple(elts=[first, second])),
        ]:
            pass
        case [
            ast.Assign(targets=[ast.Name(id=kept)], value=first),
            ast.Assign(targets=[one], value=second),
            ast.Assign(targets=[other], value=ast.Name(id=same)),
        ] if kept == same:
            first, second = second, first
        case _:
            return None
    texts = [ast.unparse(node) for node in (one, other, second, first)]
    match one, other:
        case ast.Subscript(value=ast.Name(id=name), slice=low), ast.Subscript(value=ast.Name(id=again), slice=high):
            if name == again and texts[:2] == texts[2:]:
                places = sorted((ast.unparse(low), ast.unparse(high)), key=lambda text: ("+" in text) - ("-" in text))
                return name, places[0], places[1]
    return None


def _asked(test: ast.expr, meant: dict[str, str], gone: set[str]) -> ast.expr | None:
    """A condition with names for what is compared; None where it is about anything else that changes."""
    if {_ONE, _OTHER} & (used(test) - set(meant)):
        return None

    class Exchange(ast.NodeTransformer):
        def visit(self, part: ast.AST) -> ast.AST:
            if isinstance(part, ast.Subscript | ast.Name) and ast.unparse(part) in meant:
                return ast.Name(meant[ast.unparse(part)], ast.Load())
            return self.generic_visit(part)

    made = Exchange().visit(copy.deepcopy(test))
    return made if isinstance(made, ast.expr) and not used(made) & (gone - {_ONE, _OTHER}) else None


OPERATORS = (Operator("sort_by_swaps", "rewrites", sort_by_swaps),)
