"""Judges what the program returned, by the validation and the sums of judge_data/evaluate.py.

That file is run once up to its call of `run_shinka_eval`, whose arguments are kept; the program runs elsewhere, and
what it returns arrives as data.
"""

import math
import sys
import types
from pathlib import Path

from shoal.judging import Wrong

FUNCTION = "function"
PARAMETERS = ("names",)
TUPLES = False  # whether the program returns a tuple, which arrives as a list
HOME = Path(__file__).parent / "judge_data"


class _Asked(BaseException):
    """Carries the arguments of `run_shinka_eval` out of evaluate.py; not an Exception, so that it is not caught."""


def _asked():
    """The arguments that evaluate.py gives to the helper, by name."""

    def helper(program_path=None, results_dir=None, experiment_fn_name=None, num_runs=1, *more, **named):
        places = ("get_experiment_kwargs", "aggregate_metrics_fn", "validate_fn")
        raise _Asked({"num_runs": num_runs, **dict(zip(places, more, strict=False)), **named})

    core = types.ModuleType("shinka.core")
    vars(core)["run_shinka_eval"] = helper
    sys.modules |= {"shinka": types.ModuleType("shinka"), "shinka.core": core}
    sys.path.insert(0, str(HOME))
    module = types.ModuleType("evaluate")
    file = str(HOME / "evaluate.py")
    vars(module).update(__name__="__main__", __file__=file)
    before, sys.argv = sys.argv, ["evaluate.py", "--program_path", "/nowhere/program.py", "--results_dir", str(HOME)]
    try:
        exec(compile(Path(file).read_text(), file, "exec"), vars(module))
    except _Asked as asked:
        return asked.args[0]
    finally:
        sys.argv = before
    raise RuntimeError("evaluate.py ended without a call of run_shinka_eval")


ASKED = _asked()


def instances(split, rng):
    """One instance: evaluate.py has its own, by number of the call."""
    while True:
        yield None


def arguments(instance):
    """What the program's function is called with."""
    return _placed(0)


def score(instance, output):
    """The word of evaluate.py on one result."""
    return _judged([_shaped(output)])


def play(instance, ask):
    """Call the program's function as often as evaluate.py does, and give its word on all results."""
    return _judged([_shaped(ask(FUNCTION, *_placed(number))) for number in range(ASKED["num_runs"])])


def _placed(number):
    """The keyword arguments of one call, by their places."""
    chosen = ASKED.get("get_experiment_kwargs")
    given = {"seed": number + 1} if chosen is None else dict(chosen(number))
    first = [name for name in PARAMETERS if name in given]
    if len(first) < len(given) or first != list(PARAMETERS[: len(first)]):
        raise TypeError(
            f"{FUNCTION}() takes {', '.join(PARAMETERS)}: {', '.join(given)} cannot be put into their places"
        )
    return tuple(given[name] for name in first)


def _shaped(output):
    return tuple(output) if TUPLES and isinstance(output, list) else output


def _judged(results):
    """Validate each result and sum up; what these functions raise is the result's fault, as it is in evaluate.py."""
    try:
        complaint = next(filter(None, map(_complaint, results)), None)
        metrics = {} if complaint else dict(ASKED["aggregate_metrics_fn"](results))
    except Exception as error:
        raise Wrong(f"{type(error).__name__}: {error}") from None
    if complaint:
        raise Wrong(complaint)
    if not _is_number(metrics.get("combined_score")):
        raise Wrong(f"combined_score is {metrics.get('combined_score')!r:.200}, not a finite number")
    return {
        "score": float(metrics["combined_score"]),
        "metrics": _numbers(metrics.get("public")),
        "private": _numbers(metrics.get("private")),
        "feedback": str(metrics.get("text_feedback") or ""),
    }


def _complaint(result):
    """What is wrong with a result; None for nothing."""
    validate = ASKED.get("validate_fn")
    if validate is None:
        return None
    said = validate(result)
    valid, why = said if isinstance(said, tuple) else (said, None)
    return None if valid else f"Validation failed: {why}"


def _is_number(value):
    return hasattr(value, "__float__") and not isinstance(value, bool) and math.isfinite(value)


def _numbers(found):
    named = found.items() if isinstance(found, dict) else ()
    return {str(name): float(value) for name, value in named if _is_number(value)}
