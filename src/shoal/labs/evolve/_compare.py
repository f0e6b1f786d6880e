"""Many runs side by side: every task, proposer and seed, one after the other, each an ordinary run in its own folder.

The folder's name says which run it is, so that the same comparison finds what was done: finished runs are read, one
that was cut off goes on. They are run seed by seed, so that a machine that slows down does so for all proposers alike.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol, get_args

import shoal
from shoal.core.errors import MachineryError, StoreError, UserError
from shoal.core.loop import Stop
from shoal.labs.evolve._about import changed_since
from shoal.labs.evolve._config import MODELLED, MODELS_ALONE, RunConfig, load_config
from shoal.labs.evolve._run import Finished, Watch, resume, start
from shoal.models import Member
from shoal.report import Cell, RunView
from shoal.store import RunFolder
from shoal.tasks import Task, load

__all__ = [
    "PROPOSERS",
    "Contest",
    "Entry",
    "Spectator",
    "config_of",
    "contest_of",
    "entries",
    "fresh_code",
    "name_of",
    "run_all",
]

PROPOSERS: tuple[str, ...] = get_args(RunConfig.model_fields["proposer"].annotation)
SUFFIXES = {"evaluations": "e", "cpu_seconds": "cpu", "tokens": "tokens", "usd": "usd"}
_HELD = {"task", "proposer", "seed", "out", "workers", "models", *SUFFIXES}  # what every run of a contest has alike
CODE_FILE = "code"  # in a run's folder: the hash of the code that began it


@dataclass(frozen=True, slots=True)
class Contest:
    """What is compared: tasks by name, proposers (the first is under test), how many seeds, the budget of each run.

    A proposer may be a variant, "NAME,KEY=VALUE": ``settings`` has what its runs are set to besides, by the whole text.
    Costs are told in ``unit``. ``models`` are asked by the proposers that ask models, each run of which has the limits
    of ``paid`` besides: "tokens", "usd", or none. Where ``longer`` is more than 1, each baseline runs once more with so
    many times the budget, which tells what scores cost it and is in no test.
    """

    tasks: tuple[Task, ...]
    named: tuple[str, ...]  # the tasks as they were asked for
    proposers: tuple[str, ...]
    seeds: int
    unit: str
    budget: float
    out: Path
    workers: int | None = None
    models: tuple[Member, ...] = ()
    paid: Mapping[str, float] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    longer: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One run of a contest, and where it is; ``longer`` is how many times the contest's budget it has."""

    task: Task
    named: str
    proposer: str
    seed: int
    folder: RunFolder
    longer: int = 1


class Spectator(Protocol):
    """Someone who watches a contest; `watch` gives the one who watches the run that begins now."""

    def watch(self, entry: Entry, *, number: int, of: int) -> Watch | None: ...
    def done(self, entry: Entry, cell: Cell, *, number: int, of: int, read: bool) -> None: ...


def contest_of(
    tasks: Sequence[str],
    proposers: Sequence[str],
    *,
    seeds: int,
    evaluations: int | None = None,
    cpu_seconds: float | None = None,
    models: Sequence[Member] = (),
    tokens: int | None = None,
    usd: float | None = None,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    longer: int = 1,
    out: Path,
    workers: int | None = None,
) -> Contest:
    """Check what somebody wants compared. Raises `UserError` with the value and the fix."""
    if not tasks:
        raise UserError("say which tasks: shoal compare TASK... (`shoal tasks` lists them)")
    settings = settings or {}
    for proposer in proposers:
        if name_of(proposer) not in PROPOSERS:
            raise UserError(f"unknown proposer {proposer[:40]!r}: choose from {', '.join(PROPOSERS)}")
        if held := sorted(_HELD.intersection(settings.get(proposer, {}))):
            raise UserError(f"{proposer[:80]!r}: {held[0]} is the same for all that are compared; give it as a flag")
    if len(proposers) < 2:
        raise UserError("a comparison needs two proposers or more: --proposer embedded --proposer independent")
    if len(set(proposers)) < len(proposers):
        raise UserError(f"a proposer is named twice: {', '.join(proposers)}")
    if seeds < 2:
        raise UserError(f"seeds = {seeds}: a comparison needs 2 or more, and 5 or more to show much")
    if longer < 1:
        raise UserError(f"--longer {longer}: give how many times the budget baselines may have besides, 2 or more")
    paid = {name: limit for name, limit in (("tokens", tokens), ("usd", usd)) if limit is not None}
    names = [name_of(proposer) for proposer in proposers]
    if longer > 1 and (asking := [name for name in names if name in MODELLED]):
        raise UserError(f"--longer {longer}: {asking[0]} asks models, and runs that cost money are not made longer")
    _check_models(names, models, paid)
    unit, budget = _unit(names, models, paid, evaluations=evaluations, cpu_seconds=cpu_seconds)
    loaded = tuple(load(task, program=not set(names) <= set(MODELLED)) for task in tasks)
    if len({task.name for task in loaded}) < len(loaded):
        raise UserError(f"two of the tasks have the same name: {', '.join(task.name for task in loaded)}")
    contest = Contest(
        loaded, tuple(tasks), tuple(proposers), seeds, unit, budget, out, workers, tuple(models), paid, settings, longer
    )
    for entry in entries(contest):  # the border checks budget and workers, before anything is run
        config_of(contest, entry)
    return contest


