"""Every way a candidate can end, told apart, with words that help whoever writes the next one."""

import asyncio
import os
import re
import signal

import pytest

from shoal.core.values import Status

from .benches import DOUBLE, HONEST, Bench, Benches, failed, family, server_process


@pytest.fixture(autouse=True)
def _next_one_scores_as_before(honest: Bench):
    yield
    assert honest.evaluate(DOUBLE).score == 1.0


def test_ok_has_a_score_values_and_an_account(honest: Bench) -> None:
    outcome = honest.evaluate(DOUBLE, instances=3)
    assert (outcome.status, outcome.score, outcome.feedback) == (Status.OK, 1.0, "as asked")
    assert [(one.index, one.status, one.value) for one in outcome.per_instance] == [(k, "ok", 1.0) for k in range(3)]
    assert (outcome.counted.evaluations, outcome.counted.instance_runs) == (1, 3)
    assert outcome.measured.cpu_seconds > 0 and outcome.measured.isolation_level == honest.evaluator.level


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("float('nan')", "finite"),
        ("float('-inf')", "finite"),
        ("[2 * x]", "must be a number, got a value of type list"),
        ("None", "must be a number, got nothing"),
        ("True", "must be a number"),
        ("1e7", r"outside the task's range \[-1000000.0, 1000000.0\]"),
        ("'2'", "type str"),
    ],
)
def test_refused_answers_are_wrong(honest: Bench, answer: str, told: str) -> None:
    feedback = failed(honest.evaluate(f"def f(x):\n    return {answer}\n"), Status.WRONG)
    assert re.search(told, feedback), feedback


def test_a_program_that_raises_is_told_what_and_where(honest: Bench) -> None:
    program = "def f(x):\n    return g(x)\n\n\ndef g(x):\n    return x / 0\n"
    assert failed(honest.evaluate(program), Status.CRASH) == "ZeroDivisionError: float division by zero (line 6)"


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("def f(x):\n    return (\n", "SyntaxError: '(' was never closed (line 2)"),
        ("def g(x):\n    return 1\n", "NameError: the program defines no function 'f'"),
        ("f = 3\n", "NameError: the program defines no function 'f'"),
        ("def f():\n    return 1\n", "takes 0 positional arguments but 1 was given"),
        ("import nowhere\n", "ModuleNotFoundError: No module named 'nowhere' (line 1)"),
        ("def f(x):\n    return {1, 2}\n", "a value of type builtins.set may not cross the border"),
        ("def f(x):\n    return f(x)\n", "RecursionError: maximum recursion depth exceeded"),
        ("def f(x):\n    raise SystemExit(0)\n", "SystemExit: 0 (line 2)"),
        ("raise KeyboardInterrupt\n", "KeyboardInterrupt (line 1)"),
        ("def f(x):\n    raise ValueError(chr(0xD800))\n", "ValueError: ? (line 2)"),
        ("import os\ndef f(x):\n    os._exit(0)\n", "the program ended without an answer"),
        ("import ctypes\ndef f(x):\n    ctypes.string_at(0)\n", "the program died of signal 11 without an answer"),
        ("import os\ndef f(x):\n    os.abort()\n", "the program died of signal 6 without an answer"),
        ("\0", "source code string cannot contain null bytes"),
    ],
)
def test_programs_that_crash(honest: Bench, program: str, told: str) -> None:
    assert told in failed(honest.evaluate(program), Status.CRASH)


def test_an_exception_whose_words_cannot_be_had(honest: Bench) -> None:
    program = """
        class Hostile(Exception):
            def __str__(self):
                import os
                raise SystemExit(0)

        def f(x):
            raise Hostile
    """
    assert failed(honest.evaluate(program), Status.CRASH) == "Hostile (line 8)"


def test_a_message_is_cut(honest: Bench) -> None:
    feedback = failed(honest.evaluate("def f(x):\n    raise ValueError('x' * 10**6)\n"), Status.CRASH)
    assert len(feedback) < 700 and feedback.endswith("(line 2)")


def test_processor_time_has_a_limit(honest: Bench) -> None:
    outcome = honest.evaluate("def f(x):\n    while True:\n        pass\n")
    assert failed(outcome, Status.TIMEOUT).startswith("too slow: 0.6 CPU s and 20 s are allowed")
    assert outcome.measured.cpu_seconds > 0.4 and not outcome.measured.borderline


