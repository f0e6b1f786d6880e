"""One loop carries every shape of search: each log replays, and a run that was left goes on to the same end."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio.lowlevel
import numpy as np
import pytest

from shoal.core.budget import Budget
from shoal.core.course import Admitted, Course
from shoal.core.events import broken_link
from shoal.core.loop import Stop
from shoal.core.protocols import Search
from shoal.core.values import Propose, Split, Status, Trial, Work
from shoal.store import SqlStore
from tests.core import shapes
from tests.core.toys import Bowl, drive, events_of, of_type, plan_of, replayed, same

SHAPES: dict[str, tuple[Search[Any], Budget]] = {
    "clades": (shapes.Clades(), Budget(evaluations=30)),
    "red queen": (shapes.RedQueen(), Budget(evaluations=40)),
    "generations": (shapes.Generations(), Budget(evaluations=45)),
    "keep or discard": (shapes.KeepOrDiscard(), Budget(evaluations=30)),
    "everything": (shapes.Everything(), Budget(evaluations=30, proposals=60)),
    "finite": (shapes.Finite(), Budget(evaluations=30)),
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(tmp_path / "run.db")
    yield store
    store.close()


@pytest.fixture(params=SHAPES)
def shape(request: pytest.FixtureRequest) -> tuple[Search[Any], Budget]:
    return SHAPES[request.param]


@pytest.mark.parametrize("ordered", [True, False])
def test_the_log_replays_to_the_same_state(shape: tuple[Search[Any], Budget], store: SqlStore, ordered: bool) -> None:
    search, budget = shape
    live: list[Course[Any]] = []
    report = drive(plan_of(search), store, budget=budget, ordered=ordered, watch=lambda course, _: live.append(course))
    course = replayed(search, events_of(store))
    assert broken_link(events_of(store)) is None
    assert course.digest() == report.digest == of_type(events_of(store), "finished")[0]["digest"]
    assert same(course.state, live[-1].state)
    assert course.spent.counted == report.spent.counted
    assert report.issued == report.admitted == course.admitted


@pytest.mark.parametrize("ordered", [True, False])
def test_resuming_a_finished_run_changes_nothing(
    shape: tuple[Search[Any], Budget], store: SqlStore, ordered: bool
) -> None:
    search, budget = shape
    report = drive(plan_of(search), store, budget=budget, ordered=ordered)
    idle = Bowl()
    again = drive(plan_of(search, evaluator=idle), store, budget=budget, ordered=ordered)
    assert (again.digest, again.admitted, again.spent.counted) == (
        report.digest,
        report.admitted,
        report.spent.counted,
    )
    assert idle.calls == 0
    assert replayed(search, events_of(store)).digest() == report.digest


def test_a_run_left_again_and_again_ends_like_an_undisturbed_one(
    shape: tuple[Search[Any], Budget], store: SqlStore, tmp_path: Path
) -> None:
    search, budget = shape
    whole = SqlStore(tmp_path / "whole.db")
    expected = drive(plan_of(search), whole, budget=budget)
    whole.close()
    status = "interrupted"
    for _ in range(100):
        stop = Stop()
        seen: list[int] = []

        def leave(course: Course[Any], step: Admitted, stop: Stop = stop, seen: list[int] = seen) -> None:
            seen.append(step.k)
            stop.now = len(seen) == 6

        report = drive(plan_of(search), store, budget=budget, stop=stop, watch=leave)
        status = report.status
        if status == "done":
            break
    assert status == "done"
    assert (report.digest, report.spent.counted) == (expected.digest, expected.spent.counted)
    assert broken_link(events_of(store)) is None


def test_clades_measure_one_unseen_task_at_a_time(store: SqlStore) -> None:
    search, budget = SHAPES["clades"]
    report = drive(plan_of(search), store, budget=budget)
    trials = [one["work"]["trial"] for one in of_type(events_of(store), "issued") if one["work"]["do"] == "measure"]
    tasks = [(trial["candidate"], *trial["instances"]) for trial in trials]
    assert len(tasks) == len(set(tasks)) == report.spent.counted.evaluations == 30
    assert {len(trial["instances"]) for trial in trials} == {1}


def test_champions_are_scored_again_against_new_opponents(store: SqlStore) -> None:
    search, budget = SHAPES["red queen"]
    steps: list[Admitted] = []
    drive(plan_of(search), store, budget=budget, watch=lambda _, step: steps.append(step))
    matches = [step.result.outcome for step in steps if step.result.candidate is None]
    assert len(matches) > 5
    pairs = {(one.trial.candidate, one.trial.against) for one in matches if one is not None}
    assert len(pairs) == len(matches)
    assert all(step.result.counted.evaluations == 1 for step in steps)


def test_generations_wait_for_their_scores_and_improve(store: SqlStore) -> None:
    live: list[Course[Any]] = []
    drive(
        plan_of(shapes.Generations()),
        store,
        budget=Budget(evaluations=240),
        watch=lambda course, _: live.append(course),
    )
    cma = live[-1].state.cma
    assert cma.generation == 40
    assert isinstance(cma.covariance, np.ndarray)
    assert float(np.linalg.norm(cma.mean)) < 0.5


def test_an_unordered_run_learns_in_order_of_arrival(store: SqlStore) -> None:
    async def uneven(trial: Trial, numbers: list[float]) -> None:
        for _ in range(1 if numbers[0] > 0 else 400):
            await anyio.lowlevel.checkpoint()

    live: list[Course[Any]] = []
    plan = plan_of(shapes.KeepOrDiscard(), evaluator=Bowl(uneven))
    drive(plan, store, budget=Budget(evaluations=40), ordered=False, watch=lambda course, _: live.append(course))
    order = live[-1].state[3]
    arrived = tuple(one["k"] for one in of_type(events_of(store), "result"))
    assert order == arrived
    assert order != tuple(sorted(order))
    assert same(replayed(shapes.KeepOrDiscard(), events_of(store)).state, live[-1].state)


def test_an_answer_reaches_the_search_and_its_cost_the_books(store: SqlStore) -> None:
    search, budget = SHAPES["everything"]
    steps: list[Admitted] = []
    report = drive(plan_of(search), store, budget=budget, watch=lambda _, step: steps.append(step))
    answers = [step.result for step in steps if step.result.answer is not None]
    assert answers
    assert all(isinstance(one.answer["draw"], float) and one.status is Status.OK for one in answers)
    assert report.spent.counted.tokens == 7 * len(answers)


def test_a_search_with_nothing_left_ends_the_run(store: SqlStore) -> None:
    report = drive(plan_of(shapes.Finite()), store, budget=Budget(evaluations=30))
    assert (report.status, report.reason, report.admitted) == ("done", "search: five are enough", 5)


def test_notes_are_on_the_record(store: SqlStore) -> None:
    search, budget = SHAPES["everything"]
    report = drive(plan_of(search), store, budget=budget)
    notes = of_type(events_of(store), "note")
    assert [note["k"] for note in notes] == list(range(0, report.admitted, 5))


def test_sealed_instances_are_refused_while_the_run_is_open(store: SqlStore) -> None:
    class Peeping(shapes.Finite):
        def next(self, state: Any, rng: np.random.Generator) -> tuple[Any, Work]:
            return state + 1, Propose("write", payload=[1.0], then=Trial(Split.SEALED, (0,)))

    with pytest.raises(Exception, match="sealed instances"):
        drive(plan_of(Peeping()), store, budget=Budget(evaluations=3))
