"""Evaluates expressions in nested environments."""

import operator
from collections import ChainMap
from math import prod
from typing import Any

from reader import read

BUILT_IN = {"true": True, "false": False, "first": lambda items: items[0], "rest": lambda items: items[1:]}
BUILT_IN |= {"list": lambda *items: [*items], "empty": operator.not_, "=": operator.eq, "<": operator.lt}
BUILT_IN |= {"+": lambda *numbers: sum(numbers), "*": lambda *numbers: prod(numbers)}
BUILT_IN |= {"-": operator.sub, "/": operator.floordiv}


def evaluate(expression: Any, names: ChainMap[str, Any]) -> Any:
    """The value of one expression."""
    match expression:
        case int():
            return expression
        case str():
            return names[expression]
        case ["quote", value]:
            return value
        case ["define", str(name), value]:
            names[name] = evaluate(value, names)
            return names[name]
        case ["if", test, yes, *no]:
            chosen = [yes] if evaluate(test, names) is not False else no
            return evaluate(chosen[0], names) if chosen else False
        case ["let", pairs, body]:
            return evaluate(body, names.new_child({name: evaluate(value, names) for name, value in pairs}))
        case ["fn", parameters, body]:
            return closure(parameters, body, names)
        case [function, *arguments]:
            return evaluate(function, names)(*[evaluate(argument, names) for argument in arguments])
    raise ValueError(f"cannot evaluate {expression}")


def closure(parameters: list[str], body: Any, names: ChainMap[str, Any]) -> Any:
    """A function that remembers where it was made."""

    def function(*arguments: Any) -> Any:
        if len(arguments) != len(parameters):
            raise TypeError(f"{len(parameters)} arguments expected")
        return evaluate(body, names.new_child(dict(zip(parameters, arguments, strict=True))))

    return function


def run(source: str) -> list[Any]:
    """Values of all expressions of a text."""
    names = ChainMap({}, BUILT_IN)
    values = [evaluate(expression, names) for expression in read(source)]
    return ["function" if callable(value) else value for value in values]
