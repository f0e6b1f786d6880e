"""The last part of `slow_programs`: copies that nobody needs, walks made again, parts that move on, the closest two."""

from .slow_inputs import Slow, numbers, word, words

COPIES: dict[str, Slow] = {
    "both_ways": Slow(
        """
def both_ways(follows):
    pairs = []
    for i in range(len(follows)):
        for j in range(i + 1, len(follows)):
            a, b = follows[i]
            c, d = follows[j]
            if a == d and b == c:
                pairs.append((a, b))
    return pairs
""",
        lambda rng: ([(rng.randrange(5), rng.randrange(5)) for _ in range(rng.randrange(12))],),
        ("hoist_names", "index_pairs"),
    ),
    "versions": Slow(
        """
def versions(changes):
    state = {}
    sizes = []
    for key, value in changes:
        new = dict(state)
        new[key] = value
        sizes.append(len(new))
        state = new
    return sizes, state
""",
        lambda rng: ([(word(rng), rng.randrange(5)) for _ in range(rng.randrange(12))],),
        ("without_copy",),
    ),
    "boards": Slow(
        """
def boards(rows, moves):
    state = [row[:] for row in rows]
    filled = []
    for r, c in moves:
        new = [row[:] for row in state]
        new[r % 3][c % 3] = 1
        filled.append(new[0][0] + new[2][2])
        state = new
    return filled
""",
        lambda rng: ([[0] * 3 for _ in range(3)], [(rng.randrange(9), rng.randrange(9)) for _ in range(9)]),
        ("without_copy",),
    ),
    "shares": Slow(
        """
def shares(names, votes):
    told = {}
    for name in names:
        every = list(votes)
        told[name] = (every[0], every.count(name)) if every else None
    return told
""",
        lambda rng: (words(rng), words(rng)),
        ("without_copy",),
    ),
    "backwards": Slow(
        """
def backwards(rows):
    out = []
    for row in rows:
        line = [0]
        for value in row:
            if value > 2:
                line.insert(0, value)
        out = [line] + out
    return out
""",
        lambda rng: ([numbers(rng, most=6) for _ in range(rng.randrange(6))],),
        ("turned_around",),
    ),
    "depths": Slow(
        """
def depths(above):
    found = {}
    for name in above:
        steps = 0
        here = name
        while above[here] is not None:
            here = above[here]
            steps += 1
        found[name] = steps
    return found
""",
        lambda rng: ({k: rng.choice([None, *range(k)]) for k in range(rng.randrange(12))},),
        ("walk_known",),
    ),
    "heads": Slow(
        """
def heads(above, names):
    found = []
    for name in names:
        while name in above:
            name = above[name]
        found.append(name)
    return found
""",
        lambda rng: ({k: rng.randrange(k) for k in range(1, 9)}, numbers(rng)),
        ("walk_known",),
    ),
    "next_ready": Slow(
        """
def next_ready(jobs, done):
    found = []
    for need, name in jobs:
        ready = [one for one in done if one > need]
        if not ready:
            continue
        found.append((name, ready[0], len(ready) > 0))
    return found
""",
        lambda rng: ([(k, word(rng)) for k in numbers(rng)], numbers(rng)),
        ("first_only",),
    ),
    "different_rows": Slow(
        """
def different_rows(rows):
    kept = []
    for row in rows:
        if row not in kept:
            kept.append(row)
    return kept
""",
        lambda rng: ([(rng.randrange(2), word(rng, "ab", 1)) for _ in range(9)],),
        ("seen_tables",),
    ),
    "not_lately": Slow(
        """
def not_lately(events, k):
    told = []
    for event in events:
        if event in told[-k:]:
            continue
        told.append(event)
    return told
""",
        lambda rng: (numbers(rng, top=5), rng.randint(-3, 6)),
        ("last_few",),
    ),
    "kinds": Slow(
        """
def kinds(values, width):
    return [len(set(values[i : i + width])) for i in range(len(values) - width + 1)]
""",
        lambda rng: (numbers(rng, top=4), rng.randint(1, 6)),
        ("counted_part",),
    ),
    "mixed_up": Slow(
        """
from collections import Counter


def mixed_up(text, wanted):
    places = []
    letters = Counter(wanted)
    for i in range(len(text) - len(wanted) + 1):
        if Counter(text[i : i + len(wanted)]) == letters:
            places.append(i)
    return places
""",
        lambda rng: (word(rng, "ab", 12), word(rng, "ab", 3)),
        ("counted_part",),
    ),
    "least_gap": Slow(
        """
def least_gap(values):
    best = None
    for i in range(len(values)):
        for j in range(i + 1, len(values)):
            gap = abs(values[i] - values[j])
            if best is None or gap < best:
                best = gap
    return best
""",
        lambda rng: (numbers(rng, top=99),),
        ("closest_pair",),
    ),
    "closest": Slow(
        """
def closest(values):
    best = 1000
    for i in range(len(values)):
        for j in range(len(values)):
            if i == j:
                continue
            best = min(best, abs(values[j] - values[i]))
    return best
""",
        lambda rng: (numbers(rng, top=99),),
        ("closest_pair",),
    ),
    "smallest_step": Slow(
        """
def smallest_step(values):
    best = 1000
    for i, one in enumerate(values):
        for other in values[i + 1 :]:
            if abs(one - other) < best:
                best = abs(one - other)
    return best
""",
        lambda rng: (numbers(rng, top=99),),
        ("closest_pair",),
    ),
    "first_beginnings": Slow(
        """
def first_beginnings(texts, beginnings, most):
    told = {}
    for beginning in beginnings:
        found = []
        for text in texts:
            if len(found) >= most:
                break
            if text.startswith(beginning):
                found.append(text)
        told[beginning] = found
    return told
""",
        lambda rng: (words(rng), [one[:2] for one in words(rng)], rng.randrange(4)),
        ("by_beginning",),
    ),
    "merged": Slow(
        """
def merged(tables):
    whole = {}
    for table in tables:
        whole = {**whole, **table}
    return whole
""",
        lambda rng: ([{word(rng, most=2): rng.randrange(9)} for _ in range(9)],),
        ("update_in_place",),
    ),
    "best_trade": Slow(
        """
def best_trade(prices, fee):
    best = 0
    for i in range(len(prices)):
        best = max([best, *[prices[j] - prices[i] - fee for j in range(i, len(prices))]])
    return best
""",
        lambda rng: (numbers(rng, top=99), rng.randrange(5)),
        ("extreme_of_rest",),
    ),
    "stock_levels": Slow(
        """
def stock_levels(start, moves):
    levels = []
    current = start
    for shelf, change in moves:
        following = copy.deepcopy(current)
        following[shelf] = following.get(shelf, 0) + change
        if following[shelf] < 0:
            following[shelf] = 0
        current = following
        levels.append(len(current) + max(current.values()))
    return levels
""".replace("\ndef", "\nimport copy\n\n\ndef"),
        lambda rng: ({"a": 4, "b": 1}, [(word(rng), rng.randint(-9, 9)) for _ in range(rng.randrange(12))]),
        ("without_copy",),
    ),
    "placed": Slow(
        """
def placed(state, changes):
    for key, value in changes:
        new = dict(state)
        new[key] = value
        state = new
    return state
""",
        lambda rng: ({"a": 4}, [(word(rng, most=2), rng.randrange(9)) for _ in range(rng.randrange(12))]),
        ("without_copy",),
    ),
    "worth_after": Slow(
        """
def worth_after(prices, changes):
    worth = []
    for name, price in changes:
        if price < 2:
            prices.pop(name, None)
        else:
            prices[name] = price
        worth.append((name, sum(prices.values())))
    return worth
""",
        lambda rng: ({"a": 4, "b": 1}, [(word(rng, most=2), rng.randrange(9)) for _ in range(rng.randrange(12))]),
        ("sum_kept",),
    ),
    "value_after": Slow(
        """
def value_after(items, changes):
    prices = {}
    values = []
    for name, price in changes:
        prices[name] = price  # from now on
        values.append(sum(amount * prices.get(kind, 0) for kind, amount in items))
    return values
""",
        lambda rng: tuple([(word(rng, most=2), rng.randrange(9)) for _ in range(9)] for _ in range(2)),
        ("sum_kept",),
    ),
    "open_after": Slow(
        """
def open_after(rows, closed):
    done = set()
    left = []
    for name in closed:
        done.add(name)
        left.append(sum(row["n"] for row in rows if row["name"] not in done))
    return left
""",
        lambda rng: ([{"n": rng.randrange(9), "name": word(rng, most=2)} for _ in range(9)], words(rng)),
        ("sum_kept",),
    ),
    "cells_after": Slow(
        """
def cells_after(rows, moves):
    filled = []
    for r, c, value in moves:
        rows[r][c] = value
        filled.append(sum(1 for row in rows for cell in row if cell))
    return filled
""",
        lambda rng: ([[0] * 3 for _ in range(3)], [tuple(rng.randrange(3) for _ in range(3)) for _ in range(9)]),
        ("sum_kept",),
    ),
    "weight_after": Slow(
        """
def weight_after(counts, weights, moves):
    total = []
    for k, by in moves:
        counts[k % len(counts)] += by
        total.append(sum(n * w for n, w in zip(counts, weights)))
    return total
""",
        lambda rng: ([3, 0, 2, 7], [4, 4, 1, 2], [(rng.randrange(9), 2) for _ in range(9)]),
        ("sum_kept",),
    ),
    "sums_while_growing": Slow(
        """
def sums_while_growing(values, limit):
    kept = []
    sums = []
    while values:
        kept.append(values.pop())
        if kept[-1] > limit:
            del kept[0]
        sums.append(sum(kept))
    return sums
""",
        lambda rng: (numbers(rng), rng.randrange(9)),
        ("sum_kept",),
    ),
    "invoice": Slow(
        """
def invoice(rows):
    lines = []
    for number, (name, cents) in enumerate(rows, start=1):
        lines.append((name, sum(c for _, c in rows[:number])))
    return lines
""",
        lambda rng: ([(word(rng), rng.randrange(99)) for _ in range(rng.randrange(12))],),
        ("prefix_sums",),
    ),
    "late_days": Slow(
        """
def late_days(days, limit):
    late = []
    for i in range(len(days)):
        late.append(len([day for day in days[: i + 1] if day > limit]))
    return late
""",
        lambda rng: (numbers(rng), rng.randrange(9)),
        ("prefix_sums",),
    ),
    "best_so_far": Slow(
        """
def best_so_far(rows):
    return [max(row[1] - row[0] for row in rows[: i + 1]) for i in range(len(rows))]
""",
        lambda rng: ([(rng.randrange(9), rng.randrange(9)) for _ in range(rng.randrange(12))],),
        ("running_extreme",),
    ),
    "best_to_come": Slow(
        """
def best_to_come(rows):
    best = []
    for i in range(len(rows)):
        best.append(max(abs(row) for row in rows[i:]))
    return best
""",
        lambda rng: (numbers(rng),),
        ("running_extreme",),
    ),
    "starred": Slow(
        """
import re


def starred(lines, names):
    masked = []
    for line in lines:
        for name in names:
            # as the first word
            pattern = re.compile("^" + re.escape(name) + " ")
            line = pattern.sub("*" * len(name), line)
        masked.append(line)
    return masked
""",
        lambda rng: ([" ".join(words(rng)) for _ in range(4)], words(rng)),
        ("looked_first",),
    ),
    "mentioned": Slow(
        """
import re


def mentioned(lines, names):
    return [n for n in names if any(re.search(rf"^{re.escape(n)} ", x) for x in lines)]
""",
        lambda rng: ([" ".join(words(rng)) for _ in range(4)], words(rng)),
        ("looked_first",),
    ),
    "within": Slow(
        """
def within(needles, hay):
    found = []
    for needle in needles:
        rest = hay
        missing = 0
        for c in needle:
            if c not in rest:
                missing += 1
                continue
            rest = rest[rest.index(c) + 1 :]
        found.append((needle, missing, rest))
    return found
""",
        lambda rng: (words(rng), word(rng, most=30)),
        ("moving_index",),
    ),
    "fields": Slow(
        """
def fields(line):
    out = []
    while line:
        if line.startswith("c"):
            line = line[1:]
        elif "b" in line:
            field, line = line[: line.index("b")], line[line.index("b") + 1 :]
            out.append(field)
        else:
            field, line = line, ""
            out.append(field)
    return out
""",
        lambda rng: (word(rng, most=30),),
        ("moving_index",),
    ),
    "chunks": Slow(
        """
def chunks(items, size):
    out = []
    while len(items) > size:
        out.append(items[:size])
        items = items[size:]
    return [*out, items]
""",
        lambda rng: (numbers(rng), rng.randint(1, 4)),
        ("moving_index",),
    ),
}
