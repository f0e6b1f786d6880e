"""Calls like the recorded ones: arguments that are given together, in their places and by their names."""

from typing import Any

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


def test_a_number_of_few_samples_grows_by_the_root_beside_a_list_in_half_of_the_draws():
    windows = drawn((([1, 2, 3, 4], 2), {}), (([5, 6, 7, 8], 3), {}), size=100.0)
    assert {args[1] for args, _ in windows} == {2, 3, 20, 30}
    assert 0.3 < sum(args[1] > 3 for args, _ in windows) / len(windows) < 0.7
    switches = drawn((([1, 2, 3, 4], 0), {}), (([5, 6, 7, 8], 1), {}), size=100.0)
    assert {args[1] for args, _ in switches} == {0, 1}


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
    assert learn_calls([flatten((([1, 2, 3], width), {})) for width in (1, 2, 3)]).links == []
    assert learn_calls([flatten(((["x", "y"], word), {})) for word in ("x", "y", "other")]).links == []


def test_a_name_that_is_mostly_one_of_a_list_is_so_as_often():
    links = [("a", "b"), ("b", "c"), ("c", "d"), ("x", "y")]
    calls = drawn(*(((links, start), {}) for start in ("a", "b", "x", "q")), size=30.0)
    inside = sum(start in {name for pair in pairs for name in pair} for (pairs, start), _ in calls)
    assert 0.5 * len(calls) < inside < len(calls)


def test_what_was_found_in_a_text_is_so_in_a_longer_one_as_it_was_and_as_often():
    pairs = [("error: disk full\nall fine\n\nlate error", "error"), ("abc abd\nabe", "ab"), ("nothing here", "x")]
    found = [text.count(word) / len(text) for (text, word), _ in drawn(*((pair, {}) for pair in pairs), size=50.0)]
    assert all(share > 0.03 for share in found)
    calls = drawn(*((pair, {}) for pair in pairs))
    assert not all(word in text for (text, word), _ in calls), "no larger, and it need not be"


def test_what_was_found_in_texts_of_a_list_is_so_in_a_longer_one():
    lines = ["GET /index", "POST /login", "GET /login", "PUT /item"]
    calls = drawn(((lines, "GET"), {}), ((lines, "login"), {}), ((lines[2:], "PUT"), {}), size=50.0)
    for (items, word), _ in calls:
        assert word in ("GET", "login", "PUT") and sum(word in item for item in items) > 0.2 * len(items)
    assert learn_calls([flatten((([one], "zz"), {})) for one in lines]).contained == []


def test_a_name_of_a_lists_tuples_stays_one_whatever_an_empty_list_says():
    roads = [("ayr", "bath"), ("bath", "cork"), ("cork", "dover"), ("dover", "ely")]
    asked = [*((roads, start) for start in ("ayr", "cork", "ely")), ([], "ayr")]
    calls = drawn(*((call, {}) for call in asked), size=30.0)
    assert all(start in {town for road in roads for town in road} for (roads, start), _ in calls if roads)


def test_the_ends_of_edges_stay_nodes_and_orders_mostly_of_known_items():
    towns = ["ayr", "bath", "cork", "dover", "ely"]
    asked = [(towns, [("ayr", "bath"), ("cork", "ely")]), (towns[:2], [("bath", "ayr")]), ([], [])]
    calls = drawn(*((call, {}) for call in asked), size=30.0)
    assert all(town in towns for towns, roads in (args for args, _ in calls) for road in roads for town in road)
    assert max(len(roads) for (_, roads), _ in calls) >= 30
    stock = [("pen", 1), ("pad", 2), ("ink", 7)]
    orders = [{"sku": sku, "count": 1} for sku in ("pen", "ink", "nib", "pad", "pen", "pen")]
    share = [sku in known for known, sku in _asked(drawn(((stock, orders), {}), count=60, size=20.0))]
    assert 0.6 < sum(share) / len(share) < 1.0


def _asked(calls):
    for (stock, orders), _ in calls:
        known = {sku for sku, _ in stock}
        yield from ((known, order["sku"]) for order in orders)


