"""The eighth part of `slow_programs`, to the letter."""

KEPT: dict[str, str] = {
    "newest_rows": """
def newest_rows(rows):
    kept = []
    kept_by_key = {}
    kept_known = 0
    for row in rows:
        replaced = False
        for place, other in enumerate(kept[kept_known:], kept_known):
            kept_by_key.setdefault(other["name"].lower(), []).append(place)
        kept_known = len(kept)
        for place, other in ((place, kept[place]) for place in kept_by_key.get(row["name"].lower(), ())):
            if other["name"].lower() == row["name"].lower():
                kept[place] = row
                replaced = True
                break
        if not replaced:
            kept.append(row)
    return kept
""",
    "new_pairs": """
def new_pairs(rows):
    seen = []
    seen_by_key = {}
    seen_known = 0
    for row in rows:
        for place, other in enumerate(seen[seen_known:], seen_known):
            seen_by_key.setdefault(other[0], []).append(place)
        seen_known = len(seen)
        if any(row[0] == other[0] for other in (seen[place] for place in seen_by_key.get(row[0], ()))):
            continue
        seen.append(row)
    return seen
""",
    "phone_book": """
class Book:
    def __init__(self):
        self.entries = []
        self.entries_by_key = {}
        self.entries_known = 0

    def add(self, name, number):
        for i in range(self.entries_known, len(self.entries)):
            self.entries_by_key.setdefault(self.entries[i][0], []).append(i)
        self.entries_known = len(self.entries)
        for i in self.entries_by_key.get(name, ()):
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
    "spans_of": """
def spans_of(values, wanted):
    import itertools
    import bisect

    best = None
    values_sums = list(itertools.accumulate(values, initial=0))
    values_ends = {}
    for place, sum_so_far in enumerate(values_sums[1:]):
        values_ends.setdefault(sum_so_far, []).append(place)
    for start in range(len(values)):
        total = 0
        found = values_ends.get(values_sums[start] + wanted, ())
        for end in found[bisect.bisect_left(found, start) :]:
            total = values_sums[end + 1] - values_sums[start]
            if total == wanted:
                if best is None or end - start > best[1] - best[0]:
                    best = (start, end, total)
    return best
""",
    "other_balanced": """
def other_balanced(bits, by):
    import itertools
    import bisect

    count = 0
    bits_sums = list(itertools.accumulate(bits, initial=0))
    bits_ends = {}
    for place, sum_so_far in enumerate(bits_sums[1:]):
        bits_ends.setdefault(sum_so_far % by, []).append(place)
    for i in range(len(bits)):
        level = 0
        found = bits_ends.get(bits_sums[i] % by, ())
        for end in found[bisect.bisect_left(found, i) :]:
            bit = bits[end]
            level = bits_sums[end + 1] - bits_sums[i]
            if level % by == 0:
                count += 1
    return count
""",
    "sliced": """
def sliced(numbers, goal):
    import itertools
    import bisect

    found = []
    numbers_sums = list(itertools.accumulate(numbers, initial=0))
    numbers_ends = {}
    for place, sum_so_far in enumerate(numbers_sums[1:]):
        numbers_ends.setdefault(sum_so_far, []).append(place)
    for i in range(len(numbers)):
        found_2 = numbers_ends.get(numbers_sums[i] + goal, ())
        for end in found_2[bisect.bisect_left(found_2, i) :]:
            j = end + 1
            if sum(numbers[i:j]) == goal:
                found.append((i, j))
    return found
""",
    "islands_of": """
def islands_of(count, bridges):
    island = list(range(count))
    island_groups = {}
    island_group_of = {}
    for key, mark in enumerate(island):
        island_group_of[key] = island_groups.setdefault(mark, [mark, []])
        island_group_of[key][1].append(key)
    for one, other in bridges:
        keep, gone = island_group_of[one][0], island_group_of[other][0]
        if keep != gone:
            if gone != keep and gone in island_groups:
                kept_group, moved_group = island_groups.get(keep, [keep, []]), island_groups.pop(gone)
                if len(kept_group[1]) < len(moved_group[1]):
                    kept_group, moved_group = moved_group, kept_group
                    kept_group[0] = keep
                for key in moved_group[1]:
                    island_group_of[key] = kept_group
                kept_group[1].extend(moved_group[1])
                island_groups[keep] = kept_group
    for key, kept_group in island_group_of.items():
        island[key] = kept_group[0]
    return island
""",
    "owners": """
def owners(pairs):
    owner = {}
    for one, other in pairs:
        owner[one] = one
        owner[other] = other
    owner_groups = {}
    owner_group_of = {}
    for key, mark in owner.items():
        owner_group_of[key] = owner_groups.setdefault(mark, [mark, []])
        owner_group_of[key][1].append(key)
    for one, other in pairs:
        keep = owner_group_of[one][0]
        gone = owner_group_of[other][0]
        if gone != keep and gone in owner_groups:
            kept_group, moved_group = owner_groups.get(keep, [keep, []]), owner_groups.pop(gone)
            if len(kept_group[1]) < len(moved_group[1]):
                kept_group, moved_group = moved_group, kept_group
                kept_group[0] = keep
            for key in moved_group[1]:
                owner_group_of[key] = kept_group
            kept_group[1].extend(moved_group[1])
            owner_groups[keep] = kept_group
    for key, kept_group in owner_group_of.items():
        owner[key] = kept_group[0]
    return owner
""",
    "joined_after": """
def joined_after(count, links):
    label = list(range(count))
    left = count
    label_groups = {}
    label_group_of = {}
    for key, mark_2 in enumerate(label):
        label_group_of[key] = label_groups.setdefault(mark_2, [mark_2, []])
        label_group_of[key][1].append(key)
    for step, (one, other) in enumerate(links):
        old = label_group_of[one][0]
        new = label_group_of[other][0]
        if old == new:
            continue
        if old != new and old in label_groups:
            kept_group, moved_group = label_groups.get(new, [new, []]), label_groups.pop(old)
            if len(kept_group[1]) < len(moved_group[1]):
                kept_group, moved_group = moved_group, kept_group
                kept_group[0] = new
            for key in moved_group[1]:
                label_group_of[key] = kept_group
            kept_group[1].extend(moved_group[1])
            label_groups[new] = kept_group
        left -= 1
        if left == 1:
            return step
    for key, kept_group in label_group_of.items():
        label[key] = kept_group[0]
    return -1
""",
    "needless": """
def needless(count, edges):
    up = list(range(count))

    def root(node):
        while up[node] != node:
            up[node] = up[up[node]]
            node = up[node]
        return node

    found = []
    for one, other in edges:
        if root(one) == root(other):
            found.append((one, other))
        up[root(one)] = root(other)
    return found
""",
    "provinces": """
def provinces(count, roads):
    up = list(range(count))

    def root(node):
        if up[node] == node:
            return node
        up[node] = root(up[node])
        return up[node]

    for one, other in roads:
        up[root(one)] = root(other)
    return sum(1 for node in range(count) if root(node) == node)
""",
    "longest_rise": """
def longest_rise(scores):
    import bisect

    best = [1] * len(scores)
    keys_so_far, tops_so_far = [], []
    for i in range(min(1, len(best))):
        key, offer = scores[i], best[i]
        place = bisect.bisect_right(keys_so_far, key)
        if not place or tops_so_far[place - 1] < offer:
            end = place
            if place and keys_so_far[place - 1] == key:
                place -= 1
            while end < len(keys_so_far) and tops_so_far[end] <= offer:
                end += 1
            keys_so_far[place:end], tops_so_far[place:end] = [key], [offer]
    for i in range(1, len(scores)):
        place = bisect.bisect_left(keys_so_far, scores[i])
        if place:
            offer = tops_so_far[place - 1] + 1
            if offer > best[i]:
                best[i] = offer
        key, offer = scores[i], best[i]
        place = bisect.bisect_right(keys_so_far, key)
        if not place or tops_so_far[place - 1] < offer:
            end = place
            if place and keys_so_far[place - 1] == key:
                place -= 1
            while end < len(keys_so_far) and tops_so_far[end] <= offer:
                end += 1
            keys_so_far[place:end], tops_so_far[place:end] = [key], [offer]
    return best
""",
    "heaviest_pile": """
def heaviest_pile(boxes):
    import bisect

    most = []
    keys_so_far, tops_so_far = [], []
    for i, box in enumerate(boxes):
        below = 0
        place = bisect.bisect_right(keys_so_far, -(boxes[i][1]))
        if place:
            offer = tops_so_far[place - 1]
            if offer > below:
                below = offer
        most.append(below + box[0])
        key, offer = -(boxes[i][1]), most[i]
        place = bisect.bisect_right(keys_so_far, key)
        if not place or tops_so_far[place - 1] < offer:
            end = place
            if place and keys_so_far[place - 1] == key:
                place -= 1
            while end < len(keys_so_far) and tops_so_far[end] <= offer:
                end += 1
            keys_so_far[place:end], tops_so_far[place:end] = [key], [offer]
    return most
""",
    "told_apart": """
def told_apart(rows, width):
    found = []
    for start in range(len(rows) - width + 1):
        total = 0
        low = min([rows[start], *rows[start : start + width]])
        high = max([rows[start], *rows[start : start + width]])
        total += sum(rows[start : start + width])
        found.append((low, high, total))
    return found
""",
    "points_inside": """
def points_inside(points, spans):
    found = []
    for point in points:
        inside = sum(1 for start, end in spans if start <= point < end) > 0
        found.append(inside)
    return found
""",
    "free_slots": """
def free_slots(wanted, booked):
    free = []
    for start, end in wanted:
        if not (sum(1 for first, last in booked if start < last and first < end) > 0):
            free.append((start, end))
    return free
""",
    "most_common": """
def most_common(values):
    import collections

    return max(sorted(set(values)), key=collections.Counter(values).__getitem__) if values else None
""",
    "best_stretch": """
def best_stretch(gains):
    import itertools

    best = 0
    gains_sums = list(itertools.accumulate(gains, initial=0))
    gains_sums_max = list(itertools.accumulate(reversed(gains_sums), max))[::-1]
    for i in range(len(gains)):
        total = 0
        if i + 1 < len(gains_sums_max):
            best = max(best, total + gains_sums_max[i + 1] - gains_sums[i])
    return best
""",
    "lowest_stretch": """
def lowest_stretch(gains):
    import itertools

    worst = 99
    gains_sums = list(itertools.accumulate(gains, initial=0))
    gains_sums_min = list(itertools.accumulate(reversed(gains_sums), min))[::-1]
    for i in range(len(gains)):
        total = 1
        if i + 1 < len(gains_sums_min):
            worst = min(worst, total + gains_sums_min[i + 1] - gains_sums[i])
    return worst
""",
    "served_first": """
def served_first(jobs):
    order = []
    queue = list(jobs)
    for taken in sorted(queue, key=lambda it: it[1], reverse=True):
        order.append(taken[0])
    return order
""",
    "spans_in_order": """
def spans_in_order(spans):
    joined = []
    for start, end in sorted(spans):
        found = False
        for k in range(max(0, len(joined) - 1), len(joined)):
            if start <= joined[k][1] and joined[k][0] <= end:
                joined[k] = (joined[k][0], max(joined[k][1], end))
                found = True
                break
        if not found:
            joined.append((start, end))
    return joined
""",
    "lectures": """
def lectures(wanted):
    wanted = list(wanted)
    wanted.sort(key=lambda one: one[1])
    chosen = []
    for start, end in wanted:
        if all(start >= last for first, last in chosen[-1:]):
            chosen.append((start, end))
    return chosen
""",
    "others": """
def others(values):
    import itertools
    import operator

    found = []
    values_before = list(itertools.accumulate(values, operator.mul, initial=1))
    values_after = list(itertools.accumulate(reversed(values), operator.mul, initial=1))[::-1]
    for i in range(len(values)):
        product = 1
        product *= values_before[i] * values_after[i + 1]
        found.append(product)
    return found
""",
    "rest_of": """
def rest_of(shares):
    import itertools

    found = []
    shares_before = list(itertools.accumulate(shares, initial=0))
    shares_after = list(itertools.accumulate(reversed(shares), initial=0))[::-1]
    for k, share in enumerate(shares):
        rest = -share
        rest += shares_before[k] + shares_after[k + 1]
        found.append(rest)
    return found
""",
}
