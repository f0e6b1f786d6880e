"""Strongly connected parts of a town."""

from streets import Town


def districts(streets: list[tuple[str, str, int]]) -> list[list[str]]:
    """Groups of corners that reach one another."""
    town = Town(streets)
    back = Town([])
    for start, exits in town.loads.items():
        for end, load in exits.items():
            back.add(end, start, load)
    groups: list[list[str]] = []
    placed: set[str] = set()
    for corner in sorted(town.loads):
        if corner not in placed:
            group = town.reachable(corner).keys() & back.reachable(corner).keys()
            placed |= group
            groups.append(sorted(group))
    return groups
