from shop.orders import bestseller, new_customers, open_invoices


def test_new_customers_in_order_of_purchase():
    orders = [
        {"email": "Zoe@example.org"},
        {"email": "ann@example.org"},
        {"email": " zoe@example.org "},
        {"email": "bob@example.org"},
    ]
    assert new_customers(orders, ["Bob@Example.org"]) == [
        "zoe@example.org",
        "ann@example.org",
    ]


def test_new_customers_skips_missing_address():
    assert new_customers([{"email": "  "}, {"email": ""}], []) == []


def test_new_customers_all_known():
    assert new_customers([{"email": "a@b.c"}], ["A@B.C", "x@y.z"]) == []


def test_open_invoices_part_payments():
    invoices = [("R-1", 1000), ("R-2", 2500), ("R-3", 400)]
    payments = [("R-2", 500), ("R-1", 600), ("R-2", 1000), ("R-1", 400)]
    assert open_invoices(invoices, payments) == [("R-2", 1000), ("R-3", 400)]


def test_open_invoices_overpaid_and_unknown_reference():
    assert open_invoices([("R-1", 100)], [("R-9", 50), ("R-1", 150)]) == []


def test_open_invoices_same_number_twice():
    assert open_invoices([("R-1", 100), ("R-1", 30)], [("R-1", 40)]) == [("R-1", 60)]


def test_bestseller():
    assert bestseller(["mug", "pen", "cap", "pen", "mug", "pen"]) == "pen"


def test_bestseller_tie_goes_to_first():
    assert bestseller(["cap", "pen", "mug", "mug", "pen"]) == "pen"


def test_bestseller_of_nothing():
    assert bestseller([]) is None
