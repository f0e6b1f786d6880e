"""Matrices of fractions."""

from fractions import Fraction


def parse(rows: list[list[int | str]], square: bool = False) -> list[list[Fraction]]:
    """Rows of fractions, checked for their shape."""
    widths = {len(row) for row in rows}
    if len(widths) != 1 or widths == {0} or (square and widths != {len(rows)}):
        raise ValueError(f"{len(rows)} rows of {sorted(widths)} entries have the wrong shape")
    return [[Fraction(entry) for entry in row] for row in rows]


def show(matrix: list[list[Fraction]]) -> list[list[str]]:
    """Entries as strings."""
    return [[str(entry) for entry in row] for row in matrix]


def identity(size: int) -> list[list[Fraction]]:
    """The identity matrix."""
    return [[Fraction(row == column) for column in range(size)] for row in range(size)]


def multiply(a: list[list[int | str]], b: list[list[int | str]]) -> list[list[str]]:
    """The product."""
    left, columns = parse(a), list(zip(*parse(b), strict=True))
    if len(left[0]) != len(columns[0]):
        raise ValueError(f"{len(left[0])} columns do not meet {len(columns[0])} rows")
    return show([[sum(x * y for x, y in zip(row, column, strict=True)) for column in columns] for row in left])
