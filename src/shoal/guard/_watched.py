"""A search under watch: jumps are seen twice, cheats and their descendants are frozen, gaps are told.

`WatchedSearch` is a search around another search, so every lab gets it by wrapping, and everything it decides is in its
state: a resumed run, a replay and an audit come to the same holds and releases. What the inner search sees:

- a result that jumps (see `Jumps`) is *held*: candidate and best so far are measured on a second draw. When the second
  draw shows at least half of the gain, the result goes on to the inner search, late; else it stays held, until a
  person releases it;
- a candidate with a flag (a honey token), or with a score on a canary instance, is a *hit*: it and all its descendants
  are frozen, the inner search forgets them, results of theirs still in flight count as violations;
- where the task has canaries, every new best and every new champion is shown some, once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from shoal.core.protocols import Search
from shoal.core.values import (
    CandidateId,
    Done,
    Measure,
    Note,
    Outcome,
    Propose,
    Result,
    Split,
    Status,
    Trial,
    Wait,
    Work,
)
from shoal.guard._gap import GapMonitor
from shoal.guard._jumps import Jumps, Settings
from shoal.guard._lineage import Lineage

__all__ = ["AWAITS", "GAP_ALARM", "HELD", "HIT", "RELEASED", "Held", "WatchState", "WatchedSearch"]

S = TypeVar("S")
HELD, RELEASED, HIT, GAP_ALARM = "held", "released", "hit", "gap_alarm"  # kinds of notes
AWAITS = "awaits"  # kind of the note that tells of a promotion that waits for a person
SECOND_DRAW = 1  # the next one after that on which the result jumped
SHARE_SHOWN = 0.5  # of a jump's gain that the second draw must show
TRIES = 200  # proposals from frozen parents that are turned away before the search is called stuck
HELD_KEPT = 50


class Inner(Search[S], Protocol[S]):
    """What is wrapped: a `Search` that can also forget candidates."""

    def evict(self, state: S, ids: frozenset[CandidateId]) -> tuple[S, tuple[Note, ...]]: ...


@dataclass(frozen=True, slots=True)
class Held:
    """A result that waits. ``mine`` and ``theirs`` are the scores on the second draw, ``seen`` whose are known."""

    k: int
    work: Propose
    result: Result
    reason: str
    reference: CandidateId
    gain: float
    settled: bool = False  # the second draw has spoken, against it
    mine: float | None = None
    theirs: float | None = None
    seen: tuple[CandidateId, ...] = ()

    @property
    def id(self) -> CandidateId:
        """The candidate's."""
        assert self.result.candidate is not None
        return self.result.candidate.id


@dataclass(frozen=True, slots=True)
class WatchState(Generic[S]):
    """The inner state, and everything that was seen around it."""

    inner: S
    jumps: Jumps = Jumps()
    draw: int = 0  # of the search instances that ``jumps`` and ``best`` are about
    best: CandidateId | None = None
    gap: GapMonitor = GapMonitor()
    lineage: Lineage = field(default_factory=Lineage)
    frozen: tuple[CandidateId, ...] = ()
    held: tuple[Held, ...] = ()
    due: tuple[Measure, ...] = ()
    shown: tuple[CandidateId, ...] = ()  # who was shown the canaries


