"""Bookings of rooms for a day."""

from typing import Any

from times import Span, to_span, to_time


def _free_parts(taken: list[Span], span: Span) -> list[Span]:
    parts = []
    start = span.start
    for busy in sorted(filter(span.overlaps, taken)):
        if start < busy.start:
            parts.append(Span(start, busy.start))
        start = busy.end
    return [*parts, Span(start, span.end)] if start < span.end else parts


def _pick(
    rooms: dict[str, int], bookings: list[tuple[Span, str, str]], person: str, seats: int, span: Span
) -> str | None:
    """Choose the smallest room that is free and large enough."""
    clashes = [booking for booking in bookings if span.overlaps(booking[0])]
    taken = [room for _, room, _ in clashes]
    fitting = [(size, name) for name, size in rooms.items() if size >= seats and name not in taken]
    return None if not fitting or any(owner == person for _, _, owner in clashes) else min(fitting)[1]


def run(rooms: dict[str, int], operations: list[list[Any]]) -> list[Any]:
    """Make operations on a day without bookings and list their results."""
    bookings: list[tuple[Span, str, str]] = []
    results: list[Any] = []
    for operation in operations:
        match operation:
            case ["book", person, seats, start, end]:
                span = to_span(start, end)
                room = _pick(rooms, bookings, person, seats, span)
                if room is not None:
                    bookings.append((span, room, person))
                results.append(room)
            case ["cancel", person, start]:
                ended = (person, to_time(start))
                kept = [entry for entry in bookings if (entry[2], entry[0].start) != ended]
                results.append(len(kept) < len(bookings))
                bookings = kept
            case ["free", room, start, end] if room in rooms:
                results.append(_free_parts([span for span, name, _ in bookings if name == room], to_span(start, end)))
            case ["who", time]:
                now = to_time(time)
                results.append(sorted(who for span, _, who in bookings if span.start <= now < span.end))
            case _:
                raise ValueError(f"operation {operation} is not known")
    return results
