"""Island search over embedded edits: the default search of `evolve`.

Each island keeps an elitist archive. An operator bandit chooses the edit, weights choose the parent; now and then a
program's loops are materialised into numbers, and a burst of CMA-ES tunes some numbers of a good program. New bests
are measured against the champion on fresh validation instances before anything calls them champions.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from shoal.core.values import (
    Ask,
    CandidateId,
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
from shoal.search import _archive, _bandit, _burst, _promotion
from shoal.search._archive import Island, Member, Step
from shoal.search._bandit import Arm
from shoal.search._burst import Burst
from shoal.search._parents import choose
from shoal.search._promotion import Promotion

__all__ = ["DEFAULT_ARMS", "IslandSearch", "IslandState", "Settings"]

# Operator and prior weight; what pays is learnt. The names are the editor's (`shoal.propose`).
DEFAULT_ARMS: tuple[tuple[str, float], ...] = (
    ("jitter", 0.3),
    ("row_jitter", 3.0),
    ("again", 4.0),
    ("relocate", 1.5),
    ("swap_rows", 0.2),
    ("swap_numbers", 0.05),
    ("reset_number", 0.1),
    ("crossover_numbers", 0.3),
    ("cma", 0.2),
    ("materialise", 0.4),
    ("operator_swap", 1.0),
    ("replace", 1.0),
    ("grow", 1.5),
    ("bound", 10.0),
    ("shrink", 0.7),
    ("hoist", 0.5),
    ("guard", 0.5),
    ("insert", 0.5),
    ("delete", 0.5),
    ("duplicate", 0.5),
    ("move", 0.4),
    ("loop_bound", 0.5),
    ("assign", 0.5),
    ("crossover", 0.7),
)
KIND_FLOOR = 0.05  # of the work that numbers and structure each keep
EARLY_FLOOR, EARLY_TURNS = 0.5, 400.0  # at first half each, fading
TRACES_REMEMBERED = 400
ROWS = ("row_jitter", "relocate", "swap_rows")
NUMBERS = frozenset(("jitter", "again", *ROWS, "swap_numbers", "reset_number", "crossover_numbers", "cma"))
PARENT_SHARE = 0.5  # of a child's gain that its parent's operator is paid: what opens a door shares what is found
MATERIALISED_AT_ONCE = 6  # variables of one program: which of them is worth tuning shows only by tuning
LOG_SIGMA = (float(np.log(3e-3)), float(np.log(0.8)))  # steps of a jitter, as a share of the numbers' own spread
WORTH_REPEATING = 0.2  # of the usual gain: smaller ones are creep
TRACE_EVERY = 101  # turns, after which the loops of an island's best are looked into; odd, so that islands alternate
OPENS = 8  # more numbers than its parent has: a shape that must be tuned before it is judged
EXPECTED = 0.05  # usual gains per evaluation that a new shape is trusted with at least
SIZES = (0.05, 0.15, 0.4, 2.5, 6.0, 20.0)
MOST_PLANNED = 12
SCALE_DECAY = 0.95
SHARE_BELOW_BEST = 0.1  # of the gain of a child better than its parent but not than its island's best
REJECT_COST = 0.1  # a duplicate costs no evaluation, but an arm that only makes them must fade


@dataclass(frozen=True, slots=True)
class Settings:
    """Numbers of the search; all counted units."""

    firsts: int = 1
    islands: int = 2
    capacity: int = 24
    per_shape: int = 6
    migrate_every: int = 30
    search_instances: int = 1
    validation_instances: int = 0  # 0: one fixed instance, search is the truth
    sign: float = 1.0  # turns a natural value into higher-is-better
    greedy: float = 0.8  # share of parents that are the best of the most promising shape
    arms: tuple[tuple[str, float], ...] = DEFAULT_ARMS


@dataclass(frozen=True, slots=True)
class IslandState:
    """Everything the search has learnt. Plain data; size does not grow with the run."""

    islands: tuple[Island, ...]
    arms: tuple[Arm, ...]
    # Two kinds first: fifteen structural operators would each have to be found wanting on its own.
    kinds: tuple[Arm, ...] = (Arm("numbers"), Arm("structure", weight=0.5))
    firsts: int = 0  # initial programs issued
    turn: int = 0
    scale: float = 0.0  # decayed mean of what an improvement gained over its parent
    burst: Burst | None = None
    bursts: int = 0
    planned: tuple[Propose, ...] = ()  # edits that an answer made possible
    promotion: Promotion = field(default_factory=Promotion)
    untraced: tuple[CandidateId, ...] = ()  # initial programs whose loops are looked into first
    traced: tuple[CandidateId, ...] = ()  # whose loops have been looked into, newest last


class IslandSearch:
    """A `Search`; see the module."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self._trial = Trial(Split.SEARCH, tuple(range(self.settings.search_instances)))

    def initial(self) -> IslandState:
        """Empty islands, the bandit at its prior."""
        arms = tuple(Arm(name, weight=weight) for name, weight in self.settings.arms)
        promotion = Promotion(instances=self.settings.validation_instances, sign=self.settings.sign)
        return IslandState(islands=(Island(),) * self.settings.islands, arms=arms, promotion=promotion)

    # -- next ----------------------------------------------------------------------------------------------------

    def next(self, state: IslandState, rng: np.random.Generator) -> tuple[IslandState, Work]:
        """Initial programs, then contests for champion, planned edits, the burst, and whatever the bandit picks."""
        if state.firsts < self.settings.firsts:
            first = Propose("initial", payload={"index": state.firsts}, then=self._trial)
            return replace(state, firsts=state.firsts + 1), first
        if not any(island.members for island in state.islands):
            return state, Done("no program is left that may be used") if state.turn else Wait("the first score")
        if state.untraced:
            ask = Ask("trace", {"candidate": state.untraced[0], "island": state.turn % len(state.islands)})
            traced = (*state.traced, state.untraced[0])
            return replace(state, untraced=state.untraced[1:], traced=traced, turn=state.turn + 1), ask
        promotion, measure = _promotion.work(state.promotion)
        if measure is not None:
            return replace(state, promotion=promotion), measure
        if state.planned:
            return replace(state, planned=state.planned[1:]), state.planned[0]
        return self._picked(state, rng)

    def _picked(self, state: IslandState, rng: np.random.Generator) -> tuple[IslandState, Work]:
        number = state.turn % len(state.islands)
        state = replace(state, turn=state.turn + 1)
        island = state.islands[number]
        best = island.members[0]
        if state.turn % TRACE_EVERY == 0 and best.id not in state.traced and "materialise" in dict(self.settings.arms):
            return self._trace(state, number, best)
        parent = self._parent(island, rng)
        usable = self._usable(state, island, parent)
        present = {_kind(arm.name) for arm in usable}
        kinds = tuple(one for one in state.kinds if one.name in present)
        kind = _bandit.pick(kinds, rng, floor=_kind_floor(state.turn)).name
        arm = _bandit.pick(tuple(one for one in usable if _kind(one.name) == kind), rng).name
        if arm == "cma" and state.burst is not None:
            burst, values = _burst.sample(state.burst, rng)
            return replace(state, burst=burst), self._edit(values, (burst.parent,))
        if arm == "cma":
            return state, Ask("inspect", {"candidate": parent.id, "island": number})
        if arm == "materialise":
            return self._trace(state, number, parent)
        if arm == "again":
            return self._again(state, number, rng)
        payload: dict[str, Any] = {"operator": arm, "island": number}
        if arm in ("jitter", "row_jitter"):
            payload["sigma"] = round(float(np.exp(rng.uniform(*LOG_SIGMA))), 6)
        return state, self._edit(payload, (parent.id,), self._donors(state, number, arm, rng))

    def _trace(self, state: IslandState, number: int, member: Member) -> tuple[IslandState, Ask]:
        ask = Ask("trace", {"candidate": member.id, "island": number})
        return replace(state, traced=(*state.traced, member.id)[-TRACES_REMEMBERED:]), ask

    def _usable(self, state: IslandState, island: Island, parent: Member) -> tuple[Arm, ...]:
        """The operators that have something to work on."""
        closed: set[str] = set()
        if not parent.literals:
            closed |= NUMBERS
        if parent.literals < 2 if state.burst is None else not state.burst.room:
            closed.add("cma")
        if parent.id in state.traced:
            closed.add("materialise")
        if all(member.step is None for member in island.members):
            closed.add("again")
        return tuple(arm for arm in state.arms if arm.name not in closed) or state.arms

    def _edit(self, payload: Json, parents: tuple[CandidateId, ...], donors: tuple[CandidateId, ...] = ()) -> Propose:
        return Propose("embedded", parents=parents, inspirations=donors, payload=payload, then=self._trial)

    def _parent(self, island: Island, rng: np.random.Generator) -> Member:
        """Mostly the best of the most promising shape; else the best of any shape, or any member by `weights`."""
        if rng.random() < self.settings.greedy:
            return _archive.promising(island)
        return choose(_archive.heads(island) if rng.random() < 0.5 else island.members, rng)

    def _again(self, state: IslandState, number: int, rng: np.random.Generator) -> tuple[IslandState, Propose]:
        """Take a step that paid once more, or take a sibling's step from the island's best; each step is used once.

        Work in flight is blind to what its siblings find, so their gains compete; this adds them up.
        """
        island = state.islands[number]
        owner = next(member for member in island.members if member.step is not None)
        assert owner.step is not None
        head = island.members[0]
        target = head if head.shape == owner.shape else owner
        factor = float(rng.choice([0.5, 1.0, 1.0, 2.0])) if target is owner else 1.0
        payload = {
            "operator": "again",
            "island": number,
            "sites": list(owner.step.sites),
            "delta": [factor * one for one in owner.step.delta],
        }
        state = _with_island(state, number, _archive.change(island, replace(owner, step=None)))
        return state, self._edit(payload, (target.id,))

    def _donors(self, state: IslandState, number: int, arm: str, rng: np.random.Generator) -> tuple[CandidateId, ...]:
        wanted = {"crossover": 1, "crossover_numbers": 2}.get(arm, 0)
        if not wanted:
            return ()
        where = number if rng.random() < 0.8 else int(rng.integers(len(state.islands)))
        members = state.islands[where].members or state.islands[number].members
        return tuple(choose(members, rng).id for _ in range(wanted))

    # -- admit ---------------------------------------------------------------------------------------------------

    def admit(self, state: IslandState, k: int, work: Work, result: Result) -> tuple[IslandState, tuple[Note, ...]]:
        """Learn from one result."""
        match work:
            case Propose(proposer="initial"):
                return self._first(state, k, result)
            case Propose():
                return self._child(state, k, work, result)
            case Measure(trial=trial):
                promotion, notes = _promotion.measured(state.promotion, trial, result.outcome)
                return replace(state, promotion=promotion), notes
            case Ask():
                return self._answered(state, work, result), ()
        return state, ()

    def _first(self, state: IslandState, k: int, result: Result) -> tuple[IslandState, tuple[Note, ...]]:
        if result.outcome is None or result.outcome.score is None:
            return state, ()
        member = _member(k, "initial", result)
        islands = tuple(self._put(island, member).entered(member.shape, rate=0.0) for island in state.islands)
        traces = (member.id,) * len(islands) if "materialise" in dict(self.settings.arms) else ()
        return self._new_best(replace(state, islands=islands, untraced=(*state.untraced, *traces)), member)

    def _child(self, state: IslandState, k: int, work: Propose, result: Result) -> tuple[IslandState, tuple[Note, ...]]:
        payload = work.payload
        arm = "cma" if "burst" in payload else payload["operator"]
        score = result.outcome.score if result.outcome is not None else None
        if "burst" in payload and state.burst is not None and state.burst.number == payload["burst"]:
            state = replace(state, burst=_burst.learn(state.burst, payload["index"], score))
        if score is None:
            cost = REJECT_COST if result.status is Status.REJECTED else 1.0
            if result.status is not Status.REJECTED and _kind(arm) == "numbers":
                state = self._broke(state, payload["island"], work.parents[0])
            return _paid(state, arm, gain=0.0, cost=cost, improved=False), ()
        return self._scored(state, k, work, result, arm)

    def _broke(self, state: IslandState, number: int, id: CandidateId) -> IslandState:
        """A change of numbers got no score: held against the parent's shape."""
        island = state.islands[number]
        parent = island.find(id)
        return (
            state if parent is None else _with_island(state, number, island.paid(parent.shape, gain=0.0, broken=True))
        )

    def _scored(
        self, state: IslandState, k: int, work: Propose, result: Result, arm: str
    ) -> tuple[IslandState, tuple[Note, ...]]:
        number = work.payload["island"]
        best = _archive.best_of(state.islands)
        island = _archive.born(state.islands[number], work.parents[0])
        parent = island.find(work.parents[0])
        member = _member(k, arm, result)
        better = parent is not None and member.score > parent.score
        head = island.members[0].score if island.members else member.score
        delta = member.score - parent.score if better and parent is not None else 0.0
        scale = SCALE_DECAY * state.scale + (1 - SCALE_DECAY) * delta if delta else state.scale
        if delta > WORTH_REPEATING * scale:
            member = replace(member, step=_step(result.details))
        if parent is not None:
            island = self._climbed(island, parent, member, scale=scale)
        else:
            island = self._put(island, member)
        gain = min(1.0, delta / (2 * scale)) * (1.0 if member.score > head else SHARE_BELOW_BEST) if delta else 0.0
        state = _paid(state, arm, gain=gain, cost=1.0, improved=better)
        if parent is not None and gain and member.score > head:
            shared = _bandit.credit(state.arms, parent.origin, gain=PARENT_SHARE * gain, cost=0.0, improved=False)
            state = replace(state, arms=shared)
        state = self._migrate(replace(_with_island(state, number, island), scale=scale), k)
        if parent is not None and member.literals == parent.literals + 1 and _kind(arm) == "structure":
            state = self._sized(state, number, member, parent)
        if best is None or member.score > best.score:
            return self._new_best(state, member)
        return state, ()

    def _sized(self, state: IslandState, number: int, member: Member, parent: Member) -> IslandState:
        """A new constant is tried in several sizes before its edit is judged: few of them are right as they come."""
        if len(state.planned) > MOST_PLANNED:
            return state
        payloads = ({"operator": "retune", "island": number, "factor": factor} for factor in SIZES)
        edits = tuple(self._edit(payload, (member.id,), (parent.id,)) for payload in payloads)
        return replace(state, planned=(*state.planned, *edits))

    def _climbed(self, island: Island, parent: Member, member: Member, *, scale: float) -> Island:
        """Admit a child and book how fast its shape climbs; a new shape is expected to climb like its parent's."""
        before = next(one.score for one in _archive.heads(island) if one.shape == parent.shape)
        island = self._put(island, member)
        if member.shape != parent.shape:
            opened = member.literals >= parent.literals + OPENS
            rate = max(island.rate(parent.shape), EXPECTED * scale) if opened else 0.0
            return island.entered(member.shape, rate=rate)
        return island.paid(parent.shape, gain=max(0.0, member.score - before))

    def _put(self, island: Island, member: Member) -> Island:
        return _archive.admit(island, member, capacity=self.settings.capacity, per_shape=self.settings.per_shape)

    def _migrate(self, state: IslandState, k: int) -> IslandState:
        """Now and then each island's best visits the next one."""
        if k % self.settings.migrate_every or len(state.islands) == 1:
            return state
        heads = [island.members[0] for island in state.islands]
        islands = tuple(
            island if island.find(heads[i - 1].id) else self._put(island, replace(heads[i - 1], children=0))
            for i, island in enumerate(state.islands)
        )
        return replace(state, islands=islands)

    # -- champions -----------------------------------------------------------------------------------------------

    def _new_best(self, state: IslandState, member: Member) -> tuple[IslandState, tuple[Note, ...]]:
        """A new best by search score: the champion where search is the truth, else a case for validation."""
        promotion, notes = _promotion.claim(state.promotion, member.id, member.score)
        return replace(state, promotion=promotion), notes

    # -- eviction ------------------------------------------------------------------------------------------------

    def evict(self, state: IslandState, ids: Collection[CandidateId]) -> tuple[IslandState, tuple[Note, ...]]:
        """Forget candidates that turned out to be cheats: nothing is made from them, and none of them is champion."""
        promotion, notes = _promotion.evict(state.promotion, ids)
        islands = tuple(_archive.evict(island, ids) for island in state.islands)
        head = _archive.best_of(islands)
        if head is not None:  # an island that lost all its members is settled anew
            settled = self._put(Island(), replace(head, children=0))
            islands = tuple(island if island.members else settled for island in islands)
        burst = state.burst if state.burst is not None and state.burst.parent not in ids else None
        planned = tuple(one for one in state.planned if not set(ids).intersection(one.parents + one.inspirations))
        untraced = tuple(id for id in state.untraced if id not in ids)
        state = replace(state, islands=islands, promotion=promotion, burst=burst, planned=planned, untraced=untraced)
        return state, notes

    # -- answers -------------------------------------------------------------------------------------------------

    def _answered(self, state: IslandState, ask: Ask, result: Result) -> IslandState:
        """An inspection starts a burst; a trace makes materialising edits possible."""
        answer, payload = result.answer, ask.payload
        if not isinstance(answer, dict) or "failed" in answer:
            return state
        if ask.service == "inspect":
            return self._start_burst(state, payload, answer)
        edits = tuple(
            self._edit({"operator": "materialise", "island": payload["island"], **traced}, (payload["candidate"],))
            for traced in answer["values"][:MATERIALISED_AT_ONCE]
        )
        return replace(state, planned=(*state.planned, *edits))

    def _start_burst(self, state: IslandState, payload: Json, answer: Json) -> IslandState:
        member = state.islands[payload["island"]].find(payload["candidate"])
        if state.burst is not None or member is None:
            return state
        rng = np.random.Generator(np.random.Philox(state.bursts))
        burst = _burst.begin(
            answer, number=state.bursts, island=payload["island"], parent=member.id, score=member.score, rng=rng
        )
        return replace(state, burst=burst, bursts=state.bursts + 1)


