"""A machine that sells pieces and gives change."""

from typing import Any

from change import give


class Machine:
    """Slots with prices and pieces, a box of coins, and what was put in."""

    def __init__(self, slots: dict[str, list[int]], coins: dict[str, int]) -> None:
        self.slots = {name: [*slot] for name, slot in slots.items()}
        self.box = {int(value): number for value, number in coins.items()}
        if any(min(slot) < 0 for slot in slots.values()) or any(number < 0 for number in self.box.values()):
            raise ValueError("nothing in the machine is negative")
        self.inserted: list[int] = []

    def slot(self, name: str) -> list[int]:
        if name not in self.slots:
            raise ValueError(f"slot {name} is not known")
        return self.slots[name]

    def insert(self, coin: int) -> int:
        if coin in self.box:
            self.inserted.append(coin)
        return sum(self.inserted)

    def buy(self, name: str) -> list[Any]:
        """Sell a piece, if everything is there."""
        slot = self.slot(name)
        price, pieces = slot
        rest = sum(self.inserted) - price
        if pieces == 0:
            return ["sold out"]
        if rest < 0:
            return ["pay", -rest]
        box = dict(self.box)
        for coin in self.inserted:
            box[coin] += 1
        change = give(rest, box)
        if change is None:
            return ["no change"]
        for coin in change:
            box[coin] -= 1
        self.box = box
        self.inserted = []
        slot[1] -= 1
        return ["sold", change]

    def cancel(self) -> list[int]:
        coins = self.inserted[::-1]
        self.inserted = []
        return coins

    def fill(self, name: str, pieces: int) -> int:
        if pieces < 1:
            raise ValueError(f"{pieces} pieces do not fill anything")
        slot = self.slot(name)
        slot[1] += pieces
        return slot[1]


def run(slots: dict[str, list[int]], coins: dict[str, int], operations: list[list[Any]]) -> dict[str, Any]:
    """Results of operations, and what is in the machine then."""
    machine = Machine(slots, coins)
    results: list[Any] = []
    for operation in operations:
        match operation:
            case ["insert", coin]:
                results.append(machine.insert(coin))
            case ["buy", name]:
                results.append(machine.buy(name))
            case ["cancel"]:
                results.append(machine.cancel())
            case ["fill", name, pieces]:
                results.append(machine.fill(name, pieces))
            case _:
                raise ValueError(f"operation {operation} is not known")
    box = {str(value): number for value, number in machine.box.items()}
    return {"results": results, "slots": machine.slots, "coins": box}
