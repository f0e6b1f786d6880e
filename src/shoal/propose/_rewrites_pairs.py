"""Index of pairs: a nested loop that looks for what fits becomes a look into a dictionary that is made once."""

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, places, reads_first, step_of, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_fields import in_other_parts
from shoal.propose._rewrites_parts import (
    Rewrite,
    again,
    bracketed,
    expressions,
    label,
    parent,
    place_of,
    read_later,
    repeats,
    widest,
)
from shoal.propose._rewrites_pure import is_pure
from shoal.syntax._program import Program
from shoal.syntax._sites import Comprehension

__all__ = [
    "OPERATORS",
    "Fit",
    "Pair",
    "alternatives",
    "conditions",
    "filling",
    "fits",
    "is_any",
    "kept",
    "opposite",
    "pairs",
    "ways",
]


class Fit(NamedTuple):
    """An equation: what an inner thing must have, as its key, and the texts of the key and of what that must be.

    ``among``: the key is a list, or several keys, and what is wanted must be in it.
    """

    key: ast.expr
    text: str
    wanted: str
    among: bool = False


class Pair(NamedTuple):
    """A loop over things of which only some fit.

    Attributes:
        target, iterated: of the inner loop.
        whole: text of what to put into the dictionary, where it is more than is iterated.
        least: the first index that counts, where it depends on the outer loop.
        most: the first index that counts no more, where it does so.
        fit: how a thing fits.
        place: the statement before which the dictionary can be made.
        body: the first statement of the inner loop; None for a comprehension.
        named: the first statements of the inner loop, which name what the key is made of.
        tail: whether the loop goes through the things from some place on, and not through the places.
        back: where the inner loop begins, which goes back from there to the first place.
    """

    target: ast.expr
    iterated: ast.expr
    whole: str
    least: ast.expr | None
    fit: Fit
    place: Place
    body: Place | None
    named: tuple[ast.stmt, ...] = ()
    tail: bool = False
    most: ast.expr | None = None
    back: ast.expr | None = None


Fitting = Callable[[Program, list[list[ast.expr]], set[str]], Iterator[Fit]]
"""How things fit, where that is asked in one of some ways by conditions, with names that the inner loop gives."""


def index_pairs(draft: Draft) -> Change | None:
    """Make a dictionary of an inner loop's things by what the outer loop asks of them."""
    program = draft.program
    pair = draft.pick([*pairs(program, fits), *_of_loops(program, fits, back=True)])
    rewrite = Rewrite(program)
    name = rewrite.name(f"{label(pair.iterated)}_by_{_word(pair.fit.key)}")
    step = step_of(pair.place.block)
    target, thing = kept(rewrite, pair)
    texts = [f"{step}{program.text(statement)}" for statement in pair.named]
    filled = filling(rewrite, name, pair.fit, thing, step)
    rewrite.before(pair.place, f"{name} = {{}}", f"for {target} in {pair.whole}:", *texts, *(step + f for f in filled))
    rewrite.replace(pair.iterated, _backwards(rewrite, pair, name) or f"{name}.get({pair.fit.wanted}, ())")
    return rewrite.change(f"{shown(pair.whole)} by {shown(program.text(pair.fit.key))} (line {pair.target.lineno})")


def _backwards(rewrite: Rewrite, pair: Pair, table: str) -> str:
    """What a loop goes through that goes back from a place: those that fit, up to that, the last first; "" for none."""
    if pair.back is None or pair.body is None:
        return ""
    fitting, bisect = rewrite.name("fitting"), rewrite.module(pair.place.block, "bisect")
    loop = place_of(rewrite.program, parent(rewrite.program, pair.iterated))  # type: ignore[arg-type]
    assert loop is not None
    rewrite.before(loop, f"{fitting} = {table}.get({pair.fit.wanted}, ())")
    first = f"{bisect}.bisect_right({fitting}, {rewrite.program.text(pair.back)}) - 1"
    return f"map({fitting}.__getitem__, range({first}, -1, -1))"


