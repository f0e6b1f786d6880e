"""What a watcher is told: estimates, remaining budget, settings."""

import io
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.cli._options import parse_settings, with_default_budget
from shoal.cli._progress import BARS, SPARK_WIDTH, Progress, _what_the_budget_buys, remaining, spark
from shoal.cli._table import rows_of
from shoal.core.budget import Budget, Spent
from shoal.core.course import Admitted
from shoal.core.errors import UserError
from shoal.core.values import Counted, Measure, Outcome, Propose, Result, Split, Status, Trial
from shoal.report import _words


def test_the_budget_is_told_in_evaluations() -> None:
    said = _what_the_budget_buys(Budget(seconds=60), 0.004, cores=2)
    assert said == "your judge and program take 0.004 s a trial; 60 s buys about 15,000 evaluations on 2 cores"
    assert _what_the_budget_buys(Budget(evaluations=1), 0.1, cores=1).endswith("1 evaluation in about 0.1 s on 1 core")
    assert "of CPU time buys about 100 evaluations" in _what_the_budget_buys(Budget(cpu_seconds=10), 0.1, cores=4)


def test_what_is_left_is_told_in_each_unit_with_an_estimate() -> None:
    spent = Spent(Counted(evaluations=30), seconds=10.0)
    left = list(remaining(Budget(evaluations=100, seconds=60), spent, since=Spent(), elapsed=10.0))
    assert left == ["70 evaluations left", "50 s of time left", "ETA 23 s"]


def test_a_resumed_run_estimates_by_this_sitting() -> None:
    since, spent = Spent(Counted(evaluations=50), seconds=100.0), Spent(Counted(evaluations=60), seconds=110.0)
    assert list(remaining(Budget(evaluations=100), spent, since=since, elapsed=10.0))[-1] == "ETA 40 s"


def outcome(score: float, draw: int = 0) -> Outcome:
    return Outcome(Trial(Split.SEARCH, (0,), draw=draw), Status.OK, score)


def told_of(known: dict[str, Outcome], in_flight: dict[int, Propose], steps: list[tuple[Any, Outcome]]) -> list[Any]:
    """The best that a line of progress would show after each step of a sitting that found ``known``."""
    progress = Progress(io.StringIO())
    course: Any = SimpleNamespace(outcomes=known, in_flight=in_flight, spent=Spent())
    bests = []
    for k, (work, found) in enumerate(steps, start=1):
        progress.admitted(course, Admitted(k, work, Result(Status.OK, outcome=found), ()))
        bests.append(progress._best)
    return bests


def proposal(draw: int = 0) -> Propose:
    return Propose("embedded", ("c0",), then=Trial(Split.SEARCH, (0,), draw=draw))


def test_a_resumed_run_goes_on_from_its_best() -> None:
    assert told_of({"c0": outcome(1.0), "c5": outcome(9.0)}, {8: proposal()}, [(proposal(), outcome(2.0))]) == [9.0]


def test_bests_of_other_draws_of_the_instances_are_another_measure() -> None:
    again = Measure(Trial(Split.SEARCH, (0,), "c0", draw=2))
    steps = [
        (proposal(), outcome(9.0)),
        (again, outcome(4.0, 2)),
        (proposal(), outcome(9.5)),
        (proposal(2), outcome(3.0, 2)),
        (proposal(), outcome(99.0)),  # late
        (Measure(Trial(Split.SEARCH, (0,), "c1", draw=3)), outcome(50.0, 3)),  # a second look
        (proposal(2), outcome(5.0, 2)),
    ]
    assert told_of({}, {}, steps) == [9.0, 9.0, 9.5, 4.0, 4.0, 4.0, 5.0]
    assert told_of({"c0": outcome(9.0), "c7": outcome(4.0, 2)}, {8: proposal(2)}, steps[3:4]) == [4.0]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=200))
def test_a_sparkline_fits_and_ends_with_the_last_value(values: list[float]) -> None:
    drawn = spark(values)
    assert len(drawn) <= SPARK_WIDTH + 1 and set(drawn) <= set(BARS)
    if drawn and values[-1] == max(values):
        assert drawn[-1] == BARS[-1]
    assert bool(drawn) == (min(values) != max(values))


@pytest.mark.parametrize(
    ("pair", "key", "value"),
    [
        ("search.islands=4", "search.islands", 4),
        ("ordered = false", "ordered", False),
        ("target=2.5", "target", 2.5),
        ("start=runs/one", "start", "runs/one"),
        ('start="a b"', "start", "a b"),
        ("start=x\ny=1", "start", "x\ny=1"),
    ],
)
def test_settings_are_toml_or_text(pair: str, key: str, value: object) -> None:
    assert parse_settings([pair]) == {key: value}


@given(st.text(max_size=30))
def test_any_other_setting_is_refused_with_the_form(text: str) -> None:
    try:
        settings = parse_settings([text])
    except UserError as error:
        assert "KEY=VALUE" in str(error)
    else:
        assert "=" in text and len(settings) == 1


def test_the_default_budget_applies_only_where_none_is_given() -> None:
    overrides, said = with_default_budget({"task": "x", "evaluations": None}, configured={})
    assert overrides["seconds"] == 60 and "60 s" in said
    assert with_default_budget({"evaluations": 5}, configured={}) == ({"evaluations": 5}, "")
    assert with_default_budget({}, configured={"cpu_seconds": 5}) == ({}, "")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (0.004, "0.004 s"),
        (9.949, "9.9 s"),
        (9.96, "10 s"),
        (59.7, "60 s"),
        (125, "2 min 05 s"),
        (7_800, "2 h 10 min"),
        (273_600, "3 d 4 h"),
    ],
)
def test_durations_are_readable(seconds: float, words: str) -> None:
    assert _words.duration(seconds) == words


def test_a_table_shows_cells_harmlessly_and_in_columns() -> None:
    rows = rows_of(("name", "n"), [("a\x1b[31m\u202e\nb", "1"), ("long name", "20")], right="n")
    assert rows == ["name          n", "a\\u202e b      1", "long name    20"] or all("\x1b" not in row for row in rows)
    assert len({len(row) for row in rows}) == 1
