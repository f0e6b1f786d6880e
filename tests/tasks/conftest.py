"""Runs the modules of a task in this process, as plain Python."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from types import ModuleType
from typing import Any

import pytest

from shoal.evaluate._answers import Reader, readers
from shoal.tasks import Task, load


class Asked:
    """Questions to a plain function ``ask(name, ...)``, whose answers are checked and converted as declared."""

    def __init__(self, ask: Callable[..., Any], reads: Mapping[str, Reader]) -> None:
        self.ask, self.reads = ask, reads

    def __call__(self, name: str, *args: Any) -> Any:
        return self.reads[name](self.ask(name, *args))

    def many(self, name: str, arguments: Iterable[Sequence[Any]]) -> list[Any]:
        return [self(name, *one) for one in arguments]


def declared(task: Task, judge: ModuleType) -> ModuleType:
    """The judge with answers as it gets them: checked and converted as `task.toml` declares."""
    reads = readers([asdict(answer) for answer in task.answers])
    if task.kind == "session" and reads:
        play = vars(judge)["play"]
        vars(judge)["play"] = lambda instance, ask: play(instance, Asked(ask, reads))
        return judge
    for read in reads.values():
        for name in ("score", "picture"):
            function = getattr(judge, name)
            setattr(judge, name, lambda instance, output, f=function, r=read: f(instance, r(output)))
    return judge


def module_of(task: str, file: str) -> ModuleType:
    """Return the module that a task's source bytes make; `file` is "judge", "initial" or "public"."""
    loaded, module = load(task), ModuleType(f"{task}_{file}")
    module.__file__ = str(loaded.folder / f"{file}.py")
    exec(compile(getattr(loaded, file), f"{task}/{file}.py", "exec"), module.__dict__)
    return declared(loaded, module) if file == "judge" else module


@pytest.fixture(scope="session")
def module():
    return module_of
