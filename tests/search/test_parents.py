"""Rules for parents keep their contract for all input, and each prefers what it says it prefers."""

import dataclasses
import inspect
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.core.values import Propose
from shoal.search import PARENT_RULES, IslandSearch, Settings
from shoal.search._archive import Island, Line, Member, enter, new_line, rank
from shoal.search._parents import CHILDREN, CLIMB, RULES, cells_of, choose
from shoal.store import SqlStore
from tests.core.toys import events_of, replayed, same
from tests.search.toys import plan_of
from tests.search.watched import Checked, finished

FINITE = st.floats(allow_nan=False, allow_infinity=False)
RULE = pytest.mark.parametrize("rule", RULES)


def line_of(
    values: list[float], *, children: int = 0, size: int = 0, literals: int = 0, descriptor: tuple[float, ...] = ()
) -> Line:
    score = float(np.mean(np.clip(values, -1e9, 1e9)))
    shape = str((values, size, literals, descriptor))
    member = Member("c", score, shape, "grow", size, literals, tuple(values), descriptor=descriptor)
    return dataclasses.replace(new_line(member), children=children)


@st.composite
def lines(draw: st.DrawFn) -> list[Line]:
    instances, numbers = draw(st.integers(1, 3)), draw(st.integers(0, 2))
    one = st.builds(
        line_of,
        st.lists(FINITE, min_size=instances, max_size=instances),
        children=st.integers(0, 50),
        size=st.integers(0, 500),
        literals=st.integers(0, 500),
        descriptor=st.tuples(*[FINITE] * numbers),
    )
    return sorted(draw(st.lists(one, min_size=1, max_size=6)), key=rank)


def drawn(rule: str, of: list[Line], *, times: int = 200) -> Counter[int]:
    return Counter(choose(rule, of, np.random.default_rng(seed)) for seed in range(times))


@RULE
@given(lines(), st.integers(0, 2**32))
def test_a_parent_is_one_of_the_lines_and_follows_the_generator(rule: str, of: list[Line], seed: int) -> None:
    chosen = choose(rule, of, np.random.default_rng(seed))
    assert type(chosen) is int and 0 <= chosen < len(of)
    assert chosen == choose(rule, of, np.random.default_rng(seed))


def test_the_power_law_prefers_better_ranks_and_leaves_nobody_out() -> None:
    counts = drawn("power", [line_of([4.0 - k]) for k in range(4)])
    assert counts[0] > counts[1] > counts[3] > 0


@given(st.lists(st.integers(0, 2 * CHILDREN), min_size=1, max_size=12))
def test_a_beam_goes_on_when_a_line_has_had_its_children(children: list[int]) -> None:
    of = [line_of([-float(k)], children=had) for k, had in enumerate(children)]
    chosen = choose("beam", of, np.random.default_rng(0))
    waiting = [k for k, had in enumerate(children) if had < CHILDREN]
    assert chosen == waiting[0] if waiting else children[chosen] == min(children)


@given(lines(), st.integers(0, 2**32))
def test_a_line_that_is_best_nowhere_is_not_on_the_front(of: list[Line], seed: int) -> None:
    table = np.array([line.best.values for line in of])
    if table.shape[1] > 1:
        chosen = choose("pareto", of, np.random.default_rng(seed))
        assert (table[chosen] == table.max(axis=0)).any()


def test_the_front_is_weighed_by_how_often_a_line_is_best_and_spares_nobody_who_adds_nothing() -> None:
    of = [line_of([3.0, 3.0, 3.0, 0.0]), line_of([0.0, 0.0, 0.0, 5.0]), line_of([3.0, 0.0, 0.0, 0.0])]
    counts = drawn("pareto", of)
    assert set(counts) == {0, 1} and counts[0] > 2 * counts[1]


def test_a_specialist_is_a_parent_by_lexicase_and_a_line_that_is_second_everywhere_is_not() -> None:
    of = [line_of([9.0, 9.0, 0.0, 0.0]), line_of([8.0, 8.0, 8.0, 8.0]), line_of([0.0, 0.0, 9.0, 9.0])]
    of += [line_of([1.0 + k / 10, 1.0, 1.0, 1.0]) for k in range(9)]
    counts = drawn("lexicase", sorted(of, key=rank))
    assert sum(counts.values()) == counts[0] + counts[1] + counts[2]
    assert min(counts[1], counts[2]) > 30


@pytest.mark.parametrize("rule", ["lexicase", "pareto"])
def test_one_instance_tells_a_rule_by_instance_nothing(rule: str) -> None:
    of = [line_of([4.0 - k]) for k in range(4)]
    assert drawn(rule, of) == drawn("power", of)


@given(lines())
def test_every_line_has_a_cell_and_equals_share_one(of: list[Line]) -> None:
    cells = cells_of(of)
    assert len(cells) == len(of) and len({len(cell) for cell in cells}) == 1
    assert all(type(place) is int and place >= 0 for cell in cells for place in cell)
    assert len(set(cells_of([of[0]] * 3))) == 1


def test_a_cell_of_one_is_a_parent_as_often_as_a_crowded_one() -> None:
    of = [line_of([9.0 - k], descriptor=(0.1, 0.1)) for k in range(8)] + [line_of([0.0], descriptor=(0.9, 0.2))]
    counts = drawn("grid", of)
    assert set(counts) == {0, 8} and abs(counts[0] - counts[8]) < 50


def test_without_descriptors_programs_are_told_apart_by_what_they_are() -> None:
    of = [line_of([3.0], size=20, literals=2), line_of([2.0], size=21, literals=2), line_of([1.0], size=90, literals=2)]
    assert set(drawn("grid", of)) == {0, 2}


def test_of_a_full_grid_the_worst_of_the_fullest_cell_leaves() -> None:
    island = Island()
    for place, number in enumerate((0.9, 0.0, 0.05, 0.1, 0.12, 0.02)):
        new = line_of([float(place)], descriptor=(number,))
        island = enter(island, new, capacity=3, spread=True)
    assert [line.best.descriptor for line in island.lines] == [(0.02,), (0.12,), (0.9,)]


@RULE
def test_a_search_by_the_rule_is_pure_replays_and_is_another_one_than_the_default(rule: str, tmp_path: Path) -> None:
    works = []
    for name in (rule, CLIMB):
        store = SqlStore(tmp_path / f"{name}.db")
        search = IslandSearch(Settings(capacity=6, search_instances=3, parents=name))
        report, states, steps = finished(plan_of(Checked(search)), store, evaluations=60)
        assert replayed(search, events_of(store)).digest() == report.digest
        assert same(replayed(search, events_of(store)).state, states[-1])
        works.append([step.work.parents for step in steps if isinstance(step.work, Propose)])
        store.close()
    assert works[0] != works[1]


def test_the_default_comes_first() -> None:
    assert PARENT_RULES[0] == CLIMB == Settings().parents
    assert set(PARENT_RULES[1:]) == set(RULES)


@RULE
def test_each_rule_is_small_and_says_what_it_does(rule: str) -> None:
    assert inspect.getdoc(RULES[rule])
    assert len(inspect.getsource(RULES[rule]).splitlines()) < 25
