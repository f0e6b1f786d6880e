"""Several searches on the same tasks and seeds: final scores, tests, costs to targets, exchange rates.

Everything is worked out from finished runs; nothing here runs anything. Scores inside are higher-is-better, those of a
`Comparison` are the tasks' natural values.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shoal.core.budget import Spent
from shoal.core.ranks import MedianInterval, RankTest, holm, median_interval, rank_test
from shoal.core.values import Split
from shoal.report._compare_costs import (
    Climb,
    Expected,
    Rate,
    Ratio,
    common_rate,
    exchange_rates,
    expected_cost,
)
from shoal.report._view import RunView
from shoal.report._words import SELF_SCORED

__all__ = [
    "LEVEL",
    "UNITS",
    "Cell",
    "Comparison",
    "Duel",
    "Row",
    "Target",
    "TaskTable",
    "compare",
    "natural_of",
    "used",
]

UNITS = {"evaluations": "evaluations", "cpu_seconds": "CPU seconds", "tokens": "tokens", "usd": "dollars"}
"""What a comparison's budget and costs may be in, and how people call it."""

LEVEL = 0.05  # at or below it a difference is called shown
SPENT = ("evaluations", "cpu_seconds", "calls", "tokens", "usd")
QUANTILES = (0.25, 0.5, 0.75, 1.0)  # of the best scores of each side, that targets are taken from


@dataclass(frozen=True, slots=True)
class Cell:
    """One finished run of a comparison, in short.

    ``score`` is the champion's, higher is better: on sealed instances where ``sealed``, else on the search's; None
    where it got none. ``climb`` is the best score so far against the budget's unit: of champions on fresh instances
    where ``sealed``, else on the search's.
    """

    task: str
    proposer: str
    seed: int
    run: str
    sign: int
    name: str
    sealed: bool
    score: float | None
    climb: Climb
    evaluations: int
    cpu_seconds: float
    self_scored: bool = False  # the program could have written its own score
    longer: int = 1  # times the budget of the others: such a run tells costs and is in no test
    calls: int = 0  # of models
    tokens: int = 0
    usd: float = 0.0

    @classmethod
    def of(cls, view: RunView, *, proposer: str, seed: int, unit: str, longer: int = 1) -> Cell:
        """A run that is done; ``unit`` is one of `UNITS`."""
        sealed = not view.about.get("fixed")
        natural = view.looked(view.champion, Split.SEALED) if sealed else view.best_score
        spent = view.spent
        return cls(
            task=view.task,
            proposer=proposer,
            seed=seed,
            run=view.run,
            sign=view.sign,
            name=str(view.about.get("score_name") or "score"),
            sealed=sealed,
            score=None if natural is None else view.sign * natural,
            climb=Climb(_rising((float(getattr(point, unit)), point.score) for point in view.curve), used(spent, unit)),
            evaluations=spent.counted.evaluations,
            cpu_seconds=spent.cpu_seconds,
            self_scored=view.self_scored,
            calls=view.calls,
            tokens=spent.counted.tokens,
            usd=spent.counted.usd,
            longer=longer,
        )

    @property
    def ranked(self) -> float:
        """The score as a number that ranks: below all others where there is none."""
        return -math.inf if self.score is None else self.score


def used(spent: Spent, unit: str) -> float:
    """How much of one of `UNITS` was spent."""
    return float(spent.cpu_seconds if unit == "cpu_seconds" else getattr(spent.counted, unit))


