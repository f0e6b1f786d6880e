"""Stands in for `openevolve.evaluation_result` in the box of a ported task."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["EvaluationResult"]


@dataclass
class EvaluationResult:
    """What an evaluator found: numbers by name, and texts for whoever writes the next program."""

    metrics: dict[str, Any]
    artifacts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, metrics: dict[str, Any]) -> EvaluationResult:
        """A result of numbers alone."""
        return cls(metrics=metrics)

    def to_dict(self) -> dict[str, Any]:
        """The numbers alone."""
        return self.metrics

    def has_artifacts(self) -> bool:
        """Whether there are texts."""
        return bool(self.artifacts)

    def get_artifact_keys(self) -> list[str]:
        """The names of the texts."""
        return list(self.artifacts)

    def get_artifact_size(self, key: str) -> int:
        """How many bytes a text has."""
        value = self.artifacts.get(key, "")
        return len(value if isinstance(value, bytes) else str(value).encode())

    def get_total_artifact_size(self) -> int:
        """How many bytes all texts have."""
        return sum(map(self.get_artifact_size, self.artifacts))
