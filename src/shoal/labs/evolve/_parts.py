"""From a task and a configuration to the parts that the loop is given."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from shoal.core.errors import UserError
from shoal.core.protocols import Guard, Search, Service
from shoal.core.values import Files
from shoal.evaluate import TaskEvaluator
from shoal.guard import ApprovalGuard, ChangeClass, JumpSettings, ScopeGuard, WatchedSearch
from shoal.labs.evolve._config import RunConfig
from shoal.labs.evolve._first import is_written
from shoal.labs.evolve._trace import TraceService
from shoal.propose import Assignment, Editor, InspectService, LessonsService, ModelProposer, Mutable
from shoal.report import SELF_SCORED, RunView
from shoal.search import (
    FAMILY_OF,
    TIMED_ARMS,
    Baseline,
    FirstProgramSearch,
    GeneticSearch,
    IslandSearch,
    ModelArm,
    ModelBaseline,
    MultistartSearch,
    SamplingSearch,
    SequentialSearch,
    Settings,
    arms_without,
)
from shoal.store import find_run
from shoal.tasks import Task, setting_of

__all__ = ["assignment_of", "files_at", "guards_of", "mutable_of", "search_of", "services_of", "start_files"]

TEXT_ARMS = frozenset(("jitter", "swap_numbers", "reset_number", "cma"))
LEAST_MEASURED_GAIN = 0.02  # of the champion's score, where scores are measured: less is not worth an edit


def mutable_of(task: Task) -> Mutable:
    """What of the program may change, and what it may call."""
    return Mutable(
        main=task.program.file,
        more=task.program.more,
        select=task.program.region,
        entry=task.program.entry,
        public=_public_functions(task),
        public_sign=1.0 if task.score.direction == "max" else -1.0,
    )


def assignment_of(task: Task) -> Assignment:
    """A task as a model is told of it."""
    region = task.program.region
    what = {
        "all": f"all of {' and '.join(task.program.files)}",
        "marked": "what stands between the markers of the program",
    }
    return Assignment(
        description=task.description,
        score=f"{task.score.name} ({task.score.unit})" if task.score.unit else task.score.name,
        sign=1.0 if task.score.direction == "max" else -1.0,
        main=task.program.file,
        more=task.program.more,
        what=what[region] if isinstance(region, str) else f"only {', '.join(region)}",
        entry=task.program.entry,
        public=tuple(name for name, _ in _public_functions(task)),
    )


def _public_functions(task: Task) -> tuple[tuple[str, int], ...]:
    """The functions that `public.py` defines, each with how many arguments it must be given."""
    tree = ast.parse(task.public or b"")
    return tuple(
        (one.name, len(one.args.posonlyargs) + len(one.args.args) - len(one.args.defaults))
        for one in tree.body
        if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")
    )


def search_of(config: RunConfig, task: Task, *, firsts: int) -> Search[Any]:
    """The search that the configuration names, under watch."""
    sign = 1.0 if task.score.direction == "max" else -1.0
    known = task.score.best_known
    jumps = JumpSettings(best_known=None if known is None else sign * known)
    setting = setting_of(task)
    canaries = 0 if not setting.has_canaries else task.instances.validation
    inner: Any = _inner_search(config, task, firsts=max(1, firsts), sign=sign)
    if is_written(config, task):
        inner = FirstProgramSearch(inner, models=_models(config))
    return WatchedSearch(inner, jumps=jumps, canaries=canaries)


def _inner_search(config: RunConfig, task: Task, *, firsts: int, sign: float) -> IslandSearch | Baseline[Any]:
    shared: dict[str, Any] = {
        "firsts": firsts,
        "search_instances": task.instances.search,
        "validation_instances": 0 if task.instances.fixed else task.instances.validation,
        "sign": sign,
    }
    python = task.program.file.endswith(".py")
    traced = python and bool(task.program.entry) and task.kind != "timed"
    match config.proposer:
        case "sequential":
            return SequentialSearch(trace=traced, **shared)
        case "multistart":
            return MultistartSearch(trace=traced, **shared)
        case "genetic":
            return GeneticSearch(trees=python, **shared)
        case "random" | "independent":
            return SamplingSearch(config.proposer, **shared)
        case "best-of-n" | "refine":
            return ModelBaseline(config.proposer, models=_models(config), **shared)
    least = LEAST_MEASURED_GAIN if task.measured else 0.0
    arms = () if config.proposer == "model" else _arms(config, task)
    models = _models(config)
    own = config.search.model_dump(exclude={"evaluations_per_usd", "novelty_judge"})
    paid: dict[str, Any] = {"models": models, "lender": config.lender} if models else {}
    return IslandSearch(Settings(**shared, **own, arms=arms, least_gain=least, **paid))


def _models(config: RunConfig) -> tuple[ModelArm, ...]:
    """The run's models as a search knows them."""
    return tuple(ModelArm(one.name, one.weight, config.most(one)) for one in config.asked)


