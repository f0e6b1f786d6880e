"""A board of tickets in columns with limits."""

from typing import Any

from tickets import COLUMNS, Ticket, by_urgency


def _find(tickets: list[Ticket], name: str) -> Ticket:
    for ticket in tickets:
        if ticket.name == name:
            return ticket
    raise ValueError(f"there is no ticket {name!r}")


def _make(operation: list[Any], tickets: list[Ticket], limits: dict[str, int]) -> Any:
    """Make one operation and give its result."""

    def can_move(ticket: Ticket, column: str) -> bool:
        is_full = column in limits and len(by_urgency(tickets, column)) >= limits[column]
        return ticket.may_move(column) and not is_full

    match operation:
        case ["add", name, priority] if all(ticket.name != name for ticket in tickets):
            tickets.append(Ticket(name, priority))
            return True
        case ["move", name, column] if column in COLUMNS:
            ticket = _find(tickets, name)
            allowed = can_move(ticket, column)
            ticket.column = column if allowed else ticket.column
            return allowed
        case ["wait", name, other]:
            ticket, awaited = _find(tickets, name), _find(tickets, other)
            allowed = not awaited.depends_on(ticket)
            if allowed:
                ticket.waits_for.append(awaited)
            return allowed
        case ["list", column] if column in COLUMNS:
            return [ticket.name for ticket in by_urgency(tickets, column)]
        case ["next"]:
            return next((ticket.name for ticket in by_urgency(tickets, "todo") if can_move(ticket, "doing")), None)
    raise ValueError(f"operation {operation} does not fit the board")


def run(limits: dict[str, int], operations: list[list[Any]]) -> list[Any]:
    """Make operations on an empty board and list their results."""
    tickets: list[Ticket] = []
    return [_make(operation, tickets, limits) for operation in operations]
