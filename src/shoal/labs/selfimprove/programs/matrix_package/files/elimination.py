"""Elimination and what follows from it."""

from matrices import Fraction, identity, multiply, parse, show


def eliminate(matrix: list[list[Fraction]], count: int) -> tuple[list[list[Fraction]], Fraction, int]:
    """Reduced rows, the product of the pivots with its sign, and their number, by Gauss and Jordan."""
    rows, product, rank = [*matrix], Fraction(1), 0
    for column in range(count):
        pivot = next((index for index in range(rank, len(rows)) if rows[index][column]), None)
        if pivot is None:
            continue
        if pivot != rank:
            rows[rank], rows[pivot] = rows[pivot], rows[rank]
            product = -product
        product *= rows[rank][column]
        rows[rank] = [entry / rows[rank][column] for entry in rows[rank]]
        for index, row in enumerate(rows):
            if index != rank:
                rows[index] = [x - row[column] * y for x, y in zip(row, rows[rank], strict=True)]
        rank += 1
    return rows, product, rank


def facts(a: list[list[int | str]]) -> dict[str, str | int]:
    """Determinant, rank and trace of a square matrix."""
    matrix = parse(a, square=True)
    _, product, rank = eliminate(matrix, len(matrix))
    trace = sum(row[index] for index, row in enumerate(matrix))
    return {"determinant": str(product if rank == len(matrix) else 0), "rank": rank, "trace": str(trace)}


def inverse(a: list[list[int | str]]) -> list[list[str]]:
    """The inverse, by elimination beside the identity."""
    matrix = parse(a, square=True)
    beside = [row + unit for row, unit in zip(matrix, identity(len(matrix)), strict=True)]
    rows, _, rank = eliminate(beside, len(matrix))
    if rank < len(matrix):
        raise ZeroDivisionError("the matrix is singular")
    return show([row[len(matrix) :] for row in rows])


def power(a: list[list[int | str]], exponent: int) -> list[list[str]]:
    """The power, by repeated multiplication."""
    if exponent < 0:
        return power(inverse(a), -exponent)
    result = show(identity(len(parse(a, square=True))))
    for _ in range(exponent):
        result = multiply(result, a)
    return result
