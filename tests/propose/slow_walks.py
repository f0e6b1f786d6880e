"""The sixth part of `slow_programs`: walks up to the first thing beyond something, and searches on a scale."""

from .slow_inputs import Slow, numbers, word

WALKS: dict[str, Slow] = {
    "waits": Slow(
        """
def waits(days):
    found = []
    for i in range(len(days)):
        wait = 0
        for j in range(i + 1, len(days)):
            if days[j] > days[i]:
                wait = j - i
                break
        found.append(wait)
    return found
""",
        lambda rng: (numbers(rng),),
        ("first_beyond",),
    ),
    "spans": Slow(
        """
def spans(prices):
    found = []
    for day, price in enumerate(prices):
        span = 1
        before = day - 1
        while before >= 0 and prices[before] <= price:
            span += 1
            before -= 1
        found.append(span)
    return found
""",
        lambda rng: (numbers(rng),),
        ("first_beyond",),
    ),
    "widest_board": Slow(
        """
def widest_board(posts):
    best = 0
    for i, post in enumerate(posts):
        left = i
        while left > 0 and posts[left - 1]["height"] >= post["height"]:
            left -= 1
        right = i
        while right + 1 < len(posts) and not posts[right + 1]["height"] < post["height"]:
            right += 1
        best = max(best, (right - left + 1) * post["height"])
    return best
""",
        lambda rng: ([{"height": number} for number in numbers(rng)],),
        ("first_beyond", "first_beyond"),
    ),
    "seen_from": Slow(
        """
def seen_from(houses):
    seen = []
    for i in range(len(houses)):
        count = 0
        for house in houses[i + 1:]:
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
        lambda rng: (numbers(rng),),
        ("first_beyond", "first_beyond"),
    ),
    "next_lower": Slow(
        """
def next_lower(values):
    found = []
    for i, value in enumerate(values):
        found.append(next((k for k in range(i + 1, len(values)) if values[k] < value), -1))
    return found
""",
        lambda rng: (numbers(rng),),
        ("first_beyond",),
    ),
    "nearest_stops": Slow(
        """
def nearest_stops(homes, stops):
    found = []
    for home in homes:
        best, near = None, None
        for name, where in stops:
            far = abs(where - home)
            if best is None or far < best:
                best, near = far, name
        found.append((near, best))
    return found
""",
        lambda rng: (numbers(rng, top=40), [(word(rng), number) for number in numbers(rng, top=40)]),
        ("nearest",),
    ),
    "neighbours": Slow(
        """
def neighbours(values):
    found = []
    for i in range(len(values)):
        least = float("inf")
        other = -1
        for j in range(len(values)):
            if i == j:
                continue
            if (values[i] - values[j]) ** 2 <= least:
                least = (values[i] - values[j]) ** 2
                other = j
        found.append(other)
    return found
""",
        lambda rng: (numbers(rng, top=30),),
        ("nearest",),
    ),
    "closest_marks": Slow(
        """
def closest_marks(marks, values):
    return [min(marks, key=lambda mark: abs(mark - value), default=None) for value in values]
""",
        lambda rng: (numbers(rng, top=50), numbers(rng, top=50)),
        ("nearest",),
    ),
    "rates": Slow(
        """
def rates(changes, days):
    found = []
    for day in days:
        rate = None
        for since, new in changes:
            if since <= day:
                rate = new
        found.append(rate)
    return found
""",
        lambda rng: ([(number, rng.randrange(99)) for number in numbers(rng, top=40)], numbers(rng, top=40)),
        ("first_fitting",),
    ),
    "boxes": Slow(
        """
def boxes(sizes, things):
    found = []
    for thing in things:
        for k in range(len(sizes)):
            if sizes[k] >= thing:
                found.append(k)
                break
        else:
            found.append(-1)
    return found
""",
        lambda rng: (numbers(rng, top=40), numbers(rng, top=40)),
        ("first_fitting",),
    ),
    "steps_below": Slow(
        """
def steps_below(steps, heights):
    found = []
    for height in heights:
        step = 0
        for one in steps:
            if one > height:
                break
            step = one
        found.append((step, [one for one in steps if one < height][-1:]))
    return found
""",
        lambda rng: (sorted(numbers(rng, top=40)), numbers(rng, top=40)),
        ("first_fitting",),
    ),
    "first_from": Slow(
        """
def first_from(times, moments):
    return [next((time for time in times if time >= moment), None) for moment in moments]
""",
        lambda rng: (numbers(rng, top=40), numbers(rng, top=40)),
        ("first_fitting",),
    ),
    "days_to_warmer": Slow(
        """
def days_to_warmer(days):
    found = [0] * len(days)
    for day, degrees in enumerate(days):
        for later, other in enumerate(days[day + 1 :], start=day + 1):
            if other > degrees:
                found[day] = later - day
                break
    return found
""",
        lambda rng: (numbers(rng),),
        ("first_beyond",),
    ),
    "steps_down": Slow(
        """
def steps_down(values):
    found = []
    for i in range(len(values)):
        j, steps = i + 1, 0
        while j < len(values):
            if values[j] < values[i]:
                break
            j += 1
            steps += 1
        found.append((j, steps))
    return found
""",
        lambda rng: (numbers(rng),),
        ("first_beyond",),
    ),
    "snapped": Slow(
        """
def closest(value, marks):
    best = None
    for mark in marks:
        if best is None or abs(mark - value) < abs(best - value):
            best = mark
    return best


def snapped(values, options):
    return [closest(value, options) for value in values]
""",
        lambda rng: (numbers(rng, top=40), numbers(rng, top=40)),
        ("local_helper", "nearest"),
        ("closest",),
    ),
}
