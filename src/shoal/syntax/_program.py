"""A program that was read once: text, tree, region, and what is derived from them when it is first asked for."""

import ast
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, TypeVar

from shoal.syntax import _literals, _normal, _region, _sites
from shoal.syntax._literals import Literals, Slot
from shoal.syntax._region import Region, Select
from shoal.syntax._serial import Number
from shoal.syntax._source import SourceError, clean, encoded, tree_of

T = TypeVar("T")
NOTHING_FROZEN = _normal.statements_hash(())
Splice = tuple[int, int, str]
"""Replace the bytes from start to end by a text."""


class Program:
    """One program text and its tree. The tree is shared and never changed: edits are splices into the text.

    Args:
        source: the program's text.
        select: what may change, as for `region`.
        entry: names that are called from outside.

    Raises:
        SourceError: as `parse` and `region`.
    """

    def __init__(self, source: str, *, select: Select = "all", entry: Sequence[str] = ()) -> None:
        self.source = clean(source)
        self.data = encoded(self.source)
        self.select = select
        self.entry = tuple(entry)
        self.tree = tree_of(self.source)
        self._derived: dict[Callable[[Program], Any], Any] = {}
        self.region: Region = _region.split(self.tree, self.source, select)

    @cached_property
    def starts(self) -> list[int]:
        """Byte offset of each line."""
        starts = [0]
        find = self.data.find
        while (end := find(b"\n", starts[-1])) >= 0:
            starts.append(end + 1)
        return starts

    @cached_property
    def normal(self) -> _normal.Normal:
        """The canonical form."""
        return _normal.analyse(self.tree, entry=self.entry or None)

    @cached_property
    def normal_hash(self) -> str:
        """SHA-256 of the canonical form."""
        return self.normal.hash()

    @cached_property
    def shape(self) -> str:
        """SHA-256 of the canonical form with its numbers left out."""
        return self.normal.shape()

    @cached_property
    def frozen_hash(self) -> str:
        """SHA-256 of the statements that may not change, in normal form."""
        return _normal.statements_hash(self.region.frozen) if self.region.frozen else NOTHING_FROZEN

    @cached_property
    def literals(self) -> Literals:
        """The tunable numbers."""
        return _literals.collect(self.region.mutable, self.starts)

    @cached_property
    def live(self) -> list[int]:
        """Indices of the tunable numbers that something uses."""
        numbers = self.normal.numbers
        return [k for k, slot in enumerate(self.literals.slots) if numbers[slot.node] >= 0]

    @cached_property
    def sites(self) -> _sites.Sites:
        """Places where expressions and statements can be edited."""
        return _sites.collect(self)

    @cached_property
    def entry_shapes(self) -> dict[str, str]:
        """Name -> parameters of what is called from outside; a name that is not a function has no parameters."""
        found: dict[str, str] = {}
        for statement in self.tree.body:
            for name in _region.names_bound(statement) & set(self.entry):
                arguments = getattr(statement, "args", None)
                found[name] = "" if arguments is None else ast.dump(arguments)
        return found

    def derived(self, make: Callable[["Program"], T]) -> T:
        """What a function makes of this program, made once."""
        if make not in self._derived:
            self._derived[make] = make(self)
        return self._derived[make]  # type: ignore[no-any-return]

    def start(self, node: ast.AST) -> int:
        """Where a node starts, in bytes."""
        return self.starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined,no-any-return]

    def end(self, node: ast.AST) -> int:
        """Where a node ends, in bytes."""
        return self.starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined,no-any-return]

    def text(self, node: ast.AST) -> str:
        """The text of a node."""
        return self.data[self.start(node) : self.end(node)].decode()

    def frozen_text(self) -> list[str]:
        """The text of the frozen statements, in order; where regions are inside of some, all text outside the marks."""
        if not self.region.holes:
            return [self.text(statement) for statement in self.region.frozen]
        lines = self.source.split("\n")
        after = [0, *(last - 1 for _, last in self.region.holes)]
        before = [*(first for first, _ in self.region.holes), len(lines)]
        return ["\n".join(lines[one:other]) for one, other in zip(after, before, strict=True)]

    def spliced(self, splices: Iterable[Splice]) -> str:
        """The text with some pieces replaced; they must not overlap."""
        parts: list[bytes] = []
        done = 0
        for start, end, text in sorted(splices):
            if start < done:
                raise SourceError("two changes overlap")
            parts += (self.data[done:start], text.encode())
            done = end
        parts.append(self.data[done:])
        return b"".join(parts).decode()

    def number_splices(self, values: Iterable[tuple[int, Number]]) -> list[Splice]:
        """Splices that set tunable numbers; each is an index into `literals.slots` and the value."""
        return [_number_splice(self.data, self.literals.slots[index], value) for index, value in values]


