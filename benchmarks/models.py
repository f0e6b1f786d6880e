"""What asking models costs above the models: the whole path against a scripted server that answers at once.

    python benchmarks/models.py [--evaluations 2000] [--latency 0] [--at-once 8] [--window 32] [--flat [5000]]
                                [--shapes] [--novelty 0.99] [--lessons 40]

A trivial program, one instance, isolation level 3; the server is a process of its own whose CPU is not counted. Prints
candidates per minute, CPU per candidate of everything that is ours, and how much of the time the slots for calls were
in use. ``--latency 1-3`` draws uniform seconds; ``--flat`` makes so many candidates and shows the CPU for each of them
in blocks of 500. With ``--shapes`` answers differ in structure, so that the island fills with lines and each answer is
compared with all of them; else only numbers differ. ``--novelty 1`` compares with none, ``--lessons 0`` learns nothing.
Figures are of this machine, now; quote ratios.
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

BLOCK = 500

SERVER = """
import random, sys, time
from shoal.testing import Asked, ModelServer

def answer(asked):
    program = asked.messages[-1][1].split("# The current program")[1].split("```python\\n")[1].split("\\n```")[0]
    lines = program.split("\\n")
    at = next(k for k, line in enumerate(lines) if "values =" in line)
    values = ", ".join(repr(round(random.Random(asked.text + str(k)).random(), 6)) for k in range(8))
    made = f"    values = [{values}]"
    if sys.argv[3] == "shapes":
        draw = random.Random(asked.text)
        steps = draw.choices(["sorted(values)", "values[::-1]", "[abs(one) for one in values]", "list(values)",
            "values[1:] + values[:1]", "[min(one, 0.5) for one in values]", "[max(values), *values[1:]]"], k=24)
        made += "".join(f"\\n    values = {step}" for step in steps[:draw.randint(6, 24)])
        lines = lines[: at + 1] + [line for line in lines[at + 1 :] if "values =" not in line]
        return "```python\\n" + "\\n".join([*lines[:at], made, *lines[at + 1:]]) + "\\n```"
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
    words.add_argument("--flat", type=int, nargs="?", const=5_000, default=0)
    words.add_argument("--shapes", action="store_true")
    words.add_argument("--novelty", type=float, default=0.99)
    words.add_argument("--lessons", type=int, default=40)
    given = words.parse_args()
    low, _, high = given.latency.partition("-")
    count = given.flat or given.evaluations
    with tempfile.TemporaryDirectory() as folder:
        task = Path(folder) / "task"
        task.mkdir()
        (task / "task.toml").write_text(TASK.format(kind="call", entry='entry = ["numbers"]'))
        (task / "judge.py").write_text(INSTANCES + JUDGES["call"])
        (task / "initial.py").write_text(PROGRAM)
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER, low, high or low, "shapes" if given.shapes else "numbers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
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
    from shoal.labs.evolve import Finished, RunConfig, SearchConfig, StartInfo, start
    from shoal.models import Member

    price = {"in": 1.0, "out": 2.0}
    model = Member.model_validate(
        {"name": "tiny", "url": url, "model": "scripted", "price": price, "concurrency": given.at_once}
    )
    config = RunConfig(
        task=str(task),
        out=out,
        seed=0,
        window=given.window,
        evaluations=count,
        proposer=given.proposer,
        models=(model,),
        usd=100_000.0,
        search=SearchConfig(novelty=given.novelty, lessons_every=given.lessons),
    )
    marks: list[tuple[int, float]] = []

    class Watch:
        def started(self, info: StartInfo) -> None:
            marks.append((0, time.perf_counter()))

        def admitted(self, course: Course[Any], step: Admitted) -> None:
            spent = course.spent
            marks.append((spent.proposals, spent.cpu_seconds))

        def looked(self, done: int, due: int) -> None:
            return

        def finished(self, done: Finished) -> None:
            marks.append((-1, time.perf_counter()))

    done = await start(config, watch=Watch())
    wall = done.seconds
    told = {
        "candidates": marks[-2][0],
        "evaluations": done.evaluations,
        "isolation level": done.isolation_level,
        "candidates per minute": round(60 * marks[-2][0] / wall),
        "CPU ms per candidate, all that is ours": round(1e3 * done.cpu_seconds / marks[-2][0], 2),
        "lines compared with": compared(done.folder),
    }
    if given.flat:
        told |= flat(list(marks[1:-1]))
    return told


def compared(folder: Any) -> float:
    """With how many programs an answer was compared, on average."""
    store = folder.store(read_only=True)
    try:
        works = [event.data["work"] for event in store.read(folder.id, limit=10_000_000) if b'"issued"' in event.body]
    finally:
        store.close()
    asked = [len(work.get("unlike", ())) for work in works if work.get("proposer") == "model"]
    return round(sum(asked) / len(asked), 1)


def flat(marks: list[tuple[int, float]]) -> dict[str, Any]:
    """CPU per candidate in each block."""
    told = {}
    begun = (0, marks[0][1])
    for mark in marks:
        if mark[0] >= begun[0] + BLOCK:
            per = 1e3 * (mark[1] - begun[1]) / (mark[0] - begun[0])
            told[f"CPU ms per candidate up to {mark[0]:,}"] = round(per, 2)
            begun = mark
    return told


if __name__ == "__main__":
    main()
