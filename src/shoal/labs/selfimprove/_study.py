"""A study: arms and seeds, each a run; the looks behind the seal; the verdict and the report."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from pydantic import ValidationError

from shoal.core import seeds
from shoal.core.course import Admitted, Course
from shoal.core.errors import UserError
from shoal.core.loop import Stop
from shoal.core.statistics import Clustered, two_level_bootstrap
from shoal.core.values import CandidateId, Split
from shoal.guard import refuse_stopped, stopped_by
from shoal.labs.selfimprove._config import ARMS, FULL, Arm, StudyConfig
from shoal.labs.selfimprove._curve import CurvePoint
from shoal.labs.selfimprove._improvement import Arm as ToldArm
from shoal.labs.selfimprove._improvement import Node, SelfImprovement
from shoal.labs.selfimprove._lab import Lab, agent_files, laboratory
from shoal.labs.selfimprove._report import write_improvement
from shoal.labs.selfimprove._run import (
    LookTable,
    check_budget,
    look,
    looks_of,
    programs_of,
    purse_of_looks,
    run_arm,
    spent_on_looks,
)
from shoal.labs.selfimprove._transcripts import transcripts_of
from shoal.labs.selfimprove._verdict import verdict
from shoal.report import CostCard, RunView, events_of
from shoal.search import rows_of
from shoal.store import RunFolder, SqlStore

__all__ = ["StudyWatch", "begin", "go_on", "new_folder"]

SETTINGS = "study.json"
MOST_POINTS = 24
DIFF_CHARACTERS = 20_000


class StudyWatch(Protocol):
    """Someone who watches a study."""

    def run_begins(self, number: int, of: int, arm: Arm, seed: int) -> None: ...
    def admitted(self, course: Course[Any], step: Admitted) -> None: ...
    def looking(self, number: int, of: int) -> None: ...


@dataclass
class _Told:
    """One run, read: its champions by the number of self-modifications made until then, and what looks showed."""

    arm: Arm
    seed: int
    view: RunView
    looks: LookTable
    crowned: list[tuple[int, int, CandidateId]] = field(default_factory=list)  # steps, evaluations, who

    def standing(self, step: int) -> CandidateId:
        """The champion after so many self-modifications."""
        return [who for at, _, who in self.crowned if at <= step][-1]

    @property
    def last(self) -> int:
        """Self-modifications of the whole run."""
        return self.view.spent.proposals - 1


def new_folder(out: Path, config: StudyConfig) -> Path:
    """Make the folder of a study, with its settings in it."""
    refuse_stopped(out)
    folder = RunFolder.create(out, name="selfimprove").path
    (folder / SETTINGS).write_text(config.model_dump_json(indent=1, exclude={"workers"}) + "\n")
    return folder


async def begin(folder: Path, config: StudyConfig, *, stop: Stop, watch: StudyWatch) -> SelfImprovement | None:
    """See a study through; None where it was stopped before its end.

    All runs come first, then the looks, then the verdict: nothing is seen of the sealed tasks while anything runs.
    """
    first = agent_files(config.agent)
    plan = [(arm, seed) for seed in config.seeds for arm in config.arms]
    async with stopped_by(stop, folder, folder.parent), laboratory(config) as lab:
        check_budget(lab)
        for number, (arm, seed) in enumerate(plan, start=1):
            watch.run_begins(number, len(plan), arm, seed)
            await run_arm(lab, arm, seed, _run_folder(folder, arm, seed), first, stop=stop, watch=watch.admitted)
            if stop.now:
                return None
        known: dict[str, dict[str, Any]] = {}
        purse = purse_of_looks(config, [_view(_run_folder(folder, arm, seed)) for arm, seed in plan])
        told = []
        for number, (arm, seed) in enumerate(plan, start=1):
            watch.looking(number, len(plan))
            run = _run_folder(folder, arm, seed)
            await look(lab, run, _view(run), salt=run.salt(), known=known, purse=purse)
            told.append(_told(run, arm, seed))
            if stop.now:
                return None
        await lab.open(Split.SEALED)
        improvement = _improvement(lab, folder, told)
    write_improvement(folder / "report", improvement)
    return improvement


async def go_on(
    folder: Path,
    *,
    stop: Stop,
    watch: StudyWatch,
    workers: int | None = None,
    tokens: int | None = None,
    usd: float | None = None,
) -> SelfImprovement | None:
    """Go on with a study that was cut off, to its own totals or new ones; what is done is not done again."""
    try:
        config = StudyConfig.model_validate_json((folder / SETTINGS).read_text())
    except OSError:
        raise UserError(f"{folder} is no study of self-improvement: no {SETTINGS} in it") from None
    except ValidationError as error:
        raise UserError(f"{folder / SETTINGS} cannot be read: {error.errors()[0]['msg']}") from None
    refuse_stopped(folder, folder.parent)
    totals = {name: value for name, value in (("tokens", tokens), ("usd", usd)) if value is not None}
    if totals:
        try:
            config = StudyConfig(**{**config.model_dump(), **totals})
        except ValidationError as error:
            raise UserError(f"{', '.join(totals)}: {error.errors()[0]['msg']}") from None
        (folder / SETTINGS).write_text(config.model_dump_json(indent=1, exclude={"workers"}) + "\n")
    return await begin(folder, config.model_copy(update={"workers": workers}), stop=stop, watch=watch)


def _run_folder(folder: Path, arm: Arm, seed: int) -> RunFolder:
    return RunFolder(folder / f"{arm}-{seed}")


def _view(folder: RunFolder) -> RunView:
    store = folder.store(read_only=True)
    try:
        return RunView.read(store, folder.id)
    finally:
        store.close()


def _told(folder: RunFolder, arm: Arm, seed: int) -> _Told:
    """A run read whole: the view, the looks, and when each champion was crowned."""
    store = folder.store(read_only=True)
    try:
        view = RunView.read(store, folder.id)
        told = _Told(arm, seed, view, looks_of(view))
        made = evaluations = 0
        for event in events_of(store, folder.id):
            data = event.data
            if data["type"] == "result":
                evaluations += int(data["result"].get("counted", {}).get("evaluations", 0))
                outcome = data["result"].get("outcome") or {}
                evaluations += int(outcome.get("counted", {}).get("evaluations", 0))
            elif data["type"] == "issued" and data["work"]["do"] == "propose":
                made += data["k"] > 0
            elif data["type"] == "note" and data["kind"] == "champion" and data["data"]["candidate"] in told.looks:
                told.crowned.append((made, evaluations, data["data"]["candidate"]))
        assert view.initial is not None
        if not told.crowned or told.crowned[0][2] != view.initial:
            told.crowned.insert(0, (0, 0, view.initial))
        told.crowned[0] = (0, 0, view.initial)
        return told
    finally:
        store.close()


# -- what it came to ------------------------------------------------------------------------------------------------


def _improvement(lab: Lab, folder: Path, told: Sequence[_Told]) -> SelfImprovement:
    told = _alike(told)
    programs = list(programs_of(lab))[: len(_final(told[0]))]
    by_arm = {arm: [one for one in told if one.arm == arm] for arm in dict.fromkeys(one.arm for one in told)}
    main = by_arm.get(FULL) or told
    rng = np.random.default_rng(seeds.number(0, "verdict"))
    found = verdict(
        {str(one.seed): _differences(programs, _final(one), _seed_agent(one)) for one in main},
        arms={
            arm: {str(a.seed): _differences(programs, _final(a), _final(b)) for a, b in zip(main, runs, strict=True)}
            for arm, runs in by_arm.items()
            if arm != FULL
        },
        rng=rng,
        self_scored=any(task.self_scored for tasks in lab.streams.values() for task in tasks),
    )
    champion = main[0].view.champion
    assert champion is not None
    return SelfImprovement(
        run=folder.name,
        bench=str(lab.config.bench or "repair"),
        seeds=tuple(one.seed for one in main),
        nodes=_nodes(RunFolder(folder / f"{main[0].arm}-{main[0].seed}"), main[0]),
        champion=champion,
        curve=_curve(programs, main, rng),
        arms=tuple(ToldArm(arm, ARMS[arm], _curve(programs, runs, rng)) for arm, runs in by_arm.items() if arm != FULL),
        verdict=found,
        cost=_cost(told),
    )


def _alike(told: Sequence[_Told]) -> list[_Told]:
    """All looks cut to the tasks that every one of them has met: a look ends early where its money does."""
    least = min(len(values) for one in told for values in one.looks.values())
    return [replace(one, looks={id: values[:least] for id, values in one.looks.items()}) for one in told]


def _final(one: _Told) -> tuple[float, ...]:
    assert one.view.champion is not None
    return one.looks[one.view.champion]


def _seed_agent(one: _Told) -> tuple[float, ...]:
    assert one.view.initial is not None
    return one.looks[one.view.initial]


def _differences(programs: Sequence[str], mine: Sequence[float], theirs: Sequence[float]) -> dict[str, list[float]]:
    """Differences by program, task by task."""
    found: dict[str, list[float]] = {}
    for program, a, b in zip(programs, mine, theirs, strict=True):
        found.setdefault(program, []).append(a - b)
    return found


def _curve(programs: Sequence[str], runs: Sequence[_Told], rng: np.random.Generator) -> tuple[CurvePoint, ...]:
    """The mean over seeds of the standing champion's sealed rate, where any champion changed, and at the end."""
    last = max(one.last for one in runs)
    steps = sorted({0, last, *(at for one in runs for at, _, _ in one.crowned)})
    if len(steps) > MOST_POINTS:
        steps = [steps[i] for i in np.linspace(0, len(steps) - 1, MOST_POINTS).round().astype(int)]
    points = []
    for step in steps:
        values: Clustered = {
            str(one.seed): _differences(programs, one.looks[one.standing(step)], [0.0] * len(programs)) for one in runs
        }
        interval = two_level_bootstrap(values, rng, draws=2_000)
        spent = [max([e for at, e, _ in one.crowned if at <= step], default=0) for one in runs]
        points.append(
            CurvePoint(step, round(sum(spent) / len(spent)), interval.mean, max(0.0, interval.low), interval.high)
        )
    return tuple(points)


