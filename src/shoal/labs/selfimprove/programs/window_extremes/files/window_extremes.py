"""Largest and smallest entries of windows that move on, by queues that stay in order."""

from collections import deque


class Extreme:
    """The largest (sign 1) or smallest (sign -1) value of a window."""

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.waiting: deque[tuple[int, int]] = deque()

    def push(self, place: int, value: int) -> None:
        """A value comes in on the right; what it outdoes will never be an extreme again."""
        while self.waiting and self.sign * self.waiting[-1][1] <= self.sign * value:
            self.waiting.pop()
        self.waiting.append((place, value))

    def drop_before(self, place: int) -> None:
        """The window now begins at this place."""
        while self.waiting and self.waiting[0][0] < place:
            self.waiting.popleft()

    def value(self) -> int:
        return self.waiting[0][1]


def spreads(values: list[int], size: int) -> list[int]:
    """Largest less smallest entry of each window of a size."""
    if size < 1:
        raise ValueError("a window has at least one entry")
    high, low = Extreme(1), Extreme(-1)
    result = []
    for index, value in enumerate(values):
        for extreme in (high, low):
            extreme.push(index, value)
            extreme.drop_before(index - size + 1)
        if index >= size - 1:
            result.append(high.value() - low.value())
    return result


def longest_calm(values: list[int], limit: int) -> list[int]:
    """The first of the longest windows without more than a difference."""
    if limit < 0:
        raise ValueError("a limit is not negative")
    high, low = Extreme(1), Extreme(-1)
    best = [0, 0]
    start = 0
    for index, value in enumerate(values):
        high.push(index, value)
        low.push(index, value)
        while high.value() - low.value() > limit:
            start += 1
            high.drop_before(start)
            low.drop_before(start)
        if index - start + 1 > best[1]:
            best = [start, index - start + 1]
    return best


def next_higher(values: list[int]) -> list[int]:
    """How far it is to the next higher entry."""
    result = [0] * len(values)
    open_places: list[int] = []
    for index, value in enumerate(values):
        while open_places and values[open_places[-1]] < value:
            place = open_places.pop()
            result[place] = index - place
        open_places.append(index)
    return result


def recent_peaks(events: list[list[int]], span: int) -> list[int]:
    """For each event the largest value of the last time."""
    if span < 1:
        raise ValueError("a span is at least 1")
    high = Extreme(1)
    peaks = []
    last = events[0][0] if events else 0
    for time, value in events:
        if time < last:
            raise ValueError(f"time {time} comes after {last}")
        last = time
        high.push(time, value)
        high.drop_before(time - span + 1)
        peaks.append(high.value())
    return peaks
