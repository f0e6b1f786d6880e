"""All processes below one: what they have used so far, and how to end every one of them and count it.

The kernel adds a process to its parent's account only when the parent waits for it, so nothing here may die unwaited:
orphans come to us (process 1 of a namespace, or a subreaper), and all are ended and waited for before we go.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Tree", "Used"]

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGESIZE")
ALL_KINDS = 0x40000000 if sys.platform == "linux" else 0  # __WALL: children of clone with any signal, too
PIECE = 4096
RETRY_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Used:
    """What a tree used: CPU seconds of all its processes, dead ones and ours included; memory and count of live ones.

    Memory is what each process has to itself: pages that a fork shares count once for each who holds them.
    """

    cpu_seconds: float
    memory_bytes: int
    processes: int


class Tree:
    """The descendants of this process.

    ``proc`` is a folder descriptor on a process file system, or -1. ``alone``: we are process 1 of our own namespace,
    so that whoever we see there is a descendant.
    """

    def __init__(self, *, proc: int, alone: bool) -> None:
        self.proc, self.alone = proc, alone
        self.group = 0  # of the main program, where we are not alone
        self.ended: dict[int, int] = {}  # process -> wait status, of our own children

    def used(self, *, most: int = 1 << 16) -> Used:
        """A look at all live processes, or at one more than ``most`` of them, and at the account of the dead."""
        cpu, pages, count = 0.0, 0, 0
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
            account = resource.getrusage(who)
            cpu += account.ru_utime + account.ru_stime
        for process in self._live():
            with contextlib.suppress(OSError, ValueError, IndexError):  # it may end while we look
                cpu += _ticks(self._read(f"{process}/stat")) / TICKS
                _, resident, shared = self._read(f"{process}/statm").split()[:3]
                pages += int(resident) - int(shared)
                count += 1
            if count > most:
                break
        return Used(cpu, pages * PAGE, count)

    def reap(self) -> None:
        """Account for whoever has ended; `ended` has their statuses."""
        with contextlib.suppress(ChildProcessError):
            while True:
                process, status = os.waitpid(-1, os.WNOHANG | ALL_KINDS)
                if process == 0:
                    return
                self.ended[process] = status

    def end(self) -> None:
        """Kill them all and wait for every one."""
        while True:
            self._kill()
            try:
                while True:
                    process, status = os.waitpid(-1, ALL_KINDS if self.alone else os.WNOHANG | ALL_KINDS)
                    if process == 0:
                        break
                    self.ended[process] = status
            except ChildProcessError:
                return
            time.sleep(RETRY_SECONDS)

    def _kill(self) -> None:
        if self.alone:
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)
            return
        if self.group:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.group, signal.SIGKILL)
        for process in list(self._live()):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)

    def _live(self) -> Iterator[int]:
        """Process ids of all descendants, zombies included."""
        if self.proc < 0:
            return
        if self.alone:
            yield from (int(name) for name in os.listdir(self.proc) if name.isdecimal() and name != "1")
            return
        waiting = [os.getpid()]
        while waiting:
            for child in self._children(waiting.pop()):
                waiting.append(child)
                yield child

    def _children(self, process: int) -> list[int]:
        found: list[int] = []
        with contextlib.suppress(OSError):
            for task in self._entries(f"{process}/task"):
                found += map(int, self._read(f"{process}/task/{task}/children").split())
        return found

    def _entries(self, path: str) -> list[str]:
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=self.proc)
        try:
            return os.listdir(folder)
        finally:
            os.close(folder)

    def _read(self, path: str) -> bytes:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC, dir_fd=self.proc)
        try:
            data = piece = os.read(file, PIECE)
            while piece:  # never half of the last number
                data += (piece := os.read(file, PIECE))
            return data
        finally:
            os.close(file)


def _ticks(stat: bytes) -> int:
    """Clock ticks of a process and of its children that it has waited for."""
    return sum(map(int, stat[stat.rindex(b")") + 2 :].split()[11:15]))
