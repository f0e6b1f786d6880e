"""The numbers of a program that can be tuned: where they stand, what they may become, which stand in one row."""

import ast
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from shoal.syntax._serial import Number, signed_number
from shoal.syntax._words import words

LARGEST = 1_000_000_000
"""Integers beyond this are seeds, masks and the like: no slots."""

_FIRST_IS_SIZE = words("zeros ones empty full eye identity")
_SECOND_IS_SIZE = words("tile repeat islice combinations permutations nlargest nsmallest")
_ALL_ARE_SIZES = words("range reshape integers randrange randint")
_SIZE_KEYWORDS = words("size shape num k n repeat maxlen reps repeats step")
_NOT_TUNED_KEYWORDS = words("axis ndmin dtype ndigits decimals")


@dataclass(frozen=True, slots=True)
class Slot:
    """One tunable number.

    Attributes:
        value: what it is, its sign included.
        kind: "int" or "float".
        line: line in the text, from 1.
        size: an integer that counts or indexes something and must stay an integer.
        lower, upper: bounds within which a size stays plausible, or None.
        start, end: where it stands in the text, in bytes.
        tight: a minus sign there needs parentheses.
        node: `id` of its node.
    """

    value: Number
    kind: str
    line: int
    size: bool
    lower: int | None
    upper: int | None
    start: int
    end: int
    tight: bool
    node: int

    def fitted(self, value: Number) -> Number:
        """The value this slot takes when asked to become `value`: an int stays an int and within its bounds."""
        if self.kind == "float":
            return float(value)
        whole = min(max(round(value), -LARGEST), LARGEST)
        if self.lower is not None:
            whole = max(whole, self.lower)
        if self.upper is not None:
            whole = min(whole, self.upper)
        return whole


@dataclass(frozen=True, slots=True)
class Literals:
    """All tunable numbers of a region.

    Attributes:
        slots: in order of the text.
        rows: indices into `slots` of the numbers of each list or tuple of two numbers or more.
        tables: indices into `rows` of rows of equal length that stand in one list.
    """

    slots: tuple[Slot, ...]
    rows: tuple[tuple[int, ...], ...]
    tables: tuple[tuple[int, ...], ...]


def collect(statements: Iterable[ast.stmt], starts: list[int]) -> Literals:
    """Find the tunable numbers of top-level statements; `starts` holds the byte offset of each line."""
    finder = _Finder(starts)
    for statement in statements:
        finder.visit(statement)
    return finder.literals()


