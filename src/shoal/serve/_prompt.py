"""What a prompt asks for: which program is to be edited, and in which form the edit is to be given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shoal.serve._blocks import Block, Label, blocks, prose

__all__ = ["SHORTEST", "Wanted", "asks_for_code", "read_prompt"]

PYTHON = frozenset(("python", "py", "python3", "{language}"))
NO_PROGRAM = frozenset(
    (
        "bash",
        "console",
        "csv",
        "diff",
        "json",
        "log",
        "markdown",
        "md",
        "output",
        "plaintext",
        "sh",
        "text",
        "txt",
        "yaml",
    )
)
SHORTEST = 3
"""Statements that a block needs to be taken for a program where nothing says that it is one."""

MOST_DONORS = 6

_LOOKS_LIKE_PYTHON = re.compile(r"^(?:import |from \w|def \w|class \w|@\w|async def )", re.MULTILINE)
_MARK = re.compile(r"^[ \t]*(?:#|//|/\*)[ \t]*(?:shoal:[ \t]*begin|EVOLVE-BLOCK-START)\b", re.MULTILINE)
_SEARCH, _REPLACE = re.compile(r"^<{7} ?SEARCH", re.MULTILINE), re.compile(r"^>{7} ?REPLACE", re.MULTILINE)
_TAG = re.compile(r"<(NAME|DESCRIPTION|CODE|DIFF)>.*?</\1>", re.DOTALL)
_WHOLE = re.compile(
    r"\b(?:complete|whole|entire|full|new|improved|better|rewritten)\b[^.\n]{0,40}?\b(?:program|code|file|function)\b"
    r"|\brewrite\b|\b(?:program|code) to (?:be )?(?:improve|change|edit|modify|optimi[sz]e|evolve|fix|rewrite)",
    re.IGNORECASE,
)
_TOP_NAME = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for.

    Attributes:
        program: the current program as the prompt shows it, without a newline at its end.
        language: "python", or "text" for every other language.
        info: what stood after the fence, for the answer's fence.
        donors: other programs of the prompt.
        marked: only what stands between the program's markers may change.
        entry: top-level names that are used from outside, as far as one can see.
        diff: blocks to search for and to replace, not the whole program.
        tags: the tags that the answer is to be given in.
    """

    program: str
    language: Literal["python", "text"] = "python"
    info: str = "python"
    donors: tuple[str, ...] = ()
    marked: bool = False
    entry: tuple[str, ...] = ()
    diff: bool = False
    tags: frozenset[str] = frozenset()


def read_prompt(messages: Sequence[tuple[str, str]]) -> Wanted | None:
    """Find the program and the form; None where no message holds a program.

    The last message of a user that holds a program counts, then any other but the model's own.

    Args:
        messages: (role, text) of each.
    """
    asking = [(role, text, blocks(text)) for role, text in messages if role != "assistant"]
    order = [m for m in reversed(asking) if m[0] == "user"] + [m for m in reversed(asking) if m[0] != "user"]
    for _, text, found in order:
        current = _current(found)
        if current is not None:
            donors = _donors(found, current)
            rest = [(prose(t, [current, *donors] if t is text else _programs(f))) for _, t, f in asking]
            return _wanted(current, donors, "\n".join(rest))
    return None


def asks_for_code(text: str) -> bool:
    """Whether a prompt has one of the forms in which a program, or a change of one, is asked for."""
    tagged = any(match[1] in ("CODE", "DIFF") for match in _TAG.finditer(text))
    return tagged or _SEARCH.search(text) is not None or _WHOLE.search(text) is not None


def _wanted(current: Block, donors: Sequence[Block], rest: str) -> Wanted:
    program = current.text
    python = current.language in PYTHON or (not current.language and _LOOKS_LIKE_PYTHON.search(program) is not None)
    return Wanted(
        program=program,
        language="python" if python else "text",
        info="python" if python else current.language,
        donors=tuple(dict.fromkeys(donor.text for donor in donors[:MOST_DONORS])),
        marked=_MARK.search(program) is not None,
        entry=_entry(program, rest) if python else (),
        diff=_SEARCH.search(rest) is not None and _REPLACE.search(rest) is not None,
        tags=frozenset(match[1] for match in _TAG.finditer(rest)),
    )


def _programs(found: Sequence[Block]) -> list[Block]:
    return [one for one in found if one.label is not Label.NOISE and one.statements and not _is_format(one)]


def _current(found: Sequence[Block]) -> Block | None:
    """The program to be edited: the last that is said to be it, else the last long enough that is nothing else.

    Of those that are said to be it, where it is said nearest counts.
    """
    programs = _programs(found)
    said = [one for one in programs if one.label is Label.CURRENT]
    said = [one for one in said if one.up == min(other.up for other in said)]
    plain = [one for one in programs if one.label is Label.NONE]
    plain = [one for one in plain if one.statements >= SHORTEST and one.language not in NO_PROGRAM]
    return said[-1] if said else plain[-1] if plain else None


def _donors(found: Sequence[Block], current: Block) -> list[Block]:
    """Other programs, those nearest to the current one in the prompt first."""
    others = [one for one in _programs(found) if one.text != current.text and one.statements >= SHORTEST]
    same = [one for one in others if one.language == current.language]
    return sorted(same, key=lambda one: abs(one.lines[0] - current.lines[0]))


def _is_format(block: Block) -> bool:
    """Whether it shows how an answer is to look."""
    return block.text.strip() in ("...", "\u2026") or _SEARCH.search(block.text) is not None


def _entry(program: str, rest: str) -> tuple[str, ...]:
    """Names that must stay: the prompt's text speaks of them, or the program has them and does not use them itself."""
    names = list(dict.fromkeys(_TOP_NAME.findall(program)))
    spoken = set(re.findall(r"\w+", rest))
    used = re.findall(r"\w+", program)
    kept = tuple(name for name in names if name in spoken or used.count(name) == 1)
    return kept or tuple(names)
