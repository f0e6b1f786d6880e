import pytest

from office.sales import best_trade, busiest_window, sales_between, totals_by_customer


def sale(customer, amount, refunded=False):
    return {"customer": customer, "amount": amount, "refunded": refunded}


def test_totals_by_customer():
    sales = [sale("cy", 5), sale("ann", 10), sale("cy", 7), sale("bob", 1), sale("ann", 2)]
    totals = totals_by_customer(sales)
    assert totals == {"ann": 12, "bob": 1, "cy": 12}
    assert list(totals) == ["ann", "bob", "cy"]


def test_totals_by_customer_refunds():
    sales = [sale("ann", 10, True), sale("bob", 3), sale("bob", 4, True)]
    assert totals_by_customer(sales) == {"bob": 3}


def test_totals_by_customer_empty():
    assert totals_by_customer([]) == {}


def test_sales_between():
    daily = [4, 0, 7, 3, 9, 1]
    assert sales_between(daily, [(1, 3), (2, 2), (4, 6), (1, 6)]) == [11, 0, 13, 24]


def test_sales_between_reversed_range():
    assert sales_between([4, 2, 6], [(3, 2), (3, 3)]) == [0, 6]


def test_sales_between_bad_day():
    with pytest.raises(ValueError):
        sales_between([4, 2, 6], [(0, 2)])
    with pytest.raises(ValueError):
        sales_between([4, 2, 6], [(2, 4)])


def test_best_trade():
    assert best_trade([7, 1, 5, 3, 6, 4]) == (1, 5)


def test_best_trade_first_of_equals():
    assert best_trade([2, 4, 1, 3]) == (0, 2)


def test_best_trade_no_profit():
    assert best_trade([9, 7, 7, 2]) is None
    assert best_trade([5]) is None
    assert best_trade([]) is None


def test_busiest_window():
    assert busiest_window([1, 4, 2, 10, 2, 3, 1, 0, 20], 4) == 5
    assert busiest_window([3, 9, 2, 8, 8, 1], 2) == 3


def test_busiest_window_first_of_equals():
    assert busiest_window([5, 5, 0, 5, 5], 2) == 0


def test_busiest_window_bad_width():
    assert busiest_window([1, 2, 3], 0) == -1
    assert busiest_window([1, 2, 3], 4) == -1
    assert busiest_window([-1, -2, -3], 3) == 0
