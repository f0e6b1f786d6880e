"""The last part of `slow_programs`, to the letter."""

RANKED: dict[str, str] = {
    "newest_first": """
def urgency(task):
    return (task["weight"], task["size"])


def newest_first(tasks):
    import heapq
    import itertools

    todo = list(tasks)
    done = []
    arrivals = itertools.count(0, -1)
    todo_heap = [(urgency(one), next(arrivals), one) for one in todo]
    heapq.heapify(todo_heap)
    while todo_heap:
        task = heapq.heappop(todo_heap)[2]
        done.append(task["name"])
        if task["weight"] > 2:
            one = {**task, "weight": task["weight"] - 2, "name": task["name"] + "!"}
            heapq.heappush(todo_heap, (urgency(one), next(arrivals), one))
    return done
""",
    "heaviest": """
def heaviest(tasks):
    import heapq
    import itertools

    todo = [task for task in tasks if task["size"]]
    names = []
    arrivals = itertools.count()
    todo_heap = [((-one["weight"], one["size"]), next(arrivals), one) for one in todo]
    heapq.heapify(todo_heap)
    while len(todo_heap) > 0:
        task = heapq.heappop(todo_heap)[2]
        names.append(task["name"])
        if task["weight"] > 3:
            one = {**task, "weight": 1}
            heapq.heappush(todo_heap, ((-one["weight"], one["size"]), next(arrivals), one))
    return names
""",
    "smashed": """
def smashed(stones):
    import heapq
    import itertools

    left = stones[:]
    arrivals = itertools.count(0, -1)
    left_heap = [(-one, next(arrivals), one) for one in left]
    heapq.heapify(left_heap)
    while len(left_heap) > 1:
        first = heapq.heappop(left_heap)[2]
        second = heapq.heappop(left_heap)[2]
        if first > second:
            one = first - second
            heapq.heappush(left_heap, (-one, next(arrivals), one))
    left = [entry[2] for entry in sorted(left_heap, reverse=True)]
    return left
""",
    "served": """
def served(tasks):
    import heapq
    import itertools

    queue = [(task["weight"], task["name"]) for task in tasks]
    out = []
    arrivals = itertools.count()
    queue_heap = [(-one[0], next(arrivals), one) for one in queue]
    heapq.heapify(queue_heap)
    while queue_heap:
        weight, name = heapq.heappop(queue_heap)[2]
        out.append(name)
        if weight > 1:
            one = (weight // 2, name)
            heapq.heappush(queue_heap, (-one[0], next(arrivals), one))
    return out
""",
    "add_all": """
def add_all(book, names):
    book_set = set(book)
    added = 0
    for name in names:
        name = name.strip()
        if name not in book_set:
            book.append(name)
            book_set.add(name)
            added += 1
    return added
""",
    "numbered": """
def numbered(rows):
    text = ""
    text_count = text.count('.')
    for row in rows:
        if row:
            piece = f"{text_count + 1}: {row}.\\n"
            text += piece
            text_count += piece.count('.')
    return text
""",
    "balanced": """
def balanced(words):
    out = "("
    out_count = out.count("(")
    for word in words:
        if out_count > 2:
            piece = (word or "-") + ")"
            out += piece
            out_count += piece.count("(")
        else:
            out += word
            out_count += word.count("(")
    return out
""",
    "so_far": """
def so_far(votes):
    import collections

    seen = ["ann"]
    seen_counts = collections.Counter(seen)
    counts = []
    for vote in votes:
        seen.append(vote)
        seen_counts[vote] += 1
        counts.append(seen_counts[vote])
    return counts
""",
    "kinds_met": """
def kinds_met(things):
    met = []
    met_set = set()
    counts = []
    for thing in things:
        met.append(thing)
        met_set.add(thing)
        counts.append((len(met_set), 3 in met_set))
    return counts
""",
    "reached": """
def reached(links, start):
    seen = [start]
    links_by_value = {}
    for left, right in links:
        for one in dict.fromkeys((left, right)):
            links_by_value.setdefault(one, []).append((left, right))
    for here in seen:
        for left, right in links_by_value.get(here, ()):
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
    "ends": """
def ends(links, start):
    counts = []
    links_by_value = {}
    for left, right in links:
        for one in dict.fromkeys((left, right)):
            links_by_value.setdefault(one, []).append((left, right))
    for here in range(start):
        count = 0
        for left, right in links_by_value.get(here, ()):
            if left != here and right != here:
                continue
            count += 1
        counts.append(count)
    return counts
""",
    "without_marks": """
def without_marks(things, mark):
    gone = 0
    gone += things.count(mark)
    things[:] = [one for one in things if one != mark]
    return gone
""",
    "in_steps": """
def in_steps(tasks, steps):
    steps_positions = {item: place_2 for place_2, item in reversed(list(enumerate(steps)))}
    def place(task):
        return steps_positions.get(task["size"], len(steps))

    return sorted(tasks, key=place)
""",
    "places": """
def places(things, wanted):
    found = []
    things_positions = {item: place for place, item in reversed(list(enumerate(things)))}
    for one in wanted:
        found.append(things_positions.get(one, -1))
    return found
""",
    "longest_run": """
def longest_run(days):
    present = set(days)
    best = 0
    for day in present:
        if day - 1 in present:
            continue
        length = 1
        while day + length in present:
            length += 1
        if length > best:
            best = length
    return best
""",
    "medians": """
def _middle(ordered):
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def medians(values):
    import bisect

    found = []
    values_so_far = []
    for i in range(len(values)):
        bisect.insort(values_so_far, values[i])
        so_far = values_so_far
        found.append(_middle(so_far))
    return found
""",
    "given_to_the_first": """
def given_to_the_first(tasks, workers):
    import heapq

    free = [(0, worker) for worker in range(workers)]
    heapq.heapify(free)
    plan = []
    for task in tasks:
        start, worker = free[0]
        plan.append((task["name"], worker, start))
        heapq.heapreplace(free, (start + task["size"], worker))
    return plan
""",
    "least_loads": """
def least_loads(jobs, count):
    import heapq

    loads = [0] * count
    heapq.heapify(loads)
    tops = []
    for job in jobs:
        tops.append(loads[0])
        heapq.heapreplace(loads, loads[0] + (2 * job))
    return tops
""",
    "grown_values": """
def grown(rates):
    factor = 1
    for rate in rates:
        factor = factor * (10 + rate) % 1009
    return factor


def grown_values(rates, base):
    curve = [base]
    for month in range(1, len(rates) + 1):
        factor = 1
        for rate in rates[:month]:
            factor = factor * (10 + rate) % 1009
        curve.append(base * factor)
    return curve
""",
}