def kept(rewrite: Rewrite, pair: Pair) -> tuple[str, str]:
    """What to call each thing of a dictionary, and what to put into it; the inner loop leaves out what lies beyond."""
    program, step = rewrite.program, step_of(pair.place.block)
    target, thing = program.text(pair.target), bracketed(program, pair.target)
    place = rewrite.name("place") if pair.tail else target
    if pair.tail:
        target = f"{place}, {f'({target})' if isinstance(pair.target, ast.Tuple) and target[0] != '(' else target}"
        thing = f"({target})"
        rewrite.replace(pair.target, target)
    if pair.least is not None and pair.body is not None:
        rewrite.before(pair.body, f"if {place} < {program.text(pair.least)}:", f"{step}continue")
    if pair.most is not None and pair.body is not None:
        rewrite.before(pair.body, f"if {place} >= {program.text(pair.most)}:", f"{step}break")
    return target, thing


def filling(rewrite: Rewrite, table: str, fit: Fit, thing: str, step: str) -> list[str]:
    """Lines that put a thing into a dictionary of lists, by its key or by each of its keys."""
    if not fit.among:
        return [f"{table}.setdefault({fit.text}, []).append({thing})"]
    one = rewrite.name("one")
    return [f"for {one} in dict.fromkeys({fit.text}):", f"{step}{table}.setdefault({one}, []).append({thing})"]


def _is_list(key: ast.expr) -> bool:
    """Whether a key is a list, which no dictionary takes."""
    match key:
        case ast.Call(func=ast.Name(id="sorted" | "list")) | ast.ListComp() | ast.List():
            return True
        case ast.Call(func=ast.Attribute(attr="split" | "splitlines")):
            return True
    return False


def _word(key: ast.expr) -> str:
    match key:
        case ast.Subscript(slice=ast.Constant(value=str(word))) if word.isidentifier():
            return word
        case ast.Attribute(attr=word):
            return word
    return "value"


def pairs(program: Program, fitting: Fitting) -> list[Pair]:
    """Loops over things of which only some fit, and what in comprehensions does the same."""
    return [*_of_loops(program, fitting), *_of_comprehensions(program, fitting)]


def _of_loops(program: Program, fitting: Fitting, *, back: bool = False) -> Iterator[Pair]:
    for place in places(program):
        loop = place.statement
        if not isinstance(loop, ast.For):
            continue
        named, rest = _named(program, loop)
        body, extra = place_of(program, rest[0]), set().union(*map(bound, named))
        while _ends_early(program, loop, rest, extra):
            rest = rest[1:]
        for fit in fitting(program, ways(rest), bound(loop.target) | extra):
            if back:
                yield from _behind(program, loop, fit, again(place), body) if not extra else ()
                continue
            for pair in _pair(program, loop.target, loop.iter, fit, again(place), body, extra):
                if not extra or not _disturbs(pair.place, bound(loop.target) | extra):
                    yield pair._replace(named=tuple(named))


def _named(program: Program, loop: ast.For) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """The statements at the start of a loop that give names to what its things have, and the others."""
    named: list[ast.stmt] = []
    for statement in loop.body[:-1]:
        match statement:
            case ast.Assign(targets=[ast.Name() | ast.Tuple()], value=value) if is_pure(program, value):
                if statement.lineno != statement.end_lineno or bound(statement) & bound(loop.target):
                    break
                named.append(statement)
            case _:
                break
    return named, loop.body[len(named) :]


def _ends_early(program: Program, loop: ast.For, rest: list[ast.stmt], extra: set[str]) -> bool:
    """Whether statements begin with an end of their loop that no single thing decides: those that do not fit change
    nothing, so that it may as well come with the next one that fits.
    """
    match rest:
        case [ast.If(test=test, body=[ast.Break()], orelse=[]), _, *_]:
            return is_pure(program, test) and not loop.orelse and not used(test) & (bound(loop.target) | extra)
    return False


