"""The eighth part of `slow_programs`, to the letter."""

KNOWN: dict[str, str] = {
    "longest_mirror": """
def longest_mirror(text):
    best = ""
    spaced = [None, *(one for item in text for one in (item, None))]
    text_mirrors = [0] * len(spaced)
    middle, right = 0, 0
    for at in range(len(spaced)):
        far = min(right - at, text_mirrors[2 * middle - at]) if at < right else 0
        while at > far and at + far + 1 < len(spaced) and spaced[at - far - 1] == spaced[at + far + 1]:
            far += 1
        text_mirrors[at] = far
        if at + far > right:
            middle, right = at, at + far
    for i in range(len(text)):
        for j in range(i + 1, len(text) + 1):
            if (text_mirrors[i + j] >= j - i) and (j - i) > len(best):
                best = text[i:j]
    return best
""",
    "mirrors_in": """
def mirrors_in(values):
    n = len(values)
    spaced = [None, *(one for item in values for one in (item, None))]
    values_mirrors = [0] * len(spaced)
    middle, right = 0, 0
    for at in range(len(spaced)):
        far = min(right - at, values_mirrors[2 * middle - at]) if at < right else 0
        while at > far and at + far + 1 < len(spaced) and spaced[at - far - 1] == spaced[at + far + 1]:
            far += 1
        values_mirrors[at] = far
        if at + far > right:
            middle, right = at, at + far
    return sum(1 for i in range(n) for j in range(i + 2, n + 1) if (values_mirrors[i + j] >= j - i))
""",
    "overlaps": """
def overlaps(bookings):
    import bisect

    counts = []
    bookings_starts = sorted(first for j, (first, last) in enumerate(bookings) if first < last)
    bookings_ends = sorted(last for j, (first, last) in enumerate(bookings) if first < last)
    bookings_odd = [(j, (first, last)) for j, (first, last) in enumerate(bookings) if not first < last]

    def bookings_overlapping(start_2, end_2):
        if start_2 > end_2:
            return sum(1 for j, (first, last) in enumerate(bookings) if first < end_2 and last > start_2)
        found = bisect.bisect_left(bookings_starts, end_2) - bisect.bisect_right(bookings_ends, start_2)
        return found + sum(1 for j, (first, last) in bookings_odd if first < end_2 and last > start_2)

    for i, (start, end) in enumerate(bookings):
        count = bookings_overlapping(start, end) - (end > start and start < end)
        counts.append(count)
    return counts
""",
    "guests_at_once": """
def guests_at_once(stays, nights):
    import bisect

    stays_starts = sorted(stay["from"] for stay in stays if stay["from"] <= stay["to"])
    stays_ends = sorted(stay["to"] for stay in stays if stay["from"] <= stay["to"])
    stays_odd = [stay for stay in stays if not stay["from"] <= stay["to"]]

    def stays_overlapping(start, end):
        if start > end:
            return sum(1 for stay in stays if stay["from"] <= end and stay["to"] >= start)
        found = bisect.bisect_right(stays_starts, end) - bisect.bisect_left(stays_ends, start)
        return found + sum(1 for stay in stays_odd if stay["from"] <= end and stay["to"] >= start)

    return [stays_overlapping(first, last) for first, last in nights]
""",
    "letter_groups": """
def letter_groups(words):
    groups = {}
    groups_by_key = {}
    for word in words:
        placed = False
        for key, group in [(key, groups[key]) for key in groups_by_key.get(tuple(sorted(word)), ())]:
            if sorted(key) == sorted(word):
                group.append(word)
                placed = True
        if not placed:
            if word not in groups:
                groups_by_key.setdefault(tuple(sorted(word)), []).append(word)
            groups[word] = [word]
    return groups
""",
    "in_all": """
def in_all(lists):
    common = []
    lists_sets = [set(other) for other in lists]
    for x in lists[0]:
        everywhere = True
        for other, other_set in zip(lists[1:], lists_sets[1:]):
            if x not in other_set:
                everywhere = False
                break
        if everywhere:
            common.append(x)
    return common
""",
    "teams_of": """
def teams_of(teams, names):
    found = {}
    teams_sets = [set(members) for team, members in teams.items()]
    for name in names:
        found[name] = [team for (team, members), members_set in zip(teams.items(), teams_sets) if name in members_set]
    return found
""",
    "prime_numbers": """
def prime_numbers(most):
    import itertools

    found = []
    for n in range(2, most):
        for p in itertools.takewhile(lambda p: p * p <= n, found):
            if not n % p:
                break
        else:
            found.append(n)
    return found
""",
    "lots_of_primes": """
def lots_of_primes(lots):
    import math

    return [lot for lot in lots if lot > 1 and all(lot % d for d in range(2, math.isqrt(lot) + 1))]
""",
    "best_profit": """
def best_profit(prices):
    best = max([0, *[prices[j] - prices[i] for i in range(len(prices)) for j in range(i + 1, len(prices))]])
    return best
""",
    "areas": """
def areas(grid, parts):
    import itertools

    found = []
    grid_sums = [[0, *itertools.accumulate(row)] for row in grid]
    for top, left, bottom, right in parts:
        total = 0
        for r in range(top, bottom):
            total += grid_sums[r][max(left, right)] - grid_sums[r][left]
        found.append(total)
    return found
""",
    "best_marks": """
def best_marks(marks, most):
    left = list(marks)
    best = []
    for mark in sorted(left, reverse=True):
        if not (len(best) < most):
            break
        best.append(mark)
    return best
""",
    "worth": """
def worth(orders, customers):
    found = []
    for customer in customers:
        own = [order for order in orders if order["customer"] == customer["id"]]
        found.append((customer["name"], len(own), max(map(lambda order: order["total"], own), default=0)))
    return found
""",
    "ways_up": """
class Stairs:
    def __init__(self, steps):
        self.steps = steps

    def ways(self, height):
        import functools

        @functools.cache
        def ways_of(height):
            if height == 0:
                return 1
            return sum(ways_of(height - step) for step in self.steps if step <= height)

        return ways_of(height)


def ways_up(height, steps):
    return Stairs(steps).ways(height)
""",
    "reached_by": """
class Roads:
    def __init__(self, pairs):
        self.pairs = pairs

    def reached(self, start):
        import collections

        reached = [start]
        waiting = collections.deque([start])
        while waiting:
            place = waiting.popleft()
            for one, other in self.pairs:
                if one == place and other not in reached:
                    reached.append(other)
                    waiting.append(other)
        return reached


def reached_by(pairs, start):
    return Roads(pairs).reached(start)
""",
    "blurred": """
def blurred(image, radius):
    import itertools

    height, width = len(image), len(image[0])
    found = []
    image_sums = [[0] * (len(image[0]) + 1 if image else 1)]
    for row in image:
        across = itertools.accumulate(row, initial=0)
        image_sums.append([a + b for a, b in zip(image_sums[-1], across, strict=True)])
    for y in range(height):
        line = []
        for x in range(width):
            total = 0
            count = 0
            top = max(y - radius, 0)
            bottom = min(y + radius + 1, height)
            left = max(x - radius, 0)
            right = min(x + radius + 1, width)
            if top < bottom and left < right:
                lower, upper = image_sums[bottom], image_sums[top]
                total += lower[right] - lower[left] - upper[right] + upper[left]
                count += (bottom - top) * (right - left)
            line.append(total // count)
        found.append(line)
    return found
""",
    "mines_around": """
def mines_around(board):
    import itertools

    rows, columns = len(board), len(board[0])
    counts = {}
    board_sums = [[0] * (len(board[0]) + 1 if board else 1)]
    for row_2 in board:
        across = itertools.accumulate([1 if item == '*' else 0 for item in row_2], initial=0)
        board_sums.append([a + b for a, b in zip(board_sums[-1], across, strict=True)])
    for r in range(rows):
        for c in range(columns):
            mines = 0
            top = max(r - 1, 0)
            bottom = min(r + 2, rows)
            left = max(c - 1, 0)
            right = min(c + 2, columns)
            if top < bottom and left < right:
                lower, upper = board_sums[bottom], board_sums[top]
                mines += lower[right] - lower[left] - upper[right] + upper[left]
                if top <= r < bottom and left <= c < right:
                    mines -= 1 if board[r][c] == '*' else 0
            counts[r, c] = mines
    return counts
""",
    "ground_of": """
def ground_of(heights, plots):
    import itertools

    found = []
    heights_sums = [[0] * (len(heights[0]) + 1 if heights else 1)]
    for row in heights:
        across = itertools.accumulate([2 * item + 1 for item in row], initial=0)
        heights_sums.append([a + b for a, b in zip(heights_sums[-1], across, strict=True)])
    for top, left, bottom, right in plots:
        total = 0
        if top < bottom and left < right:
            lower, upper = heights_sums[bottom], heights_sums[top]
            total += lower[right] - lower[left] - upper[right] + upper[left]
        found.append(total)
    return found
""",
    "overdue": """
from datetime import datetime


def days_between(first, second):
    a = datetime.strptime(first, "%d.%m.%Y")
    b = datetime.strptime(second, "%d.%m.%Y")
    return (b - a).days


def overdue(bills, today):
    import functools

    found = []
    days_between_cached = functools.cache(days_between)
    for name, due in bills:
        if days_between_cached(due, today) > 30:
            found.append((name, days_between_cached(due, today)))
    return found
""",
    "past": """
from datetime import datetime


def past(days, today):
    count = 0
    datetime_strptime = datetime.strptime(today, "%d.%m.%Y") if days else None
    for day in days:
        if datetime.strptime(day, "%d.%m.%Y") < datetime_strptime:
            count += 1
    return count
""",
    "weekdays": """
import datetime


def weekdays(days):
    found = []

    def found_of(day):
        parts = [int(part) for part in day.split(".")]
        date = datetime.date(parts[2], parts[1], parts[0])
        return (date.isoformat(), date.weekday())

    days_results = {day: found_of(day) for day in dict.fromkeys(days)}
    found += [days_results[day] for day in days]
    return found
""",
    "rated": """
from decimal import Decimal


def rated(prices, rate):
    total = 0
    decimal_rate = Decimal(rate) if prices else None
    for price in prices:
        total += int(price * decimal_rate)
    return total
""",
}
