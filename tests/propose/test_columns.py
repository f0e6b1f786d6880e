"""Which numbers are alike by where they stand: columns of tables, rows outside of tables, lone numbers."""

import numpy as np

from shoal.propose._edit import edit

SOURCE = """
TABLE = [[0.1, 10.0], [0.2, 20.0], [0.3, 30.0]]
ROW = [1.5, 2.5, 3.5, 4.5]
LONE = 7.25


def f():
    return TABLE, ROW, LONE
"""


def test_columns_rows_and_lone_numbers_are_told_apart() -> None:
    details = edit({"operator": "inspect", "source": SOURCE}, np.random.default_rng(0))["details"]
    by_column: dict[int, list[float]] = {}
    for value, column in zip(details["values"], details["columns"], strict=True):
        by_column.setdefault(column, []).append(value)
    lone = by_column.pop(-1)
    assert lone == [7.25]
    assert sorted(by_column.values()) == [[0.1, 0.2, 0.3], [1.5, 2.5, 3.5, 4.5], [10.0, 20.0, 30.0]]
