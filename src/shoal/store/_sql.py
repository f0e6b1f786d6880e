"""The store over SQL: events and blobs, appended to in batches. Nothing of them is ever updated or deleted.

A third table holds where each log ends. It moves in the transaction that writes the events, so after a kill the two
agree, and a log that was cut is told from one that grew no further.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from shoal.core.canonical import sha256
from shoal.core.errors import StoreError
from shoal.core.events import Event
from shoal.core.values import Digest

__all__ = ["FILE_VERSION", "LogEnd", "SqlStore"]

FILE_VERSION = 1  # of the tables, in SQLite's user_version; 0: made before `heads` was kept

_metadata = sa.MetaData()
_events = sa.Table(
    "events",
    _metadata,
    sa.Column("run", sa.String, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("head", sa.String(64), nullable=False),
)
_blobs = sa.Table(
    "blobs",
    _metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
_heads = sa.Table(
    "heads",
    _metadata,
    sa.Column("run", sa.String, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("head", sa.String(64), nullable=False),
)


@dataclass(frozen=True, slots=True)
class LogEnd:
    """Where a log ends by the file's own book: the number of its last event, and the chain's head after it."""

    seq: int
    head: Digest


class SqlStore:
    """A `Store` in one SQLite file in WAL mode.

    One process writes a run at a time (see `RunFolder.lock`); readers never wait for it. Not for use from several
    threads. ``read_only`` opens an existing file and refuses to write.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        uri = f"file:{_quoted(path)}?mode={'ro' if read_only else 'rwc'}"
        # Not by SQLAlchemy's URL: it unquotes the path once more than SQLite expects.
        self._engine = sa.create_engine(
            "sqlite://",
            creator=lambda: sqlite3.connect(uri, uri=True, check_same_thread=False),
            poolclass=sa.pool.StaticPool,
        )
        self._pending: dict[Digest, bytes] = {}
        self._known: set[Digest] = set()
        try:
            self._connection = self._engine.connect()
            if not read_only:
                self._connection.exec_driver_sql("PRAGMA journal_mode=WAL")
                self._connection.exec_driver_sql("PRAGMA synchronous=NORMAL")
                self._make_tables()
            self._keeps_ends = self._version() >= FILE_VERSION
            self._connection.commit()
        except sa.exc.SQLAlchemyError as error:
            raise StoreError(f"cannot open the run file {path}: {_reason(error)}") from error

    def _make_tables(self) -> None:
        """Only in a new file: a table that somebody took out of an old one stays missing, and is missed."""
        if not sa.inspect(self._connection).has_table(_events.name):
            _metadata.create_all(self._connection)
            self._connection.exec_driver_sql(f"PRAGMA user_version={FILE_VERSION}")

    def _version(self) -> int:
        return int(self._connection.exec_driver_sql("PRAGMA user_version").scalar_one())

    def append(self, run: str, events: Sequence[Event], *, expect: int) -> int:
        """Write blobs put so far and ``events`` in one transaction; see `Store.append`."""
        rows = [{"run": run, "seq": event.seq, "body": event.body, "head": event.head} for event in events]
        if rows and rows[0]["seq"] != expect:
            raise StoreError(f"event {rows[0]['seq']} handed in where {expect} is expected")
        try:
            with self._connection.begin():
                found = self._connection.execute(_next_of, {"run": run}).scalar_one()
                if found != expect:
                    raise StoreError(
                        f"the log of run {run} ends at {found}, not at {expect}: another process wrote to it"
                    )
                self._write_blobs()
                if rows:
                    self._connection.execute(_events.insert(), rows)
                    self._move_end(run, events[-1], expect=expect)
        except sa.exc.SQLAlchemyError as error:
            raise StoreError(f"cannot write the run file {self.path}: {_reason(error)}") from error
        self._pending.clear()
        return expect + len(rows)

    def _move_end(self, run: str, last: Event, *, expect: int) -> None:
        """Note the new end; refuses where the book does not know the old one."""
        if not self._keeps_ends:
            return
        if expect == 0:
            self._connection.execute(_heads.insert(), {"run": run, "seq": last.seq, "head": last.head})
            return
        moved = self._connection.execute(_move, {"of": run, "old": expect - 1, "last": last.seq, "now": last.head})
        if moved.rowcount != 1:
            raise StoreError(f"the file of run {run} does not say that its log ends at {expect}: it was changed")

    def _write_blobs(self) -> None:
        if self._pending:
            rows = [{"digest": digest, "data": data} for digest, data in self._pending.items()]
            self._connection.execute(insert(_blobs).on_conflict_do_nothing(), rows)

    def read(self, run: str, *, after: int = 0, limit: int = 1000) -> Iterator[Event]:
        """Yield events numbered ``after`` and later, at most ``limit``; a row without a number is no event."""
        query = (
            sa.select(_events.c.seq, _events.c.body, _events.c.head)
            .where(_events.c.run == run, _events.c.seq >= after, sa.func.typeof(_events.c.seq) == "integer")
            .order_by(_events.c.seq)
            .limit(limit)
        )
        with self._reading():
            rows = self._connection.execute(query).all()
        for seq, body, head in rows:
            yield Event(seq=seq, body=body, head=head)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            with self._connection.begin():
                yield
        except sa.exc.SQLAlchemyError as error:
            raise StoreError(f"cannot read the run file {self.path}: {_reason(error)}") from error

    def last(self, run: str) -> Event | None:
        """The newest event, or None for a run without any."""
        with self._reading():
            end = self._connection.execute(_next_of, {"run": run}).scalar_one()
        return next(self.read(run, after=end - 1, limit=1), None) if end else None

    def rows(self, run: str) -> int:
        """How many rows the file has for ``run``, whatever stands in them."""
        with self._reading():
            return int(self._connection.execute(_rows_of, {"run": run}).scalar_one())

    @property
    def keeps_ends(self) -> bool:
        """Whether the file was made with a book of where logs end."""
        return self._keeps_ends

    def end(self, run: str) -> LogEnd | None:
        """Where the log of ``run`` ends by the book, None without an entry. `StoreError` when there is no book."""
        with self._reading():
            row = self._connection.execute(_end_of, {"run": run}).one_or_none()
        if row is not None and type(row[0]) is not int:
            raise StoreError(f"the file says that the log of run {run} ends at {row[0]!r}: it was changed")
        return None if row is None else LogEnd(row[0], row[1])

    def put(self, data: bytes) -> Digest:
        """Keep ``data`` with the next append; the same bytes are kept once."""
        digest = sha256(data)
        if digest not in self._known:
            self._known.add(digest)
            self._pending[digest] = data
        return digest

    def get(self, digest: Digest) -> bytes:
        """Return the bytes of ``digest``, checked against it."""
        data = self._pending.get(digest)
        if data is None:
            with self._reading():
                data = self._connection.execute(_blob, {"digest": digest}).scalar_one_or_none()
        if data is None:
            raise StoreError(f"blob {digest[:12]} is not in {self.path}")
        if type(data) is not bytes or sha256(data) != digest:
            raise StoreError(f"blob {digest[:12]} in {self.path} does not match its digest: the file was changed")
        return data

    def close(self) -> None:
        """Close the file; puts that no append followed are dropped."""
        self._connection.close()
        self._engine.dispose()


_next_of = sa.select(sa.func.coalesce(sa.func.max(_events.c.seq) + 1, 0)).where(_events.c.run == sa.bindparam("run"))
_rows_of = sa.select(sa.func.count()).select_from(_events).where(_events.c.run == sa.bindparam("run"))
_end_of = sa.select(_heads.c.seq, _heads.c.head).where(_heads.c.run == sa.bindparam("run"))
_move = (
    _heads.update()
    .where(_heads.c.run == sa.bindparam("of"), _heads.c.seq == sa.bindparam("old"))
    .values(seq=sa.bindparam("last"), head=sa.bindparam("now"))
)
_blob = sa.select(_blobs.c.data).where(_blobs.c.digest == sa.bindparam("digest"))


def _quoted(path: Path) -> str:
    from urllib.parse import quote

    return quote(os.fspath(path.absolute()))


def _reason(error: sa.exc.SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
