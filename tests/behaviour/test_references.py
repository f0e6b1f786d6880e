"""What things of one list or table tell of one another stays true of more of them: names, next ones, places."""

import numpy as np
import pytest

from shoal.behaviour import draw, flatten, learn, revive

SEEDS = range(40)


def drawn(samples, *, size=1.0, edgy=0.0, seed=0):
    likes = learn([flatten(sample) for sample in samples])
    return revive(draw(likes, np.random.default_rng(seed), size=size, edgy=edgy))


def depth_of(following, key):
    depth = 0
    while key is not None:
        key, depth = following[key], depth + 1
        assert depth <= len(following), "it leads back"
    return depth


def deepest(following):
    return max((depth_of(following, key) for key in following), default=0)


PEOPLE = [
    {"name": "ann", "boss": None},
    {"name": "bob", "boss": "ann"},
    {"name": "cy", "boss": "bob"},
    {"name": "dot", "boss": "bob"},
    {"name": "eve", "boss": "ann"},
]


@pytest.mark.parametrize("size", [1.0, 30.0])
def test_who_is_under_whom_in_a_list_of_records_never_leads_back(size):
    depths = []
    for seed in SEEDS:
        people = drawn([PEOPLE, PEOPLE[:2], []], size=size, seed=seed)
        bosses = {one["name"]: one["boss"] for one in people}
        assert len(bosses) == len(people), "a name is of one record"
        assert all(boss is None or boss in bosses for boss in bosses.values())
        depths.append(deepest(bosses))
    if size > 1.0:
        assert sum(depth > 12 for depth in depths) > 8, "many ranks, in half of the draws"
    else:
        assert len(set(depths)) > 2


def test_records_of_a_table_name_keys_and_so_do_single_names():
    people = {1: {"name": "ann", "boss": None}, 2: {"name": "bob", "boss": 1}, 3: {"name": "cy", "boss": 2}}
    people[4] = {"name": "dot", "boss": 2}
    folders = {"root": None, "etc": "root", "usr": "root", "bin": "usr", "lib": "usr"}
    for seed in SEEDS:
        numbers = drawn([people, {9: {"name": "eve", "boss": None}}], size=30.0, seed=seed)
        deepest({key: one["boss"] for key, one in numbers.items()})
        deepest(drawn([folders, {}], size=30.0, seed=seed))


def test_each_record_has_a_next_one_as_in_a_chain_in_half_of_the_draws():
    records = [{"id": 3, "next": 7}, {"id": 7, "next": 4}, {"id": 4, "next": None}, {"id": 9, "next": 3}]
    whole = 0
    for seed in SEEDS:
        made = drawn([records, records[2:3], [{"id": 2, "next": 5}, {"id": 5, "next": None}]], size=20.0, seed=seed)
        following = {one["id"]: one["next"] for one in made}
        assert len(following) == len(made) >= 40
        whole += deepest(following) == len(made)
    assert 8 < whole < 32


def test_what_ends_in_other_names_does_so():
    moved = {"/old": "/new", "/new": "/newer", "/a": "/b", "/b": "/old"}
    for seed in SEEDS:
        made = drawn([moved, {"/p": "/q"}], size=20.0, seed=seed)
        ways = {key: name if name in made else None for key, name in made.items()}
        assert deepest(ways) >= 2 and None in ways.values()


def test_lists_of_names_in_records_lead_back_nowhere_and_to_many_in_half_of_the_draws():
    courses = [
        {"name": "algebra", "needs": []},
        {"name": "calculus", "needs": ["algebra"]},
        {"name": "physics", "needs": ["calculus", "algebra"]},
        {"name": "optics", "needs": ["physics"]},
    ]
    ways = []
    for seed in SEEDS:
        needs = {one["name"]: one["needs"] for one in drawn([courses, []], size=20.0, seed=seed)}
        counts: dict[str, int] = {}
        left = dict(needs)
        while left:
            ready = [name for name, found in left.items() if not left.keys() & found]
            assert ready, "it leads back"
            counts |= {name: 1 + sum(counts[one] for one in left.pop(name)) for name in ready}
        ways.append(max(counts.values()))
    assert sum(count > 1000 for count in ways) > 8 and sum(count < 1000 for count in ways) > 8


def test_what_some_name_both_ways_stays_inside_without_an_order():
    known = {"ann": ["bob", "cy"], "bob": ["ann"], "cy": ["bob"]}
    friends = [{"name": name, "knows": names} for name, names in known.items()]
    for seed in SEEDS:
        made = drawn([friends], size=20.0, seed=seed)
        names = {one["name"] for one in made}
        assert len(names) == len(made) and all(name in names for one in made for name in one["knows"])


