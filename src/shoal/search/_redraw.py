"""Search instances drawn anew: what follows when a new best owed its score to the luck of the instances.

Every choice of a search is made on its few search instances, so in time its best programs are those that these
instances happen to like. A contest on fresh instances that a new best did not win says that this has begun. Then the
instances are drawn anew, every line's best is measured on them, and the search goes on from what they say. Scores of
different draws are never compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from shoal.core.values import CandidateId, Measure, Note, Outcome, Split, Status, Trial
from shoal.search._archive import Member
from shoal.search._promotion import CONTEST

__all__ = ["Redraw", "again", "begin", "evict", "late", "luck", "measured", "work"]

STEP = 2  # draws: the next one after each is left to those who look at a result a second time
COST = 8  # evaluations between two draws, for each that the last one took
LATE_KEPT = 8


@dataclass(frozen=True, slots=True)
class Redraw:
    """Which ``draw`` of the search instances is in use, and what is still to be measured on it.

    ``since`` counts evaluations on it, ``took`` how many were spent on measuring again; ``old`` are the programs as
    they were on the draw before, ``met`` as they are now; ``missing`` counts answers, ``void`` are programs that
    turned out to be cheats meanwhile. ``bar`` is the best score of the
    draw before: what comes late and is above it is measured again too.
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


def luck(notes: Iterable[Note]) -> bool:
    """Whether a contest ended that the new best did not win, though it got its scores."""
    return any(one.kind == CONTEST and not one.data["promoted"] and "gain" in one.data for one in notes)


def again(state: Redraw) -> bool:
    """Whether instances may be drawn anew by now."""
    return not state.missing and state.since >= COST * state.took


def begin(state: Redraw, members: Sequence[Member], *, bar: float) -> Redraw:
    """Draw anew, and measure these programs first."""
    return Redraw(
        draw=state.draw + STEP, took=len(members), due=tuple(members), old=tuple(members), missing=len(members), bar=bar
    )


def late(state: Redraw, member: Member) -> Redraw:
    """A result of the draw before: measured again, where it would have led there."""
    if member.score <= state.bar or len(state.due) >= LATE_KEPT + state.took:
        return state
    return replace(state, due=(*state.due, member), old=(*state.old, member), missing=state.missing + 1)


def evict(state: Redraw, ids: Collection[CandidateId]) -> Redraw:
    """Forget candidates; their answers are awaited, and change nothing."""
    if not state.missing:
        return state
    return replace(state, void=(*state.void, *ids), met=tuple(one for one in state.met if one.id not in ids))


def work(state: Redraw, trial: Trial) -> tuple[Redraw, Measure]:
    """The next measurement; ``trial`` says on which instances."""
    first, *others = state.due
    return replace(state, due=tuple(others)), Measure(replace(trial, candidate=first.id, draw=state.draw, floors=()))


def measured(state: Redraw, trial: Trial, outcome: Outcome | None, *, sign: float) -> Redraw:
    """Take one answer in; a program without a score on the new instances is not among those that it met."""
    if trial.split is not Split.SEARCH or trial.draw != state.draw or not state.missing:
        return state
    old = next((one for one in state.old if one.id == trial.candidate), None)
    if old is None:
        return state
    state = replace(state, missing=state.missing - 1)
    if outcome is None or outcome.status is not Status.OK or outcome.score is None:
        return state
    values = tuple(sign * one.value for one in outcome.per_instance if one.value is not None)
    if old.id in state.void:
        return state
    return replace(state, met=(*state.met, replace(old, score=outcome.score, values=values)))