def name_of(proposer: str) -> str:
    """Of a proposer with settings the proposer."""
    return proposer.partition(",")[0]


def _check_models(proposers: Sequence[str], models: Sequence[Member], paid: Mapping[str, float]) -> None:
    """Models, and money for them, are for somebody who asks them; the border of a run checks that these have some."""
    given = ["--models"] * bool(models) + [f"--{name}" for name in paid]
    if given and not set(proposers).intersection(MODELLED):
        raise UserError(f"{given[0]}: none of the proposers asks models; those that do are {', '.join(MODELLED)}")


def _unit(
    proposers: Sequence[str],
    models: Sequence[Member],
    paid: Mapping[str, float],
    *,
    evaluations: int | None,
    cpu_seconds: float | None,
) -> tuple[str, float]:
    """The unit that ends every run, and how much of it each has."""
    given = {"evaluations": evaluations, "cpu_seconds": cpu_seconds}
    limits = {unit: limit for unit, limit in given.items() if limit is not None} or dict(paid)
    if len(limits) == 1:
        unit, budget = next(iter(limits.items()))
        endless = [one for one in proposers if one not in MODELS_ALONE] if unit in paid else []
        if endless:
            raise UserError(f"{endless[0]} does not end when --{unit} is used up: give --evaluations too")
        if unit == "usd" and models and all(one.free for one in models if not one.embeds):
            raise UserError("--usd ends no run where all models are free: give --tokens or --evaluations")
        return unit, budget
    if limits.keys() == paid.keys() and paid:
        raise UserError("costs are told in one unit: give --tokens or --usd, or --evaluations beside both")
    raise UserError(
        "give each run one budget: either --evaluations or --cpu-seconds; or --usd or --tokens for models alone"
    )


def entries(contest: Contest) -> Iterator[Entry]:
    """Every run, in the order they are run."""
    for seed in range(contest.seeds):
        for task, name in zip(contest.tasks, contest.named, strict=True):
            each = [(proposer, 1) for proposer in contest.proposers]
            if contest.longer > 1:
                each += [(proposer, contest.longer) for proposer in contest.proposers[1:]]
            for proposer, longer in each:
                variant = re.sub(r"[^\w.-]+", "-", proposer)
                run = f"{task.name}-{variant}-{longer * contest.budget:g}{SUFFIXES[contest.unit]}-seed{seed}"
                yield Entry(task, name, proposer, seed, RunFolder(contest.out / run), longer)


async def run_all(contest: Contest, *, spectator: Spectator, stop: Stop) -> tuple[list[Cell], Finished | None]:
    """See every run through; what is done already is read. Returns early with the run that ``stop`` interrupted."""
    every = list(entries(contest))
    cells: list[Cell] = []
    for number, entry in enumerate(every, start=1):
        view = _finished_view(entry, contest)
        read = view is not None
        if view is None:
            done = await _see_through(entry, contest, spectator.watch(entry, number=number, of=len(every)), stop)
            if done.status == "interrupted":
                return cells, done
            view = _finished_view(entry, contest)
        if view is None:
            raise MachineryError(f"run {entry.folder.id} is done and its record does not say so")
        cell = Cell.of(view, proposer=entry.proposer, seed=entry.seed, unit=contest.unit, longer=entry.longer)
        spectator.done(entry, cell, number=number, of=len(every), read=read)
        cells.append(cell)
    return cells, None


