"""The eighth part of `slow_programs`: what is kept of a list that grows, of groups that join, of sums and bests."""

from .slow_inputs import Slow, numbers, words


def _nodes(rng):
    count = rng.randint(1, 9)
    return count, [(rng.randrange(count), rng.randrange(count)) for _ in range(rng.randint(0, 12))]


KEPT: dict[str, Slow] = {
    "newest_rows": Slow(
        """
def newest_rows(rows):
    kept = []
    for row in rows:
        replaced = False
        for place, other in enumerate(kept):
            if other["name"].lower() == row["name"].lower():
                kept[place] = row
                replaced = True
                break
        if not replaced:
            kept.append(row)
    return kept
""",
        lambda rng: ([{"name": word, "age": rng.randint(1, 9)} for word in words(rng)],),
        ("index_kept",),
    ),
    "new_pairs": Slow(
        """
def new_pairs(rows):
    seen = []
    for row in rows:
        if any(row[0] == other[0] for other in seen):
            continue
        seen.append(row)
    return seen
""",
        lambda rng: ([(number, rng.randint(0, 3)) for number in numbers(rng)],),
        ("index_kept",),
    ),
    "phone_book": Slow(
        """
class Book:
    def __init__(self):
        self.entries = []

    def add(self, name, number):
        for i in range(len(self.entries)):
            if self.entries[i][0] == name:
                self.entries[i] = (name, number)
                return
        self.entries.append((name, number))


def phone_book(pairs):
    book = Book()
    for name, number in pairs:
        book.add(name, number)
    return book.entries
""",
        lambda rng: ([(word, rng.randint(1, 99)) for word in words(rng)],),
        ("index_kept",),
        ("Book",),
    ),
    "spans_of": Slow(
        """
def spans_of(values, wanted):
    best = None
    for start in range(len(values)):
        total = 0
        for end in range(start, len(values)):
            total += values[end]
            if total == wanted:
                if best is None or end - start > best[1] - best[0]:
                    best = (start, end, total)
    return best
""",
        lambda rng: ([number - 4 for number in numbers(rng)], rng.randint(-9, 9)),
        ("matching_ends",),
    ),
    "other_balanced": Slow(
        """
def other_balanced(bits, by):
    count = 0
    for i in range(len(bits)):
        level = 0
        for bit in bits[i:]:
            level += bit
            if level % by == 0:
                count += 1
    return count
""",
        lambda rng: (numbers(rng), rng.randint(1, 5)),
        ("matching_ends",),
    ),
    "sliced": Slow(
        """
def sliced(numbers, goal):
    found = []
    for i in range(len(numbers)):
        for j in range(i + 1, len(numbers) + 1):
            if sum(numbers[i:j]) == goal:
                found.append((i, j))
    return found
""",
        lambda rng: (numbers(rng), rng.randint(0, 20)),
        ("matching_ends",),
    ),
    "islands_of": Slow(
        """
def islands_of(count, bridges):
    island = list(range(count))
    for one, other in bridges:
        keep, gone = island[one], island[other]
        if keep != gone:
            for k in range(count):
                if island[k] == gone:
                    island[k] = keep
    return island
""",
        _nodes,
        ("join_smaller",),
    ),
    "owners": Slow(
        """
def owners(pairs):
    owner = {}
    for one, other in pairs:
        owner[one] = one
        owner[other] = other
    for one, other in pairs:
        keep = owner[one]
        gone = owner[other]
        for name, who in owner.items():
            if who == gone:
                owner[name] = keep
    return owner
""",
        lambda rng: (list(zip(words(rng), words(rng), strict=False)),),
        ("join_smaller",),
    ),
    "joined_after": Slow(
        """
def joined_after(count, links):
    label = list(range(count))
    left = count
    for step, (one, other) in enumerate(links):
        old = label[one]
        new = label[other]
        if old == new:
            continue
        label = [new if mark == old else mark for mark in label]
        left -= 1
        if left == 1:
            return step
    return -1
""",
        _nodes,
        ("join_smaller",),
    ),
    "needless": Slow(
        """
def needless(count, edges):
    up = list(range(count))

    def root(node):
        while up[node] != node:
            node = up[node]
        return node

    found = []
    for one, other in edges:
        if root(one) == root(other):
            found.append((one, other))
        up[root(one)] = root(other)
    return found
""",
        _nodes,
        ("halve_paths",),
    ),
    "provinces": Slow(
        """
def provinces(count, roads):
    up = list(range(count))

    def root(node):
        if up[node] == node:
            return node
        return root(up[node])

    for one, other in roads:
        up[root(one)] = root(other)
    return sum(1 for node in range(count) if root(node) == node)
""",
        _nodes,
        ("halve_paths",),
    ),
    "longest_rise": Slow(
        """
def longest_rise(scores):
    best = [1] * len(scores)
    for i in range(1, len(scores)):
        for j in range(i):
            if scores[j] < scores[i] and best[j] + 1 > best[i]:
                best[i] = best[j] + 1
    return best
""",
        lambda rng: (numbers(rng),),
        ("best_before",),
    ),
    "heaviest_pile": Slow(
        """
def heaviest_pile(boxes):
    most = []
    for i, box in enumerate(boxes):
        below = 0
        for j in range(i):
            if boxes[i][1] <= boxes[j][1]:
                below = max(below, most[j])
        most.append(below + box[0])
    return most
""",
        lambda rng: ([(number, rng.randint(0, 9)) for number in numbers(rng)],),
        ("best_before",),
    ),
    "told_apart": Slow(
        """
def told_apart(rows, width):
    found = []
    for start in range(len(rows) - width + 1):
        low = rows[start]
        high = rows[start]
        total = 0
        for row in rows[start : start + width]:
            if row < low:
                low = row
            elif row > high:
                high = row
            total += row
        found.append((low, high, total))
    return found
""",
        lambda rng: (numbers(rng), rng.randint(1, 4)),
        ("found_apart",),
    ),
    "points_inside": Slow(
        """
def points_inside(points, spans):
    found = []
    for point in points:
        inside = False
        for start, end in spans:
            if start <= point < end:
                inside = True
                break
        found.append(inside)
    return found
""",
        lambda rng: (numbers(rng), [(number, number + rng.randint(-1, 4)) for number in numbers(rng)]),
        ("counted_any", "rank_scan"),
    ),
    "free_slots": Slow(
        """
def free_slots(wanted, booked):
    free = []
    for start, end in wanted:
        if not any(start < last and first < end for first, last in booked):
            free.append((start, end))
    return free
""",
        lambda rng: tuple([(n, n + rng.randint(-1, 4)) for n in numbers(rng)] for _ in range(2)),
        ("counted_any", "overlap_count"),
    ),
    "most_common": Slow(
        """
def most_common(values):
    return max(sorted(set(values)), key=values.count) if values else None
""",
        lambda rng: (numbers(rng),),
        ("count_once",),
    ),
    "best_stretch": Slow(
        """
def best_stretch(gains):
    best = 0
    for i in range(len(gains)):
        total = 0
        for j in range(i, len(gains)):
            total += gains[j]
            if total > best:
                best = total
    return best
""",
        lambda rng: ([number - 4 for number in numbers(rng)],),
        ("best_total",),
    ),
    "lowest_stretch": Slow(
        """
def lowest_stretch(gains):
    worst = 99
    for i in range(len(gains)):
        total = 1
        for gain in gains[i:]:
            total += gain
            worst = min(worst, total)
    return worst
""",
        lambda rng: ([number - 4 for number in numbers(rng)],),
        ("best_total",),
    ),
    "served_first": Slow(
        """
def served_first(jobs):
    order = []
    queue = list(jobs)
    while queue:
        best = 0
        for i in range(1, len(queue)):
            if queue[i][1] > queue[best][1]:
                best = i
        order.append(queue[best][0])
        del queue[best]
    return order
""",
        lambda rng: ([(number, rng.randint(0, 5)) for number in numbers(rng)],),
        ("sort_by_selection",),
    ),
    "spans_in_order": Slow(
        """
def spans_in_order(spans):
    joined = []
    for start, end in sorted(spans):
        found = False
        for k in range(len(joined)):
            if start <= joined[k][1] and joined[k][0] <= end:
                joined[k] = (joined[k][0], max(joined[k][1], end))
                found = True
                break
        if not found:
            joined.append((start, end))
    return joined
""",
        lambda rng: ([(n, n + rng.randint(0, 4)) for n in numbers(rng)],),
        ("last_kept",),
    ),
    "lectures": Slow(
        """
def lectures(wanted):
    wanted = list(wanted)
    wanted.sort(key=lambda one: one[1])
    chosen = []
    for start, end in wanted:
        if all(start >= last for first, last in chosen):
            chosen.append((start, end))
    return chosen
""",
        lambda rng: ([(n, n + rng.randint(0, 4)) for n in numbers(rng)],),
        ("last_kept",),
    ),
    "others": Slow(
        """
def others(values):
    found = []
    for i in range(len(values)):
        product = 1
        for j in range(len(values)):
            if i != j:
                product *= values[j]
        found.append(product)
    return found
""",
        lambda rng: (numbers(rng),),
        ("all_but_one",),
    ),
    "rest_of": Slow(
        """
def rest_of(shares):
    found = []
    for k, share in enumerate(shares):
        rest = -share
        for other, amount in enumerate(shares):
            if other != k:
                rest += amount
        found.append(rest)
    return found
""",
        lambda rng: (numbers(rng),),
        ("all_but_one",),
    ),
}
