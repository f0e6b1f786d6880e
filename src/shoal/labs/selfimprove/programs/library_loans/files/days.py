"""Days on which the library is open."""

CLOSED = 6


def is_open(day: int) -> bool:
    """Tell whether the library is open."""
    return day % 7 != CLOSED


def due_after(day: int, days: int) -> int:
    """Give the first open day from so many days later on."""
    due = day + days
    return due if is_open(due) else due + 1


def open_days(first: int, last: int) -> int:
    """Count the open days from the first to the last one, both included."""
    return sum(is_open(day) for day in range(first, last + 1))
