"""What lessons are made of: how the last tries of each arm went, counted; and when they are asked for.

An arm is a model with a kind of request ("tiny/diff"), or a kind of embedded edit ("numbers", "structure",
"templates"). A try comes to one verdict: "improved", "no gain", "stopped", "duplicate", "alike" (nearly the same as a
program of its island), "unusable" (no candidate could be made of it), "unanswered" (the model was silent), "refused"
(by a guard), or the status of its failure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from shoal.core.canonical import plain
from shoal.core.untrusted import untrusted
from shoal.core.values import Ask, CandidateId, Counted, Note, Propose, Result, Status
from shoal.search import _lessons
from shoal.search._archive import best_of
from shoal.search._lessons import Lesson
from shoal.search._model_arms import MODELS, PROPOSER, kind_of

if TYPE_CHECKING:
    from shoal.search._island_state import IslandState, Settings

__all__ = ["ALIKE", "DUPLICATE", "FAILURES", "IMPROVED", "NO_GAIN", "REFUSED", "SERVICE", "UNANSWERED", "UNUSABLE"]
__all__ += ["Memory", "answered", "due", "evict", "facts", "learnt", "only_counted"]

SERVICE = LESSONS = "lessons"  # the service that is asked; the kind of note when they change
IMPROVED, NO_GAIN, DUPLICATE, ALIKE = "improved", "no gain", "duplicate", "alike"
UNUSABLE, UNANSWERED, REFUSED = "unusable", "unanswered", "refused"
FAILURES = tuple(str(one) for one in (Status.CRASH, Status.WRONG, Status.TIMEOUT, Status.MEMORY, Status.VIOLATION))
PER_ARM = 120  # tries of an arm that are remembered
MOST_ARMS = 10  # that lessons are asked about, those with the most tries
RECENT = 20  # candidates that a model is shown
BESTS = 3
WHY = 160  # characters of a failure's reason, ASCII: a question is an event, and events are small
ERRORS = 3  # kinds of errors that are counted out
EXAMPLES = 4


@dataclass(frozen=True, slots=True)
class Seen:
    """One try. ``id`` is the candidate's, or "k" and the number of an item that none came of."""

    id: str
    verdict: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Best:
    """A new best of the run: over whom, by how much (higher is better), and how many parts and numbers it has more."""

    id: CandidateId
    parent: CandidateId
    arm: str
    gain: float
    size: int
    literals: int


@dataclass(frozen=True, slots=True)
class Memory:
    """The lessons, and what the next ones are made of. Its size does not grow with the run.

    ``since`` counts candidates since lessons were asked for, ``stale`` those since the last new best; ``void``: the
    answer in flight rests on a cheat; ``by_model``: the model that is to write lessons may be asked.
    """

    lessons: tuple[Lesson, ...] = ()
    arms: tuple[tuple[str, tuple[Seen, ...]], ...] = ()
    recent: tuple[tuple[str, Seen], ...] = ()
    bests: tuple[Best, ...] = ()
    tries: int = 0
    since: int = 0
    stale: int = 0
    waiting: bool = False
    void: bool = False
    by_model: bool = True


def due(state: IslandState, settings: Settings, most: Counted) -> tuple[IslandState, Ask] | None:
    """The question for lessons, where it is time for it; ``most`` is what the model that writes them may cost."""
    memory = state.lessons
    if not _wanted(settings) or not state.paid or memory.waiting or memory.since < settings.lessons_every:
        return None
    told = facts(memory, every=settings.lessons_every)
    asks = settings.lessons_by is not None and memory.by_model
    if asks:
        recent = [{"arm": arm, **plain(seen)} for arm, seen in memory.recent]
        said = [one for one in memory.lessons if one.by != _lessons.COUNTED]
        known = [{"claim": one.claim, "evidence": list(one.evidence)} for one in said]
        told |= {"model": settings.lessons_by, "recent": recent, "known": known}
    state = replace(state, lessons=replace(memory, since=0, waiting=True))
    return state, Ask(SERVICE, told, most if asks else Counted())


