"""The lessons of a run: what the search has counted, in sentences; and, where a model is named, what it makes of it.

Counting needs no model and costs nothing. Every number in a sentence was counted by the search, and the lines that a
new best changed are read from its program; whatever else programs, judges and models wrote is cleaned and cut.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from shoal.core.canonical import plain
from shoal.core.untrusted import untrusted
from shoal.core.values import Answer, CandidateId, Counted, Json, Source
from shoal.propose._lessons_asked import lessons_of, request
from shoal.propose._model import ModelProposer
from shoal.propose._prompt import Assignment, TooLongError, fresh_word
from shoal.search._lessons import BEST, CLAIM, COUNTED, EVIDENCE, MOST, Prediction
from shoal.search._lessons_seen import ALIKE, DUPLICATE, FAILURES, IMPROVED, NO_GAIN, REFUSED, UNUSABLE

__all__ = ["LessonsService", "changes", "counted", "first_question"]

LEAST = 8  # tries, below which nothing is said of an arm
SURE = 0.85  # least confidence of what is said of an arm
FAILS = 0.25  # least share of failures that is worth a sentence
USUAL_FAILURES = 0.1
USUALLY_STOPPED = 0.5
REPEATED = 3  # times that an error is seen, before it is a lesson
STALE = 2  # times the candidates between two askings without a new best
PLAIN_FACT = 0.9  # confidence of what was seen and predicts nothing
LINE_CHARACTERS = 60
LINES = 2  # of each kind that a new best brought or lost

_ARMS = {
    "numbers": "changes of numbers alone",
    "structure": "small embedded edits of structure",
    "templates": "templates put around a value",
}
_TASKS = {"diff": "diffs", "full": "whole programs", "cross": "combinations", "repair": "repairs"}
_FAILED = {
    UNUSABLE: "could not be applied",
    DUPLICATE: "were programs that had been tried already",
    ALIKE: "were nearly the same as a program that was there",
    REFUSED: "changed what may not change",
    "stopped": "fell so far behind that they were not measured to the end",
    "crash": "crashed",
    "wrong": "gave answers that the judge refused",
    "timeout": "ran out of time",
    "memory": "ran out of memory",
    "violation": "tried what is forbidden",
}


class LessonsService:
    """Answers the search's facts with {"lessons": [...]}, see `shoal.search._lessons.read`.

    Where the payload names a model, that is asked too, as a proposer's would be; "unused" then says why its answer
    brought nothing, if so.
    """

    def __init__(self, models: ModelProposer) -> None:
        self.models = models

    async def answer(
        self, payload: Json, sources: Callable[[CandidateId], Source], rng: np.random.Generator, *, k: int
    ) -> Answer:
        """See the class. It costs what the model is paid, whatever its answer is good for."""
        files = self.models.assignment.files
        found = counted(payload, lambda id, parent: changes(sources(parent), sources(id), files))
        if "model" not in payload:
            return Answer({"lessons": found})
        more, unused, spent = await self._said(payload, sources, found, nonce=fresh_word(rng), k=k)
        return Answer({"lessons": [*found, *more]} | ({"unused": unused} if unused else {}), counted=spent)

    async def _said(
        self,
        payload: Json,
        sources: Callable[[CandidateId], Source],
        found: list[dict[str, Any]],
        *,
        nonce: str,
        k: int,
    ) -> tuple[list[dict[str, Any]], str, Counted]:
        """What the model says: its lessons, why there are none, and the cost."""
        member, told = self.models.pool[payload["model"]], self.models.assignment
        counts = [one["claim"] for one in found]

        def compose(most: int) -> list[dict[str, str]]:
            return request(told, payload, sources, counts=counts, change=changes, nonce=nonce, most=most)

        try:
            said = await self.models.calls.answer(k, member, compose)
        except TooLongError as error:
            return [], str(error), Counted()
        if said.text is None:
            return [], said.failed, said.counted
        lessons, unused = lessons_of(said.text, payload, by=member.name)
        return lessons, unused, said.counted


def first_question(assignment: Assignment, source: Source, *, nonce: str, most: int) -> list[dict[str, str]]:
    """What a model would be asked for lessons about the program that a run starts from."""
    first = {"id": "c0", "arm": "initial", "verdict": NO_GAIN, "why": ""}
    facts = {"recent": [first], "known": [], "arms": []}
    return request(assignment, facts, lambda _: source, counts=(), change=changes, nonce=nonce, most=most)


def counted(facts: Json, changed: Callable[[CandidateId, CandidateId], str]) -> list[dict[str, Any]]:
    """The lessons that follow from the counts alone; ``changed`` says what a candidate changed of its parent."""
    found = (*_bests(facts, changed), *_standstill(facts), *_gains(facts), *_failures(facts), *_errors(facts))
    return sorted(found, key=lambda one: -float(one["confidence"]))


def _bests(facts: Json, changed: Callable[[CandidateId, CandidateId], str]) -> Iterator[dict[str, Any]]:
    told = []
    for one in facts["bests"]:
        more = [f"{one[what]:+d} {word}" for what, word in (("size", "parts"), ("literals", "numbers")) if one[what]]
        line = changed(one["id"], one["parent"])
        told.append(
            f"{_named(one['arm'], first=False)}, gain {one['gain']:.3g}"
            + "".join(f", {part}" for part in (*more, line) if part)
        )
    if told:
        claim = f"Up to candidate {facts['tries']}, the best was last improved by, newest last: {'; '.join(told)}"
        yield _lesson("bests", claim, [one["id"] for one in facts["bests"]], PLAIN_FACT)


def _standstill(facts: Json) -> Iterator[dict[str, Any]]:
    if facts["stale"] < STALE * facts["every"]:
        return
    claim = f"Nothing improved the best program in the last {facts['stale']} candidates, whatever was tried"
    last = [one["id"] for one in facts["bests"]][-1:]
    never = Prediction("", BEST, 0.0, 1.0 / (facts["stale"] + 1))
    yield _lesson("standstill", claim, last, PLAIN_FACT, never)


def _gains(facts: Json) -> Iterator[dict[str, Any]]:
    """Arms that improve programs more often, or less often, than all work together does."""
    tries = sum(one["tries"] for one in facts["arms"])
    improved = sum(_count(one, IMPROVED) for one in facts["arms"])
    for one in facts["arms"]:
        own, others = _count(one, IMPROVED), tries - one["tries"]
        if min(one["tries"], others) < LEAST:
            continue
        prediction = Prediction(one["arm"], IMPROVED, _share(own, one["tries"]), _share(improved, tries))
        claim = (
            f"{_named(one['arm'])} improved the program they began with in {own} of their last {one['tries']} tries, "
            f"everything else in {improved - own} of {others}"
        )
        verdict = IMPROVED if own else NO_GAIN
        yield from _if_sure(f"improves:{one['arm']}", claim, one, verdict, prediction)


def _failures(facts: Json) -> Iterator[dict[str, Any]]:
    """How an arm fails, where it often does; how embedded edits do concerns a model only where programs ran."""
    for one in facts["arms"]:
        asked = "/" in one["arm"]
        for verdict, words in _FAILED.items():
            count = _count(one, verdict)
            if one["tries"] < LEAST or count < FAILS * one["tries"] or not (asked or verdict in FAILURES):
                continue
            why = one["verdicts"][verdict]
            often = f", {why['times']} times for: {why['why']}" if why.get("why") else ""
            claim = f"{count} of the last {one['tries']} {_named(one['arm'], first=False)} {words}{often}"
            usual = USUALLY_STOPPED if verdict == "stopped" else USUAL_FAILURES
            prediction = Prediction(one["arm"], verdict, _share(count, one["tries"]), usual)
            if not prediction.often:
                continue
            yield from _if_sure(f"fails:{one['arm']}:{verdict}", claim, one, verdict, prediction)


def _if_sure(key: str, claim: str, arm: Json, verdict: str, prediction: Prediction) -> Iterator[dict[str, Any]]:
    sure = prediction.confidence(_count(arm, prediction.event), arm["tries"])
    if sure >= SURE:
        yield _lesson(key, claim, arm["verdicts"].get(verdict, {"ids": []})["ids"], sure, prediction)


def _errors(facts: Json) -> Iterator[dict[str, Any]]:
    for one in facts["errors"]:
        if one["count"] >= REPEATED:
            claim = f"{one['count']} of the candidates remembered failed with: {one['why']}"
            yield _lesson(f"error:{one['why']}"[:200], claim, one["ids"], one["count"] / (one["count"] + 1.0))


def _lesson(
    key: str, claim: str, evidence: list[str], confidence: float, prediction: Prediction | None = None
) -> dict[str, Any]:
    """A lesson as an answer holds it."""
    return {
        "key": key,
        "claim": untrusted(claim, limit=CLAIM),
        "evidence": evidence[-EVIDENCE:],
        "confidence": round(min(MOST, confidence), 4),
        "by": COUNTED,
        "prediction": plain(prediction),
    }


def changes(parent: Source, child: Source, files: Sequence[str]) -> str:
    """The lines that ``child`` has and ``parent`` has not, and the other way round: a few of them, on one line.

    Lines are compared as a bag, in linear time: what programs under selection write must not hold up the loop.
    """
    before, after = (Counter(line for name in files for line in _lines(one, name)) for one in (parent, child))
    signed = [("-", before - after), ("+", after - before)]
    shown = [f"{sign} {untrusted(line, limit=LINE_CHARACTERS)}" for sign, bag in signed for line in list(bag)[:LINES]]
    more = sum(max(0, bag.total() - LINES) for _, bag in signed)
    return " ".join(shown) + (f" and {more} lines more" if more else "")


def _lines(source: Source, file: str) -> list[str]:
    lines = source.files[file].decode(errors="replace").split("\n")
    return [line for one in lines if (line := one.strip())]


def _named(arm: str, *, first: bool = True) -> str:
    """An arm in words."""
    model, _, task = arm.rpartition("/")
    words = f"{_TASKS[task]} by {model}" if model else _ARMS[arm]
    return words[:1].upper() + words[1:] if first else words


def _count(arm: Mapping[str, Any], verdict: str) -> int:
    return int(arm["verdicts"].get(verdict, {"count": 0})["count"])


def _share(events: int, tries: int) -> float:
    """The share that events have, never 0 or 1 (Krichevsky and Trofimov 1981)."""
    return (events + 0.5) / (tries + 1.0)
