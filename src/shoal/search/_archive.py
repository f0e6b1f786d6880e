"""An island's archive: lines, each one program shape with a walk over its numbers.

Programs that differ only in their numbers share a *shape*. Numbers improve so easily that without lines the copies of
one program fill every archive, and structural change has nowhere to live. A line keeps its best program, the one its
walk stands on, and a few others to mix numbers with; an island keeps the best lines. A walk takes small losses at the
beginning of a cycle and none at its end; each cycle begins at the line's best and takes twice as long as the last.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from shoal.core.values import CandidateId

__all__ = [
    "Island",
    "Line",
    "Member",
    "best_of",
    "born",
    "change",
    "donors",
    "enter",
    "evict",
    "line_of",
    "new_line",
    "newcomer",
    "rank",
    "remeasured",
    "twin_of",
    "visited",
    "walked",
]

LOSSES_KEPT = 64
MEMORY = 0.97  # of a line's gain and cost, per evaluation of it
BRITTLE = 0.3  # share of small changes without a score
CYCLE = 40  # evaluations per number that a line's first cycle takes
SHORTEST_CYCLE = 60
LONGER = 2  # times the cycle before
TRYOUT = 24  # evaluations that show whether a line climbs
INHERITED = 5  # evaluations per number, after which numbers count as tuned
TRIAL = 16.0  # evaluations that the expectation of a new line is worth
LIKE_PARENT = 2  # numbers more or less, with which a better child's line goes on with its parent's walk
AT_HOME = 0.8  # share of donors of parts that come from the parent's own island
OPENS = 8  # more numbers than before: the same behaviour, and new ways on


@dataclass(frozen=True, slots=True)
class Member:
    """A measured candidate. ``score`` and ``values``, its scores by instance, are higher-is-better."""

    id: CandidateId
    score: float
    shape: str
    origin: str
    size: int = 0  # parts of its canonical form: ties go to the simpler program
    literals: int = 0
    values: tuple[float, ...] = ()
    calls: int = 0  # of public functions: each child of such a program pays for them again


@dataclass(frozen=True, slots=True)
class Line:
    """One shape. Its cycle stands at ``turn`` of ``length``; ``gain`` and ``cost`` are decayed, ``spent`` is not.

    ``promising``: it began no worse than the line it came from, so that its numbers are worth a try. ``tuned``: the
    evaluations that its numbers had been tuned for when it began, in the lines it came from; ``bursts``: those on it.
    """

    best: Member
    current: Member
    pool: tuple[Member, ...] = ()
    children: int = 0
    turn: int = 0
    length: int = SHORTEST_CYCLE
    losses: tuple[float, ...] = ()
    gain: float = 0.0
    cost: float = 0.0
    broken: float = 0.0
    spent: int = 0
    promising: bool = False
    tuned: int = 0
    bursts: int = 0

    @property
    def shape(self) -> str:
        """The shape of its programs."""
        return self.best.shape

    @property
    def rate(self) -> float:
        """What an evaluation of this line gained lately, in units of the score."""
        return self.gain / self.cost if self.cost else 0.0

    @property
    def brittle(self) -> bool:
        """Most small changes break it: its numbers are results of others, and cannot be tuned on their own."""
        return self.broken > BRITTLE * self.cost

    @property
    def untried(self) -> bool:
        """It is promising, and hardly anything went into its numbers yet."""
        return self.promising and self.spent < min(self.best.literals, TRYOUT)

    @property
    def inherited(self) -> bool:
        """Its numbers were tuned for other shapes, and no burst has tuned them for its own."""
        return not self.bursts and self.tuned >= INHERITED * self.best.literals

    def members(self) -> tuple[Member, ...]:
        """All programs of this line that may be parents."""
        return (self.best, self.current, *self.pool)

    def find(self, id: CandidateId) -> Member | None:
        """The member with this id, or None."""
        return next((member for member in self.members() if member.id == id), None)

    def booked(self, *, gain: float, broken: bool = False) -> Line:
        """One evaluation more, and what it gained."""
        return replace(
            self,
            gain=MEMORY * self.gain + gain,
            cost=MEMORY * self.cost + 1.0,
            broken=MEMORY * self.broken + broken,
            spent=self.spent + 1,
        )


@dataclass(frozen=True, slots=True)
class Island:
    """Lines, best first; evaluations since the last new best (``stale``), and the longest such time (``usual``)."""

    lines: tuple[Line, ...] = ()
    stale: int = 0
    usual: int = 0

    @property
    def best(self) -> Member:
        """The island's best; an empty island has none."""
        return self.lines[0].best

    def find(self, id: CandidateId) -> Member | None:
        """The member with this id, or None."""
        return next((found for line in self.lines if (found := line.find(id)) is not None), None)

    def aged(self, score: float) -> Island:
        """One evaluation more, with this score."""
        if self.lines and score > self.best.score:
            return replace(self, stale=0, usual=max(self.usual, self.stale))
        return replace(self, stale=self.stale + 1)


def rank(line: Line) -> tuple[float, int]:
    """Sort key: better first, then simpler."""
    return (-line.best.score, line.best.size)


def new_line(member: Member) -> Line:
    """A line that begins with ``member``."""
    length = max(SHORTEST_CYCLE, CYCLE * member.literals)
    return Line(member, member, pool=(member,), length=length)


