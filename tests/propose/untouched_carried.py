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
    "sorted_beside": [
        """
def f(a):
    seen = []
    for x in a:
        seen.append(x)
    return sorted(seen)
""",
        """
def f(a):
    found = []
    seen = []
    for x in a:
        ordered = sorted(seen)
        seen.append(x)
        found.append(ordered[-1:])
    return found
""",
        """
def f(a):
    found = []
    seen = []
    for x in a:
        seen.append(x)
        g(seen)
        found.append(max(seen))
    return found
""",
        """
def f(a):
    found = []
    seen = [3, 1]
    for x in a:
        seen.append(x)
        found.append(max(seen))
    return found
""",
        """
def f(a):
    found = []
    seen = []
    for x in a:
        seen.append(x)
        seen[0] = x
        found.append(max(seen))
    return found
""",
        """
def f(a):
    found = []
    seen = []
    for x in a:
        seen.append(x)
        found.append(sorted(seen, key=abs))
    return found
""",
    ],
    "sorted_part": [
        """
def f(a):
    return sorted(a[1:5])
""",
        """
def f(a, k):
    found = []
    for i in range(len(a)):
        found.append(sorted(a[i : i + k]))
    return found
""",
        """
def f(a, k):
    found = []
    for i in range(len(a)):
        found.append(sorted(a[i : i + k])[0])
        a[i] = 0
    return found
""",
    ],
}