def ways(body: list[ast.stmt]) -> list[list[ast.expr]]:
    """The ways in which statements do something: each as conditions that are all fulfilled then."""
    match body:
        case [ast.If(test=test, body=[ast.Continue()], orelse=[]), _, *_]:
            parts = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
            return [[*denied(part), *way] for part in parts for way in ways(body[1:])]
        case [ast.If() as first, _, *_] if _else_goes_on(first):
            return _arms(first)
        case [ast.If(), *_] if all(isinstance(statement, ast.If) for statement in body):
            return [way for statement in body for way in _arms(statement)]  # type: ignore[arg-type]
    return [[]]


def _else_goes_on(statement: ast.If) -> bool:
    """Whether a thing for which none of the conditions is true is passed over."""
    match statement.orelse:
        case [ast.If() as other]:
            return _else_goes_on(other)
        case [ast.Continue()]:
            return True
    return False


def _arms(statement: ast.If) -> list[list[ast.expr]]:
    inner = ways(statement.body) if len(statement.body) == 1 else [[]]
    found = [[*way, *more] for way in alternatives(statement.test) for more in inner]
    match statement.orelse:
        case [] | [ast.Pass() | ast.Continue()]:
            return found
        case [ast.If() as other]:
            return [*found, *_arms(other)]
    return [[]]


def alternatives(test: ast.expr) -> list[list[ast.expr]]:
    """A condition as ways in which it is fulfilled."""
    match test:
        case ast.BoolOp(op=ast.Or(), values=values):
            return [way for value in values for way in alternatives(value)]
        case ast.BoolOp(op=ast.And(), values=values):
            return [values]
    return [[test]]


def denied(test: ast.expr) -> list[ast.expr]:
    """What is the case where a condition is not fulfilled, as far as it is an equation."""
    match test:
        case ast.BoolOp(op=ast.Or(), values=values):
            return [one for value in values for one in denied(value)]
        case ast.UnaryOp(op=ast.Not(), operand=ast.BoolOp(op=ast.And(), values=values)):
            return values
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return [inner]
        case ast.Compare(left, [ast.NotEq()], others):
            return [ast.copy_location(ast.Compare(left, [ast.Eq()], others), test)]
    return []


def _of_comprehensions(program: Program, fitting: Fitting) -> Iterator[Pair]:
    for site in expressions(program):
        made = site.node.generators if isinstance(site.node, Comprehension) else []
        outer = set(site.loose)
        for number, one in enumerate(made):
            around = repeats(site) if number == 0 else [Place(site.block, site.place), *repeats(site)]
            names = bound(one.target)
            asked = site.parent if number == len(made) - 1 else None
            tests = [*one.ifs, site.node.elt] if is_any(asked) else one.ifs  # type: ignore[attr-defined]
            apart = alternatives(tests[0]) if len(tests) == 1 else [[c for t in tests for c in conditions(t)]]
            for fit in fitting(program, apart, names):
                for pair in _pair(program, one.target, one.iter, fit, around, None, set()):
                    told = reads_first(pair.iterated) | reads_first(fit.key) - names
                    if not told & outer and not _disturbs(pair.place, names):
                        yield pair
            outer |= names


def conditions(test: ast.expr) -> list[ast.expr]:
    """The conditions that are all fulfilled where one is."""
    return test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]


_OPPOSITES: tuple[tuple[type[ast.cmpop], type[ast.cmpop]], ...] = (
    (ast.In, ast.NotIn),
    (ast.Eq, ast.NotEq),
    (ast.Is, ast.IsNot),
)
_IN_ORDER: tuple[tuple[type[ast.cmpop], type[ast.cmpop]], ...] = ((ast.Lt, ast.GtE), (ast.LtE, ast.Gt))


