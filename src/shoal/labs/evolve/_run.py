"""The evolve lab: put task, search, proposers and jails together, run the loop, open the seal, write the report."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from shoal.core import loop
from shoal.core.budget import Budget
from shoal.core.course import Admitted, Course
from shoal.core.errors import InitialProgramError, UserError
from shoal.core.journal import Journal
from shoal.core.loop import Report, Stop
from shoal.core.protocols import Plan
from shoal.core.replies import Replies
from shoal.core.values import CandidateId, Files, Outcome, Split, Status, Trial
from shoal.evaluate import TaskEvaluator
from shoal.guard import GAP_ALARM, refuse_stopped, stopped_by
from shoal.labs.evolve import _look
from shoal.labs.evolve._about import about, note_kernel, same_task
from shoal.labs.evolve._config import RunConfig, recorded_config
from shoal.labs.evolve._first import contract_of, is_written, load_for
from shoal.labs.evolve._intents import note_intents
from shoal.labs.evolve._parts import (
    assignment_of,
    files_at,
    guards_of,
    mutable_of,
    search_of,
    services_of,
    start_files,
)
from shoal.models import ChatClient
from shoal.propose import (
    Editor,
    EmbeddedProposer,
    InitialProposer,
    ModelProposer,
    Mutable,
    Novelty,
    Writer,
    frozen_hash,
)
from shoal.report import RunView, results, write_report
from shoal.search import WRITER
from shoal.store import RunFolder, SqlStore
from shoal.tasks import Task, load, setting_of

__all__ = ["Finished", "StartInfo", "Watch", "evaluate_program", "resume", "start"]

REPEATS = 100  # proposals in a row that were known already, after which a run with patience ends


@dataclass(frozen=True, slots=True)
class StartInfo:
    """What is known when the first work begins; ``restored`` items come from an earlier sitting."""

    run: str
    folder: RunFolder
    task: Task
    config: RunConfig
    isolation_level: int
    resumed: bool
    restored: int


class Watch(Protocol):
    """Someone who watches a run. Called in the loop's own thread: be quick, do not raise."""

    def started(self, info: StartInfo) -> None: ...
    def admitted(self, course: Course[Any], step: Admitted) -> None: ...
    def looked(self, done: int, due: int) -> None: ...  # at held-out instances, after the run
    def finished(self, done: Finished) -> None: ...


@dataclass(frozen=True, slots=True)
class Finished:
    """How a run ended; scores are natural values of the task.

    ``best_score`` is the champion's, on validation instances where the task has them; ``hack_gap`` says how much
    better the search split says the champion is than fresh instances of the same size say (positive is bad).
    ``sealed_gain`` is the mean paired difference of champion and initial program on sealed instances, positive is
    better, with its 95 % interval (None for a single instance); ``verdict`` is what may be claimed (see
    `shoal.report.Verdict`). ``looks`` counts looks at held-out instances, ``held`` the candidates held back. ``label``
    must stand beside every score; None where nothing need be said.
    """

    run: str
    folder: RunFolder
    task: str
    label: str | None
    status: str
    reason: str
    champion: CandidateId | None
    initial_score: float | None
    best_score: float | None
    search_score: float | None
    sealed_score: float | None
    sealed_initial: float | None
    hack_gap: float | None
    verdict: str
    sealed_gain: float | None
    sealed_gain_low: float | None
    sealed_gain_high: float | None
    looks: int
    held: int
    evaluations: int
    tokens: int
    usd: float
    seconds: float
    cpu_seconds: float
    isolation_level: int
    digest: str
    chain_head: str

    def summary(self) -> dict[str, Any]:
        """The object that ``--json`` prints."""
        names = [name for name in self.__slots__ if name != "folder"]
        return {**{name: getattr(self, name) for name in names}, "folder": str(self.folder.path)}


@dataclass(frozen=True, slots=True)
class _Sitting:
    """Everything alive while a run is worked on."""

    folder: RunFolder
    store: SqlStore
    task: Task
    config: RunConfig
    evaluator: TaskEvaluator
    editor: Editor
    client: ChatClient | None = None  # None where no model is asked
    replies: Replies | None = None


