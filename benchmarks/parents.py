"""Which rule for the parent of an edit of structure gets further: runs at equal evaluations, seed by seed.

    nice python benchmarks/parents.py [TASK ...] [--seeds 3] [--evaluations 600] [--rule climb lexicase] [--out FOLDER]

Each run is an ordinary one in its own folder of ``--out``: what is done already is read, what was cut off goes on, so
a measurement may be made in several sittings, with more seeds for the tasks that cost less. ``--cpu-minutes`` ends a
sitting early. The table is over all that is in the folder. On a task with one instance the rules are the default, and
nothing is run.

A rule is compared with `climb`, the default, by the exact permutation test of `shoal compare`, stratified by task, over
the seeds that both have; both sides of the question, corrected for the number of rules after Holm.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from shoal.core.errors import StoreError
from shoal.core.ranks import RankTest, holm, median_interval, rank_test
from shoal.labs import evolve
from shoal.report import Cell, RunView
from shoal.search import PARENT_RULES
from shoal.store import RunFolder
from shoal.tasks import load

TASKS = ("job_shop_rule", "tsp_constructive", "bin_packing_weibull")  # several instances each
DEFAULT, *OTHERS = PARENT_RULES
Runs = dict[tuple[str, str, int], Cell]  # by task, rule and seed


def folder_of(out: Path, task: str, rule: str, evaluations: int, seed: int) -> RunFolder:
    return RunFolder(out / f"{task}-{rule}-{evaluations}e-seed{seed}")


def view_of(folder: RunFolder) -> RunView | None:
    """The run, where one has begun."""
    if not folder.file.exists():
        return None
    try:
        store = folder.store(read_only=True)
    except StoreError:  # cut off before its tables were made
        return None
    with closing(store):
        return RunView.read(store, folder.id) if store.last(folder.id) is not None else None


def read(folder: RunFolder, *, rule: str, seed: int) -> Cell | None:
    """The run in short, where it is done."""
    view = view_of(folder)
    if view is None or view.status != "done" or view.summary.get("status") != "done":
        return None
    return Cell.of(view, proposer=rule, seed=seed, unit="evaluations")


def see_through(folder: RunFolder, task: str, rule: str, evaluations: int, seed: int) -> None:
    """Begin the run, or go on with it where it was cut off."""
    if view_of(folder) is not None:
        asyncio.run(evolve.resume(folder))
        return
    folder.path.mkdir(parents=True, exist_ok=True)
    asked = {"task": task, "evaluations": evaluations, "seed": seed, "search.parents": rule, "out": folder.path.parent}
    asyncio.run(evolve.start(evolve.load_config(None, asked), folder=folder))


def measured(options: argparse.Namespace) -> Iterator[Cell]:
    """Run what is missing, seed by seed, so that a sitting that ends early has all rules of all seeds but one."""
    for seed in range(options.first_seed, options.seeds):
        for task in options.tasks:
            loaded = load(task)
            for rule in options.rule if loaded.instances.search > 1 else ():
                folder = folder_of(options.out, loaded.name, rule, options.evaluations, seed)
                if read(folder, rule=rule, seed=seed) is not None:
                    continue
                if sum(os.times()[:4]) > 60.0 * options.cpu_minutes:
                    return
                see_through(folder, task, rule, options.evaluations, seed)
                cell = read(folder, rule=rule, seed=seed)
                assert cell is not None
                yield cell


def found(out: Path, evaluations: int) -> Runs:
    """Every run of the folder that is done."""
    runs: Runs = {}
    for place in sorted(out.glob(f"*-{evaluations}e-seed*")):
        name, _, number = place.name.rpartition(f"-{evaluations}e-seed")
        task, _, rule = name.rpartition("-")
        cell = read(RunFolder(place), rule=rule, seed=int(number))
        if cell is not None:
            runs[task, rule, int(number)] = cell
    return runs


def samples(runs: Runs, task: str, one: str, other: str) -> tuple[list[float], list[float]]:
    """The final scores of two rules on the seeds that both have."""
    seeds = [seed for name, rule, seed in runs if (name, rule) == (task, one) and (task, other, seed) in runs]
    return [runs[task, one, seed].ranked for seed in seeds], [runs[task, other, seed].ranked for seed in seeds]


def tests_of(runs: Runs, rule: str, tasks: Sequence[str]) -> tuple[RankTest, RankTest] | None:
    """Whether the rule is better than the default, and whether it is worse."""
    strata = [pair for task in tasks if (pair := samples(runs, task, rule, DEFAULT))[0]]
    return (rank_test(strata), rank_test([pair[::-1] for pair in strata])) if strata else None


def medians(runs: Runs) -> None:
    for task in dict.fromkeys(task for task, _, _ in runs):
        print(f"\n{task}")
        for rule in (DEFAULT, *OTHERS):
            mine = [cell for key, cell in runs.items() if key[:2] == (task, rule)]
            if not mine:
                continue
            span = median_interval([cell.ranked for cell in mine])
            scores = " ".join(f"{cell.sign * cell.ranked:.4g}" for cell in mine)
            test = tests_of(runs, rule, [task]) if rule != DEFAULT else None
            wins = f"{100 * test[0].superiority:4.0f} % of pairs won" if test else ""
            print(f"  {rule:9} {mine[0].sign * span.median:9.4f}  {wins:21} {scores}")


def verdicts(runs: Runs) -> None:
    tasks = list(dict.fromkeys(task for task, _, _ in runs))
    known = {rule: test for rule in OTHERS if (test := tests_of(runs, rule, tasks)) is not None}
    better, worse = ([pair[side].p for pair in known.values()] for side in (0, 1))
    print(f"\nrule       runs  pairs won   p better   p worse   after Holm   against {DEFAULT}")
    for (rule, (test, _)), up, down, up_holm, down_holm in zip(
        known.items(), better, worse, holm(better), holm(worse), strict=True
    ):
        count = sum(len(samples(runs, task, rule, DEFAULT)[0]) for task in tasks)
        won = f"{100 * test.superiority:8.0f} %"
        print(f"{rule:9} {count:5} {won}  {up:9.2g} {down:9.2g}   {up_holm:.2g}, {down_holm:.2g}")
    print(json.dumps({rule: {"better": a.p, "worse": b.p, "won": a.superiority} for rule, (a, b) in known.items()}))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("tasks", nargs="*", default=TASKS)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--evaluations", type=int, default=600)
    parser.add_argument("--rule", nargs="+", choices=PARENT_RULES, default=PARENT_RULES)
    parser.add_argument("--cpu-minutes", type=float, default=40.0)
    parser.add_argument("--out", type=Path, default=Path("runs/parents"))
    options = parser.parse_args()
    for cell in measured(options):
        score = cell.sign * cell.ranked
        print(f"{cell.task} {cell.proposer} seed {cell.seed}: {score:.4f} ({cell.cpu_seconds:.0f} CPU s)", flush=True)
    runs = found(options.out, options.evaluations)
    medians(runs)
    verdicts(runs)


if __name__ == "__main__":
    main()
