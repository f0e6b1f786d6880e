"""Declared answers: what passes is exactly what was declared, what does not is wrong before the judge sees it."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from shoal.core.values import Status
from shoal.evaluate._answers import Form, readers
from shoal.judging import Wrong

from .benches import Benches, benches, failed


def read(value: object, *tables: dict[str, Any]) -> Any:
    return readers([{"name": f"part {k}", "function": "f", **table} for k, table in enumerate(tables)])["f"](value)


def test_one_table_is_the_answer_itself_and_several_are_a_sequence() -> None:
    one = read([[1, 2], [3, 4]], {"shape": [-1, 2]})
    assert (one.dtype, one.shape) == (np.float64, (2, 2))
    centres, count = read([np.ones((3, 2), np.float32), 7], {"shape": [3, 2]}, {"shape": [], "dtype": "int"})
    assert centres.dtype == np.float64
    assert type(count) is int
    with pytest.raises(Wrong, match=r"answer \(part 0, part 1\): must have 2 entries, got 1"):
        read([[1.0]], {"shape": [1]}, {"shape": []})


@pytest.mark.parametrize(
    ("value", "table", "told"),
    [
        (None, {"shape": [2]}, "must be an array or a list"),
        ([1.0], {"shape": [2]}, r"must have shape \(2\), got \(1,\)"),
        ([[1.0, 2.0]], {"shape": [-1]}, "made of numbers"),
        ([1.0, math.nan], {"shape": [2]}, "must be finite"),
        ([1.0, math.inf], {"shape": [2]}, "must be finite"),
        ([1.0, math.nan], {"shape": [2], "finite": False}, "must not hold NaN"),
        ([1.5], {"shape": [1], "dtype": "int"}, "must hold integers"),
        ([True], {"shape": [1], "dtype": "int"}, "made of numbers"),
        ([-0.5], {"shape": [1], "low": 0.0}, "below 0, got -0.5"),
        ([2], {"shape": [1], "dtype": "int", "high": 1.0}, "above 1, got 2"),
        ([math.inf], {"shape": [1], "finite": False, "high": 5.0}, "above 5, got inf"),
        ([0.0, -0.0], {"shape": [2], "distinct": True}, "no two entries"),
        ([[1, 2], [1, 2]], {"shape": [-1, 2], "distinct": True}, "no two entries"),
        ([0, 2], {"shape": [-1], "dtype": "int", "permutation": True}, "each of 0 .. 1 exactly once"),
        ([1, 1, 0], {"shape": [3], "dtype": "int", "permutation": True}, "exactly once"),
        (math.nan, {"shape": [], "finite": False}, "must not be NaN"),
        (math.inf, {"shape": []}, "must be finite"),
        (-1.0, {"shape": [], "low": 0.0}, "must lie in"),
        (1.0, {"shape": [], "dtype": "int"}, "must be an integer"),
        (10**400, {"shape": []}, "beyond"),
        (3, {"shape": [], "dtype": "int", "high": 2.0}, "must lie in"),
        ([1.0], {"shape": []}, "must be a number"),
    ],
)
def test_what_does_not_fit_is_wrong(value: object, table: dict[str, Any], told: str) -> None:
    with pytest.raises(Wrong, match=told):
        read(value, table)


def test_the_ends_count_and_infinities_pass_where_they_are_meant() -> None:
    assert read([0.0, 1.0], {"shape": [2], "low": 0.0, "high": 1.0}).tolist() == [0.0, 1.0]
    assert read([-math.inf, 1.0], {"shape": [2], "finite": False}).tolist() == [-math.inf, 1.0]
    assert read(math.inf, {"shape": [], "finite": False}) == math.inf
    assert read([], {"shape": [-1], "low": 0.0, "distinct": True}).shape == (0,)
    assert read([2, 0, 1], {"shape": [3], "dtype": "int", "permutation": True}).tolist() == [2, 0, 1]


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists, max_leaves=12))
def test_any_answer_is_read_or_wrong(value: object) -> None:
    order = {"shape": [-1], "dtype": "int", "permutation": True}
    tables: list[dict[str, Any]] = [{"shape": [-1, -1], "low": 0.0}, {"shape": []}, order]
    for table in tables:
        try:
            result = read(value, table)
        except Wrong:
            continue
        assert np.isfinite(result).all()


NUMBERS = arrays.arrays(np.float64, st.integers(0, 6)) | st.lists(st.floats(), max_size=4)
OTHERS = arrays.arrays(np.float32, 3) | arrays.arrays(np.float64, (2, 2)) | arrays.arrays(np.int64, 2) | st.integers()


@given(NUMBERS | OTHERS, st.booleans(), st.integers(-1, 4), st.none() | st.floats(-9, 9), st.none() | st.floats(-9, 9))
def test_the_short_way_for_vectors_has_the_same_outcome(
    value: Any, finite: bool, length: int, low: float | None, high: float | None
) -> None:
    form = Form(name="curve", function="f", shape=(length,), finite=finite, low=low, high=high)
    quick = readers([asdict(form)])["f"]
    assert form.plain_floats and quick != form.read
    try:
        expected = form.read(value)
    except Wrong as wrong:
        with pytest.raises(Wrong, match=re.escape(str(wrong))):
            quick(value)
    else:
        assert (quick(value).dtype, quick(value).tobytes()) == (expected.dtype, expected.tobytes())


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_number_that_may_not_be_is_found_wherever_it_stands(bad: float) -> None:
    with np.errstate(all="raise"):
        for length in (1, 2, 7, 64, 130):
            for place in range(length):
                value = np.linspace(-1e300, 1e300, length)
                assert read(value, {"shape": [-1]}) is value
                value[place] = bad
                with pytest.raises(Wrong, match="must be finite"):
                    read(value, {"shape": [-1]})
                if math.isnan(bad):
                    with pytest.raises(Wrong, match="must not hold NaN"):
                        read(value, {"shape": [-1], "finite": False})
                else:
                    assert read(value, {"shape": [-1], "finite": False}) is value


# -- through the walls ------------------------------------------------------------------------------------------------

CALL = """
def instances(split, rng):
    yield None

