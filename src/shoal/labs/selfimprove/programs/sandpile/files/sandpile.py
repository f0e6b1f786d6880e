"""Heaps of sand that fall over."""

from typing import Any

Grid = list[list[int]]
FULL = 4


def copied(grid: Grid) -> Grid:
    """A checked copy."""
    if not grid or not grid[0] or any(len(row) != len(grid[0]) for row in grid):
        raise ValueError("a grid has equally long rows")
    if any(grains < 0 for row in grid for grains in row):
        raise ValueError("a number of grains is negative")
    return [list(row) for row in grid]


def neighbours(row: int, column: int) -> list[tuple[int, int]]:
    """The four cells around, on the grid or not."""
    return [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]


def inside(grid: Grid, row: int, column: int) -> bool:
    """Whether a cell is on the grid."""
    return 0 <= row < len(grid) and 0 <= column < len(grid[0])


def settle(grid: Grid, sinks: list[list[int]] | None = None) -> dict[str, Any]:
    """Let cells topple until none can."""
    grid = copied(grid)
    swallowing = {(row, column) for row, column in sinks or []}
    lost = topplings = 0
    for row, column in swallowing:
        if not inside(grid, row, column):
            raise ValueError(f"sink {row}, {column} is not on the grid")
        lost += grid[row][column]
        grid[row][column] = 0
    waiting = [(row, column) for row in range(len(grid)) for column in range(len(grid[0]))]
    toppled = set()
    while waiting:
        row, column = waiting.pop()
        times, rest = divmod(grid[row][column], FULL)
        if times == 0:
            continue
        grid[row][column] = rest
        topplings += times
        toppled.add((row, column))
        for near in neighbours(row, column):
            if not inside(grid, *near) or near in swallowing:
                lost += times
                continue
            grid[near[0]][near[1]] += times
            waiting.append(near)
    return {"grid": grid, "topplings": topplings, "lost": lost, "cells": len(toppled)}


def drop(grid: Grid, places: list[list[int]]) -> list[int]:
    """How many topplings each grain brings."""
    grid = settle(grid)["grid"]
    brought = []
    for row, column in places:
        if not inside(grid, row, column):
            raise ValueError(f"{row}, {column} is not on the grid")
        grid[row][column] += 1
        settled = settle(grid)
        grid = settled["grid"]
        brought.append(settled["topplings"])
    return brought


def add(first: Grid, second: Grid) -> Grid:
    """The settled sum of two grids."""
    total = copied(first)
    other = copied(second)
    if (len(total), len(total[0])) != (len(other), len(other[0])):
        raise ValueError("the shapes differ")
    for row, grains in enumerate(other):
        for column, number in enumerate(grains):
            total[row][column] += number
    settled: Grid = settle(total)["grid"]
    return settled
