"""Texts that write down a number: dates and times, addresses, colours, Roman numerals, amounts with a unit.

Such a text is read as a whole number and written again; letter by letter, most of what comes out would mean nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import product
from typing import Protocol

__all__ = ["CALENDAR", "Format", "format_of", "numbers_in"]

EXCEPTION = 2  # texts of a format for each that is of none: "" or "n/a" where nothing is known
FIRST_YEAR, LAST_YEAR = 1000, 2199  # a later one stands for "never", and what counts nanoseconds knows none
CENTURY = 69  # from which on two digits are a year of the last century
FEWEST = 3  # different texts, where fewer could be of a format by chance
FEWEST_DIGITS = 6  # of hexadecimal numbers without a prefix
LONGEST = 64  # letters
LONGEST_ROMAN = len("MMMDCCCLXXXVIII")
LONGEST_NUMBER = 15  # digits
MOST_ROMAN = 3999
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
CALENDAR = frozenset(name[:length].lower() for name in (*_DAYS, *_MONTHS) for length in (3, len(name)))
_BEGIN = datetime(1, 1, 1, tzinfo=UTC)
_DATES = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"),
    *(f"%{first}{sep}%{second}{sep}%{year}" for year in "Yy" for sep in "./-" for first, second in ("dm", "md")),
    *("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y"),
)
_TIMES = ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%H:%M:%SZ", "%H:%M:%S+00:00")
_SHORTER = ("%Y-%m", "%Y/%m", "%m/%Y", "%b %Y", "%B %Y", "%H:%M", "%H:%M:%S")
_PATTERNS = (
    *_DATES,
    *_SHORTER,
    *map("".join, product(_DATES, "T ", _TIMES)),
)
_GROUPS = {
    "%Y": r"(?P<Y>\d{4})",
    "%y": r"(?P<y>\d{2})",
    "%m": r"(?P<m>\d{1,2})",
    "%d": r"(?P<d>\d{1,2})",
    "%H": r"(?P<H>\d{1,2})",
    "%M": r"(?P<M>\d{2})",
    "%S": r"(?P<S>\d{2})",
    "%f": r"(?P<f>\d{6})",
    "%b": r"(?P<b>[A-Z][a-z]{2})",
    "%B": r"(?P<B>[A-Z][a-z]+)",
}
_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC")),
    *((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
_ADDRESS = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})")
_AMOUNT = re.compile(r"(-?)([^\d-][^\d]*|)(\d{1,3}(?:([ ,'_])\d{3})(?:\4\d{3})*|\d+)(?:([.,])(\d+))?(\D*)")
_HEX = re.compile(r"(#|0x|)([0-9a-f]+|[0-9A-F]+)")


class Format(Protocol):
    """How whole numbers from ``least`` to ``most`` are written."""

    @property
    def least(self) -> int:
        """The least number that can be written."""

    @property
    def most(self) -> int:
        """The largest number that can be written."""

    @property
    def fixed(self) -> bool:
        """Whether a text of this format is one thing, and no list that could be longer."""

    def read(self, text: str) -> int | None:
        """The number; None for a text that is not of this format, to the letter."""

    def write(self, number: int) -> str:
        """The text."""


@lru_cache(maxsize=256)
def format_of(texts: tuple[str, ...]) -> Format | None:
    """The format that these texts have, but for few of them."""
    short = [text for text in texts if 0 < len(text) <= LONGEST]
    if EXCEPTION * sum(len(text) > LONGEST for text in texts) > len(short) or not short:
        return None
    shapes = Counter(map(_shape, short))
    counted = [(sum(one.read(text) is not None for text in short), one) for one in _candidates(short, shapes)]
    count, best = max(counted, key=lambda pair: pair[0], default=(0, None))
    if best is None or not count or count < EXCEPTION * (len(texts) - count):
        return None
    if isinstance(best, Moments):
        others = (other for other, one in counted if isinstance(one, Moments) and one.pattern == best.swapped)
        return replace(best, either=count in others)
    return best


def numbers_in(texts: Sequence[str]) -> tuple[Format | None, list[int]]:
    """The format of these texts, if they have one, and the numbers that they tell then."""
    written = format_of(tuple(texts))
    read = [written.read(text) for text in texts] if written is not None else []
    return written, [number for number in read if number is not None]


def _shape(text: str) -> str:
    return re.sub(r"[A-Za-z]+", "a", re.sub(r"\d+", "9", text))


def _candidates(texts: Sequence[str], shapes: Counter[str]) -> Iterator[Format]:
    by_shape = _patterns()
    patterns = [pattern for shape, _ in shapes.most_common(2) for pattern in by_shape.get(shape, ())]
    yield from (Moments(pattern, padded) for padded in (True, False) for pattern in patterns)
    if any(_ADDRESS.fullmatch(text) for text in texts[:FEWEST]):
        yield Addresses()
    yield from _hexadecimal(texts)
    yield from _roman(texts)
    yield from _amounts(texts)


# -- moments -----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _patterns() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pattern in _PATTERNS:
        found.setdefault(_shape(Moments(pattern, padded=True).write(0)), []).append(pattern)
    return found


@dataclass(frozen=True)
class Moments:
    """Dates and times. ``either``: it may be that the month comes first, so no day is above twelve."""

    pattern: str
    padded: bool
    either: bool = False
    fixed = True

    @cached_property
    def parts(self) -> list[str]:
        return re.findall(r"%.|[^%]+", self.pattern)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile("".join(_GROUPS.get(part) or re.escape(part) for part in self.parts))

    @cached_property
    def swapped(self) -> str:
        """The pattern with day and month exchanged."""
        return self.pattern.translate({ord("d"): "m", ord("m"): "d"})

    @cached_property
    def dated(self) -> bool:
        return bool({"%Y", "%y"} & {*self.parts})

    @cached_property
    def unit(self) -> timedelta | None:
        """What a number counts; None: months."""
        steps = {"%f": timedelta(microseconds=1), "%S": timedelta(seconds=1), "%M": timedelta(minutes=1)}
        steps["%d"] = timedelta(days=1)
        return next((step for part, step in steps.items() if part in self.parts), None)

    @cached_property
    def least(self) -> int:
        return self.number(datetime(1900 + CENTURY if "%y" in self.parts else FIRST_YEAR, 1, 1, tzinfo=UTC), 0)

    @cached_property
    def most(self) -> int:
        last = 1999 + CENTURY if "%y" in self.parts else LAST_YEAR
        return self.number(datetime(last, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), -1)

    def number(self, moment: datetime, undated: int) -> int:
        """``undated``: the day that stands for any, as days from the first or the last of them."""
        if self.unit is None:
            return moment.year * 12 + moment.month - 1
        if not self.dated:
            return (timedelta(days=-undated) // self.unit) + undated
        return (moment - _BEGIN) // self.unit

    def read(self, text: str) -> int | None:
        found = self.regex.fullmatch(text)
        if found is None:
            return None
        part = {name: int(value) for name, value in found.groupdict().items() if value.isdecimal()}
        year = part.get("Y", 1900 + part.get("y", 0) + 100 * (part.get("y", CENTURY) < CENTURY))
        named = (found.groupdict().get("b") or found.groupdict().get("B") or "")[:3]
        month = next((k for k, name in enumerate(_MONTHS, 1) if name[:3] == named), part.get("m", 1))
        hour, minute, second, micro = (part.get(name, 0) for name in "HMSf")
        try:
            day = date(year if self.dated else 1, month, part.get("d", 1))
            moment = datetime.combine(day, time(hour, minute, second, micro), tzinfo=UTC)
        except ValueError:
            return None
        if self.dated and not (1900 if self.parts[:2] == ["%Y", "%m"] else FIRST_YEAR) <= year <= LAST_YEAR:
            return None  # eight bare digits are a date of late, or some number
        number = (moment - _BEGIN) // self.unit if self.unit else moment.year * 12 + moment.month - 1
        return number if self.write(number) == text else None

    def write(self, number: int) -> str:
        if self.unit is None:
            moment = _BEGIN.replace(year=max(1, number // 12), month=number % 12 + 1)
        else:
            moment = _BEGIN + number * self.unit
        if self.either and moment.day > len(_MONTHS):
            moment = moment.replace(day=moment.day - len(_MONTHS) if moment.day <= 2 * len(_MONTHS) else moment.month)
        return "".join([_TOLD[part](moment, self.padded) if part in _TOLD else part for part in self.parts])


def _two(number: int, padded: bool) -> str:
    return f"{number:02}" if padded else str(number)


_TOLD: dict[str, Callable[[datetime, bool], str]] = {
    "%Y": lambda moment, _: f"{moment.year:04}",
    "%y": lambda moment, _: f"{moment.year % 100:02}",
    "%m": lambda moment, padded: _two(moment.month, padded),
    "%d": lambda moment, padded: _two(moment.day, padded),
    "%H": lambda moment, padded: _two(moment.hour, padded),
    "%M": lambda moment, _: f"{moment.minute:02}",
    "%S": lambda moment, _: f"{moment.second:02}",
    "%f": lambda moment, _: f"{moment.microsecond:06}",
    "%b": lambda moment, _: _MONTHS[moment.month - 1][:3],
    "%B": lambda moment, _: _MONTHS[moment.month - 1],
}


# -- other numbers -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Addresses:
    """Four numbers below 256."""

    least, most, fixed = 0, (1 << 32) - 1, True

    def read(self, text: str) -> int | None:
        found = _ADDRESS.fullmatch(text)
        number = int.from_bytes(bytes(min(255, int(one)) for one in found.groups())) if found else 0
        return number if found and self.write(number) == text else None

    def write(self, number: int) -> str:
        return ".".join(map(str, number.to_bytes(4)))


@dataclass(frozen=True)
class Hexadecimal:
    """Colours, and numbers in base sixteen; ``width`` 0: without leading zeros."""

    prefix: str
    width: int
    upper: bool
    least, fixed = 0, True

    @property
    def most(self) -> int:
        return int(16 ** (self.width or LONGEST_NUMBER)) - 1

    def read(self, text: str) -> int | None:
        found = _HEX.fullmatch(text)
        number = int(found[2], 16) if found else 0
        return number if found and self.write(number) == text else None

    def write(self, number: int) -> str:
        return f"{self.prefix}{number:0{self.width or 1}{'X' if self.upper else 'x'}}"


def _hexadecimal(texts: Sequence[str]) -> Iterator[Hexadecimal]:
    found = [one for text in texts if (one := _HEX.fullmatch(text))]
    if not found:
        return
    prefix, digits = found[0][1], [one[2] for one in found]
    letters = re.sub(r"\d", "", "".join(digits))
    known = bool(prefix) or (
        len(set(digits)) >= FEWEST and len(digits[0]) >= FEWEST_DIGITS and any(map(str.isalpha, letters))
    )
    mixed = prefix or len(letters) < sum(map(len, digits))
    widths = {len(one) for one in digits}
    width = widths.pop() if len(widths) == 1 else 0
    if known and mixed and (width or prefix == "0x"):
        fixed = width if prefix != "0x" or any(one[0] == "0" and len(one) > 1 for one in digits) else 0
        yield Hexadecimal(prefix, fixed, bool(letters) and letters == letters.upper())


@dataclass(frozen=True)
class Roman:
    """Roman numerals."""

    lower: bool
    least, most, fixed = 1, MOST_ROMAN, True

    def read(self, text: str) -> int | None:
        left, number = text.upper() if len(text) <= LONGEST_ROMAN else "?", 0
        for value, letters in _ROMAN:
            while left.startswith(letters):
                left, number = left[len(letters) :], number + value
        return number if not left and 0 < number <= MOST_ROMAN and self.write(number) == text else None

    def write(self, number: int) -> str:
        text = ""
        for value, letters in _ROMAN:
            text += letters * (number // value)
            number %= value
        return text.lower() if self.lower else text


def _roman(texts: Sequence[str]) -> Iterator[Roman]:
    if len(set(texts)) >= FEWEST and any(len(text) > 1 for text in texts):
        first = next(filter(None, texts))
        if set(first.upper()) <= set("MDCLXVI"):
            yield Roman(first.islower())


@dataclass(frozen=True)
class Amounts:
    """Decimal numbers with something before or after them, with decimals, or with groups of three digits."""

    before: str
    after: str
    group: str
    point: str
    decimals: int
    width: int  # of the whole part, where it has leading zeros; else 0
    below: bool  # whether any was below zero

    @property
    def least(self) -> int:
        return -self.most if self.below else 0

    @property
    def most(self) -> int:
        return int(10 ** ((self.width or LONGEST_NUMBER) + self.decimals)) - 1

    @property
    def fixed(self) -> bool:
        listed = self.group in (" ", ",") or self.point == ","
        return not listed or any(not one.isspace() for one in self.before + self.after)

    def read(self, text: str) -> int | None:
        found = _AMOUNT.fullmatch(text)
        if found is None or len(text) > 2 * LONGEST_NUMBER:
            return None
        number = int("".join(filter(str.isdecimal, found[3])) + (found[6] or ""))
        number = -number if found[1] else number
        return number if self.write(number) == text else None

    def write(self, number: int) -> str:
        whole, rest = divmod(abs(number), 10**self.decimals)
        digits = f"{whole:,}".replace(",", self.group) if self.group else f"{whole:0{self.width or 1}}"
        decimals = f"{self.point}{rest:0{self.decimals}}" if self.decimals else ""
        return f"{'-' if number < 0 else ''}{self.before}{digits}{decimals}{self.after}"


def _amounts(texts: Sequence[str]) -> Iterator[Amounts]:
    """Of the most frequent kind among the texts; bare digits are none, as they may be no number."""
    found = [one for text in texts if (one := _AMOUNT.fullmatch(text))]
    if not found:
        return
    (before, after), count = Counter((one[2], one[7]) for one in found).most_common(1)[0]
    mine = [one for one in found if (one[2], one[7]) == (before, after)]
    named = any(map(str.isalnum, before + after))
    group = next((one[4] for one in mine if one[4]), "")
    (point, decimals), _ = Counter((one[5] or "", len(one[6] or "")) for one in mine).most_common(1)[0]
    wholes = [one[3] for one in mine]
    zeros = any(one[0] == "0" and len(one) > 1 for one in wholes)
    listed = group in (" ", ",") and not before + after and len({one[3].count(group) for one in mine}) == 1
    told = (before or after or group or decimals) and not {*before, *after} & {*"()[]{}"}
    if told and not listed and not (named and len({*wholes}) < min(FEWEST, count + 1)):
        width = Counter(map(len, wholes)).most_common(1)[0][0] if zeros else 0
        yield Amounts(before, after, group, point, decimals, width, any(one[1] for one in mine))
