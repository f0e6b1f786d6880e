"""Places in a program where an expression or a statement can be edited."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shoal.syntax._serial import is_empty, signed_number

if TYPE_CHECKING:
    from shoal.syntax._program import Program

Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
Function = ast.FunctionDef | ast.AsyncFunctionDef
LARGE_TABLE = 8
"""Lists with more numbers than this count as one expression: their numbers are tuned, not grown into formulas."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A sequence of statements.

    Attributes:
        statements: in order.
        owner: the node whose body this is.
        field: "body", "orelse" or "finalbody".
        outer: the block that holds the owner, or None at top level.
        place: index of the owner in `outer`.
        function: the innermost function around it.
        loops: loops around it within that function.
        indent: the white space its lines start with; None where a statement shares a line with something else.
        places: indices of the statements that may change.
    """

    statements: list[ast.stmt]
    owner: ast.AST
    field: str
    outer: "Block | None"
    place: int
    function: Function | None
    loops: int
    indent: str | None
    places: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """An expression that can be replaced.

    Attributes:
        node: the expression.
        parent: the node right above it.
        field: the parent's field it is in.
        block, place: the statement it belongs to.
        loose: names bound by comprehensions and lambdas around it.
    """

    node: ast.expr
    parent: ast.AST
    field: str
    block: Block
    place: int
    loose: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """All expressions and all blocks inside functions, in order of the text."""

    expressions: tuple[Site, ...]
    blocks: tuple[Block, ...]


def collect(program: "Program") -> Sites:
    """Find the places of a program's region, but for statements that nothing uses."""
    finder = _Finder(program)
    top = Block(program.tree.body, program.tree, "body", None, 0, None, 0, None)
    dropped = {id(s) for s in program.normal.dropped}
    for place, statement in enumerate(top.statements):
        if id(statement) in dropped or is_empty(statement):
            continue
        if id(statement) in finder.mutable:
            finder.statement(statement, top, place)
            if isinstance(statement, ast.ClassDef) and statement.name in _named(program):
                finder.methods(statement, top, place)
        elif program.region.holes:
            finder.frozen(statement, top, place)
    return Sites(tuple(finder.expressions), tuple(finder.blocks))


def _named(program: "Program") -> tuple[str, ...]:
    """The names that the region was told by: the methods of such a class can be edited, and of no other."""
    return () if isinstance(program.select, str) else tuple(program.select)


