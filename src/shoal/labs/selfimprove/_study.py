"""A study: arms and seeds, each a run; the looks behind the seal; the verdict and the report."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from pydantic import ValidationError

from shoal.core import seeds
from shoal.core.canonical import plain
from shoal.core.course import Admitted, Course
from shoal.core.errors import UserError
from shoal.core.loop import Stop
from shoal.core.statistics import Clustered, two_level_bootstrap
from shoal.core.values import Ask, CandidateId, Counted, Files, Measure, Split
from shoal.guard import APPROVE, REFUSED, refuse_stopped, stopped_by
from shoal.labs.selfimprove._asked import Person, difference
from shoal.labs.selfimprove._asking import FINAL, late_costs
from shoal.labs.selfimprove._choose import APPROVED, CANARIES_NOTE, FINALISTS_NOTE, choose
from shoal.labs.selfimprove._config import ARMS, FULL, Arm, StudyConfig
from shoal.labs.selfimprove._curve import CurvePoint
from shoal.labs.selfimprove._folders import load_bench
from shoal.labs.selfimprove._holding import look_purse
from shoal.labs.selfimprove._improvement import Arm as ToldArm
from shoal.labs.selfimprove._improvement import Canaries, Kind, Node, SelfImprovement
from shoal.labs.selfimprove._lab import Lab, agent_files, laboratory
from shoal.labs.selfimprove._looks import Known, LookTable, look, looks_of, name_checkpoints, open_sealed, programs_of
from shoal.labs.selfimprove._optimising import FAMILIES
from shoal.labs.selfimprove._record import files_of
from shoal.labs.selfimprove._report import write_improvement
from shoal.labs.selfimprove._run import check_budget, run_arm
from shoal.labs.selfimprove._transcripts import transcripts_of
from shoal.labs.selfimprove._verdict import no_verdict, verdict
from shoal.report import FORMER, CostCard, RunView, events_of
from shoal.report._ledger import Item, Ledger, data_of
from shoal.search import NODE, TreeRow, rows_of
from shoal.store import RunFolder, SqlStore

__all__ = ["StudyWatch", "go_on", "new_folder", "settings_of"]

SETTINGS = "study.json"
AGENT = "agent"  # the seed agent as it was when the study began
IMPROVER = "improver"  # and who makes all children, where that was said
MOST_POINTS = 24
MOST_LEADERS = 4  # of a run that are looked at behind the seal, besides the seed agent and the final one
REPAIR = "repair"


class StudyWatch(Protocol):
    """Someone who watches a study."""

    def run_begins(self, number: int, of: int, arm: Arm, seed: int) -> None: ...
    def admitted(self, course: Course[Any], step: Admitted) -> None: ...
    def looking(self, number: int, of: int) -> None: ...


class Tried(NamedTuple):
    """What came of the canaries that an agent was shown once."""

    who: CandidateId
    split: Split  # of the tasks that they were made from
    solved: int
    met: int


@dataclass
class _Told:
    """One run, read: who led it after how many self-modifications, and the final agent."""

    arm: Arm
    seed: int
    view: RunView
    rows: Mapping[CandidateId, TreeRow]
    final: CandidateId
    crowned: list[tuple[int, int, CandidateId]] = field(default_factory=list)  # steps, evaluations, who
    looks: LookTable = field(default_factory=dict)
    costs: Mapping[CandidateId, Counted] = field(default_factory=dict)  # of making and measuring each
    late: Mapping[str, Counted] = field(default_factory=dict)  # of models after the run's end
    canaries: list[Tried] = field(default_factory=list)
    frozen: frozenset[CandidateId] = frozenset()  # who was caught, and their descendants
    words: int = 0  # of a person about promotions

    def standing(self, step: int) -> CandidateId:
        """Who led after so many self-modifications; at the end the final agent."""
        return self.final if step >= self.last else [who for at, _, who in self.crowned if at <= step][-1]

    @property
    def last(self) -> int:
        """Self-modifications of the whole run."""
        return self.view.spent.proposals - 1

    @property
    def first(self) -> CandidateId:
        """The seed agent."""
        assert self.view.initial is not None
        return self.view.initial

    @property
    def checkpoints(self) -> dict[str, CandidateId]:
        """Who is looked at behind the seal: the seed agent, the final one, of the full lab some that led it, too."""
        led = list(dict.fromkeys(who for _, _, who in self.crowned if who not in (self.first, self.final)))
        led = led if self.arm == FULL else []
        some = [led[i] for i in np.linspace(0, len(led) - 1, min(len(led), MOST_LEADERS)).round().astype(int)]
        named = {"initial": self.first, **{FORMER + who: who for who in some}}
        return named if self.final == self.first else {**named, "champion": self.final}


def new_folder(out: Path, config: StudyConfig) -> Path:
    """Make the folder of a study, with its settings and the seed agent in it. Raises UserError for a wrong one."""
    refuse_stopped(out)
    first = agent_files(config.agent)
    if config.bench is not None:
        load_bench(config.bench)
        config = config.model_copy(update={"bench": config.bench.expanduser().resolve()})
    agents = {AGENT: first, **({} if config.improver is None else {IMPROVER: agent_files(config.improver)})}
    folder = RunFolder.create(out, name="selfimprove").path
    for place, files in agents.items():
        (folder / place).mkdir()
        for name, data in files.items():
            (folder / place / name).write_bytes(data)
    (folder / SETTINGS).write_text(config.model_dump_json(indent=1, exclude={"workers"}) + "\n")
    return folder


def settings_of(folder: Path) -> StudyConfig:
    """With what a study began. Raises UserError for a folder that holds none."""
    try:
        return StudyConfig.model_validate_json((folder / SETTINGS).read_text())
    except OSError:
        raise UserError(f"{folder} is no study of self-improvement: no {SETTINGS} in it") from None
    except ValidationError as error:
        raise UserError(f"{folder / SETTINGS} cannot be read: {error.errors()[0]['msg']}") from None


def _with_totals(folder: Path, tokens: int | None, usd: float | None) -> StudyConfig:
    """The settings of a study; new totals are written down."""
    config = settings_of(folder)
    if totals := {name: value for name, value in (("tokens", tokens), ("usd", usd)) if value is not None}:
        try:
            config = StudyConfig(**{**config.model_dump(), **totals})
        except ValidationError as error:
            raise UserError(f"{', '.join(totals)}: {error.errors()[0]['msg']}") from None
        (folder / SETTINGS).write_text(config.model_dump_json(indent=1, exclude={"workers"}) + "\n")
    return config


async def go_on(
    folder: Path,
    *,
    stop: Stop,
    watch: StudyWatch,
    workers: int | None = None,
    tokens: int | None = None,
    usd: float | None = None,
    person: Person | None = None,
) -> SelfImprovement | None:
    """See a study through from wherever it is, to its own totals or new ones; None where it was stopped before its end.

    All runs come first, then the looks, then the verdict: nothing is seen of the sealed tasks while anything runs.
    What is done is not done again. ``person`` is asked before each promotion, where the study's settings say so.
    """
    config = _with_totals(folder, tokens, usd).model_copy(update={"workers": workers})
    if config.approve == "auto":
        person = None
    elif person is None:
        raise UserError("this study asks a person before each promotion (approve = ask), and nobody is there to ask")
    refuse_stopped(folder, folder.parent)
    first = agent_files(folder / AGENT)
    if config.improver is not None:
        config = config.model_copy(update={"improver": folder / IMPROVER})
    plan = [(arm, seed) for seed in config.seeds for arm in config.arms]
    async with stopped_by(stop, folder, folder.parent), laboratory(config) as lab:
        check_budget(lab, config.arms)
        for number, (arm, seed) in enumerate(plan, start=1):
            watch.run_begins(number, len(plan), arm, seed)
            run = _run_folder(folder, arm, seed)
            await run_arm(lab, arm, seed, run, first, stop=stop, watch=watch.admitted, person=person)
            if stop.now:
                return None
        chosen = []
        for arm, seed in plan:
            one = await _chosen(lab, _run_folder(folder, arm, seed), arm, seed, person)
            if one is None:
                return None
            chosen.append(one)
        known: Known = {}
        spent = sum((_spent(lab, _run_folder(folder, one.arm, one.seed), one) for one in chosen), Counted())
        purse = look_purse(config, spent, sum(len(one.checkpoints) for one in chosen))
        for number, one in enumerate(chosen, start=1):
            watch.looking(number, len(plan))
            run = _run_folder(folder, one.arm, one.seed)
            await look(lab, run, one.checkpoints, salt=run.salt(), known=known, purse=purse, stop=stop)
            if stop.now:
                return None
        told = [_read(lab, _run_folder(folder, one.arm, one.seed), one) for one in chosen]
        await open_sealed(lab, _run_folder(folder, *plan[0]).salt())
        improvement = _improvement(lab, folder, told)
    write_improvement(folder / "report", improvement, _champion(folder, told))
    return improvement


def _champion(folder: Path, told: Sequence[_Told]) -> Files:
    """The source of the champion: the final agent of the first run."""
    one = next((one for one in told if one.arm == FULL), told[0])
    store = _run_folder(folder, one.arm, one.seed).store(read_only=True)
    try:
        return files_of(store, one.view, one.final)
    finally:
        store.close()


def _run_folder(folder: Path, arm: Arm, seed: int) -> RunFolder:
    return RunFolder(folder / f"{arm}-{seed}")


async def _chosen(lab: Lab, folder: RunFolder, arm: Arm, seed: int, person: Person | None) -> _Told | None:
    """A run read, its final agent chosen, and those named that will be looked at; each once.

    None where the study was stopped before a person had answered.
    """
    told, notes = _history(folder, arm, seed)
    if FINALISTS_NOTE not in notes:
        led = frozenset(who for _, _, who in told.crowned)
        if not await choose(lab, folder, told.view, list(told.rows.values()), person=person, approved=led):
            return None
        told, notes = _history(folder, arm, seed)
    view, ranked = told.view, notes[FINALISTS_NOTE]
    told.final = min(ranked, key=lambda id: (-ranked[id], view.candidates[id].k))
    if "checkpoints" not in notes:
        name_checkpoints(folder, told.checkpoints)
    return told


def _spent(lab: Lab, folder: RunFolder, told: _Told) -> Counted:
    """What models have cost a run before its looks."""
    return told.view.spent.counted + _late(lab, folder).get(FINAL, Counted())


def _late(lab: Lab, folder: RunFolder) -> dict[str, Counted]:
    """What models have cost a run after its end, see `late_costs`."""
    if lab.config.member is None:
        return {}
    store = folder.store(read_only=True)
    try:
        return late_costs(store, (event.data for event in events_of(store, folder.id)), lab.config.member)
    finally:
        store.close()


def _read(lab: Lab, folder: RunFolder, told: _Told) -> _Told:
    """With what the looks showed; those that led and were not looked at are left out."""
    store = folder.store(read_only=True)
    try:
        view = RunView.read(store, folder.id)
        told.looks, told.frozen = looks_of(view), view.frozen
        outcomes = ((one["candidate"], one["outcome"]) for one in view.looks if one["split"] == Split.CANARY)
        told.canaries += [Tried(who, Split.SEALED, *_solved(outcome)) for who, outcome in outcomes]
    finally:
        store.close()
    told.late = _late(lab, folder)
    told.crowned = [one for one in told.crowned if one[2] in told.looks]
    return told


def _history(folder: RunFolder, arm: Arm, seed: int) -> tuple[_Told, dict[str, Any]]:
    """One pass over a log: the tree, who led when, what each cost; and the data of the notes about the end, by kind."""
    store = folder.store(read_only=True)
    try:
        view = RunView.read(store, folder.id)
        ledger = Ledger(ordered=view.ordered, hashed=False)
        nodes: list[Any] = []
        notes: dict[str, Any] = {}
        costs: dict[CandidateId, Counted] = {}
        crowned: list[tuple[int, int, CandidateId]] = []
        canaries: list[Tried] = []
        words = 0
        finished = False
        for event in events_of(store, folder.id):
            data = data_of(event)
            for item in ledger.take(data, seq=event.seq):
                words += isinstance(item.work, Ask) and item.work.service == APPROVE
                if (who := _whose(item)) is not None:
                    costs[who] = costs.get(who, Counted()) + item.result.counted
                    outcome = item.result.outcome
                    if outcome is not None and outcome.trial.split is Split.CANARY:
                        canaries.append(Tried(who, Split.SEARCH, *_solved(plain(outcome))))
            match data["type"]:
                case "finished":
                    finished = True
                case "note" if finished:
                    notes[data["kind"]] = data["data"]
                    words += data["kind"] in (APPROVED, REFUSED)
                case "note" if data["kind"] == "champion":
                    spent = ledger.spent
                    made = spent.proposals - 1 if crowned else 0
                    crowned.append((made, spent.counted.evaluations, data["data"]["candidate"]))
                case "note" if data["kind"] == NODE:
                    nodes.append(data["data"])
        assert view.initial is not None
        crowned = [one for one in crowned if one[2] not in view.frozen] or [(0, 0, view.initial)]
        shown = notes.get(CANARIES_NOTE, {})
        canaries += [Tried(who, Split.VALIDATION, solved, met) for who, (solved, met) in shown.items()]
        rows = {row.id: row for row in rows_of(nodes)}
        return _Told(arm, seed, view, rows, view.initial, crowned, costs=costs, canaries=canaries, words=words), notes
    finally:
        store.close()


def _solved(outcome: Mapping[str, Any]) -> tuple[int, int]:
    """Of how many canaries how many were solved, by an outcome as the log has it."""
    values = [one["value"] or 0.0 for one in outcome["per_instance"]]
    return round(sum(values)), len(values)


def _whose(item: Item) -> CandidateId | None:
    """Which agent was made or measured."""
    if isinstance(item.work, Measure):
        return item.work.trial.candidate
    return item.result.candidate.id if item.result.candidate is not None else None


# -- what it came to ------------------------------------------------------------------------------------------------


def _improvement(lab: Lab, folder: Path, told: Sequence[_Told]) -> SelfImprovement:
    told = _alike(told)
    programs = list(programs_of(lab))[: len(told[0].looks[told[0].first])]
    by_arm = {arm: [one for one in told if one.arm == arm] for arm in dict.fromkeys(one.arm for one in told)}
    main = by_arm.get(FULL) or told
    rng = np.random.default_rng(seeds.number(0, "verdict"))
    level = min(lab.level, *(one.view.about["isolation"]["level"] for one in told))
    self_scored = any(task.self_scored for tasks in lab.streams.values() for task in tasks)
    canaries, silent = _watched(told)
    found = no_verdict(self_scored=self_scored, level=level, caught=canaries.caught, silent=silent) or verdict(
        {str(one.seed): _differences(programs, one.looks[one.final], one.looks[one.first]) for one in main},
        arms={
            arm: {
                str(a.seed): _differences(programs, a.looks[a.final], b.looks[b.final])
                for a, b in zip(main, runs, strict=True)
            }
            for arm, runs in by_arm.items()
            if arm != FULL
        },
        rng=rng,
    )
    return SelfImprovement(
        run=folder.name,
        bench=str(lab.config.bench or "built in"),
        seeds=tuple(one.seed for one in main),
        nodes=_nodes(RunFolder(folder / f"{main[0].arm}-{main[0].seed}"), main[0]),
        champion=main[0].final,
        curve=_curve(programs, main, rng),
        arms=tuple(ToldArm(arm, ARMS[arm], _curve(programs, runs, rng)) for arm, runs in by_arm.items() if arm != FULL),
        verdict=found,
        cost=_cost(told),
        isolation=level,
        canaries=canaries,
        kinds=_kinds(programs, main),
    )


def _kinds(programs: Sequence[str], runs: Sequence[_Told]) -> tuple[Kind, ...]:
    """How seed and final agents did at each kind of task: all repairs, and each family of optimisation."""
    names = [program if program in FAMILIES else REPAIR for program in programs]
    found = []
    for name in dict.fromkeys(sorted(names, key=lambda one: one != REPAIR)):
        places = [place for place, one in enumerate(names) if one == name]
        first, last = (
            float(np.mean([run.looks[getattr(run, who)][place] for run in runs for place in places]))
            for who in ("first", "final")
        )
        found.append(Kind(name, len(places), first, last))
    return tuple(found)


def _watched(told: Sequence[_Told]) -> tuple[Canaries, list[str]]:
    """What came of canaries; and of whom that the verdict is about one of the two channels said nothing.

    Who is caught while a run goes on is frozen, and the run goes on without it. What cannot be mended is a seed agent
    that is caught, or an agent that is caught behind the seal.
    """
    every = [(one, tried) for one in told for tried in one.canaries]
    caught = [_named(one, tried.who) for one, tried in every if tried.solved and _unmendable(one, tried)]
    silent = []
    for one in told:
        heard = {(tried.who, tried.split) for tried in one.canaries if tried.met}
        wanted = {(who, Split.SEALED) for who in one.checkpoints.values()} | {(one.final, Split.VALIDATION)}
        silent += [_named(one, who) for who, _ in sorted(wanted - heard)]
    return Canaries(
        met=sum(tried.met for _, tried in every),
        solved=sum(tried.solved for _, tried in every),
        frozen=tuple(_named(one, who) for one in told for who in sorted(one.frozen)),
        caught=tuple(dict.fromkeys(caught)),
    ), list(dict.fromkeys(silent))


def _unmendable(one: _Told, tried: Tried) -> bool:
    return tried.split is Split.SEALED or tried.who == one.first


def _named(one: _Told, who: CandidateId) -> str:
    return f"{who} of {one.arm}-{one.seed}"


def _alike(told: Sequence[_Told]) -> list[_Told]:
    """All looks cut to the tasks that every one of them has met: a look ends early where its money does."""
    least = min(len(values) for one in told for values in one.looks.values())
    return [replace(one, looks={id: values[:least] for id, values in one.looks.items()}) for one in told]


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
        nodes = (_node(store, one, id) for id in _in_order(one))
        return tuple(replace(node, transcripts=transcripts.get(node.id, ())) for node in nodes)
    finally:
        store.close()


def _in_order(one: _Told) -> list[CandidateId]:
    """Measured agents and all their forebears, parents first."""
    view = one.view
    wanted = {*one.rows, one.first, one.final}
    for id in sorted(wanted, key=lambda one: view.candidates[one].k, reverse=True):
        known = view.candidates[id]
        while known.parents and known.parents[0] in view.candidates:
            known = view.candidates[known.parents[0]]
            wanted.add(known.id)
    return sorted(wanted, key=lambda one: view.candidates[one].k)


def _node(store: SqlStore, one: _Told, id: CandidateId) -> Node:
    view = one.view
    known = view.candidates[id]
    parent = known.parents[0] if known.parents else None
    row = one.rows.get(id)
    looked, cost = one.looks.get(id), one.costs.get(id, Counted())
    return Node(
        id=id,
        parent=parent,
        generation=_depth(view, id),
        solved=row.solved if row else 0.0,
        tried=row.tried if row else 0,
        sealed=sum(looked) / len(looked) if looked else None,
        diff=difference(files_of(store, view, parent), files_of(store, view, id)) if parent else "",
        note=known.note,
        evaluations=cost.evaluations,
        tokens=cost.tokens,
        usd=cost.usd,
    )


def _depth(view: RunView, id: CandidateId) -> int:
    depth, known = 0, view.candidates[id]
    while known.parents:
        known, depth = view.candidates[known.parents[0]], depth + 1
    return depth


def _cost(told: Sequence[_Told]) -> CostCard:
    """Everything that all runs used."""
    cards = [CostCard.of(one.view) for one in told]
    counts = ("samples", "failed", "rejected", "evaluations", "instance_runs", "tokens", "interventions")
    names = (*counts, "seconds", "cpu_seconds")
    sums: dict[str, Any] = {name: sum(getattr(card, name) for card in cards) for name in names}
    sums["interventions"] += sum(one.words for one in told)
    late = [cost for one in told for cost in one.late.values()]
    sums["tokens"] += sum(cost.tokens for cost in late)
    return CostCard(**sums, model_usd=sum([*(card.model_usd for card in cards), *(cost.usd for cost in late)]))


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