def _nodes(folder: RunFolder, one: _Told) -> tuple[Node, ...]:
    """The tree of one run, each node with its difference to its parent."""
    store = folder.store(read_only=True)
    try:
        transcripts = transcripts_of(event.data for event in events_of(store, folder.id))
        notes = [
            event.data["data"]
            for event in events_of(store, folder.id)
            if event.data["type"] == "note" and event.data["kind"] == "node"
        ]
        rows = {row.id: row for row in rows_of(notes)}
        nodes = (_node(store, one, id, rows) for id in _in_order(one.view, rows))
        return tuple(replace(node, transcripts=transcripts.get(node.id, ())) for node in nodes)
    finally:
        store.close()


def _in_order(view: RunView, rows: Mapping[CandidateId, Any]) -> list[CandidateId]:
    """Measured agents and all their forebears, parents first."""
    wanted = set(rows) | {one for one in (view.initial, view.champion) if one is not None}
    for id in sorted(wanted, key=lambda one: view.candidates[one].k, reverse=True):
        known = view.candidates[id]
        while known.parents and known.parents[0] in view.candidates:
            known = view.candidates[known.parents[0]]
            wanted.add(known.id)
    return sorted(wanted, key=lambda one: view.candidates[one].k)


def _node(store: SqlStore, one: _Told, id: CandidateId, rows: Mapping[CandidateId, Any]) -> Node:
    view = one.view
    known = view.candidates[id]
    parent = known.parents[0] if known.parents else None
    row = rows.get(id)
    looked = one.looks.get(id)
    return Node(
        id=id,
        parent=parent,
        generation=_depth(view, id),
        solved=round(row.solved) if row else 0,
        tried=row.tried if row else 0,
        sealed=sum(looked) / len(looked) if looked else None,
        diff=_diff(store, view, parent, id) if parent else "",
        note=known.note,
    )


