"""Running totals of a changing list, in a binary indexed tree."""

from typing import Any


class FenwickTree:
    """Node k (from 1) of the tree holds the sum of the last `k & -k` of the first k entries."""

    def __init__(self, values: list[int]) -> None:
        self.values = list(values)
        self.tree = [0, *values]
        for node in range(1, len(self.tree)):
            parent = node + (node & -node)
            if parent < len(self.tree):
                self.tree[parent] += self.tree[node]

    def check(self, index: int) -> None:
        if not 0 <= index < len(self.values):
            raise IndexError(f"index {index} of {len(self.values)} entries")

    def add(self, index: int, amount: int) -> int:
        self.check(index)
        self.values[index] += amount
        node = index + 1
        while node < len(self.tree):
            self.tree[node] += amount
            node += node & -node
        return self.values[index]

    def set(self, index: int, value: int) -> int:
        self.check(index)
        old = self.values[index]
        self.add(index, value - old)
        return old

    def prefix(self, count: int) -> int:
        total = 0
        while count > 0:
            total += self.tree[count]
            count -= count & -count
        return total

    def sum(self, start: int, stop: int) -> int:
        if not 0 <= start <= stop <= len(self.values):
            raise IndexError(f"no entries from {start} to {stop}")
        return self.prefix(stop) - self.prefix(start)

    def find(self, total: int) -> int | None:
        if total <= 0:
            return 0
        node = 0
        for bit in reversed(range(len(self.tree).bit_length())):
            step = node + (1 << bit)
            if step < len(self.tree) and self.tree[step] < total:
                total -= self.tree[step]
                node = step
        return node + 1 if node < len(self.values) else None


def run(values: list[int], operations: list[list[Any]]) -> list[Any]:
    """Carry out the operations on the values and list their results."""
    tree = FenwickTree(values)
    results: list[Any] = []
    for name, *arguments in operations:
        if name == "values":
            results.append(list(tree.values))
        elif name in ("add", "set", "sum", "find"):
            results.append(getattr(tree, name)(*arguments))
        else:
            raise ValueError(f"unknown operation {name}")
    return results