def test_edges_are_no_things_with_a_next_one_but_in_half_of_the_draws():
    edges = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e")]
    unlike = [len({one for one, _ in made}) < len(made) for made in (drawn([edges], size=20.0, seed=k) for k in SEEDS)]
    assert sum(unlike) > 8


def test_the_place_of_a_parent_in_a_list_stays_one_in_it():
    parents = [[-1, 0, 0, 1, 1, 3, 2], [-1], [-1, 0, 1, 2]]
    depths = []
    for seed in SEEDS:
        for size in (1.0, 20.0):
            made = drawn(parents, size=size, seed=seed)
            following = {k: None if parent == -1 else parent for k, parent in enumerate(made)}
            depths.append(deepest(following))
    assert max(depths) > 20 and len(set(depths)) > 5


@pytest.mark.parametrize("first", [0, 1])
def test_an_order_of_numbers_stays_one(first):
    orders = [[first + k for k in order] for order in ([2, 0, 1, 4, 3], [0], [1, 3, 0, 2])]
    made = [drawn(orders, size=20.0, seed=seed) for seed in SEEDS]
    assert sum(sorted(one) == [*range(first, first + len(one))] for one in made) > 30
    assert any(one != sorted(one) for one in made)
    ratings = [[2, 1, 3, 3], [1, 1], [4, 2, 1]]
    assert any(len(set(drawn(ratings, seed=seed))) < 3 for seed in SEEDS), "others are as they were"


def test_lists_of_places_stay_inside_with_or_without_lengths_of_ways():
    following: list[list[list[int]]] = [[[1, 2], [3], [3, 4], [], [0]], [[1], [2], []], [[]]]
    weighed = [[[(place, 7 * place + 2) for place in places] for places in one] for one in following]
    for seed in SEEDS:
        for size in (1.0, 20.0):
            made = drawn(following, size=size, seed=seed)
            assert all(place < len(made) for places in made for place in places)
            other = drawn(weighed, size=size, seed=seed)
            assert all(place < len(other) and type(cost) is int for ways in other for place, cost in ways)


def test_what_differed_in_each_record_does_so_in_half_of_the_larger_draws():
    stock = [{"code": 17, "left": 3}, {"code": 4, "left": 3}, {"code": 9, "left": 8}, {"code": 30, "left": 1}]
    stock += [{"code": 2, "left": 2}, {"code": 80, "left": 4}]
    apart = 0
    for seed in SEEDS:
        made = drawn([stock], size=20.0, seed=seed)
        apart += len({one["code"] for one in made}) == len(made)
    assert 8 < apart < 32


def test_odd_ones_may_name_nothing():
    odd = [drawn([PEOPLE], edgy=0.4, seed=seed) for seed in range(80)]
    assert any(one["boss"] not in {None, *(other["name"] for other in made)} for made in odd for one in made)


def test_an_order_of_needs_before_what_needs_them_is_kept_in_half_of_the_draws():
    steps = [[{"id": k, "after": [one for one in (k - 1, k - 3) if one >= 0]} for k in range(6)]]
    kept = 0
    for seed in SEEDS:
        made = drawn(steps, size=10.0, seed=seed)
        place = {one["id"]: k for k, one in enumerate(made)}
        kept += all(place[name] < k for k, one in enumerate(made) for name in one["after"])
        assert [one["id"] for one in made] == sorted(place), "they stood in the order of their numbers"
    assert 8 < kept < 40


def test_ways_of_a_list_of_edges_are_long_in_some_of_the_larger_draws():
    roads = [("ulm", "bonn", 10, 40), ("bonn", "kiel", 50, 90), ("ulm", "kiel", 15, 120), ("kiel", "jena", 95, 130)]
    longest = []
    for seed in SEEDS:
        made = drawn([roads, []], size=50.0, seed=seed)
        steps: dict[str, int] = {}
        for start, end, _, _ in sorted(made, key=lambda road: road[2]):
            steps[end] = max(steps.get(end, 0), steps.get(start, 0) + 1)
        longest.append(max(steps.values()))
    assert sum(count > 12 for count in longest) > 5


def test_a_few_names_of_tables_that_differ_are_more_in_half_of_the_larger_draws():
    accounts = [{"ann": 100, "bob": 50, "cy": 0}, {"ann": 5}, {"ann": 80, "bob": 20}]
    counts = [len(drawn(accounts, size=20.0, seed=seed)) for seed in SEEDS]
    assert 8 < sum(count > 30 for count in counts) < 32
    assert all(len(drawn(accounts, seed=seed)) <= 3 for seed in SEEDS)


def test_pairs_of_a_number_and_one_above_it_are_no_edges_as_some_have_none():
    for seed in SEEDS:
        made = drawn([[(1, None), (2, 1), (3, 1), (4, 2)], [(7, None)], []], size=20.0, seed=seed)
        above = dict(made)
        assert len(above) == len(made) and deepest(above) > 2
