"""What an evaluation of a ported folder costs, and what the same costs once it has a judge of its own.

    python benchmarks/ported.py [--evaluations 300] [--seed 1]

A trivial folder in the shape of ShinkaEvolve, run as it is (a fresh Python in a fresh box for each evaluation), then
converted (warm processes, program and judge apart). Prints evaluations per second and CPU per evaluation of whole runs.
Figures are of this machine, now; quote ratios.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from shoal.labs.evolve import RunConfig, convert, start

PROGRAM = """# EVOLVE-BLOCK-START
SLOPE = 0.5


def line(x):
    return SLOPE * x


# EVOLVE-BLOCK-END
"""
EVALUATOR = """import argparse

from shinka.core import run_shinka_eval

parser = argparse.ArgumentParser()
parser.add_argument("--program_path")
parser.add_argument("--results_dir")
run_shinka_eval(
    **vars(parser.parse_args()),
    experiment_fn_name="line",
    num_runs=1,
    get_experiment_kwargs=lambda number: {"x": 3.0},
    aggregate_metrics_fn=lambda results: {"combined_score": -abs(results[0] - 2.0)},
    validate_fn=lambda result: (isinstance(result, float), "a float is needed"),
)
"""


async def measure(folder: Path, out: Path, *, evaluations: int, seed: int) -> None:
    done = await start(RunConfig(task=str(folder), out=out, evaluations=evaluations, seed=seed))
    count = done.evaluations
    print(
        f"{folder.name:10} {count / done.seconds:6.0f} evaluations/s  "
        f"{1000 * done.cpu_seconds / count:5.1f} ms of CPU each  (level {done.isolation_level})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--evaluations", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder, apart = Path(place) / "as_it_is", Path(place) / "converted"
        folder.mkdir()
        (folder / "initial.py").write_text(PROGRAM)
        (folder / "evaluate.py").write_text(EVALUATOR)
        asyncio.run(convert(str(folder), out=apart))
        for one in (folder, apart):
            asyncio.run(measure(one, Path(place) / "runs", evaluations=given.evaluations, seed=given.seed))


if __name__ == "__main__":
    main()
