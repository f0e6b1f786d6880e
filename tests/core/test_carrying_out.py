"""Guards, lost workers, failing judges, and trials that several items ask for at once."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import pytest

from shoal.core.budget import Budget
from shoal.core.course import Admitted
from shoal.core.errors import InitialProgramError, JudgeError, StoreError
from shoal.core.events import broken_link
from shoal.core.protocols import Plan
from shoal.core.records import read_work
from shoal.core.values import (
    Brief,
    Candidate,
    Counted,
    Done,
    Files,
    Measure,
    Outcome,
    Proposal,
    Propose,
    Result,
    Status,
    Trial,
    Verdict,
    Work,
)
from shoal.store import SqlStore
from tests.core import shapes
from tests.core.shapes import ONE
from tests.core.toys import RUN, Bowl, drive, events_of, of_type, plan_of


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(tmp_path / "run.db")
    yield store
    store.close()


class Script(shapes.Finite):
    """Does the given work, item by item."""

    def __init__(self, *work: Work) -> None:
        self.work = work

    def next(self, state: Any, rng: np.random.Generator) -> tuple[Any, Work]:
        work = self.work[state] if state < len(self.work) else Done("the script is over")
        return min(state + 1, len(self.work)), work


def results(plan: Plan[Any], store: SqlStore, *, window: int = 1, **budget: int) -> list[Result]:
    steps: list[Admitted] = []
    drive(
        plan, store, budget=Budget(**budget or {"evaluations": 50}), window=window, watch=lambda _, s: steps.append(s)
    )
    return [step.result for step in steps]


class Strict:
    """Refuses a program before it runs, or after."""

    def __init__(self, *, before: list[float] | None = None, after: float = -np.inf) -> None:
        self.refused, self.least = before, after

    def before(self, brief: Brief, proposal: Proposal) -> Verdict:
        return Verdict(brief.payload != self.refused, "refused before it ran")

    def after(self, candidate: Candidate, outcome: Outcome) -> Verdict:
        return Verdict(outcome.score is None or outcome.score > self.least, "hard to believe")


def test_a_refused_proposal_is_never_run(store: SqlStore) -> None:
    evaluator = Bowl()
    script = Script(Propose("write", payload=[1.0], then=ONE), Propose("write", payload=[2.0], then=ONE))
    plan = replace(plan_of(script, evaluator=evaluator), guards=(Strict(before=[2.0]),))
    fine, refused = results(plan, store)
    assert fine.status is Status.OK
    assert (refused.status, refused.reason, refused.candidate) == (Status.REJECTED, "refused before it ran", None)
    assert refused.counted.evaluations == 0
    assert evaluator.calls == 1


def test_a_refused_outcome_has_no_score_but_its_cost(store: SqlStore) -> None:
    script = Script(Propose("write", payload=[1.0], then=ONE), Propose("write", payload=[2.0], then=ONE))
    plan = replace(plan_of(script), guards=(Strict(after=-3.0),))
    _, refused = results(plan, store)
    assert refused.outcome is not None
    assert (refused.status, refused.outcome.score) == (Status.VIOLATION, None)
    assert refused.outcome.feedback == "hard to believe"
    assert refused.counted.evaluations == 1


@pytest.mark.parametrize("trial", [ONE, replace(ONE, draw=1)])
def test_what_a_guard_refuses_is_refused_however_it_is_measured(store: SqlStore, trial: Trial) -> None:
    script = Script(Propose("write", payload=[2.0], then=ONE), Measure(replace(trial, candidate="c0")))
    plan = replace(plan_of(script), guards=(Strict(after=-3.0),))
    _, measured = results(plan, store)
    assert measured.outcome is not None
    assert (measured.status, measured.outcome.score) == (Status.VIOLATION, None)


def test_the_first_guard_that_refuses_says_why(store: SqlStore) -> None:
    class Second(Strict):
        def before(self, brief: Brief, proposal: Proposal) -> Verdict:
            return Verdict(False, "second")

    plan = replace(plan_of(Script(Propose("write", payload=[2.0], then=ONE))), guards=(Strict(before=[2.0]), Second()))
    (refused,) = results(plan, store)
    assert refused.reason == "refused before it ran"


class Refusing(Strict):
    def before(self, brief: Brief, proposal: Proposal) -> Verdict:
        return Verdict(False, "refused before it ran")


class Losing(Bowl):
    """Loses the first ``times`` trials."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    async def evaluate(self, trial: Trial, files: Files, *, seed: int, opponents: tuple[Files, ...] = ()) -> Outcome:
        outcome = await super().evaluate(trial, files, seed=seed)
        lost = self.calls <= self.times
        return replace(outcome, status=Status.LOST, score=None) if lost else outcome


@pytest.mark.parametrize(("times", "status"), [(1, Status.OK), (2, Status.OK), (3, Status.CRASH)])
def test_a_lost_trial_is_run_again_twice(store: SqlStore, times: int, status: Status) -> None:
    evaluator = Losing(times)
    (result,) = results(plan_of(Script(Propose("write", payload=[1.0], then=ONE)), evaluator=evaluator), store)
    assert result.status is status
    assert result.counted.evaluations == 1
    assert evaluator.calls == min(times, 2) + 1


class FailingJudge(Bowl):
    """The judge raises on every trial from number ``first`` on."""

    def __init__(self, first: int) -> None:
        super().__init__()
        self.first = first

    async def evaluate(self, trial: Trial, files: Files, *, seed: int, opponents: tuple[Files, ...] = ()) -> Outcome:
        outcome = await super().evaluate(trial, files, seed=seed)
        if self.calls > self.first:
            raise JudgeError("division by zero")
        return outcome


