"""A bank with one queue and several counters."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Bank:
    """Counters with the minute from which each is free, and what became of the customers."""

    free_from: list[int]
    busy: list[int]
    served: list[tuple[str, int, int, int]] = field(default_factory=list)
    left: list[tuple[str, int]] = field(default_factory=list)
    longest_wait: int = 0

    def counter_for(self, arrival: int) -> tuple[int, int]:
        """Counter that a customer gets and the minute at which he gets it."""
        start = max(arrival, min(self.free_from))
        counter = next(number for number, free in enumerate(self.free_from) if free <= start)
        return counter, start

    def admit(self, name: str, arrival: int, duration: int, patience: int | None) -> None:
        counter, start = self.counter_for(arrival)
        wait = start - arrival
        if patience is not None and wait > patience:
            self.left.append((name, arrival + patience))
            return
        self.free_from[counter] = start + duration
        self.busy[counter] += duration
        self.served.append((name, counter, start, start + duration))
        self.longest_wait = max(self.longest_wait, wait)


def serve(customers: list[tuple[str, int, int]], counters: int, patience: int | None = None) -> dict[str, Any]:
    """What became of each customer, in the order of the queue."""
    if counters < 1:
        raise ValueError(f"{counters} counters are below 1")
    if patience is not None and patience < 0:
        raise ValueError(f"patience {patience} is below 0")
    for name, arrival, duration in customers:
        if arrival < 0 or duration < 1:
            raise ValueError(f"{name} has arrival {arrival} and duration {duration}")
    bank = Bank(free_from=[0] * counters, busy=[0] * counters)
    for name, arrival, duration in sorted(customers, key=lambda customer: customer[1]):
        bank.admit(name, arrival, duration, patience)
    return {"served": bank.served, "left": bank.left, "longest_wait": bank.longest_wait, "busy": bank.busy}
