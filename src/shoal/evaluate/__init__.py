"""Evaluation: what runs a candidate in the sandbox and its output past the judge."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shoal.evaluate._evaluator import Shown, TaskEvaluator
    from shoal.evaluate._setting import Ported, Setting

__all__ = ["Ported", "Setting", "Shown", "TaskEvaluator"]

_WHERE = {"Ported": "_setting", "Setting": "_setting", "Shown": "_evaluator", "TaskEvaluator": "_evaluator"}


def __getattr__(name: str) -> Any:
    # Lazy: the child-side modules of this package must not drag the supervisor's imports into every jail.
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