def _rising(steps: Iterable[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """The steps that go up: fresh instances may show that a new champion was none."""
    kept: list[tuple[float, float]] = []
    for cost, score in steps:
        if not kept or score > kept[-1][1]:
            kept.append((cost, score))
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class Row:
    """One proposer on one task: final scores by seed, their median and its interval; natural values, None: no score."""

    proposer: str
    scores: tuple[float | None, ...]
    median: float | None
    low: float | None
    high: float | None
    coverage: float
    evaluations: float  # mean over the runs, as all below
    cpu_seconds: float
    calls: float = 0.0
    tokens: float = 0.0
    usd: float = 0.0


@dataclass(frozen=True, slots=True)
class Target:
    """A natural value of a task, and what each proposer is expected to spend to reach it."""

    value: float
    costs: Mapping[str, Expected]


@dataclass(frozen=True, slots=True)
class TaskTable:
    """One task: a row a proposer, targets from easy to hard; by baseline, the test on this task alone and the rate."""

    task: str
    direction: str
    score_name: str
    judged_on: str  # "sealed", "search", or the label of a self-scored task
    rows: tuple[Row, ...]
    targets: tuple[Target, ...]
    tests: Mapping[str, RankTest]
    rates: Mapping[str, Rate | None]
    climbs: Mapping[str, tuple[Climb, ...]]


@dataclass(frozen=True, slots=True)
class Duel:
    """The first proposer against one baseline over all tasks.

    ``p`` is the chance of such ranks or better where nothing differs; ``adjusted`` counts how many baselines there are;
    ``worse`` is the adjusted p of the opposite. ``rate``: how many times more of the budget's unit the baseline needs.
    """

    baseline: str
    p: float
    adjusted: float
    worse: float
    smallest: float
    superiority: float
    rate: Rate | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What `compare` worked out. The first proposer is the one under test."""

    proposers: tuple[str, ...]
    seeds: tuple[int, ...]
    unit: str
    budget: float
    tasks: tuple[TaskTable, ...]
    duels: tuple[Duel, ...]
    cells: tuple[Cell, ...]
    longer: int = 1  # times the budget, that the baselines' runs had which tell what scores cost them


def compare(
    cells: Sequence[Cell], *, proposers: Sequence[str], unit: str, budget: float, longer: int = 1
) -> Comparison:
    """Put finished runs side by side: one for each task, proposer and seed; with ``longer`` one more for each baseline.

    Raises ValueError where one is missing or there are fewer than two proposers.
    """
    if len(proposers) < 2:
        raise ValueError("a comparison needs two proposers")
    tasks = tuple(dict.fromkeys(cell.task for cell in cells))
    seeds = tuple(sorted({cell.seed for cell in cells}))
    known = {(cell.task, cell.proposer, cell.seed, cell.longer): cell for cell in cells}
    first, *baselines = proposers

    def runs(task: str, proposer: str, times: int) -> list[Cell]:
        keys = [(task, proposer, seed, times) for seed in seeds]
        if missing := [key for key in keys if key not in known]:
            raise ValueError(f"no run of {proposer} on {task} with seed {missing[0][2]}")
        return [known[key] for key in keys]

    by = {task: {proposer: runs(task, proposer, 1) for proposer in proposers} for task in tasks}
    climbs = {
        task: {
            proposer: [cell.climb for cell in runs(task, proposer, longer if proposer in baselines else 1)]
            for proposer in proposers
        }
        for task in tasks
    }
    ratios = {
        task: {
            one: exchange_rates(climbs[task][first], climbs[task][one], budget=budget, longer=longer)
            for one in baselines
        }
        for task in tasks
    }
    tables = tuple(_table(task, by[task], climbs[task], ratios[task]) for task in tasks)
    duels = _duels(by, ratios, proposers)
    return Comparison(tuple(proposers), seeds, unit, budget, tables, duels, tuple(cells), longer)


Sides = Mapping[str, Sequence[Cell]]  # of one task: runs by proposer, in order of seeds
Climbs = Mapping[str, Sequence[Climb]]  # the same runs' climbs; of baselines those of the longer runs, where there are


def _samples(sides: Sides, one: str, other: str) -> tuple[list[float], list[float]]:
    return [cell.ranked for cell in sides[one]], [cell.ranked for cell in sides[other]]


def _judged_on(cell: Cell) -> str:
    if cell.self_scored:
        return SELF_SCORED
    return "sealed" if cell.sealed else "search"


def _table(task: str, sides: Sides, climbs: Climbs, ratios: Mapping[str, list[Ratio]]) -> TaskTable:
    first, *baselines = sides
    cell = sides[first][0]
    return TaskTable(
        task=task,
        direction="max" if cell.sign > 0 else "min",
        score_name=cell.name,
        judged_on=_judged_on(cell),
        rows=tuple(_row(proposer, runs) for proposer, runs in sides.items()),
        targets=_targets(climbs, first, cell.sign),
        tests={one: rank_test([_samples(sides, first, one)]) for one in baselines},
        rates={one: common_rate(ratios[one]) for one in baselines},
        climbs={proposer: tuple(many) for proposer, many in climbs.items()},
    )


def _row(proposer: str, runs: Sequence[Cell]) -> Row:
    sign = runs[0].sign
    span: MedianInterval = median_interval([cell.ranked for cell in runs])
    ends = [natural_of(value, sign) for value in (span.low, span.high)]
    low, high = ends if sign > 0 else ends[::-1]
    return Row(
        proposer=proposer,
        scores=tuple(None if cell.score is None else natural_of(cell.score, sign) for cell in runs),
        median=natural_of(span.median, sign),
        low=low,
        high=high,
        coverage=span.coverage,
        **{name: sum(getattr(cell, name) for cell in runs) / len(runs) for name in SPENT},
    )


def natural_of(score: float, sign: int) -> float | None:
    """A task's own value of a score; None for no score."""
    return sign * score + 0.0 if math.isfinite(score) else None


def _targets(climbs: Climbs, first: str, sign: int) -> tuple[Target, ...]:
    """Scores that runs ended with: quantiles of the baselines' and of the first's, without those had at the start."""
    ends = {proposer: [one.steps[-1][1] for one in many if one.steps] for proposer, many in climbs.items()}
    start = max((one.steps[0][1] for many in climbs.values() for one in many if one.steps), default=math.inf)
    pooled = [end for proposer, many in ends.items() if proposer != first for end in many]
    scores = {_quantile(many, share) for many in (pooled, ends[first]) if many for share in QUANTILES}
    return tuple(
        Target(sign * score + 0.0, {proposer: expected_cost(many, score) for proposer, many in climbs.items()})
        for score in sorted(one for one in scores if one > start)
    )


def _quantile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that a ``share`` of them does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _duels(
    by: Mapping[str, Sides], ratios: Mapping[str, Mapping[str, list[Ratio]]], proposers: Sequence[str]
) -> tuple[Duel, ...]:
    first, *baselines = proposers
    better = [rank_test([_samples(sides, first, one) for sides in by.values()]) for one in baselines]
    worse = [rank_test([_samples(sides, one, first) for sides in by.values()]).p for one in baselines]
    up, down = holm([test.p for test in better]), holm(worse)
    return tuple(
        Duel(
            baseline=one,
            p=test.p,
            adjusted=up[i],
            worse=down[i],
            smallest=min(1.0, test.smallest * len(baselines)),
            superiority=test.superiority,
            rate=common_rate([ratio for task in by for ratio in ratios[task][one]]),
            verdict=_verdict(first, one, up[i], down[i]),
        )
        for i, (one, test) in enumerate(zip(baselines, better, strict=True))
    )


def _verdict(first: str, other: str, better: float, worse: float) -> str:
    if better <= LEVEL:
        return f"{first} beats {other} (p = {better:.2g})"
    if worse <= LEVEL:
        return f"{other} beats {first} (p = {worse:.2g})"
    return f"no difference shown between {first} and {other} (p = {better:.2g})"
