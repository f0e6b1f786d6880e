"""The ways a run ends that no candidate has a say in: the STOP file, a dead supervisor, the budget."""

import asyncio
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from shoal.core.course import Admitted
from shoal.core.errors import UserError
from shoal.core.values import Counted, Result, Status, Wait
from shoal.labs.evolve import STOP_FILE, RunConfig, start, stop_file
from shoal.labs.evolve._config import load_config
from shoal.labs.evolve._run import _patience

from .sittings import Watcher, events, go_on, run, sound, write_task
from .test_going_on import events_so_far, sitting

SLOW = """
import time

def slope(points):
    end = time.process_time() + {seconds}
    while time.process_time() < end:
        pass
    return 0.4 * (points[2] - points[0])
"""
CURIOUS = """
import public

def slope(points):
    return max((0.1 * k for k in range(40)), key=lambda x: public.value(x))
"""
PUBLIC = "def value(x):\n    return -abs(x)\n"


class Stopper(Watcher):
    """Writes a STOP file after a few admissions, into the run's folder or the folder of runs."""

    def __init__(self, *, above: bool) -> None:
        super().__init__()
        self.above = above
        self.written = self.path = None  # type: Any

    def admitted(self, course: Any, step: Any) -> None:
        super().admitted(course, step)
        if self.admissions == 5:
            folder = self.infos[0].folder.path
            self.path = (folder.parent if self.above else folder) / STOP_FILE
            self.path.touch()
            self.written = time.monotonic()


@pytest.mark.parametrize("above", [False, True])
def test_a_stop_file_ends_a_run_which_goes_on_when_it_is_gone(above: bool, tmp_path: Path) -> None:
    task, out = write_task(tmp_path / "slopes"), tmp_path / "runs"
    watch = Stopper(above=above)
    left = run(task, out, evaluations=150, seed=3, watch=watch)
    assert (left.status, left.reason) == ("interrupted", f"STOP file at {watch.path}")
    assert left.evaluations < 150 and left.sealed_score is None
    for attempt in (lambda: go_on(left.folder), *([lambda: run(task, out, evaluations=4)] if above else [])):
        with pytest.raises(UserError, match="exists: nothing runs here while it does") as caught:
            attempt()
        assert str(watch.path) in str(caught.value) and "\n" not in str(caught.value)
    watch.path.unlink()
    done = go_on(left.folder)
    whole = run(task, tmp_path / "whole", evaluations=150, seed=3)
    assert (done.status, done.digest) == ("done", whole.digest) and sound(done)


def test_a_stop_file_is_obeyed_within_a_second(tmp_path: Path) -> None:
    task = write_task(tmp_path / "slopes", program=SLOW.format(seconds=0.05))
    watch = Stopper(above=False)
    last: list[float] = []
    note = watch.admitted

    def admitted(course: Any, step: Any) -> None:
        note(course, step)
        last.append(time.monotonic())

    watch.admitted = admitted  # type: ignore[method-assign]
    left = run(task, tmp_path / "runs", evaluations=400, seed=3, watch=watch)
    assert left.status == "interrupted" and last[-1] - watch.written < 1.0


def test_whatever_is_called_stop_stops(tmp_path: Path) -> None:
    assert stop_file(tmp_path) is None
    (tmp_path / STOP_FILE).symlink_to("nowhere")
    assert stop_file(tmp_path / "elsewhere", tmp_path) == tmp_path / STOP_FILE
    with pytest.raises(UserError, match="nothing runs here"):
        asyncio.run(start(RunConfig(task="circle_packing_26", evaluations=1, out=tmp_path)))
    assert list(tmp_path.iterdir()) == [tmp_path / STOP_FILE]


def test_no_candidate_sees_or_makes_a_stop_file(tmp_path: Path) -> None:
    out = tmp_path / "runs"
    out.mkdir()
    program = f"""
import os

def slope(points):
    found = 0.0
    for place in ({str(out)!r}, ".", "/tmp", "/"):
        try:
            open(os.path.join(place, "STOP"), "w").close()
            found = 5.0 if place == {str(out)!r} else found
        except OSError:
            pass
    return found
"""
    done = run(write_task(tmp_path / "slopes", program=program), out, evaluations=3, seed=1)
    assert done.status == "done" and stop_file(out, done.folder.path) is None
    if done.isolation_level == 3:
        assert events(done.folder, "result")[0]["result"]["outcome"]["score"] > -2.0


def test_nothing_survives_a_killed_supervisor(tmp_path: Path) -> None:
    write_task(tmp_path / "slopes", program=SLOW.format(seconds=4.0))
    process = sitting(tmp_path, "run", "./slopes", "--evaluations", "50", "--seed", "1")
    try:
        deadline = time.monotonic() + 60
        while events_so_far(tmp_path) < 2 or len(below(process.pid)) < 5:
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)
        jailed = below(process.pid)  # servers of candidates and judges, the editor, a judge, a candidate
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        deadline = time.monotonic() + 5
        while alive := [one for one in jailed if one in processes()]:
            assert time.monotonic() < deadline, alive
            time.sleep(0.02)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def processes() -> dict[tuple[int, str], int]:
    """Every process that is not a zombie, by its number and the time it began; and its parent."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            state, parent, *rest = (place / "stat").read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        if state != "Z":
            found[int(place.name), rest[17]] = int(parent)
    return found


def below(pid: int) -> list[tuple[int, str]]:
    """The descendants of a process."""
    everyone = processes()
    found, waiting = [], [pid]
    while waiting:
        parent = waiting.pop()
        children = [one for one, of in everyone.items() if of == parent]
        found += children
        waiting += [number for number, _ in children]
    return found


def test_programs_that_burn_cpu_do_not_stretch_the_budget(tmp_path: Path) -> None:
    task = write_task(tmp_path / "slopes", program=SLOW.format(seconds=0.3))
    done = run(task, tmp_path / "runs", cpu_seconds=3.0, seed=1, window=2, workers=2)
    assert done.reason == "budget: cpu_seconds 3"
    trial = 2 * 1.5 * 5.0  # two instances, each at its enforced limit
    assert 3.0 <= done.cpu_seconds < 3.0 + 2 * trial and done.evaluations < 20
    assert sound(done)


def test_calls_of_the_public_score_are_counted_and_do_not_stretch_the_budget(tmp_path: Path) -> None:
    task = write_task(tmp_path / "slopes", program=CURIOUS)
    (task / "public.py").write_text(PUBLIC)
    done = run(task, tmp_path / "runs", evaluations=6, seed=1)
    assert (done.evaluations, done.reason) == (6, "budget: evaluations 6")
    first = events(done.folder, "result")[0]["result"]["outcome"]
    assert first["counted"]["public_calls"] == 80 and first["counted"]["evaluations"] == 1
    assert sound(done)


def test_a_run_with_patience_ends_where_nothing_new_is_proposed_any_more():
    work, known, tried = Wait("nothing"), Result(Status.REJECTED), Result(Status.OK, counted=Counted(evaluations=1))
    (rule,) = _patience(load_config(None, {"task": "t", "patience": 5}))
    said = [rule(Admitted(k, work, known, ())) for k in range(99)]
    assert said == [None] * 99
    assert rule(Admitted(99, work, tried, ())) is None
    assert [rule(Admitted(k, work, known, ())) for k in range(100)][-1] == "nothing new in 100 proposals"
    assert [rule(Admitted(k, work, tried, ())) for k in range(4)][-1] == "no new champion in 5 evaluations"
    assert _patience(load_config(None, {"task": "t"})) == ()
