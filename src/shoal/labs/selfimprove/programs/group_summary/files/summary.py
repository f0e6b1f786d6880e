"""Summaries of records by group."""

from collections import defaultdict
from typing import Any

Record = dict[str, Any]


def _key(record: Record, field: str) -> str:
    value = record.get(field)
    return "" if value is None else str(value)


def _values(records: list[Record], by: str, field: str) -> dict[str, list[Any]]:
    """Collect the values of each group, the groups in sorted order."""
    groups: dict[str, list[Any]] = {key: [] for key in sorted({_key(record, by) for record in records})}
    for record in records:
        groups[_key(record, by)].append(record.get(field))
    return groups


def summarise(records: list[Record], by: str, field: str) -> dict[str, Record]:
    """Count and summarise the values of each group."""
    summaries = {}
    for key, values in _values(records, by, field).items():
        known = [value for value in values if value is not None]
        summaries[key] = {
            "count": len(values),
            "sum": sum(known),
            "min": min(known, default=None),
            "max": max(known, default=None),
            "mean": sum(known) / len(known) if known else None,
        }
    return summaries


def pivot(records: list[Record], row: str, column: str, field: str) -> list[list[Any]]:
    """Sum a field for each pair of row and column."""
    sums: dict[tuple[str, str], float] = defaultdict(int)
    for record in records:
        sums[_key(record, row), _key(record, column)] += record.get(field) or 0
    columns = sorted({name for _, name in sums})
    table: list[list[Any]] = [[row, *columns]]
    for key in sorted({name for name, _ in sums}):
        table.append([key, *(sums.get((key, name), 0) for name in columns)])
    return table


def largest(records: list[Record], by: str, field: str, number: int = 1) -> list[list[Any]]:
    """List the largest values of each group."""
    if number < 1:
        raise ValueError(f"number is {number}; it must be at least 1")
    result = []
    for key, values in _values(records, by, field).items():
        known = sorted((value for value in values if value is not None), reverse=True)
        result.append([key, known[:number]])
    return result
