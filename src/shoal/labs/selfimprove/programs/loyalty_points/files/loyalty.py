"""Points of a customer who comes back."""

from typing import Any

from levels import FACTORS, level

VALID_DAYS = 365


class Customer:
    """Lots of points, oldest first, and all purchases."""

    def __init__(self) -> None:
        self.lots: list[list[int]] = []  # day, points that are left
        self.purchases: list[tuple[int, int]] = []

    def drop_expired(self, day: int) -> None:
        self.lots = [lot for lot in self.lots if day - lot[0] < VALID_DAYS]

    def buy(self, day: int, cents: int) -> int:
        factor = FACTORS[level(self.purchases, day)]
        points = cents // 100 * factor
        self.lots.append([day, points])
        self.purchases.append((day, cents))
        return points

    def take(self, points: int, newest_first: bool) -> int:
        """Take points from lots, as far as there are any; the number taken."""
        missing = points
        for lot in reversed(self.lots) if newest_first else self.lots:
            part = min(lot[1], missing)
            lot[1] -= part
            missing -= part
        return points - missing

    def balance(self) -> int:
        return sum(points for _, points in self.lots)

    def redeem(self, points: int) -> bool:
        if points > self.balance():
            return False
        self.take(points, newest_first=False)
        return True


def run(operations: list[list[Any]]) -> list[Any]:
    """Results of operations for a new customer."""
    customer = Customer()
    results: list[Any] = []
    today: int | None = None
    for name, day, *amounts in operations:
        if (today is not None and day < today) or any(amount < 1 for amount in amounts):
            raise ValueError(f"{name} on day {day} is not possible")
        today = day
        customer.drop_expired(day)
        match name, amounts:
            case "buy", [cents]:
                results.append(customer.buy(day, cents))
            case "redeem", [points]:
                results.append(customer.redeem(points))
            case "refund", [cents]:
                results.append(customer.take(cents // 100, newest_first=True))
            case "balance", []:
                results.append(customer.balance())
            case "level", []:
                results.append(level(customer.purchases, day))
            case _:
                raise ValueError(f"operation {name} is not known")
    return results
