"""The fourth part of `slow_programs`: what is made again for each thing of an inner loop, and other spellings."""

from .slow_inputs import Slow, numbers, word, words

NESTED: dict[str, Slow] = {
    "hits": Slow(
        """
def hits(titles, queries):
    result = {}
    for query in queries:
        result[query] = 0
        for title in titles:
            parts = title.lower().split()
            if query in parts:
                result[query] += 1
    return result
""",
        lambda rng: ([" ".join(words(rng)) for _ in range(rng.randint(0, 6))], words(rng)),
        ("made_beside",),
    ),
    "twins": Slow(
        """
def twins(names):
    found = []
    for i in range(len(names)):
        for j in range(i + 1, len(names)):
            if sorted(names[j]) == sorted(names[i]):
                found.append((i, j))
    return found
""",
        lambda rng: (words(rng),),
        ("made_beside",),
    ),
    "close": Slow(
        """
def close(values, distance):
    pairs = 0
    n = len(values)
    for i in range(n):
        for j in range(i + 1, n):
            if abs(values[i] - values[j]) <= distance:
                pairs += 1
    return pairs
""",
        lambda rng: (numbers(rng), rng.randint(-1, 3)),
        ("difference_range", "rank_so_far"),
    ),
    "highest": Slow(
        """
def highest(values, width):
    found = []
    for start in range(len(values) - width + 1):
        most = values[start]
        for step in range(width):
            if values[start + step] > most:
                most = values[start + step]
        found.append(most)
    return found
""",
        lambda rng: (numbers(rng), rng.randint(1, 5)),
        ("part_loop", "reduction", "window_extreme"),
    ),
    "holders": Slow(
        """
def holders(orders, goods):
    found = {}
    for one in goods:
        found[one] = [number for number, lines in orders if one in lines]
    return found
""",
        lambda rng: ([(k, words(rng)) for k in range(rng.randint(0, 6))], words(rng)),
        ("index_pairs",),
    ),
    "unpaid": Slow(
        """
def unpaid(orders, payments):
    found = []
    for order in orders:
        if not any(paid == order and amount > 3 for paid, amount in payments):
            found.append(order)
    return found
""",
        lambda rng: (numbers(rng), list(zip(numbers(rng, least=9, most=9), numbers(rng, least=9), strict=False))),
        ("index_pairs",),
    ),
    "newest": Slow(
        """
def newest(rows):
    found = {}
    kept = set()
    for key, value in rows:
        found = {**found, key: value}
        kept = kept | {value}
    return found, sorted(kept)
""",
        lambda rng: (list(zip(numbers(rng, least=9, most=9), numbers(rng, least=9), strict=False)),),
        ("update_in_place", "update_in_place"),
    ),
    "stock": Slow(
        """
def stock(changes):
    there = {}
    for key, amount in changes:
        there = dict(there)
        there[key] = there.get(key, 0) + amount
    return there
""",
        lambda rng: (list(zip(numbers(rng, least=9, most=9), numbers(rng, least=9), strict=False)),),
        ("update_in_place",),
    ),
    "covered": Slow(
        """
def covered(needs, skills):
    found = []
    for need in needs:
        for skill in skills:
            if all(one in skill for one in need):
                found.append(need)
    return found
""",
        lambda rng: ([numbers(rng, most=3) for _ in range(4)], [numbers(rng) for _ in range(4)]),
        ("shorter", "hoist_invariant", "made_beside"),
    ),
    "other_shared": Slow(
        """
def other_shared(people):
    found = []
    for i in range(len(people)):
        name, mine = people[i]
        for j in range(i + 1, len(people)):
            other, theirs = people[j]
            found.append((name, other, [one for one in mine if one in theirs]))
    return found
""",
        lambda rng: ([(word(rng), numbers(rng)) for _ in range(rng.randint(0, 5))],),
        ("part_loop", "set_membership", "made_beside"),
    ),
    "spelled": Slow(
        """
def spelled(texts, wanted):
    found = []
    for one in wanted:
        found.append(sum(1 for text in texts if text.strip("a") == one))
    return found
""",
        lambda rng: (words(rng), [word(rng) for _ in range(4)]),
        ("made_beside",),
    ),
}
