import pytest

from everyday.finance import index_curve


def test_curve():
    assert index_curve([0.1, -0.5, 1.0]) == pytest.approx([100.0, 110.0, 55.0, 110.0])


def test_own_base_and_total_loss():
    assert index_curve([0.25, -1.0, 0.5], base=8.0) == [8.0, 10.0, 0.0, 0.0]


def test_no_months():
    assert index_curve([]) == [100.0]
