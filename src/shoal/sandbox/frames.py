"""The border codec: values as capped, length-framed bytes, with no code in them.

Carried: ``None``, ``bool``, ``int``, ``float`` (NaN and infinities too: judges decide), ``str``, ``bytes``, lists
(tuples arrive as lists), dictionaries with ``str`` keys, and numpy arrays of bool, integer, float and complex
types as raw blocks. numpy scalars arrive as Python's. Everything else is refused by name, at either end.

One byte of tag comes before each value; numbers are little-endian. It is not JSON because a border wants floats
bit for bit, arrays without text, and caps on depth and number of elements that hold *while* parsing. Lists of only
floats or only 64-bit integers travel as one block, which is what candidates mostly return.
"""

from __future__ import annotations

import socket
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shoal.core.errors import ShoalError

if TYPE_CHECKING:
    import numpy as np

    from shoal.sandbox._async_frames import async_receive, async_send

__all__ = [
    "ForbiddenError",
    "FrameError",
    "FrameLimits",
    "Stream",
    "Written",
    "async_receive",
    "async_send",
    "decode",
    "encode",
    "receive",
    "send",
]

HEADER = struct.Struct("<I")
CHUNK = 1 << 18
READ_AHEAD = 1 << 14  # what most frames fit into, and cheap to have
MAX_DEPTH = 200  # of what we write: deeper values are mostly reference cycles
MAX_INTEGER_BYTES = 256  # about 600 decimal digits
MAX_DIMENSIONS = 16
ARRAY_TYPES = frozenset(
    [f"{order}{kind}" for order in "<>" for kind in ("i2", "i4", "i8", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")]
    + ["|b1", "|i1", "|u1"]
)

_COUNT = struct.Struct("<I")
_INTEGER = struct.Struct("<q")
_FLOAT = struct.Struct("<d")
_SMALL = 1 << 63


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


def __getattr__(name: str) -> Any:
    """``async_send`` and ``async_receive``, whose event loop has no business inside the walls."""
    if name not in ("async_receive", "async_send"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from shoal.sandbox import _async_frames

    return getattr(_async_frames, name)


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
    reader = _Reader(bytes(data), limits)
    value = reader.value(0)
    if reader.at != len(reader.data):
        raise FrameError(f"{len(reader.data) - reader.at} bytes after the end of the value")
    return value


def send(sock: socket.socket, value: object) -> None:
    """Send one frame on a blocking stream socket. ``None`` is refused: alone it means the end of a conversation."""
    sock.sendall(framed(value))


def receive(sock: socket.socket, *, limits: FrameLimits = DEFAULT, deadline: float | None = None) -> Any:
    """Next value from a blocking stream socket, or None where the other side has closed between frames.

    ``deadline`` is a reading of ``time.monotonic()``. Raises FrameError, TimeoutError past the deadline, OSError.
    """
    header = _exactly(sock, HEADER.size, deadline)
    if not header:
        return None
    size = size_of(header, limits)
    return value_of(_exactly(sock, size, deadline), size, limits)


class Stream:
    """Frames over one blocking stream socket. It reads ahead: nothing else may read from the socket.

    An error ends the conversation: what was read of a frame until then is lost. ``size`` is how many bytes the last frame had that was received.
    """

    __slots__ = ("_buffer", "_end", "_sock", "_start", "size")

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._buffer = bytearray(READ_AHEAD)
        self._start = self._end = self.size = 0

    def send(self, value: object, *, deadline: float | None = None) -> None:
        """Send one frame; see `send`. Raises TimeoutError past the deadline, a reading of ``time.monotonic()``."""
        self.send_framed(framed(value), deadline=deadline)

    def send_framed(self, frame: bytes, *, deadline: float | None = None) -> None:
        """Send what `framed` has made."""
        _arm(self._sock, deadline)
        self._sock.sendall(frame)

    def receive(self, *, limits: FrameLimits = DEFAULT, deadline: float | None = None) -> Any:
        """Next value, or None where the other side has closed between frames; see `receive`."""
        while self._end - self._start < HEADER.size and self._more(deadline):
            pass
        if self._end == self._start:
            return None
        header = self._buffer[self._start : min(self._start + HEADER.size, self._end)]
        self.size = size_of(header, limits)
        self._start += HEADER.size
        return value_of(self._content(self.size, deadline), self.size, limits)

    def _more(self, deadline: float | None) -> int:
        """Read what is there behind what is left in the buffer; 0 at the end of the stream."""
        left = self._buffer[self._start : self._end]
        self._buffer[: len(left)] = left
        self._start, self._end = 0, len(left)
        _arm(self._sock, deadline)
        with memoryview(self._buffer) as room:
            count = self._sock.recv_into(room[self._end :])
        self._end += count
        return count

    def _content(self, size: int, deadline: float | None) -> bytes | bytearray:
        """Up to ``size`` bytes, fewer at the end of the stream only."""
        start, self._start = self._start, min(self._start + size, self._end)
        content = self._buffer[start : self._start]
        return content if len(content) == size else content + _exactly(self._sock, size - len(content), deadline)


def framed(value: object) -> bytes:
    """A value as it travels: its size, then its bytes."""
    if value is None:
        raise FrameError("None alone means the end of the conversation: send it inside a list or a dictionary")
    content = encode(value)
    if len(content) >= 1 << 32:
        raise FrameError(f"a value of {len(content)} bytes; a frame holds less than 4 GiB")
    return HEADER.pack(len(content)) + content


def size_of(header: bytes | bytearray, limits: FrameLimits) -> int:
    """How many bytes a header announces, if that many are allowed."""
    if len(header) < HEADER.size:
        raise FrameError("the frame ends inside its header")
    size = int(HEADER.unpack(header)[0])
    if not 0 < size <= limits.max_bytes:
        raise FrameError(f"a frame of {size} bytes; the limit is {limits.max_bytes}")
    return size


def value_of(content: bytes | bytearray, size: int, limits: FrameLimits) -> Any:
    """The value of a frame whose header announced ``size`` bytes."""
    if len(content) < size:
        raise FrameError(f"the frame ends after {len(content)} of {size} bytes")
    value = decode(content, limits=limits)
    if value is None:
        raise FrameError("None alone is not a message")
    return value


def _exactly(sock: socket.socket, size: int, deadline: float | None) -> bytes | bytearray:
    """Up to ``size`` bytes: fewer only at the end of the stream. Memory grows with what comes, not what is claimed."""
    data = _piece(sock, size, deadline)
    if len(data) == size or not data:
        return data
    whole = bytearray(data)
    while len(whole) < size and (data := _piece(sock, size - len(whole), deadline)):
        whole += data
    return whole


def _piece(sock: socket.socket, size: int, deadline: float | None) -> bytes:
    _arm(sock, deadline)
    return sock.recv(min(size, CHUNK))


def _arm(sock: socket.socket, deadline: float | None) -> None:
    """Let the next call on a socket end at the deadline."""
    if deadline is not None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        sock.settimeout(left)


def _write(value: Any, parts: list[bytes], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise FrameError(f"values nest deeper than {MAX_DEPTH}")
    kind = type(value)
    if kind is float:
        parts.append(b"d" + _FLOAT.pack(value))
    elif kind is str:
        text = value.encode()
        parts += (b"s", _counted(len(text)), text)
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
        parts += (b"b", _counted(len(value)), value)
    elif kind is Written:
        parts.append(value.data)
    else:
        _write_numpy(value, parts, depth)


def _counted(count: int) -> bytes:
    if count >= 1 << 32:
        raise FrameError(f"a value of {count} parts; a frame holds less than 2**32")
    return _COUNT.pack(count)


def _write_integer(value: int, parts: list[bytes]) -> None:
    if -_SMALL <= value < _SMALL:
        parts.append(b"i" + _INTEGER.pack(value))
        return
    size = value.bit_length() // 8 + 1
    if size > MAX_INTEGER_BYTES:
        raise FrameError(f"an integer of {size} bytes; the limit is {MAX_INTEGER_BYTES}")
    parts += (b"I", _COUNT.pack(size), value.to_bytes(size, "little", signed=True))


def _write_list(value: list[Any] | tuple[Any, ...], parts: list[bytes], depth: int) -> None:
    kinds = set(map(type, value))
    if kinds == {float}:
        parts += (b"D", _counted(len(value)), struct.pack(f"<{len(value)}d", *value))
        return
    if kinds == {int} and min(value) >= -_SMALL and max(value) < _SMALL:
        parts += (b"Q", _counted(len(value)), struct.pack(f"<{len(value)}q", *value))
        return
    parts += (b"l", _counted(len(value)))
    for item in value:
        _write(item, parts, depth + 1)


def _write_mapping(value: dict[Any, Any], parts: list[bytes], depth: int) -> None:
    parts += (b"m", _counted(len(value)))
    for key, item in value.items():
        if type(key) is not str:
            raise FrameError(f"a dictionary key of type {_name(key)}; keys must be str")
        text = key.encode()
        parts += (_counted(len(text)), text)
        _write(item, parts, depth + 1)


def _write_numpy(value: Any, parts: list[bytes], depth: int) -> None:
    # a value can only be numpy's if numpy is loaded, so that writers without arrays never pay for its import
    numpy = sys.modules.get("numpy")
    if numpy is not None and type(value) is numpy.ndarray:
        _write_array(value, parts)
        return
    if numpy is not None and isinstance(value, (numpy.bool_, numpy.integer, numpy.floating, numpy.str_)):
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


def _name(value: object) -> str:
    kind = type(value)
    return f"{kind.__module__}.{kind.__qualname__}"[:100]


class _Reader:
    """One pass over the bytes of one frame; every count is checked against what is left before anything is made."""

    def __init__(self, data: bytes, limits: FrameLimits) -> None:
        self.data, self.at = data, 0
        self.depth, self.left = limits.max_depth, limits.max_elements
        self.elements = limits.max_elements

    def value(self, depth: int) -> Any:
        self.spend(1)
        tag = self.take(1)
        if depth >= self.depth and tag in _CONTAINERS:
            raise FrameError(f"values nest deeper than {self.depth}")
        read = _READERS.get(tag)
        if read is None:
            raise FrameError(f"{tag!r} is no tag of a value")
        return read(self, depth)

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise FrameError(f"more than {self.elements} values")

    def take(self, size: int) -> bytes:
        start, self.at = self.at, self.at + size
        if self.at > len(self.data):
            raise FrameError("the frame is truncated")
        return self.data[start : self.at]

    def count(self) -> int:
        return int(_COUNT.unpack(self.take(4))[0])

    def text(self) -> str:
        try:
            return self.take(self.count()).decode()
        except UnicodeDecodeError:
            raise FrameError("a string that is not UTF-8") from None

    def integer(self) -> int:
        size = self.count()
        if size > MAX_INTEGER_BYTES:
            raise FrameError(f"an integer of {size} bytes; the limit is {MAX_INTEGER_BYTES}")
        return int.from_bytes(self.take(size), "little", signed=True)

    def block(self, code: str) -> list[Any]:
        count = self.count()
        self.spend(count)
        return list(struct.unpack(f"<{count}{code}", self.take(8 * count)))

    def items(self, depth: int) -> list[Any]:
        count = self.count()
        if count > len(self.data) - self.at:  # each item takes a byte or more
            raise FrameError("the frame is truncated")
        return [self.value(depth + 1) for _ in range(count)]

    def mapping(self, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for _ in range(self.count()):
            key = self.text()
            if key in made:
                raise FrameError("a dictionary with the same key twice")
            made[key] = self.value(depth + 1)
        return made

    def array(self) -> Any:
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

        # a copy: writable, aligned, and not holding the whole frame alive
        return numpy.frombuffer(self.take(size), dtype=code).reshape(shape).copy()


_CONTAINERS = b"lDQm"
_READERS: dict[bytes, Callable[[_Reader, int], Any]] = {
    b"n": lambda reader, depth: None,
    b"t": lambda reader, depth: True,
    b"f": lambda reader, depth: False,
    b"d": lambda reader, depth: _FLOAT.unpack(reader.take(8))[0],
    b"i": lambda reader, depth: _INTEGER.unpack(reader.take(8))[0],
    b"I": lambda reader, depth: reader.integer(),
    b"s": lambda reader, depth: reader.text(),
    b"b": lambda reader, depth: reader.take(reader.count()),
    b"l": lambda reader, depth: reader.items(depth),
    b"D": lambda reader, depth: reader.block("d"),
    b"Q": lambda reader, depth: reader.block("q"),
    b"m": lambda reader, depth: reader.mapping(depth),
    b"a": lambda reader, depth: reader.array(),
}