def fresh_code(folders: Sequence[RunFolder]) -> bool:
    """Whether all runs were begun by the code that is running now."""
    return all(_code_of(folder) == code_hash() for folder in folders)


@cache
def code_hash() -> str:
    """One hash over the whole package: searches and edits decide a comparison as judges and jails do."""
    root = Path(shoal.__file__).parent
    total = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        total.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes())
    return total.hexdigest()


# -- one run ----------------------------------------------------------------------------------------------------------


def config_of(contest: Contest, entry: Entry) -> RunConfig:
    """What a run is set to."""
    settings: dict[str, Any] = {
        **contest.settings.get(entry.proposer, {}),
        "task": entry.named,
        "proposer": name_of(entry.proposer),
        "seed": entry.seed,
        contest.unit: entry.longer * contest.budget,
        "out": contest.out,
        "workers": contest.workers,
    }
    if name_of(entry.proposer) in MODELLED:
        settings |= {**contest.paid, "models": [one.model_dump(by_alias=True) for one in contest.models]}
    return load_config(None, settings)


async def _see_through(entry: Entry, contest: Contest, watch: Watch | None, stop: Stop) -> Finished:
    """Begin the run, or go on with it where it was cut off."""
    folder = entry.folder
    if _began(folder):
        try:
            return await resume(folder, watch=watch, stop=stop, workers=contest.workers)
        except MachineryError as error:
            raise MachineryError(
                f"{error}; or leave what this code began alone and compare anew: delete {folder.path}"
            ) from error
    _make(folder)
    return await start(config_of(contest, entry), folder=folder, watch=watch, stop=stop)


def _began(folder: RunFolder) -> bool:
    """Whether the folder holds a run with events: what was cut off before its first one begins there."""
    if not folder.file.exists():
        return False
    try:
        store = folder.store(read_only=True)
    except StoreError:  # cut off before its tables were made
        return False
    try:
        return store.last(folder.id) is not None
    except StoreError:
        return False
    finally:
        store.close()


def _make(folder: RunFolder) -> None:
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        (folder.path / CODE_FILE).write_text(code_hash() + "\n")
    except OSError as error:
        raise UserError(
            f"cannot write runs to {folder.path.parent}: {error.strerror}; choose another folder with --out"
        ) from error


def _code_of(folder: RunFolder) -> str:
    try:
        return (folder.path / CODE_FILE).read_text().strip()
    except OSError:
        return ""


def _finished_view(entry: Entry, contest: Contest) -> RunView | None:
    """The run, if it is done and reported; None where there is work left. Refuses a run of something else."""
    folder = entry.folder
    if not _began(folder):
        return None
    store = folder.store(read_only=True)
    try:
        view = RunView.read(store, folder.id)
    finally:
        store.close()
    _same(view, entry, contest)
    return view if view.status == "done" and view.summary.get("status") == "done" else None


def _same(view: RunView, entry: Entry, contest: Contest) -> None:
    """Raise `UserError` where a run in the entry's place has other settings, or its task changed since."""
    wanted = config_of(contest, entry).model_dump(mode="json", exclude={"out", "workers"})
    there = view.about.get("config", {})
    other = sorted(key for key in {*wanted, *there} if wanted.get(key) != there.get(key) and key != "task")
    if other:
        key = other[0]
        differs = f"{key} = {there.get(key)!r}, not {wanted.get(key)!r}" if key != "models" else "other models"
        raise UserError(f"{entry.folder.path} is a run with {differs}: choose another folder with --out, or delete it")
    if changed := changed_since(entry.task, view.about):
        raise UserError(
            f"{', '.join(changed)} of task {entry.task.name} changed since {entry.folder.path} was run: "
            "choose another folder with --out, or delete it"
        )
