"""Numbers a judge might believe or forgive: claimed scores, slack at a limit, a range that lets anything through."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from shoal.testing._judge_bench import Bench, Look, Seen
from shoal.testing._judge_findings import Finding, Level, Remark, beyond_range, fault_of, gathered
from shoal.testing._judge_source import Source

__all__ = ["check_cheap", "check_claimed", "check_growth", "check_range", "check_tolerance"]

STEPS = (1e-11, 1e-9, 1e-7, 1e-5, 1e-3, 1e-1)  # by how much an answer is stretched; below, rounding rules
WIDE = 1e6


async def check_claimed(bench: Bench) -> list[Finding]:
    """Numbers that stand by themselves in an answer, exchanged: does the score follow what the program says?"""
    remarks, tried = [], 0
    for look in bench.looks:
        for part in look.scalars or ((None,) if look.type in ("int", "float") else ()):
            seen = await bench.run_all(
                bench.programs.twisted("told", {"part": part, "new": new}, look) for new in _new(bench)
            )
            tried += sum(not one.unfit for one in seen)
            if text := _follows(bench, seen, part):
                name = f"part {part!r} of {look.entry}'s answer" if part is not None else f"{look.entry}'s answer"
                remarks.append(Remark("wrong" if "is the number" in text else "weak", name, text))
    mend = "compute the score from the rest of the answer; leave out what the program says of itself"
    return gathered("claimed numbers", remarks, tried=tried, mend=mend, fine=f"{tried} claims: none is believed")


def _new(bench: Bench) -> list[float]:
    """Numbers from the honest score towards the best end of the range; whole ones, as an integer must be, too."""
    assert bench.honest.score is not None
    start, end = bench.honest.score, bench.best_end
    return [bench.natural(float(round(start + share * (end - start)))) for share in (0.4, 0.7)] + [
        bench.natural(start + share * (end - start)) for share in (0.55, 0.85, 1.0)
    ]


def _follows(bench: Bench, seen: list[Seen], part: Any) -> str:
    told = [(new, one) for new, one in zip(_new(bench), seen, strict=True) if one.score is not None]
    exact = [new for new, one in told if one.value == new and new != bench.honest.value]
    if len(set(exact)) >= 2:
        return f"the score is the number that the program reports ({', '.join(f'{new:.6g}' for new in exact[:2])})"
    rising = sorted({(bench.setting.sign * new, one.score) for new, one in told if one.score is not None})
    scores = [score for _, score in rising]
    assert bench.honest.score is not None
    if (
        part is not None
        and len(rising) >= 3
        and all(a < b for a, b in zip([bench.honest.score, *scores], scores, strict=False))
    ):
        return "the score rises with a number that stands by itself, all the way to the end of the range"
    return ""


# -- size ------------------------------------------------------------------------------------------------------------


async def check_growth(bench: Bench) -> list[Finding]:
    """Answers, and single numbers, made larger and larger: none may score better the further it goes."""
    remarks, tried = [], 0
    for look in bench.looks:
        for name, twists in _series(look):
            seen = await bench.run_all(bench.programs.twisted(twist, options, look) for twist, options in twists)
            tried += sum(not one.unfit for one in seen)
            remarks += [Remark(*_of_fault(one, name)) for one in seen if one.fault]
            scores = [math.inf if beyond_range(bench, one) else one.score for one in seen]
            if _grows(bench, scores):
                told = ", ".join(f"{bench.natural(one):.3g}" for one in scores if one is not None)
                remarks.append(Remark("weak", name, f"score better the further they go ({told})"))
    mend = "bound the entries (low and high in [[answer]]): what grows without end is found by a search"
    return gathered(
        "growth", remarks, tried=tried, mend=mend, fine=f"{tried} answers of growing size: none gains by it"
    )


def _series(look: Look) -> list[tuple[str, list[tuple[str, dict[str, Any]]]]]:
    """Names, and for each some twists of growing size."""
    found = []
    for part in (None, *look.parts):
        what = "larger answers" if part is None else f"larger parts {part!r}"
        powers = [2.0**power for power in (4, 10, 20, 40)]
        found.append((what, [("scaled", {"by": by, "part": part}) for by in powers]))
        for at, whose in ((None, "negative answers"), (0.0, "negative first numbers"), (1.0, "negative last numbers")):
            found.append((whose, [("negated", {"at": at, "by": by, "part": part}) for by in powers]))
        for at, whose in ((0.0, "larger first numbers"), (1.0, "larger last numbers")):
            found.append((whose, [("negated", {"at": at, "by": -by, "part": part}) for by in powers]))
    return found


def _grows(bench: Bench, scores: list[float | None]) -> bool:
    assert bench.honest.score is not None
    if bench.task.measured or len(scores) < 2 or scores[-1] is None or scores[-1] <= bench.honest.score:
        return False
    some = [one for one in scores if one is not None and one < math.inf]
    return all(b - a > 1e-6 * abs(b) for a, b in pairwise(some)) and (len(some) > 1 or math.inf in scores)


def _of_fault(seen: Seen, name: str) -> tuple[Level, str, str]:
    level, text = fault_of(seen)
    return level, name, text


async def check_cheap(bench: Bench) -> list[Finding]:
    """Well-formed answers that took no work and beat the first program: a word to the author, no fault of the judge."""
    if not bench.cheap or all(look.flat for look in bench.looks):  # one constant against another: chance
        return []
    name, best = max(bench.cheap, key=lambda one: one[1].score or 0.0)
    text = (
        f"{len(bench.cheap)} answers that take no work beat the first program, the best with {best.value:.6g} ({name})"
    )
    mend = "nothing, if the first program is meant to be poor; else look at what these answers have in common"
    return [Finding("cheap answers", "note", text, mend)]


# -- slack ------------------------------------------------------------------------------------------------------------


async def check_tolerance(bench: Bench) -> list[Finding]:
    """Stretch the answer by little and by much: what is refused by much and rewarded by little lies beyond a limit."""
    slack = [text for look in bench.looks for text in await _slack(bench, look)]
    source = Source.of(bench.task.judge)
    shown = f" (in judge.py: {'; '.join(source.tolerances[:3])})" if source.tolerances else ""
    mend = "decide limits exactly, or well inside what you report: a search lives on what is forgiven"
    if slack:
        level: Level = "weak" if source.tolerances else "note"
        doubt = "" if source.tolerances else "; either the first program leaves so much room, or the judge forgives it"
        return [Finding("tolerance", level, f"{slack[0]}{shown}{doubt}", mend)]
    if source.tolerances:
        return [Finding("tolerance", "note", f"the judge forgives small differences{shown}", mend)]
    return [Finding("tolerance", "ok", "no answer gains by lying a little beyond a limit")]


async def _slack(bench: Bench, look: Look) -> list[str]:
    found = []
    for part in (None, *look.parts):
        for sign in (1.0, -1.0):
            factors = [1.0 + sign * step for step in STEPS]
            seen = await bench.run_all(
                bench.programs.twisted("scaled", {"by": by, "part": part}, look) for by in factors
            )
            if text := _forgiven(bench, seen, part, sign):
                found.append(text)
    return found


def _forgiven(bench: Bench, seen: list[Seen], part: Any, sign: float) -> str:
    """Rewarded up to some step and refused from a later one on."""
    assert bench.honest.score is not None
    gains = [k for k, one in enumerate(seen) if one.score is not None and one.score > bench.honest.score]
    refused = [k for k, one in enumerate(seen) if one.status == "wrong" and not one.feedback.startswith("the score ")]
    if bench.task.measured or not gains or not refused or max(gains) > min(refused):
        return ""
    what = "the answer" if part is None else f"part {part!r}"
    step, beyond = STEPS[max(gains)] * sign, STEPS[min(refused)] * sign
    return f"{what} times 1{step:+g} scores better than the honest answer, times 1{beyond:+g} it is refused"


# -- range ------------------------------------------------------------------------------------------------------------


async def check_range(bench: Bench) -> list[Finding]:
    """How far the range reaches beyond anything known: what a forged score has to pass."""
    assert bench.honest.score is not None
    score, honest = bench.task.score, bench.honest
    values = [abs(one) for one in (honest.value, score.best_known, score.baseline) if one is not None]
    scale = max([*values, *(abs(one - (honest.value or 0.0)) for one in values)]) or 1.0
    room = bench.best_end - bench.honest.score
    end = bench.natural(bench.best_end)
    found = []
    if room >= WIDE * scale:
        text = f"score.range reaches to {end:g}, {room / scale:.0e} times the size of the scores known"
        found.append(Finding("range", "note", text, "make the better end of score.range the best that can be"))
    known = bench.best_known
    if known is not None and bench.honest.score > known:
        text = f"the first program scores {honest.value:.6g}, better than best_known = {score.best_known:.6g}"
        found.append(Finding("range", "note", text, "correct best_known, or look for what the judge overlooks"))
    spread = await bench.run_all([bench.programs.honest], instances=(0, 1)) if not bench.task.instances.fixed else []
    found += [Finding("range", *fault_of(one), "yield instances without end") for one in spread if one.fault]
    return found or [Finding("range", "ok", f"the better end of score.range, {end:g}, is near what is known")]
