"""What a traced program says about itself is data from a stranger: read with care, whatever it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from shoal.core.values import Answer, Candidate, Source
from shoal.evaluate import TaskEvaluator
from shoal.labs.evolve._parts import mutable_of
from shoal.labs.evolve._trace import TraceService
from shoal.propose import Editor
from shoal.propose._trace import FUNCTION
from shoal.tasks import load, setting_of

from .sittings import write_task

HONEST = """
def slope(points):
    steps = [0.0, 0.0]
    for k in range(2):
        steps[k] = 0.5 * k + 0.25
    return sum(steps)
"""
FORGED = """
def slope(points):
    steps = [0.0, 0.0]
    for k in range(2):
        steps[k] = 0.5 * k
    return sum(steps)


def FUNCTION():
    return ANSWER
"""


def forgery(answer: str) -> str:
    """A program that defines the tracer's own function once more, after it."""
    return FORGED.replace("FUNCTION", FUNCTION).replace("ANSWER", answer)


Ask = Callable[[str], Answer]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    task = load(write_task(tmp_path_factory.mktemp("trace") / "slopes"))
    setting = replace(setting_of(task), cpu_seconds=0.6, wall_seconds=5.0)
    with asyncio.Runner() as runner:

        async def begin() -> tuple[Editor, TaskEvaluator]:
            return await Editor().__aenter__(), await TaskEvaluator(setting, workers=1).__aenter__()

        editor, evaluator = runner.run(begin())
        service = TraceService(editor, evaluator, mutable_of(task), seed=1)

        def answer(program: str) -> Answer:
            source = Source(Candidate("c0", (), {}, "", "initial"), {task.program.file: program.encode()})
            return runner.run(service.answer({"candidate": "c0"}, lambda _: source, np.random.default_rng(1), k=0))

        yield answer
        runner.run(evaluator.__aexit__())
        runner.run(editor.__aexit__())


def test_the_numbers_that_loops_built(ask: Ask) -> None:
    answer = ask(HONEST)
    assert [(one["name"], one["value"]) for one in answer.value["values"]] == [("steps", [0.25, 0.75])]
    assert answer.counted.evaluations == 1
    assert ask(HONEST) == answer


@pytest.mark.parametrize(
    "forged",
    [
        "[{'line': 1, 'name': 'x', 'value': [10**400, 1.0]}]",
        "[{'line': 1, 'name': 'x', 'value': [float('nan'), 1.0]}]",
        "[{'line': 1, 'name': 'x' * 10**6, 'value': [[0.5]] * 10_000}]",
        "[{'line': 'one', 'name': 3, 'value': 'text'}, None, 7, {}]",
        "{'line': 1}",
        "[[] for _ in range(2_000_000)]",
        "'x' * 20_000_000",
        "print",
        "1 / 0",
        "exit()",
    ],
)
def test_a_forged_trace_is_dropped_or_a_failure(ask: Ask, forged: str) -> None:
    answer: dict[str, Any] = ask(forgery(forged)).value
    assert "failed" in answer or answer == {"values": []}


def test_a_program_that_fails_gives_its_reason_and_no_measured_time(ask: Ask) -> None:
    program = forgery("[]").replace("0.5 * k", "0.5 * k\n        while k: pass")
    first, second = ask(program), ask(program)
    assert first == second and first.value["failed"].startswith("too slow: 0.6 CPU s")
