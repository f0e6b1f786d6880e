"""What a timed instance is worth: the CPU time of the candidate's process as a share of the initial program's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from shoal.evaluate._judge_wire import BASE, CHECKED, MINE, ROLES, THEIRS
from shoal.sandbox import Exit

__all__ = ["exits_of", "value_shares"]

LEAST_SECONDS = 1e-5  # what the clock of a process can tell, and what a call takes at least
BLURRED = 0.02  # of the time that preparing the calls takes: it is never quite the same, so that less cannot be told


def exits_of(ones: Sequence[dict[str, Any]], exits: Sequence[Exit], numbers: Sequence[int]) -> list[Exit]:
    """How the process that decides each instance ended: the timed one, or that in which the candidate failed before."""
    places = [
        {number % ROLES: exit for number, exit in zip(numbers, exits, strict=True) if number // ROLES == place}
        for place in range(len(ones))
    ]
    # Calls that are only compared come before the one process that prepares the timed ones.
    early = (one["status"] != "ok" and BASE not in place for one, place in zip(ones, places, strict=True))
    return [place[CHECKED if before else MINE] for before, place in zip(early, places, strict=True)]


def value_shares(report: dict[str, Any], exits: Sequence[Exit], numbers: Sequence[int]) -> None:
    """Write into a judge's report what it cannot know: per cent of the initial program's CPU time, and memory.

    Of both is taken off what a process used that only prepared the calls; what is left counts as the least that can be
    told, at least. The score is the geometric mean, for a half and a double shall cancel out.
    """
    found = dict(zip(numbers, exits, strict=True))
    logs = []
    for place, one in enumerate(report["per_instance"]):
        if one["status"] != "ok":
            continue
        mine, theirs, base = (found[place * ROLES + role] for role in (MINE, THEIRS, BASE))
        least = max(LEAST_SECONDS, BLURRED * base.cpu_seconds)
        used, before = (max(exit.cpu_seconds - base.cpu_seconds, least) for exit in (mine, theirs))
        one["value"] = 100.0 * used / before
        one["metrics"] = {"cpu_ms": 1e3 * used, "cpu_ms_before": 1e3 * before}
        one["metrics"] |= {"peak_mb": mine.peak_bytes / 2**20, "peak_mb_before": theirs.peak_bytes / 2**20}
        logs.append(math.log(one["value"]))
    if report["score"] is not None:
        report["score"] = math.exp(math.fsum(logs) / len(logs))
