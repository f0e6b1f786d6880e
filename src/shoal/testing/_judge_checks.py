"""`check_task`: a task's judge under the scrutiny that the built-in ones get, in the jails that runs use."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Container
from dataclasses import dataclass
from itertools import groupby

from shoal.core.errors import UserError
from shoal.tasks import Task
from shoal.testing._judge_attacks import check_attacks
from shoal.testing._judge_bench import Bench
from shoal.testing._judge_commands import check_output
from shoal.testing._judge_exchange import check_arguments, check_echoes, check_transplants
from shoal.testing._judge_findings import Finding
from shoal.testing._judge_hostile import hostile_answers
from shoal.testing._judge_instances import check_canaries, check_chance, check_instances, check_transfer
from shoal.testing._judge_numbers import check_cheap, check_claimed, check_growth, check_range, check_tolerance
from shoal.testing._judge_public import check_public, check_source
from shoal.testing._judge_repeats import check_clock, check_company, check_repeats, check_score, check_unsteady
from shoal.testing._judge_rules import MENDS, Hostile, check_hostile
from shoal.testing._judge_session import check_session

__all__ = ["CheckProgress", "check_task", "check_task_async"]

Check = Callable[[Bench], Awaitable[list[Finding]]]
BEFORE: dict[str, Check] = {
    "repeats": check_repeats,
    "speed": check_clock,
    "chance": check_chance,
    "instances": check_instances,
    "transfer": check_transfer,
    "order": check_company,
    "source": check_source,
}
AFTER: dict[str, Check] = {
    "output": check_output,
    "claimed numbers": check_claimed,
    "growth": check_growth,
    "tolerance": check_tolerance,
    "transplants": check_transplants,
    "arguments": check_arguments,
    "echoes": check_echoes,
    "session": check_session,
    "unsteady answers": check_unsteady,
    "cheap answers": check_cheap,
    "range": check_range,
    "canaries": check_canaries,
    "public": check_public,
    "attacks": check_attacks,
}
CHECKS = ("score", *BEFORE, *MENDS, *AFTER, "time")  # the names that findings carry
SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class CheckProgress:
    """How far a check is: its name, its number, how many there are, programs run and seconds since the start."""

    check: str
    number: int
    total: int
    programs: int
    seconds: float


Watcher = Callable[[CheckProgress], None]


async def check_task_async(
    task: Task,
    *,
    seed: int = 0,
    seconds: float = SECONDS,
    watch: Watcher | None = None,
    only: Container[str] | None = None,
) -> tuple[Finding, ...]:
    """Try to fool the judge of ``task``; see `check_task`. ``only`` names the checks to make, all unless given."""
    began = time.monotonic()
    async with Bench(task, seed) as bench:
        first = await check_score(bench)
        if any(finding.status == "wrong" for finding in first):
            return tuple(first)
        bench.honest = await bench.run(bench.programs.honest)
        await bench.look()
        bench.deadline = began + seconds
        checks = [(name, check) for name, check in _checks(bench) if only is None or name in only]
        findings = list(first)
        for number, (name, check) in enumerate(checks):
            if watch is not None:
                watch(CheckProgress(name, number + 1, len(checks), bench.tried, time.monotonic() - began))
            skipped, found = bench.skipped, await check(bench)
            # What was not tried to its end has shown no weakness, but is not fine either.
            findings += found if bench.skipped == skipped else [one for one in found if one.status != "ok"]
        return (*findings, *_skipped(bench, seconds))


def _checks(bench: Bench) -> list[tuple[str, Check]]:
    hostile = sorted(hostile_answers(bench), key=lambda one: one.check)
    groups = {name: list(some) for name, some in groupby(hostile, key=lambda one: one.check)}
    return [*BEFORE.items(), *((name, _answers(some)) for name, some in groups.items()), *AFTER.items()]


def _answers(hostile: list[Hostile]) -> Check:
    async def check(bench: Bench) -> list[Finding]:
        return await check_hostile(bench, hostile)

    return check


def _skipped(bench: Bench, seconds: float) -> list[Finding]:
    if not bench.skipped:
        return []
    text = f"{bench.skipped} of {bench.tried + bench.skipped} programs were not tried: {seconds:g} s were over"
    return [Finding("time", "note", text, "give more time, or make the first program or the judge faster")]


def check_task(
    task: Task,
    *,
    seed: int = 0,
    seconds: float = SECONDS,
    watch: Watcher | None = None,
    only: Container[str] | None = None,
) -> tuple[Finding, ...]:
    """Try to fool the judge of ``task`` and say what it withstood and what it did not.

    A few hundred small programs are run in the sandbox: the honest first one, again and again, and hostile ones made
    from it. The judge never runs in this process.

    Args:
        task: a loaded task; its first program must get a score.
        seed: of the instances that are drawn; they are never those of a run.
        seconds: wall seconds after which no further program is started (a judge that hangs can take longer).
        watch: told before each check how far the work is.
        only: names of the checks to make, as findings carry them; all unless given.

    Returns:
        One finding or more for each check that applies. "ok" and "note" are fine; "weak" and "wrong" want mending.

    Raises:
        UserError: the judge cannot be loaded at all, or no isolation is to be had here.
    """
    import asyncio

    if seconds <= 0:
        raise UserError(f"seconds = {seconds:g}: a check needs some time, {SECONDS:g} unless set")
    return asyncio.run(check_task_async(task, seed=seed, seconds=seconds, watch=watch, only=only))
