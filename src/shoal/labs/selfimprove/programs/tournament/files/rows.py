"""Rows of a table."""

from dataclasses import dataclass


@dataclass
class Row:
    """What a team has achieved."""

    team: str
    played: int = 0
    points: int = 0
    difference: int = 0
    goals: int = 0

    def record(self, scored: int, conceded: int) -> None:
        self.played += 1
        self.points += 3 if scored > conceded else int(scored == conceded)
        self.difference += scored - conceded
        self.goals += scored

    def rank(self) -> tuple[int, int, int]:
        return -self.points, -self.difference, -self.goals
