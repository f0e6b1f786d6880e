"""Whether a run's record holds together: every claim is computed again from what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shoal.core.budget import Budget
from shoal.core.errors import StoreError
from shoal.core.events import Event
from shoal.core.protocols import Store
from shoal.core.values import Digest
from shoal.report import _told
from shoal.report._finding import Finding, listed
from shoal.report._ledger import Ledger, data_of, events_of
from shoal.report._links import Links
from shoal.report._manifest import changed_files
from shoal.report._sealed import Seal
from shoal.report._spending import Spending
from shoal.report._view import RunView

if TYPE_CHECKING:
    from shoal.store import SqlStore

__all__ = ["Audit", "Finding", "audit", "digest_of"]

FILES_SHOWN = 9


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

    def plus(self, *more: Finding) -> Audit:
        """With findings of others."""
        return Audit(self.run, self.started, (*self.findings, *more))


@dataclass
class _Reading:
    """What one pass over the log gathers."""

    links: Links = field(default_factory=Links)
    started: dict[str, Any] = field(default_factory=dict)
    ledger: Ledger | None = None
    spending: Spending | None = None
    seal: Seal = field(default_factory=Seal)
    finished: dict[str, Any] | None = None
    digests: list[str] = field(default_factory=list)  # what is wrong about recorded ones
    unfinished: list[str] = field(default_factory=list)
    blobs: dict[Digest, int] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)  # what is wrong about closing events
    misfit: str = ""

    @property
    def about(self) -> dict[str, Any]:
        about: Any = self.started.get("about")
        return about if isinstance(about, dict) else {}


def audit(
    store: SqlStore,
    run: str,
    *,
    manifest: Mapping[str, Digest] | None = None,
    kernel: Digest | None = None,
    report: Path | None = None,
) -> Audit:
    """Check a record; which checks there are is told in docs/running.md.

    ``manifest`` has the hashes of the task's files as they are now, ``kernel`` that of the code, ``report`` is the
    run's report folder; what is None is not compared. Raises `StoreError` when there is no log to look at.
    """
    reading = _read(store, run)
    return Audit(
        run=run,
        started=reading.started,
        findings=(
            reading.links.chain(),
            reading.links.end(store, run, booked=bool(reading.about.get("store"))),
            _order(reading),
            _digest(reading),
            _totals(reading),
            reading.seal.finding(),
            *_told_of(store, run, reading, kernel=kernel, report=report),
            _blobs(store, reading),
            _task(reading, manifest),
            _kernel(reading, kernel),
        ),
    )


def digest_of(store: Store, run: str, *, upto: int | None = None) -> tuple[Digest, int]:
    """The digest of the first ``upto`` items of ``run`` (all when None), and how many items that were."""
    events = events_of(store, run)
    ledger = Ledger(ordered=data_of(next(events))["ordered"], upto=upto)
    for event in events:
        ledger.take(data_of(event), seq=event.seq)
    return ledger.digest(), ledger.admitted if upto is None else min(upto, ledger.admitted)


# -- reading ------------------------------------------------------------------------------------------------------


def _read(store: SqlStore, run: str) -> _Reading:
    reading = _Reading()
    try:
        for event in events_of(store, run):
            before = reading.links.head
            reading.links.take(event)
            if not reading.misfit:
                _fold(reading, event, head=before)
    except StoreError as error:  # a row that is no event
        reading.misfit = reading.misfit or str(error)
    if not reading.links.events:
        raise StoreError(reading.misfit or f"run {run} has no events")
    return reading


def _fold(reading: _Reading, event: Event, *, head: Digest) -> None:
    """Take one event in; the first that does not fit ends the folding, not the audit."""
    try:
        data = data_of(event)
        reading.links.last_type = data["type"]
        if reading.ledger is None or reading.spending is None:
            if data["type"] != "started":
                raise StoreError(f"event {event.seq} is {data['type']}, not started")
            reading.started = data
            if not isinstance(data["about"], dict):
                raise StoreError(f"event {event.seq} says nothing readable about the run")
            reading.ledger = Ledger(ordered=data["ordered"])
            reading.spending = Spending(Budget(**data["budget"]), int(data["window"]))
            return
        items = reading.ledger.take(data, seq=event.seq)
        reading.spending.take(data, items, reading.ledger, seq=event.seq)
        reading.seal.take(data, seq=event.seq)
        _remember(reading, data, reading.ledger, seq=event.seq, head=head)
    except StoreError as error:
        reading.misfit = str(error)
    except Exception as error:  # a forger may write anything: whatever it breaks, the event is what is wrong
        reading.misfit = f"event {event.seq} cannot be read: {error!r}"


def _remember(reading: _Reading, data: dict[str, Any], ledger: Ledger, *, seq: int, head: Digest) -> None:
    match data["type"]:
        case "started":
            raise StoreError(f"event {seq} starts the run a second time")
        case "result":
            candidate, outcome = data["result"].get("candidate") or {}, data["result"].get("outcome") or {}
            for digest in (*candidate.get("files", {}).values(), *outcome.get("artifacts", {}).values()):
                reading.blobs.setdefault(digest, seq)
        case "resumed":
            reading.finished = None
        case "finished":
            reading.finished = data
            _finished(reading, data, ledger, seq=seq)
        case "closed" if (told := data["summary"].get("chain_head", head)) != head:
            reading.closed.append(f"event {seq} says that the chain's head was {told[:16]}, it was {head[:16]}")


def _finished(reading: _Reading, data: dict[str, Any], ledger: Ledger, *, seq: int) -> None:
    """Every end on the record is checked, not the last one only."""
    computed = ledger.digest()
    if data["digest"] != computed:
        reading.digests.append(f"event {seq} records {data['digest'][:16]}, the log gives {computed[:16]}")
    if missing := ledger.issued - ledger.admitted:
        reading.unfinished.append(f"event {seq} calls the run finished with {missing} items without a result")


# -- checks -------------------------------------------------------------------------------------------------------


def _order(reading: _Reading) -> Finding:
    if reading.misfit or reading.unfinished or reading.ledger is None:
        return Finding("order", False, listed([*filter(None, [reading.misfit]), *reading.unfinished]))
    return Finding("order", True, f"{reading.ledger.admitted:,} items issued, carried out and admitted in order")


def _digest(reading: _Reading) -> Finding:
    if reading.digests:
        return Finding("digest", False, listed(reading.digests))
    if reading.misfit:
        return Finding("digest", None, "cannot be computed from this log")
    if reading.finished is None:
        return Finding("digest", None, "the run did not finish, so it has no digest yet")
    return Finding("digest", True, f"{reading.finished['digest'][:16]}, computed again from the log")


def _totals(reading: _Reading) -> Finding:
    if reading.spending is None or reading.ledger is None:
        return Finding("totals", None, "cannot be added up from this log")
    found = reading.spending.finding(reading.ledger.spent)
    if reading.misfit and found.ok:
        return Finding("totals", None, "cannot be added up from this log")
    return found


def _told_of(
    store: SqlStore, run: str, reading: _Reading, *, kernel: Digest | None, report: Path | None
) -> tuple[Finding, ...]:
    """What was told about the run, by the closing event and the report."""
    try:
        if not reading.about:
            raise StoreError("event 0 says nothing readable about the run")
        view = RunView.read(store, run)
    except Exception as error:  # see `_fold`
        why = f"the log cannot be folded: {error}"
        return tuple(Finding(check, None, why) for check in ("closing", "held", "report"))
    closed = reading.links.last_type == "closed"
    same_code = kernel is not None and view.about.get("kernel") == kernel
    closing = _told.closing(view, view.summary if closed else None, reading.finished, same_code=same_code)
    if reading.closed:
        closing = Finding("closing", False, listed(reading.closed))
    files = _champion_files(store, view)
    return closing, _told.held(view), _told.best_program(view, report, files, closed=closed)


def _champion_files(store: Store, view: RunView) -> dict[str, bytes] | None:
    try:
        files = view.candidates[view.champion].files if view.champion is not None else {}
        return {name: store.get(digest) for name, digest in files.items()} or None
    except (KeyError, StoreError):
        return None


def _blobs(store: Store, reading: _Reading) -> Finding:
    wrong = []
    for digest, seq in reading.blobs.items():
        try:
            store.get(digest)
        except StoreError as error:
            wrong.append(f"{error} (named in event {seq})")
    if wrong:
        return Finding("files", False, listed(wrong))
    return Finding("files", True, f"{len(reading.blobs):,} stored files match their digests")


def _task(reading: _Reading, manifest: Mapping[str, Digest] | None) -> Finding:
    recorded: Any = reading.about.get("manifest")
    if not recorded or not isinstance(recorded, dict):
        return Finding("task", None, "the log names no task files")
    if manifest is None:
        return Finding("task", None, "the task is not on this machine any more")
    if became := changed_files(recorded, manifest):
        told = [f"{name} ({word})" for name, word in became.items()]
        return Finding("task", False, f"changed since the run: {', '.join(told[:FILES_SHOWN])}")
    return Finding("task", True, f"{len(recorded)} files of the task are as they were")


def _kernel(reading: _Reading, now: Digest | None) -> Finding:
    recorded: Any = reading.about.get("kernel")
    if not recorded or now is None:
        return Finding("kernel", None, "the log names no code" if not recorded else "not compared")
    if recorded != now:
        told = "which is normal after an update, and no proof of anything"
        return Finding("kernel", None, f"other code than the run's: {str(recorded)[:16]} then, {now[:16]} now; {told}")
    return Finding("kernel", True, "the code of core, sandbox, guard, store and evaluate is the run's")
