"""Whether a judge gives the same score for the same thing: again, elsewhere, later, in other company."""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace

from shoal.core.values import Files, Measured, Outcome, Split, Trial
from shoal.testing._judge_bench import Bench, Seen
from shoal.testing._judge_exchange import answer_files, command_output
from shoal.testing._judge_findings import Finding, Level, Remark, fault_of, gathered
from shoal.testing._judge_source import Source

__all__ = ["check_clock", "check_company", "check_repeats", "check_score", "check_unsteady"]

LATE_SECONDS = 0.4


def content(outcome: Outcome | None) -> str:
    """All of an outcome that must repeat, bit for bit."""
    plain = outcome and replace(outcome, measured=Measured(), trial=Trial(Split.SEARCH, ()))
    return repr(plain)


async def check_score(bench: Bench) -> list[Finding]:
    """The first program gets a finite score on every split; further checks need the first of them."""
    counts = bench.task.instances
    numbers = {Split.SEARCH: counts.search, Split.VALIDATION: counts.validation, Split.SEALED: 1}
    wanted = {str(split): (split, count, 0) for split, count in numbers.items()}
    wanted |= {f"transfer {name}": (Split.SEALED, 1, stage + 1) for stage, name in enumerate(counts.transfer)}
    seen = await asyncio.gather(
        *(
            bench.run(bench.programs.honest, split=split, instances=tuple(range(count)), stage=stage)
            for split, count, stage in wanted.values()
        )
    )
    remarks = [
        Remark("wrong", split, fault_of(one)[1] if one.fault else f"no score: {one.status} ({one.feedback})")
        for split, one in zip(wanted, seen, strict=True)
        if one.score is None
    ]
    told = ", ".join(
        f"{split} {one.value:.6g}" for split, one in zip(wanted, seen, strict=True) if one.score is not None
    )
    mend = "the first program must get a score everywhere: mend initial.py or judge.py"
    return gathered("score", remarks, tried=len(seen), mend=mend, fine=f"the first program scores: {told}")


async def check_repeats(bench: Bench) -> list[Finding]:
    """The same program and seed, again and in a fresh process with other clocks and other chance."""
    many = tuple(range(min(bench.task.instances.search, 2)))
    runs = [False, False, False, True, True]
    seen = await asyncio.gather(*(bench.run(bench.programs.honest, instances=many, stirred=stir) for stir in runs))
    if any(one.unfit for one in seen):
        return []
    same = {content(one.outcome) for one in seen}
    again = {content(one.outcome) for one in seen[:3]}
    source = Source.of(bench.task.judge)
    evidence = [*source.clocks, *source.chance, *source.places]
    shown = f" (in judge.py: {'; '.join(evidence[:4])})" if evidence else ""
    mend = "take all chance from rng and read no clock; where the score is a time, say measured = true"
    if len(same) > 1:
        where = "from run to run" if len(again) > 1 else "between two judge processes, with other clocks and chance"
        level: Level = "note" if bench.task.measured else "weak"
        whose = await _whose(bench, where)
        return [
            Finding(
                "repeats", level, f"the same program and seed differ {where}: {_difference(seen)}{shown}{whose}", mend
            )
        ]
    if evidence and not bench.task.measured:
        return [Finding("repeats", "weak", f"it repeats here, but judge.py depends on more than its rng{shown}", mend)]
    return [Finding("repeats", "ok", f"{len(runs)} runs in 2 judge processes gave the same bits")]


async def _whose(bench: Bench, where: str) -> str:
    """Blame the program only where a constant answer repeats."""
    files = None if bench.task.kind == "session" else answer_files(bench, await bench.kept(0))
    if where != "from run to run" or files is None:
        return ""
    seen = await bench.run_all([files] * 3)
    return (
        "; a constant answer repeats, so it is initial.py that differs"
        if len({content(one.outcome) for one in seen}) == 1
        else ""
    )


def _difference(seen: list[Seen]) -> str:
    values = list(dict.fromkeys(repr(one.value) for one in seen))
    if len(values) > 1:
        return f"scores {' and '.join(values[:2])}"
    return "the score is the same, but not metrics, descriptor or feedback"