def leaf_names(node: ast.AST) -> Iterator[str]:
    """Names that an assignment's target binds."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Tuple | ast.List):
        for element in node.elts:
            yield from leaf_names(element)
    elif isinstance(node, ast.Starred):
        yield from leaf_names(node.value)


def is_table(node: ast.AST) -> bool:
    """Whether a node is a list of many numbers, nested or not."""
    return _count_numbers(node) > LARGE_TABLE


def _count_numbers(node: ast.AST) -> int:
    """Numbers in a nested list; a very negative count where anything else is in it."""
    if isinstance(node, ast.List | ast.Tuple):
        return sum(map(_count_numbers, node.elts))
    return 1 if signed_number(node) is not None else -1_000_000


class _Finder:
    def __init__(self, program: "Program") -> None:
        self.expressions: list[Site] = []
        self.blocks: list[Block] = []
        self.mutable = {id(s) for s in program.region.mutable}
        self._program = program
        self._block: Block
        self._place = 0

    def statement(self, node: ast.stmt, block: Block, place: int) -> None:
        self._block, self._place = block, place
        skipped = _HEADER_SKIPPED.get(type(node), ())
        if type(node) in (ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal):
            return
        for field, value in ast.iter_fields(node):
            if field in skipped or field in ("body", "orelse", "finalbody", "handlers", "cases"):
                continue
            self._field(node, field, value, ())
        self._blocks(node, block, place, open=True)

    def frozen(self, node: ast.stmt, block: Block, place: int) -> None:
        """Take in what may change inside of a statement that may not."""
        self._blocks(node, block, place, open=False)

    def _blocks(self, node: ast.stmt, block: Block, place: int, *, open: bool) -> None:
        for field in ("body", "orelse", "finalbody"):
            self._inner(node, field, block, place, open=open)
        for handler in getattr(node, "handlers", ()):
            self._inner(handler, "body", block, place, open=open)
        for case in getattr(node, "cases", ()):
            self._inner(case, "body", block, place, open=open)

    def methods(self, owner: ast.ClassDef, outer: Block, place: int) -> None:
        """Take in the functions of a class."""
        block = Block(owner.body, owner, "body", outer, place, None, 0, self._indent(owner.body))
        for index, statement in enumerate(owner.body):
            if isinstance(statement, Function):
                self.statement(statement, block, index)

    def _inner(self, owner: ast.AST, field: str, outer: Block, place: int, *, open: bool) -> None:
        statements = getattr(owner, field, None)
        if not statements or (open and isinstance(owner, ast.ClassDef)):
            return
        function, loops = outer.function, outer.loops
        if isinstance(owner, Function):
            function, loops = owner, 0
        elif isinstance(owner, ast.ClassDef):
            function = None
        elif isinstance(owner, ast.For | ast.While) and field == "body":
            loops += 1
        places = tuple(k for k, one in enumerate(statements) if open or id(one) in self.mutable)
        block = Block(statements, owner, field, outer, place, function, loops, self._indent(statements), places)
        if function is not None and places:
            self.blocks.append(block)
        for index, statement in enumerate(statements):
            if index not in places:
                self.frozen(statement, block, index)
            elif not is_empty(statement):
                self.statement(statement, block, index)

    def _indent(self, statements: list[ast.stmt]) -> str | None:
        """The common indent of statements that have their lines for themselves."""
        data, starts = self._program.data, self._program.starts
        indents = set()
        for node in statements:
            line = starts[node.lineno - 1]
            indents.add(data[line : line + node.col_offset])
            stop = data.find(b"\n", self._program.end(node))
            rest = data[self._program.end(node) : stop if stop >= 0 else len(data)].strip()
            if rest and not rest.startswith(b"#"):
                return None
        only = indents.pop()
        return None if indents or only.strip() else only.decode()

    def _field(self, parent: ast.AST, field: str, value: object, loose: tuple[str, ...]) -> None:
        if isinstance(value, list):
            for item in value:
                self._field(parent, field, item, loose)
        elif isinstance(value, ast.expr):
            self._expression(value, parent, field, loose)
        elif isinstance(value, ast.keyword | ast.withitem):
            for name, part in ast.iter_fields(value):
                if name in ("value", "context_expr"):
                    self._field(value, name, part, loose)

    def _expression(self, node: ast.expr, parent: ast.AST, field: str, loose: tuple[str, ...]) -> None:
        kind = type(node)
        if kind is ast.JoinedStr or not isinstance(getattr(node, "ctx", _LOAD), ast.Load):
            # An index on the left of an assignment can change; the name it is assigned to cannot.
            if kind is ast.Subscript:
                self._field(node, "slice", node.slice, loose)  # type: ignore[attr-defined]
            return
        if kind not in _NEVER_A_SITE and not (isinstance(parent, ast.Call) and field == "func"):
            self.expressions.append(Site(node, parent, field, self._block, self._place, loose))
        if signed_number(node) is not None or is_table(node):
            return
        if isinstance(node, Comprehension):
            self._comprehension(node, loose)
        elif isinstance(node, ast.Lambda):
            self._field(node, "body", node.body, (*loose, *(a.arg for a in node.args.args)))
        elif not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            for name, value in ast.iter_fields(node):
                self._field(node, name, value, loose)

    def _comprehension(self, node: Comprehension, loose: tuple[str, ...]) -> None:
        for generator in node.generators:
            self._field(generator, "iter", generator.iter, loose)
            loose = (*loose, *leaf_names(generator.target))
            self._field(generator, "ifs", generator.ifs, loose)
        for field in ("key", "value", "elt"):
            self._field(node, field, getattr(node, field, None), loose)


_LOAD = ast.Load()
_NEVER_A_SITE = (ast.Slice, ast.Starred, ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr)
_HEADER_SKIPPED: dict[type[ast.AST], tuple[str, ...]] = {
    ast.AnnAssign: ("annotation", "target"),
    ast.AsyncFunctionDef: ("args", "decorator_list", "returns", "type_params"),
    ast.ClassDef: ("bases", "keywords", "decorator_list", "type_params"),
    ast.FunctionDef: ("args", "decorator_list", "returns", "type_params"),
    ast.Match: ("cases",),
}
