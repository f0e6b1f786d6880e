"""The supervisor's side of the editor: requests out, replies in, and a fresh editor when one dies.

The editor parses and edits hostile text, so it lives in a jail; but it is one long-lived process, because a fork per
edit would cost more than most edits. It is asked one thing at a time per frame, replies in order, and keeps nothing
but caches, so a new one answers like the old.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shoal.sandbox import Child, Limits, Profile, Server, frames

__all__ = ["Editor"]

REQUEST_SECONDS = 20.0
RECYCLE_AFTER = 20_000  # requests: whatever a long life accumulates goes with the process
FRAME = frames.FrameLimits(max_bytes=8 << 20, max_depth=32, max_elements=1 << 20)
LIMITS = Limits(cpu_seconds=7 * 86_400.0, wall_seconds=30 * 86_400.0, memory_bytes=1 << 30)
FAILED = {"failed": "the editor gave this program up: too large, too slow or too strange to edit"}


@dataclass(slots=True)
class _Request:
    frame: dict[str, Any]
    reply: asyncio.Future[dict[str, Any]]
    sent: socket.socket | None = None  # where it was written: a restarted editor must get it once
    deaths: int = 0  # of editors that were at work on it


class Editor:
    """A jailed editor process. Use as an async context manager; safe for concurrent use on one event loop."""

    def __init__(self, *, level: int | None = None) -> None:
        self._server = Server(Profile(name="editor", entry="shoal.propose._editor:main"), level=level)
        self._waiting: dict[int, _Request] = {}
        self._number = 0
        self._writing = asyncio.Lock()
        self._child: Child | None = None
        self._channel: socket.socket | None = None
        self._reader: asyncio.Task[None] | None = None
        self._answered = 0
        self._living_cpu = 0.0

    async def __aenter__(self) -> Editor:
        await self._server.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._reader is not None:
            self._reader.cancel()
        self._drop()
        await self._server.close()

    @property
    def level(self) -> int:
        """The isolation level the editor runs at."""
        return self._server.level

    def cpu_seconds(self) -> float:
        """CPU seconds used by the editor so far; its own word for the living process, which runs our code only."""
        return self._server.cpu_seconds() + self._living_cpu

    async def ask(self, request: dict[str, Any], *, seed: Sequence[int] = (0,)) -> dict[str, Any]:
        """Send one request; the reply has ``failed`` with a reason where the editor could not do it."""
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._number += 1
        self._waiting[self._number] = _Request({"id": self._number, "request": request, "seed": list(seed)}, future)
        await self._write(self._number)
        return await future

    async def _write(self, number: int) -> None:
        async with self._writing:
            item = self._waiting.get(number)
            if item is None:
                return
            self._open()
            channel = self._channel
            if channel is None or item.sent is channel:
                return
            item.sent = channel
            try:
                await frames.async_send(channel, item.frame)
            except OSError:
                pass  # the reader sees the end of the channel too, and sends the rest again
            except frames.FrameError as error:
                self._settle(number, {"failed": str(error)})

    def _settle(self, number: int, reply: dict[str, Any]) -> None:
        item = self._waiting.pop(number, None)
        if item is not None and not item.reply.done():
            item.reply.set_result(reply)

    def _open(self) -> None:
        if self._channel is not None:
            return
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        self._child = self._server.spawn(b"{}", (theirs,), limits=LIMITS)
        self._channel, self._answered = ours, 0
        self._reader = asyncio.create_task(self._read(ours))

    async def _read(self, channel: socket.socket) -> None:
        """Hand replies to who asked, until the editor dies or is due for a new life."""
        while (reply := await self._reply(channel)) is not None:
            self._living_cpu = reply["cpu"]
            self._settle(reply["id"], reply["reply"])
            self._answered += 1
            if self._answered >= RECYCLE_AFTER and not self._waiting:
                self._drop()
                return
        await self._restart()

    async def _reply(self, channel: socket.socket) -> dict[str, Any] | None:
        """One reply, None when the editor is gone; silence counts only while it has something to do."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                reply = await frames.async_receive(channel, limits=FRAME, deadline=loop.time() + REQUEST_SECONDS)
                return reply if _well_formed(reply) else None
            except TimeoutError:
                if self._waiting:
                    return None
            except (OSError, frames.FrameError):
                return None

    async def _restart(self) -> None:
        """Send everything to a new editor, less the oldest request where it has killed two.

        One death may be the machine's fault, and what a run decides must not hang on that.
        """
        self._drop()
        for number in list(self._waiting)[:1]:
            self._waiting[number].deaths += 1
            if self._waiting[number].deaths > 1:
                self._settle(number, dict(FAILED))
        for number in list(self._waiting):
            await self._write(number)

    def _drop(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._child is not None:
            self._child.kill()
            self._child, self._living_cpu = None, 0.0


def _well_formed(reply: Any) -> bool:
    """Whether it is a reply at all: an editor that a program took over may say anything."""
    if type(reply) is not dict or type(reply.get("reply")) is not dict:
        return False
    return type(reply.get("cpu")) is float and type(reply.get("id")) is int
