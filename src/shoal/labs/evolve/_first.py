"""Runs of tasks that have no first program: who may begin one, and what a model is told of how the judge uses it."""

from __future__ import annotations

import ast
import platform
from collections.abc import Iterator

from shoal.labs.evolve._config import RunConfig
from shoal.propose import Contract
from shoal.tasks import Answer, Task, load

__all__ = ["contract_of", "is_written", "load_for"]


def load_for(config: RunConfig) -> Task:
    """The task of a run; it may lack its first program where a model can write one, or ``--from`` names one."""
    return load(config.task, program=not config.asked and config.start is None)


def is_written(config: RunConfig, task: Task) -> bool:
    """Whether the run's first program is to be written by a model."""
    return not task.has_program and config.start is None


def contract_of(task: Task) -> Contract:
    """What somebody who sees neither program nor judge must know to write a program that gets a score."""
    return Contract((*_use(task), *_answers(task), *_public(task), *_limits(task)), task.program.entry)


def _use(task: Task) -> Iterator[str]:
    program = task.program
    names = ", ".join(program.entry)
    match task.kind:
        case "call":
            yield f"The judge calls {names} once for each instance, in a fresh process, and scores what it returns."
        case "session":
            yield f"The judge calls {names} many times for each instance, in one process, with one question each time."
        case "command":
            if program.compile:
                yield f"It is compiled by: {' '.join(program.compile)}"
            yield f"It is run for each instance, in a folder of its own, by: {' '.join(program.command)}"
            left = f"the files it leaves there: {', '.join(program.outputs)}" if program.outputs else "what it prints"
            yield f"The judge scores {left}. An exit code other than 0 is a failure."
    if program.file.endswith(".py"):
        version = ".".join(platform.python_version_tuple()[:2])  # a smaller step must not make another prompt
        yield f"It runs on Python {version} with the standard library and numpy."


def _answers(task: Task) -> Iterator[str]:
    for function in dict.fromkeys(one.function for one in task.answers):
        told = [_answer(one) for one in task.answers if one.function == function]
        several = f"a sequence of {len(told)}, in this order: " if len(told) > 1 else ""
        yield f"{function} returns {several}{'; '.join(told)}."


def _answer(one: Answer) -> str:
    """What one array or number may be."""
    kind = {"float": "finite floats" if one.finite else "floats", "int": "whole numbers"}[one.dtype]
    axes = " x ".join("any number" if axis < 0 else str(axis) for axis in one.shape)
    parts = [
        f"{one.name}: an array of {axes} {kind}" if one.shape else f"{one.name}: one number ({kind})",
        f"none below {one.low:g}" if one.low is not None else "",
        f"none above {one.high:g}" if one.high is not None else "",
        "no two alike" if one.distinct else "",
        "each of 0 .. n - 1 exactly once" if one.permutation else "",
    ]
    return ", ".join(part for part in parts if part)


def _public(task: Task) -> Iterator[str]:
    """The functions of `public.py`, which candidates can read themselves, with the first line of what they say."""
    for one in ast.parse(task.public or b"").body:
        if isinstance(one, ast.FunctionDef) and not one.name.startswith("_"):
            told = (ast.get_docstring(one) or "").partition("\n")[0]
            said = f": {told}" if told else ""
            yield f"It may import the module public and call public.{one.name}({ast.unparse(one.args)}){said}"


def _limits(task: Task) -> Iterator[str]:
    limits = task.limits
    yield f"For each instance it has {limits.cpu_seconds:g} seconds of CPU time and {limits.memory_mb:,} MiB of memory."
    yield "It has no network."
