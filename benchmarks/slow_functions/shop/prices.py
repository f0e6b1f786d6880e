"""Prices and how they change."""


def _price_on(day, history):
    """The price that was valid on a day, None before the first one."""
    best = None
    for start, price in history:
        if start <= day and (best is None or start >= best[0]):
            best = (start, price)
    return None if best is None else best[1]


def turnover(sales, history):
    """Money taken for one article, in cents.

    sales are (day, pieces); history holds (first day, price), in any order.
    Of two prices from the same day on, the later entry counts.
    """
    total = 0
    for day, pieces in sales:
        price = _price_on(day, history)
        if price is None:
            raise ValueError(f"no price on day {day}")
        total += pieces * price
    return total


def mean_price_gap(prices: list[int]) -> float:
    """Mean absolute difference between two prices, over all pairs (cents)."""
    n = len(prices)
    if n < 2:
        return 0.0
    total = 0
    for i in range(n):
        for j in range(i + 1, n):
            gap = prices[i] - prices[j]
            if gap < 0:
                gap = -gap
            total += gap
    return total / (n * (n - 1) // 2)
