"""A rewrite of loops over the block of a table around each place: what it adds up to is told by four sums."""

import ast
import copy
import re
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, places, reads_first, step_of, used
from shoal.propose._rewrites_parts import (
    Rewrite,
    again,
    filled,
    label,
    read_later,
    widest,
)
from shoal.propose._rewrites_pure import is_pure
from shoal.syntax._program import Program

__all__ = ["OPERATORS", "Side", "plain_loop", "shifted", "takes_bounds"]

_ITEM = re.compile(r"\bitem\b")
_ENDS = ("top", "bottom", "left", "right")
_CENTRES = ("{0} == 0 and {1} == 0", "({0}, {1}) == (0, 0)", "{0} == {1} == 0", "not {0} and (not {1})")
_AROUND = ("{0} != 0 or {1} != 0", "({0}, {1}) != (0, 0)", "not ({0} == 0 and {1} == 0)", "{0} or {1}")


class Side(NamedTuple):
    """One side of a block: the index of a loop, from where to where it goes, and the place in the table it stands for.

    Attributes:
        name: of the loop's index.
        first, last: where it begins, and the first that it leaves out.
        at: the place, which grows with the index one by one.
        least, most: texts of what the place is at least, and is less than, as the loop asks.
    """

    name: str
    first: ast.expr
    last: ast.expr
    at: ast.expr
    least: list[str]
    most: list[str]

    def ends(self) -> tuple[str, str]:
        """Texts of the first place, and of the one after the last."""
        first, last = ([shifted(self.at, self.name, end) or ""] for end in (self.first, self.last))
        return _extreme("max", [*first, *self.least]), _extreme("min", [*last, *self.most])

    def middle(self) -> str:
        """Text of the place where the index is 0."""
        return shifted(self.at, self.name, ast.Constant(0)) or ""


class Around(NamedTuple):
    """Two loops that add up something of a block of a table.

    Attributes:
        outer: the first.
        table: what they look into.
        sides: of the block.
        kept: text of a condition of "item"; "" for none.
        added: names of what is added to, and text of what, of "item".
        middle: whether the place in the middle is left out.
        place: before which statement sums can be made once.
    """

    outer: Place
    table: ast.expr
    sides: tuple[Side, Side]
    kept: str
    added: list[tuple[str, str]]
    middle: bool
    place: Place


def block_sums(draft: Draft) -> Change | None:
    """The sum over a block is told by the sums of all that is above and to the left of its four corners."""
    program = draft.program
    around = draft.pick(list(_arounds(program)))
    rewrite = Rewrite(program)
    itertools, table = rewrite.module(around.place.block, "itertools"), ast.unparse(around.table)
    step = step_of(around.outer.block)
    ends = [end for side in around.sides for end in side.ends()]
    names = [text if text.isidentifier() else rewrite.name(name) for name, text in zip(_ENDS, ends, strict=True)]
    lines = [f"{name} = {text}" for name, text in zip(names, ends, strict=True) if name != text]
    top, bottom, left, right = names
    lines.append(f"if {top} < {bottom} and {left} < {right}:")
    lost: list[str] = []
    y, x = (side.middle() for side in around.sides)
    for name, value in around.added:
        if not around.kept and "item" not in used(ast.parse(value)):
            often = "" if value == "1" else f"{value} * "
            lines.append(f"{step}{name} += {often}({bottom} - {top}) * ({right} - {left})")
        else:
            sums, row, across = (rewrite.name(n) for n in (f"{label(around.table)}_sums", "row", "across"))
            lower, upper = rewrite.name("lower"), rewrite.name("upper")
            kept = f"{value} if {around.kept} else 0" if around.kept else value
            items = row if kept == "item" else f"[{kept} for item in {row}]"
            rewrite.before(
                around.place,
                f"{sums} = [[0] * (len({table}[0]) + 1 if {table} else 1)]",
                f"for {row} in {table}:",
                f"{step}{across} = {itertools}.accumulate({items}, initial=0)",
                f"{step}{sums}.append([a + b for a, b in zip({sums}[-1], {across}, strict=True)])",
            )
            lines += [
                f"{step}{lower}, {upper} = {sums}[{bottom}], {sums}[{top}]",
                f"{step}{name} += {lower}[{right}] - {lower}[{left}] - {upper}[{right}] + {upper}[{left}]",
            ]
        here = f"{table}[{y}][{x}]"
        test = f" if {_ITEM.sub(here, around.kept)} else 0" if around.kept else ""
        lost.append(f"{step}{step}{name} -= {_ITEM.sub(here, value)}{test}")
    if around.middle:
        lines += [f"{step}if {top} <= {y} < {bottom} and {left} <= {x} < {right}:", *lost]
    rewrite.within(around.outer, *lines)
    return rewrite.change(f"sums of blocks of {table} by four corners (line {around.outer.statement.lineno})")


