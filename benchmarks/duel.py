"""OpenEvolve, ShinkaEvolve and Shoal on the same tasks, asked of the same model, for as many evaluations.

    python benchmarks/duel.py [--tasks circle_packing_26,autocorrelation_c1] [--peers openevolve,shinka]
        [--shoal model,mixed,embedded] [--seeds 3] [--evaluations 200] [--gains 0.02,0.05,0.1,0.2,0.4]
        [--out duel] [--venvs duel/venvs]

The model is `shoal model-server`, one for each run, with the run's seed: embedded edits behind the chat protocol, so
nothing is asked of anybody. Needs PyPI once, for two virtual environments that are kept in ``--venvs``. Each run is
kept in ``--out`` and not made again. Runs are made one after another, and within a run one evaluation at a time.

A target is a gain: the share of the way from the first program's score to the best value known. Prints, for each task
and target, in how many runs it was reached, the median of evaluations over runs (one that did not get there counts as
more than any), and the expected ones: all evaluations up to the target or the end, by the runs that reached it. The
same for CPU seconds, which leave out the model's. The last line is JSON. It says how the searches use this model, which
makes one small edit and reads nothing of what it is told, and not which of them is better with a language model.
"""

from __future__ import annotations

import argparse
import json
import math
import signal
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from duel_runs import PEERS, SYSTEMS, Job, run


def main() -> None:
    given = _given()
    gains = [float(word) for word in given.gains.split(",")]
    systems = [*given.peers.split(","), *(f"shoal-{one}" for one in given.shoal.split(","))]
    systems = [one for one in systems if one and one != "shoal-"]
    unknown = sorted(set(systems) - set(SYSTEMS))
    if unknown:
        raise SystemExit(f"unknown: {', '.join(unknown)}; there are {', '.join(SYSTEMS)}")
    given.out.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the run in progress ends, too
    told: dict[str, Any] = {"versions": list(PEERS.values()), "evaluations": given.evaluations, "tasks": {}}
    runs: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for seed in range(1, given.seeds + 1):
        for task in given.tasks.split(","):
            for system in systems:
                job = Job(system, task, seed, given.evaluations)
                found = run(job, out=given.out.resolve(), venvs=(given.venvs or given.out / "venvs").resolve())
                runs.setdefault((task, system), []).append(found)
                best = max((score for score in found["scores"] if score is not None), default=None)
                counted = (
                    f"{len(found['scores'])} evaluations, {found['calls']} calls, {found['cpu_total']:.0f} s of CPU"
                )
                print(f"{job.name}: best {best}, {counted}", flush=True)
    for task in given.tasks.split(","):
        told["tasks"][task] = {system: _row(runs[task, system], gains) for system in systems}
        _print(task, told["tasks"][task], gains)
    print(json.dumps(told))


def _given() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--tasks", default="circle_packing_26,autocorrelation_c1")
    words.add_argument("--peers", default=",".join(PEERS))
    words.add_argument("--shoal", default="model,mixed,embedded")
    words.add_argument("--seeds", type=int, default=3)
    words.add_argument("--evaluations", type=int, default=200)
    words.add_argument("--gains", default="0.02,0.05,0.1,0.2,0.4")
    words.add_argument("--out", type=Path, default=Path("duel"))
    words.add_argument("--venvs", type=Path, default=None)
    return words.parse_args()


def _row(runs: Sequence[dict[str, Any]], gains: Sequence[float]) -> dict[str, Any]:
    """What the runs of one system on one task came to."""
    best = [max(score or 0.0 for score in one["scores"]) for one in runs]
    return {
        "best": best,
        "median_best": statistics.median(best),
        "evaluations": [len(one["scores"]) for one in runs],
        "calls": [one["calls"] for one in runs],
        "cpu_total": [one["cpu_total"] for one in runs],
        "cpu_model": [one["cpu_model"] for one in runs],
        "targets": {str(gain): _target(runs, gain) for gain in gains},
    }


def _target(runs: Sequence[dict[str, Any]], gain: float) -> dict[str, Any]:
    """How soon a gain was there: runs that reached it, medians, and expected values; None for never."""
    evaluations, cpu = [], []
    spent = spent_cpu = 0.0
    for one in runs:
        first = one["scores"][0]
        target = first + gain * (1.0 - first)
        at = next((k for k, score in enumerate(one["scores"]) if score is not None and score >= target), None)
        evaluations.append(math.inf if at is None else at + 1)
        cpu.append(math.inf if at is None else one["cpu"][at])
        spent += len(one["scores"]) if at is None else at + 1
        spent_cpu += one["cpu_total"] if at is None else one["cpu"][at]
    reached = sum(map(math.isfinite, evaluations))
    return {
        "reached": reached,
        "evaluations_median": _finite(statistics.median(evaluations)),
        "evaluations_expected": round(spent / reached, 1) if reached else None,
        "cpu_median": _finite(statistics.median(cpu)),
        "cpu_expected": round(spent_cpu / reached, 1) if reached else None,
    }


def _finite(value: float) -> float | None:
    return round(value, 2) if math.isfinite(value) else None


def _print(task: str, rows: dict[str, dict[str, Any]], gains: Sequence[float]) -> None:
    width = 22
    for what, key in (("evaluations", "evaluations"), ("CPU seconds", "cpu")):
        print(f"\n{task}: {what}, median / expected (runs that got there)")
        print(f"{'gain':<16}" + "".join(f"{gain:<{width}g}" for gain in gains) + "median best")
        for system, row in rows.items():
            cells = [_cell(row["targets"][str(gain)], key) for gain in gains]
            print(f"{system:<16}" + "".join(f"{cell:<{width}}" for cell in cells) + f"{row['median_best']:.4f}")


def _cell(target: dict[str, Any], key: str) -> str:
    median, expected = target[f"{key}_median"], target[f"{key}_expected"]
    shown = "-" if median is None else f"{median:.0f}" if key == "evaluations" else f"{median:.1f}"
    return f"{shown} / {'-' if expected is None else f'{expected:.0f}'} ({target['reached']})"


if __name__ == "__main__":
    main()
