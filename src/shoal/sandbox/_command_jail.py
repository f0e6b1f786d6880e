"""The walls of a command server: as a candidate's, but that its children build boxes and start programs in them.

The server keeps out of Landlock, which would forbid its children the mounts a box is made of; it never reads what a
program wrote, and each program is bound by Landlock and filters before it starts. Whether a box holds is tried once,
by a process that attacks it from where programs will be.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

from shoal.sandbox._box import PROC, SCRATCH, WORK, Box, Boxes, FolderBoxes, NamespaceBoxes, fork
from shoal.sandbox._folder import removed
from shoal.sandbox._jail import LINUX, Jail
from shoal.sandbox._records import SPAWN, Order

if LINUX:
    from shoal.sandbox import _landlock, _seccomp
    from shoal.sandbox import _syscalls as sys_

__all__ = ["CommandJail"]

LINKS = {  # what programs look for at these places
    "/proc": PROC,
    "/tmp": f"{WORK}/{SCRATCH}",
    "/dev/shm": f"{WORK}/{SCRATCH}",
    "/dev/fd": "/proc/self/fd",
    "/dev/stdin": "/proc/self/fd/0",
    "/dev/stdout": "/proc/self/fd/1",
    "/dev/stderr": "/proc/self/fd/2",
}
POOL = "size=1g,mode=1777"
TRIAL = Order(SPAWN, cpu_seconds=10, memory_bytes=1 << 30, open_files=64, processes=8, disk_bytes=1 << 20)

Attack = Callable[[], object]


@dataclass
class CommandJail(Jail):
    """See the module; `boxes` is there once the jail is sealed."""

    boxes: Boxes = field(init=False)
    folder: str = ""  # where boxes without namespaces lie

    def enclose(self) -> None:
        """See `Jail.enclose`; the file system has a place for boxes, and a process file system to make others from."""
        super().enclose()
        if self.stands("files"):
            self._try("files", sys_.mount, "tmpfs", WORK, "tmpfs", sys_.MS_NOSUID | sys_.MS_NODEV, POOL)

    def furnish(self, stage: str) -> None:
        """See `Jail.furnish`."""
        for folder in (WORK, PROC):
            os.makedirs(stage + folder)
        for link, target in LINKS.items():
            if not os.path.lexists(stage + link):
                os.symlink(target, stage + link)
        if self.stands("processes"):  # only while the machine's own can be seen may a user mount another
            flags = sys_.MS_NOSUID | sys_.MS_NODEV | sys_.MS_NOEXEC
            self._try("processes", sys_.mount, "proc", stage + PROC, "proc", flags)

    def close(self) -> None:
        """Remove the folder of boxes without namespaces, when none is left."""
        if self.folder:
            with contextlib.suppress(OSError):
                removed(self.folder)

    def _confine(self) -> None:
        """See `Jail._confine`: here the walls are those of a box, and tried in one."""
        if self.level >= 2:
            self._try("seccomp", self._filter)
            self._try("landlock", self._need_landlock)
        else:
            self.walls |= dict.fromkeys(("landlock", "seccomp"), "not asked for")
        self.boxes = self._with_namespaces() or self._with_folders()

    def _base_filter(self) -> bytes:
        return _seccomp.box_filter()

    def _need_landlock(self) -> None:
        if _landlock.abi() == 0:
            raise OSError("this kernel has no Landlock")

    def _given(self) -> dict[str, object]:
        return {
            "readable": self.mounts,
            "hidden": () if self.stands("files") else self.hide,
            "landlock": _landlock.abi() if LINUX and self.stands("landlock") else 0,
            "seccomp": self.stands("seccomp"),
        }

    def _with_namespaces(self) -> Boxes | None:
        if not all(map(self.stands, ("files", "processes", "landlock", "seccomp"))):
            return None
        boxes = NamespaceBoxes(**self._given())
        if (reason := self._tried(boxes)) == "":
            return boxes
        self.walls["processes"] = f"no box with processes of its own: {reason}"
        return None

    def _with_folders(self) -> Boxes:
        import tempfile

        base = WORK if self.stands("files") else tempfile.gettempdir()
        self.folder = tempfile.mkdtemp(prefix=f"shoal-boxes-{os.getpid()}-", dir=base)
        counted = self.stands("threads") and self.stands("seccomp")
        boxes = FolderBoxes(folder=self.folder, counted=counted, **self._given())
        reason = self._tried(boxes)
        if reason:
            raise OSError(f"no program can be started here: {reason}")
        if LINUX:
            sys_.prctl(sys_.PR_SET_PDEATHSIG, 0)  # our end must leave time to end the boxes: see the closed socket
        return boxes

    def _tried(self, boxes: Boxes) -> str:
        """Attack a box from inside and strike off the walls that do not hold; why it cannot be built, else ""."""
        reader, writer = os.pipe()
        try:
            process = boxes.fork()
        except OSError as error:
            return str(error)
        if process == 0:
            _attack_from_inside(boxes, writer, self._attacks())
        os.close(writer)
        with os.fdopen(reader, encoding="utf-8", errors="replace") as words:
            told = words.read()
        os.waitpid(process, 0)
        failed, _, fallen = told.partition("\n")
        for name in fallen.split():
            self.walls[name] = "it was built, but does not hold"
        return failed

    def _attacks(self) -> dict[str, tuple[Attack, ...]]:
        attacks: dict[str, tuple[Attack, ...]] = {
            "landlock": (lambda: os.listdir("/"), lambda: _make_file("..")),
            "seccomp": (socket.socket,),
            "files": (lambda: os.stat("/etc/passwd"), lambda: _make_file("/")),
            "processes": (lambda: os.stat("/proc/1/status"),),
        }
        return {name: tried for name, tried in attacks.items() if self.stands(name)}


def _make_file(folder: str) -> None:
    os.close(os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o600))


def _attack_from_inside(boxes: Boxes, writer: int, attacks: dict[str, tuple[Attack, ...]]) -> NoReturn:
    """Build a box, start a process in it that tries every attack, tell, and leave. Nothing of the server runs after."""
    try:
        box = boxes.enter(TRIAL)
        child = fork()
        if child == 0:
            _attack(box, writer, attacks)
        os.waitpid(child, 0)
        box.leave(0)
    except BaseException as error:
        os.write(writer, str(error).encode())
    finally:
        os._exit(0)


def _attack(box: Box, writer: int, attacks: dict[str, tuple[Attack, ...]]) -> NoReturn:
    try:
        box.confine()
        os.close(os.open("own", os.O_CREAT | os.O_WRONLY))  # what it must be able to do
        fallen = [name for name, tried in attacks.items() if any(map(_succeeds, tried))]
        os.write(writer, ("\n" + " ".join(fallen)).encode())
    except BaseException as error:
        os.write(writer, str(error).encode())
    finally:
        os._exit(0)


def _succeeds(attack: Attack) -> bool:
    try:
        attack()
    except OSError:
        return False
    return True
