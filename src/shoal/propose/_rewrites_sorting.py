"""Rewrites of sorts: once before the loop, each new thing in its place, and Python's own instead of exchanges."""

import ast
from collections.abc import Iterator

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, places
from shoal.propose._pieces import shown
from shoal.propose._rewrites_parts import LOOPS, Rewrite, above, expressions, loops, outward, parent, read_later
from shoal.propose._rewrites_pure import changed, is_pure, mutated, mutations
from shoal.propose._rewrites_resume import splice
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]

_OF_EXCHANGES = ast.For | ast.While | ast.If | ast.Assign | ast.AugAssign | ast.Break


def sort_once(draft: Draft) -> Change | None:
    """A list that nothing changes in a loop is sorted before it, not in it."""
    program = draft.program
    place, loop = draft.pick(list(_sorts(program)))
    rewrite = Rewrite(program)
    rewrite.before(loop, program.text(place.statement))
    rewrite.drop(place)
    return rewrite.change(
        f"{shown(program.text(place.statement))} once, before the loop (line {place.statement.lineno})"
    )


def _sorts(program: Program) -> Iterator[tuple[Place, Place]]:
    for site in expressions(program):
        match site.node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="sort")) if isinstance(
                site.parent, ast.Expr
            ):
                place, found = Place(site.block, site.place), None
                for outer in outward(place):
                    again = isinstance(outer.statement, LOOPS)
                    changes = name in bound(outer.statement) or mutations(program, outer.statement).count(name) > 1
                    if again and changes and not _only_spliced(program, outer.statement, site.parent, name):
                        break
                    found = outer if again and outer.block.indent is not None else found
                if found is not None and len(site.block.statements) > 1:
                    yield place, found


def _only_spliced(program: Program, loop: ast.stmt, sort: ast.AST, name: str) -> bool:
    """Whether a loop changes a list in nothing but stretches of it, which may leave it in order."""
    for statement in (node for node in ast.walk(loop) if isinstance(node, ast.stmt)):
        match statement:
            case ast.For() | ast.While() | ast.If():
                continue
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                if splice(program, value, name) is None:
                    return False
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=target), slice=ast.Slice())]) if target == name:
                continue
            case ast.Delete(targets=[ast.Subscript(value=ast.Name(id=target))]) if target == name:
                continue
            case _ if statement is not sort and name in changed(program, statement):
                return False
    return True


def insort(draft: Draft) -> Change | None:
    """A list that is sorted after each append gets its new things in their places at once."""
    program = draft.program
    place, name, element, key, second = draft.pick(list(_sorted_after(program)))
    rewrite = Rewrite(program)
    bisect = rewrite.module(place.block, "bisect")
    by = f", key={key}" if key else ""
    rewrite.replace(place.statement, f"{bisect}.insort({name}, {program.text(element)}{by})")
    if second:
        rewrite.drop(Place(place.block, place.index + 1))
    return rewrite.change(f"{name} stays sorted by bisect.insort (line {place.statement.lineno})")


def _sorted_after(program: Program) -> Iterator[tuple[Place, str, ast.expr, str, bool]]:
    """Additions to lists that are sorted right after: name, thing, key, and whether that takes a second line."""
    for place in places(program):
        if not any(isinstance(p.statement, LOOPS) for p in outward(place)):
            continue
        following = place.block.statements[place.index + 1 : place.index + 2]
        match [place.statement, *following]:
            case [
                ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[element])),
                ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=other), attr="sort"), args=[])) as sort,
            ] if name == other and (key := _key(program, sort.value.keywords)) is not None:  # type: ignore[attr-defined]
                yield place, name, element, key, True
            case [
                ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[element])),
                ast.Assign(
                    targets=[ast.Name(id=target)],
                    value=ast.Call(func=ast.Name(id="sorted"), args=[ast.Name(id=other)], keywords=keywords),
                ),
            ] if name == other == target and (key := _key(program, keywords)) is not None:
                yield place, name, element, key, True
            case [
                ast.Assign(
                    targets=[ast.Name(id=name)],
                    value=ast.Call(
                        func=ast.Name(id="sorted"),
                        args=[
                            ast.BinOp(left=ast.Name(id=other), op=ast.Add(), right=ast.List(elts=[element]))
                            | ast.List(elts=[ast.Starred(value=ast.Name(id=other)), element])
                        ],
                        keywords=keywords,
                    ),
                ),
                *_,
            ] if name == other and (key := _key(program, keywords)) is not None:
                yield place, name, element, key, False


