"""The line that says how far the work before a run is, and after it."""

import io
import time

from shoal.cli._waiting import PATIENCE_SECONDS, Waiting


def waited(waiting: Waiting, seconds: float) -> str:
    """The line when what it says began so many seconds ago."""
    waiting._began = time.monotonic() - seconds
    return waiting.text()


def test_short_work_is_not_told_of_and_long_work_is_with_an_estimate() -> None:
    waiting = Waiting(io.StringIO())
    waiting.say("making more inputs")
    assert waited(waiting, PATIENCE_SECONDS / 2) == ""
    assert waited(waiting, 6.0) == "making more inputs (6 s)"
    waiting.done(0.25)
    assert waited(waiting, 6.0) == "making more inputs (6 s; ETA 18 s)"
    waiting.say("running the tests", seconds=10.0)
    assert waited(waiting, 6.0) == "running the tests (6 s; ETA 4 s)"
    assert waited(waiting, 16.0) == "running the tests (16 s)", "longer than last time: nobody knows"
    waiting.close()
    waiting.close()


def test_what_is_said_stays_and_the_line_is_drawn_below_it() -> None:
    out = io.StringIO()
    waiting = Waiting(out)
    waiting._line.every = 0.01
    waiting.say("how its cost grows")
    waiting._began -= 5.0
    deadline = time.monotonic() + 10.0
    while "(5 s)" not in out.getvalue():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    waiting.close()
    lines = out.getvalue().splitlines()
    assert lines[:2] == ["how its cost grows", "how its cost grows (5 s)"]
    time.sleep(0.05)
    assert out.getvalue().splitlines() == lines, "nothing is drawn any more"