def facts(memory: Memory, *, every: int) -> dict[str, Any]:
    """What is counted, as JSON; every list newest last."""
    return {
        "tries": memory.tries,
        "every": every,
        "stale": memory.stale,
        "bests": [plain(one) for one in memory.bests],
        "arms": [_counted(arm, seen) for arm, seen in sorted(memory.arms, key=lambda one: -len(one[1]))[:MOST_ARMS]],
        "errors": _errors(memory),
    }


def _counted(arm: str, seen: tuple[Seen, ...]) -> dict[str, Any]:
    """One arm: tries, and for each verdict how many, the last of them, and the reason given most often."""
    verdicts = {}
    for verdict in dict.fromkeys(one.verdict for one in seen):
        those = [one for one in seen if one.verdict == verdict]
        why = _most_said(those)
        verdicts[verdict] = {"count": len(those), "ids": [one.id for one in those][-EXAMPLES:], **why}
    return {"arm": arm, "tries": len(seen), "verdicts": verdicts}


def _most_said(those: Iterable[Seen]) -> dict[str, Any]:
    """The reason given most often, in its last wording, and how often it was."""
    reasons = [(_kind(one.why), one.why) for one in those if one.why]
    if not reasons:
        return {}
    kind, count = Counter(kind for kind, _ in reasons).most_common(1)[0]
    return {"why": [why for one, why in reasons if one == kind][-1], "times": count}


def _errors(memory: Memory) -> list[dict[str, Any]]:
    """The errors that came most often, whoever made them."""
    failed = [one for _, seen in memory.arms for one in seen if one.why and one.verdict in FAILURES]
    kinds = Counter(_kind(one.why) for one in failed)
    found = []
    for kind, count in kinds.most_common(ERRORS):
        those = [one for one in failed if _kind(one.why) == kind]
        found.append({"why": those[-1].why, "count": count, "ids": [one.id for one in those][-EXAMPLES:]})
    return found


def _kind(why: str) -> str:
    """Errors that differ only in their numbers are of one kind."""
    return re.sub(r"\d+(?:\.\d+)?", "#", why)


def learnt(
    before: IslandState, after: IslandState, k: int, work: Propose, result: Result, settings: Settings
) -> tuple[IslandState, tuple[Note, ...]]:
    """The state ``after`` a proposal was admitted, with what it says about the lessons."""
    late = work.then is not None and work.then.draw != before.redraw.draw
    frozen = k < 0 or (result.status is Status.VIOLATION and result.reason)  # of a lineage: nobody's mistake
    if not _wanted(settings) or late or frozen:
        return after, ()
    improved = sum(one.improved for one in after.kinds) > sum(one.improved for one in before.kinds)
    arm, seen = arm_of(work), _seen(k, work, result, improved=improved)
    best = _new_best(before, after, arm, work, result) if improved else None
    memory = _remembered(after.lessons, arm, seen, best, shown=improved or work.proposer == PROPOSER)
    events = (seen.verdict, _lessons.BEST) if best is not None else (seen.verdict,)
    lessons = _lessons.tried(memory.lessons, arm, events, tries=memory.tries)
    notes = _note(memory.lessons, lessons, tries=memory.tries)
    return replace(after, lessons=replace(memory, lessons=lessons)), notes


def answered(state: IslandState, result: Result, settings: Settings) -> tuple[IslandState, tuple[Note, ...]]:
    """The lessons of an answer are taken up."""
    memory = state.lessons
    found: list[Any] = [] if memory.void else result.answer["lessons"]
    expires = memory.tries + _lessons.LASTS * settings.lessons_every
    new = [_lessons.read(one, expires=expires) for one in found]
    lessons = _lessons.taken(memory.lessons, new, tries=memory.tries)
    notes = _note(memory.lessons, lessons, tries=memory.tries, new=bool(new))
    return replace(state, lessons=replace(memory, lessons=lessons, waiting=False, void=False)), notes


