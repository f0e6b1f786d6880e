"""Sessions that are not played as meant: broken off, or answered with whatever is at hand."""

from __future__ import annotations

from shoal.testing._judge_bench import Bench, Look, Seen
from shoal.testing._judge_findings import Finding, Level, Remark, fault_of, gathered, standing

__all__ = ["check_session"]


async def check_session(bench: Bench) -> list[Finding]:
    """A player who leaves, answers with junk from some question on, or only ever says the same."""
    if bench.task.kind != "session" or not bench.looks:
        return []
    remarks, tried = [], 0
    for look in bench.looks:
        gone = await bench.run_all(bench.programs.twisted("gone", {}, look, later=later) for later in _chances(look))
        remarks += [
            Remark("wrong", f"{look.entry} ends the program", "gets a score for an unfinished session")
            for one in gone
            if one.score is not None and not one.unfit
        ]
        junk = await bench.run_all(
            bench.programs.twisted("argument", {"place": place}, look, later=later)
            for place in ([0], [1], [0, 0])
            for later in _chances(look)
        )
        remarks += [
            Remark(
                "wrong", f"{look.entry} gives its arguments back", f"beyond what is known or possible: {one.value!r}"
            )
            for one in junk
            if one.score is not None and standing(bench, one) == "best"
        ]
        remarks += [Remark(level, f"odd answers of {look.entry}", text) for level, text in _faults([*gone, *junk])]
        tried += len(gone) + len(junk)
    mend = "check every answer of every question, and score only a session that was played to its end"
    fine = f"{tried} sessions broken off or played at random: none is rewarded"
    return gathered("session", remarks, tried=tried, mend=mend, fine=fine)


def _chances(look: Look) -> tuple[int, ...]:
    return (0, 1) if look.again else (0,)


def _faults(seen: list[Seen]) -> list[tuple[Level, str]]:
    return [fault_of(one) for one in seen if one.fault]
