"""Routes for heavy loads."""

from streets import Town


def heaviest_load(streets: list[tuple[str, str, int]], start: str, goal: str) -> int | None:
    """The largest load that gets from start to goal, by bisection over the loads that occur."""
    town = Town(streets)
    if not {start, goal} <= town.loads.keys():
        raise KeyError(f"{start} or {goal}")
    if start == goal:
        return None
    loads = sorted({0} | {load for exits in town.loads.values() for load in exits.values()})
    low, high = 0, len(loads) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if goal in town.reachable(start, loads[middle]):
            low = middle
        else:
            high = middle - 1
    return loads[low]


def best_route(streets: list[tuple[str, str, int]], start: str, goal: str) -> list[str]:
    """Corners of the shortest route for the largest load."""
    load = heaviest_load(streets, start, goal)
    before = Town(streets).reachable(start, load or 1)
    route, corner = [], goal if goal in before else None
    while corner is not None:
        route.append(corner)
        corner = before[corner]
    return route[::-1]