def _arounds(program: Program) -> Iterator[Around]:
    for outer in (p for p in places(program) if isinstance(p.statement, ast.For)):
        rows = plain_loop(outer.statement)
        columns = [plain_loop(s) for s in outer.statement.body]  # type: ignore[attr-defined]
        inner = next((one for one in columns if one), None)
        if not rows or not inner or columns[-1] is None:
            continue
        meanings = _meanings(outer.statement.body[:-1])  # type: ignore[attr-defined]
        body = outer.statement.body[-1].body  # type: ignore[attr-defined]
        around = _around(program, outer, rows, inner, meanings, body) if meanings is not None else None
        if around is not None and not read_later(outer, {rows[0], inner[0], *(meanings or {})}):
            yield around


def plain_loop(statement: ast.stmt) -> tuple[str, ast.expr, ast.expr] | None:
    """The index of a loop over a range, where it begins, and the first that it leaves out; None for another loop."""
    match statement:
        case ast.For(target=ast.Name(id=index), iter=ast.Call(func=ast.Name(id="range"), args=[*ends]), orelse=[]):
            first, last = (
                (ends if len(ends) == 2 else [ast.Constant(0), *ends]) if 1 <= len(ends) <= 2 else (None, None)
            )
            return (index, first, last) if first is not None and last is not None else None
    return None


def _meanings(statements: list[ast.stmt]) -> dict[str, ast.expr] | None:
    """The names that statements give to something; None where they do anything else."""
    found: dict[str, ast.expr] = {}
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name not in found:
                found[name] = value
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)) if len(names) == len(values):
                pairs = zip(names, values, strict=True)
                found |= {name.id: value for name, value in pairs if isinstance(name, ast.Name)}
            case _:
                return None
    return found


def _around(
    program: Program,
    outer: Place,
    rows: tuple[str, ast.expr, ast.expr],
    columns: tuple[str, ast.expr, ast.expr],
    meanings: dict[str, ast.expr],
    body: list[ast.stmt],
) -> Around | None:
    tests, middle = [], False
    names = rows[0], columns[0]
    while body and isinstance(body[0], ast.Assign | ast.If) and (len(body) > 1 or isinstance(body[0], ast.If)):
        match body[0]:
            case ast.If(test=test, body=[ast.Continue()], orelse=[]) if _is_one_of(test, names, _CENTRES):
                body, middle = body[1:], True
            case ast.If(test=test, body=inner, orelse=[]) if len(body) == 1:
                tests += [*test.values] if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
                body = inner
            case ast.Assign() as named if (more := _meanings([named])) is not None:
                meanings |= more
                body = body[1:]
            case _:
                return None
    asked = [test for test in tests if not _is_one_of(test, names, _AROUND)]
    middle = middle or len(asked) < len(tests)
    added = [(ast.unparse(s.target), filled(s.value, meanings)) for s in body if _adds(s)]  # type: ignore[attr-defined]
    told = [filled(test, meanings) for test in asked]
    looked = _looked_up([*(value for _, value in added), *told], names)
    if not added or len(added) < len(body) or looked is None or not is_pure(program, outer.statement):
        return None
    text, table, at = looked
    sides = tuple(Side(*loop, place, [], []) for loop, place in zip((rows, columns), at, strict=True))
    if any(shifted(side.at, side.name, side.first) is None for side in sides):
        return None
    if any("item" in used(one) for one in (*told, *(value for _, value in added))):
        return None
    kept = [_as_item(test, text) for test in told if not takes_bounds(test, sides)]
    values = [(name, ast.unparse(_as_item(value, text))) for name, value in added]
    inside = {n for one in kept for n in used(one)} | {n for _, value in values for n in used(ast.parse(value))}
    loose = {*names, *meanings}
    targets = {name for name, _ in added}
    needed = reads_first(table) | (inside - {"item"})
    ends = set().union(*(used(end) for loop in (rows, columns) for end in loop[1:]))
    place = widest(program, again(outer), needed)
    plain = all(name.isidentifier() for name in targets) and not (inside | ends | used(table)) & (loose | targets)
    condition = " and ".join(ast.unparse(one) if len(kept) == 1 else f"({ast.unparse(one)})" for one in kept)
    if place is None or not plain:
        return None
    return Around(outer, table, (sides[0], sides[1]), condition, values, middle, place)