async def start(
    config: RunConfig,
    *,
    folder: RunFolder | None = None,
    watch: Watch | None = None,
    stop: Stop | None = None,
    replies: RunFolder | None = None,
    charts: bool = True,
) -> Finished:
    """Begin a new run in ``config.out`` and see it through; in ``folder`` of it, where that was made already.

    ``replies`` is a run whose recorded replies take the place of models: then none is asked, and no network is used.
    ``charts`` are of the report, and take a second or two. Raises `UserError` for whatever a person can mend.
    """
    refuse_stopped(config.out)
    task = load_for(config)
    first = start_files(config, task)
    folder = folder or RunFolder.create(config.out, name=task.name)
    try:
        async with _sitting(folder, task, config, replies=replies) as sitting:
            return await _see_through(sitting, first, config.budget, watch=watch, stop=stop, restored=0, charts=charts)
    except UserError as error:
        # Only a run that never began leaves nothing behind; a full disk at the end of a night must not cost the night.
        if isinstance(error, InitialProgramError) or not folder.file.exists():
            shutil.rmtree(folder.path, ignore_errors=True)
        raise


async def resume(
    folder: RunFolder,
    *,
    budget: Budget | None = None,
    watch: Watch | None = None,
    stop: Stop | None = None,
    workers: int | None = None,
) -> Finished:
    """Go on with a run, to its own total or to the new one in ``budget``. A finished run is only reported again."""
    refuse_stopped(folder.path, folder.path.parent)
    view, recorded = _recorded(folder)
    config = recorded_config(view.about["config"], out=folder.path.parent, workers=workers)
    task = load_for(config)
    same_task(task, view.about)
    if (source := view.about.get("replies_of")) is not None:
        raise UserError(
            f"run {folder.id} took its models' replies from run {source}, and going on would ask models: "
            f"begin it again with --replay-models {source}"
        )
    total = budget or Budget(**view.budget)
    first = () if is_written(config, task) else recorded or start_files(config, task)
    async with _sitting(folder, task, config) as sitting:
        note_kernel(sitting.store, view)
        return await _see_through(sitting, first, total, watch=watch, stop=stop, restored=view.admitted)


async def evaluate_program(
    task_name: str, program: Path, *, split: str = "search", draw: int = 0, seed: int = 0, level: int | None = None
) -> Outcome:
    """Measure one program on one split, outside of any run; the sealed split cannot be asked for."""
    task = load(task_name, program=False)
    if split == Split.SEALED:
        raise UserError("the sealed split is opened only by a finished run; choose search or validation")
    count = {"search": task.instances.search, "validation": task.instances.validation}.get(split)
    if count is None:
        raise UserError(f"no split {split!r}: choose search or validation")
    files = _program_files(program, task)
    trial = Trial(Split(split), tuple(range(count)), draw=draw)
    async with TaskEvaluator(setting_of(task), workers=1, level=level) as evaluator:
        from shoal.core import seeds

        return await evaluator.evaluate(trial, files, seed=seeds.number(seed, split, draw))


def _program_files(program: Path, task: Task) -> Files:
    try:
        return files_at(program, task)
    except OSError as error:
        raise UserError(f"cannot read the program {program}: {error.strerror}") from None


def _recorded(folder: RunFolder) -> tuple[RunView, tuple[Files, ...]]:
    """A run so far, and the program it started from: what --from named then may have changed or gone since."""
    store = folder.store(read_only=True)
    try:
        view = RunView.read(store, folder.id)
        if view.initial is None:
            return view, ()
        files = view.candidates[view.initial].files
        return view, ({name: store.get(digest) for name, digest in files.items()},)
    finally:
        store.close()


