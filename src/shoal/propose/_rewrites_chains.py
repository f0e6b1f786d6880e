"""A rewrite of the best among the earlier things that are less: only those are kept that no other one outdoes."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, reads_first, step_of
from shoal.propose._rewrites_pairs import conditions
from shoal.propose._rewrites_parts import SIGNS, TURNED, Rewrite, again, loops, place_of, read_later, uses
from shoal.propose._rewrites_pure import changed, is_pure
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]


class Chain(NamedTuple):
    """A loop through all earlier places for the most of what is known of those whose key is less, or more.

    Attributes:
        outer, inner: the loops.
        here, there: names of the place and of an earlier one.
        key: what is compared, of the earlier place.
        sign: by which the earlier key compares with the key here.
        best: the list of what is known.
        value: what an earlier place offers.
        held: text of what the most is put into.
    """

    outer: Place
    inner: Place
    here: str
    there: str
    key: ast.expr
    sign: type[ast.cmpop]
    best: ast.expr
    value: ast.expr
    held: str


def best_before(draft: Draft) -> Change | None:
    """The most of what is known of earlier places with lesser keys is looked up by key, by `bisect`.

    Kept in order are the keys of those places of which none with as small a key has more: so what is known rises with
    the key, and the last one before a key is the best.
    """
    program = draft.program
    chain = draft.pick(list(_chains(program)))
    rewrite, step = Rewrite(program), step_of(chain.outer.block)
    bisect = rewrite.module(chain.outer.block, "bisect")
    keys, tops, key, place = (rewrite.name(name) for name in ("keys_so_far", "tops_so_far", "key", "place"))
    end, offer = rewrite.name("end"), rewrite.name("offer")
    strict, more = chain.sign in (ast.Lt, ast.Gt), chain.sign in (ast.Gt, ast.GtE)
    here = _at(chain.key, chain.there, chain.here)
    here = f"-({here})" if more else here
    loop = chain.outer.statement
    assert isinstance(loop, ast.For)
    last = place_of(program, loop.body[-1])
    assert last is not None
    rewrite.before(chain.outer, f"{keys}, {tops} = [], []")
    taken = [f"if {place}:", f"{step}{offer} = {_offered(chain, f'{tops}[{place} - 1]')}"]
    taken += [f"{step}if {offer} > {chain.held}:", f"{step}{step}{chain.held} = {offer}"]
    known = _at(chain.best, chain.there, chain.here)
    taking = [
        f"{key}, {offer} = {here}, {known}",
        f"{place} = {bisect}.bisect_right({keys}, {key})",
        f"if not {place} or {tops}[{place} - 1] < {offer}:",
        f"{step}{end} = {place}",
        f"{step}if {place} and {keys}[{place} - 1] == {key}:",
        f"{step}{step}{place} -= 1",
        f"{step}while {end} < len({keys}) and {tops}[{end}] <= {offer}:",
        f"{step}{step}{end} += 1",
        f"{step}{keys}[{place}:{end}], {tops}[{place}:{end}] = [{key}], [{offer}]",
    ]
    begun = _first(loop)
    if begun:
        rewrite.before(
            chain.outer,
            f"for {chain.here} in range(min({begun}, len({_list(chain)}))):",
            *(step + line for line in taking),
        )
    by = "bisect_left" if strict else "bisect_right"
    rewrite.within(chain.inner, f"{place} = {bisect}.{by}({keys}, {here})", *taken)
    rewrite.after(last, *taking)
    return rewrite.change(f"the best of those before is looked up by key (line {chain.inner.statement.lineno})")


def _at(node: ast.expr, there: str, here: str) -> str:
    """The text of what is looked up of a place, for another place."""

    class Renamed(ast.NodeTransformer):
        def visit_Name(self, one: ast.Name) -> ast.Name:
            return ast.Name(here, one.ctx) if one.id == there else one

    return ast.unparse(Renamed().visit(ast.parse(ast.unparse(node), mode="eval").body))


def _offered(chain: Chain, top: str) -> str:
    """What is offered, with the most that is known in the place of what is known of a place."""
    return ast.unparse(chain.value).replace(ast.unparse(chain.best), top)


def _list(chain: Chain) -> str:
    """The list of what is known."""
    return ast.unparse(chain.best.value)  # type: ignore[attr-defined]


def _first(loop: ast.For) -> str:
    """The first place that a loop goes to; "" where that is 0."""
    match loop.iter:
        case ast.Call(args=[first, _]) if ast.unparse(first) != "0":
            return ast.unparse(first)
    return ""


def _chains(program: Program) -> Iterator[Chain]:
    for inner in loops(program):
        around = again(inner)
        loop = inner.statement
        outer = around[0].statement if around else None
        if not isinstance(loop, ast.For) or not isinstance(outer, ast.For) or outer.orelse:
            continue
        match outer.target, outer.iter:
            case ast.Name(id=here), ast.Call(func=ast.Name(id="range"), args=[_] | [_, _]):
                pass
            case ast.Tuple(elts=[ast.Name(id=here), ast.Name()]), ast.Call(func=ast.Name(id="enumerate"), args=[_]):
                pass
            case _:
                continue
        match loop.target, ast.unparse(loop.iter):
            case ast.Name(id=there), text if text in (f"range({here})", f"range(0, {here})"):
                for chain in _of(program, around[0], inner, here, there):
                    if _is_steady(program, chain):
                        yield chain


def _of(program: Program, outer: Place, inner: Place, here: str, there: str) -> Iterator[Chain]:
    tests: list[ast.expr] = []
    body: list[ast.stmt] = inner.statement.body  # type: ignore[attr-defined]
    while len(body) == 1 and isinstance(body[0], ast.If) and not body[0].orelse:
        tests += conditions(body[0].test)
        body = body[0].body
    if len(body) != 1:
        return
    most = _most(body[0], tests)
    if most is None:
        return
    held, value, rest = most
    if len(rest) != 1:
        return
    compared = _compared(rest[0], here, there)
    known = [
        node
        for node in ast.walk(value)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name) and node.slice.id == there
    ]
    if compared is None or len(known) != 1 or len(uses(value, there)) != 1 or not _rises(value, known[0]):
        return
    key, sign = compared
    yield Chain(outer, inner, here, there, key, sign, known[0], value, ast.unparse(held))


def _most(statement: ast.stmt, tests: list[ast.expr]) -> tuple[ast.expr, ast.expr, list[ast.expr]] | None:
    """Of `if v > best: best = v` and `best = max(best, v)`: best, v, and the conditions that are left."""
    match statement:
        case ast.Assign(targets=[held], value=ast.Call(func=ast.Name(id="max"), args=[one, other], keywords=[])):
            for mine, value in ((one, other), (other, one)):
                if ast.unparse(mine) == ast.unparse(held):
                    return held, value, tests
        case ast.Assign(targets=[held], value=value):
            wanted = {
                f"{ast.unparse(value)} > {ast.unparse(held)}",
                f"{ast.unparse(held)} < {ast.unparse(value)}",
            }
            if isinstance(value, ast.BinOp) and isinstance(value.right, ast.Constant) and value.right.value == 1:
                wanted |= {
                    f"{ast.unparse(value.left)} >= {ast.unparse(held)}",
                    f"{ast.unparse(held)} <= {ast.unparse(value.left)}",
                    f"{ast.unparse(held)} < {ast.unparse(value.left)} + 1",
                }
            left = [test for test in tests if ast.unparse(test) not in wanted]
            return (held, value, left) if len(left) == len(tests) - 1 else None
    return None


def _compared(test: ast.expr, here: str, there: str) -> tuple[ast.expr, type[ast.cmpop]] | None:
    """The key of an earlier place, and how it compares with the same of the place here."""
    match test:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in SIGNS:
            for key, other, sign in ((left, right, type(op)), (right, left, TURNED[type(op)])):
                mine = len(uses(key, there)) == 1 and not uses(key, here)
                if mine and ast.unparse(other) == _at(key, there, here):
                    return key, sign
    return None


def _rises(value: ast.expr, known: ast.expr) -> bool:
    """Whether what is offered is what is known, with something added."""
    match value:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return left is known or right is known
    return value is known


def _is_steady(program: Program, chain: Chain) -> bool:
    """Whether the keys stay, and what is known of a place stays once the outer loop has been there."""
    loop = chain.outer.statement
    assert isinstance(loop, ast.For)
    jumps = any(isinstance(n, ast.Continue | ast.Break | ast.Return) for s in loop.body for n in ast.walk(s))
    own = {n.id for n in ast.walk(chain.best) if isinstance(n, ast.Name)} - {chain.there}
    fixed = reads_first(chain.key) - {chain.there}
    steady = not changed(program, *loop.body) & fixed and not own & fixed
    pure = is_pure(program, chain.key, chain.value)
    return steady and pure and not jumps and not read_later(chain.inner, {chain.there})


OPERATORS = (Operator("best_before", "rewrites", best_before),)
