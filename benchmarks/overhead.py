"""What Shoal costs above the program and the judge: the whole loop on a task that does nothing.

    python benchmarks/overhead.py [--profile call|session|command] [--level 3] [--evaluations 2000] [--flat]
                                  [--window 8] [--workers 2]

A trivial program, one instance, numpy preloaded, every part of a real run: search, jailed editor, candidate and judge
processes, log, report. A `command` starts a Python interpreter for each evaluation; a `call` finds it started. Prints
evaluations per second, CPU per evaluation by part, and with ``--flat`` (10,000 candidates) the supervisor's and
editor's CPU per candidate at the end against the beginning. Figures are of this machine, now; quote ratios.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROGRAM = """def numbers():
    values = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
    return values
"""
PROGRAMS = {"call": PROGRAM, "session": PROGRAM, "command": f"{PROGRAM}\n\nprint(*numbers())\n"}
ENTRIES = {
    "call": 'entry = ["numbers"]',
    "session": 'entry = ["numbers"]',
    "command": 'command = ["python3", "initial.py"]',
}
INSTANCES = """def instances(split, rng):
    yield None


def value(output):
    return -sum((float(value) - 0.123) ** 2 for value in output)


"""
JUDGES = {
    "call": "def score(instance, output):\n    return value(output)\n",
    "session": 'def play(instance, ask):\n    return value(ask("numbers"))\n',
    "command": 'def score(instance, output):\n    return value(output["stdout"].split())\n',
}
TASK = """name = "overhead"
kind = "{kind}"
description = "Eight numbers near 0.123."

[program]
{entry}

[score]
direction = "max"
range = [-1e12, 0.0]

[instances]
fixed = true
"""


@dataclass
class Meter:
    """Reads the clocks as candidates are admitted."""

    began: float = 0.0
    first: float | None = None
    rows: list[tuple[int, float, float]] = field(default_factory=list)  # candidates, wall, supervisor + editor CPU
    editor: Any = None

    def started(self, info: Any) -> None:
        self.level = info.isolation_level

    def admitted(self, course: Any, step: Any) -> None:
        if self.first is None:
            self.first = time.monotonic() - self.began
        if course.admitted % 100 == 0:
            cpu = time.process_time() + (self.editor.cpu_seconds() if self.editor else 0.0)
            self.rows.append((course.admitted, time.monotonic(), cpu))

    def looked(self, done: int, due: int) -> None:
        return

    def finished(self, done: Any) -> None:
        self.peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def write_task(folder: Path, kind: str) -> Path:
    """The task that does nothing, readable by the jail's user."""
    task = folder / "overhead"
    task.mkdir()
    (task / "initial.py").write_text(PROGRAMS[kind])
    (task / "judge.py").write_text(INSTANCES + JUDGES[kind])
    (task / "task.toml").write_text(TASK.format(kind=kind, entry=ENTRIES[kind]))
    folder.chmod(0o755)
    return task


async def measure(options: argparse.Namespace, meter: Meter, folder: Path) -> Any:
    """One run of the evolve lab on it."""
    from shoal.labs import evolve
    from shoal.propose import Editor

    original = Editor.__init__

    def remembered(self: Any, **settings: Any) -> None:
        original(self, **settings)
        meter.editor = self

    Editor.__init__ = remembered  # type: ignore[method-assign]
    config = evolve.RunConfig(
        task=str(write_task(folder, options.profile)),
        evaluations=options.evaluations,
        seed=0,
        window=options.window,
        workers=options.workers,
        level=options.level,
        out=folder / "runs",
    )
    meter.began = time.monotonic()
    return await evolve.start(config, watch=meter)


def import_cost() -> float:
    """CPU milliseconds of ``import shoal`` above those of ``import numpy``, the best of five."""

    def best(statement: str) -> float:
        code = f"import time; t = time.process_time(); {statement}; print(time.process_time() - t)"
        runs = [
            subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(5)
        ]
        return 1000 * min(float(one.stdout) for one in runs)

    return max(0.0, best("import numpy, shoal") - best("import numpy"))


def main() -> None:
    """Measure and print one JSON object, with the lines above it for people."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--evaluations", type=int, default=2_000)
    parser.add_argument("--profile", choices=sorted(PROGRAMS), default="call")
    parser.add_argument("--flat", action="store_true", help="10,000 candidates, and the growth of the cost over them")
    parser.add_argument("--level", type=int, default=None)
    parser.add_argument("--window", type=int, default=8)
    parser.add_argument("--workers", type=int, default=None)
    options = parser.parse_args()
    if options.flat:
        options.evaluations = 10_000
    meter = Meter()
    with tempfile.TemporaryDirectory() as folder:
        done = asyncio.run(measure(options, meter, Path(folder)))
    figures = summary(done, meter, options)
    for name, value in figures.items():
        print(f"{name:44} {value}")
    print(json.dumps(figures))


def summary(done: Any, meter: Meter, options: argparse.Namespace) -> dict[str, Any]:
    """The figures by name."""
    (n0, wall0, cpu0), (n1, wall1, cpu1) = meter.rows[0], meter.rows[-1]
    figures: dict[str, Any] = {
        "profile": options.profile,
        "isolation level": meter.level,
        "window": options.window,
        "evaluations per second": round((n1 - n0) / (wall1 - wall0), 1),
        "CPU ms per evaluation, everything": round(1000 * done.cpu_seconds / done.evaluations, 2),
        "CPU ms per candidate, supervisor and editor": round(1000 * (cpu1 - cpu0) / (n1 - n0), 2),
        "supervisor's peak MB": round(meter.peak_mb, 1),
        "start to first evaluation, s": round(meter.first or 0.0, 2),
        "import shoal above numpy, CPU ms": round(import_cost(), 1),
    }
    if options.flat:
        per = {n: cpu for n, _, cpu in meter.rows}
        last = max(per)
        early = 1000 * (per[1_000] - per[500]) / 500
        late = 1000 * (per[last] - per[last - 1_000]) / 1_000
        figures["CPU ms per candidate, 500 to 1,000"] = round(early, 2)
        figures[f"CPU ms per candidate, {last - 1_000:,} to {last:,}"] = round(late, 2)
        figures["growth"] = round(late / early, 2)
    return figures


if __name__ == "__main__":
    main()
