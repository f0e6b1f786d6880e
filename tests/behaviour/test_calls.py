"""What a call did, and where two calls differ."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.behaviour import difference, flatten, observe, observe_all, revive
from shoal.behaviour._flat import flatten_result


def call(*args, **kwargs):
    return flatten((args, kwargs))


def test_values_exceptions_prints_and_changes_are_told():
    def odd(items, *, loud=False):
        items.append(1)
        if loud:
            print("hello")  # noqa: T201
        return items.index(7)

    told = observe_all(odd, [call([7]), call([7], loud=True), call([2])], closely=True)
    assert told[0]["value"] == 0
    assert told[0]["changed"] == call([7, 1])
    assert "printed" not in told[0]
    assert told[1]["printed"] == "hello\n"
    assert told[2]["raised"] == ["builtins.ValueError", "7 is not in list"]


def test_calls_share_no_arguments():
    def drain(items):
        items.clear()
        return len(items)

    one = call([1, 2])
    told = observe_all(drain, [one, one], closely=True)
    assert told[0] == told[1]
    assert "changed" in told[1]


def test_a_result_that_is_no_data_is_told_as_such():
    assert "unflat" in observe(object, (), {}, closely=False)


def test_without_looking_closely_only_the_outcome_is_told():
    assert observe(lambda x: x.append(1), ([],), {}, closely=False) == {"value": None}


@pytest.mark.parametrize(
    ("mine", "right", "words"),
    [
        (1, 2, "it is 1 where 2 is right"),
        (1, 1.0, "it is 1 where 1.0 is right"),
        (True, 1, "it is True where 1 is right"),
        ([1, 2], [1, 3], r"\[1\] is 2 where 3 is right"),
        ([1], [1, 2], "has 1 items where 2 are right"),
        ((1,), [1], "is right"),
        ({"a": 1}, {"a": 2}, r"\[1\]\[0\] is 1 where 2 is right"),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, "is right"),
        (0.1 + 0.2, 0.3, "0.3 is right"),
        (np.array([1.0, 2.0]), np.array([1.0, 3.0]), "has 2.0 at 1 where 3.0 is right"),
        (np.array([1]), np.array([1.0]), "array of int64"),
    ],
)
def test_differences_say_where_and_what(mine, right, words):
    import re

    told = difference(flatten(mine), flatten(right))
    assert told is not None
    assert re.search(words, told), told


@pytest.mark.parametrize(
    "value", [1, 1.5, math.nan, "a", [1, (2,)], {"a": {1, 2}}, np.array([math.nan, 1.0]), None, b"x"]
)
def test_equals_do_not_differ(value):
    assert difference(flatten(value), flatten(value)) is None


def test_floats_may_differ_by_the_tolerance():
    assert difference(0.1 + 0.2, 0.3, tolerance=1e-9) is None
    assert difference(flatten(np.array([0.1 + 0.2])), flatten(np.array([0.3])), tolerance=1e-9) is None
    assert difference(1.0, 1.1, tolerance=1e-9) is not None
    assert difference(1, 2, tolerance=10.0) is not None


def test_long_lists_of_tuples_are_told_by_column_and_compared_by_row():
    rows = [(k, str(k), k % 3 == 0) for k in range(40)]
    told = observe(lambda: rows, (), {}, closely=False)["value"]
    assert set(told) == {"tuples"} and revive(told) == rows
    others: list[tuple[Any, str]] = [
        ([*rows[:7], (7, "x", False), *rows[8:]], r"[7][1] is '7' where 'x' is right"),
        ([*rows[:7], (7.0, "7", False), *rows[8:]], "[7][0] is 7 where 7.0 is right"),
        (rows[:-1], "has 40 items where 39 are right"),
        ([list(row) for row in rows], "is right"),
        ([*rows, (1,)], "is right"),
    ]
    for other, words in others:
        found = difference(told, flatten_result(other))
        assert found is not None and words in found, found
    assert difference(told, flatten_result(list(rows))) is None


@given(st.lists(st.tuples(st.one_of(st.integers(), st.floats(allow_nan=False)), st.text(max_size=2)), max_size=40))
def test_a_result_comes_back_as_it_was(rows):
    back = revive(flatten_result(rows))
    assert back == rows and [list(map(type, one)) for one in back] == [list(map(type, one)) for one in rows]
    assert difference(flatten_result(rows), flatten_result(list(rows))) is None
