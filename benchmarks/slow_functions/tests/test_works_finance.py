import pytest

from works.finance import present_value


def test_constant_rate():
    assert present_value([110, 121], [0.1, 0.1]) == 200.0


def test_changing_rates():
    assert present_value([100, 200, 300, 400], [0.0, 0.25, 0.5, 0.0]) == 633.33
    assert present_value([-500, 150.5, 150.5, 300], [0.01, 0.02, 0.015, 0.02]) == 76.24


def test_nothing():
    assert present_value([], []) == 0.0


def test_lengths_differ():
    with pytest.raises(ValueError):
        present_value([1, 2], [0.1])
