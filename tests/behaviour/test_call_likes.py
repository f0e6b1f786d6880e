"""Calls like the recorded ones: arguments that are given together, in their places and by their names."""

import numpy as np

from shoal.behaviour import draw_call, flatten, learn_calls, revive


def drawn(*calls, size=1.0, edgy=0.0, count=40):
    likes = learn_calls([flatten(call) for call in calls])
    rng = np.random.default_rng(0)
    return [revive(draw_call(likes, rng, size=size, edgy=edgy)) for _ in range(count)]


def test_optional_arguments_stay_in_their_places():
    calls = drawn(((["a", "b"],), {}), ((["c", "d", "e"], 2), {}), (([],), {"least": 3}), edgy=0.2)
    assert {(len(args), *kwargs) for args, kwargs in calls} == {(1,), (2,), (1, "least")}
    for args, kwargs in calls:
        assert [type(one) for one in args] == [list, int][: len(args)]
        assert all(type(one) is int for one in kwargs.values())


def test_what_grows_is_long_before():
    calls = drawn((([], 1), {}), (([1, 2, 3, 4], 1), {}), ((["a"], 1), {}), size=100.0)
    assert {len(args[0]) for args, _ in calls} == {400}
    assert {args[1] for args, _ in calls} == {1}


def test_numbers_grow_where_nothing_has_a_length():
    assert max(args[0] for args, _ in drawn(((3,), {}), ((7,), {"base": 10}), size=10.0)) >= 70


def test_no_argument_is_a_call_too():
    assert drawn(((), {}), count=2) == [((), {}), ((), {})]


def test_large_numbers_come_of_large_ones():
    assert min(args[0] for args, _ in drawn(((1,), {}), ((90,), {}), ((100,), {}), size=10.0)) >= 900
