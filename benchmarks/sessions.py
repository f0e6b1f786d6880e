"""What one question of a session costs: processor time of the judge's and the candidate's process.

    python benchmarks/sessions.py [--trials 40] [--level 3]

First trials of `bin_packing_weibull` through the real evaluator (2 instances of 1,000 questions each), next to what
its judge and its first program take by themselves, in one process and without a border between them; then 6,561 small
vectors, asked about one by one and put together (`ask.many`). Medians over the trials, starts of processes included.
Processor time swells on a busy machine: compare figures of one run only. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np

from shoal.core.values import Split, Trial
from shoal.evaluate import Setting, TaskEvaluator
from shoal.evaluate._answers import readers
from shoal.tasks import load, setting_of

TASK = "bin_packing_weibull"
QUESTIONS = 1_000  # of one of its instances
VECTORS = """
import itertools

VECTORS = [list(vector) for vector in itertools.product(range(3), repeat=8)]

def instances(split, rng):
    yield None

def play(instance, ask):
    return sum({ask}) / 1e3
"""
RATING = b"def priority(vector, n):\n    return 0.5 * n + vector[0] - vector[-1]\n"
ASKED = {
    "one by one": 'ask("priority", vector, 8) for vector in VECTORS',
    "together": 'ask.many("priority", ((vector, 8) for vector in VECTORS))',
}


def main() -> None:
    """Measure, print the figures by name, then all of them as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=40)
    parser.add_argument("--level", type=int, default=None)
    options = parser.parse_args()
    figures: dict[str, Any] = {}
    task = load(TASK)
    start = {task.program.file: task.initial}
    figures |= asyncio.run(trials(setting_of(task), start, 2, 2 * QUESTIONS, options))
    figures |= {f"{name}, without a border": cost for name, cost in alone().items()}
    for name, asked in ASKED.items():
        setting = replace(setting_of(task), name="vectors", judge=VECTORS.format(ask=asked), fixed=True, answers=NUMBER)
        of_vectors = asyncio.run(trials(setting, {task.program.file: RATING}, 1, 3**8, options))
        figures |= {f"{part}, 6,561 vectors {name}": cost for part, cost in of_vectors.items() if part != "level"}
    for name, value in figures.items():
        print(f"{name:44} {value}")
    print(json.dumps(figures))


NUMBER = ({"name": "priority", "function": "priority", "shape": (), "dtype": "float"},)


async def trials(
    setting: Setting, files: dict[str, bytes], instances: int, questions: int, options: argparse.Namespace
) -> dict[str, Any]:
    """CPU microseconds a question of each process, and the level of isolation."""
    rows: list[list[float]] = []
    async with TaskEvaluator(setting, workers=1, level=options.level) as evaluator:
        servers = evaluator._judges, evaluator._candidates
        for number in range(options.trials + 2):
            before = [server.cpu_seconds() for server in servers]
            outcome = await evaluator.evaluate(Trial(Split.SEARCH, tuple(range(instances))), files, seed=number)
            if outcome.score is None:
                raise RuntimeError(f"no score: {outcome.feedback}")
            after = [server.cpu_seconds() for server in servers]
            rows.append([1e6 * (now - was) / questions for now, was in zip(after, before, strict=True)])
        level = evaluator.level
    judge, candidate = (statistics.median(column) for column in zip(*rows[2:], strict=True))
    return {
        "level": level,
        "us a question": round(judge + candidate, 2),
        "us a question, judge": round(judge, 2),
        "us a question, candidate": round(candidate, 2),
    }


def alone() -> dict[str, float]:
    """CPU microseconds a question of the task's judge and of its first program, called as plain Python."""
    task = load(TASK)
    judge, program = module("judge", task.judge), module("program", task.initial)
    read = readers(setting_of(task).answers)["priority"]
    instance = next(iter(judge.instances("search", np.random.default_rng(0))))
    asked: list[tuple[Any, ...]] = []
    answers: list[Any] = []

    def ask(name: str, *args: Any) -> Any:
        asked.append(args)
        answers.append(read(program.priority(*args)))
        return answers[-1]

    def replay() -> None:
        given = iter(answers)
        judge.play(instance, lambda name, *args: next(given))

    judge.play(instance, ask)
    return {
        "us a question, judge": best(replay),
        "us a question, checking answers": best(lambda: [read(answer) for answer in answers]),
        "us a question, candidate": best(lambda: list(itertools.starmap(program.priority, asked))),
    }


def module(name: str, source: bytes) -> ModuleType:
    """A file of the task, executed."""
    made = ModuleType(name)
    exec(compile(source, name, "exec"), made.__dict__)
    return made


def best(work: Callable[[], object]) -> float:
    """CPU microseconds of one of `QUESTIONS` parts, the best of twenty."""
    seconds = []
    for _ in range(20):
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    return round(1e6 * min(seconds) / QUESTIONS, 2)


if __name__ == "__main__":
    main()
