"""What a child may use, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CAUSES", "EXCEPTION", "NOT_CONFINED", "OUT_OF_MEMORY", "Exit", "Limits"]

EXCEPTION, OUT_OF_MEMORY, NOT_CONFINED = 70, 71, 72  # exit codes of a child; 0 when its function returned
# codes that the first process of a command's box leaves with when it had to end the programs in there
CAUSES = {73: "cpu", 74: "killed", 75: "violation"}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use.

    Processor time is counted in whole seconds, rounded up. ``memory_bytes`` is address space beyond the warm server's
    own. ``threads`` includes the first. ``file_bytes`` is the size of a file it writes, where it can write any.

    A child of a command profile starts programs: there processor time and ``memory_bytes`` hold for all its processes
    together, ``processes`` counts these with their threads, and ``disk_bytes`` is the size of its private folder.
    """

    cpu_seconds: float = 10
    wall_seconds: float = 60
    memory_bytes: int = 1 << 30
    threads: int = 8
    open_files: int = 64
    file_bytes: int = 0
    processes: int = 64
    disk_bytes: int = 128 << 20


@dataclass(frozen=True, slots=True)
class Exit:
    """How a child ended, by the kernel's account.

    ``cause``: "exit" (``code`` 0 the function returned, 70 it raised, 71 out of memory, 72 never confined and never
    run), "signal" (crashed), "cpu", "wall" (over its limit), "violation" (tried what the walls forbid), "killed"
    (by `Child.kill`), "lost" (the server died). ``peak_bytes`` is resident memory, the warm pages it shares included;
    of a command profile, that of its largest process.
    """

    code: int | None
    signal: int | None
    cause: str
    cpu_seconds: float
    wall_seconds: float
    peak_bytes: int
