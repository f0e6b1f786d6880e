"""What a comparison says, worked out by hand; and the picture of it."""

import json
import math
import struct
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.report import Cell, as_json, compare, draw_comparison
from shoal.report._compare_costs import (
    Climb,
    Rate,
    common_rate,
    exchange_rates,
    expected_cost,
    half_best,
    half_reached,
)


def climb(*steps: tuple[float, float], spent: float = 100.0) -> Climb:
    return Climb(steps, spent)


# -- costs ------------------------------------------------------------------------------------------------------------


def test_a_climb_is_looked_up_by_cost_and_by_score() -> None:
    one = climb((1, 0.0), (10, 2.0), (40, 3.0))
    assert [one.best(cost) for cost in (0.5, 1, 9, 10, 99)] == [-math.inf, 0.0, 0.0, 2.0, 3.0]
    assert [one.reached(score) for score in (-1.0, 0.0, 1.0, 3.0, 3.1)] == [1, 1, 10, 40, math.inf]


def test_expected_cost_counts_what_failures_spent() -> None:
    runs = [climb((1, 0.0), (20, 1.0)), climb((1, 0.0)), climb((1, 0.0), (30, 1.0), spent=60.0)]
    found = expected_cost(runs, 1.0)
    assert (found.cost, found.successes, found.runs) == ((20 + 100 + 30) / 2, 2, 3)
    never = expected_cost(runs, 9.0)
    assert (never.cost, never.successes) == (math.inf, 0)
    with pytest.raises(ValueError, match="at least one run"):
        expected_cost([], 1.0)


@given(st.lists(st.tuples(st.floats(1, 100), st.floats(-5, 5)), min_size=1, max_size=5), st.floats(-5, 5))
def test_expected_cost_of_sure_successes_is_their_mean(ends: list[tuple[float, float]], target: float) -> None:
    runs = [climb((cost, max(score, target))) for cost, score in ends]
    assert expected_cost(runs, target).cost == pytest.approx(sum(cost for cost, _ in ends) / len(ends))


def test_half_of_the_runs_is_half_or_more() -> None:
    runs = [climb((1, 0.0), (10 * k, float(k))) for k in (1, 2, 3, 4)]
    assert half_best(runs, 100) == 3.0
    assert half_reached(runs, 2.0) == 30
    assert half_reached(runs, 3.5) == math.inf
    assert half_best(runs[:3], 100) == 2.0


def test_a_search_three_times_as_slow_has_a_rate_of_three() -> None:
    steps = [(k, math.sqrt(k)) for k in range(1, 100)]
    fast = [climb(*steps, spent=300.0)] * 3
    slow = [climb(*((3 * cost, score) for cost, score in steps), spent=300.0)] * 3
    rate = common_rate(exchange_rates(fast, slow, budget=300.0))
    assert rate is not None
    assert rate.value == pytest.approx(3.0) and not rate.bound
    back = common_rate(exchange_rates(slow, fast, budget=300.0))
    assert back is not None
    assert back.value == pytest.approx(1 / 3)


def test_what_the_other_never_reaches_makes_a_bound() -> None:
    first = [climb((1, 0.0), (10, 1.0), (50, 2.0))]
    other = [climb((1, 0.0), (40, 1.0))]
    assert exchange_rates(first, other, budget=100.0) == [(4.0, False), (2.0, True)]
    rate = common_rate([(4.0, False), (2.0, True)])
    assert rate is not None
    assert (rate.value, rate.bound, rate.targets, rate.reached) == (3.0, True, 2, 1)


def test_longer_runs_of_the_other_turn_bounds_into_ratios() -> None:
    first = [climb((1, 0.0), (10, 1.0), (50, 2.0))]
    other = [climb((1, 0.0), (40, 1.0), (400, 2.0), spent=500.0)]
    assert exchange_rates(first, other, budget=100.0, longer=5) == [(4.0, False), (8.0, False)]
    assert exchange_rates(first, other, budget=100.0, longer=3) == [(4.0, False), (6.0, True)]


def test_a_bound_beyond_the_middle_does_not_blur_it() -> None:
    rate = common_rate([(1.0, False), (2.0, False), (5.0, True)])
    assert rate is not None
    assert (rate.value, rate.bound) == (2.0, False)
    low = common_rate([(1.0, True), (2.0, False), (5.0, False)])
    assert low is not None
    assert (low.value, low.bound) == (2.0, True), "the bound may be above the middle"


def test_a_search_that_found_nothing_has_no_rate() -> None:
    still = [climb((1, 0.0))]
    assert exchange_rates(still, [climb((1, 0.0), (2, 5.0))], budget=100.0) == []
    assert common_rate([]) is None


# -- the whole --------------------------------------------------------------------------------------------------------


def cell(task: str, proposer: str, seed: int, score: float | None, *, sign: int = 1, end: float = 50.0) -> Cell:
    reached = -9.0 if score is None else score
    return Cell(
        task=task,
        proposer=proposer,
        seed=seed,
        run=f"{task}-{proposer}-{seed}",
        sign=sign,
        name="score",
        sealed=sign < 0,
        score=score,
        climb=climb((1.0, -10.0), (end, reached)),
        evaluations=100,
        cpu_seconds=3.0,
    )


