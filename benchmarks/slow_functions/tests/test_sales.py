from slowlib.sales import attach_customers, merge_contacts, totals_by_region

ALICE = {"id": 17, "name": "Alice", "discount": 10}
BOB = {"id": 23, "name": "Bob", "discount": 0}
CARLA = {"id": 42, "name": "Carla", "discount": 25}


def test_contacts_once():
    assert merge_contacts(["ann@ex.org", "bob@ex.org"], ["Ann@ex.org ", "cy@ex.org"]) == (
        ["ann@ex.org", "bob@ex.org", "cy@ex.org"],
        0,
    )


def test_contacts_without_an_address():
    assert merge_contacts(["none", "dora@mail.net"], []) == (["dora@mail.net"], 1)
    assert merge_contacts([], []) == ([], 0)


def test_a_longer_list_of_contacts():
    first = ["max@ex.org", "mia@ex.org", "tom@mail.net", "zoe@ex.org", "eva@post.example", "n/a"]
    second = ["tom@mail.net", "leo@ex.org", "ida@post.example", "MIA@ex.org"]
    merged, skipped = merge_contacts(first, second)
    assert len(merged) == 7
    assert skipped == 1


def test_orders_get_their_customer():
    orders = [
        {"id": 1, "customer_id": 23, "amount": 1000},
        {"id": 2, "customer_id": 17, "amount": 1999},
        {"id": 3, "customer_id": 99, "amount": 500},
    ]
    rows = attach_customers(orders, [ALICE, BOB, CARLA])
    assert [row["customer"] for row in rows] == ["Bob", "Alice", None]
    assert [row["amount"] for row in rows] == [1000, 1799, 500]


def test_no_orders_or_customers():
    assert attach_customers([], [ALICE]) == []
    assert attach_customers([{"id": 7, "customer_id": 17, "amount": 80}], []) == [
        {"order": 7, "amount": 80, "customer": None}
    ]


def test_many_orders_of_one():
    orders = [{"id": 10 + k, "customer_id": 42, "amount": 100 * k} for k in range(6)]
    assert sum(row["amount"] for row in attach_customers(orders, [BOB, CARLA])) == 1125


def test_regions():
    sales = [("north", 120), ("south", 80), ("north", -20), ("east", 45), ("south", 15)]
    assert totals_by_region(sales) == [("north", 100, 1), ("south", 95, 2), ("east", 45, 1)]


def test_one_region_and_none():
    assert totals_by_region([]) == []
    assert totals_by_region([("west", 5), ("west", 7), ("west", -1)]) == [("west", 11, 2)]


def test_many_regions():
    names = ["aachen", "bonn", "celle", "dessau", "essen", "fulda", "gera", "hamm"]
    assert len(totals_by_region([(name, 10 * place) for place, name in enumerate(names)])) == 8
