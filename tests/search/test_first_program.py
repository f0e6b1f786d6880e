"""A search whose first program is written: asked for one at a time, and then as if it had been there."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shoal.core.budget import Budget
from shoal.core.protocols import Plan
from shoal.core.values import Brief, Proposal, Propose
from shoal.search import (
    FIRST_TRIES,
    WRITER,
    FirstProgramSearch,
    IslandSearch,
    ModelArm,
    ModelBaseline,
    SequentialSearch,
    Settings,
)
from shoal.store import SqlStore
from tests.core.toys import drive, events_of, replayed, same
from tests.search import toys
from tests.search.watched import Checked, finished

MODELS = (ModelArm("large"), ModelArm("small"))
INNER: dict[str, Any] = {
    "islands": IslandSearch(Settings(validation_instances=3)),
    "sequential": SequentialSearch(),
    "best-of-n": ModelBaseline("best-of-n", models=MODELS),
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(tmp_path / "run.db")
    yield store
    store.close()


class Writer:
    """Finds nothing, then a program that crashes, then the toy world's first one; notes what it was told."""

    def __init__(self, bad: int = 2) -> None:
        self.bad, self.told = bad, []  # type: tuple[int, list[Brief]]

    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal:
        self.told.append(brief)
        if len(self.told) > self.bad:
            return toys.proposal_of(toys.FIRST, None)
        if len(self.told) == 1:
            return Proposal(files=None, note="nothing found", details={"retry": "there is no program in it"})
        return toys.proposal_of({"name": f"z{len(self.told)}", "numbers": [9.0, 1.0]}, None)


def plan_of(inner: Any, writer: Writer) -> Plan[Any]:
    plan = toys.plan_of(FirstProgramSearch(inner, models=MODELS))
    return dataclasses.replace(plan, proposers={**plan.proposers, WRITER: writer})


@pytest.mark.parametrize("name", INNER)
def test_after_a_first_program_the_search_is_its_own(name: str, store: SqlStore) -> None:
    writer = Writer()
    plan = plan_of(INNER[name], writer)
    checked = Checked(plan.search)
    report, states, steps = finished(dataclasses.replace(plan, search=checked), store, evaluations=60)
    assert report.spent.counted.evaluations == 60
    first = [step.work for step in steps[:3]]
    assert all(isinstance(work, Propose) and work.proposer == WRITER and not work.parents for work in first)
    assert all(not isinstance(step.work, Propose) or step.work.parents for step in steps[3:])
    assert [brief.payload.get("feedback", "") for brief in writer.told] == ["", "there is no program in it", "crash"]
    assert [[one.candidate.id for one in brief.inspirations] for brief in writer.told] == [[], [], ["c1"]]
    course = replayed(plan.search, events_of(store))
    assert same(course.state, states[-1]) and course.digest() == report.digest


def test_it_ends_when_nothing_gets_a_score_and_a_new_budget_asks_again(store: SqlStore) -> None:
    plan = plan_of(INNER["sequential"], writer := Writer(bad=FIRST_TRIES + 1))
    report = drive(plan, store, budget=Budget(evaluations=50), window=6)
    assert report.reason == f"search: {FIRST_TRIES} answers and no first program that gets a score; the last: crash"
    assert len(writer.told) == FIRST_TRIES
    report = drive(plan, store, budget=Budget(evaluations=60), window=6)
    assert report.reason == "budget: evaluations 60"
    assert len(writer.told) == FIRST_TRIES + 2


def test_models_have_their_shares_and_their_price_is_held() -> None:
    from shoal.core.values import Counted

    pool = (ModelArm("large", 3.0, Counted(usd=0.5)), ModelArm("small", 1.0, Counted(usd=0.1)))
    search = FirstProgramSearch(INNER["sequential"], models=pool)
    asked = [search.next(search.initial(), np.random.default_rng(seed))[1] for seed in range(200)]
    assert all(isinstance(one, Propose) for one in asked)
    large = [one for one in asked if isinstance(one, Propose) and one.payload["model"] == "large"]
    assert len(large) == pytest.approx(150, abs=20)
    assert {one.most.usd for one in large} == {0.5}


def test_a_cheat_is_not_shown_again() -> None:
    search = FirstProgramSearch(INNER["sequential"], models=MODELS)
    rng = np.random.default_rng(0)
    state, _ = search.next(search.initial(), rng)
    state = dataclasses.replace(state, waiting=False, last="c0", why="crash")
    state, _ = search.evict(state, {"c0"})
    work = search.next(state, rng)[1]
    assert isinstance(work, Propose) and work.inspirations == ()
