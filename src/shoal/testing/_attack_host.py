"""What an attack could leave on the machine: processes, open files, files, listeners, queues. Looked at, and mended."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shoal.testing.attacks import PREFIX

__all__ = ["Host", "bait", "orphans_come_here", "taken"]

SUBREAPER, IS_SUBREAPER = 36, 37  # prctl: whoever loses its parent below us becomes our child, and is seen
PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/")
MESSAGES = ("shm", "sem", "msg")
KEY = str(0x5A0A1)  # of the System V objects that attacks try to leave
BAIT = ("judge.py", ".netrc", "run.db", "own", ".git/HEAD", ".git/ORIG_HEAD", ".git/logs/HEAD")


@dataclass(frozen=True, slots=True)
class Host:
    """What there is of ours at one moment. ``processes`` are all descendants of this process that are alive."""

    processes: frozenset[int]
    descriptors: frozenset[str]
    files: frozenset[str]
    sockets: frozenset[str]

    @classmethod
    def now(cls, prefix: str) -> Host:
        """Look; of files and sockets, at those whose names begin with ``prefix``."""
        kinds = (descendants(os.getpid()), _descriptors(), _files(prefix), _sockets(prefix))
        return cls(*map(frozenset, kinds))  # type: ignore[arg-type]

    def grown(self, before: Host) -> str:
        """What is there that was not, in words; "" for nothing."""
        more = {
            "processes": self.processes - before.processes,
            "descriptors": self.descriptors - before.descriptors,
            "files": self.files - before.files,
            "sockets": self.sockets - before.sockets,
        }
        found = [f"{len(left)} {name} left ({min(map(str, left))})" for name, left in more.items() if left]
        if gone := before.processes - self.processes:
            found.append(f"{len(gone)} processes of ours are gone")
        return ", ".join(found)

    @classmethod
    def settled(cls, before: Host, prefix: str, *, seconds: float = 3.0) -> tuple[Host, str]:
        """Look until it is as before, or for so long: what has just been killed takes a moment to go."""
        deadline = time.monotonic() + seconds
        while True:
            now = cls.now(prefix)
            grown = now.grown(before)
            moving = (now.processes, now.descriptors) != (before.processes, before.descriptors)
            if not grown or not moving or time.monotonic() > deadline:
                return now, grown
            time.sleep(0.02)

    def mend(self, before: Host) -> None:
        """End the processes and remove the files that are new."""
        for process in self.processes - before.processes:
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
            with contextlib.suppress(OSError):
                os.waitpid(process, 0)
        for name in self.files - before.files:
            _remove(name)


@contextlib.contextmanager
def orphans_come_here() -> Iterator[None]:
    """While this lasts, no process that one of ours started can leave our sight (Linux)."""
    if not sys.platform.startswith("linux"):
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    before = ctypes.c_int(0)
    libc.prctl(IS_SUBREAPER, ctypes.byref(before), 0, 0, 0)
    libc.prctl(SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(SUBREAPER, before.value, 0, 0, 0)


@contextlib.contextmanager
def bait(secret: str) -> Iterator[Path]:
    """A new folder in /tmp with what attacks look for: a judge, keys, a record of a run, a file of the user inside.

    All of it can be read and changed by everyone, so that only walls keep a program away. Raises `OSError` where it
    cannot be made.
    """
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/tmp"))
    try:
        lay_out(folder, secret)
        yield folder
    finally:
        _remove(str(folder))


def lay_out(folder: Path, secret: str) -> None:
    """Put everything there, again where it was changed."""
    for name in BAIT:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"# {secret}\n")
        file.chmod(0o666)
    folder.chmod(0o777)
    with contextlib.suppress(PermissionError):  # root becomes this user inside
        os.chown(folder / "own", 65534, 65534)


def taken(folder: Path, secret: str) -> str:
    """What of the bait was changed, in words, and put back; "" for nothing."""
    changed = [name for name in BAIT if not _same(folder / name, secret)]
    if changed:
        lay_out(folder, secret)
    return f"{', '.join(changed)} changed" if changed else ""


def _same(file: Path, secret: str) -> bool:
    try:
        return file.read_text() == f"# {secret}\n" and file.stat().st_mode & 0o777 == 0o666
    except OSError:
        return False


def descendants(process: int) -> list[int]:
    """All processes that come from one, without itself and without zombies."""
    found = []
    for child in _children(process):
        found += [child, *descendants(child)] if _alive(child) else descendants(child)
    return found


def _children(process: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{process}/task"):
            with contextlib.suppress(OSError):
                found += map(int, Path(f"/proc/{process}/task/{thread}/children").read_text().split())
    return found


def _alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _descriptors() -> Iterator[str]:
    for name in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else ():
        with contextlib.suppress(OSError):  # the one that lists the folder
            yield f"{name} {os.readlink(f'/proc/self/fd/{name}')}"


def _files(prefix: str) -> Iterator[str]:
    for place in dict.fromkeys((*PLACES, tempfile.gettempdir(), os.getcwd())):
        with contextlib.suppress(OSError):
            for name in os.listdir(place):
                if name.startswith(prefix):
                    yield os.path.join(place, name)


def _sockets(prefix: str) -> Iterator[str]:
    """Names of sockets without a file, and System V objects, that attacks leave."""
    with contextlib.suppress(OSError):
        lines = Path("/proc/net/unix").read_text().splitlines()
        yield from (line.split()[-1] for line in lines if prefix in line)
    for kind in MESSAGES:
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/sysvipc/{kind}").read_text().splitlines()
            yield from (f"{kind} {line.split()[1]}" for line in lines if line.split()[0] == KEY)


def _remove(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            os.unlink(path)
