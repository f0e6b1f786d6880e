"""How far the embedded proposer gets: several seeds of one task, each with the same budget, one after the other.

    python benchmarks/gain.py [TASK] [--seeds 3] [--seconds 60 | --evaluations N] [--proposer embedded]

Prints a line per seed, the median, and one JSON object. With ``--seconds`` the result depends on the machine and on
what else it does; quote the evaluations beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any


def measure(options: argparse.Namespace, seed: int, out: Path) -> dict[str, Any]:
    """One run; its summary."""
    from shoal.labs import evolve

    budget = {"evaluations": options.evaluations} if options.evaluations else {"seconds": options.seconds}
    overrides = {"task": options.task, "seed": seed, "out": out, "proposer": options.proposer, **budget}
    return asyncio.run(evolve.start(evolve.load_config(None, overrides))).summary()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task", nargs="?", default="circle_packing_26")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--evaluations", type=int, default=None)
    parser.add_argument("--proposer", default="embedded")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.seeds):
            done = measure(options, seed, Path(folder))
            rows.append({key: done[key] for key in ("best_score", "sealed_score", "evaluations", "cpu_seconds")})
            print(f"seed {seed}: {rows[-1]}", flush=True)
    medians = {key: _median([row[key] for row in rows]) for key in rows[0]}
    print(json.dumps({"task": options.task, "proposer": options.proposer, "seeds": options.seeds, **medians}))


def _median(values: list[Any]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


if __name__ == "__main__":
    main()
