"""The last part of `untouched_programs`: orders that change meanwhile, and lists that are handed on."""

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
}
