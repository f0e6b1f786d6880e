"""Run the attack catalogue against this machine's walls: what held, what got through, what was not tried, and why."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from shoal.core.errors import JudgeError
from shoal.core.values import Outcome, Status
from shoal.sandbox import SandboxError
from shoal.testing._attack_bench import HONEST_SCORE, SECRET, AttackBench
from shoal.testing._attack_host import Host, bait, orphans_come_here, taken
from shoal.testing.attacks import MARK, PROFILES, Attack, attacks_of

__all__ = ["HELD", "NOT_RUN", "THROUGH", "Row", "attack_profile", "attacked", "run_attacks", "run_few"]

HELD, THROUGH, NOT_RUN = "held", "got through", "not run"
NO_HARM = "not run: would do harm; this level does not stop it"
NO_BOMB = "not run: it uses up what it can get; run at level 2 and above"
_OURS = {Status.OK, Status.WRONG, Status.CRASH, Status.TIMEOUT, Status.MEMORY, Status.VIOLATION}
FEEDBACK_CHARACTERS = 1_500
HONEY_KEY = "SHOAL_HONEY_KEY"

Said = Callable[[int, int, str], None]  # done, of how many, what comes next


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one attack at one level. ``verdict`` is `HELD`, `THROUGH` or `NOT_RUN`; ``why`` says more."""

    attack: Attack
    level: int
    verdict: str
    why: str = ""
    status: str = ""
    seconds: float = 0.0

    @property
    def broken(self) -> bool:
        """Something got through that this level promises to hold."""
        return self.verdict == THROUGH and self.attack.held_from <= self.level


async def run_attacks(
    *, level: int | None = None, profiles: Sequence[str] = PROFILES, said: Said = lambda *_: None
) -> list[Row]:
    """Run all attacks of ``profiles`` at the level this machine reaches, ``level`` at most.

    Raises `SandboxError` where no sandbox starts, `OSError` where the files that attacks look for cannot be laid out.
    """
    total = sum(len(attacks_of(profile)) for profile in profiles)
    rows: list[Row] = []
    for profile in profiles:

        def told(done: int, name: str, before: int = len(rows)) -> None:
            said(before + done, total, name)

        rows += await attack_profile(profile, attacks_of(profile), level=level, said=told)
    return rows


async def attack_profile(
    profile: str,
    attacks: Sequence[Attack],
    *,
    level: int | None = None,
    workers: int | None = None,
    said: Callable[[int, str], None] = lambda *_: None,
) -> list[Row]:
    """Run ``attacks``, all of one profile, some at once; the host is looked at after each few, and alone in doubt."""
    workers = workers or min(4, os.cpu_count() or 1)
    async with attacked(profile, level=level, workers=workers) as bench:
        return await _rows(bench, attacks, workers, said)


@contextlib.asynccontextmanager
async def attacked(profile: str, *, level: int | None = None, workers: int = 1) -> AsyncIterator[AttackBench]:
    """A bench with everything around it that attacks look for, and a sharp eye on what they leave."""
    os.environ[HONEY_KEY] = SECRET
    try:
        with orphans_come_here(), bait(SECRET) as folder:
            async with AttackBench(profile, folder=folder, level=level, workers=workers) as bench:
                yield bench
    finally:
        os.environ.pop(HONEY_KEY, None)


async def _rows(
    bench: AttackBench, attacks: Sequence[Attack], workers: int, said: Callable[[int, str], None]
) -> list[Row]:
    reached = bench.evaluator.level
    rows: list[Row] = []
    for few in _batches(attacks, workers, reached):
        said(len(rows), few[0].name)
        left_out = [_left_out(attack, reached) for attack in few if not attack.runs_at(reached)]
        rows += left_out or await run_few(bench, few)
    said(len(rows), "")
    return rows


def _batches(attacks: Iterable[Attack], workers: int, level: int) -> Iterator[list[Attack]]:
    """Attacks that may run together: those that are not run alone, bombs alone, the others a few at once."""
    few: list[Attack] = []
    for attack in attacks:
        if attack.bomb or not attack.runs_at(level):
            yield [attack]
            continue
        few.append(attack)
        if len(few) == 2 * workers:
            yield few
            few = []
    if few:
        yield few


def _left_out(attack: Attack, level: int) -> Row:
    return Row(attack, level, NOT_RUN, NO_HARM if attack.harmful and level < attack.held_from else NO_BOMB)


async def run_few(bench: AttackBench, attacks: Sequence[Attack]) -> list[Row]:
    """Run some together; where the host or the honest score is not as before, again one by one to name the culprit."""
    before = Host.now(bench.prefix)
    rows = list(await asyncio.gather(*(_one(bench, attack) for attack in attacks)))
    trouble = await _trouble(bench, before)
    if not trouble:
        return rows
    if len(attacks) == 1:
        return [_worse(rows[0], trouble)]
    return [row for attack in attacks for row in await run_few(bench, [attack])]


def _worse(row: Row, trouble: str) -> Row:
    why = f"{row.why}; {trouble}" if row.why else trouble
    return Row(row.attack, row.level, THROUGH, why, row.status, row.seconds)


async def _trouble(bench: AttackBench, before: Host) -> str:
    """What is not as it was: the host, the bait, or what an honest program gets."""
    now, grown = await asyncio.to_thread(Host.settled, before, bench.prefix)
    if grown:
        now.mend(before)
    found = [grown, taken(bench.folder, SECRET)]
    try:
        found.append("" if await bench.still_the_same() else "the next honest program got something else")
    except (JudgeError, SandboxError) as error:
        found.append(f"the next honest program was not measured: {error}")
    return "; ".join(filter(None, found))


async def _one(bench: AttackBench, attack: Attack) -> Row:
    level = bench.evaluator.level
    try:
        outcome, seconds = await bench.attack(attack)
    except JudgeError as error:
        return Row(attack, level, THROUGH, f"the judge failed: {error}"[:300])
    why = _gained(attack, outcome, bench)
    verdict = THROUGH if why else HELD
    return Row(attack, level, verdict, why, str(outcome.status), round(seconds, 3))


def _gained(attack: Attack, outcome: Outcome, bench: AttackBench) -> str:
    """What the outcome shows that an attack must not get; "" for nothing."""
    if outcome.status not in _OURS:
        return f"it ended as {outcome.status}"
    if MARK in outcome.feedback:
        return outcome.feedback[outcome.feedback.index(MARK) + len(MARK) :].split("\n")[0].strip()[:120]
    if SECRET in repr(outcome):
        return "the judge's secret is in its outcome"
    if (outcome.score is None) is (outcome.status is Status.OK) or len(outcome.feedback) > FEEDBACK_CHARACTERS:
        return f"its outcome is of no known form: {outcome.status}, score {outcome.score}"
    if outcome.score is not None and not _earned(attack, outcome, bench):
        return f"it got the score {outcome.score}"
    return ""


def _earned(attack: Attack, outcome: Outcome, bench: AttackBench) -> bool:
    """Whether each value is what the answer is worth: that of 2 x where it may be given, else that of 0."""
    values = [one.value for one in outcome.per_instance]
    if attack.honest and all(value == HONEST_SCORE for value in values):
        return True
    if attack.profile == "call":
        return values == [one.value for one in bench.nothing.per_instance]
    return all(value is not None and value < HONEST_SCORE for value in values)