def test_numbers_of_nodes_stay_below_how_many_there_are_and_that_grows():
    asked = [(5, [(0, 1), (4, 2)]), (3, [(0, 2), (1, 1)]), (4, [(3, 1), (1, 2)])]
    calls = drawn(*((call, {}) for call in asked), size=20.0)
    assert all(node < count for (count, edges), _ in calls for edge in edges for node in edge)
    assert min(count for (count, _), _ in calls) >= 60


def test_what_begins_before_it_ends_does_so_and_a_list_in_order_of_time_is_in_order():
    spans = [(1, 30), (5, 10), (15, 20), (16, 90), (20, 25), (50, 60)]
    calls = [args[0] for args, _ in drawn(((spans,), {}), count=20, size=10.0)]
    assert all(start <= end for spans in calls for start, end in spans)
    assert all([start for start, _ in spans] == sorted(start for start, _ in spans) for spans in calls)
    mixed = [args[0] for args, _ in drawn(((spans[::-1] + spans,), {}), count=20, size=10.0)]
    assert any([start for start, _ in spans] != sorted(start for start, _ in spans) for spans in mixed)


def given(*arguments, **more):
    """The arguments of calls like these, which have none by name."""
    return [one for one, _ in drawn(*((call, {}) for call in arguments), **more)]


PARALLEL = (([1, 2, 3], [0.5, 0.5, 1.5]), ([4, 1], [2.5, 0.25]), ([7, 9, 8, 1], [1.5] * 4))


def test_lists_of_one_length_stay_so_however_long():
    for size in (1.0, 50.0):
        assert all(len(values) == len(weights) for values, weights in given(*PARALLEL, size=size))
    assert max(len(values) for values, _ in given(*PARALLEL, size=50.0)) >= 100


def test_a_number_that_says_how_long_a_list_is_goes_on_saying_so():
    counted = ((3, [1, 2, 3]), (2, [4, 1]), (4, [7, 9, 8, 1]))
    assert all(count == len(values) for count, values in given(*counted, size=20.0))


def test_the_columns_of_a_table_and_the_rows_of_another():
    one = ([[1, 2], [3, 4], [5, 6]], [[7, 8, 9, 1], [2, 3, 4, 5]])
    two = ([[1, 2, 3]], [[4, 1], [5, 2], [6, 3]])
    made = given(one, two, ([[7]], [[6, 5]]), ([[1, 2, 3], [4, 5, 6]], [[1], [2], [3]]), size=400.0)
    assert all({len(row) for row in left} == {len(right)} for left, right in made)
    assert max(len(right) for _, right in made) > 10, "tables whose width was not always the same grow both ways"


def test_points_stay_pairs():
    made = given(([[1, 2], [3, 4]],), ([[5, 6], [7, 8], [9, 1]],), ([[2, 2]],), size=100.0)
    assert all(len(point) == 2 for (points,) in made for point in points)


def test_what_was_as_long_in_two_calls_or_always_of_one_length_may_be_chance():
    for few in (PARALLEL[:2], PARALLEL[:1] * 5):
        assert learn_calls([flatten((call, {})) for call in few]).equal == []


def test_now_and_then_lengths_differ():
    assert any(len(one) != len(other) for one, other in given(*PARALLEL, edgy=0.5))


def test_calls_about_texts_and_calls_about_numbers_are_not_mixed():
    samples = [(([3, 1], [2]), {}), ((["b", "a"], ["c"]), {"key": "len"}), (([], [5, 4]), {}), (([], []), {})]
    likes = learn_calls([flatten(sample) for sample in samples])
    kinds = set()
    for seed in range(80):
        args, kwargs = revive(draw_call(likes, np.random.default_rng(seed), size=4.0))
        items = {type(item) for one in args for item in one}
        assert len(items) < 2 and not (kwargs and int in items)
        kinds |= items
    assert kinds == {int, str}
    mixed = [revive(draw_call(likes, np.random.default_rng(seed), edgy=0.5))[0] for seed in range(80)]
    assert any(len({type(item) for one in args for item in one}) == 2 for args in mixed), "odd ones may be"


def test_calls_whose_arguments_are_of_one_kind_each_are_learnt_together():
    one_kind: list[Any] = [((1, "a"), {}), ((2.5, "b"), {})]
    mixed_inside: list[Any] = [((None,), {}), ((["a"],), {}), (([1, "a"],), {})]
    for samples in (one_kind, mixed_inside):
        assert learn_calls([flatten(sample) for sample in samples]).families == []
