"""A burst begins, learns from samples in any order, and ends when it no longer pays; of several one goes on."""

import math
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from shoal.search import _burst
from shoal.search._burst import LONGEST, SIGMAS, YOUNG, Burst
from shoal.search._starts import FAILED


def answer(values: list[float], kinds: list[str] | None = None) -> Any:
    return {"values": values, "kinds": kinds or ["float"] * len(values), "columns": [-1] * len(values)}


def begin(values: list[float], kinds: list[str] | None = None, *, score: float = 0.0, number: int = 4) -> Burst | None:
    return _burst.begin(answer(values, kinds), number=number, island=2, parent="c7", score=score, shape="s")


def started(size: int = 3, *, score: float = 0.0, number: int = 4) -> Burst:
    burst = begin([1.0 + i for i in range(size)], score=score, number=number)
    assert burst is not None
    return burst


def sampled(burst: Burst, count: int) -> tuple[Burst, list[Any]]:
    rng, payloads = np.random.default_rng(2), []
    for _ in range(count):
        burst, payload = _burst.sample(burst, rng)
        payloads.append(payload)
    return burst, payloads


def generation(burst: Burst | None, score: float | None) -> Burst | None:
    """A whole generation of one score, one sample after the other."""
    assert burst is not None
    left = burst.polish.cma.population
    while left and burst is not None:
        burst, (payload,) = sampled(burst, 1)
        left -= not (burst.polish.waiting and burst.polish.waiting[-1].middle)
        burst = _burst.learn(burst, payload["index"], score, rejected=False)
    return burst


@pytest.mark.parametrize(
    ("values", "kinds"),
    [([], []), ([1.0], ["float"]), ([1.0, 2.0], ["float", "int"]), ([1.0, 2.0, 3.0], ["index", "int", "float"])],
)
def test_fewer_than_two_real_numbers_make_no_burst(values: list[float], kinds: list[str]) -> None:
    assert begin(values, kinds) is None


def test_too_many_numbers_make_no_burst() -> None:
    assert begin([1.0] * LONGEST) is not None
    assert begin([1.0] * (LONGEST + 1)) is None


def test_only_real_numbers_move() -> None:
    burst = begin([5.0, 3, 0.25, 0, 7.0], ["float", "int", "float", "index", "float"])
    assert burst is not None
    assert burst.polish.base.sites == (0, 2, 4)
    assert list(burst.polish.values) == [5.0, 0.25, 7.0]


def test_all_zeros_can_still_move() -> None:
    burst = begin([0.0, 0.0])
    assert burst is not None
    _, payloads = sampled(burst, 5)
    assert all(any(payload["values"]) for payload in payloads)


def test_first_steps_of_different_sizes_take_turns() -> None:
    assert [started(number=k).polish.cma.sigma for k in range(4)] == [*SIGMAS, SIGMAS[0]]


def test_samples_say_what_to_set_where() -> None:
    _, payloads = sampled(started(), 12)
    assert [payload["index"] for payload in payloads] == list(range(12))
    for payload in payloads:
        assert payload["operator"] == "values"
        assert (payload["sites"], payload["burst"], payload["island"]) == ([0, 1, 2], 4, 2)
        assert all(type(value) is float for value in payload["values"])


def test_it_climbs_a_hill_whatever_order_scores_come_in() -> None:
    burst: Burst | None = started(4, score=-30.0)
    best, rng = -math.inf, np.random.default_rng(3)
    for _ in range(60):
        if burst is None:
            break
        burst, payloads = sampled(burst, burst.polish.cma.population + 3)
        for k in rng.permutation(len(payloads)).tolist():
            score = -float(np.square(np.array(payloads[k]["values"]) - 2.0).sum())
            best = max(best, score)
            if burst is not None:
                burst = _burst.learn(burst, payloads[k]["index"], score, rejected=False)
    assert best > -0.01, "it began at -6"


def test_learning_changes_nothing_it_is_given() -> None:
    once, (first,) = sampled(started(), 1)
    probed = _burst.learn(once, first["index"], -1.0, rejected=False)
    assert probed is not None
    burst, payloads = sampled(probed, 7)
    cma = burst.polish.cma
    mean, covariance = cma.mean.copy(), cma.covariance.copy()
    after: Burst | None = burst
    for payload in payloads:
        assert after is not None
        after = _burst.learn(after, payload["index"], float(payload["index"]), rejected=False)
    assert after is not None and after.polish.cma.generation == cma.generation + 1
    assert len(burst.polish.waiting) == 7 and len(burst.polish.told) == 1
    assert np.array_equal(cma.mean, mean) and np.array_equal(cma.covariance, covariance)


