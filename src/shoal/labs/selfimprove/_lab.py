"""The machinery of a study: jails, editor and the streams of tasks, opened once for all its runs."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from shoal.core.errors import UserError
from shoal.core.values import Files, Split
from shoal.labs.selfimprove._bench import bench
from shoal.labs.selfimprove._broker import AgentJail
from shoal.labs.selfimprove._canaries import canaries_of
from shoal.labs.selfimprove._commands import CommandJail
from shoal.labs.selfimprove._config import StudyConfig
from shoal.labs.selfimprove._evaluator import AgentEvaluator, Task
from shoal.labs.selfimprove._folders import load_bench, load_programs
from shoal.labs.selfimprove._optimising import OptimiseTask, Optimising
from shoal.labs.selfimprove._tasks import Limits, Program, RepairTask, Test, split_of
from shoal.labs.selfimprove._tests import TestJail
from shoal.models import ChatClient
from shoal.propose import Editor

__all__ = ["SEED_AGENT", "Lab", "agent_files", "laboratory"]

SEED_AGENT = Path(__file__).resolve().parent / "seed"
BENCH_SEED = 1  # of the streams for search and validation; that of the sealed one is drawn from a salt


@dataclass
class Lab:
    """What all runs of a study share."""

    config: StudyConfig
    agents: AgentJail
    tests: TestJail
    commands: CommandJail
    optimising: Optimising
    editor: Editor
    evaluator: AgentEvaluator
    streams: dict[Split, tuple[Task, ...]] = field(default_factory=dict)
    client: ChatClient | None = None  # of the model that agents may ask

    @property
    def level(self) -> int:
        """The isolation level that everything here reaches."""
        return min(one.level for one in (self.agents, self.tests, self.optimising, self.editor))

    def set_canaries(self, salt: bytes) -> None:
        """Make canaries from the streams that are open; their answers grow from the salt."""
        self.streams[Split.CANARY] = canaries_of(self.streams, salt)

    def cpu_seconds(self) -> float:
        """CPU seconds of all jails so far."""
        return sum(one.cpu_seconds() for one in (self.agents, self.tests, self.commands, self.optimising, self.editor))

    async def open(self, split: Split, *, seed: int = BENCH_SEED) -> tuple[Task, ...]:
        """The stream of a split; its bugs are planted when it is first asked for."""
        if split not in self.streams:
            self.streams[split] = await self._grown(split, seed)
        return self.streams[split]

    async def _grown(self, split: Split, seed: int) -> tuple[Task, ...]:
        config = self.config
        if config.bench is not None:
            return load_bench(config.bench)[split]
        each = config.optimise if split is Split.SEALED else config.optimise_seen
        repairs, optimisations = await asyncio.gather(
            bench(
                _some(load_programs(), split, config.programs),
                split,
                seed=seed,
                run=self._run,
                limits=Limits(runs=config.runs),
            ),
            self.optimising.grow(split, each=each, seed=seed, editor=self.editor),
        )
        return _mixed(repairs, optimisations)

    async def _run(self, files: Mapping[str, str], tests: Sequence[Test]) -> Sequence[bool | None]:
        return [one.passed if one.ended else None for one in await self.tests.run(files, tests)]


def _some(programs: Sequence[Program], split: Split, most: int | None) -> list[Program]:
    return [one for one in programs if split_of(one.name) == split][:most]


def _mixed(repairs: Sequence[RepairTask], optimisations: Sequence[OptimiseTask]) -> tuple[Task, ...]:
    """Both in one stream, so that any part of it has its share of either, families of optimisation by turns."""
    families = dict.fromkeys(task.program for task in optimisations)
    turns = [[task for task in optimisations if task.program == family] for family in families]
    others = [task for row in zip_longest(*turns) for task in row if task is not None]
    every = (len(repairs) + len(others)) / (len(others) + 1)
    found: list[Task] = list(repairs)
    for place, task in enumerate(others, start=1):
        found.insert(round(place * every), task)
    return tuple(found)


@asynccontextmanager
async def laboratory(config: StudyConfig) -> AsyncIterator[Lab]:
    """Open jails and editor, the streams for search and validation, and a client where a model is to be asked."""
    slots = asyncio.Semaphore(config.workers or os.cpu_count() or 1)
    async with AsyncExitStack() as stack:
        hide = () if config.bench is None else (str(config.bench.expanduser().resolve()),)
        client = None
        if config.member is not None and config.replay_models is None:
            client = await stack.enter_async_context(ChatClient((config.member,)))
            await client.check()
        agents = AgentJail(slots=slots, level=config.level, hide=hide)
        tests = TestJail(slots=slots, level=config.level, hide=hide)
        commands, editor = CommandJail(slots=slots, level=config.level), Editor(level=config.level)
        optimising = Optimising(slots=slots, level=config.level)
        jails = (agents, tests, commands, optimising, editor)
        await asyncio.gather(*(stack.enter_async_context(one) for one in jails))
        streams: dict[Split, tuple[Task, ...]] = {}
        evaluator = AgentEvaluator(streams, agents, tests, commands, optimising, further=config.further)
        lab = Lab(config, agents, tests, commands, optimising, editor, evaluator, streams, client)
        for split in (Split.SEARCH, Split.VALIDATION):
            await lab.open(split)
        yield lab


def agent_files(folder: Path | None) -> Files:
    """The source of a seed agent. Raises UserError where there is none."""
    place = folder or SEED_AGENT
    files = {path.name: path.read_bytes() for path in sorted(place.glob("*.py"))}
    if "agent.py" not in files:
        raise UserError(f"{place}: no agent.py in it; a seed agent is a folder of .py files, one of them agent.py")
    return files
