"""Frames: values of the border codec, each with its length in front, over a stream socket.

What may cross, and how it is written, says `shoal.sandbox._codec`.
"""

from __future__ import annotations

import io
import socket
import struct
import time
from typing import TYPE_CHECKING, Any

from shoal.sandbox._codec import DEFAULT, ForbiddenError, FrameError, FrameLimits, Written, decode, encode

if TYPE_CHECKING:
    from shoal.sandbox._async_frames import async_receive, async_send

__all__ = [
    "ForbiddenError",
    "FrameError",
    "FrameLimits",
    "Rehearsal",
    "Stream",
    "Written",
    "async_receive",
    "async_send",
    "decode",
    "encode",
    "receive",
    "send",
    "wake_now_and_then",
]

HEADER = struct.Struct("<I")
CHUNK = 1 << 18
READ_AHEAD = 1 << 14  # bytes; most frames of a session are smaller
WAKE_MICROSECONDS = 250_000


def __getattr__(name: str) -> Any:
    """``async_send`` and ``async_receive``, whose event loop has no business inside the walls."""
    if name not in ("async_receive", "async_send"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from shoal.sandbox import _async_frames

    return getattr(_async_frames, name)


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


class Rehearsal(socket.socket):
    """Says what it was given and swallows what it is told: for servers, which get no socket inside the walls.

    There is no descriptor behind it; it does what a `Stream` needs, and is at the end of its stream after ``said``.
    """

    def __init__(self, said: bytes) -> None:
        self._said = io.BytesIO(said)

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """The next bytes."""
        return self._said.read(bufsize)

    def send(self, data: Any, flags: int = 0, /) -> int:
        """All of it, to nobody."""
        return len(data)

    def getsockopt(self, *_: int) -> Any:
        """As of a socket without options."""
        return bytes(16)

    def settimeout(self, value: float | None, /) -> None:
        """Never waits."""


class Stream:
    """Frames over one blocking stream socket. It reads ahead: nothing else may read from the socket.

    ``size`` is how many bytes the last frame had that was received. A deadline is a reading of ``time.monotonic()``;
    where the socket wakes up by itself (see `wake_now_and_then`), the clock is looked at then, which saves system calls
    at every frame. An error ends the conversation: what was read of a frame until then is lost.
    """

    __slots__ = ("_left", "_sock", "_wakes", "size")

    def __init__(self, sock: socket.socket) -> None:
        self._sock, self._left, self.size = sock, b"", 0
        self._wakes = any(sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, 16))

    def send(self, value: object, *, deadline: float | None = None) -> None:
        """Send one frame; see `send`. Raises TimeoutError past the deadline too."""
        self.send_framed(framed(value), deadline=deadline)

    def send_framed(self, frame: bytes, *, deadline: float | None = None) -> None:
        """Send what `framed` has made."""
        rest: bytes | memoryview = frame
        while True:
            if deadline is not None:
                self._arm(deadline)
            try:
                sent = self._sock.send(rest)
            except BlockingIOError:
                if not self._wakes:
                    raise
                continue
            if sent == len(rest):
                return
            rest = memoryview(rest)[sent:]

    def receive(self, *, limits: FrameLimits = DEFAULT, deadline: float | None = None) -> Any:
        """Next value, or None where the other side has closed between frames; see `receive`."""
        data = self._left or self._piece(READ_AHEAD, deadline)
        if not data:
            return None
        while len(data) < HEADER.size and (more := self._piece(READ_AHEAD, deadline)):
            data += more
        self.size = size = size_of(data, limits)
        end = HEADER.size + size
        content: bytes | bytearray = data[HEADER.size : end]
        self._left = data[end:]
        if len(content) < size:
            content = bytearray(content)
            while len(content) < size and (more := self._piece(min(size - len(content), CHUNK), deadline)):
                content += more
        return value_of(content, size, limits)

    def _piece(self, most: int, deadline: float | None) -> bytes:
        """What has come, up to ``most`` bytes; none at the end of the stream."""
        while True:
            if deadline is not None:
                self._arm(deadline)
            try:
                return self._sock.recv(most)
            except BlockingIOError:
                if not self._wakes:
                    raise

    def _arm(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        if not self._wakes:
            self._sock.settimeout(left)


def wake_now_and_then(sock: socket.socket) -> None:
    """Let a blocking socket come back from waiting each quarter of a second, for a `Stream` that looks at deadlines.

    The kernel remembers it with the socket, whatever process has it: inside the walls nobody may set it.
    """
    often = struct.pack("@ll", 0, WAKE_MICROSECONDS)
    for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        sock.setsockopt(socket.SOL_SOCKET, option, often)


def framed(value: object) -> bytes:
    """A value as it travels: its size, then its bytes."""
    if value is None:
        raise FrameError("None alone means the end of the conversation: send it inside a list or a dictionary")
    content = encode(value)
    if len(content) >= 1 << 32:
        raise FrameError(f"a value of {len(content)} bytes; a frame holds less than 4 GiB")
    return HEADER.pack(len(content)) + content


def size_of(header: bytes | bytearray, limits: FrameLimits) -> int:
    """How many bytes a header (and whatever follows it) announces, if that many are allowed."""
    if len(header) < HEADER.size:
        raise FrameError("the frame ends inside its header")
    size = int(HEADER.unpack_from(header)[0])
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
    if deadline is not None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        sock.settimeout(left)
    return sock.recv(min(size, CHUNK))
