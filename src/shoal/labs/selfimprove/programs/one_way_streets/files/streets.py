"""One-way streets as a directed graph."""


class Town:
    """Largest load of the streets from each corner to each other."""

    def __init__(self, streets: list[tuple[str, str, int]]) -> None:
        self.loads: dict[str, dict[str, int]] = {}
        for start, end, load in streets:
            if load < 1:
                raise ValueError(f"street {start}-{end} carries no load")
            self.add(start, end, load)

    def add(self, start: str, end: str, load: int) -> None:
        self.loads.setdefault(end, {})
        exits = self.loads.setdefault(start, {})
        exits[end] = max(exits.get(end, 0), load)

    def reachable(self, start: str, load: int = 1) -> dict[str, str | None]:
        """Corners within reach of a load with the corner before each, nearest first, then alphabetically."""
        before: dict[str, str | None] = {start: None}
        queue = [start]
        for corner in queue:
            for end in sorted(self.loads[corner]):
                if self.loads[corner][end] >= load and end not in before:
                    before[end] = corner
                    queue.append(end)
        return before
