"""What each rewrite makes of a function, to the letter."""

from .rewritten_called import CALLED
from .rewritten_carried import CARRIED
from .rewritten_copies import COPIES
from .rewritten_grown import GROWN
from .rewritten_kept import KEPT
from .rewritten_known import KNOWN
from .rewritten_nested import NESTED
from .rewritten_onward import ONWARD
from .rewritten_parts import PARTS
from .rewritten_ranked import RANKED
from .rewritten_scans import SCANS
from .rewritten_spelled import SPELLED
from .rewritten_tried import TRIED
from .rewritten_walks import WALKS
from .slow_inputs import merged

_HERE: dict[str, str] = {
    "common": '''
def common(first, second):
    """Values of the first list that are in the second too, in order."""
    found = []
    second_set = set(second)
    for value in first:  # one by one
        if value in second_set:
            found.append(value)
    return found
''',
    "difference": """
def difference(rows, banned):
    banned_set = set(banned)
    return [row for row in rows if row not in banned_set]
""",
    "unique": """
def unique(items):
    seen = []
    seen_set = set()
    # keep the first of each
    for item in items:
        if item not in seen_set:
            seen.append(item)
            seen_set.add(item)
    return seen
""",
    "has_cycle": """
def has_cycle(start, following):
    visited = {start}
    at = start
    while at in following:
        at = following[at]
        if at in visited:
            return True
        visited.add(at)
    return False
""",
    "frequencies": """
def frequencies(items):
    import collections

    table = {}
    items_counts = collections.Counter(items)
    for item in items:
        table[item] = items_counts[item]
    return table
""",
    "repeated": """
def repeated(values):
    result = []
    for value in values:
        count = sum([1 for other in values if other == value])
        if count > 1:
            result.append(value)
    return result
""",
    "ranks": """
def ranks(values):
    ordered = sorted(values)
    ordered_positions = {item: place for place, item in reversed(list(enumerate(ordered)))}
    return [ordered_positions[value] for value in values]
""",
    "join_orders": """
def join_orders(orders, customers):
    rows = []
    customers_by_id = {}
    for customer in customers:
        customers_by_id.setdefault(customer["id"], []).append(customer)
    for order in orders:
        for customer in customers_by_id.get(order["customer"], ()):
            if customer["id"] == order["customer"]:
                rows.append((customer["name"], order["total"]))  # a match
    return rows
""",
    "two_sum": """
def two_sum(values, target):
    values_by_value = {}
    for j in range(len(values)):
        values_by_value.setdefault(values[j], []).append(j)
    for i in range(len(values)):
        for j in values_by_value.get(target - values[i], ()):
            if j < i + 1:
                continue
            if values[i] + values[j] == target:
                return i, j
    return None
""",
    "other_totals": """
def other_totals(names, payments):
    result = {}
    payments_by_value = {}
    for who, amount in payments:
        payments_by_value.setdefault(who, []).append((who, amount))
    for name in names:
        result[name] = sum(amount for who, amount in payments_by_value.get(name, ()) if who == name)
    return result
""",
    "above_mean": """
def above_mean(values):
    result = []
    fixed = sum(values) / len(values) if values else None
    for value in values:
        if value > fixed:
            result.append(value)
    return result
""",
    "percentiles": """
def percentiles(values, shares):
    found = []
    sorted_values = sorted(values)
    for share in shares:
        ordered = sorted_values
        found.append(ordered[int(share * (len(ordered) - 1))])
    return found
""",
    "matching": """
import re


def matching(lines, pattern):
    found = []
    search_pattern = re.compile(pattern).search
    for line in lines:
        if search_pattern(line):
            found.append(line)
    return found
""",
    "fibonacci": """
def fibonacci(n):
    if n < 2:
        return n
    fibonacci_2, fibonacci_1 = fibonacci(0), fibonacci(1)
    for step in range(2, n + 1):
        fibonacci_2, fibonacci_1 = fibonacci_1, (fibonacci_1 + fibonacci_2)
    return fibonacci_1
""",
    "ways": '''
def ways(coins, amount, first):
    """How many ways there are to pay."""
    import functools

    @functools.cache
    def ways_of(amount, first):
        # nothing left to pay
        if amount == 0:
            return 1
        if amount < 0 or first == len(coins):
            return 0
        return ways_of(amount - coins[first], first) + ways_of(amount, first + 1)

    return ways_of(amount, first)
''',
    "edit_distance": """
def edit_distance(a, b):
    import functools

    @functools.cache
    def edit_distance_of(a, b):
        if not a or not b:
            return len(a) + len(b)
        if a[0] == b[0]:
            return edit_distance_of(a[1:], b[1:])
        return 1 + min(edit_distance_of(a[1:], b), edit_distance_of(a, b[1:]), edit_distance_of(a[1:], b[1:]))

    return edit_distance_of(a, b)
""",
    "longest_chain": """
def chain(n):
    steps = 0
    while n > 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def longest_chain(starts):
    import functools

    best = 0
    chain_cached = functools.cache(chain)
    for start in starts:
        best = max(best, chain_cached(start))
    return best
""",
    "squares_of_even": """
def squares_of_even(values):
    squares = [square + 1 for value in values if not (value % 2 != 0) for square in [value * value]]
    return squares
""",
    "weighted_sum": """
def weighted_sum(values, weights):
    import numpy as np

    total = 0
    values_array = np.array(values)
    weights_array = np.array(weights)
    total += np.sum(values_array * weights_array).item()
    return total
""",
    "largest_gap": """
def largest_gap(values):
    best = max([0, *[abs(values[i] - values[j]) for i in range(len(values)) for j in range(len(values))]])
    return best
""",
    "any_negative": """
def any_negative(rows):
    found = False
    for row in rows:
        for value in row:
            if value < 0:
                found = True
                break
    return found
""",
    "all_positive": """
def all_positive(values):
    return not any(value <= 0 for value in values)
""",
    "render": """
def render(rows):
    text_parts = []
    for row in rows:
        for cell in row:
            text_parts.append(str(cell) + ",")  # cells end with a comma
        text_parts.append("\\n")
    text = "".join(text_parts)
    return text
""",
    "other_backwards": """
def other_backwards(text):
    result_parts = []
    for letter in text:
        result_parts.append(letter)
    result = "".join(reversed(result_parts))
    return result
""",
    "flatten": """
def flatten(rows):
    flat = []
    for row in rows:
        flat += row
    return flat
""",
    "reachable": """
def reachable(graph, start):
    import collections

    queue = collections.deque([start])
    visited = [start]
    while queue:
        node = queue.popleft()
        for other in graph[node]:
            if other not in visited:
                visited.append(other)
                queue.append(other)
    return len(visited)
""",
    "other_newest_first": """
def other_newest_first(events):
    import collections

    log = collections.deque()
    for event in events:
        log.appendleft(event)
    return list(log)
""",
    "tokens": """
def tokens(text):
    found = []
    text_start = 0
    while text_start < len(text):
        if text[text_start] != " ":
            found.append(text[text_start])
        text_start += 1
    return found
""",
    "shortest": """
def shortest(graph, start):
    import heapq

    best = {}
    queue = [(0, start)]
    while queue:
        cost, node = heapq.heappop(queue)
        if node in best:
            continue
        best[node] = cost
        for other, length in graph[node]:
            heapq.heappush(queue, (cost + length, other))
    return best
""",
    "merge_costs": """
def merge_costs(sizes):
    import heapq

    piles = list(sizes)
    heapq.heapify(piles)
    total = 0
    while len(piles) > 1:
        first = heapq.heappop(piles)
        second = heapq.heappop(piles)
        total += first + second
        heapq.heappush(piles, first + second)
    return total
""",
    "other_medians": """
def other_medians(values):
    import bisect

    seen = []
    result = []
    for value in values:
        bisect.insort(seen, value)
        result.append(seen[len(seen) // 2])
    return result
""",
    "moving_sums": """
def moving_sums(values, width):
    import itertools

    sums = []
    values_sums = [0, *itertools.accumulate(values)]
    for end in range(width, len(values) + 1):
        sums.append(values_sums[end] - values_sums[end - width])
    return sums
""",
    "trapped": """
def trapped(heights):
    import itertools

    water = 0
    heights_max_to = list(itertools.accumulate(heights, max))
    for i in range(len(heights)):
        left = heights_max_to[i]
        right = max(heights[i:])
        water += min(left, right) - heights[i]
    return water
""",
    "is_prime": """
def is_prime(n):
    import math

    if n < 2:
        return False
    for d in range(2, math.isqrt(n) + 1):
        if n % d == 0:
            return False
    return True
""",
    "dot": """
def dot(xs, ys):
    total = 0
    for x, y in zip(xs, ys):
        total += x * y
    return total
""",
    "product": """
def product(a, b):
    rows = []
    b_columns = list(zip(*b))
    for i in range(len(a)):
        row = []
        for j in range(len(b[0])):
            total = 0
            for k in range(len(b)):
                total += a[i][k] * b_columns[j][k]
            row.append(total)
        rows.append(row)
    return rows
""",
    "power": """
def power(base, exponent, modulus):
    return pow(base, exponent, modulus)
""",
    "spread": """
import math


def spread(points):
    import numpy as np

    total = 0.0
    points_array = np.array(points)
    for i in range(len(points)):
        dx = points[i][0] - points_array[i + 1:len(points), 0]
        dy = points[i][1] - points_array[i + 1:len(points), 1]
        total += np.sum(np.sqrt((dx * dx) + (dy * dy))).item()
    return total
""",
    "lengths": """
import math


def lengths(vectors):
    result = []
    append = result.append
    for x, y in vectors:
        append(math.sqrt(x * x + y * y))
    return result
""",
    "divisor_sum": """
def divisor_sum(n):
    import math

    total = 0
    divisors = sorted({
        divisor
        for small in range(1, math.isqrt(n) + 1) if n % small == 0
        for divisor in (small, n // small)
        if divisor < n
    })
    for d in divisors:
        if n % d == 0:
            total += d
    return total
""",
    "common_divisor": """
def common_divisor(a, b):
    import math

    best = math.gcd(a, b)
    return best
""",
    "without_short": """
def without_short(words, least):
    kept = list(words)
    kept[:] = [one for one in kept if not (len(one) < least)]
    return kept
""",
    "paths": """
def paths(grid):
    import functools

    @functools.cache
    def count(row, column):
        if row < 0 or column < 0 or grid[row][column]:
            return 0
        if row == column == 0:
            return 1
        return count(row - 1, column) + count(row, column - 1)

    return count(len(grid) - 1, len(grid[0]) - 1)
""",
    "placements": """
def placements(size, blocked):
    blocked_set = set(blocked)
    def free(row, column):
        return (row, column) not in blocked_set

    count = 0
    for row in range(size):
        for column in range(size):
            if free(row, column):
                count += 1
    return count
""",
    "other_shares": """
def other_shares(votes, parties):
    import collections

    found = []
    votes_counts = collections.Counter(vote["party"] for vote in votes)
    for party in parties:
        found.append(votes_counts[party])
    return found
""",
    "picked": """
def picked(values, places):
    ordered = list(values)
    found = []
    ordered.sort()
    for place in places:
        found.append(ordered[place])
    return found
""",
    "latest": """
def latest(records):
    kept = []
    kept_keys = set()
    for record in records:
        if record["id"] not in kept_keys:
            kept.append(record)
            kept_keys.add(record["id"])
    return kept
""",
    "in_order": """
def in_order(values):
    ordered = list(values)
    ordered.sort()
    return ordered
""",
    "checked_costs": """
def checked_costs(sizes):
    import heapq

    piles = list(sizes)
    piles.append(3)
    for pile in piles:
        if pile > 8:
            raise ValueError(pile)
    total = 0
    heapq.heapify(piles)
    while len(piles) > 1:
        first = heapq.heappop(piles)
        second = heapq.heappop(piles)
        total += first + second
        heapq.heappush(piles, first + second)
    return total
""",
    "smoothed": """
def smoothed(samples, weights):
    output = []
    for i in range(len(samples)):
        total = 0
        for j in range(min(len(weights), i + 1)):
            # those before
            total += samples[i - j] * weights[j]
        output.append(total)
    return output
""",
    "pairs_apart": """
def pairs_apart(values, gap, most):
    return sum([values[k] for k in range(max(0, most + 1), len(values)) if k + gap < len(values)])
""",
    "other_invoice": """
def other_invoice(prices, counts):
    import operator

    return sum(map(operator.mul, prices, counts))
""",
    "other_weighted_total": """
def other_weighted_total(values, weights):
    import operator

    total = sum(map(operator.mul, values, weights))
    return total
""",
    "echoed": """
def echoed(samples, weights):
    import operator

    found = []
    for at in range(len(samples)):
        width = min(at + 1, len(weights))
        value = samples[at]
        value += sum(map(operator.mul, samples[at - width + 1:at + 1][::-1], weights))
        found.append(value)
    return found
""",
    "overlap": """
def overlap(wave, lag):
    import operator

    found = []
    for shift in range(lag):
        found.append(sum(map(operator.mul, wave[shift:shift + (len(wave) - shift)], wave)))
    return found
""",
    "product_of": """
def product_of(one, two, place):
    import operator

    return sum(map(operator.mul, one[0:place][::-1], two[1:place + 1]))
""",
    "autocovariance": """
def autocovariance(wave, lag):
    import operator

    return sum(map(operator.mul, wave[lag:len(wave)], wave[0:len(wave) - lag]))
""",
}

AFTER = merged(
    _HERE, SCANS, WALKS, CARRIED, KEPT, PARTS, KNOWN, NESTED, GROWN, COPIES, SPELLED, ONWARD, RANKED, TRIED, CALLED
)
