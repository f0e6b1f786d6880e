"""The gap monitor: do gains on search instances show on instances that were never searched on?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

__all__ = ["GapMonitor"]

CONTESTS = 6  # remembered
ENOUGH = 3  # before anything is said
KEPT = 0.25  # share of the gain that must be left; below it the alarm is raised


@dataclass(frozen=True, slots=True)
class GapMonitor:
    """Gains of the last contests for champion: on search instances, and on fresh validation instances."""

    searched: tuple[float, ...] = ()
    fresh: tuple[float, ...] = ()
    alarmed: bool = False

    def heard(self, contest: Mapping[str, Any]) -> tuple[GapMonitor, str]:
        """Take in the data of a contest's note; return the monitor and what to say, "" for nothing new."""
        if "gain" not in contest:
            return self, ""
        searched = (*self.searched, float(contest["search_gain"]))[-CONTESTS:]
        fresh = (*self.fresh, float(contest["gain"]))[-CONTESTS:]
        monitor = replace(self, searched=searched, fresh=fresh)
        claimed, shown = sum(searched), sum(fresh)
        bad = len(searched) >= ENOUGH and claimed > 0 and shown < KEPT * claimed
        told = ""
        if bad and not self.alarmed:
            told = (
                f"search and validation part: the last {len(searched)} new bests gained {claimed:.3g} on the instances "
                f"they were found on, and {shown:.3g} on fresh ones"
            )
        return replace(monitor, alarmed=bad), told
