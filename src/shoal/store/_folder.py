"""Runs as folders: where they are, what they are called, who holds the lock, and the salt of the sealed split."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from shoal.core.canonical import sha256
from shoal.core.errors import StoreError, UserError

if TYPE_CHECKING:
    from shoal.store._sql import SqlStore

__all__ = ["RunFolder", "RunInfo", "find_run", "list_runs", "remove_run", "salt_name"]

RUN_FILE = "run.db"
LOCK_FILE = "lock"
SALT_FILE = "sealed.salt"
SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class RunFolder:
    """One run on disk: ``path/run.db`` holds everything, ``path/report/`` what was drawn from it."""

    path: Path

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def file(self) -> Path:
        return self.path / RUN_FILE

    @property
    def report(self) -> Path:
        return self.path / "report"

    @classmethod
    def create(cls, out: Path, *, name: str) -> RunFolder:
        """Make a new folder ``out/NAME-TIME-XXXX``; `UserError` when it cannot be written."""
        stamp = time.strftime("%m%d-%H%M%S", time.gmtime())
        folder = out / f"{name}-{stamp}-{secrets.token_hex(2)}"
        try:
            out.mkdir(parents=True, exist_ok=True)
            folder.mkdir()
        except OSError as error:
            raise UserError(
                f"cannot write runs to {out}: {error.strerror}; choose another folder with --out"
            ) from error
        return cls(folder)

    def store(self, *, read_only: bool = False) -> SqlStore:
        """Open the run's store."""
        from shoal.store._sql import SqlStore  # SQLAlchemy takes 0.2 s to load: a list of runs does without

        return SqlStore(self.file, read_only=read_only)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the run for writing; `UserError` while another process does. The kernel frees it when we die."""
        with open(self.path / LOCK_FILE, "a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise UserError(f"run {self.id} is being written by another process; wait for it or stop it") from None
            yield

    @property
    def busy(self) -> bool:
        """Whether a live process holds the run."""
        try:
            with self.lock():
                return False
        except UserError:
            return True

    @property
    def has_salt(self) -> bool:
        """Whether the folder of runs has its salt already."""
        return (self.path.parent / SALT_FILE).exists()

    def salt(self) -> bytes:
        """The 32 random bytes that the sealed instances of this store's runs grow from; mode 0600, never mounted."""
        path = self.path.parent / SALT_FILE
        if not path.exists():
            fresh = path.with_name(f".{SALT_FILE}.{secrets.token_hex(4)}")
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(SALT_BYTES))
            with suppress(FileExistsError):
                os.link(fresh, path)  # whole or not at all, and the first of two writers wins
            fresh.unlink()
        salt = path.read_bytes()
        if len(salt) != SALT_BYTES:
            raise StoreError(f"{path} holds {len(salt)} bytes instead of {SALT_BYTES}: it was changed")
        return salt


@dataclass(frozen=True, slots=True)
class RunInfo:
    """A run in a list: its folder, event 0, and its last event."""

    folder: RunFolder
    started: dict[str, Any]
    last: dict[str, Any]
    events: int


def salt_name(salt: bytes) -> str:
    """What a look says of its salt: enough to know it again, and nothing to find it by."""
    return sha256(b"name of a salt" + salt)[:16]


def list_runs(out: Path) -> list[RunInfo]:
    """All readable runs under ``out``, oldest first."""
    found = []
    for path in sorted(out.glob(f"*/{RUN_FILE}"), key=lambda file: file.stat().st_mtime):
        folder = RunFolder(path.parent)
        try:
            found.append(_info(folder))
        except StoreError:
            continue
    return found


def _info(folder: RunFolder) -> RunInfo:
    """The first and the last event, by the two columns that `SqlStore` keeps."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(folder.file.absolute()))}?mode=ro", uri=True)) as connection:
            query = "SELECT seq, body FROM events WHERE run = ? ORDER BY seq {} LIMIT 1"
            ends = [connection.execute(query.format(order), (folder.id,)).fetchone() for order in ("ASC", "DESC")]
    except sqlite3.Error as error:
        raise StoreError(f"cannot read the run file {folder.file}: {error}") from error
    if None in ends:
        raise StoreError(f"{folder.path} holds no events")
    (_, first), (seq, last) = ends
    try:
        return RunInfo(folder=folder, started=json.loads(first), last=json.loads(last), events=seq + 1)
    except (TypeError, ValueError) as error:
        raise StoreError(f"the log in {folder.file} cannot be read: {error}") from error


def find_run(name: str, *, out: Path) -> RunFolder:
    """A run by folder, id, or the start of an id that fits one run only; "last" is the newest."""
    path = Path(name)
    if (path / RUN_FILE).is_file():
        return RunFolder(path.resolve())
    known = {file.parent.name: file for file in out.glob(f"*/{RUN_FILE}")}
    if name == "last" and known:
        newest = max(known.values(), key=lambda file: file.stat().st_mtime)
        return RunFolder(newest.parent)
    fits = [one for one in known if one.startswith(name)]
    if name in known or len(fits) == 1:
        return RunFolder(known[name if name in known else fits[0]].parent)
    if len(fits) > 1:
        raise UserError(f"{name!r} fits {len(fits)} runs ({', '.join(sorted(fits)[:4])}); write more of the id")
    near = get_close_matches(name, list(known), n=2, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "see `shoal runs`"
    raise UserError(f"no run {name!r} in {out}; {hint}")


def remove_run(folder: RunFolder) -> None:
    """Delete a run's folder; refuses while it is being written."""
    with folder.lock():
        shutil.rmtree(folder.path)