def _key(program: Program, keywords: list[ast.keyword]) -> str | None:
    """The key by which a list is in order; "" for the things themselves, None where no key tells the order."""
    match keywords:
        case []:
            return ""
        case [ast.keyword(arg="reverse", value=ast.Constant(value=True))]:
            return "lambda it: -it"
        case [ast.keyword(arg="key", value=value)] if is_pure(program, value):
            return program.text(value)
    return None


# -- exchanges ---------------------------------------------------------------------------------------------------------


def sort_by_swaps(draft: Draft) -> Change | None:
    """Loops that exchange things until they are in order become a call of sort."""
    program = draft.program
    place, name, falls = draft.pick(list(_exchanges(program)))
    rewrite = Rewrite(program)
    rewrite.within(place, f"{name}.sort({'reverse=True' if falls else ''})")
    return rewrite.change(f"{name} is sorted at once (line {place.statement.lineno})")


def _exchanges(program: Program) -> Iterator[tuple[Place, str, bool]]:
    """Outermost loops that do nothing but exchange: the list, and whether its greatest comes first."""
    for place in loops(program):
        outer = any(isinstance(p.statement, LOOPS) and _swapped(program, p.statement) for p in outward(place))
        found = None if outer else _swapped(program, place.statement)
        if found is not None and not read_later(place, bound(place.statement)):
            yield place, *found


def _swapped(program: Program, loop: ast.stmt) -> tuple[str, bool] | None:
    swaps = [(node, name) for node in ast.walk(loop) if (name := _swap(node))]
    inner = any(isinstance(n, LOOPS) and n is not loop for n in ast.walk(loop))
    simple = all(isinstance(n, _OF_EXCHANGES) for n in ast.walk(loop) if isinstance(n, ast.stmt))
    if len(swaps) != 1 or not inner or not simple or not is_pure(program, loop):
        return None
    swap, name = swaps[0]
    falls = _falls(program, swap)
    others = mutated(program, loop) - {name} - bound(loop)
    return None if falls is None or others else (name, falls)


def _swap(node: ast.AST) -> str:
    """The list of `xs[a], xs[b] = xs[b], xs[a]`."""
    match node:
        case ast.Assign(
            targets=[ast.Tuple(elts=[ast.Subscript(value=ast.Name(id=name), slice=one), ast.Subscript(slice=other)])],
            value=ast.Tuple(elts=[second, first]),
        ):
            texts = [f"{name}[{ast.unparse(index)}]" for index in (one, other)]
            return name if [ast.unparse(first), ast.unparse(second)] == texts else ""
    return ""


def _falls(program: Program, swap: ast.AST) -> bool | None:
    """Whether the greater of two things comes to stand first; None where that cannot be told."""
    match parent(program, swap):
        case ast.If(
            test=ast.Compare(
                left=ast.Subscript(slice=left),
                ops=[ast.Gt() | ast.Lt() as op],
                comparators=[ast.Subscript(slice=right)],
            ),
            orelse=[],
        ):
            for lower, higher, ordered in ((left, right, True), (right, left, False)):
                if _is_before(program, swap, ast.unparse(lower), ast.unparse(higher)):
                    return isinstance(op, ast.Lt) is ordered
    return None


def _is_before(program: Program, swap: ast.AST, lower: str, higher: str) -> bool:
    """Whether one index is always less than another."""
    if higher == f"{lower} + 1" or lower == f"{higher} - 1":
        return True
    for node in above(program, swap):
        match node:
            case ast.For(target=ast.Name(id=name), iter=ast.Call(func=ast.Name(id="range"), args=[least, _])):
                if name == higher and ast.unparse(least) == f"{lower} + 1":
                    return True
    return False


OPERATORS = (
    Operator("sort_once", "rewrites", sort_once),
    Operator("insort", "rewrites", insort),
    Operator("sort_by_swaps", "rewrites", sort_by_swaps),
)
