"""Leaving a run by Ctrl-C or by force loses nothing."""

import os
import pty
import signal
import subprocess
from pathlib import Path

from .conftest import call, command, environment

RUN = ("run", "circle_packing_26", "--evaluations", "60", "--seed", "5")
LONGER = (*RUN[:3], "400", *RUN[4:])  # long enough to be redrawn on a fast machine too


def begin(place: Path, *, evaluations: int = 60) -> subprocess.Popen[str]:
    """Start a run and return once its first trial was measured."""
    words = (*RUN[:3], str(evaluations), *RUN[4:])
    process = subprocess.Popen(
        command(*words), cwd=place, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    while "a trial" not in (line := process.stderr.readline()):
        assert line, "the run ended before its first trial"
    return process


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def undisturbed(place: Path) -> str:
    digest: str = call(*RUN, "--json", cwd=place).json["digest"]
    return digest


def test_one_interrupt_saves_the_run_and_resume_ends_as_if_nothing_had_happened(tmp_path: Path) -> None:
    process = begin(tmp_path)
    process.send_signal(signal.SIGINT)
    code, out, err = finish(process)
    assert code == 130 and "Traceback" not in err
    assert "nothing is lost; go on with: shoal resume circle_packing_26-" in out
    assert "interrupted" in call("runs", cwd=tmp_path).out
    said = call("resume", "last", "--json", cwd=tmp_path)
    assert said.code == 0 and "going on after" in said.err
    assert said.json["digest"] == undisturbed(tmp_path)


def test_a_second_interrupt_leaves_at_once_and_the_run_can_go_on(tmp_path: Path) -> None:
    process = begin(tmp_path)
    for _ in range(3):
        process.send_signal(signal.SIGINT)
        if process.poll() is not None:
            break
    code, _, err = finish(process)
    assert code == 130 and "Traceback" not in err
    assert call("resume", "last", cwd=tmp_path).code == 0


def test_a_killed_run_is_called_cut_off_and_goes_on(tmp_path: Path) -> None:
    process = begin(tmp_path)
    process.kill()
    finish(process)
    assert "cut off" in call("runs", cwd=tmp_path).out
    assert "cut off; go on with: shoal resume" in call("show", "last", cwd=tmp_path).out
    said = call("resume", "last", "--json", cwd=tmp_path)
    assert said.code == 0 and said.json["evaluations"] == 60
    done = call("resume", "last", cwd=tmp_path)
    assert done.code == 0 and "is done" in done.err and "--evaluations 120" in done.err


def test_a_terminal_gets_one_line_that_is_redrawn_and_cleared(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command(*LONGER), cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL, stderr=theirs
    )
    os.close(theirs)
    shown = b""
    while piece := _read(ours):
        shown += piece
    os.close(ours)
    assert process.wait(60) == 0
    assert b"\r\x1b[Kbest " in shown and b"evaluations left" in shown and "▁".encode() in shown
    assert shown.endswith(b"\r\x1b[K")


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # the other end was closed
        return b""
