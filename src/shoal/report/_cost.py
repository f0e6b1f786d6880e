"""The cost card: everything a run used, failed branches included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shoal.report import _words
from shoal.report._view import RunView

__all__ = ["CPU_HOUR_USD", "EVERYTHING", "CostCard"]

CPU_HOUR_USD = 0.04  # an assumption: about what one core-hour of a common cloud machine costs
EVERYTHING = "Failed branches are included: this is everything the run used."


@dataclass(frozen=True, slots=True)
class CostCard:
    """What a run used; ``usd`` is models at their prices plus CPU hours at ``cpu_hour_usd``."""

    samples: int
    failed: int
    rejected: int
    evaluations: int
    instance_runs: int
    seconds: float
    cpu_seconds: float
    tokens: int
    model_usd: float
    cpu_hour_usd: float = CPU_HOUR_USD
    interventions: int = 0

    @classmethod
    def of(cls, view: RunView) -> CostCard:
        """Add up ``view``. A human intervention is a run gone on with under another budget."""
        rows = view.operators.values()
        return cls(
            samples=view.spent.proposals,
            failed=sum(row.failed for row in rows),
            rejected=sum(row.rejected for row in rows),
            evaluations=view.spent.counted.evaluations,
            instance_runs=view.spent.counted.instance_runs,
            seconds=view.spent.seconds,
            cpu_seconds=view.spent.cpu_seconds,
            tokens=view.spent.counted.tokens,
            model_usd=view.spent.counted.usd,
            interventions=view.extensions,
        )

    @property
    def cpu_hours(self) -> float:
        return self.cpu_seconds / 3_600

    @property
    def usd(self) -> float:
        """Dollars in all."""
        return self.model_usd + self.cpu_hours * self.cpu_hour_usd

    def rows(self) -> Iterator[tuple[str, str]]:
        """What a page says, and how much of it."""
        yield "samples proposed", f"{self.samples:,}"
        yield "of them failed, or turned away before they cost anything", f"{self.failed:,}, {self.rejected:,}"
        yield "evaluations", f"{self.evaluations:,}"
        yield "wall time", _words.duration(self.seconds)
        yield "CPU hours", f"{self.cpu_hours:.3g}"
        yield "tokens", f"{self.tokens:,}"
        yield "dollars for models, at list price", f"{self.model_usd:.4f}"
        yield f"dollars, at an assumed ${self.cpu_hour_usd:g} per CPU hour", _words.dollars(self.usd)
        yield "human interventions", f"{self.interventions}"
