"""The seventh part of `slow_programs`, to the letter."""

CARRIED: dict[str, str] = {
    "fresh_stretch": """
def fresh_stretch(songs):
    longest = 0
    end = 0
    heard = set()
    length = 0
    for start in range(len(songs)):
        if end <= start:
            end = start
            heard = set()
            length = 0
        for end in range(end, len(songs)):
            song = songs[end]
            if song in heard:
                break
            heard.add(song)
            length += 1
        else:
            end = len(songs)
        longest = max(longest, length)
        if end > start:
            heard.discard(songs[start])
            length -= 1
    return longest
""",
    "days_within": """
def days_within(costs, limit):
    best = 0
    n = len(costs)
    rising = all((2 * costs[j]) >= 0 for j in range(n))
    j = 0
    total = 0
    for i, _ in enumerate(costs):
        if j <= i or not rising:
            j = i
            total = 0
        for j in range(j, n):
            total += 2 * costs[j]
            if total > limit:
                total -= 2 * costs[j]
                break
            if j - i + 1 > best:
                best = j - i + 1
        else:
            j = n
        if j > i:
            total -= 2 * costs[i]
    return best
""",
    "shortest_reaching": """
def shortest_reaching(values, target):
    best = None
    rising = all(values[j] >= 0 for j in range(len(values)))
    j = 0
    total = 0
    for i in range(len(values)):
        if j <= i or not rising:
            j = i
            total = 0
        for j in range(j, len(values)):
            total += values[j]
            if total >= target:
                if best is None or j - i + 1 < best:
                    best = j - i + 1
                total -= values[j]
                break
        else:
            j = len(values)
        if j > i:
            total -= values[i]
    return best
""",
    "few_kinds": """
def few_kinds(letters, most):
    count, best = 0, 0
    j = 0
    kinds = {}
    for i in range(len(letters)):
        if j <= i:
            j = i
            kinds = {}
        count += j - i
        for j in range(j, len(letters)):
            letter = letters[j].lower()
            kinds[letter] = kinds.get(letter, 0) + 1
            if len(kinds) > most:
                kinds[letter] -= 1
                if not kinds[letter]:
                    del kinds[letter]
                break
            count += 1
            best = max(best, len(kinds))
        else:
            j = len(letters)
        if j > i:
            kinds[letters[i].lower()] -= 1
            if not kinds[letters[i].lower()]:
                del kinds[letters[i].lower()]
    return count, best
""",
    "no_more_than_twice": """
def no_more_than_twice(orders):
    longest = 0
    end = 0
    counts = {}
    for start in range(len(orders)):
        if end <= start:
            end = start
            counts = {}
        while end < len(orders) and counts.get(orders[end]["customer"], 0) < 2:
            if orders[end]["customer"] in counts:
                counts[orders[end]["customer"]] += 1
            else:
                counts[orders[end]["customer"]] = 1
            end += 1
        longest = max(longest, end - start)
        if end > start:
            counts[orders[start]["customer"]] -= 1
            if not counts[orders[start]["customer"]]:
                del counts[orders[start]["customer"]]
    return longest
""",
    "rolling_medians": """
def rolling_medians(samples, width):
    import bisect

    found = []
    recent = []
    recent_sorted = []
    for sample in samples:
        recent.append(sample)
        bisect.insort(recent_sorted, recent[-1])
        if len(recent) > width:
            del recent_sorted[bisect.bisect_left(recent_sorted, recent[0])]
            recent.pop(0)
        ordered = recent_sorted
        found.append((ordered[len(ordered) // 2], recent_sorted[0], list(reversed(recent_sorted))))
    return found
""",
    "highest_bids": """
def highest_bids(events):
    import bisect

    best = []
    open_bids = []
    open_bids_sorted = []
    for kind, bid in events:
        if kind == "bid":
            open_bids.append(bid)
            bisect.insort(open_bids_sorted, open_bids[-1])
        elif bid in open_bids:
            del open_bids_sorted[bisect.bisect_left(open_bids_sorted, bid)]
            open_bids.remove(bid)
        for old in open_bids[:-9]:
            del open_bids_sorted[bisect.bisect_left(open_bids_sorted, old)]
        open_bids = open_bids[-9:]
        if open_bids:
            best.append(open_bids_sorted[-1])
    return best
""",
    "middles": """
import statistics


def middles(values):
    import bisect

    found = []
    seen = []
    seen_sorted = []

    def seen_median():
        half = len(seen_sorted) // 2
        return seen_sorted[half] if len(seen_sorted) % 2 else (seen_sorted[half - 1] + seen_sorted[half]) / 2

    for value in values:
        seen.append(value)
        bisect.insort(seen_sorted, seen[-1])
        found.append(seen_median())
    return found
""",
    "parts_in_order": """
def parts_in_order(values, width):
    import bisect

    found = []
    values_ordered, kept = [], [0, 0]

    def values_part_sorted(first, last):
        first, last, _ = slice(first, last).indices(len(values))
        if kept[0] <= first <= kept[1] <= last:
            for item in values[kept[1] : last]:
                bisect.insort(values_ordered, item)
            for item in values[kept[0] : first]:
                del values_ordered[bisect.bisect_left(values_ordered, item)]
        else:
            values_ordered[:] = sorted(values[first:last])
        kept[:] = [first, max(first, last)]
        return values_ordered

    for i in range(len(values)):
        part = values_part_sorted(max(0, i - width), i + 1)
        found.append(part[0] + part[-1])
    return found
""",
    "window_middles": """
from statistics import median


def window_middles(values, width):
    import bisect

    values_ordered, kept = [], [0, 0]

    def values_part_sorted(first, last):
        first, last, _ = slice(first, last).indices(len(values))
        if kept[0] <= first <= kept[1] <= last:
            for item in values[kept[1] : last]:
                bisect.insort(values_ordered, item)
            for item in values[kept[0] : first]:
                del values_ordered[bisect.bisect_left(values_ordered, item)]
        else:
            values_ordered[:] = sorted(values[first:last])
        kept[:] = [first, max(first, last)]
        return values_ordered

    return [median(values_part_sorted(i, i + width)) for i in range(len(values) - width + 1)]
""",
}
