"""What an argument names of another one stays there: in one of two tables, all of it, or where it stands."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoal.behaviour import draw_call, flatten, learn_calls, revive


def drawn(*calls, size=1.0, edgy=0.0, count=40):
    likes = learn_calls([flatten((call, {})) for call in calls])
    rng = np.random.default_rng(0)
    return [revive(draw_call(likes, rng, size=size, edgy=edgy))[0] for _ in range(count)]


PRICES = {"wood": 3.0, "screw": 0.1, "glue": 1.5, "steel": 7.0}
MADE_OF = {
    "desk": [("top", 1), ("leg", 4), ("screw", 8)],
    "top": [("wood", 2), ("glue", 1)],
    "leg": [("wood", 1), ("screw", 2)],
    "shelf": [("top", 3), ("steel", 2)],
}


def cost(part, prices, made_of):
    costs = dict(prices)

    def known(part, under=()):
        assert part not in under, "it leads back"
        if part not in costs:
            costs[part] = sum(count * known(one, (*under, part)) for one, count in made_of[part])
        return costs[part]

    return known(part)


def test_a_part_is_one_to_buy_or_one_made_of_others_that_are_so():
    calls: Any = (("desk", PRICES, MADE_OF), ("wood", {"wood": 2.0}, {}), ("shelf", PRICES, MADE_OF))
    for size in (1.0, 20.0):
        answers = []
        for call in drawn(*calls, size=size):
            try:
                answers.append(cost(*call))
            except KeyError:
                assert size == 1.0, "one of the tables may be empty"
        assert len(answers) > 30
        assert size == 1.0 or max(answers) > 1e4, "deep, in some draws"


def test_orders_are_of_customers_by_number_and_each_customer_has_one():
    customers = [{"id": 1, "name": "ann"}, {"id": 2, "name": "bob"}, {"id": 5, "name": "cy"}]
    orders = [{"customer": 1, "total": 30}, {"customer": 5, "total": 12}, {"customer": 1, "total": 5}]
    calls: Any = ((customers, orders), ([{"id": 7, "name": "dot"}], [{"customer": 7, "total": 9}]), ([], []))
    for size in (1.0, 30.0):
        for known, wanted in drawn(*calls, size=size):
            numbers = {one["id"] for one in known}
            assert len(numbers) == len(known)
            assert all(one["customer"] in numbers for one in wanted if known)


def test_two_tables_of_the_same_keys_go_on_having_them():
    above = {"admin": ["editor", "auditor"], "editor": ["viewer"], "auditor": ["viewer"], "viewer": []}
    may = {"admin": ["delete"], "editor": ["write", "review"], "auditor": ["audit"], "viewer": ["read"]}
    calls: Any = (("admin", above, may), ("viewer", above, may), ("guest", {"guest": []}, {"guest": ["read"]}))
    for size in (1.0, 30.0):
        made = drawn(*calls, size=size)
        assert all(above.keys() == may.keys() and (not above or role in above) for role, above, may in made)
        assert all(other in above for _, above, _ in made for others in above.values() for other in others)
    assert max(len(above) for _, above, _ in made) > 60


def test_each_of_several_lists_is_an_order_of_another_one():
    names = ["ann", "bob", "cy"]
    calls: Any = ((names, [names, ["bob", "cy", "ann"], names[::-1]]), (names[:2], [["bob", "ann"]]), (["ann"], []))
    for size in (1.0, 10.0):
        made = drawn(*calls, size=size)
        assert all(sorted(ballot) == sorted(set(known)) for known, ballots in made if known for ballot in ballots)
    assert any(len({tuple(ballot) for ballot in ballots}) > 5 for _, ballots in made)


@pytest.mark.parametrize("size", [1.0, 9.0, 60.0])
def test_rows_and_columns_stay_inside_of_a_map_of_any_width(size):
    calls: Any = (
        (["....", ".##.", "...."], (0, 0), (2, 3)),
        (["...", "#.#", "..."], (0, 1), (2, 2)),
        (["."], (0, 0), (0, 0)),
    )
    ends = set()
    for rows, *both in drawn(*calls, size=size):
        assert all(row < len(rows) and column < len(rows[0]) for row, column in both)
        ends |= set(both)
    assert len(ends) > 5
    tables: Any = (([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [(0, 0), (1, 2), (2, 1)]), ([[5, 6]], [(0, 1)]), ([[1]], []))
    for table, cells in drawn(*tables, size=size):
        assert all(row < len(table) and column < len(table[0]) for row, column in cells)


def test_cells_of_a_board_stay_on_it():
    for size, *both in drawn((8, (0, 0), (3, 4)), (5, (4, 4), (0, 1)), (3, (0, 0), (1, 1))):
        assert all(0 <= place < size for pair in both for place in pair)


def test_ranges_stay_in_a_list_and_begin_before_they_end_and_counts_from_one_do_so():
    calls: Any = (([3, 1, 4, 1, 5, 9], [(0, 2), (1, 5), (3, 3)]), ([7, 2], [(0, 1)]), ([1, 2, 3], []))
    for size in (1.0, 30.0):
        for data, asked in drawn(*calls, size=size):
            assert all(low <= high < len(data) for low, high in asked)
    slices: Any = (([3, 1, 4, 1, 5, 9], [(0, 2), (1, 6), (3, 4)]), ([7, 2], [(0, 2)]), ([1, 2, 3], [(1, 3)]))
    ends = [high - len(data) for data, asked in drawn(*slices) for _, high in asked]
    assert max(ends) == 0
    roads = ((4, [(1, 2), (4, 3)]), (2, [(2, 1)]), (3, [(3, 1), (2, 3)]))
    nodes = [(node, count) for count, edges in drawn(*roads, size=10.0) for edge in edges for node in edge]
    assert all(1 <= node <= count for node, count in nodes) and any(node == count for node, count in nodes)


def test_nodes_stay_below_how_many_there_are_whatever_a_way_costs():
    edges = [(0, 1, 5), (1, 2, 3), (0, 2, 9), (2, 3, 1)]
    calls: Any = ((4, edges), (2, [(0, 1, 7)]), (3, [(0, 2, 1), (2, 1, 4)]))
    for count, made in drawn(*calls, size=20.0):
        assert all(one < count and other < count for one, other, _ in made)


def test_where_a_walk_begins_is_a_place_in_the_list():
    calls: Any = (([[1, 2], [3], [3, 4], [], [0]], 0), ([[1], [2], []], 2), ([[]], 0))
    starts = {start for following, start in drawn(*calls, size=20.0) if following}
    assert len(starts) > 10
    assert all(start < len(following) for following, start in drawn(*calls, size=20.0))
    windows = drawn(([3, 1, 4, 1, 5, 9], 2), ([2, 7, 1, 8], 3), ([5, 5, 5, 1, 2], 2), size=20.0)
    assert max(width for _, width in windows) < 20, "a width is none"


def test_a_boss_is_a_name_of_the_list_though_two_calls_say_so():
    people = [{"name": "ann", "boss": None}, {"name": "bob", "boss": "ann"}, {"name": "cy", "boss": "bob"}]
    people += [{"name": "dot", "boss": "ann"}]
    for made, boss in drawn((people, "ann"), (people[:2], "bob"), ([], "ann"), size=20.0):
        assert boss in {one["name"] for one in made}


def test_now_and_then_they_are_odd():
    calls: Any = (([3, 1, 4, 1, 5, 9], [(0, 2), (1, 5), (3, 3)]), ([7, 2], [(0, 1)]), ([1, 2, 3], []))
    odd = drawn(*calls, edgy=0.5, count=200)
    assert any(high >= len(data) for data, asked in odd for _, high in asked)


def test_larger_draws_ask_for_the_beginning_or_the_end_of_ways_more_often():
    people = [{"name": "ann", "boss": None}, {"name": "bob", "boss": "ann"}, {"name": "cy", "boss": "bob"}]
    people += [{"name": "dot", "boss": "ann"}, {"name": "eve", "boss": "cy"}]
    tops = 0
    for made, boss in drawn((people, "ann"), (people[:2], "bob"), ([], "ann"), size=50.0, count=60):
        tops += next(one["boss"] for one in made if one["name"] == boss) is None
    assert tops > 6


def test_fields_of_a_record_name_one_another_as_arguments_do():
    users = [{"id": "u1", "name": "ann"}, {"id": "u2", "name": "bob"}]
    posts = [{"by": "u1", "text": "hi"}, {"by": "u2", "text": "yo"}, {"by": "u1", "text": "ok"}]
    calls: Any = (
        ({"users": users, "posts": posts},),
        ({"users": [{"id": "u7", "name": "cy"}], "posts": [{"by": "u7", "text": "x"}]},),
        ({"users": [], "posts": []},),
    )
    for size in (1.0, 20.0):
        for (made,) in drawn(*calls, size=size):
            known = {one["id"] for one in made["users"]}
            assert all(one["by"] in known for one in made["posts"] if known)


def test_an_order_of_the_things_of_another_list_is_an_order_of_as_many():
    calls: Any = (([3, 0, 2, 1], ["a", "b", "c", "d"]), ([1, 0], ["x", "y"]), ([], []))
    whole = [sorted(order) == [*range(len(items))] for order, items in drawn(*calls, size=20.0)]
    assert sum(whole) > 0.7 * len(whole)


THINGS = st.recursive(
    st.none() | st.integers(-1, 4) | st.sampled_from(["a", "b", "c", ""]) | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.lists(st.lists(st.integers(0, 3), max_size=3), max_size=3)
        | st.lists(st.fixed_dictionaries({"id": st.integers(0, 4), "next": st.none() | st.integers(0, 4)}), max_size=4)
        | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
        | st.dictionaries(st.integers(0, 3), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(THINGS, THINGS, THINGS), min_size=1, max_size=4), st.integers(0, 1 << 32), st.floats(0, 0.5))
def test_whatever_calls_were_recorded_others_are_drawn(calls, seed, edgy):
    likes = learn_calls([flatten((call, {})) for call in calls])
    for size in (1.0, 3.0):
        args, _ = revive(draw_call(likes, np.random.default_rng(seed), size=size, edgy=edgy))
        assert len(args) == 3
