"""Evaluation of sensor readings."""
from typing import Sequence


def rolling_peaks(readings: Sequence[int], window: int) -> list[int]:
    """Highest reading in each full window of consecutive readings."""
    if window < 1:
        raise ValueError("window must be at least 1")
    peaks = []
    for start in range(len(readings) - window + 1):
        peaks.append(max(readings[start:start + window]))
    return peaks
