"""Runs assembled programs."""

import operator
from typing import Any

from assembler import assemble

LIMIT = 2000
ARITHMETIC = {"add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.floordiv}
ARITHMETIC["less"] = lambda left, right: int(left < right)


def execute(source: str, memory: dict[str, int] | None = None) -> dict[str, Any]:
    """Output, stack and memory at the end of a program."""
    program = assemble(source)
    memory = dict(memory or {})
    stack, calls, output = [], [], []
    place = steps = 0
    while place < len(program):
        if steps == LIMIT:
            raise RuntimeError(f"no end after {LIMIT} instructions")
        name, operand = program[place]
        place, steps = place + 1, steps + 1
        match name:
            case "push" | "load":
                stack.append(operand if name == "push" else memory.get(operand, 0))
            case "store":
                memory[operand] = stack.pop()
            case "print":
                output.append(stack.pop())
            case "dup":
                stack.append(stack[-1])
            case "jzero":
                place = place if stack.pop() else operand
            case "jump" | "call":
                if name == "call":
                    calls.append(place)
                place = operand
            case "ret":
                place = calls.pop()
            case _:
                right, left = stack.pop(), stack.pop()
                stack.append(ARITHMETIC[name](left, right))
    return {"output": output, "stack": stack, "memory": memory}
