import pytest

from shop.prices import mean_price_gap, turnover


def test_turnover_over_a_price_change():
    history = [(1, 250), (10, 300)]
    assert turnover([(1, 2), (9, 1), (10, 3), (40, 1)], history) == 1950


def test_turnover_unordered_history_and_correction():
    history = [(10, 300), (1, 250), (10, 280)]
    assert turnover([(12, 2), (3, 1)], history) == 810


def test_turnover_before_first_price():
    with pytest.raises(ValueError, match="no price on day 4"):
        turnover([(4, 1)], [(5, 100)])


def test_turnover_without_sales():
    assert turnover([], [(1, 100)]) == 0


def test_mean_price_gap():
    assert mean_price_gap([100, 400, 200]) == 200.0


def test_mean_price_gap_same_prices():
    assert mean_price_gap([99, 99, 99, 99]) == 0.0


def test_mean_price_gap_too_few():
    assert mean_price_gap([]) == 0.0
    assert mean_price_gap([500]) == 0.0