class WatchedSearch(Generic[S]):
    """See the module. ``canaries`` is how many canary instances a candidate is shown; 0: the task has none."""

    def __init__(self, inner: Inner[S], *, jumps: Settings | None = None, canaries: int = 0) -> None:
        self.inner, self.settings, self.canaries = inner, jumps or Settings(), canaries

    def initial(self) -> WatchState[S]:
        """Nothing seen yet."""
        return WatchState(self.inner.initial())

    # -- next ----------------------------------------------------------------------------------------------------

    def next(self, state: WatchState[S], rng: np.random.Generator) -> tuple[WatchState[S], Work]:
        """Second looks first; then what the inner search wants, as long as nothing frozen is touched by it."""
        if state.due:
            return replace(state, due=state.due[1:]), state.due[0]
        for _ in range(TRIES):
            inner, work = self.inner.next(state.inner, rng)
            state = replace(state, inner=inner)
            if isinstance(work, Done) and any(not one.settled for one in state.held):
                return state, Wait("a second look at a held candidate")
            if not _touches(work, state.frozen):
                return state, work
            turned_away = Result(Status.REJECTED, reason="its lineage is frozen")
            inner, _ = self.inner.admit(state.inner, -1, work, turned_away)
            state = replace(state, inner=inner)
        return state, Done("the search wants nothing but frozen programs")

    # -- admit ---------------------------------------------------------------------------------------------------

    def admit(self, state: WatchState[S], k: int, work: Work, result: Result) -> tuple[WatchState[S], tuple[Note, ...]]:
        """Look at a result before the inner search does."""
        state = _with_birth(state, result)
        if result.outcome is not None and (hit := _hit(result.outcome)):
            candidate = work.trial.candidate if isinstance(work, Measure) else _id(result)
            return self._freeze(state, k, work, result, candidate, hit)
        if isinstance(work, Measure) and self._ours(state, work.trial):
            return self._second_look(state, work.trial, result)
        if isinstance(work, Propose) and _touches(work, state.frozen):
            return self._pass_on(state, k, work, _violation(result))
        if isinstance(work, Measure):
            return self._pass_on(_anew(state, work.trial, result), k, work, result)
        if (score := _score(result)) is not None and isinstance(work, Propose) and _draw(work) == state.draw:
            why = state.jumps.why(score, self.settings)
            if why:
                return self._hold(state, k, work, result, why)
            return self._accepted(state, k, work, result, score)
        return self._pass_on(state, k, work, result)

    def _ours(self, state: WatchState[S], trial: Trial) -> bool:
        """Whether a measurement was asked for here and not by the inner search."""
        second = trial.split is Split.SEARCH
        return trial.split is Split.CANARY or (second and any(_in(one, trial) for one in state.held))

    def _pass_on(
        self, state: WatchState[S], k: int, work: Work, result: Result
    ) -> tuple[WatchState[S], tuple[Note, ...]]:
        inner, notes = self.inner.admit(state.inner, k, work, result)
        state = replace(state, inner=inner)
        for note in notes:
            if note.kind in ("champion", AWAITS):
                state = self._shown(state, note.data["candidate"], work)
        return self._heard(state, notes)

    def _shown(self, state: WatchState[S], id: CandidateId, work: Work) -> WatchState[S]:
        """Show canaries to a candidate that has not seen them; they are counted as what made it stand out."""
        if not self.canaries or id in state.shown:
            return state
        trial = work.trial if isinstance(work, Measure) else work.then if isinstance(work, Propose) else None
        each = trial is not None and trial.each
        canary = Trial(Split.CANARY, tuple(range(self.canaries)), candidate=id, each=each)
        return replace(state, due=(*state.due, Measure(canary)), shown=(*state.shown, id))

    def _heard(self, state: WatchState[S], notes: tuple[Note, ...]) -> tuple[WatchState[S], tuple[Note, ...]]:
        """Listen to what the inner search says of its contests."""
        for note in notes:
            if note.kind == "contest":
                gap, told = state.gap.heard(note.data)
                state = replace(state, gap=gap)
                notes = (*notes, Note(GAP_ALARM, told, note.data)) if told else notes
        return state, notes

    def _accepted(
        self, state: WatchState[S], k: int, work: Propose, result: Result, score: float
    ) -> tuple[WatchState[S], tuple[Note, ...]]:
        """An ordinary score; a new best is shown canaries."""
        id = _id(result)
        assert id is not None
        if state.jumps.best is None or score > state.jumps.best:
            state = self._shown(replace(state, best=id), id, work)
        return self._pass_on(replace(state, jumps=state.jumps.took(score, self.settings)), k, work, result)

    # -- holding -------------------------------------------------------------------------------------------------

    def _hold(
        self, state: WatchState[S], k: int, work: Propose, result: Result, why: str
    ) -> tuple[WatchState[S], tuple[Note, ...]]:
        """Measure candidate and best so far on a second draw before anything is made of it."""
        score = _score(result)
        assert state.best is not None and state.jumps.best is not None and work.then is not None and score is not None
        held = Held(k, work, result, why, reference=state.best, gain=score - state.jumps.best)
        trial = replace(work.then, draw=work.then.draw + SECOND_DRAW, floors=())
        due = tuple(Measure(replace(trial, candidate=id)) for id in (held.id, held.reference))
        kept = (*state.held, held)[-HELD_KEPT:]
        data = {"candidate": held.id, "reference": held.reference, "gain": held.gain}
        note = Note(HELD, f"{held.id} is held: {why}; it is measured again on a second draw", data)
        return replace(state, held=kept, due=(*state.due, *due)), (note,)

    def _second_look(
        self, state: WatchState[S], trial: Trial, result: Result
    ) -> tuple[WatchState[S], tuple[Note, ...]]:
        notes: tuple[Note, ...] = ()
        score = _score(result)
        for one in state.held if trial.split is Split.SEARCH else ():
            if one.settled or not _in(one, trial):
                continue
            assert trial.candidate is not None
            seen = replace(one, seen=(*one.seen, trial.candidate))
            seen = replace(seen, mine=score) if trial.candidate == one.id else replace(seen, theirs=score)
            state = _with_held(state, seen)
            if {one.id, one.reference} <= set(seen.seen):
                state, more = self._settle(state, seen)
                notes = (*notes, *more)
        return state, notes

    def _settle(self, state: WatchState[S], held: Held) -> tuple[WatchState[S], tuple[Note, ...]]:
        """Both have been seen twice: release, or keep."""
        shown = None if held.mine is None or held.theirs is None else held.mine - held.theirs
        if held.mine is not None and held.theirs is None:  # the reference fails where the candidate does not
            shown = held.gain
        data = {"candidate": held.id, "gain": held.gain, "shown": shown}
        if shown is not None and shown >= SHARE_SHOWN * held.gain:
            told = f"{held.id} is released: a second draw shows a gain of {shown:.3g} where {held.gain:.3g} was claimed"
            state, notes = self._release(state, held)
            return state, (Note(RELEASED, told, data), *notes)
        found = "no score" if shown is None else f"a gain of {shown:.3g}"
        told = f"{held.id} stays held: a second draw shows {found} where {held.gain:.3g} was claimed"
        return _with_held(state, replace(held, settled=True)), (Note(HELD, told, data),)

    def _release(self, state: WatchState[S], held: Held) -> tuple[WatchState[S], tuple[Note, ...]]:
        """Hand the result to the inner search, as if it had arrived now."""
        state = replace(state, held=tuple(one for one in state.held if one.id != held.id))
        if held.id in state.frozen or _touches(held.work, state.frozen):
            return self._pass_on(state, held.k, held.work, _violation(held.result))
        score = _score(held.result)
        assert score is not None
        return self._accepted(state, held.k, held.work, held.result, score)

    def release(self, state: WatchState[S], id: CandidateId) -> tuple[WatchState[S], tuple[Note, ...]]:
        """A person's word: let a held candidate go on. Raises KeyError for one that is not held."""
        for held in state.held:
            if held.id == id:
                state = replace(state, due=tuple(one for one in state.due if not _in(held, one.trial)))
                state, notes = self._release(state, held)
                return state, (Note(RELEASED, f"{id} is released by hand", {"candidate": id}), *notes)
        raise KeyError(id)

    # -- models' money -------------------------------------------------------------------------------------------

    def without_paid_work(self, state: WatchState[S]) -> WatchState[S] | None:
        """The inner search's word on going on without models; None where it has none."""
        ask = getattr(self.inner, "without_paid_work", None)
        inner = ask(state.inner) if ask is not None else None
        return None if inner is None else replace(state, inner=inner)

    def with_paid_work(self, state: WatchState[S]) -> WatchState[S]:
        """There is a new budget."""
        tell = getattr(self.inner, "with_paid_work", None)
        return state if tell is None else replace(state, inner=tell(state.inner))

    # -- freezing ------------------------------------------------------------------------------------------------

    def _freeze(
        self, state: WatchState[S], k: int, work: Work, result: Result, id: CandidateId | None, hit: str
    ) -> tuple[WatchState[S], tuple[Note, ...]]:
        """A hit: the candidate and all that come from it are taken out of the search, and of the championship."""
        hits = frozenset() if id is None else state.lineage.descendants((id,))
        state, notes = self._pass_on(state, k, work, _violation(result)) if isinstance(work, Propose) else (state, ())
        data = {"candidate": id, "frozen": len(hits), "ids": sorted(hits)[:HELD_KEPT]}
        told = f"{id} {hit}: it and its descendants ({len(hits)} in all) are frozen"
        state = replace(
            state,
            frozen=tuple(sorted({*state.frozen, *hits})),
            held=tuple(one for one in state.held if one.id not in hits),
            due=tuple(one for one in state.due if one.trial.candidate not in hits),
        )
        inner, more = self.inner.evict(state.inner, hits)
        state = self._without_best(replace(state, inner=inner), hits)
        state, more = self._heard(state, more)
        return state, (Note(HIT, told, data), *notes, *more)

    def _without_best(self, state: WatchState[S], hits: frozenset[CandidateId]) -> WatchState[S]:
        """Improvements are measured from the next one on, where the best so far was a cheat."""
        if state.best not in hits:
            return state
        return replace(state, best=None, jumps=replace(state.jumps, best=None))