def _depth(view: RunView, id: CandidateId) -> int:
    depth, known = 0, view.candidates[id]
    while known.parents:
        known, depth = view.candidates[known.parents[0]], depth + 1
    return depth


def _diff(store: SqlStore, view: RunView, parent: CandidateId, child: CandidateId) -> str:
    """The unified diff of two agents' files."""
    before, after = view.candidates[parent].files, view.candidates[child].files
    texts: list[str] = []
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            old, new = (
                store.get(files[name]).decode(errors="replace").splitlines(keepends=True) if name in files else []
                for files in (before, after)
            )
            texts += difflib.unified_diff(old, new, f"a/{name}", f"b/{name}")
    return "".join(texts)[:DIFF_CHARACTERS]


def _cost(told: Sequence[_Told]) -> CostCard:
    """Everything that all runs used."""
    cards = [CostCard.of(one.view) for one in told]
    names = ("samples", "failed", "rejected", "evaluations", "instance_runs", "seconds", "cpu_seconds", "tokens")
    sums: dict[str, Any] = {name: sum(getattr(card, name) for card in cards) for name in names}
    looks = spent_on_looks([one.view for one in told])
    sums["tokens"] += looks.tokens
    return CostCard(**sums, model_usd=sum(card.model_usd for card in cards) + looks.usd)


def summary(told: SelfImprovement, folder: Path) -> str:
    """What ``--json`` prints."""
    seed, end = told.curve[0].rate, told.curve[-1].rate
    return json.dumps(
        {
            "study": told.run,
            "folder": str(folder),
            "verdict": told.verdict.finding,
            "sentence": told.verdict.sentence,
            "seed_rate": seed,
            "champion_rate": end,
            "imp_at_k": told.imp_at_k.gain if told.imp_at_k else None,
            "evaluations": told.cost.evaluations,
            "cpu_seconds": told.cost.cpu_seconds,
            "tokens": told.cost.tokens,
            "model_usd": told.cost.model_usd,
        }
    )
