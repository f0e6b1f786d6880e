"""How the texts at one place are worded, so that others of the same kind can be made of them.

Texts of a format (`_formats`) are written anew. Others have parts that are worded each in its own way, as the columns
of a table's lines have; and in what is left, numbers stay in their range and letters among those that are used.
"""

from __future__ import annotations

import math
import random
import re
import string
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple, Protocol

from shoal.behaviour._formats import CALENDAR, Format, format_of, numbers_in

__all__ = ["Wording", "wording_of"]

MOST_PARTS = 40  # of a text
FIXED_PARTS = 3  # that one text alone tells to be all that there are, as of a version
MOST = 1000  # texts that are looked at
SEPARATORS = ("\t", ";", ",", "|", " ", "=", "/", ".", "-", ":", "_")
LISTED = ("\t", ";", ",", "|", " ")  # more can follow after
CELLS = ("\t", ";", ",", "|")  # between parts that may be empty
CHANGES = 3  # at most, in a text
VARIED = 0.5  # share of different ones among parts, from which on new ones are made up
MOSTLY = 0.6  # the same, of names
FEW = 4  # different units, or kinds of something, beside a number
LETTERS = 40  # that tell which letters are used
FEW_LETTERS = 10  # different ones, of which it is no chance that there are no others
LONGEST = 1000  # letters of a text that are looked at
LONGEST_SHARE = 20  # letters of a part, that count for how often it is exchanged
LONGEST_NUMBER = 9  # digits; longer ones are exchanged digit by digit
SURE = 5  # texts
FEWEST = 3
MINUTES = 59
CONSTANTS = frozenset(("true", "false", "null", "True", "False", "None", "NaN", "nan", "inf", "http", "https"))
_KINDS = (string.digits, string.ascii_lowercase, string.ascii_uppercase)
_LETTERS = {letter: kind for kind in _KINDS for letter in kind}
_TOKENS = re.compile(r"\d+|[^\W\d_]+|[\W_]+")


class Wording(Protocol):
    """How texts at a place are worded."""

    @property
    def fixed(self) -> bool:
        """Whether each text is one thing that never is longer, as a date is."""

    @property
    def like(self) -> bool:
        """Whether the texts are so much alike that a new one is to be made of one of them."""

    def altered(self, word: str, rng: random.Random, size: float, more: int = 0, *, words: bool = True) -> str:
        """A text like ``word``, likely a new one; ``more``: times that there were not enough, so that it gets longer.

        Numbers in it are from a range that is ``size`` times as large as that of the samples. ``words``: whether there
        are new words beside numbers; they may be names, or kinds of something.
        """


@lru_cache(maxsize=256)
def wording_of(texts: tuple[str, ...]) -> Wording:
    """How texts are worded."""
    texts = texts[:MOST]
    formatted = format_of(texts)
    if formatted is not None:
        return Formatted(formatted, texts)
    return next((Parts(between, texts) for between in SEPARATORS if _has_parts(texts, between)), None) or Words(texts)


class Formatted:
    """Texts of one format; the few that are of none stay as they are."""

    like = True

    def __init__(self, written: Format, texts: Sequence[str]) -> None:
        self.format, self.fixed = written, written.fixed
        _, numbers = numbers_in(texts)
        self.low, self.high = min(numbers), max(numbers)

    def altered(self, word: str, rng: random.Random, size: float, more: int = 0, *, words: bool = True) -> str:
        if self.format.read(word) is None:
            return word
        if size <= 1.0 and not more:
            new = self.format.write(rng.randint(self.low, self.high))
            number = self.format.read(new)
            return new if number is not None and self.low <= number <= self.high else word
        high = self.low + math.ceil((self.high - self.low + 1) * size) * 10**more
        return self.format.write(rng.randint(self.low, max(self.high, min(high, self.format.most))))


def _has_parts(texts: Sequence[str], between: str) -> bool:
    """Whether all texts have as many parts, in one line, and some have numbers in them."""
    if any("\n" in text for text in texts):
        return False
    if between not in CELLS and not all(part for text in texts for part in text.split(between)):
        return False
    counts = {text.count(between) for text in texts}
    if len(counts) > 1 and between == " ":  # something, and then a text of words
        counts = {min(counts)}
    return len(counts) == 1 and 0 < max(counts) <= MOST_PARTS and _has_digit(texts)


def _has_digit(texts: Sequence[str]) -> bool:
    return any(map(str.isdecimal, "".join(texts)))


