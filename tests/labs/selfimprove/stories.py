"""Invented runs of self-improvement, as large as wanted."""

from typing import Any

import numpy as np

from shoal.labs.selfimprove._curve import CurvePoint
from shoal.labs.selfimprove._improvement import Arm, Canaries, Kind, Node, SelfImprovement
from shoal.labs.selfimprove._verdict import no_verdict, verdict
from shoal.report import CostCard

__all__ = ["DIFF", "story", "tree"]

DIFF = "--- a0/agent.py\n+++ a1/agent.py\n@@ -1 +1 @@\n-return plan(task)\n+return plan(task) or retry(task)\n"


def tree(count: int, *, seed: int = 0) -> tuple[Node, ...]:
    """Parents by chance, better ones more often; a child solves about as much as its parent; some are never tried."""
    rng = np.random.default_rng(seed)
    skill = [0.3]
    nodes = [Node("a0", None, 0, 18, 60, note="the seed agent")]
    for k in range(1, count):
        weights = np.exp(6 * np.array(skill))
        parent = int(rng.choice(k, p=weights / weights.sum()))
        skill.append(float(np.clip(skill[parent] + rng.normal(0.015, 0.06), 0.0, 0.95)))
        tried = int(rng.choice([0, 10, 30, 60], p=[0.1, 0.3, 0.3, 0.3]))
        solved = int(rng.binomial(tried, skill[k]))
        generation = nodes[parent].generation + 1
        nodes.append(Node(f"a{k}", f"a{parent}", generation, solved, tried, None, DIFF, f"edit {k}", tried + 5, 0, 0.0))
    return tuple(nodes)


def story(count: int, *, seed: int = 0, gain: float = 0.2, **barred: Any) -> SelfImprovement:
    """The champion is the best of those that were tried on many tasks; ``barred`` as in `no_verdict`."""
    barred = {"self_scored": False, "level": 3, **barred}
    rng = np.random.default_rng(seed)
    nodes = tree(count, seed=seed)
    champion = max((node for node in nodes if node.tried >= 30), key=lambda node: node.rate or 0.0)
    names = {"fixed improver": 0.5, "random edits": 0.1, "no archive": 0.7}

    def climb(height: float) -> tuple[CurvePoint, ...]:
        rates = 0.3 + height * (1 - np.exp(-0.5 * np.arange(9))) + rng.normal(0, 0.008, 9)
        return tuple(CurvePoint(g, 130 * g, r, r - 0.05, r + 0.05) for g, r in enumerate(rates.tolist()))

    def differences(height: float) -> dict[int, dict[str, list[float]]]:
        values = (rng.random((3, 20, 6)) < height).astype(float)
        return {s: {f"p{k}": values[s, k].tolist() for k in range(20)} for s in range(3)}

    arms = {name: differences(gain * (1 - share)) for name, share in names.items()}
    return SelfImprovement(
        run="selfimprove-1",
        bench="repairs",
        seeds=(0, 1, 2),
        nodes=nodes,
        champion=champion.id,
        curve=climb(gain),
        arms=tuple(Arm(name, "an improver that improves", climb(gain * share)) for name, share in names.items()),
        verdict=no_verdict(**barred) or verdict(differences(gain), arms=arms, rng=rng, draws=2_000),
        isolation=barred["level"],
        canaries=Canaries(60, 0),
        cost=CostCard(count, 3, 5, 4_000, 4_000, 1_234.0, 2_345.0, 0, 0.0),
        kinds=(Kind("repair", 200, 0.3, 0.5), Kind("circles", 12, 0.25, 0.5)),
    )
