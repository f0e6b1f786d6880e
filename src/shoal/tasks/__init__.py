"""Tasks: what is evolved, and the judge that scores it. Built-in tasks have the same shape as a user's folder.

- `task.toml`: what is asked, how it is scored, how much a program may use
- `initial.py`: the program a run starts from
- `judge.py`: makes instances, scores outputs; never seen by a candidate
- `public.py`, optional: a score that candidates may call
- `data/`, optional: files that judge and candidates read
- `judge_data/`, optional: files that the judge alone reads

Folders of ShinkaEvolve and OpenEvolve are recognised as they are: tasks of kind "self_scored".
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shoal.tasks._convert import Asked, check_convertible, write_converted
    from shoal.tasks._discovery import names
    from shoal.tasks._load import load
    from shoal.tasks._ported import entries_of
    from shoal.tasks._scaffold import scaffold
    from shoal.tasks._setting import setting_of
    from shoal.tasks._task import Answer, Instances, Limits, Program, Scoring, Task, TaskError

__all__ = [
    "Answer",
    "Asked",
    "Instances",
    "Limits",
    "Program",
    "Scoring",
    "Task",
    "TaskError",
    "check_convertible",
    "entries_of",
    "load",
    "names",
    "scaffold",
    "setting_of",
    "write_converted",
]

_HOME = {
    "Asked": "_convert",
    "check_convertible": "_convert",
    "entries_of": "_ported",
    "load": "_load",
    "names": "_discovery",
    "scaffold": "_scaffold",
    "setting_of": "_setting",
    "write_converted": "_convert",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME.get(name, '_task')}"), name)
