"""What a check of a record comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Finding", "listed"]

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was checked, whether it holds (None: it could not be checked), and the particulars."""

    check: str
    ok: bool | None
    detail: str


def listed(complaints: Sequence[str], *, most: int = SHOWN) -> str:
    """The first few, and how many more there are."""
    more = f"; and {len(complaints) - most} more" if len(complaints) > most else ""
    return "; ".join(complaints[:most]) + more
