"""Patches: places where lines of a text are exchanged."""

from typing import Any

Hunk = dict[str, Any]


def sides(hunk: Hunk) -> tuple[list[str], list[str]]:
    """Old and new lines of a hunk."""
    old, new = [], []
    for line in hunk["lines"]:
        mark, text = line[:1], line[1:]
        if mark not in (" ", "-", "+") or not mark:
            raise ValueError(f"line {line!r} has no mark")
        if mark != "+":
            old.append(text)
        if mark != "-":
            new.append(text)
    return old, new


def check(hunks: list[Hunk]) -> None:
    """Refuse hunks that are out of order."""
    last = 1
    for hunk in hunks:
        sides(hunk)
        if hunk["start"] < last:
            raise ValueError(f"a hunk at {hunk['start']} comes after {last}")
        last = hunk["start"]


def candidates(place: int, fuzz: int) -> list[int]:
    """Places to try, the expected one first."""
    places = [place]
    for distance in range(1, fuzz + 1):
        places += [place - distance, place + distance]
    return places


def apply(lines: list[str], hunks: list[Hunk], fuzz: int = 0) -> dict[str, Any]:
    """The lines after a patch, and how far each hunk was from its place."""
    check(hunks)
    result: list[str] = []
    offsets: list[int] = []
    done = 0
    offset = 0
    for hunk in hunks:
        old, new = sides(hunk)
        expected = hunk["start"] - 1 + offset
        for place in candidates(expected, fuzz):
            if done <= place <= len(lines) - len(old) and lines[place : place + len(old)] == old:
                break
        else:
            raise ValueError(f"no place for the hunk at {hunk['start']}")
        result += lines[done:place] + new
        done = place + len(old)
        offset = place + 1 - hunk["start"]
        offsets.append(offset)
    return {"lines": result + lines[done:], "offsets": offsets}


def reverse(hunks: list[Hunk]) -> list[Hunk]:
    """The patch that takes a patch back."""
    check(hunks)
    marks = {"+": "-", "-": "+", " ": " "}
    moved = 0
    turned = []
    for hunk in hunks:
        lines = [marks[line[0]] + line[1:] for line in hunk["lines"]]
        turned.append({"start": hunk["start"] + moved, "lines": lines})
        old, new = sides(hunk)
        moved += len(new) - len(old)
    return turned


def stat(hunks: list[Hunk]) -> list[int]:
    """Numbers of lines that come in and that go."""
    check(hunks)
    marks = [line[0] for hunk in hunks for line in hunk["lines"]]
    return [marks.count("+"), marks.count("-")]
