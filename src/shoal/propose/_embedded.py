"""The embedded proposer and its services: thin messengers between the loop and the jailed editor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from shoal.core.canonical import plain
from shoal.core.values import Answer, Brief, CandidateId, Files, Json, Proposal, Source
from shoal.propose._client import Editor

__all__ = ["EmbeddedProposer", "InitialProposer", "InspectService", "Mutable"]

DETAIL_KEYS = ("sites", "delta", "shape", "size", "literals")


@dataclass(frozen=True, slots=True)
class Mutable:
    """What of a candidate may change: the main file, the selected region, the entries that must stay."""

    main: str
    select: str | tuple[str, ...]
    entry: tuple[str, ...]

    def request(self, operator: str, source: Source, **more: Any) -> dict[str, Any]:
        """An editor request about ``source``."""
        return {
            "operator": operator,
            "source": _text(source.files, self.main),
            "select": plain(self.select),
            "entry": list(self.entry),
            **more,
        }


class InitialProposer:
    """Hands out the programs a run starts from, in normal form like any other candidate."""

    def __init__(self, first: tuple[Files, ...], editor: Editor, mutable: Mutable) -> None:
        self.first, self.editor, self.mutable = first, editor, mutable

    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal:
        """The program number ``payload["index"]``."""
        files = self.first[brief.payload["index"]]
        request = {
            "operator": "describe",
            "source": _text(files, self.mutable.main),
            "select": plain(self.mutable.select),
            "entry": list(self.mutable.entry),
        }
        reply = await self.editor.ask(request)
        if "failed" in reply:
            return Proposal(files=None, note=str(reply["failed"]))
        return Proposal(files=files, normal=reply["normal"], note="the initial program", details=reply["details"])


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
            donors=[_text(donor.files, self.mutable.main) for donor in brief.inspirations],
            payload=brief.payload,
        )
        reply = await self.editor.ask(request, seed=rng.integers(0, 1 << 32, size=4).tolist())
        if "failed" in reply:
            return Proposal(files=None, note=str(reply["failed"])[:400])
        files = {**parent.files, self.mutable.main: reply["source"].encode()}
        details = {key: reply["details"][key] for key in DETAIL_KEYS if key in reply["details"]}
        return Proposal(files=files, normal=reply["normal"], note=reply["note"], details=details)


class InspectService:
    """Lists the tunable numbers of a candidate; free of charge, since nothing is run."""

    def __init__(self, editor: Editor, mutable: Mutable) -> None:
        self.editor, self.mutable = editor, mutable

    async def answer(self, payload: Json, sources: Callable[[CandidateId], Source], rng: np.random.Generator) -> Answer:
        """{"values": [number, ...], "kinds": ["float" | "int" | "index", ...]} or {"failed": reason}."""
        reply = await self.editor.ask(self.mutable.request("inspect", sources(payload["candidate"])))
        if "failed" in reply:
            return Answer({"failed": str(reply["failed"])})
        return Answer({key: reply["details"][key] for key in ("values", "kinds")})


def _text(files: Files, main: str) -> str:
    return files[main].decode(errors="replace")
