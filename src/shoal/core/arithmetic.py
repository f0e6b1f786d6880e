"""Floating-point results that are the same on one processor as on another, as far as numpy and BLAS have a choice.

Both pick their inner loops by what the processor can do, and loops of other widths sum in another order: a last digit
differs, and a run takes another course. What is set here holds them to AVX2 where there is more.
"""

import os
import sys

__all__ = ["held", "hold_here"]

NEEDED = {"avx2", "fma"}  # without them everything is left as it is
READ = 16_384  # bytes of the list of processors: more than the first one takes


def held(flags: set[str] | None = None) -> dict[str, str]:
    """Environment variables for a process that has not loaded numpy yet; none where the processor has no AVX2.

    ``flags`` is what a processor can do, in the words of Linux; this machine's by default.
    """
    if os.uname().machine != "x86_64" or not (_flags() if flags is None else flags) >= NEEDED:
        return {}
    return {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR"}


def hold_here() -> None:
    """Set them for this process, if it is not too late and the user has set nothing else."""
    if "numpy" not in sys.modules:
        for name, value in held().items():
            os.environ.setdefault(name, value)


def _flags() -> set[str]:
    """What the first processor can do, as Linux tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            lines = file.read(READ).splitlines()
    except OSError:
        return set()
    return next((set(line.partition(":")[2].split()) for line in lines if line.startswith("flags")), set())
