"""The second half of `slow_programs`."""

from .slow_inputs import Slow, graph, matrices, numbers, weighted, word, words

MORE: dict[str, Slow] = {
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
    "other_newest_first": Slow(
        """
def other_newest_first(events):
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
    "other_medians": Slow(
        """
def other_medians(values):
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
    "other_shares": Slow(
        """
def other_shares(votes, parties):
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
    "checked_costs": Slow(
        """
def checked_costs(sizes):
    piles = list(sizes)
    piles.append(3)
    for pile in piles:
        if pile > 8:
            raise ValueError(pile)
    total = 0
    while len(piles) > 1:
        piles.sort()
        first = piles.pop(0)
        second = piles.pop(0)
        total += first + second
        piles.append(first + second)
    return total
""",
        lambda rng: (numbers(rng, top=8),),
        ("heap",),
    ),
    "smoothed": Slow(
        """
def smoothed(samples, weights):
    output = []
    for i in range(len(samples)):
        total = 0
        for j in range(len(weights)):
            if i - j >= 0:
                # those before
                total += samples[i - j] * weights[j]
        output.append(total)
    return output
""",
        lambda rng: (numbers(rng), numbers(rng, most=6)),
        ("bounded_range",),
    ),
    "pairs_apart": Slow(
        """
def pairs_apart(values, gap, most):
    return sum([values[k] for k in range(len(values)) if k + gap < len(values) if k > most])
""",
        lambda rng: (numbers(rng), rng.randint(0, 5), rng.randint(0, 5)),
        ("bounded_range",),
    ),
    "other_invoice": Slow(
        """
def other_invoice(prices, counts):
    return sum(price * count for count, price in zip(counts, prices))
""",
        lambda rng: (numbers(rng, least=9, most=9), numbers(rng, least=9, most=9)),
        ("products",),
    ),
    "standings": Slow(
        """
def standings(scores):
    return [1 + sum(1 for other in scores if other > score) for score in scores]
""",
        lambda rng: (numbers(rng),),
        ("rank_scan",),
    ),
    "earlier": Slow(
        """
def earlier(starts, ends):
    found = []
    for start in starts:
        found.append(len([end for end in ends if start >= end + 1]))
    return found
""",
        lambda rng: (numbers(rng), numbers(rng)),
        ("rank_scan",),
    ),
    "other_weighted_total": Slow(
        """
def other_weighted_total(values, weights):
    total = 0
    for k in range(len(values)):
        total += values[k] * weights[k]
    return total
""",
        lambda rng: (numbers(rng, least=9, most=9), numbers(rng, least=9, most=9)),
        ("products",),
    ),
    "echoed": Slow(
        """
def echoed(samples, weights):
    found = []
    for at in range(len(samples)):
        width = min(at + 1, len(weights))
        value = samples[at]
        for k in range(width):
            value += samples[at - k] * weights[k]
        found.append(value)
    return found
""",
        lambda rng: (numbers(rng, least=5), numbers(rng, least=1)),
        ("products",),
    ),
    "overlap": Slow(
        """
def overlap(wave, lag):
    found = []
    for shift in range(lag):
        found.append(sum(wave[k + shift] * wave[k] for k in range(len(wave) - shift)))
    return found
""",
        lambda rng: (numbers(rng, least=5), rng.randint(0, 5)),
        ("products",),
    ),
    "product_of": Slow(
        """
def product_of(one, two, place):
    return sum([one[place - k] * two[k] for k in range(1, place + 1)])
""",
        lambda rng: (numbers(rng, least=9), numbers(rng, least=9), rng.randint(0, 8)),
        ("products",),
    ),
    "autocovariance": Slow(
        """
def autocovariance(wave, lag):
    return sum(wave[k] * wave[k - lag] for k in range(lag, len(wave)))
""",
        lambda rng: (numbers(rng, least=5), rng.randint(0, 5)),
        ("products",),
    ),
}
