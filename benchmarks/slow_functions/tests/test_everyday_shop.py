from everyday.shop import best_sellers, describe_order_lines

PRODUCTS = [
    {"sku": "A1", "name": "Mug", "price": 750},
    {"sku": "B2", "name": "Tea", "price": 420},
    {"sku": "C3", "name": "Spoon", "price": 150},
    {"sku": "B2", "name": "Tea (old)", "price": 380},
]


def test_lines_are_described():
    described, unknown = describe_order_lines([("C3", 4), ("A1", 1)], PRODUCTS)
    assert described == [
        {"sku": "C3", "name": "Spoon", "quantity": 4, "total": 600},
        {"sku": "A1", "name": "Mug", "quantity": 1, "total": 750},
    ]
    assert unknown == []


def test_first_product_counts():
    described, _ = describe_order_lines([("B2", 2)], PRODUCTS)
    assert described == [{"sku": "B2", "name": "Tea", "quantity": 2, "total": 840}]


def test_unknown_skus():
    described, unknown = describe_order_lines([("X", 1), ("A1", 2), ("X", 3)], PRODUCTS)
    assert [line["sku"] for line in described] == ["A1"]
    assert unknown == ["X", "X"]


def test_no_lines():
    assert describe_order_lines([], PRODUCTS) == ([], [])


SALES = {"mug": 12, "tea": 40, "spoon": 12, "tray": 0, "kettle": 25}


def test_best_two():
    assert best_sellers(SALES, 2) == [("tea", 40), ("kettle", 25)]


def test_ties_by_name():
    assert best_sellers(SALES, 4) == [("tea", 40), ("kettle", 25), ("mug", 12), ("spoon", 12)]


def test_k_beyond_articles_leaves_out_unsold():
    assert len(best_sellers(SALES, 10)) == 4


def test_k_zero():
    assert best_sellers(SALES, 0) == []
    assert best_sellers({}, 3) == []
