"""What code a run is made by: the kernel, whose rooms no genome may reach, as one hash; and versions."""

from __future__ import annotations

import hashlib
import platform
from importlib import metadata
from pathlib import Path

import shoal

__all__ = ["kernel_hash", "versions"]

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


def versions() -> dict[str, str]:
    """Of Shoal, Python and numpy: what a rerun needs to come to the same digest."""
    return {
        "shoal": shoal.__version__,
        "python": platform.python_version(),
        "numpy": metadata.version("numpy"),
    }
