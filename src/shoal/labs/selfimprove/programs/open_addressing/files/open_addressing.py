"""A hash table with linear probing and marks for deleted slots."""

from typing import Any

DELETED = ""


def text_hash(key: str) -> int:
    """Polynomial hash of 32 bits."""
    if not key:
        raise ValueError("the empty key is not possible")
    code = 0
    for character in key:
        code = (code * 31 + ord(character)) & 0xFFFFFFFF
    return code


class Table:
    """Parallel lists of keys and values; a free slot has the key None."""

    def __init__(self, size: int = 8) -> None:
        if size < 2:
            raise ValueError(f"{size} slots are below 2")
        self.keys: list[str | None] = [None] * size
        self.values: list[Any] = [None] * size

    def path(self, key: str) -> list[int]:
        """Slots that a search for the key looks at, in order."""
        size = len(self.keys)
        start = text_hash(key)
        looked: list[int] = []
        for offset in range(size):
            looked.append((start + offset) % size)
            if self.keys[looked[-1]] in (None, key):
                break
        return looked

    def get(self, key: str, other: Any = None) -> Any:
        slot = self.path(key)[-1]
        return self.values[slot] if self.keys[slot] == key else other

    def put(self, key: str, value: Any) -> bool:
        path = self.path(key)
        new = self.keys[path[-1]] != key
        if new and 3 * (sum(map(bool, self.keys)) + 1) > 2 * len(self.keys):
            self.grow()
            path = self.path(key)
        slot = next(slot for slot in path if self.keys[slot] in (None, DELETED)) if new else path[-1]
        self.keys[slot], self.values[slot] = key, value
        return new

    def grow(self) -> None:
        entries = [(key, value) for key, value in zip(self.keys, self.values, strict=True) if key]
        size = 2 * len(self.keys)
        self.keys, self.values = [None] * size, [None] * size
        for key, value in entries:
            self.put(key, value)

    def delete(self, key: str) -> bool:
        slot = self.path(key)[-1]
        if self.keys[slot] != key:
            return False
        self.keys[slot], self.values[slot] = DELETED, None
        return True

    def probes(self, key: str) -> int:
        return len(self.path(key))

    def slots(self) -> list[str | None]:
        return list(self.keys)


def run(operations: list[list[Any]], size: int = 8) -> list[Any]:
    """Carry out the operations on an empty table and list their results."""
    table, results = Table(size), []
    for name, *arguments in operations:
        if name not in ("put", "get", "delete", "probes", "slots"):
            raise ValueError(f"unknown operation {name}")
        results.append(getattr(table, name)(*arguments))
    return results
