"""Times of day as texts, and spans of them."""

import re
from typing import NamedTuple


class Span(NamedTuple):
    """A time from its start up to its end."""

    start: str
    end: str

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


def to_time(text: str) -> str:
    """Check a time of day; texts HH:MM are in the order of the times."""
    if not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]|24:00", text):
        raise ValueError(f"{text!r} is not a time")
    return text


def to_span(start: str, end: str) -> Span:
    """Check a start and an end."""
    if to_time(end) <= to_time(start):
        raise ValueError(f"{end} is not after {start}")
    return Span(start, end)
