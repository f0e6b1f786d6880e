"""Timed tasks: the same in less time, by processes that the supervisor watches and the judge compares."""

from pathlib import Path
from typing import Any

import pytest

from shoal.core.values import Outcome, Status
from tests.evaluate.benches import MAIN, Bench, Benches

JUDGE = """
from shoal.behaviour import difference, flatten
from shoal.judging import Wrong

def instances(split, rng):
    while True:
        items = rng.integers(0, 3000, 1500).tolist()
        yield {"calls": [flatten(((items,), {}))], "check": [flatten((([3, 1, 3],), {})), flatten((([],), {}))]}

def same(mine, right):
    told = difference(mine, right)
    if told:
        raise Wrong(told)
"""
SLOW = """
def f(items):
    seen = []
    for one in items:
        if one not in seen:
            seen.append(one)
    return seen
"""
FAST = "def f(items):\n    return list(dict.fromkeys(items))\n"


def timed(benches: Benches, judge: str = JUDGE, initial: str = SLOW, **changes: Any) -> Bench:
    given: dict[str, Any] = {"kind": "timed", "sign": -1.0, "range": (0.0, 1e9), "initial": {MAIN: initial.encode()}}
    return benches(judge, **{**given, "cpu_seconds": 5.0, "warm": (), "draws": False, **changes})


def test_the_same_program_takes_about_the_same(benches: Benches):
    outcome = timed(benches).evaluate(SLOW)
    assert outcome.status is Status.OK
    assert outcome.score is not None
    assert 50 < -outcome.score < 200


def least_times(trials: list[Outcome]) -> tuple[float, float]:
    """CPU milliseconds of candidate and original, the least of all: what else the machine does only adds to one."""
    mine, theirs = (min(one.metrics[name] for one in trials) for name in ("cpu_ms", "cpu_ms_before"))
    return mine, theirs


def test_a_faster_program_is_worth_its_share(benches: Benches):
    trials = [timed(benches).evaluate(FAST) for _ in range(3)]
    for outcome in trials:
        assert outcome.status is Status.OK
        assert outcome.score is not None
        share = 100 * outcome.metrics["cpu_ms"] / outcome.metrics["cpu_ms_before"]
        assert -outcome.score == pytest.approx(share)
        assert outcome.metrics["cpu_ms"] < outcome.metrics["cpu_ms_before"]
        assert outcome.metrics["peak_mb"] > 0
    mine, theirs = least_times(trials)
    assert mine < 0.3 * theirs


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("def f(items):\n    return sorted(set(items))\n", "where 3 is right, for ([3, 1, 3])"),
        ("def f(items):\n    return tuple(dict.fromkeys(items))\n", "is right, for ("),
        ("def f(items):\n    items.sort()\n    return list(dict.fromkeys(items))\n", "is right, for ("),
        ("def f(items):\n    print(1)\n    return list(dict.fromkeys(items))\n", "is right, for ("),
        (
            "def f(items):\n    if not items:\n        raise ValueError\n    return list(dict.fromkeys(items))\n",
            "for ([])",
        ),
    ],
)
def test_whatever_does_something_else_is_wrong_with_the_smallest_call(benches: Benches, program: str, words: str):
    outcome: Outcome = timed(benches).evaluate(program)
    assert outcome.status is Status.WRONG
    assert words in outcome.feedback


def test_what_differs_only_on_large_calls_is_wrong_too(benches: Benches):
    outcome = timed(benches).evaluate("def f(items):\n    return list(dict.fromkeys(items))[:100]\n")
    assert outcome.status is Status.WRONG


def test_calls_that_are_only_compared_may_come_with_any_case(benches: Benches):
    later = JUDGE.replace("    while True:", "    for k in range(9):").replace(
        '"check": [', '"check": [] if k == 0 else ['
    )
    bench = timed(benches, later)
    program = "def f(items):\n    if not items:\n        raise ValueError\n    return list(dict.fromkeys(items))\n"
    assert bench.evaluate(program, instances=1).status is Status.OK
    outcome = bench.evaluate(program, instances=2)
    assert outcome.status is Status.WRONG
    assert [one.status for one in outcome.per_instance] == [Status.OK, Status.WRONG]


def test_a_program_that_never_ends_is_out_of_time(benches: Benches):
    outcome = timed(benches, cpu_seconds=1.0).evaluate("def f(items):\n    while items:\n        pass\n    return []\n")
    assert outcome.status is Status.TIMEOUT


def test_a_program_that_cannot_be_loaded_crashes(benches: Benches):
    assert timed(benches).evaluate("import nothing_like_it\n").status is Status.CRASH


def test_nothing_is_remembered_from_one_case_to_the_next(benches: Benches):
    cached = """
STORE = {}

def f(items):
    key = tuple(items)
    if key not in STORE:
        STORE[key] = slow(items)
    return STORE[key]
"""
    remembering = cached + SLOW.replace("def f", "def slow")
    trials = [timed(benches).evaluate(remembering, instances=2) for _ in range(3)]
    assert all(outcome.status is Status.OK for outcome in trials)
    mine, theirs = least_times(trials)
    assert mine > 0.6 * theirs


def test_work_done_while_loading_counts(benches: Benches):
    busy = "for _ in range(2_000_000):\n    pass\n\n"
    outcome = timed(benches).evaluate(busy + FAST)
    assert outcome.score is not None
    assert -outcome.score > 60


def test_a_module_finds_its_neighbours(benches: Benches, tmp_path: Path):
    package = tmp_path / "data" / "project" / "pack"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "near.py").write_text("KEEP = 2\n")
    program = """
import pack.mod
from .near import KEEP

def f(items):
    assert pack.mod.f is f
    return items[:KEEP]
"""
    bench = timed(benches, initial=program, folder=tmp_path, module="pack.mod", path=("project",))
    assert bench.evaluate(program).status is Status.OK
