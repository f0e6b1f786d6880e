"""Boxes: where a command's programs run. A child of a command server builds one, and is the first process in it.

Two kinds. With namespaces a box has processes and users of its own and one private folder in memory, of limited size;
its first process is ours, so that nobody in there can signal it, look into it or outlive it. Without namespaces a box
is a temporary folder, a group of processes, and whatever Landlock and filters keep from them.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from shoal.sandbox._ends import CAUSES
from shoal.sandbox._folder import removed, size_of
from shoal.sandbox._jail import own_process_count
from shoal.sandbox._records import Order
from shoal.sandbox._tree import Tree

LINUX = sys.platform == "linux"
if LINUX:
    from shoal.sandbox import _landlock, _seccomp
    from shoal.sandbox import _syscalls as sys_

    fork = sys_.fork
else:
    fork = os.fork

__all__ = [
    "CODES",
    "OUTER",
    "PROC",
    "SCRATCH",
    "WORK",
    "Box",
    "Boxes",
    "FolderBoxes",
    "NamespaceBoxes",
    "current",
    "fork",
    "stop_asked",
]

OUTER = "/box"  # one rule of Landlock on it covers what each box mounts below it
WORK, PROC = f"{OUTER}/work", f"{OUTER}/proc"
SCRATCH = ".tmp"  # in the private folder; /tmp and /dev/shm lead there
MOST_FILES = 8192
ADDRESS_SLACK = 16 << 30  # addresses that nobody writes to: languages with big heaps reserve them
YIELDING = 10
LOOK_SHARE = 30  # looking through a folder costs at most one part in so many,
LOOKED_SECONDS = 1.0  # but there must be no time to make more than can be removed again
CHOSEN_FIRST = "500"  # by the kernel, when the whole machine is out of memory
NEVER_SEEN = ("/dev/urandom", "/dev/zero")
CODES = {cause: code for code, cause in CAUSES.items()}


@dataclass
class Box:
    """The box around this process, and what may be used in it.

    ``rules`` is a descriptor of Landlock rules for programs, or -1; ``filter`` one that binds them and not us;
    ``counted`` says whether the kernel counts processes box by box, ``temporary`` whether the private folder must be
    removed. ``wake`` can be read when a process has ended, ``next_look`` is when the folder is looked through again.
    """

    root: str
    order: Order
    tree: Tree
    rules: int = -1
    filter: sys_.Filter | None = None
    counted: bool = False
    temporary: bool = False
    running: bool = False
    wake: int = -1
    next_look: float = 0.0

    @property
    def scratch(self) -> str:
        """The folder for temporary files."""
        return os.path.join(self.root, SCRATCH)

    def confine(self) -> None:
        """In a new process, just before its program starts: its group, signals, limits and rules."""
        if not self.tree.alone:
            os.setpgid(0, 0)
            if LINUX:
                sys_.prctl(sys_.PR_SET_PDEATHSIG, signal.SIGKILL)
        for number in (signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        if not self.counted:
            os.nice(YIELDING)  # however many they become, we must get our turn to end them
        for limit, value, extra in self._bounds():
            with contextlib.suppress(ValueError):  # where the hard limit is lower still
                resource.setrlimit(limit, (value, value + extra))
        os.chdir(self.root)
        if self.rules >= 0:
            _landlock.restrict(self.rules)
        if self.filter is not None:
            self.filter.load()

    def _bounds(self) -> Iterator[tuple[int, int, int]]:
        """Limits of each process: which, soft value, and how far the hard one lies above it."""
        order = self.order
        yield resource.RLIMIT_CPU, order.cpu_seconds, 1
        yield resource.RLIMIT_NOFILE, order.open_files, 0
        yield resource.RLIMIT_FSIZE, order.disk_bytes, 0
        if LINUX:
            yield resource.RLIMIT_DATA, order.memory_bytes, 0
            yield resource.RLIMIT_AS, order.memory_bytes + ADDRESS_SLACK, 0
        if self.counted:
            yield resource.RLIMIT_NPROC, order.processes + 1, 0  # and the first process

    def over(self) -> str:
        """What the box has used too much of: "cpu", "memory", "processes" or "disk"; "" for nothing."""
        used, order = self.tree.used(most=self.order.processes), self.order
        if used.cpu_seconds > order.cpu_seconds:
            return "cpu"
        if used.memory_bytes > order.memory_bytes:
            return "memory"
        if used.processes > order.processes:
            return "processes"
        return "disk" if self._too_many_files() else ""

    def _too_many_files(self) -> bool:
        """A folder in memory has its size, any other must be looked through, and that may be made dear."""
        began = time.monotonic()
        if not self.temporary or began < self.next_look:
            return False
        size = size_of(self.root, most_files=MOST_FILES)
        self.next_look = began + min(LOOKED_SECONDS, LOOK_SHARE * (time.monotonic() - began))
        return size > self.order.disk_bytes

    def leave(self, code: int) -> NoReturn:
        """End all that runs in the box, remove what it left, and end this process."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        try:
            self.tree.end()
            if self.temporary:
                removed(self.root)
        finally:
            os._exit(code)


