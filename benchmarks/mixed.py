"""Do models and embedded edits together need fewer calls than models alone, and fewer evaluations than edits alone?

    python benchmarks/mixed.py [--seeds 10] [--evaluations 3000] [--target 2.0] [--good 0.05]

The model is scripted: most of its answers are useless (a number moved at random), and now and then, in ``--good`` of
them, it writes the layout of `circle_packing_26` as rows of circles, with numbers that are far from tuned. All three
arms run the same seeds until the target or the budget is reached. Prints medians, and the mean ratio with its 95 %
interval over seeds (bootstrap of paired log ratios; a run that did not get there counts as the budget, so that ratios
are cautious). It says what this scripted model brings, and nothing about real ones.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import statistics
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

TASK = "circle_packing_26"
NUMBER = re.compile(r"\b\d+\.\d+\b")
ROWS = '''def layout():
    """Rows of circles: height, left end, right end, how many."""
    rows = [{rows}]
    points = []
    for y, left, right, count in rows:
        for k in range(count):
            points.append([left + (right - left) * k / (count - 1), y])
    return [[min(max(value, 0.01), 0.99) for value in point] for point in points]
'''


def good(program: str, chance: random.Random) -> str:
    """Rows instead of whatever the layout was; each number somewhere near where it might be."""
    rows = []
    for k, count in enumerate((5, 5, 6, 5, 5)):
        height, left, right = 0.1 + 0.2 * k, chance.uniform(0.05, 0.2), chance.uniform(0.8, 0.95)
        rows.append(f"({height + chance.uniform(-0.05, 0.05):.3f}, {left:.3f}, {right:.3f}, {count})")
    before, _, after = program.partition("def layout")
    rest = after.partition("\ndef ")
    return f"{before}{ROWS.format(rows=', '.join(rows))}\n{rest[1]}{rest[2]}"


def answer_with(share: float) -> Any:
    """The scripted model; what it says depends on the prompt alone."""

    def answer(asked: Any) -> str:
        chance = random.Random(asked.text)
        current = asked.messages[-1][1].split("# The current program")[1]
        found = re.search(r"```python\n(.*?)\n```", current, re.DOTALL)
        assert found is not None
        program = found[1]
        if chance.random() < share and "def layout" in program:
            return f"```python\n{good(program, chance)}\n```"
        places = list(NUMBER.finditer(program))
        if not places:
            return f"```python\n{program}\n```"
        place = chance.choice(places)
        value = repr(round(float(place[0]) * chance.uniform(0.7, 1.3), 4))
        return f"```python\n{program[: place.start()]}{value}{program[place.end() :]}\n```"

    return answer


async def one(proposer: str, seed: int, out: Path, url: str, given: argparse.Namespace) -> dict[str, Any]:
    """One run: evaluations and calls until the target, or those of the whole budget."""
    from shoal.labs.evolve import RunConfig, start

    model = {"name": "scripted", "url": url, "model": "scripted", "price": "free", "concurrency": 8}
    more: dict[str, Any] = {} if proposer == "embedded" else {"models": (model,)}
    config = RunConfig.model_validate(
        {
            "task": TASK,
            "out": out / proposer,
            "seed": seed,
            "proposer": proposer,
            "evaluations": given.evaluations,
            "target": given.target,
            "without": ("idioms", "polish"),
            "window": 8,
            # Useless answers change a number: they are to cost what they cost. A script learns nothing from lessons.
            "search": {"novelty": 1.0, "lessons_every": 0},
            **more,
        }
    )
    done = await start(config)
    store = done.folder.store(read_only=True)
    try:
        events = store.read(done.folder.id, limit=10_000_000)
        calls = sum(b'"type":"asked"' in event.body for event in events)
    finally:
        store.close()
    reached = done.reason.startswith("target")
    return {"evaluations": done.evaluations, "calls": calls, "reached": reached, "best": done.best_score}


def main() -> None:
    from shoal.testing import ModelServer

    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--seeds", type=int, default=10)
    words.add_argument("--evaluations", type=int, default=3_000)
    words.add_argument("--target", type=float, default=2.0)
    words.add_argument("--good", type=float, default=0.05)
    given = words.parse_args()
    rows: dict[str, list[dict[str, Any]]] = {"embedded": [], "model": [], "mixed": []}
    with tempfile.TemporaryDirectory() as folder, ModelServer(answer_with(given.good)) as server:
        for seed in range(given.seeds):
            for proposer, row in rows.items():
                row.append(asyncio.run(one(proposer, seed, Path(folder), server.url, given)))
                print(f"seed {seed} {proposer:<9} {row[-1]}", flush=True)
    for proposer, row in rows.items():
        middle = {key: statistics.median(run[key] for run in row) for key in ("evaluations", "calls")}
        reached = sum(run["reached"] for run in row)
        print(f"{proposer:<9} reached {reached} of {given.seeds}; medians: {middle}")
    told = {
        "evaluations, embedded / mixed": ratio(rows["embedded"], rows["mixed"], "evaluations"),
        "calls, model / mixed": ratio(rows["model"], rows["mixed"], "calls"),
    }
    for name, (mean, low, high) in told.items():
        print(f"{name:<32} {mean:.2f} ({low:.2f} to {high:.2f})")
    print(json.dumps({"runs": rows, "ratios": told}))


def ratio(these: list[dict[str, Any]], those: list[dict[str, Any]], key: str) -> tuple[float, float, float]:
    """The geometric mean of paired ratios, and its 95 % interval."""
    logs = np.log([(a[key] + 1) / (b[key] + 1) for a, b in zip(these, those, strict=True)])
    draws = np.random.default_rng(0).choice(logs, size=(10_000, len(logs))).mean(axis=1)
    low, high = np.quantile(draws, (0.025, 0.975))
    return float(np.exp(logs.mean())), float(np.exp(low)), float(np.exp(high))


if __name__ == "__main__":
    main()