def test_a_judge_that_fails_on_the_initial_program_ends_the_run(store: SqlStore) -> None:
    with pytest.raises(InitialProgramError, match="division by zero"):
        drive(plan_of(shapes.KeepOrDiscard(), evaluator=FailingJudge(0)), store, budget=Budget(evaluations=9))


def test_a_judge_that_fails_later_is_on_the_record_until_it_is_too_much(store: SqlStore) -> None:
    with pytest.raises(JudgeError, match="6 times in 100 trials"):
        results(plan_of(shapes.KeepOrDiscard(), evaluator=FailingJudge(3)), store)
    notes = of_type(events_of(store), "note")
    assert [note["kind"] for note in notes] == ["judge_failed"] * 6
    assert broken_link(events_of(store)) is None


@pytest.mark.parametrize("search", [shapes.KeepOrDiscard(), shapes.Clades()])
def test_an_initial_program_that_is_refused_ends_the_run_each_time(store: SqlStore, search: Any) -> None:
    plan = replace(plan_of(search), guards=(Refusing(),))
    for _ in range(2):
        with pytest.raises(InitialProgramError, match="refused before it ran"):
            drive(plan, store, budget=Budget(evaluations=9))
    assert broken_link(events_of(store)) is None


def test_equal_trials_in_flight_share_one_run(store: SqlStore) -> None:
    async def long(trial: Trial, numbers: list[float]) -> None:
        await anyio.sleep(0.02)

    evaluator = Bowl(long)
    same = Propose("write", payload=[1.0], then=ONE)
    first, *rest = results(plan_of(Script(*[same] * 6), evaluator=evaluator), store, window=6)
    assert evaluator.calls == 1
    assert (first.status, first.counted.evaluations) == (Status.OK, 1)
    assert {(one.status, one.counted.evaluations, one.reason) for one in rest} == {
        (Status.REJECTED, 0, "duplicate of c0")
    }


class Asking(Bowl):
    """Candidates ask models, for one token each; remembers keys, and how many were at it at once."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[str] = []
        self.now = self.most = 0

    async def evaluate(
        self, trial: Trial, files: Files, *, seed: int, opponents: tuple[Files, ...] = (), key: str = ""
    ) -> Outcome:
        self.keys.append(key)
        self.now += 1
        self.most = max(self.most, self.now)
        await anyio.sleep(0.01)
        self.now -= 1
        outcome = await super().evaluate(trial, files, seed=seed)
        return replace(outcome, counted=outcome.counted + Counted(tokens=1))


def test_a_trial_that_may_ask_models_is_held_at_its_most_and_has_a_key(store: SqlStore) -> None:
    paid = replace(ONE, most=Counted(tokens=100))
    script = Script(*(Propose("write", payload=[float(i)], then=paid if i else ONE) for i in range(7)))
    evaluator = Asking()
    done = results(plan_of(script, evaluator=evaluator), store, window=7, tokens=205)
    assert [one.counted.tokens for one in done] == [1] * 7
    assert evaluator.keys[0] == "", "nothing was held for it, and nobody is asked"
    assert len(set(evaluator.keys[1:])) == 6
    assert evaluator.most == 3, "two at 100 tokens each, and the one for nothing"
    works = [one["work"] for one in of_type(events_of(store), "issued")]
    assert "most" not in works[0]["then"]
    assert [read_work(one) for one in works] == list(script.work)


def test_a_trial_that_could_cost_too_much_is_not_begun(store: SqlStore) -> None:
    paid = replace(ONE, most=Counted(tokens=100))
    script = Script(Propose("write", payload=[1.0], then=ONE), Measure(replace(paid, candidate="c0", draw=1)))
    assert len(results(plan_of(script, evaluator=Asking()), store, tokens=100)) == 1


def test_broken_machinery_leaves_a_log_that_goes_on(store: SqlStore, tmp_path: Path) -> None:
    class Broken(Bowl):
        async def evaluate(
            self, trial: Trial, files: Files, *, seed: int, opponents: tuple[Files, ...] = ()
        ) -> Outcome:
            outcome = await super().evaluate(trial, files, seed=seed)
            if self.calls == 12:
                raise StoreError("the disk is full")
            return outcome

    budget = Budget(evaluations=30)
    with pytest.raises(StoreError, match="the disk is full"):
        drive(plan_of(shapes.Everything(), evaluator=Broken()), store, budget=budget)
    whole = SqlStore(tmp_path / "whole.db")
    expected = drive(plan_of(shapes.Everything()), whole, budget=budget)
    whole.close()
    assert drive(plan_of(shapes.Everything()), store, budget=budget).digest == expected.digest


def test_a_second_writer_is_refused_by_the_log(store: SqlStore, tmp_path: Path) -> None:
    """Should the lock ever fail: the log of the first stays whole, and the second hears of it."""
    other = SqlStore(tmp_path / "run.db")

    async def interfere(trial: Trial, numbers: list[float]) -> None:
        if not events_of(other)[1:]:
            await anyio.sleep(0.06)
            log = events_of(other)
            other.append(RUN, [replace(log[-1], seq=len(log))], expect=len(log))

    with pytest.raises(StoreError, match="another process wrote"):
        drive(plan_of(shapes.KeepOrDiscard(), evaluator=Bowl(interfere)), store, budget=Budget(evaluations=30))
    other.close()
