"""Replies that were paid for: on disk before anybody uses them, asked for once, and there for whoever runs again.

    asked     k, n, request, to            a call is about to be made: number n of k, a work item or a name
    replied   k, n, request, reply         what came back; both are digests of blobs

A reply is looked up by where it was asked for, so that a resumed run uses what the interrupted one has paid. A call
that was cut off may have been paid for: it is not made again unless it is free, and counts as much as it could cost.
Work that several items may share, such as equal trials, has a name of its own in place of an item's number.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from shoal.core.canonical import canonical, sha256
from shoal.core.errors import UserError
from shoal.core.events import Event
from shoal.core.journal import Journal
from shoal.core.protocols import Store
from shoal.core.values import Digest, Json

__all__ = ["CutOffError", "Replies"]

Place = int | str


class CutOffError(Exception):
    """The call was begun by an earlier sitting, which ended before the reply was on disk."""


@dataclass(slots=True)
class _Call:
    """One call as the log has it."""

    request: Digest
    reply: Digest | None = None


class Replies:
    """The replies of one run. ``bind`` comes first; `shoal.core.loop.run` does it for its plan.

    ``source`` is the store and the run to take all replies from (a replay): then nothing is ever asked for, and what
    was not recorded is a `UserError`.
    """

    def __init__(self, *, source: tuple[Store, str] | None = None) -> None:
        self._source = source
        self._calls: dict[tuple[Place, int], _Call] = {}
        self._others: dict[tuple[Place, int], _Call] = {}
        self._journal: Journal | None = None
        self._store: Store | None = None

    @property
    def source(self) -> str | None:
        """The run that all replies are taken from, so that nobody is asked; None where models are."""
        return None if self._source is None else self._source[1]

    def bind(self, store: Store, journal: Journal, events: Iterable[Event]) -> None:
        """Write to ``journal`` from now on; ``events`` are what the run's log has so far."""
        self._store, self._journal = store, journal
        self._calls = _calls(events)
        if self._source is not None:
            self._others = _calls(_all(*self._source))

    async def get(
        self, k: Place, n: int, *, to: str, request: Json, free: bool, ask: Callable[[], Awaitable[Json]]
    ) -> Json:
        """The reply to call ``n`` of work item ``k``: the recorded one, else what ``ask`` brings, recorded.

        Args:
            k: the work item, or the name of what several items may share.
            n: which call of it, from 0.
            to: whom it goes to, for the log.
            request: all that is asked, without secrets.
            free: it costs nothing, so that a call that was cut off may be made again.
            ask: makes the call; what it raises is passed on, and nothing counts as replied.

        Raises:
            CutOffError: an earlier sitting, or the run that is replayed, made this call and did not live to see the
                reply.
            UserError: a replay, and nothing was recorded, or for another request.
        """
        assert self._journal is not None and self._store is not None, "Replies.bind comes first"
        data = canonical(request)
        if (reply := self._recorded(k, n, sha256(data))) is not None:
            return reply
        if (k, n) in self._calls and not free:
            raise CutOffError
        digest = self._store.put(data)
        self._journal.add("asked", k=k, n=n, request=digest, to=to)
        self._journal.flush()
        reply = await ask()
        self._note(k, n, digest, self._store.put(canonical(reply)))
        return reply

    def _note(self, k: Place, n: int, request: Digest, reply: Digest) -> None:
        assert self._journal is not None
        self._journal.add("replied", k=k, n=n, request=request, reply=reply)
        self._journal.flush()

    def _recorded(self, k: Place, n: int, request: Digest) -> Json:
        """What is on disk; None where this call must be made."""
        own = self._calls.get((k, n))
        if own is not None and own.reply is not None:
            assert self._store is not None
            return json.loads(self._store.get(own.reply))
        if self._source is None:
            return None
        store, run = self._source
        other = self._others.get((k, n))
        if other is None:
            raise UserError(
                f"run {run} has no reply to call {n} of item {k}: this run does something else than that one"
            )
        if other.request != request:
            raise UserError(
                f"call {n} of item {k} asks for something else than in run {run}: "
                "settings, task or code are not what they were; replay with what that run was begun with"
            )
        if other.reply is None:  # it was cut off there, and counted so
            raise CutOffError
        assert self._store is not None
        data = store.get(other.reply)
        self._note(k, n, self._store.put(store.get(request)), self._store.put(data))
        return json.loads(data)


def _all(store: Store, run: str) -> Iterable[Event]:
    after = 0
    while batch := list(store.read(run, after=after)):
        yield from batch
        after = batch[-1].seq + 1


def _calls(events: Iterable[Event]) -> dict[tuple[Place, int], _Call]:
    found: dict[tuple[Place, int], _Call] = {}
    for event in events:
        if b'"asked"' not in event.body and b'"replied"' not in event.body:
            continue  # a log is long, and most of it is something else
        data = event.data
        if data["type"] == "asked":
            found[data["k"], data["n"]] = _Call(data["request"])
        elif data["type"] == "replied":
            found[data["k"], data["n"]] = _Call(data["request"], data["reply"])
    return found
