"""Rewrites of searches for the nearest thing, or the first or last beyond some place: few things are looked at."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, places, reads_first, step_of, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_pairs import opposite
from shoal.propose._rewrites_parts import (
    SIGNS,
    TURNED,
    Rewrite,
    again,
    expressions,
    label,
    read_later,
    renamed,
    repeats,
    uses,
    widest,
)
from shoal.propose._rewrites_pure import is_pure
from shoal.propose._rewrites_scans import sides
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]


class Search(NamedTuple):
    """A search among things that stay the same, for what is at some place on a scale.

    Attributes:
        target, iterated: of what is gone through.
        key, wanted: where a thing is, and where it should be.
        place: before which statement the things can be put in order once.
        last: whether the last of several that are as good is meant; else the first.
        sign: how the key must compare; "" where the nearest is meant.
        before: whether the thing right before that is meant, or the last where none fits.
    """

    target: ast.expr
    iterated: ast.expr
    key: ast.expr
    wanted: ast.expr
    place: Place
    last: bool
    sign: str = ""
    before: bool = False


def nearest(draft: Draft) -> Change | None:
    """A search for the least `abs(key - x)` goes through the few things whose keys are next to x."""
    program = draft.program
    search = draft.pick([*_closest_in_loops(program), *_closest_in_calls(program)])
    rewrite = Rewrite(program)
    word = label(search.iterated)
    find, things, at, ordered = (rewrite.name(f"{word}_{one}") for one in ("near", "things", "at", "keys"))
    bisect, step = rewrite.module(search.place.block, "bisect"), step_of(search.place.block)
    number, key, keyed = rewrite.name("number"), rewrite.name("spot"), _keys(program, search)
    numbered = f"enumerate({keyed.format(things)})"
    numbered = numbered if search.last else f"reversed(list({numbered}))"
    rewrite.before(
        search.place,
        f"{things} = list({program.text(search.iterated)})",
        f"{at} = {{}}",
        f"for {number}, {key} in {numbered}:",
        f"{step}{at}[{key}] = [{number}, *{at}.get({key}, ())[:1]]",
        f"{ordered} = sorted({at})",
        "",
        f"def {find}(wanted):",
        f"{step}middle = {bisect}.bisect_left({ordered}, wanted)",
        f"{step}near = {ordered}[max(middle - 2, 0) : middle + 2]",
        f"{step}return [{things}[{number}] for {number} in sorted({number} for key in near for {number} in {at}[key])]",
        "",
    )
    rewrite.replace(search.iterated, f"{find}({program.text(search.wanted)})")
    return rewrite.change(f"{shown(program.text(search.iterated))} near something (line {search.iterated.lineno})")


def _keys(program: Program, search: Search) -> str:
    """Text of the keys of all things, whose list is put for "{}"."""
    target, key = program.text(search.target), program.text(search.key)
    return "{}" if target == key else f"[{key} for {target} in {{}}]"


# -- the nearest -------------------------------------------------------------------------------------------------------


def _closest_in_loops(program: Program) -> Iterator[Search]:
    for place in places(program):
        loop = place.statement
        if not isinstance(loop, ast.For) or loop.orelse or not isinstance(loop.body[-1], ast.If):
            continue
        found = _least_of(program, loop)
        if found is not None and not read_later(place, bound(loop.target)):
            distance, last = found
            search = _search(program, loop.target, loop.iter, _distance(distance), again(place), set())
            if search is not None:
                yield search._replace(last=last)


def _least_of(program: Program, loop: ast.For, *, most: bool = False) -> tuple[ast.expr, bool] | None:
    """What a loop keeps the least of, or the ``most``, and whether the last of those that are as good is kept."""
    *named, choice = [s for s in loop.body if not _leaves_out(s)]
    names = {t.id: s.value for s in named if isinstance(s, ast.Assign) for t in s.targets if isinstance(t, ast.Name)}
    if len(names) != len(named) or not isinstance(choice, ast.If) or choice.orelse or not is_pure(program, loop):
        return None
    kept, tests = _assigned(choice.body), _alternatives(choice.test)
    if kept is None or set(names) & set(kept):
        return None
    match tests[-1]:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in SIGNS:
            less = isinstance(op, ast.Lt | ast.LtE)
            one, best = (left, right) if less is not most else (right, left)
            if not _is_of_best(best, one, kept, loop.target):
                return None
            others = [n for s in (*named, *(kept.values())) for n in ast.walk(s)]
            free = not any(isinstance(n, ast.Name) and n.id in kept and isinstance(n.ctx, ast.Load) for n in others)
            first = all(_asks_for_none(test, kept) for test in tests[:-1])
            meant = names.get(one.id, one) if isinstance(one, ast.Name) else one
            return (meant, isinstance(op, ast.LtE | ast.GtE)) if free and first else None
    return None


def _is_of_best(best: ast.expr, one: ast.expr, kept: dict[str, ast.expr], target: ast.expr) -> bool:
    """Whether an expression is what was kept of the best thing so far: its distance, or the same of the thing."""
    if isinstance(best, ast.Name):
        return best.id in kept and ast.dump(kept[best.id]) == ast.dump(one)
    texts = {name: ast.unparse(value) for name, value in kept.items()}
    things = [name for name, text in texts.items() if isinstance(target, ast.Name) and text == target.id]
    return any(ast.unparse(renamed(one, texts[name], name)) == ast.unparse(best) for name in things)


def _leaves_out(statement: ast.stmt) -> bool:
    """Whether a statement skips the things that are the same as something."""
    match statement:
        case ast.If(test=ast.Compare(ops=[ast.Eq() | ast.Is()]), body=[ast.Continue()], orelse=[]):
            return True
    return False


def _alternatives(test: ast.expr) -> list[ast.expr]:
    """A condition as those of which one must hold, but for one that leaves out what is the same as something."""
    match test:
        case ast.BoolOp(op=ast.And(), values=[ast.Compare(ops=[ast.NotEq() | ast.IsNot()]), inner]):
            return _alternatives(inner)
        case ast.BoolOp(op=ast.Or(), values=values):
            return values
    return [test]


def _assigned(statements: list[ast.stmt]) -> dict[str, ast.expr] | None:
    """What plain assignments give to which names; None where something else is among the statements."""
    found: dict[str, ast.expr] = {}
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found[name] = value
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)) if len(names) == len(values):
                if not all(isinstance(name, ast.Name) for name in names):
                    return None
                found |= {
                    name.id: value for name, value in zip(names, values, strict=True) if isinstance(name, ast.Name)
                }
            case _:
                return None
    return found


def _asks_for_none(test: ast.expr, kept: dict[str, ast.expr]) -> bool:
    match test:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Is() | ast.Eq()], comparators=[ast.Constant(value=None)]):
            return name in kept
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=name)):
            return name in kept
    return False


def _closest_in_calls(program: Program) -> Iterator[Search]:
    for site in expressions(program):
        match site.node:
            case ast.Call(
                func=ast.Name(id="min"),
                args=[iterated],
                keywords=[ast.keyword(arg="key", value=ast.Lambda(args=given, body=body)), *_],
            ) if len(given.args) == 1:
                target = ast.Name(given.args[0].arg, ast.Store())
                ast.copy_location(target, given.args[0])
                search = _search(program, target, iterated, _distance(body), repeats(site), set(site.loose))
            case ast.Call(func=ast.Name(id="min"), args=[ast.ListComp() | ast.GeneratorExp() as made]):
                one = made.generators[0]
                out = all(isinstance(t, ast.Compare) and isinstance(t.ops[0], ast.NotEq | ast.IsNot) for t in one.ifs)
                if len(made.generators) > 1 or len(one.ifs) > 1 or not out or _has_key(site.node):
                    continue
                inner = made.elt.elts[0] if isinstance(made.elt, ast.Tuple) else made.elt
                around = repeats(site)
                search = _search(program, one.target, one.iter, _distance(inner), around, set(site.loose))
            case _:
                continue
        if search is not None:
            yield search


def _has_key(call: ast.Call) -> bool:
    return any(keyword.arg == "key" for keyword in call.keywords)


def _distance(node: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    """The two whose distance an expression is; None where it is no distance."""
    match node:
        case (
            ast.Call(func=ast.Name(id="abs"), args=[ast.BinOp(left=left, op=ast.Sub(), right=right)])
            | ast.BinOp(left=ast.BinOp(left=left, op=ast.Sub(), right=right), op=ast.Pow(), right=ast.Constant(value=2))
        ):
            return left, right
    return None


def _search(
    program: Program,
    target: ast.expr,
    iterated: ast.expr,
    pair: tuple[ast.expr, ast.expr] | None,
    around: list[Place],
    loose: set[str],
) -> Search | None:
    inner = {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
    told = sides(*pair, inner) if pair is not None else None
    if told is None or not is_pure(program, iterated, *told):
        return None
    names = reads_first(iterated) | (reads_first(told[0]) - inner)
    place = None if names & loose else widest(program, around, names)
    return Search(target, iterated, *told, place, False) if place is not None else None


# -- the first and the last --------------------------------------------------------------------------------------------


def first_fitting(draft: Draft) -> Change | None:
    """A search for the first or the last thing whose key is up to x, or from x on, goes through that one alone.

    Things are sorted by their keys, once; of all up to each, or from each on, the first or last is known.
    """
    program = draft.program
    search = draft.pick([*_fitting_in_loops(program), *_fitting_in_calls(program)])
    rewrite = Rewrite(program)
    word = label(search.iterated)
    last, up_to = search.last, search.sign[0] == "<"
    wordy = f"{word}_{'last' if last else 'first'}_{'up_to' if up_to else 'from'}"
    find, things, ordered, keys, best = (
        rewrite.name(n) for n in (wordy, f"{word}_things", f"{word}_ordered", f"{word}_keys", f"{word}_places")
    )
    number = rewrite.name("number")
    bisect, itertools = (rewrite.module(search.place.block, module) for module in ("bisect", "itertools"))
    step, by = step_of(search.place.block), "max" if last else "min"
    side = "right" if search.sign in ("<=", ">") else "left"
    numbers = f"{number} for _, {number} in {ordered}" if up_to else f"{number} for _, {number} in reversed({ordered})"
    rewrite.before(
        search.place,
        f"{things} = list({program.text(search.iterated)})",
        f"{ordered} = sorted((key, {number}) for {number}, key in enumerate({_keys(program, search).format(things)}))",
        f"{keys} = [key for key, _ in {ordered}]",
        f"{best} = list({itertools}.accumulate(({numbers}), {by}))",
        "",
        f"def {find}(wanted):",
        f"{step}count = {'' if up_to else f'len({keys}) - '}{bisect}.bisect_{side}({keys}, wanted)",
        *_returned(search, step, things, f"{best}[count - 1]"),
        "",
    )
    rewrite.replace(search.iterated, f"{find}({program.text(search.wanted)})")
    return rewrite.change(f"{find}, sorted once (line {search.iterated.lineno})")


def _returned(search: Search, step: str, things: str, found: str) -> list[str]:
    """Lines that hand back what is meant, as a list of one or none."""
    if not search.before:
        return [f"{step}return [{things}[{found}]] if count else []"]
    return [f"{step}end = {found} if count else len({things})", f"{step}return {things}[max(end - 1, 0) : end]"]


def _fitting_in_loops(program: Program) -> Iterator[Search]:
    kept: list[ast.stmt]
    for place in places(program):
        loop = place.statement
        if not isinstance(loop, ast.For) or read_later(place, bound(loop.target)):
            continue
        match loop.body:
            case [ast.If(test=ast.Compare() as test, body=[*_, ast.Break() | ast.Return()], orelse=[])]:
                form, kept = {"last": False}, []
            case [ast.If(test=ast.Compare() as test, body=kept, orelse=[])] if not loop.orelse:
                form = {"last": True}
            case [ast.If(test=ast.Compare() as test, body=[ast.Break()], orelse=[]), *kept] if not loop.orelse:
                form = {"last": False, "before": True}
            case [ast.If(test=ast.Compare() as test, body=[ast.Break()], orelse=kept)] if not loop.orelse:
                form = {"last": False, "before": True}
            case _:
                continue
        if _is_kept(program, kept, test):
            search = _fitting(program, loop.target, loop.iter, test, again(place), set())
            if search is not None:
                yield search._replace(**form)  # type: ignore[arg-type]


def _is_kept(program: Program, statements: list[ast.stmt], test: ast.expr) -> bool:
    """Whether statements only note something of a thing, so that the last time they run is all that counts."""
    kept = _assigned(statements)
    if kept is None or used(test) & set(kept) or not is_pure(program, *kept.values()):
        return False
    return not any(uses(value, name) for name in kept for value in kept.values())


def _fitting_in_calls(program: Program) -> Iterator[Search]:
    for site in expressions(program):
        match site.node, site.parent:
            case ast.Call(func=ast.Name(id="next"), args=[ast.GeneratorExp(generators=[one]), *_]), _:
                last = False
            case ast.ListComp(generators=[one]), ast.Subscript(slice=ast.Constant(value=0)):
                last = False
            case ast.ListComp(generators=[one]), ast.Subscript(
                slice=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1))
            ):
                last = True
            case _:
                continue
        if len(one.ifs) == 1 and isinstance(one.ifs[0], ast.Compare):
            search = _fitting(program, one.target, one.iter, one.ifs[0], repeats(site), set(site.loose))
            if search is not None:
                yield search._replace(last=last)


def _fitting(
    program: Program,
    target: ast.expr,
    iterated: ast.expr,
    test: ast.Compare,
    around: list[Place],
    loose: set[str],
) -> Search | None:
    if len(test.ops) > 1 or type(test.ops[0]) not in SIGNS:
        return None
    search = _search(program, target, iterated, (test.left, test.comparators[0]), around, loose)
    if search is None or not reads_first(search.wanted):
        return None
    kind = type(test.ops[0])
    return search._replace(sign=SIGNS[kind if search.key is test.left else TURNED[kind]])


# -- the next one on either side ---------------------------------------------------------------------------------------


def next_beside(draft: Draft) -> Change | None:
    """A search for the greatest key up to x, or the least from x on, goes through the one thing that has it."""
    program = draft.program
    search = draft.pick([*_beside_in_loops(program), *_beside_in_calls(program)])
    rewrite, step, up_to = Rewrite(program), step_of(search.place.block), search.sign[0] == "<"
    word = label(search.iterated)
    find, things, order, keys = (
        rewrite.name(f"{word}_{one}") for one in ("up_to" if up_to else "from", "things", "order", "keys")
    )
    bisect, number = rewrite.module(search.place.block, "bisect"), rewrite.name("number")
    side = "right" if search.sign in ("<=", ">") else "left"
    at = f"{bisect}.bisect_{side}({keys}, wanted)"
    if up_to:
        first = f"at = {bisect}.bisect_left({keys}, {keys}[at]) if at >= 0 else -1"
        found = [
            f"at = {at} - 1",
            *([] if search.last else [first]),
            f"return [{things}[{order}[at]]] if at >= 0 else []",
        ]
    else:
        last = f"at = {bisect}.bisect_right({keys}, {keys}[at]) - 1 if at < len({keys}) else at"
        found = [f"at = {at}", *([last] if search.last else [])]
        found.append(f"return [{things}[{order}[at]]] if at < len({keys}) else []")
    rewrite.before(
        search.place,
        f"{things} = list({program.text(search.iterated)})",
        f"{keys} = {_keys(program, search).format(things)}",
        f"{order} = sorted(range(len({things})), key={keys}.__getitem__)",
        f"{keys} = [{keys}[{number}] for {number} in {order}]",
        "",
        f"def {find}(wanted):",
        *(step + line for line in found),
        "",
    )
    rewrite.replace(search.iterated, f"{find}({program.text(search.wanted)})")
    return rewrite.change(f"{find}, sorted once (line {search.iterated.lineno})")


def _beside_in_loops(program: Program) -> Iterator[Search]:
    """`for e in events: if e.at <= t and (best is None or e.at > best.at): best = e`."""
    for place in places(program):
        loop = place.statement
        if not isinstance(loop, ast.For) or loop.orelse or read_later(place, bound(loop.target)):
            continue
        match loop.body:
            case [ast.If(test=ast.BoolOp(op=ast.And(), values=[test, chosen]), body=kept, orelse=[])]:
                pass
            case [ast.If(test=test, body=[ast.If(test=chosen, body=kept, orelse=[])], orelse=[])]:
                pass
            case [ast.If(test=test, body=[ast.Continue()], orelse=[]), ast.If(test=chosen, body=kept, orelse=[])]:
                test = opposite(test, total=True)
            case _:
                continue
        if not isinstance(test, ast.Compare):
            continue
        search = _fitting(program, loop.target, loop.iter, test, again(place), set())
        choice = ast.copy_location(ast.If(chosen, kept, []), loop.body[0])
        alone = ast.copy_location(ast.For(loop.target, loop.iter, [choice], []), loop)
        found = _least_of(program, alone, most=search.sign[0] == "<") if search is not None else None
        if search is not None and found is not None and ast.dump(found[0]) == ast.dump(search.key):
            yield search._replace(last=found[1])


def _beside_in_calls(program: Program) -> Iterator[Search]:
    """`max((e for e in events if e.at <= t), key=lambda e: e.at)`, `min(x for x in xs if x > y)`."""
    for site in expressions(program):
        match site.node:
            case ast.Call(
                func=ast.Name(id="min" | "max" as by),
                args=[ast.ListComp(generators=[one]) | ast.GeneratorExp(generators=[one]) as made],
                keywords=options,
            ) if len(one.ifs) == 1 and isinstance(one.ifs[0], ast.Compare):
                pass
            case _:
                continue
        search = _fitting(program, one.target, one.iter, one.ifs[0], repeats(site), set(site.loose))
        if search is None or (search.sign[0] == "<") is not (by == "max"):
            continue
        compared = _compared_by(made.elt, options)
        if compared is not None and compared == ast.unparse(search.key):
            yield search._replace(last=False)


def _compared_by(elt: ast.expr, options: list[ast.keyword]) -> str | None:
    """The text of what things are compared by; None where it cannot be told."""
    keys = [option.value for option in options if option.arg == "key"]
    match keys:
        case []:
            return ast.unparse(elt)
        case [ast.Lambda(args=ast.arguments(args=[given]), body=body)]:
            return ast.unparse(renamed(body, given.arg, elt.id)) if isinstance(elt, ast.Name) else None
    return None


OPERATORS = (
    Operator("next_beside", "rewrites", next_beside),
    Operator("nearest", "rewrites", nearest),
    Operator("first_fitting", "rewrites", first_fitting),
)
