"""Questions about the railway network."""
from collections import deque


def _neighbours(station, tracks):
    found = []
    for a, b in tracks:
        if a == station:
            found.append(b)
        elif b == station:
            found.append(a)
    return found


def stops_from(start: str, tracks: list[tuple[str, str]]) -> dict[str, int]:
    """Fewest hops from start to every station that can be reached."""
    hops = {start: 0}
    todo = deque([start])
    while todo:
        station = todo.popleft()
        for other in _neighbours(station, tracks):
            if other not in hops:
                hops[other] = hops[station] + 1
                todo.append(other)
    return hops
