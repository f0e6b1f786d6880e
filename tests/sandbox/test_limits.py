"""What a candidate cannot use up, and how each end is told apart."""

import signal
import sys
from dataclasses import replace

import pytest

from shoal.sandbox import Limits

from .conftest import Walls

SMALL = Limits(cpu_seconds=1, wall_seconds=20, memory_bytes=200 << 20)
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits memory and counts threads")


@linux
@pytest.mark.parametrize("name", ["hog", "big_integer"])
def test_memory_runs_out_inside_only(walls: Walls, name: str) -> None:
    finished = walls.finish(name, limits=replace(SMALL, cpu_seconds=20))
    assert finished.replies == ({"error": "MemoryError", "errno": None},)
    assert finished.exit.peak_bytes < 400 << 20


@linux
def test_memory_counts_before_it_is_touched(walls: Walls) -> None:
    assert walls.answer("untouched_memory", 1 << 30, limits=SMALL)["errno"] == "ENOMEM"
    assert walls.value("untouched_memory", 100 << 20, limits=SMALL) == 100 << 20


def test_endless_loop_ends_by_processor_time(walls: Walls) -> None:
    ended = walls.end("burn", limits=SMALL)
    assert (ended.cause, ended.signal) == ("cpu", signal.SIGXCPU)
    assert 0.5 < ended.cpu_seconds < 2.5


def test_loop_that_ignores_the_signal_ends_too(walls: Walls) -> None:
    ended = walls.end("burn_deaf", limits=SMALL)
    assert (ended.cause, ended.signal) == ("cpu", signal.SIGKILL)


def test_sleeper_ends_by_the_wall_clock(walls: Walls) -> None:
    ended = walls.end("sleep", limits=replace(SMALL, wall_seconds=0.3))
    assert ended.cause == "wall"
    assert ended.cpu_seconds < 0.3


@linux
@pytest.mark.parametrize("allowed", [1, 2, 5])
def test_threads_are_counted_per_child(walls: Walls, allowed: int) -> None:
    assert walls.server.isolation is not None
    if not all(wall.ok for wall in walls.server.isolation.properties if wall.name in ("threads", "seccomp")):
        pytest.skip("this machine cannot count threads per child")
    assert walls.value("threads", 20, limits=Limits(threads=allowed)) == allowed


def test_limits_cannot_be_raised(walls: Walls) -> None:
    assert walls.answer("raise_limits")["error"] in ("ValueError", "PermissionError")


def test_crash_is_a_signal(walls: Walls) -> None:
    ended = walls.end("crash")
    assert (ended.cause, ended.signal, ended.code) == ("signal", signal.SIGSEGV, None)


def test_exit_codes(walls: Walls) -> None:
    assert walls.end("leave", 3).code == 3
    assert walls.end("nothing").code == 0
    assert walls.answer("give_up")["error"] == "SystemExit"


def test_flood_is_refused_while_it_is_read(walls: Walls) -> None:
    assert "more than 10000 values" in str(walls.finish("flood", 20_000).error)


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        (b"\xff\xff\xff\xff", "the limit is"),
        (b"\x10\0\0\0abc", "ends after 3 of 16"),
        (b"\x01", "inside its header"),
        (b"\x01\0\0\0n", "None alone"),
        (b"\x01\0\0\0t\x01\0\0\0t", "more than was asked"),
        (b"", "ended after 0 of 1"),
    ],
)
def test_forged_frames_are_named(walls: Walls, sent: bytes, complaint: str) -> None:
    finished = walls.finish("raw_bytes", sent)
    assert complaint in str(finished.error)


def test_second_answer_is_an_error(walls: Walls) -> None:
    finished = walls.finish("two_answers")
    assert finished.error == "it sent more than was asked for"
