"""One run of a study: an arm and a seed, from the seed agent to a champion; and the looks behind the seal."""

from __future__ import annotations

import math
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from importlib import metadata
from typing import Any

import shoal
from shoal.core import loop, seeds
from shoal.core.budget import Budget
from shoal.core.canonical import plain, sha256
from shoal.core.course import Admitted, Course
from shoal.core.errors import InitialProgramError, UserError
from shoal.core.journal import Journal
from shoal.core.loop import Stop
from shoal.core.protocols import Plan, Search, Service
from shoal.core.replies import Replies
from shoal.core.values import CandidateId, Counted, Files, Split, Trial
from shoal.guard import ApprovalGuard, ChangeClass, WatchedSearch, kernel_hash
from shoal.labs.selfimprove._asking import Models, Record, times
from shoal.labs.selfimprove._config import Arm, StudyConfig
from shoal.labs.selfimprove._holding import PaidSearch, Purse, allowance, check_money, spending_of
from shoal.labs.selfimprove._lab import Lab
from shoal.labs.selfimprove._modify import ContractGuard, FirstAgent, RandomEdit, SelfModification
from shoal.propose import EmbeddedProposer, InspectService, Mutable
from shoal.report import RunView, events_of
from shoal.search import IslandSearch, Settings, TreeSearch, arms_without
from shoal.store import FILE_VERSION, RunFolder, SqlStore

__all__ = [
    "LookTable",
    "check_budget",
    "checkpoints_of",
    "look",
    "looks_of",
    "purse_of_looks",
    "run_arm",
    "spent_on_looks",
]

DECISIONS = "decisions.py"  # what the arm "operator-bandit" edits
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
    tokens, usd = allowance(lab.config)
    with folder.lock(), ExitStack() as stack:
        store = folder.store()
        stack.callback(store.close)
        try:
            if store.last(folder.id) is not None:
                view = RunView.read(store, folder.id)
                if view.status == "done":
                    return view
            plan = _plan(lab, arm, seed, first, store, _replies(lab, folder, stack))
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
            return RunView.read(store, folder.id)
        except InitialProgramError as error:
            raise InitialProgramError(f"the seed agent repairs nothing it can be measured by: {error}") from None


def _replies(lab: Lab, folder: RunFolder, stack: ExitStack) -> Replies | None:
    """Where the run's replies of a model are kept; None where no model is asked."""
    config = lab.config
    if config.member is None:
        return None
    if config.replay_models is None:
        return Replies()
    other = RunFolder(config.replay_models / folder.id)
    if not other.file.exists():
        raise UserError(f"{config.replay_models} has no run {folder.id}: replay with the arms and seeds of that study")
    source = other.store(read_only=True)
    stack.callback(source.close)
    return Replies(source=(source, other.id))


def _record(lab: Lab, store: SqlStore, replies: Replies | None) -> Record:
    """What a run lends to its measurements."""
    member = lab.config.member
    if member is None or replies is None:
        return Record(store.put)
    spending = spending_of(lab.config, len(lab.streams[Split.SEARCH]))
    return Record(store.put, spending, Models(member, lab.client, replies))


