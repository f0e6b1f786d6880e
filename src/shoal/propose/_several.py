"""Edits of programs of several files: one file is edited at a time, and numbers are counted through all of them.

A request about such a program has "files", name -> text with the main file first, in place of "source", and so have its
donors and payload "against"; the answer has "files" with all texts. Hashes are over those of all files. Entries are
functions of the main file; a file that is not Python is edited as `shoal.propose._text` does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from shoal.core.canonical import sha256
from shoal.propose._draft import ImpossibleError
from shoal.propose._reply import applied, has_blocks, has_change, sections

__all__ = ["edit_several"]

Answer = dict[str, Any]
Edit = Callable[[Mapping[str, Any], np.random.Generator], Answer]

MOST_FILES = 32
AS_IT_IS = ("describe", "check", "embed", "inspect", "intents")
OF_MAIN = ("trace_points", "subject")  # about functions that the judge calls; "materialise" takes what is traced
NUMBERED = {"values": "values", "again": "delta"}  # operators that name numbers by their places, and what for each


def edit_several(request: Mapping[str, Any], rng: np.random.Generator, edit: Edit) -> Answer:
    """Answer one request about several files; ``edit`` answers those about one."""
    program, operator = _Several(request, rng, edit), request.get("operator")
    if operator == "reply":
        return program.taken_up()
    if operator in AS_IT_IS:
        return program.joined({name: program.asked(name) for name in program.files})
    if operator in NUMBERED:
        return program.renumbered(NUMBERED[operator])
    if operator in OF_MAIN:
        return program.with_others(program.asked(program.main))
    reply: Answer = {}
    for name in [program.main] if operator == "materialise" else program.order():
        reply = program.asked(name)
        if "failed" not in reply:
            return program.joined({name: reply})
    return reply


class _Several:
    """One request, and the texts that it is about."""

    def __init__(self, request: Mapping[str, Any], rng: np.random.Generator, edit: Edit) -> None:
        self.request, self.rng, self.edit = request, rng, edit
        self.files = _texts(request.get("files"))
        self.main = next(iter(self.files))
        self.payload: Mapping[str, Any] = request.get("payload") or {}

    def asked(self, name: str, **changed: Any) -> Answer:
        """The answer to the request as one about a file."""
        payload = dict(self.payload)
        if isinstance(against := payload.get("against"), Mapping):
            payload["against"] = against.get(name)
        about = {
            **{key: value for key, value in self.request.items() if key != "files"},
            "source": self.files[name],
            "entry": self.request.get("entry", ()) if name == self.main else (),
            "donors": [one[name] for one in self.request.get("donors", ()) if isinstance(one, Mapping) and name in one],
            "payload": payload,
            "language": "python" if name.endswith(".py") else "text",
        }
        return self.edit(about | changed, self.rng)

    def with_others(self, reply: Answer) -> Answer:
        """An answer about the main file, with the others as they are."""
        return reply if "failed" in reply else {**reply, "files": {**self.files, self.main: reply["source"]}}

    def order(self) -> list[str]:
        """Which file is edited: long ones sooner; the next one where there is nothing to edit in it."""
        sizes = np.array([1.0 + len(text) for text in self.files.values()])
        places = self.rng.choice(len(sizes), size=len(sizes), replace=False, p=sizes / sizes.sum())
        return [list(self.files)[place] for place in places.tolist()]

    def firsts(self) -> dict[str, int]:
        """How many tunable numbers stand before those of each file; under "" all of them."""
        looks = {name: self.asked(name, operator="inspect", payload={}) for name in self.files}
        counts = [len(look.get("details", {}).get("values", ())) for look in looks.values()]
        return dict(zip([*looks, ""], accumulate([0, *counts]), strict=True))

    def renumbered(self, key: str) -> Answer:
        """The numbers that the payload names by their places, each set in its file."""
        firsts = self.firsts()
        sites = list(self.payload.get("sites", range(firsts[""])))
        values = self.payload.get(key)
        if not isinstance(values, Sequence) or len(values) != len(sites):
            raise ImpossibleError(f"{key} must be a list with a number for each place")
        replies, reply = {}, Answer(failed="no number in this program")
        for name, end in zip(self.files, list(firsts.values())[1:], strict=True):
            own = [(site - firsts[name], one) for site, one in zip(sites, values, strict=True) if _within(site, end)]
            own = [(site, one) for site, one in own if site >= 0]
            if own:
                payload = {**self.payload, "sites": [site for site, _ in own], key: [one for _, one in own]}
                reply = self.asked(name, payload=payload)
                if "failed" not in reply:
                    replies[name] = reply
        return self.joined(replies, firsts) if replies else reply

    def taken_up(self) -> Answer:
        """What a model's reply makes of the files; each that changes is checked against what it was."""
        text, form = self.payload.get("text"), self.payload.get("form")
        if not isinstance(text, str) or form not in ("diff", "full"):
            raise ImpossibleError('a reply about several files needs its text, and its form, "diff" or "full"')
        made = dict(self.files)
        for name, part in self._parts(text, form):
            made[name] = applied(made[name], part, form=form)
        changed = [name for name, before in self.files.items() if made[name] != before]
        if not changed:
            raise ImpossibleError("the program would stay the same")
        replies = {}
        for name in changed:
            payload = {**self.payload, "against": self.files[name]}
            replies[name] = self.asked(name, operator="check", source=made[name], payload=payload)
        if self.payload.get("embed"):
            for name in [one for one in self.files if one not in replies]:
                still = {"embed": True, "against": self.files[name]}
                replies[name] = self.asked(name, operator="check", payload=still)
        return self.joined({name: replies[name] for name in self.files if name in replies})

    def _parts(self, text: str, form: str) -> list[tuple[str, str]]:
        """Which part of a reply is about which file; one that names none is about the file that it fits, or is like."""
        named = sections(text, tuple(self.files), form=form)
        if named:
            return [(name, part) for name, part in named if has_change(part)]
        for name, source in self.files.items() if has_blocks(text) else ():
            try:
                applied(source, text, form=form)
            except ImpossibleError:
                continue
            return [(name, text)]
        lines = set(text.split("\n"))
        return [(max(self.files, key=lambda name: len(lines.intersection(self.files[name].split("\n")))), text)]

    def joined(self, replies: Mapping[str, Answer], firsts: Mapping[str, int] | None = None) -> Answer:
        """One answer of those about some of the files; the others are as they were. The first that failed, if any."""
        every = {
            name: replies[name] if name in replies else self.asked(name, operator="describe", payload={})
            for name in self.files
        }
        for name, one in every.items():
            if "failed" in one:
                return {"failed": f"{name}: {one['failed']}"}
        details = [one["details"] for one in every.values()]
        joined: dict[str, Any] = {key: sum(one[key] for one in details) for key in ("size", "literals")}
        joined |= {key: _hash(every, [one[key] for one in details]) for key in ("shape", "frozen")}
        if any("sites" in one for one in details):
            firsts = firsts or self.firsts()
        tables = any("columns" in one for one in details)
        for name, one in replies.items():
            told = one["details"]
            if tables and "columns" not in told:  # a language without tables
                told = {**told, "columns": [-1] * len(told["values"])}
            _add(joined, told, name=name, first=(firsts or {}).get(name, 0))
        note = "; ".join(
            f"{name}: {one['note']}" if len(replies) == 1 else one["note"] for name, one in replies.items()
        )
        normal = _hash(every, [one["normal"] for one in every.values()])
        made = {name: one["source"] for name, one in every.items()}
        return {"files": made, "normal": normal, "note": note, "details": joined}


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping) or not 0 < len(value) <= MOST_FILES:
        raise ImpossibleError(f"files must be a table of 1 to {MOST_FILES}: name -> text")
    if not all(isinstance(name, str) and isinstance(text, str) for name, text in value.items()):
        raise ImpossibleError("files must be a table: name -> text")
    return dict(value)


