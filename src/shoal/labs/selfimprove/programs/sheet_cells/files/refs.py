"""Names of cells and of rectangles of cells."""

from string import ascii_uppercase


def expand(area: str) -> list[str]:
    """List the cells of a rectangle such as A1:B3, row by row."""
    first, last = area.split(":")
    columns = ascii_uppercase[ascii_uppercase.index(first[0]) : ascii_uppercase.index(last[0]) + 1]
    return [f"{column}{row}" for row in range(int(first[1:]), int(last[1:]) + 1) for column in columns]
