"""`shoal.evolve`: a program and a judge from Python, also from a notebook's running event loop."""

from __future__ import annotations

import ast
import asyncio
import hashlib
import inspect
import json
import textwrap
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from shoal.core.budget import Budget
from shoal.core.errors import UserError
from shoal.core.loop import Stop
from shoal.labs.evolve._config import RunConfig, load_config
from shoal.labs.evolve._run import Finished, start

__all__ = ["Evolved", "evolve"]

PRELUDE = (
    "import math\n\nimport numpy as np\n\nfrom shoal.judging import Wrong, array, integer, number, permutation\n\n"
)


@dataclass(frozen=True, slots=True)
class Evolved:
    """What came of it: ``source`` is the best program, scores are the judge's own (natural) values."""

    source: str
    best_score: float | None
    initial_score: float | None
    finished: Finished

    @property
    def report(self) -> Path:
        """The folder with the report, the pictures and the program."""
        return self.finished.folder.report


def evolve(
    program: str | Path | Callable[..., Any],
    judge: str | Path | Callable[..., float],
    *,
    budget: Budget | int | None = None,
    direction: Literal["max", "min"] = "max",
    instances: Callable[..., Any] | None = None,
    score_range: tuple[float, float] = (-1e300, 1e300),
    name: str = "evolved",
    seed: int | None = None,
    out: str | Path = "runs",
    **settings: Any,
) -> Evolved:
    """Improve ``program`` as measured by ``judge``, and write a run and a report under ``out``.

    Args:
        program: a function, or source text, or the path of a file. A function must be self-contained: what it uses
            it imports itself, or is `math` and `np`. Its name is the entry the judge's side calls.
        judge: a self-contained function ``judge(output) -> float`` (or ``judge(instance, output)`` together with
            ``instances``), or the path of a ``judge.py``, see the task contract. It runs in its own process.
        budget: a `Budget`, or a number of evaluations; 60 seconds when left out.
        direction: whether higher ("max") or lower ("min") scores are better.
        instances: ``instances(split, rng)`` yields what the program is called with; without it, it is called with
            nothing and there is one fixed instance.
        score_range: scores outside are refused as forged.
        name: what the task is called.
        seed: of everything the run draws; without one it gets a random one, which the record has.
        settings: further keys of `RunConfig` (window, workers, search=..., target=...).

    Raises `UserError` for a mistake in any of these; works where an event loop is already running.
    """
    folder = _task_folder(program, judge, instances, direction, score_range, name=name, out=Path(out))
    limits = _limits(budget)
    given = {key: getattr(limits, key) for key in Budget.__slots__}
    config: RunConfig = load_config(None, {**given, "task": str(folder), "seed": seed, "out": Path(out), **settings})
    stop = Stop()
    done = _run_anywhere(start(config, stop=stop), stop)
    best = done.folder.report / "best.py"
    return Evolved(best.read_text() if best.exists() else "", done.best_score, done.initial_score, done)


def _limits(budget: Budget | int | None) -> Budget:
    if budget is None:
        return Budget(seconds=60.0)
    if isinstance(budget, Budget):
        return budget
    if type(budget) is not int:
        raise UserError(f"budget = {budget!r}: hand in a number of evaluations or a shoal.Budget")
    return Budget(evaluations=budget)


