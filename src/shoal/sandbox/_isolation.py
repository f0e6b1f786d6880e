"""From the walls that stand to one honest number, with a line on how to get each missing one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Isolation", "Property", "assess"]


@dataclass(frozen=True, slots=True)
class Property:
    """One thing a sandbox keeps from a candidate: whether it does, why not, and what would make it so."""

    name: str
    ok: bool
    detail: str
    how_to_get_it: str


@dataclass(frozen=True, slots=True)
class Isolation:
    """What this machine can isolate.

    Level 3: no network, own file system, own processes, system-call filter, Landlock, limits. Level 2: limits, no
    network, and files confined by Landlock or an own file system. Level 1: a separate process with limits. Level 0:
    not even that.
    """

    level: int
    properties: tuple[Property, ...]


_NAMESPACES = (
    "run as root, or allow user namespaces: sysctl user.max_user_namespaces=10000, on Debian and Ubuntu also "
    "kernel.unprivileged_userns_clone=1 and kernel.apparmor_restrict_unprivileged_userns=0; "
    "in a container add --security-opt seccomp=unconfined"
)
_MEANING = {  # wall -> what it stands for, how to get it
    "files": ("sees only Python and its libraries, read-only", _NAMESPACES + "; needs Linux 5.12 or newer"),
    "processes": ("sees no other processes and ends with the supervisor", _NAMESPACES),
    "network": ("has an empty network of its own", _NAMESPACES),
    "ipc": ("shares no System V or POSIX message queues", _NAMESPACES),
    "hostname": ("does not know the machine's name", _NAMESPACES),
    "cgroup": ("does not know its control groups", _NAMESPACES),
    "identity": ("runs as a user without rights", "make what it must read readable: chmod -R o+rX PATH"),
    "landlock": ("can open only what is listed, and write nothing", "Linux 5.13 or newer with lsm=...,landlock"),
    "seccomp": ("cannot start programs, fork, trace or open sockets", "Linux on x86_64 or aarch64"),
    "threads": ("has its threads counted apart from all others", _NAMESPACES),
    "limits": ("bounded processor time, memory, files", "Linux"),
}
_FULL = ("files", "processes", "network", "seccomp", "landlock", "limits", "identity")


def assess(walls: Mapping[str, str]) -> Isolation:
    """Judge the walls a server reported: property -> "" where it stands, else the reason why not."""
    standing = {name for name in _MEANING if walls.get(name) == ""}
    properties = tuple(
        Property(name, name in standing, meaning if name in standing else walls.get(name, "not tried"), how)
        for name, (meaning, how) in _MEANING.items()
    )
    return Isolation(_level(standing), properties)


def _level(standing: set[str]) -> int:
    if standing.issuperset(_FULL):
        return 3
    confined = standing & {"files", "landlock"}
    offline = standing & {"network", "seccomp"}
    return 2 if confined and offline and "limits" in standing else 1
