"""Testing: does a task's judge hold, and do this machine's walls? And a scripted language model to test against."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shoal.testing._attack_run import HELD, NOT_RUN, THROUGH, Row, run_attacks
    from shoal.testing._judge_checks import CheckProgress, check_task
    from shoal.testing._judge_findings import Finding
    from shoal.testing._model_faults import Faults
    from shoal.testing._model_server import Asked, ModelServer, Reply

__all__ = [
    "HELD",
    "NOT_RUN",
    "THROUGH",
    "Asked",
    "CheckProgress",
    "Faults",
    "Finding",
    "ModelServer",
    "Reply",
    "Row",
    "check_task",
    "run_attacks",
]

_HOME = {
    **dict.fromkeys(("HELD", "NOT_RUN", "THROUGH", "Row", "run_attacks"), "_attack_run"),
    **dict.fromkeys(("CheckProgress", "check_task"), "_judge_checks"),
    **dict.fromkeys(("Asked", "ModelServer", "Reply"), "_model_server"),
    "Faults": "_model_faults",
    "Finding": "_judge_findings",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
