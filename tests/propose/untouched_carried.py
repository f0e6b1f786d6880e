"""The sixth part of `untouched_programs`."""

CARRIED: dict[str, list[str]] = {
    "carry_on": [
        """
def f(a, k):
    best = 0
    for i in range(len(a)):
        total = 0
        for j in range(i, len(a)):
            total += a[j]
            best = max(best, total)
    return best
""",
        """
def f(a, k):
    hits = 0
    for i in range(len(a)):
        total = 0
        for j in range(i, len(a)):
            total += a[j]
            if total == k:
                hits += 1
                break
    return hits
""",
        """
def f(a, k):
    found = []
    for i in range(len(a)):
        total = 0
        for j in range(i, len(a)):
            total += a[j]
            if total > k:
                break
        found.append(total)
    return found
""",
        """
def f(a, k):
    found = []
    for i in range(len(a)):
        total = 0
        for j in range(i, len(a)):
            if total > k:
                break
            total += a[j]
            found.append(j)
    return found
""",
        """
def f(a, k):
    best = 99
    for i in range(len(a)):
        seen = set()
        for j in range(i, len(a)):
            if a[j] in seen:
                break
            seen.add(a[j])
            best = min(best, len(seen))
    return best
""",
        """
def f(a, k):
    best = 0
    for i in range(len(a)):
        seen = set(a[:i])
        for j in range(i, len(a)):
            if a[j] in seen:
                break
            seen.add(a[j])
            best = max(best, j)
    return best
""",
        """
def f(a, k):
    best = 0
    for i in range(len(a)):
        seen = set()
        for j in range(i, len(a)):
            if a[j] in seen:
                break
            seen.add(a[j])
            best = max(best, len(seen))
        a[i] = k
    return best
""",
    ],
}
