"""Island search over embedded edits: the default search of `evolve`.

Each island keeps an archive of lines (`_archive`): one program shape each, with a walk over its numbers. What is tried
next is decided in `_decisions`; this module asks those five questions, does the bookkeeping, and plans what an answer
makes possible: the numbers a loop computed put into the text, a new constant in several sizes, a burst of CMA-ES. New
bests are measured against the champion on fresh validation instances before anything calls them champions.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from shoal.core.values import (
    Ask,
    CandidateId,
    Counted,
    Done,
    Json,
    Measure,
    Note,
    Propose,
    Result,
    Split,
    Status,
    Trial,
    Wait,
    Work,
)
from shoal.search import (
    _archive,
    _bandit,
    _burst,
    _decisions,
    _lessons,
    _lessons_seen,
    _model_arms,
    _parents,
    _promotion,
    _redraw,
    _sizes,
    _turns,
)
from shoal.search._archive import Island, Line, Member
from shoal.search._bandit import Arm
from shoal.search._island_state import IslandState, Settings
from shoal.search._model_arms import MODELS, kind_of
from shoal.search._promotion import Promotion

__all__ = ["IslandSearch", "IslandState", "Settings"]

HALF = 8.0  # tunable numbers at which half of the work is number edits
MODEL_SHARE = 0.5  # prior share of models where there are some; what they cost and bring is learnt
TEMPLATES = 0.01  # prior share of edits that bring a template, where there is a public score for them
KIND_FLOOR = 0.2  # of the work that numbers and structure each keep
PARENT_SHARE = 0.5  # of a child's gain that its parent's operator is paid: what opens a door shares what is found
SHARE_BELOW_BEST = 0.1  # of the gain of a child better than its parent's line but not than its island's best
REJECT_COST = 0.1  # a duplicate costs no evaluation, but an arm that only makes them must fade
PUBLIC_CALLS = 40.0  # calls of a public score that cost as much as an evaluation
SCALE_MEMORY = 0.95
LEAST_SCALE = 1e-5  # of all that the search has gained: the last digits of a program are not what it looks for
LOG_SIGMA = (math.log(4e-3), math.log(0.5))  # steps of a jitter, as a share of the numbers' own spread
HALF_BURSTS = 2.0  # numbers of a line at which half of the edits of numbers are samples of CMA-ES
TO_YOUNG = 0.5  # share of all turns for bursts, while one has not shown yet how it climbs
ANOTHER = 0.05  # chance that such an edit looks into another line instead, to begin a burst there
MANY, FIRST = 16, 0.2  # the same for a line of so many numbers that never had one: which table is worth tuning?
CURRENT_SHARE = 0.3  # of edits of structure that start where the walk stands instead of at the line's best
RETUNED = 6  # lines of an island among which a new constant is worth another size
MATERIALISED_AT_ONCE = 6  # variables of one program: which of them is worth tuning shows only by tuning
TRACES_REMEMBERED = 400  # and shapes without real numbers
TRACE_EVERY = 101  # turns, after which the loops of an island's best are looked into; odd, so that islands alternate
MOST_PLANNED = 12
LEAST_PATIENCE = 400  # evaluations without a new best before an island may be given up


class IslandSearch:
    """A `Search`; see the module."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self._traces = "materialise" in dict(self.settings.arms)
        self._bursts = "cma" in dict(self.settings.arms)
        self._arms = (*self.settings.arms, *_model_arms.arm_names(self.settings.models))
        self._most = {one.name: one.most for one in self.settings.models}

    def initial(self) -> IslandState:
        """Empty islands, the bandit at its prior."""
        arms = tuple(Arm(name, weight=weight) for name, weight in self._arms)
        promotion = Promotion(
            instances=self.settings.validation_instances,
            sign=self.settings.sign,
            least_gain=self.settings.least_gain,
        )
        return IslandState(islands=(Island(),) * self.settings.islands, arms=arms, promotion=promotion)

    # -- next ----------------------------------------------------------------------------------------------------

    def next(self, state: IslandState, rng: np.random.Generator) -> tuple[IslandState, Work]:
        """Initial programs, then contests for champion, looks into loops, planned edits, and what the bandits pick."""
        if state.firsts < self.settings.firsts:
            first = Propose("initial", payload={"index": state.firsts}, then=_redraw.trial_on(0, self.settings))
            return replace(state, firsts=state.firsts + 1), first
        if not any(island.lines for island in state.islands):
            return state, Done("no program is left that may be used") if state.turn else Wait("the first score")
        promotion, measure = _promotion.work(state.promotion)
        if measure is not None:
            return replace(state, promotion=promotion), measure
        if state.redraw.due:
            redraw, measure = _redraw.work(state.redraw, self.settings)
            return replace(state, redraw=redraw), measure
        if state.redraw.missing:
            return state, Wait("scores on instances drawn anew")
        if state.looks:
            return replace(state, looks=state.looks[1:]), state.looks[0]
        if state.planned:
            return replace(state, planned=state.planned[1:]), state.planned[0]
        writer = self._most.get(self.settings.lessons_by or "", Counted())
        return _lessons_seen.due(state, self.settings, writer) or self._picked(state, rng)

    def _picked(self, state: IslandState, rng: np.random.Generator) -> tuple[IslandState, Work]:
        number = state.turn % len(state.islands)
        state = replace(state, turn=state.turn + 1)
        island = state.islands[number]
        best = next((one.best for one in island.lines if not one.best.calls), island.best)
        if state.turn % TRACE_EVERY == 0 and self._traces and best.id not in state.traced:
            traced = (*state.traced, best.id)[-TRACES_REMEMBERED:]
            return replace(state, traced=traced), _trace(best.id, number)
        if (due := _turns.due(state.turn, state.arms, rng)) is not None:
            return state, self._by_turn(state, number, due, best, rng)
        line = self._line(island, rng, tuning=True)
        kind = self._kind(state, line, rng)
        young = kind == "numbers" and any(one.island == number and one.young for one in state.bursts)
        young = young and rng.random() < TO_YOUNG
        if kind in ("structure", MODELS):
            line = self._line(island, rng, tuning=False)
        if young or (kind == "numbers" and self._samples(line, rng)):
            burst = self._burst(state, number, line, rng)
            if burst is not None:
                return burst
        usable = self._usable(state, line, kind)
        chosen = _decisions.choose_operator(
            [arm.weight for arm in usable], [arm.gain for arm in usable], [arm.cost for arm in usable], rng
        )
        return self._work(state, number, line, usable[chosen].name, rng)

    def _by_turn(
        self, state: IslandState, number: int, due: _turns.Due, best: Member, rng: np.random.Generator
    ) -> Propose:
        """What is due, from the program that it is for."""
        if due.of == _turns.LINE:
            best = self._line(state.islands[number], rng, tuning=True).best
        parent = state.first or best if due.of == _turns.FIRST else best
        floors = None if due.of == _turns.LINE else parent  # a polish is measured to its end
        return self._edit(state, {**due.payload, "island": number}, parent.id, floors=floors)

    def _samples(self, line: Line, rng: np.random.Generator) -> bool:
        """Whether an edit of numbers is to be a sample of CMA-ES: the more so the more numbers there are."""
        count = line.best.literals
        return self._bursts and bool(rng.random() < count / (count + HALF_BURSTS))

    def _burst(
        self, state: IslandState, number: int, line: Line, rng: np.random.Generator
    ) -> tuple[IslandState, Work] | None:
        """A sample of a burst on this island, or a question to begin one on ``line``; None where neither can be."""
        here = [one for one in state.bursts if one.island == number]
        best = state.islands[number].best.score
        overtaken = {one.number for one in here if not one.young and one.ahead < best}
        here = [one for one in here if one.number not in overtaken]
        state = replace(state, bursts=tuple(one for one in state.bursts if one.number not in overtaken))
        taken = {*state.unfit, *(one.shape for one in here)}
        # A change of structure mostly loses at first, and may win once its numbers are tuned anew: such lines first.
        lines = state.islands[number].lines
        fitting = [one for one in lines if _burst.fits(one, taken) and _burst.may_begin(here, one.best.score)]
        inherited = next((one for one in fitting if one.inherited), None)
        untuned = next((one for one in fitting if not one.bursts and one.best.literals >= MANY), None)
        for one, chance in ((inherited, ANOTHER), (untuned, FIRST), (line if line in fitting else None, ANOTHER)):
            if one is not None and (not here or rng.random() < chance):
                return state, _inspect(one.best.id, number)
        if not here:
            return None
        chosen = _burst.choose(here, rng)
        burst, values = _burst.sample(chosen, rng)
        bursts = tuple(burst if one is chosen else one for one in state.bursts)
        return replace(state, bursts=bursts), self._edit(state, values, burst.parent, floors=None)  # ranks need scores

    def _line(self, island: Island, rng: np.random.Generator, *, tuning: bool) -> Line:
        """Where the next edit starts: not where numbers are results of others, as long as there is anything else."""
        # What a template found is taken into the text; its own line is edited only where nothing cheaper is left.
        cheap = [line for line in island.lines if not line.best.calls] or list(island.lines)
        firm = [line for line in cheap if not line.brittle]
        lines = [line for line in firm if line.best.literals] if tuning else firm
        lines = lines or cheap
        rule = _parents.CLIMB if tuning else self.settings.parents
        if (found := _parents.choose(rule, [line.best.values for line in lines], rng)) is not None:
            return lines[found]
        chosen = _decisions.select_parent(
            [line.best.score for line in lines],
            [line.rate for line in lines],
            [line.best.literals for line in lines],
            [line.children for line in lines],
            [line.untried for line in lines],
            tuning,
            rng,
        )
        return lines[chosen]

    def _kind(self, state: IslandState, line: Line, rng: np.random.Generator) -> str:
        """Numbers, structure or a template: a program with many numbers is mostly numbers, and what pays is learnt."""
        count = line.current.literals
        share = count / (count + HALF) * min(1.0, state.turn / _turns.BREADTH)
        present = {kind_of(arm.name) for arm in state.arms} - ({MODELS} if not state.paid else set())
        priors = {"numbers": share, "structure": 1.0 - share, "templates": TEMPLATES, MODELS: MODEL_SHARE}
        kinds = [one for one in state.kinds if one.name in present]
        weights = [priors[one.name] * one.gain / one.cost for one in kinds]
        total = sum(weights) or 1.0
        floors = [KIND_FLOOR if one.name in ("numbers", "structure") else 0.0 for one in kinds]
        shares = [max(weight / total, floor) for weight, floor in zip(weights, floors, strict=True)]
        if not count and len(kinds) > 1:
            shares = [0.0 if one.name == "numbers" else share for one, share in zip(kinds, shares, strict=True)]
        chances = np.array(shares) / sum(shares)
        return kinds[int(rng.choice(len(kinds), p=chances))].name

    def _usable(self, state: IslandState, line: Line, kind: str) -> tuple[Arm, ...]:
        """The operators of a kind that have something to work on."""
        closed = {"materialise", "cma", "curve"}  # follows a look into a program; has a share of its own; comes by turn
        if not state.paid:
            closed |= {arm.name for arm in state.arms if kind_of(arm.name) == MODELS}
        if len(line.pool) < 3:
            closed.add("crossover_numbers")
        usable = tuple(arm for arm in state.arms if kind_of(arm.name) == kind and arm.name not in closed)
        return usable or tuple(arm for arm in state.arms if arm.name not in closed) or state.arms

    def _work(
        self, state: IslandState, number: int, line: Line, arm: str, rng: np.random.Generator
    ) -> tuple[IslandState, Work]:
        if arm == "cma":  # nothing else is left in the bandit
            return self._burst(state, number, line, rng) or (state, _inspect(line.best.id, number))
        if arm == "materialise":  # nothing else is left in the bandit
            return state, _trace(line.best.id, number)
        if kind_of(arm) == MODELS:
            return state, self._asked(state, number, line, arm, rng)
        count = {"number": state.turn} if arm == "any_rewrite" else {}
        payload: dict[str, Any] = {"operator": arm, "island": number, **count}
        if arm in ("jitter", "row_jitter"):
            payload["sigma"] = round(math.exp(rng.uniform(*LOG_SIGMA)), 6)
        walking = kind_of(arm) == "numbers" or rng.random() < CURRENT_SHARE
        first = state.first if arm == "independent" else None
        parent = first or (line.current if walking else line.best)
        donors = _archive.donors(state.islands, number, line, arm, rng)
        return state, self._edit(state, payload, parent.id, donors, floors=parent)

    def _asked(self, state: IslandState, number: int, line: Line, arm: str, rng: np.random.Generator) -> Propose:
        """A model's proposal from a line's best."""
        others = _model_arms.inspirations(state.islands, number, line.best.id, rng)
        told = _model_arms.payload(arm, island=number, alone=not others)
        if state.lessons.lessons:
            told["lessons"] = _lessons.lines(state.lessons.lessons)
        edit = self._edit(state, told, line.best.id, others, floors=line.best)
        edit = replace(edit, proposer=_model_arms.PROPOSER, most=self._most[told["model"]])
        arms = [name for name, _ in self.settings.arms]
        return _model_arms.novel(edit, state.islands[number], arms, novelty=self.settings.novelty)

    def _edit(
        self,
        state: IslandState,
        payload: Json,
        parent: CandidateId,
        donors: Iterable[CandidateId] = (),
        *,
        floors: Member | None,
    ) -> Propose:
        """An edit of ``parent``; a child's trial ends early where it falls too far behind the values of ``floors``."""
        lowest = _decisions.allocate(floors.values) if floors is not None and self.settings.staged else ()
        trial = _redraw.trial_on(state.redraw.draw, self.settings)
        then = replace(trial, floors=lowest if len(lowest) == len(trial.instances) - 1 else ())
        return Propose("embedded", (parent,), tuple(donors), payload, then)

    # -- admit ---------------------------------------------------------------------------------------------------

    def admit(self, state: IslandState, k: int, work: Work, result: Result) -> tuple[IslandState, tuple[Note, ...]]:
        """Learn from one result."""
        match work:
            case Propose(proposer="initial"):
                return self._first(state, result)
            case Propose():
                after, notes = self._child(state, k, work, result)
                after, told = _lessons_seen.learnt(state, after, k, work, result, self.settings)
                return after, (*notes, *told)
            case Measure(trial=trial) if trial.split is Split.SEARCH:
                return self._met(state, trial, result)
            case Measure(trial=trial):
                promotion, notes = _promotion.measured(state.promotion, trial, result.outcome)
                state = replace(state, promotion=promotion)
                # Where another claim came meanwhile, it may be the better one.
                lucky = self.settings.redraw and promotion.contest is None and _redraw.luck(notes)
                return (_redraw.begun(state) if lucky else state), notes
            case Ask(service=_lessons_seen.SERVICE):
                return _lessons_seen.answered(state, result, self.settings)
            case Ask():
                return self._answered(state, work, result), ()
        return state, ()

    def _first(self, state: IslandState, result: Result) -> tuple[IslandState, tuple[Note, ...]]:
        if result.outcome is None or result.outcome.score is None:
            return state, ()
        member = self._member("initial", result)
        islands = tuple(self._enter(island, _archive.new_line(member)) for island in state.islands)
        looks = tuple(_trace(member.id, number) for number in range(len(islands))) if self._traces else ()
        if self._bursts:
            looks = (*looks, *(_inspect(member.id, number) for number in range(len(islands))))
        state = replace(state, islands=islands, looks=(*state.looks, *looks), first=state.first or member)
        return self._new_best(state, member)

    def _child(self, state: IslandState, k: int, work: Propose, result: Result) -> tuple[IslandState, tuple[Note, ...]]:
        payload = work.payload
        arm = "cma" if "burst" in payload else payload.get("after", payload["operator"])
        score = result.outcome.score if result.outcome is not None else None
        if work.then is not None and work.then.draw != state.redraw.draw:
            return self._late(state, work, result, arm), ()
        mended = _model_arms.counted(state.mended, work, result)
        state = replace(state, redraw=replace(state.redraw, since=state.redraw.since + 1), mended=mended)
        if "burst" in payload:
            state = self._sampled(state, payload, score, rejected=result.status is Status.REJECTED)
        if score is None:
            state = self._tried_again(state, work, result, arm)
            if result.status is Status.REJECTED:
                cost = REJECT_COST + _model_arms.price(result, self.settings.lender)
                return state.credited(arm, gain=0.0, cost=cost, improved=False), ()
            if _sizes.home(payload) is not None:
                state = self._resized(state, work, None)
            if kind_of(arm) == "numbers" and result.status is not Status.STOPPED:
                state = self._broke(state, payload["island"], work.parents[0])
            return state.credited(arm, gain=0.0, cost=self._cost(work, result), improved=False), ()
        return self._scored(state, k, work, result, arm)

    def _tried_again(self, state: IslandState, work: Propose, result: Result, arm: str) -> IslandState:
        """What a model's answer that could not be used, or failed, gives cause to ask it."""
        if work.proposer != _model_arms.PROPOSER or not state.paid or len(state.planned) > MOST_PLANNED:
            return state
        tried = next((one.tried for one in state.arms if one.name == arm), 0)
        again = _model_arms.second_try(work, result, tried=tried, mended=state.mended)
        return state if again is None else replace(state, planned=(*state.planned, again))

    def _late(self, state: IslandState, work: Propose, result: Result, arm: str) -> IslandState:
        """A result on instances that are no longer in use."""
        if result.status is Status.REJECTED:
            return state.credited(arm, gain=0.0, cost=REJECT_COST, improved=False)
        state = state.credited(arm, gain=0.0, cost=self._cost(work, result), improved=False)
        if result.outcome is None or result.outcome.score is None:
            return state
        return replace(state, redraw=_redraw.late(state.redraw, self._member(arm, result)))

    def _met(self, state: IslandState, trial: Trial, result: Result) -> tuple[IslandState, tuple[Note, ...]]:
        """A score on instances drawn anew; with the last one the search goes on from them."""
        state, done = _redraw.measured(state, trial, result.outcome, self.settings)
        best, champion = _archive.best_of(state.islands), state.promotion.champion
        if not done or best is None or champion is None or best.id in (champion.id, *state.promotion.refused):
            return state, ()
        return self._new_best(state, best)

    def _sampled(self, state: IslandState, payload: Json, score: float | None, *, rejected: bool) -> IslandState:
        """A burst learns from one of its samples; it may end with it."""
        after = (
            _burst.learn(one, payload["index"], score, rejected=rejected) if one.number == payload["burst"] else one
            for one in state.bursts
        )
        return replace(state, bursts=tuple(one for one in after if one is not None))

    def _broke(self, state: IslandState, number: int, id: CandidateId) -> IslandState:
        """A change of numbers got no score: held against the parent's line."""
        line = _archive.line_of(state.islands[number], id)
        if line is None:
            return state
        return state.with_island(number, _archive.change(state.islands[number], line.booked(gain=0.0, broken=True)))

    def _scored(
        self, state: IslandState, k: int, work: Propose, result: Result, arm: str
    ) -> tuple[IslandState, tuple[Note, ...]]:
        number = work.payload["island"]
        island, best = state.islands[number], _archive.best_of(state.islands)
        parent = island.find(work.parents[0])
        if parent is None and (shape := _sizes.home(work.payload)) is not None:  # what is now larger was not kept
            parent = next((line.best for line in island.lines if line.shape == shape), None)
        member = self._member(arm, result)
        led = not island.lines or member.score > island.best.score
        home = _archive.line_of(island, parent.id) if parent is not None else None
        rival = island.lines[0] if led and island.lines else home
        delta = max(0.0, member.score - rival.best.score) if rival is not None else 0.0
        scale = SCALE_MEMORY * state.scale + (1 - SCALE_MEMORY) * delta if delta else state.scale
        gained = best.score - state.first.score if best is not None and state.first is not None else 0.0
        scale = max(scale, LEAST_SCALE * gained)
        state = replace(state, scale=scale)
        # By orders of magnitude: one leap is worth many small steps, and does not own the bandit for ever.
        gain = math.log2(1.0 + delta / scale) * (1.0 if led else SHARE_BELOW_BEST) if delta else 0.0
        state = state.credited(arm, gain=gain, cost=self._cost(work, result), improved=delta > 0.0)
        if parent is not None and gain and led:
            shared = _bandit.credit(state.arms, parent.origin, gain=PARENT_SHARE * gain, cost=0.0, improved=False)
            state = replace(state, arms=shared)
        state = state.with_island(number, self._placed(state, island, parent, member))
        state = self._migrated(self._followed(state, work, arm, member, parent), k)
        if best is None or member.score > best.score:
            return self._new_best(state, member)
        return state, ()

    def _placed(self, state: IslandState, island: Island, parent: Member | None, member: Member) -> Island:
        """The island with a scored child in it: on its shape's walk, or in a line of its own, or not at all."""
        same = next((line for line in island.lines if line.shape == member.shape), None)
        island = island.aged(member.score)
        if same is not None:
            taken = _decisions.accept(same.current.score - member.score, same.losses, same.turn / same.length)
            return _archive.change(island, _archive.walked(same, member, taken=taken, pool=self.settings.per_shape))
        home = _archive.line_of(island, parent.id) if parent is not None else None
        if home is not None:
            island = _archive.born(island, home)
        twin = _archive.twin_of(island, member)
        if twin is None:
            return self._enter(island, _archive.newcomer(home, member))
        if member.size >= twin.best.size:
            return island
        simpler = replace(twin, best=member, current=member, pool=(member,))
        return self._enter(island, simpler, instead=twin)

    def _followed(
        self, state: IslandState, work: Propose, arm: str, member: Member, parent: Member | None
    ) -> IslandState:
        """What a child asks for: a new constant in several sizes; the numbers that a template found, in the text."""
        number = work.payload["island"]
        if _sizes.home(work.payload) is not None:
            return self._resized(state, work, member.score)
        if parent is None or kind_of(arm) == "numbers" or not self.settings.arms:  # models alone edit nothing by hand
            return state
        if kind_of(arm) == "templates":
            better = member.score > parent.score and self._traces
            return replace(state, looks=(*state.looks, _trace(member.id, number))) if better else state
        if arm in ("materialise", "curve") and self._bursts:
            state = replace(state, looks=(*state.looks, _inspect(member.id, number)))
        if len(state.planned) > MOST_PLANNED:
            return state
        entered = any(line.best.id == member.id for line in state.islands[number].lines[:RETUNED])
        idle = member.score == parent.score and member.values == parent.values  # as a limit that is never reached
        if member.literals != parent.literals + 1 or not (entered or idle):
            return state
        sizes = _sizes.first(arm, parent=parent, score=member.score, idle=idle)
        payloads = ({**payload, "island": number} for payload in sizes)
        edits = tuple(self._edit(state, payload, member.id, (parent.id,), floors=member) for payload in payloads)
        return replace(state, planned=(*state.planned, *edits))

    def _resized(self, state: IslandState, work: Propose, score: float | None) -> IslandState:
        """After a number in another size: perhaps yet another."""
        payload = _sizes.following(work.payload, score) if len(state.planned) <= MOST_PLANNED else None
        return state if payload is None else replace(state, planned=(*state.planned, replace(work, payload=payload)))

    def _enter(self, island: Island, line: Line, *, instead: Line | None = None) -> Island:
        return _archive.enter(island, line, capacity=self.settings.capacity, instead=instead)

    def _migrated(self, state: IslandState, k: int) -> IslandState:
        """Now and then each island's best visits the next one; an island that came to nothing begins anew."""
        if k % self.settings.migrate_every or len(state.islands) == 1:
            return state
        best = _archive.best_of(state.islands)
        islands = tuple(self._refreshed(state, island, best) for island in state.islands)
        heads = [island.best if island.lines else best for island in islands]
        return replace(state, islands=tuple(self._visited(island, heads[i - 1]) for i, island in enumerate(islands)))

    def _visited(self, island: Island, guest: Member | None) -> Island:
        if guest is None:
            return island
        return _archive.visited(island, guest, capacity=self.settings.capacity, pool=self.settings.per_shape)

    def _refreshed(self, state: IslandState, island: Island, best: Member | None) -> Island:
        """The island, or a new one from the first program; never the one that leads."""
        if best is None or state.first is None or (island.lines and island.best.score >= best.score):
            return island
        usual = max(island.usual, LEAST_PATIENCE)
        if not _decisions.restart(island.stale, usual):
            return island
        return self._enter(Island(), _archive.new_line(state.first))

    def _member(self, origin: str, result: Result) -> Member:
        assert result.outcome is not None and result.outcome.score is not None and result.candidate is not None
        details = result.details or {}
        sign = self.settings.sign
        return Member(
            id=result.candidate.id,
            score=result.outcome.score,
            shape=details.get("shape", result.candidate.normal),
            origin=origin,
            size=details.get("size", 0),
            literals=details.get("literals", 0),
            values=tuple(sign * one.value for one in result.outcome.per_instance if one.value is not None),
            calls=result.outcome.counted.public_calls,
        )

    def _cost(self, work: Propose, result: Result) -> float:
        """What a result cost, in evaluations of a child that is measured to the end."""
        most = len(work.then.instances) if work.then is not None else 1
        trial = max(result.counted.instance_runs, 1) / most + result.counted.public_calls / PUBLIC_CALLS
        return trial + _model_arms.price(result, self.settings.lender)

    # -- models' money -------------------------------------------------------------------------------------------

    def without_paid_work(self, state: IslandState) -> IslandState | None:
        """Count lessons instead of asking for them; then go on with embedded edits, where there are some."""
        if (counted := _lessons_seen.only_counted(state, self.settings)) is not None:
            return counted
        planned = tuple(one for one in state.planned if one.proposer != _model_arms.PROPOSER)
        return replace(state, paid=False, planned=planned) if self.settings.arms and state.paid else None

    def with_paid_work(self, state: IslandState) -> IslandState:
        """Ask models again."""
        return replace(state, paid=True, lessons=replace(state.lessons, by_model=True))

    # -- champions and cheats ------------------------------------------------------------------------------------

    def _new_best(self, state: IslandState, member: Member) -> tuple[IslandState, tuple[Note, ...]]:
        """A new best by search score: the champion where search is the truth, else a case for validation."""
        promotion, notes = _promotion.claim(state.promotion, member.id, member.score)
        return replace(state, promotion=promotion), notes

    def evict(self, state: IslandState, ids: Collection[CandidateId]) -> tuple[IslandState, tuple[Note, ...]]:
        """Forget candidates that turned out to be cheats: nothing is made from them, and none of them is champion."""
        promotion, notes = _promotion.evict(state.promotion, ids)
        islands = tuple(_archive.evict(island, ids) for island in state.islands)
        head = _archive.best_of(islands)
        if head is not None:  # an island that lost all its lines is settled anew
            settled = self._enter(Island(), _archive.new_line(head))
            islands = tuple(island if island.lines else settled for island in islands)
        bursts = tuple(one for one in state.bursts if one.parent not in ids)
        planned = tuple(one for one in state.planned if not set(ids).intersection(one.parents + one.inspirations))
        looks = tuple(look for look in state.looks if look.payload["candidate"] not in ids)
        first = state.first if state.first is not None and state.first.id not in ids else None
        state = replace(state, islands=islands, promotion=promotion, bursts=bursts, planned=planned, looks=looks)
        state = replace(state, lessons=_lessons_seen.evict(state.lessons, ids))
        return replace(state, first=first, redraw=_redraw.evict(state.redraw, ids)), notes

    # -- answers -------------------------------------------------------------------------------------------------

    def _answered(self, state: IslandState, ask: Ask, result: Result) -> IslandState:
        """An inspection starts a burst; a trace makes materialising edits possible."""
        answer, payload = result.answer, ask.payload
        if not isinstance(answer, dict) or "failed" in answer:
            return state
        member = state.islands[payload["island"]].find(payload["candidate"])
        if ask.service == "inspect":
            return self._start_burst(state, payload, answer, member)
        edits = tuple(
            self._edit(
                state,
                {"operator": "materialise", "island": payload["island"], **traced},
                payload["candidate"],
                floors=member,
            )
            for traced in answer["values"][:MATERIALISED_AT_ONCE]
        )
        return replace(state, planned=(*state.planned, *edits))

    def _start_burst(self, state: IslandState, payload: Json, answer: Json, member: Member | None) -> IslandState:
        here = [one for one in state.bursts if one.island == payload["island"]]
        if member is None or any(one.shape == member.shape for one in here):
            return state
        if not _burst.may_begin(here, member.score):
            return state
        last = _burst.worst(here) if len(here) >= _burst.MOST else None
        island = state.islands[payload["island"]]
        line = _archive.line_of(island, member.id)
        assert line is not None
        sigma = _burst.first_step(member.origin, inherited=line.inherited)
        island = _archive.change(island, replace(line, bursts=line.bursts + 1))
        state = state.with_island(payload["island"], island)
        burst = _burst.begin(
            answer,
            number=state.begun,
            island=payload["island"],
            parent=member.id,
            score=member.score,
            shape=member.shape,
            sigma=sigma,
        )
        if burst is None:
            return replace(state, unfit=(*state.unfit, member.shape)[-TRACES_REMEMBERED:])
        bursts = (*(one for one in state.bursts if one is not last), burst)
        return replace(state, bursts=bursts, begun=state.begun + 1)


def _trace(id: CandidateId, island: int) -> Ask:
    """What numbers do its loops build?"""
    return Ask("trace", {"candidate": id, "island": island})


def _inspect(id: CandidateId, island: int) -> Ask:
    """Which numbers can be tuned in it, and which of them are alike?"""
    return Ask("inspect", {"candidate": id, "island": island, "columns": True})
