"""A robot that follows a program."""

from typing import Any

from commands import Loop, Step, parse

HEADINGS = "NESW"
MOVES = {"N": (-1, 0), "E": (0, 1), "S": (1, 0), "W": (0, -1)}


class Robot:
    """Where it is, what it carries, and the grid around it."""

    def __init__(self, grid: list[str], row: int, column: int, heading: str) -> None:
        self.walls = [[cell == "#" for cell in line] for line in grid]
        self.balls_at = {(r, c) for r, line in enumerate(grid) for c, cell in enumerate(line) if cell == "o"}
        self.row, self.column, self.heading = row, column, heading
        self.balls = self.bumps = 0
        self.log: list[list[int]] = []
        if heading not in MOVES or not self.is_free(row, column):
            raise ValueError("the robot cannot start there")

    def is_free(self, row: int, column: int) -> bool:
        inside = 0 <= row < len(self.walls) and 0 <= column < len(self.walls[0])
        return inside and not self.walls[row][column]

    def ahead(self, steps: int) -> tuple[int, int]:
        down, right = MOVES[self.heading]
        return self.row + steps * down, self.column + steps * right

    def handle_ball(self, change: int) -> None:
        """Pick a ball up (1) or put one down (-1)."""
        here = (self.row, self.column)
        possible = here in self.balls_at if change == 1 else self.balls > 0 and here not in self.balls_at
        if possible:
            self.balls_at ^= {here}
            self.balls += change
            self.log.append([*here])

    def do(self, command: str) -> None:
        match command:
            case "F" | "B":
                place = self.ahead(1 if command == "F" else -1)
                if self.is_free(*place):
                    self.row, self.column = place
                else:
                    self.bumps += 1
            case "L" | "R":
                quarters = 1 if command == "R" else -1
                self.heading = HEADINGS[(HEADINGS.index(self.heading) + quarters) % 4]
            case _:
                self.handle_ball(1 if command == "P" else -1)

    def follow(self, steps: list[Step]) -> None:
        for step in steps:
            if not isinstance(step, Loop):
                self.do(step)
            elif not step.if_free or self.is_free(*self.ahead(1)):
                for _ in range(step.times):
                    self.follow(step.body)


def run(grid: list[str], program: str, start: list[Any]) -> dict[str, Any]:
    """Where a robot comes to."""
    if not grid or not grid[0] or any(len(line) != len(grid[0]) or set(line) - set(".#o") for line in grid):
        raise ValueError("the grid is not as it must be")
    steps = parse(program)
    robot = Robot(grid, *start)
    robot.follow(steps)
    place = [robot.row, robot.column]
    return {"at": place, "heading": robot.heading, "balls": robot.balls, "bumps": robot.bumps, "log": robot.log}
