"""`shoal stop`: write, or take away, the STOP files that a run's supervisor looks for."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from shoal.cli._trouble import DONE, FAILED
from shoal.core.errors import UserError
from shoal.store import RunFolder, find_run, list_runs

__all__ = ["clear", "stop"]

WAIT_SECONDS = 10.0
LOOK_SECONDS = 0.05


def stop(name: str | None, *, every: bool, out: Path) -> int:
    """Stop one run and wait until it is saved; or all of a folder, which then stays stopped."""
    if every:
        if name is not None:
            raise UserError(f"stop {name} --all: name one run, or all of them, not both")
        return _stop_all(out)
    return _stop_one(_the_running(out) if name is None else find_run(name, out=out))


def clear(name: str | None, *, out: Path) -> int:
    """Take STOP files away: a run's, or the folder's and those of all its runs."""
    folders = [find_run(name, out=out).path] if name is not None else [out, *(one.path for one in _folders(out))]
    gone = [path for path in map(_path, folders) if _remove(path)]
    for path in gone:
        print(f"took away {path}")
    if not gone:
        print(f"no STOP file in {folders[0]}" + ("" if name is not None else " or its runs"))
    return DONE


def _path(folder: Path) -> Path:
    from shoal.labs.evolve import STOP_FILE

    return folder / STOP_FILE


def _remove(path: Path) -> bool:
    """Take a STOP away, be it a file, a link or a folder; False where there is none."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise UserError(f"cannot take away {path}: {error.strerror}") from None
    return True


def _write(path: Path) -> bool:
    """Make a STOP file; False when there is one already."""
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        return False
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror}") from None
    return True


def _folders(out: Path) -> list[RunFolder]:
    return [RunFolder(file.parent) for file in sorted(out.glob("*/run.db"))]


def _the_running(out: Path) -> RunFolder:
    running = [info.folder for info in list_runs(out) if info.folder.busy]
    if len(running) == 1:
        return running[0]
    if not running:
        raise UserError(f"no run is running in {out}; see `shoal runs`")
    names = ", ".join(one.id for one in running[:4])
    raise UserError(f"{len(running)} runs are running in {out} ({names}); name one, or stop all with --all")


def _stop_one(folder: RunFolder) -> int:
    running, path = folder.busy, _path(folder.path)
    ours = _write(path)
    if not running:
        print(f"run {folder.id} is not running; {path} keeps it from going on, until: shoal stop --clear {folder.id}")
        return DONE
    if not _idle([folder]):
        print(f"run {folder.id} is still being written after {WAIT_SECONDS:g} s; {path} stays")
        return FAILED
    if ours:
        _remove(path)
    print(f"run {folder.id} is stopped and saved; go on with: shoal resume {folder.id}")
    return DONE


def _stop_all(out: Path) -> int:
    if not out.is_dir():
        raise UserError(f"there is no folder of runs {out}; name it with --out")
    running = [folder for folder in _folders(out) if folder.busy]
    _write(_path(out))
    idle = _idle(running)
    print(f"{len(running)} runs {'stopped and saved' if idle else f'told to stop, not idle after {WAIT_SECONDS:g} s'}")
    print(f"nothing begins or goes on in {out} until: shoal stop --clear")
    return DONE if idle else FAILED


def _idle(folders: list[RunFolder]) -> bool:
    """Wait until no process holds any of ``folders``; False when that takes too long."""
    end = time.monotonic() + WAIT_SECONDS
    while any(folder.busy for folder in folders):
        if time.monotonic() > end:
            return False
        time.sleep(LOOK_SECONDS)
    return True
