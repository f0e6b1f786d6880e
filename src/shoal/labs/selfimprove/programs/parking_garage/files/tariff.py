"""What a stay costs."""

FREE_MINUTES = 15
HOURLY = 150
MOST = 1200
BONUS = 5


def fee(start: int, end: int, size: int = 1) -> int:
    """Cents for a stay."""
    if end < start:
        raise ValueError(f"{end} is before {start}")
    if end - start <= FREE_MINUTES:
        return 0
    hours = -((start - end) // 60)
    return min(hours * HOURLY, MOST) * size


class Stamps:
    """Counts the paid stays of each plate."""

    def __init__(self) -> None:
        self.paid: dict[str, int] = {}

    def charge(self, plate: str, cents: int) -> int:
        """What is left to pay."""
        if cents == 0:
            return 0
        self.paid[plate] = self.paid.get(plate, 0) + 1
        if self.paid[plate] < BONUS:
            return cents
        del self.paid[plate]
        return 0
