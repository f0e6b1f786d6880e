"""The verdict holds its level where nothing differs, finds what is there, and says no more than the tests."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.core.statistics import sign_flip, two_level_bootstrap
from shoal.labs.selfimprove._curve import CurvePoint, fit, imp_at_k
from shoal.labs.selfimprove._verdict import Finding, no_verdict, verdict

Differences = dict[int, dict[str, list[float]]]


def invented(
    rng: np.random.Generator,
    *,
    gain: float = 0.0,
    seeds: int = 5,
    programs: int = 20,
    tasks: int = 10,
    luck: float = 0.0,
    suits: float = 0.0,
) -> Differences:
    """Two agents on the same tasks: tasks differ in how hard they are, champions and programs in how much it helps."""
    hard = np.clip(rng.normal(0.45, 0.2, (1, programs, tasks)), 0.05, 0.95)
    helps = gain + rng.normal(0.0, luck, (seeds, 1, 1)) + rng.normal(0.0, suits, (1, programs, 1))
    shape = (seeds, programs, tasks)
    after = (rng.random(shape) < hard + helps).astype(float)
    before = (rng.random(shape) < hard).astype(float)
    return {seed: {f"p{k}": (after - before)[seed, k].tolist() for k in range(programs)} for seed in range(seeds)}


# -- simulated runs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shape",
    [
        {},
        {"seeds": 3, "tasks": 3},
        {"seeds": 1},
        {"luck": 0.08},
        {"suits": 0.1},
        {"seeds": 3, "programs": 60, "tasks": 2, "luck": 0.05, "suits": 0.05},
    ],
    ids=str,
)
def test_where_nothing_differs_there_is_no_evidence(shape: dict[str, Any]) -> None:
    rng = np.random.default_rng(1)
    found = [verdict(invented(rng, **shape), arms={}, rng=rng, draws=2_000) for _ in range(100)]
    assert sum(one.finding is Finding.NO_EVIDENCE for one in found) >= 95
    assert sum(one.sentence.startswith("no evidence of self-improvement: ") for one in found) >= 95


def test_a_planted_gain_is_found() -> None:
    rng = np.random.default_rng(2)
    found = [
        verdict(invented(rng, gain=0.15), arms={"fixed": invented(rng, gain=0.15)}, rng=rng, draws=2_000)
        for _ in range(100)
    ]
    assert sum(one.finding is Finding.SHOWN and one.gain is not None and one.gain.p < 0.01 for one in found) >= 95


@pytest.mark.parametrize("shape", [{}, {"luck": 0.08}, {"suits": 0.1}, {"luck": 0.08, "suits": 0.1}], ids=str)
def test_the_interval_covers_the_planted_gain(shape: dict[str, Any]) -> None:
    rng = np.random.default_rng(3)
    found = [two_level_bootstrap(invented(rng, gain=0.1, **shape), rng, draws=1_000) for _ in range(200)]
    assert np.mean([one.low <= 0.1 <= one.high for one in found]) >= 0.93


# -- the statistics ---------------------------------------------------------------------------------------------------


def test_the_mean_weighs_seeds_alike_and_tasks_within_them() -> None:
    rng = np.random.default_rng(4)
    found = two_level_bootstrap({0: {"a": [1.0], "b": [0.0, 0.0, 1.0]}, 1: {"a": [0.0]}}, rng)
    assert (found.mean, found.pairs) == (0.25, 5)
    assert found.low < 0.25 < found.high


def test_what_never_differs_has_no_width() -> None:
    rng = np.random.default_rng(5)
    same = {seed: {"a": [0.5, 0.5], "b": [0.5]} for seed in range(3)}
    found = two_level_bootstrap(same, rng)
    assert (found.mean, found.low, found.high) == (0.5, 0.5, 0.5)


def test_a_gain_on_one_program_alone_is_not_shown_by_many_seeds() -> None:
    rng = np.random.default_rng(6)
    lucky = {seed: {"a": [1.0] * 5, "b": [0.0] * 5, "c": [0.0] * 5} for seed in range(30)}
    assert two_level_bootstrap(lucky, rng).low == 0.0
    assert sign_flip(lucky, rng) == 0.5


@given(st.lists(st.lists(st.integers(-3, 3), min_size=1, max_size=3), min_size=1, max_size=7))
def test_every_way_to_flip_is_counted(values: list[list[int]]) -> None:
    differences = {0: {name: [float(one) for one in tasks] for name, tasks in enumerate(values)}}
    sums = [sum(tasks) for tasks in values]
    ways = [sum(s * v for s, v in zip(signs, sums, strict=True)) for signs in product((-1, 1), repeat=len(sums))]
    assert sign_flip(differences, np.random.default_rng(7)) == pytest.approx(
        np.mean([way >= sum(sums) for way in ways])
    )


def test_drawn_ways_agree_with_counted_ones() -> None:
    rng = np.random.default_rng(8)
    values = rng.normal(0.25, 1.0, 32)
    counted = sign_flip({0: {k: [one] for k, one in enumerate(values)}}, rng)
    # A difference of next to nothing makes it one program too many to count.
    drawn = sign_flip({0: {k: [one] for k, one in enumerate([*values, 1e-13])}}, rng)
    assert drawn == pytest.approx(counted, abs=4 * np.sqrt(counted / 10_000))


def test_chance_is_drawn_from_the_generator_given() -> None:
    data = invented(np.random.default_rng(9), programs=40)
    one, other = (verdict(data, arms={}, rng=np.random.default_rng(1)) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("empty", [{}, {0: {}}, {0: {"a": []}}])
def test_no_differences_are_no_test(empty: Differences) -> None:
    with pytest.raises(ValueError, match=r"no difference|at least one"):
        two_level_bootstrap(empty, np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"no difference|at least one"):
        sign_flip(empty, np.random.default_rng(0))


# -- the sentence -----------------------------------------------------------------------------------------------------


def sure(gain: float, seeds: int = 3) -> Differences:
    """A gain that nobody could doubt: each program has it."""
    return {seed: {f"p{k}": [gain] * 4 for k in range(12)} for seed in range(seeds)}


def test_a_gain_above_every_arm_is_self_improvement() -> None:
    found = verdict(sure(0.25), arms={"random": sure(0.2), "fixed": sure(0.1)}, rng=np.random.default_rng(0))
    assert found.finding is Finding.SHOWN
    assert found.sentence == (
        "self-improvement shown: +25.0 points of the sealed tasks (95 %: 25.0 to 25.0, p = 0.00024), "
        "and above each control arm"
    )
    assert [(one.against, one.p) for one in found.arms] == [("random", 2 / 4096), ("fixed", 2 / 4096)]


def test_an_arm_that_is_as_good_takes_the_claim_away() -> None:
    arms = {"random": sure(0.2), "fixed": sure(0.0), "no archive": sure(-0.1)}
    found = verdict(sure(0.25), arms=arms, rng=np.random.default_rng(0))
    assert found.finding is Finding.NOT_ABOVE_CONTROL
    assert found.sentence.endswith("; not shown above control arms fixed, no archive")
    assert "self-improvement" not in found.sentence


def test_without_a_control_arm_nothing_is_above_one() -> None:
    found = verdict(sure(0.25), arms={}, rng=np.random.default_rng(0))
    assert found.finding is Finding.NO_CONTROL
    assert "no control arm was run, so self-improvement is not shown" in found.sentence


def test_an_agent_that_got_worse_shows_nothing() -> None:
    found = verdict(sure(-0.25), arms={"random": sure(0.3)}, rng=np.random.default_rng(0))
    assert found.sentence.startswith("no evidence of self-improvement: -25.0 points")
    assert found.gain is not None and found.gain.p == 1.0


def test_one_run_says_nothing_of_others() -> None:
    found = verdict(sure(0.25, seeds=1), arms={"random": sure(0.2, seeds=1)}, rng=np.random.default_rng(0))
    assert found.sentence.endswith("; this is one run, and says nothing of others")


def test_who_scores_itself_earns_no_verdict() -> None:
    found = no_verdict(self_scored=True, level=3)
    assert found is not None and found.finding is Finding.SELF_SCORED
    assert found.sentence == "no verdict: self-scored: program and judge share a process; nothing is proved"
    assert found.gain is None and not found.arms


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_below_level_2_there_is_no_verdict(level: int) -> None:
    found = no_verdict(self_scored=False, level=level)
    assert (found is None) is (level >= 2)
    if found is not None:
        assert found.finding is Finding.NO_WALLS and f"isolation level {level} is no wall" in found.sentence
        assert found.gain is None and not found.arms


# -- the curve --------------------------------------------------------------------------------------------------------


def curve(*rates: float, wide: float = 0.02) -> list[CurvePoint]:
    return [CurvePoint(g, 50 * g, rate, rate - wide, rate + wide) for g, rate in enumerate(rates)]


def test_imp_at_k_is_the_gain_of_who_stood_then() -> None:
    points = [CurvePoint(g, 10 * g, rate, rate, rate) for g, rate in ((0, 0.25), (3, 0.5), (7, 0.375))]
    found = [(one.k, one.gain) for k in (None, 1, 3, 6, 7) if (one := imp_at_k(points, k))]
    assert found == [(7, 0.125), (1, 0.0), (3, 0.25), (6, 0.25), (7, 0.125)]
    assert imp_at_k(points[1:]) is None and imp_at_k(points[:1]) is None
    for k in (0, 8):
        with pytest.raises(ValueError, match=f"k = {k}: the curve tells of 1 to 7"):
            imp_at_k(points, k)


@pytest.mark.parametrize(
    ("shape", "law"),
    [
        ("level", lambda g: 0.4 + 0.0 * g),
        ("line", lambda g: 0.2 + 0.03 * g),
        ("saturating", lambda g: 0.2 + 0.5 * (1 - np.exp(-0.4 * g))),
        ("exponential", lambda g: 0.2 + 0.02 * np.expm1(0.25 * g)),
    ],
)
def test_the_shape_is_recognised_through_noise(shape: str, law) -> None:
    generations = np.arange(14.0)
    noise = np.random.default_rng(10).normal(0.0, 0.006, (60, 14))
    found = [fit(curve(*(law(generations) + one))).shape for one in noise]
    assert sum(one == shape for one in found) >= 54
    exact = fit(curve(*law(generations)))
    assert exact.shape == shape
    assert exact.parameters["start"] == pytest.approx(law(np.zeros(1))[0], abs=0.005)


def test_the_parameters_are_those_of_the_curve() -> None:
    rates = 0.2 + 0.5 * (1 - np.exp(-0.4 * np.arange(14.0)))
    found = fit(curve(*rates))
    assert found.parameters["bend"] == pytest.approx(0.4, rel=0.02)
    assert found.parameters["height"] == pytest.approx(0.5, rel=0.01)


@pytest.mark.parametrize("count", [0, 1, 3, 5])
def test_few_points_tell_no_shape(count: int) -> None:
    found = fit(curve(*(0.1 * g for g in range(count))))
    assert found.shape is None and not found.aicc
    assert "cannot tell the shape" in found.sentence


def test_where_it_flattens() -> None:
    assert fit(curve(0.2, 0.3, 0.5, 0.51, 0.505, 0.515)).flat_from == 2
    rising = fit(curve(0.2, 0.3, 0.4, 0.5, 0.6, 0.7))
    assert rising.flat_from is None and rising.sentence.endswith("it still rises at the end")
    never = fit(curve(0.2, 0.21, 0.2, 0.19, 0.2, 0.21))
    assert never.flat_from == 0 and "no generation is better than the first" in never.sentence
