"""Expressions through a curve: nothing changes at first, and every height of it can be tuned."""

import numpy as np
import pytest

from shoal.propose._curve import POINTS
from shoal.propose._edit import edit

RULE = """import numpy as np


def priority(item, bins):
    \"\"\"One number per bin.

    item: the size of the item, 1 to 100.
    bins: the free space of each bin in which the item fits; shape (n,).
    \"\"\"
    left = bins - item
    return -left
"""


def curves(source, draws=60, entry="priority"):
    request = {"operator": "curve", "source": source, "entry": [entry]}
    made = [edit(request, np.random.default_rng(draw)) for draw in range(draws)]
    return [one for one in made if "failed" not in one]


def priority(source, item, bins):
    names: dict = {}
    exec(compile(source, "rule", "exec"), names)
    return names["priority"](item, np.array(bins, float))


def test_a_curve_is_straight_to_begin_with_over_the_range_that_the_docstring_tells():
    straight = [one["source"] for one in curves(RULE) if "interp(2 * np.log2(1 + abs(left))" in one["source"]]
    assert straight
    for source in straight:
        at_points = [7.0, 8.0, 10.0, 14.0, 22.0, 38.0, 70.0]
        assert priority(source, 7.0, at_points) == pytest.approx([0, -1, -3, -7, -15, -31, -63])
        between = priority(source, 7.0, [9.0, 12.0, 27.0, 57.0])
        assert between == pytest.approx([-2.0, -5.0, -20.0, -50.0], rel=0.02)


def test_what_may_be_below_zero_gets_evenly_spread_points_on_both_sides():
    source = next(one["source"] for one in curves(RULE) if "interp(left / 10" in one["source"])
    assert priority(source, 5.0, [5.0, 25.0, 70.0]) == pytest.approx([0.0, -20.0, -60.0], abs=5.1)


@pytest.mark.parametrize(("told", "unit"), [("0 to 1", "* 100"), ("1 to 1000", "/ 10"), ("0 to 10", "* 10")])
def test_points_are_in_units_of_what_the_docstring_tells(told, unit):
    notes = [one["source"] for one in curves(RULE.replace("1 to 100", told), draws=120)]
    assert sum(f"abs(left {unit})" in one for one in notes) >= 2


def test_a_curve_opens_enough_numbers_to_count_as_another_program():
    before = edit({"operator": "describe", "source": RULE, "entry": ["priority"]}, np.random.default_rng(0))
    for one in curves(RULE):
        assert one["details"]["literals"] >= before["details"]["literals"] + min(POINTS)
        inspected = edit({"operator": "inspect", "source": one["source"]}, np.random.default_rng(0))["details"]
        assert inspected["kinds"].count("float") >= min(POINTS)


def test_constants_are_left_alone_and_without_numpy_there_is_no_curve():
    assert not any("interp(1.5," in one["source"] for one in curves(RULE.replace("-left", "1.5 - left")))
    assert curves(RULE.replace("import numpy as np\n", "")) == []


def test_where_no_range_is_told_a_curve_ends_anywhere():
    told = RULE.replace("1 to 100", "a number")
    units = {one["source"].partition("left ")[2].partition(")")[0] for one in curves(told) if "(left " in one["source"]}
    assert len(units) >= 3
