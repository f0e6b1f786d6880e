"""Small functions as people write them, each with a known slow spot, inputs for it, and the rewrites that mend it."""

import random
from collections.abc import Callable
from typing import Any, NamedTuple


class Slow(NamedTuple):
    """A slow function.

    Attributes:
        source: its module; the entry bears the name that the function has in `SLOW`.
        arguments: makes arguments for it.
        cures: rewrites that mend it, one after the other.
        select: names that may change besides the entry.
    """

    source: str
    arguments: Callable[[random.Random], tuple[Any, ...]]
    cures: tuple[str, ...]
    select: tuple[str, ...] = ()


def numbers(rng: random.Random, *, least: int = 0, most: int = 20, top: int = 9) -> list[int]:
    return [rng.randint(0, top) for _ in range(rng.randint(least, most))]


def word(rng: random.Random, letters: str = "abc", most: int = 7) -> str:
    return "".join(rng.choice(letters) for _ in range(rng.randint(1, most)))


def words(rng: random.Random) -> list[str]:
    return [word(rng) for _ in range(rng.randint(0, 12))]


def orders(rng: random.Random) -> tuple[list[dict[str, int]], list[dict[str, Any]]]:
    customers = [{"id": k, "name": word(rng)} for k in rng.sample(range(9), 5)]
    return [{"customer": rng.randint(0, 9), "total": rng.randint(1, 50)} for _ in range(12)], customers


def graph(rng: random.Random) -> dict[int, list[int]]:
    return {k: [rng.randrange(8) for _ in range(rng.randint(0, 3))] for k in range(8)}


def weighted(rng: random.Random) -> dict[int, list[tuple[int, int]]]:
    return {k: [(rng.randrange(8), rng.randint(1, 9)) for _ in range(rng.randint(0, 4))] for k in range(8)}


def matrices(rng: random.Random) -> tuple[list[list[int]], list[list[int]]]:
    n, m, k = (rng.randint(1, 4) for _ in range(3))
    return [numbers(rng, least=m, most=m) for _ in range(n)], [numbers(rng, least=k, most=k) for _ in range(m)]


