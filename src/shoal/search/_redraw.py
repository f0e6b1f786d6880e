"""Search instances drawn anew: what follows when a new best owed its score to the luck of the instances.

Every choice of a search is made on its few search instances, so in time its best programs are those that these
instances happen to like. A contest on fresh instances that a new best did not win says that this has begun. Then the
instances are drawn anew, every line's best is measured on them, and the search goes on from what they say. Each time
there is one more of them: where luck has won, differences have become smaller than so few instances can tell. Scores
of different draws are never compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from shoal.core.values import CandidateId, Measure, Note, Outcome, Split, Status, Trial
from shoal.search import _archive, _burst, _promotion
from shoal.search._archive import Island, Member
from shoal.search._island_state import IslandState, Redraw, Settings
from shoal.search._promotion import CONTEST

__all__ = ["begun", "evict", "late", "luck", "measured", "trial_on", "work"]

STEP = 2  # draws: the one after each is left to those who look at a result a second time
COST = 8  # evaluations on a draw, for each that was spent on measuring again for it
LATE_KEPT = 8
MOST = 4  # times as many instances as at first, at most


def trial_on(draw: int, settings: Settings) -> Trial:
    """What children are measured on while a draw is in use."""
    count = settings.search_instances
    return Trial(Split.SEARCH, tuple(range(min(MOST * count, count + draw // STEP))), draw=draw)


def luck(notes: Iterable[Note]) -> bool:
    """Whether a contest ended that the new best did not win, though it got its scores."""
    return any(one.kind == CONTEST and not one.data["promoted"] and "gain" in one.data for one in notes)


def begun(state: IslandState) -> IslandState:
    """Draw anew and measure first, champion and each line's best on it; nothing where the last draw is too young."""
    redraw, best = state.redraw, _archive.best_of(state.islands)
    if redraw.missing or redraw.since < COST * redraw.took or best is None:
        return state
    members = {one.id: one for one in ([state.first] if state.first is not None else [])}
    for line in (line for island in state.islands for line in island.lines):
        champion = state.promotion.champion
        kept = (one for one in line.members() if champion is not None and one.id == champion.id)
        members |= {one.id: one for one in (line.best, *kept)}
    due = tuple(members.values())
    anew = Redraw(
        draw=redraw.draw + STEP, took=len(due), due=due, old=due, missing=len(due), bar=best.score, whole=True
    )
    # Samples that are out were drawn for other instances: they teach a burst nothing any more.
    return replace(state, redraw=anew, bursts=tuple(_burst.emptied(one) for one in state.bursts))


def work(state: Redraw, settings: Settings) -> tuple[Redraw, Measure]:
    """The next measurement."""
    first, *others = state.due
    return replace(state, due=tuple(others)), Measure(replace(trial_on(state.draw, settings), candidate=first.id))


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


def measured(state: IslandState, trial: Trial, outcome: Outcome | None, settings: Settings) -> tuple[IslandState, bool]:
    """Take one answer in; with the last one the search stands on the new draw, and True is returned.

    A program without a score on the new instances is gone.
    """
    redraw = state.redraw
    old = next((one for one in redraw.old if one.id == trial.candidate), None)
    if old is None or trial.draw != redraw.draw or not redraw.missing:
        return state, False
    redraw = replace(redraw, missing=redraw.missing - 1)
    if outcome is not None and outcome.status is Status.OK and outcome.score is not None and old.id not in redraw.void:
        values = tuple(settings.sign * one.value for one in outcome.per_instance if one.value is not None)
        redraw = replace(redraw, met=(*redraw.met, replace(old, score=outcome.score, values=values)))
    state = replace(state, redraw=redraw)
    return (state, False) if redraw.missing else (_on_new_draw(state, settings), True)


def _on_new_draw(state: IslandState, settings: Settings) -> IslandState:
    """Everything that holds a search score, with the scores of the new draw; or only what came late, in its place."""
    redraw = state.redraw
    done = replace(redraw, old=(), met=(), void=(), whole=False)
    if not redraw.whole:
        return replace(state, islands=_with_late(state.islands, redraw.met, settings), redraw=done)
    fresh = {one.id: one for one in redraw.met}
    first = fresh.get(state.first.id, state.first) if state.first is not None else None
    islands = tuple(_archive.remeasured(island, fresh) for island in state.islands)
    islands = tuple(_settled(island, first, settings) for island in islands)
    steps = [fresh[one.id].score - one.score for one in redraw.old if one.id in fresh]
    step = sum(steps) / len(steps) if steps else 0.0
    planned = tuple(
        replace(one, then=trial_on(redraw.draw, settings)) if one.then is not None else one for one in state.planned
    )
    return replace(
        state,
        islands=_with_late(islands, redraw.met, settings),
        first=first,
        bursts=tuple(_burst.shifted(one, step) for one in state.bursts),
        planned=planned,
        promotion=_promotion.searched(state.promotion, {id: one.score for id, one in fresh.items()}),
        redraw=done,
    )


def _with_late(islands: tuple[Island, ...], met: Iterable[Member], settings: Settings) -> tuple[Island, ...]:
    """The islands, the first one visited by whoever is at home in none."""
    home = islands[0]
    for one in met:
        if not any(island.find(one.id) for island in (home, *islands[1:])):
            home = _archive.visited(home, one, capacity=settings.capacity, pool=settings.per_shape)
    return (home, *islands[1:])


def _settled(island: Island, first: Member | None, settings: Settings) -> Island:
    """The island; where no program of it got a score, one that begins anew."""
    if island.lines or first is None:
        return island
    return _archive.enter(Island(), _archive.new_line(first), capacity=settings.capacity)
