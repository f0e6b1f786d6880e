"""A run of models in a storm of faults, killed twice: it ends at its budget, and its bill is in order."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import shoal
from shoal.labs.evolve import RunConfig
from shoal.report import RunView
from shoal.store import RunFolder
from shoal.testing import Asked, Faults, ModelServer, Reply
from shoal.testing._model_faults import fate

from .models import nudge, pool
from .sittings import events, go_on, sound, write_task

PROPOSALS = 300
KILLS = (120, 250)  # requests after which the run is killed
STORM = Faults(rate_limited=0.15, server_error=0.15, malformed=0.1, hang=0.05, cut_connection=0.02)
LATENCY = (0.0, 0.1)
SEED = 7
PROMPT, COMPLETION = 900, 80  # tokens of each answer, as the server says
PRICE = {"in": 1.0, "out": 2.0}  # dollars for a million
BILL = (PROMPT * PRICE["in"] + COMPLETION * PRICE["out"]) / 1e6
SITTING = """
import asyncio, json, sys
from pathlib import Path
from shoal.labs.evolve import RunConfig, resume, start
from shoal.store import RunFolder
config, folder = json.loads(sys.argv[1])
if folder:
    asyncio.run(resume(RunFolder(Path(folder))))
else:
    asyncio.run(start(RunConfig(**{**config, "out": Path(config["out"])})))
"""


def answer(asked: Asked) -> Reply:
    return Reply(nudge(asked), prompt_tokens=PROMPT, completion_tokens=COMPLETION)


def killed(config: dict[str, Any], folder: Path | None, server: ModelServer, requests: int) -> Path:
    """One sitting in a process of its own, killed in the middle of its calls; the run's folder."""
    environment = {**os.environ, "PYTHONPATH": str(Path(shoal.__file__).parents[1])}
    words = [sys.executable, "-c", SITTING, json.dumps([config, str(folder or "")])]
    process = subprocess.Popen(words, env=environment, start_new_session=True)
    try:
        while process.poll() is None and len(server.asked) < requests:
            time.sleep(0.01)
        assert process.poll() is None, "it was done too soon"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return next(iter(Path(config["out"]).glob("*/run.db"))).parent


def good(server: ModelServer) -> list[Asked]:
    """The requests that were answered properly, and are on the server's bill."""
    return [one for one in server.asked if fate(STORM, LATENCY, SEED, one.number).kind == ""]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_three_hundred_proposals_in_a_storm_killed_twice(tmp_path: Path) -> None:
    task = write_task(tmp_path / "slopes")
    begun = time.monotonic()
    with ModelServer(answer, faults=STORM, latency=LATENCY, seed=SEED) as server:
        models = pool(server, deadline=10.0, concurrency=16, price=PRICE)
        cap = PROPOSALS * RunConfig(task=str(task), models=models).models[0].most.usd
        config: dict[str, Any] = {
            "task": str(task),
            "out": str(tmp_path / "runs"),
            "proposer": "model",
            "models": models,
            "usd": cap,
            "seed": 5,
            "workers": 4,
            "window": 16,
            "evaluations": 10 * PROPOSALS,
            "proposals": PROPOSALS,
        }
        place: Path | None = None
        for requests in KILLS:
            place = killed(config, place, server, requests)
        assert place is not None
        done = go_on(RunFolder(place))
        asked, billed = list(server.asked), good(server)

    folder = done.folder
    assert done.reason == f"budget: proposals {PROPOSALS}"
    assert sound(done)
    results, replied = events(folder, "result"), events(folder, "replied")
    assert len(events(folder, "issued")) == len(results)

    total = 0.0
    for one in results:
        total += one["result"]["counted"]["usd"]
        assert total <= cap
    assert RunView.read(folder.store(read_only=True), folder.id).spent.counted.usd == pytest.approx(total)
    assert len(billed) * BILL <= total, "the server's bill is above the ledger's"

    answers = Counter(one.text for one in billed)
    assert max(answers.values()) == 1, "a call was paid for twice"
    calls = Counter((one["k"], one["n"]) for one in events(folder, "asked"))
    assert max(calls.values()) == 1, "a call was made again"
    cut_off = len(calls) - len(replied)
    assert 0 < cut_off <= 2 * 16, "calls in flight at a kill, and no others, have no reply"
    lost = len(billed) - sum(_is_answer(folder, one["reply"]) for one in replied)
    assert 0 <= lost <= cut_off, "an answer that arrived is not on disk"

    numbers = {
        "requests": len(asked),
        "answers": len(billed),
        "calls": len(calls),
        "cut_off": cut_off,
        "lost_with_them": lost,
        "billed_usd": round(len(billed) * BILL, 4),
        "ledger_usd": round(total, 4),
        "cap_usd": round(cap, 4),
        "evaluations": done.evaluations,
        "seconds": round(time.monotonic() - begun, 1),
    }
    sys.stdout.write(f"{json.dumps(numbers)}\n")  # shown by -s


def _is_answer(folder: RunFolder, digest: str) -> bool:
    store = folder.store(read_only=True)
    try:
        return json.loads(store.get(digest))["text"] is not None
    finally:
        store.close()
