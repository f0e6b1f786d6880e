"""`shoal tasks`, `shoal new`, `shoal convert`, `shoal evaluate`."""

from __future__ import annotations

import json as codec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shoal.cli._table import print_table
from shoal.cli._trouble import DONE, FAILED
from shoal.core.canonical import plain
from shoal.core.errors import UserError
from shoal.core.untrusted import untrusted
from shoal.report import _words
from shoal.tasks import Task, load, names, scaffold

if TYPE_CHECKING:
    from shoal.core.values import Outcome
    from shoal.labs.evolve import Converted

__all__ = ["convert", "evaluate", "listing", "new"]


def listing(*, json: bool) -> int:
    """Print the tasks; one that cannot be loaded is listed with the reason."""
    loaded: list[Task] = []
    broken: list[str] = []
    for name in names():
        try:
            loaded.append(load(name))
        except UserError as error:
            broken.append(f"{name}: {error}")
    if json:
        print(codec.dumps([_task_data(task) for task in loaded]))
        return DONE
    rows = [(task.name, task.kind, _aim(task), _words.score(task.score.best_known), _first(task)) for task in loaded]
    print_table(("task", "kind", "aim", "best known", "what it asks"), rows)
    for line in broken:
        print(f"cannot be loaded: {untrusted(line)}")
    print("\nrun one: shoal run TASK    write your own: shoal new DIR")
    return DONE


def _aim(task: Task) -> str:
    return f"{'highest' if task.score.direction == 'max' else 'lowest'} {task.score.name}"


def _first(task: Task) -> str:
    """The first sentence of the description, or what must stand beside every score."""
    if task.kind == "self_scored":
        return _words.SELF_SCORED
    return untrusted(task.description.split(". ")[0].rstrip("."), limit=90)


def _task_data(task: Task) -> dict[str, Any]:
    return {
        "task": task.name,
        "kind": task.kind,
        "label": _label(task),
        "description": task.description,
        "folder": str(task.folder),
        "direction": task.score.direction,
        "score_name": task.score.name,
        "best_known": task.score.best_known,
        "digest": task.digest,
    }


def _label(task: Task) -> str | None:
    return _words.SELF_SCORED if task.kind == "self_scored" else None


def new(folder: Path) -> int:
    """Write the example task and say what to do with it."""
    written = scaffold(folder)
    for path in written:
        print(f"wrote {path}")
    place = folder if len(folder.parts) > 1 or folder.is_absolute() else Path(".") / folder
    shown = str(place) if place.is_absolute() or str(place).startswith("..") else f"./{place}"
    print(f"\nit runs as it is: shoal run {shown} --seconds 20")
    print("then change judge.py (what is good), initial.py (where to start), task.toml (limits, names)")
    print(f"and see whether your judge can be fooled: shoal check {shown}")
    return DONE


def convert(folder: Path, *, out: Path | None) -> int:
    """Split a ported folder into program and judge, and say what to do next."""
    import anyio

    from shoal.labs.evolve import convert as split

    async def go() -> Converted:
        return await split(f"{folder}/", out=out)

    made = anyio.run(go)
    for name in made.files:
        print(f"wrote {made.folder / name}")
    print(f"\na {made.kind} task: program and judge run apart, and the first program scores {made.score:.8g} as before")
    print(f"make score.range in {made.folder / 'task.toml'} tight, and see whether the judge can be fooled:")
    print(f"shoal check {made.folder}")
    return DONE


def evaluate(name: str, program: Path, *, split: str, draw: int, json: bool) -> int:
    """Measure one program; exit code 1 when it gets no score."""
    import anyio

    from shoal.labs.evolve import evaluate_program

    task = load(name)

    async def go() -> Outcome:
        return await evaluate_program(name, program, split=split, draw=draw)

    outcome = anyio.run(go)
    sign = -1 if task.score.direction == "min" else 1
    value = None if outcome.score is None else sign * outcome.score + 0.0
    if json:
        print(codec.dumps({"task": task.name, "label": _label(task), "value": value, "outcome": plain(outcome)}))
    else:
        _print_outcome(task, outcome, value)
    return DONE if value is not None else FAILED


def _print_outcome(task: Task, outcome: Outcome, value: float | None) -> None:
    if value is None:
        print(f"{task.name}: no score ({outcome.status})")
    else:
        print(f"{task.name}: {task.score.name} {_words.score(value, unit=task.score.unit)}")
    if (label := _label(task)) is not None:
        print(label)
    if outcome.feedback:
        print(untrusted(outcome.feedback, limit=2_000, lines=20))
    for name, number in sorted(outcome.metrics.items()):
        print(f"  {untrusted(name, limit=60)}: {_words.score(number)}")
    failed = [one for one in outcome.per_instance if one.status != "ok"]
    if len(outcome.per_instance) > 1:
        print(f"  {len(outcome.per_instance)} instances, {len(failed)} failed")
    measured = outcome.measured
    print(f"  {_words.duration(measured.wall_seconds)}, isolation level {measured.isolation_level}")
