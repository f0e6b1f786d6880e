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


def test_a_name_of_a_tables_stays_one_however_large_the_table():
    roads = {"ayr": [("bath", 7), ("cork", 9)], "bath": [("cork", 10)], "cork": []}
    calls = drawn(*(((roads, start), {}) for start in roads), size=50.0)
    assert all(50 < len(roads) <= 150 for (roads, _), _ in calls)
    for (roads, start), _ in calls:
        assert start in roads
        assert all(place in roads for ways in roads.values() for place, _ in ways)
    assert any(ways for (roads, _), _ in calls for ways in roads.values())


def test_now_and_then_it_is_none():
    odd = drawn(*((({"a": 1, "b": 2, "c": 3}, key), {}) for key in "abc"), edgy=0.5, count=200)
    assert {key in table for (table, key), _ in odd} == {True, False}


def test_a_word_of_a_list_stays_one_and_a_number_is_chance():
    calls = drawn(*(((["x", "y", "z"], word), {}) for word in "xyz"), size=30.0)
    assert all(word in words for (words, word), _ in calls)
    assert learn_calls([flatten((([1, 2, 3], width), {})) for width in (1, 2, 3)]).members == {}
    assert learn_calls([flatten(((["x", "y"], word), {})) for word in ("x", "y", "other")]).members == {}
