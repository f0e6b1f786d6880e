"""What agents did, as the host saw it: every call of a tool by every agent at work, kept with the run.

Only the desk of `_broker` writes calls down, and only for calls that it has answered. What an agent says of itself, in
the files that it hands in or beside them, is never read for this: no text of an agent can add, change or hide a call.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from shoal.core.canonical import canonical, plain
from shoal.core.protocols import Store
from shoal.core.values import CandidateId, Digest, Json
from shoal.labs.selfimprove._broker import Worked

__all__ = ["CALLS", "as_blob", "read_transcript", "told", "transcripts_of"]

CALLS = "calls"  # a transcript among artifacts and details; kind of the note that tells those of the finalists


def told(worked: Worked, **more: Json) -> dict[str, Json]:
    """One agent at work: "calls", each with tool, count and SHA-256 of what was asked and answered; and "why"."""
    return {**more, "why": worked.why, "calls": plain(worked.calls)}


def as_blob(transcript: Json) -> bytes:
    """As it is kept."""
    return canonical(transcript)


def read_transcript(store: Store, digest: Digest) -> Json:
    """A transcript that is kept: a list of agents at work, each with its "calls"."""
    return json.loads(store.get(digest))


def transcripts_of(events: Iterable[Mapping[str, Any]]) -> dict[CandidateId, tuple[Digest, ...]]:
    """Of each agent the transcripts of its making and measuring, oldest first; ``events`` are a run's, in order."""
    work: dict[int, Mapping[str, Any]] = {}
    found: dict[CandidateId, dict[Digest, None]] = {}
    for data in events:
        if data["type"] == "issued":
            work[data["k"]] = data["work"]
        elif data["type"] == "result":
            _note(found, work.pop(data["k"], {}), data["result"])
        elif data["type"] == "look":
            _note(found, {"trial": data}, data)
        elif data["type"] == "note" and data["kind"] == CALLS:
            for who, digest in data["data"].items():
                found.setdefault(who, {})[digest] = None
    return {id: tuple(digests) for id, digests in found.items()}


def _note(found: dict[CandidateId, dict[Digest, None]], work: Mapping[str, Any], result: Mapping[str, Any]) -> None:
    made = result.get("candidate")
    who = made["id"] if isinstance(made, dict) else (work.get("trial") or {}).get("candidate")
    outcome, details = result.get("outcome") or {}, result.get("details")
    digests = [details.get(CALLS) if isinstance(details, dict) else None, outcome.get("artifacts", {}).get(CALLS)]
    if who is not None:
        found.setdefault(who, {}).update((one, None) for one in digests if one is not None)
