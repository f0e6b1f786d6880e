"""The report folder: the best program, its picture, the progress picture, and a page that says what happened."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from shoal.core.errors import StoreError, UserError
from shoal.core.protocols import Store
from shoal.report._chart import draw_progress
from shoal.report._page import Shown, page
from shoal.report._view import RunView
from shoal.store import RunFolder

__all__ = ["place_of", "write_anew", "write_report"]


def write_report(
    folder: RunFolder, view: RunView, *, store: Store, picture: bytes | None = None, charts: bool = True
) -> Path:
    """Write ``folder.report`` anew and return it.

    ``best.py`` (or ``best/`` with all files), ``picture.png`` (the bytes of ``picture``), ``progress.png`` (with
    ``charts``), ``report.md``. Raises `UserError` when the folder cannot be written.
    """
    return write_anew(folder.report, lambda fresh: _fill(fresh, view, store, picture, charts))


def write_anew(target: Path, fill: Callable[[Path], None]) -> Path:
    """Let ``fill`` write a new folder, put it in the place of ``target`` and return that. Raises `UserError`."""
    fresh = target.with_name(f".{target.name}.new")
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        fill(fresh)
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
    except OSError as error:
        problem = f"cannot write the report to {target}: {error.strerror}"
        raise UserError(f"{problem}; free some space, or mend the folder's permissions") from error
    return target


def _fill(target: Path, view: RunView, store: Store, picture: bytes | None, charts: bool) -> None:
    program = _write_program(target, view, store)
    progress = draw_progress(view) if charts else None
    for name, png in (("picture.png", picture), ("progress.png", progress)):
        if png is not None:
            (target / name).write_bytes(png)
    shown = Shown(program=program, picture=picture is not None, progress=progress is not None)
    (target / "report.md").write_text(page(view, shown), encoding="utf-8")


def _write_program(target: Path, view: RunView, store: Store) -> str | None:
    """Write the champion's files; return what they are called in the folder, None without a champion."""
    if view.champion is None:
        return None
    files = view.candidates[view.champion].files
    for name, digest in files.items():
        path = place_of(target, name, of=len(files))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(store.get(digest))
    return place_of(target, next(iter(files)), of=1).name if len(files) == 1 else "best/"


def place_of(report: Path, name: str, *, of: int) -> Path:
    """Where a report has the champion's file ``name``, which is one ``of`` so many."""
    if of == 1:
        return report / f"best{PurePosixPath(name).suffix[:10]}"
    return _inside(report / "best", name)


def _inside(root: Path, name: str) -> Path:
    """A candidate's file name as a path below ``root``; file names are data of a candidate too."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or "\0" in name:
        raise StoreError(f"a candidate's file is called {name[:80]!r}, which is not a place inside its folder")
    return root.joinpath(*parts)
