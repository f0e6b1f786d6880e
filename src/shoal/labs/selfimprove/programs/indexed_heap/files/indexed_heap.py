"""A binary heap that knows where each of its tasks is."""

from typing import Any


class IndexedHeap:
    """Pairs of priority and name as a binary heap, with the index of each name."""

    def __init__(self) -> None:
        self.heap: list[tuple[int, str]] = []
        self.places: dict[str, int] = {}

    def push(self, name: str, priority: int) -> int:
        if name in self.places:
            raise ValueError(f"{name} is waiting already")
        self.heap.append((priority, name))
        self.settle(len(self.heap) - 1)
        return len(self.heap)

    def change(self, name: str, priority: int) -> int:
        place = self.places[name]
        old = self.heap[place][0]
        self.heap[place] = (priority, name)
        self.settle(place)
        return old

    def remove(self, name: str) -> int:
        place = self.places.pop(name)
        removed, last = self.heap[place], self.heap.pop()
        if place < len(self.heap):
            self.heap[place] = last
            self.settle(place)
        return removed[0]

    def settle(self, place: int) -> None:
        """Move the entry at a place up, then down, until the heap is in order."""
        entry = self.heap[place]
        while place > 0 and entry < self.heap[(place - 1) // 2]:
            place = self.move((place - 1) // 2, place)
        while (child := 2 * place + 1) < len(self.heap):
            if child + 1 < len(self.heap) and self.heap[child + 1] < self.heap[child]:
                child += 1
            if entry <= self.heap[child]:
                break
            place = self.move(child, place)
        self.heap[place] = entry
        self.places[entry[1]] = place

    def move(self, source: int, target: int) -> int:
        self.heap[target] = self.heap[source]
        self.places[self.heap[target][1]] = target
        return source

    def peek(self) -> list[Any] | None:
        return [self.heap[0][1], self.heap[0][0]] if self.heap else None

    def pop(self) -> list[Any] | None:
        first = self.peek()
        if first:
            self.remove(first[0])
        return first

    def drain(self) -> list[str]:
        return [first[0] for first in iter(self.pop, None)]


def run(operations: list[list[Any]]) -> list[Any]:
    """Carry out the operations on a new queue and list their results."""
    queue, results = IndexedHeap(), []
    for name, *arguments in operations:
        if name not in ("push", "change", "remove", "pop", "peek", "drain"):
            raise ValueError(f"unknown operation {name}")
        results.append(getattr(queue, name)(*arguments))
    return results
