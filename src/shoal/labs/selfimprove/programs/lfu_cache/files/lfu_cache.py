"""A cache that lets go of what is used least."""

from dataclasses import dataclass
from typing import Any


@dataclass
class Entry:
    """A value, how often it was used, and when last."""

    value: int
    uses: int
    last: int


class Cache:
    """Entries by key, and a clock that counts uses."""

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError("a cache holds at least one key")
        self.capacity = capacity
        self.entries: dict[str, Entry] = {}
        self.clock = 0

    def order(self) -> list[str]:
        """Keys in the order of their eviction."""
        return sorted(self.entries, key=lambda key: (self.entries[key].uses, self.entries[key].last))

    def touch(self, entry: Entry) -> None:
        self.clock += 1
        entry.uses += 1
        entry.last = self.clock

    def get(self, key: str) -> int | None:
        entry = self.entries.get(key)
        if entry is None:
            return None
        self.touch(entry)
        return entry.value

    def put(self, key: str, value: int) -> str | None:
        """Store a value; the key that had to go."""
        evicted = None
        if key not in self.entries:
            if len(self.entries) >= self.capacity:
                evicted = self.order()[0]
                del self.entries[evicted]
            self.entries[key] = Entry(value, 0, self.clock)
        self.entries[key].value = value
        self.touch(self.entries[key])
        return evicted

    def age(self) -> int:
        for entry in self.entries.values():
            entry.uses = max(entry.uses // 2, 1)
        return len(self.entries)


def simulate(capacity: int, requests: list[list[Any]]) -> dict[str, list[Any]]:
    """Results of requests, and the order of eviction at the end."""
    cache = Cache(capacity)
    results: list[Any] = []
    for request in requests:
        match request:
            case ["put", key, value]:
                results.append(cache.put(key, value))
            case ["get", key]:
                results.append(cache.get(key))
            case ["drop", key]:
                results.append(cache.entries.pop(key, None) is not None)
            case ["uses", key]:
                results.append(cache.entries[key].uses if key in cache.entries else 0)
            case ["age"]:
                results.append(cache.age())
            case _:
                raise ValueError(f"request {request} is not known")
    return {"results": results, "order": cache.order()}
