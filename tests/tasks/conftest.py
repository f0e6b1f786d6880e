"""Runs the modules of a task in this process, as plain Python."""

from types import ModuleType

import pytest

from shoal.tasks import load


def module_of(task: str, file: str) -> ModuleType:
    """Return the module that a task's source bytes make; `file` is "judge", "initial" or "public"."""
    module = ModuleType(f"{task}_{file}")
    source = getattr(load(task), file)
    exec(compile(source, f"{task}/{file}.py", "exec"), module.__dict__)
    return module


@pytest.fixture(scope="session")
def module():
    return module_of
