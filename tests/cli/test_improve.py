"""`shoal improve` as a process: left half-way, and twice at once."""

from __future__ import annotations

import signal
import subprocess
import time
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


def begin(
    project: Path, words: tuple[str, ...] = WORDS, phase: str = "is the function the same"
) -> subprocess.Popen[str]:
    """Start, and return when it says that it is so far: when the function is being studied."""
    process = subprocess.Popen(
        command(*words), cwd=project, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    while phase not in (line := process.stderr.readline()):
        assert line, f"it never said {phase!r}"
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


NESTED = '''"""People and what they share."""


def friends_in_common(people: list[tuple[str, list[str]]]) -> list[tuple[str, str, list[str]]]:
    """For each pair of people, the friends that both have."""
    result = []
    for i in range(len(people)):
        name, friends = people[i]
        for j in range(i + 1, len(people)):
            other, theirs = people[j]
            common = [friend for friend in friends if friend in theirs]
            if common:
                result.append((name, other, common))
    return result
'''
NESTED_TEST = """from friends import friends_in_common


def test_common():
    people = [("ann", ["bob", "cid", "dan", "eve"]), ("bob", ["ann", "cid", "eve"]), ("cid", ["ann", "bob", "dan"])]
    found = friends_in_common(people)
    assert found == [("ann", "bob", ["cid", "eve"]), ("ann", "cid", ["bob", "dan"]), ("bob", "cid", ["ann"])]
    assert friends_in_common([]) == []
"""
PROMPT = 4.0  # seconds on a busy machine; on one that has nothing else to do it is a half


@pytest.mark.slow
@pytest.mark.timeout(200)
@pytest.mark.parametrize("phase", ["making more inputs", "how its cost grows", "best ", "proof on held-out"])
def test_large_nested_arguments_do_not_keep_it_from_stopping_at_once(phase: str, tmp_path: Path) -> None:
    (tmp_path / "friends.py").write_text(NESTED)
    (tmp_path / "test_friends.py").write_text(NESTED_TEST)
    words = ("improve", "friends:friends_in_common", "--time", "8s", "--seed", "0", "--out", "runs")
    process = begin(tmp_path, words, phase)
    time.sleep(2.0)  # into it
    before = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert time.monotonic() - before < PROMPT
    assert process.returncode == 130 and "Traceback" not in err and "nothing was changed" in out
    assert (tmp_path / "friends.py").read_text() == NESTED
