"""Walks that use every street exactly once."""

from collections import Counter, defaultdict

Streets = list[list[str]]


def odd_corners(streets: Streets) -> list[str]:
    """Corners with an odd number of street ends, in order."""
    ends = Counter(corner for street in streets for corner in street)
    return sorted(corner for corner, count in ends.items() if count % 2 == 1)


def parts(streets: Streets) -> list[set[str]]:
    """The corners of each separate part of the net."""
    near = defaultdict(set)
    for a, b in streets:
        near[a].add(b)
        near[b].add(a)
    found: list[set[str]] = []
    for corner in near:
        if any(corner in part for part in found):
            continue
        part = {corner}
        waiting = [corner]
        while waiting:
            fresh = near[waiting.pop()] - part
            part |= fresh
            waiting += fresh
        found.append(part)
    return found


def kind(streets: Streets) -> str:
    """Whether there is a circuit, a trail or none."""
    odd = odd_corners(streets)
    if len(parts(streets)) > 1 or len(odd) > 2:
        return "none"
    return "trail" if odd else "circuit"


def can_start(streets: Streets, corner: str) -> bool:
    """Whether all streets can be walked from a corner."""
    odd = odd_corners(streets)
    if not streets:
        return True
    if kind(streets) == "none" or not any(corner in street for street in streets):
        return False
    return not odd or corner in odd


def without(streets: Streets, street: list[str]) -> Streets:
    """All streets but one."""
    rest = list(streets)
    rest.remove(street)
    return rest


def walk(streets: Streets, start: str | None = None) -> list[str] | None:
    """The first walk in the order of texts."""
    if not streets:
        return []
    if start is None:
        start = min(odd_corners(streets) or [corner for street in streets for corner in street])
    if not can_start(streets, start):
        return None
    left = streets
    corners = [start]
    for _ in streets:
        here = corners[-1]
        leaving = sorted((a if b == here else b, [a, b]) for a, b in left if here in (a, b))
        following, street = next(pair for pair in leaving if can_start(without(left, pair[1]), pair[0]))
        left = without(left, street)
        corners.append(following)
    return corners


def extra(streets: Streets) -> int:
    """How many streets are missing for a circuit."""
    odd = odd_corners(streets)
    found = parts(streets)
    even_parts = sum(not part & set(odd) for part in found)
    return len(odd) // 2 + (even_parts if len(found) > 1 else 0)
