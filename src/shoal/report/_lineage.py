"""A lineage made short enough to read: steps of the same kind in a row become one stretch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shoal.report._view import Known, Step

__all__ = ["Stretch", "stretches"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Steps in a row by one operator. ``last`` is where it ends; ``gain`` is None where no step has one."""

    operator: str
    steps: int
    gain: float | None
    last: Known
    note: str


def stretches(lineage: Sequence[Step], *, most: int) -> list[Stretch]:
    """Return the lineage as at most ``most`` stretches (at least 3): the first, the last, those that gained most.

    What falls between is summed into stretches of the operator "others", so the gains still add up.
    """
    rows = _joined(lineage) if len(lineage) > most else [_stretch([step]) for step in lineage]
    if len(rows) <= most:
        return rows
    ranked = sorted(range(1, len(rows) - 1), key=lambda i: -(rows[i].gain or 0.0))
    # Each kept row may leave a gap before it, and there is one before the last.
    kept = {0, len(rows) - 1, *ranked[: max(0, (most - 3) // 2)]}
    return list(_with_gaps(rows, kept))


def _joined(lineage: Sequence[Step]) -> list[Stretch]:
    groups: list[list[Step]] = []
    for step in lineage:
        if groups and groups[-1][-1].candidate.operator == step.candidate.operator:
            groups[-1].append(step)
        else:
            groups.append([step])
    return [_stretch(group) for group in groups]


def _stretch(steps: Sequence[Step]) -> Stretch:
    gains = [step.gain for step in steps if step.gain is not None]
    last = steps[-1].candidate
    best = max(steps, key=lambda step: step.gain or 0.0).candidate
    return Stretch(last.operator, len(steps), sum(gains) if gains else None, last, best.note)


def _with_gaps(rows: Sequence[Stretch], kept: set[int]) -> list[Stretch]:
    shown: list[Stretch] = []
    gap: list[Stretch] = []
    for i, row in enumerate(rows):
        if i not in kept:
            gap.append(row)
            continue
        if gap:
            shown.append(_others(gap))
            gap = []
        shown.append(row)
    return shown


def _others(gap: Sequence[Stretch]) -> Stretch:
    if len(gap) == 1:
        return gap[0]
    names = ", ".join(sorted({row.operator for row in gap}))
    steps = sum(row.steps for row in gap)
    return Stretch("others", steps, sum(row.gain or 0.0 for row in gap), gap[-1].last, names)
