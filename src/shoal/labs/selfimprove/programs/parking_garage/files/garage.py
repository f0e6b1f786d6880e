"""A garage with spaces of several sizes."""

from typing import Any

from tariff import Stamps, fee


class Garage:
    """Sizes of the spaces, and who is where since when."""

    def __init__(self, floors: list[list[int]]) -> None:
        self.sizes = {(f, s): size for f, floor in enumerate(floors) for s, size in enumerate(floor)}
        self.parked: dict[str, tuple[tuple[int, int], int, int]] = {}
        self.stamps = Stamps()

    def enter(self, minute: int, plate: str, size: int) -> tuple[int, int] | str:
        if plate in self.parked:
            return "inside"
        taken = {space for space, _, _ in self.parked.values()}
        fitting = [(have, space) for space, have in self.sizes.items() if have >= size and space not in taken]
        if not fitting:
            return "full"
        space = min(fitting)[1]
        self.parked[plate] = (space, minute, size)
        return space

    def leave(self, minute: int, plate: str) -> int | str:
        if plate not in self.parked:
            return "absent"
        _, start, size = self.parked.pop(plate)
        return self.stamps.charge(plate, fee(start, minute, size))


def day(floors: list[list[int]], events: list[list[Any]]) -> dict[str, Any]:
    """Results of the events, takings, and who is still parked."""
    garage, results, now = Garage(floors), [], 0
    for kind, minute, *details in events:
        if minute < now or kind not in ("in", "out") or (kind == "in" and not 1 <= details[1] <= 3):
            raise ValueError(f"{kind} {details} at minute {minute} after {now}")
        now = minute
        results.append(garage.enter(now, *details) if kind == "in" else garage.leave(now, *details))
    occupied = sorted((*space, plate) for plate, (space, _, _) in garage.parked.items())
    return {"results": results, "takings": sum(r for r in results if isinstance(r, int)), "occupied": occupied}
