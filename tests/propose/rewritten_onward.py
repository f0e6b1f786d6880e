"""The last part of `slow_programs`, to the letter."""

ONWARD: dict[str, str] = {
    "series": """
def series(terms):
    total = 0.0
    product = 1
    for n in range(terms):
        for k in range(max(1, n), n + 1):
            product = product * k
        total += 1 / product
    return total
""",
    "leading_rows": """
def leading_rows(rows):
    found = []
    for i, row in enumerate(rows):
        if i == 0:
            best = rows[0]
        for other in rows[i : i + 1]:
            if other["score"] > best["score"]:
                best = other
        found.append((row["name"], best["name"]))
    return found
""",
    "kinds_so_far": """
def kinds_so_far(things):
    counts = []
    seen = set()
    for i in range(2, len(things)):
        for j in range(0 if i == 2 else i - 1, i):
            seen.add(things[j])
        counts.append(len(seen))
    return counts
""",
    "draws": '''
def draws(pairs):
    import math

    def product(n):
        """Of all numbers up to one."""
        result = math.factorial(max(n, 0))
        return result

    return [product(n) // (product(k) * product(n - k)) for n, k in pairs]
''',
    "orders_of": '''
def orders(n):
    """In how many orders n things can stand."""
    import math

    return math.factorial(max(n, 0))


def orders_of(groups):
    """Of each size."""
    return [orders(group) for group in groups]
''',
    "shortest_times": """
def shortest_times(network, start):
    import heapq

    times = {start: 0}
    unvisited = list(network)
    unvisited = {place: order for order, place in enumerate(unvisited)}
    waiting = [(times[place], order, place) for place, order in unvisited.items() if place in times]
    heapq.heapify(waiting)
    while unvisited:
        nearest = None
        while waiting:
            value, order, place = waiting[0]
            if place in unvisited and place in times and times[place] == value:
                nearest = place
                break
            heapq.heappop(waiting)
        if nearest is None:
            break
        unvisited.pop(nearest, None)
        for other, minutes in network[nearest].items():
            if other not in times or times[nearest] + minutes < times[other]:
                times[other] = times[nearest] + minutes
                if other in unvisited and other in times:
                    heapq.heappush(waiting, (times[other], unvisited[other], other))
    return times
""",
    "ways_from": """
def ways_from(network, start):
    import heapq

    far = {place: float("inf") for place in network}
    far[start] = 0
    left = list(network)
    left = {next_place: order for order, next_place in enumerate(left)}
    waiting = [(far[next_place], order, next_place) for next_place, order in left.items()]
    heapq.heapify(waiting)
    while left:
        while waiting:
            value, order, next_place = waiting[0]
            if next_place in left and far[next_place] == value:
                place = next_place
                break
            heapq.heappop(waiting)
        left.pop(place, None)
        for other, length in network[place].items():
            far[other] = min(far[other], far[place] + length)
            if other in left:
                heapq.heappush(waiting, (far[other], left[other], other))
    return far
""",
    "all_merged": """
def all_merged(rows):
    import heapq

    places = [0] * len(rows)
    merged = []
    waiting = [(rows[k][places[k]], k) for k in range(len(rows)) if places[k] != len(rows[k])]
    heapq.heapify(waiting)
    while True:
        where = -1
        while waiting:
            value, k = waiting[0]
            if places[k] != len(rows[k]) and rows[k][places[k]] == value:
                where = k
                break
            heapq.heappop(waiting)
        if where == -1:
            return merged
        merged.append(rows[where][places[where]])
        places[where] += 1
        if places[where] != len(rows[where]):
            heapq.heappush(waiting, (rows[where][places[where]], where))
""",
    "is_free": """
def is_free(bookings):
    bookings_ordered = sorted(bookings, key=lambda it: (it[0], it[1]))
    reach = 1 if all(it[0] <= it[1] for it in bookings_ordered) else len(bookings_ordered)
    for i in range(len(bookings_ordered)):
        start, end = bookings_ordered[i]
        for j in range(i + 1, min(i + 1 + reach, len(bookings_ordered))):
            if i == j:
                continue
            other_start, other_end = bookings_ordered[j]
            if start < other_end and other_start < end:
                return False
    return True
""",
    "some_meet": """
def some_meet(xs):
    xs_ordered = sorted(xs, key=lambda it: (it[0], it[1]))
    reach = 1 if all(it[0] <= it[1] for it in xs_ordered) else len(xs_ordered)
    return any(a[0] < b[1] and b[0] < a[1] for i, a in enumerate(xs_ordered) for b in xs_ordered[i + 1 : i + 1 + reach])
""",
    "do_clash": """
import itertools


def do_clash(days):
    clash = False
    days_ordered = sorted((it for it in days if it['start'] < it['end']), key=lambda it: (it['start'], it['end']))
    reach = 1 if all(it['start'] < it['end'] for it in days_ordered) else len(days_ordered)
    for one, other in (zip(days_ordered, days_ordered[1:]) if reach == 1 else itertools.combinations(days_ordered, 2)):
        if max(one["start"], other["start"]) < min(one["end"], other["end"]):
            clash = True
            break
    return clash
""",
    "lent_again": """
def lent_again(titles, lent):
    shelf = titles[:]
    shelf_set = set(shelf)
    moved = {}
    for title in lent:
        if title in shelf_set:
            moved.pop(title, None)
            moved[title] = None
    left, rest = dict(moved), []
    for one in shelf:
        if one in left:
            del left[one]
        else:
            rest.append(one)
    shelf = [*reversed(moved), *rest]
    return shelf
""",
    "taken_out": """
def taken_out(titles, lent):
    pile = list(titles)
    pile_set = set(pile)
    moved = {}
    for title in lent:
        if title not in pile_set:
            continue
        moved.pop(title, None)
        moved[title] = None
    left, rest = dict(moved), []
    for one in pile:
        if one in left:
            del left[one]
        else:
            rest.append(one)
    pile = [*reversed(moved), *rest]
    return pile
""",
    "cached_pages": """
def cached_pages(pages, size):
    import collections

    held = collections.OrderedDict()
    hits = 0
    for page in pages:
        if page in held:
            hits += 1
            held.pop(page, None)
            held[page] = None
        else:
            if len(held) >= size:
                held.popitem(last=False) if held else [].pop()
            held[page] = None
    held = list(held)
    return hits, held
""",
    "repeats_dropped": """
def repeats_dropped(things):
    things_kept = []
    for one in things:
        if one not in things_kept:
            things_kept.append(one)
    things[:] = things_kept
    return things
""",
    "first_orders": """
def first_orders(orders):
    firsts = {}
    for one in orders:
        firsts.setdefault(one[0], one)
    orders[:] = firsts.values()
    return orders
""",
    "kept_first": """
def kept_first(things):
    things_kept = [one for i, one in enumerate(things) if one not in things[:i]]
    things[:] = things_kept
    return things
""",
    "kept_last": """
def kept_last(things):
    things[:] = list(dict.fromkeys(reversed(things)))[::-1]
    return things
""",
    "longest_shared": """
def longest_shared(one, other):
    best = ""
    for i in range(len(one)):
        if one[i : i + len(best) + 1] not in other:
            continue
        for j in range(len(other)):
            k = 0
            while i + k < len(one) and j + k < len(other) and one[i + k] == other[j + k]:
                k += 1
            if k > len(best):
                best = one[i : i + k]
    return best
""",
    "longest_within": """
def longest_within(one: str, other: str) -> str:
    best = ""
    for i in range(len(one)):
        for j in range(i + 1 + len(best), len(one) + 1):
            if one[i:j] not in other:
                break
            part = one[i:j]
            if part in other and len(part) > len(best):
                best = part
    return best
""",
    "largest_within": """
def largest_within(one: str, other: str) -> str:
    longest = 0
    for start_2 in range(len(one)):
        while start_2 + longest < len(one) and one[start_2 : start_2 + longest + 1] in other:
            longest += 1
    for length in range(min(len(one), longest), 0, -1):
        for start in range(len(one) - length + 1):
            if one[start : start + length] in other:
                return one[start : start + length]
    return ""
""",
    "alike_names": """
def alike_names(names):
    import collections

    best = 0
    pair = None
    starts, width = {}, 0
    for i, first in enumerate(names):
        if width != best + 1:
            width = best + 1
            starts = collections.Counter(one[:width] for one in names if len(one) >= width)
        if starts.get(first[:width], 0) < 2:
            continue
        for second in names[i + 1 :]:
            n = 0
            while n < min(len(first), len(second)) and first[n] == second[n]:
                n += 1
            if n > best:
                best = n
                pair = (first, second)
    return pair
""",
    "beginning_of_all": """
def beginning_of_all(texts):
    beginning = ""
    for end in range(1, len(texts[0]) + 1):
        part = texts[0][:end]
        if not all(text[:end] == part for text in texts):
            break
        beginning = part
    return beginning
""",
    "start_of_all": """
def start_of_all(texts):
    texts_ends = [min(texts), max(texts)] if texts else []
    for end in range(len(texts[0]), 0, -1):
        if all(text.startswith(texts[0][:end]) for text in texts_ends):
            return texts[0][:end]
    return ""
""",
    "has_clash": """
def has_clash(bookings):
    for i in range(len(bookings)):
        for j in range(i + 1, len(bookings)):
            if bookings[i][0] < bookings[j][1] and bookings[i][1] > bookings[j][0]:
                return True
    return False
""",
    "sums_across": """
def sums_across(table):
    found = []
    sum_values_at = {}
    for row in table:
        line = []
        for c in range(len(row)):
            if c not in sum_values_at:
                sum_values_at[c] = sum(other[c] for other in table)
            line.append(sum(row) + sum_values_at[c] - row[c])
        found.append(line)
    return found
""",
    "best_days": """
def best_days(prices):
    import itertools

    best = (0, None, None)
    prices_max_from = list(itertools.accumulate(reversed(prices), max))[::-1]
    for buy, low in enumerate(prices):
        if buy + 1 >= len(prices_max_from) or (prices_max_from[buy + 1] - low <= best[0]):
            continue
        for sell in range(buy + 1, len(prices)):
            profit = prices[sell] - low
            if profit > best[0]:
                best = (profit, buy, sell)
    return best
""",
    "deepest_fall": """
def deepest_fall(heights):
    import itertools

    fall = None
    where = None
    heights_min_from = list(itertools.accumulate(reversed(heights), min))[::-1]
    for i in range(len(heights)):
        if i >= len(heights_min_from) or (not (fall is None) and heights[i] - heights_min_from[i] <= fall):
            continue
        for j in range(i, len(heights)):
            if fall is None or fall < heights[i] - heights[j]:
                fall = heights[i] - heights[j]
                where = i, j
    return fall, where
""",
    "middles_so_far": """
def middles_so_far(heights):
    middles = []
    for i in range(len(heights)):
        part = sorted(heights[: i + 1], reverse=True)
        middles.append(part[len(part) // 2])
    return middles
""",
}
