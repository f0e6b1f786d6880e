"""The seventh part of `slow_programs`: stretches that begin at each place, and what is kept in order beside a list."""

from .slow_inputs import Slow, numbers, word, words

CARRIED: dict[str, Slow] = {
    "fresh_stretch": Slow(
        """
def fresh_stretch(songs):
    longest = 0
    for start in range(len(songs)):
        heard = set()
        length = 0
        for song in songs[start:]:
            if song in heard:
                break
            heard.add(song)
            length += 1
        longest = max(longest, length)
    return longest
""",
        lambda rng: (words(rng),),
        ("carry_on",),
    ),
    "days_within": Slow(
        """
def days_within(costs, limit):
    best = 0
    n = len(costs)
    for i, _ in enumerate(costs):
        total = 0
        for j in range(i, n):
            total += 2 * costs[j]
            if total > limit:
                break
            if j - i + 1 > best:
                best = j - i + 1
    return best
""",
        lambda rng: ([number - rng.randrange(2) for number in numbers(rng)], rng.randint(0, 60)),
        ("carry_on",),
    ),
    "shortest_reaching": Slow(
        """
def shortest_reaching(values, target):
    best = None
    for i in range(len(values)):
        total = 0
        for j in range(i, len(values)):
            total += values[j]
            if total >= target:
                if best is None or j - i + 1 < best:
                    best = j - i + 1
                break
    return best
""",
        lambda rng: (numbers(rng), rng.randint(0, 40)),
        ("carry_on",),
    ),
    "few_kinds": Slow(
        """
def few_kinds(letters, most):
    count, best = 0, 0
    for i in range(len(letters)):
        kinds = set()
        for j in range(i, len(letters)):
            letter = letters[j].lower()
            kinds.add(letter)
            if len(kinds) > most:
                break
            count += 1
            best = max(best, len(kinds))
    return count, best
""",
        lambda rng: (word(rng, "abC", 20), rng.randint(0, 4)),
        ("carry_on",),
    ),
    "no_more_than_twice": Slow(
        """
def no_more_than_twice(orders):
    longest = 0
    for start in range(len(orders)):
        counts = {}
        end = start
        while end < len(orders) and counts.get(orders[end]["customer"], 0) < 2:
            if orders[end]["customer"] in counts:
                counts[orders[end]["customer"]] += 1
            else:
                counts[orders[end]["customer"]] = 1
            end += 1
        longest = max(longest, end - start)
    return longest
""",
        lambda rng: ([{"customer": number} for number in numbers(rng, top=5)],),
        ("carry_on",),
    ),
    "rolling_medians": Slow(
        """
def rolling_medians(samples, width):
    found = []
    recent = []
    for sample in samples:
        recent.append(sample)
        if len(recent) > width:
            recent.pop(0)
        ordered = sorted(recent)
        found.append((ordered[len(ordered) // 2], min(recent), list(reversed(sorted(recent)))))
    return found
""",
        lambda rng: (numbers(rng), rng.randint(1, 9)),
        ("sorted_beside",),
    ),
    "highest_bids": Slow(
        """
def highest_bids(events):
    best = []
    open_bids = []
    for kind, bid in events:
        if kind == "bid":
            open_bids.append(bid)
        elif bid in open_bids:
            open_bids.remove(bid)
        open_bids = open_bids[-9:]
        if open_bids:
            best.append(max(open_bids))
    return best
""",
        lambda rng: ([(rng.choice(["bid", "out"]), rng.randint(1, 6)) for _ in range(25)],),
        ("sorted_beside",),
    ),
    "middles": Slow(
        """
import statistics


def middles(values):
    found = []
    seen = []
    for value in values:
        seen.append(value)
        found.append(statistics.median(seen))
    return found
""",
        lambda rng: (numbers(rng),),
        ("sorted_beside",),
    ),
    "parts_in_order": Slow(
        """
def parts_in_order(values, width):
    found = []
    for i in range(len(values)):
        part = sorted(values[max(0, i - width) : i + 1])
        found.append(part[0] + part[-1])
    return found
""",
        lambda rng: (numbers(rng), rng.randint(0, 6)),
        ("sorted_part",),
    ),
    "window_middles": Slow(
        """
from statistics import median


def window_middles(values, width):
    return [median(values[i : i + width]) for i in range(len(values) - width + 1)]
""",
        lambda rng: (numbers(rng), rng.randint(1, 6)),
        ("sorted_part",),
    ),
}
