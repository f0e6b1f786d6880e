import pytest
from slowlib.signals import filtered, relative_loads, running_balances


def test_filter():
    assert filtered([1, 2, 3, 4], [1]) == [1, 2, 3, 4]
    assert filtered([1, 2, 3, 4], [2, -1]) == [2, 3, 4, 5]
    assert filtered([], [1, 2]) == []


def test_a_longer_filter():
    samples = [10, 12, 9, -4, 0, 7, 15, 20, 18, 3]
    assert filtered(samples, [4, 3, 2, 1, 1])[-1] == 128


def test_balances():
    assert running_balances([100, -250, 300]) == [(100, False), (-150, True), (150, False)]
    assert running_balances([], 5) == []
    assert running_balances([-5, -6], opening=10) == [(5, False), (-1, True)]
    assert running_balances([1250, -399, -1999, 40, 2500, -75, -120, 990], 0)[-1] == (2187, False)


def test_loads():
    assert relative_loads([2.0, 6.0]) == [(0.25, 1 / 3), (0.75, 1.0)]
    assert relative_loads([0.0, 0.0]) == [(0.0, 0.0), (0.0, 0.0)]
    assert len(relative_loads([12.5, 3.25, 8.0, 44.75, 19.0, 0.5, 7.25])) == 7


def test_negative_loads():
    with pytest.raises(ValueError, match="negative"):
        relative_loads([4.0, -0.5])
