"""The walls, in the order in which they can be built: namespaces, own file system, identity, Landlock, filters.

Runs inside the server process. Each wall is one *property* that either stands or has a reason why not; nothing
here decides whether that is good enough. On systems other than Linux no wall stands and the limits of the
processes are all there is.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

__all__ = ["Jail"]

LINUX = sys.platform == "linux"
if LINUX:
    from shoal.sandbox import _landlock, _seccomp
    from shoal.sandbox import _syscalls as sys_

NOBODY = 65534
NAMESPACES = {  # property -> CLONE_* flag
    "files": 0x00020000,
    "processes": 0x20000000,
    "network": 0x40000000,
    "ipc": 0x08000000,
    "hostname": 0x04000000,
    "cgroup": 0x02000000,
}
NEWUSER = 0x10000000
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")
STAGES = ("/proc", "/sys", "/mnt", "/tmp")  # where the new root is put together; /proc is never a source
READ_ONLY, NO_SETUID, NO_DEVICES, NO_EXEC = 1, 2, 4, 8


@dataclass
class Jail:
    """One server's walls. ``walls`` maps each property to "" where it stands, else to why it does not.

    ``level`` caps what is tried: 3 everything, 2 without namespaces, 1 limits only.
    """

    level: int
    mounts: tuple[str, ...]
    hide: tuple[str, ...]
    walls: dict[str, str] = field(default_factory=dict)
    own_user: bool = False  # inside a user namespace of our own
    statm: int = -1  # this process's memory counts; must be opened while /proc can be seen

    def separate(self) -> None:
        """Enter new namespaces. The caller forks next: its child is the first process of the new ones."""
        if LINUX and self.level >= 3:
            self._own_user_if_needed()
            for name, flag in NAMESPACES.items():
                self._try(name, sys_.unshare, flag)
        else:
            reason = "not asked for" if LINUX else f"{sys.platform} has no namespaces"
            self.walls.update(dict.fromkeys(NAMESPACES, reason))

    def enclose(self) -> None:
        """Exchange the file system for one that holds only what is to be seen, all of it read-only."""
        if LINUX:
            self.statm = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
        if self.stands("files"):
            self._try("files", build_root, self.mounts, self.furnish)
            self._hold("files", lambda: os.stat("/etc/passwd"), lambda: _make_file("/"))
        if self.stands("network"):
            self._hold("network", _find_route)
        if self.stands("hostname"):
            self._try("hostname", socket.sethostname, "shoal")

    def furnish(self, stage: str) -> None:
        """Add to a root that is being built in ``stage`` what this jail needs besides; nothing here."""

    def close(self) -> None:
        """Called when the server ends; nothing to do here."""

    def baseline(self) -> int:
        """Bytes of address space in use; 0 where the system does not say."""
        if self.statm < 0:
            return 0
        return int(os.pread(self.statm, 100, 0).split()[0]) * os.sysconf("SC_PAGESIZE")

    def seal(self) -> None:
        """Hide what imports no longer need, then give up every privilege for good."""
        if self.statm >= 0:
            os.close(self.statm)
        if not LINUX:
            reason = f"{sys.platform} has none"
            self.walls |= dict.fromkeys(("identity", "landlock", "seccomp", "threads"), reason)
            return
        if self.stands("files"):
            for path in self.hide:
                mask(path)
        self._try("identity", self._become_nobody)
        self._try("threads", _count_threads_apart)
        sys_.prctl(sys_.PR_SET_NO_NEW_PRIVS, 1)
        sys_.prctl(sys_.PR_SET_DUMPABLE, 0)
        die_with_parent()
        self._confine()

    def _confine(self) -> None:
        """The walls that come last and bind this process itself."""
        if self.level >= 2:
            self._try("landlock", self._landlock)
            self._hold("landlock", lambda: os.listdir("/"), lambda: _make_file("/"))
            self._try("seccomp", self._filter)
            self._hold("seccomp", socket.socket)
        else:
            self.walls |= dict.fromkeys(("landlock", "seccomp"), "not asked for")

    def stands(self, name: str) -> bool:
        """Whether a wall has been built."""
        return self.walls.get(name) == ""

    def _try(self, name: str, build: object, *arguments: object) -> None:
        try:
            build(*arguments)  # type: ignore[operator]
            self.walls[name] = ""
        except OSError as error:
            self.walls[name] = str(error)

    def _hold(self, name: str, *attacks: Callable[[], object]) -> None:
        """Strike a wall off again if anything that it must stop gets through."""
        for attack in attacks:
            if self.stands(name):
                with contextlib.suppress(OSError):
                    attack()
                    self.walls[name] = "it was built, but does not hold"

    def _own_user_if_needed(self) -> None:
        """Ordinary users, and root without its powers, gain the right to new namespaces inside a user namespace."""
        if os.geteuid() == 0 and _may_mount():
            return
        user, group = os.geteuid(), os.getegid()
        with contextlib.suppress(OSError):
            sys_.unshare(NEWUSER)
            self.own_user = True
            for name, text in (
                ("setgroups", "deny"),
                ("uid_map", f"{user} {user} 1"),
                ("gid_map", f"{group} {group} 1"),
            ):
                with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                    file.write(text)

    def _become_nobody(self) -> None:
        """Stop being root, where Python and the mounts can be read without; give up all capabilities in any case."""
        try:
            if os.geteuid() == 0 and not self.own_user:
                alone = self.stands("files")
                for path in self.mounts:
                    if not _readable_by_all(path, alone=alone):
                        raise PermissionError(f"{path} can be read by root only: chmod -R o+rX {path}")
                os.setgroups([])
                os.setresgid(NOBODY, NOBODY, NOBODY)
                os.setresuid(NOBODY, NOBODY, NOBODY)
        finally:
            sys_.clear_capabilities()
        if os.geteuid() == 0:
            raise PermissionError("still root, inside a user namespace")

    def _landlock(self) -> None:
        version = _landlock.abi()
        if version == 0:
            raise OSError("this kernel has no Landlock")
        hidden = () if self.stands("files") else self.hide
        _landlock.confine(version, (*self.mounts, "/dev/urandom"), hidden=hidden, devices=("/dev/null", "/dev/zero"))

    def _filter(self) -> None:
        if not _seccomp.supported():
            raise OSError(f"no table of system calls for {os.uname().machine}")
        sys_.Filter(self._base_filter()).load()

    def _base_filter(self) -> bytes:
        return _seccomp.base_filter()


def die_with_parent() -> None:
    """SIGKILL for this process when its parent ends; on Linux only."""
    if LINUX:
        sys_.prctl(sys_.PR_SET_PDEATHSIG, signal.SIGKILL)


def build_root(mounts: Collection[str], furnish: Callable[[str], None]) -> None:
    """Make a read-only root of bind mounts, three devices and what ``furnish`` adds; leave the old one for good."""
    stage = next(path for path in STAGES if os.path.isdir(path))
    sys_.mount(None, "/", None, sys_.MS_REC | sys_.MS_PRIVATE)
    sys_.mount("tmpfs", stage, "tmpfs", sys_.MS_NOSUID | sys_.MS_NODEV, "size=1m,nr_inodes=4k,mode=755")
    for path in _uncovered(mounts):
        if os.path.islink(path) and path.count("/") == 1:
            os.symlink(os.readlink(path), stage + path)  # /lib -> usr/lib
        elif os.path.exists(path):
            _bind(path, stage + path, READ_ONLY | NO_SETUID | NO_DEVICES)
    for path in DEVICES:
        _bind(path, stage + path, READ_ONLY | NO_SETUID | NO_EXEC)
    furnish(stage)
    os.chdir(stage)
    sys_.pivot_root(".", ".")
    sys_.unmount(".", sys_.MNT_DETACH)
    os.chdir("/")
    sys_.set_mount_attributes("/", READ_ONLY, recursive=False)


def mask(path: str) -> None:
    """Put something empty over a path, so that nothing can read or list what is there."""
    if os.path.isdir(path):
        sys_.mount("tmpfs", path, "tmpfs", sys_.MS_NOSUID | sys_.MS_NODEV, "size=4k,nr_inodes=2,mode=555")
        sys_.set_mount_attributes(path, READ_ONLY | NO_EXEC, recursive=False)
    elif os.path.exists(path):
        sys_.mount("/dev/null", path, None, sys_.MS_BIND)


def _bind(source: str, target: str, attributes: int) -> None:
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "x"):
            pass
    sys_.mount(source, target, None, sys_.MS_BIND | sys_.MS_REC)
    sys_.set_mount_attributes(target, attributes, recursive=True)


def _uncovered(mounts: Collection[str]) -> Iterator[str]:
    """Paths, and what links among them lead to, without those that lie inside another one."""
    kept: list[str] = []
    for path in sorted({*mounts, *map(os.path.realpath, mounts)}):
        if not any(path == outer or path.startswith(outer + "/") for outer in kept):
            kept.append(path)
            yield path


def _make_file(folder: str) -> None:
    os.close(os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o600))


def _find_route() -> None:
    """Succeed where any route leads outside; no packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))


