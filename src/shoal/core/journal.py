"""The run's log as the loop writes it: buffered, chained, flushed in batches."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from shoal.core.events import GENESIS, Event, chain
from shoal.core.protocols import Store
from shoal.core.values import Digest

__all__ = ["Journal"]


class Journal:
    """Appends to one run. Single writer: a second one makes the store refuse, and nothing is mixed up."""

    def __init__(
        self, store: Store, run: str, *, seq: int = 0, head: Digest = GENESIS, clock: Callable[[], float] = time.time
    ) -> None:
        self.store, self.run, self.head, self.clock = store, run, head, clock
        self._next = seq
        self._pending: list[Event] = []

    def add(self, type: str, **data: Any) -> None:
        """Chain one event onto the log; it is durable after the next `flush`."""
        event = chain(self.head, self._next + len(self._pending), type, data, at=self.clock())
        self.head = event.head
        self._pending.append(event)

    def flush(self) -> None:
        """Write what is pending, atomically; a no-op when nothing is."""
        if self._pending:
            self._next = self.store.append(self.run, self._pending, expect=self._next)
            self._pending = []
