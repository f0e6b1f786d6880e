"""A rewrite of searches, in each round, for the thing with the least key of those that are left: a heap tells it."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, step_of, used
from shoal.propose._rewrites_pairs import conditions, opposite
from shoal.propose._rewrites_parts import (
    LOOPS,
    Rewrite,
    filled,
    loops,
    makes_list,
    parent,
    place_of,
    read_later,
    uses,
    values_of,
)
from shoal.propose._rewrites_pure import changed, is_pure
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]

_GOES_ON = ("is None", "== -1", "< 0", "== None")


class Choice(NamedTuple):
    """Statements that find the thing with the least key, or the greatest.

    Attributes:
        outer: the loop around them.
        place: of the one that finds it: a loop, or a call of `min` or `max`.
        thing: the name under which each thing is looked at.
        found: the name of what is found.
        best: the name of its key; "" where it has none.
        key: what is compared.
        tests: what else must be true of it.
        most: whether the greatest is found.
        among: text of what is gone through.
        table: the list, set or table that is gone through, as long as it shrinks or grows; "" for numbers and others.
    """

    outer: Place
    place: Place
    thing: str
    found: str
    best: str
    key: ast.expr
    tests: list[ast.expr]
    most: bool
    among: str
    table: str


class Stir(NamedTuple):
    """A statement that may change the key of a thing, and which thing that is; None for one that takes a thing out."""

    place: Place
    which: ast.expr | None


def chosen_by_heap(draft: Draft) -> Change | None:
    """The thing with the least key of those left is found by a heap, into which each goes again when its key changes.

    What lies in the heap with a key that it no longer has, or is out, is passed over when it comes to the top.
    """
    program = draft.program
    choice, stirs = draft.pick(list(_choices(program)))
    rewrite, outer, thing = Rewrite(program), choice.outer, choice.thing
    heapq, step = rewrite.module(outer.block, "heapq"), step_of(outer.block)
    heap, order, value = rewrite.name("waiting"), rewrite.name("order"), rewrite.name("value")
    sign = "-" if choice.most else ""
    shrinks = any(stir.which is None for stir in stirs)
    numbers = choice.among.startswith("range(")
    places = "" if numbers else choice.table if shrinks else rewrite.name("places")
    tests = [*([f"{thing} in {places}"] if shrinks else []), *map(ast.unparse, choice.tests)]
    key = f"{sign}{_operand(choice.key)}"
    told = f"({key}, {thing})" if numbers else f"({key}, {order}, {thing})"
    each = f"{thing} in {choice.among}" if numbers else f"{thing}, {order} in {places}.items()"
    if places:
        rewrite.before(outer, f"{places} = {{{thing}: {order} for {order}, {thing} in enumerate({choice.among})}}")
    first = " and ".join(map(_bracket, choice.tests))
    rewrite.before(outer, f"{heap} = [{told} for {each}{f' if {first}' if first else ''}]", f"{heapq}.heapify({heap})")
    lines = [f"{value}, {thing} = {heap}[0]" if numbers else f"{value}, {order}, {thing} = {heap}[0]"]
    asked = " and ".join([*tests[:shrinks], *map(_bracket, choice.tests), f"{key} == {value}"])
    lines += [f"if {asked}:", f"{step}{choice.found} = {thing}"] if choice.found != thing else [f"if {asked}:"]
    lines += [f"{step}{choice.best} = {sign}{value}"] if choice.best else []
    lines += [f"{step}break", f"{heapq}.heappop({heap})"]
    rewrite.within(choice.place, f"while {heap}:", *(step + line for line in lines))
    for stir in stirs:
        _stir(rewrite, choice, stir, heap=heap, places=places, heapq=heapq, sign=sign)
    return rewrite.change(f"{choice.found} is found by a heap (line {choice.place.statement.lineno})")


def _stir(rewrite: Rewrite, choice: Choice, stir: Stir, *, heap: str, places: str, heapq: str, sign: str) -> None:
    """Put a thing whose key may have changed into the heap again, or take one out of the table."""
    step = step_of(choice.outer.block)
    if stir.which is None:
        call = stir.place.statement.value  # type: ignore[attr-defined]
        rewrite.within(stir.place, f"{places}.pop({rewrite.program.text(call.args[0])}, None)")
        return
    which = ast.unparse(stir.which)
    swap = {choice.thing: stir.which}
    tests = [_bracket(filled(test, swap)) for test in choice.tests]
    key = f"{sign}{_operand(filled(choice.key, swap))}"
    grows = choice.table and choice.table != places
    if not places:
        put = f"({key}, {which})"
    else:
        put = f"({key}, {places}[{which}], {which})"
        tests = tests if grows else [f"{which} in {places}", *tests]
    lines = [f"{places}.setdefault({which}, len({places}))"] if places and grows else []
    push = f"{heapq}.heappush({heap}, {put})"
    lines += [f"if {' and '.join(tests)}:", f"{step}{push}"] if tests else [push]
    rewrite.after(stir.place, *lines)


def _operand(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if isinstance(node, ast.Name | ast.Subscript | ast.Attribute | ast.Call) else f"({text})"


def _bracket(node: ast.expr) -> str:
    text = ast.unparse(node)
    return f"({text})" if isinstance(node, ast.BoolOp | ast.IfExp | ast.Lambda) else text


# -- what is chosen ----------------------------------------------------------------------------------------------------


def _choices(program: Program) -> Iterator[tuple[Choice, list[Stir]]]:
    for outer in loops(program):
        for statement in outer.statement.body:  # type: ignore[attr-defined]
            place = place_of(program, statement)
            if place is None:
                continue
            choice = _by_loop(program, outer, place) or _by_call(program, outer, place)
            stirs = _stirs(program, choice) if choice is not None else None
            if choice is not None and stirs:
                yield choice, stirs


def _by_call(program: Program, outer: Place, place: Place) -> Choice | None:
    """`found = min(things, key=lambda x: y)`."""
    match place.statement:
        case ast.Assign(
            targets=[ast.Name(id=found)],
            value=ast.Call(
                func=ast.Name(id="min" | "max" as by), args=[among], keywords=[ast.keyword(arg="key", value=keyed)]
            ),
        ):
            pass
        case _:
            return None
    thing, key = _key(keyed)
    tests: list[ast.expr] = []
    match among:
        case (
            ast.GeneratorExp(elt=ast.Name(id=one), generators=[only])
            | ast.ListComp(elt=ast.Name(id=one), generators=[only])
        ) if ast.unparse(only.target) == one:
            tests, among = [c for test in only.ifs for c in conditions(test)], only.iter
            key, thing = (filled(key, {thing: ast.Name(one, ast.Load())}) if key is not None else None), one
    table = among.id if isinstance(among, ast.Name) else ""
    if key is None or not (table or ast.unparse(among).startswith("range(")):
        return None
    function = outer.block.function
    if function is None or not is_pure(program, key, among, *tests):
        return None
    mine = {id(n) for n in ast.walk(place.statement)}
    if any(id(use) not in mine for use in uses(function, thing)):
        other = ast.Name(Rewrite(program).name(f"next_{thing}"), ast.Load())
        key, *tests = (filled(one, {thing: other}) for one in (key, *tests))
        thing = other.id
    return Choice(outer, place, thing, found, "", key, tests, by == "max", program.text(among), table)


def _key(keyed: ast.expr) -> tuple[str, ast.expr | None]:
    """The name of a thing, and what is compared of it."""
    match keyed:
        case ast.Lambda(args=ast.arguments(args=[ast.arg(arg=name)], defaults=[]), body=body):
            return name, body
        case ast.Attribute(value=ast.Name() as table, attr="get" | "__getitem__"):
            return "one", ast.Subscript(table, ast.Name("one", ast.Load()), ast.Load())
    return "", None


def _by_loop(program: Program, outer: Place, place: Place) -> Choice | None:
    """A loop that keeps the thing whose key is less than that of the one kept so far."""
    loop = place.statement
    told = _gone_through(program, loop) if isinstance(loop, ast.For) and not loop.orelse else None
    if told is None:
        return None
    thing, among, table, alias = told
    assert isinstance(loop, ast.For)
    tests, last = _asked(loop.body)
    tests = [filled(test, alias) for test in tests]
    names = _kept(last, thing)
    if names is None or not tests:
        return None
    found, best, held = names
    *rest, compared = tests
    least = _compared(compared, thing, found, best)
    if least is None or read_later(place, {thing, *alias}) or thing == found:
        return None
    key, most = least
    begun = _begun(place, found, best)
    if begun is None or not is_pure(program, key, *rest):
        return None
    if best and (held is None or ast.unparse(filled(held, alias)) != ast.unparse(key)):
        return None
    if best and begun and not isinstance(compared, ast.BoolOp):
        rest.append(ast.parse(f"{_operand(key)} {'>' if most else '<'} {begun}", mode="eval").body)
    return Choice(outer, place, thing, found, best, key, rest, most, among, table)


def _gone_through(program: Program, loop: ast.For) -> tuple[str, str, str, dict[str, ast.expr]] | None:
    """The name of each thing, text of what is gone through, its table, and what other names stand for."""
    match loop.target, loop.iter:
        case ast.Name(id=thing), ast.Name(id=table):
            return thing, table, table, {}
        case ast.Name(id=thing), ast.Call(func=ast.Name(id="range"), args=[_]):
            return thing, program.text(loop.iter), "", {}
        case ast.Tuple(elts=[ast.Name(id=thing), ast.Name(id=one)]), ast.Call(
            func=ast.Name(id="enumerate"), args=[ast.Name(id=table) as things], keywords=[]
        ):
            at = ast.Subscript(things, ast.Name(thing, ast.Load()), ast.Load())
            return thing, f"range(len({table}))", "", {one: at}
        case ast.Tuple(elts=[ast.Name(id=thing), ast.Name(id=one)]), ast.Call(
            func=ast.Attribute(value=ast.Name(id=table) as things, attr="items"), args=[]
        ):
            at = ast.Subscript(things, ast.Name(thing, ast.Load()), ast.Load())
            return thing, table, table, {one: at}
    return None


def _asked(body: list[ast.stmt]) -> tuple[list[ast.expr], list[ast.stmt]]:
    """The conditions under which the last statements are reached, and these."""
    match body:
        case [ast.If(test=test, body=[ast.Continue()], orelse=[]), _, *_]:
            tests, last = _asked(body[1:])
            return [opposite(test), *tests], last
        case [ast.If(test=test, body=inner, orelse=[])]:
            tests, last = _asked(inner)
            return [*conditions(test), *tests], last
    return [], body


def _kept(last: list[ast.stmt], thing: str) -> tuple[str, str, ast.expr | None] | None:
    """The names that get the thing and its key, and the key; None where the statements do anything else."""
    pairs: list[tuple[ast.expr, ast.expr]] = []
    for statement in last:
        match statement:
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                pairs += zip(targets, values, strict=False)
            case ast.Assign(targets=[target], value=value):
                pairs.append((target, value))
            case _:
                return None
    found = [t.id for t, v in pairs if isinstance(t, ast.Name) and ast.unparse(v) == thing]
    best = [(t.id, v) for t, v in pairs if isinstance(t, ast.Name) and ast.unparse(v) != thing]
    if len(found) != 1 or len(best) > 1 or len(found) + len(best) != len(pairs):
        return None
    return (found[0], *best[0]) if best else (found[0], "", None)


def _compared(test: ast.expr, thing: str, found: str, best: str) -> tuple[ast.expr, bool] | None:
    """What is compared of a thing with what is kept, and whether more is kept."""
    match test:
        case ast.BoolOp(op=ast.Or(), values=[first, ast.Compare() as second]):
            starts = [f"{name} {end}" for name in (found, best) if name for end in _GOES_ON]
            return _compared(second, thing, found, best) if ast.unparse(first) in starts else None
        case ast.Compare(left=left, ops=[ast.Lt() | ast.Gt() as op], comparators=[right]):
            less = isinstance(op, ast.Lt)
            for key, other, most in ((left, right, not less), (right, left, less)):
                same = ast.unparse(filled(key, {thing: ast.Name(found, ast.Load())}))
                if thing in used(key) and ast.unparse(other) in (best, same) and not {found, best} & used(key):
                    return key, most
    return None


def _begun(place: Place, found: str, best: str) -> str | None:
    """What the best key begins with, "" for nothing known; None where the names are not set right before the loop."""
    left, begun = {found, *([best] if best else [])}, ""
    for index in range(place.index - 1, -1, -1):
        statement = place.block.statements[index]
        if not left:
            break
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in left:
                pairs = [(name, value)]
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                pairs = [(t.id, v) for t, v in zip(targets, values, strict=False) if isinstance(t, ast.Name)]
            case _:
                return None
        for name, value in pairs:
            left.discard(name)
            begun = ast.unparse(value) if name == best else begun
    return None if left else ("" if begun == "None" else begun)


# -- what changes keys -------------------------------------------------------------------------------------------------


def _stirs(program: Program, choice: Choice) -> list[Stir] | None:
    """The statements of the loop after which a thing has another key; None where one does more than can be told."""
    loop, function = choice.outer.statement, choice.outer.block.function
    mine = {id(n) for n in ast.walk(choice.place.statement)}
    read = used(choice.key).union(*map(used, choice.tests), {choice.table} - {""}) - {choice.thing}
    if read & bound(loop) or function is None:
        return None
    puts: list[Stir] = []
    takes: list[Stir] = []
    for name in sorted(read & changed(program, loop)):
        keyed = name in used(choice.key) or any(not _only_leaves(test, name, choice) for test in choice.tests)
        for use in uses(loop, name):
            if id(use) in mine or not _may_change(program, use):
                continue
            stir = _stir_of(program, use, keyed=keyed, table=choice.table)
            if stir is None:
                return None
            (takes if stir.which is None else puts).append(stir)
    taken = [one for one in takes if _is_taking(one.place.statement, choice.table)]
    if not puts or (taken and not _is_own(program, choice)):
        return None
    return [*puts, *taken]


def _only_leaves(test: ast.expr, name: str, choice: Choice) -> bool:
    """Whether a condition says that a thing is not in a set, which only grows; or does not speak of it."""
    if name not in used(test):
        return True
    return ast.unparse(test) in (f"{choice.thing} not in {name}", f"not {choice.thing} in {name}")


def _may_change(program: Program, use: ast.Name) -> bool:
    over = parent(program, use)
    match over:
        case ast.Attribute(value=value, attr=attr) if value is use:
            return attr not in ("get", "items", "keys", "values", "index", "count")
        case ast.Subscript(value=value, ctx=ast.Load()) if value is use:
            above = parent(program, over)
            return (
                isinstance(above, ast.Attribute | ast.Subscript)
                and above.value is over
                and not _is_read(program, above)
            )
        case ast.Subscript(value=value):
            return value is use
        case ast.Call(func=ast.Name(id=called)):
            return called not in ("len", "sorted", "list", "enumerate", "min", "max", "sum", "set", "any", "all")
    return isinstance(use.ctx, ast.Store | ast.Del)


def _is_read(program: Program, node: ast.Attribute | ast.Subscript) -> bool:
    if isinstance(node, ast.Subscript):
        return isinstance(node.ctx, ast.Load)
    return node.attr in ("items", "get", "keys", "values", "index", "count")


def _stir_of(program: Program, use: ast.Name, *, keyed: bool, table: str) -> Stir | None:
    """What a mention of a name changes; None where that cannot be told."""
    over = parent(program, use)
    statement: ast.AST = over
    while not isinstance(statement, ast.stmt):
        statement = parent(program, statement)
    place = place_of(program, statement)
    if place is None or isinstance(statement, LOOPS | ast.If):
        return None
    match over:
        case ast.Subscript(slice=ast.Name() | ast.Constant() as which, ctx=ast.Store() | ast.Load()):
            return Stir(place, which)
        case ast.Attribute(attr="add" | "append") if not keyed and use.id != table:
            return Stir(place, None)
        case ast.Attribute(attr="remove" | "discard") if use.id == table and _is_taking(statement, table):
            return Stir(place, None)
    return None


def _is_taking(statement: ast.stmt, table: str) -> bool:
    match statement:
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="remove" | "discard"), args=[ast.Name()])
        ):
            return name == table
    return False


def _is_own(program: Program, choice: Choice) -> bool:
    """Whether a table can take the place of what is gone through, and things are taken out of."""
    function, loop = choice.outer.block.function, choice.outer.statement
    assert function is not None
    values = values_of(function, choice.table) or []
    made = bool(values) and all(makes_list(v) or ast.unparse(v).startswith("set(") for v in values)
    mine = {id(n) for n in ast.walk(choice.place.statement)}
    for use in uses(loop, choice.table):
        over = parent(program, use)
        asks = isinstance(over, ast.While | ast.If | ast.UnaryOp | ast.Compare) or ast.unparse(over).startswith("len(")
        takes = isinstance(over, ast.Attribute) and over.attr in ("remove", "discard")
        if id(use) not in mine and not asks and not takes:
            return False
    return made and not read_later(choice.outer, {choice.table})


OPERATORS = (Operator("chosen_by_heap", "rewrites", chosen_by_heap),)
