"""How far the seed agent gets at tasks of optimisation: from this come the shares in `labs/selfimprove/_optimising.py`.

    python benchmarks/optimisation_shares.py [--each 12] [--agent FOLDER] [--seed 7] [--again 5]

For each family prints how much of the way to the best known score the agent made on fresh instances of ``--each``
tasks, from least to most, the share that two of five attempts reach, what an attempt cost, and how far what the search
is told of a task differs between ``--again`` attempts by the same agent with other seeds (the standard deviation,
where a solved task is worth 0.5 to 1). The tasks are other ones than those of the benchmark.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from pathlib import Path

import numpy as np

from shoal.core.values import Split
from shoal.labs.selfimprove._broker import AgentJail
from shoal.labs.selfimprove._commands import CommandJail
from shoal.labs.selfimprove._evaluator import AgentEvaluator
from shoal.labs.selfimprove._lab import agent_files
from shoal.labs.selfimprove._optimising import Optimising
from shoal.labs.selfimprove._tests import TestJail
from shoal.propose import Editor

REACHED = 0.4  # of attempts


async def measured(given: argparse.Namespace) -> None:
    """Print a line for each family."""
    slots, agent = asyncio.Semaphore(os.cpu_count() or 1), agent_files(given.agent)
    tests, commands = TestJail(slots=slots), CommandJail(slots=slots)
    async with AgentJail(slots=slots) as agents, Optimising(slots=slots) as optimising, Editor() as editor:
        for split in Split:
            tasks = await optimising.grow(split, each=given.each, seed=given.seed, editor=editor)
            evaluator = AgentEvaluator({split: tasks}, agents, tests, commands, optimising)
            for family in dict.fromkeys(task.program for task in tasks):
                places = [place for place, task in enumerate(tasks) if task.program == family]
                began, before = time.monotonic(), agents.cpu_seconds() + optimising.cpu_seconds()
                attempts = await evaluator.attempts(agent, split, places, seed=given.seed)
                cost = agents.cpu_seconds() + optimising.cpu_seconds() - before
                files = [one.worked.files or tasks[one.index].files for one in attempts]
                ways = zip(attempts, files, strict=True)
                gains = sorted([await optimising.gain(tasks[one.index], left) for one, left in ways])
                share = gains[round((1.0 - REACHED) * (len(gains) - 1))]
                print(f"{family} ({split}): {len(gains)} tasks, share {share:.3f}, solved", end=" ")
                print(f"{sum(one.solved for one in attempts)}; {cost / len(gains):.2f} CPU s an attempt,", end=" ")
                print(f"{time.monotonic() - began:.0f} s\n  {' '.join(f'{gain:.3f}' for gain in gains)}", flush=True)
                rows = [
                    [one.worth for one in await evaluator.attempts(agent, split, places, seed=given.seed + k)]
                    for k in range(1, given.again + 1)
                ]
                if given.again > 1:
                    print(f"  luck of an attempt: {np.std(rows, axis=0, ddof=1).mean():.2f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=12)
    parser.add_argument("--agent", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--again", type=int, default=5)
    asyncio.run(measured(parser.parse_args()))


if __name__ == "__main__":
    main()
