"""Conway's game of life on a bounded or wrapped board."""

Cells = list[list[int]]


def parse(board: list[str]) -> Cells:
    """Rows of 0 and 1."""
    if any(len(row) != len(board[0]) or set(row) - {"#", "."} for row in board):
        raise ValueError("a board has equally long rows of # and .")
    return [[int(mark == "#") for mark in row] for row in board]


def neighbours(cells: Cells, row: int, column: int, wrap: bool) -> int:
    """Number of live cells around one cell."""
    height, width = len(cells), len(cells[0])
    total = -cells[row][column]
    for y in range(row - 1, row + 2):
        for x in range(column - 1, column + 2):
            if wrap or (0 <= y < height and 0 <= x < width):
                total += cells[y % height][x % width]
    return total


def step(cells: Cells, wrap: bool) -> Cells:
    """The next generation."""
    following = [list(row) for row in cells]
    for row, line in enumerate(cells):
        for column, alive in enumerate(line):
            around = neighbours(cells, row, column, wrap)
            following[row][column] = int(around == 3 or (alive and around == 2))
    return following


def evolve(board: list[str], steps: int, wrap: bool = False) -> list[str]:
    """The board after some steps."""
    if steps < 0:
        raise ValueError(f"{steps} steps are below 0")
    cells = parse(board)
    for _ in range(steps):
        cells = step(cells, wrap)
    return ["".join(".#"[alive] for alive in row) for row in cells]


def history(board: list[str], steps: int) -> list[int]:
    """Live cells before and after each step, without wrapping."""
    if steps < 0:
        raise ValueError(f"{steps} steps are below 0")
    counts = []
    for _ in range(steps + 1):
        counts.append(sum(row.count("#") for row in board))
        board = evolve(board, 1)
    return counts


def period(board: list[str], limit: int) -> int:
    """Steps until a wrapped board repeats its start, 0 if it does not within the limit."""
    start = cells = parse(board)
    for count in range(1, limit + 1):
        cells = step(cells, wrap=True)
        if cells == start:
            return count
    return 0
