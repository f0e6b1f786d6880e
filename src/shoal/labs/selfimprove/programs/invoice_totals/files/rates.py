"""Tax rates and discounts for quantities, in percent."""

from bisect import bisect_right

TAX = {"standard": 20, "reduced": 5, "none": 0}
QUANTITIES = [10, 25, 100]
DISCOUNTS = [0, 5, 10, 15]


def tax_rate(kind: str) -> int:
    """Look up the rate of a kind of tax."""
    if kind not in TAX:
        raise ValueError(f"tax is {kind!r}; it can be {', '.join(TAX)}")
    return TAX[kind]


def quantity_discount(quantity: int) -> int:
    """Look up the discount for a number of pieces."""
    return DISCOUNTS[bisect_right(QUANTITIES, quantity)]
