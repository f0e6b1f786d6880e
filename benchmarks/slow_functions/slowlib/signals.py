"""Readings of the scales, as whole numbers, and accounts in cents."""

from __future__ import annotations


def filtered(samples: list[int], weights: list[int]) -> list[int]:
    """Samples through a filter: at each place the weighted sum of it and those before.

    Before the first sample all is quiet.
    """
    output = []
    for i in range(len(samples)):
        total = 0
        for j in range(len(weights)):
            if i - j >= 0:
                total += samples[i - j] * weights[j]
        output.append(total)
    return output


def running_balances(entries: list[int], opening: int = 0) -> list[tuple[int, bool]]:
    """The balance after each entry, and whether it is overdrawn."""
    balances = []
    for i in range(len(entries)):
        balance = opening + sum(entries[: i + 1])
        overdrawn = balance < 0
        balances.append((balance, overdrawn))
    return balances


def relative_loads(loads):
    """Each load as share of the total and of the largest one; nothing but zeros where all is empty."""
    shares = []
    for load in loads:
        if load < 0:
            raise ValueError("a load cannot be negative")
        total = sum(loads)
        largest = max(loads)
        if total == 0:
            shares.append((0.0, 0.0))
            continue
        shares.append((load / total, load / largest))
    return shares
