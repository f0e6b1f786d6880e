"""The eighth part of `slow_programs`: parts that are mirrors, stretches that overlap, keys and lists looked through."""

from .slow_inputs import Slow, day_of, matrices, numbers, orders, word, words

KNOWN: dict[str, Slow] = {
    "longest_mirror": Slow(
        """
def longest_mirror(text):
    best = ""
    for i in range(len(text)):
        for j in range(i + 1, len(text) + 1):
            part = text[i:j]
            if part == part[::-1] and len(part) > len(best):
                best = part
    return best
""",
        lambda rng: (word(rng, "ab", 14),),
        ("mirrored",),
    ),
    "mirrors_in": Slow(
        """
def mirrors_in(values):
    n = len(values)
    return sum(1 for i in range(n) for j in range(i + 2, n + 1) if values[i:j] == values[i:j][::-1])
""",
        lambda rng: (numbers(rng, top=2),),
        ("mirrored",),
    ),
    "overlaps": Slow(
        """
def overlaps(bookings):
    counts = []
    for i, (start, end) in enumerate(bookings):
        count = 0
        for j, (first, last) in enumerate(bookings):
            if i != j and start < last and first < end:
                count += 1
        counts.append(count)
    return counts
""",
        lambda rng: ([(number, number + rng.randint(-1, 6)) for number in numbers(rng)],),
        ("overlap_count",),
    ),
    "guests_at_once": Slow(
        """
def guests_at_once(stays, nights):
    return [sum(1 for stay in stays if stay["from"] <= last and stay["to"] >= first) for first, last in nights]
""",
        lambda rng: (
            [{"from": number, "to": number + rng.randint(-1, 5)} for number in numbers(rng)],
            [(number, number + rng.randint(-2, 3)) for number in numbers(rng)],
        ),
        ("overlap_count",),
    ),
    "letter_groups": Slow(
        """
def letter_groups(words):
    groups = {}
    for word in words:
        placed = False
        for key, group in groups.items():
            if sorted(key) == sorted(word):
                group.append(word)
                placed = True
        if not placed:
            groups[word] = [word]
    return groups
""",
        lambda rng: (words(rng),),
        ("keys_growing",),
    ),
    "in_all": Slow(
        """
def in_all(lists):
    common = []
    for x in lists[0]:
        everywhere = True
        for other in lists[1:]:
            if x not in other:
                everywhere = False
                break
        if everywhere:
            common.append(x)
    return common
""",
        lambda rng: ([numbers(rng) for _ in range(rng.randint(1, 4))],),
        ("sets_beside",),
    ),
    "teams_of": Slow(
        """
def teams_of(teams, names):
    found = {}
    for name in names:
        found[name] = [team for team, members in teams.items() if name in members]
    return found
""",
        lambda rng: ({word(rng): words(rng) for _ in range(5)}, words(rng)),
        ("sets_beside",),
    ),
    "prime_numbers": Slow(
        """
def prime_numbers(most):
    found = []
    for n in range(2, most):
        for p in found:
            if not n % p:
                break
        else:
            found.append(n)
    return found
""",
        lambda rng: (rng.randint(0, 60),),
        ("up_to_root",),
    ),
    "lots_of_primes": Slow(
        """
def lots_of_primes(lots):
    return [lot for lot in lots if lot > 1 and all(lot % d for d in range(2, lot))]
""",
        lambda rng: (numbers(rng, top=90),),
        ("up_to_root",),
    ),
    "best_profit": Slow(
        """
def best_profit(prices):
    best = 0
    for i in range(len(prices)):
        for j in range(i + 1, len(prices)):
            profit = prices[j] - prices[i]
            if profit > best:
                best = profit
    return best
""",
        lambda rng: (numbers(rng),),
        ("reduction", "extreme_of_rest"),
    ),
    "areas": Slow(
        """
def areas(grid, parts):
    found = []
    for top, left, bottom, right in parts:
        total = 0
        for r in range(top, bottom):
            total += sum(grid[r][left:right])
        found.append(total)
    return found
""",
        lambda rng: (
            [numbers(rng, least=6, most=6) for _ in range(6)],
            [tuple(rng.randint(0, 6) for _ in range(4)) for _ in range(8)],
        ),
        ("prefix_sums",),
    ),
    "best_marks": Slow(
        """
def best_marks(marks, most):
    left = list(marks)
    best = []
    while len(best) < most and left:
        mark = max(left)
        best.append(mark)
        left.remove(mark)
    return best
""",
        lambda rng: (numbers(rng), rng.randint(0, 9)),
        ("sort_by_selection",),
    ),
    "worth": Slow(
        """
def worth(orders, customers):
    found = []
    for customer in customers:
        own = list(filter(lambda order: order["customer"] == customer["id"], orders))
        found.append((customer["name"], len(own), max(map(lambda order: order["total"], own), default=0)))
    return found
""",
        orders,
        ("shorter",),
    ),
    "ways_up": Slow(
        """
class Stairs:
    def __init__(self, steps):
        self.steps = steps

    def ways(self, height):
        if height == 0:
            return 1
        return sum(self.ways(height - step) for step in self.steps if step <= height)


def ways_up(height, steps):
    return Stairs(steps).ways(height)
""",
        lambda rng: (rng.randint(0, 9), [1, 2, 3]),
        ("remember_recursion",),
        ("Stairs",),
    ),
    "reached_by": Slow(
        """
class Roads:
    def __init__(self, pairs):
        self.pairs = pairs

    def reached(self, start):
        reached = [start]
        waiting = [start]
        while waiting:
            place = waiting.pop(0)
            for one, other in self.pairs:
                if one == place and other not in reached:
                    reached.append(other)
                    waiting.append(other)
        return reached


def reached_by(pairs, start):
    return Roads(pairs).reached(start)
""",
        lambda rng: ([(rng.randrange(9), rng.randrange(9)) for _ in range(12)], 0),
        ("popleft", "seen_set"),
        ("Roads",),
    ),
    "blurred": Slow(
        """
def blurred(image, radius):
    height, width = len(image), len(image[0])
    found = []
    for y in range(height):
        line = []
        for x in range(width):
            total = 0
            count = 0
            for dy in range(-radius, radius + 1):
                for dx in range(-radius, radius + 1):
                    if 0 <= y + dy < height and 0 <= x + dx < width:
                        total += image[y + dy][x + dx]
                        count += 1
            line.append(total // count)
        found.append(line)
    return found
""",
        lambda rng: (matrices(rng)[0], rng.randint(0, 3)),
        ("block_sums",),
    ),
    "mines_around": Slow(
        """
def mines_around(board):
    rows, columns = len(board), len(board[0])
    counts = {}
    for r in range(rows):
        for c in range(columns):
            mines = 0
            for dr in range(-1, 2):
                for dc in range(-1, 2):
                    if dr == 0 and dc == 0:
                        continue
                    row, column = r + dr, c + dc
                    if row >= 0 and row < rows and column >= 0 and columns > column:
                        if board[row][column] == "*":
                            mines += 1
            counts[r, c] = mines
    return counts
""",
        lambda rng: ([[rng.choice("*.") for _ in range(4)] for _ in range(rng.randint(1, 5))],),
        ("block_sums",),
    ),
    "ground_of": Slow(
        """
def ground_of(heights, plots):
    found = []
    for top, left, bottom, right in plots:
        total = 0
        for r in range(top, bottom):
            for c in range(left, right):
                total += 2 * heights[r][c] + 1
        found.append(total)
    return found
""",
        lambda rng: (
            [numbers(rng, least=6, most=6) for _ in range(6)],
            [tuple(rng.randint(0, 6) for _ in range(4)) for _ in range(8)],
        ),
        ("block_sums",),
    ),
    "overdue": Slow(
        """
from datetime import datetime


def days_between(first, second):
    a = datetime.strptime(first, "%d.%m.%Y")
    b = datetime.strptime(second, "%d.%m.%Y")
    return (b - a).days


def overdue(bills, today):
    found = []
    for name, due in bills:
        if days_between(due, today) > 30:
            found.append((name, days_between(due, today)))
    return found
""",
        lambda rng: ([(word(rng), day_of(rng)) for _ in range(8)], day_of(rng)),
        ("remember_calls",),
        ("days_between",),
    ),
    "past": Slow(
        """
from datetime import datetime


def past(days, today):
    count = 0
    for day in days:
        if datetime.strptime(day, "%d.%m.%Y") < datetime.strptime(today, "%d.%m.%Y"):
            count += 1
    return count
""",
        lambda rng: ([day_of(rng) for _ in range(rng.randint(0, 9))], day_of(rng)),
        ("hoist_invariant",),
    ),
    "weekdays": Slow(
        """
import datetime


def weekdays(days):
    found = []
    for day in days:
        parts = [int(part) for part in day.split(".")]
        date = datetime.date(parts[2], parts[1], parts[0])
        found.append((date.isoformat(), date.weekday()))
    return found
""",
        lambda rng: ([day_of(rng) for _ in range(9)],),
        ("once_for_each",),
    ),
    "rated": Slow(
        """
from decimal import Decimal


def rated(prices, rate):
    total = 0
    for price in prices:
        total += int(price * Decimal(rate))
    return total
""",
        lambda rng: (numbers(rng), f"{rng.randint(1, 9)}.{rng.randint(0, 99):02}"),
        ("hoist_invariant",),
    ),
}
