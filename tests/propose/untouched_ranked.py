"""The last part of `untouched_programs`: orders that change meanwhile, and what does not only grow."""

RANKED: dict[str, list[str]] = {
    "heap_by_key": [
        """
def f(a):
    while a:
        a.sort(reverse=True)
        a.pop()
    return a
""",
        """
def f(a):
    left, at, way = list(a), 0, []
    while left:
        near = min(left, key=lambda x: abs(x - at))
        left.remove(near)
        at = near
        way.append(at)
    return way
""",
        """
def f(a):
    left, seen = list(a), []
    while left:
        left.sort(reverse=True)
        left.pop()
        seen.append(left)
    return seen
""",
        """
def f(a):
    left, out = list(a), []
    while left:
        left.sort()
        out.append(left.pop(0))
    return out
""",
    ],
    "count_growing": [
        """
def f(a):
    seen, out = [], []
    for x in a:
        seen.append(x)
        out.append(seen.count(x))
        seen.reverse()
        seen.pop()
    return out
""",
        """
def f(a):
    seen = [a.count(x) for x in a]
    return seen
""",
    ],
    "set_growing": [
        """
def f(a):
    seen, out = [], []
    for x in a:
        seen.append(x)
        out.append(set(seen))
    return out
""",
    ],
    "letters_growing": [
        """
def f(a):
    text = ''
    for x in a:
        text += x
        text = text.strip()
        if text.count('a') > 2:
            break
    return text
""",
        """
def f(a):
    text = ''
    for x in a:
        text = x + text
        if text.count('a') > 2:
            break
    return text
""",
        """
def f(a):
    text = ''
    for x in a:
        text += x
        if text.count('ab') > 2:
            break
    return text
""",
    ],
    "position_or": [
        """
def f(a, b):
    out = []
    for x in a:
        out.append(b.index(x) if x in b else -1)
        b.append(x)
    return out
""",
        """
def f(a, b):
    try:
        return a.index(b)
    except ValueError:
        return -1
""",
    ],
    "run_starts": [
        """
def f(a):
    best = 0
    for x in a:
        n = 1
        while x + n < 9:
            n += 1
        best = max(best, n)
    return best
""",
        """
def f(a):
    met, best = set(), 0
    for x in a:
        n = 1
        met = met | {x}
        while x + n in met:
            n += 1
        best = max(best, n)
    return best
""",
    ],
    "helper_in_place": [
        """
def g(a, x):
    for row in a:
        for y in row:
            if y == x:
                return y
    return None

def f(a, b):
    found = []
    for x in b:
        found.append(g(a, x))
    return found
""",
        """
def g(a, x):
    try:
        return max(a) / x
    except ZeroDivisionError:
        return 0

def f(a, b):
    found = []
    for x in b:
        found.append(g(a, x))
    return found
""",
        # Nobody knows which of two breaks ends a loop.
        """
def g(a, x):
    for y in a:
        if y > x:
            break
        if y == x:
            return y
    return None

def f(a, b):
    found = []
    for x in b:
        found.append(g(a, x))
    return found
""",
        """
def g(xs):
    return sum(xs)

def f(xs):
    return [g(xs[:k]) for k in range(len(xs))]
""",
        """
def g(xs):
    total = 0
    for x in xs:
        total += x
    return total

def f(xs):
    return g(xs[1:])
""",
        """
def g(xs):
    for x in xs:
        print(x)
    return 0

def f(xs):
    out = []
    for k in range(len(xs)):
        out.append(g(xs[:k]))
    return out
""",
        """
def g(xs):
    total = 0
    for x in xs:
        total += x
    return total

def f(xs):
    out = []
    for k in range(len(xs)):
        out.append(k and g(xs[:k]))
    return out
""",
    ],
}
