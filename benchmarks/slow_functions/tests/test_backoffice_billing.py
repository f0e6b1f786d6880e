import pytest

from backoffice.billing import count_voucher_combinations, match_payments, price_order_lines


def test_match_payments_marks_and_returns_rest():
    invoices = [
        {"reference": "R-1", "amount": 1200},
        {"reference": "R-2", "amount": 500},
        {"reference": "R-1", "amount": 900},
    ]
    payments = [
        {"id": 1, "reference": "R-1", "amount": 900},
        {"id": 2, "reference": "R-2", "amount": 499},
        {"id": 3, "reference": "R-1", "amount": 1200},
    ]
    rest = match_payments(invoices, payments)
    assert [p["id"] for p in rest] == [2]
    assert [i["status"] for i in invoices] == ["paid", "open", "paid"]
    assert invoices[0]["payment_id"] == 3
    assert "payment_id" not in invoices[1]


def test_match_payments_uses_each_payment_once_in_order():
    invoices = [{"reference": "A", "amount": 10} for _ in range(3)]
    payments = [{"id": n, "reference": "A", "amount": 10} for n in (7, 8)]
    assert match_payments(invoices, payments) == []
    assert [i.get("payment_id") for i in invoices] == [7, 8, None]
    assert invoices[2]["status"] == "open"


def test_match_payments_nothing_to_do():
    payments = [{"id": 1, "reference": "A", "amount": 10}]
    assert match_payments([], payments) == payments
    assert match_payments([], []) == []


@pytest.mark.parametrize(
    "values, due, expected",
    [
        ([500, 1000, 1500, 500], 1500, 3),
        ([100, 100, 100], 200, 3),
        ([300, 700], 500, 0),
        ([1000, 2000, -50, 0], 3000, 1),
    ],
)
def test_voucher_combinations(values, due, expected):
    assert count_voucher_combinations(values, due) == expected


def test_voucher_combinations_guards():
    assert count_voucher_combinations([], 100) == 0
    assert count_voucher_combinations([100], 0) == 0


def test_voucher_combinations_many():
    assert count_voucher_combinations([100] * 10, 500) == 252


CATALOGUE = [
    {"sku": "pen", "net": 125},
    {"sku": "pad", "net": 399, "active": True},
    {"sku": "fax", "net": 9900, "active": False},
]


def test_price_order_lines():
    lines = [{"sku": "pen", "qty": "4"}, {"sku": "pad", "qty": 1}]
    assert price_order_lines(lines, CATALOGUE) == {
        "lines": [("pen", 4, 600), ("pad", 1, 479)],
        "total": 1079,
        "unknown": [],
    }


def test_price_order_lines_unknown_and_empty_quantity():
    lines = [{"sku": "fax", "qty": 1}, {"sku": "pen", "qty": 0}, {"sku": "ink", "qty": 2}]
    result = price_order_lines(lines, CATALOGUE)
    assert result == {"lines": [], "total": 0, "unknown": ["fax", "ink"]}


def test_price_order_lines_last_price_wins():
    catalogue = CATALOGUE + [{"sku": "pen", "net": 100}]
    assert price_order_lines([{"sku": "pen", "qty": 1}], catalogue, 0)["total"] == 100
