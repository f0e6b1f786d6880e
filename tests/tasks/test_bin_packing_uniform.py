"""bin_packing_uniform: the recipe of its instances, known rules, and answers that are refused."""

import math
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.judging import Wrong

TASK = "bin_packing_uniform"
sizes = st.lists(st.integers(20, 100), min_size=1, max_size=60)


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


def test_best_fit_and_first_fit_score_as_published_for_or3(judge, module):
    shops = items(judge, "sealed", 60)
    means = [
        np.mean([judge.play(instance, asker(rule))["score"] for instance in shops])
        for rule in (module(TASK, "initial").priority, first_fit)
    ]
    assert means == [pytest.approx(5.37, abs=0.3), pytest.approx(5.74, abs=0.3)]


def test_instances_follow_the_recipe(judge):
    for split in ("search", "validation", "sealed"):
        first, second = items(judge, split, 2)
        assert first.shape == second.shape == (500,)
        assert not np.array_equal(first, second)
        assert np.array_equal(first, items(judge, split, 1)[0])
        assert ((first >= 20) & (first <= 100) & (first == np.rint(first))).all()
        assert first.mean() == pytest.approx(60, abs=4)
    assert {size for instance in items(judge, "search", 20) for size in instance} == set(range(20, 101))


def test_the_other_family_has_small_items_too(judge):
    drawn = np.concatenate(list(islice(judge.transfer("weibull", np.random.default_rng(0)), 20)))
    assert drawn.min() < 20
    assert drawn.max() > 100
    assert drawn.mean() == pytest.approx(67.5 * math.gamma(4 / 3), abs=1)


@given(sizes)
def test_first_fit_uses_as_many_bins_as_a_plain_first_fit(module, sizes):
    judge = module(TASK, "judge")
    free: list[int] = []
    for size in sizes:
        place = next((k for k, room in enumerate(free) if room >= size), len(free))
        free[place:] = [(free[place] if place < len(free) else 150) - size, *free[place + 1 :]]
    result = judge.play(np.array(sizes, dtype=float), asker(first_fit))
    assert result["metrics"]["bins"] == len(free)
    assert result["score"] == pytest.approx(100 * (len(free) / math.ceil(sum(sizes) / 150) - 1))


@given(sizes, st.integers(0, 2**32))
def test_the_candidate_sees_only_bins_that_fit_and_the_last_is_empty(module, sizes, seed):
    judge, rng, seen = module(TASK, "judge"), np.random.default_rng(seed), []

    def priority(item, bins):
        assert type(item) is float
        assert bins.dtype == np.float64
        assert (bins >= item).all()
        assert bins[-1] == 150
        seen.append(item)
        return rng.normal(size=len(bins))

    result = judge.play(np.array(sizes, dtype=float), asker(priority))
    assert seen == sizes
    assert result["trace"]["fill"].sum() == sum(sizes)
    assert result["trace"]["fill"].max() <= 150
    assert result["score"] >= 0


def test_changing_the_view_changes_no_bin(judge):
    def greedy(item, bins):
        bins[:] = 1e9
        return bins

    assert judge.play(np.full(50, 80.0), asker(greedy))["metrics"]["bins"] == 50


@pytest.mark.parametrize(
    "answer",
    [
        lambda n: None,
        lambda n: 1.0,
        lambda n: [],
        lambda n: [0.0] * (n + 1),
        lambda n: [[0.0] * n],
        lambda n: [math.nan] * n,
        lambda n: [True] * n,
        lambda n: [1j] * n,
        lambda n: np.zeros(n, dtype=object),
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
