"""How much flows through a net of pipes."""

from collections import deque

Pipes = list[list[int]]


class Net:
    """Pipes with what still fits through them, each beside the way back."""

    def __init__(self, n: int, pipes: Pipes) -> None:
        self.targets: list[int] = []
        self.room: list[int] = []
        self.leaving: list[list[int]] = [[] for _ in range(n)]
        for a, b, width in pipes:
            if not (0 <= a < n and 0 <= b < n) or width < 0:
                raise ValueError(f"pipe {a} to {b} of width {width} is not possible")
            for start, end, room in ((a, b, width), (b, a, 0)):
                self.leaving[start].append(len(self.targets))
                self.targets.append(end)
                self.room.append(room)

    def reach(self, source: int) -> dict[int, int]:
        """For each node that water can still get to: the edge by which it does, -1 for the source."""
        reached = {source: -1}
        waiting = deque([source])
        while waiting:
            for edge in self.leaving[waiting.popleft()]:
                target = self.targets[edge]
                if self.room[edge] > 0 and target not in reached:
                    reached[target] = edge
                    waiting.append(target)
        return reached

    def send(self, source: int, drain: int) -> int:
        """Let as much flow as possible, way by way."""
        total = 0
        while drain in (reached := self.reach(source)):
            way = []
            node = drain
            while node != source:
                way.append(reached[node])
                node = self.targets[reached[node] ^ 1]
            amount = min(self.room[edge] for edge in way)
            for edge in way:
                self.room[edge] -= amount
                self.room[edge ^ 1] += amount
            total += amount
        return total


def solve(n: int, pipes: Pipes, source: int, drain: int) -> tuple[Net, int]:
    """The net with the largest flow, and how large it is."""
    net = Net(n, pipes)
    if source == drain or not (0 <= source < n and 0 <= drain < n):
        raise ValueError("source and drain are two nodes of the net")
    return net, net.send(source, drain)


def most(n: int, pipes: Pipes, source: int, drain: int) -> int:
    """The largest flow."""
    return solve(n, pipes, source, drain)[1]


def bottleneck(n: int, pipes: Pipes, source: int, drain: int) -> Pipes:
    """The pipes that keep the flow from growing."""
    net, _ = solve(n, pipes, source, drain)
    near = net.reach(source)
    return [[a, b] for a, b, width in pipes if width > 0 and a in near and b not in near]


def widen(n: int, pipes: Pipes, source: int, drain: int, more: int) -> list[int]:
    """Pipes that would let more water flow if they were wider."""
    if more < 1:
        raise ValueError("a pipe that is not wider changes nothing")
    before = most(n, pipes, source, drain)
    useful = []
    for index, (a, b, width) in enumerate(pipes):
        wider = [*pipes[:index], [a, b, width + more], *pipes[index + 1 :]]
        if most(n, wider, source, drain) > before:
            useful.append(index)
    return useful
