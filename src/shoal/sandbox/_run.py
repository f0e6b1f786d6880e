"""One conversation from start to end: frames in, frames out, and how the child ended."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shoal.sandbox._async_frames import async_receive, async_send
from shoal.sandbox._blob import Blob
from shoal.sandbox._ends import Exit, Limits
from shoal.sandbox.frames import FrameError, FrameLimits

if TYPE_CHECKING:
    from shoal.sandbox._server import Server

__all__ = ["Finished", "Job", "run"]


@dataclass(frozen=True, slots=True)
class Job:
    """What to run: the entry's job bytes, the frames to send it one by one, and how many it must answer.

    ``read`` is what to keep of each reply, called as it comes: many replies need not all be held at once.
    """

    data: bytes | Blob = b""
    frames: tuple[Any, ...] = ()
    replies: int = 1
    limits: Limits = Limits()
    frame_limits: FrameLimits = FrameLimits()
    read: Callable[[Any], Any] | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of it. ``error`` says what was wrong with the frames (too few, too many, malformed), if anything."""

    replies: tuple[Any, ...]
    error: str | None
    exit: Exit


async def run(server: Server, job: Job) -> Finished:
    """Run one job in a fresh child. A bad child is a value; raises only where the sandbox itself fails."""
    ours, theirs = socket.socketpair()
    with ours:
        ours.setblocking(False)
        child = server.spawn(job.data, (theirs,), limits=job.limits)
        try:
            replies, error = await _converse(ours, job)
            if error is not None:
                child.kill()
            ended = await child.exited()
        finally:
            child.kill()
        if error is None:
            error = await _afterwards(ours, job, replies)
    return Finished(tuple(replies), error, ended)


async def _converse(ours: socket.socket, job: Job) -> tuple[list[Any], str | None]:
    """The replies, and what was wrong with a frame; a child that goes before its last reply has an end of its own."""
    replies: list[Any] = []
    try:
        for frame in job.frames:
            await async_send(ours, frame)
        while len(replies) < job.replies:
            reply = await async_receive(ours, limits=job.frame_limits)
            if reply is None:
                break
            replies.append(reply if job.read is None else job.read(reply))
    except FrameError as error:
        return replies, str(error)
    except OSError:
        pass
    return replies, None


async def _afterwards(ours: socket.socket, job: Job, replies: list[Any]) -> str | None:
    if len(replies) < job.replies:
        return f"it ended after {len(replies)} of {job.replies} replies"
    with contextlib.suppress(OSError):
        if await asyncio.get_running_loop().sock_recv(ours, 1):
            return "it sent more than was asked for"
    return None
