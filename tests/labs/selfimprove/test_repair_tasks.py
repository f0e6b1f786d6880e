"""What an agent sees of a task, when a result is right, and which stream a program is in."""

import json
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from shoal.core.values import Split
from shoal.labs.selfimprove._tasks import RepairTask, Test, alike, brief, split_of

from .examples import FILES, VISIBLE

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
secret = st.integers(min_value=10**9, max_value=10**12).map(lambda number: f"secret{number}")
hidden_tests = st.builds(
    Test,
    call=secret.map("shelf:{}".format),
    arguments=st.tuples(secret, st.lists(secret)),
    expected=st.dictionaries(secret, secret),
    raises=st.none() | secret,
    before=st.lists(st.tuples(secret.map("shelf:{}".format), st.tuples(secret))).map(tuple),
)


@settings(max_examples=40)
@given(hidden=st.lists(hidden_tests, min_size=1).map(tuple))
def test_the_brief_holds_nothing_hidden(hidden: tuple[Test, ...]) -> None:
    task = RepairTask("secret-name", "secret-program", "Do it.", FILES, VISIBLE, hidden, "boundary", "written")
    shown = json.dumps(brief(task))
    assert "secret" not in shown
    for kept in (task.kind, task.origin):
        assert str(kept) not in shown


def test_the_brief_holds_what_is_needed() -> None:
    told = brief(RepairTask("n", "p", "Do it.", FILES, VISIBLE, VISIBLE))
    assert told == {"statement": "Do it.", "files": FILES, "visible": [test.shown() for test in VISIBLE]}
    assert told["visible"][0]["expected"] == VISIBLE[0].expected


@given(values)
def test_a_value_is_like_itself_and_survives_json(value: object) -> None:
    assert alike(value, value)
    assert alike(json.loads(json.dumps(value)), value)
    assert not alike([value], value)
    assert not alike({"": value}, value)


def test_what_is_alike() -> None:
    assert alike((1, (2.0,)), [1, [2]])
    assert alike(0.1 + 0.2, 0.3)
    assert alike(1e20 + 1, 1e20)
    for value, expected in [
        (True, 1),
        (1, True),
        (0, False),
        (0, None),
        ("", None),
        ("1", 1),
        (10**400, 1.5),
        (float("nan"), 0.0),
        (float("inf"), 1e300),
        (1.001, 1),
        ([1], [1, 2]),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({1: 2}, {"1": 2}),
        ({1}, [1]),
        (object(), 0),
        (10**20 + 1, 10**20),
    ]:
        assert not alike(value, expected), (value, expected)


def test_the_name_of_a_program_decides_its_stream() -> None:
    assert [split_of(name) for name in ("lru_cache", "bowling_score", "ring_buffer")] == [
        Split.VALIDATION,
        Split.SEARCH,
        Split.SEALED,
    ]
    shares = Counter(split_of(f"program {number}") for number in range(2000))
    assert {split: round(count / 200) for split, count in shares.items()} == {
        Split.SEARCH: 4,
        Split.VALIDATION: 2,
        Split.SEALED: 4,
    }


def test_equal_tasks_have_equal_digests() -> None:
    task = RepairTask("n", "p", "Do it.", FILES, VISIBLE, VISIBLE)
    assert task.digest == RepairTask("n", "p", "Do it.", dict(reversed(FILES.items())), VISIBLE, VISIBLE).digest
    assert task.digest != RepairTask("n", "p", "Do it.", FILES, VISIBLE[1:], VISIBLE).digest
