"""Text to nested lists of integers and names."""

import re
from typing import Any


def read(source: str) -> list[Any]:
    """The expressions of a text."""
    stack: list[list[Any]] = [[]]
    for token in re.findall(r"[()]|[^\s()]+", re.sub(r";.*", "", source)):
        if token == "(":
            stack.append([])
        elif token == ")":
            if len(stack) == 1:
                raise ValueError("a ) too many")
            done = stack.pop()
            stack[-1].append(done)
        else:
            stack[-1].append(int(token) if re.fullmatch(r"-?\d+", token) else token)
    if len(stack) > 1:
        raise ValueError(f"{len(stack) - 1} ( are not closed")
    return stack[0]
