"""job_shop_rule: schedules a hand can build, valid and non-delay whatever the rule, known rules, answers refused."""

import math
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.judging import Wrong
from shoal.tasks import load

TASK = "job_shop_rule"
# Both jobs begin on machine 0; the second is short there and long on machine 1.
TWO = (np.array([[0, 1], [0, 1]]), np.array([[5.0, 1.0], [2.0, 6.0]]), 9.0)


@pytest.fixture(scope="module")
def judge(module):
    return module(TASK, "judge")


def asker(rule):
    """Return an `ask` that answers with a Python function of the candidate's arguments."""
    return lambda name, *told: rule(*told)


def shops(judge, split, count, seed=0):
    return list(islice(judge.instances(split, np.random.default_rng(seed)), count))


def gap(judge, instance, rule):
    return judge.play(instance, asker(rule))["score"]


def length(judge, instance, rule):
    return instance[2] * (1 + gap(judge, instance, rule) / 100)


def check_schedule(order, times, starts):
    """A schedule is valid: one job after another on each machine, one operation after another of each job."""
    ends = starts + times
    assert (starts[:, 1:] >= ends[:, :-1]).all()
    for machine in range(order.shape[1]):
        here = order == machine
        in_order = np.argsort(starts[here], kind="stable")
        # An operation that takes no time may share its instant with another one.
        assert (starts[here][in_order][1:] >= ends[here][in_order][:-1] - 1e-9).all() or (times[here] == 0).any()


def test_a_schedule_a_hand_can_build(judge):
    # Shortest first: job 1 from 0 to 2 and 2 to 8, job 0 from 2 to 7 and 8 to 9. The other way round: 5 + 2 + 6.
    shortest = judge.play(TWO, asker(lambda work, *_: -work))
    assert shortest["score"] == 0.0
    assert shortest["trace"].tolist() == [[2.0, 8.0], [0.0, 2.0]]
    assert gap(judge, TWO, lambda work, *_: work) == pytest.approx(100 * (13 / 9 - 1))


def test_the_lower_bound_counts_what_comes_before_and_after_a_machine(judge):
    assert judge.lower_bound(TWO[0], TWO[1]) == 9.0  # machine 1: 2 before, 7 of load
    assert judge.lower_bound(np.array([[0, 1]]), np.array([[3.0, 4.0]])) == 7.0


def test_a_rule_is_told_what_its_docstring_says(judge):
    order = np.array([[0, 1, 2], [0, 2, 1], [1, 0, 2]])
    times = np.array([[4.0, 5.0, 6.0], [7.0, 2.0, 3.0], [9.0, 1.0, 8.0]])
    seen = []

    def rule(*told):
        seen.append([one.tolist() if isinstance(one, np.ndarray) else one for one in told])
        return -told[0]

    judge.play((order, times, 20.0), asker(rule))
    # At time 0 machine 0 has jobs 0 and 1; job 2 is on machine 1 (nothing has started there yet, but it waits).
    assert seen[0] == [[4.0, 7.0], [15.0, 12.0], [3.0, 3.0], [0.0, 0.0], [5.0, 2.0], [9.0, 0.0], 12.0, 0.0]


@given(st.integers(1, 7), st.integers(1, 5), st.integers(0, 2**32))
def test_every_rule_gives_a_valid_schedule_without_delay(module, jobs, machines, seed):
    judge, rng = module(TASK, "judge"), np.random.default_rng(seed)
    order, times, bound = judge.random_shop(jobs, machines, rng)

    def wander(work, work_left, operations_left, waited, next_work, next_queue, machine_left, now):
        arrays = (work, work_left, operations_left, waited, next_work, next_queue)
        assert all(one.shape == (len(work),) and one.dtype == np.float64 for one in arrays)
        assert len(work) > 1
        assert min(one.min() for one in arrays) >= 0
        assert all(math.isfinite(one) for one in (*map(np.sum, arrays), machine_left, now))
        assert (work_left >= work + next_work).all()
        assert machine_left >= work.sum()
        return rng.normal(size=len(work))

    result = judge.play((order, times, bound), asker(wander))
    starts = result["trace"]
    check_schedule(order, times, starts)
    assert result["score"] >= -1e-9
    assert result["score"] == pytest.approx(100 * ((starts + times).max() / bound - 1))
    ready = np.column_stack([np.zeros(jobs), (starts + times)[:, :-1]])
    for machine in range(machines):
        here = order == machine
        busy = sorted(zip(starts[here], (starts + times)[here], strict=True))
        for start, waiting_since in zip(starts[here], ready[here], strict=True):
            idle = start - waiting_since - sum(max(0.0, min(e, start) - max(b, waiting_since)) for b, e in busy)
            assert idle == pytest.approx(0)


