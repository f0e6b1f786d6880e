"""Events: the small typed records a run is made of, and the chain that makes tampering evident.

Types and their data (every event also has ``v``, the schema version, and ``at``, UTC seconds):

    started   run, seed, window, ordered, budget, and what the plan says about itself (task, hashes, isolation)
    issued    k, work                        the search decided
    result    k, result                      it was carried out (in order of arrival)
    asked     k, n, request, to              a model is about to be asked, for item k or what it names; a blob's digest
    replied   k, n, request, reply           what it said, on disk before anybody uses it
    note      kind, text, data               the search, a guard or a monitor wants it on the record
    released  candidate                      a person let a held candidate go on; the run was not running
    halted    reason, admitted               no more work is issued: a clock ran out, or a target is reached
    resumed   budget                         the run went on, with this total
    finished  reason, digest, spent          all admitted; sealed looks may follow
    look      checkpoint, candidate, split, outcome, salt    a counted look at held-out instances
    closed    summary                        how the sitting ended, as people and programs are told
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shoal.core.canonical import canonical
from shoal.core.values import Digest, Json

__all__ = ["GENESIS", "MAX_EVENT_BYTES", "SCHEMA_VERSION", "Event", "broken_link", "chain", "link"]

SCHEMA_VERSION = 1
MAX_EVENT_BYTES = 64 * 1024
GENESIS: Digest = "0" * 64


@dataclass(frozen=True, slots=True)
class Event:
    """One record: its number in the run, its canonical JSON, and the chain's head after it."""

    seq: int
    body: bytes
    head: Digest

    @property
    def data(self) -> dict[str, Json]:
        """The decoded record; ``data["type"]`` is its type."""
        decoded: dict[str, Json] = json.loads(self.body)
        return decoded


def link(head: Digest, body: bytes) -> Digest:
    """The chain's next head: SHA-256 over the previous head and the event's bytes."""
    return hashlib.sha256(head.encode() + body).hexdigest()


def chain(head: Digest, seq: int, type: str, data: dict[str, Any], *, at: float) -> Event:
    """Make event number ``seq`` on top of ``head``. Raises ValueError when it exceeds 64 KB."""
    body = canonical({"v": SCHEMA_VERSION, "type": type, "at": round(at, 4), **data})
    if len(body) > MAX_EVENT_BYTES:
        raise ValueError(f"a {type} event of {len(body)} bytes is over the limit of {MAX_EVENT_BYTES}")
    return Event(seq=seq, body=body, head=link(head, body))


def broken_link(events: Iterable[Event], *, head: Digest = GENESIS, seq: int = 0) -> int | None:
    """Recompute the chain; return the number of the first event that does not fit, or None."""
    for event in events:
        head = link(head, event.body)
        if event.seq != seq or event.head != head:
            return seq
        seq += 1
    return None
