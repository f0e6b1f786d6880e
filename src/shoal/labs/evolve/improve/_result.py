"""What came of it: speed-up with its interval, growth with size, the patch, and one page that says so."""

from __future__ import annotations

import difflib
import math
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shoal.core.errors import UserError
from shoal.core.statistics import paired_interval
from shoal.labs.evolve._run import Finished
from shoal.report import TRANSFER, RunView

__all__ = [
    "Gain",
    "Improved",
    "Memory",
    "SizePoint",
    "Speedup",
    "apply_patch",
    "gain_of",
    "memory_of",
    "patch_of",
    "size_points",
    "speedup_of",
]


LEAST_SPEEDUP = 1.05
NOTICED, NOTICED_MB = 1.1, 1.0  # times as much memory, and MB more, from which on it is said to have grown


@dataclass(frozen=True, slots=True)
class Speedup:
    """How many times as fast: the geometric mean over sealed cases, and its 95 % interval.

    ``size`` is how many times as large as the recorded calls the sealed ones are.
    """

    mean: float
    low: float
    high: float
    cases: int
    size: float = 1.0

    @property
    def shown(self) -> bool:
        """Whether it is faster beyond chance, by more than nobody would feel."""
        return self.low > LEAST_SPEEDUP


@dataclass(frozen=True, slots=True)
class Gain:
    """What a number came to on sealed calls: before and after, and the 95 % interval of the mean paired difference."""

    name: str
    before: float
    after: float
    mean: float
    low: float
    high: float

    @property
    def shown(self) -> bool:
        """Whether it is better beyond chance."""
        return self.low > 0.0


@dataclass(frozen=True, slots=True)
class SizePoint:
    """CPU seconds of a case, ``factor`` times as large as recorded calls, before and after; and peak memory in MB."""

    factor: float
    before: float
    after: float
    memory_before: float
    memory_after: float


@dataclass(frozen=True, slots=True)
class Memory:
    """Peak memory in MB of the process that makes the calls of a sealed case, of the largest ones that there are.

    The interpreter is in it, and the calls and what they return. ``size`` is how large they are against recorded calls.
    """

    size: float
    before: float
    after: float

    @property
    def grew(self) -> bool:
        """Whether it is noticeably more than before."""
        return self.after > NOTICED * self.before and self.after - self.before > NOTICED_MB

    def said(self) -> str:
        """One line."""
        grew = ": it grew" if self.grew else ""
        return f"peak memory on the largest sealed cases {self.before:.0f} MB before, {self.after:.0f} MB after{grew}"


@dataclass(slots=True)
class Improved:
    """The outcome of `improve`. ``patch`` is "" where nothing beat the function as it was."""

    spec: str
    file: str
    verdict: str
    speedup: Speedup | None = None
    gain: Gain | None = None
    sizes: list[SizePoint] = field(default_factory=list)
    memory: Memory | None = None
    patch: str = ""
    before: str = ""
    source: str = ""
    tests: str = ""  # what the project's own tests said of the patched project
    notes: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)  # the edits of the champion's lineage
    evaluations: int = 0
    cpu_seconds: float = 0.0
    ended: str = ""  # why the search went no further
    run: str = ""
    folder: str = ""

    def summary(self) -> dict[str, Any]:
        """The object that ``--json`` prints."""
        parts = ("speedup", "gain", "memory")
        names = [name for name in self.__slots__ if name not in (*parts, "sizes", "before", "source")]
        told = {name: _fields(getattr(self, name)) for name in parts}
        return {**{name: getattr(self, name) for name in names}, **told, "sizes": list(map(_fields, self.sizes))}


def _fields(one: Any) -> dict[str, Any] | None:
    return None if one is None else {name: getattr(one, name) for name in one.__slots__}


def speedup_of(view: RunView, sizes: Mapping[str, float]) -> Speedup | None:
    """From the looks behind the seal; None where there was none of both programs."""
    last = {look["candidate"]: look["outcome"] for look in view.looks if look["split"] == "sealed"}
    before, after = last.get(view.initial), last.get(view.champion)
    if before is None or after is None or view.initial == view.champion:
        return None
    mine, theirs = _values(after), _values(before)
    logs = [math.log(theirs[k] / mine[k]) for k in mine if k in theirs]
    if not logs or len(logs) < len(theirs):
        return None
    found = paired_interval(logs)
    size = sizes.get("sealed", 1.0)
    return Speedup(math.exp(found.mean), math.exp(found.low), math.exp(found.high), len(logs), size)


def gain_of(done: Finished, *, name: str) -> Gain | None:
    """The gain of the number ``name`` behind the seal; None where there is none to tell."""
    low, high, mean = done.sealed_gain_low, done.sealed_gain_high, done.sealed_gain
    if mean is None or low is None or high is None or done.sealed_initial is None or done.sealed_score is None:
        return None
    return Gain(name, done.sealed_initial, done.sealed_score, mean, low, high)


def _values(outcome: Mapping[str, Any]) -> dict[int, float]:
    return {one["index"]: one["value"] for one in outcome["per_instance"] if one["value"]}


def size_points(view: RunView, sizes: Mapping[str, float]) -> list[SizePoint]:
    """What cases of growing size cost, before and after, by the looks at the families of sizes."""
    points = []
    for label in sorted((one for one in sizes if one.startswith("x")), key=lambda one: sizes[one]):
        looks = [
            look["outcome"]
            for look in view.looks
            if look["split"] == f"{TRANSFER}{label}" and look["candidate"] == view.champion
        ]
        if not looks or looks[-1]["score"] is None:
            continue
        told = looks[-1]["metrics"]
        points.append(
            SizePoint(
                sizes[label],
                told["cpu_ms_before"] / 1e3,
                told["cpu_ms"] / 1e3,
                told["peak_mb_before"],
                told["peak_mb"],
            )
        )
    return points


def memory_of(view: RunView, points: Sequence[SizePoint], sizes: Mapping[str, float]) -> Memory | None:
    """Of the last of the size points, or of the sealed cases where there are none; None where nothing was measured."""
    if points:
        return Memory(points[-1].factor, points[-1].memory_before, points[-1].memory_after)
    last = {look["candidate"]: look["outcome"] for look in view.looks if look["split"] == "sealed"}
    told = last.get(view.champion, {}).get("metrics", {})
    if "peak_mb" not in told:
        return None
    return Memory(sizes.get("sealed", 1.0), told["peak_mb_before"], told["peak_mb"])


def patch_of(before: str, after: str, file: str) -> str:
    """A unified diff that `git apply` and `patch -p1` take."""
    lines = difflib.unified_diff(_lines(before), _lines(after), f"a/{file}", f"b/{file}")
    made = []
    for line in lines:
        made.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(made)


def _lines(text: str) -> list[str]:
    """As tools count them: a form feed inside a line ends none."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def apply_patch(project: Path, improved: Improved) -> None:
    """Write the new text over the file, whole or not at all; `UserError` where it is no longer what it was."""
    path = project / improved.file
    if path.read_bytes() != improved.before.encode():
        raise UserError(
            f"{improved.file} changed since the search began: the patch is in the report, nothing was written"
        )
    fresh = path.with_name(f".{path.name}.shoal")
    fresh.write_bytes(improved.source.encode())
    fresh.chmod(path.stat().st_mode & 0o777)
    os.replace(fresh, path)
