"""Lessons: what a run has learnt, in words for models, each with evidence, a confidence and an end.

How sure a lesson is, is a probability. A lesson may carry a `Prediction`: of later tries of an arm, this share will
come to this event, and not the usual one. Each such try multiplies the odds by how much more probable it is under the
claim than under the usual share (the likelihood ratio of Wald's sequential test, Ann. Math. Statist. 16, 1945): what
fits raises the confidence, what contradicts lowers it.

The rules: the same claim again stands longer, and is surer where it predicts nothing that results could tell; the
opposite claim takes its place; what is below `FLOOR`, or past its end, is dropped; the surest `KEPT` stay, and are
shown surest first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from shoal.core.values import CandidateId, Json

__all__ = ["BEST", "CLAIM", "COUNTED", "EVIDENCE", "KEPT", "MOST", "MOST_SAID", "Lesson", "Prediction"]
__all__ += ["evict", "lines", "read", "taken", "tried"]

KEPT = 8
FLOOR = 0.3
MOST = 0.95  # nothing that was counted on a few candidates is surer
MOST_SAID = 0.8  # a model's word
AGAIN = 0.2  # share of what is missing to certainty that the same claim again brings
ALIKE = 0.7  # shared words of two claims of a model that say the same
LASTS = 5  # times the candidates between two askings: how long a lesson stands that is not said again
CLAIM = 320  # characters
EVIDENCE = 6  # candidates or work items
COUNTED = "counted"  # who a lesson is by that needed no model
BEST = "best"  # the event that a new best of the run came


@dataclass(frozen=True, slots=True)
class Prediction:
    """Of later tries of ``arm`` ("": of any), ``share`` will be ``event``; everywhere it is ``usual``.

    ``event`` is a verdict (see `shoal.search._lessons_seen`) or `BEST`. Shares are 0 to below 1, and 0 < usual < 1; a
    share of 0 is refuted by the first event.
    """

    arm: str
    event: str
    share: float
    usual: float

    @property
    def often(self) -> bool:
        """Whether the claim is that it happens more often than usual."""
        return self.share > self.usual

    def ratio(self, happened: bool) -> float:
        """How much more probable such a try is under the claim."""
        return self.share / self.usual if happened else (1.0 - self.share) / (1.0 - self.usual)

    def confidence(self, events: int, tries: int, *, before: float = 0.5) -> float:
        """What ``before`` becomes when ``events`` of ``tries`` were so; 0 to `MOST`."""
        if events and not self.share:
            return 0.0
        odds = math.log(before / (1.0 - before)) if before else -math.inf
        odds += events * math.log(self.ratio(True)) if events else 0.0
        odds += (tries - events) * math.log(self.ratio(False)) if tries > events else 0.0
        return min(MOST, 1.0 / (1.0 + math.exp(-max(-700.0, min(700.0, odds)))))


@dataclass(frozen=True, slots=True)
class Lesson:
    """One claim. ``key`` says which claims are about the same thing; ``by`` is `COUNTED` or a model's name.

    ``evidence`` names candidates ("c12"), or work items that no candidate came of ("k12"), newest last; ``expires`` is
    the number of candidates after which it ends.
    """

    key: str
    claim: str
    evidence: tuple[str, ...]
    confidence: float
    expires: int
    by: str
    prediction: Prediction | None = None


def read(data: Mapping[str, Any], *, expires: int) -> Lesson:
    """A lesson out of a service's answer."""
    told: Json = data["prediction"]
    return Lesson(
        key=data["key"],
        claim=data["claim"],
        evidence=tuple(data["evidence"]),
        confidence=data["confidence"],
        expires=expires,
        by=data["by"],
        prediction=None if told is None else Prediction(**told),
    )


def taken(lessons: tuple[Lesson, ...], new: Iterable[Lesson], *, tries: int) -> tuple[Lesson, ...]:
    """The lessons with new ones among them, after ``tries`` candidates."""
    kept = list(lessons)
    for one in new:
        old = next((other for other in kept if _same(one, other)), None)
        if old is None:
            kept.append(one)
        else:
            kept[kept.index(old)] = _again(old, one)
    return _best(kept, tries=tries)


def tried(lessons: tuple[Lesson, ...], arm: str, events: Collection[str], *, tries: int) -> tuple[Lesson, ...]:
    """The lessons after one more try of ``arm``, which came to ``events``."""
    return _best([_weighed(one, arm, events) for one in lessons], tries=tries)


def evict(lessons: tuple[Lesson, ...], ids: Collection[CandidateId]) -> tuple[Lesson, ...]:
    """Without what rests on candidates that turned out to be cheats."""
    return tuple(one for one in lessons if set(ids).isdisjoint(one.evidence))


def lines(lessons: Iterable[Lesson]) -> list[str]:
    """The lessons as a model is told them."""
    return [f"(confidence {one.confidence:.2f}) {one.claim}" for one in lessons]


def _weighed(lesson: Lesson, arm: str, events: Collection[str]) -> Lesson:
    told = lesson.prediction
    if told is None or told.arm not in ("", arm):
        return lesson
    return replace(lesson, confidence=told.confidence(int(told.event in events), 1, before=lesson.confidence))


def _same(one: Lesson, other: Lesson) -> bool:
    if COUNTED in (one.by, other.by):
        return one.key == other.key
    words, others = (set(re.findall(r"[a-z0-9]+", said.claim.lower())) for said in (one, other))
    return len(words & others) >= ALIKE * len(words | others)


def _again(old: Lesson, new: Lesson) -> Lesson:
    """The same claim said again: it stands longer, and is surer; the opposite one takes its place.

    What predicts something is made surer by results alone: a model cannot talk them down.
    """
    prediction = new.prediction or old.prediction
    if old.prediction and prediction and old.prediction.often != prediction.often:
        return new
    surer, said = max(old.confidence, new.confidence), new.by != COUNTED
    if prediction:
        surer = old.confidence if said else surer
    else:
        surer = min(MOST_SAID if said else MOST, surer + AGAIN * (1.0 - surer))
    evidence = tuple(dict.fromkeys((*old.evidence, *new.evidence)))[-EVIDENCE:] if said else new.evidence
    return replace(new, evidence=evidence, confidence=surer, prediction=prediction)


def _best(lessons: Iterable[Lesson], *, tries: int) -> tuple[Lesson, ...]:
    standing = [one for one in lessons if one.confidence >= FLOOR and one.expires > tries]
    return tuple(sorted(standing, key=lambda one: -one.confidence)[:KEPT])
