"""A buffer of fixed capacity that overwrites its oldest entry."""

Result = int | list[int] | None


class RingBuffer:
    """Numbers in a circular list of slots, the oldest at `head`."""

    def __init__(self, capacity: int, items: list[int] | None = None) -> None:
        if capacity < 1:
            raise ValueError(f"capacity {capacity} is below 1")
        self.slots = list(items or [])
        self.slots += [0] * (capacity - len(self.slots))
        self.head = 0
        self.count = len(items or [])

    def push(self, value: int) -> int | None:
        size = len(self.slots)
        tail = (self.head + self.count) % size
        if self.count < size:
            self.slots[tail] = value
            self.count += 1
            return None
        dropped, self.slots[tail] = self.slots[tail], value
        self.head = (self.head + 1) % size
        return dropped

    def pop(self) -> int:
        value = self.at(0)
        self.head = (self.head + 1) % len(self.slots)
        self.count -= 1
        return value

    def at(self, position: int) -> int:
        if not -self.count <= position < self.count:
            raise IndexError(f"position {position} of {self.count}")
        return self.slots[(self.head + position % self.count) % len(self.slots)]

    def items(self) -> list[int]:
        return [self.at(position) for position in range(self.count)]


def replay(capacity: int, operations: list[list[int | str]]) -> list[Result]:
    """Carry out the operations on a new buffer and list their results."""
    buffer = RingBuffer(capacity)
    results: list[Result] = []
    for name, *arguments in operations:
        match name, arguments:
            case "push", [int(value)]:
                results.append(buffer.push(value))
            case "pop", []:
                results.append(buffer.pop())
            case "at", [int(position)]:
                results.append(buffer.at(position))
            case "resize", [int(size)]:
                kept = buffer.items()[-size:]
                results.append(buffer.count - len(kept))
                buffer = RingBuffer(size, kept)
            case "items", []:
                results.append(buffer.items())
            case _:
                raise ValueError(f"unknown operation {name}")
    return results
