"""`shoal improve` as a process: left half-way, and twice at once."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from .conftest import call, command, environment

MODULE = """def guests(names):
    found = []
    for name in names:
        if name not in found:
            found.append(name)
    return found
"""
TEST = """from names import guests


def test_guests():
    assert guests(["ann", "bob", "ann", "cleo", "dora", "emil"]) == ["ann", "bob", "cleo", "dora", "emil"]
"""
WORDS = ("improve", "names:guests", "--evaluations", "2", "--seed", "0", "--out", "runs", "--json")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "names.py").write_text(MODULE)
    (tmp_path / "test_names.py").write_text(TEST)
    return tmp_path


def begin(project: Path) -> subprocess.Popen[str]:
    """Start, and return when the function is being studied."""
    process = subprocess.Popen(
        command(*WORDS), cwd=project, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    while "is the function the same" not in (line := process.stderr.readline()):
        assert line, "the study never began"
    return process


def test_an_interrupt_during_the_study_ends_at_once_and_leaves_nothing(project: Path) -> None:
    process = begin(project)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert process.returncode == 130 and "Traceback" not in err
    assert '"verdict": "interrupted"' in out and "nothing was changed" in err
    assert not any((project / "runs" / "tasks").iterdir())
    assert (project / "names.py").read_text() == MODULE


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_at_once_on_one_function_do_not_get_in_each_others_way(project: Path) -> None:
    first, second = begin(project), begin(project)
    for process in (first, second):
        _, err = process.communicate(timeout=200)
        assert process.returncode == 0, err
    assert len(list((project / "runs" / "tasks").iterdir())) == 2
    assert call("resume", "last", "--evaluations", "3", "--out", "runs", cwd=project).code == 0
