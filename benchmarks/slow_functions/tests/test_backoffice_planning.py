import pytest

from backoffice.planning import peak_overlap, rolling_spread


def test_peak_overlap():
    bookings = [
        {"start": 600, "end": 660},
        {"start": 540, "end": 630},
        {"start": 620, "end": 700},
        {"start": 660, "end": 720},
    ]
    assert peak_overlap(bookings) == (3, 620)


def test_peak_overlap_touching_and_ties():
    bookings = [
        {"start": 100, "end": 120},
        {"start": 60, "end": 100},
        {"start": 20, "end": 60},
    ]
    assert peak_overlap(bookings) == (1, 20)
    assert peak_overlap(bookings + [{"start": 20, "end": 25}, {"start": 110, "end": 115}]) == (2, 20)


def test_peak_overlap_ignores_cancelled_and_empty():
    bookings = [{"start": 5, "end": 9, "cancelled": True}, {"start": 7, "end": 7}]
    assert peak_overlap(bookings) == (0, None)
    assert peak_overlap([]) == (0, None)


def test_rolling_spread():
    assert rolling_spread([3, 1, 4, 1, 5, 9, 2, 6], 3) == [3, 3, 4, 8, 7, 7]
    assert rolling_spread([1.5, 2.0, 0.5], 2) == [0.5, 1.5]


def test_rolling_spread_edges():
    assert rolling_spread([4, 8, 2], 1) == [0, 0, 0]
    assert rolling_spread([4, 8, 2], 3) == [6]
    assert rolling_spread([4, 8], 3) == []


def test_rolling_spread_bad_window():
    with pytest.raises(ValueError):
        rolling_spread([1], 0)
