"""Rewrites that do a thing once for each different value: tables of results, counts of all values, lists as counts."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, names_before, reads_first, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_loops import sum_head
from shoal.propose._rewrites_nest import Nest, Start, added, nest_of, start_of
from shoal.propose._rewrites_parts import (
    Rewrite,
    bracketed,
    changed_by,
    expressions,
    functions,
    label,
    loops,
    parent,
    place_of,
    read_later,
    uses,
    values_of,
)
from shoal.propose._rewrites_pure import is_harmless, is_pure
from shoal.syntax._program import Program
from shoal.syntax._sites import Site
from shoal.syntax._words import words

__all__ = ["OPERATORS"]

_FRESH = words(
    "list dict set sorted bytearray map filter zip enumerate iter reversed copy split rsplit splitlines loads"
)


# -- results by value --------------------------------------------------------------------------------------------------


def once_for_each(draft: Draft) -> Change | None:
    """What a loop makes of each thing is made once for each different one, in the order in which these come first."""
    return draft.pick([*_of_loops(draft), *_of_comprehensions(draft.program)])


def _of_comprehensions(program: Program) -> Iterator[Change]:
    for site in expressions(program):
        match site.node:
            case (
                ast.ListComp(elt=made, generators=[ast.comprehension(target=ast.Name(id=name), iter=iterated, ifs=[])])
                | ast.GeneratorExp(
                    elt=made, generators=[ast.comprehension(target=ast.Name(id=name), iter=iterated, ifs=[])]
                )
            ) if not site.loose and _is_work(made) and is_pure(program, made) and _repeats(program, iterated):
                if not _may_be_shared(made) or name not in used(made) or _is_record(program, made, name):
                    continue
                rewrite = Rewrite(program)
                table, things = rewrite.name(f"{label(iterated)}_results"), bracketed(program, iterated)
                at = Place(site.block, site.place)
                if at.block.indent is None or isinstance(at.statement, ast.While):
                    continue
                every = f"for {name} in dict.fromkeys({program.text(iterated)})"
                rewrite.before(at, f"{table} = {{{name}: {program.text(made)} {every}}}")
                opening, closing = ("[", "]") if isinstance(site.node, ast.ListComp) else ("(", ")")
                whole = program.data[program.start(site.node) : program.start(site.node) + 1].decode() == opening
                text = f"{table}[{name}] for {name} in {things}"
                rewrite.replace(site.node, f"{opening}{text}{closing}" if whole else text)
                yield rewrite.change(f"{shown(program.text(made))} once for each (line {site.node.lineno})")


def _repeats(program: Program, iterated: ast.expr) -> bool:
    """Whether the same thing may come several times, and can be gone through twice."""
    once = isinstance(iterated, ast.Call) and getattr(iterated.func, "id", "") in ("range", "enumerate", "zip", "set")
    return is_pure(program, iterated) and not once and not isinstance(iterated, ast.GeneratorExp | ast.Set)


def _may_be_shared(node: ast.expr) -> bool:
    """Whether a value is not seen to be one that can be changed, or be used up."""
    match node:
        case ast.GeneratorExp() | ast.Lambda() | ast.List() | ast.ListComp() | ast.Dict() | ast.DictComp() | ast.Set():
            return False
        case ast.SetComp() | ast.Subscript(slice=ast.Slice()):
            return False
        case ast.Call(func=ast.Name(id=name)):
            return name not in _FRESH
        case ast.Call(func=ast.Attribute(attr=method)):
            return method not in _FRESH
    return True


def _is_work(node: ast.expr) -> bool:
    return any(isinstance(n, ast.Call | ast.BinOp | ast.IfExp) for n in ast.walk(node))


class Made(NamedTuple):
    """A statement at the end of a way through a loop that adds one thing to what the loop makes; and its value."""

    statement: ast.stmt
    value: ast.expr
    jump: ast.stmt | None


def _of_loops(draft: Draft) -> Iterator[Change]:
    program = draft.program
    for place in loops(program):
        match place.statement:
            case ast.For(target=ast.Name(id=name), iter=iterated, body=body) as loop if _repeats(program, iterated):
                for out in sorted(_filled(loop)):
                    made = _ends(body, out)
                    kind = "str" if made and not isinstance(made[0].statement, ast.Expr) else None
                    fits = kind is None or names_before(draft, place).get(out) == kind
                    if made and fits and _is_alone(program, place, loop, out, made):
                        yield _by_function(program, place, name, out, made)


def _filled(loop: ast.For) -> set[str]:
    """Names that a loop adds to."""
    return {found[0] for node in ast.walk(loop) if isinstance(node, ast.stmt) and (found := _value(node))}


def _value(statement: ast.stmt) -> tuple[str, ast.expr, bool] | None:
    """To which name a statement adds what; and whether that is added as it is, as a text is, or put into a list."""
    if isinstance(statement, ast.AugAssign | ast.Assign):
        sum_of = added([statement])
        name = getattr(sum_of.target, "id", "") if sum_of is not None else ""
        return (name, sum_of.value, True) if sum_of is not None and isinstance(sum_of.op, ast.Add) and name else None
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[value])):
            return None if isinstance(value, ast.Starred) else (name, value, False)
    return None


def _ends(body: list[ast.stmt], out: str) -> list[Made] | None:
    """The additions at the ends of all ways through statements; None where a way has none, or does more."""
    *before, last = body
    jump = None
    if isinstance(last, ast.Continue) and before:
        jump, (*before, last) = last, before
    made: list[Made] = []
    for statement in before:
        match statement:
            case ast.Assign(targets=[ast.Name()]):
                continue
            case ast.If(body=inner, orelse=[]) if isinstance(inner[-1], ast.Continue):
                ends = _ends(inner, out)
                if ends is None:
                    return None
                made += ends
            case _:
                return None
    match last:
        case ast.If(body=inner, orelse=other) if other:
            for part in (inner, other):
                ends = _ends(part, out)
                if ends is None:
                    return None
                made += ends
            return made if jump is None else None
    end = _value(last)
    return [*made, Made(last, end[1], jump)] if end and end[0] == out else None


def _is_alone(program: Program, place: Place, loop: ast.For, out: str, made: list[Made]) -> bool:
    """Whether what is added depends on the thing and on nothing that the loop changes."""
    mentions = sum(2 if isinstance(one.statement, ast.Assign) else 1 for one in made)
    kinds = {_value(one.statement)[2] for one in made}  # type: ignore[index]
    if mentions != len(uses(loop, out)) or len(kinds) != 1 or not all(place_of(program, m.statement) for m in made):
        return False
    temporary = set().union(*(bound(s) for s in loop.body)) - {out}
    adds = {id(one.statement.value) for one in made if isinstance(one.statement, ast.Expr)}
    within = (n for s in loop.body for n in ast.walk(s) if id(n) not in adds)
    needed = reads_first(ast.Module(body=loop.body, type_ignores=[])) - {out} - bound(loop.target)
    changes = needed & (temporary | changed_by(program, place))
    if changes or not all(is_harmless(program, n) for n in within) or read_later(place, temporary | bound(loop.target)):
        return False
    if not all(_may_be_shared(m.value) for m in made) or _is_record(program, loop, *bound(loop.target)):
        return False
    work = len(loop.body) > 1 or len(made) > 1 or _is_work(made[0].value)
    return work and loop.body[0].lineno > (loop.iter.end_lineno or 0)


def _by_function(program: Program, place: Place, name: str, out: str, made: list[Made]) -> Change:
    loop = place.statement
    assert isinstance(loop, ast.For)
    rewrite = Rewrite(program)
    function, table = rewrite.name(f"{out}_of"), rewrite.name(f"{label(loop.iter)}_results")
    rewrite.before(place, "")
    rewrite.cut(program.start(loop), program.end(loop.iter), f"def {function}({name})")
    for one in made:
        rewrite.replace(one.statement, f"return {program.text(one.value)}")
        at = place_of(program, one.jump) if one.jump is not None else None
        if at is not None:
            rewrite.drop(at)
    things, is_text = program.text(loop.iter), _value(made[0].statement)[2]  # type: ignore[index]
    rewrite.after(
        place,
        "",
        f"{table} = {{{name}: {function}({name}) for {name} in dict.fromkeys({things})}}",
        f'{out} += "".join([{table}[{name}] for {name} in {bracketed(program, loop.iter)}])'
        if is_text
        else f"{out} += [{table}[{name}] for {name} in {bracketed(program, loop.iter)}]",
    )
    return rewrite.change(f"what is added to {out} is made once for each {name} (line {loop.lineno})")


def count_each(draft: Draft) -> Change | None:
    """How many things fulfil a condition is told by how often each comes, and the condition of each once."""
    program = draft.program
    found = [*_counting_loops(program), *_counting_sums(program)]
    spot, name, iterated, test = draft.pick(found)
    rewrite = Rewrite(program)
    block = spot[0].block if isinstance(spot, tuple) else spot.block
    collections, count = rewrite.module(block, "collections"), rewrite.name("count")
    counts = f"{collections}.Counter({program.text(iterated)})"
    condition = bracketed(program, test) if isinstance(test, ast.IfExp | ast.Lambda) else program.text(test)
    text = f"sum([{count} for {name}, {count} in {counts}.items() if {condition}])"
    if isinstance(spot, tuple):
        place, last = spot
        rewrite.within(place, f"{sum_head(rewrite, place, last)}{text}")
    else:
        rewrite.replace(spot.node, text)
    return rewrite.change(f"{shown(program.text(test))} once for each {name} (line {test.lineno})")


_Counted = tuple[Site | tuple[Place, ast.AugAssign], str, ast.expr, ast.expr]


def _counting_loops(program: Program) -> Iterator[_Counted]:
    for place in loops(program):
        nest = nest_of(program, place)
        last = added(nest.last) if nest is not None else None
        match place.statement:
            case ast.For(target=ast.Name(id=name), iter=iterated) as loop if nest is not None and last is not None:
                tests = [test for _, test in nest.clauses[1:]]
                one = isinstance(last.value, ast.Constant) and last.value.value == 1 and isinstance(last.op, ast.Add)
                total = last.target.id if isinstance(last.target, ast.Name) else ""
                alone = total and len(uses(loop, total)) == (1 if isinstance(nest.last[0], ast.AugAssign) else 2)
                test = tests[0] if len(tests) == 1 else None
                if test is not None and one and alone and _depends(program, test, name) and _repeats(program, iterated):
                    yield (place, last), name, iterated, test


def _counting_sums(program: Program) -> Iterator[_Counted]:
    for site in expressions(program):
        match site.node:
            case ast.Call(func=ast.Name(id="sum" | "len" as by), args=[ast.ListComp() | ast.GeneratorExp() as made]):
                match made.generators:
                    case [ast.comprehension(target=ast.Name(id=name), iter=iterated, ifs=[test])]:
                        one = by == "len" or (isinstance(made.elt, ast.Constant) and made.elt.value == 1)
                        if one and _depends(program, test, name) and _repeats(program, iterated):
                            yield site, name, iterated, test


def _depends(program: Program, test: ast.expr, name: str) -> bool:
    plain = is_pure(program, test) and not isinstance(test, ast.UnaryOp)
    return plain and name in used(test) and not _is_record(program, test, name)


def _is_record(program: Program, node: ast.AST, name: str) -> bool:
    """Whether a name is used as that of a dictionary or of an object: many of these cannot be hashed."""
    for over in (parent(program, use) for use in uses(node, name)):
        match over:
            case ast.Subscript(slice=ast.Constant(value=str())):
                return True
            case ast.Attribute() if not isinstance(parent(program, over), ast.Call):
                return True
            case ast.Call(func=ast.Attribute(attr="get")):
                return True
    return False


# -- counts ------------------------------------------------------------------------------------------------------------


def tally(draft: Draft) -> Change | None:
    """A loop that counts how often each thing comes becomes a `collections.Counter`."""
    program = draft.program
    place, nest, start, key = draft.pick(list(_tallies(program)))
    rewrite = Rewrite(program)
    collections = rewrite.module(place.block, "collections")
    element, texts = program.text(key), nest.texts()
    plain = len(texts) == 1 and texts[0].startswith(f"for {element} in ")
    inside = texts[0].removeprefix(f"for {element} in ") if plain else " ".join([f"[{element}", *texts]) + "]"
    rewrite.drop(start.place)
    rewrite.within(place, f"{start.head}dict({collections}.Counter({inside}))")
    return rewrite.change(f"{shown(inside)} counted at once (line {place.statement.lineno})")


def _tallies(program: Program) -> Iterator[tuple[Place, Nest, Start, ast.expr]]:
    for place in loops(program):
        nest = nest_of(program, place)
        found = _counts(nest.last) if nest is not None else None
        if nest is None or found is None:
            continue
        name, key, mentions = found
        start = start_of(program, place, name)
        empty = start is not None and ast.unparse(start.value) in ("{}", "dict()")
        if start is not None and empty and len(uses(place.statement, name)) == mentions and is_pure(program, key):
            yield place, nest, start, key


def _counts(last: list[ast.stmt]) -> tuple[str, ast.expr, int] | None:
    """The dictionary in which statements count a key, the key, and how often they mention the dictionary."""
    match last:
        case [
            ast.Assign(
                targets=[ast.Subscript(value=ast.Name(id=name), slice=key)],
                value=ast.BinOp(
                    left=ast.Call(
                        func=ast.Attribute(value=ast.Name(id=same), attr="get"), args=[asked, ast.Constant(value=0)]
                    ),
                    op=ast.Add(),
                    right=ast.Constant(value=1),
                ),
            )
        ] if name == same and ast.dump(key) == ast.dump(asked):
            return name, key, 2
        case [
            ast.If(test=ast.Compare(left=asked, ops=[op], comparators=[ast.Name(id=name)]), body=[one], orelse=other)
        ]:
            first, more = ([one], other) if isinstance(op, ast.NotIn) else (other, [one])
            return _first_and_more(name, asked, first, more)
        case [
            ast.If(
                test=ast.Compare(left=asked, ops=[ast.NotIn()], comparators=[ast.Name(id=name)]), body=[one], orelse=[]
            ),
            ast.AugAssign() as more,
        ]:
            match one:
                case ast.Assign(value=ast.Constant(value=0)):
                    return _first_and_more(name, asked, [one], [more], first_is=0)
    return None


def _first_and_more(
    name: str, asked: ast.expr, first: list[ast.stmt], more: list[ast.stmt], *, first_is: int = 1
) -> tuple[str, ast.expr, int] | None:
    match first, more:
        case (
            [ast.Assign(targets=[ast.Subscript(value=ast.Name(id=one), slice=key)], value=ast.Constant(value=begun))],
            [
                ast.AugAssign(
                    target=ast.Subscript(value=ast.Name(id=two), slice=again), op=ast.Add(), value=ast.Constant(value=1)
                )
            ],
        ):
            keys = {ast.dump(node) for node in (asked, key, again)}
            if one == two == name and len(keys) == 1 and begun == first_is:
                return name, key, 3
    return None


# -- lists as counts ---------------------------------------------------------------------------------------------------


class Bag(NamedTuple):
    """A local list of which only is asked what is in it, and from which things are removed.

    ``made`` is its value, ``place`` of the assignment, ``tests`` and ``changes`` what is done with it.
    """

    name: str
    made: ast.expr
    place: Place
    tests: list[Site]
    changes: list[tuple[Place, str, ast.expr]]
    lengths: list[ast.expr]


def multiset(draft: Draft) -> Change | None:
    """A list from which things are looked for and removed becomes counts of its values."""
    program = draft.program
    bag = draft.pick(list(_bags(program)))
    rewrite = Rewrite(program)
    collections = rewrite.module(bag.place.block, "collections")
    inside = program.text(bag.made)
    match bag.made:
        case ast.Call(func=ast.Name(id="list" | "sorted"), args=[only], keywords=[]):
            inside = program.text(only)
        case ast.Subscript(value=whole, slice=ast.Slice(lower=None, upper=None)):
            inside = program.text(whole)
    rewrite.replace(bag.made, f"{collections}.Counter({inside})")
    for site in bag.tests:
        test = site.node
        assert isinstance(test, ast.Compare)
        there = isinstance(test.ops[0], ast.In)
        rewrite.exchange(site, f"{bag.name}[{program.text(test.left)}] {'> 0' if there else '< 1'}")
    for place, method, key in bag.changes:
        rewrite.replace(place.statement, f"{bag.name}[{program.text(key)}] {'-' if method == 'remove' else '+'}= 1")
    for call in bag.lengths:
        rewrite.replace(call, f"{bag.name}.total()")
    return rewrite.change(f"{bag.name} as counts of its values (line {bag.place.statement.lineno})")


def _bags(program: Program) -> Iterator[Bag]:
    for block in functions(program):
        function = block.function
        assert function is not None
        stored = (n for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
        for name in {n.id: None for n in stored}:
            values = values_of(function, name)
            if values is None or len(values) != 1 or not _is_list(values[0]):
                continue
            place = place_of(program, parent(program, values[0]))  # type: ignore[arg-type]
            if place is not None:
                bag = _bag(program, function, Bag(name, values[0], place, [], [], []))
                if bag is not None and any(method == "remove" for _, method, _ in bag.changes):
                    yield bag


def _is_list(value: ast.expr) -> bool:
    match value:
        case ast.Call(func=ast.Name(id="list" | "sorted"), args=[_], keywords=[]):
            return True
        case ast.Subscript(slice=ast.Slice(lower=None, upper=None, step=None)):
            return True
        case ast.List(elts=elements):
            return not any(isinstance(e, ast.Starred) for e in elements)
    return isinstance(value, ast.ListComp)


def _bag(program: Program, function: ast.AST, bag: Bag) -> Bag | None:
    sites = {id(site.node): site for site in expressions(program)}
    for use in uses(function, bag.name):
        over = parent(program, use)
        if isinstance(use.ctx, ast.Store):
            continue
        match over:
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[searched]) if (
                searched is use and id(over) in sites
            ):
                bag.tests.append(sites[id(over)])
            case ast.Attribute(attr="remove" | "append" as method):
                call = parent(program, over)
                place = place_of(program, parent(program, call))  # type: ignore[arg-type]
                if place is None or not isinstance(call, ast.Call) or not isinstance(place.statement, ast.Expr):
                    return None
                bag.changes.append((place, method, call.args[0]))
            case ast.Call(func=ast.Name(id="len")):
                bag.lengths.append(over)
            case _:
                return None
    return bag


OPERATORS = (
    Operator("once_for_each", "rewrites", once_for_each),
    Operator("count_each", "rewrites", count_each),
    Operator("tally", "rewrites", tally),
    Operator("multiset", "rewrites", multiset),
)
