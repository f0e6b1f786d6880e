"""A walk moves one row at a time, never goes down, and hands over to CMA-ES when it is done."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.search import _burst, _starts, _walk
from shoal.search._starts import Base
from shoal.search._walk import EACH, GENERATION, LEAST_ROWS, LONGER, PATIENCE, Walk

ROWS = 12


def table(rows: int = ROWS, width: int = 2, lone: int = 1) -> Base:
    """A table of points on a line, and some numbers beside it."""
    values = [float(k % rows) + 10.0 * (k // rows) for k in range(rows * width)] + [7.0] * lone
    columns = [k // rows for k in range(rows * width)] + [-1] * lone
    answer = {"values": values, "kinds": ["float"] * len(values), "columns": columns}
    found = _starts.base_of(answer, id="c0", score=bowl(np.array(values)))
    assert found is not None
    return found


def bowl(x: np.ndarray) -> float:
    return -float(np.sum((x - 3.0) ** 2))


def begun(base: Base) -> Walk:
    walk = _walk.begin(base)
    assert walk is not None
    return walk


@pytest.mark.parametrize(
    ("rows", "width"), [(LEAST_ROWS - 1, 2), (ROWS, 1), (LEAST_ROWS - 1, 8)], ids=["few", "a row of numbers", "wide"]
)
def test_only_tables_of_many_rows_are_walked(rows: int, width: int) -> None:
    assert _walk.begin(table(rows, width)) is None


def test_rows_are_what_stands_side_by_side() -> None:
    walk = begun(table(ROWS, 3))
    assert walk.rows.shape == (ROWS, 3)
    assert walk.rows[0].tolist() == [0, ROWS, 2 * ROWS]


@given(st.integers(0, 10_000))
def test_a_sample_moves_one_row_and_nothing_else(seed: int) -> None:
    base = table()
    _, values = _walk.sample(begun(base), 0, np.random.default_rng(seed))
    moved = np.flatnonzero(values != base.values).tolist()
    assert moved in begun(base).rows.tolist()


@given(st.integers(0, 1_000), st.integers(1, 8))
def test_it_never_goes_down_however_results_arrive(seed: int, window: int) -> None:
    rng, walk = np.random.default_rng(seed), begun(table())
    flying: list[tuple[int, np.ndarray]] = []
    number = 0
    for _ in range(200):
        while len(flying) < window:
            walk, values = _walk.sample(walk, number, rng)
            flying.append((number, values))
            number += 1
        one, values = flying.pop(int(rng.integers(len(flying))))
        before = walk.score
        walk = _walk.learn(walk, one, None if rng.random() < 0.2 else bowl(values))
        assert walk.score >= before and walk.score == bowl(walk.at)
    assert walk.told == 200 and len(walk.waiting) == window - 1
    assert walk.score > begun(table()).score


def test_what_it_was_not_asked_for_or_heard_already_changes_nothing() -> None:
    walk, _ = _walk.sample(begun(table()), 5, np.random.default_rng(0))
    assert _walk.learn(walk, 4, math.inf) is walk
    heard = _walk.learn(walk, 5, None)
    assert heard.told == 1 and heard.score == walk.score and _walk.learn(heard, 5, 9.0) is heard


def test_a_step_that_helped_is_taken_again_and_longer() -> None:
    base = table()
    walk, values = _walk.sample(begun(base), 0, np.random.default_rng(0))
    move = values - base.values
    walk = _walk.learn(walk, 0, base.score + 1.0)
    walk, again = _walk.sample(walk, 1, np.random.default_rng(1))
    assert np.allclose(again - values, LONGER * move)
    walk = _walk.learn(walk, 1, base.score)  # too far: nobody asks for the other way, which led back
    assert not walk.next and walk.at is values


@pytest.mark.parametrize("score", [None, -math.inf])
def test_a_step_that_lost_is_tried_the_other_way_once(score: float | None) -> None:
    base = table()
    walk, values = _walk.sample(begun(base), 0, np.random.default_rng(0))
    walk = _walk.learn(walk, 0, score)
    walk, other = _walk.sample(walk, 1, np.random.default_rng(1))
    assert np.allclose(other - base.values, base.values - values)
    assert not _walk.learn(walk, 1, score).next


def test_steps_that_change_nothing_are_not_repeated() -> None:
    base = table()
    walk, values = _walk.sample(begun(base), 0, np.random.default_rng(0))
    walk = _walk.learn(walk, 0, base.score)
    assert walk.at is values and not walk.next


def test_it_ends_where_nothing_is_gained() -> None:
    walk, rng = begun(table()), np.random.default_rng(0)
    for number in range(PATIENCE * GENERATION):
        assert not walk.over
        walk, _ = _walk.sample(walk, number, rng)
        walk = _walk.learn(walk, number, None)
    assert walk.over and walk.told < EACH * ROWS


def test_cma_goes_on_from_where_the_walk_ends() -> None:
    base = table()
    answer = {"values": base.values.tolist(), "kinds": ["float"] * len(base.values), "columns": base.columns.tolist()}
    burst = _burst.begin(answer, number=1, island=0, parent="c0", score=base.score, shape="s")
    assert burst is not None and burst.walk is not None and burst.young
    rng, walked = np.random.default_rng(2), 0.0
    for _ in range(EACH * ROWS):
        burst, payload = _burst.sample(burst, rng)
        learnt = _burst.learn(burst, payload["index"], bowl(np.array(payload["values"])), rejected=False)
        assert learnt is not None
        walked = learnt.walk.score if learnt.walk is not None else walked
        burst = learnt
    assert burst.walk is None and burst.young and burst.polish.cma.generation == 0
    assert bowl(burst.polish.values) >= walked > base.score
    shifted = _burst.shifted(burst, 5.0)
    assert shifted.polish.cma is burst.polish.cma


def test_numbers_that_fit_already_lose_nothing_while_their_burst_is_young() -> None:
    base = table()
    answer = {"values": base.values.tolist(), "kinds": ["float"] * len(base.values), "columns": base.columns.tolist()}
    tuned = _burst.begin(answer, number=1, island=0, parent="c0", score=0.0, shape="s", sigma=_burst.SIGMAS[-1])
    assert tuned is not None and tuned.polish.cma.sigma == _burst.SIGMAS[-1]
    rng = np.random.default_rng(0)
    while tuned.young:  # every step loses: CMA-ES would follow the best of them downhill
        tuned, payload = _burst.sample(tuned, rng)
        learnt = _burst.learn(tuned, payload["index"], -1.0, rejected=False)
        assert learnt is not None
        tuned = learnt
        assert tuned.top == 0.0


def test_a_walk_that_scores_changed_under_is_moved_with_them() -> None:
    base = table()
    answer = {"values": base.values.tolist(), "kinds": ["float"] * len(base.values), "columns": base.columns.tolist()}
    burst = _burst.begin(answer, number=0, island=0, parent="c0", score=base.score, shape="s")
    assert burst is not None
    burst, _ = _burst.sample(burst, np.random.default_rng(0))
    moved = _burst.emptied(_burst.shifted(burst, 3.0))
    assert moved.walk is not None and moved.walk.score == base.score + 3.0 == moved.top and not moved.walk.waiting
