"""A queue of timed events that set off and cancel one another."""

import heapq
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Scheduler:
    """Waiting entries as a heap of minute, number of the rule and name, and what follows what."""

    rules: list[list[Any]]
    waiting: list[tuple[int, int, str]] = field(default_factory=list)
    followers: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)

    def plan(self) -> None:
        """Enter the first firing of every rule, and the rules that follow another event."""
        for number, rule in enumerate(self.rules):
            match rule:
                case ["at" | "cancel", int(minute), name]:
                    self.enter(minute, number, name)
                case ["every", int(minute), int(interval), name] if interval > 0:
                    self.enter(minute, number, name)
                case ["after", other, int(delay), name] if delay > 0:
                    self.followers.setdefault(other, []).append((delay, number, name))
                case _:
                    raise ValueError(f"rule {rule} is not possible")

    def enter(self, minute: int, number: int, name: str) -> None:
        if minute < 0:
            raise ValueError(f"minute {minute} is below 0")
        heapq.heappush(self.waiting, (minute, number, name))

    def drop(self, name: str) -> None:
        """Forget all waiting firings of a name, but not the cancellations."""
        self.waiting = [entry for entry in self.waiting if entry[2] != name or self.rules[entry[1]][0] == "cancel"]
        heapq.heapify(self.waiting)

    def run(self, until: int) -> list[tuple[int, str]]:
        """Everything that fires until the end, in order."""
        fired = []
        while self.waiting and self.waiting[0][0] <= until:
            minute, number, name = heapq.heappop(self.waiting)
            kind = self.rules[number][0]
            if kind == "cancel":
                self.drop(name)
                continue
            fired.append((minute, name))
            if kind == "every":
                self.enter(minute + self.rules[number][2], number, name)
            for delay, follower, event in self.followers.get(name, []):
                self.enter(minute + delay, follower, event)
        return fired


def simulate(rules: list[list[Any]], until: int = 60) -> list[tuple[int, str]]:
    """The minute and name of everything that fires."""
    scheduler = Scheduler(rules)
    scheduler.plan()
    return scheduler.run(until)
