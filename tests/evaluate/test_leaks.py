"""Many evaluations, and evaluations nobody waits for any more, leave nothing behind."""

from __future__ import annotations

import asyncio
import time

import pytest

from shoal.core.values import Status

from .benches import DOUBLE, HONEST, Bench, Benches, descriptors

SLEEPER = "import time\ndef f(x):\n    time.sleep(3600)\n"
LOOP = "def f(x):\n    while True:\n        pass\n"
LATE = "import time\ndef f(x):\n    while time.process_time() < 0.68:\n        pass\n    return 2 * x\n"


@pytest.fixture
def own(benches: Benches) -> Bench:
    bench = benches(HONEST, workers=3)
    bench.evaluate(DOUBLE)
    return bench


def settled(bench: Bench, processes: int) -> bool:
    """Wait for processes that were killed to be gone."""
    deadline = time.monotonic() + 20
    while len(bench.processes()) > processes and time.monotonic() < deadline:
        bench.run(asyncio.sleep(0.01))
    return len(bench.processes()) == processes


async def tasks_here() -> int:
    return len(asyncio.all_tasks())


def test_many_evaluations_leave_no_process_descriptor_or_task(own: Bench) -> None:
    programs = [
        DOUBLE,
        "def f(x):\n    return None\n",
        "def f(x):\n    1 / 0\n",
        "import os\ndef f(x):\n    os._exit(1)\n",
    ]
    processes, open_before, tasks = len(own.processes()), descriptors(), own.run(tasks_here())

    async def many() -> list:
        return await asyncio.gather(*(own.measure(programs[k % 4], instances=2) for k in range(100)))

    statuses = [one.status for one in own.run(many())]
    assert statuses == [Status.OK, Status.WRONG, Status.CRASH, Status.CRASH] * 25
    assert settled(own, processes)
    assert (descriptors(), own.run(tasks_here())) == (open_before, tasks)


@pytest.mark.parametrize("wait", [0.0, 0.003, 0.05])
def test_cancelled_evaluations_end_their_processes(own: Bench, wait: float) -> None:
    processes, open_before, tasks = len(own.processes()), descriptors(), own.run(tasks_here())

    async def cancel() -> list:
        started = [asyncio.create_task(own.measure(program)) for program in [SLEEPER, LOOP, DOUBLE] * 3]
        await asyncio.sleep(wait)
        for task in started:
            task.cancel()
        return await asyncio.gather(*started, return_exceptions=True)

    ended = own.run(cancel())
    assert sum(isinstance(one, asyncio.CancelledError) for one in ended) >= 6
    assert settled(own, processes)
    assert (descriptors(), own.run(tasks_here())) == (open_before, tasks)
    assert own.evaluate(DOUBLE).score == 1.0


def test_a_second_run_of_a_near_miss_that_is_cancelled_frees_every_place(own: Bench) -> None:
    async def cancel() -> None:
        near, sleeper = asyncio.create_task(own.measure(LATE)), asyncio.create_task(own.measure(SLEEPER))
        while not own.evaluator._alone.locked():  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.01)  # it holds some places now, and waits for the sleeper's
        near.cancel()
        sleeper.cancel()
        await asyncio.gather(near, sleeper, return_exceptions=True)

    async def three() -> list:
        return await asyncio.gather(*(own.measure(DOUBLE) for _ in range(3)))

    own.run(cancel())
    assert [one.score for one in own.run(three())] == [1.0] * 3


def test_a_closed_evaluator_leaves_nothing(runner: asyncio.Runner) -> None:
    from .benches import setting

    runner.run(asyncio.sleep(0))
    open_before = descriptors()
    bench = Bench(runner, setting(HONEST), workers=1)
    processes = bench.processes()

    async def close_under_way() -> list:
        started = [asyncio.create_task(bench.measure(SLEEPER)) for _ in range(2)]
        await asyncio.sleep(0.05)
        await bench.evaluator.__aexit__()
        return await asyncio.gather(*started, return_exceptions=True)

    ended = runner.run(close_under_way())
    assert len(processes) == 4
    assert not any(one.status is Status.OK for one in ended if not isinstance(one, BaseException))
    assert descriptors() == open_before
