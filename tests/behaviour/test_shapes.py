"""Triangles, distances and accounts stay what they are, however large."""

from itertools import accumulate
from typing import Any

import numpy as np
import pytest

from shoal.behaviour import draw, draw_call, flatten, learn, learn_calls, revive

SEEDS = range(30)


def drawn(samples, *, size=1.0, edgy=0.0, seed=0):
    likes = learn([flatten(sample) for sample in samples])
    return revive(draw(likes, np.random.default_rng(seed), size=size, edgy=edgy))


@pytest.mark.parametrize("size", [1.0, 25.0])
def test_the_rows_of_a_triangle_get_longer_by_one(size):
    for seed in SEEDS:
        rows = drawn([[[2], [3, 4], [6, 5, 7], [4, 1, 8, 3]], [[1]], [[5], [1, 2]]], size=size, seed=seed)
        assert [len(row) for row in rows] == [*range(1, len(rows) + 1)]
    assert size == 1.0 or len(rows) in (10, 20)
    ragged = drawn([[[2], [3, 4], [6]]], size=9.0)
    assert [len(row) for row in ragged] != [*range(1, len(ragged) + 1)]


@pytest.mark.parametrize("size", [1.0, 16.0])
def test_a_table_of_ways_between_all_has_all_and_each_is_as_long_as_back(size):
    ways = {"ulm": {"bonn": 4, "kiel": 9}, "bonn": {"ulm": 4, "kiel": 5}, "kiel": {"ulm": 9, "bonn": 5}}
    for seed in SEEDS:
        made = drawn([ways, {"a": {"b": 1}, "b": {"a": 1}}, {"a": {}}], size=size, seed=seed)
        assert all(made.keys() == {name, *there} and name not in there for name, there in made.items())
        assert all(made[other][name] == far for name, there in made.items() for other, far in there.items())
    assert size == 1.0 or len(made) == 12
    one_way = {"a": {"a": 0, "b": 2, "c": 3}, "b": {"a": 5, "b": 0, "c": 4}, "c": {"a": 9, "b": 8, "c": 0}}
    made = drawn([one_way], size=size)
    assert all(there.keys() == made.keys() for there in made.values())


def test_a_square_that_is_its_own_mirror_image_stays_so_with_nothing_in_the_middle():
    rows = [[0, 4, 9], [4, 0, 5], [9, 5, 0]]
    for seed in SEEDS:
        made = drawn([rows, [[0, 2], [2, 0]]], size=16.0, seed=seed)
        assert all(made[k][k] == 0 and made[k][n] == made[n][k] for k in range(len(made)) for n in range(k))
    other = drawn([[[1, 2, 3], [4, 5, 6], [7, 8, 9]]], size=16.0)
    assert any(other[k][n] != other[n][k] for k in range(len(other)) for n in range(k))


def test_an_account_is_never_overdrawn_in_half_of_the_draws_or_more_where_many_numbers_say_so():
    for moves, least, most in (
        ([[100, -30, 50, -120, 20], [40, -40], []], 8, 29),
        ([[9, -4, -5, 8, -2, -1, -5]], 30, 30),
    ):
        covered = [min(accumulate(drawn(moves, size=20.0, seed=seed)), default=0) >= 0 for seed in SEEDS]
        assert least <= sum(covered) <= most
    free = [min(accumulate(drawn([[3, -5, 4, -9, 20]], size=20.0, seed=seed)), default=0) < 0 for seed in SEEDS]
    assert any(free)


def test_what_longer_lists_take_from_grows_in_half_of_the_draws():
    calls: list[Any] = [({"ann": 100, "bob": 50, "cy": 0}, [("ann", "bob", 30), ("bob", "cy", 60), ("cy", "ann", 10)])]
    calls += [({"ann": 5}, []), ({"ann": 80, "bob": 20}, [("ann", "bob", 80)])]
    likes = learn_calls([flatten((call, {})) for call in calls])
    covered = 0
    for seed in range(60):
        (accounts, moves), _ = revive(draw_call(likes, np.random.default_rng(seed), size=20.0))
        for giver, taker, amount in moves:
            accounts[giver] -= amount
            accounts[taker] += amount
            if accounts[giver] < 0:
                break
        else:
            covered += 1
    assert 12 < covered < 45
