"""The course of a run, without any loop: what it decides does not hang on who works how fast."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoal.core import seeds
from shoal.core.budget import Budget
from shoal.core.canonical import canonical, plain, sha256
from shoal.core.course import REJECTS_IN_A_ROW, Admitted, Course, Issued
from shoal.core.errors import MachineryError, UserError
from shoal.core.events import GENESIS, Event, chain
from shoal.core.loop import restore
from shoal.core.protocols import Search
from shoal.core.records import write_work
from shoal.core.values import (
    Ask,
    Candidate,
    Counted,
    Measure,
    Note,
    Outcome,
    Propose,
    Result,
    Split,
    Status,
    Trial,
    Wait,
    Work,
)
from tests.core import shapes
from tests.core.toys import bowl, same

Pick = Callable[[int], int]
SEARCHES: list[Search[Any]] = [
    shapes.Clades(),
    shapes.RedQueen(),
    shapes.Generations(),
    shapes.KeepOrDiscard(),
    shapes.Everything(),
]
ORDERS = st.randoms(use_true_random=False)


def result_of(course: Course[Any], k: int, work: Work) -> Result:
    """What work comes to here: a function of the work alone, whoever does it and whenever."""
    if isinstance(work, Ask):
        return Result(Status.OK, answer={"draw": seeds.number(k, "ask") % 100 / 100})
    if isinstance(work, Measure):
        assert work.trial.candidate is not None
        outcome = outcome_of(work.trial, course.candidates[work.trial.candidate])
        return Result(outcome.status, outcome=outcome)
    assert isinstance(work, Propose)
    if work.payload is None:
        return Result(Status.REJECTED, reason="nothing to write")
    digest = sha256(canonical(work.payload))
    candidate = Candidate(f"c{k}", work.parents, {"program": digest}, digest, work.proposer, json.dumps(work.payload))
    if work.then is None:
        return Result(Status.OK, candidate=candidate)
    outcome = outcome_of(work.then, candidate)
    return Result(outcome.status, candidate=candidate, outcome=outcome)


def outcome_of(trial: Trial, candidate: Candidate) -> Outcome:
    score = bowl(json.loads(candidate.note), seeds.number(0, *trial.instances, *trial.against))
    counted = Counted(evaluations=1, instance_runs=len(trial.instances))
    return Outcome(trial, Status.OK, score, counted=counted)


def steps_of(
    course: Course[Any], pick: Pick, *, workers: int = 100
) -> Iterator[Issued | Admitted | tuple[int, Result]]:
    """Drive ``course`` to its end: ``pick`` says which of the items in work (at most ``workers``) is finished next."""
    waiting: list[tuple[int, Work]] = []
    while True:
        step = course.advance()
        if isinstance(step, Issued):
            waiting.append((step.k, step.work))
        elif step is None:
            if not waiting:
                assert course.idle
                return
            k, work = waiting.pop(pick(min(workers, len(waiting))))
            result = result_of(course, k, work)
            course.arrive(k, result)
            yield k, result
        if step is not None:
            yield step


def course_of(search: Search[Any], *, window: int = 4, ordered: bool = True, **budget: int) -> Course[Any]:
    return Course(search, seed=5, window=window, ordered=ordered, budget=Budget(**budget))


def finished(course: Course[Any], pick: Pick = lambda n: 0, *, workers: int = 100) -> Course[Any]:
    for _ in steps_of(course, pick, workers=workers):
        pass
    return course


@settings(max_examples=40)
@given(ORDERS, st.sampled_from(SEARCHES), st.integers(1, 9), st.integers(1, 12))
def test_an_ordered_run_does_not_hang_on_arrivals_or_workers(
    order: Any, search: Search[Any], window: int, workers: int
) -> None:
    expected = finished(course_of(search, window=window, evaluations=25, proposals=60))
    course = course_of(search, window=window, evaluations=25, proposals=60)
    finished(course, order.randrange, workers=workers)
    assert course.digest() == expected.digest()
    assert same(course.state, expected.state)
    assert (course.spent, course.halt_reason) == (expected.spent, expected.halt_reason)


@settings(max_examples=50)
@given(ORDERS, st.sampled_from(SEARCHES), st.booleans(), st.integers(1, 6))
def test_any_log_replays(order: Any, search: Search[Any], ordered: bool, window: int) -> None:
    course = course_of(search, window=window, ordered=ordered, evaluations=20, proposals=50)
    log = [chain(GENESIS, 0, "started", {}, at=0.0)]

    def add(type: str, **data: Any) -> None:
        log.append(chain(log[-1].head, len(log), type, data, at=0.0))

    for step in steps_of(course, order.randrange):
        if isinstance(step, Issued):
            add("issued", k=step.k, work=write_work(step.work))
        elif isinstance(step, tuple):
            add("result", k=step[0], result=plain(step[1]), seconds=0.0, cpu_seconds=0.0)
    add("finished")
    again = course_of(search, window=window, ordered=ordered, evaluations=20, proposals=50)
    last, _, _ = restore(again, log[1:], last=log[0])
    assert last == log[-1]
    assert again.digest() == course.digest()
    assert same(again.state, course.state)
    assert again.spent == course.spent


class Watching:
    """Records which results each decision could see."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, ...]] = []

    def initial(self) -> tuple[int, ...]:
        return ()

    def next(self, state: tuple[int, ...], rng: np.random.Generator) -> tuple[tuple[int, ...], Work]:
        self.seen.append(state)
        return state, Propose("write", payload=[float(len(self.seen))], then=shapes.ONE)

    def admit(
        self, state: tuple[int, ...], k: int, work: Work, result: Result
    ) -> tuple[tuple[int, ...], tuple[Note, ...]]:
        return (*state, k), ()


