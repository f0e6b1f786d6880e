"""The study as a task: a folder like any other, which `shoal run` could run too."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from shoal.core.errors import UserError
from shoal.labs.evolve.improve._place import Place
from shoal.labs.evolve.improve._study import Cases
from shoal.sandbox import FrameError, frames

__all__ = ["Subject", "write_goal", "write_task"]

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
            yield {{"calls": written(timed[k]), "check": written(check) if first else []}}
            first = False


def written(calls):
    """The calls as they lie in the file, to be sent and never read here."""
    return [frames.Written(call) for call in calls]


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
description = {description}
{kind}

[program]
file = "initial.py"
entry = [{function}]
region = {region}
warm = {warm}
module = {module}
path = [{path}]

[score]
{score}

[instances]
search = {search}
validation = {validation}
sealed = {sealed}
{instances}

[limits]
memory_mb = 2048
{limits}
"""
TIMED_SCORE = """direction = "min"
range = [0.0, 1e9]
baseline = 100.0
name = "CPU time"
unit = "%"
"""
GOAL_SCORE = """direction = "max"
range = [-1e300, 1e300]
name = {goal}
"""
LEAST_CALLS = 8
MOST_OF_A_TRIAL = 16


@dataclass(frozen=True, slots=True)
class Subject:
    """The function as the editor sees it: its module, what of it may change, and its parameters that go by place."""

    source: bytes
    region: list[str]
    warm: list[str]
    places: list[str]


def write_task(folder: Path, place: Place, subject: Subject, cases: Cases, *, tolerance: float) -> None:
    """Write task.toml, judge.py, initial.py and the cases into ``folder``, where the project's copy is already."""
    families = [label for label in cases.timed if label.startswith("x")]
    seconds = round(max(LEAST_SECONDS, 4 * max(cases.seconds, cases.checking) + 1.0), 1)
    settings = _settings(
        place,
        subject,
        description=f"Make {place.spec} take less CPU time, and do exactly what it does.",
        kind='kind = "timed"\nmeasured = true',
        warm=subject.warm,
        score=TIMED_SCORE,
        counts={"search": min(SEARCHED, len(cases.timed["search"])), "validation": VALIDATED, "sealed": SEALED},
        instances=f"transfer = {json.dumps(families)}",
        limits=f"cpu_seconds = {seconds}",
    )
    data = {
        "check": {split: [call.data for call in calls] for split, calls in cases.check.items()},
        "timed": {split: [[call.data for call in calls] for calls in lists] for split, lists in cases.timed.items()},
    }
    _write(folder, subject.source, data, judge=JUDGE.format(tolerance=tolerance), settings=settings)


def write_goal(
    folder: Path, place: Place, subject: Subject, calls: list[Any], goal: Place, *, rng: np.random.Generator
) -> None:
    """Write a task whose score is the number ``goal``, a function of the project, over the outputs of ``calls``.

    Half of the calls are searched on, a quarter each chooses and is sealed. Raises `UserError` for fewer than 8.
    """
    if len(calls) < LEAST_CALLS:
        raise UserError(
            f"{len(calls)} calls of {place.spec} are known, and {LEAST_CALLS} is the least to hold some back: "
            "give more with --examples FILE.jsonl"
        )
    calls = _by_place(place, subject.places, calls)
    order = rng.permutation(len(calls)).tolist()
    cuts = {"search": order[: len(order) // 2], "validation": order[len(order) // 2 : 3 * len(order) // 4]}
    cuts["sealed"] = order[3 * len(order) // 4 :]
    shared = {split: [calls[k] for k in chosen] for split, chosen in cuts.items()}
    counts = {split: min(MOST_OF_A_TRIAL, len(chosen)) for split, chosen in shared.items()}
    settings = _settings(
        place,
        subject,
        description=f"Change {place.spec} so that {goal.spec} of what it returns grows.",
        kind='kind = "call"',
        warm=subject.warm or ["numpy"],
        score=GOAL_SCORE.format(goal=json.dumps(goal.function[:60])),
        counts=counts | {"sealed": len(shared["sealed"])},
        limits="cpu_seconds = 10.0\njudge_cpu_seconds = 120.0",
    )
    judge = GOAL.format(goal=goal.spec, path=place.imported_from, module=goal.module, function=goal.function)
    _write(folder, subject.source, shared, judge=judge, settings=settings)


def _settings(
    place: Place,
    subject: Subject,
    *,
    description: str,
    kind: str,
    warm: list[str],
    score: str,
    counts: dict[str, int],
    instances: str = "",
    limits: str,
) -> str:
    return SETTINGS.format(
        name=json.dumps(task_name(place)),
        description=json.dumps(description),
        kind=kind,
        function=json.dumps(place.function),
        region=json.dumps(subject.region),
        warm=json.dumps(warm),
        module=json.dumps(place.module),
        path=json.dumps(place.imported_from),
        score=score.rstrip(),
        instances=instances,
        limits=limits,
        **counts,
    )


def _by_place(place: Place, names: list[str], calls: list[Any]) -> list[Any]:
    """The calls with no argument given by its name; `UserError` where one has no place to go to."""
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
