"""A sorted set with express lanes."""

from typing import Any

HIGHEST = 6


class Node:
    """A key, the next node on each of its lanes, and how many keys further that one is."""

    def __init__(self, key: int, height: int) -> None:
        self.key = key
        self.following: list[Node | None] = [None] * height
        self.widths = [0] * height


class SkipList:
    """Lanes that begin at a head; the lowest one holds every key."""

    def __init__(self) -> None:
        self.head = Node(0, HIGHEST)
        self.inserted = 0
        self.size = 0

    def path(self, key: int) -> tuple[list[Node], list[int]]:
        """On each lane the last node below the key, and the number of keys up to that node."""
        nodes, ranks = [self.head] * HIGHEST, [0] * HIGHEST
        node, rank = self.head, 0
        for lane in range(HIGHEST - 1, -1, -1):
            while (after := node.following[lane]) is not None and after.key < key:
                rank += node.widths[lane]
                node = after
            nodes[lane], ranks[lane] = node, rank
        return nodes, ranks

    def find(self, key: int) -> Node | None:
        found = self.path(key)[0][0].following[0]
        return found if found is not None and found.key == key else None

    def insert(self, key: int) -> bool:
        if self.find(key) is not None:
            return False
        self.inserted += 1
        trailing = (self.inserted & -self.inserted).bit_length()
        node = Node(key, min(trailing, HIGHEST))
        nodes, ranks = self.path(key)
        for lane, before in enumerate(nodes):
            if lane >= len(node.following):
                before.widths[lane] += 1
                continue
            skipped = ranks[0] - ranks[lane]
            node.following[lane] = before.following[lane]
            node.widths[lane] = before.widths[lane] - skipped
            before.following[lane] = node
            before.widths[lane] = skipped + 1
        self.size += 1
        return True

    def remove(self, key: int) -> bool:
        node = self.find(key)
        if node is None:
            return False
        for lane, before in enumerate(self.path(key)[0]):
            before.widths[lane] -= 1
            if before.following[lane] is node:
                before.following[lane] = node.following[lane]
                before.widths[lane] += node.widths[lane]
        self.size -= 1
        return True

    def at(self, index: int) -> int:
        if not 0 <= index < self.size:
            raise IndexError(f"no key at {index}")
        node, missing = self.head, index + 1
        for lane in range(HIGHEST - 1, -1, -1):
            while (after := node.following[lane]) is not None and node.widths[lane] <= missing:
                missing -= node.widths[lane]
                node = after
        return node.key

    def between(self, low: int, high: int) -> list[int]:
        keys = []
        node = self.path(low)[0][0].following[0]
        while node is not None and node.key < high:
            keys.append(node.key)
            node = node.following[0]
        return keys


def run(operations: list[list[Any]]) -> list[Any]:
    """Results of operations on an empty set."""
    keys = SkipList()
    results: list[Any] = []
    for name, *numbers in operations:
        match name, numbers:
            case "insert", [key]:
                results.append(keys.insert(key))
            case "remove", [key]:
                results.append(keys.remove(key))
            case "floor", [key]:
                node = keys.path(key + 1)[0][0]
                results.append(None if node is keys.head else node.key)
            case "at", [index]:
                results.append(keys.at(index))
            case "range", [low, high]:
                results.append(keys.between(low, high))
            case "height", [key]:
                found = keys.find(key)
                results.append(0 if found is None else len(found.following))
            case _:
                raise ValueError(f"operation {name} is not known")
    return results
