"""A shop that reserves pieces for orders and ships them."""

from collections import Counter, defaultdict
from typing import Any

from shelf import Shelf

REFUSED = "refused"


def _make(operation: list[Any], shelves: dict[str, Shelf], orders: dict[str, Counter[str]]) -> int | str:
    """Make one operation and give its result."""
    match operation:
        case ["receive", item, quantity, cost]:
            if quantity < 1:
                return REFUSED
            shelves[item].receive(quantity, cost)
            return shelves[item].free
        case ["reserve", order, item, quantity]:
            if not 1 <= quantity <= shelves[item].free:
                return REFUSED
            shelves[item].reserved += quantity
            orders[order][item] += quantity
            return shelves[item].free
        case ["ship", order]:
            if order not in orders:
                return REFUSED
            return sum(shelves[item].take_reserved(quantity) for item, quantity in orders.pop(order).items())
        case ["cancel", order]:
            reserved = orders.pop(order, Counter())
            for item, quantity in reserved.items():
                shelves[item].reserved -= quantity
            return reserved.total()
        case ["value", item]:
            return sum(quantity * cost for quantity, cost in shelves[item].lots)
    raise ValueError(f"operation {operation} is not known")


def run(operations: list[list[Any]]) -> list[int | str]:
    """Make operations on an empty shop and list their results."""
    shelves: dict[str, Shelf] = defaultdict(Shelf)
    orders: dict[str, Counter[str]] = defaultdict(Counter)
    return [_make(operation, shelves, orders) for operation in operations]
