"""A comparison as plain data."""

from __future__ import annotations

import math
from typing import Any

from shoal.report._compare import SPENT, Cell, Comparison, Duel, Row, TaskTable, natural_of
from shoal.report._compare_costs import Rate

__all__ = ["as_json"]


def as_json(found: Comparison) -> dict[str, Any]:
    """The object of `compare.json`: plain data, None where nothing can be said."""
    return {
        "proposers": list(found.proposers),
        "seeds": list(found.seeds),
        "unit": found.unit,
        "budget": found.budget,
        "longer": found.longer,
        "duels": [_duel_json(duel) for duel in found.duels],
        "tasks": [_task_json(table, found.unit) for table in found.tasks],
        "runs": [_cell_json(cell) for cell in found.cells],
    }


def _rate_json(rate: Rate | None) -> dict[str, Any] | None:
    if rate is None:
        return None
    return {"value": rate.value, "at_least": rate.bound, "targets": rate.targets, "reached": rate.reached}


def _duel_json(duel: Duel) -> dict[str, Any]:
    return {
        "baseline": duel.baseline,
        "verdict": duel.verdict,
        "p": duel.p,
        "p_holm": duel.adjusted,
        "p_holm_opposite": duel.worse,
        "smallest_p_holm": duel.smallest,
        "superiority": duel.superiority,
        "exchange_rate": _rate_json(duel.rate),
    }


def _task_json(table: TaskTable, unit: str) -> dict[str, Any]:
    return {
        "task": table.task,
        "direction": table.direction,
        "score_name": table.score_name,
        "judged_on": table.judged_on,
        "proposers": [{name: getattr(row, name) for name in Row.__slots__} for row in table.rows],
        "baselines": [
            {
                "baseline": one,
                "p": test.p,
                "superiority": test.superiority,
                "exchange_rate": _rate_json(table.rates[one]),
            }
            for one, test in table.tests.items()
        ],
        "targets": [
            {
                "value": target.value,
                "expected": [
                    {
                        "proposer": proposer,
                        unit: cost.cost if math.isfinite(cost.cost) else None,
                        "successes": cost.successes,
                    }
                    for proposer, cost in target.costs.items()
                ],
            }
            for target in table.targets
        ],
    }


def _cell_json(cell: Cell) -> dict[str, Any]:
    return {
        "run": cell.run,
        "task": cell.task,
        "proposer": cell.proposer,
        "seed": cell.seed,
        "longer": cell.longer,
        "score": natural_of(cell.ranked, cell.sign),
        **{name: getattr(cell, name) for name in SPENT},
        "curve": [[cost, natural_of(score, cell.sign)] for cost, score in cell.climb.steps],
    }
