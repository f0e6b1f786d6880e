"""Budgets are totals in several units; whichever runs out first ends the run."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from shoal.core.errors import UserError
from shoal.core.values import Ask, Counted, Measure, Propose, Work

__all__ = ["PAID_UNITS", "Budget", "Spent", "exceeded", "used_up", "worst_case"]

PAID_UNITS = ("tokens", "usd")
"""Units that only models use: when one is used up, work without a model can go on."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Totals for a whole run, None = no limit in that unit.

    One evaluation is one trial of one candidate run in the sandbox, or one instance of it where the trial says so
    (`Trial.each`); cache hits, duplicates and rejects count 0.
    ``seconds`` and ``cpu_seconds`` are measured, so a run that ends by them does not repeat exactly.
    """

    evaluations: int | None = None
    proposals: int | None = None
    instance_runs: int | None = None
    seconds: float | None = None
    cpu_seconds: float | None = None
    tokens: int | None = None
    usd: float | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None and not (value > 0 and math.isfinite(value)):
                raise UserError(f"budget {field.name} is {value}: it must be above 0 (leave it out for no limit)")

    @property
    def repeatable(self) -> bool:
        """Whether every limit is in counted units, so that a rerun ends at the same place."""
        return self.seconds is None and self.cpu_seconds is None

    @property
    def limited(self) -> bool:
        """Whether any unit has a limit."""
        return any(getattr(self, field.name) is not None for field in fields(self))


@dataclass(frozen=True, slots=True)
class Spent:
    """What a run has used so far, in every unit of the budget."""

    counted: Counted = Counted()
    proposals: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0

    def plus(self, counted: Counted, *, proposals: int = 0) -> Spent:
        return Spent(
            counted=self.counted + counted,
            proposals=self.proposals + proposals,
            seconds=self.seconds,
            cpu_seconds=self.cpu_seconds,
        )


def worst_case(work: Work) -> Spent:
    """The most that one piece of work can add: what is reserved while it is in flight."""
    proposals = 1 if isinstance(work, Propose) else 0
    trial = work.then if isinstance(work, Propose) else work.trial if isinstance(work, Measure) else None
    counted = Counted()
    if trial is not None:
        runs = len(trial.instances)
        counted = Counted(evaluations=runs if trial.each else 1, instance_runs=runs) + trial.most
    if isinstance(work, Ask):
        counted = Counted(evaluations=1, instance_runs=1)  # a service may run a candidate once
    if isinstance(work, Propose | Ask):
        counted += work.most
    return Spent(counted=counted, proposals=proposals)


def exceeded(budget: Budget, spent: Spent) -> str | None:
    """The first counted unit in which ``spent`` is over ``budget``, as a phrase, or None."""
    used = {
        "evaluations": spent.counted.evaluations,
        "proposals": spent.proposals,
        "instance_runs": spent.counted.instance_runs,
        "tokens": spent.counted.tokens,
        "usd": spent.counted.usd,
    }
    for unit, value in used.items():
        limit = getattr(budget, unit)
        if limit is not None and value > limit:
            return f"{unit} {limit}"
    return None


def used_up(budget: Budget, spent: Spent) -> str | None:
    """The first measured unit (seconds, CPU seconds) that has run out, as a phrase, or None."""
    for unit, value in (("seconds", spent.seconds), ("cpu_seconds", spent.cpu_seconds)):
        limit = getattr(budget, unit)
        if limit is not None and value >= limit:
            return f"{unit} {limit:g}"
    return None
