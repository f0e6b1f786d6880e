"""The texts that templates put into programs: functions on plain Python values, their numbers open to tuning.

Each is a `string.Template`. A search function takes where to start and what a value is worth, in the task's own units,
and returns the best it met, in the form of the start. Loops count; chance comes from a generator with its own seed.
"""

from string import Template

__all__ = [
    "ANNEALING",
    "BEST_OF",
    "FORM",
    "GREEDY_ORDER",
    "GREEDY_SUBSET",
    "LOCAL_ORDER",
    "LOCAL_SEARCH",
    "LOCAL_SUBSET",
    "PLAIN",
    "WORTH",
]

WORTH = """\
    def worth(made):
        try:
            found = ${sign}float(value(made))
        except Exception:
            return -$math.inf
        return found if $math.isfinite(found) else -$math.inf
"""
"""Higher is better; what fails or is no finite number is the worst."""

FORM = """\
    def spread(part):
        part = part.tolist() if hasattr(part, "tolist") else part
        if not isinstance(part, (list, tuple)):
            numbers.append(part)
            return
        first = len(numbers)
        for one in part:
            spread(one)
        if 1 < len(part) == len(numbers) - first < 9:
            rows.append(range(first, len(numbers)))

    def formed(like, rest):
        if getattr(like, "shape", ()):
            made = like * 1.0
            made.flat = [next(rest) for _ in range(made.size)]
            return made
        if isinstance(like, (list, tuple)):
            return type(like)([formed(one, rest) for one in like])
        return float(next(rest))
"""
"""Nested numbers to one list and back. A row is a short sequence of numbers, such as a point."""

PLAIN = """\
    numbers, rows = [], []
    spread(start)
    if not numbers or any(type(one) not in (float, int) for one in numbers):
        return start
"""

LOCAL_SEARCH = Template(f'''\
def $name(start, value):
    """Move a row or a number at a time, by steps that grow with success; keep what is worth no less."""
    chance = $random.Random($seed)

{FORM}
{WORTH}
{PLAIN}    here, step = worth(formed(start, iter(numbers))), $step
    for _ in range($steps):
        moved = list(numbers)
        for _ in range(2 if chance.random() < $pairs else 1):
            row = chance.choice(rows) if rows and chance.random() < $whole_rows else [chance.randrange(len(numbers))]
            size = step * 10.0 ** chance.uniform(-1.0, 1.0)
            for k in row:
                moved[k] += chance.gauss(0.0, size)
        there = worth(formed(start, iter(moved)))
        step = min(max(step * (1.5 if there > here else 0.9), 1e-9), $widest)
        if there >= here:
            numbers, here = moved, there
    return formed(start, iter(numbers))
''')

ANNEALING = Template(f'''\
def $name(start, value):
    """Move a row or a number at a time; losses are taken too, ever more rarely. Return the best that was met."""
    chance = $random.Random($seed)

{FORM}
{WORTH}
{PLAIN}    here = there = best = worth(formed(start, iter(numbers)))
    kept, steps = numbers, $steps
    for k in range(steps):
        left = 1.0 - k / steps
        moved = list(numbers)
        row = chance.choice(rows) if rows and chance.random() < $whole_rows else [chance.randrange(len(numbers))]
        size = $step * 10.0 ** chance.uniform(-2.0, 0.0)
        for place in row:
            moved[place] += chance.gauss(0.0, size)
        there = worth(formed(start, iter(moved)))
        slack = $heat * abs(best) * left * left * chance.expovariate(1.0) if $math.isfinite(best) else 0.0
        if there >= here - slack:
            numbers, here = moved, there
        if here > best:
            kept, best = numbers, here
    return formed(start, iter(kept))
''')

_SEQUENCE = """\
    items = list(start.tolist() if hasattr(start, "tolist") else start)
    if len(items) < 2:
        return start

    def formed(order):
        if not hasattr(start, "shape"):
            return type(start)(order)
        made = start.copy()
        made[:] = order
        return made
"""

_TAKEN = """\
        there = worth(formed(moved))
        slack = heat * abs(best) * (1.0 - k / steps) * chance.expovariate(1.0) if $math.isfinite(best) else 0.0
        if there >= here - slack:
            items, here = moved, there
        if here > best:
            kept, best = items, here
    return formed(kept)
"""

LOCAL_ORDER = Template(f'''\
def $name(start, value):
    """Exchange two items, move one or turn a stretch around; keep an order that is worth no less."""
    chance = $random.Random($seed)
{_SEQUENCE}
{WORTH}
    here, heat = worth(formed(items)), $heat
    kept, best, steps = items, here, $steps
    for k in range(steps):
        i, j = sorted(chance.sample(range(len(items)), 2))
        way = chance.randrange(3)
        if way == 0:
            moved = [*items[:i], items[j], *items[i + 1 : j], items[i], *items[j + 1 :]]
        elif way == 1:
            moved = [*items[:i], *items[i + 1 : j + 1], items[i], *items[j + 1 :]]
        else:
            moved = [*items[:i], *reversed(items[i : j + 1]), *items[j + 1 :]]
{_TAKEN}''')

LOCAL_SUBSET = Template(f'''\
def $name(start, value):
    """Take one in, leave one out, or exchange two; keep a choice that is worth no less."""
    chance = $random.Random($seed)
{_SEQUENCE}
{WORTH}
    here, heat = worth(formed(items)), $heat
    kept, best, steps = items, here, $steps
    for k in range(steps):
        i = chance.randrange(len(items))
        others = [j for j, one in enumerate(items) if bool(one) != bool(items[i])]
        moved = list(items)
        for j in (i, chance.choice(others)) if others and chance.random() < $exchanges else (i,):
            moved[j] = type(items[j])(1 - items[j])
{_TAKEN}''')

GREEDY_ORDER = Template(f'''\
def $name(start, value):
    """Take out one item after the other and put each where it is worth most, as long as that helps."""
{_SEQUENCE}
{WORTH}
    here, left, idle, turn = worth(formed(items)), $steps, 0, 0
    while left > 0 and idle < len(items):
        item = items[turn % len(items)]
        rest = [*items[: turn % len(items)], *items[turn % len(items) + 1 :]]
        tried = [[*rest[:k], item, *rest[k:]] for k in range(len(items))][:left]
        left, turn, idle = left - len(tried), turn + $stride, idle + 1
        there, moved = max(((worth(formed(one)), one) for one in tried), key=lambda pair: pair[0])
        if there > here:
            items, here, idle = moved, there, 0
    return formed(items)
''')

GREEDY_SUBSET = Template(f'''\
def $name(start, value):
    """From nothing, change the one choice that pays most, as long as one does; keep the start where it is better."""
{_SEQUENCE}
{WORTH}
    before, left = worth(formed(items)), $steps
    chosen = [type(one)(0) for one in items]
    here = worth(formed(chosen))
    while left > 0:
        tried = [[*chosen[:k], type(one)(1 - one), *chosen[k + 1 :]] for k, one in enumerate(chosen)][:left]
        left -= len(tried)
        there, moved = max(((worth(formed(one)), one) for one in tried), key=lambda pair: pair[0])
        if there <= here:
            break
        chosen, here = moved, there
    return formed(chosen) if here > before else start
''')

BEST_OF = Template(f'''\
def $name(attempt, value):
    """Try several times and return what is worth most."""
{WORTH}
    return max([attempt(seed) for seed in range($seed, $seed + $steps)], key=worth)
''')
