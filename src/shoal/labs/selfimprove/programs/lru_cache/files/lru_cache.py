"""A cache bounded by weight that evicts what was used longest ago."""

from collections.abc import Callable
from typing import Any


class LruCache:
    """Entries in order of use: the dict's first key is the least recently used."""

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError(f"capacity {capacity} is below 1")
        self.capacity = capacity
        self.entries: dict[str, tuple[Any, int]] = {}
        self.evicted: list[str] = []
        self.hits = self.misses = 0

    def get(self, key: str) -> Any:
        if key not in self.entries:
            self.misses += 1
            return None
        self.hits += 1
        self.entries[key] = entry = self.entries.pop(key)
        return entry[0]

    def put(self, key: str, value: Any, weight: int = 1) -> bool:
        if weight < 1:
            raise ValueError(f"weight {weight} is below 1")
        self.drop(key)
        if weight > self.capacity:
            return False
        self.entries[key] = (value, weight)
        while self.weight() > self.capacity:
            oldest = next(iter(self.entries))
            del self.entries[oldest]
            self.evicted.append(oldest)
        return True

    def drop(self, key: str) -> bool:
        return self.entries.pop(key, None) is not None

    def weight(self) -> int:
        return sum(weight for _, weight in self.entries.values())


def simulate(capacity: int, requests: list[list[Any]]) -> dict[str, Any]:
    """Results, hits, misses, evicted and remaining keys of the requests."""
    cache = LruCache(capacity)
    actions: dict[str, Callable[..., Any]] = {"put": cache.put, "get": cache.get, "drop": cache.drop}
    results = []
    for name, *arguments in requests:
        if name not in actions:
            raise ValueError(f"unknown request {name}")
        results.append(actions[name](*arguments))
    return {
        "results": results,
        "hits": cache.hits,
        "misses": cache.misses,
        "evicted": cache.evicted,
        "keys": list(cache.entries),
    }
