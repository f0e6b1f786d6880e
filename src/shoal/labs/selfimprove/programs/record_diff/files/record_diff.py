"""Differences between nested records."""

import copy
from typing import Any

Record = dict[str, Any]
Change = list[Any]


def _walk(old: Record, new: Record, prefix: str) -> list[Change]:
    """Compare two objects that lie at the same path."""
    changes: list[Change] = []
    for key in sorted(old.keys() | new.keys()):
        path = prefix + key
        if key not in new:
            changes.append(["removed", path, old[key]])
        elif key not in old:
            changes.append(["added", path, new[key]])
        elif isinstance(old[key], dict) and isinstance(new[key], dict):
            changes.extend(_walk(old[key], new[key], path + "."))
        elif old[key] != new[key]:
            changes.append(["changed", path, old[key], new[key]])
    return changes


def diff(old: Record, new: Record) -> list[Change]:
    """List the changes that turn one record into another."""
    return _walk(old, new, "")


def _holder(record: Record, path: str) -> tuple[Record, str]:
    """Find the object that holds what a path names, and its last key."""
    *parents, last = path.split(".")
    for key in parents:
        record = record[key]
        if not isinstance(record, dict):
            raise KeyError(path)
    return record, last


def apply(record: Record, changes: list[Change]) -> Record:
    """Make changes to a copy of a record."""
    result = copy.deepcopy(record)
    for kind, path, *values in changes:
        holder, key = _holder(result, path)
        if kind != "added" and key not in holder:
            raise KeyError(path)
        if kind == "removed":
            del holder[key]
        else:
            holder[key] = copy.deepcopy(values[-1])
    return result


def history(record: Record, steps: list[list[Change]]) -> list[Record]:
    """List the states of a record, before and after each step."""
    states = [record]
    for changes in steps:
        states.append(apply(states[-1], changes))
    return states
