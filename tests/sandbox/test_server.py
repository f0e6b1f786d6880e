"""The server as a process: start, restart, end, and what the supervisor learns."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import pytest

from shoal.sandbox import Blob, Child, Job, Limits, SandboxError, Server, frames

from .conftest import INSIDE, Walls, profile

LIMITS = Limits(cpu_seconds=20, wall_seconds=20)
SLEEP = frames.encode(["sleep"])


def lives(process: int) -> bool:
    """Whether a process runs; a zombie nobody has reaped does not."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] not in "ZX"


def family(process: int) -> list[int]:
    """A process and all its descendants."""
    found = [process]
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in task.read_text().split():
            found += family(int(child))
    return found


def wait_until_gone(processes: list[int]) -> bool:
    deadline = time.monotonic() + 20
    while any(map(lives, processes)) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not any(map(lives, processes))


def server_process(server: Server) -> int:
    assert server._launched is not None
    return server._launched.process.pid


def test_setup_runs_once_inside_with_its_data(runner: asyncio.Runner) -> None:
    server = Server(profile(setup="attacks:setup", setup_data=b"seeds", warm=()))
    runner.run(server.start())
    walls = Walls(runner, server)
    assert walls.value("what_setup_left") == b"seeds"
    assert walls.value("what_setup_left") == b"seeds"
    runner.run(server.close())


def test_error_in_setup_is_reported_with_its_words(runner: asyncio.Runner) -> None:
    server = Server(profile(setup="attacks:setup_fails", setup_data=b"this", warm=()))
    with pytest.raises(SandboxError, match="nothing good in b'this'"):
        runner.run(server.start())
    runner.run(server.close())


@pytest.mark.parametrize("entry", ["nowhere:main", "attacks:nothing_of_that_name"])
def test_entry_that_is_not_there_is_reported(runner: asyncio.Runner, entry: str) -> None:
    server = Server(profile(entry=entry, warm=()))
    with pytest.raises(SandboxError, match=entry.partition(":")[0 if entry.startswith("nowhere") else 2]):
        runner.run(server.start())
    runner.run(server.close())


def test_many_at_once_each_get_their_own_answer(walls: Walls) -> None:
    async def all_of_them() -> list[Any]:
        jobs = [Job(frames.encode(["echo", number]), limits=LIMITS) for number in range(60)]
        return [each.replies[0]["value"] for each in await asyncio.gather(*map(walls.server.run, jobs))]

    assert walls.run(all_of_them()) == list(range(60))


def test_one_blob_serves_many_children(walls: Walls) -> None:
    async def three() -> list[Any]:
        with Blob(frames.encode(["echo", "shared"])) as blob:
            return [(await walls.server.run(Job(blob, limits=LIMITS))).replies[0]["value"] for _ in range(3)]

    assert walls.run(three()) == ["shared"] * 3


@pytest.mark.skipif(sys.platform != "linux", reason="sealed memory files are Linux's")
def test_blob_cannot_be_changed() -> None:
    with Blob(b"frozen") as blob:
        with pytest.raises(OSError):
            os.pwrite(blob.fileno(), b"x", 0)
        with pytest.raises(OSError):
            os.ftruncate(blob.fileno(), 0)


def test_spawn_takes_over_the_channels(walls: Walls) -> None:
    async def spawn() -> tuple[bool, Any]:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        child = walls.server.spawn(frames.encode(["nothing"]), (theirs,), limits=LIMITS)
        with ours:
            answer = await frames.async_receive(ours)
            await child.exited()
            assert await frames.async_receive(ours) is None
        return theirs.fileno() == -1, answer

    assert walls.run(spawn()) == (True, {"value": 0})


def test_several_channels_in_order(walls: Walls) -> None:
    async def spawn() -> list[Any]:
        pairs = [socket.socketpair() for _ in range(5)]
        walls.server.spawn(frames.encode(["echo", 1]), [theirs for _, theirs in pairs], limits=LIMITS)
        answers = []
        for ours, _ in pairs:
            ours.setblocking(False)
            answers.append(await frames.async_receive(ours))
            ours.close()
        return answers

    assert walls.run(spawn()) == [{"value": 1}] * 5


def test_killed_child_says_so_to_all_who_wait(walls: Walls) -> None:
    async def kill() -> list[str]:
        child = walls.server.spawn(SLEEP, limits=LIMITS)
        waiting = [asyncio.create_task(child.exited()) for _ in range(2)]
        await asyncio.sleep(0)
        child.kill()
        child.kill()
        return [each.cause for each in await asyncio.gather(*waiting)] + [(await child.exited()).cause]

    assert walls.run(kill()) == ["killed"] * 3


def test_processor_time_is_accounted(walls: Walls) -> None:
    before = walls.server.cpu_seconds()
    ended = walls.end("burn", limits=Limits(cpu_seconds=1))
    assert walls.server.cpu_seconds() - before >= ended.cpu_seconds


def test_dead_server_loses_its_children_and_is_started_again(runner: asyncio.Runner) -> None:
    server = Server(profile(warm=()))
    walls = Walls(runner, server)
    runner.run(server.start())
    level = server.level

    async def lose() -> str:
        child = server.spawn(SLEEP, limits=LIMITS)
        await asyncio.sleep(0.05)
        os.kill(server_process(server), signal.SIGKILL)
        return (await child.exited()).cause

    assert runner.run(lose()) == "lost"
    assert walls.value("echo", 5) == 5
    assert server.level == level
    runner.run(server.close())


def test_close_ends_every_process(runner: asyncio.Runner) -> None:
    server = Server(profile(warm=()))
    runner.run(server.start())

    async def busy() -> Child:
        child = server.spawn(SLEEP, limits=LIMITS)
        await asyncio.sleep(0.05)
        return child

    child = runner.run(busy())
    processes = family(server_process(server))
    assert len(processes) >= 2
    runner.run(server.close())
    assert runner.run(child.exited()).cause == "killed"
    assert wait_until_gone(processes)
    runner.run(server.close())
    with pytest.raises(SandboxError, match="closed"):
        runner.run(server.run(Job()))


def test_no_zombies_pile_up(walls: Walls) -> None:
    for _ in range(20):
        walls.value("nothing")
    assert len(family(server_process(walls.server))) <= 2


def test_interrupt_from_the_terminal_is_not_the_servers_business(walls: Walls) -> None:
    for process in family(server_process(walls.server)):
        assert os.getpgid(process) != os.getpgid(0)
        os.kill(process, signal.SIGINT)
    assert walls.value("echo", 1) == 1


SUPERVISOR = textwrap.dedent("""
    import asyncio, sys
    from shoal.sandbox import Limits, Profile, Server, frames

    async def main():
        server = Server(Profile("candidate", "attacks:main", warm=(), path=(sys.argv[1],)), level=int(sys.argv[2]))
        await server.start()
        child = server.spawn(frames.encode(["burn"]), limits=Limits(cpu_seconds=60))
        await asyncio.sleep(0.1)
        print("ready", flush=True)
        await child.exited()

    asyncio.run(main())
""")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at /proc")
@pytest.mark.parametrize("level", [1, 2, 3])
def test_nothing_survives_a_killed_supervisor(level: int) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", SUPERVISOR, INSIDE, str(level)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stdout.readline() == b"ready\n"
        processes = family(supervisor.pid)
        assert len(processes) >= 3
        supervisor.kill()
        supervisor.wait()
    assert wait_until_gone(processes)
