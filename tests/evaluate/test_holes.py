"""What a program tried on its siblings, on the next program and on its judge; each got through once."""

from __future__ import annotations

import asyncio

from shoal.core.values import Outcome, Status
from tests.evaluate.benches import DOUBLE, Bench, failed

SLOW = "import time\n\ndef f(x):\n    time.sleep(1.0)\n    return 2 * x\n"
SHOOTS = """
import fcntl, os

def f(x):
    reader, writer = os.pipe()
    for process in set(range(2, os.getpid() + 30)) - {os.getpid()}:
        try:
            fcntl.fcntl(reader, 10, 9)  # F_SETSIG, SIGKILL
            fcntl.fcntl(reader, 8, process)  # F_SETOWN
            fcntl.fcntl(reader, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
            os.write(writer, b"x")
            os.read(reader, 1)
        except OSError:
            pass
    return 0.0
"""
NOTES = """
import fcntl, os

def f(x):
    flags = fcntl.fcntl(1, fcntl.F_GETFL)
    if flags & os.O_APPEND or fcntl.fcntl(1, 11):
        raise RuntimeError("another one was here")
    for write in (lambda: fcntl.fcntl(1, fcntl.F_SETFL, flags | os.O_APPEND), lambda: fcntl.fcntl(1, 10, 7)):
        try:
            write()
        except OSError:
            pass
    return 2 * x
"""
ARRAY_AS_MESSAGE = """
import sys
import numpy as np

def f(x):
    frame = sys._getframe()
    while "channel" not in frame.f_locals:
        frame = frame.f_back
    error = {"kind": np.zeros(3), "message": np.zeros(3)}
    sys.modules["shoal.sandbox.frames"].send(frame.f_locals["channel"], {"error": error})
"""


def test_a_program_cannot_end_its_siblings(honest: Bench) -> None:
    async def both() -> Outcome:
        victim = asyncio.create_task(honest.measure(SLOW))
        await asyncio.sleep(0.3)
        await honest.measure(SHOOTS)
        return await victim

    assert honest.run(both()).score == 1.0


def test_a_program_leaves_no_note_on_its_streams_for_the_next(honest: Bench) -> None:
    assert [honest.evaluate(NOTES, instances=2).score for _ in range(2)] == [1.0, 1.0]


def test_an_error_that_is_no_text_is_a_bad_candidate_and_no_fault_of_the_judge(honest: Bench) -> None:
    failed(honest.evaluate(ARRAY_AS_MESSAGE), Status.CRASH)
    assert honest.evaluate(DOUBLE).score == 1.0
