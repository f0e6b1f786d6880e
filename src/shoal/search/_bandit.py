"""The operator bandit: which edit to try next, learnt from what each gained per evaluation it cost."""

from __future__ import annotations

from dataclasses import dataclass, replace

__all__ = ["Arm", "credit"]

MEMORY = 0.99  # of an arm's gain and cost, per credit to it: what helped at the start stops counting
PRIOR_GAIN, PRIOR_COST = 0.25, 4.0


@dataclass(frozen=True, slots=True)
class Arm:
    """One operator: decayed gain and cost, and plain totals for the report."""

    name: str
    weight: float = 1.0  # prior preference
    gain: float = PRIOR_GAIN
    cost: float = PRIOR_COST
    tried: int = 0
    improved: int = 0


def credit(
    arms: tuple[Arm, ...], name: str, *, gain: float, cost: float, improved: bool, memory: float = MEMORY
) -> tuple[Arm, ...]:
    """Pay ``gain`` for ``cost`` to the arm ``name``; unknown names change nothing."""

    def paid(arm: Arm) -> Arm:
        return replace(
            arm,
            gain=memory * arm.gain + gain,
            cost=memory * arm.cost + cost,
            tried=arm.tried + (cost > 0.0),
            improved=arm.improved + improved,
        )

    return tuple(paid(arm) if arm.name == name else arm for arm in arms)
