"""A burst begins, samples a generation, learns in any order, and ends when it no longer pays."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.search import _burst
from shoal.search._burst import GENERATIONS, MOST_NUMBERS, PATIENCE, Burst
from tests.core.toys import same


def answer(values: list[float], kinds: list[str] | None = None) -> Any:
    return {"values": values, "kinds": kinds or ["float"] * len(values)}


def begin(values: list[float], kinds: list[str] | None = None, *, score: float = 0.0) -> Burst | None:
    rng = np.random.default_rng(1)
    return _burst.begin(answer(values, kinds), number=4, island=2, parent="c7", score=score, rng=rng)


def started(size: int = 3, *, score: float = 0.0) -> Burst:
    burst = begin([1.0 + i for i in range(size)], score=score)
    assert burst is not None
    return burst


def sampled(burst: Burst) -> tuple[Burst, list[Any]]:
    """The rest of a generation."""
    rng, payloads = np.random.default_rng(2), []
    while burst.room:
        burst, payload = _burst.sample(burst, rng)
        payloads.append(payload)
    return burst, payloads


def learnt(burst: Burst, scores: list[float | None]) -> Burst | None:
    """A whole generation: all but the last score leave the burst open."""
    burst, _ = sampled(burst)
    for index, score in enumerate(scores):
        after = _burst.learn(burst, index, score)
        if index == len(scores) - 1:
            return after
        assert after is not None
        burst = after
    return burst


@pytest.mark.parametrize(
    ("values", "kinds"),
    [([], []), ([1.0], ["float"]), ([1.0, 2.0], ["float", "int"]), ([1.0, 2.0, 3.0], ["index", "int", "float"])],
)
def test_fewer_than_two_real_numbers_make_no_burst(values: list[float], kinds: list[str]) -> None:
    assert begin(values, kinds) is None


def test_only_real_numbers_move() -> None:
    burst = begin([5.0, 3, 0.25, 0, 7.0], ["float", "int", "float", "index", "float"])
    assert burst is not None
    assert burst.sites == (0, 2, 4)
    assert list(burst.values) == [5.0, 0.25, 7.0]
    assert (burst.scale > 0).all()


def test_of_many_numbers_a_run_of_neighbours_moves() -> None:
    burst = begin([float(i) for i in range(100)])
    assert burst is not None
    first = burst.sites[0]
    assert burst.sites == tuple(range(first, first + MOST_NUMBERS))


def test_all_zeros_can_still_move() -> None:
    burst, payloads = sampled(begin([0.0, 0.0]) or started())
    assert all(any(payload["values"]) for payload in payloads)
    assert np.isfinite(burst.scale).all()


def test_samples_say_what_to_set_where() -> None:
    burst, payloads = sampled(started())
    assert not burst.room
    assert [payload["index"] for payload in payloads] == list(range(burst.cma.population))
    for payload, x in zip(payloads, burst.asked, strict=True):
        assert payload["operator"] == "values"
        assert (payload["sites"], payload["burst"], payload["island"]) == ([0, 1, 2], 4, 2)
        assert payload["values"] == pytest.approx(list(burst.values + burst.scale * x), rel=1e-5)
        assert all(type(value) is float for value in payload["values"])


@given(st.permutations(range(7)))
def test_scores_may_come_in_any_order(order: list[int]) -> None:
    burst, _ = sampled(started())
    assert burst.cma.population == 7
    after: Burst | None = burst
    for index in order:
        assert after is not None
        after = _burst.learn(after, index, float(-index))
    assert after is not None
    assert same(after, learnt(started(), [float(-i) for i in range(7)]))
    assert (after.cma.generation, after.asked, after.scores) == (1, (), ())
    assert after.room


def test_learning_changes_nothing_it_is_given() -> None:
    burst, _ = sampled(started())
    for index in range(6):
        burst = _burst.learn(burst, index, 1.0) or burst
    mean, covariance = burst.cma.mean.copy(), burst.cma.covariance.copy()
    _burst.learn(burst, 6, 2.0)
    assert len(burst.scores) == 6
    assert np.array_equal(burst.cma.mean, mean)
    assert np.array_equal(burst.cma.covariance, covariance)


def test_a_burst_ends_after_some_generations_without_a_new_best() -> None:
    burst: Burst | None = started(score=1.0)
    for _ in range(PATIENCE - 1):
        assert burst is not None
        burst = learnt(burst, [0.5] * 7)
    assert burst is not None
    assert burst.best == 1.0
    assert learnt(burst, [0.5] * 7) is None


def test_a_new_best_renews_patience_up_to_the_last_generation() -> None:
    burst: Burst | None = started(score=0.0)
    for generation in range(1, GENERATIONS):
        assert burst is not None
        burst = learnt(burst, [float(generation)] * 7)
        assert burst is not None
        assert (burst.best, burst.patience) == (float(generation), PATIENCE)
    assert burst is not None
    assert learnt(burst, [99.0] * 7) is None


def test_a_generation_of_failures_ends_a_burst() -> None:
    assert learnt(started(), [None] * 7) is None
    burst = learnt(started(score=-9.0), [None] * 6 + [-1.0])
    assert burst is not None
    assert burst.best == -1.0
