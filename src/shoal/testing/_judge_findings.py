"""What a check of a judge found, and how what many hostile answers got becomes a few lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from shoal.testing._judge_bench import Bench, Seen

__all__ = ["Finding", "Level", "Remark", "beyond_range", "fault_of", "gathered", "standing"]

Level = Literal["ok", "note", "weak", "wrong"]
LEVELS: tuple[Level, ...] = ("ok", "note", "weak", "wrong")
CLOSE = 1e-9  # scores this near one another, relatively, are taken for equal: sums in another order differ as much
NOISE = 0.2  # the same for scores that are measurements
SHOWN = 3
# What `TaskEvaluator` says of a judge that did not raise but died, or went over its limits.
_GRAVE = ("used up", "did not end", "left with", "died of", "tried what", "the judge ended", "the judge's report")


@dataclass(frozen=True, slots=True)
class Finding:
    """One check and what it found. "note" is worth a look; "weak" and "wrong" want mending, and ``mend`` says how."""

    check: str
    status: Level
    detail: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """What one hostile program showed: ``name`` is what it did, ``text`` what came of it."""

    status: Level
    name: str
    text: str


def standing(bench: Bench, seen: Seen) -> Literal["worse", "equal", "better", "best"]:
    """How a score compares with the honest one. "best": better than the best value known, or than any can be."""
    assert seen.score is not None and bench.honest.score is not None
    gain = seen.score - bench.honest.score
    room = (NOISE if bench.task.measured else CLOSE) * max(abs(bench.honest.score), abs(seen.score))
    if abs(gain) <= room:
        return "equal"
    if gain < 0:
        return "worse"
    known = bench.best_known
    return "best" if seen.score >= bench.best_end or (known is not None and seen.score > known + room) else "better"


def beyond_range(bench: Bench, seen: Seen) -> bool:
    """Whether only `score.range` stopped a score that would have been better than any."""
    found = re.match(r"the score (\S+) is outside the task's range", seen.feedback)
    return found is not None and bench.setting.sign * float(found[1]) > bench.best_end


def fault_of(seen: Seen) -> tuple[Level, str]:
    """How bad a judge's failure is, in one phrase."""
    grave = any(words in seen.fault for words in _GRAVE)
    if grave:
        return "wrong", seen.fault.removeprefix("the judge ")
    kind, _, told = seen.fault.partition(": ")
    where = re.search(r"\(judge\.py, line \d+\)$", told)
    return "weak", f"raises {kind}{f' {where[0]}' if where else f': {told[:120]}'}"


def gathered(check: str, remarks: Iterable[Remark], *, tried: int, mend: str, fine: str) -> list[Finding]:
    """One finding for each level that occurs, the worst first; else one "ok" that says ``fine``."""
    remarks = list(remarks)
    findings = []
    for level in reversed(LEVELS):
        names: dict[str, list[str]] = {}
        for remark in remarks:
            if remark.status == level:
                names.setdefault(remark.text, []).append(remark.name)
        told = [f"{_names(some)}: {text}" for text, some in names.items()]
        if told:
            more = f"; and {len(told) - SHOWN} other ways" if len(told) > SHOWN else ""
            findings.append(Finding(check, level, "; ".join(told[:SHOWN]) + more, mend))
    if not tried and not findings:
        return []
    return findings or [Finding(check, "ok", fine)]


def _names(names: Sequence[str]) -> str:
    names = list(dict.fromkeys(names))
    if len(names) <= SHOWN:
        return ", ".join(names)
    return f"{', '.join(names[: SHOWN - 1])} and {len(names) - SHOWN + 1} more"
