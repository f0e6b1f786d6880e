"""Orders for one share, and the trades that they bring."""

from typing import Any

from book import Order, Side

OTHER = {"buy": "sell", "sell": "buy"}


def trade(order: Order, waiting: Side) -> list[list[Any]]:
    """Trade with waiting orders as far as possible; the trades."""
    trades: list[list[Any]] = []
    while order.shares > 0:
        best = waiting.best()
        if best is None or not waiting.acceptable(best.limit, order.limit):
            break
        shares = min(order.shares, best.shares)
        order.shares -= shares
        best.shares -= shares
        trades.append([best.id, shares, best.limit])
        if best.shares == 0:
            waiting.orders.remove(best)
    return trades


def run(operations: list[list[Any]]) -> list[Any]:
    """Results of operations on an empty book."""
    sides = {"buy": Side(highest_first=True), "sell": Side(highest_first=False)}
    known: set[str] = set()
    results: list[Any] = []
    for operation in operations:
        match operation:
            case [("buy" | "sell") as side, id, shares, limit]:
                if id in known or shares < 1 or (limit is not None and limit < 1):
                    raise ValueError(f"order {id} is not possible")
                known.add(id)
                order = Order(id, shares, limit)
                results.append(trade(order, sides[OTHER[side]]))
                if order.shares > 0 and limit is not None:
                    sides[side].orders.append(order)
            case ["cancel", id]:
                results.append(sum(side.cancel(id) for side in sides.values()))
            case ["depth", ("buy" | "sell") as side]:
                results.append(sides[side].depth())
            case _:
                raise ValueError(f"operation {operation} is not known")
    return results
