"""Whether a run's record holds together: every claim is computed again from what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from shoal.core.budget import Budget, Spent, exceeded
from shoal.core.canonical import plain
from shoal.core.errors import StoreError
from shoal.core.events import GENESIS, Event, link
from shoal.core.protocols import Store
from shoal.core.values import Counted, Digest
from shoal.report._ledger import Ledger, data_of, events_of

__all__ = ["Audit", "Finding", "audit", "changed_files", "digest_of"]

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was checked, whether it holds (None: it could not be checked), and the particulars."""

    check: str
    ok: bool | None
    detail: str


@dataclass(frozen=True, slots=True)
class Audit:
    """All findings about one run, and event 0 as recorded."""

    run: str
    started: dict[str, Any]
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong; what could not be checked is not wrong."""
        return all(finding.ok is not False for finding in self.findings)


@dataclass
class _Reading:
    """What one pass over the log gathers."""

    started: dict[str, Any] = field(default_factory=dict)
    ledger: Ledger | None = None
    budget: dict[str, Any] = field(default_factory=dict)
    finished: tuple[int, dict[str, Any]] | None = None
    digest: Digest = ""
    at_finish: Spent = field(default_factory=Spent)
    blobs: dict[Digest, int] = field(default_factory=dict)
    events: int = 0
    broken: int | None = None
    misfit: str = ""
    end: str = ""


def audit(store: Store, run: str, *, manifest: Mapping[str, Digest] | None = None) -> Audit:
    """Check chain, order, digest, totals, blobs, and the task's files where ``manifest`` has them as they are now."""
    reading = _read(store, run)
    findings = (
        _chain(reading),
        _order(reading),
        _digest(reading),
        _totals(reading),
        _blobs(store, reading),
        _task(reading, manifest),
    )
    return Audit(run=run, started=reading.started, findings=findings)


def digest_of(store: Store, run: str, *, upto: int | None = None) -> tuple[Digest, int]:
    """The digest of the first ``upto`` items of ``run`` (all when None), and how many items that were."""
    events = events_of(store, run)
    ledger = Ledger(ordered=data_of(next(events))["ordered"], upto=upto)
    for event in events:
        ledger.take(data_of(event), seq=event.seq)
    return ledger.digest(), ledger.admitted if upto is None else min(upto, ledger.admitted)


def changed_files(recorded: Mapping[str, Digest], now: Mapping[str, Digest]) -> list[str]:
    """The files of a task that were changed, added or removed since."""
    return sorted(name for name in {*recorded, *now} if recorded.get(name) != now.get(name))


# -- reading ------------------------------------------------------------------------------------------------------


def _read(store: Store, run: str) -> _Reading:
    reading, head = _Reading(), GENESIS
    for event in events_of(store, run):
        head = link(head, _bytes(event.body))
        if reading.broken is None and (event.seq != reading.events or event.head != head):
            reading.broken = event.seq
        head = event.head
        reading.events += 1
        if not reading.misfit:
            _fold(reading, event)
    if not reading.events:
        raise StoreError(f"run {run} has no events")
    return reading


def _bytes(body: object) -> bytes:
    """A database may hold anything in place of an event's bytes; that breaks the chain like any other change."""
    return body if isinstance(body, bytes) else repr(body).encode(errors="replace")


def _fold(reading: _Reading, event: Event) -> None:
    """Take one event in; the first that does not fit ends the folding, not the audit."""
    try:
        data = data_of(event)
        kind = data["type"]
        if reading.ledger is None:
            if kind != "started":
                raise StoreError(f"event {event.seq} is {kind}, not started")
            reading.started, reading.budget = data, data["budget"]
            reading.ledger = Ledger(ordered=data["ordered"])
            return
        reading.ledger.take(data, seq=event.seq)
        _remember(reading, data, seq=event.seq)
    except (StoreError, AttributeError, KeyError, TypeError, ValueError) as error:
        reading.misfit = str(error) if isinstance(error, StoreError) else f"event {event.seq} cannot be read: {error!r}"


