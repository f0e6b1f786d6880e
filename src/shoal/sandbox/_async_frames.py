"""Frames on an event loop: the supervisor's side of `shoal.sandbox.frames`."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from shoal.sandbox._codec import DEFAULT, FrameLimits
from shoal.sandbox.frames import CHUNK, HEADER, framed, size_of, value_of

__all__ = ["async_receive", "async_send"]


async def async_send(sock: socket.socket, value: object) -> None:
    """`send` for a non-blocking socket on the running event loop."""
    await asyncio.get_running_loop().sock_sendall(sock, framed(value))


async def async_receive(sock: socket.socket, *, limits: FrameLimits = DEFAULT, deadline: float | None = None) -> Any:
    """`receive` for a non-blocking socket; ``deadline`` is a reading of the event loop's clock."""
    async with asyncio.timeout_at(deadline):
        header = await _exactly(sock, HEADER.size)
        if not header:
            return None
        size = size_of(header, limits)
        return value_of(await _exactly(sock, size), size, limits)


async def _exactly(sock: socket.socket, size: int) -> bytes | bytearray:
    loop = asyncio.get_running_loop()
    data = await loop.sock_recv(sock, min(size, CHUNK))
    if len(data) == size or not data:
        return data
    whole = bytearray(data)
    while len(whole) < size and (data := await loop.sock_recv(sock, min(size - len(whole), CHUNK))):
        whole += data
    return whole
