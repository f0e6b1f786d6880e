import pytest

from shop.reports import moving_average, newest_first, revenue_shares


def test_newest_first():
    entries = [
        ("08:00", "ann", "opened the shop"),
        ("08:20", "bob", " sold 2 mugs \n"),
        ("18:00", "ann", "closed"),
    ]
    assert newest_first(entries) == (
        "[18:00] ann: closed\n"
        "[08:20] bob: sold 2 mugs\n"
        "[08:00] ann: opened the shop\n"
    )


def test_newest_first_empty():
    assert newest_first([]) == ""


def test_revenue_shares():
    shares = revenue_shares({"toys": 5000, "books": 2500, "garden": 2500})
    assert shares == {"toys": 50.0, "books": 25.0, "garden": 25.0}


def test_revenue_shares_rounded():
    assert revenue_shares({"a": 1, "b": 2}) == {"a": 33.33, "b": 66.67}


def test_revenue_shares_without_revenue():
    assert revenue_shares({"toys": 0, "books": 0}) == {"toys": 0.0, "books": 0.0}
    assert revenue_shares({}) == {}


def test_moving_average():
    assert moving_average([3, 6, 9, 0, 3], 3) == [6.0, 5.0, 4.0]


def test_moving_average_of_single_days():
    assert moving_average([4, 7], 1) == [4.0, 7.0]


def test_moving_average_too_short():
    assert moving_average([4, 7], 3) == []


def test_moving_average_rejects_zero_days():
    with pytest.raises(ValueError):
        moving_average([1, 2, 3], 0)