@settings(max_examples=40)
@given(ORDERS, st.integers(1, 9))
def test_a_decision_sees_the_results_up_to_its_window(order: Any, window: int) -> None:
    search = Watching()
    finished(course_of(search, window=window, evaluations=30), order.randrange)
    assert search.seen == [tuple(range(max(0, k - window + 1))) for k in range(30)]


@given(
    ORDERS,
    st.sampled_from([shapes.Clades(), shapes.RedQueen(), shapes.Everything(), shapes.KeepOrDiscard()]),
    st.booleans(),
    st.integers(1, 9),
    st.integers(1, 30),
    st.integers(1, 30),
    st.integers(1, 30),
)
def test_no_total_is_overspent(
    order: Any, search: Search[Any], ordered: bool, window: int, evaluations: int, proposals: int, runs: int
) -> None:
    course = course_of(
        search, window=window, ordered=ordered, evaluations=evaluations, proposals=proposals, instance_runs=runs
    )
    for _ in steps_of(course, order.randrange):
        assert course.spent.counted.evaluations <= evaluations
        assert course.spent.counted.instance_runs <= runs
        assert course.spent.proposals <= proposals
    assert course.halt_reason is not None
    assert course.halt_reason.startswith("budget: ")


@settings(max_examples=25)
@given(ORDERS, st.integers(1, 8))
def test_the_lower_number_pays_for_equal_trials(order: Any, window: int) -> None:
    course = course_of(shapes.Everything(), window=window, evaluations=40)
    payer: dict[str, int] = {}
    duplicates = 0
    for step in steps_of(course, order.randrange):
        if not isinstance(step, Admitted) or isinstance(step.work, Ask):
            continue
        candidate = step.result.candidate
        trial = step.work.trial if isinstance(step.work, Measure) else step.work.then  # type: ignore[union-attr]
        if trial is None or step.result.reason == "nothing to write":
            continue
        measured = candidate or course.candidates[trial.candidate or ""]
        first = payer.setdefault(course.trial_key(trial, measured), step.k)
        assert step.result.counted.evaluations == (first == step.k)
        assert step.result.cached == (first != step.k)
        if first != step.k and isinstance(step.work, Propose):
            duplicates += 1
            assert (step.result.status, step.result.outcome) == (Status.REJECTED, None)
            assert step.result.reason == f"duplicate of c{first}"
    assert duplicates
    assert course.spent.counted.evaluations == len(payer)


class Same(Watching):
    """Proposes one and the same program for ever."""

    def next(self, state: tuple[int, ...], rng: np.random.Generator) -> tuple[tuple[int, ...], Work]:
        return (), Propose("write", payload=[1.0], then=shapes.ONE)


