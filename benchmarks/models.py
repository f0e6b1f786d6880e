"""What asking models costs above the models: the whole path against a scripted server that answers at once.

    python benchmarks/models.py [--evaluations 2000] [--latency 0] [--at-once 8] [--window 32] [--flat]

A trivial program, one instance, isolation level 3; the server is a process of its own whose CPU is not counted. Prints
candidates per minute, CPU per candidate of everything that is ours, and how much of the time the slots for calls were
in use. ``--latency 1-3`` draws uniform seconds; ``--flat`` makes 5,000 candidates and compares the last fifth with the
first. Figures are of this machine, now; quote ratios.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SERVER = """
import random, sys, time
from shoal.testing import Asked, ModelServer

def answer(asked):
    program = asked.messages[-1][1].split("# The current program")[1].split("```python\\n")[1].split("\\n```")[0]
    lines = program.split("\\n")
    at = next(k for k, line in enumerate(lines) if "values =" in line)
    values = ", ".join(repr(round(random.Random(asked.text + str(k)).random(), 6)) for k in range(8))
    made = f"    values = [{values}]"
    if "SEARCH" in asked.messages[-1][1]:
        return f"<<<<<<< SEARCH\\n{lines[at]}\\n=======\\n{made}\\n>>>>>>> REPLACE"
    return "```python\\n" + "\\n".join([*lines[:at], made, *lines[at + 1:]]) + "\\n```"

low, high = float(sys.argv[1]), float(sys.argv[2])
with ModelServer(answer, latency=(low, high)) as server:
    print(server.url, flush=True)
    sys.stdin.readline()
    spans = sorted(server.spans)
    print(sum(end - start for start, end in spans), spans[0][0], spans[-1][1], len(spans), flush=True)
"""


def main() -> None:
    sys.path.insert(0, str(Path(__file__).parent))
    from overhead import INSTANCES, JUDGES, PROGRAM, TASK

    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--evaluations", type=int, default=2000)
    words.add_argument("--latency", default="0")
    words.add_argument("--at-once", type=int, default=8)
    words.add_argument("--window", type=int, default=32)
    words.add_argument("--proposer", default="model", choices=("model", "mixed"))
    words.add_argument("--flat", action="store_true")
    given = words.parse_args()
    low, _, high = given.latency.partition("-")
    count = 5_000 if given.flat else given.evaluations
    with tempfile.TemporaryDirectory() as folder:
        task = Path(folder) / "task"
        task.mkdir()
        (task / "task.toml").write_text(TASK.format(kind="call", entry='entry = ["numbers"]'))
        (task / "judge.py").write_text(INSTANCES + JUDGES["call"])
        (task / "initial.py").write_text(PROGRAM)
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER, low, high or low], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        told = asyncio.run(measured(task, Path(folder) / "runs", url, given, count))
        out, _ = server.communicate("\n")
    busy, begun, ended, calls = map(float, out.split())
    told["calls"] = int(calls)
    told["slots in use"] = round(busy / (given.at_once * (ended - begun)), 4)
    for name, value in told.items():
        print(f"{name:<34} {value}")
    print(json.dumps(told))


async def measured(task: Path, out: Path, url: str, given: Any, count: int) -> dict[str, Any]:
    """One run, and what it took."""
    from shoal.core.course import Admitted, Course
    from shoal.labs.evolve import Finished, RunConfig, StartInfo, start

    price = {"in": 1.0, "out": 2.0}
    model = {"name": "tiny", "url": url, "model": "scripted", "price": price, "concurrency": given.at_once}
    config = RunConfig(
        task=str(task),
        out=out,
        seed=0,
        window=given.window,
        evaluations=count,
        proposer=given.proposer,
        models=[model],
        usd=100_000.0,
    )
    marks: list[tuple[int, float]] = []

    class Watch:
        def started(self, info: StartInfo) -> None:
            marks.append((0, time.perf_counter()))

        def admitted(self, course: Course[Any], step: Admitted) -> None:
            spent = course.spent
            marks.append((spent.counted.evaluations, spent.cpu_seconds))

        def finished(self, done: Finished) -> None:
            marks.append((-1, time.perf_counter()))

    done = await start(config, watch=Watch())
    wall = done.seconds
    told = {
        "candidates": done.evaluations,
        "isolation level": done.isolation_level,
        "candidates per minute": round(60 * done.evaluations / wall),
        "CPU ms per candidate, all that is ours": round(1e3 * done.cpu_seconds / done.evaluations, 2),
    }
    if given.flat:
        told |= flat(list(marks[1:-1]), count)
    return told


def flat(marks: list[tuple[int, float]], count: int) -> dict[str, Any]:
    """CPU per candidate in the first and the last fifth."""

    def at(evaluations: int) -> float:
        return next(cpu for done, cpu in marks if done >= evaluations)

    fifth = count // 5
    first, last = (at(fifth) - marks[0][1]) / fifth, (at(count - 10) - at(count - fifth)) / (fifth - 10)
    return {"CPU ms, first fifth": round(1e3 * first, 2), "CPU ms, last fifth": round(1e3 * last, 2)}


if __name__ == "__main__":
    main()
