"""Reads formulas: a stack of groups that are open."""

import re
from collections import Counter

from elements import MASSES

PIECE = re.compile(r"([A-Z][a-z]?|\(|\))([1-9][0-9]*)?")
FACTOR = re.compile(r"([1-9][0-9]*)?")


def add_times(total: Counter[str], group: Counter[str], factor: int) -> None:
    """Add a group that is there several times."""
    for symbol, count in group.items():
        total[symbol] += count * factor


def read_group(text: str, start: int) -> Counter[str]:
    """Atoms of a part from a place on."""
    stack: list[Counter[str]] = [Counter()]
    at = start
    while at < len(text):
        piece = PIECE.match(text, at)
        if piece is None:
            raise ValueError(f"{text!r} is not expected at {at}")
        what, number = piece[1], int(piece[2] or 1)
        if what == "(":
            if piece[2]:
                raise ValueError("a number after (")
            stack.append(Counter())
        elif what == ")":
            group = stack.pop()
            if not stack or not group:
                raise ValueError("brackets do not fit")
            add_times(stack[-1], group, number)
        elif what in MASSES:
            stack[-1][what] += number
        else:
            raise ValueError(f"{what} is no element")
        at = piece.end()
    if len(stack) > 1 or not stack[0]:
        raise ValueError(f"{text!r} is not complete")
    return stack[0]


def read_formula(formula: str) -> Counter[str]:
    """Atoms of all parts."""
    total: Counter[str] = Counter()
    for part in formula.split("."):
        factor = FACTOR.match(part)
        start = factor.end() if factor else 0
        add_times(total, read_group(part, start), int(part[:start] or 1))
    return total
