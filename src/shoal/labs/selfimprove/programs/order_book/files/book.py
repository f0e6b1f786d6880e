"""One side of the book."""

from dataclasses import dataclass, field


@dataclass(eq=False)
class Order:
    """Shares that are still wanted or offered; no limit takes any price."""

    id: str
    shares: int
    limit: int | None


@dataclass
class Side:
    """Waiting orders, in the order in which they came."""

    highest_first: bool
    orders: list[Order] = field(default_factory=list)

    def best(self) -> Order | None:
        """The order that is served next."""
        if not self.orders:
            return None
        limits = [order.limit for order in self.orders if order.limit is not None]
        limit = max(limits) if self.highest_first else min(limits)
        return next(order for order in self.orders if order.limit == limit)

    def acceptable(self, price: int | None, limit: int | None) -> bool:
        """Whether an order of the other side with that limit takes the price."""
        if price is None or limit is None:
            return True
        return price >= limit if self.highest_first else price <= limit

    def cancel(self, id: str) -> int:
        """Take an order out; its shares."""
        shares = sum(order.shares for order in self.orders if order.id == id)
        self.orders = [order for order in self.orders if order.id != id]
        return shares

    def depth(self) -> list[list[int]]:
        """Shares by limit, the best limit first."""
        totals: dict[int, int] = {}
        for order in self.orders:
            if order.limit is not None:
                totals[order.limit] = totals.get(order.limit, 0) + order.shares
        return [[limit, totals[limit]] for limit in sorted(totals, reverse=self.highest_first)]
