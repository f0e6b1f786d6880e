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
}
