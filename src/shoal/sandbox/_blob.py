"""Bytes that a child may read and nobody may change: how a job travels without the server ever holding it."""

from __future__ import annotations

import fcntl
import os

__all__ = ["Blob", "read_all"]

# fcntl has the names only from Python 3.12 on some builds; the numbers are Linux's
F_ADD_SEALS = 1033
SEALS = 0x1 | 0x2 | 0x4 | 0x8  # no more seals, no shrinking, growing or writing
PIECE = 1 << 20


class Blob:
    """Read-only bytes behind a descriptor, for many children to share; close it when the last spawn has been made.

    A sealed memory file where Linux offers one, else an unlinked temporary file opened for reading.
    """

    def __init__(self, data: bytes) -> None:
        self._descriptor = _memory_file(data) if hasattr(os, "memfd_create") else _unlinked_file(data)
        self.size = len(data)

    def fileno(self) -> int:
        """The open descriptor; raises ValueError once closed."""
        if self._descriptor < 0:
            raise ValueError("the blob is closed")
        return self._descriptor

    def close(self) -> None:
        """Let go of the descriptor. Closing twice is fine."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def __enter__(self) -> Blob:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


def read_all(descriptor: int) -> bytes:
    """All bytes behind a descriptor from its start, whatever its shared position is; closes it."""
    size = os.fstat(descriptor).st_size
    data = os.pread(descriptor, size, 0)
    while len(data) < size:
        piece = os.pread(descriptor, min(size - len(data), PIECE), len(data))
        if not piece:
            raise EOFError(f"{len(data)} of {size} bytes")
        data += piece
    os.close(descriptor)
    return data


def _memory_file(data: bytes) -> int:
    descriptor = os.memfd_create("shoal", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    _write(descriptor, data)
    fcntl.fcntl(descriptor, F_ADD_SEALS, SEALS)
    return descriptor


def _unlinked_file(data: bytes) -> int:
    import tempfile

    writable, path = tempfile.mkstemp(prefix="shoal-")
    try:
        _write(writable, data)
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    finally:
        os.close(writable)
        os.unlink(path)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
