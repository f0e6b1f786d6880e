"""Nothing that was paid for is lost, and nothing is paid for twice, whenever the power goes."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shoal.core.budget import Budget
from shoal.core.course import Admitted
from shoal.core.events import broken_link
from shoal.core.loop import Report
from shoal.core.protocols import Search
from shoal.store import SqlStore
from tests.core import shapes, toy_crash
from tests.core.toys import Bowl, cut, drive, events_of, of_type, plan_of, replayed

ROOT = Path(__file__).parents[2]
KILLS = 20


def undisturbed(path: Path, search: Search[Any], budget: Budget) -> Report:
    store = SqlStore(path)
    try:
        return drive(plan_of(search, evaluator=Bowl()), store, budget=budget)
    finally:
        store.close()


def test_a_run_killed_again_and_again_ends_like_an_undisturbed_one(tmp_path: Path) -> None:
    file = tmp_path / "run.db"
    command = [sys.executable, "-m", "tests.core.toy_crash", os.fspath(file), str(KILLS)]
    path = os.pathsep.join([os.fspath(ROOT), os.fspath(ROOT / "src")])
    subprocess.run(command, check=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, timeout=100)
    expected = undisturbed(tmp_path / "whole.db", shapes.Everything(), toy_crash.BUDGET)
    store = SqlStore(file, read_only=True)
    events = events_of(store)
    store.close()
    course = replayed(shapes.Everything(), events)
    assert broken_link(events) is None
    assert course.digest() == expected.digest == of_type(events, "finished")[-1]["digest"]
    assert course.spent.counted == expected.spent.counted
    assert course.spent.counted.evaluations == 60
    assert max(Counter(one["k"] for one in of_type(events, "result")).values()) == 1
    assert max(Counter(one["k"] for one in of_type(events, "issued")).values()) == 1
    assert of_type(events, "resumed"), "no kill fell into the run"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    store = SqlStore(tmp_path_factory.mktemp("whole") / "run.db")
    drive(plan_of(shapes.Everything()), store, budget=SHORT)
    yield store
    store.close()


SHORT = Budget(evaluations=14)


def test_a_log_cut_after_any_event_leads_to_the_same_end(whole: SqlStore, tmp_path: Path) -> None:
    events = events_of(whole)
    expected = of_type(events, "finished")[0]
    for end in range(len(events) + 1):
        store = cut(whole, tmp_path / f"{end}.db", events[:end])
        report = drive(plan_of(shapes.Everything(), evaluator=Bowl()), store, budget=SHORT)
        log = events_of(store)
        store.close()
        assert report.digest == expected["digest"], f"cut after {end} events"
        assert report.spent.counted.evaluations == expected["spent"]["counted"]["evaluations"]
        assert broken_link(log) is None
        assert replayed(shapes.Everything(), log).digest() == report.digest


def test_what_is_on_the_log_is_not_carried_out_again(whole: SqlStore, tmp_path: Path) -> None:
    events = events_of(whole)
    recorded = len(of_type(events[:-4], "result"))
    assert recorded
    store = cut(whole, tmp_path / "cut.db", events[:-4])
    evaluator = Bowl()
    drive(plan_of(shapes.Everything(), evaluator=evaluator), store, budget=SHORT)
    results = len(of_type(events_of(store), "result"))
    store.close()
    assert evaluator.calls <= results - recorded


def test_each_note_is_written_once(whole: SqlStore, tmp_path: Path) -> None:
    events = events_of(whole)
    expected = [(note["k"], note["data"]) for note in of_type(events, "note")]
    for end in range(1, len(events) + 1):
        store = cut(whole, tmp_path / f"{end}.db", events[:end])
        drive(plan_of(shapes.Everything(), evaluator=Bowl()), store, budget=SHORT)
        notes = [(note["k"], note["data"]) for note in of_type(events_of(store), "note")]
        store.close()
        assert notes == expected, f"cut after {end} events"


def test_an_unordered_run_cut_after_any_event_still_replays(tmp_path: Path) -> None:
    search = shapes.KeepOrDiscard()
    source = SqlStore(tmp_path / "whole.db")
    drive(plan_of(search), source, budget=SHORT, ordered=False)
    events = events_of(source)
    for end in range(1, len(events) + 1):
        store = cut(source, tmp_path / f"{end}.db", events[:end])
        report = drive(plan_of(search), store, budget=SHORT, ordered=False)
        course = replayed(search, events_of(store))
        store.close()
        assert course.digest() == report.digest, f"cut after {end} events"
        assert course.spent.counted.evaluations == 14
    source.close()


def after_the_tenth() -> tuple[Callable[[Admitted], str | None], ...]:
    return (lambda step: "target reached" if step.k == 10 else None,)


def test_a_run_cut_after_its_target_ends_like_an_undisturbed_one(tmp_path: Path) -> None:
    """What was in flight when the target was reached is still learnt from; nothing new is begun."""
    search, budget = shapes.KeepOrDiscard(), Budget(evaluations=40)
    source = SqlStore(tmp_path / "whole.db")
    expected = drive(plan_of(search), source, budget=budget, stops=after_the_tenth())
    events = events_of(source)
    assert (expected.reason, expected.admitted) == ("target reached", 14)
    for end in range(1, len(events)):  # the last is `finished`: after that, resuming means to go on
        store = cut(source, tmp_path / f"{end}.db", events[:end])
        report = drive(plan_of(search), store, budget=budget, stops=after_the_tenth())
        store.close()
        assert (report.digest, report.admitted) == (expected.digest, 14), f"cut after {end} events"
    source.close()