@asynccontextmanager
async def _sitting(
    folder: RunFolder, task: Task, config: RunConfig, *, replies: RunFolder | None = None
) -> AsyncIterator[_Sitting]:
    """Hold the run's lock and open its store and jails; the jails start while the store opens."""
    async with AsyncExitStack() as stack:
        client = await _client(stack, config) if replies is None else None
        stack.enter_context(folder.lock())
        evaluator = TaskEvaluator(setting_of(task), workers=config.cores, level=config.level)
        editor = Editor(level=config.level)
        await asyncio.gather(stack.enter_async_context(evaluator), stack.enter_async_context(editor))
        store = folder.store()
        stack.callback(store.close)
        recorded = None if replies is None else _recorded_replies(stack, replies)
        kept = Replies(source=recorded) if config.asked else None
        yield _Sitting(folder, store, task, config, evaluator, editor, client, kept)


async def _client(stack: AsyncExitStack, config: RunConfig) -> ChatClient | None:
    """The client of the run's models, each found to be there; None where none is asked."""
    if not config.asked:
        return None
    client = await stack.enter_async_context(ChatClient(config.reached))
    await client.check()
    return client


def _recorded_replies(stack: AsyncExitStack, folder: RunFolder) -> tuple[SqlStore, str]:
    """The store and the run to take replies from."""
    store = folder.store(read_only=True)
    stack.callback(store.close)
    return store, folder.id


async def _see_through(
    sitting: _Sitting,
    first: tuple[Files, ...],
    budget: Budget,
    *,
    watch: Watch | None,
    stop: Stop | None,
    restored: int,
    charts: bool = True,
) -> Finished:
    """Run the loop, then look behind the seal, then write the report."""
    config = sitting.config
    plan = await _plan(sitting, first)
    if watch is not None:
        level = min(sitting.evaluator.level, sitting.editor.level)
        watch.started(StartInfo(sitting.folder.id, sitting.folder, sitting.task, config, level, restored > 0, restored))
    stop = stop or Stop()
    async with stopped_by(stop, sitting.folder.path, sitting.folder.path.parent):
        report = await loop.run(
            plan,
            sitting.store,
            run=sitting.folder.id,
            seed=config.seed,
            window=config.window,
            ordered=config.ordered,
            budget=budget,
            stop=stop,
            stops=(*_target(config, sitting.task), *_gap(config), *_patience(config)),
            watch=watch.admitted if watch is not None else None,
            cpu=_meter(sitting),
        )
        looked = watch.looked if watch is not None else None
        done = await _close(sitting, report, looked, stop=stop, charts=charts)
    if watch is not None:
        watch.finished(done)
    return done


async def _plan(sitting: _Sitting, first: tuple[Files, ...]) -> Plan[Any]:
    task, config, editor = sitting.task, sitting.config, sitting.editor
    mutable = mutable_of(task)
    own = task.files
    # Where there is no program, all of it may change: what is frozen is nothing, and an empty text says so.
    frozen = await frozen_hash(editor, mutable if task.has_program else replace(mutable, entry=()), own)
    models = _model_proposers(sitting, mutable)
    return Plan(
        search=search_of(config, task, firsts=len(first)),
        proposers={
            loop.INITIAL: InitialProposer(first, editor, mutable, against=own),
            "embedded": EmbeddedProposer(editor, mutable),
            **models,
        },
        evaluator=sitting.evaluator,
        services=services_of(task, config, editor, sitting.evaluator, mutable, models.get("model")),
        guards=guards_of(task, frozen=frozen),
        first=first,
        about=about(task, config, level=min(sitting.evaluator.level, editor.level)) | _replayed(sitting),
        replies=sitting.replies,
    )


def _replayed(sitting: _Sitting) -> dict[str, Any]:
    """The run that models' replies are taken from, for the record."""
    source = sitting.replies.source if sitting.replies is not None else None
    return {} if source is None else {"replies_of": source}


def _model_proposers(sitting: _Sitting, mutable: Mutable) -> dict[str, ModelProposer]:
    if sitting.replies is None:
        return {}
    told, editor, config = assignment_of(sitting.task), sitting.editor, sitting.config
    client, replies = sitting.client, sitting.replies
    parts = (config.asked, client, editor, mutable, told, replies)
    novelty = Novelty(editor, mutable, told, replies, client, embedder=config.embedder, judge=config.judge)
    proposers = {"model": ModelProposer(*parts, novelty)}
    if is_written(config, sitting.task):
        proposers[WRITER] = Writer(*parts, contract=contract_of(sitting.task))
    return proposers


