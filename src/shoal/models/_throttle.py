"""How fast one model may be asked: calls at once, requests and tokens per minute."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shoal.models._member import Member

__all__ = ["Throttle"]

MINUTE = 60.0


class Throttle:
    """A gate for one model. The clock paces calls and decides nothing else."""

    def __init__(self, member: Member) -> None:
        self._slots = asyncio.Semaphore(member.at_once)
        self._requests = _Rate(member.requests_per_minute)
        self._tokens = _Rate(member.tokens_per_minute)

    @asynccontextmanager
    async def turn(self, *, tokens: int) -> AsyncIterator[None]:
        """Wait for a slot and for the rates; ``tokens`` is what the call is expected to use."""
        async with self._slots:
            await self._requests.take(1.0)
            await self._tokens.take(float(tokens))
            yield

    def used(self, *, expected: int, tokens: int) -> None:
        """Correct the rate by what a call came to."""
        self._tokens.give(float(expected - tokens))


class _Rate:
    """A bucket that holds a minute's worth and fills steadily; it may be overdrawn by one call."""

    def __init__(self, per_minute: float | None) -> None:
        self._rate = None if per_minute is None else per_minute / MINUTE
        self._level = self._full = per_minute or 0.0
        self._at = time.monotonic()

    async def take(self, amount: float) -> None:
        if self._rate is None:
            return
        amount = min(amount, self._full)
        self._refill()
        self._level -= amount
        if self._level < 0:
            await asyncio.sleep(-self._level / self._rate)

    def give(self, amount: float) -> None:
        if self._rate is not None:
            self._level = min(self._full, self._level + amount)

    def _refill(self) -> None:
        assert self._rate is not None
        now = time.monotonic()
        self._level = min(self._full, self._level + (now - self._at) * self._rate)
        self._at = now
