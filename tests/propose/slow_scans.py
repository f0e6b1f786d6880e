"""The third part of `slow_programs`: scans, windows, and what is done once for each different value."""

from .slow_inputs import Slow, numbers, word, words

SCANS: dict[str, Slow] = {
    "bins": Slow(
        """
def bins(values, edges, width):
    found = []
    for edge in edges:
        count = 0
        for value in values:
            if edge <= value < edge + width:
                count = count + 1
        found.append(count)
    return found
""",
        lambda rng: (numbers(rng), numbers(rng), rng.randint(0, 4)),
        ("rank_scan",),
    ),
    "spent_until": Slow(
        """
def spent_until(payments, days):
    result = []
    for day in days:
        total = 0
        for when, amount in payments:
            if when <= day:
                total += amount
        result.append(total)
    return result
""",
        lambda rng: (list(zip(numbers(rng, least=9, most=9), numbers(rng, least=9), strict=False)), numbers(rng)),
        ("rank_sum",),
    ),
    "firsts": Slow(
        """
def firsts(items):
    kept = []
    for item in items:
        found = False
        for j in range(len(kept)):
            if kept[j] == item:
                found = True
        if not found:
            kept.append(item)
    return kept
""",
        lambda rng: (numbers(rng),),
        ("contained", "seen_set"),
    ),
    "strangers": Slow(
        """
def strangers(guests, invited):
    outside = []
    for guest in guests:
        for one in invited:
            if one == guest:
                break
        else:
            outside.append(guest)
    return outside
""",
        lambda rng: (words(rng), words(rng)),
        ("contained", "set_membership"),
    ),
    "peaks": Slow(
        """
def peaks(values, width):
    found = []
    for i in range(len(values)):
        found.append(max(values[i : i + width]))
    return found
""",
        lambda rng: (numbers(rng), rng.randint(1, 5)),
        ("window_extreme",),
    ),
    "lows_around": Slow(
        """
def lows_around(values, around):
    return [min(values[max(0, i - around) : i + around + 1]) for i in range(len(values))]
""",
        lambda rng: (numbers(rng), rng.randint(0, 4)),
        ("range_extreme",),
    ),
    "means": Slow(
        """
def means(values, width):
    result = []
    for end in range(width, len(values) + 1):
        window = values[end - width : end]  # the last ones
        result.append(sum(window) / len(window))
    return result
""",
        lambda rng: (numbers(rng), rng.randint(1, 5)),
        ("unnamed", "prefix_sums"),
    ),
    "joined_spans": Slow(
        """
def joined_spans(spans):
    spans = sorted(spans)
    changed = True
    while changed:
        changed = False
        for i in range(len(spans) - 1):
            if spans[i + 1][0] <= spans[i][1]:
                joined = (spans[i][0], max(spans[i][1], spans[i + 1][1]))
                spans = [*spans[:i], joined, *spans[i + 2 :]]
                changed = True
                break
    return spans
""",
        lambda rng: ([(first, first + rng.randint(0, 2)) for first in numbers(rng, top=30)],),
        ("resume",),
    ),
    "without_repeats": Slow(
        """
def without_repeats(items):
    kept = list(items)
    for i in range(len(items) - 1, 0, -1):
        if items[i] == items[i - 1]:
            kept = kept[:i] + kept[i + 1 :]
    return kept
""",
        lambda rng: (numbers(rng, top=3),),
        ("splice_in_place",),
    ),
    "weighted_total": Slow(
        """
def weighted_total(values):
    total = 0
    i = 0
    while i < len(values):
        total += i * values[i]
        i += 1
    return total
""",
        lambda rng: (numbers(rng),),
        ("counted_loop",),
    ),
    "shifted": Slow(
        """
def shifted(text, by):
    result = ""
    for letter in text:
        if letter.islower():
            place = ord(letter) - ord("a")
            result += chr((place + by) % 26 + ord("a"))
        else:
            result += letter
    return result
""",
        lambda rng: (word(rng, "abcz Z."), rng.randint(0, 30)),
        ("once_for_each",),
    ),
    "letters": Slow(
        """
def letters(text):
    counts = {}
    for letter in text:
        if letter in counts:
            counts[letter] += 1
        else:
            counts[letter] = 1
    return counts
""",
        lambda rng: (word(rng),),
        ("tally",),
    ),
    "same_letters": Slow(
        """
def same_letters(one, other):
    left = list(other)
    for letter in one:
        if letter not in left:
            return False
        left.remove(letter)
    return len(left) == 0
""",
        lambda rng: (word(rng, "ab", 4), word(rng, "ab", 4)),
        ("multiset",),
    ),
    "vowels": Slow(
        """
def vowels(text):
    count = 0
    for letter in text:
        if letter.lower() in "aeiou":
            count += 1
    return count
""",
        lambda rng: (word(rng, "abcdeAE"),),
        ("count_each",),
    ),
    "perimeter": Slow(
        """
def gap(one, other):
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def perimeter(points):
    total = 0
    for i in range(1, len(points)):
        total += gap(points[i], points[i - 1])
    return total
""",
        lambda rng: (list(zip(numbers(rng, least=9), numbers(rng, least=9), strict=False)),),
        ("expression_of_call",),
        ("gap",),
    ),
    "inversions": Slow(
        """
def inversions(values):
    count = []
    for i in range(len(values)):
        less = 0
        for j in range(i + 1, len(values)):
            if values[j] < values[i]:
                less += 1
        count.append(less)
    return count
""",
        lambda rng: (numbers(rng),),
        ("rank_so_far",),
    ),
    "other_placed": Slow(
        """
def other_placed(values):
    kept = []
    for value in values:
        i = 0
        while i < len(kept) and kept[i] < value:
            i += 1
        kept.insert(i, value)
    return kept
""",
        lambda rng: (numbers(rng),),
        ("bisect_scan",),
    ),
    "put_in": Slow(
        """
def put_in(values):
    kept = []
    for value in values:
        for i in range(len(kept)):
            if kept[i] > value:
                kept.insert(i, value)
                break
        else:
            kept.append(value)
    return kept
""",
        lambda rng: (numbers(rng),),
        ("bisect_scan",),
    ),
    "again": Slow(
        """
def again(items):
    places = []
    for i, item in enumerate(items):
        if item in items[:i] and item not in items[i + 1 :]:
            places.append(i)
    return places
""",
        lambda rng: (numbers(rng),),
        ("seen_before", "seen_before"),
    ),
    "other_best_trade": Slow(
        """
def other_best_trade(prices):
    best = 0
    for i in range(len(prices)):
        best = max([best, *[prices[j] - prices[i] for j in range(i + 1, len(prices))]])
    return best
""",
        lambda rng: (numbers(rng),),
        ("extreme_of_rest",),
    ),
    "rows_of": Slow(
        """
def rows_of(cells, width):
    rows = []
    row = []
    for cell in cells:
        row = [*row, cell]
        if len(row) == width:
            rows = [*rows, [len(row), *row]]
            row = []
    return rows
""",
        lambda rng: (numbers(rng), rng.randint(1, 4)),
        ("append_in_place", "append_in_place"),
    ),
}