def cells(better: float) -> list[Cell]:
    """Two tasks of opposite directions, three proposers, four seeds; the first is ``better`` on both."""
    found = []
    for task, sign in (("up", 1), ("down", -1)):
        for seed in range(4):
            found += [
                cell(task, "mine", seed, better + 0.1 * seed, sign=sign, end=20.0),
                cell(task, "plain", seed, 0.1 * seed + 0.01, sign=sign, end=60.0),
                cell(task, "dumb", seed, None, sign=sign),
            ]
    return found


PROPOSERS = ("mine", "plain", "dumb")


def test_scores_are_natural_and_tests_are_not_fooled_by_their_direction() -> None:
    found = compare(cells(1.0), proposers=PROPOSERS, unit="evaluations", budget=100.0)
    up, down = found.tasks
    assert (up.direction, down.direction, down.judged_on) == ("max", "min", "sealed")
    assert up.rows[0].median == pytest.approx(1.15) and down.rows[0].median == pytest.approx(-1.15)
    for table in found.tasks:
        row = table.rows[0]
        assert row.low is not None and row.high is not None and row.low <= row.high
        assert table.tests["plain"].p == 1 / 70
    assert [duel.p for duel in found.duels] == [1 / 4900, 1 / 4900]
    assert [duel.adjusted for duel in found.duels] == [2 / 4900, 2 / 4900]
    assert found.duels[0].verdict.startswith("mine beats plain (p = 0.00041)")
    assert found.duels[0].superiority == 1.0


def test_the_one_under_test_may_lose_or_nothing_be_shown() -> None:
    lost = compare(cells(-1.0), proposers=PROPOSERS, unit="evaluations", budget=100.0).duels
    assert lost[0].verdict.startswith("plain beats mine")
    assert lost[1].verdict.startswith("mine beats dumb")
    even = compare(cells(0.01), proposers=PROPOSERS, unit="evaluations", budget=100.0).duels
    assert even[0].verdict.startswith("no difference shown between mine and plain (p = ")


def test_targets_come_from_the_scores_and_say_what_was_not_reached() -> None:
    found = compare(cells(1.0), proposers=PROPOSERS, unit="evaluations", budget=100.0)
    targets = found.tasks[0].targets
    assert [one.value for one in targets] == sorted(one.value for one in targets)
    hardest = targets[-1].costs
    assert hardest["plain"].successes == 0 and hardest["plain"].cost == math.inf
    assert hardest["mine"].successes == 1 and hardest["mine"].cost == 20 + 3 * 100
    assert found.duels[0].rate is not None and found.duels[0].rate.bound


def test_a_missing_run_is_an_error() -> None:
    with pytest.raises(ValueError, match="no run of plain on up with seed 0"):
        compare([c for c in cells(1.0) if c.run != "up-plain-0"], proposers=PROPOSERS, unit="evaluations", budget=1.0)
    with pytest.raises(ValueError, match="two proposers"):
        compare(cells(1.0), proposers=("mine",), unit="evaluations", budget=1.0)


def test_longer_runs_tell_costs_and_are_in_no_test() -> None:
    runs = [cell("a", one, seed, score) for one, score in (("x", 3.0), ("y", 2.0)) for seed in range(4)]
    longer = [replace(cell("a", "y", seed, 9.0, end=200.0), longer=4) for seed in range(4)]
    found = compare([*runs, *longer], proposers=["x", "y"], unit="evaluations", budget=100, longer=4)
    assert found.duels[0].superiority == 1.0, "what the longer runs ended with is no final score"
    assert found.tasks[0].rates["y"] == Rate(4.0, False, 1, 1)
    assert found.tasks[0].targets[-1].value == 9.0
    with pytest.raises(ValueError, match="no run of y on a with seed 0"):
        compare(runs, proposers=["x", "y"], unit="evaluations", budget=100, longer=4)


def test_the_object_is_json_without_infinities() -> None:
    told = as_json(compare(cells(1.0), proposers=PROPOSERS, unit="evaluations", budget=100.0))
    again = json.loads(json.dumps(told, allow_nan=False))
    assert again["duels"][0]["p_holm"] == 2 / 4900
    assert again["tasks"][0]["proposers"][2]["median"] is None
    assert {one["evaluations"] for one in again["tasks"][0]["targets"][-1]["expected"]} == {None, 320}
    assert len(again["runs"]) == 24


@pytest.mark.parametrize("count", [1, 2, 4])
def test_the_picture_has_a_panel_for_each_task(count: int) -> None:
    every = [c for k in range(count) for c in cells(1.0) if c.task == "up" for c in [_renamed(c, f"task{k}")]]
    png = draw_comparison(compare(every, proposers=PROPOSERS, unit="cpu_seconds", budget=100.0))
    width, height = struct.unpack(">II", png[16:24])
    assert png.startswith(b"\x89PNG") and width > 800 and height > (800 if count == 4 else 400)


def _renamed(one: Cell, task: str) -> Cell:
    return replace(one, task=task)
