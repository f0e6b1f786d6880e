"""Schedules written as fields of minutes, hours, days, months and weekdays."""

import re

ITEM = re.compile(r"(?:[*]|([0-9]+)-([0-9]+))(?:/([0-9]+))?|([0-9]+)", re.ASCII)
LIMITS = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)]


def expand(field: str, low: int, high: int) -> list[int]:
    """List the numbers that a field stands for."""
    numbers: set[int] = set()
    for item in field.split(","):
        match = ITEM.fullmatch(item)
        if not match:
            raise ValueError(f"{item!r} is not *, a number or a range")
        first, last, step, single = match.groups()
        start = int(single or first or low)
        end = int(single or last or high)
        stride = int(step or 1)
        if not low <= start <= end <= high or stride == 0:
            raise ValueError(f"{item!r} does not fit {low}-{high}")
        numbers.update(range(start, end + 1, stride))
    return sorted(numbers)


def matches(schedule: str, moment: list[int]) -> bool:
    """Tell whether a moment (minute, hour, day, month, weekday) is on the schedule."""
    fields = schedule.split()
    if len(fields) != len(LIMITS):
        raise ValueError(f"{schedule!r} does not have {len(LIMITS)} fields")
    fits = [
        number in expand(field, low, high) for field, number, (low, high) in zip(fields, moment, LIMITS, strict=True)
    ]
    minute, hour, day, month, weekday = fits
    if fields[2] != "*" and fields[4] != "*":
        return minute and hour and month and (day or weekday)
    return all(fits)


def next_time(minutes: str, hours: str, now: str) -> str:
    """Find the next time of day on the schedule, now included."""
    hour, minute = (int(part) for part in now.split(":"))
    good_minutes = expand(minutes, 0, 59)
    good_hours = expand(hours, 0, 23)
    for good_hour in good_hours:
        for good_minute in good_minutes:
            if (good_hour, good_minute) >= (hour, minute):
                return f"{good_hour:02}:{good_minute:02}"
    return f"{good_hours[0]:02}:{good_minutes[0]:02}"
