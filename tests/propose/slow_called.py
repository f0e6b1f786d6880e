"""The last part of `slow_programs`: helpers that return early, and what is changed in parts of things alone."""

from .slow_inputs import Slow, numbers, word

CALLED: dict[str, Slow] = {
    "second_letters": Slow(
        """
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
        if second_letter(name) != "a":
            found.append(name)
    return found
""",
        lambda rng: ([word(rng, most=3) for _ in range(rng.randrange(9))],),
        ("helper_in_place",),
        ("second_letter",),
    ),
    "at_rates": Slow(
        """
def rate_of(rates, day, other):
    for rate in rates:
        if rate["day"] == day:
            return rate["rate"]
    return other


def at_rates(rates, payments):
    total = 0
    for day, amount in payments:
        total += amount * rate_of(rates, day, 1)
    return total
""",
        lambda rng: (
            [{"day": rng.randrange(9), "rate": rng.randrange(5)} for _ in range(rng.randrange(9))],
            [(rng.randrange(9), rng.randrange(9)) for _ in range(rng.randrange(9))],
        ),
        ("helper_in_place", "index_pairs"),
        ("rate_of",),
    ),
    "put_through": Slow(
        """
def put_through(accounts, moves):
    for who, amount in moves:
        for i in range(len(accounts)):
            if accounts[i]["id"] == who:
                accounts[i]["sum"] += amount
                break
    return accounts
""",
        lambda rng: (
            [{"id": rng.randrange(9), "sum": rng.randrange(5)} for _ in range(rng.randrange(9))],
            [(rng.randrange(9), rng.randrange(9)) for _ in range(rng.randrange(9))],
        ),
        ("index_pairs",),
    ),
    "tied_ropes": Slow(
        """
def tied_ropes(ropes):
    ropes = list(ropes)
    cost = 0
    while len(ropes) > 1:
        first = min(ropes)
        ropes.remove(first)
        second = min(ropes)
        ropes.remove(second)
        cost += first + second
        ropes.append(first + second)
    return cost
""",
        lambda rng: (numbers(rng),),
        ("heap",),
    ),
    "bosses": Slow(
        """
def bosses(people, teams):
    found = []
    for name, team in people:
        boss = None
        for other, lead in teams:
            if other != team:
                continue
            else:
                boss = lead
                break
        found.append((name, boss))
    return found
""",
        lambda rng: (
            [(word(rng), rng.randrange(9)) for _ in range(rng.randrange(9))],
            [(rng.randrange(9), word(rng)) for _ in range(rng.randrange(9))],
        ),
        ("without_else", "index_pairs"),
    ),
    "flat_averages": Slow(
        """
def flat_averages(values, n):
    found = []
    for i in range(len(values) - n + 1):
        total = 0
        for k in range(n):
            total = total + values[i + k]
        found.append(total / n)
    return found
""",
        lambda rng: (numbers(rng), rng.randint(1, 6)),
        ("added_up", "part_loop", "reduction"),
    ),
    "wholes": Slow(
        """
def wholes(text, part):
    found = []
    i = 0
    while i + len(part) <= len(text):
        if text[i : i + len(part)] == part:
            found.append(i)
        i += 1
    return found
""",
        lambda rng: (word(rng, letters="ab", most=20), word(rng, letters="ab", most=3)),
        ("counted_loop",),
    ),
    "lately": Slow(
        """
def lately(times, span):
    found = []
    for i, now in enumerate(times):
        found.append(len([one for one in times[: i + 1] if one > now - span]))
    return found
""",
        lambda rng: (numbers(rng), rng.randint(0, 6)),
        ("rank_so_far",),
    ),
    "yet_lower": Slow(
        """
def yet_lower(values):
    found = []
    for i in range(len(values)):
        lower = 0
        for j in range(i, len(values)):
            if values[j] < values[i]:
                lower += 1
        found.append(lower)
    return found
""",
        lambda rng: (numbers(rng),),
        ("rank_so_far",),
    ),
    "counted_orders": Slow(
        """
def counted_orders(people, orders):
    found = []
    for one in people:
        number = 0
        for who, price in orders:
            if not price or price == 3:
                continue
            if who == one:
                number += 1
        found.append(number)
    return found
""",
        lambda rng: (numbers(rng), [(rng.randrange(9), rng.randrange(5)) for _ in range(rng.randrange(20))]),
        ("count_scan",),
    ),
    "clashes": Slow(
        """
def clashes(days):
    found = []
    for i in range(len(days)):
        n = 0
        for j in range(len(days)):
            if i == j:
                continue
            if days[i][0] < days[j][1] and days[j][0] < days[i][1]:
                n += 1
        found.append(n)
    return found
""",
        lambda rng: ([(rng.randrange(12), rng.randrange(12)) for _ in range(rng.randrange(12))],),
        ("overlap_count",),
    ),
    "means_until": Slow(
        """
def means_until(sales, days):
    found = []
    for day in days:
        until = [sale for sale in sales if sale[0] <= day]
        if not until:
            found.append(None)
            continue
        found.append(sum(one[1] for one in until) / len(until))
    return found
""",
        lambda rng: ([(rng.randrange(9), rng.randrange(20)) for _ in range(rng.randrange(12))], numbers(rng)),
        ("unnamed", "rank_sum", "rank_scan"),
    ),
    "highest_left": Slow(
        """
def highest_left(heights):
    found = []
    for i in range(len(heights)):
        most = max([3, *heights[i:]])
        least = min([5, *[x for x in heights[:i]]])
        found.append(most - least)
    return found
""",
        lambda rng: (numbers(rng),),
        ("running_extreme", "running_extreme"),
    ),
    "stretches_of": Slow(
        """
def stretches_of(values, wanted):
    number = 0
    for i in range(len(values)):
        for j in range(i, len(values)):
            if sum(values[i : j + 1]) == wanted:
                number += 1
    return number
""",
        lambda rng: ([rng.randint(-3, 3) for _ in range(rng.randrange(14))], rng.randint(-3, 6)),
        ("matching_ends",),
    ),
    "twos_of": Slow(
        """
def twos_of(values, wanted):
    return len([0 for i in range(len(values)) for j in range(i + 1, len(values)) if values[i] + values[j] == wanted])
""",
        lambda rng: (numbers(rng), rng.randint(0, 12)),
        ("spelled_out", "index_pairs"),
    ),
    "same_later": Slow(
        """
def same_later(values):
    found = []
    for i, one in enumerate(values):
        for j, other in enumerate(values[i + 1 :], start=i + 1):
            if one == other:
                found.append((i, j))
    return found
""",
        lambda rng: (numbers(rng),),
        ("places_of_part", "index_pairs"),
    ),
    "days_until": Slow(
        """
def days_until(values):
    found = []
    for i, one in enumerate(values):
        days = 0
        for k, other in enumerate(values[i + 1 :]):
            if other > one:
                days = k + 1
                break
        found.append(days)
    return found
""",
        lambda rng: (numbers(rng),),
        ("places_of_part", "first_beyond"),
    ),
    "pairs_later": Slow(
        """
def pairs_later(stays):
    found = []
    for i in range(len(stays)):
        for k, (who, night) in enumerate(stays[i:], 1):
            if who == stays[i][0]:
                found.append((k, night))
    return found
""",
        lambda rng: ([(word(rng, most=1), rng.randrange(5)) for _ in range(rng.randrange(12))],),
        ("places_of_part",),
    ),
    "twos_that_fit": Slow(
        """
def twos_that_fit(values, wanted):
    return [(i, j) for i, a in enumerate(values) for j, b in enumerate(values[i + 1 :], i + 1) if a + b == wanted]
""",
        lambda rng: (numbers(rng), rng.randint(0, 12)),
        ("places_of_part",),
    ),
    "settled_by": Slow(
        """
def settled_by(moves, days):
    found = []
    for day in days:
        total = 0
        for when, kind, amount in moves:
            if when > day:
                continue
            if kind == "in":
                total += amount
            elif kind == "out":
                total -= amount + 1
        found.append(total)
    return found
""",
        lambda rng: (
            [(rng.randrange(9), rng.choice(["in", "out", "kept"]), rng.randrange(9)) for _ in range(rng.randrange(12))],
            numbers(rng),
        ),
        ("one_sum", "rank_sum"),
    ),
    "longest_calm": Slow(
        """
def longest_calm(values):
    best = 0
    for i in range(len(values)):
        length = 1
        for j in range(i + 1, len(values)):
            if values[j] != values[i]:
                break
            length += 1
        if length > best:
            best = length
    return best
""",
        lambda rng: (numbers(rng, top=1),),
        ("run_ends",),
    ),
    "calms": Slow(
        """
def calms(values):
    found = []
    for i, one in enumerate(values):
        j = i
        days = 0
        while j < len(values) and one == values[j]:
            j += 1
            days += 1
        found.append((j, days))
    return found
""",
        lambda rng: ([rng.choice([0, 1, float("nan")]) for _ in range(rng.randrange(12))],),
        ("run_ends",),
    ),
    "calm_lengths": Slow(
        """
def calm_lengths(values):
    found = []
    for i in range(len(values)):
        k = 1
        while i + k < len(values) and values[i + k] == values[i]:
            k += 1
        found.append(k)
    return found
""",
        lambda rng: ([rng.choice([0, 1, float("nan")]) for _ in range(rng.randrange(12))],),
        ("run_ends",),
    ),
    "grades": Slow(
        """
def grades(points, bounds):
    found = []
    for one in points:
        grade = 0
        for least, name in bounds:
            if one < least:
                break
            grade += 1
        found.append(grade)
    return found
""",
        lambda rng: (numbers(rng), [(rng.randrange(9), word(rng)) for _ in range(rng.randrange(6))]),
        ("leading",),
    ),
    "since_when": Slow(
        """
def since_when(rates, days):
    found = []
    for day in days:
        i = 0
        while i < len(rates) and day > rates[i]["from"]:
            i += 1
        found.append(rates[i - 1]["rate"] if i > 0 else None)
    return found
""",
        lambda rng: (
            [{"from": rng.randrange(9), "rate": rng.randrange(9)} for _ in range(rng.randrange(9))],
            numbers(rng),
        ),
        ("leading",),
    ),
    "handed_round": Slow(
        """
def handed_round(ring, times):
    for _ in range(times):
        first = ring[0]
        ring = ring[1:] + [first]
    return ring
""",
        lambda rng: (numbers(rng, least=1), rng.randrange(9)),
        ("popleft",),
    ),
    "turned_ring": Slow(
        """
def turned_ring(names, times):
    ring = list(names)
    for k in range(times):
        ring = ring[1:] + ring[:1]
        if k % 2:
            ring = ring[1:] + [k]
    return ring
""",
        lambda rng: (numbers(rng), rng.randrange(9)),
        ("popleft",),
    ),
    "visits_until": Slow(
        """
from datetime import datetime


def visits_until(days, visits):
    found = []
    for day in days:
        number = 0
        for visit in visits:
            if datetime.strptime(visit, "%d.%m.%y") <= datetime.strptime(day, "%d.%m.%y"):
                number += 1
        found.append(number)
    return found
""",
        lambda rng: tuple(
            [f"{rng.randint(1, 28)}.{rng.randint(1, 3)}.26" for _ in range(rng.randrange(9))] for _ in "ab"
        ),
        ("rank_scan",),
    ),
    "greeted": Slow(
        """
import json


def greeted(names, text):
    found = []
    for name in names:
        settings = json.loads(text)
        found.append(settings["greeting"] + name)
    return found
""",
        lambda rng: ([word(rng) for _ in range(rng.randrange(9))], '{"greeting": "Hello "}'),
        ("hoist_invariant",),
    ),
    "same_names": Slow(
        """
import itertools


def same_names(names):
    found = []
    for one, other in itertools.combinations(names, 2):  # all twos
        if one == other:
            found.append((one, other))
            continue

        if one[0] == "x":
            found.append(one)
    return found
""",
        lambda rng: ([word(rng, most=2) for _ in range(rng.randrange(9))],),
        ("loop_in_loop",),
    ),
    "twos_of_sum": Slow(
        """
from itertools import combinations


def twos_of_sum(values, wanted):
    for i, j in combinations(range(len(values)), 2):
        if values[i] + values[j] == wanted:
            return i, j
    return None
""",
        lambda rng: (numbers(rng), rng.randint(0, 12)),
        ("loop_in_loop", "index_pairs"),
    ),
    "sold_items": Slow(
        """
import itertools


def sold_items(items, sales):
    return [(item[1], sale) for item, sale in itertools.product(items, sales) if item[0] == sale]
""",
        lambda rng: ([(rng.randrange(9), word(rng)) for _ in range(rng.randrange(9))], numbers(rng)),
        ("spelled_out", "loop_in_loop", "index_pairs"),
    ),
    "sums_per_name": Slow(
        """
def sums_per_name(orders, names):
    return {name: sum(one[1] for one in filter(lambda one: one[0] == name, orders)) for name in names}
""",
        lambda rng: ([(rng.randrange(9), rng.randrange(9)) for _ in range(rng.randrange(9))], numbers(rng)),
        ("shorter", "sum_scan"),
    ),
    "first_with": Slow(
        """
def first_with(rows, keys):
    found = []
    for key in keys:
        row = next(filter(lambda r: r[0] == key, rows), None)
        found.append(row[1] if row else 0)
    return found
""",
        lambda rng: ([(rng.randrange(9), rng.randrange(9)) for _ in range(rng.randrange(9))], numbers(rng)),
        ("shorter", "index_pairs"),
    ),
}
