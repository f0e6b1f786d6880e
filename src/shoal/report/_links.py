"""The chain, event by event: what was edited, what is missing, and whether the end is where the file's book says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shoal.core.errors import StoreError
from shoal.core.events import GENESIS, Event, link
from shoal.core.values import Digest
from shoal.report._finding import Finding, listed

if TYPE_CHECKING:
    from shoal.store import LogEnd, SqlStore

__all__ = ["Links"]


@dataclass
class Links:
    """Takes the events of one log in the order of their numbers."""

    head: Digest = GENESIS
    events: int = 0
    last: int = -1
    last_type: str = ""
    wrong: list[str] = field(default_factory=list)
    _loose: bool = False  # the event before was found wrong already: its head explains the next one's

    def take(self, event: Event) -> None:
        """Check one event against the one before it."""
        head = _text(event.head)
        if event.seq != self.last + 1:
            self.wrong.append(_missing(self.last + 1, event.seq - 1))
        elif link(self.head, _bytes(event.body)) != head:
            self.wrong.append(_changed(event.seq, after_a_wrong_one=self._loose))
            self._loose = True
        else:
            self._loose = False
        self.head, self.last, self.events = head, event.seq, self.events + 1

    def chain(self) -> Finding:
        """Whether every event is linked to the one before."""
        if not self.wrong:
            return Finding("chain", True, f"{self.events:,} events, each linked to the one before")
        return Finding("chain", False, listed(self.wrong))

    def end(self, store: SqlStore, run: str, *, booked: bool) -> Finding:
        """Whether the log ends where the file's own book says; a log without a closing event is named.

        ``booked``: event 0 says that the file was made with a book.
        """
        open_end = "" if self.last_type == "closed" else f"; its last event is {self.last_type}: open or cut off"
        if (extra := store.rows(run) - self.events) != 0:
            return Finding("end", False, f"the file holds {extra} more rows for this run that are no events of its log")
        if booked and not store.keeps_ends:
            return Finding("end", False, "event 0 says that the file had a book of ends: it was taken out")
        if not store.keeps_ends:
            return Finding("end", None, f"not checked: the file was made before ends were kept{open_end}")
        try:
            kept = store.end(run)
        except StoreError as error:
            return Finding("end", False, f"the file's book of ends was taken out or changed: {error}")
        if kept is None:
            return Finding("end", False, "the file's entry of where this log ends was taken out")
        if (wrong := self._disagrees(kept)) is not None:
            return Finding("end", False, wrong)
        return Finding("end", True, f"event {self.last} is the last, as the file's book says{open_end}")

    def _disagrees(self, kept: LogEnd) -> str | None:
        if kept.seq == self.last:
            return None if kept.head == self.head else f"the file's book has another head for event {self.last}"
        if kept.seq > self.last:
            few = f"{kept.seq - self.last} events" if kept.seq - self.last > 1 else "1 event"
            return f"the log ends at event {self.last}, the file's book says {kept.seq}: {few} cut off or taken out"
        return f"the log ends at event {self.last}, the file's book says {kept.seq}: events were added"


def _missing(first: int, last: int) -> str:
    return f"event {first} is missing: removed" if first == last else f"events {first} to {last} are missing: removed"


def _changed(seq: int, *, after_a_wrong_one: bool) -> str:
    if after_a_wrong_one:
        return f"event {seq} does not follow from event {seq - 1}"
    return f"event {seq} was changed, or the one before it was removed or moved"


def _bytes(body: object) -> bytes:
    """A database may hold anything in place of an event's bytes; that breaks the chain like any other change."""
    return body if isinstance(body, bytes) else repr(body).encode(errors="replace")


def _text(head: object) -> str:
    """The same for a head: what is no text cannot be what the chain gives."""
    return head if isinstance(head, str) else repr(head)
