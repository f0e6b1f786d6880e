"""Rules for parents keep their contract for all input, prefer what they say, and stay out where they see nothing."""

import inspect
import json
from collections import Counter
from dataclasses import replace
from itertools import starmap
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.core.values import Files, Outcome, Propose, Trial
from shoal.search import PARENT_RULES, IslandSearch, Settings
from shoal.search._parents import CLIMB, RULES, choose
from shoal.store import SqlStore
from tests.core.toys import events_of, replayed, same
from tests.search.toys import Judge, instance, plan_of
from tests.search.watched import Checked, finished

RULE = pytest.mark.parametrize("rule", RULES)
FEW = (0.0, -0.0, 1.0, 2.0, -3.5, 5e-324, 1.7e308, -1.7e308)  # equal values are what fronts are made of
VALUE = st.sampled_from(FEW) | st.floats(allow_nan=False, allow_infinity=False)
TABLES = st.integers(2, 4).flatmap(
    lambda count: st.lists(st.lists(VALUE, min_size=count, max_size=count), min_size=1, max_size=6)
)


def drawn(rule: str, values: list[list[float]]) -> Counter[int | None]:
    return Counter(choose(rule, values, np.random.default_rng(seed)) for seed in range(200))


@RULE
@given(TABLES, st.integers(0, 2**32))
def test_a_parent_is_one_of_the_lines_and_follows_the_generator(
    rule: str, values: list[list[float]], seed: int
) -> None:
    chosen = choose(rule, values, np.random.default_rng(seed))
    assert type(chosen) is int and 0 <= chosen < len(values)
    assert chosen == choose(rule, values, np.random.default_rng(seed))


@given(TABLES, st.integers(0, 2**32))
def test_a_line_that_is_best_nowhere_is_not_on_the_front(values: list[list[float]], seed: int) -> None:
    table = np.array(values)
    assert (table[choose("pareto", values, np.random.default_rng(seed))] == table.max(axis=0)).any()


def test_a_line_of_the_front_is_drawn_as_often_as_it_is_best_and_one_that_adds_nothing_is_not() -> None:
    counts = drawn("pareto", [[3.0, 3.0, 3.0, 0.0], [0.0, 0.0, 0.0, 5.0], [3.0, 0.0, 0.0, 0.0]])
    assert set(counts) == {0, 1}
    assert counts[0] > 2 * counts[1] > 40


def test_specialists_are_parents_by_lexicase_and_lines_that_are_far_behind_are_not() -> None:
    values = [[9.0, 9.0, 0.0, 0.0], [0.0, 0.0, 9.0, 9.0], *([1.0 + k / 10] * 4 for k in range(9))]
    counts = drawn("lexicase", values)
    assert set(counts) == {0, 1}
    assert min(counts.values()) > 60


@pytest.mark.parametrize("rule", PARENT_RULES)
@pytest.mark.parametrize("values", [[[3.0], [2.0]], [[3.0, 1.0], [2.0]], [[], []]])
def test_where_lines_share_no_instances_the_default_decides_and_nothing_is_drawn(
    rule: str, values: list[list[float]]
) -> None:
    rng = np.random.default_rng(1)
    assert choose(rule, values, rng) is None
    assert rng.bit_generator.state == np.random.default_rng(1).bit_generator.state


class ByInstance(Judge):
    """Half of the instances like the first number large, half small; on average nothing changes."""

    async def evaluate(self, trial: Trial, files: Files, *, seed: int, opponents: tuple[Files, ...] = ()) -> Outcome:
        outcome = await super().evaluate(trial, files, seed=seed, opponents=opponents)
        if outcome.score is None:
            return outcome
        tilt = json.loads(files["program.json"])["numbers"][0] if len(trial.instances) > 1 else 0.0
        values = [outcome.score + (tilt if place % 2 else -tilt) for place in trial.instances]
        return replace(outcome, per_instance=tuple(starmap(instance, enumerate(values))))


def parents_of(rule: str, folder: Path, *, instances: int) -> list[tuple[str, ...]]:
    """Whose children a short run made; the run is pure and folds back to its live state."""
    store = SqlStore(folder / f"{rule}.db")
    search = IslandSearch(Settings(capacity=6, search_instances=instances, parents=rule))
    plan = replace(plan_of(Checked(search)), evaluator=ByInstance())
    report, states, steps = finished(plan, store, evaluations=60)
    course = replayed(search, events_of(store))
    assert course.digest() == report.digest and same(course.state, states[-1])
    store.close()
    return [step.work.parents for step in steps if isinstance(step.work, Propose)]


@RULE
def test_a_rule_changes_the_search_where_there_are_several_instances_and_only_there(rule: str, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    assert parents_of(rule, tmp_path, instances=4) != parents_of(CLIMB, tmp_path, instances=4)
    assert parents_of(rule, tmp_path / "one", instances=1) == parents_of(CLIMB, tmp_path / "one", instances=1)


def test_the_default_comes_first() -> None:
    assert (CLIMB, *RULES) == PARENT_RULES
    assert Settings().parents == CLIMB


@RULE
def test_each_rule_is_small_and_says_what_it_does(rule: str) -> None:
    assert inspect.getdoc(RULES[rule])
    assert len(inspect.getsource(RULES[rule]).splitlines()) < 25
