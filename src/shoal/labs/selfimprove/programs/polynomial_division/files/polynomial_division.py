"""Exact division of polynomials with rational coefficients."""

from fractions import Fraction

Number = int | str
Polynomial = list[Fraction]


def parse(coefficients: list[Number]) -> Polynomial:
    """Coefficients as fractions, without zeros at the end."""
    return trim([Fraction(coefficient) for coefficient in coefficients])


def trim(polynomial: Polynomial) -> Polynomial:
    """The polynomial without zeros at its end."""
    while polynomial and polynomial[-1] == 0:
        polynomial = polynomial[:-1]
    return polynomial


def long_division(dividend: Polynomial, divisor: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Quotient and remainder."""
    if not divisor:
        raise ZeroDivisionError("division by the zero polynomial")
    rest = list(dividend)
    quotient = [Fraction(0)] * max(len(dividend) - len(divisor) + 1, 0)
    for shift in reversed(range(len(quotient))):
        factor = rest[shift + len(divisor) - 1] / divisor[-1]
        quotient[shift] = factor
        for power, coefficient in enumerate(divisor):
            rest[shift + power] -= factor * coefficient
    return trim(quotient), trim(rest)


def divide(dividend: list[Number], divisor: list[Number]) -> list[list[str]]:
    """Quotient and remainder as lists of strings."""
    return [[str(coefficient) for coefficient in part] for part in long_division(parse(dividend), parse(divisor))]


def common_divisor(first: list[Number], second: list[Number]) -> list[str]:
    """The monic greatest common divisor, by Euclid's algorithm."""
    larger, smaller = parse(first), parse(second)
    while smaller:
        larger, smaller = smaller, long_division(larger, smaller)[1]
    return [str(coefficient / larger[-1]) for coefficient in larger]


def value(coefficients: list[Number], x: Number) -> str:
    """Value at `x`, by Horner's rule."""
    total = Fraction(0)
    for coefficient in reversed(parse(coefficients)):
        total = total * Fraction(x) + coefficient
    return str(total)
