"""One run of a study: an arm and a seed, from the seed agent on until the budget is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import numpy as np

from shoal.core import loop
from shoal.core.budget import Budget
from shoal.core.canonical import sha256
from shoal.core.course import Admitted, Course
from shoal.core.errors import InitialProgramError, UserError
from shoal.core.loop import Stop
from shoal.core.protocols import Plan, Search, Service
from shoal.core.replies import Replies
from shoal.core.values import Files, Measure, Propose, Split, Trial, Work
from shoal.guard import (
    APPROVE,
    ApprovalGuard,
    ApprovedSearch,
    ChangeClass,
    WatchedSearch,
    WatchState,
    kernel_hash,
    versions,
)
from shoal.labs.selfimprove._asked import Person, PersonService
from shoal.labs.selfimprove._canaries import places_of
from shoal.labs.selfimprove._config import Arm, StudyConfig
from shoal.labs.selfimprove._holding import PaidSearch, allowance, check_money, spending_of
from shoal.labs.selfimprove._lab import Lab, agent_files
from shoal.labs.selfimprove._modify import ENTRY, ContractGuard, FirstAgent, RandomEdit, SelfModification
from shoal.labs.selfimprove._record import close, record_of, replies_of
from shoal.propose import EmbeddedProposer, InspectService, Mutable
from shoal.report import RunView
from shoal.search import IslandSearch, Settings, TreeSearch, arms_without
from shoal.store import FILE_VERSION, RunFolder, SqlStore

__all__ = ["check_budget", "run_arm"]

DECISIONS = "decisions.py"  # what the arm "operator-bandit" edits; agent.py where an agent has none


async def run_arm(
    lab: Lab,
    arm: Arm,
    seed: int,
    folder: RunFolder,
    first: Files,
    *,
    stop: Stop,
    watch: Callable[[Course[Any], Admitted], None] | None = None,
    person: Person | None = None,
) -> RunView:
    """Run one arm with one seed, or go on with it where it was cut off; a finished one is only read."""
    folder.path.mkdir(parents=True, exist_ok=True)
    tokens, usd = allowance(lab.config)
    lab.set_canaries(folder.salt())
    with folder.lock(), ExitStack() as stack:
        store = folder.store()
        try:
            if store.last(folder.id) is not None:
                view = RunView.read(store, folder.id)
                _same_ground(lab, view)
                if view.status == "done":
                    return view
            plan = _plan(lab, arm, seed, first, store, replies_of(lab, folder, stack))
            if person is not None:
                plan = replace(plan, services={**plan.services, APPROVE: PersonService(folder.id, person)})
            begun = lab.cpu_seconds()
            await loop.run(
                plan,
                store,
                run=folder.id,
                seed=seed,
                window=lab.config.window,
                budget=Budget(evaluations=lab.config.evaluations, tokens=tokens, usd=usd),
                stop=stop,
                watch=watch,
                cpu=lambda: lab.cpu_seconds() - begun,
            )
            view = RunView.read(store, folder.id)
            if view.status != "done":
                close(store, view, status="interrupted", reason=stop.reason)
            return view
        except InitialProgramError as error:
            raise InitialProgramError(f"the seed agent repairs nothing it can be measured by: {error}") from None
        finally:
            store.close()


def _same_ground(lab: Lab, view: RunView) -> None:
    """A run goes on with the tasks that it began with, and behind walls that are no lower."""
    if lab.level < (level := view.about["isolation"]["level"]):
        raise UserError(
            f"run {view.run} began at isolation level {level}, and here there is {lab.level}: go on where it began, "
            "or begin a new study; shoal doctor says what is missing"
        )
    if view.about["manifest"] != _manifest(lab):
        where = lab.config.bench or "the built-in benchmark"
        raise UserError(f"run {view.run}: the tasks of {where} are not those it began with; begin a new study")


def _plan(lab: Lab, arm: Arm, seed: int, first: Files, store: SqlStore, replies: Replies | None) -> Plan[Any]:
    editor = lab.editor
    evaluator = lab.evaluator.within(record_of(lab, store, replies))
    improver = first if lab.config.improver is None else agent_files(lab.config.improver)
    main = DECISIONS if DECISIONS in first else "agent.py"
    mutable = Mutable(main=main, select="all", entry=tuple(ENTRY.get(main, ())))
    services: dict[str, Service] = {"inspect": InspectService(editor, mutable)}
    return Plan(
        search=_search(lab, arm),
        proposers={
            loop.INITIAL: FirstAgent(first, editor),
            "self": SelfModification(evaluator, lab.agents, editor, improver=improver, run_seed=seed),
            "random": RandomEdit(editor),
            "embedded": EmbeddedProposer(editor, mutable),
        },
        evaluator=evaluator,
        services=services if arm == "operator-bandit" else {},
        guards=(ApprovalGuard(dict.fromkeys(first, ChangeClass.TASK_CODE)), ContractGuard(tuple(first))),
        first=(first,),
        about=_about(lab, arm),
        replies=replies,
    )


def _search(lab: Lab, arm: Arm) -> Search[Any]:
    """The search of an arm; all measure, promote and count alike."""
    config = lab.config
    tasks = len(lab.streams[Split.SEARCH])
    stages = _fitting(config.stages, tasks)
    canaries = len(places_of(lab.streams, Split.SEARCH))
    if arm == "operator-bandit":
        settings = Settings(
            firsts=1,
            search_instances=min(sum(stages), tasks),
            arms=arms_without({"structure", "idioms", "polish"}),
        )
        islands = _EachTask(_gated(lab, IslandSearch(settings)), canaries=canaries)
        return _paid(lab, islands, trial=settings.search_instances)
    random = arm == "random-edits"
    tree = TreeSearch(
        rule="no-archive" if arm == "no-archive" else config.rule,
        tasks=tasks,
        stages=stages,
        proposer="random" if random else "self",
        payload={"improver": "fixed" if arm == "fixed-improver" else "parent"},
        steps=0 if random else config.steps,
        score_tasks=min(config.score_tasks, tasks),
        least_tried=stages[0],
    )
    watched = WatchedSearch(_gated(lab, tree), canaries=canaries)
    one_by_one = config.rule == "hgm" and arm != "no-archive"
    return _paid(lab, watched, trial=max(canaries, stages[0] if one_by_one else sum(stages)))


def _gated(lab: Lab, search: Any) -> Any:
    """The search as it is where nobody is asked before a promotion."""
    return ApprovedSearch(search) if lab.config.approve == "ask" else search


def _paid(lab: Lab, search: Search[Any], *, trial: int) -> Search[Any]:
    """The search as it is where agents may ask a model; ``trial`` is how many tasks its largest trial has."""
    spending = spending_of(lab.config, len(lab.streams[Split.SEARCH]))
    if spending is None:
        return search
    check_money(lab.config, spending, trial=trial)
    return PaidSearch(search, spending)


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
    """Refuse a budget that does not pay for measuring the seed agent, or for the largest step. Raises UserError."""
    arms = tuple(arms)
    for arm in arms:
        _search(lab, arm)
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
        "score_name": "worth",
        "unit": "",
        "fixed": False,
        "manifest": _manifest(lab),
        "kernel": kernel_hash(),
        "store": FILE_VERSION,
        "versions": versions(),
        "isolation": {"level": lab.level},
        "config": config.model_dump(mode="json", exclude={"workers"}),
    }
