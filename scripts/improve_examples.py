"""Write the example project of docs/improve.md: three functions, their tests and their data, the same each time.

    python scripts/improve_examples.py DIR [--seed 0]

`shop/texts.py` has a slow text function and `shop/signal.py` a numeric loop. `shop/loading.py` has a rule that packs
orders into vans, `shop/costs.py` the number that its owner cares about, and `orders.jsonl` 60 days of orders.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from pathlib import Path

FILES = {
    "shop/__init__.py": "",
    "shop/texts.py": '''"""Texts of the shop."""

from .words import STOP  # words that say nothing


def keywords(text):
    """The words of a text in order, each once, without those that say nothing."""
    found = []
    for word in text.lower().split():
        word = word.strip(".,;:!?")
        if not word or word in STOP:
            continue
        if word not in found:
            found.append(word)  # the order is what customers see
    return found
''',
    "shop/words.py": '"""Words that say nothing."""\n\nSTOP = ["the", "a", "of", "and", "to", "in"]\n',
    "shop/signal.py": '''"""Sales over time."""


def smooth(values: list[float], width: int) -> list[float]:
    """The mean of each `width` values in a row."""
    means = []
    for start in range(len(values) - width + 1):
        # exact for whole numbers of pieces sold
        total = sum(values[start : start + width])
        means.append(total / width)
    return means
''',
    "shop/loading.py": '''"""Which orders travel in which van."""


def load(orders, capacity):
    """Put orders into vans, in the order in which they came; each van is a list of places in `orders`."""
    vans = []
    free = []
    for place, (weight, hour) in enumerate(orders):
        best = None
        best_rating = 0.0
        for van in range(len(vans)):
            if free[van] >= weight:
                rating = 1.0 + 0.0 * free[van] + 0.0 * abs(hour - orders[vans[van][0]][1])
                if best is None or rating > best_rating:
                    best, best_rating = van, rating
        if best is None:
            vans.append([])
            free.append(capacity)
            best = len(vans) - 1
        vans[best].append(place)
        free[best] -= weight
    return vans
''',
    "shop/costs.py": '''"""What a day of deliveries costs."""


def saved(vans, orders, capacity):
    """Minus the cost of a day: 100 a van, and 3 for each hour by which the orders of one van lie apart."""
    seen = sorted(place for van in vans for place in van)
    assert seen == list(range(len(orders))), "each order travels once"
    cost = 0.0
    for van in vans:
        assert sum(orders[place][0] for place in van) <= capacity, "a van is overloaded"
        hours = [orders[place][1] for place in van]
        cost += 100 + 3 * (max(hours) - min(hours))
    return -cost
''',
    "tests/test_texts.py": """from shop.texts import keywords


def test_order_and_repetition():
    assert keywords("The cat, the dog and the cat.") == ["cat", "dog"]


def test_a_product_page():
    text = "A light jacket of wool: warm in winter, light in summer, warm and light to wear; made to last, easy to wash"
    assert keywords(text)[:4] == ["light", "jacket", "wool", "warm"]


def test_nothing():
    assert keywords("") == []
""",
    "tests/test_signal.py": """import pytest

from shop.signal import smooth


@pytest.mark.parametrize("width", [7, 14, 30])
def test_means(width):
    sold = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4] * 5
    means = smooth(sold, width)
    assert len(means) == len(sold) - width + 1
    assert means[0] == sum(sold[:width]) / width
""",
    "tests/test_loading.py": """from shop.costs import saved
from shop.loading import load


def test_every_order_travels():
    orders = [[40, 9], [70, 10], [30, 9], [20, 15]]
    assert saved(load(orders, 100), orders, 100) >= -400
""",
}
DAYS, CAPACITY = 60, 100


def orders_of_a_day(rng: random.Random) -> list[list[int]]:
    """Weights and delivery hours of one day's orders, as they come in."""
    count = rng.randint(40, 80)
    return [[max(4, min(95, round(rng.gauss(32, 18)))), rng.choice((8, 9, 10, 13, 14, 17, 18))] for _ in range(count)]


def write(folder: Path, *, seed: int) -> None:
    """Write all files; the same seed writes the same bytes."""
    rng = random.Random(seed)
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    days = [orders_of_a_day(rng) for _ in range(DAYS)]
    with (folder / "orders.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["day", "weight", "hour"])
        table.writerows([day, *order] for day, orders in enumerate(days, 1) for order in orders)
    (folder / "orders.jsonl").write_text("".join(json.dumps([orders, CAPACITY]) + "\n" for orders in days))


def main() -> None:
    """Read the command line and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    write(given.folder, seed=given.seed)
    print(f"written to {given.folder}; next: cd {given.folder} && shoal improve shop.texts:keywords")


if __name__ == "__main__":
    main()
