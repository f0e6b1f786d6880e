"""tsp_constructive: lengths a hand can compute, what the candidate sees, and answers that are refused."""

import math
from itertools import islice, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.judging import Wrong

TASK = "tsp_constructive"
SQUARE = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])


@pytest.fixture(scope="module")
def judge(module):
    return module(TASK, "judge")


def asker(rule):
    """Return an `ask` that answers with a Python function."""
    return lambda name, current, unvisited, distances: rule(current, unvisited, distances)


def in_order(current, unvisited, distances):
    return int(unvisited[0])


def test_nearest_neighbour_is_the_start_and_scores_as_published(judge, module):
    rule = module(TASK, "initial").next_city
    trips = islice(judge.instances("sealed", np.random.default_rng(0)), 60)
    scores = [judge.play(places, asker(lambda *told: int(rule(*told))))["score"] for places in trips]
    assert np.mean(scores) == pytest.approx(9.68, abs=0.25)


def test_trips_have_the_length_that_a_hand_computes(judge):
    assert judge.play(SQUARE, asker(in_order))["score"] == 4.0
    crossed = asker(lambda current, unvisited, distances: 2 if current == 0 else int(unvisited[0]))
    assert judge.play(SQUARE, crossed)["score"] == pytest.approx(2 + 2 * math.sqrt(2))


def test_instances_are_even_in_the_square_and_repeat(judge):
    for split in ("search", "validation", "sealed"):
        first, second = islice(judge.instances(split, np.random.default_rng(3)), 2)
        again = next(judge.instances(split, np.random.default_rng(3)))
        assert first.shape == (100, 2)
        assert np.array_equal(first, again)
        assert not np.array_equal(first, second)
        assert first.min() >= 0
        assert first.max() < 1
        assert first.mean() == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(("family", "cities"), [("n50", 50), ("n200", 200)])
def test_other_families_have_other_sizes(judge, family, cities):
    assert next(judge.transfer(family, np.random.default_rng(0))).shape == (cities, 2)


@given(st.integers(2, 30), st.integers(0, 2**32))
def test_the_candidate_sees_what_it_is_told_and_every_city_is_visited_once(module, cities, seed):
    judge, rng = module(TASK, "judge"), np.random.default_rng(seed)
    places, trip = rng.random((cities, 2)), [0]

    def wander(current, unvisited, distances):
        assert current == trip[-1]
        assert unvisited.dtype == np.int64
        assert sorted({*range(cities)} - {*trip}) == unvisited.tolist()
        assert distances.shape == (cities, cities)
        assert distances[current, unvisited[0]] == pytest.approx(math.dist(places[current], places[unvisited[0]]))
        trip.append(int(rng.choice(unvisited)))
        return trip[-1]

    result = judge.play(places, asker(wander))
    assert sorted(result["trace"].tolist()) == list(range(cities))
    assert result["trace"][: len(trip)].tolist() == trip
    way = places[[*result["trace"], 0]]
    assert result["score"] == pytest.approx(sum(math.dist(p, q) for p, q in pairwise(way)))


@pytest.mark.parametrize(
    "answer",
    [None, 0, 7, -1, -3, 2**62, 1.0, 0.5, math.nan, True, "1", [1], np.array([1]), np.array(1), 1j, {"city": 1}],
)
def test_an_answer_that_is_no_unvisited_city_is_refused(judge, answer):
    with pytest.raises(Wrong):
        judge.play(SQUARE, asker(lambda *told: answer))


def test_a_city_cannot_be_visited_twice(judge):
    with pytest.raises(Wrong, match="2 is not one of the 2 unvisited"):
        judge.play(SQUARE, asker(lambda *told: 2))


def test_the_picture_is_a_png(judge):
    assert judge.picture(SQUARE, np.array([0, 2, 1, 3])).startswith(b"\x89PNG")
