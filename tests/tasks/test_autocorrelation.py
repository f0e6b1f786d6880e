"""autocorrelation_c1: exact values of known functions, invariances, and each way to cheat refused."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.judging import Wrong
from shoal.tasks import load

TASK = "autocorrelation_c1"
steps = st.lists(st.floats(0, 1e3), min_size=1, max_size=40).filter(any)


@pytest.fixture(scope="module")
def judge(module):
    return module(TASK, "judge")


def value(judge, heights):
    return judge.score(None, heights)["score"]


def test_the_initial_program_scores_two(judge, module):
    assert value(judge, module(TASK, "initial").heights()) == pytest.approx(2.0, abs=1e-12)


def test_one_lone_step_scores_twice_the_number_of_steps(judge):
    assert value(judge, [0.0] * 7 + [3.0] + [0.0] * 2) == 20.0


def test_a_known_function_scores_what_a_hand_computes(judge):
    # h = (1, 0, 1) / 2: conv = (1, 0, 2, 0, 1) / 4, so 2 * 3 * 2 / 4.
    assert value(judge, [1, 0, 1]) == 3.0


@given(steps, st.floats(1e-3, 1e3))
def test_scale_does_not_count(module, heights, factor):
    judge = module(TASK, "judge")
    assert value(judge, [factor * height for height in heights]) == pytest.approx(value(judge, heights), rel=1e-9)


@given(steps)
def test_the_score_is_the_definition_and_mirrors(module, heights):
    judge = module(TASK, "judge")
    h = np.array(heights) / math.fsum(heights)
    expected = max(
        2 * len(h) * math.fsum(h[i] * h[k - i] for i in range(len(h)) if 0 <= k - i < len(h))
        for k in range(2 * len(h) - 1)
    )
    assert value(judge, heights) == pytest.approx(expected, rel=1e-9)
    assert value(judge, heights[::-1]) == pytest.approx(expected, rel=1e-9)


@given(steps)
def test_no_function_leaves_the_range(module, heights):
    low, high = load(TASK).score.range
    assert low <= value(module(TASK, "judge"), heights) <= high


@pytest.mark.parametrize("scale", [1e-320, 1e-300, 1e-160, 1e160, 1e300])
def test_tiny_and_huge_heights_neither_underflow_nor_overflow(judge, scale):
    assert value(judge, [scale] * 30) == pytest.approx(2.0, rel=1e-9)


@pytest.mark.parametrize(
    "output",
    [
        None,
        {},
        [],
        1.5,
        "1.5",
        [0.0] * 30,
        [-1e-300, *[1.0] * 29],
        [math.nan, *[1.0] * 29],
        [math.inf, *[1.0] * 29],
        [True] * 30,
        [1j] * 30,
        [[1.0] * 30],
        [1.0] * 2001,
        np.ones(30, dtype=object),
        np.ones(30, dtype=complex),
        np.ones((2, 15)),
    ],
)
def test_every_known_hack_is_refused(judge, output):
    with pytest.raises(Wrong):
        judge.score(None, output)


def test_the_public_score_agrees_with_the_judge(judge, module):
    public, heights = module(TASK, "public"), [1.0, 3.0, 0.5, 2.0]
    assert public.score(heights) == value(judge, heights)
    assert public.score([-1.0, 2.0]) == math.inf


def test_the_picture_is_a_png(judge):
    assert judge.picture(None, [1.0, 0.0, 2.0]).startswith(b"\x89PNG")
