"""The rule by instance keeps its contract for all input, prefers specialists, and stays out where it sees nothing."""

import json
from collections import Counter
from dataclasses import replace
from itertools import starmap
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.core.errors import UserError
from shoal.core.values import Files, Outcome, Propose, Trial
from shoal.labs.evolve import SearchConfig, load_config
from shoal.search import PARENT_RULES, IslandSearch, Settings
from shoal.search._parents import CLIMB, LEXICASE, choose
from shoal.store import SqlStore
from tests.core.toys import events_of, replayed, same
from tests.search.toys import Judge, instance, plan_of
from tests.search.watched import Checked, finished

FEW = (0.0, -0.0, 1.0, 2.0, -3.5, 5e-324, 1.7e308, -1.7e308)  # equal values are what fronts are made of
VALUE = st.sampled_from(FEW) | st.floats(allow_nan=False, allow_infinity=False)
TABLES = st.integers(2, 4).flatmap(
    lambda count: st.lists(st.lists(VALUE, min_size=count, max_size=count), min_size=1, max_size=6)
)


@given(TABLES, st.integers(0, 2**32))
def test_a_parent_is_one_of_the_lines_and_follows_the_generator(values: list[list[float]], seed: int) -> None:
    chosen = choose(LEXICASE, values, np.random.default_rng(seed))
    assert type(chosen) is int and 0 <= chosen < len(values)
    assert chosen == choose(LEXICASE, values, np.random.default_rng(seed))


@given(TABLES, st.integers(0, 2**32))
def test_the_unit_of_the_scores_is_nothing_to_it(values: list[list[float]], seed: int) -> None:
    table = np.round(np.clip(values, -4.0, 4.0), 6)
    chosen = choose(LEXICASE, table.tolist(), np.random.default_rng(seed))
    assert chosen == choose(LEXICASE, (8.0 * table).tolist(), np.random.default_rng(seed))


def test_specialists_are_parents_and_lines_that_are_far_behind_are_not() -> None:
    values = [[9.0, 9.0, 0.0, 0.0], [0.0, 0.0, 9.0, 9.0], *([1.0 + k / 10] * 4 for k in range(9))]
    counts = Counter(choose(LEXICASE, values, np.random.default_rng(seed)) for seed in range(200))
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


@pytest.mark.parametrize("instances", [1, 4])
def test_it_changes_the_search_where_there_are_several_instances_and_only_there(instances: int, tmp_path: Path) -> None:
    by, default = (parents_of(rule, tmp_path, instances=instances) for rule in (LEXICASE, CLIMB))
    assert (by != default) is (instances > 1)


def test_a_run_may_choose_any_rule_and_no_other() -> None:
    assert Settings().parents == SearchConfig().parents == PARENT_RULES[0] == CLIMB
    assert [SearchConfig.model_validate({"parents": rule}).parents for rule in PARENT_RULES] == [*PARENT_RULES]
    with pytest.raises(UserError, match=r"search\.parents = 'grid' in the command line"):
        load_config(None, {"task": "cap_set_8", "search.parents": "grid"})
