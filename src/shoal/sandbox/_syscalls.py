"""The few system calls Python 3.11 does not offer, by ctypes. Each raises OSError; all need Linux."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import struct

__all__ = [
    "Filter",
    "clear_capabilities",
    "clone",
    "detached_proc",
    "fork",
    "mount",
    "pivot_root",
    "prctl",
    "set_mount_attributes",
    "syscall",
    "unmount",
    "unshare",
]

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
_locked = ctypes.PyDLL(None, use_errno=True)  # keeps the interpreter's lock, which the child goes on holding
_locked.syscall.restype = ctypes.c_long

# (x86_64, aarch64)
_NUMBERS = {
    "capset": (126, 91),
    "clone": (56, 220),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "landlock_add_rule": (445, 445),
    "landlock_create_ruleset": (444, 444),
    "landlock_restrict_self": (446, 446),
    "mount_setattr": (442, 442),
    "pivot_root": (155, 41),
}
_MACHINE = os.uname().machine
_COLUMN = {"x86_64": 0, "aarch64": 1}.get(_MACHINE)

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWIPC = 0x00020000, 0x10000000, 0x20000000, 0x08000000
PR_SET_CHILD_SUBREAPER = 36
FSOPEN_CLOEXEC = FSMOUNT_CLOEXEC = 1
FSCONFIG_SET_STRING, FSCONFIG_CMD_CREATE = 1, 6
MOUNT_ATTR_PLAIN = 0x2 | 0x4 | 0x8  # no setuid, no devices, no programs
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_GET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 21, 38
SECCOMP_MODE_FILTER = 2
_OPERAND = struct.Struct("<I")

MS_RDONLY, MS_NOEXEC = 0x1, 0x8
MS_NOSUID, MS_NODEV, MS_BIND, MS_REC, MS_PRIVATE = 0x2, 0x4, 0x1000, 0x4000, 0x40000
MNT_DETACH = 2
AT_FDCWD, AT_RECURSIVE = -100, 0x8000

_CAPABILITIES_NONE = ctypes.create_string_buffer(struct.pack("<6I", 0, 0, 0, 0, 0, 0))
_CAPABILITIES_SELF = ctypes.create_string_buffer(struct.pack("<Ii", 0x20080522, 0))


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def fork() -> int:
    """Fork without the interpreter's after-fork hooks (threading, logging, random); for a process with one thread.

    The hooks touch pages that each child must then copy. Without them random generators go on where the server's were,
    which is wanted: equal children, equal numbers.
    """
    return _check(_locked.fork(), "fork")


def clone(flags: int) -> int:
    """`fork` into new namespaces, of which the child is the first process; its C library knows a stale thread id."""
    if _COLUMN is None:
        raise OSError(errno.ENOSYS, f"clone: no number known for {_MACHINE}")
    number = ctypes.c_long(_NUMBERS["clone"][_COLUMN])
    return _check(int(_locked.syscall(number, ctypes.c_ulong(flags | signal.SIGCHLD), 0, 0, 0, 0)), "clone")


def syscall(name: str, *arguments: object) -> int:
    """Result of a system call by name, for those that libc does not wrap."""
    if _COLUMN is None:
        raise OSError(errno.ENOSYS, f"{name}: no number known for {_MACHINE}")
    return _check(int(_libc.syscall(ctypes.c_long(_NUMBERS[name][_COLUMN]), *arguments)), name)


def unshare(flags: int) -> None:
    """Move this process into new namespaces."""
    _check(_libc.unshare(flags), "unshare")


def prctl(option: int, value: int) -> int:
    """Process control with one argument."""
    return _check(_libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0), f"prctl {option}")


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str = "") -> None:
    """Mount, bind or change the propagation of a mount."""
    names = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    _check(_libc.mount(*names, ctypes.c_ulong(flags), data.encode()), f"mount on {target}")


def unmount(target: str, flags: int) -> None:
    """Take a mount away."""
    _check(_libc.umount2(os.fsencode(target), flags), f"unmount {target}")


def pivot_root(new: str, old: str) -> None:
    """Make ``new`` the root of this mount namespace and put the old one at ``old``."""
    syscall("pivot_root", os.fsencode(new), os.fsencode(old))


def set_mount_attributes(path: str, attributes: int, *, recursive: bool) -> None:
    """Add attributes such as read-only to a mount and, where asked, to all mounts below it (Linux 5.12)."""
    wanted = struct.pack("<4Q", attributes, 0, 0, 0)
    flags = AT_RECURSIVE if recursive else 0
    syscall("mount_setattr", AT_FDCWD, os.fsencode(path), flags, wanted, ctypes.c_size_t(len(wanted)))


def detached_proc() -> int:
    """A folder descriptor on a process file system of our process namespace that is mounted nowhere (Linux 5.8)."""
    context = syscall("fsopen", b"proc", FSOPEN_CLOEXEC)
    try:
        syscall("fsconfig", context, FSCONFIG_SET_STRING, b"subset", b"pid", 0)
        syscall("fsconfig", context, FSCONFIG_CMD_CREATE, None, None, 0)
        mounted = syscall("fsmount", context, FSMOUNT_CLOEXEC, MOUNT_ATTR_PLAIN)
    finally:
        os.close(context)
    try:
        return os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=mounted)
    finally:
        os.close(mounted)


def clear_capabilities() -> None:
    """Give up every capability for good, as far as no file grants new ones (see no_new_privs)."""
    syscall("capset", _CAPABILITIES_SELF, _CAPABILITIES_NONE)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


class Filter:
    """A seccomp program of packed 8-byte instructions, laid out once so that loading it costs one call.

    Where an operand equals ``placeholder``, the id of the loading process takes its place.
    """

    def __init__(self, code: bytes, *, placeholder: int | None = None) -> None:
        self._code = ctypes.create_string_buffer(code, len(code))
        self._program = _Program(len(code) // 8, ctypes.addressof(self._code))
        self._arguments = (ctypes.c_ulong(SECCOMP_MODE_FILTER), ctypes.byref(self._program))
        self._holes = [] if placeholder is None else _holes(code, placeholder)

    def load(self, *, process: int = 0) -> None:
        """Bind this thread, and all it starts, to the program for good."""
        for at in self._holes:
            _OPERAND.pack_into(self._code, at, process)
        _check(_libc.prctl(PR_SET_SECCOMP, *self._arguments, 0, 0), "seccomp filter")


def _holes(code: bytes, placeholder: int) -> list[int]:
    return [at for at in range(4, len(code), 8) if _OPERAND.unpack_from(code, at)[0] == placeholder]
