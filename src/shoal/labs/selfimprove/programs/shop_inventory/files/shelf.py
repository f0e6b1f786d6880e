"""Pieces of one item, in lots that were bought at different costs."""


class Shelf:
    """The lots of an item, oldest first, and how many pieces are reserved."""

    def __init__(self) -> None:
        self.lots: list[list[int]] = []
        self.reserved = 0

    @property
    def free(self) -> int:
        return sum(quantity for quantity, _ in self.lots) - self.reserved

    def receive(self, quantity: int, cost: int) -> None:
        self.lots.append([quantity, cost])

    def take_reserved(self, quantity: int) -> int:
        """Remove reserved pieces, oldest lots first, and return what they cost."""
        self.reserved -= quantity
        total = 0
        while quantity:
            lot = self.lots[0]
            taken = min(quantity, lot[0])
            total += taken * lot[1]
            quantity -= taken
            lot[0] -= taken
            if not lot[0]:
                self.lots.pop(0)
        return total
