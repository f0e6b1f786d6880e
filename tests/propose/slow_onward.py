"""The last part of `slow_programs`: what is made anew in each round, and searches among all for one of a few."""

import random
from typing import Any

from .slow_inputs import Slow, numbers, weighted, word


def spans(rng: random.Random) -> list[tuple[int, int]]:
    """Stretches of a day; some of them without any length, some the wrong way round."""
    count, far = rng.randrange(9), rng.choice((9, 99))
    starts = [rng.randrange(far) for _ in range(count)]
    return [(start, start + rng.randrange(-1 if rng.random() < 0.1 else 0, 6)) for start in starts]


def rising(rng: random.Random) -> list[list[int]]:
    return [sorted(numbers(rng, most=6)) for _ in range(rng.randrange(5))]


def roads(rng: random.Random) -> tuple[Any, ...]:
    return {k: dict(ways) for k, ways in weighted(rng).items()}, 0


def shelves(rng: random.Random) -> tuple[list[int], list[int]]:
    return numbers(rng, most=9), numbers(rng, top=11)


ONWARD: dict[str, Slow] = {
    "series": Slow(
        """
def series(terms):
    total = 0.0
    for n in range(terms):
        product = 1
        for k in range(1, n + 1):
            product = product * k
        total += 1 / product
    return total
""",
        lambda rng: (rng.randrange(12),),
        ("gone_on",),
    ),
    "leading_rows": Slow(
        """
def leading_rows(rows):
    found = []
    for i, row in enumerate(rows):
        best = rows[0]
        for other in rows[: i + 1]:
            if other["score"] > best["score"]:
                best = other
        found.append((row["name"], best["name"]))
    return found
""",
        lambda rng: ([{"name": word(rng), "score": rng.randrange(9)} for _ in range(rng.randrange(9))],),
        ("gone_on",),
    ),
    "kinds_so_far": Slow(
        """
def kinds_so_far(things):
    counts = []
    for i in range(2, len(things)):
        seen = set()
        for j in range(i):
            seen.add(things[j])
        counts.append(len(seen))
    return counts
""",
        lambda rng: (numbers(rng),),
        ("gone_on",),
    ),
    "draws": Slow(
        '''
def draws(pairs):
    def product(n):
        """Of all numbers up to one."""
        result = 1
        for i in range(2, n + 1):
            result *= i
        return result

    return [product(n) // (product(k) * product(n - k)) for n, k in pairs]
''',
        lambda rng: ([(n := rng.randrange(12), rng.randint(0, n)) for _ in range(rng.randrange(9))],),
        ("factorial",),
    ),
    "orders_of": Slow(
        '''
def orders(n):
    """In how many orders n things can stand."""
    if n <= 1:
        return 1
    return n * orders(n - 1)


def orders_of(groups):
    """Of each size."""
    return [orders(group) for group in groups]
''',
        lambda rng: (numbers(rng),),
        ("factorial",),
        ("orders",),
    ),
    "shortest_times": Slow(
        """
def shortest_times(network, start):
    times = {start: 0}
    unvisited = list(network)
    while unvisited:
        nearest = None
        for place in unvisited:
            if place in times and (nearest is None or times[place] < times[nearest]):
                nearest = place
        if nearest is None:
            break
        unvisited.remove(nearest)
        for other, minutes in network[nearest].items():
            if other not in times or times[nearest] + minutes < times[other]:
                times[other] = times[nearest] + minutes
    return times
""",
        roads,
        ("chosen_by_heap",),
    ),
    "ways_from": Slow(
        """
def ways_from(network, start):
    far = {place: float("inf") for place in network}
    far[start] = 0
    left = list(network)
    while left:
        place = min(left, key=lambda place: far[place])
        left.remove(place)
        for other, length in network[place].items():
            far[other] = min(far[other], far[place] + length)
    return far
""",
        roads,
        ("chosen_by_heap",),
    ),
    "all_merged": Slow(
        """
def all_merged(rows):
    places = [0] * len(rows)
    merged = []
    while True:
        where = -1
        for k, row in enumerate(rows):
            if places[k] == len(row):
                continue
            if where == -1 or row[places[k]] < rows[where][places[where]]:
                where = k
        if where == -1:
            return merged
        merged.append(rows[where][places[where]])
        places[where] += 1
""",
        lambda rng: (rising(rng),),
        ("chosen_by_heap",),
    ),
    "is_free": Slow(
        """
def is_free(bookings):
    for i in range(len(bookings)):
        start, end = bookings[i]
        for j in range(len(bookings)):
            if i == j:
                continue
            other_start, other_end = bookings[j]
            if start < other_end and other_start < end:
                return False
    return True
""",
        lambda rng: (spans(rng),),
        ("overlapping_two",),
    ),
    "some_meet": Slow(
        """
def some_meet(xs):
    return any(a[0] < b[1] and b[0] < a[1] for i, a in enumerate(xs) for b in xs[i + 1 :])
""",
        lambda rng: (spans(rng),),
        ("overlapping_two",),
    ),
    "do_clash": Slow(
        """
import itertools


def do_clash(days):
    clash = False
    for one, other in itertools.combinations(days, 2):
        if max(one["start"], other["start"]) < min(one["end"], other["end"]):
            clash = True
            break
    return clash
""",
        lambda rng: ([{"start": start, "end": end} for start, end in spans(rng)],),
        ("overlapping_two",),
    ),
    "lent_again": Slow(
        """
def lent_again(titles, lent):
    shelf = titles[:]
    for title in lent:
        if title in shelf:
            shelf.remove(title)
            shelf.insert(0, title)
    return shelf
""",
        shelves,
        ("moved_to_front",),
    ),
    "taken_out": Slow(
        """
def taken_out(titles, lent):
    pile = list(titles)
    for title in lent:
        if title not in pile:
            continue
        place = pile.index(title)
        pile.insert(0, pile.pop(place))
    return pile
""",
        shelves,
        ("moved_to_front",),
    ),
    "cached_pages": Slow(
        """
def cached_pages(pages, size):
    held = []
    hits = 0
    for page in pages:
        if page in held:
            hits += 1
            held.remove(page)
            held.append(page)
        else:
            if len(held) >= size:
                held.pop(0)
            held.append(page)
    return hits, held
""",
        lambda rng: (numbers(rng), rng.randint(1, 6)),
        ("moved_to_end",),
    ),
    "repeats_dropped": Slow(
        """
def repeats_dropped(things):
    i = 0
    while i < len(things):
        if things[i] in things[:i]:
            del things[i]
        else:
            i += 1
    return things
""",
        lambda rng: (numbers(rng),),
        ("gathered", "seen_set"),
    ),
    "first_orders": Slow(
        """
def first_orders(orders):
    i = 0
    while i < len(orders):
        j = i + 1
        while j < len(orders):
            if orders[j][0] == orders[i][0]:
                orders.pop(j)
            else:
                j += 1
        i += 1
    return orders
""",
        lambda rng: ([(word(rng, most=2), rng.randrange(9)) for _ in range(rng.randrange(12))],),
        ("gathered",),
    ),
    "kept_first": Slow(
        """
def kept_first(things):
    for i in range(len(things) - 1, -1, -1):
        if things[i] in things[:i]:
            things.pop(i)
    return things
""",
        lambda rng: (numbers(rng),),
        ("gathered", "seen_before"),
    ),
    "kept_last": Slow(
        """
def kept_last(things):
    for thing in things[:]:
        while things.count(thing) > 1:
            things.remove(thing)
    return things
""",
        lambda rng: (numbers(rng),),
        ("gathered",),
    ),
    "longest_shared": Slow(
        """
def longest_shared(one, other):
    best = ""
    for i in range(len(one)):
        for j in range(len(other)):
            k = 0
            while i + k < len(one) and j + k < len(other) and one[i + k] == other[j + k]:
                k += 1
            if k > len(best):
                best = one[i : i + k]
    return best
""",
        lambda rng: (word(rng, most=12), word(rng, most=12)),
        ("longer_only",),
    ),
    "longest_within": Slow(
        """
def longest_within(one: str, other: str) -> str:
    best = ""
    for i in range(len(one)):
        for j in range(i + 1, len(one) + 1):
            part = one[i:j]
            if part in other and len(part) > len(best):
                best = part
    return best
""",
        lambda rng: (word(rng, most=12), word(rng, most=12)),
        ("longer_only",),
    ),
    "largest_within": Slow(
        """
def largest_within(one: str, other: str) -> str:
    for length in range(len(one), 0, -1):
        for start in range(len(one) - length + 1):
            if one[start : start + length] in other:
                return one[start : start + length]
    return ""
""",
        lambda rng: (word(rng, most=12), word(rng, most=12)),
        ("longer_only",),
    ),
    "alike_names": Slow(
        """
def alike_names(names):
    best = 0
    pair = None
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            n = 0
            while n < min(len(first), len(second)) and first[n] == second[n]:
                n += 1
            if n > best:
                best = n
                pair = (first, second)
    return pair
""",
        lambda rng: ([word(rng, "ab", 6) for _ in range(rng.randrange(9))],),
        ("longer_only",),
    ),
    "beginning_of_all": Slow(
        """
def beginning_of_all(texts):
    beginning = ""
    for end in range(1, len(texts[0]) + 1):
        part = texts[0][:end]
        if len([text for text in texts if text[:end] == part]) < len(texts):
            break
        beginning = part
    return beginning
""",
        lambda rng: ([(a := word(rng)) + word(rng, "ab", 3), *(a + word(rng) for _ in range(rng.randrange(4)))],),
        ("shorter", "least_and_most"),
    ),
    "start_of_all": Slow(
        """
def start_of_all(texts):
    for end in range(len(texts[0]), 0, -1):
        if all(text.startswith(texts[0][:end]) for text in texts):
            return texts[0][:end]
    return ""
""",
        lambda rng: ([word(rng, "ab", 5) for _ in range(rng.randint(1, 4))],),
        ("least_and_most",),
    ),
    "has_clash": Slow(
        """
def has_clash(bookings):
    n = len(bookings)
    for i in range(n):
        for j in range(i + 1, n):
            if bookings[i][0] < bookings[j][1] and bookings[i][1] > bookings[j][0]:
                return True
    return False
""",
        lambda rng: (spans(rng),),
        ("unnamed", "overlapping_two"),
    ),
    "sums_across": Slow(
        """
def sums_across(table):
    found = []
    for row in table:
        line = []
        for c in range(len(row)):
            line.append(sum(row) + sum(other[c] for other in table) - row[c])
        found.append(line)
    return found
""",
        lambda rng: ([numbers(rng, least=4, most=4) for _ in range(rng.randrange(6))],),
        ("once_for_place", "hoist_invariant"),
    ),
    "best_days": Slow(
        """
def best_days(prices):
    best = (0, None, None)
    for buy, low in enumerate(prices):
        for sell in range(buy + 1, len(prices)):
            profit = prices[sell] - low
            if profit > best[0]:
                best = (profit, buy, sell)
    return best
""",
        lambda rng: (numbers(rng),),
        ("more_only",),
    ),
    "deepest_fall": Slow(
        """
def deepest_fall(heights):
    fall = None
    where = None
    for i in range(len(heights)):
        for j in range(i, len(heights)):
            if fall is None or fall < heights[i] - heights[j]:
                fall = heights[i] - heights[j]
                where = i, j
    return fall, where
""",
        lambda rng: (numbers(rng),),
        ("more_only",),
    ),
    "middles_so_far": Slow(
        """
def middles_so_far(heights):
    middles = []
    for i in range(len(heights)):
        part = heights[: i + 1]
        part.sort(reverse=True)
        middles.append(part[len(part) // 2])
    return middles
""",
        lambda rng: (numbers(rng),),
        ("sorted_at_once",),
    ),
}
