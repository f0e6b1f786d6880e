"""The jail of programs under test: calls go in, values come out, and are compared outside."""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from shoal.core.canonical import plain
from shoal.labs.selfimprove import _tasks
from shoal.labs.selfimprove._tasks import Test, alike
from shoal.labs.selfimprove.inside._tests import REPLY
from shoal.sandbox import Job, Limits, Profile, Server

__all__ = ["HIDDEN", "WARM", "Came", "TestJail", "passed"]

SHOAL = Path(__file__).resolve().parents[2]
HIDDEN = (str(SHOAL), *(str(Path(place, SHOAL.name)) for place in sys.path))
"""Shoal, and other copies of it that are installed."""
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
    hide=HIDDEN,
)


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one test: whether it passed, whether it ended, a line for people, which lines of the program ran."""

    passed: bool
    ended: bool
    told: str
    lines: Mapping[str, tuple[int, ...]]


class TestJail:
    """Runs tests on programs, one child for all tests of a program. Use as an async context manager.

    ``hide``: paths that no program may see, besides Shoal.
    """

    __test__ = False  # for pytest

    def __init__(self, *, slots: asyncio.Semaphore, level: int | None = None, hide: Sequence[str] = ()) -> None:
        self._server = Server(replace(TESTS, hide=(*TESTS.hide, *hide)), level=level)
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
        pairs = itertools.product(versions, tests)
        count = len(tests) * len(versions)
        if not tests:
            return [[] for _ in versions]
        box = _box(limits, len(versions))
        job = Job(data, replies=count, limits=box, frame_limits=REPLY, read=lambda reply: _came(reply, *next(pairs)))
        async with self._slots:
            done = await self._server.run(job)
        dead = Came(False, False, f"the program's process ended: {done.exit.cause}", {})
        came = [*done.replies, *[dead] * (count - len(done.replies))]
        return [came[i : i + len(tests)] for i in range(0, count, len(tests))]


def _box(limits: _tasks.Limits, versions: int) -> Limits:
    seconds = limits.seconds * versions
    return Limits(seconds, WALL * max(seconds, 1.0), limits.memory_mb << 20, threads=1)


def passed(came: Sequence[Came]) -> bool:
    """Whether all tests passed, and there were any."""
    return bool(came) and all(one.passed for one in came)


def _came(reply: Any, files: Mapping[str, str], test: Test) -> Came:
    """What a reply says, which the program may have forged: nothing in it is of a known type, or size."""
    said: dict[str, Any] = reply if type(reply) is dict else {}
    raised = said.get("raised")
    raised = raised if type(raised) is str else ""
    good = raised == test.raises if test.raises else "value" in said and alike(said["value"], test.expected)
    ended = "value" in said or "refused" in said or bool(raised)
    return Came(good, ended, _told(said, raised), _lines(said.get("lines"), files))


def _told(said: dict[str, Any], raised: str) -> str:
    if "value" in said:
        return f"returned {str(said['value'])[:300]}"
    if "refused" in said:
        return f"returned no value of JSON: {str(said['refused'])[:200]}"
    if raised:
        at = f" (at {said['at'][:100]})" if type(said.get("at")) is str and said["at"] else ""
        return f"raised {raised[:100]}: {str(said.get('message', ''))[:200]}{at}"
    return f"did not end within {STEPS:,} steps" if "steps" in said else "answered nothing"


def _lines(lines: Any, files: Mapping[str, str]) -> dict[str, tuple[int, ...]]:
    """Of each file the lines that ran, in order; never more than the file has."""
    told = lines if type(lines) is dict else {}
    found = {}
    for name, ran in told.items():
        if name in files and type(ran) is list:
            last = 1 + files[name].count("\n")
            found[name] = tuple(sorted({n for n in ran if type(n) is int and 0 < n <= last}))
    return found
