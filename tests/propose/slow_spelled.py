"""The last part of `slow_programs`: what others say in other words, and sorts and stretches that are written out."""

from .slow_inputs import Slow, numbers, word

SPELLED: dict[str, Slow] = {
    "strongest_square": Slow(
        """
def strongest_square(board, size):
    best = None
    for r in range(len(board) - size + 1):
        for c in range(len(board[0]) - size + 1):
            total = 0
            for dr in range(size):
                for dc in range(size):
                    total += board[r + dr][c + dc]
            if best is None or total > best:
                best = total
    return best
""",
        lambda rng: ([numbers(rng, least=5, most=5) for _ in range(rng.randint(1, 6))], rng.randint(1, 6)),
        ("block_sums",),
    ),
    "back_again": Slow(
        """
def back_again(visits, gap):
    found = []
    for i in range(len(visits)):
        who, at = visits[i]
        j = i - 1
        while j >= 0:
            if visits[j][0] == who:
                if at - visits[j][1] >= gap:
                    found.append((who, at))
                break
            j -= 1
    return found
""",
        lambda rng: ([(word(rng, most=1), rng.randrange(30)) for _ in range(rng.randrange(15))], rng.randrange(9)),
        ("counted_loop", "index_pairs"),
    ),
    "earlier_same": Slow(
        """
def earlier_same(names):
    found = []
    for i in range(len(names)):
        for j in range(i - 1, -1, -1):
            if names[j] == names[i]:
                found.append((i, j))
                break
        else:
            found.append((i, None))
    return found
""",
        lambda rng: ([word(rng, most=2) for _ in range(rng.randrange(15))],),
        ("index_pairs",),
    ),
    "given_places": Slow(
        """
def given_places(taken, wanted):
    given = []
    for place in wanted:
        while place in taken:
            place += 1
        taken = taken + [place]
        given.append(place)
    return given, len(taken)
""",
        lambda rng: (numbers(rng), numbers(rng)),
        ("append_in_place", "seen_set"),
    ),
    "views": Slow(
        """
def views(heights):
    found = []
    for i, height in enumerate(heights):
        rest = heights[i + 1 :]
        if not rest or height > max(rest):
            found.append(i)
    return found
""",
        lambda rng: (numbers(rng),),
        ("unnamed", "running_extreme"),
    ),
    "chain_depths": Slow(
        """
def chain_depths(above):
    def depth(name):
        if name not in above:
            return 0
        return 1 + depth(above[name])

    return {name: depth(name) for name in above}
""",
        lambda rng: ({k: rng.randrange(k) for k in range(1, rng.randint(2, 12))},),
        ("cache_inner",),
    ),
    "leaders": Slow(
        '''
def leader(staff, who):
    """Who leads somebody in the end."""
    # the one whom nobody leads
    if staff[who] is None:
        return who
    return leader(staff, staff[who])


def leaders(people, staff):
    teams = {}
    for person in people:
        teams.setdefault(leader(staff, person), []).append(person)
    return teams
''',
        lambda rng: (
            [rng.randrange(9) for _ in range(9)],
            {k: rng.randrange(k) if k and rng.random() < 0.8 else None for k in range(9)},
        ),
        ("remember_helper",),
        ("leader",),
    ),
    "league": Slow(
        """
def league(teams):
    rows = list(teams)
    n = len(rows)
    for i in range(n):
        for j in range(0, n - i - 1):
            if rows[j][1] < rows[j + 1][1]:
                rows[j], rows[j + 1] = rows[j + 1], rows[j]
    return rows
""",
        lambda rng: ([(word(rng), rng.randrange(4)) for _ in range(rng.randrange(9))],),
        ("sort_by_swaps",),
    ),
    "ranked": Slow(
        """
def ranked(teams):
    swapped = True
    while swapped:
        swapped = False
        for i in range(len(teams) - 1):
            if teams[i][1] < teams[i + 1][1] or (teams[i][1] == teams[i + 1][1] and teams[i][0] > teams[i + 1][0]):
                kept = teams[i]
                teams[i] = teams[i + 1]
                teams[i + 1] = kept
                swapped = True
    return teams
""",
        lambda rng: ([(word(rng), rng.randrange(4)) for _ in range(rng.randrange(9))],),
        ("sort_by_swaps",),
    ),
    "chosen": Slow(
        """
def chosen(values, k):
    ordered = values[:]
    for i in range(len(ordered)):
        least = i
        for j in range(i + 1, len(ordered)):
            if ordered[j] < ordered[least]:
                least = j
        ordered[i], ordered[least] = ordered[least], ordered[i]
    return ordered[:k]
""",
        lambda rng: (numbers(rng), rng.randrange(5)),
        ("sort_by_swaps",),
    ),
    "put_back": Slow(
        """
def put_back(values):
    for i in range(1, len(values)):
        one = values[i]
        j = i - 1
        while j >= 0 and values[j][1] > one[1]:
            values[j + 1] = values[j]
            j -= 1
        values[j + 1] = one
    return values
""",
        lambda rng: ([(word(rng), rng.randrange(4)) for _ in range(rng.randrange(9))],),
        ("sort_by_swaps",),
    ),
    "nights_taken": Slow(
        """
def nights_taken(stays, nights):
    taken = [0] * nights
    for first, last in stays:
        for night in range(first, min(last, nights)):
            taken[night] += 1
    return taken
""",
        lambda rng: ([(a := rng.randrange(9), a + rng.randrange(6)) for _ in range(rng.randrange(9))], 10),
        ("marked_ends",),
    ),
    "load_of_days": Slow(
        """
def load_of_days(jobs, days):
    load = [0] * days
    for job in jobs:
        for day in range(days):
            if job["from"] <= day < job["to"]:
                load[day] = load[day] - job["work"]
    return load
""",
        lambda rng: (
            [{"from": rng.randrange(9), "to": rng.randrange(12), "work": rng.randrange(5)} for _ in range(7)],
            rng.randrange(10),
        ),
        ("marked_ends",),
    ),
    "sums_of_some": Slow(
        """
def sums_of_some(entries):
    found = []
    for n in range(len(entries)):
        found.append(sum(entries[k][1] * 2 for k in range(n + 1) if entries[k][0] > 2))
    return found
""",
        lambda rng: ([(rng.randrange(6), rng.randrange(9)) for _ in range(rng.randrange(12))],),
        ("prefix_sums",),
    ),
    "spots": Slow(
        """
def spots(text, wanted):
    found = []
    for i in range(len(text)):
        if text[i:].startswith(wanted):
            found.append(i)
    return found
""",
        lambda rng: (word(rng, letters="ab", most=20), word(rng, letters="ab", most=3)),
        ("without_part",),
    ),
    "lower_later": Slow(
        """
def lower_later(values):
    return [sum(1 for later in values[i + 1 :] if later < value) for i, value in enumerate(values)]
""",
        lambda rng: (numbers(rng),),
        ("spelled_out", "rank_so_far"),
    ),
    "out_of_order": Slow(
        """
def out_of_order(values):
    return sum(values[i] > values[j] for i in range(len(values)) for j in range(i + 1, len(values)))
""",
        lambda rng: (numbers(rng),),
        ("spelled_out", "rank_so_far"),
    ),
    "grounds": Slow(
        """
def grounds(heights, plots):
    found = []
    for top, left, bottom, right in plots:
        found.append(sum(heights[r][c] for r in range(top, bottom) for c in range(left, right)))
    return found
""",
        lambda rng: (
            [numbers(rng, least=6, most=6) for _ in range(6)],
            [tuple(rng.randint(0, 6) for _ in range(4)) for _ in range(8)],
        ),
        ("spelled_out", "block_sums"),
    ),
    "middle_ones": Slow(
        """
def middle_ones(known, more):
    values = list(known)
    found = []
    for one in more:
        values.append(one)
        values.sort()
        found.append(values[len(values) // 2])
    return found
""",
        lambda rng: (numbers(rng), numbers(rng)),
        ("insort",),
    ),
    "rates_at": Slow(
        """
def rates_at(rates, days):
    found = []
    for day in days:
        rate, since = None, -1
        for first, one in rates:
            if first > day:
                continue
            if first >= since:
                since = first
                rate = one
        found.append(rate)
    return found
""",
        lambda rng: ([(rng.randrange(20), rng.randrange(9)) for _ in range(rng.randrange(9))], numbers(rng, top=20)),
        ("next_beside",),
    ),
    "sizes_for": Slow(
        """
def sizes_for(sizes, wanted):
    return [min((one for one in sizes if one["cm"] >= x), key=lambda s: s["cm"], default=None) for x in wanted]
""",
        lambda rng: ([{"cm": rng.randrange(9), "n": k} for k in range(rng.randrange(9))], numbers(rng)),
        ("next_beside",),
    ),
    "shared_work": Slow(
        """
def shared_work(jobs, machines):
    loads = [0] * machines
    for job in jobs:
        k = loads.index(min(loads))
        loads[k] += job
    return loads
""",
        lambda rng: (numbers(rng), rng.randint(1, 5)),
        ("least_loaded",),
    ),
    "fullest_first": Slow(
        """
def fullest_first(stock, orders):
    taken = []
    for order in orders:
        fullest = 0
        for k in range(1, len(stock)):
            if stock[k] > stock[fullest]:
                fullest = k
        taken.append(fullest)
        stock[fullest] = stock[fullest] - order
    return taken, stock
""",
        lambda rng: (numbers(rng, least=1), numbers(rng)),
        ("least_loaded",),
    ),
    "in_crates": Slow(
        """
def in_crates(weights, most):
    crates = []
    crate = []
    for weight in weights:
        if sum(crate) + weight > most:
            crates.append(crate)
            crate = []
        crate.append(weight)
    crates.append(crate)
    return crates
""",
        lambda rng: (numbers(rng), rng.randint(1, 30)),
        ("sum_kept",),
    ),
    "lightened": Slow(
        """
def lightened(weights, most):
    kept = list(weights)
    while kept and sum(kept) > most:
        kept.pop()
    return kept
""",
        lambda rng: (numbers(rng), rng.randint(0, 40)),
        ("sum_kept",),
    ),
    "undone": Slow(
        """
def undone(steps):
    done = []
    for step in steps:
        if step == 0:
            done = done[:-1]
        else:
            done = done + [step]
    return done
""",
        lambda rng: (numbers(rng, top=3),),
        ("append_in_place",),
    ),
    "marked_lines": Slow(
        """
import re


def marked_lines(lines, marks):
    found = []
    for line in lines:
        for mark in marks:
            if re.search("^" + mark, line, re.IGNORECASE):
                found.append((line, mark))
    return found
""",
        lambda rng: ([word(rng) for _ in range(rng.randrange(9))], [word(rng, most=2) for _ in range(5)]),
        ("pattern_apart", "made_beside"),
    ),
    "loud_lines": Slow(
        """
import re


def loud_lines(lines):
    found = []
    for line in lines:
        if re.match("A+B", line, flags=re.IGNORECASE):
            found.append(re.sub("C", "d", line, flags=re.IGNORECASE))
    return found
""",
        lambda rng: ([word(rng) for _ in range(rng.randrange(9))],),
        ("compile_pattern",),
    ),
    "tried_out": Slow(
        """
import copy


def tried_out(prices, changes):
    totals = []
    for name, price in changes:
        tried = copy.deepcopy(prices)
        tried[name] = price
        totals.append(sum(tried.values()))
    return totals
""",
        lambda rng: (
            {word(rng): rng.randrange(9) for _ in range(6)},
            [(word(rng), rng.randrange(9)) for _ in range(rng.randrange(9))],
        ),
        ("shallower",),
    ),
}
