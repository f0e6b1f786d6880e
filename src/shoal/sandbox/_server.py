"""The supervisor's half: one warm server process, and a handle for each child it forks."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import signal
import socket
import subprocess
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from shoal.sandbox._blob import Blob
from shoal.sandbox._ends import CAUSES, Exit, Limits
from shoal.sandbox._isolation import Isolation
from shoal.sandbox._launch import Launched, Profile, SandboxError, launch, read_report
from shoal.sandbox._records import EXIT, FORK_FAILED, KILL, ORDER, SPAWN, Order
from shoal.sandbox._run import Finished, Job, run

__all__ = ["Child", "Server"]

START_SECONDS = 60.0
CLOSE_SECONDS = 2.0
ASKED_SECONDS = 5.0
BOXES_CLOSE_SECONDS = 15.0  # at lower levels nobody else ends what runs in boxes
CPU_ROUNDING = 0.5  # the kernel's limit counts clock ticks, its account real time: on a busy machine they part
MOST_CHANNELS = 60
READ_BYTES = 1 << 16


class Child:
    """One process, from `Server.spawn` until its exit has been recorded."""

    def __init__(self, server: Server, number: int, limits: Limits) -> None:
        self._server, self._number = server, number
        self._cpu_limit = _whole_seconds(limits.cpu_seconds)
        self._started = time.monotonic()
        self._reason: str | None = None
        self._exit: Exit | None = None
        self._waiters: list[asyncio.Future[None]] = []
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(limits.wall_seconds, self._end, "wall")

    def kill(self) -> None:
        """Ask for its end; does nothing when it has ended."""
        self._end("killed")

    async def exited(self) -> Exit:
        """Wait for its end. May be awaited by several tasks, and again later."""
        if self._exit is None:
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            await waiter
        assert self._exit is not None
        return self._exit

    def _end(self, reason: str) -> None:
        if self._exit is None and self._reason is None:
            self._reason = reason
            self._server._kill(self._number)
            if self._server.profile.commands:  # asked to end what it has started; this is for one that does not
                self._timer.cancel()
                self._timer = asyncio.get_running_loop().call_later(ASKED_SECONDS, self._insist)

    def _insist(self) -> None:
        if self._exit is None:
            self._server._kill(self._number)

    def _ended(self, status: int | None, peak_kib: int = 0, cpu: float = 0.0) -> None:
        self._timer.cancel()
        code, ended_by, cause = self._read(status, cpu)
        self._exit = Exit(code, ended_by, cause, cpu, time.monotonic() - self._started, peak_kib * 1024)
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    def _read(self, status: int | None, cpu: float) -> tuple[int | None, int | None, str]:
        if status is None or status == FORK_FAILED:
            return None, None, "lost"
        code = os.waitstatus_to_exitcode(status)
        if code in CAUSES and self._server.profile.commands:
            cause = CAUSES[code]
            return None, signal.SIGKILL, self._reason or cause if cause == "killed" else cause
        if code >= 0:
            return code, None, "exit"
        if code == -signal.SIGSYS:
            return None, -code, "violation"
        if code == -signal.SIGXCPU or (code == -signal.SIGKILL and cpu >= self._cpu_limit):
            return None, -code, "cpu"
        if code == -signal.SIGKILL and self._reason:
            return None, -code, self._reason
        if code == -signal.SIGKILL and cpu >= CPU_ROUNDING * self._cpu_limit:
            return None, -code, "cpu"
        return None, -code, "signal"


class Server:
    """A warm fork server for one profile. Belongs to one event loop, and ends with the thread that started it.

    ``level`` caps the walls that are tried (3 all, 2 without namespaces, 1 limits only); None tries all. A server
    that dies loses its children (cause "lost") and is started again by the next `spawn`; if it then reaches less
    than it did before, its children are lost too, and `failure` says so.
    """

    def __init__(self, profile: Profile, *, level: int | None = None) -> None:
        self.profile, self._cap = profile, 3 if level is None else level
        self.isolation: Isolation | None = None
        self.failure: str | None = None
        self._launched: Launched | None = None
        self._starting: asyncio.Task[None] | None = None
        self._ready = self._closed = False
        self._children: dict[int, Child] = {}
        self._next = 0
        self._outbox: deque[_Letter] = deque()
        self._inbox = b""
        self._children_cpu = self._server_cpu = self._servers_cpu = 0.0

    @property
    def level(self) -> int:
        """Isolation level reached, 1 to 3; 0 before `start`."""
        return self.isolation.level if self.isolation else 0

    def cpu_seconds(self) -> float:
        """Processor time of all ended children and of the server as of the last one's end."""
        return self._children_cpu + self._servers_cpu + self._server_cpu

    async def start(self) -> None:
        """Start and warm up; returns when children can be spawned. Raises SandboxError with the cause if not."""
        if self._starting is None:
            self._starting = asyncio.get_running_loop().create_task(self._start())
        await asyncio.shield(self._starting)
        if not self._ready:
            raise SandboxError(f"the {self.profile.name} sandbox is not running: {self.failure or 'closed'}")

    async def close(self) -> None:
        """End the server and with it every child; those still running count as killed. Closing twice is fine."""
        self._closed = True
        if self._starting is not None and not self._starting.done():
            self._starting.cancel()
            await asyncio.wait([self._starting])
        for child in self._children.values():
            child._reason = child._reason or "killed"
        await self._gone()

    def spawn(self, job: bytes | Blob, channels: Sequence[socket.socket] = (), *, limits: Limits) -> Child:
        """Fork a child that runs the profile's entry on ``job`` and ``channels``.

        The given channel ends are the child's from now on and are closed here. A `Blob` stays the caller's. Raises
        SandboxError after `close` and ValueError for too many channels.
        """
        if self._closed or len(channels) > MOST_CHANNELS:
            for channel in channels:
                channel.close()
            if self._closed:
                raise SandboxError(f"the {self.profile.name} sandbox is closed")
            raise ValueError(f"{len(channels)} channels; a child gets at most {MOST_CHANNELS}")
        self._next += 1
        child = self._children[self._next] = Child(self, self._next, limits)
        order = Order(
            kind=SPAWN,
            number=self._next,
            channels=len(channels),
            cpu_seconds=_whole_seconds(limits.cpu_seconds),
            memory_bytes=limits.memory_bytes,
            threads=limits.threads,
            open_files=limits.open_files,
            file_bytes=limits.file_bytes,
            processes=limits.processes,
            disk_bytes=limits.disk_bytes,
        )
        owned = isinstance(job, bytes)
        self._outbox.append(_Letter(order, Blob(job) if isinstance(job, bytes) else job, tuple(channels), owned))
        if self._ready:
            self._flush()
        elif self._starting is None or self._starting.done():
            self._starting = asyncio.get_running_loop().create_task(self._restart())
        return child

    async def run(self, job: Job) -> Finished:
        """One conversation with a fresh child, from its first frame to its end."""
        return await run(self, job)

    def _kill(self, number: int) -> None:
        self._outbox.append(_Letter(Order(KILL, number), None, (), False))
        if self._ready:
            self._flush()

    async def _restart(self) -> None:
        """Start again for the children that wait; when that fails they are lost and `failure` says why."""
        with contextlib.suppress(SandboxError, OSError):
            await self._start()

    async def _start(self) -> None:
        before = self.level
        try:
            self.isolation = await self._launch()
            if self.level < before:
                raise SandboxError(f"isolation fell from level {before} to {self.level}")
        except BaseException as error:
            self.failure = f"{type(error).__name__}: {error}"
            await self._gone()
            raise
        self.failure = None
        self._ready = True
        assert self._launched is not None
        asyncio.get_running_loop().add_reader(self._launched.control, self._receive)
        self._flush()

    async def _launch(self) -> Isolation:
        launched = self._launched = launch(self.profile, level=self._cap)
        launched.control.setblocking(False)
        loop, data = asyncio.get_running_loop(), b""
        try:
            async with asyncio.timeout(START_SECONDS):
                while piece := await loop.sock_recv(launched.control, READ_BYTES):
                    data += piece
                    isolation = read_report(data)
                    if isolation is not None:
                        return isolation
        except TimeoutError:
            raise SandboxError(f"the {self.profile.name} sandbox was not ready within {START_SECONDS:g} s") from None
        words = launched.last_words() or "no word from it"
        raise SandboxError(f"the {self.profile.name} sandbox ended while starting: {words}")

    def _flush(self) -> None:
        """Send what waits, until the socket is full."""
        assert self._launched is not None
        control = self._launched.control
        loop = asyncio.get_running_loop()
        while self._outbox:
            letter = self._outbox[0]
            try:
                socket.send_fds(control, [ORDER.pack(*letter.order)], letter.descriptors())
            except BlockingIOError:
                loop.add_writer(control, self._flush)
                return
            except ConnectionError:  # it died: the reader sees the end of the stream and cleans up
                return
            except (OSError, ValueError) as error:  # what should go along is closed: only this child is lost
                self.failure = f"{type(error).__name__}: {error}"
                self._children.pop(letter.order.number)._ended(None)
            self._outbox.popleft()
            letter.close()
        loop.remove_writer(control)

    def _receive(self) -> None:
        assert self._launched is not None
        try:
            data = self._launched.control.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._lose()
            return
        self._inbox += data
        whole = len(self._inbox) - len(self._inbox) % EXIT.size
        for record in EXIT.iter_unpack(self._inbox[:whole]):
            self._record(*record)
        self._inbox = self._inbox[whole:]

    def _record(self, number: int, status: int, peak_kib: int, user: float, system: float, server: float) -> None:
        self._server_cpu = server
        self._children_cpu += user + system
        child = self._children.pop(number, None)
        if child is not None:
            child._ended(status, peak_kib, user + system)

    def _lose(self) -> None:
        """The server died: so did its children; those not yet sent wait for the next one."""
        self._disconnect()
        waiting = {letter.order.number for letter in self._outbox if letter.order.kind == SPAWN}
        for number in [number for number in self._children if number not in waiting]:
            self._children.pop(number)._ended(None)
        if self._launched is not None:
            self._launched.process.kill()
            self._launched.process.wait()
            self._launched.words.close()
            self._launched = None
        self._outbox = deque(letter for letter in self._outbox if letter.order.number in waiting)
        if self._outbox:
            self._starting = asyncio.get_running_loop().create_task(self._restart())

    async def _gone(self) -> None:
        """End the server process and everything that waits for it."""
        self._disconnect()
        for letter in self._outbox:
            letter.close()
        self._outbox.clear()
        launched, self._launched = self._launched, None
        if launched is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                patience = BOXES_CLOSE_SECONDS if self.profile.commands else CLOSE_SECONDS
                await asyncio.to_thread(launched.process.wait, patience)
            launched.process.kill()
            launched.process.wait()
            launched.words.close()
        children, self._children = self._children, {}
        for child in children.values():
            child._ended(None if child._reason is None else signal.SIGKILL)

    def _disconnect(self) -> None:
        self._ready = False
        self._inbox = b""
        self._servers_cpu, self._server_cpu = self._servers_cpu + self._server_cpu, 0.0
        if self._launched is not None:
            loop = asyncio.get_running_loop()
            loop.remove_reader(self._launched.control)
            loop.remove_writer(self._launched.control)
            self._launched.control.close()


@dataclass(frozen=True, slots=True)
class _Letter:
    """An order that waits to be sent, with what goes along."""

    order: Order
    job: Blob | None
    channels: tuple[socket.socket, ...]
    owned: bool

    def descriptors(self) -> list[int]:
        return [] if self.job is None else [self.job.fileno(), *(each.fileno() for each in self.channels)]

    def close(self) -> None:
        for channel in self.channels:
            channel.close()
        if self.owned and self.job is not None:
            self.job.close()


def _whole_seconds(seconds: float) -> int:
    return max(1, math.ceil(seconds))
