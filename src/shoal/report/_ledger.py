"""From a log to admitted items: the order and the bookkeeping of `Course`, without a search.

A log says what was decided and what came back; what was learnt from first, and who paid for equal trials, follows
from it. The digest comes out the same as the live run's, so that a reader can check it without the code of the search.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from shoal.core.budget import Spent
from shoal.core.canonical import canonical
from shoal.core.course import digest_line, trial_key
from shoal.core.errors import StoreError
from shoal.core.events import Event
from shoal.core.protocols import Store
from shoal.core.records import read_result, read_work
from shoal.core.values import Digest, Measure, Propose, Result, Status, Trial, Work

__all__ = ["Item", "Ledger", "data_of", "events_of"]

BATCH = 1_000


def events_of(store: Store, run: str) -> Iterator[Event]:
    """Yield every event of ``run`` in order, a batch at a time."""
    after = 0
    while batch := list(store.read(run, after=after, limit=BATCH)):
        yield from batch
        after = batch[-1].seq + 1


def data_of(event: Event) -> dict[str, Any]:
    """The decoded record of ``event``; `StoreError` for bytes that no run can have written."""
    try:
        data: Any = event.data
        if isinstance(data, dict) and isinstance(data["type"], str):
            return data
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    raise StoreError(f"event {event.seq} cannot be read: it was changed") from None


@dataclass(frozen=True, slots=True)
class Item:
    """One admitted item, settled, with what the run had spent when it was admitted."""

    k: int
    work: Work
    result: Result
    spent: Spent


class Ledger:
    """Takes the events of one run in order; gives back the items that each one lets in.

    ``spent`` and ``digest()`` are those of the run so far; the digest costs more than all else, so it is left out
    without ``hashed``. ``upto`` ends it after that many items. `StoreError` for a log that no run can have written.
    """

    def __init__(self, *, ordered: bool, hashed: bool = True, upto: int | None = None) -> None:
        self.ordered, self.hashed, self.upto = ordered, hashed, upto
        self.spent = Spent()
        self.issued = self.admitted = 0
        self._in_flight: dict[int, Work] = {}
        self._arrived: dict[int, Result] = {}
        self._payer: dict[Digest, int] = {}
        self._normal: dict[str, Digest] = {}
        self._lines: dict[int, bytes] = {}
        self._digest = hashlib.sha256()
        self._digested = 0

    def take(self, event: dict[str, Any], *, seq: int) -> list[Item]:
        """Note one event; return what was admitted with it, in order."""
        try:
            return self._take(event)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise StoreError(f"event {seq} ({str(event.get('type'))[:40]}) does not fit the log: {error!r}") from error

    def _take(self, event: dict[str, Any]) -> list[Item]:
        match event["type"]:
            case "issued":
                self._issue(event["k"], read_work(event["work"]))
            case "result":
                return self._result(event)
        return []

    def _issue(self, k: int, work: Work) -> None:
        if k != self.issued:
            raise ValueError(f"item {k} issued where {self.issued} is due")
        self._in_flight[k] = work
        self.issued += 1

    def _result(self, event: dict[str, Any]) -> list[Item]:
        k = event["k"]
        if k not in self._in_flight or k in self._arrived:
            raise ValueError(f"a result of item {k}, which is not in flight")
        self.spent = Spent(self.spent.counted, self.spent.proposals, event["seconds"], event["cpu_seconds"])
        self._arrived[k] = read_result(event["result"])
        if not self.ordered:
            return [self._admit(k)]
        items = []
        while (lowest := next(iter(self._in_flight), None)) is not None and lowest in self._arrived:
            items.append(self._admit(lowest))
        return items

    def _admit(self, k: int) -> Item:
        work = self._in_flight.pop(k)
        result = self._settled(k, work, self._arrived.pop(k))
        self.spent = self.spent.plus(result.counted, proposals=1 if isinstance(work, Propose) else 0)
        if result.candidate is not None and result.status is not Status.REJECTED:
            self._normal[result.candidate.id] = result.candidate.normal
        self.admitted += 1
        if self.hashed and (self.upto is None or k < self.upto):
            self._hash(k, work, result)
        return Item(k, work, result, self.spent)

    def _hash(self, k: int, work: Work, result: Result) -> None:
        self._lines[k] = canonical(digest_line(k, work, result)) + b"\n"
        while self._digested in self._lines:
            self._digest.update(self._lines.pop(self._digested))
            self._digested += 1

    def _settled(self, k: int, work: Work, result: Result) -> Result:
        """Let the first of equal trials pay, as `Course` does."""
        outcome = result.outcome
        if outcome is None:
            return result
        first = self._payer.setdefault(self._key(work, result), k)
        if first == k:
            return replace(result, counted=result.counted + outcome.counted)
        if isinstance(work, Propose):
            reason = f"duplicate of c{first}"
            return replace(result, status=Status.REJECTED, outcome=None, reason=reason, cached=True)
        return replace(result, cached=True)

    def _key(self, work: Work, result: Result) -> Digest:
        trial: Trial | None = None
        if isinstance(work, Measure | Propose):
            trial = work.trial if isinstance(work, Measure) else work.then
        if trial is None:
            raise ValueError("an outcome without a trial")
        if isinstance(work, Measure):
            normal = self._normal[trial.candidate or ""]
        elif result.candidate is None:
            raise ValueError("an outcome without a candidate")
        else:
            normal = result.candidate.normal
        return trial_key(trial, normal, tuple(self._normal[one] for one in trial.against))

    def digest(self) -> Digest:
        """SHA-256 over decisions and outcomes so far, the same as `Course.digest`; needs ``hashed``."""
        done = self._digest.copy()
        for k in sorted(self._lines):
            done.update(self._lines[k])
        return done.hexdigest()
