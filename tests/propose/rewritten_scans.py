"""The third part of `slow_programs`, to the letter."""

SCANS: dict[str, str] = {
    "bins": """
def bins(values, edges, width):
    import bisect

    found = []
    values_sorted = sorted(values)
    for edge in edges:
        count = max(0, bisect.bisect_left(values_sorted, edge + width) - bisect.bisect_left(values_sorted, edge))
        found.append(count)
    return found
""",
    "spent_until": """
def spent_until(payments, days):
    import bisect
    import itertools

    result = []
    payments_ordered = sorted([(when, amount) for when, amount in payments])
    payments_keys = [pair[0] for pair in payments_ordered]
    payments_sums = [0, *itertools.accumulate(pair[1] for pair in payments_ordered)]
    for day in days:
        total = payments_sums[bisect.bisect_right(payments_keys, day)]
        result.append(total)
    return result
""",
    "firsts": """
def firsts(items):
    kept = []
    for item in items:
        found = item in kept
        if not found:
            kept.append(item)
    return kept
""",
    "strangers": """
def strangers(guests, invited):
    outside = []
    for guest in guests:
        if guest not in invited:
            outside.append(guest)
    return outside
""",
    "peaks": """
def peaks(values, width):
    found = []
    values_max, reach = values, 1
    while 2 * reach <= width:
        values_max = list(map(max, values_max, values_max[reach:]))
        reach *= 2
    values_max = list(map(max, values_max, values_max[width - reach :])) if width > 0 else []
    for i in range(len(values)):
        found.append(values_max[i] if 0 <= i < len(values_max) else max(values[i : i + width]))
    return found
""",
    "lows_around": """
def lows_around(values, around):
    values_levels = [values]
    while 1 << len(values_levels) <= len(values):
        values_levels.append(list(map(min, values_levels[-1], values_levels[-1][1 << len(values_levels) - 1 :])))

    def values_min(first, last):
        last = min(last, len(values))
        if not 0 <= first < last:
            return min(values[first:last])
        level = (last - first).bit_length() - 1
        return min(values_levels[level][first], values_levels[level][last - (1 << level)])

    return [values_min(max(0, i - around), i + around + 1) for i in range(len(values))]
""",
    "means": """
def means(values, width):
    result = []
    for end in range(width, len(values) + 1):
        # the last ones
        result.append(sum(values[end - width : end]) / len(range(len(values))[end - width : end]))
    return result
""",
    "joined_spans": """
def joined_spans(spans):
    spans = sorted(spans)
    changed = True
    resumed = 0
    while changed:
        changed = False
        for i in range(resumed, len(spans) - 1):
            if spans[i + 1][0] <= spans[i][1]:
                joined = (spans[i][0], max(spans[i][1], spans[i + 1][1]))
                spans = [*spans[:i], joined, *spans[i + 2 :]]
                changed = True
                resumed = max(i - 1, 0)
                break
    return spans
""",
    "without_repeats": """
def without_repeats(items):
    kept = list(items)
    for i in range(len(items) - 1, 0, -1):
        if items[i] == items[i - 1]:
            del kept[i : i + 1]
    return kept
""",
    "weighted_total": """
def weighted_total(values):
    total = 0
    for i in range(len(values)):
        total += i * values[i]
    return total
""",
    "shifted": """
def shifted(text, by):
    result = ""

    def result_of(letter):
        if letter.islower():
            place = ord(letter) - ord("a")
            return chr((place + by) % 26 + ord("a"))
        else:
            return letter

    text_results = {letter: result_of(letter) for letter in dict.fromkeys(text)}
    result += "".join([text_results[letter] for letter in text])
    return result
""",
    "letters": """
def letters(text):
    import collections

    counts = dict(collections.Counter(text))
    return counts
""",
    "same_letters": """
def same_letters(one, other):
    import collections

    left = collections.Counter(other)
    for letter in one:
        if left[letter] < 1:
            return False
        left[letter] -= 1
    return left.total() == 0
""",
    "vowels": """
def vowels(text):
    import collections

    count = sum([count_2 for letter, count_2 in collections.Counter(text).items() if letter.lower() in "aeiou"])
    return count
""",
    "perimeter": """
def gap(one, other):
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def perimeter(points):
    total = 0
    for i in range(1, len(points)):
        total += abs(points[i][0] - points[i - 1][0]) + abs(points[i][1] - points[i - 1][1])
    return total
""",
    "inversions": """
def inversions(values):
    import bisect

    count = []
    values_after = sorted(values)
    for i in range(len(values)):
        del values_after[bisect.bisect_left(values_after, values[i])]
        less = bisect.bisect_left(values_after, values[i])
        count.append(less)
    return count
""",
    "other_placed": """
def other_placed(values):
    import bisect

    kept = []
    for value in values:
        i = bisect.bisect_left(kept, value)
        kept.insert(i, value)
    return kept
""",
    "put_in": """
def put_in(values):
    import bisect

    kept = []
    for value in values:
        bisect.insort_right(kept, value)
    return kept
""",
    "again": """
def again(items):
    places = []
    items_first = {item_2: number for number, item_2 in reversed(list(enumerate(items)))}
    for i, item in enumerate(items):
        if (items_first.get(item, len(items)) < i) and item not in items[i + 1 :]:
            places.append(i)
    return places
""",
    "other_best_trade": """
def other_best_trade(prices):
    import itertools

    best = 0
    prices_max_from = list(itertools.accumulate(reversed(prices), max))[::-1]
    for i in range(len(prices)):
        best = max([best, *[max_value - prices[i] for max_value in prices_max_from[i + 1 : i + 2]]])
    return best
""",
    "rows_of": """
def rows_of(cells, width):
    rows = []
    row = []
    for cell in cells:
        row.append(cell)
        if len(row) == width:
            rows = [*rows, [len(row), *row]]
            row = []
    return rows
""",
    "standings": """
def standings(scores):
    import bisect

    scores_sorted = sorted(scores)
    return [1 + (len(scores_sorted) - bisect.bisect_right(scores_sorted, score)) for score in scores]
""",
    "earlier": """
def earlier(starts, ends):
    import bisect

    found = []
    ends_sorted = sorted(end + 1 for end in ends)
    for start in starts:
        found.append(bisect.bisect_right(ends_sorted, start))
    return found
""",
}
