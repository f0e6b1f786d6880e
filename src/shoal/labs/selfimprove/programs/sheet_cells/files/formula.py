"""Evaluation of formulas."""

import re
from collections.abc import Callable

from refs import expand

TOKEN = re.compile(r"[A-Z][0-9]+(?::[A-Z][0-9]+)?|[A-Z]+|[0-9]+|[-+*/()]")


def _apply(sign: str, left: float, right: float) -> float:
    if sign in "*/":
        return left * right if sign == "*" else left / right
    return left + right if sign == "+" else left - right


def evaluate(text: str, lookup: Callable[[str], float]) -> float:
    """Give the value of a formula, with the values of its cells looked up in order."""
    tokens = TOKEN.findall(text)[::-1]

    def operand() -> float:
        token = tokens.pop()
        if token == "-":
            return -operand()
        if token == "(":
            value = chain("+-", lambda: chain("*/", operand))
            tokens.pop()
            return value
        if token == "SUM":
            _, area, _ = tokens.pop(), tokens.pop(), tokens.pop()
            return sum(lookup(name) for name in expand(area))
        return int(token) if token.isdecimal() else lookup(token)

    def chain(signs: str, part: Callable[[], float]) -> float:
        value = part()
        while tokens and tokens[-1] in signs:
            value = _apply(tokens.pop(), value, part())
        return value

    return chain("+-", lambda: chain("*/", operand))
