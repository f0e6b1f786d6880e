"""The border codec: values as capped bytes, with no code in them. `shoal.sandbox.frames` sends them.

Carried: ``None``, ``bool``, ``int``, ``float`` (NaN and infinities too: judges decide), ``str``, ``bytes``, lists
(tuples arrive as lists), dictionaries with ``str`` keys, and numpy arrays of bool, integer, float and complex
types as raw blocks. numpy scalars arrive as Python's. Everything else is refused by name, at either end.

One byte of tag comes before each value; numbers are little-endian. It is not JSON because a border wants floats
bit for bit, arrays without text, and caps on depth and number of elements that hold *while* parsing. Lists of only
floats or only 64-bit integers travel as one block, which is what candidates mostly return.

A session pays for this at every question, so what it mostly sends has a short way, which either gives the value that
the general reader would give, or leaves the frame to it. benchmarks/sessions.py measures both ends.
"""

from __future__ import annotations

import functools
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shoal.core.errors import ShoalError

if TYPE_CHECKING:
    import numpy as np

__all__ = ["DEFAULT", "ForbiddenError", "FrameError", "FrameLimits", "Written", "decode", "encode"]

MAX_DEPTH = 200  # of what we write: deeper values are mostly reference cycles
MAX_INTEGER_BYTES = 256  # about 600 decimal digits
MAX_DIMENSIONS = 16
ARRAY_TYPES = frozenset(
    [f"{order}{kind}" for order in "<>" for kind in ("i2", "i4", "i8", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")]
    + ["|b1", "|i1", "|u1"]
)

_COUNT = struct.Struct("<I")
_HEAD = struct.Struct("<cI")  # a tag and a count
_INTEGER = struct.Struct("<q")
_FLOAT = struct.Struct("<d")
_TAGGED_INTEGER = struct.Struct("<cq")
_TAGGED_FLOAT = struct.Struct("<cd")
_VECTOR = struct.Struct("<cBBq3s")  # an array of one axis: tag, length of its type's name, axes, extent, the name
_VECTOR_BEGINS = b"a\x03\x01"  # one axis, and a name as long as "<f8"
_SMALL = 1 << 63
_KEYS = {key: _COUNT.pack(len(key)) + key.encode() for key in ("ask", "args", "many", "value", "public", "error")}
_ANSWER = b"m\x01\0\0\0" + _KEYS["value"]
_QUESTION = b"m\x02\0\0\0" + _KEYS["ask"] + b"s"
_ARGUMENTS = _KEYS["args"] + b"l"
_ROOMY = 64  # elements that the short way is content with


class FrameError(ShoalError):
    """A value that may not cross the border, or bytes that are no frame; the message says why."""


class ForbiddenError(FrameError):
    """A frame that holds what its sender cannot know honestly."""


@dataclass(frozen=True, slots=True)
class FrameLimits:
    """Caps on one frame: its bytes, how deep lists and dictionaries nest, how many values it holds in all.

    Entries of arrays count as bytes only. ``forbidden`` are bytes that no honest frame holds anywhere.
    """

    max_bytes: int = 16 << 20
    max_depth: int = 32
    max_elements: int = 1 << 20
    forbidden: bytes = b""


DEFAULT = FrameLimits()


@dataclass(frozen=True, slots=True)
class Written:
    """A value that was encoded before it is sent, so that nothing changes it in between; travels as that value."""

    data: bytes


def encode(value: object) -> bytes:
    """Bytes of a value. Raises FrameError that names the first type that may not cross the border."""
    parts: list[bytes] = []
    try:
        _write(value, parts, 0)
    except UnicodeEncodeError:
        raise FrameError("a string with lone surrogates is not text") from None
    return b"".join(parts)


def decode(data: bytes | bytearray, *, limits: FrameLimits = DEFAULT) -> Any:
    """The value of a whole frame. Raises FrameError if it is truncated, oversized, malformed or followed by more."""
    if len(data) > limits.max_bytes:
        raise FrameError(f"a frame of {len(data)} bytes; the limit is {limits.max_bytes}")
    if limits.forbidden and limits.forbidden in data:
        raise ForbiddenError("a frame with a word in it that its sender cannot know honestly")
    data = bytes(data)
    if (value := _of_a_session(data, limits)) is not None:
        return value
    reader = _Reader(data, limits)
    try:
        value = reader.value(0)
    except (IndexError, struct.error):  # a fixed number of bytes was looked for, and they are not there
        raise FrameError("the frame is truncated") from None
    if reader.at != len(reader.data):
        raise FrameError(f"{len(reader.data) - reader.at} bytes after the end of the value")
    return value


# -- writing ----------------------------------------------------------------------------------------------------------


def _write(value: Any, parts: list[bytes], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise FrameError(f"values nest deeper than {MAX_DEPTH}")
    kind = type(value)
    if kind is float:
        parts.append(_TAGGED_FLOAT.pack(b"d", value))
    elif kind is str:
        text = value.encode()
        parts += (_head(b"s", len(text)), text)
    elif kind is int:
        _write_integer(value, parts)
    elif kind is list or kind is tuple:
        _write_list(value, parts, depth)
    elif kind is dict:
        _write_mapping(value, parts, depth)
    elif value is None:
        parts.append(b"n")
    elif kind is bool:
        parts.append(b"t" if value else b"f")
    elif kind is bytes:
        parts += (_head(b"b", len(value)), value)
    elif kind is Written:
        parts.append(value.data)
    else:
        _write_numpy(value, parts, depth)


def _head(tag: bytes, count: int) -> bytes:
    if count >= 1 << 32:
        raise FrameError(f"a value of {count} parts; a frame holds less than 2**32")
    return _HEAD.pack(tag, count)


def _write_integer(value: int, parts: list[bytes]) -> None:
    if -_SMALL <= value < _SMALL:
        parts.append(_TAGGED_INTEGER.pack(b"i", value))
        return
    size = value.bit_length() // 8 + 1
    if size > MAX_INTEGER_BYTES:
        raise FrameError(f"an integer of {size} bytes; the limit is {MAX_INTEGER_BYTES}")
    parts += (_HEAD.pack(b"I", size), value.to_bytes(size, "little", signed=True))


def _write_list(value: list[Any] | tuple[Any, ...], parts: list[bytes], depth: int) -> None:
    kinds = set(map(type, value))
    if len(kinds) == 1:
        if float in kinds:
            parts += (_head(b"D", len(value)), struct.pack(f"<{len(value)}d", *value))
            return
        if int in kinds and min(value) >= -_SMALL and max(value) < _SMALL:
            parts += (_head(b"Q", len(value)), struct.pack(f"<{len(value)}q", *value))
            return
    parts.append(_head(b"l", len(value)))
    for item in value:
        _write(item, parts, depth + 1)


def _write_mapping(value: dict[Any, Any], parts: list[bytes], depth: int) -> None:
    parts.append(_head(b"m", len(value)))
    for key, item in value.items():
        if type(key) is not str:
            raise FrameError(f"a dictionary key of type {_name(key)}; keys must be str")
        if key in _KEYS:
            parts.append(_KEYS[key])
        else:
            text = key.encode()
            parts += (_COUNT.pack(len(text)), text)
        _write(item, parts, depth + 1)


def _write_numpy(value: Any, parts: list[bytes], depth: int) -> None:
    # a value can only be numpy's if numpy is loaded, so that writers without arrays never pay for its import
    if sys.modules.get("numpy"):
        numpy, float64 = _numpy()
        if type(value) is numpy.ndarray:
            if value.dtype is float64 and value.ndim == 1:
                parts += (_VECTOR.pack(b"a", 3, 1, len(value), b"<f8"), value.tobytes())
            else:
                _write_array(value, parts)
            return
        if isinstance(value, (numpy.bool_, numpy.integer, numpy.floating, numpy.str_)):
            plain = value.item()
            if type(plain) in (bool, int, float, str):
                _write(plain, parts, depth)
                return
    raise FrameError(f"a value of type {_name(value)} may not cross the border")


def _write_array(array: np.ndarray[Any, Any], parts: list[bytes]) -> None:
    code = array.dtype.str
    if array.dtype.names is not None or code not in ARRAY_TYPES:
        raise FrameError(f"an array of dtype {array.dtype} may not cross the border")
    if array.ndim > MAX_DIMENSIONS:
        raise FrameError(f"an array of {array.ndim} dimensions; the limit is {MAX_DIMENSIONS}")
    name = code.encode()
    head = struct.pack(f"<BB{array.ndim}q", len(name), array.ndim, *array.shape)
    parts += (b"a", head, name, array.tobytes())


@functools.cache
def _numpy() -> tuple[Any, Any]:
    """numpy and its own object for little-endian float64, which most arrays share."""
    import numpy

    return numpy, numpy.dtype("<f8")


def _name(value: object) -> str:
    kind = type(value)
    return f"{kind.__module__}.{kind.__qualname__}"[:100]


# -- reading ----------------------------------------------------------------------------------------------------------


class _Reader:
    """One pass over the bytes of one frame; every count is checked against what is left before anything is made.

    Where a fixed number of bytes is missing, indexing or struct raises: `decode` says what that means.
    """

    __slots__ = ("at", "data", "depth", "elements", "left")

    def __init__(self, data: bytes, limits: FrameLimits) -> None:
        self.data, self.at = data, 0
        self.depth, self.left = limits.max_depth, limits.max_elements
        self.elements = limits.max_elements

    def value(self, depth: int) -> Any:
        self.left -= 1
        if self.left < 0:
            raise FrameError(f"more than {self.elements} values")
        at = self.at
        self.at = at + 1
        tag = self.data[at]
        if depth >= self.depth and tag in _CONTAINERS:
            raise FrameError(f"values nest deeper than {self.depth}")
        read = _READERS.get(tag)
        if read is None:
            raise FrameError(f"{bytes([tag])!r} is no tag of a value")
        return read(self, depth)

    def take(self, size: int) -> bytes:
        start = self.at
        end = self.at = start + size
        if end > len(self.data):
            raise FrameError("the frame is truncated")
        return self.data[start:end]

    def count(self) -> int:
        at = self.at
        self.at = at + 4
        return _COUNT.unpack_from(self.data, at)[0]  # type: ignore[no-any-return]

    def real(self, depth: int) -> float:
        at, self.at = self.at, self.at + 8
        return _FLOAT.unpack_from(self.data, at)[0]  # type: ignore[no-any-return]

    def small(self, depth: int) -> int:
        at, self.at = self.at, self.at + 8
        return _INTEGER.unpack_from(self.data, at)[0]  # type: ignore[no-any-return]

    def large(self, depth: int) -> int:
        size = self.count()
        if size > MAX_INTEGER_BYTES:
            raise FrameError(f"an integer of {size} bytes; the limit is {MAX_INTEGER_BYTES}")
        return int.from_bytes(self.take(size), "little", signed=True)

    def text(self, depth: int) -> str:
        try:
            return self.take(self.count()).decode()
        except UnicodeDecodeError:
            raise FrameError("a string that is not UTF-8") from None

    def raw(self, depth: int) -> bytes:
        return self.take(self.count())

    def reals(self, depth: int) -> list[float]:
        return list(self.block("d"))

    def smalls(self, depth: int) -> list[int]:
        return list(self.block("q"))

    def block(self, code: str) -> tuple[Any, ...]:
        count = self.count()
        self.left -= count
        if self.left < 0:
            raise FrameError(f"more than {self.elements} values")
        return struct.unpack(f"<{count}{code}", self.take(8 * count))

    def items(self, depth: int) -> list[Any]:
        count = self.count()
        if count > len(self.data) - self.at:  # each item takes a byte or more
            raise FrameError("the frame is truncated")
        return [self.value(depth + 1) for _ in range(count)]

    def mapping(self, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        data = self.data
        for _ in range(self.count()):
            start = self.at + 4
            end = self.at = start + _COUNT.unpack_from(data, self.at)[0]
            if end > len(data):
                raise FrameError("the frame is truncated")
            try:
                key = data[start:end].decode()
            except UnicodeDecodeError:
                raise FrameError("a string that is not UTF-8") from None
            if key in made:
                raise FrameError("a dictionary with the same key twice")
            made[key] = self.value(depth + 1)
        return made

    def array(self, depth: int) -> Any:
        vector = _vector(self.data, self.at - 1)
        if vector is None:
            return self.any_array()
        self.at += _VECTOR.size - 1 + vector.nbytes
        return vector

    def any_array(self) -> Any:
        length, dimensions = self.take(2)
        if dimensions > MAX_DIMENSIONS:
            raise FrameError(f"an array of {dimensions} dimensions; the limit is {MAX_DIMENSIONS}")
        shape = struct.unpack(f"<{dimensions}q", self.take(8 * dimensions))
        code = self.take(length).decode("ascii", "replace")
        if code not in ARRAY_TYPES:
            raise FrameError(f"an array of type {code!r}")
        size = int(code[2:])
        for extent in shape:
            if not 0 <= extent <= len(self.data):
                raise FrameError(f"an array of shape {shape}")
            size *= extent
        import numpy

        try:  # a copy: writable, aligned, and not holding the whole frame alive
            return numpy.frombuffer(self.take(size), dtype=code).reshape(shape).copy()
        except ValueError:  # an extent of 0, and the others beyond what numpy can address
            raise FrameError(f"an array of shape {shape}") from None


_CONTAINERS = b"lDQm"
_READERS: dict[int, Callable[[_Reader, int], Any]] = {
    ord("n"): lambda reader, depth: None,
    ord("t"): lambda reader, depth: True,
    ord("f"): lambda reader, depth: False,
    ord("d"): _Reader.real,
    ord("i"): _Reader.small,
    ord("I"): _Reader.large,
    ord("s"): _Reader.text,
    ord("b"): _Reader.raw,
    ord("l"): _Reader.items,
    ord("D"): _Reader.reals,
    ord("Q"): _Reader.smalls,
    ord("m"): _Reader.mapping,
    ord("a"): _Reader.array,
}


def _of_a_session(data: bytes, limits: FrameLimits) -> Any:
    """The value of a frame that sessions mostly send, in few steps: an answer that is a vector, or a plain question.

    None for every other frame, and for what is malformed or near a limit: `_Reader` knows what to make of it.
    """
    if limits.max_depth < 2 or limits.max_elements < _ROOMY:
        return None
    if data.startswith(_ANSWER):
        vector = _vector(data, len(_ANSWER))
        whole = vector is not None and len(_ANSWER) + _VECTOR.size + vector.nbytes == len(data)
        return {"value": vector} if whole else None
    if data.startswith(_QUESTION):
        try:
            return _plain_question(data)
        except (IndexError, struct.error, UnicodeDecodeError):
            return None
    return None


def _plain_question(data: bytes) -> dict[str, Any] | None:
    """A question whose arguments are floats, small integers and vectors, not all of them of one kind of number."""
    start = len(_QUESTION) + 4
    end = start + _COUNT.unpack_from(data, start - 4)[0]
    at = end + len(_ARGUMENTS) + 4
    if not data.startswith(_ARGUMENTS, end) or (count := _COUNT.unpack_from(data, at - 4)[0]) > _ROOMY - 4:
        return None
    args: list[Any] = []
    for _ in range(count):
        tag = data[at]
        if tag == 0x64:  # d
            args.append(_FLOAT.unpack_from(data, at + 1)[0])
            at += 9
        elif tag == 0x69:  # i
            args.append(_INTEGER.unpack_from(data, at + 1)[0])
            at += 9
        elif (vector := _vector(data, at)) is not None:
            args.append(vector)
            at += _VECTOR.size + vector.nbytes
        else:
            return None
    return {"ask": data[start:end].decode(), "args": args} if at == len(data) else None


def _vector(data: bytes, at: int) -> Any:
    """The array of one axis of float64 that is written there whole, tag first; None if there is another value.

    It is a copy: writable, aligned, and not holding the whole frame alive.
    """
    if data.startswith(_VECTOR_BEGINS, at) and data.startswith(b"<f8", at + 11):
        length = _INTEGER.unpack_from(data, at + 3)[0]
        start = at + _VECTOR.size
        if 0 <= length <= (len(data) - start) >> 3:
            numpy, float64 = _numpy()
            return numpy.ndarray(length, float64, data, start).copy()
    return None
