"""Boxes without namespaces lie in folders on disk: nothing that is written there is hidden, nothing is left."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.evaluate.benches import server_process

from .boxes import LIMITS, PYTHON, Boxed
from .test_command_leftovers import folders, wait_for

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="boxes are Linux's")

ROOMY = replace(LIMITS, disk_bytes=32 << 20)
TOO_MUCH = "more files than are allowed"
PRELUDE = """
import os, time

def down(depth):
    for _ in range(depth):
        os.mkdir("d")
        os.chdir("d")

def fill(at=None):
    for number in range(40):
        file = os.open(f"x{number}", os.O_CREAT | os.O_WRONLY, dir_fd=at)
        os.write(file, os.urandom(1 << 20))
        os.close(file)
    time.sleep(15)
"""


@pytest.fixture(scope="module", params=[2, 1])
def boxed(runner: asyncio.Runner, request: pytest.FixtureRequest) -> Iterator[Boxed]:
    boxed = Boxed(runner, request.param)
    process = server_process(boxed.server)
    yield boxed
    runner.run(boxed.server.close())
    assert folders(process) == []


@pytest.fixture
def boxes(boxed: Boxed) -> Path:
    """The folder of all boxes of the server."""
    (folder,) = folders(server_process(boxed.server))
    return folder


def ran(boxed: Boxed, program: str) -> tuple[int | None, str]:
    """Exit code and failure."""
    answer = boxed.answer(PYTHON, "-S", "-c", PRELUDE + program, limits=ROOMY)
    return answer["code"], answer["failure"]


def is_empty(boxes: Path) -> bool:
    return list(boxes.iterdir()) == []


@pytest.mark.parametrize("depth", [50, pytest.param(500, marks=pytest.mark.slow), 3000])
def test_what_a_program_writes_deep_down_counts_and_is_removed(boxed: Boxed, boxes: Path, depth: int) -> None:
    assert ran(boxed, f"down({depth})\nfill()")[1] == TOO_MUCH
    assert is_empty(boxes)


def test_what_a_program_writes_behind_a_closed_door_counts_and_is_removed(boxed: Boxed, boxes: Path) -> None:
    assert ran(boxed, "os.mkdir('d', 0o300)\nos.chdir('d')\nfill()")[1] == TOO_MUCH
    assert is_empty(boxes)
    inside = "os.mkdir('d')\ninside = os.open('d', os.O_RDONLY)\n"
    code, failure = ran(boxed, f"{inside}os.chmod('.', 0)\nfill(inside)")
    assert failure == TOO_MUCH if boxed.server.level == 1 else code == 1  # no program may change modes from level 2 on
    assert is_empty(boxes)


def test_a_box_that_was_killed_is_removed_while_the_server_goes_on(
    runner: asyncio.Runner, boxed: Boxed, boxes: Path
) -> None:
    async def kill() -> None:
        program = f"{PRELUDE}down(500)\nos.mkdir('/'.join(['..'] * 500) + '/done')\ntime.sleep(15)"
        running = asyncio.create_task(boxed.server.run(boxed.job(PYTHON, "-S", "-c", program)))
        await asyncio.to_thread(wait_for, lambda: any(boxes.glob("*/done")))
        os.kill(boxed.left()[0], signal.SIGKILL)
        await running

    runner.run(kill())
    wait_for(lambda: is_empty(boxes) and boxed.left() == [])
    assert ran(boxed, "") == (0, "")
