"""A long run of which a part attacks: does anything leak, and do the honest get what they would get without?"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from shoal.core.budget import Budget
from shoal.core.canonical import sha256
from shoal.core.course import Admitted, Course
from shoal.core.loop import INITIAL, run
from shoal.core.protocols import Evaluator, Plan, Proposer
from shoal.core.values import Brief, Done, Note, Outcome, Proposal, Propose, Result, Split, Trial, Work
from shoal.store import SqlStore
from shoal.testing._attack_bench import HONEST_SCORE, AttackBench, program_of, seen
from shoal.testing._attack_host import Host
from shoal.testing._attack_run import attacked
from shoal.testing.attacks import Attack, attacks_of

__all__ = ["Figures", "OneByOne", "cheap_attacks", "run_under_attack"]

MAIN = "initial.py"
EVERY = 10  # one candidate in so many attacks
MEASURED_FROM = 0.1  # share of the run after which memory is compared with its end
WINDOW = 8


@dataclass(frozen=True, slots=True)
class Issued:
    """How many were issued."""

    made: int = 0


class OneByOne:
    """A search that asks for ``total`` programs, each by its number, and learns nothing."""

    def __init__(self, total: int) -> None:
        self.total = total

    def initial(self) -> Issued:
        return Issued()

    def next(self, state: Issued, rng: np.random.Generator) -> tuple[Issued, Work]:
        if state.made >= self.total:
            return state, Done("all were asked for")
        name = INITIAL if state.made == 0 else "write"
        work = Propose(name, payload={"n": state.made}, then=Trial(Split.SEARCH, (0,)))
        return replace(state, made=state.made + 1), work

    def admit(self, state: Issued, k: int, work: Work, result: Result) -> tuple[Issued, tuple[Note, ...]]:
        return state, ()

    def plan(self, proposer: Proposer, evaluator: Evaluator) -> Plan[Any]:
        """Everything a run needs."""
        return Plan(self, {INITIAL: proposer, "write": proposer}, evaluator)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run came to.

    ``honest`` are digests of what honest candidates got, by their number; ``grown_mb`` is how much resident memory the
    supervisor gained from a tenth of the run to its end; ``leaked`` says what was left, "" for nothing.
    """

    candidates: int
    attacks: int
    statuses: dict[str, int]
    honest: dict[int, str]
    seconds: float
    grown_mb: float
    leaked: str
    got_through: tuple[str, ...]


@dataclass
class _Meter:
    """Reads memory as candidates are admitted, and keeps what each came to."""

    total: int
    attackers: dict[int, Attack]
    honest: dict[int, str] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    got_through: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)  # MB: after a tenth of the run, and at its end

    def admitted(self, course: Course[Any], step: Admitted) -> None:
        if step.result.outcome is not None:
            self._keep(step.k, step.result.outcome)
        if course.admitted in (max(1, int(MEASURED_FROM * self.total)), self.total):
            self.memory.append(_resident_mb())

    def _keep(self, n: int, outcome: Outcome) -> None:
        self.statuses[str(outcome.status)] += 1
        if n not in self.attackers:
            self.honest[n] = sha256(repr(seen(outcome)).encode())
        elif outcome.score is not None and outcome.score >= HONEST_SCORE:
            self.got_through.append(self.attackers[n].name)


def cheap_attacks() -> list[Attack]:
    """Attacks on `call` that cost next to nothing and end at once."""
    return [one for one in attacks_of("call") if not (one.bomb or one.slow or one.honest)]


async def run_under_attack(total: int, *, attacks: Sequence[Attack] | None = None, level: int | None = None) -> Figures:
    """Run ``total`` candidates through the loop, one in ten an attack; with ``attacks`` empty all are honest."""
    chosen = cheap_attacks() if attacks is None else attacks
    attackers = {n: chosen[n // EVERY % len(chosen)] for n in range(EVERY - 1, total, EVERY)} if chosen else {}
    meter = _Meter(total, attackers)
    with tempfile.TemporaryDirectory() as folder:
        async with attacked("call", level=level, workers=os.cpu_count() or 1) as bench:
            before, began = Host.now(bench.prefix), time.monotonic()
            store = SqlStore(Path(folder) / "run.db")
            try:
                plan = OneByOne(total).plan(_Writer(bench, attackers), bench.evaluator)
                budget = Budget(evaluations=total)
                await run(plan, store, run="attacked", seed=1, window=WINDOW, budget=budget, watch=meter.admitted)
            finally:
                store.close()
            seconds = time.monotonic() - began
            _, leaked = Host.settled(before, bench.prefix)
    return _figures(meter, seconds=seconds, leaked=leaked)


def _figures(meter: _Meter, *, seconds: float, leaked: str) -> Figures:
    return Figures(
        candidates=meter.statuses.total(),
        attacks=meter.statuses.total() - len(meter.honest),
        statuses=dict(meter.statuses),
        honest=meter.honest,
        seconds=round(seconds, 1),
        grown_mb=round(meter.memory[-1] - meter.memory[0], 1),
        leaked=leaked,
        got_through=tuple(meter.got_through),
    )


class _Writer:
    """Honest programs, each another one, and attacks at their places."""

    def __init__(self, bench: AttackBench, attackers: dict[int, Attack]) -> None:
        self.bench, self.attackers = bench, attackers

    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal:
        n = int(brief.payload["n"])
        attack = self.attackers.get(n)
        text = _honest(n) if attack is None else program_of(attack, self.bench.folder)
        return Proposal({MAIN: text}, sha256(text + str(n).encode()))


def _honest(n: int) -> bytes:
    """One of many programs that are a little off."""
    return f"def f(x):\n    return 2 * x + {n % 100} / 1000\n# {n}\n".encode()


def _resident_mb() -> float:
    """What this process holds, after all that can be given back was."""
    gc.collect()
    with contextlib.suppress(AttributeError):  # glibc keeps freed memory for later
        ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") / (1 << 20)
