"""Runs the modules of a task in this process, as plain Python."""

from dataclasses import asdict
from types import ModuleType

import pytest

from shoal.evaluate._answers import readers
from shoal.tasks import Task, load


def declared(task: Task, judge: ModuleType) -> ModuleType:
    """The judge with answers as it gets them: checked and converted as `task.toml` declares."""
    reads = readers([asdict(answer) for answer in task.answers])
    if task.kind == "session" and reads:
        play = vars(judge)["play"]
        asked = lambda ask: lambda name, *arguments: reads[name](ask(name, *arguments))  # noqa: E731
        vars(judge)["play"] = lambda instance, ask: play(instance, asked(ask))
        return judge
    for read in reads.values():
        for name in ("score", "picture"):
            function = getattr(judge, name)
            setattr(judge, name, lambda instance, output, f=function, r=read: f(instance, r(output)))
    return judge


def module_of(task: str, file: str) -> ModuleType:
    """Return the module that a task's source bytes make; `file` is "judge", "initial" or "public"."""
    loaded, module = load(task), ModuleType(f"{task}_{file}")
    exec(compile(getattr(loaded, file), f"{task}/{file}.py", "exec"), module.__dict__)
    return declared(loaded, module) if file == "judge" else module


@pytest.fixture(scope="session")
def module():
    return module_of
