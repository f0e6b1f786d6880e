"""The five decisions keep their contract for all input: ranges, purity, plain results, and the tendencies they name."""

import inspect
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.search import _decisions
from shoal.search._decisions import accept, allocate, choose_operator, restart, select_parent

FINITE = st.floats(allow_nan=False, allow_infinity=False)
LINES = st.lists(
    st.tuples(FINITE, st.floats(0, 1e6), st.integers(0, 500), st.integers(0, 1000), st.booleans()),
    min_size=1,
    max_size=12,
)
ARMS = st.lists(st.tuples(st.floats(0.01, 10), st.floats(0, 50), st.floats(0.01, 200)), min_size=1, max_size=40)


def parent(rows: list[tuple[float, float, int, int, bool]], *, tuning: bool, seed: int) -> int:
    scores, rates, numbers, children, untried = zip(*rows, strict=True)
    return select_parent(scores, rates, numbers, children, untried, tuning, np.random.default_rng(seed))


@given(LINES, st.booleans(), st.integers(0, 2**32))
def test_a_parent_is_one_of_the_lines_and_follows_the_generator(
    rows: list[tuple[float, float, int, int, bool]], tuning: bool, seed: int
) -> None:
    rows = sorted(rows, key=lambda row: -row[0])
    chosen = parent(rows, tuning=tuning, seed=seed)
    assert type(chosen) is int and 0 <= chosen < len(rows)
    assert chosen == parent(rows, tuning=tuning, seed=seed)


def test_the_line_that_will_lead_is_the_usual_parent_and_every_line_has_a_chance() -> None:
    rows = [(3.0, 0.0, 5, 0, False), (2.0, 0.5, 5, 0, False), (1.0, 0.0, 5, 0, False)]
    often = Counter(parent(rows, tuning=False, seed=seed) for seed in range(400))
    assert often.most_common(1)[0][0] == 1
    assert set(often) == {0, 1, 2}


def test_numbers_that_were_hardly_tried_get_their_turn_before_they_are_judged() -> None:
    rows = [(3.0, 0.1, 5, 0, False), (3.0, 0.0, 52, 0, True)]
    tuned = Counter(parent(rows, tuning=True, seed=seed) for seed in range(200))
    assert tuned[1] > 30
    assert Counter(parent(rows, tuning=False, seed=seed) for seed in range(200))[0] > 120


@given(ARMS, st.integers(0, 2**32))
def test_an_operator_is_one_of_the_arms(rows: list[tuple[float, float, float]], seed: int) -> None:
    weights, gains, costs = zip(*rows, strict=True)
    chosen = choose_operator(weights, gains, costs, np.random.default_rng(seed))
    assert type(chosen) is int and 0 <= chosen < len(rows)


def test_what_pays_is_drawn_more_and_nothing_is_given_up() -> None:
    rng = np.random.default_rng(1)
    drawn = Counter(choose_operator((1, 1, 1), (9.0, 1.0, 0.0), (10.0, 10.0, 10.0), rng) for _ in range(3000))
    assert drawn[0] > 5 * drawn[1] > 5 * drawn[2] > 0


def test_operators_without_any_gain_are_equals() -> None:
    rng = np.random.default_rng(1)
    drawn = Counter(choose_operator((1.0,) * 4, (0.0,) * 4, (100.0,) * 4, rng) for _ in range(2000))
    assert min(drawn.values()) > 400


@given(st.floats(max_value=0.0, allow_nan=False), st.lists(st.floats(0, 10), max_size=64), st.floats(0, 1))
def test_what_is_no_worse_is_always_accepted(loss: float, losses: list[float], progress: float) -> None:
    assert accept(loss, losses, progress) is True


@given(st.lists(st.floats(0.001, 10), min_size=16, max_size=64), st.floats(0.001, 10), st.floats(0, 0.99))
def test_a_walk_cools(losses: list[float], loss: float, progress: float) -> None:
    """What passes late in a cycle passes earlier too, and smaller losses pass before larger ones."""
    if accept(loss, losses, progress):
        assert accept(loss, losses, progress / 2) and accept(loss / 2, losses, progress)
    assert not accept(1.001 * max(losses), losses, 0.0)


def test_few_losses_tell_nothing() -> None:
    assert not accept(1e-9, [1.0] * 5, 0.0)


@given(st.lists(st.floats(-1e6, 1e6), max_size=10))
def test_floors_are_finite_and_a_parent_passes_its_own(values: list[float]) -> None:
    floors = allocate(values)
    assert len(floors) == max(0, len(values) - 1)
    for k, floor in enumerate(floors, start=1):
        assert math.isfinite(floor)
        assert np.mean(values[:k]) >= floor - 1e-9 * max(1.0, abs(floor))


@given(st.integers(0, 10**6), st.floats(1, 10**6))
def test_patience_grows_with_what_was_usual(stale: int, usual: float) -> None:
    assert type(restart(stale, usual)) is bool
    if restart(stale, 2 * usual):
        assert restart(stale, usual)


@pytest.mark.parametrize("name", _decisions.__all__)
def test_each_decision_is_small_and_says_what_it_takes_and_returns(name: str) -> None:
    function = getattr(_decisions, name)
    document = inspect.getdoc(function) or ""
    assert "Args:" in document and "Returns:" in document
    assert all(f"{parameter}:" in document for parameter in inspect.signature(function).parameters)
    body = inspect.getsource(function).replace(document, "")
    assert len(body.splitlines()) < 50


def test_the_file_stands_alone() -> None:
    """It is to be evolved in a jail: numpy and the standard library, nothing of ours."""
    assert "shoal" not in inspect.getsource(_decisions)