def test_random_shops_follow_the_recipe(judge):
    for split in ("search", "validation"):
        drawn = shops(judge, split, 6)
        assert [order.shape for order, _, _ in drawn] == [(10, 10), (15, 10), (20, 5)] * 2
        for order, times, bound in drawn:
            assert (np.sort(order, axis=1) == np.arange(order.shape[1])).all()
            assert ((times >= 1) & (times <= 99) & (times == np.rint(times))).all()
            assert bound == judge.lower_bound(order, times)
    assert next(judge.transfer("long", np.random.default_rng(0)))[0].shape == (30, 10)


def test_the_sealed_shops_are_the_published_ones(judge):
    known = list(judge.published())
    assert len(known) == load(TASK).instances.sealed == 57
    optima = [optimum for _, _, optimum in known]
    assert optima[:3] == [55, 930, 1165], "ft06, ft10, ft20"
    assert all(judge.lower_bound(order, times) <= optimum for order, times, optimum in known)
    order, times, _ = known[0]
    assert order[0].tolist() == [2, 0, 1, 3, 5, 4]
    assert times[0].tolist() == [1, 3, 6, 7, 3, 6]
    drawn = shops(judge, "sealed", 58)
    assert [bound for _, _, bound in drawn] == [*optima, optima[0]]


def test_each_seed_numbers_the_published_shops_anew_and_changes_nothing_else(judge):
    for (order, times, _), (first, first_times, _), (second, _, _) in zip(
        judge.published(), shops(judge, "sealed", 57), shops(judge, "sealed", 57, seed=1), strict=True
    ):
        assert not np.array_equal(first, second)
        assert sorted(map(tuple, times)) == sorted(map(tuple, first_times))
        loads = [
            sorted(np.bincount(one.ravel(), weights=lasts.ravel()))
            for one, lasts in ((order, times), (first, first_times))
        ]
        assert loads[0] == loads[1]


def test_known_rules_are_worth_what_they_are_known_for(judge, module):
    known = shops(judge, "sealed", 57)
    shortest = np.mean([gap(judge, shop, module(TASK, "initial").priority) for shop in known])
    most_left = np.mean([gap(judge, shop, lambda work, work_left, *_: work_left) for shop in known])
    assert shortest == pytest.approx(22, abs=1)
    assert most_left == pytest.approx(load(TASK).score.baseline, abs=0.6)
    for shop in known:
        check_schedule(shop[0], shop[1], judge.play(shop, asker(lambda work, *_: -work))["trace"])
        assert length(judge, shop, lambda work, *_: -work) >= shop[2]


@pytest.mark.parametrize(
    "answer",
    [
        lambda n: None,
        lambda n: 1.0,
        lambda n: [],
        lambda n: [0.0] * (n + 1),
        lambda n: [0.0] * (n - 1),
        lambda n: [[0.0] * n],
        lambda n: [math.nan] * n,
        lambda n: [True] * n,
        lambda n: [1j] * n,
        lambda n: np.zeros(n, dtype=object),
        lambda n: "0" * n,
        lambda n: {str(k): 0.0 for k in range(n)},
    ],
)
def test_an_answer_that_is_no_ranking_is_refused(judge, answer):
    with pytest.raises(Wrong):
        judge.play(TWO, asker(lambda work, *_: answer(len(work))))


@pytest.mark.parametrize("high", [math.inf, 1e308])
def test_infinite_priorities_rank_like_numbers(judge, high):
    assert gap(judge, TWO, lambda *_: [-math.inf, high]) == 0.0


def test_changing_the_view_changes_no_schedule(judge):
    def greedy(work, work_left, *_):
        answer = -work
        work[:] = 0
        work_left[:] = 1e9
        return answer

    assert gap(judge, TWO, greedy) == 0.0


def test_the_picture_is_a_png(judge):
    instance = shops(judge, "search", 1)[0]
    trace = judge.play(instance, asker(lambda work, *_: -work))["trace"]
    assert judge.picture([*instance], trace).startswith(b"\x89PNG")
