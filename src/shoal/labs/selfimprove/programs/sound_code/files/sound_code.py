"""Codes for names that sound alike."""

from collections import defaultdict

GROUPS = ("BFPV", "CGJKQSXZ", "DT", "L", "MN", "R")
DIGITS = {letter: str(number) for number, letters in enumerate(GROUPS, start=1) for letter in letters}
SILENT = "HW"
LENGTH = 4


def letters_of(name: str) -> str:
    """The letters of a name, as large ones."""
    letters = name.replace("-", "").replace("'", "")
    if not (letters.isascii() and letters.isalpha()):
        raise ValueError(f"{name!r} is no name")
    return letters.upper()


def code(name: str) -> str:
    """A letter and three digits."""
    letters = letters_of(name)
    result = letters[0]
    last = DIGITS.get(letters[0])
    for letter in letters[1:]:
        if letter in SILENT:
            continue
        digit = DIGITS.get(letter)
        if digit is not None and digit != last:
            result += digit
        last = digit
    return result[:LENGTH].ljust(LENGTH, "0")


def similarity(first: str, second: str) -> int:
    """Number of equal places of two codes."""
    return sum(one == other for one, other in zip(code(first), code(second), strict=True))


def groups(names: list[str]) -> list[list[str]]:
    """Different names that sound alike."""
    by_code: dict[str, set[str]] = defaultdict(set)
    for name in names:
        by_code[code(name)].add(name)
    return [sorted(alike) for _, alike in sorted(by_code.items()) if len(alike) > 1]


def suggest(name: str, known: list[str], limit: int = 3) -> list[str]:
    """Known names that sound like a name, the most alike first."""
    if limit < 0:
        raise ValueError("a limit is not negative")
    rated = []
    for other in known:
        alike = similarity(name, other)
        if alike >= LENGTH - 1:
            rated.append((-alike, abs(len(other) - len(name)), other))
    return [other for _, _, other in sorted(rated)[:limit]]
