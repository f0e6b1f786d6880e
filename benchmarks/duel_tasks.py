"""The tasks of `duel.py`: built-in tasks written as the task folders that ShinkaEvolve and OpenEvolve document.

The program, its marks, the judge and the limit of CPU time are the same in both; the evaluator is one file, because
ShinkaEvolve copies it elsewhere. Each evaluation is a Python process of its own that imports numpy and nothing of a
framework. The score is the share of the best value known, above 0 for every valid answer and 0 for none, so that no
failure beats an honest answer anywhere.
"""

from __future__ import annotations

import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

__all__ = ["OPENEVOLVE", "SHINKA", "description_of", "write_folder"]

SHINKA, OPENEVOLVE = "shinka", "openevolve"

SCORING = '''
# -- the score of a program, in a process of its own ----------------------------------------------------------------

import json
import resource
import runpy
import sys

ENTRY = {entry!r}
ANSWERS = {answers!r}
BEST, LOWER_IS_BETTER = {best!r}, {lower!r}
CPU_SECONDS = {cpu!r}


def scored(path):
    """Return the share of the best value known, what is wrong, metrics and feedback of the program in a file."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    try:
        found = score(None, declared(runpy.run_path(path)[ENTRY]()))
    except Exception as error:
        return {{"score": 0.0, "error": f"{{type(error).__name__}}: {{error}}", "metrics": {{}}, "feedback": ""}}
    value = float(found["score"])
    share = BEST / value if LOWER_IS_BETTER else value / BEST
    return {{"score": share, "error": None, "metrics": found["metrics"], "feedback": found["feedback"]}}


def declared(output):
    """The answer as arrays of the declared shapes and bounds."""
    parts = sequence(output, length=len(ANSWERS)) if len(ANSWERS) > 1 else [output]
    arrays = []
    for part, (name, shape, low, high) in zip(parts, ANSWERS):
        found = array(part, shape=shape, name=name)
        if (low is not None and (found < low).any()) or (high is not None and (found > high).any()):
            raise Wrong(f"{{name}}: every number must lie in [{{low}}, {{high}}]")
        arrays.append(found)
    return arrays if len(arrays) > 1 else arrays[0]
'''

EVALUATE = '''

def main():
    """As ShinkaEvolve runs it: `python evaluate.py --program_path P --results_dir D` leaves two files in D."""
    import argparse
    from pathlib import Path

    parser = argparse.ArgumentParser()
    parser.add_argument("--program_path", default="initial.py")
    parser.add_argument("--results_dir", default="results")
    given = parser.parse_args()
    found = scored(given.program_path)
    results = Path(given.results_dir)
    results.mkdir(parents=True, exist_ok=True)
    metrics = {"combined_score": found["score"], "public": found["metrics"], "text_feedback": found["feedback"]}
    (results / "metrics.json").write_text(json.dumps(metrics))
    correct = {"correct": found["error"] is None, "error": found["error"]}
    (results / "correct.json").write_text(json.dumps(correct))


if __name__ == "__main__":
    main()
'''

EVALUATOR = '''

def evaluate(program_path):
    """As OpenEvolve calls it: metrics and artifacts. A program that never ends must not hold up this process."""
    import os
    import subprocess

    from openevolve.evaluation_result import EvaluationResult

    words = [sys.executable, os.path.abspath(__file__), program_path]
    ran = subprocess.run(words, capture_output=True, text=True)
    if ran.returncode:
        told = ran.stderr[-500:] or f"ended by {ran.returncode}"
        return EvaluationResult(metrics={"combined_score": 0.0}, artifacts={"error": told})
    found = json.loads(ran.stdout.splitlines()[-1])
    text = {"error": found["error"]} if found["error"] else {"feedback": found["feedback"]}
    return EvaluationResult(metrics={"combined_score": found["score"], **found["metrics"]}, artifacts=text)


if __name__ == "__main__":
    print(json.dumps(scored(sys.argv[1])))
'''


def write_folder(task: str, folder: Path, *, form: str) -> Path:
    """Write a built-in task of one fixed instance and one entry as a folder of ShinkaEvolve or OpenEvolve.

    Args:
        task: its name, for instance "circle_packing_26".
        folder: where to; it must not exist.
        form: `SHINKA` or `OPENEVOLVE`.

    Raises:
        ValueError: the task is of another kind, or has several instances.
    """
    home, table = _task(task)
    if table["kind"] != "call" or not table.get("instances", {}).get("fixed") or len(table["program"]["entry"]) != 1:
        raise ValueError(f"{task}: only tasks that call one function once, on a fixed instance, can be written so")
    score = table["score"]
    answers = [
        (one["name"], tuple(None if n < 0 else n for n in one["shape"]), one.get("low"), one.get("high"))
        for one in table["answer"]
    ]
    scoring = SCORING.format(
        entry=table["program"]["entry"][0],
        answers=answers,
        best=score["best_known"],
        lower=score["direction"] == "min",
        cpu=int(table["limits"]["cpu_seconds"]),
    )
    judge = (home / "judge.py").read_text().replace("from shoal.judging import Wrong\n", "")
    text = f"{judge}\n\n{(_shoal() / 'judging.py').read_text()}\n{scoring}"
    folder.mkdir(parents=True)
    program, evaluator = ("initial.py", "evaluate.py") if form == SHINKA else ("initial_program.py", "evaluator.py")
    marked = f"# EVOLVE-BLOCK-START\n{(home / 'initial.py').read_text()}# EVOLVE-BLOCK-END\n"
    (folder / program).write_text(marked)
    (folder / evaluator).write_text(text + (EVALUATE if form == SHINKA else EVALUATOR))
    return folder


def description_of(task: str) -> str:
    """What is asked for, as the built-in task says it."""
    return " ".join(_task(task)[1]["description"].split())


def _task(name: str) -> tuple[Path, dict[str, Any]]:
    home = _shoal() / "tasks" / name
    return home, tomllib.loads((home / "task.toml").read_text())


def _shoal() -> Path:
    spec = find_spec("shoal")
    assert spec is not None and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])
