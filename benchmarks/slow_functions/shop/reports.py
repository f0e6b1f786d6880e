"""Figures and texts for the monthly report."""


def newest_first(entries):
    """Activity log as text, newest entry on top.

    entries are (time, user, message) from oldest to newest.
    """
    text = ""
    for when, user, message in entries:
        line = "[" + when + "] " + user + ": " + message.strip()
        text = line + "\n" + text
    return text


def revenue_shares(revenue: dict[str, int]) -> dict[str, float]:
    """Each department's share of the whole revenue, in percent."""
    shares = {}
    for department, cents in revenue.items():
        if sum(revenue.values()) == 0:
            shares[department] = 0.0
        else:
            shares[department] = round(100 * cents / sum(revenue.values()), 2)
    return shares


def moving_average(units: list[int], days: int) -> list[float]:
    """Average units sold over every run of `days` consecutive days."""
    if days < 1:
        raise ValueError("days must be at least 1")
    averages = []
    for start in range(len(units) - days + 1):
        window = units[start:start + days]
        averages.append(sum(window) / days)
    return averages
