"""What the island search is set to, and everything it has learnt."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from shoal.core.values import Ask, CandidateId, Propose
from shoal.search import _bandit, _parents
from shoal.search._archive import Island, Member
from shoal.search._arms import ARMS, KINDS
from shoal.search._bandit import Arm
from shoal.search._burst import Burst
from shoal.search._lessons_seen import Memory
from shoal.search._model_arms import MODELS, Lender, ModelArm, kind_of
from shoal.search._promotion import Promotion

__all__ = ["IslandState", "Redraw", "Settings"]

KIND_MEMORY = 0.997  # of what a kind of work gained and cost, per result


@dataclass(frozen=True, slots=True)
class Redraw:
    """Which ``draw`` of the search instances is in use, and what is still to be measured on it.

    ``since`` counts evaluations on it, ``took`` how many were spent on measuring again; ``old`` are the programs as
    they were on the draw before, ``met`` as they are now; ``missing`` counts answers, ``void`` are programs that turned
    out to be cheats meanwhile. ``bar`` is the best score of the draw before: what comes late and is above it is
    measured again too; ``whole``: not only something late is measured, but everything.
    """

    draw: int = 0
    since: int = 0
    took: int = 0
    due: tuple[Member, ...] = ()
    old: tuple[Member, ...] = ()
    met: tuple[Member, ...] = ()
    missing: int = 0
    void: tuple[CandidateId, ...] = ()
    bar: float = 0.0
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """Numbers of the search; all counted units."""

    firsts: int = 1
    islands: int = 1
    capacity: int = 24  # lines of an island
    per_shape: int = 6  # programs of a line that are kept to mix numbers with
    migrate_every: int = 30
    search_instances: int = 1
    validation_instances: int = 0  # 0: one fixed instance, search is the truth
    sign: float = 1.0  # turns a natural value into higher-is-better
    arms: tuple[tuple[str, float], ...] = ARMS
    redraw: bool = True  # draw the search instances anew when luck on them made a new best
    parents: str = _parents.CLIMB  # how the parent of an edit of structure is chosen, one of `_parents.PARENT_RULES`
    staged: bool = True  # stop a trial early that falls behind its parent's
    least_gain: float = 0.0  # of the champion's score, by which it must be beaten
    models: tuple[ModelArm, ...] = ()
    novelty: float = 0.99  # likeness to a program of its island from which on a model's answer is not measured; 1: off
    lender: Lender = Lender()  # what a model's dollars and tokens are worth
    lessons_every: int = 40  # candidates between two askings for lessons, where there are models; 0: none
    lessons_by: str | None = None  # the model that is asked for them too


@dataclass(frozen=True, slots=True)
class IslandState:
    """Everything the search has learnt. Plain data; size does not grow with the run."""

    islands: tuple[Island, ...]
    arms: tuple[Arm, ...]
    # Kinds first: a dozen structural operators would each have to be found wanting on its own.
    kinds: tuple[Arm, ...] = tuple(Arm(kind) for kind in (*KINDS, MODELS))
    firsts: int = 0  # initial programs issued
    first: Member | None = None  # the first one that got a score: where an island begins anew
    turn: int = 0
    scale: float = 0.0  # decayed mean of what an improvement gained over its parent
    bursts: tuple[Burst, ...] = ()
    begun: int = 0  # bursts so far
    unfit: tuple[str, ...] = ()  # shapes without numbers for a burst, newest last
    planned: tuple[Propose, ...] = ()  # edits that an answer made possible
    looks: tuple[Ask, ...] = ()  # questions about programs, asked next
    traced: tuple[CandidateId, ...] = ()  # bests whose loops have been looked into, newest last
    promotion: Promotion = field(default_factory=Promotion)
    redraw: Redraw = field(default_factory=Redraw)
    paid: bool = True  # models may be asked: tokens and dollars are left
    lessons: Memory = field(default_factory=Memory)
    mended: tuple[int, int] = (0, 0)  # repairs of models' programs that were measured, and how many got a score

    def with_island(self, number: int, island: Island) -> IslandState:
        """The state with another island in the place of this one."""
        return replace(self, islands=(*self.islands[:number], island, *self.islands[number + 1 :]))

    def credited(self, arm: str, *, gain: float, cost: float, improved: bool) -> IslandState:
        """The state after an operator, and its kind, were paid ``gain`` for ``cost`` evaluations."""
        kind = kind_of(arm)
        kinds = _bandit.credit(self.kinds, kind, gain=gain, cost=cost, improved=improved, memory=KIND_MEMORY)
        arms = _bandit.credit(self.arms, arm, gain=gain, cost=cost, improved=improved)
        return replace(self, arms=arms, kinds=kinds)
