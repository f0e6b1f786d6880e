"""A table of routes as a tree of bits."""

from addresses import format_network, parse_address, parse_network


class Node:
    """A network: its two halves, and the hop if it is in the table."""

    def __init__(self) -> None:
        self.halves: list[Node | None] = [None, None]
        self.hop: str | None = None


def bit(address: int, depth: int) -> int:
    """A bit of an address; the first one is the highest."""
    return address >> (31 - depth) & 1


def build(table: list[list[str]]) -> Node:
    """The tree of a table."""
    root = Node()
    for network, hop in table:
        address, length = parse_network(network)
        node = root
        for depth in range(length):
            side = bit(address, depth)
            below = node.halves[side] or Node()
            node.halves[side] = below
            node = below
        node.hop = hop
    return root


def lookup(table: list[list[str]], addresses: list[str]) -> list[str | None]:
    """The hop for each address."""
    root = build(table)
    hops = []
    for text in addresses:
        address = parse_address(text)
        node: Node | None = root
        best, depth = None, 0
        while node is not None:
            best = best if node.hop is None else node.hop
            node = node.halves[bit(address, depth)] if depth < 32 else None
            depth += 1
        hops.append(best)
    return hops


def shorten(table: list[list[str]]) -> list[list[str]]:
    """Entries that differ from the network around them."""
    kept: list[list[str]] = []

    def walk(node: Node, address: int, length: int, around: str | None) -> None:
        if node.hop is not None and node.hop != around:
            kept.append([format_network(address, length), node.hop])
            around = node.hop
        for side, below in enumerate(node.halves):
            if below is not None:
                walk(below, address | side << (31 - length), length + 1, around)

    walk(build(table), 0, 0, None)
    return kept


def coverage(table: list[list[str]]) -> int:
    """Number of addresses that have a route."""

    def count(node: Node | None, length: int) -> int:
        if node is None:
            return 0
        if node.hop is not None:
            return 1 << (32 - length)
        return sum(count(below, length + 1) for below in node.halves)

    return count(build(table), 0)