@pytest.mark.parametrize("window", [1, 7])
def test_a_thousand_rejects_in_a_row_end_a_run(window: int) -> None:
    course = finished(course_of(Same(), window=window, evaluations=50))
    assert course.halt_reason == "1,000 rejects in a row: the search finds nothing new"
    assert course.spent.counted.evaluations == 1
    assert REJECTS_IN_A_ROW + 1 <= course.admitted <= REJECTS_IN_A_ROW + window


class Probing(Same):
    """Asks about its one program between the duplicates, as a search does that looks for new edits."""

    def next(self, state: tuple[int, ...], rng: np.random.Generator) -> tuple[tuple[int, ...], Work]:
        if rng.random() < 0.05:
            return (), Ask("echo", {"candidate": "c0"})
        return super().next(state, rng)


class Measuring(Same):
    """Measures again what was measured before, which costs nothing and says nothing."""

    def next(self, state: tuple[int, ...], rng: np.random.Generator) -> tuple[tuple[int, ...], Work]:
        if not state:
            return (-1,), Propose("write", payload=[1.0], then=shapes.ONE)
        return state, Measure(replace(shapes.ONE, candidate="c0"))


@pytest.mark.parametrize("search", [Probing(), Measuring()])
def test_a_run_that_finds_nothing_new_ends_whatever_else_it_does(search: Search[Any]) -> None:
    course = course_of(search, window=1, evaluations=50)
    for _ in steps_of(course, lambda n: 0):
        assert course.admitted < 5 * REJECTS_IN_A_ROW, "this run would go on for ever"
    assert course.halt_reason is not None
    assert "in a row" in course.halt_reason


class Waiting(Watching):
    def next(self, state: tuple[int, ...], rng: np.random.Generator) -> tuple[tuple[int, ...], Work]:
        return state, Wait("godot")


def test_waiting_with_nothing_in_flight_is_an_error() -> None:
    with pytest.raises(MachineryError, match="godot"):
        course_of(Waiting(), evaluations=5).advance()


def test_a_wait_lets_one_result_in_then_asks_again() -> None:
    class Patient(Watching):
        def next(self, state: tuple[int, ...], rng: np.random.Generator) -> tuple[tuple[int, ...], Work]:
            self.seen.append(state)
            if len(self.seen) in (4, 5):
                return state, Wait("one more")
            return state, Propose("write", payload=[float(len(self.seen))], then=shapes.ONE)

    search = Patient()
    finished(course_of(search, window=8, evaluations=4), lambda n: n - 1)
    assert search.seen[3:6] == [(), (0,), (0, 1)]


@pytest.mark.parametrize("window", [1, 4])
def test_work_that_does_not_fit_the_budget_is_not_lost(window: int) -> None:
    """A generation of trials with 3 instances each: 20 instance runs end in the middle of one.

    What the search decided but the budget refused must be decided again when the run goes on with a larger one.
    """
    course = finished(course_of(shapes.Generations(instances=3), window=window, instance_runs=20))
    assert course.spent.counted.instance_runs == 18
    course.extend(Budget(instance_runs=400))
    finished(course)
    assert course.spent.counted.instance_runs == 399


def test_free_duplicates_do_not_end_a_run_early() -> None:
    """Work in flight is reserved at its worst case; a run ends when the total is used, not when it is reserved."""

    class Repeating(shapes.Finite):
        def next(self, state: int, rng: np.random.Generator) -> tuple[int, Work]:
            payload = [float(max(0, state - 5))]
            return state + 1, Propose("write", payload=payload, then=replace(shapes.ONE, instances=(0, 1)))

    course = finished(course_of(Repeating(), window=5, instance_runs=9))
    assert course.spent.counted.instance_runs == 8


