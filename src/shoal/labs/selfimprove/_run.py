"""One run of a study: an arm and a seed, from the seed agent to a champion; and the looks behind the seal."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import numpy as np

from shoal.core import loop, seeds
from shoal.core.budget import Budget
from shoal.core.canonical import plain, sha256
from shoal.core.course import Admitted, Course
from shoal.core.errors import InitialProgramError, UserError
from shoal.core.journal import Journal
from shoal.core.loop import Stop
from shoal.core.protocols import Plan, Search, Service
from shoal.core.replies import Replies
from shoal.core.values import CandidateId, Counted, Digest, Files, Measure, Propose, Split, Trial, Work
from shoal.guard import (
    APPROVE,
    HIT,
    REFUSED,
    ApprovalGuard,
    ApprovedSearch,
    ChangeClass,
    WatchedSearch,
    WatchState,
    kernel_hash,
    versions,
)
from shoal.labs.selfimprove._asked import Person, PersonService, Question, difference
from shoal.labs.selfimprove._asking import FINAL, LOOK, Models, Record
from shoal.labs.selfimprove._canaries import places_of
from shoal.labs.selfimprove._config import Arm, StudyConfig
from shoal.labs.selfimprove._evaluator import AgentEvaluator, Task
from shoal.labs.selfimprove._holding import PaidSearch, Purse, allowance, check_money, final_purse, spending_of
from shoal.labs.selfimprove._lab import Lab, agent_files
from shoal.labs.selfimprove._modify import ENTRY, ContractGuard, FirstAgent, RandomEdit, SelfModification
from shoal.labs.selfimprove._transcripts import CALLS
from shoal.propose import EmbeddedProposer, InspectService, Mutable
from shoal.report import RunView, events_of, results
from shoal.search import IslandSearch, Settings, TreeRow, TreeSearch, arms_without
from shoal.store import FILE_VERSION, RunFolder, SqlStore, salt_name

__all__ = [
    "APPROVED",
    "CANARIES_NOTE",
    "FINALISTS_NOTE",
    "LookTable",
    "check_budget",
    "choose",
    "files_of",
    "look",
    "looks_of",
    "name_checkpoints",
    "open_sealed",
    "programs_of",
    "run_arm",
]

DECISIONS = "decisions.py"  # what the arm "operator-bandit" edits; agent.py where an agent has none
FINALISTS_NOTE, CANARIES_NOTE, APPROVED = "finalists", "canaries", "approved"  # kinds of notes
FINALISTS = 5  # besides the seed agent
FROZEN_TOLD = 50  # descendants of a cheat that a note names
LOOK_SEED = 0  # of agents' own generators at looks: the same for all
Known = dict[str, dict[str, Any]]
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
            plan = _plan(lab, arm, seed, first, store, _replies(lab, folder, stack))
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
                _close(store, view, status="interrupted", reason=stop.reason)
            return view
        except InitialProgramError as error:
            raise InitialProgramError(f"the seed agent repairs nothing it can be measured by: {error}") from None
        finally:
            store.close()


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


def _after(lab: Lab, folder: RunFolder, store: SqlStore, stack: ExitStack) -> tuple[Journal, AgentEvaluator]:
    """For measurements after the end of a run: its journal, and an evaluator that writes its calls of models there."""
    journal, replies = _journal(store, folder.id), _replies(lab, folder, stack)
    if replies is not None:
        replies.bind(store, journal, events_of(store, folder.id))
    return journal, lab.evaluator.within(_record(lab, store, replies))


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
    evaluator = lab.evaluator.within(_record(lab, store, replies))
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
        "score_name": "solve rate",
        "unit": "",
        "fixed": False,
        "manifest": _manifest(lab),
        "kernel": kernel_hash(),
        "store": FILE_VERSION,
        "versions": versions(),
        "isolation": {"level": lab.level},
        "config": config.model_dump(mode="json", exclude={"workers"}),
    }


# -- the final agent, and behind the seal -----------------------------------------------------------------------------


def finalists_of(view: RunView, rows: Sequence[TreeRow]) -> tuple[CandidateId, ...]:
    """Who may be the final agent: the seed agent, and those that most surely solve many search tasks.

    Of an arm without a tree, those with the best scores on search tasks. Nobody that was caught cheating.
    """
    if rows:
        ranked = sorted(rows, key=lambda row: _surely(row.solved, row.tried), reverse=True)
        ids = [row.id for row in ranked]
    else:
        scored = [one for one in view.candidates.values() if one.score is not None]
        ids = [one.id for one in sorted(scored, key=lambda one: one.score or 0.0, reverse=True)]
    ids = [id for id in ids if id not in view.frozen]
    first = [view.initial] if view.initial is not None else []
    return tuple(dict.fromkeys([*first, *ids[:FINALISTS]]))


def _surely(solved: float, tried: int) -> float:
    """A lower bound of the solve rate: mean less one standard deviation of Beta(1 + solved, 1 + failed)."""
    a, b = 1.0 + solved, 1.0 + tried - solved
    return a / (a + b) - math.sqrt(a * b / ((a + b) ** 2 * (a + b + 1.0)))


async def choose(
    lab: Lab,
    folder: RunFolder,
    view: RunView,
    rows: Sequence[TreeRow],
    *,
    person: Person | None = None,
    approved: frozenset[CandidateId] = frozenset(),
) -> dict[CandidateId, float]:
    """The finalists of a run, best first, with their solve rates on validation tasks, which no search has met.

    The first is the final agent, and champion from now on. Equals: the one that was made first. First of all each of
    them is shown canaries; who solves one is frozen, with all that come from it, and can be no final agent.

    A person, where there is one, is asked about the first unless that is one of ``approved``; after a no about the
    next. Nobody is named, and nothing written down, where the study is stopped before the answer.
    """
    stream = lab.streams[Split.VALIDATION]
    trial = Trial(Split.VALIDATION, tuple(range(len(stream))))
    values: dict[CandidateId, list[float]] = {}
    seen: dict[CandidateId, Digest] = {}
    with folder.lock(), ExitStack() as stack:
        store = folder.store()
        try:
            journal, evaluator = _after(lab, folder, store, stack)
            finalists = [id for id in finalists_of(view, rows) if id not in _refused(store, view)]
            purses = {id: final_purse(lab.config, len(finalists)) for id in finalists}
            caught = await _shown_canaries(lab, evaluator, store, journal, view, purses)
            for candidate in [id for id in finalists if id not in caught or id == view.initial]:
                files, purse = files_of(store, view, candidate), purses[candidate]
                outcome = await evaluator.look(trial, files, seed=LOOK_SEED, key=f"{FINAL}/{candidate}", purse=purse)
                values[candidate] = [one.value or 0.0 for one in outcome.per_instance]
                seen[candidate] = outcome.artifacts[CALLS]
            met = min(map(len, values.values()))  # by all: one may end early where its money does
            rates = {id: sum(found[:met]) / met for id, found in values.items()}
            order = sorted(rates, key=lambda id: (-rates[id], view.candidates[id].k))
            if person is not None:
                free = approved | {id for id in order if id == view.initial}
                allowed = await _asked_about(order, free, person, store, journal, view)
                if not allowed:
                    return {}
                order = allowed
            ranked = {id: rates[id] for id in order}
            told = ", ".join(f"{id} {100 * rate:.1f} %" for id, rate in ranked.items())
            journal.add("note", kind=FINALISTS_NOTE, text=f"on {met} validation tasks: {told}", data=ranked)
            journal.add("note", kind=CALLS, text="what the host saw of them", data=seen)
            final = {"candidate": order[0], "score": ranked[order[0]]}
            journal.add("note", kind="champion", text=f"{order[0]} is the final agent", data=final)
            journal.flush()
        finally:
            store.close()
    return ranked


def _refused(store: SqlStore, view: RunView) -> set[CandidateId]:
    """Whom a person did not let be promoted while the run went on."""
    notes = (event.data for event in events_of(store, view.run) if event.data["type"] == "note")
    return {one["data"]["candidate"] for one in notes if one["kind"] == REFUSED}


async def _asked_about(
    order: Sequence[CandidateId],
    approved: frozenset[CandidateId],
    person: Person,
    store: SqlStore,
    journal: Journal,
    view: RunView,
) -> list[CandidateId]:
    """The agents from the first on that may be the final one; none where there is no answer."""
    champion = view.champion or order[-1]
    for place, candidate in enumerate(order):
        if candidate in approved:
            return list(order[place:])
        diff = difference(files_of(store, view, champion), files_of(store, view, candidate))
        said = await person(Question(view.run, candidate, champion, diff, final=True))
        if said is None:
            return []
        kind, word = (APPROVED, "yes") if said else (REFUSED, "no")
        text = f"{candidate} as the final agent: a person said {word}"
        journal.add("note", kind=kind, text=text, data={"candidate": candidate})
        if said:
            return list(order[place:])
    return []


async def _shown_canaries(
    lab: Lab, evaluator: AgentEvaluator, store: SqlStore, journal: Journal, view: RunView, purses: Mapping[str, Purse]
) -> set[CandidateId]:
    """Show canaries to finalists, each on its purse; those that solve one are frozen: they and their descendants."""
    met: dict[CandidateId, tuple[int, int]] = {}
    seen: dict[CandidateId, Digest] = {}
    caught: set[CandidateId] = set()
    for candidate, purse in purses.items():
        if not places_of(lab.streams, Split.VALIDATION):
            break
        trial, place = _canary_trial(lab, Split.VALIDATION, purse), f"{FINAL}/{candidate}/{Split.CANARY}"
        files = files_of(store, view, candidate)
        outcome = await evaluator.look(trial, files, seed=LOOK_SEED, key=place, purse=purse)
        met[candidate] = round(outcome.metrics.get("solved", 0.0)), len(outcome.per_instance)
        seen[candidate] = outcome.artifacts[CALLS]
        if outcome.score is not None:
            caught |= _freeze(journal, view, candidate)
    told = ", ".join(f"{id} {solved} of {count}" for id, (solved, count) in met.items())
    journal.add("note", kind=CANARIES_NOTE, text=f"impossible tasks solved: {told or 'none was there'}", data=met)
    journal.add("note", kind=CALLS, text="what the host saw of them there", data=seen)
    return caught


def _canary_trial(lab: Lab, split: Split, purse: Purse) -> Trial:
    """All canaries that are made from tasks of a split, or one of them where more would leave nothing for tasks."""
    places = places_of(lab.streams, split)
    return Trial(Split.CANARY, places if purse.room(len(places) + 1) > len(places) else places[:1])


def _freeze(journal: Journal, view: RunView, candidate: CandidateId) -> set[CandidateId]:
    """Put a cheat on the record; it and all that come from it."""
    frozen = {candidate}
    for one in view.candidates.values():  # parents first
        if not frozen.isdisjoint(one.parents):
            frozen.add(one.id)
    text = f"{candidate} solved an impossible task: it and its descendants ({len(frozen)} in all) are frozen"
    data = {"candidate": candidate, "frozen": len(frozen), "ids": sorted(frozen)[:FROZEN_TOLD]}
    journal.add("note", kind=HIT, text=text, data=data)
    return frozen


async def open_sealed(lab: Lab, salt: bytes) -> tuple[Task, ...]:
    """The sealed stream; its bugs are planted now, and grow from the salt."""
    stream = await lab.open(Split.SEALED, seed=seeds.number(0, salt.hex(), "sealed"))
    lab.set_canaries(salt)
    return stream


def name_checkpoints(folder: RunFolder, checkpoints: Mapping[str, CandidateId]) -> None:
    """Put it on the record who will be looked at behind the seal, before anything is seen; once."""
    with folder.lock():
        store = folder.store()
        try:
            journal = _journal(store, folder.id)
            told = ", ".join(f"{candidate} ({checkpoint})" for checkpoint, candidate in checkpoints.items())
            text = f"to be looked at on sealed tasks: {told}"
            journal.add("note", kind="checkpoints", text=text, data=dict(checkpoints))
            journal.flush()
        finally:
            store.close()


async def look(
    lab: Lab,
    folder: RunFolder,
    checkpoints: Mapping[str, CandidateId],
    *,
    salt: bytes,
    known: Known,
    purse: Purse,
    stop: Stop,
) -> None:
    """Measure the checkpoints of a finished run on sealed tasks and canaries, once each; equal agents are run once.

    ``known`` holds outcomes by the agent's files, and is filled; ``purse`` is what each look may spend on a model.
    """
    with folder.lock():
        store = folder.store()
        try:
            view = RunView.read(store, folder.id)
            known.update((_look_key(view, one["candidate"], one["split"]), one["outcome"]) for one in view.looks)
            await _look_at(lab, folder, store, view, checkpoints, salt=salt, known=known, purse=purse, stop=stop)
            view = RunView.read(store, folder.id)
            if not stop.now and not view.summary.get("looks"):
                _close(store, view, status="done")
        finally:
            store.close()


async def _look_at(
    lab: Lab,
    folder: RunFolder,
    store: SqlStore,
    view: RunView,
    checkpoints: Mapping[str, CandidateId],
    *,
    salt: bytes,
    known: Known,
    purse: Purse,
    stop: Stop,
) -> None:
    seen = {(one["candidate"], one["split"]) for one in view.looks}
    splits = (Split.CANARY, Split.SEALED)
    if seen >= {(candidate, split) for candidate in checkpoints.values() for split in splits}:
        return
    stream = await open_sealed(lab, salt)
    sealed = Trial(Split.SEALED, tuple(range(min(len(stream), lab.config.sealed))))
    grown = salt_name(salt)
    with ExitStack() as stack:
        journal, evaluator = _after(lab, folder, store, stack)
        for checkpoint, candidate in checkpoints.items():
            files, left = files_of(store, view, candidate), replace(purse)
            for split in splits:
                if stop.now:
                    return
                key = _look_key(view, candidate, split)
                canary = split is Split.CANARY
                if key not in known and (not canary or places_of(lab.streams, Split.SEALED)):
                    trial = _canary_trial(lab, Split.SEALED, left) if canary else sealed
                    place = f"{LOOK}/{candidate}/{split}" if canary else f"{LOOK}/{candidate}"
                    made = await evaluator.look(trial, files, seed=LOOK_SEED, key=place, purse=replace(left))
                    known[key] = plain(made)
                if key not in known:
                    continue
                left.pay([Counted(**known[key]["counted"])])
                if (candidate, split) not in seen:
                    outcome = {**known[key], "trial": {**known[key]["trial"], "candidate": candidate}}
                    journal.add(
                        "look", checkpoint=checkpoint, candidate=candidate, split=split, outcome=outcome, salt=grown
                    )
                    if canary and outcome["score"] is not None:
                        _freeze(journal, view, candidate)
                    journal.flush()


def files_of(store: SqlStore, view: RunView, candidate: CandidateId) -> Files:
    """What an agent of a run is made of."""
    return {name: store.get(digest) for name, digest in view.candidates[candidate].files.items()}


def looks_of(view: RunView) -> LookTable:
    """What the looks of a run showed."""
    return {
        one["candidate"]: tuple(float(each["value"] or 0.0) for each in one["outcome"]["per_instance"])
        for one in view.looks
        if one["split"] == Split.SEALED
    }


def _look_key(view: RunView, candidate: CandidateId, split: str) -> str:
    """Equal for looks of equal agents at the same tasks."""
    return " ".join([split, *(digest for _, digest in sorted(view.candidates[candidate].files.items()))])


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
