"""The kernel as one hash: the source of the rooms that no genome may reach."""

from __future__ import annotations

import hashlib
from pathlib import Path

import shoal

__all__ = ["kernel_hash"]

KERNEL = ("behaviour", "core", "sandbox", "guard", "store", "evaluate")


def kernel_hash() -> str:
    """One hash over the source of the rooms that no genome may reach."""
    root = Path(shoal.__file__).parent
    total = hashlib.sha256()
    for room in KERNEL:
        for path in sorted((root / room).rglob("*.py")):
            total.update(
                f"{path.relative_to(root).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode()
            )
    return total.hexdigest()
