"""Task folders of ShinkaEvolve and OpenEvolve, as they are: what is recognised, what is missing, and the task it makes.

Program and evaluator share a process there, so such a task is "self_scored" whatever else is known about it.
"""

import ast
import math
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from shoal.evaluate import ported
from shoal.syntax import SourceError, region
from shoal.tasks._files import check_unchanged, manifest_of, read_source
from shoal.tasks._names import name_of
from shoal.tasks._source import MARKED_LINE, check_initial
from shoal.tasks._task import Task, TaskError
from shoal.tasks._yaml import values_below

__all__ = ["OPENEVOLVE", "SHINKA", "Form", "entries_of", "form_of", "load_ported"]

MOST_SCORE = 1e300
CPU_SECONDS, MEMORY_MB = 60.0, 4096
THRESHOLDS = (0.5, 0.75, 0.9)  # where a folder has stages and its config.yaml names none
OUTPUTS = re.compile(r"runs|compare|openevolve_output|results?([_.-].*)?")  # folders that are written to, not read
CONFIGS = ("config.yaml", "config.yml")


@dataclass(frozen=True, slots=True)
class Form:
    """A shape of folder: whose it is, the evaluator, and the program's name without what comes after the dot."""

    project: str
    evaluator: str
    stem: str


SHINKA = Form("ShinkaEvolve", "evaluate.py", "initial")
OPENEVOLVE = Form("OpenEvolve", "evaluator.py", "initial_program")


def form_of(folder: Path) -> Form | None:
    """Whose folder this is, by the names of its files; None for neither's. It may still lack something."""
    scores = {
        form: 2 * (folder / form.evaluator).is_file() + bool(_programs(folder, form)) for form in (OPENEVOLVE, SHINKA)
    }
    if scores[SHINKA] == 1 and not _is_half(folder):
        scores[SHINKA] = 0
    form = max(scores, key=lambda one: scores[one])
    return form if scores[form] else None


def load_ported(folder: Path, table: Mapping[str, Any]) -> Task:
    """The task that a recognised folder makes. ``table`` is its own task.toml, where it has one; it may be empty.

    Raises:
        TaskError: a file is missing or cannot be used; a setting is wrong.
    """
    # Imported here: pydantic costs a tenth of a second, and most of this package is used without it.
    from shoal.tasks._settings import parse

    form = form_of(folder)
    if form is None:
        raise TaskError(
            f'{folder}: kind = "self_scored" needs a folder of ShinkaEvolve (initial.py, evaluate.py) or of '
            "OpenEvolve (initial_program.py, evaluator.py)"
        )
    program = _program(folder, form, table)
    if not (folder / form.evaluator).is_file():
        raise TaskError(
            f"{folder / form.evaluator} is missing: a task of {form.project} has it beside {program} to score it; "
            "add it"
        )
    manifest = MappingProxyType(dict(manifest_of(folder, without=OUTPUTS)))
    texts = {name: read_source(folder / name) for name in (program, form.evaluator)}
    check_unchanged(folder, texts, manifest)
    _check_evaluator(texts[form.evaluator], folder / form.evaluator, form)
    config = _config(folder) if form is OPENEVOLVE else {}
    given = _with_defaults(table, folder, form, config, program=program, text=texts[program])
    settings = parse(given, file=str(folder / "task.toml"))
    command = _command(form, texts[form.evaluator], config, program)
    value = settings.program.value(command=command)
    check_initial(texts[program], file=str(folder / program), program=value)
    _check_marks(texts[program], folder / program, marked=value.region == "marked")
    return Task(
        name=settings.name,
        kind="self_scored",
        description=" ".join(settings.description.split()),
        folder=folder,
        program=value,
        score=settings.score.value(),
        instances=settings.instances.value(),
        limits=settings.limits.value(),
        measured=settings.measured,
        judge=ported.judge().encode(),
        initial=texts[program],
        public=None,
        manifest=manifest,
    )


def entries_of(task: Task) -> tuple[str, ...]:
    """Absolute paths of the files and folders that lie in a ported task's folder and belong to it."""
    return tuple(str(task.folder / name) for name in sorted({file.split("/")[0] for file in task.manifest}))


# -- what there is ------------------------------------------------------------------------------------------------


def _programs(folder: Path, form: Form) -> list[str]:
    return sorted(path.name for path in folder.glob(f"{form.stem}.*") if path.is_file())


def _is_half(folder: Path) -> bool:
    """Whether a program called initial is ShinkaEvolve's without its evaluator; tasks of Shoal have one, too."""
    programs = (read_source(folder / name) for name in _programs(folder, SHINKA))
    return not (folder / "judge.py").exists() and any(b"EVOLVE-BLOCK-START" in text for text in programs)


