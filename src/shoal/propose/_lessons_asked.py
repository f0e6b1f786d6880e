"""What a model that writes lessons is told, and what of its answer counts.

The request shows the last candidates that models made or that improved something, each with what it changed and what
came of it, between the marks of this one prompt. The answer is JSON, read strictly: a lesson without evidence that was
shown is none, an arm that was not named is none, and no model is surer than `MOST_SAID`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shoal.core.canonical import plain
from shoal.core.untrusted import untrusted
from shoal.core.values import CandidateId, Json, Source
from shoal.propose._prompt import METRICS_SHOWN, Assignment, Data, TooLongError, composed, task_told
from shoal.search._lessons import CLAIM, EVIDENCE, MOST_SAID, Prediction
from shoal.search._lessons_seen import IMPROVED

__all__ = ["lessons_of", "request"]

MOST_LESSONS = 5
LONGEST_ANSWER = 64_000  # characters
TIMES = 2.0  # a lesson that an arm helps says: that often its share of improvements is the usual one; else the inverse
FEEDBACK_CHARACTERS = 300
Change = Callable[[Source, Source, Sequence[str]], str]

_SYSTEM = """You look at a search that improves a computer program, scored by a judge you cannot see, and say what can
be learnt from its last candidates: lessons that help whoever proposes the next change. A good lesson is specific about
the program and the task, says what to do or not to do, and rests on candidates of the list."""

_NOT_PASSED_ON = "Nor do you pass it on."

_FORM = """Answer with one JSON object of this form, and nothing after it:

{{"lessons": [{{"claim": "one sentence, at most {claim} characters", "evidence": ["c12"], "confidence": 0.6, \
"arm": null, "helps": null}}]}}

At most {most} lessons, the most useful first. "evidence" has ids from the list, "confidence" is 0 to 1. Where a \
lesson says that an arm helps, or does not, write the arm's name and true or false: later results will tell. The arms \
are {arms}."""


def request(
    assignment: Assignment,
    facts: Json,
    sources: Callable[[CandidateId], Source],
    *,
    counts: Sequence[str],
    change: Change,
    nonce: str,
    most: int,
) -> list[dict[str, str]]:
    """The messages of one call, at most ``most`` bytes; the oldest candidates are left out where there is no room.

    Args:
        assignment: the task.
        facts: the search's question.
        sources: where candidates are found.
        counts: sentences that were counted already.
        change: what a program changed of another, on one line.
        nonce: a word that nothing in the run can know.
        most: bytes.

    Raises:
        TooLongError: there is no room for one candidate.
    """
    shown = [_told(assignment, one, sources, change) for one in facts["recent"]]
    while True:
        parts = _parts(assignment, facts, shown, counts, Data(nonce))
        messages, size = composed(_SYSTEM, _NOT_PASSED_ON, parts, nonce=nonce)
        if size <= most:
            return messages
        if len(shown) < 2:
            raise TooLongError(f"the question for lessons has {size:,} bytes; at most {most:,} are sent")
        shown = shown[1:]


def _parts(assignment: Assignment, facts: Json, shown: Sequence[str], counts: Sequence[str], data: Data) -> list[str]:
    parts = [
        *task_told(assignment, data),
        "# The last candidates, newest last",
        data("\n".join(shown)),
    ]
    known = [f"{one['claim']} ({', '.join(one['evidence'])})" for one in facts["known"]]
    for heading, lines in (("# What was counted", counts), ("# What was learnt before", known)):
        if lines:
            parts += [heading, data("\n".join(f"- {untrusted(one, limit=2 * CLAIM)}" for one in lines))]
    form = _FORM.format(claim=CLAIM, most=MOST_LESSONS, arms=", ".join(_arms(facts)))
    again = "Say again, in the same words, what was learnt before and still holds; leave out what was counted."
    return [*parts, "# What to do", again, form]


