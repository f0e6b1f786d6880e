import pytest

from everyday.sensors import rolling_peaks


def test_peaks():
    assert rolling_peaks([3, 1, 4, 1, 5, 9, 2, 6], 3) == [4, 4, 5, 9, 9, 9]


def test_falling_readings_in_tuple():
    assert rolling_peaks((9, 7, 5, 3), 2) == [9, 7, 5]


def test_window_of_one_and_too_wide():
    assert rolling_peaks([2, 8, -1], 1) == [2, 8, -1]
    assert rolling_peaks([2, 8, -1], 4) == []


def test_bad_window():
    with pytest.raises(ValueError):
        rolling_peaks([1, 2], 0)