class _Finder:
    def __init__(self, starts: list[int]) -> None:
        self._starts = starts
        self._slots: list[Slot] = []
        self._assigned: list[str | None] = []
        self._rows: list[tuple[ast.AST, tuple[int, ...]]] = []
        self._tables: list[list[int]] = []
        self._size_names: set[str] = set()
        # context of the node being visited
        self._size = self._index = self._tight = False
        self._name: str | None = None

    def literals(self) -> Literals:
        slots = tuple(
            _as_size(slot) if name in self._size_names and slot.kind == "int" and not slot.size else slot
            for slot, name in zip(self._slots, self._assigned, strict=True)
        )
        return Literals(slots, tuple(row for _, row in self._rows), tuple(map(tuple, self._tables)))

    def visit(self, node: ast.AST) -> None:
        value = signed_number(node)
        if value is not None:
            self._add(node, value)
            return
        method = _METHODS.get(type(node))
        if method is not None:
            method(self, node)
        else:
            self._children(node)

    def _children(self, node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            self.visit(child)

    def _within(
        self,
        nodes: Iterable[ast.AST | None],
        *,
        size: bool = False,
        index: bool = False,
        tight: bool = False,
        name: str | None = None,
    ) -> None:
        before = self._size, self._index, self._tight, self._name
        self._size, self._index, self._tight, self._name = size, index, tight, name
        for node in nodes:
            if node is not None:
                self.visit(node)
        self._size, self._index, self._tight, self._name = before

    def _add(self, node: ast.AST, value: Number) -> None:
        kind = "float" if type(value) is float else "int"
        if not (math.isfinite(value) if kind == "float" else -LARGEST <= value <= LARGEST):
            return
        size = self._size and kind == "int"
        first, last = self._starts[node.lineno - 1], self._starts[node.end_lineno - 1]  # type: ignore[attr-defined]
        slot = Slot(
            value=value,
            kind=kind,
            line=node.lineno,  # type: ignore[attr-defined]
            size=size,
            lower=None,
            upper=None,
            start=first + node.col_offset,  # type: ignore[attr-defined]
            end=last + node.end_col_offset,  # type: ignore[attr-defined]
            tight=self._tight,
            node=id(node),
        )
        self._slots.append(_as_size(slot, index=self._index) if size else slot)
        self._assigned.append(self._name)

    def _name_used(self, node: ast.Name) -> None:
        if self._size:
            self._size_names.add(node.id)

    def _call(self, node: ast.Call) -> None:
        function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        self._within([node.func])
        for place, argument in enumerate(node.args):
            size = (
                function in _ALL_ARE_SIZES
                or (place == 0 and function in _FIRST_IS_SIZE)
                or (place == 1 and function in _SECOND_IS_SIZE)
                or (place == 2 and function == "linspace")
            )
            self._within([argument], size=size)
        for keyword in node.keywords:
            if keyword.arg not in _NOT_TUNED_KEYWORDS:
                self._within([keyword.value], size=keyword.arg in _SIZE_KEYWORDS, name=keyword.arg)

    def _subscript(self, node: ast.Subscript) -> None:
        self._within([node.value], tight=True)
        self._within([node.slice], size=True, index=True)

    def _binary(self, node: ast.BinOp) -> None:
        repeats = isinstance(node.op, ast.Mult) and isinstance(node.left, ast.List)
        size, name = self._size or repeats, self._name
        for side in (node.left, node.right):
            self._within([side], size=size and not isinstance(side, ast.List), index=self._index, tight=True, name=name)

    def _tight_operand(self, node: ast.AST) -> None:
        self._within(ast.iter_child_nodes(node), size=self._size, index=self._index, tight=True, name=self._name)

    def _assign(self, node: ast.Assign) -> None:
        target = node.targets[0]
        self._within(node.targets)
        self._within([node.value], name=target.id if isinstance(target, ast.Name) else None)

    def _annotated(self, node: ast.AnnAssign) -> None:
        self._within([node.value], name=node.target.id if isinstance(node.target, ast.Name) else None)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        positional = [*node.args.posonlyargs, *node.args.args]
        pairs = [
            *zip(positional[len(positional) - len(node.args.defaults) :], node.args.defaults, strict=True),
            *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
        ]
        for argument, default in pairs:
            self._within([default], name=argument.arg)
        self._within(getattr(node, "decorator_list", []))
        self._within(node.body if isinstance(node.body, list) else [node.body])

    def _expression(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.visit(node.value)

    def _case(self, node: ast.match_case) -> None:
        self._within([node.guard, *node.body])

    def _nothing(self, node: ast.AST) -> None:
        """Text inside an f-string has no place of its own in older Pythons."""

    def _sequence(self, node: ast.List | ast.Tuple) -> None:
        start, rows_before = len(self._slots), len(self._rows)
        self._within(node.elts, size=self._size, index=self._index, name=self._name)
        if self._size or len(node.elts) < 2:
            return
        if len(self._slots) - start == len(node.elts) and all(signed_number(e) is not None for e in node.elts):
            self._rows.append((node, tuple(range(start, len(self._slots)))))
            return
        new = self._rows[rows_before:]
        same = [owner for owner, _ in new] == node.elts and len({len(row) for _, row in new}) == 1
        if same:
            self._tables.append(list(range(rows_before, len(self._rows))))


def _as_size(slot: Slot, *, index: bool = False) -> Slot:
    if slot.value < 0:
        return replace(slot, size=True, upper=-1)
    return replace(slot, size=True, lower=0 if index or slot.value == 0 else 1)


_METHODS: dict[type[ast.AST], Callable[[_Finder, Any], None]] = {
    ast.AnnAssign: _Finder._annotated,
    ast.Assign: _Finder._assign,
    ast.AsyncFunctionDef: _Finder._function,
    ast.Attribute: _Finder._tight_operand,
    ast.BinOp: _Finder._binary,
    ast.Call: _Finder._call,
    ast.Expr: _Finder._expression,
    ast.FunctionDef: _Finder._function,
    ast.JoinedStr: _Finder._nothing,
    ast.Lambda: _Finder._function,
    ast.List: _Finder._sequence,
    ast.Name: _Finder._name_used,
    ast.Subscript: _Finder._subscript,
    ast.Tuple: _Finder._sequence,
    ast.UnaryOp: _Finder._tight_operand,
    ast.match_case: _Finder._case,
}