SLOW: dict[str, Slow] = {
    "common": Slow(
        '''
def common(first, second):
    """Values of the first list that are in the second too, in order."""
    found = []
    for value in first:  # one by one
        if value in second:
            found.append(value)
    return found
''',
        lambda rng: (numbers(rng), numbers(rng)),
        ("set_membership", "comprehension"),
    ),
    "difference": Slow(
        """
def difference(rows, banned):
    return [row for row in rows if row not in banned]
""",
        lambda rng: (numbers(rng), numbers(rng, most=5)),
        ("set_membership",),
    ),
    "unique": Slow(
        """
def unique(items):
    seen = []
    # keep the first of each
    for item in items:
        if item not in seen:
            seen.append(item)
    return seen
""",
        lambda rng: (numbers(rng),),
        ("seen_set",),
    ),
    "has_cycle": Slow(
        """
def has_cycle(start, following):
    visited = [start]
    at = start
    while at in following:
        at = following[at]
        if at in visited:
            return True
        visited.append(at)
    return False
""",
        lambda rng: (0, {k: rng.randrange(12) for k in range(8)}),
        ("seen_set",),
    ),
    "frequencies": Slow(
        """
def frequencies(items):
    table = {}
    for item in items:
        table[item] = items.count(item)
    return table
""",
        lambda rng: (words(rng),),
        ("count_once",),
    ),
    "repeated": Slow(
        """
def repeated(values):
    result = []
    for value in values:
        count = 0
        for other in values:
            if other == value:
                count += 1
        if count > 1:
            result.append(value)
    return result
""",
        lambda rng: (numbers(rng),),
        ("reduction", "count_scan"),
    ),
    "ranks": Slow(
        """
def ranks(values):
    ordered = sorted(values)
    return [ordered.index(value) for value in values]
""",
        lambda rng: (numbers(rng),),
        ("position_once",),
    ),
    "join_orders": Slow(
        """
def join_orders(orders, customers):
    rows = []
    for order in orders:
        for customer in customers:
            if customer["id"] == order["customer"]:
                rows.append((customer["name"], order["total"]))  # a match
    return rows
""",
        orders,
        ("index_pairs",),
    ),
    "two_sum": Slow(
        """
def two_sum(values, target):
    for i in range(len(values)):
        for j in range(i + 1, len(values)):
            if values[i] + values[j] == target:
                return i, j
    return None
""",
        lambda rng: (numbers(rng), rng.randint(0, 15)),
        ("index_pairs",),
    ),
    "totals": Slow(
        """
def totals(names, payments):
    result = {}
    for name in names:
        result[name] = sum(amount for who, amount in payments if who == name)
    return result
""",
        lambda rng: (words(rng), [(word(rng, most=2), rng.randint(1, 9)) for _ in range(12)]),
        ("index_pairs",),
    ),
    "above_mean": Slow(
        """
def above_mean(values):
    result = []
    for value in values:
        if value > sum(values) / len(values):
            result.append(value)
    return result
""",
        lambda rng: (numbers(rng),),
        ("hoist_invariant",),
    ),
    "percentiles": Slow(
        """
def percentiles(values, shares):
    found = []
    for share in shares:
        ordered = sorted(values)
        found.append(ordered[int(share * (len(ordered) - 1))])
    return found
""",
        lambda rng: (numbers(rng, least=1), [rng.random() for _ in range(5)]),
        ("hoist_invariant",),
    ),
    "matching": Slow(
        """
import re


def matching(lines, pattern):
    found = []
    for line in lines:
        if re.search(pattern, line):
            found.append(line)
    return found
""",
        lambda rng: (words(rng), "a+b?"),
        ("compile_pattern",),
    ),
    "fibonacci": Slow(
        """
def fibonacci(n):
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)
""",
        lambda rng: (rng.randint(0, 15),),
        ("recurrence",),
    ),
    "ways": Slow(
        '''
def ways(coins, amount, first):
    """How many ways there are to pay."""
    # nothing left to pay
    if amount == 0:
        return 1
    if amount < 0 or first == len(coins):
        return 0
    return ways(coins, amount - coins[first], first) + ways(coins, amount, first + 1)
''',
        lambda rng: (sorted(rng.sample(range(1, 9), 3)), rng.randint(0, 20), 0),
        ("remember_recursion",),
    ),
    "edit_distance": Slow(
        """
def edit_distance(a, b):
    if not a or not b:
        return len(a) + len(b)
    if a[0] == b[0]:
        return edit_distance(a[1:], b[1:])
    return 1 + min(edit_distance(a[1:], b), edit_distance(a, b[1:]), edit_distance(a[1:], b[1:]))
""",
        lambda rng: (word(rng, most=5), word(rng, most=5)),
        ("remember_recursion",),
    ),
    "longest_chain": Slow(
        """
def chain(n):
    steps = 0
    while n > 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def longest_chain(starts):
    best = 0
    for start in starts:
        best = max(best, chain(start))
    return best
""",
        lambda rng: (numbers(rng),),
        ("remember_calls",),
        ("chain",),
    ),
    "squares_of_even": Slow(
        """
def squares_of_even(values):
    squares = []
    for value in values:
        if value % 2 != 0:
            continue
        square = value * value
        squares.append(square + 1)
    return squares
""",
        lambda rng: (numbers(rng),),
        ("comprehension",),
    ),
    "weighted_sum": Slow(
        """
def weighted_sum(values, weights):
    total = 0
    for value, weight in zip(values, weights):
        total += value * weight
    return total
""",
        lambda rng: (numbers(rng, least=6, most=6), numbers(rng, least=6, most=6)),
        ("vectorise",),
    ),
    "largest_gap": Slow(
        """
def largest_gap(values):
    best = 0
    for i in range(len(values)):
        for j in range(len(values)):
            gap = abs(values[i] - values[j])
            if gap > best:
                best = gap
    return best
""",
        lambda rng: (numbers(rng, least=1),),
        ("reduction",),
    ),
    "any_negative": Slow(
        """
def any_negative(rows):
    found = False
    for row in rows:
        for value in row:
            if value < 0:
                found = True
    return found
""",
        lambda rng: ([[rng.randint(-1, 20) for _ in range(4)] for _ in range(rng.randint(0, 5))],),
        ("early_exit", "early_exit"),
    ),
    "all_positive": Slow(
        """
def all_positive(values):
    for value in values:
        if value <= 0:
            return False
    return True
""",
        lambda rng: (numbers(rng, most=6),),
        ("any_all",),
    ),
    "render": Slow(
        """
def render(rows):
    text = ""
    for row in rows:
        for cell in row:
            text += str(cell) + ","  # cells end with a comma
        text += "\\n"
    return text
""",
        lambda rng: ([numbers(rng, most=4) for _ in range(4)],),
        ("join",),
    ),
    "backwards": Slow(
        """
def backwards(text):
    result = ""
    for letter in text:
        result = letter + result
    return result
""",
        lambda rng: (word(rng),),
        ("join",),
    ),
    "flatten": Slow(
        """
def flatten(rows):
    flat = []
    for row in rows:
        flat = flat + row
    return flat
""",
        lambda rng: ([numbers(rng, most=4) for _ in range(4)],),
        ("append_in_place",),
    ),
    "reachable": Slow(
        """
def reachable(graph, start):
    queue = [start]
    visited = [start]
    while queue:
        node = queue.pop(0)
        for other in graph[node]:
            if other not in visited:
                visited.append(other)
                queue.append(other)
    return len(visited)
""",
        lambda rng: (graph(rng), 0),
        ("popleft", "seen_set"),
    ),
    "newest_first": Slow(
        """
def newest_first(events):
    log = []
    for event in events:
        log.insert(0, event)
    return log
""",
        lambda rng: (words(rng),),
        ("popleft",),
    ),
    "tokens": Slow(
        """
def tokens(text):
    found = []
    while text:
        if text[0] != " ":
            found.append(text[0])
        text = text[1:]
    return found
""",
        lambda rng: (word(rng, "ab "),),
        ("moving_index",),
    ),
    "shortest": Slow(
        """
def shortest(graph, start):
    best = {}
    queue = [(0, start)]
    while queue:
        queue.sort()
        cost, node = queue.pop(0)
        if node in best:
            continue
        best[node] = cost
        for other, length in graph[node]:
            queue.append((cost + length, other))
    return best
""",
        lambda rng: (weighted(rng), 0),
        ("heap",),
    ),
    "merge_costs": Slow(
        """
def merge_costs(sizes):
    piles = list(sizes)
    total = 0
    while len(piles) > 1:
        first = min(piles)
        piles.remove(first)
        second = min(piles)
        piles.remove(second)
        total += first + second
        piles.append(first + second)
    return total
""",
        lambda rng: (numbers(rng),),
        ("heap",),
    ),
    "medians": Slow(
        """
def medians(values):
    seen = []
    result = []
    for value in values:
        seen.append(value)
        seen.sort()
        result.append(seen[len(seen) // 2])
    return result
""",
        lambda rng: (numbers(rng),),
        ("insort",),
    ),
    "moving_sums": Slow(
        """
def moving_sums(values, width):
    sums = []
    for end in range(width, len(values) + 1):
        sums.append(sum(values[end - width : end]))
    return sums
""",
        lambda rng: (numbers(rng), rng.randint(1, 5)),
        ("prefix_sums",),
    ),
    "trapped": Slow(
        """
def trapped(heights):
    water = 0
    for i in range(len(heights)):
        left = max(heights[: i + 1])
        right = max(heights[i:])
        water += min(left, right) - heights[i]
    return water
""",
        lambda rng: (numbers(rng),),
        ("running_extreme", "running_extreme"),
    ),
    "is_prime": Slow(
        """
def is_prime(n):
    if n < 2:
        return False
    for d in range(2, n):
        if n % d == 0:
            return False
    return True
""",
        lambda rng: (rng.randint(0, 60),),
        ("up_to_root",),
    ),
    "dot": Slow(
        """
def dot(xs, ys):
    total = 0
    for i in range(len(xs)):
        total += xs[i] * ys[i]
    return total
""",
        lambda rng: (numbers(rng, least=5, most=5), numbers(rng, least=5, most=5)),
        ("index_free",),
    ),
    "product": Slow(
        """
def product(a, b):
    rows = []
    for i in range(len(a)):
        row = []
        for j in range(len(b[0])):
            total = 0
            for k in range(len(b)):
                total += a[i][k] * b[k][j]
            row.append(total)
        rows.append(row)
    return rows
""",
        matrices,
        ("columns",),
    ),
    "power": Slow(
        """
def power(base, exponent, modulus):
    return base**exponent % modulus
""",
        lambda rng: (rng.randint(0, 9), rng.randint(0, 30), rng.randint(1, 30)),
        ("shorter",),
    ),
    "spread": Slow(
        """
import math


def spread(points):
    total = 0.0
    for i in range(len(points)):
        for j in range(i + 1, len(points)):
            dx = points[i][0] - points[j][0]
            dy = points[i][1] - points[j][1]
            total += math.sqrt(dx * dx + dy * dy)
    return total
""",
        lambda rng: ([(rng.random(), rng.random()) for _ in range(rng.randint(1, 6))],),
        ("vectorise",),
    ),
    "lengths": Slow(
        """
import math


def lengths(vectors):
    result = []
    for x, y in vectors:
        result.append(math.sqrt(x * x + y * y))
    return result
""",
        lambda rng: ([(rng.random(), rng.random()) for _ in range(rng.randint(1, 6))],),
        ("local_binding",),
    ),
    "divisor_sum": Slow(
        """
def divisor_sum(n):
    total = 0
    for d in range(1, n):
        if n % d == 0:
            total += d
    return total
""",
        lambda rng: (rng.randint(1, 60),),
        ("divisors",),
    ),
    "common_divisor": Slow(
        """
def common_divisor(a, b):
    best = 1
    for d in range(1, min(a, b) + 1):
        if a % d == 0 and b % d == 0:
            best = d
    return best
""",
        lambda rng: (rng.randint(1, 60), rng.randint(1, 60)),
        ("greatest_divisor",),
    ),
    "without_short": Slow(
        """
def without_short(words, least):
    kept = list(words)
    for one in list(kept):
        if len(one) < least:
            kept.remove(one)
    return kept
""",
        lambda rng: (words(rng), rng.randint(1, 5)),
        ("filter_once",),
    ),
    "paths": Slow(
        """
def paths(grid):
    def count(row, column):
        if row < 0 or column < 0 or grid[row][column]:
            return 0
        if row == column == 0:
            return 1
        return count(row - 1, column) + count(row, column - 1)

    return count(len(grid) - 1, len(grid[0]) - 1)
""",
        lambda rng: ([[int(rng.random() < 0.2) for _ in range(4)] for _ in range(rng.randint(1, 4))],),
        ("cache_inner",),
    ),
    "placements": Slow(
        """
def placements(size, blocked):
    def free(row, column):
        return (row, column) not in blocked

    count = 0
    for row in range(size):
        for column in range(size):
            if free(row, column):
                count += 1
    return count
""",
        lambda rng: (4, [(rng.randrange(4), rng.randrange(4)) for _ in range(6)]),
        ("set_membership",),
    ),
    "shares": Slow(
        """
def shares(votes, parties):
    found = []
    for party in parties:
        found.append(len([vote for vote in votes if vote["party"] == party]))
    return found
""",
        lambda rng: ([{"party": word(rng, most=1)} for _ in range(9)], ["a", "b", "d"]),
        ("count_scan",),
    ),
    "picked": Slow(
        """
def picked(values, places):
    ordered = list(values)
    found = []
    for place in places:
        ordered.sort()
        found.append(ordered[place])
    return found
""",
        lambda rng: (numbers(rng, least=4), [0, 2, 1]),
        ("sort_once",),
    ),
    "latest": Slow(
        """
def latest(records):
    kept = []
    for record in records:
        if record["id"] not in [one["id"] for one in kept]:
            kept.append(record)
    return kept
""",
        lambda rng: ([{"id": rng.randint(0, 5), "n": k} for k in range(9)],),
        ("seen_keys",),
    ),
    "in_order": Slow(
        """
def in_order(values):
    ordered = list(values)
    for i in range(len(ordered)):
        for j in range(len(ordered) - 1 - i):
            if ordered[j] > ordered[j + 1]:
                ordered[j], ordered[j + 1] = ordered[j + 1], ordered[j]
    return ordered
""",
        lambda rng: (numbers(rng),),
        ("sort_by_swaps",),
    ),
}
