"""Odds and ends that everybody writes once."""

from __future__ import annotations


def shortest_distances(roads: dict[str, list[tuple[str, int]]], start: str) -> dict[str, int]:
    """Kilometres from ``start`` to every place that can be reached."""
    distance = {start: 0}
    done = []
    while True:
        nearest = None
        for place in distance:
            if place in done:
                continue
            if nearest is None or distance[place] < distance[nearest]:
                nearest = place
        if nearest is None:
            return distance
        done.append(nearest)
        for place, length in roads.get(nearest, []):
            via = distance[nearest] + length
            if place not in distance or via < distance[place]:
                distance[place] = via


def edit_distance(one: str, other: str) -> int:
    """How many letters to insert, delete or exchange."""
    if not one:
        return len(other)
    if not other:
        return len(one)
    if one[0] == other[0]:
        return edit_distance(one[1:], other[1:])
    inserted = edit_distance(one, other[1:])
    deleted = edit_distance(one[1:], other)
    exchanged = edit_distance(one[1:], other[1:])
    return 1 + min(inserted, deleted, exchanged)


def moving_average(values: list[int], width: int) -> list[float]:
    """The mean of every ``width`` values in a row."""
    if width < 1:
        raise ValueError("width must be 1 at least")
    means = []
    for end in range(width, len(values) + 1):
        window = values[end - width : end]
        means.append(sum(window) / width)
    return means


def matrix_product(left: list[list[int]], right: list[list[int]]) -> list[list[int]]:
    """Rows times columns."""
    product = []
    for i in range(len(left)):
        row = []
        for j in range(len(right[0])):
            total = 0
            for k in range(len(right)):
                total += left[i][k] * right[k][j]
            row.append(total)
        product.append(row)
    return product


def _attacked(queens, row, column):
    for other_row in range(len(queens)):
        other = queens[other_row]
        if other == column or abs(other - column) == abs(other_row - row):
            return True
    return False


def _place(queens, size):
    if len(queens) == size:
        return 1
    count = 0
    for column in range(size):
        if not _attacked(queens, len(queens), column):
            count += _place([*queens, column], size)
    return count


def count_queens(size: int) -> int:
    """In how many ways ``size`` queens stand on a board without attacking one another."""
    if size < 1:
        return 0
    return _place([], size)


def primes_below(limit: int) -> list[int]:
    """Sieve by crossing out."""
    crossed = []
    primes = []
    for number in range(2, limit):
        if number in crossed:
            continue
        primes.append(number)
        for multiple in range(number * number, limit, number):
            if multiple not in crossed:
                crossed.append(multiple)
    return primes


def _binomial(n, k):
    if k in (0, n):
        return 1
    return _binomial(n - 1, k - 1) + _binomial(n - 1, k)


def pascal_rows(count: int) -> list[list[int]]:
    """The first rows of Pascal's triangle."""
    rows = []
    for n in range(count):
        rows.append([_binomial(n, k) for k in range(n + 1)])
    return rows


def merge_intervals(intervals: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping spans of time joined, in order."""
    spans = [(min(span), max(span)) for span in intervals]
    changed = True
    while changed:
        changed = False
        spans.sort()
        for i in range(len(spans) - 1):
            if spans[i + 1][0] <= spans[i][1]:
                joined = (spans[i][0], max(spans[i][1], spans[i + 1][1]))
                spans = [*spans[:i], joined, *spans[i + 2 :]]
                changed = True
                break
    return spans
