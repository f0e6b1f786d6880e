"""The operator bandit: which edit to try next, learnt from what each gained per evaluation it cost."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

__all__ = ["Arm", "credit", "pick", "probabilities"]

DECAY = 0.99  # of an arm's memory, per credit to it: what helped at the start stops counting
PRIOR_GAIN, PRIOR_COST = 1.0, 4.0


@dataclass(frozen=True, slots=True)
class Arm:
    """One operator: decayed gain and cost, and plain totals for the report."""

    name: str
    weight: float = 1.0  # prior preference
    gain: float = PRIOR_GAIN
    cost: float = PRIOR_COST
    tried: int = 0
    improved: int = 0


def probabilities(arms: tuple[Arm, ...], *, floor: float = 0.006) -> np.ndarray:
    """Probability matching on gain per cost with a floor for each arm; shape (len(arms),), sum 1."""
    rate = np.array([arm.weight * arm.gain / arm.cost for arm in arms])
    rate = np.maximum(rate, 1e-300)  # memory that faded to nothing leaves equals
    share = rate / rate.sum()
    floor = min(floor, 1.0 / len(arms))
    return np.asarray(floor + (1.0 - floor * len(arms)) * share)


def pick(arms: tuple[Arm, ...], rng: np.random.Generator, *, floor: float = 0.006) -> Arm:
    """One arm by `probabilities`."""
    return arms[int(rng.choice(len(arms), p=probabilities(arms, floor=floor)))]


def credit(arms: tuple[Arm, ...], name: str, *, gain: float, cost: float, improved: bool) -> tuple[Arm, ...]:
    """Pay ``gain`` for ``cost`` to the arm ``name``; unknown names change nothing."""

    def paid(arm: Arm) -> Arm:
        return replace(
            arm,
            gain=DECAY * arm.gain + gain,
            cost=DECAY * arm.cost + cost,
            tried=arm.tried + (cost > 0.0),
            improved=arm.improved + improved,
        )

    return tuple(paid(arm) if arm.name == name else arm for arm in arms)
