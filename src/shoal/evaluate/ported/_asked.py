"""Stands in for `shinka.core` while a folder is converted: tells what its evaluator asks of the helper.

In place of a score `metrics.json` gets how often the program is called (`runs`), whether it returns a tuple (`tuples`),
which of the two functions there are (`valid`, `together`), and the name of the program's function as feedback.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Callable
from typing import Any

__all__ = ["run_shinka_eval"]


def run_shinka_eval(
    program_path: str,
    results_dir: str,
    experiment_fn_name: str,
    num_runs: int = 1,
    get_experiment_kwargs: Callable[[int], dict[str, Any]] | None = None,
    aggregate_metrics_fn: Callable[[list[Any]], dict[str, Any]] | None = None,
    validate_fn: Callable[[Any], Any] | None = None,
    **others: Any,
) -> None:
    """Call the program once, leave what was asked for, and end the process before anything else is done with it."""
    spec = importlib.util.spec_from_file_location("program", program_path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{program_path} is not a Python program")
    module = importlib.util.module_from_spec(spec)
    sys.modules["program"] = module
    spec.loader.exec_module(module)
    given = {"seed": 1} if get_experiment_kwargs is None else get_experiment_kwargs(0)
    result = getattr(module, experiment_fn_name)(**given)
    asked = {
        "runs": num_runs,
        "tuples": int(isinstance(result, tuple)),
        "valid": int(validate_fn is not None),
        "together": int(aggregate_metrics_fn is not None),
    }
    told = {"combined_score": 0.0, "public": asked, "text_feedback": experiment_fn_name}
    os.makedirs(results_dir, exist_ok=True)
    for name, what in (("metrics.json", told), ("correct.json", {"correct": True, "error": None})):
        with open(os.path.join(results_dir, name), "w", encoding="utf-8") as file:
            json.dump(what, file)
    os._exit(0)
