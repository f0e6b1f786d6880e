"""Rewrites of what is asked of a list in order, again and again while it grows and shrinks: kept in order beside it."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, reads_first, span, step_of
from shoal.propose._pieces import shown
from shoal.propose._rewrites_growing import is_looked_at
from shoal.propose._rewrites_parts import (
    Rewrite,
    above,
    again,
    expressions,
    functions,
    label,
    parent,
    place_of,
    repeats,
    uses,
    values_of,
    widest,
)
from shoal.propose._rewrites_pure import PURE_BUILTINS, is_pure, module_aliases
from shoal.syntax._program import Program
from shoal.syntax._sites import Site

__all__ = ["OPERATORS"]


# -- beside a list -----------------------------------------------------------------------------------------------------


class Beside(NamedTuple):
    """A list of a function's own that grows and shrinks, and is asked for its order.

    Attributes:
        name: of the list.
        made: the assignment that makes it, empty.
        grows: statements that append to it.
        shrinks: statements that take something out, and text of what; where they do so before they are told.
        asks: calls that ask for its order, and what each asks for.
    """

    name: str
    made: Place
    grows: list[Place]
    shrinks: list[tuple[Place, str]]
    asks: list[tuple[ast.Call, str]]


def sorted_beside(draft: Draft) -> Change | None:
    """A list that grows and shrinks, and is asked for its order or an extreme, gets a sorted one beside it."""
    program = draft.program
    beside = draft.pick(list(_besides(program)))
    rewrite = Rewrite(program)
    bisect, name = rewrite.module(beside.made.block, "bisect"), beside.name
    ordered = rewrite.name(f"{name}_sorted")
    middle = rewrite.name(f"{name}_median") if any(by == "median" for _, by in beside.asks) else ""
    rewrite.cut(*_right_after(program, beside.made, f"{ordered} = []", *_median(middle, ordered)))
    for place in beside.grows:
        rewrite.cut(*_right_after(program, place, f"{bisect}.insort({ordered}, {name}[-1])"))
    for place, taken in beside.shrinks:
        one = rewrite.name("old") if taken.startswith("for ") else taken
        line = f"del {ordered}[{bisect}.bisect_left({ordered}, {one})]"
        before = [line]
        if taken.startswith("for "):
            before = [f"for {one} in {taken[4:]}:", f"{step_of(place.block)}{line}"]
        rewrite.before(place, *before)
    for call, by in beside.asks:
        least, most, copied = f"{ordered}[0]", f"{ordered}[-1]", f"{ordered}[:]"
        answers = {"min": least, "max": most, "copy": copied, "median": f"{middle}()"}
        rewrite.replace(call, answers.get(by, ordered))
    return rewrite.change(f"{name} has a sorted list beside it (line {beside.made.statement.lineno})")


def _right_after(program: Program, place: Place, *lines: str) -> tuple[int, int, str]:
    end = span(program, place.statement)[1]
    return end, end, "".join(f"{place.block.indent if line else ''}{line}\n" for line in lines)


def _median(name: str, ordered: str) -> list[str]:
    """Lines of a function that tells the median of a sorted list; none without a name."""
    if not name:
        return []
    return [
        "",
        f"def {name}():",
        f"    half = len({ordered}) // 2",
        f"    return {ordered}[half] if len({ordered}) % 2 else ({ordered}[half - 1] + {ordered}[half]) / 2",
        "",
    ]


def _besides(program: Program) -> Iterator[Beside]:
    for block in functions(program):
        function = block.function
        assert function is not None
        stored = {n.id: None for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        for name in stored:
            beside = _beside(program, function, name)
            if beside is not None and beside.asks and beside.grows:
                yield beside


def _beside(program: Program, function: ast.AST, name: str) -> Beside | None:
    made: list[Place] = []
    found = Beside(name, Place(functions(program)[0], 0), [], [], [])
    for use in uses(function, name):
        statement = next((n for n in [use, *above(program, use)] if isinstance(n, ast.stmt)), None)
        place = place_of(program, statement) if statement is not None else None
        if place is None or statement is None:
            return None
        taken = _taken_out(program, statement, use, name)
        if _is_empty(statement, name):
            made.append(place)
        elif _is_append(statement, use):
            found.grows.append(place)
        elif taken:
            if place not in [one for one, _ in found.shrinks]:
                found.shrinks.append((place, taken))
        elif not _is_read(program, use, place, found):
            return None
    changes = [p.statement.lineno for p in (*found.grows, *(place for place, _ in found.shrinks))]
    if len(made) != 1 or not all(_is_still(program, call, by, changes) for call, by in found.asks):
        return None
    return found._replace(made=made[0])


def _is_empty(statement: ast.stmt, name: str) -> bool:
    match statement:
        case (
            ast.Assign(targets=[ast.Name(id=same)], value=value)
            | ast.AnnAssign(target=ast.Name(id=same), value=ast.expr() as value)
        ) if same == name:
            return ast.unparse(value) in ("[]", "list()", "deque()", "collections.deque()")
    return False


def _is_append(statement: ast.stmt, use: ast.Name) -> bool:
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=value, attr="append"), args=[_])):
            return value is use
    return False


def _taken_out(program: Program, statement: ast.stmt, use: ast.Name, name: str) -> str:
    """Text of what a statement takes out of a list; after "for " of several things; "" for another statement."""
    match statement:
        case ast.Expr(value=value) | ast.Assign(targets=[ast.Name()], value=value):
            pass
        case ast.Delete(targets=[ast.Subscript(value=ast.Name(), slice=ast.Constant(value=0 | -1 as at)) as gone]):
            return f"{name}[{at}]" if gone.value is use else ""
        case _:
            return ""
    match value:
        case ast.Call(func=ast.Attribute(value=taken, attr="pop" | "popleft" as method), args=[*given]) if taken is use:
            place = ast.unparse(given[0]) if given else "-1" if method == "pop" else "0"
            return f"{name}[{place}]" if place in ("0", "-1") else ""
        case ast.Call(func=ast.Attribute(value=taken, attr="remove"), args=[one]) if taken is use:
            return program.text(one) if is_pure(program, one) and not uses(one, name) else ""
        case ast.Subscript(value=ast.Name(id=same), slice=ast.Slice(lower=ast.expr() as lower, upper=None, step=None)):
            own = isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == same == name
            return f"for {name}[:{program.text(lower)}]" if own and is_pure(program, lower) else ""
    return ""


def _is_read(program: Program, use: ast.Name, place: Place, found: Beside) -> bool:
    """Whether a list is only looked at; what asks for its order is noted."""
    over = parent(program, use)
    match over:
        case ast.Call(func=function, args=[only], keywords=[]) if only is use:
            by = _order(program, function)
            if by and again(place):
                loop = again(place)[0]
                copied = by == "sorted" and not is_looked_at(program, over, loop)
                found.asks.append((over, "copy" if copied else by))
                return True
            return bool(by) or (isinstance(function, ast.Name) and function.id in PURE_BUILTINS)
        case ast.Subscript(ctx=ast.Load()) | ast.comprehension() | ast.Return() | ast.Compare() | ast.BinOp():
            return True
        case ast.For():
            return over.iter is use
    return isinstance(over, ast.If | ast.While | ast.BoolOp | ast.UnaryOp | ast.IfExp)


def _order(program: Program, function: ast.expr) -> str:
    """What a function of a list asks for: "sorted", "min", "max" or "median"; "" for anything else."""
    match function:
        case ast.Name(id="sorted" | "min" | "max" as name):
            return name
        case ast.Name(id="median"):
            return "median" if _is_imported(program) else ""
        case ast.Attribute(value=ast.Name(id=module), attr="median"):
            return "median" if module_aliases(program).get(module) == "statistics" else ""
    return ""


def _is_imported(program: Program) -> bool:
    imports = [n for n in ast.walk(program.tree) if isinstance(n, ast.ImportFrom) and n.module == "statistics"]
    return any(alias.name == "median" and not alias.asname for n in imports for alias in n.names)


def _is_still(program: Program, call: ast.Call, by: str, changes: list[int]) -> bool:
    """Whether a sorted list is not changed between where it is asked for and where it is looked at last."""
    over = parent(program, call)
    if by != "sorted" or not isinstance(over, ast.Assign) or not isinstance(over.targets[0], ast.Name):
        return True
    function = next(n for n in above(program, call) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    last = max(use.lineno for use in uses(function, over.targets[0].id))
    return not any(call.lineno < line <= last for line in changes)


# -- parts in order ----------------------------------------------------------------------------------------------------


def sorted_part(draft: Draft) -> Change | None:
    """`sorted(xs[a:b])` for bounds that move on takes in what comes into the part, and leaves out what goes."""
    program = draft.program
    call, values, bounds, by, place = draft.pick(list(_sorted_parts(program)))
    rewrite = Rewrite(program)
    word, step, text = label(values), step_of(place.block), program.text(values)
    bisect = rewrite.module(place.block, "bisect")
    find, ordered, kept = (rewrite.name(n) for n in (f"{word}_part_sorted", f"{word}_ordered", "kept"))
    lower, upper = (program.text(bound) if bound is not None else "None" for bound in bounds)
    rewrite.before(
        place,
        f"{ordered}, {kept} = [], [0, 0]",
        "",
        f"def {find}(first, last):",
        f"{step}first, last, _ = slice(first, last).indices(len({text}))",
        f"{step}if {kept}[0] <= first <= {kept}[1] <= last:",
        f"{step}{step}for item in {text}[{kept}[1] : last]:",
        f"{step}{step}{step}{bisect}.insort({ordered}, item)",
        f"{step}{step}for item in {text}[{kept}[0] : first]:",
        f"{step}{step}{step}del {ordered}[{bisect}.bisect_left({ordered}, item)]",
        f"{step}else:",
        f"{step}{step}{ordered}[:] = sorted({text}[first:last])",
        f"{step}{kept}[:] = [first, max(first, last)]",
        f"{step}return {ordered}",
        "",
    )
    made = f"{find}({lower}, {upper})"
    rewrite.replace(call if by == "sorted" else call.args[0], made)
    return rewrite.change(f"{shown(text)} in order, part by part (line {call.lineno})")


def _sorted_parts(
    program: Program,
) -> Iterator[tuple[ast.Call, ast.expr, tuple[ast.expr | None, ast.expr | None], str, Place]]:
    for site in expressions(program):
        match site.node:
            case (
                ast.Call(
                    func=function,
                    args=[ast.Subscript(value=values, slice=ast.Slice(lower=lower, upper=upper, step=None))],
                    keywords=[],
                ) as call
            ):
                by, place = _order(program, function), _still(program, site, values)
                loop = next(iter(repeats(site)), None)
                bounds = (lower, upper)
                if by in ("sorted", "median") and place is not None and any(bounds):
                    looked_at = by == "median" or (loop is not None and is_looked_at(program, call, loop))
                    if looked_at and is_pure(program, *(b for b in bounds if b is not None)):
                        yield call, values, bounds, by, place


# -- parts as sets -----------------------------------------------------------------------------------------------------


def counted_part(draft: Draft) -> Change | None:
    """`len(set(xs[a:b]))` for bounds that move on counts what comes into the part, and takes off what goes."""
    program = draft.program
    call, values, bounds, place = draft.pick(list(_counted_parts(program)))
    rewrite = Rewrite(program)
    word, step, text = label(values), step_of(place.block), program.text(values)
    find, counts, kept = (rewrite.name(n) for n in (f"{word}_part_counts", f"{word}_counts", "kept"))
    is_set = isinstance(call.func, ast.Name) and call.func.id == "set"
    lower, upper = (program.text(bound) if bound is not None else "None" for bound in bounds)
    rewrite.before(
        place,
        f"{counts}, {kept} = {'{}' if is_set else f'{program.text(call.func)}()'}, [0, 0]",
        "",
        f"def {find}(first, last):",
        f"{step}first, last, _ = slice(first, last).indices(len({text}))",
        f"{step}if not {kept}[0] <= first <= {kept}[1] <= last:",
        f"{step}{step}{counts}.clear()",
        f"{step}{step}{kept}[:] = [first, first]",
        f"{step}for item in {text}[{kept}[1] : last]:",
        f"{step}{step}{counts}[item] = {counts}.get(item, 0) + 1",
        f"{step}for item in {text}[{kept}[0] : first]:",
        f"{step}{step}{counts}[item] -= 1",
        f"{step}{step}if not {counts}[item]:",
        f"{step}{step}{step}del {counts}[item]",
        f"{step}{kept}[:] = [first, max(first, last)]",
        f"{step}return {counts}{'.keys()' if is_set else ''}",
        "",
    )
    rewrite.replace(call, f"{find}({lower}, {upper})")
    return rewrite.change(f"{shown(text)} counted part by part (line {call.lineno})")


def _counted_parts(
    program: Program,
) -> Iterator[tuple[ast.Call, ast.expr, tuple[ast.expr | None, ast.expr | None], Place]]:
    for site in expressions(program):
        match site.node:
            case (
                ast.Call(
                    func=ast.Name(id="set" | "Counter") | ast.Attribute(attr="Counter"),
                    args=[
                        ast.Subscript(value=values, slice=ast.Slice(lower=ast.expr() as lower, upper=upper, step=None))
                    ],
                    keywords=[],
                ) as call
            ):
                place = _still(program, site, values)
                bounds = [bound for bound in (lower, upper) if bound is not None]
                if place is not None and is_pure(program, *bounds) and _is_asked(program, call):
                    yield call, values, (lower, upper), place


def _is_asked(program: Program, node: ast.expr) -> bool:
    """Whether a set is only asked how large it is, whether something is in it, or whether it is another."""
    match parent(program, node):
        case ast.Call(func=ast.Name(id="len")) | ast.Compare():
            return True
        case ast.Assign(targets=[ast.Name(id=name)]):
            function = next(n for n in above(program, node) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
            reads = [use for use in uses(function, name) if isinstance(use.ctx, ast.Load)]
            return values_of(function, name) == [node] and all(_is_asked(program, use) for use in reads)
    return False


def _still(program: Program, site: Site, values: ast.expr) -> Place | None:
    names = reads_first(values)
    if names & set(site.loose) or not is_pure(program, values):
        return None
    return widest(program, repeats(site), names)


OPERATORS = (
    Operator("sorted_beside", "rewrites", sorted_beside),
    Operator("sorted_part", "rewrites", sorted_part),
    Operator("counted_part", "rewrites", counted_part),
)
