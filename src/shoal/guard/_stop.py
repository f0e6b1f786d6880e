"""The stop switch that needs no signal: a file named STOP, in a run's folder or in the folder of runs.

Only the supervisor looks for it, and no jail mounts either folder: a candidate can neither make nor remove one.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from shoal.core.errors import UserError
from shoal.core.loop import Stop

__all__ = ["STOP_FILE", "refuse_stopped", "stop_file", "stopped_by"]

STOP_FILE = "STOP"
LOOK_SECONDS = 0.25


def stop_file(*folders: Path) -> Path | None:
    """The STOP in the first of ``folders`` that has one, whatever it is (a folder or a broken link stops too)."""
    return next((path for folder in folders if os.path.lexists(path := folder / STOP_FILE)), None)


def refuse_stopped(*folders: Path) -> None:
    """Raise `UserError` while one of ``folders`` has a STOP."""
    if (path := stop_file(*folders)) is not None:
        raise UserError(f"{path} exists: nothing runs here while it does; remove it, or say: shoal stop --clear")


@asynccontextmanager
async def stopped_by(stop: Stop, *folders: Path) -> AsyncIterator[None]:
    """Throw the switch as soon as one of ``folders`` has a STOP."""

    async def look() -> None:
        while (path := stop_file(*folders)) is None:  # noqa: ASYNC110  # a file sets no event
            await asyncio.sleep(LOOK_SECONDS)
        if not stop.now:
            stop.reason, stop.now = f"STOP file at {path}", True

    looking = asyncio.create_task(look())
    try:
        yield
    finally:
        looking.cancel()