class Boxes:
    """How a server makes the boxes of its children; everything that can be is made beforehand."""

    alone = False

    def __init__(self, *, readable: tuple[str, ...], hidden: tuple[str, ...], landlock: int, seccomp: bool) -> None:
        self.readable, self.hidden, self.landlock = (*readable, *NEVER_SEEN), hidden, landlock
        self.filter: sys_.Filter | None = None
        if seccomp:
            signals = self.alone or landlock >= 6  # from there on Landlock keeps signals inside, too
            self.filter = sys_.Filter(_seccomp.program_filter(alone=self.alone, signals=signals))

    def fork(self) -> int:
        """A child whose first act must be `enter`."""
        raise NotImplementedError

    def kept(self) -> list[int]:
        """Descriptors that a child needs to enter."""
        return []

    def enter(self, order: Order) -> Box:
        """Build a box around this process. Raises OSError."""
        raise NotImplementedError

    def stop(self, *_: object) -> None:
        """Handler of the signal by which a server ends a box; while a program runs, who runs it must look."""
        _state.stop_asked = True
        if _state.box is not None and not _state.box.running:
            _state.box.leave(CODES["killed"])

    def leave(self, code: int) -> NoReturn:
        """End the box around this process, and this process."""
        current().leave(code)

    def sweep(self, number: int) -> int:
        """Once a box has ended: a new process of the server's that removes what is left of it; 0 for nothing left."""
        return 0

    def _rules(self, private: str) -> int:
        if not self.landlock:
            return -1
        return _landlock.program_rules(self.landlock, self.readable, hidden=self.hidden, private=private)

    def _settle(self, box: Box) -> Box:
        """The last steps of every kind: scratch folder, wake-up call, no powers, filter."""
        os.mkdir(box.scratch, 0o700)
        box.wake, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC) if LINUX else _pipe()
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        if LINUX:
            sys_.clear_capabilities()
        if self.alone and self.filter is not None:
            self.filter.load()  # our code can live with it, and everything we start inherits it
        _state.box = box
        if _state.stop_asked:
            box.leave(CODES["killed"])
        return box


class NamespaceBoxes(Boxes):
    """Boxes with users, processes, mounts and messages of their own. Needs a server whose /proc hides nothing."""

    alone = True

    def __init__(self, **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]
        self.user, self.group = os.geteuid(), os.getegid()
        self.shared_rules = self._rules(OUTER)

    def fork(self) -> int:
        """See `Boxes.fork`; the child is process 1 of its own."""
        return sys_.clone(sys_.CLONE_NEWUSER | sys_.CLONE_NEWNS | sys_.CLONE_NEWPID | sys_.CLONE_NEWIPC)

    def kept(self) -> list[int]:
        """See `Boxes.kept`."""
        return [self.shared_rules] if self.shared_rules >= 0 else []

    def enter(self, order: Order) -> Box:
        """See `Boxes.enter`."""
        sys_.prctl(sys_.PR_SET_DUMPABLE, 1)  # else root owns our files in /proc; nobody else is in here yet
        _tell("setgroups", "deny")
        _tell("uid_map", f"{self.user} {self.user} 1")
        _tell("gid_map", f"{self.group} {self.group} 1")
        _tell("oom_score_adj", CHOSEN_FIRST)
        sys_.prctl(sys_.PR_SET_DUMPABLE, 0)
        size = f"size={order.disk_bytes},nr_inodes={MOST_FILES},mode=700"
        sys_.mount("tmpfs", WORK, "tmpfs", sys_.MS_NOSUID | sys_.MS_NODEV, size)
        proc = sys_.detached_proc()  # ours shows even who hides; theirs does not show us
        flags = sys_.MS_RDONLY | sys_.MS_NOSUID | sys_.MS_NODEV | sys_.MS_NOEXEC
        sys_.mount("proc", PROC, "proc", flags, "hidepid=2,subset=pid")
        return self._settle(
            Box(WORK, order, Tree(proc=proc, alone=True), rules=self.shared_rules, counted=self.user != 0)
        )


class FolderBoxes(Boxes):
    """Boxes in temporary folders below ``folder``, which the server has made; ``counted`` as in `Box`."""

    def __init__(self, *, folder: str, counted: bool, **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]
        self.folder, self.counted = folder, counted

    def fork(self) -> int:
        """See `Boxes.fork`."""
        return fork()

    def enter(self, order: Order) -> Box:
        """See `Boxes.enter`."""
        root = self._root(order.number)
        os.mkdir(root, 0o700)
        if LINUX:
            sys_.prctl(sys_.PR_SET_PDEATHSIG, signal.SIGTERM)  # a chance to end who would outlive us
            sys_.prctl(sys_.PR_SET_CHILD_SUBREAPER, 1)
        counted = self.counted and own_process_count()
        proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC) if LINUX else -1
        tree = Tree(proc=proc, alone=False)
        rules = self._rules(root)
        box = Box(root, order, tree, rules=rules, filter=self.filter, counted=counted, temporary=True)
        return self._settle(box)

    def sweep(self, number: int) -> int:
        """See `Boxes.sweep`: something is left of a box that was killed while it removed what it held."""
        root = self._root(number)
        if not os.path.lexists(root):
            return 0
        process = self.fork()
        if process == 0:
            try:
                signal.set_wakeup_fd(-1)
                os.closerange(3, 1 << 20)  # the supervisor waits for the server's end to be closed by everybody
                removed(root)
            finally:
                os._exit(0)
        return process

    def _root(self, number: int) -> str:
        return os.path.join(self.folder, str(number))


@dataclass
class _State:
    """What a signal to stop finds: the box of this process, once it has one."""

    box: Box | None = None
    stop_asked: bool = False


_state = _State()


def stop_asked() -> bool:
    """Whether the server has asked this process to end its box."""
    return _state.stop_asked


def current() -> Box:
    """The box around this process. Raises RuntimeError outside of one."""
    if _state.box is None:
        raise RuntimeError("programs are started from the entry of a command profile only")
    return _state.box


def _tell(name: str, text: str) -> None:
    file = os.open(f"/proc/self/{name}", os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(file, text.encode())
    finally:
        os.close(file)


def _pipe() -> tuple[int, int]:
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    return reader, writer