def _program(folder: Path, form: Form, table: Mapping[str, Any]) -> str:
    """The one file that is evolved."""
    found, named = _programs(folder, form), table.get("program", {})
    if isinstance(named, dict) and isinstance(named.get("file"), str):
        if named["file"] not in found:
            raise TaskError(f"{folder / named['file']} is missing: program.file names a file {form.stem}.*")
        return str(named["file"])
    if not found:
        raise TaskError(
            f"{folder / form.stem}.py is missing: a task of {form.project} has the program to start from beside its "
            f"{form.evaluator}; add it"
        )
    marked = [name for name in found if MARKED_LINE.search(read_source(folder / name).decode(errors="replace"))]
    if len(found) > 1 and len(marked) != 1:
        raise TaskError(f"{folder} has {' and '.join(found)}: keep one of them, the one to evolve")
    return marked[0] if marked else found[0]


def _check_evaluator(text: bytes, file: Path, form: Form) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError as error:
        raise TaskError(f"{file}: {f'line {error.lineno}: ' if error.lineno else ''}{error.msg}") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise TaskError(f"{file}: is not Python source in UTF-8: {error}") from None
    if form is SHINKA:
        lacking = [word for word in (b"program_path", b"results_dir") if word not in text]
        if lacking:
            raise TaskError(
                f"{file}: takes no --{lacking[0].decode()}: it is run as "
                "`python evaluate.py --program_path P --results_dir D`; let it read both"
            )
    elif "evaluate" not in _functions(tree):
        raise TaskError(f"{file}: has no function evaluate(program_path): define it")


def _functions(tree: ast.Module) -> set[str]:
    """Names that could be functions of the module, imported ones too."""
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom | ast.Import):
            defined |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign):
            defined |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return defined


def _check_marks(text: bytes, file: Path, *, marked: bool) -> None:
    """Marks of a Python program must pair up, and have whole statements between them."""
    if not marked or file.suffix != ".py":
        return
    try:
        region(text.decode(), "marked")
    except SourceError as error:
        raise TaskError(
            f"{file}: {error}: put # EVOLVE-BLOCK-START and # EVOLVE-BLOCK-END around whole statements of one block"
        ) from None


# -- what is made of it -------------------------------------------------------------------------------------------


def _config(folder: Path) -> dict[str, str | list[float]]:
    """What the evaluator section of config.yaml says; {} without one."""
    for name in CONFIGS:
        if (folder / name).is_file():
            return values_below(read_source(folder / name).decode(errors="replace"), "evaluator")
    return {}


def _with_defaults(
    table: Mapping[str, Any], folder: Path, form: Form, config: Mapping[str, Any], *, program: str, text: bytes
) -> dict[str, Any]:
    """A whole task.toml: what the folder's own one says, over what can be known without it."""
    marked = MARKED_LINE.search(text.decode(errors="replace"))
    seconds = _seconds(config)
    defaults: dict[str, Any] = {
        "name": name_of(folder),
        "kind": "self_scored",
        "description": f"A task folder of {form.project}: {form.evaluator} scores {program}.",
        "program": {"file": program, "region": "marked" if marked else "all"},
        "score": {"direction": "max", "range": [-MOST_SCORE, MOST_SCORE]},
        "instances": {"fixed": True},
        "limits": {"cpu_seconds": seconds, "memory_mb": MEMORY_MB, "wall_seconds": 2 * seconds + 2},
    }
    own_seconds = _inner(table, "limits").get("cpu_seconds")
    if isinstance(own_seconds, int | float):
        defaults["limits"]["wall_seconds"] = 2.0 * own_seconds + 2
    return {**defaults, **table} | {
        key: {**inner, **_inner(table, key)}
        for key, inner in defaults.items()
        if isinstance(inner, dict) and isinstance(table.get(key, {}), dict)
    }


def _inner(table: Mapping[str, Any], key: str) -> dict[str, Any]:
    inner = table.get(key, {})
    return inner if isinstance(inner, dict) else {}


def _seconds(config: Mapping[str, Any]) -> float:
    """The time limit of an evaluation in config.yaml, or the one there is without it."""
    try:
        seconds = float(config.get("timeout", CPU_SECONDS))
    except (TypeError, ValueError):
        return CPU_SECONDS
    return seconds if math.isfinite(seconds) and 0 < seconds <= 40_000 else CPU_SECONDS


def _command(form: Form, evaluator: bytes, config: Mapping[str, Any], program: str) -> tuple[str, ...]:
    """How the evaluator is run, in the words of `shoal.evaluate.Ported`."""
    path = f"{{program}}/{program}"
    if form is SHINKA:
        return ("python3", form.evaluator, "--program_path", path, "--results_dir", "{results}")
    thresholds = ",".join(map(str, _thresholds(config))) if b"evaluate_stage1" in evaluator else ""
    return ("python3", f"{{imports}}/{ported.DRIVER}", form.evaluator, path, "{results}", thresholds)


def _thresholds(config: Mapping[str, Any]) -> Iterator[float]:
    """What each stage must reach before the next is run; nothing where the folder wants no stages."""
    if str(config.get("cascade_evaluation", "true")).lower() in ("false", "no", "off"):
        return
    named = config.get("cascade_thresholds")
    yield from named if isinstance(named, list) and named else THRESHOLDS
