"""Half-open integer intervals: their union and what it leaves open."""

Interval = list[int]


def _clamp(value: int, low: int, high: int) -> int:
    """The value of the range that is nearest to the value given."""
    return max(low, min(value, high))


def _check(start: int, end: int) -> None:
    if end < start:
        raise ValueError(f"interval [{start}, {end}] ends before it starts")


def merge(intervals: list[Interval]) -> list[Interval]:
    """Join intervals that overlap or touch."""
    for start, end in intervals:
        _check(start, end)
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if start == end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return merged


def gaps(intervals: list[Interval], low: int, high: int) -> list[Interval]:
    """List what the intervals leave open between low and high."""
    _check(low, high)
    open_parts = []
    cursor = low
    for start, end in merge(intervals):
        reached = _clamp(start, low, high)
        if cursor < reached:
            open_parts.append([cursor, reached])
        cursor = _clamp(end, cursor, high)
    if cursor < high:
        open_parts.append([cursor, high])
    return open_parts


def covered(intervals: list[Interval], low: int, high: int) -> int:
    """Count the points from low to high that the intervals cover."""
    return high - low - sum(end - start for start, end in gaps(intervals, low, high))
