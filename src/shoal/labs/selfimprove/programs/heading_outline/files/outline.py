"""Numbered outlines of texts with # headings."""

import re

HEADING = re.compile(r"(#{1,6}) +(.*?)(?:(?<= )#+)? *")
FENCE = "`" * 3


def _headings(text: str) -> list[tuple[int, str]]:
    """List the level and title of each heading outside of fences."""
    found = []
    fenced = False
    for line in text.split("\n"):
        if line.startswith(FENCE):
            fenced = not fenced
            continue
        match = HEADING.fullmatch(line)
        title = match.group(2).strip(" ") if match else ""
        if match and title and not fenced:
            found.append((len(match.group(1)), title))
    return found


def _anchor(title: str, taken: set[str]) -> str:
    """Make an anchor that was not given before."""
    words = re.findall(r"[^\W_]+", title.lower())
    name = "-".join(words) or "section"
    anchor = name
    number = 2
    while anchor in taken:
        anchor = f"{name}-{number}"
        number += 1
    taken.add(anchor)
    return anchor


def outline(text: str) -> list[tuple[str, str, str]]:
    """List the number, title and anchor of each heading."""
    headings = _headings(text)
    top = min((level for level, _ in headings), default=1)
    counts: list[int] = []
    taken: set[str] = set()
    rows = []
    for level, title in headings:
        depth = level - top + 1
        del counts[depth:]
        counts += [0] * (depth - len(counts))
        counts[-1] += 1
        rows.append((".".join(str(count) for count in counts), title, _anchor(title, taken)))
    return rows


def contents(text: str, depth: int = 2) -> list[str]:
    """Write the outline as an indented list."""
    lines = []
    for number, title, _ in outline(text):
        dots = number.count(".")
        if dots < depth:
            lines.append("  " * dots + f"- {number} {title}")
    return lines
