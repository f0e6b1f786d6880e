"""Programs of a robot."""

import re
from dataclasses import dataclass

PREFIX = re.compile(r"(\??)(0|[1-9][0-9]*)?([FBLRPD(])")


@dataclass
class Loop:
    """A part that is made several times, or only where the way is free."""

    body: "list[Step]"
    times: int
    if_free: bool


Step = str | Loop


def parse(program: str) -> list[Step]:
    """The steps of a program."""
    top: list[Step] = []
    stack = [top]
    at = 0
    while at < len(program):
        if program[at] == ")":
            if len(stack) == 1:
                raise ValueError("a bracket was never opened")
            stack.pop()
            at += 1
            continue
        prefix = PREFIX.match(program, at)
        if prefix is None:
            raise ValueError(f"{program[at:]!r} is no command")
        condition, number, what = prefix.groups()
        body: list[Step] = [] if what == "(" else [what]
        stack[-1].append(Loop(body, int(number or 1), condition == "?"))
        if what == "(":
            stack.append(body)
        at = prefix.end()
    if len(stack) > 1:
        raise ValueError("a bracket is not closed")
    return top
