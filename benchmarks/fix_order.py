"""What an agent could win by the order of its fixes alone, and how much of that a search by small steps finds.

    python benchmarks/fix_order.py [--seeds 16] [--workers 2] [--unsealed | --write FOLDER | --agents FOLDER ...]

The seed agent tries fixes in an order that 17 numbers of its decisions.py say. Here all its fixes of all tasks are
listed once, with the one that gives the correct program back; from then on an order costs nothing to judge. First the
numbers are fitted to the search tasks by CMA-ES, and tried on tasks of other programs: what there is to be won. Then
self-modification is simulated on these numbers, at equal evaluations, with search tasks that differ in how many each
program has, and in what search is told of one: whether it is solved, or what it is worth. Gains are in points of sealed
tasks, as means over seeds with their standard error. Fixes that differ from the correct program and pass all tests
count as wrong here, and agents that go on from half-repaired files are not simulated. Names that a program uses
equally often come in an order that Python draws (PYTHONHASHSEED): rates differ by a task or two from run to run.

With --unsealed no sealed program is looked at: those of the other two streams are dealt out anew for each seed (of 58:
30, 12 and 16), and what differs is how many tasks each program has and on how many an agent measures a change of
itself. So such numbers can be chosen. With --agents the orders of other agents are judged, by their decisions.py; with
--write the fitted order becomes an agent, the seed agent but for these numbers.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import runpy
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from cmaes import CMA

from shoal.core.values import Split
from shoal.labs.selfimprove import _bench
from shoal.labs.selfimprove._config import StudyConfig
from shoal.labs.selfimprove._folders import load_programs
from shoal.labs.selfimprove._lab import SEED_AGENT, laboratory
from shoal.labs.selfimprove._tasks import RepairTask

sys.path.insert(0, str(SEED_AGENT))
import decisions
import fixes

RUNS, FURTHER = StudyConfig().runs, StudyConfig().further
KINDS = list(decisions.WEIGHTS)
START = np.array([0.0] * (len(KINDS) + 1) + [math.log(decisions.SHARING)])  # logarithms: weights, sharpness, sharing
MIX = _bench.Mix(written=3, total=10)
STAGES, STEPS, SCORED, QUICK = (20, 40), 8, StudyConfig().score_tasks, decisions.QUICK  # as in a study
DEALT = (0.52, 0.2)  # shares of the unsealed programs that play search and validation
USELESS = 0.5  # edits of an agent's source that change nothing in the order
GAUGE = str.maketrans("", "", "() \n")  # texts that differ in these alone are the same program


@dataclass(frozen=True)
class Fixes:
    """All fixes of one task, one entry each; ``right`` gives the correct program back."""

    program: str
    written: bool
    kinds: np.ndarray[Any, Any]
    suspicion: np.ndarray[Any, Any]
    alike: np.ndarray[Any, Any]
    right: np.ndarray[Any, Any]

    def runs(self, order: np.ndarray[Any, Any]) -> float:
        """How many test runs it takes to the first right fix, the run before all fixes included; inf for none."""
        weights, sharpness, sharing = np.exp(order[:-2]), math.exp(order[-2]), math.exp(order[-1])
        return self.runs_by(weights[self.kinds] * self.suspicion**sharpness / self.alike**sharing)

    def runs_by(self, worth: np.ndarray[Any, Any]) -> float:
        """As `runs`, where fixes are tried by what they are worth, the highest first."""
        if not self.right.any():
            return math.inf
        best = worth[self.right].max()
        return 2.0 + float((worth > best).sum()) + (float((worth == best).sum()) - 1.0) / 2.0  # equals: half of them


async def tables() -> dict[Split, list[Fixes]]:
    """Of each stream the fixes of all tasks."""
    _bench.MIXES = dict.fromkeys(_bench.MIXES, MIX)
    correct = {program.name: program.files for program in load_programs()}
    found: dict[Split, list[Fixes]] = {}
    async with laboratory(StudyConfig(optimise=0)) as lab:
        for split in (Split.SEARCH, Split.VALIDATION, Split.SEALED):
            tasks = [task for task in await lab.open(split) if isinstance(task, RepairTask)]
            reports = [(await lab.evaluator.memory.reports(task, [task.files]))[0] for task in tasks]
            found[split] = [
                _fixes(task, report, correct[task.program]) for task, report in zip(tasks, reports, strict=True)
            ]
            print(f"{split}: {len(tasks)} tasks", file=sys.stderr, flush=True)
    return found


def _fixes(task: RepairTask, report: Any, correct: Any) -> Fixes:
    every = fixes.fixes_of(dict(task.files))
    alike = Counter(fix[:3] for fix in every)
    wanted = {name: text.translate(GAUGE) for name, text in correct.items()}
    other = [name for name in wanted if wanted[name] != task.files[name].translate(GAUGE)]
    return Fixes(
        task.program,
        task.origin == "written",
        np.array([KINDS.index(kind) for _, _, kind, _ in every]),
        np.array([decisions.suspicion(report, name, line) for name, line, _, _ in every]),
        np.array([float(alike[fix[:3]]) for fix in every]),
        np.array([other == [name] and text.translate(GAUGE) == wanted[name] for name, _, _, text in every]),
    )


def solved(tasks: Sequence[Fixes], order: np.ndarray[Any, Any]) -> float:
    """The solve rate, 0 to 1."""
    return sum(task.runs(order) <= RUNS for task in tasks) / len(tasks)


def seen(task: Fixes, order: np.ndarray[Any, Any], told: str) -> float:
    """What search is told of a task: "solved" or not, or what it is "worth"."""
    runs = task.runs(order)
    return float(runs <= RUNS) if told == "solved" else RUNS / (RUNS + runs) * (runs <= RUNS * FURTHER)


def fitted(tasks: Sequence[Fixes], generations: int = 60) -> np.ndarray[Any, Any]:
    """The order that is worth most on some tasks; numbers far from 1 cost a little."""
    optimiser = CMA(mean=START.copy(), sigma=0.7, seed=1)
    for _ in range(generations):
        drawn = [optimiser.ask() for _ in range(optimiser.population_size)]
        losses = [-np.mean([RUNS / (RUNS + task.runs(x)) for task in tasks]) + 5e-4 * float(x @ x) for x in drawn]
        optimiser.tell(list(zip(drawn, losses, strict=True)))
    mean: np.ndarray[Any, Any] = optimiser.mean
    return mean


def dealt(streams: dict[Split, list[Fixes]], seed: int) -> dict[Split, list[Fixes]]:
    """The programs of search and validation as three streams."""
    every = [*streams[Split.SEARCH], *streams[Split.VALIDATION]]
    names = np.random.default_rng([seed, 1]).permutation(sorted({task.program for task in every})).tolist()
    search, validation = (round(share * len(names)) for share in DEALT)
    parts = (names[:search], names[search : search + validation], names[search + validation :])
    return {
        split: [task for task in every if task.program in part]
        for split, part in zip((Split.SEARCH, Split.VALIDATION, Split.SEALED), parts, strict=True)
    }


def unsealed(streams: dict[Split, list[Fixes]], each: int, scored: int, budget: int, seed: int) -> float:
    """As `simulated`, without the sealed programs."""
    return simulated(dealt(streams, seed), each, "worth", scored, budget, seed)


def simulated(streams: dict[Split, list[Fixes]], each: int, told: str, scored: int, budget: int, seed: int) -> float:
    """The gain of the final order of one run over the first, in points of sealed tasks."""
    rng = np.random.default_rng(seed)
    pool = []
    for _, group in groupby(sorted(streams[Split.SEARCH], key=lambda one: one.program), lambda one: one.program):
        ranked = sorted(group, key=lambda one: not one.written)
        written = sum(one.written for one in ranked)
        pool += [*ranked[: min(2, written)], *ranked[written:]][:each]
    common = [pool[place] for place in rng.permutation(len(pool))[: sum(STAGES)]]
    agents = [(np.array([seen(task, START, told) for task in common]), START)]
    spent = len(common)
    while spent < budget:
        values, parent = max(agents, key=lambda one: one[0].mean())
        child = modified(parent, [pool[place] for place in rng.choice(len(pool), scored, replace=False)], told, rng)
        spent += STEPS * scored
        if (child == parent).all():
            continue
        first = np.array([seen(task, child, told) for task in common[: STAGES[0]]])
        spent += STAGES[0]
        lead = first - values[: STAGES[0]]
        if lead.mean() + 2.09 * lead.std(ddof=1) / math.sqrt(len(lead)) < 0.0:
            continue
        agents.append((np.array([seen(task, child, told) for task in common]), child))
        spent += STAGES[1]
    finalists = [agents[0], *sorted(agents, key=lambda one: -one[0].mean())[:5]]
    final = max(finalists, key=lambda one: np.mean([seen(task, one[1], told) for task in streams[Split.VALIDATION]]))
    return 100.0 * (solved(streams[Split.SEALED], final[1]) - solved(streams[Split.SEALED], START))


def modified(order: np.ndarray[Any, Any], tasks: list[Fixes], told: str, rng: np.random.Generator) -> Any:
    """What the seed agent's `optimise` makes of an order: one number at a time, kept where it is worth more."""
    count, few = len(tasks), max(QUICK, len(tasks) // QUICK)
    values, left = np.array([seen(task, order, told) for task in tasks]), (STEPS - 1) * count
    while left >= count:
        changed = order.copy()
        if rng.random() > USELESS:
            changed[rng.integers(len(order))] += rng.normal()
        new = np.array([seen(task, changed, told) for task in tasks[:few]])
        if new.sum() > values[:few].sum():
            new = np.array([seen(task, changed, told) for task in tasks])
        left -= len(new)
        if len(new) == count and new.sum() > values.sum():
            order, values = changed, new
    return order


def judged(folder: Path, tasks: Sequence[Fixes]) -> float:
    """The solve rate, 0 to 1, in the order that an agent's ``worth`` gives."""
    worth = runpy.run_path(str(folder / "decisions.py"))["worth"]

    def runs(task: Fixes) -> float:
        told = [*zip(task.kinds.tolist(), task.suspicion.tolist(), task.alike.tolist(), strict=True)]
        known = {one: float(worth(KINDS[one[0]], *one[1:])) for one in set(told)}
        return task.runs_by(np.array([known[one] for one in told]))

    return sum(runs(task) <= RUNS for task in tasks) / len(tasks)


def written(folder: Path, order: np.ndarray[Any, Any]) -> None:
    """Make an agent of an order: the seed agent, and a last word in its decisions.py."""
    shutil.copytree(SEED_AGENT, folder, ignore=shutil.ignore_patterns("__pycache__"))
    weights, (sharpness, sharing) = np.exp(order[:-2]), np.exp(order[-2:])
    told = {kind: round(float(weight), 3) for kind, weight in zip(KINDS, weights, strict=True)}
    with (folder / "decisions.py").open("a") as file:
        file.write(f"\n\nWEIGHTS, SHARPNESS, SHARING = {told}, {sharpness:.3f}, {sharing:.3f}\n")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=16)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--unsealed", action="store_true")
    parser.add_argument("--agents", type=Path, nargs="+", default=[])
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    streams = asyncio.run(tables())
    if options.agents:
        for folder in (SEED_AGENT, *options.agents):
            told = ", ".join(f"{split} {100 * judged(folder, tasks):.1f} %" for split, tasks in streams.items())
            print(f"{folder}: {told}")
        return
    if options.write:
        written(options.write, fitted(streams[Split.SEARCH]))
        return
    rates = {}
    if options.unsealed:
        settings = {
            f"{each} tasks a program, {scored} a measurement": partial(unsealed, streams, each, scored)
            for each in (3, 4, 6)
            for scored in (16, 32, 48)
        }
    else:
        best = fitted(streams[Split.SEARCH])
        rates = {str(split): [solved(tasks, order) for order in (START, best)] for split, tasks in streams.items()}
        for split, (before, after) in rates.items():
            print(
                f"{split}: {100 * before:.1f} % in the order of the seed agent, {100 * after:.1f} % in the fitted one"
            )
        settings = {
            f"{each} tasks a program, told {told}": partial(simulated, streams, each, told, SCORED)
            for each in (3, 6, 10)
            for told in ("solved", "worth")
        }
    rows = []
    print(f"{'':>42}{'evaluations':>13}{'gain, points':>14}{'s.e.':>6}")
    with ProcessPoolExecutor(options.workers) as workers:
        for name, setting in settings.items():
            for budget in (2_000, 4_000):
                gains = list(workers.map(partial(setting, budget), range(options.seeds)))
                error = float(np.std(gains, ddof=1)) / math.sqrt(len(gains))
                rows.append([name, budget, round(float(np.mean(gains)), 2), round(error, 2)])
                print(f"{name:>42}{budget:>13}{rows[-1][2]:>14}{rows[-1][3]:>6}", flush=True)
    print(json.dumps({"rates": rates, "seeds": options.seeds, "rows": rows}))


if __name__ == "__main__":
    main()