class Parts:
    """Texts of parts with something between them; parts of which the first is less in each text stay so."""

    def __init__(self, between: str, texts: Sequence[str]) -> None:
        self.between = between
        self.splits = min(text.count(between) for text in texts)
        rows = [text.split(between, self.splits) for text in texts]
        self.columns = list(zip(*rows, strict=True))
        self.wordings = [wording_of(column) for column in self.columns]
        self.varied = list(map(_differ, self.columns, self.wordings))
        self.told = [one.fixed or _has_digit(column) for one, column in zip(self.wordings, self.columns, strict=True)]
        enough = len(self.columns) <= FIXED_PARTS or len(texts) >= FEWEST
        self.fixed = (
            enough
            and between not in LISTED
            and all(
                one.fixed or "".join(column).isdecimal()
                for one, column in zip(self.wordings, self.columns, strict=True)
            )
        )
        numbers = all("".join(column).isdecimal() for column in self.columns)
        enough = len(texts) >= FEWEST or any(map(_is_moment, self.wordings))
        self.like = enough and not (between in LISTED and numbers)  # these are just some numbers
        self.rising = [
            pair
            for pair in combinations([k for k, one in enumerate(self.wordings) if _is_moment(one)], 2)
            if len(rows) >= FEWEST and all(self._rises(row, *pair) for row in rows)
        ]

    def _rises(self, row: Sequence[str], first: int, second: int) -> bool:
        less, more = self._number(row[first], first), self._number(row[second], second)
        return less is not None and more is not None and less <= more

    def _number(self, text: str, place: int) -> int | None:
        wording = self.wordings[place]
        return wording.format.read(text) if isinstance(wording, Formatted) else None

    def altered(self, word: str, rng: random.Random, size: float, more: int = 0, *, words: bool = True) -> str:
        row = word.split(self.between, self.splits)
        if len(row) != len(self.columns):
            return word
        places = [k for k in range(len(row)) if rng.random() < 1 / 2] or [rng.randrange(len(row))]
        for k in places:
            if self.varied[k] and (words or self.told[k]):
                row[k] = self.wordings[k].altered(row[k], rng, size, more, words=words)
            else:
                row[k] = rng.choice(self.columns[k])
        for first, second in self.rising:
            if not self._rises(row, first, second):
                row[first], row[second] = row[second], row[first]
        return self.between.join(row)


def _differ(column: Sequence[str], wording: Wording) -> bool:
    """Whether a column mostly tells different things; words of few kinds may be levels or the like."""
    different = len(set(column))
    if wording.fixed or _has_digit(column):
        return different > VARIED * len(column)
    return different == len(column) or different > max(FEWEST - 1, MOSTLY * len(column))


def _is_moment(wording: Wording) -> bool:
    return isinstance(wording, Formatted) and wording.fixed


