"""The rules of minesweeper."""

from typing import Any

Cell = tuple[int, int]


class Game:
    """The mines, and which cells are open or flagged."""

    def __init__(self, field: list[str]) -> None:
        if any(len(row) != len(field[0]) or set(row) - {"*", "."} for row in field):
            raise ValueError("a field has equally long rows of * and .")
        cells = [(row, column) for row, line in enumerate(field) for column in range(len(line))]
        self.mines = {(row, column) for row, column in cells if field[row][column] == "*"}
        self.safe = set(cells) - self.mines
        self.opened: set[Cell] = set()
        self.flags: set[Cell] = set()

    def state(self) -> str:
        if self.opened & self.mines:
            return "lost"
        return "won" if self.opened >= self.safe else "playing"

    def around(self, cell: Cell) -> set[Cell]:
        row, column = cell
        square = {(y, x) for y in range(row - 1, row + 2) for x in range(column - 1, column + 2)}
        return (square - {cell}) & (self.safe | self.mines)

    def count(self, cell: Cell) -> int:
        return len(self.around(cell) & self.mines)

    def open(self, cell: Cell) -> None:
        pending = [cell]
        while pending:
            cell = pending.pop()
            if cell in self.opened or cell in self.flags:
                continue
            self.opened.add(cell)
            if cell in self.safe and self.count(cell) == 0:
                pending.extend(self.around(cell))

    def flag(self, cell: Cell) -> None:
        if cell not in self.opened:
            self.flags ^= {cell}

    def chord(self, cell: Cell) -> None:
        near = self.around(cell)
        if cell in self.opened and 0 < self.count(cell) == len(near & self.flags):
            for other in near:
                self.open(other)

    def show(self, cell: Cell) -> str:
        if cell not in self.opened:
            return "F" if cell in self.flags else "#"
        return "*" if cell in self.mines else str(self.count(cell))


def play(field: list[str], moves: list[list[Any]]) -> dict[str, Any]:
    """The board after some moves."""
    game = Game(field)
    actions = {"open": game.open, "flag": game.flag, "chord": game.chord}
    for name, *place in moves:
        if name not in actions:
            raise ValueError(f"unknown move {name}")
        cell = (place[0], place[1])
        if cell not in game.safe | game.mines:
            raise IndexError(f"no cell {cell}")
        if game.state() == "playing":
            actions[name](cell)
    board = ["".join(game.show((row, column)) for column in range(len(line))) for row, line in enumerate(field)]
    return {"board": board, "state": game.state(), "opened": len(game.opened & game.safe)}
