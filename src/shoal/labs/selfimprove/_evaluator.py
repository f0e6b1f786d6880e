"""Measures agents: each instance of a trial is one task, solved or not, by hidden tests or a score."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from shoal.core import seeds
from shoal.core.errors import UserError
from shoal.core.values import (
    Counted,
    Files,
    InstanceResult,
    Json,
    Measured,
    Outcome,
    Split,
    Status,
    Trial,
)
from shoal.labs.selfimprove import _transcripts
from shoal.labs.selfimprove._asking import Asking, Record
from shoal.labs.selfimprove._broker import AgentJail, Tool, Worked
from shoal.labs.selfimprove._canaries import places_of
from shoal.labs.selfimprove._commands import CommandJail
from shoal.labs.selfimprove._holding import Purse
from shoal.labs.selfimprove._memory import Memory
from shoal.labs.selfimprove._optimising import OptimiseTask, Optimising, shown
from shoal.labs.selfimprove._tasks import RepairTask, brief
from shoal.labs.selfimprove._tests import TestJail
from shoal.labs.selfimprove._tools import SOLVED, Measuring, Testing

__all__ = ["AgentEvaluator", "Attempt", "Task", "together"]

T = TypeVar("T")
Task = RepairTask | OptimiseTask
CPU_SECONDS = 3.0  # of an agent at one task, its test runs and measurements apart
FEEDBACK_CHARACTERS = 1_500


@dataclass(frozen=True, slots=True)
class Attempt:
    """One agent at one task. ``counted`` is what it spent on models.

    ``worth`` lies between 0 and 1, and tells agents apart that solve the same tasks: 0.5 and more is a solved one. Of a
    repair: runs / (runs + used), where ``runs`` solve it and ``used`` is how many it took to the version that it handed
    in; of an optimisation: half the gain in shares that solve it. ``cut``: in the end it was given no more test runs.
    """

    index: int
    worth: float
    worked: Worked
    counted: Counted = Counted()
    cut: bool = False

    @property
    def solved(self) -> bool:
        """Whether it did what the task asks, within its limits."""
        return self.worth >= SOLVED

    def told(self) -> str:
        """A line for people and proposers, of what the host saw."""
        if self.worked.files is None and not self.cut:
            return f"task {self.index}: {self.worked.why}"
        used = ", ".join(
            f"{count} {what}"
            for tool, what in (("run_tests", "test runs"), ("score", "measurements"))
            if (count := self.worked.used(tool))
        )
        used = used or "nothing measured"
        if asked := self.worked.used("ask"):
            used += f" and {asked} questions"
        return f"task {self.index}: {'' if self.solved else 'not '}solved with {used}"

    def transcript(self) -> Json:
        """What the host saw of it, call by call."""
        return _transcripts.told(self.worked, task=self.index, solved=self.solved)


class AgentEvaluator:
    """An `Evaluator` of agents. A trial's instances are places in the stream of tasks of its split.

    One agent at one task counts as one evaluation. An agent that hands in nothing on any task has crashed; else every
    search and validation task counts what the attempt is worth, every sealed one and every canary 1.0 or 0.0.
    ``further``: times as many test runs as solve a repair are there for it.
    """

    def __init__(
        self,
        streams: Mapping[Split, Sequence[Task]],
        agents: AgentJail,
        tests: TestJail,
        commands: CommandJail,
        optimising: Optimising,
        *,
        further: int = 1,
    ) -> None:
        self.streams, self.agents, self.tests, self.commands = streams, agents, tests, commands
        self.optimising, self.further = optimising, further
        self.memory = Memory(tests, commands)
        self.record: Record | None = None

    def within(self, record: Record) -> AgentEvaluator:
        """The same for one run: with its model for agents to ask, and transcripts kept."""
        other = copy.copy(self)
        other.record = record
        return other

    async def evaluate(
        self, trial: Trial, files: Files, *, seed: int, opponents: tuple[Files, ...] = (), key: str = ""
    ) -> Outcome:
        """See `Evaluator.evaluate`."""
        return self.outcome(trial, await self.attempts(files, trial.split, trial.instances, seed=seed, place=key))

    async def look(self, trial: Trial, files: Files, *, seed: int, key: str, purse: Purse) -> Outcome:
        """As `evaluate`, on as many tasks as the purse pays for, from the first; the outcome's trial tells which."""
        attempts: list[Attempt] = []
        while room := purse.room(len(trial.instances) - len(attempts)):
            some = trial.instances[len(attempts) : len(attempts) + room]
            made = await self.attempts(files, trial.split, some, seed=seed, place=key)
            purse.pay([one.counted for one in made])
            attempts += made
        if not attempts:
            raise UserError(
                "tokens or dollars do not suffice for the looks at sealed tasks: resume with a larger total"
            )
        return self.outcome(replace(trial, instances=trial.instances[: len(attempts)]), attempts)

    async def attempts(
        self, agent: Files, split: Split, tasks: Iterable[int], *, seed: int, place: str = ""
    ) -> list[Attempt]:
        """An agent at several tasks at once; ``place`` names what for, where it may ask a model."""
        stream = self.streams[split]
        searched = {Split.SEARCH: range(len(stream)), Split.CANARY: places_of(self.streams, Split.SEARCH)}.get(
            split, ()
        )
        return await together(
            self.attempt(agent, stream[task], index=task, seed=seed, place=f"{place}/{task}", ends=task not in searched)
            for task in tasks
        )

    async def attempt(
        self, agent: Files, task: Task, *, index: int, seed: int, place: str = "", ends: bool = False
    ) -> Attempt:
        """Let an agent work on one task; what it never saw, hidden tests or fresh instances, says if it solved it.

        ``ends``: whether it stops where nothing that it does would solve the task any more; it is not told before.
        """
        measure = (
            Testing(self.memory, task, further=self.further, ends=ends)
            if isinstance(task, RepairTask)
            else Measuring(self.optimising, task)
        )
        tools: dict[str, Tool] = {measure.name: measure}
        budget = {measure.name: measure.budget}
        asking = self.asking(place)
        if asking is not None and self.record is not None and self.record.spending is not None:
            tools["ask"], budget["ask"] = asking, self.record.spending.asks
        worked = await self.agents.work(
            agent,
            {"goal": "repair", **brief(task)} if isinstance(task, RepairTask) else {"goal": "optimise", **shown(task)},
            tools,
            budget=budget,
            seed=seeds.number(seed, "agent", task.taken_for),  # which no agent knows: no guess tells it where it is
            cpu_seconds=CPU_SECONDS,
        )
        worth = 0.0 if worked.files is None else await measure.worth(worked.files)
        return Attempt(index, worth, worked, Counted() if asking is None else asking.counted, measure.cut)

    def asking(self, place: int | str) -> Asking | None:
        """The tool "ask" of one agent at work, where there is a model."""
        models = None if self.record is None else self.record.models
        return None if models is None else Asking(models, place)

    def kept(self, transcript: Json) -> dict[str, str]:
        """A transcript by its name, where a run keeps it."""
        if self.record is None:
            return {}
        return {_transcripts.CALLS: self.record.keep(_transcripts.as_blob(transcript))}

    def outcome(self, trial: Trial, attempts: Sequence[Attempt]) -> Outcome:
        """What the attempts of a trial come to. Canaries that are not solved give no score, as nobody can solve one."""
        canary = trial.split is Split.CANARY
        solved = [float(one.worth > 0.0 if canary else one.solved) for one in attempts]  # a canary is no matter of runs
        values = solved if canary or trial.split is Split.SEALED else [one.worth for one in attempts]
        status = Status.OK
        if all(one.worked.files is None and not one.cut for one in attempts):
            status = Status.CRASH
        elif canary and not any(values):
            status = Status.WRONG
        ok = status is Status.OK
        told = "" if canary else "\n".join(one.told() for one in attempts if not one.solved)
        return Outcome(
            trial=trial,
            status=status,
            score=sum(values) / len(values) if ok else None,
            per_instance=tuple(
                InstanceResult(one.index, status, value if ok else None)
                for one, value in zip(attempts, values, strict=True)
            ),
            metrics={"solved": sum(solved), "tried": float(len(values))} if ok else {},
            feedback=told[:FEEDBACK_CHARACTERS],
            counted=sum(
                (one.counted for one in attempts), Counted(evaluations=len(attempts), instance_runs=len(attempts))
            ),
            measured=Measured(
                cpu_seconds=sum(one.worked.cpu_seconds for one in attempts),
                isolation_level=min(self.agents.level, self.tests.level, self.optimising.level),
            ),
            artifacts=self.kept([one.transcript() for one in attempts]),
        )


async def together(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """All results, in order; the first error ends the others."""
    try:
        async with asyncio.TaskGroup() as tasks:
            made = [tasks.create_task(one) for one in work]
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None
    return [one.result() for one in made]
