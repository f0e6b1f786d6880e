"""The study as a task: a folder like any other, which `shoal run` could run too."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import numpy as np

from shoal.core.errors import UserError
from shoal.labs.evolve.improve._place import Place
from shoal.labs.evolve.improve._study import Cases
from shoal.sandbox import FrameError, frames

__all__ = ["write_goal", "write_task"]

CASES = "judge_data/cases.frames"
SEARCHED, VALIDATED, SEALED = 2, 4, 8
LEAST_SECONDS = 2.0

JUDGE = '''"""Judge of a timed function: the calls it is compared and timed by, and what counts as the same."""

from pathlib import Path

from shoal.behaviour import difference
from shoal.judging import Wrong
from shoal.sandbox import FrameLimits, frames

LIMITS = FrameLimits(max_bytes=1 << 28, max_depth=200, max_elements=1 << 26)
CASES = frames.decode((Path(__file__).parent / "judge_data" / "cases.frames").read_bytes(), limits=LIMITS)
TOLERANCE = {tolerance!r}  # of floats, relative


def instances(split, rng):
    """Yield cases of a split, in an order drawn anew; the first has calls to compare closely."""
    check = CASES["check"][split]
    yield from drawn(CASES["timed"][split], check, rng)


def transfer(family, rng):
    """Yield cases of another size."""
    yield from drawn(CASES["timed"][family], CASES["check"]["sealed"], rng)


def drawn(timed, check, rng):
    first = True
    while True:
        for k in rng.permutation(len(timed)).tolist():
            yield {{"calls": timed[k], "check": check if first else []}}
            first = False


def same(mine, right):
    """Raise unless two calls did the same: value, exception, changed arguments, printed text."""
    told = difference(mine, right, tolerance=TOLERANCE)
    if told:
        raise Wrong(told)
'''

GOAL = '''"""Judge of a function by its owner's own number: {goal} over what it returns, on data held apart."""

import sys
from importlib import import_module
from pathlib import Path

from shoal.behaviour import revive
from shoal.judging import Wrong
from shoal.sandbox import FrameLimits, frames

HERE = Path(__file__).parent
LIMITS = FrameLimits(max_bytes=1 << 28, max_depth=200, max_elements=1 << 26)
CALLS = frames.decode((HERE / "judge_data" / "cases.frames").read_bytes(), limits=LIMITS)
sys.path.insert(0, str(HERE / "data" / {path!r}))
number = getattr(import_module({module!r}), {function!r})


def instances(split, rng):
    """Yield calls of a split, in an order drawn anew."""
    while True:
        for k in rng.permutation(len(CALLS[split])).tolist():
            yield CALLS[split][k]


def arguments(instance):
    """Return what the function is called with, all by place."""
    return list(revive(instance)[0])


def score(instance, output):
    """Return the number; what it raises says that the answer is no good."""
    try:
        return float(number(output, *revive(instance)[0]))
    except Exception as error:
        raise Wrong(f"{{type(error).__name__}}: {{error}}")
