"""Opening a run to read it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shoal.core.errors import StoreError, UserError
from shoal.store import RunFolder, SqlStore, find_run

if TYPE_CHECKING:
    from shoal.report import RunView

__all__ = ["Opened", "opened", "way_on"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A run's folder and its store, open for reading."""

    folder: RunFolder
    store: SqlStore

    def view(self, *, hashed: bool = False) -> RunView:
        """Fold the whole log, with its digest where it is ``hashed``."""
        from shoal.report import RunView

        return RunView.read(self.store, self.folder.id, hashed=hashed)


@contextmanager
def opened(name: str, *, out: Path) -> Iterator[Opened]:
    """Find a run and open it; `UserError` when there is no such run, or more than one."""
    folder = find_run(name, out=out)
    store = folder.store(read_only=True)
    try:
        if store.last(folder.id) is None:
            raise UserError(_nothing_there(folder, store))
        yield Opened(folder, store)
    finally:
        store.close()


def way_on(view: RunView, folder: RunFolder) -> str:
    """The command that goes on with a run."""
    if view.about.get("lab") == "selfimprove":
        return f"shoal selfimprove --resume {shlex.quote(str(folder.path.parent))}"
    return f"shoal resume {view.run}"


def _nothing_there(folder: RunFolder, store: SqlStore) -> str:
    """Why a run's file holds no event of it: another name, or somebody took them out."""
    try:
        end = store.end(folder.id) if store.keeps_ends else None
    except StoreError:
        end = None
    if end is not None:
        return f"{folder.path}: all events of run {folder.id} were removed; the file's book says it had {end.seq + 1:,}"
    return f"{folder.path} holds no run {folder.id}; a run's folder has its id as name: was it renamed?"
