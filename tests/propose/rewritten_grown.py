"""The fifth part of `slow_programs`, to the letter."""

GROWN: dict[str, str] = {
    "anagrams": """
def anagrams(words):
    groups = []
    groups_by_key = {}
    for word in words:
        for group in groups_by_key.get(tuple(sorted(word)), ()):
            if sorted(group[0]) == sorted(word):
                group.append(word)
                break
        else:
            groups.append([word])
            groups_by_key.setdefault(tuple(sorted(groups[-1][0])), []).append(groups[-1])
    return groups
""",
    "totals": """
def totals(orders):
    rows = []
    rows_by_key = {}
    for order in orders:
        known = False
        for row in rows_by_key.get(order["customer"], ()):
            if row["customer"] == order["customer"]:
                row["total"] += order["total"]
                known = True
        if not known:
            rows.append(dict(order))
            rows_by_key.setdefault(rows[-1]["customer"], []).append(rows[-1])
    return rows
""",
    "tables": """
def tables(guests):
    seated = []
    seated_by_key = {}
    for guest in guests:
        placed = False
        for j in seated_by_key.get(guest[1], ()):
            if seated[j][0][1] == guest[1]:
                seated[j].append(guest)
                placed = True
                break
        if not placed:
            seated.append([guest])
            seated_by_key.setdefault(seated[-1][0][1], []).append(len(seated) - 1)
    return seated
""",
    "first_of_kind": """
def first_of_kind(pairs):
    kept = []
    kept_by_key = {}
    for name, kind in pairs:
        new = True
        for other, same in kept_by_key.get((name[:1], kind), ()):
            if other[:1] == name[:1] and same == kind:
                new = False
        if new:
            kept.append((name, kind))
            for other, same in kept[-1:]:
                kept_by_key.setdefault((other[:1], same), []).append(kept[-1])
    return kept
""",
    "sums_in_order": """
def sums_in_order(pairs):
    names = []
    names_positions = {}
    totals = []
    for name, amount in pairs:
        if name in names_positions:
            totals[names_positions[name]] += amount
        else:
            names.append(name)
            names_positions.setdefault(names[-1], len(names) - 1)
            totals.append(amount)
    return list(zip(names, totals))
""",
    "hops": """
def hops(roads, start):
    reached = {start: 0}
    waiting = [start]
    roads_by_value = {}
    for one, other in roads:
        for one_2 in dict.fromkeys((one, other)):
            roads_by_value.setdefault(one_2, []).append((one, other))
    for place in waiting:
        for one, other in roads_by_value.get(place, ()):
            if one == place and other not in reached:
                reached[other] = reached[place] + 1
                waiting.append(other)
            elif other == place and one not in reached:
                reached[one] = reached[place] + 1
                waiting.append(one)
    return reached
""",
    "later_twins": """
def later_twins(names, sizes):
    found = []
    names_by_value = {}
    for place, other in enumerate(names):
        size = sizes[other]
        names_by_value.setdefault(size, []).append((place, other))
    for i, name in enumerate(names):
        for place, other in names_by_value.get(sizes[name], ()):
            size = sizes[other]
            if place < i + 1:
                continue
            if size != sizes[name]:
                continue
            found.append((name, other))
    return found
""",
    "pairs_of": """
def pairs_of(visits):
    import collections

    table = {}
    visits_counts = collections.Counter((visit[0], visit[1]) for visit in visits)
    for shop, day in visits:
        count = visits_counts[(shop, day)]
        table[shop, day] = count
    return table
""",
    "twins_of": """
def twins_of(values):
    import collections

    found = []
    values_counts = collections.Counter(values[j] for j in range(len(values)))
    for i in range(len(values)):
        found.append(values_counts[values[i]] - 1)
    return found
""",
    "running_at": """
def running_at(jobs, times):
    import bisect

    most = 0
    jobs_starts = sorted([job["from"] for job in jobs if job["from"] < job["to"] and job["on"]])
    jobs_ends = sorted([job["to"] for job in jobs if job["from"] < job["to"] and job["on"]])
    for time in times:
        running = bisect.bisect_right(jobs_starts, time) - bisect.bisect_right(jobs_ends, time)
        most = max(most, running)
    return most
""",
    "balances": """
def balances(payments, names):
    found = {}
    payments_sums = {}
    for p in payments:
        if p["sum"] > 1:
            payments_sums[p["to"]] = payments_sums.get(p["to"], 0) + p["sum"]
    for name in names:
        found[name] = payments_sums.get(name, 0)
    return found
""",
    "by_priority": """
def by_priority(jobs):
    waiting = list(jobs)
    names = []
    for best in sorted(waiting, key=lambda job: job[0], reverse=True):
        names.append(best[1])
    return names
""",
    "smallest_first": """
def smallest_first(values):
    out = []
    for least in sorted(values):
        out.append(least)
    values.clear()
    return out, values
""",
    "more_medians": """
def more_medians(values):
    import bisect

    found = []
    values_so_far = []
    for i in range(len(values)):
        bisect.insort(values_so_far, values[i])
        part = values_so_far
        found.append(part[len(part) // 2])
    return found
""",
    "second_best": """
def second_best(bids):
    import bisect

    best = []
    found = []
    for bid in bids:
        bisect.insort(best, bid, key=lambda it: -it)
        found.append(best[min(1, len(best) - 1)])
    return found
""",
    "in_turns": """
def in_turns(queue, rounds):
    import collections

    log = []
    queue = collections.deque(queue)
    while queue and rounds > 0:
        name, needed = queue[0]
        queue.popleft()
        if needed > 1:
            queue.extend([(name, needed - 1)])
        log.append(name)
        rounds -= 1
    return log
""",
    "levels": """
def levels(root, most):
    import collections

    names = []
    waiting = collections.deque([root])
    while len(waiting) != 0:
        node = waiting[0]
        waiting.popleft()
        names.append(node)
        if len(names) < most:
            waiting.extend([node * 2, node * 2 + 1])
    return names
""",
    "bills": """
def customer_of(customers, wanted):
    for customer in customers:
        if customer["id"] == wanted:
            return customer
    return None


def bills(orders, customers):
    lines = []
    for order in orders:
        known = next((customer for customer in customers if customer["id"] == order["customer"]), None)
        if known is not None:
            lines.append(known["name"])
    return lines
""",
    "shared": """
def shared(one, other):
    found = []
    for value in one:
        if (value in other) and found.count(value) == 0:
            found.append(value)
    return found
""",
    "address_book": """
class Contact:
    def __init__(self, name, numbers):
        self.name = name
        self.numbers = numbers


def address_book(entries):
    book = []
    book_by_key = {}
    for name, number in entries:
        for contact in book_by_key.get(name, ()):
            if contact.name == name:
                contact.numbers.append(number)
                break
        else:
            book.append(Contact(name, [number]))
            book_by_key.setdefault(book[-1].name, []).append(book[-1])
    return [(contact.name, contact.numbers) for contact in book]
""",
}
