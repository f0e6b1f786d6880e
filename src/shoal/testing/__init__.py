"""Testing: conformance suites for what other people write. Here: does a task's judge hold?"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shoal.testing._judge_checks import CheckProgress, check_task
    from shoal.testing._judge_findings import Finding

__all__ = ["CheckProgress", "Finding", "check_task"]

_HOME = {"CheckProgress": "_judge_checks", "Finding": "_judge_findings", "check_task": "_judge_checks"}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
