"""Dates that come back every few months."""

from collections.abc import Iterator
from itertools import count, islice


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _last_day(year: int, month: int) -> int:
    if month == 2:
        return 29 if _is_leap(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _shift(date: str, months: int) -> str:
    """Go some months forward; a day that the month lacks becomes its last one."""
    year, month, day = (int(part) for part in date.split("-"))
    years, index = divmod(month - 1 + months, 12)
    year, month = year + years, index + 1
    return f"{year:04}-{month:02}-{min(day, _last_day(year, month)):02}"


def _endless(start: str, every: int) -> Iterator[str]:
    date = start
    for step in count(1):
        yield date
        date = _shift(start, every * step)


def _due(start: str, every: int) -> Iterator[str]:
    """Give all due dates, without end."""
    if every < 1:
        raise ValueError(f"every is {every}; it must be at least 1")
    return _endless(start, every)


def occurrences(start: str, number: int, every: int = 1) -> list[str]:
    """List the first due dates."""
    return list(islice(_due(start, every), max(number, 0)))


def between(start: str, first: str, last: str, every: int = 1) -> list[str]:
    """List the due dates of a period."""
    dates = []
    for date in _due(start, every):
        if date > last:
            break
        if date >= first:
            dates.append(date)
    return dates


def next_after(start: str, date: str, every: int = 1) -> str:
    """Find the first due date that is later than a date."""
    return next(due for due in _due(start, every) if due > date)
