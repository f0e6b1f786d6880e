"""Evaluators over small judges, and short ways to run a program text through them."""

from __future__ import annotations

import asyncio
import os
import sys
import textwrap
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from shoal.core.errors import JudgeError
from shoal.core.values import Outcome, Split, Status, Trial
from shoal.evaluate import Setting, TaskEvaluator
from shoal.sandbox import Server

MAIN = "initial.py"
TOKEN = "honey-token-5b1c"  # in the judge's instances, and nowhere a candidate may look

HONEST = f"""
import numpy as np
from shoal.judging import number

TOKEN = {TOKEN!r}

def instances(split, rng):
    while True:
        yield float(rng.uniform(1.0, 2.0)), TOKEN

def arguments(instance):
    return (instance[0],)

def score(instance, output):
    return {{"score": 1.0 - abs(number(output, name="answer") - 2 * instance[0]), "feedback": "as asked"}}
"""
# Programs are shown Python and the project where they lie, so that a /tmp around them cannot be one of their own.
BELOW_TMP = any(Path(path).resolve().is_relative_to("/tmp") for path in (sys.prefix, sys.base_prefix, __file__))
own_tmp = pytest.mark.skipif(BELOW_TMP, reason="the project lies below /tmp: programs have TMPDIR only")

DOUBLE = "def f(x):\n    return 2 * x\n"


def setting(judge: str, **changes: Any) -> Setting:
    """A task around ``judge`` whose program has the function ``f``; generous limits for a busy machine."""
    given: dict[str, Any] = {
        "name": "toy",
        "kind": "call",
        "folder": Path("/nonexistent"),
        "main": MAIN,
        "entry": ("f",),
        "fixed": False,
        "judge": judge,
        "public": None,
        "sign": 1.0,
        "range": (-1e6, 1e6),
        "cpu_seconds": 0.6,
        "wall_seconds": 20.0,
        "memory_bytes": 256 << 20,
        "judge_cpu_seconds": 10.0,
    }
    return Setting(**{**given, **changes})


class Bench:
    """An evaluator on an event loop of its own."""

    def __init__(self, runner: asyncio.Runner, setting: Setting, *, workers: int = 2) -> None:
        self.runner, self.evaluator = runner, self.run_in(runner, setting, workers)

    @staticmethod
    def run_in(runner: asyncio.Runner, setting: Setting, workers: int) -> TaskEvaluator:
        async def start() -> TaskEvaluator:  # a semaphore belongs to the loop it is first used in
            return await TaskEvaluator(setting, workers=workers).__aenter__()

        return runner.run(start())

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    def evaluate(self, program: str, *, instances: int = 1, seed: int = 1, split: Split = Split.SEARCH) -> Outcome:
        """Measure a program text (indentation is taken off)."""
        return self.run(self.measure(program, instances=instances, seed=seed, split=split))

    def measure(
        self, program: str, *, instances: int = 1, seed: int = 1, split: Split = Split.SEARCH
    ) -> Coroutine[Any, Any, Outcome]:
        trial = Trial(split, tuple(range(instances)))
        return self.evaluator.evaluate(trial, {MAIN: textwrap.dedent(program).encode()}, seed=seed)

    def fault(self, program: str, **more: Any) -> str:
        """The words of the `JudgeError` that this program leads to."""
        try:
            outcome = self.evaluate(program, **more)
        except JudgeError as error:
            return str(error)
        raise AssertionError(f"no fault of the judge: {outcome}")

    def close(self) -> None:
        self.run(self.evaluator.__aexit__())

    @property
    def servers(self) -> tuple[Server, Server]:
        return self.evaluator._candidates, self.evaluator._judges

    def processes(self) -> list[int]:
        """Every process of both jails."""
        return [one for server in self.servers for one in family(server_process(server))]


Benches = Callable[..., Bench]


def benches(runner: asyncio.Runner) -> Iterator[Benches]:
    """Makes benches, each judge and limit started once, and closes them all at the end."""
    made: dict[Any, Bench] = {}

    def bench(judge: str, *, workers: int = 2, **changes: Any) -> Bench:
        key = (judge, workers, repr(sorted(changes.items())))
        if key not in made:
            made[key] = Bench(runner, setting(judge, **changes), workers=workers)
        return made[key]

    yield bench
    for one in made.values():
        one.close()


def server_process(server: Server) -> int:
    assert server._launched is not None
    return server._launched.process.pid


def family(process: int) -> list[int]:
    """A process and all its descendants."""
    found = [process]
    try:
        threads = list(Path(f"/proc/{process}/task").iterdir())
        children = [child for thread in threads for child in (thread / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):  # it ended while we looked
        return found
    for child in children:
        found += family(int(child))
    return found


def descriptors() -> set[str]:
    """What this process has open."""
    found = set()
    for name in os.listdir("/proc/self/fd"):
        try:
            found.add(f"{name} {os.readlink(f'/proc/self/fd/{name}')}")
        except FileNotFoundError:
            continue  # the descriptor that listed the folder
    return found


def failed(outcome: Outcome, status: Status) -> str:
    """Check that a trial ended like this and without any score; its feedback."""
    assert outcome.status is status, outcome
    assert outcome.score is None
    assert outcome.per_instance[-1].value is None
    return outcome.feedback
