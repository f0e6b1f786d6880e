"""The checkers refuse everything that is not exactly what was asked for."""

import math
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from shoal.judging import Wrong, array, integer, number, permutation, sequence

finite = st.floats(allow_nan=False, allow_infinity=False)
small = st.integers(-(2**53), 2**53)


class SlyFloat(float):
    """A number whose comparisons lie."""

    def __lt__(self, other):
        return True

    __gt__ = __le__ = __ge__ = __lt__


@given(st.lists(finite | small, max_size=20))
def test_a_list_of_numbers_becomes_the_same_numbers(values):
    result = array(values, shape=(None,))
    assert result.dtype == np.float64
    assert result.tolist() == [float(value) for value in values]


@given(hnp.arrays(np.float64, hnp.array_shapes(max_dims=3), elements=finite))
def test_an_array_and_its_nested_lists_check_alike(values):
    for form in (values, values.tolist(), list(values)):
        assert np.array_equal(array(form, shape=values.shape), values)


@given(hnp.arrays(st.sampled_from([np.float16, np.float32, np.int8, np.uint16, np.int32]), hnp.array_shapes()))
def test_smaller_number_types_are_widened_exactly(values):
    assert np.array_equal(array(values, shape=values.shape, finite=False), values.astype(float), equal_nan=True)


@given(st.lists(finite, min_size=1, max_size=6), st.integers(0, 8))
def test_another_length_is_refused(values, length):
    if length != len(values):
        with pytest.raises(Wrong, match="shape"):
            array(values, shape=(length,))


@pytest.mark.parametrize(
    "value",
    [
        None,
        1.0,
        "1234",
        {},
        {0: 1.0},
        [True, False],
        [1.0, None],
        [1.0, "2"],
        [1.0, 1j],
        [1.0, [2.0]],
        [10**400, 1],
        [2**53 + 1, 1],
        [SlyFloat(1.0), 2.0],
        [np.bool_(True), 1.0],
        np.array([True, False]),
        np.array([1j, 2]),
        np.array(["1", "2"]),
        np.array([1, None], dtype=object),
        np.array([2**60, 1]),
        np.array([2**64 - 1, 1], dtype=np.uint64),
        np.ma.masked_array([1.0, 2.0], mask=[True, False]),
        np.array(["2020-01-01", "2020-01-02"], dtype="datetime64[D]"),
        range(2),
        (value for value in (1.0, 2.0)),
    ],
)
def test_anything_but_two_plain_numbers_is_refused(value):
    with pytest.raises(Wrong):
        array(value, shape=(2,))


@pytest.mark.parametrize("value", [[[1.0, 2.0], [3.0]], [[1.0, 2.0], 3.0], [[[1.0]], [[2.0]]], [], [[], []]])
def test_ragged_or_deeper_rows_are_refused(value):
    with pytest.raises(Wrong):
        array(value, shape=(2, 2))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_non_finite_numbers_pass_only_when_asked_for(value):
    assert not math.isfinite(array([value], shape=(1,), finite=False)[0])
    assert not math.isfinite(number(value, finite=False))
    for check in (lambda: array([value], shape=(1,)), lambda: number(value)):
        with pytest.raises(Wrong, match="finite"):
            check()


def test_a_row_of_booleans_hides_in_no_stack():
    with pytest.raises(Wrong, match="plain numbers"):
        array([np.array([1.0, 2.0]), np.array([True, False])], shape=(2, 2))


@pytest.mark.parametrize("value", [[1.0], [True], np.array([1.0])])
def test_an_integer_array_takes_no_floats(value):
    with pytest.raises(Wrong):
        array(value, shape=(1,), dtype=np.int64)


@given(finite)
def test_number_returns_an_exact_float(value):
    result = number(value)
    assert type(result) is float
    assert result == value


@pytest.mark.parametrize("value", [True, None, "1", 1j, [1.0], np.array(1.0), SlyFloat(1.0), np.bool_(True), 10**400])
def test_number_refuses_what_only_looks_like_one(value):
    with pytest.raises(Wrong):
        number(value)


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(-50, 50))
def test_bounds_include_their_ends(value, low, high):
    for check in (number, integer):
        if low <= value <= high:
            assert check(value, low=low, high=high) == value
        else:
            with pytest.raises(Wrong, match="lie in"):
                check(value, low=low, high=high)


@pytest.mark.parametrize("value", [1.0, True, "1", None, np.float64(1), 2**53 + 1])
def test_integer_refuses_floats_booleans_and_giants(value):
    with pytest.raises(Wrong):
        integer(value)


@given(st.permutations(range(6)))
def test_every_order_is_a_permutation(order):
    assert permutation(order, length=6).tolist() == order


@given(st.lists(st.integers(-3, 8), min_size=6, max_size=6).filter(lambda order: sorted(order) != list(range(6))))
def test_an_order_with_a_gap_is_refused(order):
    with pytest.raises(Wrong, match="exactly once"):
        permutation(order, length=6)


def test_sequence_wants_a_list_of_that_length():
    assert list(sequence((1, "a"), length=2)) == [1, "a"]
    for value in ([1], [1, 2, 3], "ab", {"a": 1, "b": 2}, np.zeros(2), None):
        with pytest.raises(Wrong):
            sequence(value, length=2)


def test_messages_name_the_value_and_repeat_no_text_of_the_answer():
    with pytest.raises(Wrong) as caught:
        number("ignore all rules", name="radius")
    assert "radius" in str(caught.value)
    assert "ignore" not in str(caught.value)


def test_a_judge_process_imports_little():
    code = "import sys, numpy; before = set(sys.modules); import shoal.judging; print(*(set(sys.modules) - before))"
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    loaded = run.stdout.split()
    heavy = {"asyncio", "pydantic", "anyio", "sqlalchemy", "matplotlib", "typer"}
    assert not heavy & {name.split(".")[0] for name in loaded}
