"""Programs in languages that nobody here parses: text with numbers in it.

Read just far enough to tell numbers from strings, comments and names, in the manner of C and its relatives. Numbers
may change, everything else is kept byte for byte, so that little is asked of the reading: a number missed is a number
not tuned, and one that should not have been touched makes a program that fails.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from shoal.syntax._literals import LARGEST, Literals, Slot
from shoal.syntax._program import NOTHING_FROZEN, Splice
from shoal.syntax._serial import Number
from shoal.syntax._source import SourceError, clean, encoded

__all__ = ["TextProgram"]

_DIGITS = r"(?: \d+\.\d* | \.\d+ | \d+ ) (?: [eE][+-]?\d+ )?"
_SUFFIX = r"[fFuUlL]{0,3}"
_TOKEN = re.compile(
    rf"""
      (?P<comment> /\*.*?\*/ | //[^\n]* )
    | (?P<text> "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | \#[^\n]* )
    | \( (?P<held> -? {_DIGITS} ) {_SUFFIX} \)
    | (?P<number> (?<![\w.]) {_DIGITS} ) (?= {_SUFFIX} (?! [\w.'] ) )
    | (?P<word> [\w\x80-\xff.]+ )
    | (?P<space> \s+ )
    | (?P<sign> . )
    """.encode(),
    re.VERBOSE | re.DOTALL,
)
_BEGIN = re.compile(rb"\b(?:shoal:\s*begin|EVOLVE-BLOCK-START)\b")
_END = re.compile(rb"\b(?:shoal:\s*end|EVOLVE-BLOCK-END)\b")
_NUMBER = b"\0"  # what stands for a number in a shape


class TextProgram:
    """One program text and its numbers, with what number edits ask of a `Program`.

    ``select`` is "all" or "marked" (between lines with the markers). Raises SourceError for text that is too large, is
    no text, or has nothing marked.
    """

    def __init__(self, source: str, *, select: str = "all") -> None:
        self.source = clean(source)
        self.data = encoded(self.source)
        self.select = select
        self.entry: tuple[str, ...] = ()
        self._open = [(0, len(self.data))] if select == "all" else list(_marked(self.data))
        if not self._open:
            raise SourceError("no marked part: write 'shoal: begin' and 'shoal: end' into comments around it")

    @cached_property
    def literals(self) -> Literals:
        """The tunable numbers, each a row of its own."""
        slots = []
        for token in _TOKEN.finditer(self.data):
            value = _value(token)
            if value is not None and any(start <= token.start() < end for start, end in self._open):
                slots.append(self._slot(token, value))
        return Literals(tuple(slots), (), ())

    def _slot(self, token: re.Match[bytes], value: Number) -> Slot:
        whole = isinstance(value, int)
        return Slot(
            value=value,
            kind="int" if whole else "float",
            line=self.data.count(b"\n", 0, token.start()) + 1,
            size=whole,  # it may be the length of something: an integer stays one
            lower=None,
            upper=None,
            start=token.start(token.lastgroup or 0),
            end=token.end(token.lastgroup or 0),
            tight=token.lastgroup == "number",  # the others have their parentheses
            node=token.start(),
        )

    @cached_property
    def live(self) -> list[int]:
        """Indices of the numbers, all of which count as used."""
        return list(range(len(self.literals.slots)))

    @cached_property
    def _tokens(self) -> tuple[tuple[int, bytes], ...]:
        """Where each part that means something begins, and the part; numbers in one way of writing them."""
        return tuple(_parts(self.data))

    def open_parts(self) -> Iterator[tuple[str, str]]:
        """The parts that may change, each with its kind: "number", "word", "text" or "sign"."""
        for token in _TOKEN.finditer(self.data):
            kind = "number" if token.lastgroup == "held" else token.lastgroup or ""
            if kind not in ("comment", "space") and any(start <= token.start() < end for start, end in self._open):
                yield kind, token[token.lastgroup or 0].decode()

    @property
    def size(self) -> int:
        """How many parts the text has."""
        return len(self._tokens)

    @cached_property
    def normal_hash(self) -> str:
        """SHA-256 of the text without comments and white space."""
        return _hash(part for _, part in self._tokens)

    @cached_property
    def shape(self) -> str:
        """The same with its tunable numbers left out."""
        numbers = {slot.node for slot in self.literals.slots}
        return _hash(_NUMBER if at in numbers else part for at, part in self._tokens)

    @cached_property
    def frozen_hash(self) -> str:
        """SHA-256 of the parts that may not change."""
        if self.select == "all":
            return NOTHING_FROZEN
        return _hash(part for at, part in self._tokens if not any(start <= at < end for start, end in self._open))

    def number_splices(self, values: Iterable[tuple[int, Number]]) -> list[Splice]:
        """Splices that set numbers; each is an index into `literals.slots` and the value."""
        slots = self.literals.slots
        return [(slots[k].start, slots[k].end, f"({v!r})" if v < 0 and slots[k].tight else repr(v)) for k, v in values]

    def spliced(self, splices: Iterable[Splice]) -> str:
        """The text with some pieces replaced; they must not overlap."""
        parts: list[bytes] = []
        done = 0
        for start, end, text in sorted(splices):
            parts += (self.data[done:start], text.encode())
            done = end
        return b"".join((*parts, self.data[done:])).decode()


def _parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """What means something; parentheses around one number do not, so that a sign changes no shape."""
    for token in _TOKEN.finditer(data):
        if token.lastgroup in ("comment", "space"):
            continue
        value = _value(token)
        if value is None:
            yield token.start(), token.group()
            continue
        yield token.start(), repr(value).encode()
        suffix = token.group()[token.end(token.lastgroup or 0) - token.start() :].rstrip(b")")
        if suffix:
            yield token.end(), suffix


def _value(token: re.Match[bytes]) -> Number | None:
    """The number a token stands for, if it is one that can be tuned."""
    if token.lastgroup not in ("number", "held"):
        return None
    text = token[token.lastgroup]
    digits = text.lstrip(b"-")
    if digits.isdigit():
        if len(digits) > 10 or (digits[:1] == b"0" and digits != b"0"):
            return None
        return int(text) if int(digits) <= LARGEST else None
    value = float(text)
    return value if abs(value) < float("inf") else None


def _marked(data: bytes) -> Iterator[tuple[int, int]]:
    """From after each line that begins a marked part to the line that ends it."""
    at = 0
    while begin := _BEGIN.search(data, at):
        start = data.find(b"\n", begin.end()) + 1 or len(data)
        end = _END.search(data, start)
        if end is None:
            raise SourceError("a marked part that begins and does not end")
        yield start, data.rfind(b"\n", 0, end.start()) + 1
        at = end.end()


def _hash(parts: Iterable[bytes]) -> str:
    return hashlib.sha256(b"\n".join(parts)).hexdigest()
