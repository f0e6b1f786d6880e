"""cap_set_8: sets that a hand can count, the greedy order, a check that finds lines, and answers that are refused."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.judging import Wrong

TASK = "cap_set_8"


@pytest.fixture(scope="module")
def judge(module):
    return module(TASK, "judge")


def asker(rule):
    """Return an `ask` that answers with a Python function of one vector."""
    return lambda name, vector: rule(vector)


def size(judge, rule):
    return judge.play(None, asker(rule))["score"]


def on_a_line(vectors):
    """Whether three different vectors sum to zero modulo 3, by the definition alone."""
    members = set(map(tuple, vectors))
    thirds = (tuple(-(a + b) % 3 for a, b in zip(p, q, strict=True)) for p, q in combinations(sorted(members), 2))
    return any(third in members for third in thirds)


def test_the_initial_program_gives_the_vectors_without_a_two(judge, module):
    result = judge.play(None, asker(module(TASK, "initial").priority))
    assert result["score"] == 256
    assert judge.VECTORS[result["trace"]].max() == 1


def test_the_program_is_asked_for_each_vector_once_in_lexicographic_order(judge):
    seen = []

    def rule(vector):
        seen.append(tuple(vector))
        return 0.0

    judge.play(None, asker(rule))
    assert len(seen) == 3**8
    assert seen == sorted(set(seen))
    assert all(type(digit) is int and 0 <= digit <= 2 for digit in seen[1234])


def test_the_highest_priority_is_taken_first_and_bars_the_rest_of_its_lines(judge):
    first, second, third = [2] * 8, [2, 1, 2, 1, 2, 1, 2, 1], [2, 0, 2, 0, 2, 0, 2, 0]
    rating = {tuple(first): 3.0, tuple(second): 2.0, tuple(third): 1.0}
    chosen = judge.VECTORS[judge.play(None, asker(lambda vector: rating.get(tuple(vector), 0.0)))["trace"]].tolist()
    assert chosen[:2] == [first, second]
    assert third not in chosen


def test_a_rule_that_looks_at_the_number_of_zeros_beats_the_start(judge):
    assert size(judge, lambda vector: -abs(vector.count(0) - 4)) == 298


@given(st.integers(0, 2**32))
def test_whatever_the_order_the_set_has_no_three_on_a_line_and_cannot_grow(module, seed):
    judge = module(TASK, "judge")
    chosen = judge.construct(np.random.default_rng(seed).permutation(3**8))
    vectors = judge.VECTORS[chosen]
    assert not on_a_line(vectors.tolist())
    first, second = np.triu_indices(len(vectors), 1)
    barred = (-(vectors[first] + vectors[second]) % 3) @ 3 ** np.arange(7, -1, -1)
    assert len({*barred.tolist(), *chosen.tolist()}) == 3**8
    judge.check(vectors)


@pytest.mark.parametrize(
    "line", [[[0] * 8, [1] * 8, [2] * 8], [[0, 1, 2] + [0] * 5, [1, 1, 0] + [0] * 5, [2, 1, 1] + [0] * 5]]
)
def test_the_check_finds_a_line_and_a_repeat(judge, line):
    cap = judge.VECTORS[judge.VECTORS.max(axis=1) < 2]
    judge.check(cap)
    others = [vector for vector in cap.tolist() if vector not in line]
    with pytest.raises(RuntimeError):
        judge.check(np.array([*others, *line]))
    with pytest.raises(RuntimeError):
        judge.check(np.array([*cap.tolist(), [1] * 8]))


@pytest.mark.parametrize(
    "answer",
    [None, math.nan, math.inf, -math.inf, True, "512", 1j, [1.0], np.array(1.0), np.zeros(1), {"score": 512}, 10**400],
)
def test_an_answer_that_is_no_number_is_refused(judge, answer):
    with pytest.raises(Wrong):
        size(judge, lambda vector: answer)
    with pytest.raises(Wrong):
        size(judge, lambda vector: answer if sum(vector) == 16 else 0.0)


def test_the_picture_is_a_png(judge):
    trace = judge.play(None, asker(lambda vector: 0.0))["trace"]
    assert judge.picture(None, trace).startswith(b"\x89PNG")
