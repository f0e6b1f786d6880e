"""Runs that were left, killed, extended or started from others."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import shoal
from shoal.core.budget import Budget
from shoal.core.errors import StoreError, UserError
from shoal.labs.evolve import Finished
from shoal.report import RunView
from shoal.store import RunFolder, find_run

from .sittings import PROGRAM, Watcher, events, go_on, run, sound, write_task

EVALUATIONS_PER_KILL = 25


def sitting(place: Path, *words: str) -> subprocess.Popen[bytes]:
    """`shoal WORDS` as the leader of a process group of its own."""
    environment = {**os.environ, "PYTHONPATH": str(Path(shoal.__file__).parents[1])}
    return subprocess.Popen(
        [sys.executable, "-m", "shoal", *words],
        cwd=place,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def events_so_far(place: Path) -> int:
    files = list((place / "runs").glob("*/run.db"))
    if not files:
        return 0
    store = RunFolder(files[0].parent).store(read_only=True)
    try:
        last = store.last(files[0].parent.name)
        return 0 if last is None else last.seq + 1
    except StoreError:  # it is just being made
        return 0
    finally:
        store.close()


def kill_at_some_moment(place: Path, process: subprocess.Popen[bytes], chance: random.Random) -> bool:
    """Kill the group a little after the log has grown; False when the run was quicker."""
    wanted = events_so_far(place) + chance.randint(1, 30)
    try:
        while process.poll() is None and events_so_far(place) < wanted:
            time.sleep(0.02)
        time.sleep(chance.uniform(0.0, 0.05))
        return process.poll() is None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kills", [4, pytest.param(20, marks=pytest.mark.slow)])
def test_killed_at_random_moments_it_ends_like_an_undisturbed_run(kills: int, tmp_path: Path) -> None:
    chance, evaluations = random.Random(kills), EVALUATIONS_PER_KILL * kills
    words = ("run", "circle_packing_26", "--seed", "5", "--evaluations", str(evaluations))
    killed = kill_at_some_moment(tmp_path, sitting(tmp_path, *words), chance)
    count = int(killed)
    while killed and count < kills:
        killed = kill_at_some_moment(tmp_path, sitting(tmp_path, "resume", "last"), chance)
        count += killed
    assert count >= kills / 2, "it was done too soon"
    done = go_on(find_run("last", out=tmp_path / "runs"))
    expected = run("circle_packing_26", tmp_path / "whole", evaluations=evaluations, seed=5)
    assert (done.digest, done.best_score, done.evaluations) == (expected.digest, expected.best_score, evaluations)
    assert sound(done) and len(events(done.folder, "resumed")) >= 1


def test_killed_in_its_looks_it_makes_the_others_when_it_goes_on(tmp_path: Path) -> None:
    process = sitting(tmp_path, "run", "bin_packing_weibull", "--seed", "5", "--evaluations", "12")
    folder = None
    try:
        while process.poll() is None and (folder is None or not events(folder, "look")):
            time.sleep(0.02)
            files = list((tmp_path / "runs").glob("*/run.db"))
            folder = RunFolder(files[0].parent) if files and events_so_far(tmp_path) else None
        assert process.poll() is None, "it was done too soon"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert folder is not None
    made = events(folder, "look")
    shown = subprocess.run(
        [sys.executable, "-m", "shoal", "show", "last"], cwd=tmp_path, capture_output=True, check=True
    )
    assert b"cut off in its last measurements; go on with: shoal resume" in shown.stdout
    assert sitting(tmp_path, "resume", "last").wait() == 0
    whole = run("bin_packing_weibull", tmp_path / "whole", evaluations=12, seed=5)
    looks, expected = events(folder, "look"), events(whole.folder, "look")
    assert looks[: len(made)] == made and len(made) < len(looks) == len(expected)
    assert [one["split"] for one in looks] == [one["split"] for one in expected]


@pytest.mark.parametrize("evaluations", [1, 2, 9])
def test_the_budget_is_exact(evaluations: int, tmp_path: Path) -> None:
    done = run(write_task(tmp_path / "slopes"), tmp_path, evaluations=evaluations, window=16, seed=3)
    assert (done.evaluations, done.reason) == (evaluations, f"budget: evaluations {evaluations}")
    assert sound(done)


def test_a_left_run_goes_on_and_a_finished_one_only_with_a_new_total(tmp_path: Path) -> None:
    task = write_task(tmp_path / "slopes")
    watch = Watcher(after=7)
    left = run(task, tmp_path, evaluations=20, seed=3, watch=watch)
    assert (left.status, left.sealed_score) == ("interrupted", None)
    done = go_on(left.folder)
    whole = run(task, tmp_path / "whole", evaluations=20, seed=3)
    assert (done.status, done.digest, done.evaluations) == ("done", whole.digest, 20)
    again = go_on(left.folder)
    assert (again.digest, again.evaluations) == (done.digest, 20)
    more = go_on(left.folder, budget=Budget(evaluations=30))
    assert more.evaluations == 30 and sound(more)


def test_a_changed_judge_is_refused_in_one_line(tmp_path: Path) -> None:
    task = write_task(tmp_path / "slopes")
    left = run(task, tmp_path, evaluations=20, watch=Watcher(after=3))
    with (task / "judge.py").open("a") as file:
        file.write("# kinder\n")
    with pytest.raises(UserError, match=r"judge\.py of task slopes changed since the run was started") as caught:
        go_on(left.folder)
    assert "\n" not in str(caught.value)


def began_with(done: Finished) -> tuple[str, float]:
    """The initial program of a run, and its score on the instances of the search."""
    store = done.folder.store(read_only=True)
    view = RunView.read(store, done.run)
    assert view.initial is not None
    first = view.candidates[view.initial]
    text = store.get(first.files["initial.py"]).decode()
    store.close()
    assert first.score is not None
    return text, first.score


def test_from_a_file_and_from_a_run(tmp_path: Path) -> None:
    task = write_task(tmp_path / "slopes")
    better = tmp_path / "better.py"
    better.write_text(PROGRAM.replace("0.4", "0.5"))
    watch = Watcher(after=6)
    left = run(task, tmp_path / "runs", evaluations=16, seed=2, start=str(better), watch=watch)
    better.unlink()
    done = go_on(left.folder)
    plain = run(task, tmp_path / "runs", evaluations=16, seed=2)
    # On the instances of the search, which the seed gives; those behind the seal are others in each folder of runs.
    text, score = began_with(done)
    assert text == PROGRAM.replace("0.4", "0.5") and score > began_with(plain)[1]
    heir = run(task, tmp_path / "runs", evaluations=4, seed=2, start=done.run)
    assert heir.initial_score == pytest.approx(done.best_score, abs=1e-12)
    assert (done.folder.report / "best.py").is_file()


def test_from_something_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="neither a program file nor a run"):
        run(write_task(tmp_path / "slopes"), tmp_path, evaluations=4, start="nothing-of-that-name")


def test_an_initial_program_that_fails_ends_the_run_in_one_line(tmp_path: Path) -> None:
    task = write_task(tmp_path / "slopes", program="def slope(points):\n    return points[99]\n")
    with pytest.raises(UserError, match="the initial program got no score") as caught:
        run(task, tmp_path, evaluations=4)
    assert "IndexError: list index out of range (line 2)" in str(caught.value)


def test_a_report_that_cannot_be_written_does_not_cost_the_run(tmp_path: Path) -> None:
    task, runs = write_task(tmp_path / "slopes"), tmp_path / "runs"

    class InTheWay(Watcher):
        def started(self, info: Any) -> None:
            (info.folder.path / ".report.new").write_text("a file where the report's folder is made")

    with pytest.raises(UserError, match="cannot write the report"):
        run(task, runs, evaluations=8, seed=2, watch=InTheWay())
    (left,) = runs.glob("*/run.db")
    assert left.stat().st_size > 0
