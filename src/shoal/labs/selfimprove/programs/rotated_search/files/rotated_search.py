"""Binary searches in a sorted list of distinct numbers that was rotated."""


def rotation(values: list[int]) -> int:
    """Index of the smallest number."""
    low, high = 0, max(len(values) - 1, 0)
    while low < high:
        middle = (low + high) // 2
        if values[middle] > values[high]:
            low = middle + 1
        else:
            high = middle
    return low


def rank(values: list[int], bound: int, start: int) -> int:
    """How many numbers are below the bound, where `start` is the index of the smallest one."""
    low, high = 0, len(values)
    while low < high:
        middle = (low + high) // 2
        if values[(start + middle) % len(values)] < bound:
            low = middle + 1
        else:
            high = middle
    return low


def index_of(values: list[int], wanted: int) -> int:
    """Index of a number, -1 if it is not there."""
    start = rotation(values)
    place = rank(values, wanted, start)
    if place == len(values):
        return -1
    index = (start + place) % len(values)
    return index if values[index] == wanted else -1


def smallest_at_least(values: list[int], bound: int) -> int | None:
    """The smallest number not below the bound."""
    start = rotation(values)
    place = rank(values, bound, start)
    return values[(start + place) % len(values)] if place < len(values) else None


def count_between(values: list[int], low: int, high: int) -> int:
    """How many numbers are at least `low` and below `high`."""
    if low > high:
        raise ValueError(f"{low} is above {high}")
    start = rotation(values)
    return rank(values, high, start) - rank(values, low, start)
