"""Ways through a maze whose walls can be broken."""

from collections import deque

Cell = tuple[int, int]


def parse(maze: list[str]) -> dict[Cell, str]:
    """The character of each cell, keyed by row and column."""
    text = "".join(maze)
    if set(text) - set("#.SE") or text.count("S") != 1 or text.count("E") != 1:
        raise ValueError("a maze has one S, one E, and else # and .")
    if any(len(row) != len(maze[0]) for row in maze):
        raise ValueError("the rows have different lengths")
    return {(row, column): mark for row, line in enumerate(maze) for column, mark in enumerate(line)}


def find(cells: dict[Cell, str], mark: str) -> Cell:
    """The cell that holds a mark."""
    return next(cell for cell, found in cells.items() if found == mark)


def around(cells: dict[Cell, str], cell: Cell) -> list[Cell]:
    """Neighbours within the maze."""
    row, column = cell
    nearby = [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
    return [near for near in nearby if near in cells]


def distances(cells: dict[Cell, str], breaks: int) -> dict[tuple[Cell, int], int]:
    """Steps to each pair of a cell and the walls broken so far."""
    start = (find(cells, "S"), 0)
    steps = {start: 0}
    queue = deque([start])
    while queue:
        cell, broken = queue.popleft()
        for near in around(cells, cell):
            state = (near, broken + (cells[near] == "#"))
            if state[1] <= breaks and state not in steps:
                steps[state] = steps[cell, broken] + 1
                queue.append(state)
    return steps


def fewest_steps(maze: list[str], breaks: int = 0) -> int:
    """Steps from start to exit with a limited number of broken walls, -1 if there is no way."""
    if breaks < 0:
        raise ValueError(f"{breaks} breaks are below 0")
    cells = parse(maze)
    ends = [steps for (cell, _), steps in distances(cells, breaks).items() if cells[cell] == "E"]
    return min(ends, default=-1)


def fewest_walls(maze: list[str]) -> int:
    """Walls that must be broken between start and exit."""
    parse(maze)
    return next(breaks for breaks in range(len(maze) + len(maze[0])) if fewest_steps(maze, breaks) >= 0)


def far_cells(maze: list[str], steps: int) -> list[list[int]]:
    """Cells at exactly that many steps from the start, in reading order."""
    cells = parse(maze)
    reached = distances(cells, 0).items()
    return sorted(list(cell) for (cell, _), distance in reached if distance == steps and cells[cell] != "S")
