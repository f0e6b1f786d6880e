"""Runs in the box of a ported task of OpenEvolve: `python3 shoal_driver.py EVALUATOR PROGRAM RESULTS THRESHOLDS`.

Calls `evaluate(program_path)`, or `evaluate_stage1` and on where there are stages and THRESHOLDS is not empty, and
leaves `metrics.json` and `correct.json` in RESULTS.
"""

from __future__ import annotations

import importlib.util
import json
import math
import os
import sys
from types import ModuleType
from typing import Any

__all__ = ["main", "measured", "overall"]

TEXT_CHARACTERS = 2_000
OF_STAGES = "evaluate_stage1", "evaluate_stage2", "evaluate_stage3"


def main(evaluator: str, program: str, results: str, thresholds: str) -> None:
    """Evaluate one program. What the evaluator raises is left as the reason why there is no score."""
    try:
        metrics, artifacts = measured(_loaded(evaluator), program, [float(one) for one in thresholds.split(",") if one])
        told: dict[str, Any] = {
            "combined_score": overall(metrics),
            "public": {name: value for name, value in metrics.items() if name != "combined_score"},
            "text_feedback": "\n".join(f"{name}: {_shown(value)}" for name, value in artifacts.items()),
        }
        error: str | None = None
    except BaseException as failure:
        import traceback  # a quarter of this process's time, for those that fail

        traceback.print_exc()
        told, error = {}, f"{type(failure).__name__}: {failure}"
    files: dict[str, Any] = {"metrics.json": told, "correct.json": {"correct": error is None, "error": error}}
    for name, value in files.items():
        with open(os.path.join(results, name), "w", encoding="utf-8") as file:
            json.dump(value, file, default=_plain)


def measured(module: ModuleType, program: str, thresholds: list[float]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Metrics and artifacts of one program; a stage is entered when the one before reached its threshold."""
    stages = [getattr(module, name) for name in OF_STAGES if hasattr(module, name)]
    if not thresholds or not stages:
        return _parts(module.evaluate(program))
    metrics: dict[str, Any] = {}
    artifacts: dict[str, Any] = {}
    for number, stage in enumerate(stages):
        more, texts = _parts(stage(program))
        metrics, artifacts = {**metrics, **more}, {**artifacts, **texts}
        least = thresholds[number] if number < len(thresholds) else math.inf
        if not overall(more) >= least:
            break
    return metrics, artifacts


def overall(metrics: dict[str, Any]) -> Any:
    """The score: `combined_score`, or else the mean of all numbers."""
    if "combined_score" in metrics:
        return _plain(metrics["combined_score"])
    numbers = [_plain(value) for value in metrics.values()]
    numbers = [one for one in numbers if isinstance(one, int | float) and not isinstance(one, bool)]
    if not numbers:
        raise ValueError("the evaluator returned no numbers")
    return sum(numbers) / len(numbers)


def _parts(found: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Metrics and artifacts of what an evaluator returns: a dictionary, or an `EvaluationResult`."""
    metrics = found if isinstance(found, dict) else getattr(found, "metrics", None)
    if not isinstance(metrics, dict):
        raise TypeError(f"the evaluator returned {type(found).__name__}: a dictionary or an EvaluationResult is needed")
    return metrics, dict(getattr(found, "artifacts", None) or {})


def _loaded(path: str) -> ModuleType:
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    spec = importlib.util.spec_from_file_location("evaluator", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python program")
    module = importlib.util.module_from_spec(spec)
    sys.modules["evaluator"] = module
    spec.loader.exec_module(module)
    return module


def _shown(value: Any) -> str:
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    return text[:TEXT_CHARACTERS]


def _plain(value: Any) -> Any:
    """Numbers and arrays of numpy as what they hold; what JSON has no form for as text."""
    plain = getattr(value, "tolist", None)
    if callable(plain):
        return plain()
    return value if isinstance(value, int | float) else str(value)[:TEXT_CHARACTERS]


if __name__ == "__main__":
    main(*sys.argv[1:5])
