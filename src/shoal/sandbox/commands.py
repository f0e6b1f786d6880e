"""Run programs in the box around this process: what the entry of a command profile calls, and nobody else.

A program gets bytes on standard input, arguments and files; what it writes is read while it runs, up to a limit, and
no byte of it is interpreted. When it has ended, everything it started is ended and counted before `run` returns.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from shoal.sandbox import _box
from shoal.sandbox._ends import OUT_OF_MEMORY
from shoal.sandbox._folder import FolderError, files_in, read_file, write_file

__all__ = ["Command", "FolderError", "Ran", "files", "folder", "put", "read", "run", "scratch"]

LOOK_SECONDS = 0.03  # between two looks at what the box has used
PIECE = 1 << 16
KEPT_STDERR = 8192
MOST_FILES = 1024
_ERRNO = struct.Struct("<i")


@dataclass(frozen=True, slots=True)
class Command:
    """A program by name or by path, its arguments, standard input and whole environment; a cap on standard output."""

    argv: tuple[str, ...]
    stdin: bytes = b""
    environment: Mapping[str, str] = field(default_factory=dict)
    most_stdout: int = 32 << 20


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended: by itself with ``code``, by ``signal``, or for the reason in ``failure``, one line.

    ``stderr`` is the end of its standard error, 8 KB at most.
    """

    code: int | None
    signal: int | None
    stdout: bytes
    stderr: bytes
    failure: str = ""


def put(name: str, data: bytes, *, executable: bool = False) -> None:
    """Write a file into the private folder; ``name`` is a relative path. Raises OSError, ValueError for other paths."""
    if os.path.isabs(name) or any(part in ("", ".", "..") for part in name.split("/")):
        raise ValueError(f"{name!r} is not a plain relative path")
    write_file(_box.current().root, name, data, executable=executable)


def read(name: str, *, most_bytes: int) -> bytes:
    """The content of a plain file of the private folder. Raises FolderError for anything else."""
    return read_file(_box.current().root, name, most_bytes=most_bytes)


def files() -> list[str]:
    """Names of all plain files in the private folder, scratch files left out. Raises FolderError for too many."""
    return files_in(_box.current().root, most_files=MOST_FILES, without=_box.SCRATCH)


def folder() -> str:
    """The absolute path of the private folder, where programs start."""
    return _box.current().root


def scratch() -> str:
    """The absolute path of the folder for temporary files, inside the private one."""
    return _box.current().scratch


def run(command: Command) -> Ran:
    """Run one program to its end, and end whatever it left running.

    Where the box used more than it may, or the supervisor wants it to end, this process leaves and nothing returns:
    the supervisor sees the cause in the record of its exit.
    """
    box = _box.current()
    box.running = True
    running = _Running(box, command)
    try:
        running.see_through()
    finally:
        box.tree.end()
    running.drain()
    box.running = False
    _leave_if_over(box, running)
    return running.result()


def _leave_if_over(box: _box.Box, running: _Running) -> None:
    """Final accounting decides: whatever ended the program, a limit that was passed is the cause."""
    used = box.tree.used()
    ended_by = running.ended_by
    if used.cpu_seconds > box.order.cpu_seconds or running.over == "cpu" or ended_by == signal.SIGXCPU:
        box.leave(_box.CODES["cpu"])
    if _box.stop_asked():
        box.leave(_box.CODES["killed"])
    if running.over == "memory":
        box.leave(OUT_OF_MEMORY)
    if ended_by == signal.SIGSYS:
        box.leave(_box.CODES["violation"])


_OVER = {
    "processes": "more processes at once than are allowed",
    "disk": "more files than are allowed",
    "stdout": "too much on standard output",
}


