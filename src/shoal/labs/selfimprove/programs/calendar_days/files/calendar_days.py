"""Dates of the Gregorian calendar as numbers of days."""

MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
LAST_YEAR = 9999


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_in_month(year: int, month: int) -> int:
    return 29 if month == 2 and _is_leap(year) else MONTH_DAYS[month - 1]


def _days_before_year(year: int) -> int:
    past = year - 1
    return past * 365 + past // 4 - past // 100 + past // 400


def _parse(date: str) -> tuple[int, int, int]:
    parts = date.split("-")
    if [len(part) for part in parts] != [4, 2, 2] or not all(part.isdecimal() for part in parts):
        raise ValueError(f"{date!r} is not of the form YYYY-MM-DD")
    year, month, day = (int(part) for part in parts)
    if year < 1 or not 1 <= month <= 12 or not 1 <= day <= _days_in_month(year, month):
        raise ValueError(f"there is no day {date}")
    return year, month, day


def day_number(date: str) -> int:
    """Count the days from the start of year 1; its first day is day 1."""
    year, month, day = _parse(date)
    return _days_before_year(year) + sum(_days_in_month(year, past) for past in range(1, month)) + day


def from_day_number(number: int) -> str:
    """Give the date of a day number."""
    if not 1 <= number <= _days_before_year(LAST_YEAR + 1):
        raise ValueError(f"day {number} is outside of the years 1 to {LAST_YEAR}")
    year = number // 366 + 1
    while _days_before_year(year + 1) < number:
        year += 1
    day = number - _days_before_year(year)
    month = 1
    while day > _days_in_month(year, month):
        day -= _days_in_month(year, month)
        month += 1
    return f"{year:04}-{month:02}-{day:02}"


def weekday(date: str) -> str:
    """Name the day of the week."""
    return WEEKDAYS[(day_number(date) - 1) % 7]


def add_days(date: str, days: int) -> str:
    """Go forward, or back, by a number of days."""
    return from_day_number(day_number(date) + days)