async def check_clock(bench: Bench) -> list[Finding]:
    """The honest answer, but slowly: neither better nor worse, unless the score is a time."""
    seconds = min(LATE_SECONDS, bench.task.limits.cpu_seconds / 3)
    files = [await _after(bench, 0.0), await _after(bench, seconds)]
    if files[0] is None or files[1] is None:
        return []
    quick, slow = await bench.run(files[0]), await bench.run(files[1])
    if quick.score is None or slow.status == "timeout" or slow.unfit:
        return []
    told = f"the same answer {seconds:.2g} s later scores {slow.value!r}, at once {quick.value!r}"
    if content(slow.outcome) == content(quick.outcome):
        return [Finding("speed", "ok", f"the same answer {seconds:.2g} s later scores the same")]
    if bench.task.measured:
        return [Finding("speed", "ok", f"{told}: the score is a measurement (measured = true)")]
    return [Finding("speed", "weak", told, "score the answer, not the time it took; or say measured = true")]


async def _after(bench: Bench, seconds: float) -> Files | None:
    """A program with the honest answers, the first of which takes longer."""
    if bench.task.kind == "command":
        output = command_output(await bench.kept(0))
        return output and bench.programs.writing(output["stdout"], output["files"], after=seconds)
    if not bench.looks:
        return None
    look = bench.looks[0]
    files = bench.programs.wrapped("late", {"seconds": seconds}, look.entry, start=look.call)
    return {name: data.replace(b"every=True", b"every=False") for name, data in files.items()}


async def check_unsteady(bench: Bench) -> list[Finding]:
    """Answers that depend on a clock or a process number: they must be refused, or be seen not to repeat."""
    if not bench.looks:
        return []
    remarks, steady = [], 0
    for by in ("clock", "process"):
        seen = await bench.run_all([bench.programs.twisted("unsteady", {"by": by}, bench.looks[0])] * 3)
        steady += len({content(one.outcome) for one in seen}) == 1
        remarks += [Remark(*_of_fault(one, by)) for one in seen if one.fault]
    fine = "answers that depend on a clock or a process differ from run to run, so a replay shows them"
    if steady == 2:
        fine = "answers that depend on a clock or a process are refused, or change no score"
    return gathered("unsteady answers", remarks, tried=6, mend="let no answer raise anything but Wrong", fine=fine)


def _of_fault(seen: Seen, by: str) -> tuple[Level, str, str]:
    level, text = fault_of(seen)
    return level, f"an answer that depends on the {by}", text


async def check_company(bench: Bench) -> list[Finding]:
    """An instance's value must not depend on its place in a trial, nor on being asked for twice."""
    if bench.task.instances.fixed:
        return []
    count = max(2, min(3, bench.task.instances.search))
    every = tuple(range(count))
    orders = [every, every[::-1], *((index,) for index in every), (0, 0), (1, 1)]
    seen = await asyncio.gather(*(bench.run(bench.programs.honest, instances=order) for order in orders))
    mend = "let score change nothing that outlives it (copy an instance before you sort or fill it), keep no counts"
    remarks = [
        Remark(*_named(fault_of(one), f"instances {order}"))
        for order, one in zip(orders, seen, strict=True)
        if one.fault
    ]
    if remarks:
        return gathered("order", remarks, tried=len(seen), mend="make the stream go on without end", fine="")
    if bench.task.measured or any(one.score is None for one in seen):
        return []
    values: dict[int, set[float | None]] = {}
    for one in seen:
        assert one.outcome is not None
        for result in one.outcome.per_instance:
            values.setdefault(result.index, set()).add(result.value)
    for index, found in values.items():
        if len(found) > 1:
            text = f"instance {index} scores {sorted(map(str, found))} depending on which came before it"
            return [Finding("order", "weak", text, mend)]
    return _aggregate(seen[0], seen[1])


def _named(judged: tuple[Level, str], name: str) -> tuple[Level, str, str]:
    return judged[0], name, judged[1]


def _aggregate(forward: Seen, backward: Seen) -> list[Finding]:
    """The value of a trial must not depend on the order of its instances, and should lie among their values."""
    assert forward.outcome is not None and forward.value is not None and backward.value is not None
    if not math.isclose(forward.value, backward.value, rel_tol=1e-12, abs_tol=1e-300):
        text = f"the whole scores {forward.value!r}, with the instances in reverse {backward.value!r}"
        return [Finding("order", "weak", text, "let aggregate() not depend on the order of the values")]
    values = [one.value for one in forward.outcome.per_instance if one.value is not None]
    room = 1e-9 * max(map(abs, values))
    if not min(values) - room <= forward.value <= max(values) + room:
        text = f"aggregate() makes {forward.value!r} of values from {min(values)!r} to {max(values)!r}"
        return [Finding("order", "note", text, "a sum grows with the number of instances, and splits differ in that")]
    return [Finding("order", "ok", "each instance scores the same in any order, alone, and twice")]
