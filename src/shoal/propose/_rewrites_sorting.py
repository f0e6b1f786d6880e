"""Rewrites of sorts: once before the loop, each new thing in its place, and Python's own instead of exchanges."""

import ast
from collections.abc import Iterator

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, places
from shoal.propose._pieces import shown
from shoal.propose._rewrites_parts import LOOPS, Rewrite, expressions, outward, uses, values_of
from shoal.propose._rewrites_pure import changed, is_pure, mutations
from shoal.propose._rewrites_resume import splice
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]

_DOWN = "lambda it: -it"
"""The key by which numbers fall."""


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
    outer = [p for p in outward(place) if isinstance(p.statement, LOOPS)][-1]
    if not _starts_in_order(program, outer, name):
        rewrite.before(outer, f"{name}.sort({'reverse=True' if key == _DOWN else by[2:]})")
    return rewrite.change(f"{name} stays sorted by bisect.insort (line {place.statement.lineno})")


def _starts_in_order(program: Program, loop: Place, name: str) -> bool:
    """Whether a list is empty or sorted before a loop, as far as is seen."""
    function = loop.block.function
    assert function is not None
    values = values_of(function, name)
    first = [one for one in values or [] if not uses(one, name)]
    texts = [ast.unparse(one) for one in first]
    return values is not None and all(t in ("[]", "list()") or t.startswith("sorted(") for t in texts)


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
            return _DOWN
        case [ast.keyword(arg="key", value=value)] if is_pure(program, value):
            return program.text(value)
    return None


def sorted_at_once(draft: Draft) -> Change | None:
    """`ys = xs[:i]`, and then `ys.sort()`, becomes `ys = sorted(xs[:i])`, which others know."""
    program = draft.program
    place, value, options = draft.pick(list(_sorted_next(program)))
    rewrite = Rewrite(program)
    rewrite.replace(value, f"sorted({', '.join([program.text(value), *options])})")
    rewrite.drop(Place(place.block, place.index + 1))
    return rewrite.change(f"{shown(program.text(value))} sorted as it is made (line {value.lineno})")


def _sorted_next(program: Program) -> Iterator[tuple[Place, ast.expr, list[str]]]:
    for place in places(program):
        following = place.block.statements[place.index + 1 : place.index + 2]
        match [place.statement, *following]:
            case [
                ast.Assign(
                    targets=[ast.Name(id=name)],
                    value=ast.Subscript(slice=ast.Slice())
                    | ast.ListComp()
                    | ast.Call(func=ast.Name(id="list")) as value,
                ),
                ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=same), attr="sort"), args=[]) as call),
            ] if name == same and not any(uses(k.value, name) for k in call.keywords):
                yield place, value, [f"{k.arg}={program.text(k.value)}" for k in call.keywords]


OPERATORS = (
    Operator("sorted_at_once", "rewrites", sorted_at_once),
    Operator("sort_once", "rewrites", sort_once),
    Operator("insort", "rewrites", insort),
)
