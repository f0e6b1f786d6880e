"""The judge of a ported task: believes what the folder's own evaluator wrote, as far as it has the right form.

Evaluator and program shared a process, so that nothing here can tell an honest number from a forged one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from shoal.judging import Wrong

MOST_NUMBERS = 64
NAME_CHARACTERS = 60
TEXT_CHARACTERS = 200
FIRST = "the evaluator"


def instances(split: str, rng: Any) -> Iterator[None]:
    """One instance, which is nothing: the evaluator has its own."""
    while True:
        yield None


def score(instance: None, output: dict[str, Any]) -> dict[str, Any]:
    """The evaluator's word, from `metrics.json` and `correct.json`."""
    files, end = output["files"], output["end"]
    correct = _object(files, "correct.json", end)
    metrics = _object(files, "metrics.json", end) if correct.get("correct") is True else {}
    if correct.get("correct") is not True:
        raise Wrong(_complaint(correct))
    if end:
        raise Wrong(f"{FIRST} {end} after it had written a score")
    public, private = metrics.get("public"), metrics.get("private")
    more = {name: value for name, value in metrics.items() if name not in _OWN}
    return {
        "score": _number(metrics),
        "metrics": _numbers(public),
        "private": _numbers(private) | _numbers(more),
        "feedback": _feedback(metrics.get("text_feedback"), public),
    }


_OWN = ("combined_score", "public", "private", "text_feedback")


def _object(files: dict[str, bytes], name: str, end: str) -> dict[str, Any]:
    if name not in files:
        raise Wrong(f"{FIRST} {end or 'ended'} and left no {name} in its results folder")
    try:
        found = json.loads(files[name], parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise Wrong(f"{name} cannot be read: {str(error)[:TEXT_CHARACTERS]}") from None
    if not isinstance(found, dict):
        raise Wrong(f"{name} holds {type(found).__name__}, not an object")
    return found


def _constant(word: str) -> float:
    return {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}[word]


def _complaint(correct: dict[str, Any]) -> str:
    if "correct" not in correct:
        return "correct.json does not say whether the result is correct"
    error = correct.get("error")
    return str(error) if error else "the evaluator says that the result is not correct, and not why"


def _number(metrics: dict[str, Any]) -> float:
    if "combined_score" not in metrics:
        raise Wrong("metrics.json has no combined_score")
    value = metrics["combined_score"]
    if not _is_number(value):
        raise Wrong(f"combined_score is {str(value)[:TEXT_CHARACTERS]}, not a finite number")
    return float(value)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= 1e300 if isinstance(value, int) else math.isfinite(value)


def _numbers(found: Any) -> dict[str, float]:
    """The finite numbers of a dictionary, those of inner ones under both names."""
    flat: dict[str, float] = {}
    for name, value in found.items() if isinstance(found, dict) else ():
        inner = value if isinstance(value, dict) else {}
        flat |= {f"{name}.{key}"[:NAME_CHARACTERS]: one for key, one in inner.items() if _is_number(one)}
        if _is_number(value):
            flat[str(name)[:NAME_CHARACTERS]] = value
    return {name: float(flat[name]) for name in sorted(flat)[:MOST_NUMBERS]}


def _feedback(text: Any, public: Any) -> str:
    """The evaluator's text, and what of its public metrics is text."""
    said = [text] if isinstance(text, str) and text else []
    for name, value in public.items() if isinstance(public, dict) else ():
        if isinstance(value, str) and value:
            said.append(f"{str(name)[:NAME_CHARACTERS]}: {value[:TEXT_CHARACTERS]}")
    return "\n".join(said)
