"""From a model's reply to a program: search/replace blocks, or a whole program in a fence. Inside the editor's jail.

A block looks like this, as often as there are changes:

    <<<<<<< SEARCH
    lines as they stand in the program
    =======
    lines that take their place
    >>>>>>> REPLACE

What does not fit is refused with the nearest lines there are, so that whoever wrote it can mend it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from shoal.propose._draft import ImpossibleError

__all__ = ["applied", "as_check", "has_blocks", "has_change", "sections"]

NO_LINES: list[str] | None = None
MOST_BLOCKS = 40
MOST_REPLY = 1 << 20
NEAR = 0.6  # likeness from which on lines are shown as the nearest
SHOWN_LINES = 12
MOST_COMPARED = 4_000  # lines of a program that are looked at for the nearest

_SEARCH = re.compile(r"^\s*<{5,9}\s*SEARCH\s*$")
_MIDDLE = re.compile(r"^\s*={5,9}\s*$")
_REPLACE = re.compile(r"^\s*>{5,9}\s*REPLACE\s*$")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})\s*([\w+#.-]*)[^`]*$")
_FILE = re.compile(r"^[\s#*]*FILE[\s:`]+([\w.]+)[\s:`*]*$")


class Block(NamedTuple):
    """One change: lines that are looked for, lines that take their place."""

    search: list[str]
    replace: list[str]


def as_check(request: Mapping[str, Any]) -> dict[str, Any]:
    """A request to take up a reply, as the request to check what comes of it against the program before."""
    payload, source = request.get("payload") or {}, request.get("source")
    text, form = payload.get("text"), payload.get("form")
    if not isinstance(source, str) or not isinstance(text, str) or form not in ("diff", "full", "new"):
        raise ImpossibleError('a reply needs a source, its text, and its form, "diff", "full" or "new"')
    if form == "new":  # nothing came before it that it must keep
        return {**request, "operator": "describe", "source": applied("", text, form=form), "payload": {}}
    made = applied(source, text, form=form)
    if made == source:
        raise ImpossibleError("the program would stay the same")
    return {**request, "operator": "check", "source": made, "payload": {**payload, "against": source}}


def applied(source: str, text: str, *, form: str) -> str:
    """The program that a reply makes of ``source``; `ImpossibleError` says what to mend.

    Args:
        source: the program that was shown.
        text: the reply.
        form: "diff" or "full", what was asked for; whole programs are taken where blocks were asked for, too.
    """
    if len(text) > MOST_REPLY:
        raise ImpossibleError(f"the reply has {len(text):,} characters; at most {MOST_REPLY:,} are read")
    lines = text.replace("\r\n", "\n").split("\n")
    blocks = list(_blocks(lines))
    if blocks:
        return _patched(source, blocks)
    program = _fenced(lines)
    if program is None:
        wanted = "no SEARCH/REPLACE block" if form == "diff" else "no program between ``` lines"
        raise ImpossibleError(f"there is {wanted} in the reply")
    return program


def sections(text: str, files: Sequence[str], *, form: str) -> list[tuple[str, str]]:
    """What a reply says of each file: parts behind lines `FILE name`, outside of blocks and of fenced programs."""
    found: list[tuple[str, list[str]]] = []
    fence, block = "", False
    for line in text.replace("\r\n", "\n").split("\n"):
        mark = _FENCE.match(line)
        if not fence and not block and (named := _FILE.match(line)) and named[1] in files:
            found.append((named[1], []))
            continue
        if _SEARCH.match(line) or _REPLACE.match(line):
            block = not block
        elif mark and not block and form == "full":
            fence = mark[1] if not fence else "" if mark[1].startswith(fence) and not mark[2] else fence
        if found:
            found[-1][1].append(line)
    return [(name, "\n".join(lines)) for name, lines in found]


def has_blocks(text: str) -> bool:
    """Whether a block begins in a part of a reply."""
    return any(map(_SEARCH.match, text.split("\n")))


def has_change(text: str) -> bool:
    """Whether a block or a fence begins in a part of a reply."""
    return has_blocks(text) or any(map(_FENCE.match, text.split("\n")))


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    """The blocks of a reply; markers that do not follow one another as they must are refused."""
    search: list[str] | None = None
    replace: list[str] | None = None
    count = 0
    for line in lines:
        if search is None:
            if _SEARCH.match(line):
                search = []
        elif replace is None:
            if _MIDDLE.match(line):
                replace = []
            elif _SEARCH.match(line) or _REPLACE.match(line):
                raise ImpossibleError(f"block {count + 1} has no ======= line between its two halves")
            else:
                search.append(line)
        elif _REPLACE.match(line):
            count += 1
            if count > MOST_BLOCKS:
                raise ImpossibleError(f"more than {MOST_BLOCKS} blocks: answer with the whole program")
            yield Block(search, replace)
            search = replace = None
        else:
            replace.append(line)
    if search is not None:
        raise ImpossibleError(f"block {count + 1} is cut off: its >>>>>>> REPLACE line is missing")


def _patched(source: str, blocks: Sequence[Block]) -> str:
    lines = source.split("\n")
    for number, block in enumerate(blocks, start=1):
        lines = _replaced(lines, block, number)
    return "\n".join(lines)


def _replaced(lines: list[str], block: Block, number: int) -> list[str]:
    """The lines with one block applied: where its search stands exactly, else but for spaces, and only once."""
    search = _trimmed(block.search)
    if not search:
        if any(line.strip() for line in lines):
            raise ImpossibleError(f"block {number} searches for nothing: name the lines that it replaces")
        return block.replace
    for likeness in (str, str.rstrip, str.strip):
        found = _places(lines, search, likeness)
        if len(found) == 1:
            at = found[0]
            replace = _trimmed(block.replace)
            if likeness is str.strip:
                replace = _shifted(replace, given=search[0], there=lines[at])
            return [*lines[:at], *replace, *lines[at + len(search) :]]
        if found:
            where = ", ".join(str(at + 1) for at in found[:5])
            raise ImpossibleError(
                f"the SEARCH text of block {number} stands {len(found)} times in the program (lines {where}): "
                "add lines around it until it stands there once"
            )
    raise ImpossibleError(f"the SEARCH text of block {number} is not in the program. {_nearest(lines, search)}")


def _trimmed(lines: list[str]) -> list[str]:
    """Without empty lines at both ends, which are nobody's intention."""
    start, end = 0, len(lines)
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return lines[start:end]


