"""Draws stay where numbers may be, and a polish goes down to the bottom however results arrive."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.search import _starts
from shoal.search._starts import Base, Draw, Polish


def base(values: list[float], columns: list[int] | None = None) -> Base:
    answer = {"values": values, "kinds": ["float"] * len(values), "columns": columns or [-1] * len(values)}
    found = _starts.base_of(answer, id="c0", score=0.0)
    assert found is not None
    return found


def test_only_real_numbers_are_tuned() -> None:
    answer = {"values": [1.0, 2, 3.5, 4], "kinds": ["float", "int", "float", "dead"], "columns": [0, 0, 0, -1]}
    found = _starts.base_of(answer, id="c0", score=1.0)
    assert found is not None
    assert (found.sites, found.values.tolist(), found.columns.tolist()) == ((0, 2), [1.0, 3.5], [0, 0])
    assert _starts.base_of({"values": [1.0], "kinds": ["float"]}, id="c0", score=1.0) is None


@given(st.integers(0, 10_000))
def test_draws_of_a_table_stay_within_its_columns(seed: int) -> None:
    table = base([0.0, 10.0, 1.0, 30.0, 0.5, 20.0, 7.0], [0, 1, 0, 1, 0, 1, -1])
    values = _starts.drawn(table, np.random.default_rng(seed))
    assert ((values[[0, 2, 4]] >= 0.0) & (values[[0, 2, 4]] <= 1.0)).all()
    assert ((values[[1, 3, 5]] >= 10.0) & (values[[1, 3, 5]] <= 30.0)).all()
    assert 7.0 / np.e <= values[6] <= 7.0 * np.e


@given(st.integers(0, 10_000))
def test_draws_around_values_keep_their_sign_and_size(seed: int) -> None:
    values = _starts.drawn(base([2.0, -4.0, 0.0]), np.random.default_rng(seed))
    assert 2 / np.e <= values[0] <= 2 * np.e and -4 * np.e <= values[1] <= -4 / np.e
    assert abs(values[2]) <= 3.0 and values[2] != 0.0


def test_a_row_of_equals_is_drawn_around_them() -> None:
    values = _starts.drawn(base([1.0] * 6, [3] * 6), np.random.default_rng(0))
    assert len(set(values.tolist())) == 6 and (values > 0).all()


def bowl(x: np.ndarray) -> float:
    return -float(np.sum((x - 3.0) ** 2))


def polished(start: Polish, *, window: int, results: int, order: str = "in turn") -> Polish:
    """With ``window`` samples in flight, which come back in turn or in any order."""
    rng, polish = np.random.default_rng(1), start
    flying: list[tuple[int, np.ndarray]] = []
    for number in range(results):
        while len(flying) < window:
            polish, values = _starts.sample(polish, number * window + len(flying) + 1_000_000 * len(flying), rng)
            flying.append((polish.waiting[-1].number, values))
        one, values = flying.pop(0 if order == "in turn" else int(rng.integers(len(flying))))
        polish = _starts.learn(polish, one, bowl(values), rejected=False)
    return polish


@pytest.mark.parametrize("window", [1, 8])
@pytest.mark.parametrize("order", ["in turn", "any"])
def test_a_polish_reaches_the_bottom(window: int, order: str) -> None:
    start = _starts.begin(Draw(base([1.0] * 8), np.ones(8), bowl(np.ones(8))))
    polish = polished(start, window=window, results=1_500, order=order)
    assert polish.best > -1e-6
    assert len(polish.waiting) < window + 1


def test_a_sample_that_never_comes_back_holds_nothing_up() -> None:
    polish = _starts.begin(Draw(base([1.0] * 4), np.ones(4), -16.0))
    rng = np.random.default_rng(2)
    for number in range(200):
        polish, values = _starts.sample(polish, number, rng)
        if number % 3:
            polish = _starts.learn(polish, number, bowl(values), rejected=False)
    assert polish.cma.generation > 10


def test_a_polish_ends_when_nothing_gets_better_or_changes() -> None:
    polish = _starts.begin(Draw(base([1.0] * 4), np.ones(4), 0.0))
    rng, results = np.random.default_rng(3), 0
    while not polish.converged:
        polish, _ = _starts.sample(polish, results, rng)
        polish = _starts.learn(polish, results, None, rejected=False)
        results += 1
        assert results < 1_000
    again = _starts.begin(Draw(base([1.0] * 4), np.ones(4), 0.0))
    for number in range(2 * again.cma.population):
        again, _ = _starts.sample(again, number, rng)
        again = _starts.learn(again, number, None, rejected=True)
    assert again.converged


def test_the_middle_of_the_samples_is_tried_now_and_then_and_tells_the_strategy_nothing() -> None:
    polish, rng = _starts.begin(Draw(base([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0]), 0.0)), np.random.default_rng(0)
    middles = []
    for number in range(400):
        before = polish
        polish, values = _starts.sample(polish, number, rng)
        if polish.waiting[-1].middle:
            middles.append((polish.cma.generation, bowl(values)))
            assert values == pytest.approx(polish.values + polish.scale * polish.cma.mean)
            told = _starts.learn(polish, number, bowl(values), rejected=False)
            assert told.told == before.told and told.cma is before.cma and not told.waiting
        polish = _starts.learn(polish, number, bowl(values), rejected=False)
    generations = [generation for generation, _ in middles]
    assert len(middles) > 5 and generations == sorted(set(generations)) and generations[0] == _starts.MIDDLE
    assert {b - a for a, b in pairwise(generations)} == {_starts.MIDDLE}
