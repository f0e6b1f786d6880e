"""Rosters: are the rules kept, is everybody there, what is it worth."""

from collections import defaultdict
from itertools import pairwise
from typing import Any

from shifts import DAY, WEEK, Shift, by_person, read


def problems(roster: list[list[Any]], rules: dict[str, int]) -> list[list[Any]]:
    """What breaks the rules."""
    found: set[tuple[str, int, str]] = set()
    for person, shifts in by_person(read(roster)).items():
        for shift in shifts:
            if shift.hours > rules.get("longest", shift.hours):
                found.add((person, shift.day, "too long"))
        for before, after in pairwise(shifts):
            if after.begin < before.end:
                found.add((person, after.day, "overlap"))
            elif after.begin - before.end < rules.get("rest", 0):
                found.add((person, after.day, "too little rest"))
        if "week" in rules:
            found |= {(person, day, "too many hours") for day in days_over_week(shifts, rules["week"])}
    return [list(problem) for problem in sorted(found)]


def days_over_week(shifts: list[Shift], limit: int) -> list[int]:
    """The day of each week on which the limit is passed."""
    hours: dict[int, int] = defaultdict(int)
    days = []
    for shift in shifts:
        week = shift.day // WEEK
        if hours[week] <= limit < hours[week] + shift.hours:
            days.append(shift.day)
        hours[week] += shift.hours
    return days


def uncovered(roster: list[list[Any]], day: int, needed: list[list[int]]) -> list[list[int]]:
    """Hours with too few people."""
    shifts = read(roster)
    wanted = [0] * DAY
    for start, end, people in needed:
        if not 0 <= start < end <= DAY or people < 0:
            raise ValueError(f"{people} people from {start} to {end} are not possible")
        for hour in range(start, end):
            wanted[hour] = max(wanted[hour], people)
    missing = []
    for hour, people in enumerate(wanted):
        now = day * DAY + hour
        present = {shift.person for shift in shifts if shift.begin <= now < shift.end}
        if len(present) < people:
            missing.append([hour, people - len(present)])
    return missing


def pay(roster: list[list[Any]], person: str, rate: int) -> int:
    """What a person gets."""
    halves = 0
    for shift in read(roster):
        if shift.person != person:
            continue
        for hour in range(shift.begin, shift.end):
            if hour // DAY % WEEK == WEEK - 1:
                halves += 4
            else:
                halves += 3 if hour % DAY >= 22 or hour % DAY < 6 else 2
    return halves * rate // 2
