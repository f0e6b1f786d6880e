"""Makes a task with a judge of its own out of a folder of ShinkaEvolve: what can be known without running it."""

import ast
import json
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from shoal.tasks._ported import OPENEVOLVE, SHINKA, form_of
from shoal.tasks._task import Task, TaskError

__all__ = ["Asked", "check_convertible", "write_converted"]

_JUDGE = Path(__file__).parent / "_template" / "converted_judge.py"
_OF_KIND = {"call": ("arguments", "score"), "session": ("play",)}
HELPER = b"run_shinka_eval"
BESIDE = "beside"  # the folder of data/ with the modules that the program imports
BY_HAND = "by hand: `shoal new DIR`, and write its judge.py so that it scores what the program returns"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an evaluator asks of its helper: the program's function, how often it is called, if it gives a tuple."""

    function: str
    runs: int
    tuples: bool

    @property
    def kind(self) -> str:
        """One call is a "call" task; several share a process, as they do in the folder, so they are a "session"."""
        return "call" if self.runs == 1 else "session"


def check_convertible(task: Task) -> None:
    """Raise `TaskError`, one line with the reason and what to do by hand, for a folder that cannot be converted."""
    where = task.folder
    if task.kind != "self_scored":
        raise TaskError(f"{where} is a task with a judge of its own already: there is nothing to convert")
    if form_of(where) is OPENEVOLVE:
        why = "its evaluator.py loads the program itself, so what the program returns never comes by as data"
        raise TaskError(f"{where} cannot be converted: {why}; {BY_HAND}")
    if HELPER not in (where / SHINKA.evaluator).read_bytes():
        why = f"its {SHINKA.evaluator} does not use run_shinka_eval, so it cannot be told where program and judge part"
        raise TaskError(f"{where} cannot be converted: {why}; {BY_HAND}")
    if not task.program.file.endswith(".py"):
        raise TaskError(f"{where} cannot be converted: {task.program.file} is not Python; {BY_HAND}")


def write_converted(task: Task, asked: Asked, folder: Path) -> tuple[str, ...]:
    """Write the task into a new folder and return the names of its files. Raises `TaskError`.

    All that lies beside the program is the judge's. Modules that the program imports are the program's too, in a copy
    of its own: it had them before, and what it does to them reaches no judge.
    """
    parameters, imported = _parameters(task, asked.function), _imported(task)
    (folder / "judge_data").mkdir(parents=True)
    (folder / "initial.py").write_bytes(task.initial)
    (folder / "judge.py").write_text(_judge(asked, parameters), encoding="utf-8")
    (folder / "task.toml").write_text(_settings(task, asked, alone=not imported), encoding="utf-8")
    others = [name for name in task.manifest if name not in (task.program.file, "task.toml")]
    for place, names in (("judge_data", others), (f"data/{BESIDE}", imported)):
        for name in names:
            (folder / place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(task.folder / name, folder / place / name)
    return tuple(sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()))


def _imported(task: Task) -> list[str]:
    """The files of modules beside the program that it imports, and of those that they import; never the evaluator."""
    found: dict[str, None] = {}
    due = [task.initial]
    while due:
        for module in _modules(due.pop()):
            for name in task.manifest:
                mine = name == f"{module}.py" or name.startswith(f"{module}/")
                if mine and name not in (*found, SHINKA.evaluator, task.program.file):
                    found[name] = None
                    due += [(task.folder / name).read_bytes()] if name.endswith(".py") else []
    return list(found)


def _modules(source: bytes) -> set[str]:
    """The first names of all that a text imports; nothing of a text that is no Python."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError):
        return set()
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    froms = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    return {name.split(".")[0] for name in plain | froms}


def _parameters(task: Task, function: str) -> tuple[str, ...]:
    """The names of the function's parameters, in order."""
    for node in ast.parse(task.initial).body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return tuple(one.arg for one in (*node.args.posonlyargs, *node.args.args))
    raise TaskError(f"{task.folder / task.program.file}: has no function {function} at top level; {BY_HAND}")


def _judge(asked: Asked, parameters: tuple[str, ...]) -> str:
    others = {name for kind, names in _OF_KIND.items() if kind != asked.kind for name in names}
    text = _without(_JUDGE.read_text(encoding="utf-8"), others)
    for before, after in (
        ('FUNCTION = "function"', f"FUNCTION = {json.dumps(asked.function)}"),
        ('PARAMETERS = ("names",)', f"PARAMETERS = {parameters!r}"),
        ("TUPLES = False", f"TUPLES = {asked.tuples}"),
    ):
        text = text.replace(before, after, 1)
    return text


def _without(text: str, names: Collection[str]) -> str:
    """The text without some of its functions, and the empty lines before them."""
    lines = text.splitlines(keepends=True)
    for node in reversed(ast.parse(text).body):
        if isinstance(node, ast.FunctionDef) and node.name in names:
            del lines[node.lineno - 3 : node.end_lineno]
    return "".join(lines)


def _settings(task: Task, asked: Asked, *, alone: bool) -> str:
    low, high = task.score.range
    path = "" if alone else f"path = [{json.dumps(BESIDE)}]\n"
    limits = task.limits
    return (
        f"name = {json.dumps(task.name)}\n"
        f'kind = "{asked.kind}"\n'
        f"description = {json.dumps(f'Made of the folder {task.folder.name} of ShinkaEvolve by shoal convert.')}\n"
        f"measured = {str(task.measured).lower()}\n\n"
        f"[program]\nentry = [{json.dumps(asked.function)}]\nregion = {json.dumps(task.program.region)}\n{path}\n"
        f'[score]\ndirection = "max"\nrange = [{low!r}, {high!r}]  # make it tight: a forged score must pass it\n\n'
        "[instances]\nfixed = true  # judge_data/evaluate.py has its own, always the same\n\n"
        f"[limits]\ncpu_seconds = {limits.cpu_seconds!r}\nwall_seconds = {limits.wall_seconds!r}\n"
        f"memory_mb = {limits.memory_mb}\n"
    )
