"""Whatever ends a command server, no process and no file of its boxes outlives it."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.evaluate.benches import family, server_process

from .boxes import PYTHON, Boxed
from .conftest import INSIDE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="boxes are Linux's")


def folders(process: int) -> list[Path]:
    return list(Path("/tmp").glob(f"shoal-boxes-{process}-*"))


SUPERVISOR = """
import asyncio, sys
from shoal.sandbox import Job, Limits, Profile, Server

async def main():
    profile = Profile("command", "boxed:main", path=(sys.argv[1],), warm=(), commands=True)
    server = Server(profile, level=int(sys.argv[2]))
    await server.start()
    print(server._launched.process.pid, flush=True)
    script = "(sleep 600 &); sleep 600"
    await server.run(Job(frames=({"argv": ["sh", "-c", script]},), limits=Limits()))

asyncio.run(main())
"""


@pytest.mark.parametrize("level", [3, 2])
def test_a_killed_supervisor_leaves_no_process_and_no_file(level: int) -> None:
    command = [PYTHON, "-c", SUPERVISOR, INSIDE, str(level)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        server = int(supervisor.stdout.readline())
        wait_for(lambda: len(family(server)) >= (6 if level == 3 else 5))
        inside = family(server)
        supervisor.kill()
    wait_for(lambda: not any(map(alive, inside)))
    assert folders(server) == []


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(500):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come to that")


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes() != b""  # a zombie has none
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize("level", [2, 1])
def test_no_process_and_no_file_outlives_a_server_without_namespaces(runner: asyncio.Runner, level: int) -> None:
    boxed = Boxed(runner, level)
    deep = "for n in range(3000):\n    os.mkdir('d'); os.chdir('d')\n"
    assert boxed.python(f"os.mkdir('shut', 0o300); open('shut/x', 'w')\n{deep}") == ""
    server = server_process(boxed.server)
    (folder,) = folders(server)
    assert list(folder.iterdir()) == []

    async def close_in_the_middle() -> list[int]:
        program = "import os, time\nfor _ in range(3): os.fork()\ntime.sleep(60)"
        running = asyncio.create_task(boxed.server.run(boxed.job(PYTHON, "-S", "-c", program)))
        await asyncio.sleep(0.5)
        inside = family(server_process(boxed.server))
        await boxed.server.close()
        await running
        return inside

    inside = runner.run(close_in_the_middle())
    assert len(inside) >= 9
    assert not any(map(alive, inside))
    assert folders(server) == []
