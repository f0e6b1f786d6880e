"""An island's elitist archive: the best few members of each program shape, and few shapes.

Programs that differ only in their numbers share a *shape*. Numbers improve so easily that without this rule the
copies of one program fill every archive, and structural change has nowhere to live.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from shoal.core.values import CandidateId

__all__ = [
    "Island",
    "Member",
    "Step",
    "Yield",
    "admit",
    "best_of",
    "born",
    "change",
    "evict",
    "heads",
    "promising",
    "rank",
]

TRIAL = 16.0  # evaluations that the expectation of a new shape is worth
MEMORY = 0.97
BRITTLE = 0.3  # share of small changes without a score
HORIZON = 50.0  # evaluations a shape's climb is drawn out


@dataclass(frozen=True, slots=True)
class Step:
    """How a candidate's numbers differ from its parent's: ``delta[i]`` was added to literal ``sites[i]``."""

    sites: tuple[int, ...]
    delta: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A measured candidate. ``score`` is higher-is-better; ``step`` is kept while it pays to repeat it."""

    id: CandidateId
    score: float
    shape: str
    origin: str
    size: int = 0  # nodes of its syntax tree: ties go to the simpler program
    literals: int = 0
    children: int = 0
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Yield:
    """Decayed gain of a shape's best score, the decayed evaluations it took, and how many of them got no score."""

    shape: str
    gain: float
    cost: float
    broken: float = 0.0

    @property
    def brittle(self) -> bool:
        """Most small changes break it: its numbers are results of others, and cannot be tuned on their own."""
        return self.broken > BRITTLE * self.cost


@dataclass(frozen=True, slots=True)
class Island:
    """Members, best first; admissions since the last new best (``stale``); how fast each shape climbs (``yields``)."""

    members: tuple[Member, ...] = ()
    stale: int = 0
    yields: tuple[Yield, ...] = ()

    def rate(self, shape: str) -> float:
        """What an evaluation of this shape gained lately, in units of the score."""
        return next((one.gain / one.cost for one in self.yields if one.shape == shape), 0.0)

    def entered(self, shape: str, *, rate: float) -> Island:
        """Expect ``rate`` of a shape that is new here; shapes that left the archive are forgotten."""
        present = {member.shape for member in self.members}
        yields = tuple(one for one in self.yields if one.shape in present)
        if shape in present and all(one.shape != shape for one in yields):
            yields = (*yields, Yield(shape, gain=TRIAL * rate, cost=TRIAL))
        return replace(self, yields=yields)

    def paid(self, shape: str, *, gain: float, broken: bool = False) -> Island:
        """Book what one evaluation of this shape gained, or that it got no score."""

        def booked(one: Yield) -> Yield:
            return Yield(shape, MEMORY * one.gain + gain, MEMORY * one.cost + 1.0, MEMORY * one.broken + broken)

        return replace(self, yields=tuple(booked(one) if one.shape == shape else one for one in self.yields))

    def find(self, id: CandidateId) -> Member | None:
        """The member with this id, or None."""
        return next((member for member in self.members if member.id == id), None)


def rank(member: Member) -> tuple[float, int]:
    """Sort key: better first, then simpler."""
    return (-member.score, member.size)


def admit(island: Island, new: Member, *, capacity: int, per_shape: int) -> Island:
    """Put ``new`` in if it is good enough.

    At most ``per_shape`` members of one shape and ``capacity`` in all stay; the worst leave. A newcomer goes before
    its equals in score and size, so that search drifts over plateaus.
    """
    best_before = island.members[0].score if island.members else -float("inf")
    members = sorted((new, *island.members), key=rank)
    same = [member for member in members if member.shape == new.shape]
    if len(same) > per_shape:
        members.remove(same[-1])
    members = members[:capacity]
    improved = new.score > best_before
    return replace(island, members=tuple(members), stale=0 if improved else island.stale + 1)


def heads(island: Island) -> tuple[Member, ...]:
    """The best member of each shape, best first."""
    first: dict[str, Member] = {}
    for member in island.members:
        first.setdefault(member.shape, member)
    return tuple(first.values())


def promising(island: Island) -> Member:
    """The best member of the shape that will lead if each climbs on as it did lately; brittle shapes come last."""
    brittle = {one.shape for one in island.yields if one.brittle}
    sturdy = tuple(head for head in heads(island) if head.shape not in brittle)
    return max(sturdy or heads(island), key=lambda head: head.score + HORIZON * island.rate(head.shape))


def change(island: Island, new: Member) -> Island:
    """Replace the member with the same id."""
    return replace(island, members=tuple(new if one.id == new.id else one for one in island.members))


def born(island: Island, id: CandidateId) -> Island:
    """Count one more child of ``id``."""
    parent = island.find(id)
    return island if parent is None else change(island, replace(parent, children=parent.children + 1))


def evict(island: Island, ids: Collection[CandidateId]) -> Island:
    """Take members out."""
    return replace(island, members=tuple(one for one in island.members if one.id not in ids))


def best_of(islands: tuple[Island, ...]) -> Member | None:
    """The best member of all islands, or None."""
    heads = [island.members[0] for island in islands if island.members]
    return min(heads, key=rank) if heads else None
