"""The jail of programs under test: calls go in, values come out, and are compared outside."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shoal.core.canonical import plain
from shoal.labs.selfimprove import _tasks
from shoal.labs.selfimprove._jail import Jail
from shoal.labs.selfimprove._tasks import Test, alike
from shoal.labs.selfimprove.inside._tests import REPLY
from shoal.sandbox import Job, Limits, Profile

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


class TestJail(Jail):
    """Runs tests on programs, one child for all tests of one program."""

    __test__ = False  # for pytest

    def __init__(self, *, slots: asyncio.Semaphore, level: int | None = None, hide: Sequence[str] = ()) -> None:
        super().__init__(TESTS, slots=slots, level=level, hide=hide)

    async def run(
        self,
        files: Mapping[str, str],
        tests: Sequence[Test],
        *,
        limits: _tasks.Limits = _tasks.Limits(),  # noqa: B008 - frozen
    ) -> list[Came]:
        """What comes of each test. A program that dies fails the test it died in and all after it."""
        if not tests:
            return []
        sent = [{"call": one.call, "arguments": list(one.arguments), "before": plain(one.before)} for one in tests]
        data = json.dumps({"files": dict(files), "tests": sent, "steps": STEPS}).encode()
        asked = iter(tests)
        box = Limits(limits.seconds, WALL * max(limits.seconds, 1.0), limits.memory_mb << 20, threads=1)
        job = Job(
            data,
            replies=len(tests),
            limits=box,
            frame_limits=REPLY,
            read=lambda reply: _came(reply, files, next(asked)),
        )
        async with self._slots:
            done = await self._server.run(job)
        dead = Came(False, False, f"the program's process ended: {done.exit.cause}", {})
        return [*done.replies, *[dead] * (len(tests) - len(done.replies))]


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