def _remember(reading: _Reading, data: dict[str, Any], *, seq: int) -> None:
    kind = reading.end = data["type"]
    if kind == "result":
        candidate, outcome = data["result"].get("candidate") or {}, data["result"].get("outcome") or {}
        for digest in (*candidate.get("files", {}).values(), *outcome.get("artifacts", {}).values()):
            reading.blobs.setdefault(digest, seq)
    elif kind == "resumed":
        reading.budget, reading.finished = data["budget"], None
    elif kind == "finished" and reading.ledger is not None:
        reading.finished = (seq, data)
        reading.digest, reading.at_finish = reading.ledger.digest(), reading.ledger.spent


# -- checks -------------------------------------------------------------------------------------------------------


def _chain(reading: _Reading) -> Finding:
    if reading.broken is None:
        return Finding("chain", True, f"{reading.events:,} events, each linked to the one before")
    return Finding("chain", False, f"event {reading.broken} was changed, or the one before it was removed or moved")


def _order(reading: _Reading) -> Finding:
    if reading.misfit:
        return Finding("order", False, reading.misfit)
    assert reading.ledger is not None
    missing = reading.ledger.issued - reading.ledger.admitted
    if reading.finished is not None and missing:
        return Finding("order", False, f"the run is called finished with {missing} items without a result")
    return Finding("order", True, f"{reading.ledger.admitted:,} items issued, carried out and admitted in order")


def _digest(reading: _Reading) -> Finding:
    if reading.finished is None or reading.misfit:
        return Finding(
            "digest",
            None,
            "the run did not finish, so it has no digest yet"
            if not reading.misfit
            else "cannot be computed from this log",
        )
    seq, data = reading.finished
    if data["digest"] == reading.digest:
        return Finding("digest", True, f"{reading.digest[:16]}, computed again from the log")
    return Finding("digest", False, f"event {seq} records {data['digest'][:16]}, the log gives {reading.digest[:16]}")


def _totals(reading: _Reading) -> Finding:
    if reading.ledger is None or reading.misfit:
        return Finding("totals", None, "cannot be added up from this log")
    spent = reading.ledger.spent
    if (over := exceeded(Budget(**reading.budget), spent)) is not None:
        return Finding("totals", False, f"over the budget of {over}")
    if reading.finished is not None:
        seq, data = reading.finished
        recorded = data["spent"]
        for unit, value in _units(reading.at_finish):
            claimed = _claimed(recorded, unit)
            if claimed != value:
                return Finding("totals", False, f"event {seq} claims {claimed} {unit}, the log adds up to {value}")
    return Finding("totals", True, f"{spent.counted.evaluations:,} evaluations, {spent.proposals:,} proposals")


def _units(spent: Spent) -> Iterator[tuple[str, float]]:
    yield "proposals", spent.proposals
    counted = plain(spent.counted)
    yield from ((name, counted[name]) for name in sorted(counted))


def _claimed(recorded: Mapping[str, Any], unit: str) -> Any:
    return recorded.get(unit) if unit == "proposals" else plain(Counted(**recorded["counted"]))[unit]


def _blobs(store: Store, reading: _Reading) -> Finding:
    wrong = []
    for digest, seq in reading.blobs.items():
        try:
            store.get(digest)
        except StoreError as error:
            wrong.append(f"{error} (named in event {seq})")
    if wrong:
        more = f", and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
        return Finding("files", False, "; ".join(wrong[:SHOWN]) + more)
    return Finding("files", True, f"{len(reading.blobs):,} stored files match their digests")


def _task(reading: _Reading, manifest: Mapping[str, Digest] | None) -> Finding:
    recorded = reading.started.get("about", {}).get("manifest")
    if not recorded:
        return Finding("task", None, "the log names no task files")
    if manifest is None:
        return Finding("task", None, "the task is not on this machine any more")
    if changed := changed_files(recorded, manifest):
        return Finding("task", False, f"changed since the run: {', '.join(changed[: SHOWN * 3])}")
    return Finding("task", True, f"{len(recorded)} files of the task are as they were")
