"""The last part of `slow_programs`, to the letter."""

COPIES: dict[str, str] = {
    "both_ways": """
def both_ways(follows):
    pairs = []
    for i in range(len(follows)):
        a, b = follows[i]
        for j in range(i + 1, len(follows)):
            c, d = follows[j]
            if a == d and b == c:
                pairs.append((a, b))
    return pairs
""",
    "versions": """
def versions(changes):
    state = {}
    sizes = []
    for key, value in changes:
        state[key] = value
        sizes.append(len(state))
    return sizes, state
""",
    "boards": """
def boards(rows, moves):
    state = [row[:] for row in rows]
    filled = []
    for r, c in moves:
        state[r % 3][c % 3] = 1
        filled.append(state[0][0] + state[2][2])
    return filled
""",
    "shares": """
def shares(names, votes):
    told = {}
    for name in names:
        every = votes
        told[name] = (every[0], every.count(name)) if every else None
    return told
""",
    "backwards": """
def backwards(rows):
    out = []
    for row in rows:
        line = [0]
        for value in row:
            if value > 2:
                line.insert(0, value)
        out.append(line)
    out.reverse()
    return out
""",
    "depths": """
def depths(above):
    found = {}
    known_of_here = {}
    for name in above:
        steps = 0
        here = name
        path = []
        while here not in known_of_here and above[here] is not None:
            path.append((here, steps))
            here = above[here]
            steps += 1
        if here in known_of_here:
            here, steps_more = known_of_here[here]
            steps += steps_more
        for earlier, steps_before in path:
            known_of_here[earlier] = (here, steps - steps_before)
        found[name] = steps
    return found
""",
    "heads": """
def heads(above, names):
    found = []
    known_of_name = {}
    for name in names:
        path = []
        while name not in known_of_name and name in above:
            path.append(name)
            name = above[name]
        if name in known_of_name:
            name = known_of_name[name]
        for earlier in path:
            known_of_name[earlier] = name
        found.append(name)
    return found
""",
    "next_ready": """
def next_ready(jobs, done):
    import itertools

    found = []
    for need, name in jobs:
        ready = list(itertools.islice((one for one in done if one > need), 1))
        if not ready:
            continue
        found.append((name, ready[0], len(ready) > 0))
    return found
""",
    "different_rows": """
def different_rows(rows):
    kept = []
    kept_keys = set()

    def key_of(one):
        if isinstance(one, dict):
            return dict, frozenset((name, key_of(value)) for name, value in one.items())
        if isinstance(one, list | tuple):
            return type(one), *map(key_of, one)
        return one

    for row in rows:
        if key_of(row) not in kept_keys:
            kept.append(row)
            kept_keys.add(key_of(row))
    return kept
""",
    "not_lately": """
def not_lately(events, k):
    told = []
    told_ends = {}
    for event in events:
        if told_ends.get(event, 0) > slice(-k, None).indices(len(told))[0]:
            continue
        told.append(event)
        told_ends[event] = len(told)
    return told
""",
    "kinds": """
def kinds(values, width):
    values_counts, kept = {}, [0, 0]

    def values_part_counts(first, last):
        first, last, _ = slice(first, last).indices(len(values))
        if not kept[0] <= first <= kept[1] <= last:
            values_counts.clear()
            kept[:] = [first, first]
        for item in values[kept[1] : last]:
            values_counts[item] = values_counts.get(item, 0) + 1
        for item in values[kept[0] : first]:
            values_counts[item] -= 1
            if not values_counts[item]:
                del values_counts[item]
        kept[:] = [first, max(first, last)]
        return values_counts.keys()

    return [len(values_part_counts(i, i + width)) for i in range(len(values) - width + 1)]
""",
    "mixed_up": """
from collections import Counter


def mixed_up(text, wanted):
    places = []
    letters = Counter(wanted)
    text_counts, kept = Counter(), [0, 0]

    def text_part_counts(first, last):
        first, last, _ = slice(first, last).indices(len(text))
        if not kept[0] <= first <= kept[1] <= last:
            text_counts.clear()
            kept[:] = [first, first]
        for item in text[kept[1] : last]:
            text_counts[item] = text_counts.get(item, 0) + 1
        for item in text[kept[0] : first]:
            text_counts[item] -= 1
            if not text_counts[item]:
                del text_counts[item]
        kept[:] = [first, max(first, last)]
        return text_counts

    for i in range(len(text) - len(wanted) + 1):
        if text_part_counts(i, i + len(wanted)) == letters:
            places.append(i)
    return places
""",
    "least_gap": """
def least_gap(values):
    best = None
    values_ordered = sorted(values)
    for i in range(len(values_ordered)):
        for j in range(i + 1, min(i + 2, len(values_ordered))):
            gap = abs(values_ordered[i] - values_ordered[j])
            if best is None or gap < best:
                best = gap
    return best
""",
    "closest": """
def closest(values):
    best = 1000
    values_ordered = sorted(values)
    for i in range(len(values_ordered)):
        for j in range(i + 1, min(i + 2, len(values_ordered))):
            if i == j:
                continue
            best = min(best, abs(values_ordered[j] - values_ordered[i]))
    return best
""",
    "smallest_step": """
def smallest_step(values):
    best = 1000
    values_ordered = sorted(values)
    for i, one in enumerate(values_ordered):
        for other in values_ordered[i + 1 : i + 2]:
            if abs(one - other) < best:
                best = abs(one - other)
    return best
""",
    "first_beginnings": """
def first_beginnings(texts, beginnings, most):
    told = {}
    texts_starting_by_size = {}

    def texts_starting(wanted):
        size = len(wanted)
        if size not in texts_starting_by_size:
            table = texts_starting_by_size[size] = {}
            for text in texts:
                table.setdefault(text[:size], []).append(text)
        return texts_starting_by_size[size].get(wanted, ())

    for beginning in beginnings:
        found = []
        for text in texts_starting(beginning):
            if len(found) >= most:
                break
            if text.startswith(beginning):
                found.append(text)
        told[beginning] = found
    return told
""",
    "merged": """
def merged(tables):
    whole = {}
    for table in tables:
        whole.update(table)
    return whole
""",
    "best_trade": """
def best_trade(prices, fee):
    import itertools

    best = 0
    prices_max_from = list(itertools.accumulate(reversed(prices), max))[::-1]
    for i in range(len(prices)):
        best = max([best, *[max_value - prices[i] - fee for max_value in prices_max_from[i : i + 1]]])
    return best
""",
    "stock_levels": """
import copy


def stock_levels(start, moves):
    levels = []
    current = start
    current = copy.deepcopy(current)
    for shelf, change in moves:
        current[shelf] = current.get(shelf, 0) + change
        if current[shelf] < 0:
            current[shelf] = 0
        levels.append(len(current) + max(current.values()))
    return levels
""",
    "placed": """
def placed(state, changes):
    state = dict(state)
    for key, value in changes:
        state[key] = value
    return state
""",
    "worth_after": """
def worth_after(prices, changes):
    worth = []
    prices_sum = sum(prices.values())
    for name, price in changes:
        if price < 2:
            prices_sum -= prices.get(name, 0)
            prices.pop(name, None)
        else:
            prices_sum -= prices.get(name, 0)
            prices[name] = price
            prices_sum += prices[name]
        worth.append((name, prices_sum))
    return worth
""",
    "value_after": """
def value_after(items, changes):
    prices = {}
    values = []
    items_by_key = {}
    for kind, amount in items:
        items_by_key.setdefault(kind, []).append((kind, amount))
    prices_sum = sum(amount * prices.get(kind, 0) for kind, amount in items)
    for name, price in changes:
        prices_sum -= sum(amount * prices.get(kind, 0) for kind, amount in items_by_key.get(name, ()))
        prices[name] = price  # from now on
        prices_sum += sum(amount * prices.get(kind, 0) for kind, amount in items_by_key.get(name, ()))
        values.append(prices_sum)
    return values
""",
    "open_after": """
def open_after(rows, closed):
    done = set()
    left = []
    rows_by_key = {}
    for row in rows:
        rows_by_key.setdefault(row["name"], []).append(row)
    done_sum = sum(row["n"] for row in rows if row["name"] not in done)
    for name in closed:
        done_sum -= sum(row["n"] for row in rows_by_key.get(name, ()) if row["name"] not in done)
        done.add(name)
        done_sum += sum(row["n"] for row in rows_by_key.get(name, ()) if row["name"] not in done)
        left.append(done_sum)
    return left
""",
    "cells_after": """
def cells_after(rows, moves):
    filled = []
    rows_sum = sum(1 for row in rows for cell in row if cell)
    for r, c, value in moves:
        rows_sum -= sum(1 for row in (rows[r],) for cell in (row[c],) if cell)
        rows[r][c] = value
        rows_sum += sum(1 for row in (rows[r],) for cell in (row[c],) if cell)
        filled.append(rows_sum)
    return filled
""",
    "weight_after": """
def weight_after(counts, weights, moves):
    total = []
    counts_sum = sum(n * w for n, w in zip(counts, weights))
    for k, by in moves:
        counts_sum -= sum(n * w for n, w in ((counts[k % len(counts)], weights[k % len(counts)]),))
        counts[k % len(counts)] += by
        counts_sum += sum(n * w for n, w in ((counts[k % len(counts)], weights[k % len(counts)]),))
        total.append(counts_sum)
    return total
""",
    "sums_while_growing": """
def sums_while_growing(values, limit):
    kept = []
    sums = []
    kept_sum = sum(kept)
    while values:
        kept.append(values.pop())
        kept_sum += kept[-1]
        if kept[-1] > limit:
            kept_sum -= kept[0]
            del kept[0]
        sums.append(kept_sum)
    return sums
""",
    "invoice": """
def invoice(rows):
    import itertools

    lines = []
    rows_sums = [0, *itertools.accumulate(c for _, c in rows)]
    for number, (name, cents) in enumerate(rows, start=1):
        lines.append((name, rows_sums[number]))
    return lines
""",
    "late_days": """
def late_days(days, limit):
    import itertools

    late = []
    days_sums = [0, *itertools.accumulate(1 if day > limit else 0 for day in days)]
    for i in range(len(days)):
        late.append(days_sums[i + 1])
    return late
""",
    "best_so_far": """
def best_so_far(rows):
    import itertools

    rows_max_to = list(itertools.accumulate((row[1] - row[0] for row in rows), max))
    return [rows_max_to[i] for i in range(len(rows))]
""",
    "best_to_come": """
def best_to_come(rows):
    import itertools

    best = []
    rows_max_from = list(itertools.accumulate(reversed([abs(row) for row in rows]), max))[::-1]
    for i in range(len(rows)):
        best.append(rows_max_from[i])
    return best
""",
    "starred": """
import re


def starred(lines, names):
    masked = []
    for line in lines:
        for name in names:
            # as the first word
            line = re.compile("^" + re.escape(name) + " ").sub("*" * len(name), line) if name in line else line
        masked.append(line)
    return masked
""",
    "mentioned": """
import re


def mentioned(lines, names):
    return [n for n in names if any((re.search(rf"^{re.escape(n)} ", x) if n in x else None) for x in lines)]
""",
    "within": """
def within(needles, hay):
    found = []
    for needle in needles:
        rest = hay
        missing = 0
        rest_start = 0
        for c in needle:
            if c not in rest[rest_start:]:
                missing += 1
                continue
            rest_start = rest.index(c, rest_start) + 1
        rest = rest[rest_start:]
        found.append((needle, missing, rest))
    return found
""",
    "fields": """
def fields(line):
    out = []
    line_start = 0
    while line_start < len(line):
        if line.startswith("c", line_start):
            line_start += 1
        elif "b" in line[line_start:]:
            field, line_start = line[line_start : line.index("b", line_start)], line.index("b", line_start) + 1
            out.append(field)
        else:
            field, line_start = line[line_start:], len(line)
            out.append(field)
    return out
""",
    "chunks": """
def chunks(items, size):
    out = []
    items_start = 0
    while (len(items) - items_start) > size:
        out.append(items[items_start : items_start + size])
        items_start = min(items_start + size, len(items))
    items = items[items_start:]
    return [*out, items]
""",
}
