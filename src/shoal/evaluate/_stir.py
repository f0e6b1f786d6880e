"""Changes what a judge must not depend on: the date, the clocks, the state of the global random generators.

A check starts a second judge process with all of these changed and expects the same scores from it.
"""

from __future__ import annotations

import datetime
import random
import sys
import time
from collections.abc import Callable
from typing import Any

__all__ = ["stir"]

LATER = 40_000_000.25  # seconds of the calendar: 463 days, to another hour and day of the week
LONGER = 98_765.5  # seconds of the other clocks
_SHIFTED = {"time": LATER, "monotonic": LONGER, "perf_counter": LONGER, "process_time": 0.75, "thread_time": 0.75}


def stir() -> None:
    """Set every clock of this process forward for good, and its global random generators elsewhere."""
    for name, seconds in _SHIFTED.items():
        setattr(time, name, _later(getattr(time, name), seconds))
        setattr(time, f"{name}_ns", _later(getattr(time, f"{name}_ns"), int(seconds * 1e9)))
    for name in ("localtime", "gmtime", "ctime"):
        setattr(time, name, _at(getattr(time, name)))
    datetime.date, datetime.datetime = _Date, _DateTime  # type: ignore[misc]
    random.seed(50_331_653)
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed(402_653_189)


def _later(clock: Callable[[], Any], ahead: float) -> Callable[[], Any]:
    return lambda: clock() + ahead


def _at(function: Callable[[float | None], Any]) -> Callable[..., Any]:
    return lambda seconds=None: function(time.time() if seconds is None else seconds)


class _Date(datetime.date):
    @classmethod
    def today(cls) -> _Date:
        return cls.fromtimestamp(time.time())


class _DateTime(datetime.datetime):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> _DateTime:
        return cls.fromtimestamp(time.time(), tz)

    @classmethod
    def utcnow(cls) -> _DateTime:
        return cls.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)

    @classmethod
    def today(cls) -> _DateTime:
        return cls.fromtimestamp(time.time())