def opposite(test: ast.expr, *, total: bool = False) -> ast.expr:
    """The condition that holds where another does not.

    ``total``: what is compared is in order, so that what is not less is at least as much. Sets and NaN are not.
    """
    pairs = (*_OPPOSITES, *(_IN_ORDER if total else ()))
    signs = dict([*pairs, *((other, one) for one, other in pairs)])
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return inner
        case ast.Compare(left=left, ops=[op], comparators=others) if type(op) in signs:
            return ast.copy_location(ast.Compare(left, [signs[type(op)]()], others), test)
    return ast.copy_location(ast.UnaryOp(ast.Not(), test), test)


def is_any(node: ast.AST | None) -> bool:
    """Whether something is a call of `any`."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "any"


def _disturbs(place: Place, names: set[str]) -> bool:
    """Whether a loop put before a statement would change names that are read there or later."""
    return bool(reads_first(place.statement) & names) or read_later(place, names)


def _pair(
    program: Program,
    target: ast.expr,
    iterated: ast.expr,
    fit: Fit,
    around: list[Place],
    body: Place | None,
    extra: set[str],
) -> Iterator[Pair]:
    inner = {n.id for n in ast.walk(target) if isinstance(n, ast.Name)} | extra
    names = reads_first(fit.key) - inner
    but = None if extra else in_other_parts(program, fit.key, iterated, target)
    place = widest(program, around, names | reads_first(iterated), but) if is_pure(program, iterated) else None
    if place is not None:
        yield Pair(target, iterated, program.text(iterated), None, fit, place, body)
        return
    match iterated:
        case ast.Call(func=ast.Name(id="range"), args=[least, most]) if body is not None and isinstance(
            target, ast.Name
        ):
            place = widest(program, around, names | reads_first(most))
            if place is not None and is_pure(program, least, most):
                yield Pair(target, iterated, f"range({program.text(most)})", least, fit, place, body)
            elif is_pure(program, least, most) and _counts_up(least):
                yield from _between(program, target, iterated, fit, around, body)
        case ast.Call(func=ast.Name(id="range"), args=[most]) if body is not None and isinstance(target, ast.Name):
            if is_pure(program, most):
                yield from _between(program, target, iterated, fit, around, body)
        case ast.Subscript(value=values, slice=ast.Slice(lower=ast.expr() as least, upper=None, step=None)) if body:
            place = widest(program, around, names | reads_first(values))
            if place is not None and is_pure(program, least, values) and _is_place(least):
                whole = f"enumerate({program.text(values)})"
                yield Pair(target, iterated, whole, least, fit, place, body, tail=True)


def _behind(program: Program, loop: ast.For, fit: Fit, around: list[Place], body: Place | None) -> Iterator[Pair]:
    """As `_pair`, of a loop that goes back from some place to the first: `range(i - 1, -1, -1)`."""
    match loop.target, loop.iter:
        case ast.Name() as target, ast.Call(func=ast.Name(id="range"), args=[start, least, step]) as iterated:
            down = ast.unparse(least) == ast.unparse(step) == "-1"
            if down and body is not None and is_pure(program, start):
                whole = ast.copy_location(ast.Call(iterated.func, [start], []), iterated)
                for pair in _between(program, target, iterated, fit, around, body, whole):
                    yield pair._replace(most=None, back=start)


def _between(
    program: Program,
    target: ast.Name,
    iterated: ast.Call,
    fit: Fit,
    around: list[Place],
    body: Place,
    bounds: ast.Call | None = None,
) -> Iterator[Pair]:
    """Among the places of a list, those between two that depend on the outer loop."""
    *least, most = (bounds or iterated).args
    loop = parent(program, iterated)
    moved = (bound(loop) - {target.id}) & set().union(*map(used, iterated.args))  # by the inner loop itself
    if moved or not isinstance(loop, ast.For) or (loop.orelse and bounds is None):
        return
    for node in ast.walk(fit.key):
        match node:
            case ast.Subscript(value=values, slice=ast.Name(id=name)) if name == target.id and name not in used(values):
                place = widest(program, around, (reads_first(fit.key) - {name}) | reads_first(values))
                if place is not None and is_pure(program, values):
                    whole, first = f"range(len({program.text(values)}))", least[0] if least else None
                    yield Pair(target, iterated, whole, first, fit, place, body, most=most)
                return


def _counts_up(least: ast.expr) -> bool:
    """Whether a number is 0 at least, as far as its text tells."""
    match least:
        case ast.Constant(value=int()) | ast.Call(func=ast.Name(id="max"), args=[ast.Constant(value=0), _]):
            return True
        case ast.Call(func=ast.Name(id="max"), args=[_, ast.Constant(value=0)]):
            return True
    return _is_place(least)


def _is_place(node: ast.expr) -> bool:
    """Whether a number counts from the beginning, as far as its text tells."""
    match node:
        case ast.Name():
            return True
        case ast.BinOp(left=ast.Name(), op=ast.Add(), right=ast.Constant(value=int())):
            return True
    return False


def fits(program: Program, apart: list[list[ast.expr]], inner: set[str]) -> Iterator[Fit]:
    """How a thing fits, where it must do so in one of some ways: by one equation, by several at once, by either."""
    found = [[fit for test in way for fit in _fits(program, test, inner)] for way in apart]
    if len(found) == 1:
        if len(equal := _different(fit for fit in found[0] if not fit.among)) > 1:
            yield _together(equal)
        yield from found[0]
        return
    for wanted in dict.fromkeys(fit.wanted for way in found[:1] for fit in way if not fit.among):
        keys = [next((fit for fit in way if fit.wanted == wanted and not fit.among), None) for way in found]
        if all(keys):
            either = _different(fit for fit in keys if fit)
            one = _together(either)
            yield either[0] if len(either) == 1 else one._replace(wanted=wanted, among=True)


def _different(fits: Iterable[Fit]) -> list[Fit]:
    return list({fit.text: fit for fit in fits}.values())


def _together(fits: list[Fit]) -> Fit:
    key = ast.copy_location(ast.Tuple([fit.key for fit in fits], ast.Load()), fits[0].key)
    return Fit(key, f"({', '.join(fit.text for fit in fits)})", f"({', '.join(fit.wanted for fit in fits)})")


def _fits(program: Program, test: ast.expr, inner: set[str]) -> Iterator[Fit]:
    """The equation that a condition is, solved for what the inner loop gives."""
    match test:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]) if is_pure(program, test):
            for one, other in ((left, right), (right, left)):
                if not reads_first(other) & inner:
                    for key, wanted in _solved(program, one, program.text(other), bracketed(program, other), inner):
                        text = program.text(key)
                        listed = _is_list(key)
                        yield Fit(key, f"tuple({text})" if listed else text, f"tuple({wanted})" if listed else wanted)
        case ast.Compare(left=left, ops=[ast.In()], comparators=[right]) if is_pure(program, test):
            if reads_first(right) & inner and not reads_first(left) & inner:
                yield Fit(right, program.text(right), program.text(left), among=True)


def _solved(
    program: Program, node: ast.expr, wanted: str, operand: str, inner: set[str]
) -> Iterator[tuple[ast.expr, str]]:
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            for key, other in ((left, right), (right, left)):
                if not reads_first(other) & inner and reads_first(key) & inner:
                    yield key, f"{operand} - {bracketed(program, other)}"
        case ast.BinOp(left=left, op=ast.Sub(), right=right) if not reads_first(right) & inner:
            yield left, f"{operand} + {bracketed(program, right)}"
        case ast.BinOp(left=left, op=ast.Sub(), right=right) if not reads_first(left) & inner:
            yield right, f"{bracketed(program, left)} - {operand}"
    if reads_first(node) & inner:
        yield node, wanted


OPERATORS = (Operator("index_pairs", "rewrites", index_pairs),)