@pytest.mark.parametrize("window", [1, 4])
@pytest.mark.parametrize(("each", "spent"), [(False, 39), (True, 36)])
def test_what_making_a_candidate_costs_is_held_and_booked_like_its_trial(each: bool, spent: int, window: int) -> None:
    """A proposer that may use 3 evaluations and uses 2; where each instance counts, a trial of 4 is 4 of them."""
    trial = replace(shapes.ONE, instances=(0, 1, 2, 3), each=each)

    class Paying(shapes.Finite):
        def next(self, state: int, rng: np.random.Generator) -> tuple[int, Work]:
            most = Counted(evaluations=3)
            return state + 1, Propose("write", payload=[float(state)], then=trial, most=most)

    def carried_out(k: int, work: Work) -> Result:
        result = result_of(course, k, work)
        assert result.outcome is not None
        counted = Counted(evaluations=4 if each else 1, instance_runs=4)
        return replace(result, outcome=replace(result.outcome, counted=counted), counted=Counted(evaluations=2))

    course = course_of(Paying(), window=window, evaluations=40)
    while (step := course.advance()) is not None or course.missing():
        if step is None:
            k, work = course.missing()[0]
            course.arrive(k, carried_out(k, work))
        assert course.spent.counted.evaluations <= 40
    assert course.spent.counted.evaluations == spent
    assert course.halt_reason == "budget: evaluations 40"


def test_a_duplicate_of_a_measured_candidate_names_that_candidate() -> None:
    class Later(shapes.Finite):
        def next(self, state: int, rng: np.random.Generator) -> tuple[int, Work]:
            plan: list[Work] = [
                Propose("write", payload=[1.0]),
                Measure(replace(shapes.ONE, candidate="c0")),
                Propose("write", payload=[1.0], then=shapes.ONE),
            ]
            return state + 1, plan[state]

    course = course_of(Later(), window=1, evaluations=5, proposals=2)
    results = [step.result for step in steps_of(course, lambda n: 0) if isinstance(step, Admitted)]
    assert results[2].reason == "duplicate of c0"


def test_results_nobody_asked_for_are_refused() -> None:
    course = course_of(shapes.KeepOrDiscard(), evaluations=5)
    assert isinstance(course.advance(), Issued)
    with pytest.raises(MachineryError, match="not in flight"):
        course.arrive(1, Result(Status.OK))
    course.arrive(0, Result(Status.REJECTED))
    with pytest.raises(MachineryError, match="not in flight"):
        course.arrive(0, Result(Status.REJECTED))


def test_the_digest_covers_decisions_and_outcomes_and_nothing_measured() -> None:
    def digest(change: Callable[[Result], Result]) -> str:
        course = course_of(Watching(), evaluations=1)
        issued = course.advance()
        assert isinstance(issued, Issued)
        course.arrive(0, change(result_of(course, 0, issued.work)))
        course.advance()
        return course.digest()

    def on_outcome(**changes: Any) -> Callable[[Result], Result]:
        def change(result: Result) -> Result:
            assert result.outcome is not None
            return replace(result, outcome=replace(result.outcome, **changes))

        return change

    plain_digest = digest(lambda result: result)
    assert digest(on_outcome(measured=replace(outcome_measured(), wall_seconds=9.0))) == plain_digest
    assert digest(on_outcome(private={"secret": 1.0})) == plain_digest
    assert digest(on_outcome(score=0.25)) != plain_digest
    assert digest(on_outcome(metrics={"length": 1.0})) != plain_digest
    assert digest(on_outcome(counted=Counted(evaluations=1, tokens=3))) != plain_digest
    assert digest(lambda result: replace(result, status=Status.WRONG)) != plain_digest


def outcome_measured() -> Any:
    return Outcome(Trial(Split.SEARCH, (0,)), Status.OK, 0.0).measured


@pytest.mark.parametrize("value", [0, -1, float("inf"), float("nan")])
def test_a_budget_must_be_above_nothing(value: float) -> None:
    with pytest.raises(UserError, match="above 0"):
        Budget(seconds=value)


def test_a_log_of_other_decisions_is_refused() -> None:
    log: list[Event] = [chain(GENESIS, 0, "started", {}, at=0.0)]
    other = write_work(Propose("write", payload=[123.0], then=shapes.ONE))
    log.append(chain(log[-1].head, 1, "issued", {"k": 0, "work": other}, at=0.0))
    with pytest.raises(MachineryError, match="not what the search decides now"):
        restore(course_of(shapes.KeepOrDiscard(), evaluations=5), log[1:], last=log[0])
