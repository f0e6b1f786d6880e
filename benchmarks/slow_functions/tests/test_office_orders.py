from office.orders import label_orders, price_cart

CUSTOMERS = [
    {"id": 7, "name": "Ann"},
    {"id": 3, "name": "Bob"},
    {"id": 9, "name": "Cy"},
    {"id": 3, "name": "Bobby"},
]

PRICES = [("pen", 120), ("ink", 450), ("cup", 800), ("pen", 100)]


def test_label_orders():
    orders = [(1, 3, 20), (2, 7, 5), (3, 4, 12), (4, 9, 8)]
    assert label_orders(orders, CUSTOMERS) == [
        "#1 Bob: 20",
        "#2 Ann: 5",
        "#3 unknown: 12",
        "#4 Cy: 8",
    ]


def test_label_orders_empty():
    assert label_orders([], CUSTOMERS) == []
    assert label_orders([(5, 7, 1)], []) == ["#5 unknown: 1"]


def test_price_cart():
    assert price_cart([("pen", 3), ("cup", 1), ("ink", 2)], PRICES) == (2000, [])


def test_price_cart_missing():
    cart = [("hat", 1), ("pen", 1), ("bag", 2), ("hat", 4)]
    assert price_cart(cart, PRICES) == (100, ["hat", "bag", "hat"])


def test_price_cart_empty():
    assert price_cart([], PRICES) == (0, [])
    assert price_cart([("pen", 1)], []) == (0, ["pen"])
