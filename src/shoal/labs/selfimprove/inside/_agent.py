"""Inside the jail of agents: load the agent's files, let it work on one task, send back the files it leaves.

Only `run_tests`, `score` and `ask` reach out, by frames; the host answers, and counts. What is counted here (`left`) is
for the agent's own planning: changing it buys nothing.
"""

from __future__ import annotations

import importlib
import json
import random
import socket
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from shoal.labs.selfimprove.inside._modules import Texts
from shoal.sandbox import frames

__all__ = ["Tools", "main"]

ANSWER = frames.FrameLimits(max_bytes=8 << 20, max_depth=64, max_elements=1 << 20)
MESSAGE_CHARACTERS = 1_000


class NoMoreError(Exception):
    """The host has refused a call: the budget for it is used up."""


class Tools:
    """What an agent may do besides thinking.

    - `run_tests(versions)` runs the task's visible tests on one or several versions of the files, each of which counts.
      For each version a list, for each test: "passed", "told" (what came, for people), "lines" (what ran, by file).
    - `score(files, start, stop)` measures files on some of the task's instances, each of which counts: a list of
      numbers, higher is better.
    - `ask(prompt)` asks a language model, where one is there: its answer, empty where none came.
    - `edit(source, operator, entry, step)` makes one embedded edit, without leaving the jail; None where none fits.
    - `left(name)` is how often `run_tests`, `score` or `ask` may still be used. One too many raises an exception.
    """

    def __init__(self, stream: frames.Stream, budget: Mapping[str, int], seed: int) -> None:
        self._stream = stream
        self._left = dict(budget)
        self._rng = np.random.Generator(np.random.Philox(seed))

    def left(self, name: str) -> int:
        """What remains of a tool."""
        return self._left.get(name, 0)

    def run_tests(self, versions: Sequence[Mapping[str, str]]) -> list[list[dict[str, Any]]]:
        """See the class."""
        return self._call("run_tests", [dict(files) for files in versions])  # type: ignore[no-any-return]

    def score(self, files: Mapping[str, str], start: int, stop: int) -> list[float]:
        """See the class; ``start`` is the first instance, ``stop`` the first that is left out."""
        if stop <= start:
            return []
        return self._call("score", [dict(files)], start, stop)  # type: ignore[no-any-return]

    def ask(self, prompt: str) -> str:
        """See the class."""
        return self._call("ask", [{"prompt": prompt}])  # type: ignore[no-any-return]

    def edit(self, source: str, operator: str, entry: Sequence[str] = (), step: float = 0.1) -> str | None:
        """See the class. ``entry`` names functions that keep their parameters; ``step`` is how far numbers move."""
        from shoal.propose._edit import edit

        request = {"operator": operator, "source": source, "entry": list(entry), "payload": {"sigma": step}}
        return edit(request, self._rng).get("source")

    def _call(self, tool: str, given: list[dict[str, str]], start: int = 0, stop: int = 1) -> Any:
        self._left[tool] = self._left.get(tool, 0) - len(given) * (stop - start)
        self._stream.send({"tool": tool, "given": given, "span": [start, stop]})
        answer = self._stream.receive(limits=ANSWER)
        if answer is None:
            raise NoMoreError("the host has gone")
        if "refused" in answer:
            raise NoMoreError(answer["refused"])
        return json.loads(answer["told"])


def main(job: bytes, channels: tuple[socket.socket, ...]) -> None:
    """One agent on one task. The job: "agent" (its files), "task" (as it is shown), "budget", "seed"."""
    spec = json.loads(job)
    stream = frames.Stream(channels[0])
    random.seed(spec["seed"])
    Texts(spec["agent"])
    tools = Tools(stream, spec["budget"], spec["seed"])
    try:
        files = importlib.import_module("agent").work(spec["task"], tools)
        stream.send({"files": {str(name): str(text) for name, text in files.items()}})
    except frames.FrameError:
        raise
    except BaseException as error:  # whatever it did to itself, its end is one line in the record
        stream.send({"failed": _described(error)})


def _described(error: BaseException) -> str:
    try:
        text = " ".join("".join(traceback.format_exception_only(error)).split())
        ran = [one for one in traceback.extract_tb(error.__traceback__) if not one.filename.startswith(("/", "<"))]
        where = " < ".join(f"{one.filename}:{one.lineno}" for one in reversed(ran[-3:]))
        return f"{text[:MESSAGE_CHARACTERS]} ({where})" if where else text[:MESSAGE_CHARACTERS]
    except BaseException:  # a hostile __str__
        return type(error).__name__[:100]
