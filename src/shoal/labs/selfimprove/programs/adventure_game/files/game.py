"""The commands of a text adventure."""

from typing import Any

from world import Room


def _listing(things: set[str]) -> str:
    return ", ".join(sorted(things)) or "nothing"


class Game:
    """A player in a room of a world."""

    def __init__(self, world: dict[str, Any]) -> None:
        self.rooms = {name: Room(name, plan) for name, plan in world["rooms"].items()}
        self.room = self.rooms[world["start"]]
        self.carried: set[str] = set()

    def is_dark(self) -> bool:
        return self.room.dark and "lamp" not in self.carried | self.room.things

    def look(self) -> str:
        return "it is dark" if self.is_dark() else f"{self.room.name}: {_listing(self.room.things)}"

    def list(self) -> str:
        return f"you carry {_listing(self.carried)}"

    def go(self, direction: str) -> str:
        if direction not in self.room.exits:
            return "no way"
        key = self.room.locks.get(direction)
        if key is not None and key not in self.carried:
            return "locked"
        self.room = self.rooms[self.room.exits[direction]]
        return self.look()

    def take(self, thing: str) -> str:
        if self.is_dark() or thing not in self.room.things:
            return "not here"
        self.room.things.remove(thing)
        self.carried.add(thing)
        return "taken"

    def drop(self, thing: str) -> str:
        if thing not in self.carried:
            return f"you have no {thing}"
        self.carried.remove(thing)
        self.room.things.add(thing)
        return "dropped"


def play(world: dict[str, Any], commands: list[str]) -> list[str]:
    """Answer commands, one after another."""
    game = Game(world)
    answers = []
    for command in commands:
        match command.lower().split():
            case ["look" | "list" as verb]:
                answers.append(getattr(game, verb)())
            case ["go" | "take" | "drop" as verb, word]:
                answers.append(getattr(game, verb)(word))
            case _:
                answers.append("what?")
    return answers
