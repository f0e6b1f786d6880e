"""Inputs like the recorded ones: of the same types, as large as asked for, and with what they had in common."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoal.behaviour import draw, flatten, learn, revive


def drawn(samples, *, size=1.0, edgy=0.0, seed=0):
    likes = learn([flatten(sample) for sample in samples])
    return revive(draw(likes, np.random.default_rng(seed), size=size, edgy=edgy))


def test_lists_grow_with_size():
    assert len(drawn([[3, 1, 2, 9, 11, 15, 40, 2]], size=50.0)) == 400


def test_different_values_stay_different_however_many():
    items = drawn([[3, 1, 2, 9, 11, 15, 40, 7]], size=100.0)
    assert len(set(items)) > 0.5 * len(items)


def test_few_values_stay_few():
    items = drawn([[1, 2, 1, 2, 1, 1, 2, 2, 1, 1]], size=100.0)
    assert set(items) <= {1, 2}


def test_where_nobody_knows_a_long_list_has_new_values_in_half_of_the_draws():
    words, ages = ["ann", "bob", "cleo", "dora", "emil"] * 5, [7, 9, 12, 30, 44, 61] * 5
    renewed = [len(set(drawn([words], size=100.0, seed=seed))) > 20 for seed in range(60)]
    higher = [max(drawn([ages], size=100.0, seed=seed)) > 61 for seed in range(60)]
    assert 15 < sum(renewed) < 45 and 15 < sum(higher) < 45
    assert all(set(drawn([words], seed=seed)) <= set(words) for seed in range(20)), "no larger, no new words"


def test_lists_in_lists_and_in_tables_grow_both_ways_in_half_of_the_draws():
    tags = [["a", "b"], ["c", "d", "e"], ["a"], ["b", "d"]]
    sizes = [(len(rows), max(map(len, rows))) for rows in (drawn([tags], size=100.0, seed=seed) for seed in range(60))]
    assert set(sizes) >= {(400, 3), (40, 30)} and 15 < sizes.count((40, 30)) < 45
    marks = {f"pupil {k}": [3, 1, 2, 5][: k % 4 + 1] for k in range(20)}
    tables = [drawn([marks, {"pupil 3": [4]}], size=100.0, seed=seed) for seed in range(20)]
    longest = {max(map(len, table.values())) for table in tables}
    assert 4 in longest and 40 in longest


def test_sorted_lists_are_sorted():
    items = drawn([[1, 3, 5, 9], [2, 4, 8]], size=20.0)
    assert items == sorted(items)
    assert len(items) >= 60


def test_texts_grow_by_words_and_lines():
    words = drawn(["the cat sat on the mat"], size=100.0).split(" ")
    assert len(words) == 600
    lines = drawn(["a,b\nc,d\ne,f"], size=100.0).split("\n")
    assert len(lines) == 300
    assert all("," in line for line in lines)


def test_numbers_alone_grow_themselves():
    assert drawn([((10,), {}), ((30,), {})], size=4.0)[0][0] in (40, 120)


def test_numbers_beside_a_list_do_not():
    (items, window), _ = drawn([(([3, 1, 4, 1, 5, 9], 3), {})], size=100.0)
    assert len(items) == 600
    assert window == 3


def test_square_tables_stay_square():
    table = drawn([[[1, 2], [3, 4]]], size=25.0)
    assert len(table) == 10
    assert all(len(row) == 10 for row in table)


def test_rows_keep_their_width():
    rows = drawn([[[1, 2, 3], [3, 4, 5]]], size=10.0)
    assert len(rows) == 20
    assert {len(row) for row in rows} == {3}


def test_records_keep_their_fields():
    rows = drawn([[{"name": "ab", "n": 3}, {"name": "cd", "n": 9}, {"name": "ef", "n": 19}]], size=5.0)
    assert len(rows) == 15
    assert all(list(row) == ["name", "n"] and type(row["n"]) is int for row in rows)


def test_records_lack_what_they_sometimes_lacked():
    some = [{"name": "ann", "age": 3}, {"name": "bob", "age": 5, "dogs": ["rex"]}, {"name": "cleo", "age": 9}]
    people = drawn([some], size=100.0)
    assert {tuple(sorted(person)) for person in people} == {("age", "name"), ("age", "dogs", "name")}
    assert 50 < sum("dogs" in person for person in people) < 150
    assert all(type(person["age"]) is int and all(map(str.isalpha, person.get("dogs", []))) for person in people)


def test_tables_of_like_values_are_no_records_that_lack_some():
    fruit = ["pear", "fig", "plum", "nut", "kiwi", "lime", "apple", "date"]
    counts = [{name: len(name) * k for k, name in enumerate(fruit[start : start + 6])} for start in range(3)]
    assert max(len(drawn(counts, size=20.0, seed=seed)) for seed in range(9)) > 20


def test_graphs_name_their_own_nodes():
    graph = drawn([{"a": ["b"], "b": ["a", "c"], "c": ["a"], "d": ["a"]}], size=20.0)
    assert len(graph) > 20
    assert all(node in graph for nodes in graph.values() for node in nodes)


def test_a_table_of_short_names_grows_by_longer_ones():
    graph = drawn([{"A": [("B", 4)], "B": [("C", 2), ("D", 1)], "C": [("A", 7)], "D": [], "E": [("A", 3)]}], size=200.0)
    assert len(graph) > 900, "there are no more than 26 letters"
    assert {"A", "B", "C", "D", "E"} <= graph.keys()
    assert all(town in graph for roads in graph.values() for town, _ in roads)


def leads_back(table):
    left = {key: set(names) & table.keys() for key, names in table.items()}
    while ready := [key for key, names in left.items() if not names & left.keys()]:
        left = {key: names for key, names in left.items() if key not in ready}
    return bool(left)


def test_what_needs_what_never_leads_back():
    needs = {"app": ["core", "ui"], "ui": ["core"], "core": ["libc"], "docs": ["app"]}
    larger = [drawn([needs, {}], size=50.0, seed=seed) for seed in range(20)]
    assert all(len(table) > 100 and not leads_back(table) for table in larger)
    inside = [name in table for table in larger for names in table.values() for name in names]
    assert 0.6 < sum(inside) / len(inside) < 1.0, "as often as in the sample"
    sets = drawn([{1: {2, 3}, 2: {3}, 3: set(), 4: {1, 2}, 5: {4}, 6: {3, 7}}], size=50.0)
    assert len(sets) > 20 and not leads_back(sets) and all(isinstance(names, set) for names in sets.values())


def comes_to_an_end(needs):
    left = dict(needs)
    while ready := [name for name, pieces in left.items() if not pieces & left.keys()]:
        for name in ready:
            del left[name]
    return not left


def test_what_needs_how_many_of_what_never_leads_back_in_half_of_the_draws():
    parts = {
        "nut": (2, []),
        "bolt": (5, [("nut", 1)]),
        "plate": (9, [("bolt", 4), ("nut", 4)]),
        "cart": (1, [("plate", 2)]),
    }
    ends = []
    for seed in range(60):
        made = drawn([parts], size=20.0, seed=seed)
        needs = {name: {piece for piece, _ in pieces} for name, (_, pieces) in made.items()}
        assert all(type(count) is int for _, pieces in made.values() for _, count in pieces)
        assert sum(map(len, needs.values())) > 10
        assert all(piece in made for pieces in needs.values() for piece in pieces)
        ends.append(comes_to_an_end(needs))
    assert 15 < sum(ends) < 45


def test_what_led_back_once_may_do_so_again():
    samples = [{"a": ["b", "c"], "b": ["c"], "c": [], "d": ["a"]}, {"a": ["b"], "b": ["a"]}]
    assert any(leads_back(drawn(samples, size=20.0, seed=seed)) for seed in range(20))


def test_some_of_the_longer_lists_of_numbers_rise_or_fall():
    lists = [drawn([[5, 3, 8, 1, 9, 2]], size=20.0, seed=seed) for seed in range(120)]
    rising = sum(items == sorted(items) for items in lists)
    falling = sum(items == sorted(items, reverse=True) for items in lists)
    assert 8 < rising < 35 and 8 < falling < 35


def test_a_graph_of_pairs_has_more_nodes_in_half_of_the_draws():
    names = [("a", "b", 3), ("b", "c", 1), ("c", "d", 2), ("a", "d", 9), ("x", "y", 2), ("d", "e", 1)]
    for roads in (names, [("abcdexy".index(one), "abcdexy".index(other), cost) for one, other, cost in names]):
        graphs = [drawn([roads], size=50.0, seed=seed) for seed in range(40)]
        nodes = [len({node for road in graph for node in road[:2]}) for graph in graphs]
        assert all(count <= 7 or count > 150 for count in nodes)
        assert 10 < sum(count > 150 for count in nodes) < 30
        for graph, count in zip(graphs, nodes, strict=True):
            through = {one for one, _, _ in graph} & {other for _, other, _ in graph}
            assert count <= 7 or len(through) > 50, "ways go on"


def test_names_and_kinds_of_one_row_are_not_mixed():
    rows = drawn([[("ann", "red"), ("bob", "blue"), ("cid", "red"), ("dan", "green"), ("eve", "red")]], size=50.0)
    assert len(rows) == 250
    assert not {name for name, _ in rows} & {"red", "blue", "green"}


def test_a_list_of_people_has_more_names_in_half_of_the_draws():
    people = [
        {"name": "ann", "late": 4},
        {"name": "bo", "late": 0},
        {"name": "cy", "late": 9},
        {"name": "ann", "late": 2},
    ]
    pairs = [tuple(one.values()) for one in people]
    for sample in (people, pairs):
        many = [
            len({next(iter(dict(one).values())) if isinstance(one, dict) else one[0] for one in made}) > 600
            for made in (drawn([sample], size=400.0, seed=seed) for seed in range(40))
        ]
        assert 8 < sum(many) < 32
    sums = [{"kind": "in", "sum": 4}, {"kind": "out", "sum": 7}, {"kind": "in", "sum": 9}, {"kind": "out", "sum": 2}]
    for seed in range(20):
        kinds = [one["kind"] for one in drawn([sums, sums[1:]], size=400.0, seed=seed)]
        assert kinds.count("in") + kinds.count("out") > 0.4 * len(kinds), "kinds of something are no names"


def test_more_spans_are_as_long_as_they_were_and_cover_more_in_half_of_the_draws():
    booked = [(540, 570), (600, 615), (700, 730), (710, 725), (800, 830), (810, 825)]
    made = [drawn([booked], size=100.0, seed=seed) for seed in range(40)]
    assert all(begin <= end and len(one) == 600 for one in made for begin, end in one)
    wide = [one for one in made if max(end for _, end in one) > 5_000]
    assert 8 < len(wide) < 32
    assert {end - begin for one in wide for begin, end in one} == {15, 30}
    assert all(max(end for _, end in one) <= 830 for one in made if one not in wide)


def test_in_some_longer_lists_of_spans_none_overlap_in_tuples_as_in_records():
    booked = [(540, 570), (600, 615), (700, 730), (710, 725), (800, 830), (810, 825)]
    for sample in (booked, [{"from": begin, "to": end} for begin, end in booked]):
        apart = 0
        for seed in range(60):
            made = [
                tuple(one.values()) if isinstance(one, dict) else one for one in drawn([sample], size=50.0, seed=seed)
            ]
            ordered = sorted(made)
            apart += all(one[1] <= other[0] for one, other in pairwise(ordered))
            assert all(begin <= end for begin, end in made)
        assert 6 < apart < 30


def test_a_span_that_ends_before_it_begins_now_and_then_leaves_the_others_spans():
    spans = [[(1, 4), (2, 6), (9, 12)], [(1, 4), (5, 3), (7, 9)], [(3, 8)], [(2, 5), (1, 7), (2, 4)]]
    apart = 0
    for seed in range(60):
        made = sorted(drawn(spans, size=50.0, seed=seed))
        assert len(made) >= 50
        apart += all(end <= begin for (_, end), (begin, _) in pairwise(made) if begin > 0 and end > 0)
        backwards = sum(end < begin for begin, end in made)
        assert backwards < 0.3 * len(made)
    assert 3 < apart < 30


def test_a_mark_among_numbers_that_differ_stays_as_frequent():
    readings = [[3, -1, 4, -1, 5, -1, 9, -1, 8, -1, 22], [17, -1, 30, 11]]
    for seed in range(20):
        items = drawn(readings, size=50.0, seed=seed)
        assert 0.2 < items.count(-1) / len(items) < 0.6
        assert len(set(items)) > 0.2 * len(items)


def test_some_of_the_longer_lists_are_runs_of_numbers_where_some_numbers_were():
    def longest(items):
        known = set(items)
        return max(next(k for k in range(len(items) + 1) if item + k not in known) for item in items)

    days = [[3, 4, 5, 1, 9, 8, 22, 23], [7, 30, 12]]
    runs = [longest(drawn(days, size=100.0, seed=seed)) for seed in range(60)]
    assert 5 < sum(run > 20 for run in runs) < 30
    apart = [[3, 7, 12, 30, 50, 90]]
    assert max(longest(drawn(apart, size=100.0, seed=seed)) for seed in range(20)) < 20


def test_tables_in_a_longer_list_have_more_keys_between_them_in_half_of_the_draws():
    tables = [{"host": "a", "port": 1, "user": "u"}, {"port": 2}, {"mode": "x", "user": "w"}, {"size": 3, "port": 4}]
    records = [{"name": "ann", "age": 3, "town": "ulm"}, {"name": "bob", "age": 5}, {"name": "cleo", "age": 7}]
    for samples, known in ((tables, 5), (records, 3)):
        found = [len({key for one in drawn([samples], size=50.0, seed=seed) for key in one}) for seed in range(60)]
        assert 15 < sum(one > 10 * known for one in found) < 45 and 15 < sum(one <= known for one in found) < 45
    more = [one for seed in range(20) for one in drawn([records], size=50.0, seed=seed)]
    assert all({"name", "age"} <= set(one) for one in more), "what was always there stays there"


def test_a_graph_whose_ways_are_tables_stays_closed():
    graph = {"a": {"b": 4, "c": 1}, "b": {"d": 1}, "c": {"b": 2, "d": 5}, "d": {}, "e": {"a": 3}}
    for seed in range(20):
        made = drawn([graph], size=40.0, seed=seed)
        named = {name for ways in made.values() for name in ways}
        assert named <= set(made) and len(named) > 60
    people = {"ann": {"age": 3, "likes": "bob"}, "bob": {"age": 5, "likes": "ann"}}
    assert all(set(one) == {"age", "likes"} for one in drawn([people], size=40.0).values()), "a record is none"


def test_maps_stay_maps_and_grow_both_ways():
    maps = [["...", "...", "..."], ["....", ".#..", "...."], ["#"], []]
    made = [drawn(maps, size=16.0, seed=seed) for seed in range(20)]
    assert all(len(set(map(len, rows))) == 1 for rows in made)
    assert {len(rows) for rows in made} == {12} and {len(rows[0]) for rows in made} == {12, 16}
    letters = "".join("".join(rows) for rows in made)
    assert 0 < letters.count("#") < len(letters) / 5, "as often as they were"
    names = drawn([["ann", "bob", "eve", "dan", "ann", "kim"]], size=20.0)
    assert names.count("ann") > 1, "names that happen to be of one length are no map"


def test_odd_things_come_up():
    lists = [drawn([[3, 1, 2, 9]], edgy=0.4, seed=seed) for seed in range(60)]
    assert [] in lists
    assert any(0 in one for one in lists)


DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.floats(-1e6, 1e6) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3), inner, max_size=4)
        | st.sets(st.integers(), max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=60)
@given(st.lists(DATA, min_size=1, max_size=4), st.integers(0, 2**32), st.sampled_from([1.0, 3.0]), st.floats(0, 0.5))
def test_whatever_was_recorded_something_of_its_kinds_is_drawn(samples, seed, size, edgy):
    made = drawn(samples, seed=seed, size=size, edgy=edgy)
    assert type(made) in {type(sample) for sample in samples}


@pytest.mark.parametrize("seed", range(3))
def test_the_same_generator_draws_the_same(seed):
    samples = [{"a": [1, 2.5, "x y z"]}]
    assert drawn(samples, seed=seed, size=3.0) == drawn(samples, seed=seed, size=3.0)
