"""Longer texts as pieces with something between them: lines, words, cells, and what operators stand between."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from shoal.behaviour._brackets import CLOSING, MOST, PAIRS

__all__ = ["Chain", "Pieces", "Split", "between_of", "chain_of", "cut"]

OPERATORS = frozenset("+-*/%^")
_THING = re.compile(r"[\w.]*[(\[{].*|[\w.]+", re.DOTALL)  # a number, a name, or something in brackets
NAMED = 0.5  # share of pieces with digits, beside which first ones without are names of what follows

BETWEEN = ("\n", " ", ",", ";", "|", "\t", "&")  # the first that a text has is between its pieces

Split = Callable[[str, str], list[str]]


class Pieces(NamedTuple):
    """What texts are made of: a ``first`` piece that stays there, others, and what ends all texts."""

    first: list[str]
    others: list[str]
    number: int  # of the others in the text that was cut
    end: str


def between_of(pool: tuple[str, ...], one: str) -> str:
    """What is between the pieces of a text; where it is a single one, what is in most others."""
    usual = _usual(pool)
    return next((sign for sign in BETWEEN if sign in one or sign in usual), "")


@lru_cache(maxsize=256)
def _usual(pool: tuple[str, ...]) -> frozenset[str]:
    texts = [text for text in pool if text]
    return frozenset(sign for sign in BETWEEN if texts and 2 * sum(sign in text for text in texts) >= len(texts))


def cut(pool: Sequence[str], one: str, between: str, split: Split) -> Pieces:
    """The pieces of texts, of which ``one`` is the one to be like.

    The names of columns stay first, as does a command before its numbers; and a text whose lines all end has no empty
    ones within.
    """
    rows = [split(text, between) for text in pool]
    mine = split(one, between)
    several = [row for row in rows if len(row) > 1]
    ends = bool(several) and all(row[-1] == "" and all(row[:-1]) for row in several)
    if ends:
        rows = [row[:-1] if len(row) > 1 else row for row in rows]
        mine = mine[:-1]
        several = [row for row in rows if len(row) > 1]
    firsts, rest = [row[0] for row in several], [piece for row in several for piece in row[1:]]
    numbered = sum(map(_has_digit, rest)) >= NAMED * len(rest)
    headed = len(mine) > 1 and numbered and not any(map(_has_digit, firsts)) and not {*firsts} & {*rest}
    others = rest if headed else [piece for row in rows for piece in row]
    return Pieces(mine[:headed], others, len(mine) - headed, between if ends else "")


def _has_digit(text: str) -> bool:
    return any(map(str.isdecimal, text))


class Chain(NamedTuple):
    """Texts of things with operators between them."""

    things: list[str]
    operators: list[str]
    number: int  # of things in the text that is to be like


def chain_of(pool: tuple[str, ...], one: str) -> Chain | None:
    """The things and operators of all texts; None where some are no such thing, or most have no operator."""
    found = _chain(pool)
    return Chain(*found, len(list(_links(one))) // 2 + 1) if found else None


@lru_cache(maxsize=256)
def _chain(pool: tuple[str, ...]) -> tuple[list[str], list[str]] | None:
    if sum(map(len, pool)) > MOST or not any(operator in pool[0] or operator in pool[-1] for operator in OPERATORS):
        return None
    rows = [list(_links(text)) for text in pool if text]
    if 2 * sum(len(row) > 1 for row in rows) < max(1, len(rows)) or not all(map(_alternates, rows)):
        return None
    return [part for row in rows for part in row[::2]], [part for row in rows for part in row[1::2]]


def _alternates(row: Sequence[str]) -> bool:
    things, operators = row[::2], row[1::2]
    joined = all({*part.strip()} <= OPERATORS and part.strip() for part in operators)
    return len(row) % 2 == 1 and joined and all(map(_THING.fullmatch, things))


def _links(text: str) -> Iterator[str]:
    """The parts of a text that are of operators and spaces, or of none; what is in brackets is one part."""
    part, depth, before = "", 0, False
    for letter in text:
        joins = not depth and (letter in OPERATORS or letter == " ")
        depth += (letter in PAIRS) - (letter in CLOSING)
        if part and joins != before:
            yield part
            part = ""
        part, before = part + letter, joins
    yield part
