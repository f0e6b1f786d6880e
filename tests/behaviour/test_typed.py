"""Calls made up from declared types: of the right types, of common sizes, the same ones each time, or a reason."""

import collections
import dataclasses
import datetime
import decimal
import enum
import importlib
import os
import subprocess
import sys
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from shoal.behaviour import revive
from shoal.behaviour._record import FILE_VARIABLE
from shoal.behaviour._typed import CALLS, made_up


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


@dataclasses.dataclass
class Order:
    number: int
    price: float
    note: str = ""


class Row(typing.NamedTuple):
    key: str
    pieces: int


@dataclasses.dataclass
class Even:
    number: int

    def __post_init__(self) -> None:
        if self.number % 2:
            raise ValueError(f"{self.number} is odd")


@dataclasses.dataclass
class Never:
    number: int

    def __post_init__(self) -> None:
        raise ValueError("never\nat all")


def function_of(hint: Any) -> Callable[..., Any]:
    def function(x):
        return x

    function.__annotations__ = {"x": hint}
    return function


def calls_of(function: Callable[..., Any]) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
    return [revive(entry["call"]) for entry in made_up(function)]


@pytest.mark.parametrize(
    ("hint", "kind"),
    [
        (int, int),
        (float, float),
        (str, str),
        (bytes, bytes),
        (list, list),
        (dict, dict),
        (list[int], list),
        ("list[str]", list),
        (dict[str, float], dict),
        (tuple[int, str], tuple),
        (set[str], set),
        (Sequence[float], list),
        (Iterable[int], list),
        (Mapping[str, int], dict),
        (Colour, Colour),
        (Order, Order),
        (list[Order], list),
        (Row, Row),
        (datetime.date, datetime.date),
        (decimal.Decimal, decimal.Decimal),
        (typing.Annotated[int, "days"], int),
    ],
)
def test_calls_are_of_the_declared_type(hint: Any, kind: type) -> None:
    calls = calls_of(function_of(hint))
    assert (2 if kind is Colour else CALLS // 2) <= len(calls) <= CALLS
    assert {type(args[0]) for args, _ in calls} == {kind}


def test_numbers_and_texts_are_of_common_sizes() -> None:
    assert all(abs(args[0]) <= 100 for args, _ in calls_of(function_of(int)))
    assert all(abs(args[0]) <= 100.0 for args, _ in calls_of(function_of(float)))
    texts = [args[0] for args, _ in calls_of(function_of(str))]
    assert all(text.isascii() for text in texts) and any(" " in text for text in texts)


def test_values_that_a_class_does_not_take_are_left_out() -> None:
    calls = calls_of(function_of(Even))
    assert len(calls) > 20 and all(args[0].number % 2 == 0 for args, _ in calls)
    assert list(made_up(function_of(Never))) == [{"unflat": "ValueError: never"}]


def test_a_type_with_a_choice_gives_each() -> None:
    calls = calls_of(function_of(typing.Literal["a", "b"] | None))
    assert {args[0] for args, _ in calls} == {"a", "b", None}


def test_calls_are_the_same_each_time_and_none_comes_twice() -> None:
    first, again = list(made_up(function_of(list[int]))), list(made_up(function_of(list[int])))
    assert first == again
    assert len({repr(entry) for entry in first}) == len(first)


def test_defaults_are_sometimes_left_and_names_are_kept() -> None:
    def function(a: int, b: int = 5, *more: int, c: str, d: str = "", **others: int) -> None: ...

    calls = calls_of(function)
    assert all("c" in kwargs and set(kwargs) <= {"b", "c", "d"} for _, kwargs in calls)
    assert {len(args) for args, _ in calls} == {1, 2}
    assert {"d" in kwargs for _, kwargs in calls} == {True, False}


def test_what_follows_a_parameter_that_is_left_out_goes_by_name() -> None:
    def function(a: int = 0, b: int = 0) -> None: ...

    calls = calls_of(function)
    assert any(args == () and set(kwargs) == {"b"} for args, kwargs in calls)
    for args, kwargs in calls:
        function(*args, **kwargs)


@pytest.mark.parametrize(
    ("hint", "told"),
    [
        ("Widget", "Widget"),
        (typing.Any, "Any"),
        (Callable[[int], int], "cannot be imported"),
        (list[typing.Any], "Any"),
    ],
)
def test_other_types_give_a_reason(hint: Any, told: str) -> None:
    (only,) = made_up(function_of(hint))
    assert told in only["unflat"]


def test_a_parameter_without_a_type_is_named() -> None:
    def function(a: int, b):
        return a, b

    assert list(made_up(function)) == [{"unflat": "its parameter b declares no type"}]
    assert list(made_up(lambda: 1)) == [{"unflat": "it takes no arguments"}]


def test_the_command_writes_a_record(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(
        "import enum\nclass Size(enum.Enum):\n    S = 1\n\ndef fit(size: Size, n: int): ...\n"
    )
    record = tmp_path / "record"
    environment = {**os.environ, FILE_VARIABLE: str(record), "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    argv = [sys.executable, "-P", "-m", "shoal.behaviour._typed", "shop", "fit"]
    subprocess.run(argv, env=environment, check=True, cwd=tmp_path)
    from shoal.labs.evolve.improve._calls import _read

    entries = list(_read(record.read_bytes()))
    assert len(entries) > CALLS // 2
    assert not importlib.util.find_spec("shop")
    assert collections.Counter(tuple(entry) for entry in entries) == {("call",): len(entries)}
