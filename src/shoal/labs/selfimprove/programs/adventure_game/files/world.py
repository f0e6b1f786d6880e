"""Rooms of a text adventure and what lies in them."""

from typing import Any


class Room:
    """A room with its exits, its locks and its things."""

    def __init__(self, name: str, plan: dict[str, Any]) -> None:
        self.name = name
        self.exits: dict[str, str] = plan.get("exits", {})
        self.locks: dict[str, str] = plan.get("locked", {})
        self.dark: bool = plan.get("dark", False)
        self.things: set[str] = set(plan.get("things", []))
