"""Bridges and cut vertices of an undirected multigraph, by Tarjan's low-link numbers."""

Link = list[int]


class Network:
    """Links by station, and what one depth-first walk finds out."""

    def __init__(self, n: int, links: list[Link]) -> None:
        self.near: list[list[tuple[int, int]]] = [[] for _ in range(n)]
        for number, (a, b) in enumerate(links):
            if not (0 <= a < n and 0 <= b < n):
                raise IndexError(f"link {a}-{b} in a network of {n}")
            if a == b:
                raise ValueError(f"link from {a} to itself")
            self.near[a].append((b, number))
            self.near[b].append((a, number))
        self.entered: dict[int, int] = {}
        self.bridges: set[int] = set()
        self.cuts: set[int] = set()
        for station in range(n):
            if station not in self.entered:
                self.walk(station, None)

    def walk(self, station: int, arrived: int | None) -> int:
        """Visit all that lies behind a station; the earliest station reached from there without the way back."""
        low = self.entered[station] = len(self.entered)
        branches = int(arrived is not None)
        for other, link in self.near[station]:
            if link == arrived:
                continue
            if other in self.entered:
                low = min(low, self.entered[other])
                continue
            behind = self.walk(other, link)
            low = min(low, behind)
            if behind > self.entered[station]:
                self.bridges.add(link)
            branches += behind >= self.entered[station]
        if branches > 1:
            self.cuts.add(station)
        return low


def bridges(n: int, links: list[Link]) -> list[Link]:
    """Links whose loss cuts something off."""
    return sorted(sorted(links[number]) for number in Network(n, links).bridges)


def cut_stations(n: int, links: list[Link]) -> list[int]:
    """Stations whose loss cuts something off."""
    return sorted(Network(n, links).cuts)


def islands(n: int, links: list[Link]) -> list[list[int]]:
    """Connected parts without the bridges."""
    network = Network(n, links)
    home: dict[int, int] = {}
    for start in range(n):
        pending = [] if start in home else [start]
        while pending:
            station = pending.pop()
            home[station] = start
            pending += [
                other for other, link in network.near[station] if other not in home and link not in network.bridges
            ]
    return [[station for station in range(n) if home[station] == start] for start in sorted(set(home.values()))]
