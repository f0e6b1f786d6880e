"""Shifts of people."""

from typing import Any, NamedTuple

DAY, WEEK = 24, 7


class Shift(NamedTuple):
    """Hours counted from the beginning of day 0."""

    begin: int
    end: int
    person: str

    @property
    def day(self) -> int:
        return self.begin // DAY

    @property
    def hours(self) -> int:
        return self.end - self.begin


def read(roster: list[list[Any]]) -> list[Shift]:
    """Shifts in the order of their starts."""
    shifts = []
    for person, day, start, hours in roster:
        if day < 0 or not 0 <= start < DAY or not 1 <= hours <= DAY:
            raise ValueError(f"a shift of {person} on day {day} is not possible")
        begin = day * DAY + start
        shifts.append(Shift(begin, begin + hours, person))
    return sorted(shifts)


def by_person(shifts: list[Shift]) -> dict[str, list[Shift]]:
    """The shifts of each person."""
    found: dict[str, list[Shift]] = {}
    for shift in shifts:
        found.setdefault(shift.person, []).append(shift)
    return found
