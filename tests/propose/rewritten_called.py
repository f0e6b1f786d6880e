"""The last part of `slow_programs`, to the letter."""

CALLED: dict[str, str] = {
    "second_letters": """
def second_letter(text):
    letters = sorted(text)
    if not letters:
        return ""
    elif len(letters) == 1:
        return letters[0]
    return letters[1]


def second_letters(names):
    found = []
    for name in names:
        letters = sorted(name)
        if not letters:
            second_letter_result = ''
        elif len(letters) == 1:
            second_letter_result = letters[0]
        else:
            second_letter_result = letters[1]
        if second_letter_result != "a":
            found.append(name)
    return found
""",
    "at_rates": """
def rate_of(rates, day, other):
    for rate in rates:
        if rate["day"] == day:
            return rate["rate"]
    return other


def at_rates(rates, payments):
    total = 0
    for day, amount in payments:
        other = 1
        rate_of_result = other
        for rate in rates:
            if rate['day'] == day:
                rate_of_result = rate['rate']
                break
        total += amount * rate_of_result
    return total
""",
    "put_through": """
def put_through(accounts, moves):
    accounts_by_id = {}
    for i in range(len(accounts)):
        accounts_by_id.setdefault(accounts[i]["id"], []).append(i)
    for who, amount in moves:
        for i in accounts_by_id.get(who, ()):
            if accounts[i]["id"] == who:
                accounts[i]["sum"] += amount
                break
    return accounts
""",
    "tied_ropes": """
def tied_ropes(ropes):
    import heapq

    ropes = list(ropes)
    cost = 0
    heapq.heapify(ropes)
    while len(ropes) > 1:
        first = heapq.heappop(ropes)
        second = heapq.heappop(ropes)
        cost += first + second
        heapq.heappush(ropes, first + second)
    return cost
""",
    "bosses": """
def bosses(people, teams):
    found = []
    for name, team in people:
        boss = None
        for other, lead in teams:
            if other != team:
                continue
            boss = lead
            break
        found.append((name, boss))
    return found
""",
    "flat_averages": """
def flat_averages(values, n):
    found = []
    for i in range(len(values) - n + 1):
        total = 0
        for k in range(n):
            total += values[i + k]
        found.append(total / n)
    return found
""",
    "wholes": """
def wholes(text, part):
    found = []
    for i in range(len(text) - len(part) + 1):
        if text[i : i + len(part)] == part:
            found.append(i)
    return found
""",
    "lately": """
def lately(times, span):
    import bisect

    found = []
    times_before = []
    for i, now in enumerate(times):
        bisect.insort(times_before, times[i])
        found.append((len(times_before) - bisect.bisect_right(times_before, now - span)))
    return found
""",
    "yet_lower": """
def yet_lower(values):
    import bisect

    found = []
    values_after = sorted(values)
    for i in range(len(values)):
        lower = bisect.bisect_left(values_after, values[i])
        found.append(lower)
        del values_after[bisect.bisect_left(values_after, values[i])]
    return found
""",
    "counted_orders": """
def counted_orders(people, orders):
    import collections

    found = []
    orders_counts = collections.Counter(who for who, price in orders if not (not price) and not (price == 3))
    for one in people:
        number = orders_counts[one]
        found.append(number)
    return found
""",
    "clashes": """
def clashes(days):
    import bisect

    found = []
    days_starts = sorted(days[j][0] for j in range(len(days)) if days[j][0] < days[j][1])
    days_ends = sorted(days[j][1] for j in range(len(days)) if days[j][0] < days[j][1])
    days_odd = [j for j in range(len(days)) if not days[j][0] < days[j][1]]

    def days_overlapping(start, end):
        if start > end:
            return sum(1 for j in range(len(days)) if days[j][0] < end and days[j][1] > start)
        found_2 = bisect.bisect_left(days_starts, end) - bisect.bisect_right(days_ends, start)
        return found_2 + sum(1 for j in days_odd if days[j][0] < end and days[j][1] > start)

    for i in range(len(days)):
        n = days_overlapping(days[i][0], days[i][1]) - (days[i][1] > days[i][0] and days[i][0] < days[i][1])
        found.append(n)
    return found
""",
    "means_until": """
def means_until(sales, days):
    found = []
    for day in days:
        if not len([sale for sale in sales if sale[0] <= day]):
            found.append(None)
            continue
        found.append(sum(one[1] for one in sales if one[0] <= day) / len([sale for sale in sales if sale[0] <= day]))
    return found
""",
    "highest_left": """
def highest_left(heights):
    import itertools

    found = []
    heights_max_from = list(itertools.accumulate(reversed(heights), max, initial=3))[::-1]
    for i in range(len(heights)):
        most = heights_max_from[min(i, len(heights))]
        least = min([5, *[x for x in heights[:i]]])
        found.append(most - least)
    return found
""",
    "stretches_of": """
def stretches_of(values, wanted):
    import itertools
    import bisect

    number = 0
    values_sums = list(itertools.accumulate(values, initial=0))
    values_ends = {}
    for place, sum_so_far in enumerate(values_sums[1:]):
        values_ends.setdefault(sum_so_far, []).append(place)
    for i in range(len(values)):
        found = values_ends.get(values_sums[i] + wanted, ())
        for j in found[bisect.bisect_left(found, i) :]:
            if sum(values[i : j + 1]) == wanted:
                number += 1
    return number
""",
    "twos_of": """
def twos_of(values, wanted):
    total = 0
    for i in range(len(values)):
        for j in range(i + 1, len(values)):
            if values[i] + values[j] == wanted:
                total += 1
    return total
""",
    "same_later": """
def same_later(values):
    found = []
    for i, one in enumerate(values):
        for j in range(i + 1, len(values)):
            if one == values[j]:
                found.append((i, j))
    return found
""",
    "days_until": """
def days_until(values):
    found = []
    for i, one in enumerate(values):
        days = 0
        for place in range(i + 1, len(values)):
            if values[place] > one:
                days = (place - i - 1) + 1
                break
        found.append(days)
    return found
""",
    "pairs_later": """
def pairs_later(stays):
    found = []
    for i in range(len(stays)):
        for place in range(i, len(stays)):
            (who, night) = stays[place]
            if who == stays[i][0]:
                found.append((place - i + 1, night))
    return found
""",
    "twos_that_fit": """
def twos_that_fit(values, wanted):
    return [(i, j) for i, a in enumerate(values) for j in range(i + 1, len(values)) if a + values[j] == wanted]
""",
    "settled_by": """
def settled_by(moves, days):
    found = []
    for day in days:
        total = 0
        for when, kind, amount in moves:
            if when > day:
                continue
            total += amount if kind == "in" else -(amount + 1) if kind == "out" else 0
        found.append(total)
    return found
""",
    "longest_calm": """
def longest_calm(values):
    best = 0
    values_ends = [place + 1 for place in range(len(values))]
    for place in range(len(values) - 2, -1, -1):
        if values[place] == values[place + 1]:
            values_ends[place] = values_ends[place + 1]
    for i in range(len(values)):
        length = 1
        length += values_ends[i] - (i + 1)
        if length > best:
            best = length
    return best
""",
    "calms": """
def calms(values):
    found = []
    values_ends = [place + (values[place] == values[place]) for place in range(len(values))]
    for place in range(len(values) - 2, -1, -1):
        if values[place] == values[place + 1]:
            values_ends[place] = values_ends[place + 1]
    for i, one in enumerate(values):
        days = 0
        days += values_ends[i] - i
        j = values_ends[i]
        found.append((j, days))
    return found
""",
    "calm_lengths": """
def calm_lengths(values):
    found = []
    values_ends = [place + 1 for place in range(len(values))]
    for place in range(len(values) - 2, -1, -1):
        if values[place] == values[place + 1]:
            values_ends[place] = values_ends[place + 1]
    for i in range(len(values)):
        k = values_ends[i] - i
        found.append(k)
    return found
""",
    "grades": """
def grades(points, bounds):
    import bisect
    import itertools

    found = []
    bounds_max_to = list(itertools.accumulate((least for least, name in bounds), max))
    for one in points:
        grade = bisect.bisect_right(bounds_max_to, one)
        found.append(grade)
    return found
""",
    "since_when": """
def since_when(rates, days):
    import bisect
    import itertools

    found = []
    rates_max_to = list(itertools.accumulate((thing["from"] for thing in rates), max))
    for day in days:
        i = bisect.bisect_left(rates_max_to, day)
        found.append(rates[i - 1]["rate"] if i > 0 else None)
    return found
""",
    "handed_round": """
def handed_round(ring, times):
    import collections

    ring = collections.deque(ring)
    for _ in range(times):
        first = ring[0]
        if ring:
            ring.popleft()
        ring.append(first)
    return list(ring)
""",
    "turned_ring": """
def turned_ring(names, times):
    import collections

    ring = collections.deque(list(names))
    for k in range(times):
        ring.rotate(-1)
        if k % 2:
            if ring:
                ring.popleft()
            ring.append(k)
    return list(ring)
""",
    "visits_until": """
from datetime import datetime


def visits_until(days, visits):
    import bisect

    found = []
    visits_sorted = sorted(datetime.strptime(visit, "%d.%m.%y") for visit in visits)
    for day in days:
        number = bisect.bisect_right(visits_sorted, datetime.strptime(day, "%d.%m.%y"))
        found.append(number)
    return found
""",
    "greeted": """
import json


def greeted(names, text):
    found = []
    loads_text = json.loads(text) if names else None
    for name in names:
        settings = loads_text
        found.append(settings["greeting"] + name)
    return found
""",
    "same_names": """
import itertools


def same_names(names):
    found = []
    for place, one in enumerate(names):
        for other in names[place + 1 :]:  # all twos
            if one == other:
                found.append((one, other))
                continue

            if one[0] == "x":
                found.append(one)
    return found
""",
    "twos_of_sum": """
from itertools import combinations


def twos_of_sum(values, wanted):
    for i in range(len(values)):
        for j in range(i + 1, len(values)):
            if values[i] + values[j] == wanted:
                return i, j
    return None
""",
    "sold_items": """
import itertools


def sold_items(items, sales):
    found = []
    for item, sale in itertools.product(items, sales):
        if item[0] == sale:
            found.append((item[1], sale))
    return found
""",
    "sums_per_name": """
def sums_per_name(orders, names):
    return {name: sum(one[1] for one in orders if one[0] == name) for name in names}
""",
    "first_with": """
def first_with(rows, keys):
    found = []
    for key in keys:
        row = next((r for r in rows if r[0] == key), None)
        found.append(row[1] if row else 0)
    return found
""",
}
