"""The jail of self-scored tasks: a command runs on the files in a box of its own, and its exit code is the answer."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from shoal.evaluate._setting import site_packages
from shoal.labs.selfimprove._tasks import RepairTask
from shoal.labs.selfimprove._tests import WALL, Came
from shoal.sandbox import ENVIRONMENT, Job, Limits, Profile, Server

__all__ = ["CommandJail"]

COMMANDS = Profile(
    name="repair command",
    entry="shoal.evaluate._command:main",
    warm=(),
    hide=(str(Path(__file__).resolve().parents[2]),),
    path=site_packages(),
    commands=True,
)


class CommandJail:
    """Runs commands of tasks. Its server starts with the first one. Use as an async context manager."""

    def __init__(self, *, slots: asyncio.Semaphore, level: int | None = None) -> None:
        self._level, self._slots = level, slots
        self._server: Server | None = None
        self._starting = asyncio.Lock()

    async def __aenter__(self) -> CommandJail:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            await self._server.close()

    def cpu_seconds(self) -> float:
        """CPU seconds used so far."""
        return self._server.cpu_seconds() if self._server is not None else 0.0

    async def run(self, files: Mapping[str, str], task: RepairTask) -> Came:
        """What comes of the task's command in a fresh folder with ``files``; no lines of a program are known."""
        server = await self._started()
        spec = {
            "files": dict(files),
            "command": list(task.command),
            "outputs": [],
            "environment": dict(ENVIRONMENT),
            "python": sys.executable,
            "seed": 0,
        }
        question = {"ask": "run", "args": [{"files": {}, "arguments": [], "stdin": b""}, None]}
        seconds = task.limits.seconds
        limits = Limits(seconds, WALL * max(seconds, 1.0), task.limits.memory_mb << 20, open_files=256)
        async with self._slots:
            done = await server.run(Job(json.dumps(spec).encode(), (question,), limits=limits))
        reply = done.replies[0] if done.replies and type(done.replies[0]) is dict else {}
        if "value" in reply:
            return Came(True, True, "the command was content", {})
        error = reply.get("error")
        told = f"{error.get('kind')}: {error.get('message')}" if type(error) is dict else f"ended: {done.exit.cause}"
        return Came(False, type(error) is dict, told[:500], {})

    async def _started(self) -> Server:
        async with self._starting:
            if self._server is None:
                server = Server(COMMANDS, level=self._level)
                await server.start()
                self._server = server
        return self._server
