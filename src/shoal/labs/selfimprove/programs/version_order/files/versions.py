"""Version numbers with pre-releases, and their order."""

import re
from functools import cmp_to_key
from typing import Any

VERSION = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(?:-([0-9A-Za-z.-]+))?(?:\+.*)?")


def _parse(version: str) -> tuple[list[int], list[str]]:
    match = VERSION.fullmatch(version)
    prerelease = match.group(4).split(".") if match and match.group(4) else []
    if not match or "" in prerelease:
        raise ValueError(f"{version!r} is not a version number")
    return [int(number) for number in match.group(1, 2, 3)], prerelease


def _order(first: Any, second: Any) -> int:
    return int(first > second) - int(first < second)


def _compare_identifiers(first: str, second: str) -> int:
    if first.isdigit() and second.isdigit():
        return _order(int(first), int(second))
    if first.isdigit() or second.isdigit():
        return -1 if first.isdigit() else 1
    return _order(first, second)


def compare(first: str, second: str) -> int:
    """Tell whether the first version comes before (-1), with (0) or after (1) the second."""
    numbers, prerelease = _parse(first)
    other_numbers, other_prerelease = _parse(second)
    if numbers != other_numbers:
        return _order(numbers, other_numbers)
    if not prerelease or not other_prerelease:
        return _order(len(other_prerelease), len(prerelease))
    for identifier, other in zip(prerelease, other_prerelease, strict=False):
        if result := _compare_identifiers(identifier, other):
            return result
    return _order(len(prerelease), len(other_prerelease))


def sort_versions(versions: list[str]) -> list[str]:
    """Sort versions in rising order."""
    for version in versions:
        _parse(version)
    return sorted(versions, key=cmp_to_key(compare))


def latest(versions: list[str], allow_prerelease: bool = False) -> str | None:
    """Find the highest version, by default among those that are no pre-releases."""
    candidates = [version for version in versions if allow_prerelease or not _parse(version)[1]]
    return sort_versions(candidates)[-1] if candidates else None