def _hit(outcome: Outcome) -> str:
    """What proves a cheat, as the end of a sentence; "" for nothing."""
    if outcome.flags:
        return f"did what no honest program does ({', '.join(outcome.flags)})"
    if outcome.trial.split is Split.CANARY and outcome.score is not None:
        return "got a score on an instance that has no good answer"
    return ""


def _touches(work: Work, frozen: tuple[CandidateId, ...]) -> bool:
    if not frozen:
        return False
    if isinstance(work, Propose):
        return not set(frozen).isdisjoint((*work.parents, *work.inspirations))
    return isinstance(work, Measure) and work.trial.candidate in frozen


def _in(held: Held, trial: Trial) -> bool:
    """Whether a trial is one of the two that decide about a held candidate."""
    then = held.work.then
    assert then is not None
    same = (trial.split, trial.instances, trial.draw) == (then.split, then.instances, then.draw + SECOND_DRAW)
    return same and trial.candidate in (held.id, held.reference)


def _draw(work: Propose) -> int:
    return work.then.draw if work.then is not None else 0


def _anew(state: WatchState[Any], trial: Trial, result: Result) -> WatchState[Any]:
    """After a search measured a program on search instances: later ones than before begin a new history of bests."""
    score = _score(result)
    if trial.split is not Split.SEARCH or trial.draw < state.draw or score is None:
        return state
    if trial.draw > state.draw:
        state = replace(state, draw=trial.draw, best=None, jumps=replace(state.jumps, best=None, first=None))
    if state.jumps.best is not None and score <= state.jumps.best:
        return state
    first = score if state.jumps.first is None else state.jumps.first
    return replace(state, best=trial.candidate, jumps=replace(state.jumps, best=score, first=first))


def _id(result: Result) -> CandidateId | None:
    return None if result.candidate is None else result.candidate.id


def _score(result: Result) -> float | None:
    return result.outcome.score if result.outcome is not None and result.status is Status.OK else None


def _violation(result: Result) -> Result:
    """The same result, worth nothing."""
    outcome = result.outcome
    if outcome is not None:
        outcome = replace(outcome, status=Status.VIOLATION, score=None)
    return replace(result, status=Status.VIOLATION, outcome=outcome, reason="its lineage is frozen")


def _with_birth(state: WatchState[Any], result: Result) -> WatchState[Any]:
    candidate = result.candidate
    if candidate is None or result.status is Status.REJECTED:
        return state
    lineage = state.lineage.born(candidate.id, candidate.parents)
    frozen = state.frozen
    if frozen and not set(frozen).isdisjoint(candidate.parents):
        frozen = (*frozen, candidate.id)
    return replace(state, lineage=lineage, frozen=frozen)


def _with_held(state: WatchState[Any], held: Held) -> WatchState[Any]:
    return replace(state, held=tuple(held if one.id == held.id else one for one in state.held))