'''

SETTINGS = """name = {name}
kind = "timed"
measured = true
description = {description}

[program]
file = "initial.py"
entry = [{function}]
region = {region}
warm = {warm}
module = {module}
path = [{path}]

[score]
direction = "min"
range = [0.0, 1e9]
baseline = 100.0
name = "CPU time"
unit = "%"

[instances]
search = {search}
validation = {validation}
sealed = {sealed}
transfer = {transfer}

[limits]
cpu_seconds = {seconds}
memory_mb = 2048
"""


def write_task(
    folder: Path,
    place: Place,
    source: bytes,
    cases: Cases,
    *,
    region: list[str],
    warm: list[str],
    tolerance: float,
) -> None:
    """Write task.toml, judge.py, initial.py and the cases into ``folder``, where the project's copy is already."""
    families = [label for label in cases.timed if label.startswith("x")]
    settings = SETTINGS.format(
        name=json.dumps(task_name(place)),
        description=json.dumps(f"Make {place.spec} take less CPU time, and do exactly what it does."),
        function=json.dumps(place.function),
        region=json.dumps(region),
        warm=json.dumps(warm),
        module=json.dumps(place.module),
        path=json.dumps(place.imported_from),
        search=min(SEARCHED, len(cases.timed["search"])),
        validation=VALIDATED,
        sealed=SEALED,
        transfer=json.dumps(families),
        seconds=round(max(LEAST_SECONDS, 4 * cases.seconds + 1.0), 1),
    )
    data = {"check": cases.check, "timed": cases.timed}
    _write(folder, source, data, judge=JUDGE.format(tolerance=tolerance), settings=settings)


GOAL_SETTINGS = """name = {name}
kind = "call"
description = {description}

[program]
entry = [{function}]
region = {region}
warm = {warm}
module = {module}
path = [{path}]

[score]
direction = "max"
range = [-1e300, 1e300]
name = {goal}

[instances]
search = {search}
validation = {validation}
sealed = {sealed}

[limits]
cpu_seconds = 10.0
judge_cpu_seconds = 120.0
memory_mb = 2048
"""
LEAST_CALLS = 8
MOST_OF_A_TRIAL = 16


def write_goal(
    folder: Path,
    place: Place,
    source: bytes,
    calls: list[Any],
    goal: Place,
    *,
    region: list[str],
    warm: list[str],
    rng: np.random.Generator,
) -> None:
    """Write a task whose score is the number ``goal``, a function of the project, over the outputs of ``calls``.

    Half of the calls are searched on, a quarter each chooses and is sealed. Raises `UserError` for fewer than 8.
    """
    if len(calls) < LEAST_CALLS:
        raise UserError(
            f"{len(calls)} calls of {place.spec} are known, and {LEAST_CALLS} is the least to hold some back: "
            "give more with --examples FILE.jsonl"
        )
    calls = _by_place(place, source, calls)
    order = rng.permutation(len(calls)).tolist()
    cuts = {"search": order[: len(order) // 2], "validation": order[len(order) // 2 : 3 * len(order) // 4]}
    cuts["sealed"] = order[3 * len(order) // 4 :]
    shared = {split: [calls[k] for k in chosen] for split, chosen in cuts.items()}
    counts = {split: min(MOST_OF_A_TRIAL, len(chosen)) for split, chosen in shared.items()}
    counts["sealed"] = len(shared["sealed"])
    settings = GOAL_SETTINGS.format(
        name=json.dumps(task_name(place)),
        description=json.dumps(f"Change {place.spec} so that {goal.spec} of what it returns grows."),
        function=json.dumps(place.function),
        region=json.dumps(region),
        warm=json.dumps(warm or ["numpy"]),
        module=json.dumps(place.module),
        path=json.dumps(place.imported_from),
        goal=json.dumps(goal.function[:60]),
        **counts,
    )
    judge = GOAL.format(goal=goal.spec, path=place.imported_from, module=goal.module, function=goal.function)
    _write(folder, source, shared, judge=judge, settings=settings)


def _by_place(place: Place, source: bytes, calls: list[Any]) -> list[Any]:
    """The calls with no argument given by its name; `UserError` where one has no place to go to."""
    found = next(
        one for one in ast.parse(source).body if isinstance(one, ast.FunctionDef) and one.name == place.function
    )
    names = [one.arg for one in (*found.args.posonlyargs, *found.args.args)]
    moved = []
    for call in calls:
        args, (given, values) = call["tuple"][0]["tuple"], call["tuple"][1]["dict"]
        by_name = dict(zip(given, values, strict=True))
        wanted = names[len(args) : len(args) + len(by_name)]
        if set(wanted) != set(by_name):
            raise UserError(
                f"{place.spec}: with --goal, arguments go by place, and {', '.join(by_name)} cannot: "
                "give calls with --examples that leave none out before it"
            )
        moved.append({"tuple": [{"tuple": [*args, *(by_name[name] for name in wanted)]}, {"dict": [[], []]}]})
    return moved


def _write(folder: Path, source: bytes, data: Any, *, judge: str, settings: str) -> None:
    try:
        cases = frames.encode(data)
    except FrameError as error:
        raise UserError(f"the calls cannot be kept: {error}") from None
    file = folder / CASES
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(cases)
    (folder / "initial.py").write_bytes(source)
    (folder / "judge.py").write_text(judge)
    (folder / "task.toml").write_text(settings)


def task_name(place: Place) -> str:
    """The function's name as tasks are called."""
    name = "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in place.function.lower())
    return f"improve_{name}"[:60]
