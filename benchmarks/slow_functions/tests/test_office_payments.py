import pytest

from office.payments import ways_to_pay


def test_ways_to_pay():
    assert ways_to_pay(5, (1, 2, 5)) == 4
    assert ways_to_pay(12, (10, 5, 2)) == 3


def test_no_way():
    assert ways_to_pay(3, (2,)) == 0
    assert ways_to_pay(7, ()) == 0


def test_zero_amount():
    assert ways_to_pay(0, (1, 2)) == 1
    assert ways_to_pay(0, ()) == 1


def test_bad_coin():
    with pytest.raises(ValueError):
        ways_to_pay(4, (2, 0))
