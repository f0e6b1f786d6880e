"""Measures agents: each instance of a trial is one task, repaired or not by the hidden tests."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shoal.core import seeds
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
from shoal.labs.selfimprove._broker import AgentJail, Worked
from shoal.labs.selfimprove._commands import CommandJail
from shoal.labs.selfimprove._memory import Memory
from shoal.labs.selfimprove._tasks import RepairTask, brief
from shoal.labs.selfimprove._tests import TestJail

__all__ = ["AgentEvaluator", "Attempt"]

CPU_SECONDS = 10.0  # of an agent at one repair, its test runs apart
FEEDBACK_CHARACTERS = 1_500


@dataclass(frozen=True, slots=True)
class Attempt:
    """One agent at one task."""

    index: int
    solved: bool
    runs: int  # of the tests that it was allowed
    worked: Worked

    @property
    def progress(self) -> float:
        """1 for a solved task, and up to 1 more for test runs that were left; 0 for one that is not solved.

        It tells agents apart that solve the same tasks. What an agent is worth is the solve rate alone.
        """
        return 2.0 - self.worked.used("run_tests") / self.runs if self.solved else 0.0

    def told(self) -> str:
        """A line for people and proposers, of what the host saw."""
        if self.solved:
            return f"task {self.index}: solved with {self.worked.used('run_tests')} test runs"
        if self.worked.files is None:
            return f"task {self.index}: {self.worked.why}"
        return f"task {self.index}: not solved with {self.worked.used('run_tests')} test runs"


class AgentEvaluator:
    """An `Evaluator` of agents. A trial's instances are places in the stream of tasks of its split.

    One agent at one task counts as one evaluation. An agent that hands in nothing on any task has crashed; else every
    task counts 1.0 or 0.0.
    """

    def __init__(
        self,
        streams: Mapping[Split, Sequence[RepairTask]],
        agents: AgentJail,
        tests: TestJail,
        commands: CommandJail,
    ) -> None:
        self.streams, self.agents, self.tests, self.commands = streams, agents, tests, commands
        self.memory = Memory(tests, commands)

    async def evaluate(self, trial: Trial, files: Files, *, seed: int, opponents: tuple[Files, ...] = ()) -> Outcome:
        """See `Evaluator.evaluate`."""
        stream = self.streams[trial.split]
        attempts = await asyncio.gather(
            *(self.attempt(files, stream[index], index=index, seed=seed) for index in trial.instances)
        )
        return self.outcome(trial, attempts)

    async def attempt(self, agent: Files, task: RepairTask, *, index: int, seed: int) -> Attempt:
        """Let an agent repair one program, then run the tests that it never saw."""

        async def run_tests(versions: Sequence[Mapping[str, str]], _: range) -> Json:
            return await self.memory.reports(task, [{**task.files, **files} for files in versions])

        worked = await self.agents.work(
            agent,
            {"goal": "repair", **brief(task)},
            {"run_tests": run_tests},
            budget={"run_tests": task.limits.runs},
            seed=seeds.number(seed, "agent", task.digest),  # which no agent knows: no guess tells it where it is
            cpu_seconds=CPU_SECONDS,
        )
        solved = worked.files is not None and await self.memory.solved(task, worked.files)
        return Attempt(index, solved, task.limits.runs, worked)

    def outcome(self, trial: Trial, attempts: Sequence[Attempt]) -> Outcome:
        """What the attempts of a trial come to."""
        dead = all(one.worked.files is None for one in attempts)
        values = [float(one.solved) for one in attempts]
        return Outcome(
            trial=trial,
            status=Status.CRASH if dead else Status.OK,
            score=None if dead else sum(values) / len(values),
            per_instance=tuple(
                InstanceResult(one.index, Status.CRASH if dead else Status.OK, None if dead else value)
                for one, value in zip(attempts, values, strict=True)
            ),
            metrics={} if dead else {"solved": sum(values), "tried": float(len(values))},
            feedback="\n".join(one.told() for one in attempts if not one.solved)[:FEEDBACK_CHARACTERS],
            counted=Counted(evaluations=len(attempts), instance_runs=len(attempts)),
            measured=Measured(
                cpu_seconds=sum(one.worked.cpu_seconds for one in attempts),
                isolation_level=min(self.agents.level, self.tests.level),
            ),
        )
