"""Readings of the sensors."""

from typing import List


def _middle(ordered):
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2


def running_median(values: List[float]) -> List[float]:
    """The median of all readings so far, after each reading."""
    medians = []
    for i in range(len(values)):
        so_far = sorted(values[:i + 1])
        medians.append(_middle(so_far))
    return medians


def drop_marker(readings, marker=-1):
    """Take every marker out of readings (in place) and say how many there were."""
    dropped = 0
    while marker in readings:
        readings.remove(marker)
        dropped += 1
    return dropped
