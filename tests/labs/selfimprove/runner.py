"""A runner of tests without a jail, for programs that we wrote ourselves."""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shoal.labs.selfimprove._tasks import Test, alike


class Runner:
    """Runs tests on files, one set of files at a time; counts them. Use it in a `with`."""

    def __init__(self, *, seconds: float = 0.5) -> None:
        self.seconds = seconds
        self.runs = 0
        self._lock = threading.Lock()

    def __enter__(self) -> "Runner":
        command = [sys.executable, "-I", "-S", str(Path(__file__).with_name("server.py"))]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    async def __call__(self, files: Mapping[str, str], tests: Sequence[Test]) -> list[bool | None]:
        return await asyncio.to_thread(self.results, files, tests)

    def results(self, files: Mapping[str, str], tests: Sequence[Test]) -> list[bool | None]:
        """As it says in `Run`."""
        assert self._process.stdin and self._process.stdout
        job = {"files": dict(files), "tests": [test.shown() for test in tests], "seconds": self.seconds}
        with self._lock:
            self.runs += 1
            self._process.stdin.write(json.dumps(job) + "\n")
            self._process.stdin.flush()
            told = json.loads(self._process.stdout.readline())
        return [_passes(one, test) for one, test in zip(told, tests, strict=True)]


def _passes(told: dict[str, Any], test: Test) -> bool | None:
    if "ended" in told:
        return None
    if "raised" in told or test.raises is not None:
        return test.raises is not None and told.get("raised") == test.raises
    return alike(told["value"], test.expected)