def _target(config: RunConfig, task: Task) -> tuple[Callable[[Admitted], str | None], ...]:
    """The rule that ends a run when a champion reaches the target (a natural value)."""
    if config.target is None:
        return ()
    sign = 1.0 if task.score.direction == "max" else -1.0
    wanted = config.target

    def reached(step: Admitted) -> str | None:
        for note in step.notes:
            if note.kind == "champion" and note.data["score"] >= sign * wanted:
                return f"target {wanted:g} reached"
        return None

    return (reached,)


def _gap(config: RunConfig) -> tuple[Callable[[Admitted], str | None], ...]:
    """The rule that ends a run when gains no longer show on fresh instances, where that is wanted."""
    if not config.stop_on_gap:
        return ()
    return (lambda step: next((f"gap alarm: {note.text}" for note in step.notes if note.kind == GAP_ALARM), None),)


def _patience(config: RunConfig) -> tuple[Callable[[Admitted], str | None], ...]:
    """The rule that ends a run when no new champion has come for so many evaluations, where that is wanted.

    So does one in which nothing is left to try: where `REPEATS` proposals in a row were known already.
    """
    if config.patience is None:
        return ()
    wanted, spent, repeats = config.patience, 0, 0

    def tired(step: Admitted) -> str | None:
        nonlocal spent, repeats
        spent += step.result.counted.evaluations
        repeats = repeats + 1 if step.result.status is Status.REJECTED else 0
        if any(note.kind == "champion" for note in step.notes):
            spent = 0
        if repeats >= REPEATS:
            return f"nothing new in {REPEATS} proposals"
        return f"no new champion in {wanted} evaluations" if spent >= wanted else None

    return (tired,)


def _meter(sitting: _Sitting) -> Callable[[], float]:
    """CPU seconds of supervisor and jails since this sitting began."""
    began = time.process_time()
    return lambda: time.process_time() - began + sitting.evaluator.cpu_seconds() + sitting.editor.cpu_seconds()


async def _close(
    sitting: _Sitting, report: Report, looked: _look.Looked | None, *, stop: Stop, charts: bool
) -> Finished:
    """After the last admission: sealed looks (once per champion), the summary, the report folder.

    Looks that are left when the switch is thrown are made when the run goes on.
    """
    store, run = sitting.store, sitting.folder.id
    view = RunView.read(store, run)
    last = store.last(run)
    assert last is not None
    journal = Journal(store, run, seq=last.seq + 1, head=last.head)
    shown = await _look.picture_of(sitting.evaluator, store, view, seed=sitting.config.seed)
    if report.status == "done":
        await _look.open_seal(
            *(sitting.evaluator, sitting.task, store, journal, view),
            salt=sitting.folder.salt(),
            run=run,
            looked=looked,
            stop=stop,
        )
        if stop.now:
            report = replace(report, status="interrupted", reason=stop.reason or "interrupted")
        await note_intents(sitting.editor, mutable_of(sitting.task), store, journal, view)
        journal.flush()
        view = RunView.read(store, run)
    done = _finished(sitting, report, view, journal)
    journal.add("closed", summary=done.summary())
    journal.flush()
    write_report(sitting.folder, RunView.read(store, run), store=store, picture=shown, charts=charts)
    return done


def _finished(sitting: _Sitting, report: Report, view: RunView, journal: Journal) -> Finished:
    return Finished(
        run=report.run,
        folder=sitting.folder,
        task=sitting.task.name,
        label=view.label,
        status=report.status,
        reason=report.reason,
        champion=view.champion,
        **results(view),
        evaluations=report.spent.counted.evaluations,
        tokens=report.spent.counted.tokens,
        usd=report.spent.counted.usd,
        seconds=report.spent.seconds,
        cpu_seconds=report.spent.cpu_seconds,
        isolation_level=min(sitting.evaluator.level, sitting.editor.level),
        digest=report.digest,
        chain_head=journal.head,
    )
