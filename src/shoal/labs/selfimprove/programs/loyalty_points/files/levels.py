"""Levels of customers."""

FACTORS = {"basic": 1, "silver": 2, "gold": 3}
SILVER, GOLD = 50_000, 200_000
WINDOW = 365


def level(purchases: list[tuple[int, int]], day: int) -> str:
    """Level by the purchases of the last year."""
    spent = sum(cents for bought, cents in purchases if day - bought < WINDOW)
    if spent >= GOLD:
        return "gold"
    return "silver" if spent >= SILVER else "basic"
