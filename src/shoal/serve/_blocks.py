"""The blocks of code in a prompt, each with what the prompt says that it is.

Read line by line and no further: what stands in a block is never parsed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Block", "Label", "blocks", "prose"]

_FENCE = re.compile(r"^ {0,3}(?P<marks>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)$")
_NAMED = re.compile(r"^[ \t]*<<<[ \t]*(?P<name>[A-Z][A-Z_ ]*?)[ \t]+(?P<nonce>\w{4,})[ \t]*$")
_HEADING = re.compile(r"^ {0,3}(?P<marks>#{1,6})[ \t]+(?P<text>.+)$")
_LEAD = 2
"""Lines right before a block that may say what it is."""


class Label(StrEnum):
    """What a block is by what stands before it."""

    CURRENT = "current"
    OTHER = "other"  # another program: an inspiration, an earlier attempt
    NOISE = "noise"  # an example of the format, an output, feedback
    NONE = ""


# The words that come first in a line decide.
_CODE = r"(?:programs?|code|solution|implementation|candidate|script|source|function)"
_SAYS = {
    Label.CURRENT: re.compile(
        rf"\b(?:current|parent|original|incorrect)\b(?:[\w ,`'-]{{0,40}}?\b{_CODE}\b|\W*$)"
        rf"|\bparent\b|\b{_CODE} (?:that is )?to (?:be )?(?:improve|change|edit|modify|optimi[sz]e|evolve|fix|rewrite)"
        rf"|^\W*(?:the )?program\W*$",
        re.IGNORECASE,
    ),
    Label.OTHER: re.compile(
        r"\b(?:inspir\w*|previous\w*|prior|earlier|attempts?|top|archive\w*|elites?|donors?|history|another|others?"
        r"|cross-?over|references?|diverse|best|programs? \d+)\b",
        re.IGNORECASE,
    ),
    Label.NOISE: re.compile(
        r"\b(?:examples?|format|feedback|outputs?|stdout|stderr|traceback|errors?|logs?|diffs?|metrics?|results?)\b",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a prompt.

    Attributes:
        text: what stands in it, without the last newline.
        language: the first word after the fence, in small letters; "" where there is none.
        label: what the prompt says that it is.
        up: how many headings up it says so; 0 right before the block or in its own heading.
        lines: its first and last line in the prompt, fences included, from 0.
    """

    text: str
    language: str
    label: Label
    up: int
    lines: tuple[int, int]

    @property
    def statements(self) -> int:
        """How many lines are neither empty nor comments."""
        lines = (line.strip() for line in self.text.splitlines())
        return sum(1 for line in lines if line and not line.startswith(("#", "//")))


class _Place:
    """The headings and the last lines of text on the way through a prompt."""

    def __init__(self) -> None:
        self._headings: list[tuple[int, str]] = []
        self._lead: list[str] = []

    def read(self, line: str) -> None:
        heading = _HEADING.match(line)
        if heading is None:
            self._lead = [*self._lead, line][-_LEAD:] if line.strip() else self._lead
            return
        level = len(heading["marks"])
        self._headings = [one for one in self._headings if one[0] < level] + [(level, heading["text"])]
        self._lead = []

    def block_begins(self, name: str = "") -> tuple[Label, int]:
        """What a block here is, by the nearest line that says something, and how many headings up that is."""
        near = [*((line, 0) for line in reversed(self._lead))]
        near += [(text, up) for up, (_, text) in enumerate(reversed(self._headings))]
        near.append((name, len(self._headings)))
        self._lead = []
        said = ((_label(text), up) for text, up in near)
        return next((one for one in said if one[0]), (Label.NONE, 0))


def _label(line: str) -> Label:
    found = {label: says.search(line) for label, says in _SAYS.items()}
    first = min((match.start(), label) for label, match in found.items() if match) if any(found.values()) else None
    return first[1] if first else Label.NONE


def blocks(prompt: str) -> list[Block]:
    """All blocks of a prompt, in order: between fences, or between ``<<<NAME nonce`` and the next line with the nonce.

    A fence that nothing closes reaches to the end.
    """
    return list(_found(prompt.splitlines()))


def _found(lines: list[str]) -> Iterator[Block]:
    place, number = _Place(), 0
    while number < len(lines):
        fence, named = _FENCE.match(lines[number]), _NAMED.match(lines[number])
        if fence is None and named is None:
            place.read(lines[number])
            number += 1
            continue
        if fence is not None:
            (label, up), end = place.block_begins(), _end_of_fence(lines, number, fence["marks"])
            inner, language = lines[number + 1 : end], fence["info"]
        else:
            assert named is not None
            (label, up), end = place.block_begins(named["name"]), _end_of_named(lines, number, named["nonce"])
            inner, language = _without_fence(lines[number + 1 : end])
        text = "\n".join(inner).rstrip("\n")
        yield Block(text, (language.split() or [""])[0].lower(), label, up, (number, end))
        number = end + 1


def _end_of_fence(lines: list[str], start: int, marks: str) -> int:
    """The line that closes a fence: as many of its marks at least, and nothing else."""
    for number in range(start + 1, len(lines)):
        line = lines[number].strip()
        if len(line) >= len(marks) and line == marks[0] * len(line):
            return number
    return len(lines)


def _end_of_named(lines: list[str], start: int, nonce: str) -> int:
    return next((k for k in range(start + 1, len(lines)) if nonce in lines[k]), len(lines))


def _without_fence(lines: list[str]) -> tuple[list[str], str]:
    """The lines within a fence that holds all of them, and its language."""
    fence = _FENCE.match(lines[0]) if lines else None
    if fence is None or _end_of_fence(lines, 0, fence["marks"]) != len(lines) - 1:
        return lines, ""
    return lines[1:-1], fence["info"]


def prose(prompt: str, without: Iterable[Block]) -> str:
    """A prompt without some of its blocks."""
    lines: list[str | None] = list(prompt.splitlines())
    for block in without:
        first, last = block.lines
        lines[first : last + 1] = [None] * (min(last + 1, len(lines)) - first)
    return "\n".join(line for line in lines if line is not None)
