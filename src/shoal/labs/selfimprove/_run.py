"""One run of a study: an arm and a seed, from the seed agent to a champion; and the looks behind the seal."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import metadata
from typing import Any

import numpy as np

import shoal
from shoal.core import loop, seeds
from shoal.core.budget import Budget
from shoal.core.canonical import plain, sha256
from shoal.core.course import Admitted, Course
from shoal.core.errors import InitialProgramError, UserError
from shoal.core.journal import Journal
from shoal.core.loop import Stop
from shoal.core.protocols import Plan, Search, Service
from shoal.core.values import CandidateId, Files, Measure, Outcome, Propose, Split, Trial, Work
from shoal.guard import ApprovalGuard, ChangeClass, WatchedSearch, WatchState, kernel_hash
from shoal.labs.selfimprove._config import Arm, StudyConfig
from shoal.labs.selfimprove._lab import Lab
from shoal.labs.selfimprove._modify import ENTRY, ContractGuard, FirstAgent, RandomEdit, SelfModification
from shoal.labs.selfimprove._tasks import RepairTask
from shoal.propose import EmbeddedProposer, InspectService, Mutable
from shoal.report import FORMER, RunView, results
from shoal.search import IslandSearch, Settings, TreeSearch, arms_without
from shoal.store import FILE_VERSION, RunFolder, SqlStore

__all__ = ["LookTable", "check_budget", "checkpoints_of", "look", "looks_of", "open_sealed", "programs_of", "run_arm"]

DECISIONS = "decisions.py"  # what the arm "operator-bandit" edits; agent.py where an agent has none
LookTable = Mapping[CandidateId, tuple[float, ...]]
"""Of each agent looked at, 1.0 or 0.0 for each sealed task."""


async def run_arm(
    lab: Lab,
    arm: Arm,
    seed: int,
    folder: RunFolder,
    first: Files,
    *,
    stop: Stop,
    watch: Callable[[Course[Any], Admitted], None] | None = None,
) -> RunView:
    """Run one arm with one seed, or go on with it where it was cut off; a finished one is only read."""
    folder.path.mkdir(parents=True, exist_ok=True)
    with folder.lock():
        store = folder.store()
        try:
            if store.last(folder.id) is not None:
                view = RunView.read(store, folder.id)
                _same_tasks(lab, view)
                if view.status == "done":
                    return view
            plan = _plan(lab, arm, seed, first)
            begun = lab.cpu_seconds()
            await loop.run(
                plan,
                store,
                run=folder.id,
                seed=seed,
                window=lab.config.window,
                budget=Budget(evaluations=lab.config.evaluations),
                stop=stop,
                watch=watch,
                cpu=lambda: lab.cpu_seconds() - begun,
            )
            view = RunView.read(store, folder.id)
            if view.status != "done":
                _close(store, view, status="interrupted", reason=stop.reason)
            return view
        except InitialProgramError as error:
            raise InitialProgramError(f"the seed agent repairs nothing it can be measured by: {error}") from None
        finally:
            store.close()


def _same_tasks(lab: Lab, view: RunView) -> None:
    """A run goes on with the tasks that it began with."""
    if view.about["manifest"] != _manifest(lab):
        where = lab.config.bench or "the built-in benchmark"
        raise UserError(f"run {view.run}: the tasks of {where} are not those it began with; begin a new study")


def _plan(lab: Lab, arm: Arm, seed: int, first: Files) -> Plan[Any]:
    editor = lab.editor
    main = DECISIONS if DECISIONS in first else "agent.py"
    mutable = Mutable(main=main, select="all", entry=tuple(ENTRY.get(main, ())))
    services: dict[str, Service] = {"inspect": InspectService(editor, mutable)}
    return Plan(
        search=_search(lab, arm),
        proposers={
            loop.INITIAL: FirstAgent(first, editor),
            "self": SelfModification(lab.evaluator, lab.agents, editor, seed_agent=first, run_seed=seed),
            "random": RandomEdit(editor),
            "embedded": EmbeddedProposer(editor, mutable),
        },
        evaluator=lab.evaluator,
        services=services if arm == "operator-bandit" else {},
        guards=(ApprovalGuard(dict.fromkeys(first, ChangeClass.TASK_CODE)), ContractGuard(tuple(first))),
        first=(first,),
        about=_about(lab, arm),
    )


def _search(lab: Lab, arm: Arm) -> Search[Any]:
    """The search of an arm; all measure, promote and count alike."""
    config = lab.config
    tasks, fresh = len(lab.streams[Split.SEARCH]), len(lab.streams[Split.VALIDATION])
    validation = min(config.validation, fresh)
    stages = _fitting(config.stages, tasks)
    if arm == "operator-bandit":
        settings = Settings(
            firsts=1,
            search_instances=min(sum(stages), tasks),
            validation_instances=validation,
            arms=arms_without({"structure", "idioms", "polish"}),
        )
        return _EachTask(IslandSearch(settings))
    random = arm == "random-edits"
    return WatchedSearch(
        TreeSearch(
            rule="no-archive" if arm == "no-archive" else config.rule,
            tasks=tasks,
            stages=stages,
            proposer="random" if random else "self",
            payload={"improver": "seed" if arm == "fixed-improver" else "parent"},
            steps=0 if random else config.steps,
            score_tasks=min(config.score_tasks, tasks),
            validation=validation,
            validation_tasks=fresh,
            least_tried=min(sum(stages), tasks),
        )
    )


class _EachTask(WatchedSearch[Any]):
    """A watched search whose trials cost an evaluation for each task, so that a budget holds as in the other arms."""

    def next(self, state: WatchState[Any], rng: np.random.Generator) -> tuple[WatchState[Any], Work]:
        state, work = super().next(state, rng)
        match work:
            case Propose(then=Trial() as trial):
                work = replace(work, then=replace(trial, each=True))
            case Measure(trial=trial):
                work = replace(work, trial=replace(trial, each=True))
        return state, work


def check_budget(lab: Lab, arms: Iterable[Arm]) -> None:
    """Refuse a budget that does not pay for measuring the seed agent. Raises UserError."""
    stages = _fitting(lab.config.stages, len(lab.streams[Split.SEARCH]))
    at_once = lab.config.rule == "sica"
    least = max(sum(stages) if at_once or arm == "operator-bandit" else stages[0] for arm in arms)
    if (given := lab.config.evaluations) < least:
        raise UserError(f"evaluations is {given}: measuring the seed agent alone takes {least}; give more")


def _fitting(stages: tuple[int, ...], tasks: int) -> tuple[int, ...]:
    """Stages as far as there are tasks."""
    left, found = tasks, []
    for stage in stages:
        found.append(min(stage, left))
        left -= found[-1]
        if not left:
            break
    return tuple(found)


def _manifest(lab: Lab) -> dict[str, str]:
    """A digest of each stream that a run may see."""
    return {
        str(split): str(sha256("".join(task.digest for task in lab.streams[split]).encode()))
        for split in (Split.SEARCH, Split.VALIDATION)
    }


def _about(lab: Lab, arm: Arm) -> dict[str, Any]:
    config: StudyConfig = lab.config
    return {
        "task": "selfimprove",
        "lab": "selfimprove",
        "arm": arm,
        "kind": "agent",
        "measured": False,
        "direction": "max",
        "best_known": None,
        "score_name": "solve rate",
        "unit": "",
        "fixed": False,
        "manifest": _manifest(lab),
        "kernel": kernel_hash(),
        "store": FILE_VERSION,
        "versions": {
            "shoal": shoal.__version__,
            "python": platform.python_version(),
            "numpy": metadata.version("numpy"),
        },
        "isolation": {"level": lab.level},
        "config": config.model_dump(mode="json", exclude={"workers"}),
    }


# -- behind the seal ------------------------------------------------------------------------------------------------


def checkpoints_of(view: RunView) -> dict[str, CandidateId]:
    """Who is looked at, by checkpoint: the seed agent, the champion, and everybody who was champion for a while."""
    assert view.initial is not None and view.champion is not None
    ends = {"initial": view.initial, "champion": view.champion}
    former = {FORMER + one: one for one in dict.fromkeys(view.champions) if one not in ends.values()}
    if view.champion == view.initial:  # one look tells all there is to tell
        del ends["champion"]
    return {**ends, **former}


async def open_sealed(lab: Lab, salt: bytes) -> tuple[RepairTask, ...]:
    """The sealed stream; its bugs are planted now, and grow from the salt."""
    return await lab.open(Split.SEALED, seed=seeds.number(0, salt.hex(), "sealed"))


async def look(lab: Lab, folder: RunFolder, *, salt: bytes, known: dict[str, dict[str, Any]], stop: Stop) -> None:
    """Measure the checkpoints of a finished run on sealed tasks, once each; equal agents of a study are run once.

    ``known`` holds outcomes by the agent's files, and is filled.
    """
    with folder.lock():
        store = folder.store()
        try:
            view = RunView.read(store, folder.id)
            known.update((_files_key(view, one["candidate"]), one["outcome"]) for one in view.looks)
            seen = {one["candidate"] for one in view.looks}
            due = {checkpoint: one for checkpoint, one in checkpoints_of(view).items() if one not in seen}
            if due:
                await _look_at(lab, store, view, due, salt=salt, known=known, stop=stop)
            view = RunView.read(store, folder.id)
            if not stop.now and not view.summary.get("looks"):
                _close(store, view, status="done")
        finally:
            store.close()


async def _look_at(
    lab: Lab,
    store: SqlStore,
    view: RunView,
    due: Mapping[str, CandidateId],
    *,
    salt: bytes,
    known: dict[str, dict[str, Any]],
    stop: Stop,
) -> None:
    """Who will be looked at is on the record before anything is seen."""
    journal = _journal(store, view.run)
    told = ", ".join(f"{one} ({checkpoint})" for checkpoint, one in due.items())
    journal.add("note", kind="checkpoints", text=f"to be looked at on sealed tasks: {told}", data=due)
    journal.flush()
    stream = await open_sealed(lab, salt)
    grown = sha256(b"name of a salt" + salt)[:16]
    for checkpoint, candidate in due.items():
        if stop.now:
            return
        key = _files_key(view, candidate)
        if key not in known:
            known[key] = plain(await _measured(lab, store, view, candidate, count=len(stream)))
        outcome = {**known[key], "trial": {**known[key]["trial"], "candidate": candidate}}
        journal.add("look", checkpoint=checkpoint, candidate=candidate, split="sealed", outcome=outcome, salt=grown)
        journal.flush()


async def _measured(lab: Lab, store: SqlStore, view: RunView, candidate: CandidateId, *, count: int) -> Outcome:
    files = {name: store.get(digest) for name, digest in view.candidates[candidate].files.items()}
    trial = Trial(Split.SEALED, tuple(range(min(count, lab.config.sealed))), candidate)
    return await lab.evaluator.evaluate(trial, files, seed=seeds.number(0, "sealed", 0))


def looks_of(view: RunView) -> LookTable:
    """What the looks of a run showed."""
    return {
        one["candidate"]: tuple(float(each["value"] or 0.0) for each in one["outcome"]["per_instance"])
        for one in view.looks
        if one["split"] == Split.SEALED
    }


def _files_key(view: RunView, candidate: CandidateId) -> str:
    return " ".join(digest for _, digest in sorted(view.candidates[candidate].files.items()))


def _close(store: SqlStore, view: RunView, *, status: str, reason: str = "") -> None:
    """What the run came to, as its last event."""
    journal = _journal(store, view.run)
    summary = {
        "run": view.run,
        "task": view.task,
        "status": status,
        "reason": reason or view.reason,
        "champion": view.champion,
        **results(view),
        "evaluations": view.spent.counted.evaluations,
        "label": view.label,
        "digest": view.recorded_digest,
        "chain_head": view.chain_head,
    }
    journal.add("closed", summary=summary)
    journal.flush()


def _journal(store: SqlStore, run: str) -> Journal:
    last = store.last(run)
    assert last is not None
    return Journal(store, run, seq=last.seq + 1, head=last.head)


def programs_of(lab: Lab) -> Iterator[str]:
    """The program of each sealed task that is looked at, in order."""
    yield from (task.program for task in lab.streams[Split.SEALED][: lab.config.sealed])
