"""Picking waves and stock levels."""
from __future__ import annotations


def assign_waves(orders: list[tuple[str, int]], capacity: int) -> list[list[tuple[str, int]]]:
    """Fill picking waves in order of arrival; orders are split across waves."""
    if capacity <= 0:
        raise ValueError("capacity must be positive")
    queue = list(orders)
    waves = []
    current = []
    room = capacity
    while queue:
        order_id, units = queue.pop(0)
        if units <= 0:
            continue
        taken = min(units, room)
        current.append((order_id, taken))
        room -= taken
        if taken < units:
            queue.insert(0, (order_id, units - taken))
        if room == 0:
            waves.append(current)
            current, room = [], capacity
    if current:
        waves.append(current)
    return waves


def replay_movements(opening, movements):
    """Apply (sku, change) movements; those that would go below zero are rejected.

    Returns the closing levels and the indices of the rejected movements.
    """
    levels = dict(opening)
    rejected = []
    for index, (sku, change) in enumerate(movements):
        if change == 0:
            continue
        candidate = dict(levels)
        candidate[sku] = candidate.get(sku, 0) + change
        if candidate[sku] < 0:
            rejected.append(index)
            continue
        levels = candidate
    return levels, rejected