def _kind(arm: str) -> str:
    return "numbers" if arm in NUMBERS else "structure"


def _paid(state: IslandState, arm: str, *, gain: float, cost: float, improved: bool) -> IslandState:
    """Credit an operator and its kind."""
    kinds = _bandit.credit(state.kinds, _kind(arm), gain=gain, cost=cost, improved=improved)
    return replace(state, arms=_bandit.credit(state.arms, arm, gain=gain, cost=cost, improved=improved), kinds=kinds)


def _member(k: int, origin: str, result: Result) -> Member:
    assert result.outcome is not None and result.outcome.score is not None and result.candidate is not None
    details = result.details or {}
    return Member(
        id=result.candidate.id,
        score=result.outcome.score,
        shape=details.get("shape", result.candidate.normal),
        origin=origin,
        size=details.get("size", 0),
        literals=details.get("literals", 0),
    )


def _kind_floor(turn: int) -> float:
    """The least share of each kind of edit: structure comes first, before numbers are worth tuning."""
    return max(KIND_FLOOR, EARLY_FLOOR * math.exp(-turn / EARLY_TURNS))


def _with_island(state: IslandState, number: int, island: Island) -> IslandState:
    return replace(state, islands=(*state.islands[:number], island, *state.islands[number + 1 :]))


def _step(details: Json) -> Step | None:
    if not details or "delta" not in details:
        return None
    return Step(tuple(details["sites"]), tuple(details["delta"]))
