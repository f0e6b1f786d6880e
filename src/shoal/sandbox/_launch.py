"""Start a fork server: which folders it sees, which environment it gets, and its first record."""

from __future__ import annotations

import glob
import json
import os
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from shoal.core import arithmetic
from shoal.core.errors import MachineryError
from shoal.sandbox._blob import Blob
from shoal.sandbox._isolation import Isolation, assess
from shoal.sandbox._records import KIND, LENGTH, ORDER, START, Order

__all__ = ["ENVIRONMENT", "Launched", "Profile", "SandboxError", "launch", "read_report"]

ENVIRONMENT = {  # equal runs need equal hashes, and one thread is what CPU time is meant for
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
} | arithmetic.held()
OF_SERVERS = ENVIRONMENT | {
    "PYTHONWARNINGS": "ignore",
    "MALLOC_ARENA_MAX": "1",  # each arena reserves 64 MiB of address space, which the memory limit counts
}
SYSTEM_PATHS = (
    *("/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64"),
    *("/etc/ld.so.cache", "/usr/share/zoneinfo"),
)
TOOL_PATHS = (  # what compilers and languages need, for commands only
    *("/bin", "/usr/bin", "/usr/libexec", "/usr/include", "/usr/local/bin", "/usr/local/lib", "/usr/local/include"),
    *("/etc/alternatives", "/usr/share/perl", "/usr/share/perl5", "/usr/share/nodejs"),
)
PACKAGE = Path(__file__).resolve().parents[1]
BOOT = "import sys; sys.path += {path}; from shoal.sandbox._fork_server import main; main({descriptor}, {parent})"


class SandboxError(MachineryError):
    """The sandbox could not be started or kept at its level; the message has the server's own words."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What one role runs and sees.

    ``entry`` and ``setup`` are names such as ``package.module:function``; ``setup`` gets ``setup_data`` once, inside
    the walls, before the first job. ``warm`` modules are imported beforehand. ``mounts`` are further paths that
    may be read, ``path`` further folders to import from (which may be read too). ``hide`` are paths that vanish
    after the imports: everything under them must have been imported by then.

    ``commands``: a child is the first process of a box of its own, and ``entry`` runs programs in it by
    `shoal.sandbox.commands`; compilers and languages of the system can be seen.
    """

    name: str
    entry: str | None
    setup: str | None = None
    setup_data: bytes = b""
    warm: tuple[str, ...] = ("numpy",)
    mounts: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    commands: bool = False


@dataclass(slots=True)
class Launched:
    """A starting server: its first process, our end of the control socket, and where its last words go."""

    process: subprocess.Popen[bytes]
    control: socket.socket
    words: IO[bytes]

    def last_words(self) -> str:
        """What the server wrote on standard error, at most its last 4,000 bytes."""
        self.words.seek(max(0, self.words.seek(0, os.SEEK_END) - 4000))
        return self.words.read().decode(errors="replace").strip()


def launch(profile: Profile, *, level: int) -> Launched:
    """Start a server process and send it its orders. It answers with a report, see `read_report`."""
    if not sys.executable:
        raise SandboxError("this Python does not know its own executable")
    ours, theirs = socket.socketpair(socket.AF_UNIX, KIND)
    words = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the server
    boot = BOOT.format(path=[str(PACKAGE.parent)], descriptor=theirs.fileno(), parent=os.getpid())
    try:
        process = subprocess.Popen(
            [sys.executable, "-s", "-P", "-S", "-c", boot],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=words,
            env=OF_SERVERS,
            cwd="/",
            pass_fds=(theirs.fileno(),),
            start_new_session=True,  # the terminal's Ctrl-C is the supervisor's business
        )
        with Blob(json.dumps(_configuration(profile, level)).encode()) as config, Blob(profile.setup_data) as data:
            socket.send_fds(ours, [ORDER.pack(*Order(START))], [config.fileno(), data.fileno()])
    except BaseException:
        ours.close()
        words.close()
        raise
    finally:
        theirs.close()
    return Launched(process, ours, words)


def read_report(data: bytes) -> Isolation | None:
    """The server's report on its walls; None while incomplete. Raises SandboxError with what went wrong in there."""
    if len(data) < LENGTH.size or len(data) < LENGTH.size + LENGTH.unpack_from(data)[0]:
        return None
    report: dict[str, Any] = json.loads(data[LENGTH.size :])
    if report["error"]:
        raise SandboxError(report["error"])
    return assess(report["walls"])


def _configuration(profile: Profile, level: int) -> dict[str, Any]:
    site = [path for path in sys.path if os.path.basename(path) in ("site-packages", "dist-packages")]
    own = str(PACKAGE)
    libraries = [os.path.join(sys.base_prefix, name) for name in ("lib", "lib64")]
    stdlib = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib")]
    tools = (*TOOL_PATHS, *glob.glob("/etc/java-*"), *_interpreter()) if profile.commands else ()
    seen = (*SYSTEM_PATHS, *libraries, *stdlib, *site, own, *tools, *profile.mounts, *profile.path)
    return {
        "level": level,
        "mounts": _existing(seen),
        "hide": _existing(path for each in profile.hide for path in (each, os.path.realpath(each))),
        "path": [*_existing(profile.path), *_existing(site)],
        "warm": profile.warm,
        "entry": profile.entry,
        "setup": profile.setup,
        "commands": profile.commands,
    }


def _interpreter() -> tuple[str, ...]:
    """The running interpreter, as a program that finds its virtual environment and its libraries."""
    return sys.executable, os.path.realpath(sys.executable), os.path.join(sys.prefix, "pyvenv.cfg")


def _existing(paths: Iterable[str]) -> list[str]:
    """Absolute paths that exist, each once, in order."""
    return [path for path in dict.fromkeys(map(os.path.abspath, paths)) if os.path.exists(path)]
