"""An edit as the text that a prompt asked for: search/replace blocks that apply exactly once, or the whole program."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from shoal.serve._prompt import Wanted

__all__ = ["answer", "apology", "search_replace"]

LONGEST_NOTE = 300
_BEGIN = re.compile(r"\b(?:shoal:[ \t]*begin|EVOLVE-BLOCK-START)\b")
_END = re.compile(r"\b(?:shoal:[ \t]*end|EVOLVE-BLOCK-END)\b")
_LIKE_A_BLOCK = re.compile(r"^[ \t]*(?:<{7}|={7}|>{7})")


def answer(wanted: Wanted, child: str, *, name: str, note: str) -> str:
    """The answer that gives ``child``.

    Args:
        wanted: what the prompt asked for.
        child: the edited program.
        name: of the edit, a word.
        note: what changed, for people; one line.
    """
    child, note = child.rstrip("\n"), _plain(note)
    hunks = search_replace(wanted.program, child, marked=wanted.marked) if wanted.diff else None
    body = _whole(wanted, child) if hunks is None else _blocks(wanted, hunks)
    return f"{_head(wanted, name, note)}\n\n{body}\n"


def apology(wanted: Wanted | None) -> str:
    """The answer where there is no edit: the program as it was, unless blocks were asked for."""
    if wanted is None:
        return "I found no program in the prompt, so there is nothing that I could edit."
    note = "I found no edit of this program."
    body = "" if wanted.diff else f"\n\n{_whole(wanted, wanted.program)}"
    return f"{_head(wanted, 'no_edit', note)}{body}\n"


def _plain(note: str) -> str:
    """One line that cannot be taken for a part of the answer's form."""
    return re.sub(r"[<>`\s]+", " ", note.replace("->", "→")).strip()[:LONGEST_NOTE]


def _head(wanted: Wanted, name: str, note: str) -> str:
    lines = [f"<NAME>\n{name}\n</NAME>"] if "NAME" in wanted.tags else []
    lines.append(f"<DESCRIPTION>\n{note}\n</DESCRIPTION>" if "DESCRIPTION" in wanted.tags else note)
    return "\n\n".join(lines)


def _whole(wanted: Wanted, program: str) -> str:
    longest = max(map(len, re.findall(r"^[ \t]*(`{3,})", program, re.MULTILINE)), default=2)
    fence = "`" * (longest + 1)
    return _tagged(wanted, "CODE", f"{fence}{wanted.info}\n{program}\n{fence}")


def _blocks(wanted: Wanted, hunks: Sequence[tuple[str, str]]) -> str:
    texts = [f"<<<<<<< SEARCH\n{before}\n=======\n{after}\n>>>>>>> REPLACE" for before, after in hunks]
    return _tagged(wanted, "DIFF", "\n\n".join(texts))


def _tagged(wanted: Wanted, tag: str, text: str) -> str:
    return f"<{tag}>\n{text}\n</{tag}>" if tag in wanted.tags else text


# -- search and replace -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Hunk:
    """Lines [start, end) of the old program that become lines [first, last) of the new one."""

    start: int
    end: int
    first: int
    last: int

    def grow(self, low: int, high: int) -> bool:
        """Take one more equal line on each side, within [low, high); False where there is none."""
        up, down = self.start > low, self.end < high
        self.start, self.first = self.start - up, self.first - up
        self.end, self.last = self.end + down, self.last + down
        return up or down

    def meets(self, other: _Hunk) -> bool:
        return self.end >= other.start

    def joined(self, other: _Hunk) -> _Hunk:
        return _Hunk(self.start, other.end, self.first, other.last)


def search_replace(before: str, after: str, *, marked: bool = False) -> list[tuple[str, str]] | None:
    """(search, replace) pairs that turn one text into another; None where that cannot be said in this form.

    Each search text occurs exactly once in ``before``, and still does after the pairs before it were applied. None
    begins or ends with an empty line, and with ``marked`` none holds a line with a marker.
    """
    old, new = before.split("\n"), after.split("\n")
    changed = [
        _Hunk(*span) for tag, *span in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if tag != "equal"
    ]
    if not changed:
        return None
    for hunks in (changed, [changed[0].joined(changed[-1])]):
        widened = _widened(hunks, old, new, before, _spans(old) if marked else [(0, len(old))])
        pairs = [("\n".join(old[h.start : h.end]), "\n".join(new[h.first : h.last])) for h in widened or ()]
        if pairs and _applied(before, pairs) == after:
            return pairs
    return None


def _widened(
    hunks: Sequence[_Hunk], old: list[str], new: list[str], before: str, spans: Sequence[tuple[int, int]]
) -> list[_Hunk] | None:
    """The hunks with as many lines around them as make each unmistakable; those that meet become one."""
    done: list[_Hunk] = []
    waiting = [_Hunk(h.start, h.end, h.first, h.last) for h in hunks]
    while waiting:
        hunk = waiting.pop(0)
        span = next(((low, high) for low, high in spans if low <= hunk.start and hunk.end <= high), None)
        if span is None:
            return None
        low, high = max(span[0], done[-1].end if done else 0), min(span[1], waiting[0].start if waiting else len(old))
        while not _clear(hunk, old, new, before) and hunk.grow(low, high):
            pass
        if _clear(hunk, old, new, before):
            done.append(hunk)
        elif waiting and hunk.meets(waiting[0]):
            waiting[0] = hunk.joined(waiting[0])
        elif done and done[-1].meets(hunk):
            waiting.insert(0, done.pop().joined(hunk))
        else:
            return None
    return done


def _clear(hunk: _Hunk, old: list[str], new: list[str], before: str) -> bool:
    """Whether a hunk stands for one place, and can be read back."""
    search, replace = old[hunk.start : hunk.end], new[hunk.first : hunk.last]
    if not search or not replace or any(not lines[k].strip() for lines in (search, replace) for k in (0, -1)):
        return False
    return _occurs_once("\n".join(search), before)


def _occurs_once(text: str, whole: str) -> bool:
    at = whole.find(text)
    return at >= 0 and whole.find(text, at + 1) < 0


def _applied(before: str, pairs: Sequence[tuple[str, str]]) -> str | None:
    """The text after all pairs; None where one of them does not fit exactly once, or holds a line of the form."""
    for search, replace in pairs:
        if not _occurs_once(search, before) or any(map(_LIKE_A_BLOCK.match, f"{search}\n{replace}".split("\n"))):
            return None
        before = before.replace(search, replace)
    return before


def _spans(lines: Sequence[str]) -> list[tuple[int, int]]:
    """The lines between the markers, as [first, last)."""
    spans, start = [], None
    for number, line in enumerate(lines):
        if _BEGIN.search(line):
            start = number + 1
        elif _END.search(line) and start is not None:
            spans.append((start, number))
            start = None
    return spans
