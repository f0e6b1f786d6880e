"""Runs a user's function, and their tests, behind the walls: before there is a task, and after there is a patch."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shoal
from shoal.core.errors import UserError
from shoal.evaluate import Setting
from shoal.labs.evolve.improve._place import Place
from shoal.sandbox import ENVIRONMENT, Exit, FrameLimits, Job, Limits, Profile, Server, frames

__all__ = ["FRAME", "SOURCES", "Bench", "Ran", "Told", "did", "run_in_project"]

FRAME = FrameLimits(max_bytes=64 << 20, max_depth=200, max_elements=1 << 23)
SECONDS = 20.0
MEMORY = 2 << 30
TEST_SECONDS = 300.0
WAITING = 6.0  # seconds that a process may last for each of CPU time, and for its start, where others take turns
SOURCES = str(Path(shoal.__file__).parents[1])


@dataclass(frozen=True, slots=True)
class Told:
    """What a process came to: what each call did, or an ``error`` in one line; and what the process used.

    Parts of what a call did are bytes of the codec by name, see `did`: long answers are rarely read.
    """

    calls: list[dict[str, bytes]] | None
    error: str
    exit: Exit


def did(told: dict[str, bytes]) -> dict[str, Any]:
    """What a call did, as `shoal.behaviour.observe` says it. Raises FrameError."""
    return {name: frames.decode(part, limits=FRAME) for name, part in told.items()}


class Bench:
    """A warm server for one module of a project. Use as an async context manager.

    ``cpu_seconds`` is what its processes have used so far. As many of them run at once as there are processors: more
    would disturb one another's times, and each would wait so long for its turn that it seems to hang.
    """

    def __init__(self, place: Place, *, folder: Path, warm: Sequence[str], level: int | None) -> None:
        self._setting = Setting(
            name=place.function,
            kind="timed",
            folder=folder,
            main="initial.py",
            entry=(place.function,),
            fixed=False,
            judge="",
            public=None,
            sign=-1.0,
            range=(0.0, 1.0),
            cpu_seconds=SECONDS,
            wall_seconds=4 * SECONDS,
            memory_bytes=MEMORY,
            judge_cpu_seconds=SECONDS,
            warm=tuple(warm),
            draws=False,
            module=place.module,
            path=(place.imported_from,),
        )
        self._server = Server(self._setting.candidate_profile(), level=level)
        self._slots = asyncio.Semaphore(os.cpu_count() or 1)
        self.cpu_seconds = 0.0

    async def __aenter__(self) -> Bench:
        await self._server.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    async def told(
        self,
        source: bytes,
        calls: Sequence[Any],
        *,
        closely: bool = True,
        run: bool = True,
        seed: int = 0,
        seconds: float = SECONDS,
        answers: FrameLimits = FRAME,
    ) -> Told:
        """Have a fresh process make the calls, one after the other; ``answers`` bounds what it tells of them.

        A call is a flat tree, or what `frames.Written` has of one.
        """
        job = self._setting.candidate_job({"initial.py": source}, seed=seed)
        question = {"calls": list(calls), "closely": closely, "run": run}
        limits = Limits(cpu_seconds=seconds, wall_seconds=WAITING * seconds + WAITING, memory_bytes=MEMORY)
        async with self._slots:
            done = await self._server.run(Job(job, (question,), limits=limits, frame_limits=answers))
        self.cpu_seconds += done.exit.cpu_seconds
        reply = done.replies[0] if done.replies else None
        told = reply.get("value") if isinstance(reply, dict) else None
        if isinstance(told, list) and len(told) == len(calls):
            return Told(told, "", done.exit)
        return Told(None, _why(reply, done.error, done.exit), done.exit)


def _why(reply: Any, error: str | None, exit: Exit) -> str:
    if isinstance(reply, dict) and isinstance(reply.get("error"), dict):
        told = reply["error"]
        line = f" (line {told['line']})" if told.get("line") else ""
        return f"{told.get('kind')}: {told.get('message')}{line}"
    if exit.cause in ("cpu", "wall"):
        return "it took too long"
    if exit.cause == "violation":
        return "it tried what the sandbox forbids"
    return error or f"the process ended by {exit.cause}"


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command in a copy of the project ended: its exit ``code``, or the ``failure``; the end of what it said."""

    code: int | None
    failure: str
    said: str
    outputs: Mapping[str, bytes]


async def run_in_project(
    project: Path,
    argv: Sequence[str],
    *,
    files: Mapping[str, str],
    environment: Mapping[str, str],
    outputs: Sequence[str] = (),
    path: Sequence[str] = (),
    level: int | None,
) -> Ran:
    """Run a command in a private copy of ``project`` with ``files`` exchanged; no network, and nothing stays."""
    profile = Profile(
        name="command",
        entry="shoal.evaluate._project:main",
        warm=(),
        mounts=(str(project), SOURCES),  # ours for the recorder
        path=tuple(path),
        commands=True,
    )
    job = {
        "project": str(project),
        "files": dict(files),
        "argv": [sys.executable, *argv],
        "environment": {**ENVIRONMENT, **environment},
        "outputs": list(outputs),
    }
    limits = Limits(cpu_seconds=TEST_SECONDS, wall_seconds=2 * TEST_SECONDS, memory_bytes=4 << 30, open_files=256)
    server = Server(profile, level=level)
    await server.start()
    try:
        done = await server.run(Job(json.dumps(job).encode(), ({},), limits=limits, frame_limits=FRAME))
    finally:
        await server.close()
    if not done.replies or not isinstance(done.replies[0], dict):
        cause = "it took too long" if done.exit.cause in ("cpu", "wall") else done.exit.cause
        return Ran(None, f"the command did not end by itself: {cause}", "", {})
    told = done.replies[0]
    if "code" not in told:
        raise UserError(f"the project cannot be copied: {told.get('failure')}")
    said = (told["stdout"] + told["stderr"]).decode(errors="replace")
    failure = told["failure"] or (f"it died of signal {told['signal']}" if told["signal"] else "")
    return Ran(told["code"], failure, said, told["outputs"])
