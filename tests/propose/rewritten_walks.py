"""The sixth part of `slow_programs`, to the letter."""

WALKS: dict[str, str] = {
    "waits": """
def waits(days):
    found = []
    days_max = [list(days)]
    while 1 << len(days_max) <= len(days_max[0]):
        days_max.append(list(map(max, days_max[-1], days_max[-1][1 << len(days_max) - 1 :])))

    def days_first_above(at, wanted):
        level = 0
        while level < len(days_max) and at < len(days_max[level]) and not days_max[level][at] > wanted:
            at += 1 << level
            level += 1
        while level:
            level -= 1
            if at < len(days_max[level]) and not days_max[level][at] > wanted:
                at += 1 << level
        return at

    for i in range(len(days)):
        wait = 0
        for j in range(days_first_above(i + 1, days[i]), len(days)):
            if days[j] > days[i]:
                wait = j - i
                break
        found.append(wait)
    return found
""",
    "spans": """
def spans(prices):
    found = []
    prices_max = [list(reversed(prices))]
    while 1 << len(prices_max) <= len(prices_max[0]):
        prices_max.append(list(map(max, prices_max[-1], prices_max[-1][1 << len(prices_max) - 1 :])))

    def prices_last_above(at, wanted):
        at = len(prices_max[0]) - 1 - at
        level = 0
        while level < len(prices_max) and at < len(prices_max[level]) and not prices_max[level][at] > wanted:
            at += 1 << level
            level += 1
        while level:
            level -= 1
            if at < len(prices_max[level]) and not prices_max[level][at] > wanted:
                at += 1 << level
        return len(prices_max[0]) - 1 - at

    for day, price in enumerate(prices):
        span = 1
        before = day - 1
        ahead = prices_last_above(before, price)
        skipped = max(0, before - max(ahead, -1))
        span += skipped
        before = min(before, max(ahead, -1))
        while before >= 0 and prices[before] <= price:
            span += 1
            before -= 1
        found.append(span)
    return found
""",
    "widest_board": """
def widest_board(posts):
    best = 0
    posts_min = [[item["height"] for item in reversed(posts)]]
    while 1 << len(posts_min) <= len(posts_min[0]):
        posts_min.append(list(map(min, posts_min[-1], posts_min[-1][1 << len(posts_min) - 1 :])))

    def posts_last_below(at, wanted):
        at = len(posts_min[0]) - 1 - at
        level = 0
        while level < len(posts_min) and at < len(posts_min[level]) and not posts_min[level][at] < wanted:
            at += 1 << level
            level += 1
        while level:
            level -= 1
            if at < len(posts_min[level]) and not posts_min[level][at] < wanted:
                at += 1 << level
        return len(posts_min[0]) - 1 - at

    for i, post in enumerate(posts):
        left = i
        ahead = posts_last_below(left - 1, post["height"]) + 1
        left = min(left, max(ahead, 0))
        while left > 0 and posts[left - 1]["height"] >= post["height"]:
            left -= 1
        right = i
        while right + 1 < len(posts) and not posts[right + 1]["height"] < post["height"]:
            right += 1
        best = max(best, (right - left + 1) * post["height"])
    return best
""",
    "seen_from": """
def seen_from(houses):
    seen = []
    houses_max = [list(houses)]
    while 1 << len(houses_max) <= len(houses_max[0]):
        houses_max.append(list(map(max, houses_max[-1], houses_max[-1][1 << len(houses_max) - 1 :])))

    def houses_first_above(at, wanted):
        level = 0
        while level < len(houses_max) and at < len(houses_max[level]) and not houses_max[level][at] >= wanted:
            at += 1 << level
            level += 1
        while level:
            level -= 1
            if at < len(houses_max[level]) and not houses_max[level][at] >= wanted:
                at += 1 << level
        return at

    for i in range(len(houses)):
        count = 0
        ahead = houses_first_above(i + 1, houses[i])
        skipped = max(0, ahead - (i + 1))
        count += skipped
        for house in houses[ahead:]:
            count += 1
            if house >= houses[i]:
                break
        for house in reversed(houses[:i]):
            if house < houses[i]:
                count -= 2
            else:
                break
        seen.append(count)
    return seen
""",
    "next_lower": """
def next_lower(values):
    found = []
    values_min = [list(values)]
    while 1 << len(values_min) <= len(values_min[0]):
        values_min.append(list(map(min, values_min[-1], values_min[-1][1 << len(values_min) - 1 :])))

    def values_first_below(at, wanted):
        level = 0
        while level < len(values_min) and at < len(values_min[level]) and not values_min[level][at] < wanted:
            at += 1 << level
            level += 1
        while level:
            level -= 1
            if at < len(values_min[level]) and not values_min[level][at] < wanted:
                at += 1 << level
        return at

    for i, value in enumerate(values):
        found.append(next((k for k in range(values_first_below(i + 1, value), len(values)) if values[k] < value), -1))
    return found
""",
    "nearest_stops": """
def nearest_stops(homes, stops):
    import bisect

    found = []
    stops_things = list(stops)
    stops_at = {}
    for number, spot in reversed(list(enumerate([where for name, where in stops_things]))):
        stops_at[spot] = [number, *stops_at.get(spot, ())[:1]]
    stops_keys = sorted(stops_at)

    def stops_near(wanted):
        middle = bisect.bisect_left(stops_keys, wanted)
        near = stops_keys[max(middle - 2, 0) : middle + 2]
        return [stops_things[number] for number in sorted(number for key in near for number in stops_at[key])]

    for home in homes:
        best, near = None, None
        for name, where in stops_near(home):
            far = abs(where - home)
            if best is None or far < best:
                best, near = far, name
        found.append((near, best))
    return found
""",
    "neighbours": """
def neighbours(values):
    import bisect

    found = []
    values_things = list(range(len(values)))
    values_at = {}
    for number, spot in enumerate([values[j] for j in values_things]):
        values_at[spot] = [number, *values_at.get(spot, ())[:1]]
    values_keys = sorted(values_at)

    def values_near(wanted):
        middle = bisect.bisect_left(values_keys, wanted)
        near = values_keys[max(middle - 2, 0) : middle + 2]
        return [values_things[number] for number in sorted(number for key in near for number in values_at[key])]

    for i in range(len(values)):
        least = float("inf")
        other = -1
        for j in values_near(values[i]):
            if i == j:
                continue
            if (values[i] - values[j]) ** 2 <= least:
                least = (values[i] - values[j]) ** 2
                other = j
        found.append(other)
    return found
""",
    "closest_marks": """
def closest_marks(marks, values):
    import bisect

    marks_things = list(marks)
    marks_at = {}
    for number, spot in reversed(list(enumerate(marks_things))):
        marks_at[spot] = [number, *marks_at.get(spot, ())[:1]]
    marks_keys = sorted(marks_at)

    def marks_near(wanted):
        middle = bisect.bisect_left(marks_keys, wanted)
        near = marks_keys[max(middle - 2, 0) : middle + 2]
        return [marks_things[number] for number in sorted(number for key in near for number in marks_at[key])]

    return [min(marks_near(value), key=lambda mark: abs(mark - value), default=None) for value in values]
""",
    "rates": """
def rates(changes, days):
    import bisect
    import itertools

    found = []
    changes_things = list(changes)
    changes_ordered = sorted((key, number) for number, key in enumerate([since for since, new in changes_things]))
    changes_keys = [key for key, _ in changes_ordered]
    changes_places = list(itertools.accumulate((number for _, number in changes_ordered), max))

    def changes_last_up_to(wanted):
        count = bisect.bisect_right(changes_keys, wanted)
        return [changes_things[changes_places[count - 1]]] if count else []

    for day in days:
        rate = None
        for since, new in changes_last_up_to(day):
            if since <= day:
                rate = new
        found.append(rate)
    return found
""",
    "boxes": """
def boxes(sizes, things):
    import bisect
    import itertools

    found = []
    sizes_things = list(range(len(sizes)))
    sizes_ordered = sorted((key, number) for number, key in enumerate([sizes[k] for k in sizes_things]))
    sizes_keys = [key for key, _ in sizes_ordered]
    sizes_places = list(itertools.accumulate((number for _, number in reversed(sizes_ordered)), min))

    def sizes_first_from(wanted):
        count = len(sizes_keys) - bisect.bisect_left(sizes_keys, wanted)
        return [sizes_things[sizes_places[count - 1]]] if count else []

    for thing in things:
        for k in sizes_first_from(thing):
            if sizes[k] >= thing:
                found.append(k)
                break
        else:
            found.append(-1)
    return found
""",
    "steps_below": """
def steps_below(steps, heights):
    import bisect
    import itertools

    found = []
    steps_things = list(steps)
    steps_ordered = sorted((key, number) for number, key in enumerate(steps_things))
    steps_keys = [key for key, _ in steps_ordered]
    steps_places = list(itertools.accumulate((number for _, number in reversed(steps_ordered)), min))

    def steps_first_from(wanted):
        count = len(steps_keys) - bisect.bisect_right(steps_keys, wanted)
        end = steps_places[count - 1] if count else len(steps_things)
        return steps_things[max(end - 1, 0) : end]

    for height in heights:
        step = 0
        for one in steps_first_from(height):
            if one > height:
                break
            step = one
        found.append((step, [one for one in steps if one < height][-1:]))
    return found
""",
    "first_from": """
def first_from(times, moments):
    import bisect
    import itertools

    times_things = list(times)
    times_ordered = sorted((key, number) for number, key in enumerate(times_things))
    times_keys = [key for key, _ in times_ordered]
    times_places = list(itertools.accumulate((number for _, number in reversed(times_ordered)), min))

    def times_first_from(wanted):
        count = len(times_keys) - bisect.bisect_left(times_keys, wanted)
        return [times_things[times_places[count - 1]]] if count else []

    return [next((time for time in times_first_from(moment) if time >= moment), None) for moment in moments]
""",
    "days_to_warmer": """
def days_to_warmer(days):
    found = [0] * len(days)
    days_max = [list(days)]
    while 1 << len(days_max) <= len(days_max[0]):
        days_max.append(list(map(max, days_max[-1], days_max[-1][1 << len(days_max) - 1 :])))

    def days_first_above(at, wanted):
        level = 0
        while level < len(days_max) and at < len(days_max[level]) and not days_max[level][at] > wanted:
            at += 1 << level
            level += 1
        while level:
            level -= 1
            if at < len(days_max[level]) and not days_max[level][at] > wanted:
                at += 1 << level
        return at

    for day, degrees in enumerate(days):
        ahead = days_first_above(day + 1, degrees)
        for later, other in enumerate(days[ahead :], start=ahead):
            if other > degrees:
                found[day] = later - day
                break
    return found
""",
    "steps_down": """
def steps_down(values):
    found = []
    values_min = [list(values)]
    while 1 << len(values_min) <= len(values_min[0]):
        values_min.append(list(map(min, values_min[-1], values_min[-1][1 << len(values_min) - 1 :])))

    def values_first_below(at, wanted):
        level = 0
        while level < len(values_min) and at < len(values_min[level]) and not values_min[level][at] < wanted:
            at += 1 << level
            level += 1
        while level:
            level -= 1
            if at < len(values_min[level]) and not values_min[level][at] < wanted:
                at += 1 << level
        return at

    for i in range(len(values)):
        j, steps = i + 1, 0
        ahead = values_first_below(j, values[i])
        skipped = max(0, min(ahead, len(values)) - j)
        steps += skipped
        j = max(j, min(ahead, len(values)))
        while j < len(values):
            if values[j] < values[i]:
                break
            j += 1
            steps += 1
        found.append((j, steps))
    return found
""",
    "snapped": """
def closest(value, marks):
    best = None
    for mark in marks:
        if best is None or abs(mark - value) < abs(best - value):
            best = mark
    return best


def snapped(values, options):
    def closest_here(value):
        best = None
        for mark in options:
            if best is None or abs(mark - value) < abs(best - value):
                best = mark
        return best

    return [closest_here(value) for value in values]
""",
}
