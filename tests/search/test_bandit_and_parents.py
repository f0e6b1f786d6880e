"""What is tried next, and from which parent: probabilities that follow what paid and give nobody up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.search._archive import Member
from shoal.search._bandit import Arm, credit, pick, probabilities
from shoal.search._parents import choose, weights

CREDITS = st.lists(st.tuples(st.integers(0, 5), st.floats(0, 1), st.sampled_from([0.0, 0.1, 1.0])), max_size=80)


def arms_of(count: int) -> tuple[Arm, ...]:
    return tuple(Arm(f"arm {i}", weight=0.3 + 0.2 * i) for i in range(count))


@given(st.integers(1, 60), CREDITS, st.floats(0.0, 0.1))
def test_probabilities_sum_to_one_and_give_nobody_up(
    count: int, credits: list[tuple[int, float, float]], floor: float
) -> None:
    arms = arms_of(count)
    for number, gain, cost in credits:
        arms = credit(arms, f"arm {number}", gain=gain, cost=cost, improved=gain > 0)
    share = probabilities(arms, floor=floor)
    assert share.shape == (count,)
    assert float(share.sum()) == pytest.approx(1.0)
    assert float(share.min()) >= min(floor, 1 / count) - 1e-12


def test_what_pays_is_tried_more_and_what_does_not_less() -> None:
    arms: tuple[Arm, ...] = (Arm("pays"), Arm("does not"), Arm("untried"))
    for _ in range(30):
        arms = credit(arms, "pays", gain=1.0, cost=1.0, improved=True)
        arms = credit(arms, "does not", gain=0.0, cost=1.0, improved=False)
    pays, not_paid, untried = probabilities(arms)
    assert pays > untried > not_paid
    assert (arms[0].tried, arms[0].improved, arms[1].improved) == (30, 30, 0)


def test_an_arm_that_stops_paying_is_forgotten() -> None:
    arms: tuple[Arm, ...] = (Arm("once"), Arm("now"))
    for _ in range(50):
        arms = credit(arms, "once", gain=1.0, cost=1.0, improved=True)
    for _ in range(300):
        arms = credit(arms, "once", gain=0.0, cost=1.0, improved=False)
        arms = credit(arms, "now", gain=0.3, cost=1.0, improved=True)
    once, now = probabilities(arms)
    assert now > 0.9 > once


def test_probabilities_hold_after_a_very_long_time_without_gain() -> None:
    """Memory fades by 0.99 a time: after 100,000 failures nothing of the gain is left, and the arms are equals."""
    arms = tuple(Arm(name, gain=0.0, cost=100.0) for name in "abcd")
    assert probabilities(arms) == pytest.approx(np.full(4, 0.25))


@given(st.integers(0, 2**32))
def test_picking_follows_the_generator(seed: int) -> None:
    arms = arms_of(6)
    assert pick(arms, np.random.default_rng(seed)) == pick(arms, np.random.default_rng(seed))


def test_unknown_names_are_not_credited() -> None:
    assert credit(arms_of(3), "initial", gain=1.0, cost=1.0, improved=True) == arms_of(3)


MEMBERS = st.lists(
    st.tuples(st.floats(-1e6, 1e6).map(lambda score: round(score, 3)), st.integers(0, 1000)), min_size=1, max_size=12
).map(lambda rows: tuple(Member(f"c{i}", score, "a", "x", children=n) for i, (score, n) in enumerate(rows)))


@given(MEMBERS)
def test_weights_are_probabilities(members: tuple[Member, ...]) -> None:
    share = weights(members)
    assert share.shape == (len(members),)
    assert float(share.sum()) == pytest.approx(1.0)
    assert (share > 0).all()


@pytest.mark.parametrize("scores", [(0.0, 1.0, 5e-324), (-1.7e308, 0.0, 1.7e308), (1.7e308, -1.7e308, 1.0, 2.0)])
def test_no_finite_score_breaks_the_choice(scores: tuple[float, ...]) -> None:
    """A candidate may score anything finite; the run must not end over it."""
    members = tuple(Member(f"c{i}", score, "a", "x") for i, score in enumerate(scores))
    assert float(weights(members).sum()) == pytest.approx(1.0)


@given(st.lists(st.floats(-100, 100).map(lambda score: round(score, 3)), min_size=2, max_size=12))
def test_the_better_parent_weighs_no_less(scores: list[float]) -> None:
    members = tuple(Member(f"c{i}", score, "a", "x") for i, score in enumerate(sorted(scores)))
    share = weights(members)
    assert (np.diff(share) >= -1e-12).all()


@given(st.floats(-100, 100), st.integers(0, 50))
def test_a_parent_with_more_children_weighs_less(score: float, children: int) -> None:
    pair = (Member("c0", score, "a", "x", children=children), Member("c1", score, "a", "x", children=children + 1))
    few, many = weights(pair)
    assert few > many


def test_one_outlier_does_not_flatten_the_rest() -> None:
    members = tuple(Member(f"c{i}", score, "a", "x") for i, score in enumerate([0.0, 1.0, 2.0, 3.0, 1e9]))
    share = weights(members)
    assert share[3] > 1.9 * share[2] > 10 * share[1]


@given(MEMBERS, st.integers(0, 2**32))
def test_choosing_follows_the_generator(members: tuple[Member, ...], seed: int) -> None:
    assert choose(members, np.random.default_rng(seed)) == choose(members, np.random.default_rng(seed))
