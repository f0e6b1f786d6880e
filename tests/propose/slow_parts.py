"""The eighth part of `slow_programs`: texts by their beginnings and ends, and searches in parts of a list."""

import random

from .slow_inputs import Slow, numbers, word, words


def _few(rng: random.Random) -> list[str]:
    return ["", *(word(rng, "ab", 3) for _ in range(rng.randint(0, 8)))]


PARTS: dict[str, Slow] = {
    "suggested": Slow(
        """
def suggested(names, typed):
    found = []
    for text in typed:
        hits = []
        for name in names:
            if len(hits) < 3 and name.startswith(text):
                hits.append(name)
        found.append(hits)
    return found
""",
        lambda rng: (words(rng), _few(rng)),
        ("by_beginning",),
    ),
    "endings_shared": Slow(
        """
def endings_shared(size):
    return [sum(1 for other in size if other.endswith(one)) for one in size]
""",
        lambda rng: (_few(rng) + _few(rng),),
        ("by_beginning",),
    ),
    "beginning_another": Slow(
        """
def beginning_another(names):
    found = []
    for i in range(len(names)):
        for j in range(i + 1, len(names)):
            if names[j][: len(names[i])] == names[i]:
                found.append((i, j))
    return found
""",
        lambda rng: (_few(rng) + _few(rng),),
        ("by_beginning",),
    ),
    "zones": Slow(
        """
def zones(codes, table):
    found = []
    for code in codes:
        zone = None
        for start, name in table:
            if code.startswith(start):
                zone = name
                break
        found.append(zone)
    return found
""",
        lambda rng: (words(rng), [(one, word(rng)) for one in _few(rng)]),
        ("of_beginnings",),
    ),
    "allowed": Slow(
        """
def allowed(hosts, ends):
    return [host for host in hosts if not any(host.endswith(end) for end in ends)]
""",
        lambda rng: (words(rng), _few(rng)[1:]),
        ("of_beginnings",),
    ),
    "seen_lately": Slow(
        """
def seen_lately(values, k):
    hits = 0
    for i, value in enumerate(values):
        if value in values[i - k : i]:
            hits += 1
    return hits
""",
        lambda rng: (numbers(rng), rng.randint(0, 5)),
        ("count_in_part",),
    ),
    "times_lately": Slow(
        """
def times_lately(values, k):
    last = [value for i, value in enumerate(values) if value not in values[i + k :]]
    return [values[max(0, i - k) : i].count(value) for i, value in enumerate(values)], last
""",
        lambda rng: (numbers(rng), rng.randint(0, 5)),
        ("count_in_part", "count_in_part"),
    ),
    "twins_nearby": Slow(
        """
def twins_nearby(values, k):
    found = []
    for i in range(len(values)):
        for j in range(max(0, i - k), i):
            if values[i] == values[j]:
                found.append((i, j))
    return found
""",
        lambda rng: (numbers(rng), rng.randint(0, 5)),
        ("index_pairs",),
    ),
}
