"""Readings of a thermometer."""

from itertools import pairwise

MINUTES = 1440


def check(log: list[list[int]]) -> None:
    """Refuse readings that are out of order."""
    for (before, _), (after, _) in pairwise(log):
        if after <= before:
            raise ValueError(f"minute {after} comes after {before}")


def clean(log: list[list[int]], jump: int) -> list[list[int]]:
    """Readings without glitches."""
    check(log)
    kept: list[list[int]] = []
    for index, (minute, tenths) in enumerate(log):
        if kept and abs(tenths - kept[-1][1]) > jump:
            following = log[index + 1 : index + 2]
            if not following or abs(following[0][1] - tenths) > jump:
                continue
        kept.append([minute, tenths])
    return kept


def at(log: list[list[int]], minute: int) -> int:
    """The temperature at a minute."""
    check(log)
    if not log:
        raise ValueError("the log is empty")
    if minute <= log[0][0]:
        return log[0][1]
    for (left, cold), (right, warm) in pairwise(log):
        if left <= minute <= right:
            span = right - left
            weighted = cold * (right - minute) + warm * (minute - left)
            rounded = (2 * abs(weighted) + span) // (2 * span)
            return rounded if weighted >= 0 else -rounded
    return log[-1][1]


def mean(log: list[list[int]], start: int, end: int) -> float:
    """The mean temperature over minutes."""
    if end <= start:
        raise ValueError("the end is not after the start")
    return sum(at(log, minute) for minute in range(start, end)) / (end - start)


def alarms(log: list[list[int]], low: int, high: int, patience: int) -> list[list[int]]:
    """Times that were too cold or too warm for too long."""
    check(log)
    found: list[list[int]] = []
    since: int | None = None
    for index, (minute, tenths) in enumerate(log):
        outside = tenths < low or tenths > high
        if outside and since is None:
            since = minute
        if since is not None and (not outside or index == len(log) - 1):
            if minute - since >= patience:
                found.append([since, minute])
            since = None
    return found


def daily(log: list[list[int]]) -> dict[str, list[int]]:
    """Lowest and highest reading of each day."""
    check(log)
    days: dict[str, list[int]] = {}
    for minute, tenths in log:
        low, high = days.setdefault(str(minute // MINUTES), [tenths, tenths])
        days[str(minute // MINUTES)] = [min(low, tenths), max(high, tenths)]
    return days
