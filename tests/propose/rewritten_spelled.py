"""The last part of `slow_programs`, to the letter."""

SPELLED: dict[str, str] = {
    "strongest_square": """
def strongest_square(board, size):
    import itertools

    best = None
    board_sums = [[0] * (len(board[0]) + 1 if board else 1)]
    for row in board:
        across = itertools.accumulate(row, initial=0)
        board_sums.append([a + b for a, b in zip(board_sums[-1], across, strict=True)])
    for r in range(len(board) - size + 1):
        for c in range(len(board[0]) - size + 1):
            total = 0
            bottom = r + size
            right = c + size
            if r < bottom and c < right:
                lower, upper = board_sums[bottom], board_sums[r]
                total += lower[right] - lower[c] - upper[right] + upper[c]
            if best is None or total > best:
                best = total
    return best
""",
    "back_again": """
def back_again(visits, gap):
    found = []
    for i in range(len(visits)):
        who, at = visits[i]
        for j in range(i - 1, -1, -1):
            if visits[j][0] == who:
                if at - visits[j][1] >= gap:
                    found.append((who, at))
                break
    return found
""",
    "earlier_same": """
def earlier_same(names):
    import bisect

    found = []
    values_by_value = {}
    for j in range(len(names)):
        values_by_value.setdefault(names[j], []).append(j)
    for i in range(len(names)):
        fitting = values_by_value.get(names[i], ())
        for j in map(fitting.__getitem__, range(bisect.bisect_right(fitting, i - 1) - 1, -1, -1)):
            if names[j] == names[i]:
                found.append((i, j))
                break
        else:
            found.append((i, None))
    return found
""",
    "given_places": """
def given_places(taken, wanted):
    given = []
    own_taken = list(taken)
    for place in wanted:
        while place in own_taken:
            place += 1
        own_taken.append(place)
        given.append(place)
    return given, len(own_taken)
""",
    "views": """
def views(heights):
    found = []
    for i, height in enumerate(heights):
        if not len(range(len(heights))[i + 1 :]) or height > max(heights[i + 1 :]):
            found.append(i)
    return found
""",
    "chain_depths": """
def chain_depths(above):
    import functools

    @functools.cache
    def depth(name):
        if name not in above:
            return 0
        return 1 + depth(above[name])

    return {name: depth(name) for name in above}
""",
    "leaders": '''
def leader(staff, who):
    """Who leads somebody in the end."""
    # the one whom nobody leads
    if staff[who] is None:
        return who
    return leader(staff, staff[who])


def leaders(people, staff):
    import functools

    teams = {}
    @functools.cache
    def leader_of(who):
        if staff[who] is None:
            return who
        return leader_of(staff[who])

    for person in people:
        teams.setdefault(leader_of(person), []).append(person)
    return teams
''',
    "league": """
def league(teams):
    rows = list(teams)
    n = len(rows)
    rows.sort(key=lambda one: one[1], reverse=True)
    return rows
""",
    "ranked": """
def ranked(teams):
    import functools

    def compared(one, other):
        if one[1] < other[1] or (one[1] == other[1] and one[0] > other[0]):
            return 1
        return -1 if other[1] < one[1] or (other[1] == one[1] and other[0] > one[0]) else 0

    teams.sort(key=functools.cmp_to_key(compared))
    return teams
""",
    "chosen": """
def chosen(values, k):
    ordered = values[:]
    ordered.sort()
    return ordered[:k]
""",
    "put_back": """
def put_back(values):
    values.sort(key=lambda one: one[1])
    return values
""",
    "nights_taken": """
def nights_taken(stays, nights):
    import itertools

    taken = [0] * nights
    taken_marks = [0] * (len(taken) + 1)
    for first, last in stays:
        end = min(last, nights)
        if first < end:
            taken_marks[first] += 1
            taken_marks[end] -= 1
    for place, more in enumerate(itertools.accumulate(taken_marks[:-1])):
        taken[place] += more
    return taken
""",
    "load_of_days": """
def load_of_days(jobs, days):
    import itertools

    load = [0] * days
    load_marks = [0] * (len(load) + 1)
    for job in jobs:
        first = max(0, job['from'])
        end = min(days, job['to'])
        if first < end:
            load_marks[first] -= job["work"]
            load_marks[end] += job["work"]
    for place, more in enumerate(itertools.accumulate(load_marks[:-1])):
        load[place] += more
    return load
""",
    "sums_of_some": """
def sums_of_some(entries):
    import itertools

    found = []
    entries_sums = [0, *itertools.accumulate((entry[1] * 2) if entry[0] > 2 else 0 for entry in entries)]
    for n in range(len(entries)):
        found.append(entries_sums[n + 1])
    return found
""",
    "spots": """
def spots(text, wanted):
    found = []
    for i in range(len(text)):
        if text.startswith(wanted, i):
            found.append(i)
    return found
""",
    "lower_later": """
def lower_later(values):
    found = []
    for i, value in enumerate(values):
        found.append(sum(1 for later in values[i + 1 :] if later < value))
    return found
""",
    "out_of_order": """
def out_of_order(values):
    total = 0
    for i in range(len(values)):
        for j in range(i + 1, len(values)):
            if values[i] > values[j]:
                total += 1
    return total
""",
    "grounds": """
def grounds(heights, plots):
    found = []
    for top, left, bottom, right in plots:
        total = 0
        for r in range(top, bottom):
            for c in range(left, right):
                total += heights[r][c]
        found.append(total)
    return found
""",
    "middle_ones": """
def middle_ones(known, more):
    import bisect

    values = list(known)
    found = []
    values.sort()
    for one in more:
        bisect.insort(values, one)
        found.append(values[len(values) // 2])
    return found
""",
    "rates_at": """
def rates_at(rates, days):
    import bisect

    found = []
    rates_things = list(rates)
    rates_keys = [first for first, one in rates_things]
    rates_order = sorted(range(len(rates_things)), key=rates_keys.__getitem__)
    rates_keys = [rates_keys[number] for number in rates_order]

    def rates_up_to(wanted):
        at = bisect.bisect_right(rates_keys, wanted) - 1
        return [rates_things[rates_order[at]]] if at >= 0 else []

    for day in days:
        rate, since = None, -1
        for first, one in rates_up_to(day):
            if first > day:
                continue
            if first >= since:
                since = first
                rate = one
        found.append(rate)
    return found
""",
    "sizes_for": """
def sizes_for(sizes, wanted):
    import bisect

    sizes_things = list(sizes)
    sizes_keys = [one["cm"] for one in sizes_things]
    sizes_order = sorted(range(len(sizes_things)), key=sizes_keys.__getitem__)
    sizes_keys = [sizes_keys[number] for number in sizes_order]

    def sizes_from(wanted):
        at = bisect.bisect_left(sizes_keys, wanted)
        return [sizes_things[sizes_order[at]]] if at < len(sizes_keys) else []

    return [min((one for one in sizes_from(x) if one["cm"] >= x), key=lambda s: s["cm"], default=None) for x in wanted]
""",
    "shared_work": """
def shared_work(jobs, machines):
    import heapq

    loads = [0] * machines
    loads_heap = [(value, place) for place, value in enumerate(loads)]
    heapq.heapify(loads_heap)
    for job in jobs:
        while loads and loads_heap[0][0] != loads[loads_heap[0][1]]:
            heapq.heappop(loads_heap)
        k = loads_heap[0][1] if loads else loads.index(min(loads))
        loads[k] += job
        heapq.heappush(loads_heap, (loads[k], k))
    return loads
""",
    "fullest_first": """
def fullest_first(stock, orders):
    import heapq

    taken = []
    stock_heap = [(-value, place) for place, value in enumerate(stock)]
    heapq.heapify(stock_heap)
    for order in orders:
        fullest = 0
        while stock and stock_heap[0][0] != -stock[stock_heap[0][1]]:
            heapq.heappop(stock_heap)
        fullest = stock_heap[0][1] if stock else 0
        taken.append(fullest)
        stock[fullest] = stock[fullest] - order
        heapq.heappush(stock_heap, (-stock[fullest], fullest))
    return taken, stock
""",
    "in_crates": """
def in_crates(weights, most):
    crates = []
    crate = []
    crate_sum = sum(crate)
    for weight in weights:
        if crate_sum + weight > most:
            crates.append(crate)
            crate = []
            crate_sum = sum(crate)
        crate.append(weight)
        crate_sum += crate[-1]
    crates.append(crate)
    return crates
""",
    "lightened": """
def lightened(weights, most):
    kept = list(weights)
    kept_sum = sum(kept)
    while kept and kept_sum > most:
        kept_sum -= kept[-1] if kept else 0
        kept.pop()
    return kept
""",
    "undone": """
def undone(steps):
    done = []
    for step in steps:
        if step == 0:
            del done[-1:]
        else:
            done.append(step)
    return done
""",
    "marked_lines": """
import re


def marked_lines(lines, marks):
    found = []
    for line in lines:
        for mark in marks:
            if re.compile("^" + mark, re.IGNORECASE).search(line):
                found.append((line, mark))
    return found
""",
    "loud_lines": """
import re


def loud_lines(lines):
    found = []
    match_pattern = re.compile("A+B", re.IGNORECASE).match
    for line in lines:
        if match_pattern(line):
            found.append(re.sub("C", "d", line, flags=re.IGNORECASE))
    return found
""",
    "tried_out": """
import copy


def tried_out(prices, changes):
    totals = []
    for name, price in changes:
        tried = copy.copy(prices)
        tried[name] = price
        totals.append(sum(tried.values()))
    return totals
""",
}
