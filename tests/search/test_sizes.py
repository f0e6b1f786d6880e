"""Other sizes of a new number: where a limit begins to bite is found in a handful of steps, from either side."""

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


def begun(arm: str = "bound", *, idle: bool = True) -> tuple[dict[str, Any], ...]:
    return _sizes.first(arm, parent=PARENT, idle=idle)


@given(st.floats(0.01, 0.95))
def test_a_limit_that_changes_nothing_is_made_tighter_until_it_bites_and_let_out_again(bite: float) -> None:
    (tighter,) = begun()
    score = upper(bite, gentle=0.6)
    tried = chain(tighter, score)
    assert len(tried) <= 4 + _sizes.HALVINGS
    assert score(tried[-1]) > 1.0, tried


def test_a_lower_limit_bites_the_other_way_and_no_limit_never() -> None:
    (tighter,) = begun()
    assert chain(tighter, lambda factor: 0.9 if factor > 5.0 else 1.0)[4:] == [3.0, 9.0, 5.196, 3.948, 4.529]
    assert chain(tighter, lambda factor: 1.0) == list(_sizes.LADDER)


def test_a_limit_that_costs_is_let_out_half_way_to_where_it_cost_nothing() -> None:
    tighter, wider = begun(idle=False)
    assert chain(wider, upper(1.6)) == [3.0, 1.732, 1.316]
    assert chain(tighter, upper(1.6)) == [0.3], "that way it costs more"


@pytest.mark.parametrize("score", [None, 0.2])
def test_a_number_that_fails_costs_as_one_that_is_worse(score: float | None) -> None:
    following = _sizes.following(begun("guard")[0], score)
    assert following is not None and following["factor"] == pytest.approx(0.3**0.5, rel=1e-3)


def test_what_helps_is_a_line_of_its_own_and_what_is_no_limit_has_two_sizes() -> None:
    assert _sizes.following(begun()[0], 1.1) is None
    assert [one["factor"] for one in begun("bonus")] == [0.3, 3.0]
    assert _sizes.following(begun("bonus")[0], 1.0) is None


def test_only_another_size_has_a_home() -> None:
    assert _sizes.home(begun()[0]) == "s" and _sizes.home({"operator": "bound"}) is None
