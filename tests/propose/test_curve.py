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
    names = {}
    exec(compile(source, "rule", "exec"), names)
    return names["priority"](item, np.array(bins, float))


def test_a_curve_is_straight_to_begin_with_over_the_range_that_the_docstring_tells():
    straight = [one["source"] for one in curves(RULE) if "interp(left, np.geomspace(0.391, 100.0" in one["source"]]
    assert straight
    for source in straight:
        assert priority(source, 7.0, [7.5, 20.0, 60.0, 107.0]) == pytest.approx([-0.5, -13.0, -53.0, -100.0], rel=0.01)


def test_what_may_be_below_zero_gets_evenly_spread_points_on_both_sides():
    source = next(one["source"] for one in curves(RULE) if "interp(-left" in one["source"])
    assert "np.linspace(-100.0, 100.0" in source
    assert priority(source, 5.0, [5.0, 25.0, 105.0]) == pytest.approx([0.0, -20.0, -100.0], abs=1.0)


def test_a_curve_opens_enough_numbers_to_count_as_another_program():
    before = edit({"operator": "describe", "source": RULE, "entry": ["priority"]}, np.random.default_rng(0))
    for one in curves(RULE):
        assert one["details"]["literals"] >= before["details"]["literals"] + POINTS
        inspected = edit({"operator": "inspect", "source": one["source"]}, np.random.default_rng(0))["details"]
        assert inspected["kinds"].count("float") >= POINTS


def test_constants_are_left_alone_and_without_numpy_there_is_no_curve():
    assert not any("interp(1.5," in one["source"] for one in curves(RULE.replace("-left", "1.5 - left")))
    assert curves(RULE.replace("import numpy as np\n", "")) == []


def test_where_no_range_is_told_a_curve_ends_anywhere():
    told = RULE.replace("1 to 100", "a number")
    assert len({one["source"].partition("space(")[2].partition("]")[0] for one in curves(told)}) > 10
