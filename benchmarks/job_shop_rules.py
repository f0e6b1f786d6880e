"""What classic dispatching rules are worth on the published shops of the task job_shop_rule, through its own judge.

    python benchmarks/job_shop_rules.py [--random 20] [--seed 0] [--program best.py]

``--program`` runs a program of yours, as a search's best.py, in this process without a jail, and adds by how much it is
better than each rule: the mean difference on the same shops, with its 95 % interval (Student's t).

Prints for each rule the mean gap to the proven optima in per cent, with a 95 % interval over the shops (normal
approximation), family by family, and one JSON object. ``random`` is the mean of several draws for each shop. The gap on
random shops, to a bound below the optimum, is what a search sees.
"""

from __future__ import annotations

import argparse
import json
import runpy
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoal.core.statistics import paired_interval
from shoal.tasks import Task, load

Floats = NDArray[np.float64]
Features = dict[str, Any]
Rule = Callable[[Features], Floats]

FEATURES = ("work", "work_left", "operations_left", "waited", "next_work", "next_queue", "machine_left", "now")
RULES: dict[str, Rule] = {
    "most work remaining (MWKR)": lambda told: told["work_left"],
    "most operations remaining (MOR)": lambda told: told["operations_left"],
    "first in, first out (FIFO)": lambda told: told["waited"],
    "shortest processing time (SPT)": lambda told: -told["work"],
    "work in next queue (WINQ)": lambda told: -told["next_queue"],
    "longest processing time (LPT)": lambda told: told["work"],
    "least work remaining (LWKR)": lambda told: -told["work_left"],
}


def judge_of(task: Task) -> ModuleType:
    """The task's judge as a module of this process."""
    module = ModuleType("judge")
    module.__file__ = str(task.folder / "judge.py")
    exec(compile(task.judge, module.__file__, "exec"), module.__dict__)
    return module


def gaps(judge: ModuleType, shops: list[Any], rule: Rule) -> Floats:
    """The gap of each shop under one rule, in per cent, shape (shops,)."""

    def ask(name: str, *told: Any) -> Floats:
        return np.asarray(rule(dict(zip(FEATURES, told, strict=True))))

    return np.array([judge.play(shop, ask)["score"] for shop in shops])


def random_gaps(judge: ModuleType, shops: list[Any], *, draws: int, seed: int) -> Floats:
    """The mean gap of each shop under a rule that draws its numbers."""
    rng = np.random.default_rng(seed)
    drawn = [gaps(judge, shops, lambda told: rng.random(len(told["work"]))) for _ in range(draws)]
    return np.asarray(np.mean(drawn, axis=0))


def rule_of(program: Path) -> Rule:
    """The rule that a program's `priority` is."""
    priority = runpy.run_path(str(program))["priority"]
    return lambda told: priority(*(told[name] for name in FEATURES))


def half_width(values: Floats) -> float:
    """Half of the 95 % interval of the mean."""
    return float(1.96 * values.std(ddof=1) / np.sqrt(len(values)))


def compare(mine: Floats, theirs: dict[str, Floats]) -> None:
    """Print how much smaller the gaps of a program are than those of each rule."""
    print(f"\nthe program: {mine.mean():.2f} +- {half_width(mine):.2f} %; smaller than under")
    for name, gap in theirs.items():
        found = paired_interval((gap - mine).tolist())
        print(f"{name:34}{found.mean:>10.2f} ({found.low:.2f} to {found.high:.2f})")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--random", type=int, default=20, help="draws of the rule that draws its numbers")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--program", type=Path, help="a file with a priority function, compared with each rule")
    options = parser.parse_args()
    task = load("job_shop_rule")
    judge, count = judge_of(task), task.instances.sealed
    known = list(islice(judge.instances("sealed", np.random.default_rng(options.seed)), count))
    drawn = list(islice(judge.instances("search", np.random.default_rng(options.seed)), count))
    found = {name: (gaps(judge, known, rule), gaps(judge, drawn, rule)) for name, rule in RULES.items()}
    found["random"] = (
        random_gaps(judge, known, draws=options.random, seed=options.seed),
        random_gaps(judge, drawn, draws=options.random, seed=options.seed),
    )
    print(f"{'rule':34}{'published (optimum)':>22}{'random shops (bound)':>24}")
    for name, (sealed, search) in found.items():
        cells = [f"{one.mean():.2f} +- {half_width(one):.2f} %" for one in (sealed, search)]
        print(f"{name:34}{cells[0]:>22}{cells[1]:>24}")
    if options.program is not None:
        compare(gaps(judge, known, rule_of(options.program)), {name: sealed for name, (sealed, _) in found.items()})
    means = {name: round(float(sealed.mean()), 3) for name, (sealed, _) in found.items()}
    print(json.dumps({"shops": len(known), "gap_percent": means}))


if __name__ == "__main__":
    main()