def _may_mount() -> bool:
    """Whether new namespaces can be had without a user namespace; asked of a child, for there is no way back."""
    return _can_unshare(NAMESPACES["files"])


def own_process_count() -> bool:
    """Start a count of threads and processes of our own, in a user namespace whose new powers are dropped at once."""
    try:
        sys_.unshare(sys_.CLONE_NEWUSER)
    except OSError:
        return False
    sys_.clear_capabilities()
    return True


def _count_threads_apart() -> None:
    if os.geteuid() == 0:
        raise PermissionError("no limit on processes binds root")
    if not _can_unshare(NEWUSER):
        raise PermissionError("no user namespaces: threads are bounded by memory only")


def _can_unshare(flag: int) -> bool:
    child = os.fork()
    if child == 0:
        try:
            sys_.unshare(flag)
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def _readable_by_all(path: str, *, alone: bool) -> bool:
    """Whether a user without rights can reach ``path``; ``alone`` where its parent folders are ours."""
    if not os.path.exists(path):
        return True
    real = os.path.realpath(path)
    needed = 0o5 if os.path.isdir(real) else 0o4
    if os.stat(real).st_mode & needed != needed:
        return False
    while not alone and (real := os.path.dirname(real)) != "/":
        if not os.stat(real).st_mode & 0o1:
            return False
    return True
