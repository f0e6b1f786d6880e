"""A command server with short ways to run one program in a fresh box of it; used by the tests of commands."""

import asyncio
import sys
import textwrap
from typing import Any

from shoal.sandbox import Exit, Finished, Job, Limits, Server
from tests.evaluate.benches import family, server_process

from .conftest import profile

PYTHON = sys.executable
LIMITS = Limits(cpu_seconds=4, wall_seconds=20, memory_bytes=256 << 20, open_files=128, disk_bytes=16 << 20)
BURN = """
import os, signal, sys, time

def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass

def done():
    open("done", "w").close()

def wait():
    while not os.path.exists("done"):
        time.sleep(0.005)
"""


class Boxed:
    """A command server, and a short way to run one program in a fresh box of it."""

    def __init__(self, runner: asyncio.Runner, level: int) -> None:
        self.runner = runner
        self.server = Server(profile(name="command", entry="boxed:main", warm=(), commands=True), level=level)
        runner.run(self.server.start())

    def job(self, *argv: str, limits: Limits = LIMITS, **wanted: Any) -> Job:
        return Job(frames=({"argv": list(argv), **wanted},), limits=limits)

    def finish(self, *argv: str, **wanted: Any) -> Finished:
        finished: Finished = self.runner.run(self.server.run(self.job(*argv, **wanted)))
        return finished

    def answer(self, *argv: str, **wanted: Any) -> dict[str, Any]:
        finished = self.finish(*argv, **wanted)
        assert finished.replies, finished
        reply: dict[str, Any] = finished.replies[0]
        return reply

    def python(self, program: str, **wanted: Any) -> str:
        """What a Python program printed; it must end well."""
        answer = self.answer(PYTHON, "-S", "-c", BURN + textwrap.dedent(program), **wanted)
        assert answer["code"] == 0, answer
        return str(answer["stdout"].decode())

    def end(self, program: str, **wanted: Any) -> Exit:
        return self.finish(PYTHON, "-S", "-c", BURN + textwrap.dedent(program), **wanted).exit

    def left(self) -> list[int]:
        """Processes besides the server's own."""
        return family(server_process(self.server))[2 if self.server.level == 3 else 1 :]