class _Running:
    """One program while it runs, and the pipes to it."""

    def __init__(self, box: _box.Box, command: Command) -> None:
        self.box, self.command = box, command
        self.over = self.failure = ""
        self.status: int | None = None
        self.process = -1
        self.left = memoryview(command.stdin)
        self.stdout = bytearray()
        self.stderr = b""
        self.poller = select.poll()
        self.poller.register(box.wake, select.POLLIN)
        self.pipes: dict[int, str] = {}  # our ends

    @property
    def ended_by(self) -> int:
        """The signal that ended the program; 0 for none."""
        code = 0 if self.status is None else os.waitstatus_to_exitcode(self.status)
        return max(0, -code)

    def see_through(self) -> None:
        """Start the program and serve its pipes until it has ended, or must be."""
        self._start()
        look = time.monotonic() + LOOK_SECONDS
        while self.process >= 0 and not self.over and not _box.stop_asked():
            for descriptor, _ in self.poller.poll(1000 * LOOK_SECONDS):
                self._serve(descriptor)
            self.box.tree.reap()
            self.status = self.box.tree.ended.get(self.process)
            if self.status is not None:
                return
            if time.monotonic() >= look:
                self._look()
                look = time.monotonic() + LOOK_SECONDS

    def _look(self) -> None:
        if not self.over:
            self.over = self.box.over()

    def drain(self) -> None:
        """Read what the dead have left in the pipes."""
        self.status = self.box.tree.ended.get(self.process)
        for descriptor, name in list(self.pipes.items()):
            while name != "stdin" and not self.over and self._serve(descriptor):
                pass
            self._close(descriptor)

    def result(self) -> Ran:
        """What came of it."""
        failure = self.failure or _OVER.get(self.over, "")
        code = None if self.status is None else os.waitstatus_to_exitcode(self.status)
        ended_by = -code if code is not None and code < 0 else None
        return Ran(None if ended_by else code, ended_by, bytes(self.stdout), self.stderr, failure)

    def _serve(self, descriptor: int) -> bool:
        """Move one piece of data; False where there is nothing to move now, or ever again."""
        name = self.pipes.get(descriptor, "wake")
        try:
            if name == "stdin":
                self.left = self.left[os.write(descriptor, self.left[:PIECE]) :]
                if not self.left:
                    self._close(descriptor)
                return bool(self.left)
            piece = os.read(descriptor, PIECE)
        except BlockingIOError:
            return False
        except BrokenPipeError:  # nobody reads: its right
            self._close(descriptor)
            return False
        if name != "wake":
            self._take(descriptor, name, piece)
        return bool(piece)

    def _take(self, descriptor: int, name: str, piece: bytes) -> None:
        if not piece:
            self._close(descriptor)
        elif name == "stderr":
            self.stderr = (self.stderr + piece)[-KEPT_STDERR:]
        else:
            self.stdout += piece
            if len(self.stdout) > self.command.most_stdout:
                del self.stdout[self.command.most_stdout :]
                self.over = self.over or "stdout"

    def _close(self, descriptor: int) -> None:
        if self.pipes.pop(descriptor, None) is not None:
            self.poller.unregister(descriptor)
            os.close(descriptor)

    def _start(self) -> None:
        """Fork and wait for the moment the program starts; `failure` says why it did not."""
        pipes = [os.pipe() for _ in range(4)]  # standard input, output, error, and word of a failed start
        theirs = (pipes[0][0], pipes[1][1], pipes[2][1], pipes[3][1])
        process = _box.fork()
        if process == 0:
            _become(self.box, self.command, theirs)
        for descriptor in theirs:
            os.close(descriptor)
        self._keep(pipes[0][1], "stdin", select.POLLOUT)
        self._keep(pipes[1][0], "stdout", select.POLLIN)
        self._keep(pipes[2][0], "stderr", select.POLLIN)
        if not self.left:
            self._close(pipes[0][1])
        word = os.read(pipes[3][0], _ERRNO.size)
        os.close(pipes[3][0])
        if word:
            reason = os.strerror(_ERRNO.unpack(word)[0])
            self.failure = f"{self.command.argv[0]} cannot be started: {reason}"
        else:
            self.process = self.box.tree.group = process

    def _keep(self, descriptor: int, name: str, events: int) -> None:
        os.set_blocking(descriptor, False)
        self.pipes[descriptor] = name
        self.poller.register(descriptor, events)


def _become(box: _box.Box, command: Command, descriptors: tuple[int, int, int, int]) -> NoReturn:
    """Turn this new process into the program; whatever fails is told by its error number."""
    word = descriptors[3]
    try:
        for target, descriptor in enumerate(descriptors[:3]):
            os.dup2(descriptor, target)
        path = _found(command.argv[0], command.environment.get("PATH", ""))
        box.confine()
        os.closerange(3, word)
        os.closerange(word + 1, 1 << 20)
        os.execve(path, command.argv, command.environment)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.write(word, _ERRNO.pack(error.errno or 0))
    finally:
        os._exit(127)


def _found(name: str, folders: str) -> str:
    """Where a program lies; a name with a slash is a path from the private folder."""
    if "/" in name:
        return name
    for folder in folders.split(":"):
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK) and os.path.isfile(path):
            return path
    raise FileNotFoundError(2, os.strerror(2))
