"""Work that ends as soon as somebody throws the switch, and not when it is done."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from shoal.core.loop import Stop

__all__ = ["unless_stopped"]

T = TypeVar("T")
LOOK_SECONDS = 0.2


async def unless_stopped(work: Coroutine[Any, Any, T], stop: Stop | None) -> T | None:
    """What the work comes to; None, and the work is cancelled, as soon as the switch is thrown."""
    doing = asyncio.create_task(work)
    try:
        while not doing.done():
            await asyncio.wait((doing,), timeout=LOOK_SECONDS)
            if stop is not None and stop.now and not doing.done():
                return None
        return doing.result()
    finally:
        if not doing.done():
            doing.cancel()
            await asyncio.wait((doing,))
