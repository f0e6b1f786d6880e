"""Sixteen points in the plane, as equally far apart as possible: to start with, a square grid with two rows shifted."""

import math

SIDE = 4


def points():
    """Return the 16 points, pairs of numbers; only their pattern counts, not where it lies or how large it is."""
    grid = []
    for k in range(SIDE * SIDE):
        row, column = divmod(k, SIDE)
        grid.append(place(row, column))
    return grid


def place(row, column):
    """Return x and y of the point in this row and column of the grid."""
    x = 1.0 * column + 0.25 * (row % 3)
    y = 1.0 * row + 0.0 * (column % 3)
    return [x, y]
