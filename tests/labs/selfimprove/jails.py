"""Jails that several tests share, and small agents and benches for them."""

import asyncio
import json
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from shoal.core.values import Files, Split
from shoal.labs.selfimprove._broker import AgentJail
from shoal.labs.selfimprove._commands import CommandJail
from shoal.labs.selfimprove._evaluator import AgentEvaluator, Task
from shoal.labs.selfimprove._lab import agent_files
from shoal.labs.selfimprove._optimising import Optimising
from shoal.labs.selfimprove._tests import TestJail
from shoal.propose import Editor

from .examples import write_task

SEED = agent_files(None)

# Solves nothing until its SKILL is turned on, which its own loop does.
LEARNER = '''"""An agent that can learn one thing."""

SKILL = 0.0


def work(task, tools):
    """See `SKILL`."""
    if task["goal"] == "repair":
        tools.run_tests([task["files"]])
        wrong = " + 1" if SKILL > 0.5 else " nothing"
        return {name: text.replace(wrong, "") for name, text in task["files"].items()}
    tools.score(task["files"], 0, task["instances"])
    changed = {name: text.replace("SKILL = 0.0", "SKILL = 1.0") for name, text in task["files"].items()}
    while tools.left("score") > 0:
        tools.score(changed, 0, task["instances"])
    return changed
'''


def agent(text: str) -> Files:
    """An agent of one file."""
    return {"agent.py": text.encode()}


class Jails:
    """The jails of agents, tests and commands with an editor, and a loop that all of them live in. Use in a `with`."""

    def __enter__(self) -> "Jails":
        self._runner, self._stack = asyncio.Runner(), AsyncExitStack()
        self.run(self._open())
        return self

    async def _open(self) -> None:
        slots = asyncio.Semaphore(2)
        self.tests, self.agents = TestJail(slots=slots), AgentJail(slots=slots)
        self.commands, self.editor = CommandJail(slots=slots), Editor()
        self.optimising = Optimising(slots=slots)
        for one in (self.tests, self.agents, self.commands, self.editor, self.optimising):
            await self._stack.enter_async_context(one)

    def __exit__(self, *_: object) -> None:
        self.run(self._stack.aclose())
        self._runner.close()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """See a coroutine through."""
        return self._runner.run(work)

    def evaluator(self, tasks: Sequence[Task], *, split: Split = Split.SEARCH, further: int = 1) -> AgentEvaluator:
        """With these tasks as the stream of a split."""
        streams = {split: tasks}
        return AgentEvaluator(streams, self.agents, self.tests, self.commands, self.optimising, further=further)


BUGGY = "def double(x):\n    return x + x + 1\n"


def write_bench(place: Path, *, search: int = 4, validation: int = 4, sealed: int = 6, **texts: str | None) -> Path:
    """A bench of tasks that are all alike but for their names."""
    for split, count in (("search", search), ("validation", validation), ("sealed", sealed)):
        for number in range(count):
            write_task(place / split / f"{split}{number}", **texts)
    return place


def write_agent(place: Path, text: str = LEARNER) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    (place / "agent.py").write_text(text)
    return place


def asked(call: str, *arguments: Any, **more: Any) -> str:
    """A file with one test."""
    return json.dumps([{"call": call, "arguments": list(arguments), **more}])


def changed(files: Mapping[str, bytes], name: str, old: str, new: str) -> Files:
    """An agent with another text in one place."""
    text = files[name].decode()
    assert text.count(old) == 1
    return {**files, name: text.replace(old, new).encode()}