def test_the_climb_is_gain_per_evaluation() -> None:
    burst = generation(generation(started(), 1.0), 8.0)
    assert burst is not None
    assert burst.polish.top == 8.0
    assert burst.climb == pytest.approx(0.3 * 7.0 / burst.polish.cma.population)
    assert burst.ahead > burst.polish.top


def test_a_burst_ends_without_a_new_best_and_without_scores() -> None:
    burst: Burst | None = started(score=1.0)
    generations = 0
    while burst is not None and generations < 100:
        burst, generations = generation(burst, 0.5), generations + 1
    assert 5 < generations < 100
    burst = generation(started(score=1.0), 0.5)
    for _ in range(FAILED - 1):
        burst = generation(burst, None)
    assert burst is not None
    assert generation(burst, None) is None


def test_a_burst_whose_first_samples_have_no_score_ends_soon_and_is_asked_before_others() -> None:
    rng, fresh, other = np.random.default_rng(0), started(number=1), generation(started(number=2), 5.0)
    assert other is not None and {_burst.choose((other, fresh), rng).number for _ in range(50)} == {1}
    burst, payloads = sampled(fresh, FAILED)
    sizes = [float(np.abs(np.array(one["values"]) - burst.polish.values).max()) for one in payloads]
    assert all(size < 1.5 * before for before, size in pairwise(sizes)) and sizes[-1] < sizes[0] / 99
    after: Burst | None = burst
    for payload in payloads:
        assert after is not None
        after = _burst.learn(after, payload["index"], None, rejected=False)
    assert after is None


def test_the_widest_first_sample_with_a_score_says_how_far_steps_go_in_whatever_order_they_come_back() -> None:
    for order in ((2, 3, 5, 0, 1, 4), (5, 4, 3, 2, 1, 0), (0, 1, 2, 3, 4, 5)):
        burst, payloads = sampled(started(number=0), FAILED)
        for k in order:
            after = _burst.learn(burst, payloads[k]["index"], 1.0 if k >= 2 else None, rejected=False)
            assert after is not None
            burst = after
        assert burst.polish.shrunk == 2 and burst.polish.cma.sigma == pytest.approx(SIGMAS[0] / 16), order


def test_a_burst_that_begins_below_and_climbs_goes_on() -> None:
    burst: Burst | None = started(score=100.0)
    for count in range(90):
        assert burst is not None, count
        burst = generation(burst, -50.0 + count)


def test_young_ones_are_looked_at_and_then_the_one_ahead_goes_on() -> None:
    def grown(number: int, slope: float) -> Burst:
        burst: Burst | None = started(number=number)
        for count in range(YOUNG):
            burst = generation(burst, slope * count)
        assert burst is not None
        return burst

    young, old, behind = generation(started(number=1), 0.0), grown(2, 1.0), grown(3, 0.1)
    assert young is not None
    assert young.young and not old.young
    rng = np.random.default_rng(0)
    shares = Counter(_burst.choose((young, old, behind), rng).number for _ in range(2000))
    assert shares[2] > shares[1] > shares[3] > 0, "the one ahead, then the young one"
    assert _burst.worst((young, old, behind)) is behind
    assert _burst.worst((young, replace(young, number=9))) is None


def test_a_table_at_a_border_finds_its_step_after_failures() -> None:
    """Forty numbers that must not fall below where they began, but for a hair: wide steps have no score at all."""
    burst: Burst | None = started(40, number=0)
    rng = np.random.default_rng(3)
    for _ in range(40 * 20):
        assert burst is not None
        burst, payload = _burst.sample(burst, rng)
        moved = np.array(payload["values"]) - np.arange(1.0, 41.0)
        score = float(moved.sum()) if moved.min() > -0.02 else None
        burst = _burst.learn(burst, payload["index"], score, rejected=False)
    assert burst is not None and (burst.polish.shrunk or 0) > 2 and burst.polish.best > 0.0
