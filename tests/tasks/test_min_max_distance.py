"""min_max_distance_2d_16: exact ratios of known layouts, invariances, and each way to cheat refused."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.judging import Wrong
from shoal.tasks import load

TASK = "min_max_distance_2d_16"
GRID = [[float(x), float(y)] for y in range(4) for x in range(4)]


@pytest.fixture(scope="module")
def judge(module):
    return module(TASK, "judge")


def value(judge, points):
    return judge.score(None, points)["score"]


def test_the_grid_and_the_initial_program_score_eighteen(judge, module):
    assert value(judge, GRID) == 18.0
    assert value(judge, module(TASK, "initial").points()) == 18.0


def test_points_on_a_line_score_the_square_of_their_number_of_gaps(judge):
    assert value(judge, [[float(k), 0.0] for k in range(16)]) == 225.0


@given(st.floats(-100, 100), st.floats(-100, 100), st.floats(1e-3, 1e3), st.floats(0, 7))
def test_moving_turning_and_scaling_change_nothing(module, x, y, scale, angle):
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    moved = scale * np.array(GRID) @ turn + [x, y]
    assert value(module(TASK, "judge"), moved) == pytest.approx(18.0, rel=1e-7)


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=16, max_size=16, unique=True))
def test_the_score_is_the_definition_and_stays_in_the_range(module, points):
    judge = module(TASK, "judge")
    gaps = [math.dist(p, q) for k, p in enumerate(points) for q in points[:k]]
    if max(gaps) > 1001 * min(gaps):
        with pytest.raises(Wrong):
            value(judge, points)
    elif max(gaps) < 999 * min(gaps):
        low, high = load(TASK).score.range
        assert value(judge, points) == pytest.approx((max(gaps) / min(gaps)) ** 2, rel=1e-9)
        assert low <= value(judge, points) <= high


def test_the_ratio_is_exact_where_float_arithmetic_is_not(judge):
    # A unit of rounding at 2**19: float64 loses the difference of 2**-33 when it squares it beside 9.
    base = 2.0**19
    points = np.array(GRID) + base
    points[15] += 2.0**-33
    assert value(judge, points) > 18.0
    points[15] -= 2.0**-33
    assert value(judge, points) == 18.0


@pytest.mark.parametrize("near", [0.0, 5e-324, 1e-300, 1e-160, 1e-4])
def test_points_that_nearly_coincide_are_refused(judge, near):
    points = [[0.0, 0.0], [near, 0.0], *GRID[2:]]
    with pytest.raises(Wrong, match="points 0 and 1"):
        value(judge, points)


def test_coinciding_points_are_refused(judge):
    with pytest.raises(Wrong):
        value(judge, [[1.0, 1.0]] * 16)


@pytest.mark.parametrize(
    "output",
    [
        None,
        {},
        [],
        12.9,
        "12.9",
        GRID[:15],
        [*GRID, [9.0, 9.0]],
        [[*point, 0.0] for point in GRID],
        [[math.nan, 0.0], *GRID[1:]],
        [[math.inf, 0.0], *GRID[1:]],
        [[1e7, 0.0], *GRID[1:]],
        [[True, False], *GRID[1:]],
        [[1j, 0.0], *GRID[1:]],
        np.array(GRID, dtype=object),
        np.array(GRID, dtype=complex),
        np.array(GRID).T,
        {"points": GRID, "score": 11.0},
    ],
)
def test_every_known_hack_is_refused(judge, output):
    with pytest.raises(Wrong):
        judge.score(None, output)


def test_the_public_score_agrees_with_the_judge(judge, module):
    public = module(TASK, "public")
    assert public.score(GRID) == value(judge, GRID)
    assert public.score([[1.0, 1.0]] * 16) == math.inf
    assert public.score([[math.nan, 1.0], *GRID[1:]]) == math.inf


def test_the_picture_is_a_png(judge):
    assert judge.picture(None, GRID).startswith(b"\x89PNG")
