"""bin_packing_weibull: what the candidate sees, what it scores, and answers that are refused."""

import math
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.judging import Wrong

TASK = "bin_packing_weibull"
sizes = st.lists(st.integers(1, 100), min_size=1, max_size=60)


@pytest.fixture(scope="module")
def judge(module):
    return module(TASK, "judge")


def asker(priority):
    """Return an `ask` that answers with a Python function."""
    return lambda name, item, bins: priority(item, bins)


def first_fit(item, bins):
    return [0.0] * len(bins)


def items(judge, split, count, seed=0):
    return list(islice(judge.instances(split, np.random.default_rng(seed)), count))


def test_the_initial_program_is_best_fit_and_scores_as_published(judge, module):
    ask = asker(module(TASK, "initial").priority)
    scores = [judge.play(instance, ask)["score"] for instance in items(judge, "sealed", 5)]
    assert np.mean(scores) == pytest.approx(4.13, abs=0.25)


def test_instances_follow_the_recipe(judge):
    for split, count in (("search", 1000), ("validation", 1000), ("sealed", 5000)):
        first, second = items(judge, split, 2)
        assert first.shape == second.shape == (count,)
        assert not np.array_equal(first, second)
        assert np.array_equal(first, items(judge, split, 1)[0])
        assert ((first >= 1) & (first <= 100) & (first == np.rint(first))).all()
        assert first.mean() == pytest.approx(45 * math.gamma(4 / 3), abs=2)


def test_other_families_are_the_same_items_in_other_numbers_or_other_items(judge):
    for family, count, mean in (("items_1k", 1_000, 40.2), ("items_10k", 10_000, 40.2), ("uniform", 1_000, 40.0)):
        items = next(judge.transfer(family, np.random.default_rng(0)))
        assert len(items) == count and items.min() >= 1 and items.max() <= 100
        assert abs(items.mean() - mean) < 2.0
    assert max(next(judge.transfer("uniform", np.random.default_rng(0)))) <= 67


@given(sizes)
def test_first_fit_uses_as_many_bins_as_a_plain_first_fit(module, sizes):
    judge = module(TASK, "judge")
    free: list[int] = []
    for size in sizes:
        place = next((k for k, room in enumerate(free) if room >= size), len(free))
        free[place:] = [(free[place] if place < len(free) else 100) - size, *free[place + 1 :]]
    result = judge.play(np.array(sizes, dtype=float), asker(first_fit))
    assert result["metrics"]["bins"] == len(free)
    assert result["score"] == pytest.approx(100 * (len(free) / math.ceil(sum(sizes) / 100) - 1))


@given(sizes, st.integers(0, 2**32))
def test_the_candidate_sees_only_bins_that_fit_and_the_last_is_empty(module, sizes, seed):
    judge, rng, seen = module(TASK, "judge"), np.random.default_rng(seed), []

    def priority(item, bins):
        assert type(item) is float
        assert bins.dtype == np.float64
        assert (bins >= item).all()
        assert bins[-1] == 100
        seen.append(item)
        return rng.normal(size=len(bins))

    result = judge.play(np.array(sizes, dtype=float), asker(priority))
    assert seen == sizes
    assert result["trace"]["fill"].sum() == sum(sizes)
    assert result["trace"]["fill"].max() <= 100
    assert result["score"] >= 0


def test_changing_the_view_changes_no_bin(judge):
    def greedy(item, bins):
        bins[:] = 1e9
        return bins

    items = np.full(50, 60.0)
    assert judge.play(items, asker(greedy))["metrics"]["bins"] == 50


@pytest.mark.parametrize("high", [math.inf, 1e308])
def test_infinite_priorities_rank_like_numbers(judge, high):
    def pick_last(item, bins):
        return [-math.inf] * (len(bins) - 1) + [high]

    assert judge.play(np.full(10, 10.0), asker(pick_last))["metrics"]["bins"] == 10


@pytest.mark.parametrize(
    "answer",
    [
        lambda n: None,
        lambda n: 1.0,
        lambda n: [],
        lambda n: [0.0] * (n + 1),
        lambda n: [[0.0] * n],
        lambda n: [math.nan] * n,
        lambda n: [math.inf] * (n - 1) + [math.nan],
        lambda n: [True] * n,
        lambda n: [1j] * n,
        lambda n: np.zeros(n, dtype=object),
        lambda n: np.zeros(n, dtype=complex),
        lambda n: "0" * n,
        lambda n: {str(k): 0.0 for k in range(n)},
    ],
)
def test_an_answer_that_is_no_ranking_is_refused(judge, answer):
    with pytest.raises(Wrong):
        judge.play(np.full(5, 30.0), asker(lambda item, bins: answer(len(bins))))


def test_the_picture_is_a_png(judge):
    instance = items(judge, "search", 1)[0]
    trace = judge.play(instance, asker(first_fit))["trace"]
    assert judge.picture(instance, trace).startswith(b"\x89PNG")