def _number_splice(data: bytes, slot: Slot, value: Number) -> Splice:
    text = repr(value)
    enclosed = data[slot.start - 1 : slot.start] == b"(" and data[slot.end : slot.end + 1] == b")"
    if slot.tight and text[0] == "-" and not enclosed:
        text = f"({text})"
    # `return-1` and `1if x` need a space once the sign is gone or the digits change.
    if slot.start and _is_word(data[slot.start - 1]) and text[0] not in "-(":
        text = f" {text}"
    if slot.end < len(data) and _is_word(data[slot.end]):
        text = f"{text} "
    return slot.start, slot.end, text


def _is_word(byte: int) -> bool:
    return byte == 0x5F or byte >= 0x80 or chr(byte).isalnum()


class _Recent:
    """The programs read last, limited in number and in bytes of text."""

    def __init__(self, *, programs: int, size: int) -> None:
        self._programs = programs
        self._size = size
        self._held: OrderedDict[tuple[str, Select, tuple[str, ...]], Program] = OrderedDict()
        self._bytes = 0

    def get(self, source: str, select: Select, entry: tuple[str, ...]) -> Program:
        key = source, select, entry
        program = self._held.get(key)
        if program is not None:
            self._held.move_to_end(key)
            return program
        program = self._held[key] = Program(source, select=select, entry=entry)
        self._bytes += len(program.data)
        while len(self._held) > self._programs or (self._bytes > self._size and len(self._held) > 1):
            self._bytes -= len(self._held.popitem(last=False)[1].data)
        return program

    def forget(self) -> None:
        """Hold nothing."""
        self._held.clear()
        self._bytes = 0


_recent = _Recent(programs=256, size=1 << 20)


def read(source: str, *, select: Select = "all", entry: Sequence[str] = ()) -> Program:
    """As `Program(...)`, with the latest 256 programs (1 MiB of text) kept at hand."""
    return _recent.get(source, select if isinstance(select, str) else tuple(select), tuple(entry))


def frozen_hash(source: str, select: Select) -> str:
    """SHA-256 in hex of the frozen statements' canonical form, in order; raises SourceError."""
    return _normal.statements_hash(read(source, select=select).region.frozen)


def slots(source: str, *, select: Select = "all") -> tuple[Slot, ...]:
    """The tunable numbers of a program's region, in order of the text; raises SourceError."""
    return read(source, select=select).literals.slots


def with_values(source: str, values: Sequence[Number], *, select: Select = "all") -> str:
    """The program with all its tunable numbers set, its formatting kept.

    Args:
        source: the program's text.
        values: one number per slot; integer slots round theirs and keep it within bounds.
        select: what may change.

    Raises:
        SourceError: the text does not parse, there are more or fewer values than slots, or one is not finite.
    """
    program = read(source, select=select)
    held = program.literals.slots
    if len(values) != len(held):
        raise SourceError(f"{len(values)} values for {len(held)} numbers")
    if not all(-float("inf") < v < float("inf") for v in values):
        raise SourceError("a value is not finite")
    changed = [(k, slot.fitted(v)) for k, (slot, v) in enumerate(zip(held, values, strict=True))]
    return program.spliced(program.number_splices((k, v) for k, v in changed if repr(v) != repr(held[k].value)))
