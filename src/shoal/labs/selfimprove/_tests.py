"""The jail of programs under test: calls go in, values come out, and are compared outside."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shoal.core.canonical import plain
from shoal.labs.selfimprove import _tasks
from shoal.labs.selfimprove._tasks import Test, alike
from shoal.labs.selfimprove.inside._tests import REPLY
from shoal.sandbox import Job, Limits, Profile, Server

__all__ = ["WARM", "Came", "TestJail", "passed"]

PACKAGE = Path(__file__).resolve().parent
STEPS = 100_000  # lines of the program that a test may run
WALL = 10  # seconds to wait for each CPU second that is allowed
WARM = (
    *("bisect", "collections", "copy", "dataclasses", "datetime", "decimal", "enum", "fractions", "functools"),
    *("heapq", "itertools", "json", "math", "operator", "re", "statistics", "string", "typing"),
)
_INSIDE = "shoal.labs.selfimprove.inside"
TESTS = Profile(
    name="tests",
    entry=f"{_INSIDE}._tests:main",
    setup=f"{_INSIDE}._tests:setup",
    warm=WARM,
    hide=(str(PACKAGE.parents[1]),),  # nothing of Shoal is seen by programs under test
)


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one test: whether it passed, whether it ended, a line for people, which lines of the program ran."""

    passed: bool
    ended: bool
    told: str
    lines: Mapping[str, tuple[int, ...]]


class TestJail:
    """Runs tests on programs, one child for all tests of a program. Use as an async context manager."""

    __test__ = False  # for pytest

    def __init__(self, *, slots: asyncio.Semaphore, level: int | None = None) -> None:
        self._server = Server(TESTS, level=level)
        self._slots = slots

    async def __aenter__(self) -> TestJail:
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

    async def run(
        self,
        versions: Sequence[Mapping[str, str]],
        tests: Sequence[Test],
        *,
        limits: _tasks.Limits = _tasks.Limits(),  # noqa: B008 - frozen
    ) -> list[list[Came]]:
        """What comes of each test on each version of a program, all in one process with the CPU time of all versions.

        A version that dies fails the test it died in and all after it, those of later versions included.
        """
        sent = [{"call": one.call, "arguments": list(one.arguments), "before": plain(one.before)} for one in tests]
        data = json.dumps({"versions": [dict(one) for one in versions], "tests": sent, "steps": STEPS}).encode()
        count = len(tests) * len(versions)
        if not tests:
            return [[] for _ in versions]
        async with self._slots:
            done = await self._server.run(
                Job(data, replies=count, limits=_box(limits, len(versions)), frame_limits=REPLY)
            )
        replies = [reply if type(reply) is dict else {} for reply in done.replies[:count]]
        dead = {"raised": "", "message": f"the program's process ended: {done.exit.cause}"}
        replies += [dead] * (count - len(replies))
        came = [_came(tests[i % len(tests)], reply) for i, reply in enumerate(replies)]
        return [came[i : i + len(tests)] for i in range(0, count, len(tests))]


def _box(limits: _tasks.Limits, versions: int) -> Limits:
    seconds = limits.seconds * versions
    return Limits(seconds, WALL * max(seconds, 1.0), limits.memory_mb << 20, threads=1)


def passed(came: Sequence[Came]) -> bool:
    """Whether all tests passed, and there were any."""
    return bool(came) and all(one.passed for one in came)


def _came(test: Test, reply: dict[str, Any]) -> Came:
    lines = reply.get("lines")
    told = _told(reply)
    good = not test.raises and "value" in reply and alike(reply["value"], test.expected)
    if test.raises:
        good = reply.get("raised") == test.raises
    ended = "value" in reply or "refused" in reply or bool(reply.get("raised"))
    return Came(good, ended, told, _lines(lines) if type(lines) is dict else {})


def _told(reply: dict[str, Any]) -> str:
    if "value" in reply:
        return f"returned {str(reply['value'])[:300]}"
    if "refused" in reply:
        return f"returned no value of JSON: {str(reply['refused'])[:200]}"
    if reply.get("raised") == "":
        return str(reply.get("message", ""))[:200]
    if "raised" in reply:
        return f"raised {str(reply['raised'])[:100]}: {str(reply.get('message', ''))[:200]}{_at(reply)}"
    return f"did not end within {STEPS:,} steps" if "steps" in reply else "answered nothing"


def _at(reply: dict[str, Any]) -> str:
    return f" (at {str(reply['at'])[:100]})" if reply.get("at") else ""


def _lines(lines: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(n for n in ran if type(n) is int) for name, ran in lines.items() if type(ran) is list}
