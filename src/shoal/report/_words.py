"""How numbers are written for people: the same on the terminal, in a report and on a chart."""

from __future__ import annotations

__all__ = ["SELF_SCORED", "count", "dollars", "duration", "score", "signed"]

SELF_SCORED = "self-scored: program and judge share a process"  # beside every score of such a task


def score(value: float | None, *, unit: str = "") -> str:
    """A task's natural value with eight significant digits; "none" for None."""
    if value is None:
        return "none"
    return f"{value:.8g} {unit}".rstrip()


def signed(value: float | None) -> str:
    """A difference with its sign and three significant digits."""
    if value is None:
        return "-"
    return "0" if value == 0 else f"{value:+.3g}"


def count(number: int, noun: str, plural: str = "") -> str:
    """A number of things: "1 evaluation", "2,000 evaluations"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def duration(seconds: float) -> str:
    """A time span to two or three figures: "0.004 s", "60 s", "3 min 05 s", "2 h 10 min", "3 d 4 h"."""
    if seconds < 9.95:
        return f"{seconds:.2g} s" if seconds else "0 s"
    whole = round(seconds)
    if whole < 100:
        return f"{whole} s"
    if whole < 3_600:
        return f"{whole // 60} min {whole % 60:02d} s"
    if whole < 172_800:
        return f"{whole // 3_600} h {whole % 3_600 // 60:02d} min"
    return f"{whole // 86_400} d {whole % 86_400 // 3_600} h"


def dollars(amount: float) -> str:
    """US dollars and cents."""
    if amount == 0:
        return "$0"
    return f"${amount:,.2f}" if amount >= 0.01 else "under $0.01"
