"""What one trip into the sandbox costs: spawn, confine, run, one frame back, exit.

    python benchmarks/sandbox.py [trips]

Processor time per trip, in milliseconds, split into the supervisor (event loop, codec), the server (its half of the
fork) and the child. The first line is the floor: a bare `os.fork` and exit of a process that has imported the same
modules. Processor time swells on a busy machine, so compare lines of one run only.
"""

import asyncio
import os
import sys
import time
from pathlib import Path

import numpy as np

from shoal.sandbox import Blob, Job, Limits, Profile, Server, frames, probe

INSIDE = str(Path(__file__).resolve().parents[1] / "tests" / "sandbox" / "inside")


def main() -> None:
    trips = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    print(f"{'':34}{'all':>7}{'superv.':>9}{'server':>8}{'child':>7}{'per s':>8}")
    floor(trips)
    for level, threads, at_once in ((3, 1, 1), (3, 8, 1), (3, 1, 4), (2, 1, 1), (1, 1, 1)):
        asyncio.run(trip(trips, level=level, threads=threads, at_once=at_once))
    codec()
    start()


def floor(trips: int) -> None:
    before = os.times()
    for _ in range(trips):
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
    after = os.times()
    parent = (after.user + after.system - before.user - before.system) / trips * 1e3
    children = (
        (after.children_user + after.children_system - before.children_user - before.children_system) / trips * 1e3
    )
    line(
        "bare fork and exit with numpy", parent + children, 0.0, parent, children, after.elapsed - before.elapsed, trips
    )


async def trip(trips: int, *, level: int, threads: int, at_once: int) -> None:
    server = Server(Profile("candidate", "attacks:main", path=(INSIDE,)), level=level)
    await server.start()
    with Blob(frames.encode(["echo", {"value": [0.5] * 10}])) as blob:
        job = Job(blob, limits=Limits(threads=threads))
        await asyncio.gather(*(server.run(job) for _ in range(20)))
        before, inside, children = os.times(), server.cpu_seconds(), server._children_cpu
        for _ in range(trips // at_once):
            finished = await asyncio.gather(*(server.run(job) for _ in range(at_once)))
            assert all(each.exit.code == 0 for each in finished)
        after = os.times()
    supervisor = (after.user + after.system - before.user - before.system) / trips * 1e3
    child = (server._children_cpu - children) / trips * 1e3
    both = (server.cpu_seconds() - inside) / trips * 1e3
    name = f"level {server.level}, {threads} thread{'s' * (threads > 1)}, {at_once} at once"
    line(name, supervisor + both, supervisor, both - child, child, after.elapsed - before.elapsed, trips)
    await server.close()


def line(name: str, total: float, supervisor: float, server: float, child: float, seconds: float, trips: int) -> None:
    print(f"{name:34}{total:7.2f}{supervisor:9.2f}{server:8.2f}{child:7.2f}{trips / seconds:8.0f}")


def codec() -> None:
    rng = np.random.default_rng(0)
    values = {
        "26 circles as lists": [[[0.1, 0.2]] * 26, [0.1] * 26],
        "26 circles as arrays": [rng.random((26, 2)), rng.random(26)],
        "a question of a session": {"ask": "priority", "args": [37.0, rng.random(40)]},
        "10 KB of source text": {"source": "x = 1\n" * 1700},
    }
    for name, value in values.items():
        data = frames.encode(value)
        encoding, decoding = (
            clock(lambda value=value: frames.encode(value)),
            clock(lambda data=data: frames.decode(data)),
        )
        print(f"codec, {name:27} {encoding:6.1f} us to write, {decoding:6.1f} us to read, {len(data):6} bytes")


def clock(call: object, times: int = 2000) -> float:
    before = time.process_time()
    for _ in range(times):
        call()  # type: ignore[operator]
    return (time.process_time() - before) / times * 1e6


def start() -> None:
    before = os.times()
    level = probe().level
    after = os.times()
    spent = sum(after[:4]) - sum(before[:4])
    print(
        f"probe: level {level}, {spent * 1e3:.0f} ms of processor time, {(after.elapsed - before.elapsed) * 1e3:.0f} ms"
    )


if __name__ == "__main__":
    main()