def _arms(config: RunConfig, task: Task) -> tuple[tuple[str, float], ...]:
    """The edits that can work: only functions can be traced, and of other languages only numbers are edited."""
    if task.kind == "timed":
        return TIMED_ARMS
    without: set[str] = set(config.without)
    if task.public is None:
        without |= {"idioms", "polish"}
    if not task.program.entry:
        without.add("structure")
    python = task.program.file.endswith(".py")
    arms = tuple(arm for arm in arms_without(without) if python or arm[0] in TEXT_ARMS)
    if not {"numbers", "tree"} & {FAMILY_OF[name] for name, _ in arms}:
        kept = '"numbers" or "tree"' if python else '"numbers"'
        raise UserError(f"without = {', '.join(config.without)}: nothing is left to edit {task.name} with; keep {kept}")
    return arms


def guards_of(task: Task, *, frozen: str) -> tuple[Guard, ...]:
    """Who looks at each proposal: which files it may write, and whether the frozen part is as it was."""
    return ApprovalGuard(dict.fromkeys(task.program.files, ChangeClass.TASK_CODE)), ScopeGuard(frozen)


def services_of(
    task: Task,
    config: RunConfig,
    editor: Editor,
    evaluator: TaskEvaluator,
    mutable: Mutable,
    models: ModelProposer | None = None,
) -> dict[str, Service]:
    """The services the island search may ask; lessons where there are models to show them to."""
    lessons: dict[str, Service] = {} if models is None else {"lessons": LessonsService(models)}
    return lessons | {
        "inspect": InspectService(editor, mutable),
        "trace": TraceService(editor, evaluator, mutable, seed=config.seed),
    }


def start_files(config: RunConfig, task: Task) -> tuple[Files, ...]:
    """The programs to start from: the task's own, a file, or the champion of an earlier run; () if it is written."""
    if is_written(config, task):
        return ()
    if config.start is None:
        return (task.files,)
    path = Path(config.start)
    if path.is_file() or is_program(path, task):
        return (files_at(path, task),)
    try:
        folder = find_run(config.start, out=config.out)
    except UserError as error:
        raise UserError(f"--from {config.start}: neither a program file nor a run ({error})") from None
    store = folder.store(read_only=True)
    try:
        view = RunView.read(store, folder.id)
        if view.champion is None:
            raise UserError(f"--from {config.start}: that run has no champion")
        _refuse_self_scored(view, task, start=config.start)
        files = view.candidates[view.champion].files
        return ({name: store.get(digest) for name, digest in files.items()},)
    finally:
        store.close()


def is_program(path: Path, task: Task) -> bool:
    """Whether a folder holds all files of a program of several."""
    return bool(task.more) and all((path / name).is_file() for name in task.program.files)


def files_at(path: Path, task: Task) -> Files:
    """The program in a folder; of a file, with the task's own files beside it. Raises `UserError` or OSError."""
    if not path.is_dir():
        return {**task.files, task.program.file: path.read_bytes()}
    if not is_program(path, task):
        raise UserError(f"{path} is a folder without {' and '.join(task.program.files)}: give a program's file")
    return {name: (path / name).read_bytes() for name in task.program.files}


def _refuse_self_scored(view: RunView, task: Task, *, start: str) -> None:
    """A champion that may have written its own score is the start of nothing but the same task."""
    if not view.self_scored:
        return
    program = task.program.file
    same = task.kind == "self_scored" and view.task == task.name
    if not same or view.about["manifest"].get(program) != task.manifest[program]:
        raise UserError(
            f"--from {start}: that run's task is self-scored ({SELF_SCORED.partition(': ')[2]}), so its champion may "
            f"not be the start of {task.name}; look at the program, and name its file if you trust it"
        )
