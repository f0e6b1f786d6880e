"""Matrices that are mostly zero, as rows of what is not."""

from collections import defaultdict
from typing import Any


class Sparse:
    """A shape, and for each row its values by column."""

    def __init__(self, height: int, width: int) -> None:
        if height < 1 or width < 1:
            raise ValueError(f"{height} x {width} is no shape")
        self.height = height
        self.width = width
        self.rows: dict[int, dict[int, int]] = defaultdict(dict)

    @classmethod
    def read(cls, table: dict[str, Any]) -> "Sparse":
        """A matrix that was given as an object."""
        matrix = cls(*table["shape"])
        for row, column, value in table["entries"]:
            if not (0 <= row < matrix.height and 0 <= column < matrix.width):
                raise ValueError(f"{row}, {column} is outside")
            if column in matrix.rows[row]:
                raise ValueError(f"two values at {row}, {column}")
            matrix.rows[row][column] = value
        return matrix

    def change(self, row: int, column: int, amount: int) -> None:
        """Add to a value."""
        self.rows[row][column] = self.rows[row].get(column, 0) + amount

    def entries(self) -> list[list[int]]:
        """All values that are not zero, in order."""
        return [
            [row, column, value]
            for row, values in sorted(self.rows.items())
            for column, value in sorted(values.items())
            if value
        ]

    def show(self) -> dict[str, Any]:
        return {"shape": [self.height, self.width], "entries": self.entries()}


def add(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    """The sum of two matrices."""
    left, right = Sparse.read(a), Sparse.read(b)
    if (left.height, left.width) != (right.height, right.width):
        raise ValueError("the shapes differ")
    for row, column, value in right.entries():
        left.change(row, column, value)
    return left.show()


def multiply(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    """The product of two matrices."""
    left, right = Sparse.read(a), Sparse.read(b)
    if left.width != right.height:
        raise ValueError(f"{left.width} columns do not meet {right.height} rows")
    product = Sparse(left.height, right.width)
    for row, middle, value in left.entries():
        for column, factor in right.rows[middle].items():
            product.change(row, column, value * factor)
    return product.show()


def transpose(a: dict[str, Any]) -> dict[str, Any]:
    """The matrix with rows and columns exchanged."""
    matrix = Sparse.read(a)
    turned = Sparse(matrix.width, matrix.height)
    for row, column, value in matrix.entries():
        turned.change(column, row, value)
    return turned.show()


def apply(a: dict[str, Any], vector: list[int]) -> list[int]:
    """The product with a vector."""
    matrix = Sparse.read(a)
    if len(vector) != matrix.width:
        raise ValueError(f"a vector of {len(vector)} does not meet {matrix.width} columns")
    return [sum(value * vector[at] for at, value in matrix.rows[row].items()) for row in range(matrix.height)]


def facts(a: dict[str, Any]) -> dict[str, Any]:
    """Count, symmetry, bandwidth and empty rows."""
    entries = Sparse.read(a).entries()
    filled = {row for row, _, _ in entries}
    return {
        "count": len(entries),
        "symmetric": transpose(a) == Sparse.read(a).show(),
        "bandwidth": max((abs(row - column) for row, column, _ in entries), default=0),
        "empty_rows": [row for row in range(a["shape"][0]) if row not in filled],
    }