def _plan(lab: Lab, arm: Arm, seed: int, first: Files, store: SqlStore, replies: Replies | None) -> Plan[Any]:
    editor = lab.editor
    evaluator = lab.evaluator.within(_record(lab, store, replies))
    mutable = Mutable(main=DECISIONS, select="all", entry=())
    services: dict[str, Service] = {"inspect": InspectService(editor, mutable)}
    return Plan(
        search=_search(lab, arm),
        proposers={
            loop.INITIAL: FirstAgent(first, editor),
            "self": SelfModification(evaluator, lab.agents, editor, seed_agent=first, run_seed=seed),
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
        return _paid(lab, WatchedSearch(IslandSearch(settings)), trial=max(settings.search_instances, validation))
    random = arm == "random-edits"
    tree = WatchedSearch(
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
    largest = stages[:1] if config.rule == "hgm" and arm != "no-archive" else (sum(stages),)
    return _paid(lab, tree, trial=max(*largest, validation))


def check_budget(lab: Lab) -> None:
    """Every arm can pay for its largest step, or nothing is begun. Raises UserError."""
    for arm in lab.config.arms:
        _search(lab, arm)


def _paid(lab: Lab, search: Search[Any], *, trial: int) -> Search[Any]:
    """The search as it is where agents may ask a model; ``trial`` is how many tasks its largest trial has."""
    spending = spending_of(lab.config, len(lab.streams[Split.SEARCH]))
    if spending is None:
        return search
    check_money(lab.config, spending, trial=trial)
    return PaidSearch(search, spending)


def _fitting(stages: tuple[int, ...], tasks: int) -> tuple[int, ...]:
    """Stages as far as there are tasks."""
    left, found = tasks, []
    for stage in stages:
        found.append(min(stage, left))
        left -= found[-1]
        if not left:
            break
    return tuple(found)


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
        "manifest": {
            str(split): sha256("".join(task.digest for task in tasks).encode())
            for split, tasks in lab.streams.items()
            if split in (Split.SEARCH, Split.VALIDATION)
        },
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


def checkpoints_of(view: RunView) -> tuple[CandidateId, ...]:
    """Who is looked at: the seed agent, and everybody who was champion, the standing one last."""
    ids = [view.initial, *view.champions, view.champion]
    return tuple(dict.fromkeys(one for one in reversed(ids) if one is not None))[::-1]


def purse_of_looks(config: StudyConfig, views: Sequence[RunView]) -> Purse:
    """What each look of a study may spend on a model: an equal share of what all its runs have left."""
    agents = {_files_key(view, one) for view in views for one in checkpoints_of(view)}
    tokens = sum(view.spent.counted.tokens for view in views)
    usd = math.fsum(view.spent.counted.usd for view in views)
    return Purse(
        times(config.member.most, config.asks) if config.member is not None else Counted(),
        math.inf if config.tokens is None else (config.tokens - tokens) / len(agents),
        math.inf if config.usd is None else (config.usd - usd) / len(agents),
    )


async def look(
    lab: Lab, folder: RunFolder, view: RunView, *, salt: bytes, known: dict[str, dict[str, Any]], purse: Purse
) -> None:
    """Measure the checkpoints of a finished run on sealed tasks, once each; equal agents of a study are run once.

    ``known`` holds outcomes by the agent's files, and is filled; ``purse`` is what each look may spend.
    """
    seen = {one["candidate"] for one in view.looks}
    due = [one for one in checkpoints_of(view) if one not in seen]
    stack = ExitStack()
    store = folder.store()
    stack.callback(store.close)
    with stack:
        for one in view.looks:
            known.setdefault(_files_key(view, one["candidate"]), one["outcome"])
        if not due:
            return
        journal = _journal(store, folder.id)
        replies = _replies(lab, folder, stack)
        if replies is not None:
            replies.bind(store, journal, events_of(store, folder.id))
        evaluator = lab.evaluator.within(_record(lab, store, replies))
        told = ", ".join(due)
        journal.add("note", kind="checkpoints", text=f"to be looked at on sealed tasks: {told}", data=due)
        journal.flush()
        stream = await lab.open(Split.SEALED, seed=seeds.number(0, salt.hex(), "sealed"))
        for candidate in due:
            key = _files_key(view, candidate)
            if key not in known:
                files = {name: store.get(digest) for name, digest in view.candidates[candidate].files.items()}
                trial = Trial(Split.SEALED, tuple(range(min(len(stream), lab.config.sealed))), candidate)
                seed = seeds.number(0, "sealed", 0)
                place, own = f"look/{candidate}", replace(purse)
                known[key] = plain(await evaluator.look(trial, files, seed=seed, key=place, purse=own))
            grown = sha256(b"name of a salt" + salt)[:16]
            outcome = {**known[key], "trial": {**known[key]["trial"], "candidate": candidate}}
            journal.add("look", checkpoint=candidate, candidate=candidate, split="sealed", outcome=outcome, salt=grown)
            journal.flush()


def looks_of(view: RunView) -> LookTable:
    """What the looks of a run showed."""
    return {
        one["candidate"]: tuple(float(each["value"] or 0.0) for each in one["outcome"]["per_instance"])
        for one in view.looks
        if one["split"] == Split.SEALED
    }


def spent_on_looks(views: Sequence[RunView]) -> Counted:
    """Tokens and dollars of all looks of a study; equal agents were run once."""
    once = {_files_key(view, one["candidate"]): one["outcome"]["counted"] for view in views for one in view.looks}
    return Counted(
        tokens=sum(one["tokens"] for one in once.values()), usd=math.fsum(one["usd"] for one in once.values())
    )


def _files_key(view: RunView, candidate: CandidateId) -> str:
    return " ".join(digest for _, digest in sorted(view.candidates[candidate].files.items()))


def _journal(store: SqlStore, run: str) -> Journal:
    last = store.last(run)
    assert last is not None
    return Journal(store, run, seq=last.seq + 1, head=last.head)


def programs_of(lab: Lab) -> Iterator[str]:
    """The program of each sealed task that is looked at, in order."""
    yield from (task.program for task in lab.streams[Split.SEALED][: lab.config.sealed])
