"""What tests came to, remembered: agents differ in which versions they try first, not in what comes of one."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence

from shoal.core.canonical import canonical, sha256
from shoal.core.values import Json
from shoal.labs.selfimprove._commands import CommandJail
from shoal.labs.selfimprove._tasks import RepairTask
from shoal.labs.selfimprove._tests import Came, TestJail, passed

__all__ = ["Kept", "Memory"]

MOST_KEPT = 200_000  # versions; about 0.5 KB each


class Kept:
    """JSON values by name, compressed; the oldest go when there are too many."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._values: OrderedDict[str, bytes] = OrderedDict()

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def keep(self, key: str, value: Json) -> None:
        """Remember a value."""
        self._values[key] = zlib.compress(json.dumps(value).encode(), 1)
        if len(self._values) > self._most:
            self._values.popitem(last=False)

    def recall(self, key: str) -> Json:
        """A value that was kept, None for one that was not."""
        return json.loads(zlib.decompress(self._values[key])) if key in self._values else None


class Memory:
    """Runs the tests of tasks, and each version of a program on each task once, as long as it is remembered.

    Programs are deterministic and see no clock, so that what is remembered is what would come again. It saves CPU time
    and changes no count: a test run that is answered from here has cost the agent one like any other.
    """

    def __init__(self, tests: TestJail, commands: CommandJail) -> None:
        self.tests, self.commands = tests, commands
        self._kept = Kept()
        # Of tasks, whose names are their own in a study: as agents see them, and whole.
        self._digests: dict[str, tuple[str, str]] = {}
        self.asked = self.ran = 0

    async def reports(self, task: RepairTask, versions: Sequence[Mapping[str, str]]) -> list[Json]:
        """For each version what came of each visible test, as agents are told of it."""
        keys = [self._key("visible", task, files) for files in versions]
        fresh = {key: files for key, files in zip(keys, versions, strict=True) if key not in self._kept}
        self.asked += len(keys)
        self.ran += len(fresh)
        # Each in a process of its own: what one version does to its process must not be remembered of another.
        ran = await asyncio.gather(*(self._ran(task, files) for files in fresh.values()))
        for key, came in zip(fresh, ran, strict=True):
            self._kept.keep(key, [_told(one) for one in came])
        return [self._kept.recall(key) for key in keys]

    async def solved(self, task: RepairTask, files: Mapping[str, str]) -> bool:
        """Whether a version passes the tests that no agent sees."""
        key = self._key("hidden", task, files)
        if key not in self._kept:
            if task.self_scored:
                self._kept.keep(key, (await self.commands.run(files, task)).passed)
            else:
                self._kept.keep(key, passed(await self.tests.run(files, task.hidden, limits=task.limits)))
        return bool(self._kept.recall(key))

    async def _ran(self, task: RepairTask, files: Mapping[str, str]) -> list[Came]:
        """What comes of the tests that an agent may run; the command of a self-scored task is the last of them."""
        came = await self.tests.run(files, task.visible, limits=task.limits)
        return [*came, await self.commands.run(files, task)] if task.self_scored else came

    def _key(self, which: str, task: RepairTask, files: Mapping[str, str]) -> str:
        if task.name not in self._digests:
            self._digests[task.name] = task.taken_for, task.digest
        return sha256(canonical([which, self._digests[task.name][which == "hidden"], dict(files)]))


def _told(one: Came) -> Json:
    return {"passed": one.passed, "told": one.told, "lines": {name: list(ran) for name, ran in one.lines.items()}}
