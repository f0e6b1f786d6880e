"""A partition of named items into groups that can be merged."""


class Partition:
    """Disjoint groups of items as trees, joined by size."""

    def __init__(self) -> None:
        self.parent: dict[str, str] = {}
        self.size: dict[str, int] = {}

    def add(self, item: str) -> bool:
        if item in self.parent:
            return False
        self.parent[item] = item
        self.size[item] = 1
        return True

    def root(self, item: str) -> str:
        while self.parent[item] != item:
            self.parent[item] = self.parent[self.parent[item]]
            item = self.parent[item]
        return item

    def join(self, first: str, second: str) -> bool:
        large, small = self.root(first), self.root(second)
        if large == small:
            return False
        if self.size[large] < self.size[small]:
            large, small = small, large
        self.parent[small] = large
        self.size[large] += self.size[small]
        return True

    def groups(self) -> list[list[str]]:
        members: dict[str, list[str]] = {}
        for item in sorted(self.parent):
            members.setdefault(self.root(item), []).append(item)
        return sorted(members.values(), key=lambda group: (-len(group), group))


def run(operations: list[list[str]]) -> list[bool | int | list[list[str]]]:
    """Carry out the operations on a new partition and list their results."""
    partition = Partition()
    results: list[bool | int | list[list[str]]] = []
    for operation in operations:
        match operation:
            case ["add", item]:
                results.append(partition.add(item))
            case ["join", first, second]:
                results.append(partition.join(first, second))
            case ["same", first, second]:
                results.append(partition.root(first) == partition.root(second))
            case ["size", item]:
                results.append(partition.size[partition.root(item)])
            case ["groups"]:
                results.append(partition.groups())
            case _:
                raise ValueError(f"unknown operation {operation}")
    return results