def _is_one_of(test: ast.expr, names: tuple[str, str], forms: tuple[str, ...]) -> bool:
    told = ast.unparse(test)
    return any(told == form.format(*pair) for form in forms for pair in (names, names[::-1]))


def _adds(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add)


def _looked_up(nodes: list[ast.expr], names: tuple[str, str]) -> tuple[str, ast.expr, tuple[ast.expr, ast.expr]] | None:
    """The only thing of a table that is looked at: its text, the table, and where the two places are told."""
    found = {}
    for node in (n for one in nodes for n in ast.walk(one)):
        match node:
            case ast.Subscript(value=ast.Subscript(value=table, slice=row), slice=column):
                if names[0] in used(row) and names[1] in used(column) and not used(table) & {*names}:
                    found[ast.unparse(node)] = ast.unparse(node), table, (row, column)
    return next(iter(found.values())) if len(found) == 1 else None


def takes_bounds(test: ast.expr, sides: tuple[Side, ...]) -> bool:
    """Whether a condition says nothing but how far a side reaches, which is noted."""
    if not isinstance(test, ast.Compare):
        return False
    links = list(zip([test.left, *test.comparators], test.ops, test.comparators, strict=False))
    noted = []
    for left, op, right in links:
        side = next((s for s in sides if ast.dump(s.at) in (ast.dump(left), ast.dump(right))), None)
        if side is None:
            return False
        turned = ast.dump(side.at) == ast.dump(right)
        limit = ast.unparse(left if turned else right)
        match op:
            case ast.Lt() | ast.Gt() if isinstance(op, ast.Gt) == turned:
                noted.append((side.most, limit))
            case ast.LtE() | ast.GtE() if isinstance(op, ast.LtE) == turned:
                noted.append((side.least, limit))
            case _:
                return False
        if side.name in used(left if turned else right):
            return False
    for kept, limit in noted:
        kept.append(limit)
    return True


def _as_item(node: ast.expr, text: str) -> ast.expr:
    """An expression with "item" for what is looked up."""

    class Exchange(ast.NodeTransformer):
        def visit(self, part: ast.AST) -> ast.AST:
            if isinstance(part, ast.Subscript) and ast.unparse(part) == text:
                return ast.Name("item", ast.Load())
            return self.generic_visit(part)

    made = Exchange().visit(copy.deepcopy(node))
    assert isinstance(made, ast.expr)
    return made


def shifted(at: ast.expr, name: str, end: ast.expr) -> str | None:
    """The text of a place, for an index in it; None where the place does not grow with the index one by one."""
    match at:
        case ast.Name(id=same) if same == name:
            return ast.unparse(end)
        case ast.BinOp(left=ast.Name(id=same), op=ast.Sub(), right=rest) if same == name and name not in used(rest):
            return f"{_operand(end)} - {_operand(rest)}"
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            rest, index = (left, right) if isinstance(right, ast.Name) and right.id == name else (right, left)
            if not isinstance(index, ast.Name) or index.id != name or name in used(rest):
                return None
            match end:
                case ast.Constant(value=0):
                    return ast.unparse(rest)
                case ast.UnaryOp(op=ast.USub(), operand=less):
                    return f"{_operand(rest)} - {_operand(less)}"
                case ast.BinOp(op=ast.Add() | ast.Sub()):
                    return f"{_operand(rest)} + {ast.unparse(end)}"
            return f"{_operand(rest)} + {_operand(end)}"
    return None


def _operand(node: ast.expr) -> str:
    plain = isinstance(node, ast.Name | ast.Constant | ast.Call | ast.Attribute | ast.Subscript)
    return ast.unparse(node) if plain else f"({ast.unparse(node)})"


def _extreme(by: str, texts: list[str]) -> str:
    return f"{by}({', '.join(texts)})" if len(texts) > 1 else texts[0]


OPERATORS = (Operator("block_sums", "rewrites", block_sums),)
