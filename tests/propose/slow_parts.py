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
    "late_last": Slow(
        """
def late_last(events):
    history = []
    for name, minutes in events:
        if minutes <= 0:
            continue
        if name in history:
            history.remove(name)
        history.insert(0, name)
    return history
""",
        lambda rng: ([(word(rng, "abcd", 1), rng.randint(-1, 3)) for _ in range(rng.randint(0, 12))],),
        ("moved_to_end",),
    ),
    "recent": Slow(
        """
def recent(pages):
    misses = 0
    kept: list[str] = []
    for page in pages:
        if page not in kept:
            misses += 1
        # the latest comes last
        if page in kept:
            kept.remove(page)
        kept.append(page)
    return misses, len(kept), kept[:2]
""",
        lambda rng: (words(rng),),
        ("moved_to_end",),
    ),
    "touching_spans": Slow(
        """
def touching_spans(spans):
    spans = sorted(list(span) for span in spans)
    i = 0
    while i < len(spans) - 1:
        if spans[i + 1][0] <= spans[i][1]:
            spans[i][1] = max(spans[i][1], spans[i + 1][1])
            del spans[i + 1]
        else:
            i += 1
    return spans
""",
        lambda rng: ([(start, start + rng.randint(0, 5)) for start in numbers(rng, top=40)],),
        ("gap_in_list",),
    ),
    "without_even": Slow(
        """
def without_even(values):
    kept = list(values)
    i = 0
    while i < len(kept):
        if kept[i] % 2 == 0:
            kept.pop(i)
            continue
        if kept[i] == 7:
            break
        kept[i] = kept[i] + 1
        i += 1
    return kept, values
""",
        lambda rng: (numbers(rng),),
        ("gap_in_list",),
    ),
    "disturbed": Slow(
        """
def disturbed(visits, cleanings):
    found = 0
    for start, end in visits:
        for begin, finish in cleanings:
            if begin < end and start < finish:
                found += 1
                break
    return found
""",
        lambda rng: tuple([(s, s + rng.randint(-1, 4)) for s in numbers(rng, top=30)] for _ in range(2)),
        ("any_all", "counted_any", "overlap_count"),
    ),
}
