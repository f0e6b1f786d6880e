"""Promotion: who is champion, decided on fresh draws of the validation split.

A new best is a claim made on the instances it was selected on, so it is too good on average (the winner's curse). It is
re-proved: challenger and champion meet the same fresh instances, never used before, and the challenger is promoted when
the interval of the paired differences lies above zero. Where that cannot be said yet there is another round, on other
fresh instances, up to `ROUNDS`. A long run holds dozens of contests, so the interval is `STRICT` times as wide as one
of 95 % (decision 006). One contest at a time; of the claims that come meanwhile the newest waits. Where scores are
measured times it does not wait for more rounds: what is newer was better on the same search instances, most often
because it has the other's change and one more, and a contest of small gains can outlast the whole search.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from shoal.core.statistics import Interval, paired_interval
from shoal.core.values import CandidateId, Measure, Note, Outcome, Split, Status, Trial

__all__ = ["CONTEST", "Champion", "Contest", "Promotion", "claim", "evict", "measured", "searched", "work"]

CONTEST = "contest"  # kind of the note that tells how one ended
ROUNDS = 8
STRICT = 1.25
REFUSED_KEPT = 60
CHAMPIONS_KEPT = 20  # to fall back on, when one turns out to be a cheat


@dataclass(frozen=True, slots=True)
class Champion:
    """``score`` is what made it champion: on validation instances where there are any; ``searched`` on search ones."""

    id: CandidateId
    score: float
    searched: float


@dataclass(frozen=True, slots=True)
class Contest:
    """One claim under examination. ``mine`` and ``theirs`` are the values of the running round, by instance."""

    challenger: Champion
    against: Champion
    draw: int
    rounds: int = 0
    differences: tuple[float, ...] = ()
    mine: tuple[float, ...] | None = None
    theirs: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Promotion:
    """Everything about champions, newest last.

    ``instances`` is how many validation instances a round takes; 0: the task has one fixed instance, search is the
    truth. ``sign`` turns a natural value into higher-is-better. ``least_gain`` is the share of the champion's score
    that a gain must be above: where scores are measured, equals win by luck, and nobody wants an edit for a thousandth.
    ``refused`` are those that lost a contest, newest last.
    """

    instances: int = 0
    sign: float = 1.0
    least_gain: float = 0.0
    champions: tuple[Champion, ...] = ()
    waiting: Champion | None = None
    contest: Contest | None = None
    due: tuple[Trial, ...] = ()
    draws: int = 0
    refused: tuple[CandidateId, ...] = ()

    @property
    def champion(self) -> Champion | None:
        """The candidate that the run stands for; None before the first is measured."""
        return self.champions[-1] if self.champions else None


Step = tuple[Promotion, tuple[Note, ...]]


def claim(state: Promotion, id: CandidateId, score: float) -> Step:
    """A new best by search score wants to be champion."""
    new = Champion(id, score, score)
    if not state.instances:
        return _crown(state, new)
    return _begin(replace(state, waiting=new)), ()


def work(state: Promotion) -> tuple[Promotion, Measure | None]:
    """The next measurement that a contest needs, if any."""
    if not state.due:
        return state, None
    return replace(state, due=state.due[1:]), Measure(state.due[0])


def measured(state: Promotion, trial: Trial, outcome: Outcome | None) -> Step:
    """Take in one measurement on validation instances; others change nothing."""
    contest = state.contest
    values = _values(outcome, state.sign)
    if contest is None or trial.draw != contest.draw:
        return state, ()
    if trial.candidate == contest.challenger.id:
        score = outcome.score if outcome is not None and outcome.score is not None else -math.inf
        contest = replace(contest, challenger=replace(contest.challenger, score=score), mine=values)
    elif trial.candidate == contest.against.id:
        contest = replace(contest, theirs=values)
    if contest.mine is None or contest.theirs is None:
        return replace(state, contest=contest), ()
    return _round(state, contest)


def searched(state: Promotion, scores: Mapping[CandidateId, float]) -> Promotion:
    """Search scores changed: instances were drawn anew. A claim that waits was made on the old ones, and is void."""
    champions = tuple(replace(one, searched=scores.get(one.id, one.searched)) for one in state.champions)
    return replace(state, champions=champions, waiting=None)


def evict(state: Promotion, ids: Collection[CandidateId]) -> Step:
    """Forget candidates: a contest that one is part of ends, and the newest champion that is not one of them stands."""
    kept = tuple(one for one in state.champions if one.id not in ids)
    contest = state.contest
    if contest is not None and {contest.challenger.id, contest.against.id} & set(ids):
        contest = None
    due = state.due if contest is not None else ()
    waiting = state.waiting if state.waiting is not None and state.waiting.id not in ids else None
    fallen = state.champion is not None and state.champion.id in ids
    state = replace(state, champions=kept, contest=contest, due=due, waiting=waiting)
    if not fallen or not kept:
        return _begin(state), ()
    return _begin(state), (_champion_note(kept[-1], "stands again"),)


def _begin(state: Promotion) -> Promotion:
    """Start the contest of who waits, unless one is on. The first champion has nobody to beat but its own crashes."""
    new = state.waiting
    if new is None or state.contest is not None:
        return state
    against = state.champion or new
    contest = Contest(new, against, draw=state.draws)
    return _measure(replace(state, waiting=None, contest=contest))


def _measure(state: Promotion) -> Promotion:
    """Ask for one round: everybody on a draw that nobody has met."""
    contest = state.contest
    assert contest is not None
    ids = dict.fromkeys((contest.challenger.id, contest.against.id))
    trials = tuple(Trial(Split.VALIDATION, tuple(range(state.instances)), candidate=id, draw=state.draws) for id in ids)
    contest = replace(contest, draw=state.draws, mine=None, theirs=None)
    if contest.against.id == contest.challenger.id:
        contest = replace(contest, theirs=())
    return replace(state, contest=contest, due=(*state.due, *trials), draws=state.draws + 1)


def _round(state: Promotion, contest: Contest) -> Step:
    """A round is complete: promote, refuse, or go on."""
    assert contest.mine is not None and contest.theirs is not None
    new = contest.challenger
    first = contest.against.id == contest.challenger.id
    if not contest.mine or first or not contest.theirs:  # somebody got no score on fresh instances
        return _end(state, contest, new, promoted=bool(contest.mine), interval=None)
    pairs = tuple(mine - theirs for mine, theirs in zip(contest.mine, contest.theirs, strict=False))
    contest = replace(contest, differences=(*contest.differences, *pairs), rounds=contest.rounds + 1)
    interval = _strict(paired_interval(contest.differences))
    least = state.least_gain * abs(contest.against.score)
    if interval.low > least or interval.mean <= least or contest.rounds >= ROUNDS:
        return _end(state, contest, new, promoted=interval.low > least, interval=interval)
    if state.least_gain and state.waiting is not None:
        return _begin(replace(state, contest=None)), ()
    return _measure(replace(state, contest=contest)), ()


def _strict(interval: Interval) -> Interval:
    half = STRICT * (interval.high - interval.mean)
    return replace(interval, low=interval.mean - half, high=interval.mean + half)


def _end(state: Promotion, contest: Contest, new: Champion, *, promoted: bool, interval: Interval | None) -> Step:
    notes: tuple[Note, ...] = ()
    if contest.against.id != new.id:
        notes = (_contest_note(contest, promoted, interval),)
    state = replace(state, contest=None)
    if promoted:
        state, more = _crown(state, new)
        notes = (*notes, *more)
    else:
        state = replace(state, refused=(*state.refused, new.id)[-REFUSED_KEPT:])
    return _begin(state), notes


def _crown(state: Promotion, new: Champion) -> Step:
    champions = (*state.champions, new)[-CHAMPIONS_KEPT:]
    if len(state.champions) >= CHAMPIONS_KEPT:  # the first of all is the one program nobody doubts
        champions = (state.champions[0], *champions[1:])
    return replace(state, champions=champions), (_champion_note(new, "is the new champion"),)


def _champion_note(one: Champion, told: str) -> Note:
    return Note("champion", f"{one.id} {told}", {"candidate": one.id, "score": one.score})


def _contest_note(contest: Contest, promoted: bool, interval: Interval | None) -> Note:
    new, old = contest.challenger, contest.against
    data = {"challenger": new.id, "champion": old.id, "promoted": promoted, "search_gain": new.searched - old.searched}
    word = "promoted over" if promoted else "not promoted over"
    if interval is None:
        who = old.id if promoted else new.id
        return Note(CONTEST, f"{new.id} {word} {old.id}: {who} got no score on fresh instances", data)
    data |= {"gain": interval.mean, "pairs": interval.pairs}
    if math.isfinite(interval.low):
        data |= {"low": interval.low, "high": interval.high}
    span = f"{interval.low:.3g} to {interval.high:.3g}" if math.isfinite(interval.low) else "unknown, one pair"
    told = f"{new.id} {word} {old.id}: {interval.mean:+.3g} on {interval.pairs} fresh pairs ({span})"
    return Note(CONTEST, told, data)


def _values(outcome: Outcome | None, sign: float) -> tuple[float, ...]:
    """Higher-is-better values by instance, else the score alone; empty without a score."""
    if outcome is None or outcome.status is not Status.OK or outcome.score is None:
        return ()
    ones = tuple(sign * one.value for one in outcome.per_instance if one.value is not None)
    return ones or (outcome.score,)
