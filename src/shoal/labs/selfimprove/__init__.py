"""Self-improve: an agent that repairs programs rewrites its own code, and is kept only if it measurably got better.

Each public name is fetched from its module when first asked for: what runs inside the jails of this lab never pulls in
the supervisor's half.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shoal.labs.selfimprove._asked import Person, Question
    from shoal.labs.selfimprove._config import ARMS, FULL, StudyConfig
    from shoal.labs.selfimprove._holding import buys
    from shoal.labs.selfimprove._improvement import SelfImprovement
    from shoal.labs.selfimprove._report import CHAMPION
    from shoal.labs.selfimprove._study import StudyWatch, go_on, new_folder, settings_of, summary

_EXPORTS = {
    "ARMS": "_config",
    "CHAMPION": "_report",
    "FULL": "_config",
    "Person": "_asked",
    "Question": "_asked",
    "SelfImprovement": "_improvement",
    "StudyConfig": "_config",
    "StudyWatch": "_study",
    "buys": "_holding",
    "go_on": "_study",
    "new_folder": "_study",
    "settings_of": "_study",
    "summary": "_study",
}

__all__ = [
    "ARMS",
    "CHAMPION",
    "FULL",
    "Person",
    "Question",
    "SelfImprovement",
    "StudyConfig",
    "StudyWatch",
    "buys",
    "go_on",
    "new_folder",
    "settings_of",
    "summary",
]


def __getattr__(name: str) -> object:
    """Load a public name; raises AttributeError for any other."""
    if name not in _EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_EXPORTS[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_EXPORTS})
