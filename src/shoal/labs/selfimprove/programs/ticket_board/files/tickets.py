"""Tickets and what they wait for."""

from dataclasses import dataclass, field

COLUMNS = ["todo", "doing", "review", "done"]


@dataclass
class Ticket:
    """A ticket in a column of the board."""

    name: str
    priority: int
    column: str = "todo"
    waits_for: list["Ticket"] = field(default_factory=list)

    def depends_on(self, other: "Ticket") -> bool:
        return self is other or any(ticket.depends_on(other) for ticket in self.waits_for)

    def may_move(self, column: str) -> bool:
        """Tell whether the ticket itself is ready for a column."""
        step = COLUMNS.index(column) - COLUMNS.index(self.column)
        if step == 1:
            return all(ticket.column == "done" for ticket in self.waits_for)
        return self.column == "review" and column == "doing"


def by_urgency(tickets: list[Ticket], column: str) -> list[Ticket]:
    """List the tickets of a column, the highest priority first."""
    return sorted((ticket for ticket in tickets if ticket.column == column), key=lambda ticket: -ticket.priority)
