"""Processes and what they need."""

from dataclasses import dataclass
from typing import Any


@dataclass(order=True)
class Process:
    """Work to do, with one pause at most."""

    name: str
    arrives: int
    work: int
    level: int
    pause_after: int
    pause_length: int
    worked: int = 0
    paused: int = 0

    def until_stop(self) -> int:
        """How long it works until its pause or its end."""
        if self.worked < self.pause_after:
            return self.pause_after - self.worked
        return self.work - self.worked


def read(tables: list[dict[str, Any]]) -> list[Process]:
    """Processes that were given as objects."""
    processes = []
    for table in tables:
        after, length = table.get("pause", (0, 0))
        process = Process(table["name"], table["arrives"], table["work"], table.get("level", 0), after, length)
        if process.work < 1 or min(process.arrives, process.level) < 0 or after >= process.work:
            raise ValueError(f"process {process.name} is not possible")
        if "pause" in table and min(after, length) < 1:
            raise ValueError(f"the pause of {process.name} is not possible")
        processes.append(process)
    if len({process.name for process in processes}) < len(processes):
        raise ValueError("a name is there twice")
    return processes
