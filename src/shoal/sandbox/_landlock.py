"""Landlock: what this process may still open, whatever its user could (kernel documentation: userspace-api/landlock).

Every right that the running kernel knows is taken away, and only reading given back, path by path. Right to execute
is given to nothing: loading shared libraries does not need it, starting programs would. Only rule sets for programs
of command tasks give it, and the right to change what is below one private folder.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable, Iterator

from shoal.sandbox._syscalls import syscall

__all__ = ["abi", "confine", "program_rules", "restrict"]

_VERSION = 1
_PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_MAKE_DEVICES = 1 << 6 | 1 << 11  # character and block devices
_ALL_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_BIND_AND_CONNECT = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11


def abi() -> int:
    """Version of Landlock that this kernel offers; 0 for none."""
    try:
        return syscall("landlock_create_ruleset", None, ctypes.c_size_t(0), _VERSION)
    except OSError:
        return 0


def confine(version: int, readable: Iterable[str], *, hidden: Iterable[str] = (), devices: Iterable[str] = ()) -> None:
    """From now on open only ``readable`` paths, less ``hidden`` ones, and ``devices`` to read and write.

    A folder that holds something hidden keeps the names of its entries visible, for imports list folders; the
    contents of what is hidden cannot be read. Needs no_new_privs.
    """
    ruleset = _ruleset(version)
    _allow_all(ruleset, readable, READ_FILE | READ_DIR, hidden=hidden)
    for path in devices:
        _allow(ruleset, path, READ_FILE | WRITE_FILE)
    restrict(ruleset)


def program_rules(version: int, readable: Iterable[str], *, hidden: Iterable[str], private: str) -> int:
    """Rules for programs, as a descriptor for `restrict`: they run what is ``readable``, and own all below ``private``.

    The rules hold for what is mounted below ``private`` later, too. ``/dev/null`` can be written.
    """
    ruleset = _ruleset(version)
    _allow_all(ruleset, readable, EXECUTE | READ_FILE | READ_DIR, hidden=hidden)
    _allow(ruleset, private, _all_rights(version) & ~_MAKE_DEVICES)
    _allow(ruleset, "/dev/null", READ_FILE | WRITE_FILE)
    return ruleset


def restrict(ruleset: int) -> None:
    """Bind this process, and all it starts, to the rules behind a descriptor, which is closed. Needs no_new_privs."""
    try:
        syscall("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def _allow_all(ruleset: int, paths: Iterable[str], rights: int, *, hidden: Iterable[str]) -> None:
    for path in paths:
        for allowed, allowed_rights in _carve(os.path.realpath(path), {os.path.realpath(each) for each in hidden}):
            _allow(ruleset, allowed, rights & allowed_rights)


def _all_rights(version: int) -> int:
    return max((bits for since, bits in _ALL_BY_ABI.items() if since <= version), default=0)


def _ruleset(version: int) -> int:
    fields = [_all_rights(version)]
    if version >= 4:
        fields.append(_BIND_AND_CONNECT)
    if version >= 6:
        fields.append(_ABSTRACT_SOCKETS_AND_SIGNALS)
    attributes = struct.pack(f"<{len(fields)}Q", *fields)
    return syscall("landlock_create_ruleset", attributes, ctypes.c_size_t(len(attributes)), 0)


def _carve(path: str, hidden: set[str]) -> Iterator[tuple[str, int]]:
    """Paths and rights that together are ``path`` without what is hidden below it."""
    if path in hidden:
        return
    if not any(each.startswith(path + "/") for each in hidden):
        yield path, EXECUTE | READ_FILE | READ_DIR
        return
    yield path, READ_DIR
    for name in os.listdir(path):
        inner = os.path.join(path, name)
        if not os.path.islink(inner):  # what a link leads to is decided where it lies
            yield from _carve(inner, hidden)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= EXECUTE | READ_FILE | WRITE_FILE
        rule = struct.pack("<Qi", rights, descriptor)
        syscall("landlock_add_rule", ruleset, _PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)
