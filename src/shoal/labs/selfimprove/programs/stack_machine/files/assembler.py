"""Text to instructions."""

from typing import Any

PLAIN = {"add", "sub", "mul", "div", "less", "print", "dup", "ret"}
Instruction = tuple[str, Any]


def assemble(source: str) -> list[Instruction]:
    """Instructions with labels replaced by indices."""
    lines: list[list[str]] = []
    labels: dict[str, int] = {}
    for line in source.splitlines():
        words = line.partition(";")[0].split()
        while words and words[0].endswith(":"):
            label = words.pop(0)[:-1]
            if label in labels:
                raise ValueError(f"label {label} is set twice")
            labels[label] = len(lines)
        if words:
            lines.append(words)
    return [encode(words, labels) for words in lines]


def encode(words: list[str], labels: dict[str, int]) -> Instruction:
    """One instruction."""
    match words:
        case [name] if name in PLAIN:
            return name, None
        case ["push", number]:
            return "push", int(number)
        case ["load" | "store" as name, variable]:
            return name, variable
        case ["jump" | "jzero" | "call" as name, label] if label in labels:
            return name, labels[label]
    raise ValueError(f"cannot assemble {' '.join(words)}")
