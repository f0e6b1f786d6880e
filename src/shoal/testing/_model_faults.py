"""What may go wrong with an answer of the scripted server, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from shoal.core import seeds

__all__ = ["Fate", "Faults", "fate"]

KINDS = (
    "rate_limited",
    "server_error",
    "slow",
    "hang",
    "truncated",
    "malformed",
    "empty",
    "no_usage",
    "tool_calls",
    "cut_connection",
)


@dataclass(frozen=True, slots=True)
class Faults:
    """Shares of requests, each from 0 to 1 and together at most 1, that meet a fault; no request meets two.

    Attributes:
        rate_limited: status 429, with ``Retry-After`` where ``retry_after`` says how many seconds.
        server_error: status 500 or 503.
        slow: a good answer, ``slow_seconds`` late.
        hang: no answer, while the connection stays open.
        truncated: a body that ends before its Content-Length.
        malformed: status 200 and a body that is no JSON.
        empty: status 200 and JSON without choices.
        no_usage: a good answer without its bill.
        tool_calls: a call of a tool that nobody offered, and no content.
        cut_connection: the connection is closed without an answer.
        slow_seconds: how late a slow answer is.
        retry_after: seconds in the ``Retry-After`` of a 429; None for a 429 without.
    """

    rate_limited: float = 0.0
    server_error: float = 0.0
    slow: float = 0.0
    hang: float = 0.0
    truncated: float = 0.0
    malformed: float = 0.0
    empty: float = 0.0
    no_usage: float = 0.0
    tool_calls: float = 0.0
    cut_connection: float = 0.0
    slow_seconds: float = 5.0
    retry_after: float | None = None

    def __post_init__(self) -> None:
        shares = [getattr(self, kind) for kind in KINDS]
        if min(shares) < 0 or sum(shares) > 1 + 1e-9:
            raise ValueError(f"shares of faults must be at least 0 and together at most 1, not {shares}")

    def kind(self, chance: float) -> str:
        """The fault that a number from [0, 1) stands for; "" for none."""
        for kind in KINDS:
            chance -= getattr(self, kind)
            if chance < 0:
                return kind
        return ""


class Fate(NamedTuple):
    """What one request meets."""

    kind: str = ""  # a fault's name, or ""
    seconds: float = 0.0  # before the answer
    coin: bool = False  # which of two, where a fault has two shapes


def fate(faults: Faults, latency: tuple[float, float], seed: int, number: int) -> Fate:
    """What request ``number`` meets; the same for the same arguments."""
    if latency == (0.0, 0.0) and not any(getattr(faults, kind) for kind in KINDS):
        return Fate()
    rng = seeds.generator(seed, number, 0, "model-server")
    kind = faults.kind(float(rng.random()))
    seconds = float(rng.uniform(*latency)) + (faults.slow_seconds if kind == "slow" else 0.0)
    return Fate(kind, seconds, bool(rng.random() < 0.5))
