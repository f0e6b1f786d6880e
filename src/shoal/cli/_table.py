"""Tables of plain cells, and text of unknown origin, on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shoal.core.untrusted import untrusted

__all__ = ["print_table", "rows_of"]

GAP = "  "


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: str = "") -> None:
    """Print ``rows`` under ``heads``; columns whose head is in ``right`` (separated by spaces) are set right."""
    for line in rows_of(heads, rows, right=right):
        print(line)


def rows_of(heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: str = "") -> list[str]:
    """The lines of `print_table`. Every cell passes `untrusted`."""
    cells = [[untrusted(cell, limit=200) for cell in row] for row in (heads, *rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(heads))]
    flush = [head in right.split() for head in heads]
    lines = []
    for row in cells:
        set_ = (
            cell.rjust(width) if end else cell.ljust(width) for cell, width, end in zip(row, widths, flush, strict=True)
        )
        lines.append(GAP.join(set_).rstrip())
    return lines
