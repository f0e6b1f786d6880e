"""Self-improve: an agent that repairs programs rewrites its own code, and is kept only if it measurably got better."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shoal.labs.selfimprove._config import ARMS, FULL, StudyConfig
    from shoal.labs.selfimprove._improvement import SelfImprovement
    from shoal.labs.selfimprove._study import StudyWatch, begin, go_on, new_folder, summary

__all__ = ["ARMS", "FULL", "SelfImprovement", "StudyConfig", "StudyWatch", "begin", "go_on", "new_folder", "summary"]

_WHERE = {**dict.fromkeys(("ARMS", "FULL", "StudyConfig"), "_config"), "SelfImprovement": "_improvement"}


def __getattr__(name: str) -> Any:
    # Lazy: what runs inside the jails lives here too, and nothing else of the lab may come along.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_WHERE.get(name, '_study')}"), name)
