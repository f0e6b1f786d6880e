"""An elevator that keeps its direction while it is needed there."""

from typing import Any

CAPACITY = 4
Request = tuple[str, int, int]


def check(floor: int, requests: list[Request], top: int) -> None:
    """Refuse floors that do not exist and rides to nowhere."""
    floors = [floor] + [place for _, *places in requests for place in places]
    if not all(0 <= place <= top for place in floors):
        raise ValueError(f"floors go from 0 to {top}")
    for name, origin, target in requests:
        if origin == target:
            raise ValueError(f"{name} is at floor {target} already")


def exchange(floor: int, waiting: list[Request], inside: list[Request]) -> list[str]:
    """Let people off and on; `waiting` and `inside` change, and the events are returned."""
    leaving = [request for request in inside if request[2] == floor]
    inside[:] = [request for request in inside if request not in leaving]
    here = [request for request in waiting if request[1] == floor]
    boarding = here[: CAPACITY - len(inside)]
    inside.extend(boarding)
    waiting[:] = [request for request in waiting if request not in boarding]
    return [f"-{name}" for name, _, _ in leaving] + [f"+{name}" for name, _, _ in boarding]


def ride(floor: int, requests: list[Request], top: int = 9) -> dict[str, Any]:
    """Stops with what happens there, and the floors travelled."""
    check(floor, requests, top)
    waiting, inside = list(requests), list[Request]()
    stops, travelled, direction = [], 0, 1
    while True:
        events = exchange(floor, waiting, inside)
        inside.sort(key=requests.index)
        if events:
            stops.append((floor, events))
        wanted = [origin for _, origin, _ in waiting] + [target for _, _, target in inside]
        if not wanted:
            return {"stops": stops, "travelled": travelled}
        if not any((place - floor) * direction > 0 for place in wanted):
            direction = -direction
        floor += direction
        travelled += 1
