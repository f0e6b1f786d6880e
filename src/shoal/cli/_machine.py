"""`shoal doctor` and `shoal bench`: what this machine gives."""

from __future__ import annotations

import json as codec
import os
import platform
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import shoal
from shoal.cli._trouble import DONE, FAILED
from shoal.core.errors import UserError

__all__ = ["bench", "doctor"]

ENOUGH = 3
WIDTH = 110


def doctor(*, json: bool) -> int:
    """Probe the sandbox for real and print one screen; exit code 1 when candidates cannot be run at all."""
    from shoal.sandbox import probe

    found = probe()
    if json:
        rows = [
            {"name": one.name, "ok": one.ok, "detail": one.detail, "how_to_get_it": one.how_to_get_it}
            for one in found.properties
        ]
        print(codec.dumps({"level": found.level, "properties": rows, "machine": _machine()}))
        return DONE if found.level else FAILED
    print(f"isolation level {found.level} of {ENOUGH} ({', '.join(f'{k} {v}' for k, v in _machine().items())})\n")
    width = max(len(one.name) for one in found.properties)
    for one in found.properties:
        print(f"  {'yes' if one.ok else 'NO ':3}  {one.name:{width}}  {_short(one.detail, WIDTH - width - 9)}")
    missing = [one for one in found.properties if not one.ok]
    if missing:
        print("\nhow to get more:")
    for how in dict.fromkeys(one.how_to_get_it for one in missing):
        names = ", ".join(one.name for one in missing if one.how_to_get_it == how)
        print(textwrap.fill(f"{names}: {how}", WIDTH, initial_indent="  ", subsequent_indent="    "))
    return DONE if found.level else FAILED


def _machine() -> dict[str, str]:
    return {
        "shoal": shoal.__version__,
        "Python": platform.python_version(),
        platform.system(): platform.release(),
        "cores": str(os.cpu_count()),
    }


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 3] + "..."


def bench(arguments: Sequence[str]) -> int:
    """Run ``benchmarks/overhead.py`` of the source tree that this package lies in."""
    script = Path(shoal.__file__).parents[2] / "benchmarks" / "overhead.py"
    if not script.is_file():
        raise UserError(f"{script} is not there: benchmarks come with the source tree, not with the package")
    return subprocess.run([sys.executable, str(script), *arguments], check=False).returncode