def test_sleeping_has_a_limit(benches: Benches) -> None:
    bench = benches(HONEST, wall_seconds=1.0)
    outcome = bench.evaluate("import time\ndef f(x):\n    time.sleep(3600)\n")
    assert "no answer within 1 s" in failed(outcome, Status.TIMEOUT)
    assert outcome.measured.cpu_seconds < 0.6 and not outcome.measured.borderline


def test_dawdling_after_the_answer_is_a_timeout_too(benches: Benches) -> None:
    """The answer comes in time over the channel that the candidate found, but its process does not end."""
    failed(benches(HONEST, wall_seconds=1.0).evaluate(DAWDLER), Status.TIMEOUT)


DAWDLER = """
import struct, sys, time

def f(x):
    channel = sys._getframe(1).f_locals["channel"]
    answer = b"m" + struct.pack("<II", 1, 5) + b"valued" + struct.pack("<d", 2 * x)
    channel.sendall(struct.pack("<I", len(answer)) + answer)
    time.sleep(3600)
"""


NEAR_MISS = """
import time

def f(x):
    while time.process_time() < 0.68:
        pass
    return 2 * x
"""


def test_a_near_miss_is_run_once_more_by_itself(honest: Bench) -> None:
    other = "def f(x):\n    for _ in range(100_000):\n        pass\n    return 2 * x\n"

    async def beside() -> list:
        return await asyncio.gather(honest.measure(NEAR_MISS), *(honest.measure(other) for _ in range(6)))

    near, *others = honest.run(beside())
    failed(near, Status.TIMEOUT)
    assert near.measured.borderline
    assert [one.score for one in others] == [1.0] * 6


def test_two_near_misses_do_not_wait_for_one_another_for_ever(honest: Bench) -> None:
    async def both() -> list:
        return await asyncio.gather(*(honest.measure(NEAR_MISS) for _ in range(2)))

    assert [one.status for one in honest.run(both())] == [Status.TIMEOUT] * 2


@pytest.mark.parametrize(
    "body",
    [
        "return len(bytearray(1 << 30))",
        "return len([0] * (1 << 28))",
        "import numpy as np; return float(np.ones(1 << 28).sum())",
        "import mmap; return mmap.mmap(-1, 1 << 33)",
    ],
)
def test_memory_has_a_limit(honest: Bench, body: str) -> None:
    outcome = honest.evaluate(f"def f(x):\n    {body}\n")
    if "mmap" in body:
        assert "Cannot allocate memory" in failed(outcome, Status.CRASH)
    else:
        assert "MemoryError" in failed(outcome, Status.MEMORY) or "ArrayMemoryError" in outcome.feedback


@pytest.mark.parametrize(
    "call",
    ["os.fork()", "os.execv('/bin/true', ['true'])", "os.system('true')", "ctypes.CDLL(None).ptrace(0, 0, 0, 0)"],
)
def test_what_the_walls_forbid_is_a_violation(honest: Bench, call: str) -> None:
    if honest.evaluator.level < 2:
        pytest.skip("no system call filter on this machine")
    outcome = honest.evaluate(f"import ctypes, os\ndef f(x):\n    {call}\n    return 2 * x\n")
    assert "sandbox forbids" in failed(outcome, Status.VIOLATION)


def test_a_violation_after_the_answer_counts(honest: Bench) -> None:
    if honest.evaluator.level < 2:
        pytest.skip("no system call filter on this machine")
    program = DAWDLER.replace("import struct", "import os, struct").replace("time.sleep(3600)", "os.fork()")
    assert "sandbox forbids" in failed(honest.evaluate(program), Status.VIOLATION)


@pytest.mark.parametrize("which", [0, 1])
def test_a_lost_server_is_the_machinerys_fault_and_is_started_again(benches: Benches, which: int) -> None:
    bench = benches(HONEST, workers=1)

    async def lose() -> Status:
        task = asyncio.create_task(bench.measure("import time\ndef f(x):\n    time.sleep(3600)\n"))
        await asyncio.sleep(0.2)
        os.kill(server_process(bench.servers[which]), signal.SIGKILL)
        return (await task).status

    assert len(family(server_process(bench.servers[which]))) == 2
    assert bench.run(lose()) is Status.LOST
    assert bench.evaluate(DOUBLE).score == 1.0
