"""Small functions as people write them, each with a known slow spot, inputs for it, and the rewrites that mend it."""

from .slow_called import CALLED
from .slow_carried import CARRIED
from .slow_copies import COPIES
from .slow_grown import GROWN
from .slow_inputs import Slow, merged, numbers, orders, word, words
from .slow_kept import KEPT
from .slow_known import KNOWN
from .slow_more import MORE
from .slow_nested import NESTED
from .slow_onward import ONWARD
from .slow_parts import PARTS
from .slow_ranked import RANKED
from .slow_scans import SCANS
from .slow_spelled import SPELLED
from .slow_tried import TRIED
from .slow_walks import WALKS

_HERE: dict[str, Slow] = {
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
    "other_totals": Slow(
        """
def other_totals(names, payments):
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
    "other_backwards": Slow(
        """
def other_backwards(text):
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
}

SLOW = merged(
    _HERE,
    MORE,
    SCANS,
    WALKS,
    CARRIED,
    KEPT,
    PARTS,
    KNOWN,
    NESTED,
    GROWN,
    COPIES,
    SPELLED,
    ONWARD,
    RANKED,
    TRIED,
    CALLED,
)
