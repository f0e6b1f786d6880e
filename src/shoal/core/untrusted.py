"""The one door through which text from candidates, models and tasks reaches a terminal, a page or a table.

Such text is written by programs under selection. What a reader cannot see may not change what a reader sees: escape
sequences are removed; control, invisible and direction-changing characters are shown as escapes.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape

__all__ = ["fenced", "html", "markdown", "untrusted"]

# CSI, OSC and other string sequences, and two-character escapes (ECMA-48), in 7-bit and 8-bit form.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]"
)
_PLAIN = re.compile(r"[ -~]*")
_UNSEEN = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}  # controls, formats (bidi, zero width), private, unassigned
# Letters and marks by category that draw nothing all the same.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {chr(code) for code in range(0xFE00, 0xFE10)}
# Markup anywhere, underscores at the edge of a word, and what begins a block at the beginning.
_MARKDOWN = re.compile(
    r"[\\`*\[\]<|~&$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"
    r"|^ *(?:>|#{1,6}(?= |$)|[+=-](?=[ =-]|$)|[0-9]+(?=[.)](?: |$)))"
)
MARKS_IN_A_ROW = 3
CUT = "..."


def untrusted(text: str, *, limit: int = 400, lines: int = 1) -> str:
    r"""Return ``text`` as a reader may safely see it: at most ``limit`` characters on at most ``lines`` lines.

    What is cut off is marked by "...". With one line, line breaks become spaces. The result holds printable
    characters only (and "\n" where ``lines`` is above 1); it is a fixed point of this function.
    """
    text = text[: 4 * limit + 1000]  # what comes later cannot matter, and may be large
    if not _PLAIN.fullmatch(text):
        text = _seen(text, keep_breaks=lines > 1)
    kept = text.split("\n")
    if len(kept) > lines:
        text = "\n".join([*kept[: lines - 1], CUT])
    return text if len(text) <= limit else text[: max(0, limit - len(CUT))] + CUT[:limit]


def _seen(text: str, *, keep_breaks: bool) -> str:
    text = re.sub(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]", "\n", text)
    while (shorter := _ESCAPES.sub("", text)) != text:  # removing one may join the halves of another
        text = shorter
    text = text.replace("\t", "    ")
    if not keep_breaks:
        text = text.replace("\n", " ")
    return _few_marks("".join(_shown(character) for character in text))


def _shown(character: str) -> str:
    if character == "\n" or " " <= character <= "~":
        return character
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if category not in _UNSEEN and character not in _BLANK and not 0xE0100 <= ord(character) <= 0xE01EF:
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _few_marks(text: str) -> str:
    """Drop combining marks beyond a few in a row: piles of them overwrite the lines around."""
    if text.isascii():
        return text
    kept: list[str] = []
    row = 0
    for character in text:
        row = row + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if row <= MARKS_IN_A_ROW:
            kept.append(character)
    return "".join(kept)


def markdown(text: str, *, limit: int = 400) -> str:
    """Return ``text`` on one line for running text or a table cell of Markdown: nothing in it acts as markup."""
    escaped = _MARKDOWN.sub(_escaped, untrusted(text, limit=limit))
    # A bare address would become a link.
    return re.sub(r"(?i)(https?|ftp|mailto|www)([:.])", r"\1&#8203;\2", escaped).replace("@", "&#64;")


def _escaped(found: re.Match[str]) -> str:
    """A number before a dot keeps its digits: the dot loses its meaning by the entity between them."""
    markup = found[0]
    return f"{markup}&#8203;" if markup[-1].isdigit() else f"{markup[:-1]}\\{markup[-1]}"


def html(text: str, *, limit: int = 400, lines: int = 1) -> str:
    """Return ``text`` for an element or a quoted attribute of HTML; limits count what a reader sees."""
    return escape(untrusted(text, limit=limit, lines=lines))


def fenced(text: str, *, language: str = "", limit: int = 200_000, lines: int = 4_000) -> str:
    """Return ``text`` as a fenced block of Markdown that nothing in it can close."""
    shown = untrusted(text, limit=limit, lines=lines)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", shown)), default=0))
    return f"{fence}{language}\n{shown}\n{fence}"