def _within(site: object, end: int) -> bool:
    return type(site) is int and site < end


def _hash(names: Sequence[str] | Mapping[str, Any], hashes: Sequence[str]) -> str:
    """One hash of those of all files, which tells by which file each is."""
    return str(sha256("\n".join(f"{name} {one}" for name, one in sorted(zip(names, hashes, strict=True))).encode()))


def _add(joined: dict[str, Any], details: Mapping[str, Any], *, name: str, first: int) -> None:
    """Add what was said of one file, ``first`` numbers of other files before its own."""
    for key, value in details.items():
        if key in ("size", "literals", "shape", "frozen"):
            continue
        if key == "sites":
            joined[key] = [*joined.get(key, ()), *(site + first for site in value)]
        elif key == "columns":
            above = 1 + max(joined.get(key, ()), default=-1)
            joined[key] = [*joined.get(key, ()), *(one + above if one >= 0 else one for one in value)]
        elif key == "intents":
            told = [{**one, "what": f"{name}: {one['what']}"} for one in value]
            joined[key] = [*joined.get(key, ()), *told]
        elif key == "features":
            before = joined.get(key, {})
            joined[key] = {one: before.get(one, 0) + count for one, count in value.items()}
        elif key == "vector":
            joined[key] = _sum_of(joined.get(key), value)
        elif key == "numbers" and key in joined:
            joined[key] = str(sha256(f"{joined[key]} {value}".encode()))
        elif isinstance(value, list) and isinstance(joined.get(key), list):
            joined[key] = [*joined[key], *value]
        else:
            joined[key] = value


def _sum_of(one: bytes | None, other: bytes) -> bytes:
    """Two vectors of float32 as one of length 1."""
    if one is None:
        return other
    total = np.frombuffer(one, "<f4").astype(np.float64) + np.frombuffer(other, "<f4")
    return bytes((total / (np.linalg.norm(total) or 1.0)).astype("<f4").tobytes())
