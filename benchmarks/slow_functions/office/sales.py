"""Figures about sales."""


def totals_by_customer(sales: list[dict]) -> dict[str, int]:
    """Amount per customer, refunded sales left out, customers in order of name."""
    kept = [sale for sale in sales if not sale["refunded"]]
    names = sorted({sale["customer"] for sale in kept})
    return {
        name: sum(sale["amount"] for sale in kept if sale["customer"] == name)
        for name in names
    }


def sales_between(daily: list[int], ranges: list[tuple[int, int]]) -> list[int]:
    """Sales from the first to the last day (counted from 1) of each range."""
    answers = []
    for first, last in ranges:
        if first < 1 or last > len(daily):
            raise ValueError("day out of range")
        if first > last:
            answers.append(0)
            continue
        answers.append(sum(daily[first - 1:last]))
    return answers


def best_trade(prices: list[int]):
    """(day to buy, profit) of the best single trade, None if there is no profit."""
    best_day = None
    best_profit = 0
    for day in range(len(prices) - 1):
        profit = max(prices[day + 1:]) - prices[day]
        if profit > best_profit:
            best_profit = profit
            best_day = day
    if best_day is None:
        return None
    return best_day, best_profit


def busiest_window(counts, width):
    """Start of the busiest stretch of width hours (the first one), or -1."""
    if width <= 0 or width > len(counts):
        return -1
    best_start = 0
    best_total = None
    start = 0
    while start + width <= len(counts):
        total = 0
        i = start
        while i < start + width:
            total += counts[i]
            i += 1
        if best_total is None or total > best_total:
            best_total = total
            best_start = start
        start += 1
    return best_start
