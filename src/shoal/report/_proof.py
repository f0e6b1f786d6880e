"""Whether a gain holds: champion and initial program on the same held-out instances, pair by pair."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shoal.core.statistics import Interval, paired_interval
from shoal.core.values import CandidateId
from shoal.report._words import SELF_SCORED

__all__ = ["FORMER", "TRANSFER", "Proof", "Verdict", "looked_at", "proof_of"]


FORMER = "once champion, "  # before the id of a candidate that was champion for a while: the checkpoint of its look
TRANSFER = "transfer "  # before the name of a family, where a look names what it looked at


class Verdict(StrEnum):
    """What a run may claim about its champion."""

    SHOWN = "improvement shown"
    NOT_SHOWN = "no improvement shown"
    NONE = "nothing improved"
    OPEN = "not yet re-proved"
    SELF_SCORED = f"{SELF_SCORED}; nothing is proved"


@dataclass(frozen=True, slots=True)
class Proof:
    """One comparison on instances that nobody had met; ``gain`` is higher-is-better, None without pairs.

    ``initial`` and ``champion`` are scores as the judge gave them for all instances together, higher-is-better too.
    """

    split: str
    initial: float | None
    champion: float | None
    gain: Interval | None

    @property
    def holds(self) -> bool:
        """Whether the gain is above zero: by its interval, or by having a score where the initial program has none."""
        if self.champion is None:
            return False
        if self.initial is None:
            return True
        return self.gain is not None and self.gain.low > 0.0


def looked_at(checkpoint: str, candidate: str) -> str:
    """Who was looked at, in words; the checkpoint of a former champion names it already."""
    return checkpoint if checkpoint == FORMER + candidate else f"{checkpoint} {candidate}"


def proof_of(
    looks: Iterable[dict[str, Any]], split: str, *, initial: CandidateId | None, champion: CandidateId | None, sign: int
) -> Proof | None:
    """The last look at each of the two on ``split``; None where one of them was not looked at."""
    last = {look["candidate"]: look["outcome"] for look in looks if look["split"] == split}
    if initial not in last or champion not in last or initial == champion:
        return None
    before, after = last[initial], last[champion]
    values = [_values(outcome, sign) for outcome in (after, before)]
    pairs = [values[0][index] - values[1][index] for index in values[0] if index in values[1]]
    return Proof(split, before["score"], after["score"], paired_interval(pairs) if pairs else None)


def _values(outcome: dict[str, Any], sign: int) -> dict[int, float]:
    ones = outcome.get("per_instance", ())
    return {one["index"]: sign * one["value"] for one in ones if one["value"] is not None}