class Words:
    """Any other texts: a few letters and numbers are exchanged."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.fixed = any(texts) and all(map(_is_named, texts))
        self.slots: dict[tuple[str, int], list[str]] = {}
        self.plans: dict[str, _Plan] = {}
        shapes: set[str] = set()
        for text in texts:
            tokens = _TOKENS.findall(text[:LONGEST])
            shape = _shape(tokens)
            shapes.add(shape)
            for place, token in enumerate(tokens):
                for key in ((shape, place), (_kind(token), -1)):  # the latter: of all texts
                    self.slots.setdefault(key, []).append(token)
        listed = any(sign in text for text in texts for sign in ("\n", *LISTED))
        self.like = len(shapes) == 1 and len(texts) >= FEWEST and len(shapes.pop()) > 1 and not listed
        letters = Counter("".join(texts))
        self.bits = "01" if not any(letters[one] for one in "23456789") and letters["0"] and letters["1"] else ""
        self.numbered = _has_digit(texts)
        self.used = {letter: _used(letters, kind) for kind in _KINDS[1:] for letter in kind}
        self.used |= dict.fromkeys(string.digits, string.digits)

    def altered(self, word: str, rng: random.Random, size: float, more: int = 0, *, words: bool = True) -> str:
        plan = self.plans.get(word)
        if plan is None:
            plan = self.plans[word] = self._plan(word)
        tokens = list(plan.tokens)
        for _ in range(CHANGES if plan.changing else 0):
            place = plan.changing[int(rng.random() * len(plan.changing))]
            numbers, names = plan.numbers[place], plan.names[place]
            if numbers is None and self.numbered and not words:
                continue
            if numbers is not None:
                tokens[place] = numbers.drawn(tokens[place], rng, size * 10**more)
            else:
                tokens[place] = rng.choice(names) if names else self._letter(tokens[place], rng)
        if not more or not plan.grows:
            return "".join(tokens)
        return "".join([*tokens, *(self._letter(word[-1:], rng) for _ in range(more))])

    def _plan(self, word: str) -> _Plan:
        tokens = _TOKENS.findall(word)
        shape = _shape(tokens)
        seen = [self._seen(shape, place, token) for place, token in enumerate(tokens)]
        numbered = any(map(str.isdecimal, tokens))
        changing = [
            place
            for place, token in enumerate(tokens)
            if token.isdecimal()
            or (token.isalpha() and token not in CONSTANTS and not (numbered and _are_kinds(seen[place])))
        ]
        before = ["", *(token[-1:] for token in tokens)]
        return _Plan(
            tokens,
            [place for place in changing for _ in tokens[place][:LONGEST_SHARE]],
            [
                _range(token, seen[place], before[place], self.bits) if token.isdecimal() else None
                for place, token in enumerate(tokens)
            ],
            [here if all(map(_is_named, here)) else () for here in seen],
            bool(tokens) and not numbered and not all(map(_is_named, tokens)),
        )

    def _seen(self, shape: str, place: int, token: str) -> Sequence[str]:
        """What stood at a place; in all places, where few texts are of that shape."""
        here = self.slots.get((shape, place), [])
        return here if len(here) >= FEWEST else self.slots.get((_kind(token), -1), here)

    def _letter(self, token: str, rng: random.Random) -> str:
        """A token with one letter exchanged."""
        place = int(rng.random() * len(token))
        letters = self.used.get(token[place], token[place])
        return f"{token[:place]}{letters[int(rng.random() * len(letters))]}{token[place + 1 :]}"


class _Plan(NamedTuple):
    """What of a word can be exchanged: places of ``tokens``, the longer the more often, and for what."""

    tokens: list[str]
    changing: list[int]
    numbers: list[_Range | None]
    names: list[Sequence[str]]  # of days or months
    grows: bool


class _Range(NamedTuple):
    """Numbers at a place; ``digits``: those that are exchanged one by one, after so many that stay."""

    low: int
    high: int
    most: float
    zeros: bool
    digits: str
    kept: int

    def drawn(self, token: str, rng: random.Random, size: float) -> str:
        if self.digits:
            return token[: self.kept] + "".join([rng.choice(self.digits) for _ in token[self.kept :]])
        reach = min(self.most, self.low + math.ceil((self.high - self.low + 1) * size))
        made = str(rng.randint(self.low, max(self.high, int(reach))))
        return made.zfill(len(token)) if self.zeros else made


def _range(token: str, seen: Sequence[str], before: str, bits: str) -> _Range:
    """With leading zeros only where some had them, and then of the same width."""
    widths = {len(one) for one in seen} | {len(token)}
    zeros = any(one[0] == "0" and len(one) > 1 for one in seen)
    if max(widths) > (FEWEST if bits else LONGEST_NUMBER):
        return _Range(0, 0, 0, zeros, bits or string.digits, 0 if zeros else 1)
    numbers = [int(one) for one in seen] or [int(token)]
    high = max(numbers)
    codes = len(seen) >= SURE and len(widths) == 1 and len(token) > FEWEST  # as of places
    most = 10 ** max(widths) - 1 if zeros or codes else math.inf
    if before == ":" and len(widths) == 1 and high <= MINUTES:
        most, zeros = MINUTES, zeros or len(token) > 1
    return _Range(min(numbers), high, most, zeros, "", 0)


def _shape(tokens: Sequence[str]) -> str:
    return "".join(_kind(token) or token for token in tokens)


def _kind(token: str) -> str:
    return "9" if token.isdecimal() else "a" if token.isalpha() else ""


def _used(letters: Counter[str], kind: str) -> str:
    """The letters of a kind that are used, where they are few of many; else all."""
    mine = "".join(letter for letter in kind if letters[letter])
    return (
        mine if letters.total() and sum(letters[one] for one in mine) >= LETTERS and len(mine) <= FEW_LETTERS else kind
    )


def _is_named(token: str) -> bool:
    """Whether it is the name of a day or a month."""
    return token.lower() in CALENDAR


def _are_kinds(seen: Sequence[str]) -> bool:
    """Whether words beside a number are units or the like."""
    different = len(set(seen))
    return different == 1 or different <= min(len(seen) - 1, max(FEW, VARIED * len(seen)))