def evict(memory: Memory, ids: Collection[CandidateId]) -> Memory:
    """Forget cheats, and what was learnt from them."""
    return replace(
        memory,
        lessons=_lessons.evict(memory.lessons, ids),
        arms=tuple((arm, tuple(one for one in seen if one.id not in ids)) for arm, seen in memory.arms),
        recent=tuple((arm, one) for arm, one in memory.recent if one.id not in ids),
        bests=tuple(one for one in memory.bests if one.id not in ids and one.parent not in ids),
        void=memory.waiting,
    )


def only_counted(state: IslandState, settings: Settings) -> IslandState | None:
    """Lessons by counting from now on; None where that is so already."""
    if settings.lessons_by is None or not settings.lessons_every or not state.lessons.by_model:
        return None
    return replace(state, lessons=replace(state.lessons, by_model=False))


def arm_of(work: Propose) -> str:
    """The arm that a try counts for: a model with the request it was really given, or the kind of an edit."""
    told = work.payload
    if work.proposer == PROPOSER:
        return f"{told['model']}/{told['task']}"
    kind = "numbers" if "burst" in told else kind_of(told.get("after", told["operator"]))
    return kind if kind != MODELS else "numbers"  # sizes of a new number, after a model brought it


def _wanted(settings: Settings) -> bool:
    return bool(settings.models and settings.lessons_every)


def _seen(k: int, work: Propose, result: Result, *, improved: bool) -> Seen:
    candidate = result.candidate
    id = candidate.id if candidate is not None and result.status is not Status.REJECTED else f"k{k}"
    why = result.outcome.feedback if result.outcome is not None else result.reason
    verdict = IMPROVED if improved else _verdict(work, result)
    if verdict not in (UNUSABLE, REFUSED, *FAILURES):
        return Seen(id, verdict)
    first = untrusted(why.strip().partition("\n")[0], limit=WHY)
    return Seen(id, verdict, first.encode("ascii", "backslashreplace").decode()[:WHY])


def _verdict(work: Propose, result: Result) -> str:
    if result.status is Status.REJECTED:
        if result.cached:
            return DUPLICATE
        if result.details is None:
            return UNANSWERED if work.proposer == PROPOSER else UNUSABLE
        if "like" in result.details:
            return ALIKE
        return UNUSABLE if "retry" in result.details else REFUSED
    return NO_GAIN if result.status is Status.OK else str(result.status)


def _new_best(before: IslandState, after: IslandState, arm: str, work: Propose, result: Result) -> Best | None:
    """The candidate as a new best of all islands, where it is one."""
    old, new = best_of(before.islands), best_of(after.islands)
    if result.candidate is None or old is None or new is None or new.id != result.candidate.id:
        return None
    parent = before.islands[work.payload["island"]].find(work.parents[0]) or old
    gain = new.score - parent.score
    return Best(new.id, work.parents[0], arm, gain, new.size - parent.size, new.literals - parent.literals)


def _remembered(memory: Memory, arm: str, seen: Seen, best: Best | None, *, shown: bool) -> Memory:
    arms = dict(memory.arms)
    arms[arm] = (*arms.get(arm, ()), seen)[-PER_ARM:]
    return replace(
        memory,
        arms=tuple(arms.items()),
        recent=(*memory.recent, (arm, seen))[-RECENT:] if shown else memory.recent,
        bests=memory.bests if best is None else (*memory.bests, best)[-BESTS:],
        tries=memory.tries + 1,
        since=memory.since + 1,
        stale=0 if best is not None else memory.stale + 1,
    )


def _note(before: tuple[Lesson, ...], after: tuple[Lesson, ...], *, tries: int, new: bool = False) -> tuple[Note, ...]:
    """For the record, where lessons came, were said again, or went."""
    claims = [{one.claim for one in some} for some in (before, after)]
    if not new and claims[0] == claims[1]:
        return ()
    first = f", the surest: {after[0].claim}" if after else ""
    told = f"{len(after)} lessons after {tries} candidates{first}"
    return (Note(LESSONS, told, {"lessons": [plain(one) for one in after]}),)
