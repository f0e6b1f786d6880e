"""Continued fractions, and the best short fractions that they give."""

from fractions import Fraction
from math import isqrt


def terms(numerator: int, denominator: int) -> list[int]:
    """The terms of a fraction, by repeated division."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    result = []
    while True:
        whole, rest = divmod(numerator, denominator)
        result.append(whole)
        if rest == 0:
            return result
        numerator, denominator = denominator, rest


def approach(parts: list[int]) -> list[Fraction]:
    """The fractions that begin with more and more terms."""
    result = []
    above, last_above = 1, 0
    below, last_below = 0, 1
    for part in parts:
        above, last_above = part * above + last_above, above
        below, last_below = part * below + last_below, below
        result.append(Fraction(above, below))
    return result


def convergents(parts: list[int]) -> list[str]:
    """The same as strings."""
    if not parts or any(part < 1 for part in parts[1:]):
        raise ValueError(f"{parts} is no continued fraction")
    return [str(fraction) for fraction in approach(parts)]


def nearest(numerator: int, denominator: int, largest: int) -> str:
    """The best fraction with a denominator that is not too large."""
    if largest < 1:
        raise ValueError("a denominator is at least 1")
    wanted = Fraction(numerator, denominator)
    parts = terms(numerator, denominator)
    steps = approach(parts)
    fitting = [step for step in steps if step.denominator <= largest]
    if len(fitting) == len(steps):
        return str(wanted)
    last = fitting[-1]
    before = fitting[-2] if len(fitting) > 1 else None
    above, below = (before.numerator, before.denominator) if before is not None else (1, 0)
    times = (largest - below) // last.denominator
    between = Fraction(above + times * last.numerator, below + times * last.denominator)
    return str(min(last, between, key=lambda one: (abs(one - wanted), one.denominator, one)))


def root_terms(number: int, count: int) -> list[int]:
    """The first terms of a square root."""
    if number < 0 or count < 1:
        raise ValueError("neither a root nor a count is possible")
    root = isqrt(number)
    result = [root]
    if root * root == number:
        return result
    added, divisor = 0, 1
    while len(result) < count:
        added = result[-1] * divisor - added
        divisor = (number - added * added) // divisor
        result.append((root + added) // divisor)
    return result