def newcomer(home: Line | None, member: Member) -> Line:
    """A line for a new shape. A better one with about as many numbers goes on with its parent's walk."""
    line = new_line(member)
    if home is None:
        return line
    line = replace(line, promising=member.score >= home.best.score)
    if abs(member.literals - home.best.literals) > LIKE_PARENT:
        return line
    line = replace(line, tuned=home.tuned + home.spent)
    if member.score < home.current.score:
        return line
    return replace(
        line,
        turn=home.turn,
        length=home.length,
        losses=home.losses,
        spent=home.spent,
        gain=TRIAL * home.rate,
        cost=TRIAL,
    )


def line_of(island: Island, id: CandidateId) -> Line | None:
    """The line that has this candidate among its members, or None."""
    return next((line for line in island.lines if line.find(id) is not None), None)


def twin_of(island: Island, member: Member) -> Line | None:
    """The line that behaves as ``member`` does on every instance, unless ``member`` opens many more numbers."""
    for line in island.lines:
        best = line.best
        same = best.score == member.score and best.values == member.values
        if same and member.literals < best.literals + OPENS:
            return line
    return None


def enter(island: Island, line: Line, *, capacity: int, instead: Line | None = None) -> Island:
    """Put a new line in, or in another's place; of more than ``capacity`` lines the worst leaves.

    A newcomer goes before its equals in score and size, so that search drifts over plateaus.
    """
    others = [one for one in island.lines if one.shape != line.shape and one is not instead]
    return replace(island, lines=tuple(sorted((line, *others), key=rank)[:capacity]))


def change(island: Island, line: Line) -> Island:
    """Replace the line of the same shape."""
    lines = (line if one.shape == line.shape else one for one in island.lines)
    return replace(island, lines=tuple(sorted(lines, key=rank)))


def walked(line: Line, member: Member, *, taken: bool, pool: int) -> Line:
    """A program of the line's own shape was measured; ``taken`` says whether the walk goes on from it."""
    loss = line.current.score - member.score
    best = min((member, line.best), key=lambda one: (-one.score, one.size))
    turn, length, current = line.turn + 1, line.length, member if taken else line.current
    if turn >= length:
        turn, length, current = 0, LONGER * length, best
    return replace(
        line.booked(gain=max(0.0, member.score - line.best.score)),
        best=best,
        current=current,
        pool=(member, *line.pool)[:pool] if taken else line.pool,
        turn=turn,
        length=length,
        losses=(*line.losses, loss)[-LOSSES_KEPT:] if loss > 0.0 else line.losses,
    )


def born(island: Island, line: Line) -> Island:
    """Count one more child of a line's best."""
    return change(island, replace(line, children=line.children + 1))


def visited(island: Island, guest: Member, *, capacity: int, pool: int) -> Island:
    """The island with a guest in it; where its shape is at home already, a better guest leads the line."""
    line = next((line for line in island.lines if line.shape == guest.shape), None)
    if line is None:
        return enter(island, new_line(guest), capacity=capacity)
    if guest.score <= line.best.score:
        return island
    return change(island, replace(line, best=guest, current=guest, pool=(guest, *line.pool)[:pool]))


def remeasured(island: Island, fresh: Mapping[CandidateId, Member]) -> Island:
    """Each line's best with its new score, and nothing else of it; a line whose best got none ends."""
    lines = (
        replace(line, best=new, current=new, pool=(new,))
        for line in island.lines
        if (new := fresh.get(line.best.id)) is not None
    )
    return replace(island, lines=tuple(sorted(lines, key=rank)))


def evict(island: Island, ids: Collection[CandidateId]) -> Island:
    """Take members out; a line whose best or current one leaves goes on from the best that is left, or ends."""
    lines = (_without(line, ids) for line in island.lines)
    return replace(island, lines=tuple(sorted((line for line in lines if line is not None), key=rank)))


def _without(line: Line, ids: Collection[CandidateId]) -> Line | None:
    left = [member for member in line.members() if member.id not in ids]
    if not left:
        return None
    best = min(left, key=lambda one: (-one.score, one.size))
    current = line.current if line.current.id not in ids else best
    pool = tuple(member for member in line.pool if member.id not in ids)
    return replace(line, best=best, current=current, pool=pool)


def best_of(islands: tuple[Island, ...]) -> Member | None:
    """The best member of all islands, or None."""
    lines = [island.lines[0] for island in islands if island.lines]
    return min(lines, key=rank).best if lines else None


def donors(
    islands: tuple[Island, ...], number: int, line: Line, arm: str, rng: np.random.Generator
) -> tuple[CandidateId, ...]:
    """Whom an edit of ``line``, on the island ``number``, takes numbers or parts from; nobody, for most operators."""
    if arm == "crossover_numbers":
        chosen = rng.choice(len(line.pool), size=2, replace=False)
        return tuple(line.pool[int(k)].id for k in chosen)
    if arm != "crossover":
        return ()
    where = number if rng.random() < AT_HOME else int(rng.integers(len(islands)))
    lines = islands[where].lines or islands[number].lines
    return (lines[int(rng.integers(len(lines)))].best.id,)
