"""A file in which bugs are planted: its tree, and changes of its text that leave comments and layout alone."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from shoal.labs.selfimprove._tasks import Kind
from shoal.syntax import Program

__all__ = ["Change", "Function", "Source", "Splice", "whole"]

Splice = tuple[int, int, str]  # the bytes from start to end become the text
Function = ast.FunctionDef | ast.AsyncFunctionDef
_LOOSE = (ast.BoolOp, ast.Compare, ast.IfExp, ast.Lambda, ast.NamedExpr, ast.Starred, ast.Yield, ast.YieldFrom)
_BITS = (ast.BitAnd, ast.BitOr, ast.BitXor, ast.LShift, ast.RShift)


@dataclass(frozen=True, slots=True)
class Change:
    """A bug that could be made: splices that do not overlap, and its `note` for people."""

    kind: Kind
    splices: tuple[Splice, ...]
    note: str


def whole(node: ast.AST | None) -> int | None:
    """The whole number that an expression is written as; None for any other expression."""
    match node:
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)) if not isinstance(value, bool):
            return -value
    return None


class Source:
    """A parsed file. `nodes` are in order of the text, without what a test can hardly see: annotations, the words of
    exceptions, text in f-strings.

    Raises `SourceError` for a text that does not parse.
    """

    def __init__(self, text: str) -> None:
        self._program = Program(text)
        self.data = self._program.data
        self.tree = self._program.tree
        self._up: dict[int, tuple[ast.AST, str]] = {}
        self.nodes = tuple(self._walk(self.tree))

    def _walk(self, node: ast.AST) -> Iterator[ast.AST]:
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns", "type_params", "decorator_list"):
                continue
            for child in value if isinstance(value, list) else (value,):
                if isinstance(child, ast.AST):
                    self._up[id(child)] = node, field
                    yield child
                    if not isinstance(child, ast.Raise | ast.JoinedStr | ast.Import | ast.ImportFrom):
                        yield from self._walk(child)

    def parent(self, node: ast.AST) -> ast.AST:
        return self._up[id(node)][0]

    def field(self, node: ast.AST) -> str:
        """The field of its parent that a node is in."""
        return self._up[id(node)][1]

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """What a node is in, innermost first, without the module."""
        while (node := self.parent(node)) is not self.tree:
            yield node

    def function(self, node: ast.AST) -> Function | None:
        """The innermost function around a node."""
        return next((one for one in self.around(node) if isinstance(one, Function)), None)

    def block(self, statement: ast.stmt) -> list[ast.stmt]:
        """The statements that a statement stands among."""
        parent, field = self._up[id(statement)]
        found: list[ast.stmt] = getattr(parent, field)
        return found

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where a node is, in bytes."""
        return self._program.start(node), self._program.end(node)

    def wide(self, node: ast.AST) -> tuple[int, int]:
        """The same with the parentheses around it. For operands only: those of a call are not its argument's."""
        start, end = self.span(node)
        while True:
            before = self.data[:start].rstrip()
            after = len(self.data) - len(self.data[end:].lstrip())
            if not (before.endswith(b"(") and self.data[after : after + 1] == b")"):
                return start, end
            start, end = len(before) - 1, after + 1

    def text(self, node: ast.AST, *, wide: bool = False) -> str:
        start, end = self.wide(node) if wide else self.span(node)
        return self.data[start:end].decode()

    def line(self, splice: Splice) -> int:
        return self.data[: splice[0]].count(b"\n") + 1

    def replace(self, node: ast.AST, text: str) -> Splice:
        return *self.span(node), text

    def between(self, left: ast.AST, right: ast.AST, old: str, new: str) -> Splice | None:
        """Replace an operator between its operands; None where it cannot be found."""
        start, stop = self.wide(left)[1], self.wide(right)[0]
        at = self.data.find(old.encode(), start, stop)
        return None if at < 0 else (at, at + len(old), new)

    def shifted(self, node: ast.expr, by: int) -> str:
        """The text of an expression plus a whole number, for places where a sum needs no parentheses."""
        value = whole(node)
        if value is not None:
            return str(value + by)
        text = self.text(node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            added = whole(node.right)
            if added is not None:
                text, by = self.text(node.left, wide=True), by + (added if isinstance(node.op, ast.Add) else -added)
        elif isinstance(node, _LOOSE) or (isinstance(node, ast.BinOp) and isinstance(node.op, _BITS)):
            text = f"({text})"
        return f"{text} {'-' if by < 0 else '+'} {abs(by)}" if by else text

    def lines(self, first: ast.stmt, last: ast.stmt) -> tuple[int, int] | None:
        """The lines of statements, from the start of the first to the start of what follows.

        None where they share a line with something else.
        """
        start, end = self.span(first)[0], self.span(last)[1]
        begin = self.data.rfind(b"\n", 0, start) + 1
        stop = self.data.find(b"\n", end)
        stop = len(self.data) if stop < 0 else stop + 1
        rest = self.data[end:stop].strip()
        if self.data[begin:start].strip() or (rest and not rest.startswith(b"#")):
            return None
        return begin, stop

    def without(self, statement: ast.stmt) -> Splice | None:
        """Drop a statement; `pass` stands in where it was alone. None where it shares its line."""
        if len(self.block(statement)) == 1:
            return self.replace(statement, "pass")
        lines = self.lines(statement, statement)
        return lines and (*lines, "")

    def indent(self, statement: ast.stmt) -> str:
        """The white space before a statement that begins its line."""
        start = self.span(statement)[0]
        return self.data[self.data.rfind(b"\n", 0, start) + 1 : start].decode()

    def spliced(self, change: Change) -> str:
        """The text with a change. Raises `SourceError` where splices overlap."""
        return self._program.spliced(change.splices)
