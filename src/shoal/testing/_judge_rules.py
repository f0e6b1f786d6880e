"""What it means that a judge gives a hostile answer a score; and how such answers are tried.

A hostile answer is a program. A rule says how bad each outcome is, by how its score compares with the honest one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shoal.core.values import Files
from shoal.testing._judge_bench import Bench, Seen
from shoal.testing._judge_findings import Finding, Level, Remark, beyond_range, fault_of, gathered, standing

__all__ = [
    "CLAIM",
    "EMPTY",
    "EMPTY_MEANT",
    "FALSE_TYPE",
    "INFINITE",
    "JUNK",
    "LENGTH",
    "LOOSE",
    "MEANT",
    "MENDS",
    "NAN",
    "ORDER",
    "PLAIN",
    "REPEATED",
    "SHAPE",
    "SIZE",
    "TRUNCATED",
    "Hostile",
    "Rule",
    "check_hostile",
]

Meaning = Level | Literal["cheap"]  # "cheap": well-formed, free of charge and better: a note, all in one place


@dataclass(frozen=True, slots=True)
class Rule:
    """What a score means. ``border``: a score that only the border of the evaluator stops says that much too."""

    worse: Meaning = "ok"
    equal: Meaning = "ok"
    better: Meaning = "weak"
    best: Meaning = "wrong"
    border: Level = "ok"


@dataclass(frozen=True, slots=True)
class Hostile:
    """One hostile program: the check it belongs to, what a reader is told that it does, and its rule."""

    check: str
    name: str
    files: Files
    rule: Rule


JUNK = Rule(worse="weak", equal="wrong", better="wrong", border="weak")
EMPTY = Rule(worse="note", equal="weak", better="wrong", border="weak")
EMPTY_MEANT = Rule(equal="note")  # declared: any length
PLAIN = Rule(better="cheap")  # a well-formed answer that costs nothing
NAN = Rule(worse="weak", equal="weak", better="wrong", border="weak")
INFINITE = Rule(worse="note", equal="weak", better="wrong", border="weak")
MEANT = Rule(better="cheap")  # declared: infinities, any length
SIZE = Rule(better="cheap", border="weak")  # whether more is better still is another check
LOOSE = Rule(worse="note", equal="note")
SHAPE = Rule(worse="weak", equal="note")
LENGTH = Rule(worse="note", equal="weak")
TRUNCATED = Rule(worse="note", equal="weak")
FALSE_TYPE = Rule(worse="weak", equal="weak", better="wrong")
CLAIM = Rule(worse="note", equal="note", better="wrong", border="weak")
ORDER = Rule(better="ok", best="note")
REPEATED = Rule(worse="weak", equal="weak")

MENDS = {
    "junk": "check the answer before anything else: declare it with [[answer]] in task.toml, or use shoal.judging",
    "not finite": "refuse NaN and infinities: [[answer]] in task.toml does, and shoal.judging.array and number",
    "huge and tiny": "bound the entries: low and high in [[answer]], or clip before they are used",
    "shape": "declare the exact shape in [[answer]], or ask for it with shoal.judging.array(shape=...)",
    "length": "ask for the exact number of rows; if any will do, say so: shape = [-1] in [[answer]]",
    "types": "take numbers only: [[answer]] in task.toml, or shoal.judging.array, which never guesses",
    "claims": "compute the score from the answer; believe no number that the program says about itself",
    "repeated rows": "permutation = true or distinct = true in [[answer]]; neither, where repeats are meant",
    "signs": "bound the entries: low in [[answer]] (low = 0.0 where nothing may be negative)",
}
OF_BYTES = "read the bytes strictly: the exact number of lines and numbers, each of them through shoal.judging.number"
_FINE = "refused, or no better than the honest answer"


async def check_hostile(bench: Bench, hostile: list[Hostile]) -> list[Finding]:
    """Run the hostile programs of one check."""
    seen = await bench.run_all(one.files for one in hostile)
    tried = [(one, got) for one, got in zip(hostile, seen, strict=True) if not got.unfit]
    remarks = [remark for one, got in tried if (remark := _remark(bench, one, got)) is not None]
    check = hostile[0].check
    mend = MENDS[check] if bench.task.kind != "command" else OF_BYTES
    return gathered(check, remarks, tried=len(tried), mend=mend, fine=f"{len(tried)} answers: {_FINE}")


def _remark(bench: Bench, hostile: Hostile, seen: Seen) -> Remark | None:
    if seen.fault:
        return Remark(*_first(fault_of(seen), hostile.name))
    if seen.score is None:
        return _at_the_border(bench, hostile, seen)
    place = standing(bench, seen)
    level: Meaning = getattr(hostile.rule, place)
    if level == "cheap":
        bench.cheap.append((hostile.name, seen))
        return None
    if level == "weak" and place == "worse" and seen.score <= bench.worst_end:
        level = "note"  # what is no answer has the worst score there is
    words = {
        "worse": "gets a score",
        "equal": "scores as well as the honest answer",
        "better": f"scores better than the honest answer ({bench.honest.value:.6g})",
        "best": f"scores beyond what is known or possible (the honest answer: {bench.honest.value:.6g})",
    }
    name = hostile.name if place == "equal" else f"{hostile.name} ({seen.value:.6g})"
    return None if level == "ok" else Remark(level, name, words[place])


def _first(judged: tuple[Level, str], name: str) -> tuple[Level, str, str]:
    return judged[0], name, judged[1]


def _at_the_border(bench: Bench, hostile: Hostile, seen: Seen) -> Remark | None:
    """A refusal that the judge had no part in: its score was not finite, or out of its range on the better side."""
    if hostile.rule.border == "ok" or not seen.feedback.startswith("the score "):
        return None
    if "not a finite number" in seen.feedback:
        words = seen.feedback.removeprefix("the score is ").partition(",")[0]
        return Remark(hostile.rule.border, hostile.name, f"makes the score {words}, which only the border stops")
    if not beyond_range(bench, seen):
        return None
    return Remark(hostile.rule.border, hostile.name, "makes a score beyond score.range, which alone stops it")
