"""Text in lines of one width."""

import re


def paragraphs(text: str) -> list[list[str]]:
    """The words of each paragraph."""
    parts = re.split(r"\n(?: *\n)+", text)
    return [words for words in (part.split() for part in parts) if words]


def fill(words: list[str], width: int) -> list[list[str]]:
    """The words of each line."""
    lines: list[list[str]] = []
    used = 0
    for word in words:
        if len(word) > width:
            raise ValueError(f"{word!r} is longer than {width}")
        if not lines or used + 1 + len(word) > width:
            lines.append([word])
            used = len(word)
        else:
            lines[-1].append(word)
            used += 1 + len(word)
    return lines


def stretch(words: list[str], width: int, larger_left: bool) -> str:
    """One line, filled up to the width."""
    gaps = len(words) - 1
    if gaps == 0:
        return words[0]
    blanks, larger = divmod(width - sum(map(len, words)), gaps)
    line = words[0]
    for index, word in enumerate(words[1:]):
        is_larger = index < larger if larger_left else index >= gaps - larger
        line += " " * (blanks + is_larger) + word
    return line


def layout(text: str, width: int) -> list[list[list[str]]]:
    """The lines of each paragraph, as words."""
    if width < 1:
        raise ValueError("a width is at least 1")
    return [fill(words, width) for words in paragraphs(text)]


def justify(text: str, width: int) -> list[str]:
    """Lines with straight edges on both sides."""
    result: list[str] = []
    for lines in layout(text, width):
        if result:
            result.append("")
        for index, words in enumerate(lines[:-1]):
            result.append(stretch(words, width, index % 2 == 0))
        result.append(" ".join(lines[-1]))
    return result


def align(text: str, width: int, side: str = "left") -> list[str]:
    """Lines that are moved to a side."""
    if side not in ("left", "right", "center"):
        raise ValueError(f"side {side!r} is not known")
    result: list[str] = []
    for lines in layout(text, width):
        if result:
            result.append("")
        for words in lines:
            line = " ".join(words)
            missing = width - len(line)
            shift = {"left": 0, "right": missing, "center": missing // 2}[side]
            result.append(" " * shift + line)
    return result


def raggedness(text: str, width: int) -> int:
    """How uneven the right edge is."""
    return sum((width - len(" ".join(words))) ** 2 for lines in layout(text, width) for words in lines[:-1])
