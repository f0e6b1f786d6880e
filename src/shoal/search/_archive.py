"""An island's elitist archive: the best few members of each program shape, and few shapes.

Programs that differ only in their numbers share a *shape*. Numbers improve so easily that without this rule the
copies of one program fill every archive, and structural change has nowhere to live.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from shoal.core.values import CandidateId
from shoal.search._bandit import Arm, credit

__all__ = ["Island", "Member", "Step", "admit", "best_of", "born", "change", "heads", "rank"]


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
class Island:
    """Members, best first; ``stale`` counts admissions since the last new best; ``arms`` say which shapes yield."""

    members: tuple[Member, ...] = ()
    stale: int = 0
    arms: tuple[Arm, ...] = ()

    def arm(self, shape: str) -> Arm:
        """What children of this shape have gained lately."""
        return next((arm for arm in self.arms if arm.name == shape), Arm(shape, gain=0.5))

    def credited(self, shape: str, *, gain: float, improved: bool) -> Island:
        """Book what a child of this shape gained; shapes that left the archive are forgotten."""
        present = {member.shape for member in self.members}
        arms = tuple(arm for arm in self.arms if arm.name in present and arm.name != shape)
        paid = credit((self.arm(shape),), shape, gain=gain, cost=1.0, improved=improved)
        return replace(self, arms=(*arms, *paid))

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


def change(island: Island, new: Member) -> Island:
    """Replace the member with the same id."""
    return replace(island, members=tuple(new if one.id == new.id else one for one in island.members))


def born(island: Island, id: CandidateId) -> Island:
    """Count one more child of ``id``."""
    parent = island.find(id)
    return island if parent is None else change(island, replace(parent, children=parent.children + 1))


def best_of(islands: tuple[Island, ...]) -> Member | None:
    """The best member of all islands, or None."""
    heads = [island.members[0] for island in islands if island.members]
    return min(heads, key=rank) if heads else None
