"""Suspicious jumps: an improvement so much larger than those before that it is looked at again before it is used."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from shoal.core.statistics import robust_spread

__all__ = ["Jumps", "Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Scores are higher-is-better.

    ``deviations``: how many robust standard deviations of log improvements are still ordinary; ``spread`` is the least
    standard deviation assumed (log of a factor), for a history of equal steps says nothing. Below ``history``
    improvements only the other two rules hold. ``best_known`` is the best score anybody has published.
    """

    deviations: float = 6.0
    spread: float = math.log(2.0)
    history: int = 6
    remembered: int = 60
    best_known: float | None = None


@dataclass(frozen=True, slots=True)
class Jumps:
    """The logs of the last improvements over the best so far, and the best and the first score."""

    logs: tuple[float, ...] = ()
    best: float | None = None
    first: float | None = None

    def why(self, score: float, settings: Settings) -> str:
        """Why an improvement to ``score`` must be seen twice; "" for an ordinary one or none."""
        if self.best is None or self.first is None or score <= self.best:
            return ""
        known = settings.best_known
        if known is not None and score > known:
            return f"it beats the best value known, by {score - known:.3g}"
        gain = score - self.best
        if known is not None and known > self.first and gain > 0.5 * (known - self.first):
            return "one step made up more than half of the way from the initial program to the best value known"
        if len(self.logs) < settings.history:
            return ""
        middle, spread = robust_spread(self.logs)
        most = middle + settings.deviations * max(spread, settings.spread)
        if math.log(gain) <= most:
            return ""
        return f"a gain of {gain:.3g} where {math.exp(middle):.3g} is usual and {math.exp(most):.3g} the most expected"

    def took(self, score: float, settings: Settings) -> Jumps:
        """After a score was accepted."""
        if self.best is None:
            return replace(self, best=score, first=score if self.first is None else self.first)
        if score <= self.best:
            return self
        gain = score - self.best
        logs = (*self.logs, math.log(gain))[-settings.remembered :] if gain > 0 else self.logs
        return replace(self, logs=logs, best=score)
