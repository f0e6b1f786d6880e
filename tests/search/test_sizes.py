"""Other sizes of a new number: where a limit begins to bite is found in a handful of steps, from either side."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.search import _sizes
from shoal.search._archive import Member

PARENT = Member("c0", 1.0, "s", "first")


def chain(payload: dict[str, Any], score_at: Callable[[float], float | None]) -> list[float]:
    """The factors that are tried one after the other, the first included."""
    factors = [payload["factor"]]
    now: dict[str, Any] | None = payload
    while now is not None:
        now = _sizes.following(now, score_at(now["factor"]))
        if now is not None:
            factors.append(now["factor"])
    return factors


def upper(bite: float, *, gentle: float = 0.8) -> Callable[[float], float]:
    """A limit that bites below ``bite``, helps a little from there to ``gentle`` of it, and costs below."""
    return lambda factor: 1.0 if factor >= bite else 1.1 if factor >= gentle * bite else 0.5


def begun(arm: str = "bound", *, idle: bool = True, score: float = 0.5) -> tuple[dict[str, Any], ...]:
    return _sizes.first(arm, parent=PARENT, score=PARENT.score if idle else score, idle=idle)


@given(st.floats(0.01, 0.95))
def test_a_limit_that_changes_nothing_is_made_tighter_until_it_bites_and_let_out_again(bite: float) -> None:
    (tighter,) = begun()
    score = upper(bite, gentle=0.6)
    tried = chain(tighter, score)
    assert len(tried) <= 4 + len(_sizes.FURTHER) + _sizes.HALVINGS + _sizes.STRIDES
    assert any((score(factor) or 0.0) > 1.0 for factor in tried), tried


def test_a_lower_limit_bites_the_other_way_and_no_limit_never() -> None:
    (tighter,) = begun()
    assert chain(tighter, lambda factor: 0.9 if factor > 5.0 else 1.0)[4:] == [
        3.0,
        9.0,
        16.36,
        30.0,
        5.196,
        3.948,
        4.529,
    ]
    assert chain(tighter, lambda factor: 1.0) == list(_sizes.LADDER)


def test_where_a_limit_bites_and_costs_a_little_two_sizes_beyond_are_tried_but_none_without_a_score() -> None:
    def pays_further_on(factor: float) -> float:
        return 1.0 if factor > 0.4 else 0.99 if factor > 0.2 else 1.5

    assert chain(begun()[0], pays_further_on)[:3] == [0.3, 0.165, 0.1001], "it helps there, and is climbed on from"
    assert chain(begun()[0], lambda factor: 1.0 if factor > 0.4 else None) == [0.3, 0.5477, 0.4054, 0.3487]


def test_a_limit_that_costs_is_let_out_half_way_to_where_it_cost_nothing() -> None:
    tighter, wider = begun(idle=False)
    assert chain(wider, upper(1.6))[:3] == [3.0, 1.732, 1.316]
    assert chain(tighter, upper(1.6)) == [0.3], "that way it costs more"


@pytest.mark.parametrize(("score", "tried"), [(None, [0.3, 0.5477]), (0.2, [0.3, 0.165, 0.09, 0.5477])])
def test_a_number_that_fails_costs_as_one_that_is_worse(score: float | None, tried: list[float]) -> None:
    assert chain(begun("guard")[0], lambda factor: score)[: len(tried)] == tried


@given(st.floats(-1.4, 0.3))
def test_from_a_limit_that_helps_the_best_size_is_climbed_to(peak: float) -> None:
    def score(factor: float) -> float:
        return 5.0 - abs(math.log(factor) - peak)

    (step,) = begun(idle=False, score=score(1.0))
    tried = [1.0, *chain(step, score)]
    assert len(tried) == 1 + _sizes.STRIDES
    assert max(map(score, tried)) > 4.8, tried


def test_a_climb_goes_on_in_the_direction_that_helped_and_turns_around_where_none_does() -> None:
    (step,) = begun(idle=False, score=1.2)
    assert chain(step, lambda factor: None) == pytest.approx([0.6065, 1.284, 0.8825, 1.0645, 0.9692, 1.0157], abs=1e-3)
    assert chain(step, lambda factor: 2.0 - factor) == pytest.approx(
        [0.6065, 0.3679, 0.2231, 0.1353, 0.0821, 0.0498], abs=1e-3
    )


def test_a_limit_that_helps_after_it_was_made_larger_is_climbed_on_from_upwards() -> None:
    following = _sizes.following({**begun()[0], "factor": 9.0, "inert": 3.0}, 1.1)
    assert following is not None and following["factor"] > 9.0


def test_what_is_no_limit_has_two_sizes() -> None:
    assert [one["factor"] for one in begun("bonus")] == [0.3, 3.0]
    assert _sizes.following(begun("bonus")[0], 1.0) is None


def test_only_another_size_has_a_home() -> None:
    assert _sizes.home(begun()[0]) == "s" and _sizes.home({"operator": "bound"}) is None
