"""Texts whose brackets match: what is between them belongs together, and what is made up should match too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

__all__ = ["CLOSING", "MOST", "PAIRS", "are_balanced", "are_tagged", "inside", "mended", "split_outside", "within_tag"]

PAIRS = {"(": ")", "[": "]", "{": "}"}
CLOSING = {closing: opening for opening, closing in PAIRS.items()}
_TAG = re.compile(r"<(/?)([A-Za-z]\w*)(?:\s[^<>]*?)?(/?)>")
MOST = 400_000  # letters of all texts that are looked at one by one
FEWEST = 2  # pairs, so that it is no chance that they match


@lru_cache(maxsize=256)
def are_balanced(texts: tuple[str, ...]) -> bool:
    """Whether brackets match in all texts, and there are some."""
    pairs = sum(text.count(opening) for text in texts for opening in PAIRS)
    few = sum(map(len, texts)) <= MOST
    return few and pairs >= FEWEST and all(_is_balanced(text) for text in texts)


def _is_balanced(text: str) -> bool:
    open_ones: list[str] = []
    for letter in text:
        if letter in PAIRS:
            open_ones.append(letter)
        elif letter in CLOSING and (not open_ones or open_ones.pop() != CLOSING[letter]):
            return False
    return not open_ones


@lru_cache(maxsize=256)
def are_tagged(texts: tuple[str, ...]) -> bool:
    """Whether each tag in all texts, as of web pages, has one that ends it; and there are some."""
    ended = sum(text.count("</") for text in texts)
    return ended >= FEWEST and all(_is_tagged(text) for text in texts)


def _is_tagged(text: str) -> bool:
    open_ones: list[str] = []
    for ends, name, alone in _TAG.findall(text):
        if not ends and not alone:
            open_ones.append(name)
        elif ends and (not open_ones or open_ones.pop() != name):
            return False
    return not open_ones


def within_tag(text: str, more: str) -> str:
    """The text with more in the first of its tags, so that there is still one around all if there was."""
    first = next((found for found in _TAG.finditer(text) if not any(found.group(1, 3))), None)
    place = first.end() if first is not None else len(text)
    return f"{text[:place]}{more}{text[place:]}"


def split_outside(text: str, between: str) -> list[str]:
    """The text split at what stands ``between`` its parts, but not within brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in PAIRS) - (letter in CLOSING)
        if letter == between and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def inside(text: str) -> tuple[str, str] | None:
    """The opening bracket that a text begins with, and what is in it, where that is all of the text."""
    if len(text) < len("()") or PAIRS.get(text[0]) != text[-1] or not _is_balanced(text[1:-1]):
        return None
    return text[0], text[1:-1]


def mended(text: str) -> str:
    """The text with matching brackets: each that closes does so for the last one that is open, or opens one."""
    return "".join(_mended(text))


def _mended(text: str) -> Iterator[str]:
    open_ones: list[str] = []
    for letter in text:
        if letter in CLOSING and open_ones:
            yield PAIRS[open_ones.pop()]
            continue
        opening = CLOSING.get(letter, letter)
        if opening in PAIRS:
            open_ones.append(opening)
        yield opening
    yield from (PAIRS[opening] for opening in reversed(open_ones))
