"""States of accounts at any point of a log."""

from typing import Any

from events import Event, State, apply

Log = list[tuple[int, str, dict[str, Any]]]


def _replay(log: Log, last: float = float("inf")) -> list[tuple[int, State]]:
    """List the number of each event up to the last one, with the state after it."""
    states: list[tuple[int, State]] = []
    state: State = {}
    for event in (Event(*entry) for entry in log):
        if event.number > last:
            break
        if states and event.number <= states[-1][0]:
            raise ValueError(f"event {event.number} comes after event {states[-1][0]}")
        apply(state, event)
        states.append((event.number, dict(state)))
    return states


def state_at(log: Log, number: int) -> State:
    """Give the state after the events up to a number."""
    return [(0, {}), *_replay(log, number)][-1][1]


def snapshots(log: Log, every: int) -> list[tuple[int, State]]:
    """List each so-many-th state."""
    if every < 1:
        raise ValueError(f"every is {every}; it must be at least 1")
    return _replay(log)[every - 1 :: every]
