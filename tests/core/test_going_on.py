"""Runs that went on: with a larger budget, after a target, after the clock ran out, after a person left."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import pytest

from shoal.core.budget import Budget
from shoal.core.course import Admitted, Course
from shoal.core.errors import MachineryError
from shoal.core.events import broken_link
from shoal.core.loop import Report, Stop
from shoal.core.protocols import Search
from shoal.core.values import Trial
from shoal.store import SqlStore
from tests.core import shapes
from tests.core.toys import RUN, Bowl, drive, events_of, of_type, plan_of, replayed, same

SEARCHES: dict[str, Search[Any]] = {
    "clades": shapes.Clades(),
    "generations": shapes.Generations(),
    "everything": shapes.Everything(),
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(tmp_path / "run.db")
    yield store
    store.close()


@pytest.fixture(params=SEARCHES)
def search(request: pytest.FixtureRequest) -> Search[Any]:
    return SEARCHES[request.param]


def check(search: Search[Any], store: SqlStore, report: Report) -> Course[Any]:
    """The log is whole and tells what the report tells."""
    events = events_of(store)
    course = replayed(search, events)
    assert broken_link(events) is None
    assert course.digest() == report.digest
    assert course.spent.counted == report.spent.counted
    assert course.admitted == report.admitted == report.issued
    assert events[-1].head == report.chain_head
    return course


@pytest.mark.parametrize("ordered", [True, False])
def test_a_finished_run_goes_on_to_a_larger_total(search: Search[Any], store: SqlStore, ordered: bool) -> None:
    totals = [50, 80, 80, 95]
    for sitting, total in enumerate(totals):
        report = drive(plan_of(search), store, budget=Budget(evaluations=total), ordered=ordered)
        assert report.spent.counted.evaluations == total
        assert report.status == "done"
        check(search, store, report)
        assert len(of_type(events_of(store), "resumed")) == sitting
    assert [one["budget"]["evaluations"] for one in of_type(events_of(store), "resumed")] == totals[1:]


def test_going_on_in_the_same_steps_gives_the_same_digest(search: Search[Any], tmp_path: Path) -> None:
    digests = set()
    for name in ("one", "other"):
        store = SqlStore(tmp_path / f"{name}.db")
        for total in (20, 33):
            report = drive(plan_of(search), store, budget=Budget(evaluations=total))
        digests.add(report.digest)
        store.close()
    assert len(digests) == 1


def target(k: int) -> tuple[Callable[[Admitted], str | None], ...]:
    return (lambda step: f"target at {k}" if step.k == k else None,)


@pytest.mark.parametrize("ordered", [True, False])
def test_a_run_that_reached_its_target_replays_and_goes_on(search: Search[Any], store: SqlStore, ordered: bool) -> None:
    budget = Budget(evaluations=40)
    report = drive(plan_of(search), store, budget=budget, ordered=ordered, stops=target(10))
    assert report.reason == "target at 10"
    assert report.admitted < 25
    halted = of_type(events_of(store), "halted")
    assert [one["reason"] for one in halted] == ["target at 10"]
    check(search, store, report)
    report = drive(plan_of(search), store, budget=budget, ordered=ordered)
    assert report.spent.counted.evaluations == 40
    check(search, store, report)


async def slowly(trial: Trial, numbers: list[float]) -> None:
    await anyio.sleep(0.03)


@pytest.mark.parametrize("ordered", [True, False])
def test_a_run_that_ran_out_of_time_replays_and_goes_on(search: Search[Any], store: SqlStore, ordered: bool) -> None:
    timed = Budget(evaluations=4000, seconds=0.3)
    report = drive(plan_of(search, evaluator=Bowl(slowly)), store, budget=timed, ordered=ordered)
    assert report.reason == "budget: seconds 0.3"
    assert report.spent.seconds >= 0.3
    check(search, store, report)
    total = report.spent.counted.evaluations + 20
    report = drive(plan_of(search), store, budget=Budget(evaluations=total), ordered=ordered)
    assert report.spent.counted.evaluations == total
    assert report.spent.seconds >= 0.3
    check(search, store, report)


def test_a_run_whose_time_is_used_up_begins_nothing_new(store: SqlStore) -> None:
    timed = Budget(evaluations=4000, seconds=0.3)
    first = drive(plan_of(shapes.Clades(), evaluator=Bowl(slowly)), store, budget=timed)
    again = drive(plan_of(shapes.Clades()), store, budget=timed)
    assert again.issued == first.issued
    assert again.digest == first.digest


def test_an_interrupted_run_says_so_and_ends_like_an_undisturbed_one(
    search: Search[Any], store: SqlStore, tmp_path: Path
) -> None:
    budget = Budget(evaluations=30)
    stop = Stop()

    def leave(course: Course[Any], step: Admitted) -> None:
        stop.now = step.k == 12

    left = drive(plan_of(search), store, budget=budget, stop=stop, watch=leave)
    assert (left.status, left.reason) == ("interrupted", "interrupted")
    assert not of_type(events_of(store), "finished")
    whole = SqlStore(tmp_path / "whole.db")
    expected = drive(plan_of(search), whole, budget=budget)
    whole.close()
    report = drive(plan_of(search), store, budget=budget)
    assert (report.status, report.digest) == ("done", expected.digest)
    course = check(search, store, report)
    assert same(course.state, replayed(search, events_of(store)).state)


def test_leaving_before_anything_was_done_loses_nothing(store: SqlStore) -> None:
    budget = Budget(evaluations=10)
    left = drive(plan_of(shapes.Clades()), store, budget=budget, stop=Stop(now=True))
    assert (left.status, left.issued) == ("interrupted", 0)
    report = drive(plan_of(shapes.Clades()), store, budget=budget)
    assert report.spent.counted.evaluations == 10


@pytest.mark.parametrize("changed", [{"seed": 2}, {"window": 5}, {"ordered": False}])
def test_a_run_goes_on_only_with_the_settings_it_was_started_with(store: SqlStore, changed: dict[str, Any]) -> None:
    drive(plan_of(shapes.Clades()), store, budget=Budget(evaluations=5))
    before = len(events_of(store))
    with pytest.raises(MachineryError, match=next(iter(changed))):
        drive(plan_of(shapes.Clades()), store, budget=Budget(evaluations=9), **changed)
    assert len(events_of(store)) == before


def test_another_search_cannot_go_on_with_a_run(store: SqlStore) -> None:
    drive(plan_of(shapes.Clades()), store, budget=Budget(evaluations=5))
    with pytest.raises(MachineryError, match="not what the search decides now"):
        drive(plan_of(shapes.RedQueen()), store, budget=Budget(evaluations=9))


def test_a_log_that_was_changed_is_not_gone_on_with(store: SqlStore, tmp_path: Path) -> None:
    drive(plan_of(shapes.Finite()), store, budget=Budget(evaluations=3))
    events = events_of(store)
    forged = [replace(event, body=event.body.replace(b'"score":-', b'"score":')) for event in events]
    assert broken_link(forged) is not None
    other = SqlStore(tmp_path / "forged.db")
    other.append(RUN, forged, expect=0)
    with pytest.raises(MachineryError):
        drive(plan_of(shapes.Finite()), other, budget=Budget(evaluations=4))
    other.close()
