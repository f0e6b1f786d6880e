"""The eighth part of `slow_programs`, to the letter."""

PARTS: dict[str, str] = {
    "suggested": """
def suggested(names, typed):
    found = []
    names_starting_by_size = {}

    def names_starting(wanted):
        size = len(wanted)
        if size not in names_starting_by_size:
            table = names_starting_by_size[size] = {}
            for name in names:
                table.setdefault(name[:size], []).append(name)
        return names_starting_by_size[size].get(wanted, ())

    for text in typed:
        hits = []
        for name in names_starting(text):
            if len(hits) < 3 and name.startswith(text):
                hits.append(name)
        found.append(hits)
    return found
""",
    "endings_shared": """
def endings_shared(size):
    size_ending_by_size = {}

    def size_ending(wanted):
        size_2 = len(wanted)
        if size_2 not in size_ending_by_size:
            table = size_ending_by_size[size_2] = {}
            for other in size:
                table.setdefault(other[max(0, len(other) - size_2) :], []).append(other)
        return size_ending_by_size[size_2].get(wanted, ())

    return [sum(1 for other in size_ending(one) if other.endswith(one)) for one in size]
""",
    "beginning_another": """
def beginning_another(names):
    found = []
    values_starting_by_size = {}

    def values_starting(wanted):
        size = len(wanted)
        if size not in values_starting_by_size:
            table = values_starting_by_size[size] = {}
            for j in range(len(names)):
                table.setdefault(names[j][:size], []).append(j)
        return values_starting_by_size[size].get(wanted, ())

    for i in range(len(names)):
        for j in values_starting(names[i]):
            if j < i + 1:
                continue
            if names[j][: len(names[i])] == names[i]:
                found.append((i, j))
    return found
""",
    "zones": """
def zones(codes, table):
    found = []
    table_by_text = {}
    for number, (start, name) in enumerate(table):
        table_by_text.setdefault(start, []).append((number, (start, name)))
    table_sizes = {len(one) for one in table_by_text}

    def table_of(whole):
        found_2 = []
        for size in table_sizes:
            if size <= len(whole):
                found_2 += table_by_text.get(whole[:size], ())
        return [one for number, one in sorted(found_2)]

    for code in codes:
        zone = None
        for start, name in table_of(code):
            if code.startswith(start):
                zone = name
                break
        found.append(zone)
    return found
""",
    "allowed": """
def allowed(hosts, ends):
    ends_by_text = {}
    for number, end in enumerate(ends):
        ends_by_text.setdefault(end, []).append((number, end))
    ends_sizes = {len(one) for one in ends_by_text}

    def ends_of(whole):
        found = []
        for size in ends_sizes:
            if size <= len(whole):
                found += ends_by_text.get(whole[len(whole) - size :], ())
        return [one for number, one in sorted(found)]

    return [host for host in hosts if not any(host.endswith(end) for end in ends_of(host))]
""",
    "seen_lately": """
def seen_lately(values, k):
    import bisect

    hits = 0
    values_places = {}
    for number, one in enumerate(values):
        values_places.setdefault(one, []).append(number)

    def values_count(wanted, part):
        first, last, _ = part.indices(len(values))
        found = values_places.get(wanted, ())
        return max(0, bisect.bisect_left(found, last) - bisect.bisect_left(found, first))

    for i, value in enumerate(values):
        if values_count(value, slice(i - k, i)) > 0:
            hits += 1
    return hits
""",
    "times_lately": """
def times_lately(values, k):
    import bisect

    values_places = {}
    for number, one in enumerate(values):
        values_places.setdefault(one, []).append(number)

    def values_count(wanted, part):
        first, last_2, _ = part.indices(len(values))
        found = values_places.get(wanted, ())
        return max(0, bisect.bisect_left(found, last_2) - bisect.bisect_left(found, first))

    last = [value for i, value in enumerate(values) if (values_count(value, slice(i + k, None)) == 0)]
    return [values[max(0, i - k) : i].count(value) for i, value in enumerate(values)], last
""",
    "twins_nearby": """
def twins_nearby(values, k):
    found = []
    values_by_value = {}
    for j in range(len(values)):
        values_by_value.setdefault(values[j], []).append(j)
    for i in range(len(values)):
        for j in values_by_value.get(values[i], ()):
            if j < max(0, i - k):
                continue
            if j >= i:
                break
            if values[i] == values[j]:
                found.append((i, j))
    return found
""",
    "late_last": """
def late_last(events):
    history = {}
    for name, minutes in events:
        if minutes <= 0:
            continue
        history.pop(name, None)
        history[name] = None
    history = list(reversed(history))
    return history
""",
    "recent": """
def recent(pages):
    misses = 0
    kept = {}
    for page in pages:
        if page not in kept:
            misses += 1
        # the latest comes last
        kept.pop(page, None)
        kept[page] = None
    kept = list(kept)
    return misses, len(kept), kept[:2]
""",
    "touching_spans": """
def touching_spans(spans):
    spans = sorted(list(span) for span in spans)
    spans_done = spans[:1]
    spans_left = spans[1:][::-1]
    while spans_left:
        if spans_left[-1][0] <= spans_done[-1][1]:
            spans_done[-1][1] = max(spans_done[-1][1], spans_left[-1][1])
            del spans_left[-1]
        else:
            spans_done.append(spans_left.pop())
    spans[:] = spans_done + spans_left[::-1]
    return spans
""",
    "without_even": """
def without_even(values):
    kept = list(values)
    kept_done = kept[:0]
    kept_left = kept[0:][::-1]
    while kept_left:
        if kept_left[-1] % 2 == 0:
            del kept_left[-1]
            continue
        if kept_left[-1] == 7:
            break
        kept_left[-1] = kept_left[-1] + 1
        kept_done.append(kept_left.pop())
    kept[:] = kept_done + kept_left[::-1]
    return kept, values
""",
    "disturbed": """
def disturbed(visits, cleanings):
    found = 0
    for start, end in visits:
        if any(begin < end and start < finish for begin, finish in cleanings):
            found += 1
    return found
""",
}