def _told(
    assignment: Assignment, seen: Mapping[str, Any], sources: Callable[[CandidateId], Source], change: Change
) -> str:
    """One candidate on a few lines."""
    head = f"{seen['id']} by {seen['arm']}: {seen['verdict']}"
    why = f"\n  why: {untrusted(seen['why'], limit=FEEDBACK_CHARACTERS)}" if seen["why"] else ""
    if not seen["id"].startswith("c"):
        return head + why
    source = sources(seen["id"])
    score = "" if source.score is None else f", score {assignment.sign * source.score:.8g}"
    metrics = ", ".join(
        f"{untrusted(name, limit=40)} = {value:.6g}" for name, value in list(source.metrics.items())[:METRICS_SHOWN]
    )
    parents = source.candidate.parents
    told = {
        "from": ", ".join(parents),
        "note": "" if "/" in seen["arm"] else untrusted(source.candidate.note, limit=120),
        "change": change(sources(parents[0]), source, assignment.files) if parents else "",
        "metrics": metrics,
        "feedback": untrusted(source.feedback, limit=FEEDBACK_CHARACTERS),
    }
    return head + score + "".join(f"\n  {name}: {text}" for name, text in told.items() if text) + why


def lessons_of(text: str, facts: Json, *, by: str) -> tuple[list[dict[str, Any]], str]:
    """The lessons of an answer, as `shoal.search._lessons.read` takes them; and why there are none."""
    told = _json(text)
    found = told.get("lessons") if isinstance(told, dict) else None
    if not isinstance(found, list):
        return [], 'the answer holds no JSON object with "lessons"'
    lessons = [lesson for one in found[:MOST_LESSONS] if (lesson := _lesson(one, facts, by)) is not None]
    return lessons, "" if lessons else "no lesson of the answer has a claim, a confidence and evidence from the list"


def _json(text: str) -> Any:
    """The object in an answer: the whole of it, or what stands between its first brace and its last."""
    text = text[:LONGEST_ANSWER]
    try:
        return json.loads(text[text.index("{") : text.rindex("}") + 1])
    except (ValueError, RecursionError):
        return None


def _lesson(told: Any, facts: Json, by: str) -> dict[str, Any] | None:
    if not isinstance(told, dict):
        return None
    claim, evidence, sure = told.get("claim"), told.get("evidence"), _number(told.get("confidence"))
    shown = {one["id"] for one in facts["recent"]}.union(*(one["evidence"] for one in facts["known"]))
    ids = [one for one in evidence if isinstance(one, str) and one in shown] if isinstance(evidence, list) else []
    if not isinstance(claim, str) or sure is None or not ids:
        return None
    claim = untrusted(" ".join(claim.split()), limit=CLAIM)
    words = re.findall(r"[a-z0-9]+", claim.lower())
    if not words:
        return None
    return {
        "key": f"said:{' '.join(words)}"[:200],
        "claim": claim,
        "evidence": list(dict.fromkeys(ids))[:EVIDENCE],
        "confidence": round(min(max(sure, 0.0), MOST_SAID), 4),
        "by": by,
        "prediction": plain(_prediction(told, facts)),
    }


def _number(value: Any) -> float | None:
    """A finite float, or None."""
    try:
        number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _prediction(told: Mapping[str, Any], facts: Json) -> Prediction | None:
    arm, helps = told.get("arm"), told.get("helps")
    if not isinstance(arm, str) or arm not in _arms(facts) or not isinstance(helps, bool):
        return None
    tries = sum(one["tries"] for one in facts["arms"])
    improved = sum(one["verdicts"].get(IMPROVED, {"count": 0})["count"] for one in facts["arms"])
    usual = (improved + 0.5) / (tries + 1.0)
    share = min(TIMES * usual, (1.0 + usual) / 2.0) if helps else usual / TIMES
    return Prediction(arm, IMPROVED, share, usual)


def _arms(facts: Json) -> list[str]:
    return [one["arm"] for one in facts["arms"]]
