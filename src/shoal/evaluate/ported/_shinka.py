"""Stands in for `shinka.core` in the box of a ported task: the one helper that evaluators import from there."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

__all__ = ["run_shinka_eval"]

METRICS, CORRECT = "metrics.json", "correct.json"


def run_shinka_eval(
    program_path: str,
    results_dir: str,
    experiment_fn_name: str,
    num_runs: int = 1,
    get_experiment_kwargs: Callable[[int], dict[str, Any]] | None = None,
    aggregate_metrics_fn: Callable[[list[Any]], dict[str, Any]] | None = None,
    validate_fn: Callable[[Any], Any] | None = None,
    default_metrics_on_error: dict[str, Any] | None = None,
    **ignored: Any,
) -> tuple[dict[str, Any], bool, str | None]:
    """Run a program's function so many times, check and sum up what it returns, and leave both JSON files.

    Args:
        program_path: the program's file, which is loaded once.
        results_dir: where `metrics.json` and `correct.json` go.
        experiment_fn_name: the function that is called.
        num_runs: how often.
        get_experiment_kwargs: keyword arguments by the number of the call, from 0; without it, ``seed`` is that + 1.
        aggregate_metrics_fn: makes the metrics out of the list of results.
        validate_fn: says of a result whether it is valid, and what is wrong with it.
        default_metrics_on_error: the metrics where something raises.
        ignored: whatever else an evaluator asks for.

    Returns:
        Metrics, whether every result was valid, and the first complaint or None.
    """
    if ignored:
        sys.stderr.write(f"run_shinka_eval: no use for {', '.join(sorted(ignored))} here\n")
    results: list[Any] = []
    seconds: list[float] = []
    complaints: list[str | None] = []
    try:
        function = getattr(_loaded(program_path), experiment_fn_name)
        for number in range(num_runs):
            began = time.perf_counter()
            results.append(function(**_arguments(get_experiment_kwargs, number)))
            seconds.append(time.perf_counter() - began)
            complaints.append(_complaint(validate_fn, results[-1]))
        metrics = dict(aggregate_metrics_fn(results)) if aggregate_metrics_fn else {"num_successful_runs": len(results)}
        metrics |= {"execution_time_mean": sum(seconds) / max(len(seconds), 1)}
        error = next(filter(None, complaints), None)
    except Exception as failure:
        metrics = dict(default_metrics_on_error or {"combined_score": 0.0})
        # What was found wrong with a result explains why it could not be summed up.
        error = next(filter(None, complaints), None) or f"{type(failure).__name__}: {failure}"
    if validate_fn:
        metrics["num_valid_runs"] = sum(one is None for one in complaints)
        metrics["num_invalid_runs"] = len(complaints) - metrics["num_valid_runs"]
    metrics.pop("extra_data", None)  # for pictures made later, which nobody makes here
    _leave(results_dir, metrics, error)
    return metrics, error is None, error


def __getattr__(name: str) -> Any:
    """Say what is missing to whoever imports more than the helper."""
    raise AttributeError(f"shinka.core stands for run_shinka_eval alone in this box: it has no {name}")


def _loaded(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("program", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python program")
    module = importlib.util.module_from_spec(spec)
    sys.modules["program"] = module
    spec.loader.exec_module(module)
    return module


def _arguments(chosen: Callable[[int], dict[str, Any]] | None, number: int) -> dict[str, Any]:
    return {"seed": number + 1} if chosen is None else dict(chosen(number))


def _complaint(validate: Callable[[Any], Any] | None, result: Any) -> str | None:
    """What is wrong with a result; None for nothing."""
    if validate is None:
        return None
    said = validate(result)
    valid, why = said if isinstance(said, tuple) else (said, None)
    return None if valid else f"Validation failed: {why}" if why else "Validation failed"


def _leave(folder: str, metrics: dict[str, Any], error: str | None) -> None:
    os.makedirs(folder, exist_ok=True)
    files: dict[str, Any] = {METRICS: metrics, CORRECT: {"correct": error is None, "error": error}}
    for name, told in files.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            json.dump(told, file, default=_plain)


def _plain(value: Any) -> Any:
    """Arrays and numbers of numpy as what they hold; anything else as text."""
    plain = getattr(value, "tolist", None)
    return plain() if callable(plain) else str(value)[:1000]
