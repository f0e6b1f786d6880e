"""Plain text tables."""

Cell = str | int | float | None


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _pad(text: str, width: int, side: str) -> str:
    """Fill a cell up to a width."""
    blanks = width - len(text)
    if side == "r":
        return " " * blanks + text
    if side == "c":
        left = blanks // 2
        return " " * left + text + " " * (blanks - left)
    return text + " " * blanks


def _sides(align: str, columns: int) -> str:
    """Give each column its letter."""
    if len(align) > columns or set(align) - set("lrc"):
        raise ValueError(f"align {align!r} does not fit {columns} columns of l, r or c")
    return align.ljust(columns, "l")


def render(header: list[Cell], rows: list[list[Cell]], align: str = "") -> list[str]:
    """Write a header and rows as the lines of a table."""
    columns = len(header)
    sides = _sides(align, columns)
    table = []
    for row in [header, *rows]:
        if len(row) > columns:
            raise ValueError(f"a row of {len(row)} cells does not fit {columns} columns")
        table.append([_text(cell) for cell in row] + [""] * (columns - len(row)))
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]

    lines = []
    for texts in table:
        cells = [_pad(text, width, side) for text, width, side in zip(texts, widths, sides, strict=True)]
        lines.append("  ".join(cells).rstrip(" "))
    lines.insert(1, "  ".join("-" * width for width in widths))
    return lines
