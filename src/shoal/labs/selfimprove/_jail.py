"""What the jails of this lab have in common: a warm server, and the slots that all of them share."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from shoal.sandbox import Profile, Server

__all__ = ["Jail"]


class Jail:
    """A server of one profile; ``hide`` are paths that nobody inside may see. Use as an async context manager."""

    def __init__(
        self, profile: Profile, *, slots: asyncio.Semaphore, level: int | None = None, hide: Sequence[str] = ()
    ) -> None:
        self._server = Server(replace(profile, hide=(*profile.hide, *hide)), level=level)
        self._slots = slots

    async def __aenter__(self) -> Self:
        await self._server.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    @property
    def level(self) -> int:
        """The isolation level reached."""
        return self._server.level

    def cpu_seconds(self) -> float:
        """CPU seconds used so far."""
        return self._server.cpu_seconds()
