"""The fifth part of `slow_programs`: lists that grow and are looked through, several keys at once, selections."""

from .slow_inputs import Slow, numbers, orders, word, words

GROWN: dict[str, Slow] = {
    "anagrams": Slow(
        """
def anagrams(words):
    groups = []
    for word in words:
        for group in groups:
            if sorted(group[0]) == sorted(word):
                group.append(word)
                break
        else:
            groups.append([word])
    return groups
""",
        lambda rng: (words(rng),),
        ("index_growing", "hoist_invariant"),
    ),
    "totals": Slow(
        """
def totals(orders):
    rows = []
    for order in orders:
        known = False
        for row in rows:
            if row["customer"] == order["customer"]:
                row["total"] += order["total"]
                known = True
        if not known:
            rows.append(dict(order))
    return rows
""",
        lambda rng: (orders(rng)[0],),
        ("index_growing",),
    ),
    "tables": Slow(
        """
def tables(guests):
    seated = []
    for guest in guests:
        placed = False
        for j in range(len(seated)):
            if seated[j][0][1] == guest[1]:
                seated[j].append(guest)
                placed = True
                break
        if not placed:
            seated.append([guest])
    return seated
""",
        lambda rng: ([(word(rng), rng.randrange(4)) for _ in range(12)],),
        ("index_growing",),
    ),
    "first_of_kind": Slow(
        """
def first_of_kind(pairs):
    kept = []
    for name, kind in pairs:
        new = True
        for other, same in kept:
            if other[:1] == name[:1] and same == kind:
                new = False
        if new:
            kept.append((name, kind))
    return kept
""",
        lambda rng: ([(word(rng), rng.randrange(2)) for _ in range(12)],),
        ("index_growing",),
    ),
    "sums_in_order": Slow(
        """
def sums_in_order(pairs):
    names = []
    totals = []
    for name, amount in pairs:
        if name in names:
            totals[names.index(name)] += amount
        else:
            names.append(name)
            totals.append(amount)
    return list(zip(names, totals))
""",
        lambda rng: ([(word(rng, "ab", 2), rng.randrange(9)) for _ in range(12)],),
        ("position_growing",),
    ),
    "hops": Slow(
        """
def hops(roads, start):
    reached = {start: 0}
    waiting = [start]
    for place in waiting:
        for one, other in roads:
            if one == place and other not in reached:
                reached[other] = reached[place] + 1
                waiting.append(other)
            elif other == place and one not in reached:
                reached[one] = reached[place] + 1
                waiting.append(one)
    return reached
""",
        lambda rng: ([(rng.randrange(9), rng.randrange(9)) for _ in range(12)], 0),
        ("index_pairs",),
    ),
    "later_twins": Slow(
        """
def later_twins(names, sizes):
    found = []
    for i, name in enumerate(names):
        for other in names[i + 1:]:
            size = sizes[other]
            if size != sizes[name]:
                continue
            found.append((name, other))
    return found
""",
        lambda rng: (names := words(rng), {name: len(name) for name in names}),
        ("index_pairs",),
    ),
    "pairs_of": Slow(
        """
def pairs_of(visits):
    table = {}
    for shop, day in visits:
        count = 0
        for visit in visits:
            if visit[0] == shop and visit[1] == day:
                count += 1
        table[shop, day] = count
    return table
""",
        lambda rng: ([(word(rng, "ab", 2), rng.randrange(3)) for _ in range(12)],),
        ("count_scan",),
    ),
    "twins_of": Slow(
        """
def twins_of(values):
    found = []
    for i in range(len(values)):
        found.append(sum(1 for j in range(len(values)) if j != i and values[j] == values[i]))
    return found
""",
        lambda rng: (numbers(rng),),
        ("count_scan",),
    ),
    "running_at": Slow(
        """
def running_at(jobs, times):
    most = 0
    for time in times:
        running = len([job for job in jobs if job["from"] <= time < job["to"] and job["on"]])
        most = max(most, running)
    return most
""",
        lambda rng: (
            [{"from": rng.randrange(9), "to": rng.randrange(9), "on": rng.randrange(3)} for _ in range(12)],
            numbers(rng),
        ),
        ("rank_scan",),
    ),
    "balances": Slow(
        """
def balances(payments, names):
    found = {}
    for name in names:
        found[name] = sum(p["sum"] for p in payments if p["to"] == name and p["sum"] > 1)
    return found
""",
        lambda rng: ([{"to": word(rng, "ab", 1), "sum": rng.randrange(9)} for _ in range(9)], ["a", "b", "c"]),
        ("sum_scan",),
    ),
    "by_priority": Slow(
        """
def by_priority(jobs):
    waiting = list(jobs)
    names = []
    while waiting:
        best = waiting[0]
        for job in waiting:
            if job[0] > best[0]:
                best = job
        waiting.remove(best)
        names.append(best[1])
    return names
""",
        lambda rng: ([(rng.randrange(4), word(rng)) for _ in range(9)],),
        ("sort_by_selection",),
    ),
    "smallest_first": Slow(
        """
def smallest_first(values):
    out = []
    while len(values) > 0:
        at = 0
        for k in range(1, len(values)):
            if values[k] < values[at]:
                at = k
        least = values[at]
        del values[at]
        out.append(least)
    return out, values
""",
        lambda rng: (numbers(rng),),
        ("sort_by_selection",),
    ),
    "more_medians": Slow(
        """
def more_medians(values):
    found = []
    for i in range(len(values)):
        part = sorted(values[:i + 1])
        found.append(part[len(part) // 2])
    return found
""",
        lambda rng: (numbers(rng),),
        ("sorted_so_far",),
    ),
    "second_best": Slow(
        """
def second_best(bids):
    best = []
    found = []
    for bid in bids:
        best = sorted(best + [bid], reverse=True)
        found.append(best[min(1, len(best) - 1)])
    return found
""",
        lambda rng: (numbers(rng),),
        ("insort",),
    ),
    "in_turns": Slow(
        """
def in_turns(queue, rounds):
    log = []
    while queue and rounds > 0:
        name, needed = queue[0]
        queue = queue[1:]
        if needed > 1:
            queue = queue + [(name, needed - 1)]
        log.append(name)
        rounds -= 1
    return log
""",
        lambda rng: ([(word(rng), rng.randrange(4)) for _ in range(rng.randrange(6))], rng.randrange(9)),
        ("popleft",),
    ),
    "levels": Slow(
        """
def levels(root, most):
    names = []
    waiting = [root]
    while waiting != []:
        node = waiting[0]
        del waiting[0]
        names.append(node)
        if len(names) < most:
            waiting += [node * 2, node * 2 + 1]
    return names
""",
        lambda rng: (rng.randrange(1, 4), rng.randrange(9)),
        ("popleft",),
    ),
    "bills": Slow(
        """
def customer_of(customers, wanted):
    for customer in customers:
        if customer["id"] == wanted:
            return customer
    return None


def bills(orders, customers):
    lines = []
    for order in orders:
        known = customer_of(customers, order["customer"])
        if known is not None:
            lines.append(known["name"])
    return lines
""",
        orders,
        ("expression_of_call", "index_pairs"),
        ("customer_of",),
    ),
    "shared": Slow(
        """
def shared(one, other):
    found = []
    for value in one:
        if other.count(value) > 0 and found.count(value) == 0:
            found.append(value)
    return found
""",
        lambda rng: (numbers(rng), numbers(rng)),
        ("shorter", "shorter", "set_membership"),
    ),
    "address_book": Slow(
        """
class Contact:
    def __init__(self, name, numbers):
        self.name = name
        self.numbers = numbers


def address_book(entries):
    book = []
    for name, number in entries:
        for contact in book:
            if contact.name == name:
                contact.numbers.append(number)
                break
        else:
            book.append(Contact(name, [number]))
    return [(contact.name, contact.numbers) for contact in book]
""",
        lambda rng: ([(word(rng, "ab", 2), rng.randrange(9)) for _ in range(12)],),
        ("index_growing",),
    ),
}
