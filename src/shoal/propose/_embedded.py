"""The embedded proposer and its services: thin messengers between the loop and the jailed editor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from shoal.core.canonical import plain
from shoal.core.errors import UserError
from shoal.core.values import Answer, Brief, Candidate, CandidateId, Files, Json, Proposal, Source
from shoal.propose._client import Editor

__all__ = ["EmbeddedProposer", "InitialProposer", "InspectService", "Mutable", "frozen_hash", "intents_of"]

DETAIL_KEYS = ("sites", "delta", "shape", "size", "literals", "frozen", "template")
LONGEST_SENTENCE = 200


@dataclass(frozen=True, slots=True)
class Mutable:
    """What of a candidate may change: the main file and ``more``, the selected region, the entries that must stay.

    ``public`` holds the functions that a candidate may call, each with how many arguments it takes; ``public_sign`` is
    +1.0 where more of what they return is better, -1.0 where less is.
    """

    main: str
    select: str | tuple[str, ...]
    entry: tuple[str, ...]
    public: tuple[tuple[str, int], ...] = ()
    public_sign: float = 1.0
    more: tuple[str, ...] = ()

    def request(self, operator: str, source: Source, **more: Any) -> dict[str, Any]:
        """An editor request about ``source``."""
        return {
            "operator": operator,
            **self.texts(source.files),
            "select": plain(self.select),
            "entry": list(self.entry),
            "public": dict(self.public),
            "public_sign": self.public_sign,
            "language": "python" if self.main.endswith(".py") else "text",
            **more,
        }

    def texts(self, files: Files) -> dict[str, Any]:
        """What may change, as requests tell it: one "source", or several "files" by name, the main one first."""
        if not self.more:
            return {"source": _text(files, self.main)}
        return {"files": {name: _text(files, name) for name in (self.main, *self.more)}}

    def written(self, files: Files, reply: Mapping[str, Any]) -> dict[str, bytes]:
        """The files of a candidate with what the editor made of them."""
        made = reply["files"] if self.more else {self.main: reply["source"]}
        return {**files, **{name: text.encode() for name, text in made.items()}}


async def frozen_hash(editor: Editor, mutable: Mutable, files: Files) -> str:
    """The hash of what may not change in a program; `UserError` when the editor cannot read it."""
    reply = await _described(editor, mutable, files)
    if "failed" in reply:
        raise UserError(f"{mutable.main}: {reply['failed']}")
    return str(reply["details"]["frozen"])


async def intents_of(editor: Editor, mutable: Mutable, files: Files) -> list[dict[str, Any]]:
    """What a judge may mind in a program's text, as `shoal.syntax.intents` tells it; [] where it cannot be read."""
    reply = await editor.ask(mutable.request("intents", _source(files)))
    found = reply["details"]["intents"] if "failed" not in reply else []
    return [
        {"line": int(one["line"]), "kind": str(one["kind"])[:40], "what": str(one["what"])[:LONGEST_SENTENCE]}
        for one in found
    ]


class InitialProposer:
    """Hands out the programs a run starts from, byte by byte, once they have been looked at.

    ``against`` is the task's own initial program: one that comes from elsewhere must keep its frozen part and its
    entries, as every candidate must.
    """

    def __init__(
        self, first: tuple[Files, ...], editor: Editor, mutable: Mutable, *, against: Files | None = None
    ) -> None:
        self.first, self.editor, self.mutable, self.against = first, editor, mutable, against

    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal:
        """The program number ``payload["index"]``; without files, and with the reason, where it is refused."""
        files = self.first[brief.payload["index"]]
        reply = await _described(self.editor, self.mutable, files, against=self.against)
        if "failed" in reply:
            return Proposal(files=None, note=str(reply["failed"])[:400])
        return Proposal(files=files, normal=reply["normal"], note="the initial program", details=reply["details"])


async def _described(editor: Editor, mutable: Mutable, files: Files, *, against: Files | None = None) -> dict[str, Any]:
    """What the editor says of a program from outside; bytes that are no UTF-8 would be another text elsewhere."""
    for name in (mutable.main, *mutable.more):
        try:
            files[name].decode()
        except UnicodeDecodeError as error:
            where = f"{name}: " if mutable.more else ""
            return {"failed": f"{where}not UTF-8: byte {files[name][error.start]:#04x} at {error.start}"}
        except KeyError:
            return {"failed": f"there is no {name} in it"}
    if against is None:
        return await editor.ask(mutable.request("describe", _source(files)))
    payload = {"against": _whole(mutable.texts(against))}
    return await editor.ask(mutable.request("check", _source(files), payload=payload))


class EmbeddedProposer:
    """Edits the first parent with the operator that the payload names; donors are the inspirations."""

    def __init__(self, editor: Editor, mutable: Mutable) -> None:
        self.editor, self.mutable = editor, mutable

    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal:
        """See `Proposer.propose`; the payload is the search's, with ``operator`` and its parameters."""
        parent = brief.parents[0]
        request = self.mutable.request(
            brief.payload["operator"],
            parent,
            donors=[_whole(self.mutable.texts(donor.files)) for donor in brief.inspirations],
            payload=brief.payload,
        )
        reply = await self.editor.ask(request, seed=rng.integers(0, 1 << 32, size=4).tolist())
        if "failed" in reply:
            return Proposal(files=None, note=str(reply["failed"])[:400])
        files = self.mutable.written(parent.files, reply)
        details = {key: reply["details"][key] for key in DETAIL_KEYS if key in reply["details"]}
        return Proposal(files=files, normal=reply["normal"], note=reply["note"], details=details)


class InspectService:
    """Lists the tunable numbers of a candidate; free of charge, since nothing is run."""

    def __init__(self, editor: Editor, mutable: Mutable) -> None:
        self.editor, self.mutable = editor, mutable

    async def answer(
        self, payload: Json, sources: Callable[[CandidateId], Source], rng: np.random.Generator, *, k: int
    ) -> Answer:
        """{"values": [number, ...], "kinds": ["float" | "int" | "index", ...]} or {"failed": reason}.

        With "columns" in the payload also {"columns": [int, ...]}, where the language has tables.
        """
        reply = await self.editor.ask(self.mutable.request("inspect", sources(payload["candidate"])))
        if "failed" in reply:
            return Answer({"failed": str(reply["failed"])})
        wanted = ("values", "kinds", "columns") if payload.get("columns") else ("values", "kinds")
        return Answer({key: reply["details"][key] for key in wanted if key in reply["details"]})


def _whole(texts: Mapping[str, Any]) -> Any:
    """A program as one value: its text, or its files by name."""
    return texts.get("source", texts.get("files"))


def _source(files: Files) -> Source:
    """Files that no candidate has yet."""
    return Source(Candidate(id="", parents=(), files={}, normal="", origin=""), files)


def _text(files: Files, main: str) -> str:
    return files[main].decode(errors="replace")
