"""The last part of `slow_programs`: lists that are put in order in each round, and what is searched as it grows."""

import random

from .slow_inputs import Slow, numbers, word


def tasks(rng: random.Random) -> tuple[list[dict[str, int | str]]]:
    """Tasks of few weights, so that many are alike."""
    return (
        [{"weight": rng.randrange(5), "size": rng.randrange(3), "name": word(rng)} for _ in range(rng.randrange(9))],
    )


def links(rng: random.Random) -> tuple[list[tuple[int, int]], int]:
    return [(rng.randrange(9), rng.randrange(9)) for _ in range(rng.randrange(12))], rng.randrange(9)


RANKED: dict[str, Slow] = {
    "newest_first": Slow(
        """
def urgency(task):
    return (task["weight"], task["size"])


def newest_first(tasks):
    todo = list(tasks)
    done = []
    while todo:
        todo.sort(key=urgency, reverse=True)
        task = todo.pop()
        done.append(task["name"])
        if task["weight"] > 2:
            todo.append({**task, "weight": task["weight"] - 2, "name": task["name"] + "!"})
    return done
""",
        tasks,
        ("heap_by_key",),
    ),
    "heaviest": Slow(
        """
def heaviest(tasks):
    todo = [task for task in tasks if task["size"]]
    names = []
    while len(todo) > 0:
        task = max(todo, key=lambda t: (t["weight"], -t["size"]))
        todo.remove(task)
        names.append(task["name"])
        if task["weight"] > 3:
            todo.append({**task, "weight": 1})
    return names
""",
        tasks,
        ("heap_by_key",),
    ),
    "smashed": Slow(
        """
def smashed(stones):
    left = stones[:]
    while len(left) > 1:
        left.sort()
        first = left.pop()
        second = left.pop()
        if first > second:
            left.append(first - second)
    return left
""",
        lambda rng: (numbers(rng),),
        ("heap_by_key",),
    ),
    "served": Slow(
        """
def served(tasks):
    queue = [(task["weight"], task["name"]) for task in tasks]
    out = []
    while queue:
        queue.sort(key=lambda q: -q[0])
        weight, name = queue.pop(0)
        out.append(name)
        if weight > 1:
            queue.append((weight // 2, name))
    return out
""",
        tasks,
        ("heap_by_key",),
    ),
    "add_all": Slow(
        """
def add_all(book, names):
    added = 0
    for name in names:
        name = name.strip()
        if name not in book:
            book.append(name)
            added += 1
    return added
""",
        lambda rng: ([word(rng) for _ in range(3)], [word(rng, most=2) for _ in range(rng.randrange(9))]),
        ("seen_set",),
    ),
    "numbered": Slow(
        """
def numbered(rows):
    text = ""
    for row in rows:
        if row:
            text += f"{text.count('.') + 1}: {row}.\\n"
    return text
""",
        lambda rng: ([word(rng, "ab.", 3) if rng.random() < 0.8 else "" for _ in range(rng.randrange(9))],),
        ("letters_growing",),
    ),
    "balanced": Slow(
        """
def balanced(words):
    out = "("
    for word in words:
        if out.count("(") > 2:
            out = out + (word or "-") + ")"
        else:
            out += word
    return out
""",
        lambda rng: ([word(rng, "ab(", 3) for _ in range(rng.randrange(9))],),
        ("letters_growing",),
    ),
    "so_far": Slow(
        """
def so_far(votes):
    seen = ["ann"]
    counts = []
    for vote in votes:
        seen.append(vote)
        counts.append(seen.count(vote))
    return counts
""",
        lambda rng: ([rng.choice(("ann", "bob", "cleo")) for _ in range(rng.randrange(9))],),
        ("count_growing",),
    ),
    "kinds_met": Slow(
        """
def kinds_met(things):
    met = []
    counts = []
    for thing in things:
        met.append(thing)
        counts.append((len(set(met)), 3 in set(met)))
    return counts
""",
        lambda rng: (numbers(rng),),
        ("set_growing",),
    ),
    "reached": Slow(
        """
def reached(links, start):
    seen = [start]
    for here in seen:
        for left, right in links:
            if left == here:
                other = right
            elif right == here:
                other = left
            else:
                continue
            if other not in seen:
                seen.append(other)
    return seen
""",
        links,
        ("index_pairs",),
    ),
    "ends": Slow(
        """
def ends(links, start):
    counts = []
    for here in range(start):
        count = 0
        for left, right in links:
            if left != here and right != here:
                continue
            count += 1
        counts.append(count)
    return counts
""",
        links,
        ("index_pairs",),
    ),
    "without_marks": Slow(
        """
def without_marks(things, mark):
    gone = 0
    while mark in things:
        things.remove(mark)
        gone += 1
    return gone
""",
        lambda rng: (numbers(rng, top=3), rng.randrange(4)),
        ("gathered",),
    ),
    "in_steps": Slow(
        """
def in_steps(tasks, steps):
    def place(task):
        try:
            return steps.index(task["size"])
        except ValueError:
            return len(steps)

    return sorted(tasks, key=place)
""",
        lambda rng: (*tasks(rng), numbers(rng, most=3, top=2)),
        ("position_or",),
    ),
    "places": Slow(
        """
def places(things, wanted):
    found = []
    for one in wanted:
        found.append(things.index(one) if one in things else -1)
    return found
""",
        lambda rng: (numbers(rng), numbers(rng, top=12)),
        ("position_or",),
    ),
    "longest_run": Slow(
        """
def longest_run(days):
    present = set(days)
    best = 0
    for day in present:
        length = 1
        while day + length in present:
            length += 1
        if length > best:
            best = length
    return best
""",
        lambda rng: (numbers(rng, top=15),),
        ("run_starts",),
    ),
    "medians": Slow(
        """
def _middle(ordered):
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def medians(values):
    found = []
    for i in range(len(values)):
        so_far = sorted(values[: i + 1])
        found.append(_middle(so_far))
    return found
""",
        lambda rng: (numbers(rng),),
        ("sorted_so_far",),
    ),
    "given_to_the_first": Slow(
        """
def given_to_the_first(tasks, workers):
    free = [(0, worker) for worker in range(workers)]
    plan = []
    for task in tasks:
        free.sort()
        start, worker = free[0]
        plan.append((task["name"], worker, start))
        free[0] = (start + task["size"], worker)
    return plan
""",
        lambda rng: (*tasks(rng), rng.randrange(1, 5)),
        ("heap",),
    ),
    "least_loads": Slow(
        """
def least_loads(jobs, count):
    loads = [0] * count
    tops = []
    for job in jobs:
        loads.sort()
        tops.append(loads[0])
        loads[0] += 2 * job
    return tops
""",
        lambda rng: (numbers(rng), rng.randrange(1, 5)),
        ("heap",),
    ),
    "grown_values": Slow(
        """
def grown(rates):
    factor = 1
    for rate in rates:
        factor = factor * (10 + rate) % 1009
    return factor


def grown_values(rates, base):
    curve = [base]
    for month in range(1, len(rates) + 1):
        curve.append(base * grown(rates[:month]))
    return curve
""",
        lambda rng: (numbers(rng), rng.randrange(9)),
        ("helper_in_place", "gone_on"),
        ("grown",),
    ),
}
