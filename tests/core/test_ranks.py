"""Rank tests against counting all cases one by one, and against scipy where it has the same."""

import math
from fractions import Fraction
from itertools import combinations, product
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from shoal.core.ranks import holm, median_interval, rank_test

SCORES = st.one_of(st.integers(-3, 3).map(float), st.just(-math.inf))
SAMPLES = st.tuples(st.lists(SCORES, min_size=1, max_size=4), st.lists(SCORES, min_size=1, max_size=3))


def wins(xs: list[float], ys: list[float]) -> Fraction:
    return sum((Fraction(2 * (x > y) + (x == y), 2) for x in xs for y in ys), Fraction(0))


def hands(xs: list[float], ys: list[float]) -> list[Fraction]:
    """The statistic of every way to hand the scores of one stratum to its samples."""
    every = [*xs, *ys]
    found = []
    for chosen in combinations(range(len(every)), len(xs)):
        rest = [every[i] for i in range(len(every)) if i not in chosen]
        found.append(wins([every[i] for i in chosen], rest))
    return found


@settings(max_examples=80, deadline=None)
@given(st.lists(SAMPLES, min_size=1, max_size=2))
def test_p_is_the_share_of_all_permutations_that_win_as_much(strata: list[tuple[list[float], list[float]]]) -> None:
    seen = sum((wins(xs, ys) for xs, ys in strata), Fraction(0))
    every = [sum(one, Fraction(0)) for one in product(*(hands(xs, ys) for xs, ys in strata))]
    found = rank_test(strata)
    assert found.p == float(Fraction(sum(one >= seen for one in every), len(every)))
    assert found.smallest == 1 / len(every)
    assert found.superiority == pytest.approx(float(seen) / sum(len(xs) * len(ys) for xs, ys in strata))


@pytest.mark.parametrize(("m", "n"), [(2, 3), (5, 5), (8, 4), (10, 12)])
def test_one_stratum_without_ties_is_the_mann_whitney_test(m: int, n: int) -> None:
    rng = np.random.default_rng(m * n)
    xs, ys = rng.normal(0.4, 1.0, m).tolist(), rng.normal(0.0, 1.0, n).tolist()
    reference = stats.mannwhitneyu(xs, ys, alternative="greater", method="exact")
    assert rank_test([(xs, ys)]).p == pytest.approx(reference.pvalue, rel=1e-12)


def test_with_ties_it_is_the_permutation_test_of_rank_sums() -> None:
    xs, ys = [3.0, 3.0, 5.0, 1.0], [3.0, 2.0, 2.0, 1.0]

    def statistic(a: np.ndarray, b: np.ndarray) -> float:
        return float(stats.rankdata([*a, *b])[: len(a)].sum())

    reference = stats.permutation_test((xs, ys), statistic, alternative="greater", n_resamples=np.inf)
    assert rank_test([(xs, ys)]).p == pytest.approx(reference.pvalue)


def test_scales_of_strata_do_not_matter() -> None:
    small, large = ([1.0, 3.0, 2.5], [0.5, 2.0, 1.5]), ([7.0, 9.0, 8.0], [6.0, 8.5, 5.0])
    stretched = ([math.exp(9 * x) for x in large[0]], [math.exp(9 * y) for y in large[1]])
    assert rank_test([small, large]) == rank_test([small, stretched])


def test_the_smallest_p_is_reached_when_all_runs_win() -> None:
    strata = [([4.0, 5.0, 6.0], [1.0, 2.0, 3.0])] * 2
    found = rank_test(strata)
    assert found.p == found.smallest == 1 / 400
    assert found.superiority == 1.0
    assert rank_test([(ys, xs) for xs, ys in strata]).p == 1.0


def test_fifty_seeds_are_counted_out_too() -> None:
    rng = np.random.default_rng(0)
    xs, ys = rng.normal(0.3, 1, 50).tolist(), rng.normal(0, 1, 50).tolist()
    assert rank_test([(xs, ys)]).p == pytest.approx(
        stats.mannwhitneyu(xs, ys, alternative="greater", method="exact").pvalue, rel=1e-9
    )


@pytest.mark.parametrize("strata", [[], [([], [1.0])], [([1.0], [])], [([math.nan], [1.0])]])
def test_nothing_to_compare_is_an_error(strata: list[tuple[list[float], list[float]]]) -> None:
    with pytest.raises(ValueError, match=r"needs|not a number"):
        rank_test(strata)


@given(st.integers(0, 2**32))
@settings(max_examples=5, deadline=None)
def test_p_is_at_or_below_a_level_no_more_often_than_the_level_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ps = [rank_test([(rng.normal(size=4).tolist(), rng.normal(size=4).tolist())] * 1).p for _ in range(200)]
    for level in (0.05, 0.2, 0.5):
        assert np.mean(np.array(ps) <= level) < level + 4 * math.sqrt(level * (1 - level) / 200)


# -- Holm -------------------------------------------------------------------------------------------------------------


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []
    assert holm([0.7, 0.9]) == [1.0, 1.0]


@given(st.lists(st.floats(0, 1), max_size=6), st.floats(0.001, 0.5))
def test_holm_rejects_what_the_step_down_procedure_rejects(ps: list[float], level: float) -> None:
    rejected = set()
    for rank, index in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        if (len(ps) - rank) * ps[index] > level:
            break
        rejected.add(index)
    assert {i for i, p in enumerate(holm(ps)) if p <= level} == rejected


# -- the median -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "places", "coverage"), [(3, (0, 2), 0.75), (6, (0, 5), 0.96875), (10, (1, 8), 0.978515625)]
)
def test_the_interval_is_made_of_order_statistics(count: int, places: tuple[int, int], coverage: float) -> None:
    values = [float(i * i) for i in range(count)]
    found = median_interval(values[::-1])
    assert (found.low, found.high) == (values[places[0]], values[places[1]])
    assert found.coverage == coverage
    assert found.median == median(values)


@given(st.integers(1, 40))
def test_the_interval_is_the_narrowest_that_covers_enough(count: int) -> None:
    found = median_interval([float(i) for i in range(count)])
    k = int(found.low) + 1
    assert found.high == count - k
    assert found.coverage == pytest.approx(1 - 2 * stats.binom.cdf(k - 1, count, 0.5), abs=1e-12)
    assert found.coverage >= 0.95 or k == 1
    narrower = 1 - 2 * stats.binom.cdf(k, count, 0.5)
    assert narrower < 0.95 or 2 * (k + 1) > count + 1


def test_failures_have_an_order_too() -> None:
    found = median_interval([-math.inf, -math.inf, 1.0, 2.0])
    assert (found.median, found.low, found.high) == (-math.inf, -math.inf, 2.0)
    with pytest.raises(ValueError, match="at least one"):
        median_interval([])