def _places(lines: Sequence[str], search: Sequence[str], likeness: Any) -> list[int]:
    """Where ``search`` begins in ``lines``, line by line alike."""
    wanted = [likeness(line) for line in search]
    there = [likeness(line) for line in lines]
    first, count = wanted[0], len(wanted)
    return [at for at, line in enumerate(there) if line == first and there[at : at + count] == wanted]


def _shifted(replace: list[str], *, given: str, there: str) -> list[str]:
    """The new lines, indented as the old ones are in the program and not as they were quoted."""
    quoted, real = given[: len(given) - len(given.lstrip())], there[: len(there) - len(there.lstrip())]
    if quoted == real:
        return replace
    return [real + line[len(quoted) :] if line.strip() and line.startswith(quoted) else line for line in replace]


def _nearest(lines: Sequence[str], search: Sequence[str]) -> str:
    """The lines of the program that are most like what was looked for."""
    wanted = "\n".join(line.strip() for line in search)
    best, at = 0.0, 0
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    for start in range(min(len(lines), MOST_COMPARED)):
        if not lines[start].strip():
            continue
        matcher.set_seq1("\n".join(line.strip() for line in lines[start : start + len(search)]))
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and matcher.ratio() > best:
            best, at = matcher.ratio(), start
    if best < NEAR:
        return "Nothing in it is much like that text."
    near = "\n".join(lines[at : at + min(len(search), SHOWN_LINES)])
    return f"Nearest are lines {at + 1} to {at + len(search)}:\n{near}"


def _fenced(lines: Sequence[str]) -> str | None:
    """The longest text between fences; of a fence that is never closed, all that follows."""
    found: list[list[str]] = []
    fence, inside = "", NO_LINES
    for line in lines:
        match = _FENCE.match(line)
        if inside is None:
            if match:
                fence, inside = match[1], []
        elif match and match[1].startswith(fence) and not match[2]:
            found.append(inside)
            inside = None
        else:
            inside.append(line)
    if inside:
        found.append(inside)
    longest = max(found, key=lambda one: sum(map(len, one)), default=None)
    return None if not longest else "\n".join(longest).strip("\n") + "\n"
