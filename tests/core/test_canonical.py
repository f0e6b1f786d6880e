"""One value, one text; and from the text back to the value."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.core import records
from shoal.core.canonical import canonical, plain, sha256
from shoal.core.values import (
    Ask,
    Candidate,
    Counted,
    Done,
    InstanceResult,
    Measure,
    Measured,
    Outcome,
    Propose,
    Result,
    Split,
    Status,
    Trial,
    Wait,
    Work,
)
from tests.core.toys import same

FINITE = st.floats(allow_nan=False, allow_infinity=False)
COUNTS = st.integers(0, 2**40)
TEXTS = st.text(st.one_of(st.characters(), st.sampled_from('\ud800\x00"\\\n')), max_size=8)
IDS = st.integers(0, 10**6).map("c{}".format)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | FINITE | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
NUMBERS = st.dictionaries(TEXTS, FINITE, max_size=3)
TRIALS = st.builds(
    Trial,
    st.sampled_from(Split),
    st.lists(COUNTS, max_size=3).map(tuple),
    st.none() | IDS,
    COUNTS,
    COUNTS,
    st.lists(IDS, max_size=3).map(tuple),
)
MANY = st.lists(IDS, max_size=2).map(tuple)
WORK = st.one_of(
    st.builds(Propose, TEXTS, MANY, MANY, JSON, st.none() | TRIALS),
    st.builds(Measure, TRIALS),
    st.builds(Ask, TEXTS, JSON),
    st.builds(Wait, TEXTS),
    st.builds(Done, TEXTS),
)
CANDIDATES = st.builds(Candidate, IDS, MANY, st.dictionaries(TEXTS, TEXTS, max_size=2), TEXTS, TEXTS, TEXTS)
COUNTED = st.builds(Counted, COUNTS, COUNTS, COUNTS, COUNTS, FINITE)
INSTANCES = st.builds(
    InstanceResult, COUNTS, st.sampled_from(Status), st.none() | FINITE, st.lists(FINITE, max_size=2).map(tuple)
)
OUTCOMES = st.builds(
    Outcome,
    TRIALS,
    st.sampled_from(Status),
    st.none() | FINITE,
    st.lists(INSTANCES, max_size=2).map(tuple),
    NUMBERS,
    NUMBERS,
    TEXTS,
    COUNTED,
    st.builds(Measured, FINITE, FINITE, COUNTS, COUNTS, st.booleans()),
    st.dictionaries(TEXTS, TEXTS, max_size=2),
)
RESULTS = st.builds(
    Result,
    st.sampled_from(Status),
    st.none() | CANDIDATES,
    st.none() | OUTCOMES,
    JSON,
    JSON,
    TEXTS,
    COUNTED,
    st.booleans(),
)


def text_of(value: Any) -> Any:
    """What a log gives back of ``value``."""
    return json.loads(canonical(value))


def alike(one: Any, other: Any) -> bool:
    """Equal values in equal types; the order of a mapping's keys does not count."""
    return canonical(one) == canonical(other) and bool(one == other)


@given(WORK)
def test_work_comes_back_from_its_text(work: Work) -> None:
    back = records.read_work(text_of(records.write_work(work)))
    assert type(back) is type(work)
    assert alike(back, work)


@given(RESULTS)
def test_a_result_comes_back_from_its_text(result: Result) -> None:
    assert alike(records.read_result(text_of(result)), result)


@given(OUTCOMES, CANDIDATES, TRIALS)
def test_parts_come_back_from_their_text(outcome: Outcome, candidate: Candidate, trial: Trial) -> None:
    assert alike(records.read_outcome(text_of(outcome)), outcome)
    assert alike(records.read_candidate(text_of(candidate)), candidate)
    assert same(records.read_trial(text_of(trial)), trial)


@given(OUTCOMES)
def test_statuses_and_splits_come_back_as_members(outcome: Outcome) -> None:
    back = records.read_outcome(text_of(outcome))
    assert isinstance(back.status, Status)
    assert isinstance(back.trial.split, Split)
    assert all(isinstance(one.status, Status) for one in back.per_instance)


@given(JSON)
def test_equal_values_have_one_text(value: Any) -> None:
    text = canonical(value)
    assert canonical(json.loads(text)) == text
    assert text == text.decode().encode("ascii")


@given(st.dictionaries(TEXTS, COUNTS, max_size=5))
def test_the_order_of_keys_does_not_count(value: dict[str, int]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


@given(RESULTS)
def test_plain_is_what_json_makes_of_it(result: Result) -> None:
    data = plain(result)
    assert json.loads(json.dumps(data)) == data


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [-float("inf")], {"x": float("nan")}])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical(value)


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", 1j, np.zeros(2), np.float64(1.0), np.int64(1)])
def test_what_is_no_plain_data_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="not plain data"):
        canonical(value)


@pytest.mark.parametrize("value", [{1: "a"}, {None: 1}, {(1, 2): 3}, {True: 0}])
def test_keys_that_would_come_back_as_something_else_are_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(value)


def test_an_unknown_kind_of_work_is_refused() -> None:
    with pytest.raises(KeyError):
        records.read_work({"do": "dance"})


def test_texts_and_digests_stay_what_they_are() -> None:
    """A change here makes every log on disk unreadable: it needs a new schema version."""
    work = Propose("write", ("c1",), payload={"b": 1.5, "a": [True, None, "é"]}, then=Trial(Split.SEARCH, (0, 1)))
    text = canonical(records.write_work(work))
    assert text == (
        b'{"do":"propose","inspirations":[],"parents":["c1"],"payload":{"a":[true,null,"\\u00e9"],"b":1.5},'
        b'"proposer":"write","then":{"against":[],"candidate":null,"draw":0,"instances":[0,1],"split":"search","stage":0}}'
    )
    assert sha256(b"shoal") == "888696c38e895dd742b8494f449219c12a256a16d0841b93813c841a298df92c"
