"""What single edits of heuristics are worth: `python benchmarks/fresh_expressions.py [DRAWS [OPERATOR ...]]`.

Edits the first programs of the session tasks and plays small instances with each child, in this process and without a
sandbox: the children are our own edits, and they import nothing. Prints, per task and operator, the share of children
that answer everything without an exception or NaN, how many different answers they gave per edit, the share better than
the first program, and the best score.
"""

import signal
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from shoal.propose._edit import edit

TASKS = Path(__file__).parent.parent / "src/shoal/tasks"
OPERATORS = ("replace", "grow", "insert", "rewrite", "term", "bonus", "add_and_delete", "any")
SECONDS = 5.0
SEED = 5
# Task -> entry, whether less is better, and what of an instance is played.
PLAYED: dict[str, tuple[str, bool, Callable[[Any], Any]]] = {
    "bin_packing_weibull": ("priority", True, lambda items: items[:500]),
    "tsp_constructive": ("next_city", True, lambda places: places[:50]),
    "cap_set_8": ("priority", False, lambda nothing: nothing),
    "job_shop_rule": ("priority", True, lambda shop: shop),
}


class Asked:
    """Answers a judge's questions by calling a function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, name: str, *arguments: Any) -> Any:
        answer = np.asarray(self._function(*(a.copy() if isinstance(a, np.ndarray) else a for a in arguments)))
        if answer.dtype.kind not in "iuf" or np.isnan(answer).any():
            raise ValueError("no number")
        return answer if answer.ndim else answer.item()

    def many(self, name: str, arguments: Iterable[Sequence[Any]]) -> list[Any]:
        return [self(name, *one) for one in arguments]


def main() -> None:
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    signal.signal(signal.SIGALRM, too_long)
    warnings.simplefilter("ignore")
    for task in PLAYED:
        source = (TASKS / task / "initial.py").read_text()
        start = played(task, source)
        assert start is not None
        print(f"{task}: starts at {start[0]:.4g}; share valid, new, better; best")
        for operator in sys.argv[2:] or OPERATORS:
            print(f"  {operator:16s} {survey(task, source, operator, draws, start)}", flush=True)


def survey(task: str, source: str, operator: str, draws: int, start: tuple[float, bytes]) -> str:
    """The figures of one operator."""
    entry, less, _ = PLAYED[task]
    request = {"source": source, "entry": [entry], "operator": operator}
    replies = [edit(request, np.random.default_rng(k)) for k in range(draws)]
    valid = [one for r in replies if "source" in r and (one := played(task, r["source"]))]
    new = {key for _, key in valid} - {start[1]}
    better = sum((score < start[0]) if less else (score > start[0]) for score, _ in valid)
    best = (min if less else max)(score for score, _ in [start, *valid])
    return f"{len(valid) / draws:6.3f} {len(new) / draws:6.3f} {better / draws:6.3f} {best:9.4g}"


def played(task: str, source: str) -> tuple[float, bytes] | None:
    """Score and answers of a program on one instance; None where it fails."""
    entry, _, small = PLAYED[task]
    judge = import_module(f"shoal.tasks.{task}.judge")
    names: dict[str, Any] = {"__name__": "candidate"}
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        exec(compile(source, "candidate", "exec"), names)
        instance = small(next(judge.instances("search", np.random.default_rng(SEED))))
        result = judge.play(instance, Asked(names[entry]))
    except Exception:
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
    return float(result["score"]), b"".join(parts(result["trace"]))


def parts(value: Any) -> Iterable[bytes]:
    """The bytes of a judge's trace, which tells answers apart."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from parts(inner)
    else:
        yield np.asarray(value).tobytes()


def too_long(signal_number: int, frame: object) -> None:
    raise TimeoutError


if __name__ == "__main__":
    main()
