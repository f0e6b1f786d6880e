"""Values as trees and back: nothing is lost, types stay, and what is no data is refused by name."""

import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import pathlib
import uuid
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.behaviour import UnflatError, difference, flatten, revive
from shoal.sandbox import frames


@dataclasses.dataclass
class Point:
    x: int
    tags: list[str]


@dataclasses.dataclass(frozen=True, slots=True)
class Fixed:
    name: str


class Colour(enum.Enum):
    RED = 1


class Pair(NamedTuple):
    left: int
    right: str


class Plain:
    def __init__(self):
        self.value = {1: "a"}


VALUES = [
    2**70,
    -(2**63),
    (1, [2, (3,)]),
    {1: (2,), (1, 2): {3}},
    frozenset({1, 2}),
    bytearray(b"ab"),
    collections.Counter("aab"),
    collections.OrderedDict(b=1, a=2),
    collections.deque([1, 2], maxlen=3),
    datetime.datetime(2026, 1, 2, 3, 4, tzinfo=datetime.UTC),
    datetime.date(2026, 1, 2),
    datetime.timedelta(days=1, microseconds=5),
    decimal.Decimal("1.10"),
    fractions.Fraction(1, 3),
    uuid.UUID(int=5),
    pathlib.Path("/a/b"),
    3 + 4j,
    range(1, 9, 2),
    slice(1, None),
    Point(1, ["a"]),
    Fixed("x"),
    Colour.RED,
    Pair(1, "b"),
    len,
    np.arange(6).reshape(2, 3),
    np.float32(2.5),
    np.bool_(True),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_comes_back_as_it_was(value):
    tree = flatten(value)
    assert frames.decode(frames.encode(tree)) is not None or tree is None
    back = revive(frames.decode(frames.encode(tree)))
    assert type(back) is type(value)
    assert difference(flatten(back), tree) is None
    if not isinstance(value, np.ndarray):
        assert back == value


def test_objects_of_plain_classes_keep_their_attributes():
    back = revive(flatten(Plain()))
    assert type(back) is Plain
    assert back.value == {1: "a"}


def test_defaults_of_a_dictionary_are_kept():
    value = collections.defaultdict(list, a=[1])
    back = revive(flatten(value))
    assert back == value
    assert back["new"] == []


def test_an_iterator_is_told_by_its_items():
    assert flatten(k * k for k in range(4)) == {"iterator": [0, 1, 4, 9]}
    assert list(revive({"iterator": [1, 2]})) == [1, 2]


def test_sets_have_one_order():
    names = [f"n{k}" for k in range(40)]
    assert flatten(set(names)) == {"set": sorted(names)}


@pytest.mark.parametrize("value", [open, lambda: 1, object(), iter(int, 1), ValueError("x"), np.array([object()])])
def test_what_is_no_data_is_refused(value):
    if value is open:
        with open(__file__) as file, pytest.raises(UnflatError, match="TextIOWrapper"):
            flatten(file)
        return
    with pytest.raises(UnflatError):
        flatten(value)


def test_a_value_that_holds_itself_is_refused():
    value: list[object] = []
    value.append(value)
    with pytest.raises(UnflatError, match="holds itself"):
        flatten(value)


@pytest.mark.parametrize("tree", [{}, {"a": 1, "b": 2}, {"unknown": 1}])
def test_no_tree_is_refused(tree):
    with pytest.raises(ValueError, match="no flat tree"):
        revive(tree)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers(), inner, max_size=4)
        | st.sets(st.integers() | st.text(), max_size=4)
    ),
    max_leaves=20,
)


@given(PLAIN)
def test_plain_data_comes_back(value):
    tree = flatten(value)
    back = revive(frames.decode(frames.encode(tree)))
    assert back == value
    assert difference(flatten(back), tree) is None