def score(instance, output):
    return {"score": float(output.sum()), "feedback": f"{output.dtype} {output.shape}"}
"""
SESSION = """
def instances(split, rng):
    yield None

def play(instance, ask):
    try:
        return float(ask("f", 1)) + sum(ask("g", 2).tolist())
    except Exception:
        return 99.0
"""
ONE = ({"name": "curve", "function": "f", "shape": [2], "low": 0.0},)
TWO = (
    {"name": "count", "function": "f", "shape": [], "dtype": "int"},
    {"name": "steps", "function": "g", "shape": [-1]},
)


@pytest.fixture(scope="module")
def make() -> Iterator[Benches]:
    with asyncio.Runner() as runner:
        yield from benches(runner)


def test_a_judge_sees_only_what_was_declared(make: Benches) -> None:
    bench = make(CALL, answers=ONE, fixed=True)
    outcome = bench.evaluate("def f():\n    return [1, 2]\n")
    assert (outcome.score, outcome.feedback) == (3.0, "float64 (2,)")
    assert failed(bench.evaluate("def f():\n    return {'sum': 3}\n"), Status.WRONG).startswith(
        "curve: must be an array"
    )
    assert "below 0" in failed(bench.evaluate("def f():\n    return [1, -2]\n"), Status.WRONG)


def test_each_function_of_a_session_has_its_own_and_no_judge_can_catch_the_refusal(make: Benches) -> None:
    bench = make(SESSION, answers=TWO, kind="session", entry=("f", "g"), fixed=True)
    assert bench.evaluate("def f(x):\n    return 4\ndef g(x):\n    return [0.5, 0.5]\n").score == 5.0
    wrong = bench.evaluate("def f(x):\n    return 4\ndef g(x):\n    return [0.5, None]\n")
    assert failed(wrong, Status.WRONG) == "steps: must be made of numbers, got nothing"
    assert "count: must be an integer" in failed(bench.evaluate("def f(x):\n    return 4.0\n"), Status.WRONG)
