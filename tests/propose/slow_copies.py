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
}
