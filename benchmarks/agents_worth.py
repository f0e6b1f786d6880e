"""What agents are worth, and what they solve, on all repairs that a search and the choice of a final agent may meet.

    python benchmarks/agents_worth.py FOLDER ... [--seed 1]

A study measures an agent on sixty of the search tasks, and a few agents on the validation tasks. Here each agent of the
given folders, and the seed agent before them, meets all of both, so that two of them can be told apart by less than a
study can. No sealed program is looked at. The first agent pays for the tests of each version of each task, about half a
CPU second a task; what another agent tries too is remembered.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from pathlib import Path

from shoal.core.values import Split
from shoal.labs.selfimprove._config import StudyConfig
from shoal.labs.selfimprove._lab import SEED_AGENT, agent_files, laboratory

AT_ONCE = 16  # tasks


async def measured(folders: list[Path], seed: int) -> None:
    """Print a line for each agent and split."""
    async with laboratory(StudyConfig(optimise=0)) as lab:
        for folder in (SEED_AGENT, *folders):
            agent = agent_files(folder)
            for split in (Split.SEARCH, Split.VALIDATION):
                began, before, count = time.monotonic(), lab.cpu_seconds(), len(lab.streams[split])
                attempts = []
                for start in range(0, count, AT_ONCE):
                    places = range(start, min(start + AT_ONCE, count))
                    attempts += await lab.evaluator.attempts(agent, split, places, seed=seed)
                worth, solved = sum(one.worth for one in attempts), sum(one.solved for one in attempts)
                cost = f"{lab.cpu_seconds() - before:.0f} CPU s, {time.monotonic() - began:.0f} s"
                told = f"worth {100 * worth / count:.1f} %, {solved} of {count} solved ({100 * solved / count:.1f} %)"
                print(f"{folder.name}, {split} tasks: {told}; {cost}", flush=True)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    asyncio.run(measured(given.folders, given.seed))


if __name__ == "__main__":
    main()
