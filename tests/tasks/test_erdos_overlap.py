"""erdos_overlap: exact values of known functions, invariances, and each way to cheat refused."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shoal.judging import Wrong
from shoal.tasks import load

TASK = "erdos_overlap"
steps = st.lists(st.floats(0.3, 1), min_size=1, max_size=40)


@pytest.fixture(scope="module")
def judge(module):
    return module(TASK, "judge")


def value(judge, heights):
    return judge.score(None, heights)["score"]


def allowed(heights):
    return 2 * math.fsum(heights) >= len(heights) * max(heights)


def test_the_initial_program_scores_a_half(judge, module):
    assert value(judge, module(TASK, "initial").heights()) == pytest.approx(0.5, abs=1e-12)


def test_a_full_half_scores_one(judge):
    # h = 1 on [0, 1], so 1 - h = 1 on [1, 2]: shifted by 1 they cover one another.
    assert value(judge, [1, 1, 0, 0]) == 1.0


def test_a_known_function_scores_what_a_hand_computes(judge):
    # h = (0.5, 1, 0.5, 0): 1 - h = (0.5, 0, 0.5, 1); shifted by two steps 0.25 + 1; times 2 / 4.
    assert value(judge, [0.5, 1.0, 0.5, 0.0]) == 0.625


def test_full_in_the_middle_beats_a_flat_function(judge):
    # Six steps by hand: (0.1, 0.6, 0.8, 0.8, 0.6, 0.1) overlaps most, 1.18, one step apart; times 2 / 6.
    assert value(judge, [0.1, 0.6, 0.8, 0.8, 0.6, 0.1]) == pytest.approx(1.18 / 3)


@given(steps, st.floats(1e-3, 1e3))
def test_scale_does_not_count(module, heights, factor):
    assume(2 * math.fsum(heights) > 1.001 * len(heights) * max(heights))
    judge = module(TASK, "judge")
    assert value(judge, [factor * height for height in heights]) == pytest.approx(value(judge, heights), rel=1e-9)


@given(steps)
def test_the_score_is_the_definition_and_mirrors(module, heights):
    assume(2 * math.fsum(heights) > 1.001 * len(heights) * max(heights))
    judge, n = module(TASK, "judge"), len(heights)
    h = [height * n / (2 * math.fsum(heights)) for height in heights]
    expected = max(
        math.fsum(h[i + k] * (1 - h[i]) for i in range(n) if 0 <= i + k < n) * 2 / n for k in range(1 - n, n)
    )
    assert value(judge, heights) == pytest.approx(expected, rel=1e-9)
    assert value(judge, heights[::-1]) == pytest.approx(expected, rel=1e-9)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40).filter(any))
def test_what_is_valid_lies_in_the_range_and_the_rest_is_refused(module, heights):
    judge, (low, high) = module(TASK, "judge"), load(TASK).score.range
    if not allowed(heights):
        assume(2 * math.fsum(heights) < 0.999 * len(heights) * max(heights))
        with pytest.raises(Wrong):
            value(judge, heights)
    else:
        assume(2 * math.fsum(heights) > 1.001 * len(heights) * max(heights))
        assert low <= value(judge, heights) <= high


def test_no_height_may_exceed_one_by_any_amount(judge):
    assert value(judge, [1.0, 0.0]) == 1.0
    with pytest.raises(Wrong, match="exceed 1"):
        value(judge, [1.0, -0.0, 1.0, -0.0, np.nextafter(1.0, 2.0), 0.0])


@pytest.mark.parametrize("scale", [5e-324, 1e-300, 1e-160, 1e160, 1e300])
def test_tiny_and_huge_heights_neither_underflow_nor_overflow(judge, scale):
    assert value(judge, [scale] * 30) == pytest.approx(0.5, rel=1e-9)


@pytest.mark.parametrize(
    "output",
    [
        None,
        {},
        [],
        0.38,
        "0.38",
        [0.0] * 30,
        [-1e-300, *[0.5] * 29],
        [math.nan, *[0.5] * 29],
        [math.inf, *[0.5] * 29],
        [1.0, *[0.0] * 29],
        [True] * 30,
        [1j] * 30,
        [[0.5] * 30],
        [0.5] * 2001,
        np.ones(30, dtype=object),
        np.ones(30, dtype=complex),
        np.ones((2, 15)),
    ],
)
def test_every_known_hack_is_refused(judge, output):
    with pytest.raises(Wrong):
        judge.score(None, output)


def test_the_public_score_agrees_with_the_judge(judge, module):
    public, heights = module(TASK, "public"), [0.5, 1.0, 0.5, 0.25]
    assert public.score(heights) == pytest.approx(value(judge, heights), abs=1e-15)
    assert public.score([1.0, 0.0, 0.0]) == math.inf
    assert public.score([-1.0, 2.0]) == math.inf


def test_the_picture_is_a_png(judge):
    assert judge.picture(None, [1.0, 0.5, 2.0]).startswith(b"\x89PNG")