def _run_anywhere(work: Coroutine[Any, Any, Finished], stop: Stop) -> Finished:
    """Run to the end here, or in a thread with a loop of its own where this one is taken."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    box: list[Finished | BaseException] = []

    def body() -> None:
        try:
            box.append(asyncio.run(work))
        except BaseException as error:
            box.append(error)

    thread = threading.Thread(target=body, name="shoal-evolve")
    thread.start()
    try:
        thread.join()
    except BaseException:  # Ctrl-C in a notebook: the run must not go on behind its back
        stop.now = True
        thread.join()
        raise
    if isinstance(box[0], BaseException):
        raise box[0]
    return box[0]


def _task_folder(
    program: str | Path | Callable[..., Any],
    judge: str | Path | Callable[..., float],
    instances: Callable[..., Any] | None,
    direction: str,
    score_range: tuple[float, float],
    *,
    name: str,
    out: Path,
) -> Path:
    """Write the task as files, under a name that its content decides, so that `shoal resume` finds it again."""
    initial, entry = _program(program)
    files = {
        "initial.py": initial,
        "judge.py": _judge(judge, instances),
        "task.toml": _settings(name, entry, direction, score_range, fixed=instances is None and callable(judge)),
    }
    digest = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:10]
    folder = out / "tasks" / f"{name}-{digest}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            (folder / file).write_text(text)
    except OSError as error:
        raise UserError(
            f"cannot write the task to {folder}: {error.strerror}; choose another folder with out="
        ) from None
    return folder.resolve()


def _settings(name: str, entry: str, direction: str, score_range: tuple[float, float], *, fixed: bool) -> str:
    try:
        low, high = map(float, score_range)
    except (TypeError, ValueError):
        raise UserError(f"score_range = {score_range!r}: write (lowest, highest)") from None
    return (
        f'name = {json.dumps(name)}\nkind = "call"\ndescription = "Made by shoal.evolve."\n\n'
        f"[program]\nentry = [{json.dumps(entry)}]\n\n"
        f'[score]\ndirection = "{direction}"\nrange = [{low!r}, {high!r}]\n\n'
        f"[instances]\nfixed = {str(fixed).lower()}\n"
    )


def _program(program: str | Path | Callable[..., Any]) -> tuple[str, str]:
    """The initial source and the name of its entry: the function itself, or the last one a text defines."""
    if callable(program):
        return "import math\n\nimport numpy as np\n\n\n" + _source(program), program.__name__
    text = _text(program, "program")
    try:
        names = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    except SyntaxError as error:
        raise UserError(f"the program has a syntax error in line {error.lineno}: {error.msg}") from None
    except ValueError as error:
        raise UserError(f"the program is not Python source: {error}") from None
    if not names:
        raise UserError("the program defines no function: its last function is what the judge calls")
    return text, names[-1]


def _judge(judge: str | Path | Callable[..., float], instances: Callable[..., Any] | None) -> str:
    if not callable(judge):
        return _text(judge, "judge")
    takes = len(inspect.signature(judge).parameters)
    if takes not in (1, 2) or (takes == 2) != (instances is not None):
        raise UserError(
            f"judge {judge.__name__} takes {takes} arguments: write judge(output), "
            "or judge(instance, output) together with instances="
        )
    parts = [PRELUDE, _source(judge)]
    if instances is None:
        parts.append("\n\ndef instances(split, rng):\n    yield None\n")
    else:
        parts.append(f"\n\n{_source(instances)}")
        if instances.__name__ != "instances":
            parts.append(f"\n\ndef instances(split, rng):\n    yield from {instances.__name__}(split, rng)\n")
    if judge.__name__ != "score" or takes == 1:
        call = "_judged(output)" if takes == 1 else "_judged(instance, output)"
        parts.append(f"\n\n_judged = {judge.__name__}\n\n\ndef score(instance, output):\n    return {call}\n")
    return "".join(parts)


def _source(function: Callable[..., Any]) -> str:
    try:
        text = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError):
        raise UserError(f"the source of {function!r} cannot be found; hand in source text or a file") from None
    if not text.startswith("def "):
        raise UserError(f"{function.__name__} must be a plain `def` function, so that its source stands by itself")
    return text


def _text(source: str | Path, what: str) -> str:
    if isinstance(source, str) and "\n" in source:
        return source
    if not isinstance(source, (str, Path)):
        raise UserError(f"the {what} must be a function, source text or the path of a file, not {source!r}")
    try:
        return Path(source).read_text()
    except OSError as error:
        raise UserError(f"cannot read the {what} {source}: {error.strerror}") from None
    except ValueError as error:  # not UTF-8, or no path at all
        raise UserError(f"cannot read the {what} {str(source)[:200]!r}: {error}") from None
