"""A sandbox on a loop of its own, shared by the tests that only spawn children in it."""

import asyncio
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from shoal.sandbox import Exit, Finished, FrameLimits, Job, Limits, Profile, Server, frames

INSIDE = str(Path(__file__).parent / "inside")


def profile(**changes: Any) -> Profile:
    return Profile(**{"name": "candidate", "entry": "attacks:main", "path": (INSIDE,), **changes})


class Walls:
    """Run one attack in a fresh child and see what it got."""

    def __init__(self, runner: asyncio.Runner, server: Server) -> None:
        self.runner, self.server = runner, server

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(coroutine)

    def finish(self, name: str, *arguments: Any, limits: Limits | None = None) -> Finished:
        job = Job(
            frames.encode([name, *arguments]),
            limits=limits or Limits(cpu_seconds=20, wall_seconds=20),
            frame_limits=FrameLimits(max_bytes=1 << 20, max_depth=16, max_elements=10_000),
        )
        finished: Finished = self.runner.run(self.server.run(job))
        return finished

    def answer(self, name: str, *arguments: Any, limits: Limits | None = None) -> dict[str, Any]:
        """``{"value": ...}`` or ``{"error": type, "errno": name}``; fails where the child gave no answer."""
        finished = self.finish(name, *arguments, limits=limits)
        assert finished.replies, finished
        reply: dict[str, Any] = finished.replies[0]
        return reply

    def value(self, name: str, *arguments: Any, limits: Limits | None = None) -> Any:
        answer = self.answer(name, *arguments, limits=limits)
        assert "value" in answer, answer
        return answer["value"]

    def refusal(self, name: str, *arguments: Any) -> str:
        """The name of the error that stopped it."""
        answer = self.answer(name, *arguments)
        return str(answer.get("errno") or answer.get("error") or f"got {answer.get('value')!r}")

    def end(self, name: str, *arguments: Any, limits: Limits | None = None) -> Exit:
        return self.finish(name, *arguments, limits=limits).exit


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session")
def server(runner: asyncio.Runner) -> Iterator[Server]:
    server = Server(profile())
    runner.run(server.start())
    yield server
    runner.run(server.close())


@pytest.fixture
def walls(runner: asyncio.Runner, server: Server) -> Walls:
    return Walls(runner, server)
