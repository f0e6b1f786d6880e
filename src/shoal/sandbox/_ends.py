"""What a child may use, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Exit", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use.

    Processor time is counted in whole seconds, rounded up. ``memory_bytes`` is address space beyond the warm server's
    own. ``threads`` includes the first. ``file_bytes`` is the size of a file it writes, where it can write any.
    """

    cpu_seconds: float = 10
    wall_seconds: float = 60
    memory_bytes: int = 1 << 30
    threads: int = 8
    open_files: int = 64
    file_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Exit:
    """How a child ended, by the kernel's account.

    ``cause``: "exit" (``code`` 0 the function returned, 70 it raised, 71 out of memory, 72 never confined and never
    run), "signal" (crashed), "cpu", "wall" (over its limit), "violation" (tried what the walls forbid), "killed"
    (by `Child.kill`), "lost" (the server died). ``peak_bytes`` is resident memory, the warm pages it shares included.
    """

    code: int | None
    signal: int | None
    cause: str
    cpu_seconds: float
    wall_seconds: float
    peak_bytes: int
