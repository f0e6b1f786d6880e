"""circle_packing_26: exact values of known layouts, and each way to cheat refused."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.judging import Wrong
from shoal.tasks import load

TASK = "circle_packing_26"
EPSILON = 2.0**-52


@pytest.fixture(scope="module")
def judge(module):
    return module(TASK, "judge")


def grid(radius=1 / 12, side=6, count=26):
    """Return the first circles of a square grid."""
    places = [[(2 * i + 1) / (2 * side), (2 * j + 1) / (2 * side)] for i in range(side) for j in range(side)]
    return places[:count], [radius] * count


def spread(*circles):
    """Return the given circles, the rest as points of radius 0 along the diagonal."""
    rest = [(0.9 + k / 1000, 0.9 + k / 1000, 0.0) for k in range(26 - len(circles))]
    rows = [*circles, *rest]
    return [[x, y] for x, y, _ in rows], [r for _, _, r in rows]


def test_the_initial_program_scores_the_ring_layout(judge, module):
    result = judge.score(None, module(TASK, "initial").pack())
    assert result["score"] == pytest.approx(0.95976, abs=1e-5)


def test_a_grid_scores_its_radii(judge):
    radius = 1 / 12 - 1e-12
    assert judge.score(None, grid(radius))["score"] == pytest.approx(26 / 12, abs=1e-9)


def test_the_result_holds_only_plain_numbers_and_text(judge, module):
    result = judge.score(None, module(TASK, "initial").pack())
    assert type(result["score"]) is float
    assert {type(value) for value in result["metrics"].values()} == {float}
    assert {type(value) for value in result["descriptor"]} == {float}
    assert type(result["feedback"]) is str


def test_touching_is_allowed_and_one_rounding_unit_more_is_not(judge):
    judge.score(None, spread((0.25, 0.25, 0.25), (0.75, 0.25, 0.25)))
    for circles in (
        [(0.25, 0.25, 0.25), (0.75 - EPSILON, 0.25, 0.25)],
        [(0.25 + EPSILON, 0.25, 0.25), (0.75, 0.25, 0.25)],
        [(0.25, 0.25, 0.25), (0.5, 0.6, 0.15), (0.75, 0.25, 0.25 - EPSILON), (0.5, 0.25, 2 * EPSILON)],
    ):
        with pytest.raises(Wrong, match="overlap"):
            judge.score(None, spread(*circles))


def test_an_overlap_below_the_resolution_of_float64_is_seen(judge):
    circles = ((0.125, 0.2, 0.125), (0.375, 0.2, 0.125 + 2.0**-55))
    assert circles[0][2] + circles[1][2] == 0.25 == math.dist(circles[0][:2], circles[1][:2])
    with pytest.raises(Wrong, match="overlap"):
        judge.score(None, spread(*circles))


@pytest.mark.parametrize("slack", [1e-3, 1e-6, 1e-9, 1e-12, 1e-15])
def test_no_slack_at_the_border(judge, slack):
    for x, y in ((0.1, 0.5), (0.5, 0.1), (0.5, 0.9), (0.9, 0.5)):
        with pytest.raises(Wrong):
            judge.score(None, spread((x, y, 0.1 + slack)))


@given(st.floats(0.01, 0.4), st.floats(0, 2 * math.pi), st.floats(0.001, 0.3), st.floats(1e-16, 0.001))
def test_a_pair_that_overlaps_in_fractions_is_refused(module, reach, angle, first, excess):
    from fractions import Fraction

    judge = module(TASK, "judge")
    x, y = 0.45 + 0.3 * reach * math.cos(angle), 0.45 + 0.3 * reach * math.sin(angle)
    gap = math.dist((0.45, 0.45), (x, y))
    radii = min(first, 0.4) * gap, (1 - min(first, 0.4)) * gap * (1 + excess)
    exact = [Fraction(value) for value in (0.45 - x, 0.45 - y, *radii)]
    really = (Fraction(0.45) - Fraction(x)) ** 2 + (Fraction(0.45) - Fraction(y)) ** 2 < (exact[2] + exact[3]) ** 2
    layout = spread((0.45, 0.45, radii[0]), (x, y, radii[1]))
    if really:
        with pytest.raises(Wrong, match="overlap"):
            judge.score(None, layout)
    else:
        judge.score(None, layout)


def changed(*, centres=None, radii=None):
    good = grid(0.08)
    return [good[0] if centres is None else centres(good[0]), good[1] if radii is None else radii(good[1])]


@pytest.mark.parametrize(
    "output",
    [
        None,
        {},
        [],
        2.6359,
        {"score": 2.7},
        "2.6",
        [*grid(0.08), 2.7],
        changed(radii=lambda r: [math.nan, *r[1:]]),
        changed(radii=lambda r: [math.inf, *r[1:]]),
        changed(centres=lambda c: [[math.nan, 0.5], *c[1:]]),
        changed(radii=lambda r: [-0.01, *r[1:]]),
        changed(radii=lambda r: r[:-1]),
        changed(radii=lambda r: [*r, 0.01]),
        changed(radii=lambda r: [[value] for value in r]),
        changed(radii=lambda r: np.array(r) + 0j),
        changed(radii=lambda r: np.array(r, dtype=object)),
        changed(radii=lambda r: [True, *r[1:]]),
        changed(radii=lambda r: [10**400, *r[1:]]),
        changed(radii=lambda r: 0.08),
        changed(centres=lambda c: np.array(c).T),
        changed(centres=lambda c: [c[0]] * 26),
        changed(centres=lambda c: [[1.5, 0.5], *c[1:]]),
        changed(centres=lambda c: [[1e308, 1e308], *c[1:]]),
    ],
)
def test_every_known_hack_is_refused(judge, output):
    with pytest.raises(Wrong):
        judge.score(None, output)


def test_subnormal_numbers_are_no_trouble(judge):
    layout = spread((5e-324, 0.5, 0.0), (0.3, 0.3, 5e-324))
    assert judge.score(None, layout)["score"] == 5e-324


def test_no_accepted_score_reaches_the_range(judge):
    low, high = load(TASK).score.range
    assert low == 0
    assert high > math.sqrt(26 / math.pi)


def test_the_public_score_agrees_with_the_judge(judge, module):
    public, layout = module(TASK, "public"), module(TASK, "initial").pack()
    assert public.score(*layout) == pytest.approx(judge.score(None, layout)["score"], abs=1e-12)
    assert public.score(*grid(0.1)) < 0
    assert public.score(grid()[0], [math.nan] * 26) == -math.inf


def test_there_is_one_instance(judge):
    for split in ("search", "validation", "sealed"):
        assert list(judge.instances(split, np.random.default_rng(0))) == [None]


def test_the_picture_is_a_png(judge, module):
    assert judge.picture(None, module(TASK, "initial").pack()).startswith(b"\x89PNG")
