"""The seventh part of `untouched_programs`."""

KNOWN: dict[str, list[str]] = {
    "mirrored": [
        """
def f(text):
    return text[1:5] == text[1:5][::-1]
""",
        """
def f(text):
    return [text[i : i + 3] == text[::-1] for i in range(len(text))]
""",
        """
def f(a):
    found = []
    for i in range(len(a)):
        found.append(a[i:] == a[i:][::-1])
        a[i] = 0
    return found
""",
        """
def f(text):
    found = []
    for i in range(len(text)):
        part = text[i : i + 3]
        part += "a"
        found.append(part == part[::-1])
    return found
""",
    ],
    "overlap_count": [
        """
def f(a, x):
    return sum(1 for first, last in a if first < x and last > 3)
""",
        """
def f(a, b):
    return [sum(1 for first, last in a if first < x and last < y) for x, y in b]
""",
        """
def f(a, b):
    return [sum(1 for first, last in a if first < y and first > x) for x, y in b]
""",
        """
def f(a, b):
    return [sum(1 for first, last in a if first < y and last > x and last != y) for x, y in b]
""",
        """
def f(a, b):
    found = []
    for x, y in b:
        found.append(sum(1 for first, last in a if first < y and last > x))
        a.append((x, y))
    return found
""",
    ],
    "keys_growing": [
        """
def f(a):
    groups = {}
    for x in a:
        for key in groups:
            if len(groups[key]) == x:
                groups[key].append(x)
        groups[x] = [x]
    return groups
""",
        """
def f(a):
    groups = {}
    for x in a:
        for key in groups:
            if key[0] == x[0]:
                groups[key] += 1
        groups.setdefault(x, 0)
    return groups
""",
        """
def f(a):
    groups = {}
    for x in a:
        for key in list(groups):
            if key[0] == x[0]:
                del groups[key]
        groups[x] = 1
    return groups
""",
        """
def f(a):
    groups = {"a": 0}
    for x in a:
        for key in groups:
            if key[0] == x[0]:
                groups[key] += 1
        groups[x] = 0
    return groups
""",
    ],
    "sets_beside": [
        """
def f(a, x):
    return [b for b in a if x in b]
""",
        """
def f(a, xs):
    found = []
    for x in xs:
        for b in a:
            if x not in b:
                b.append(x)
                found.append(x)
    return found
""",
        """
def f(a, xs):
    return [x for x in xs if all(x in b.keys() for b in a)]
""",
        """
def f(a, xs):
    found = []
    for x in xs:
        for b in a:
            if x in b:
                found.append(x)
        a.append([x])
    return found
""",
    ],
    "block_sums": [
        """
def f(a, n):
    total = 0
    for i in range(0, n):
        for j in range(0, n):
            total += a[i][j]
    return total
""",
        """
def f(a, b):
    found = []
    for n in b:
        total = 0
        for i in range(0, n):
            for j in range(i, n):
                total += a[i][j]
        found.append(total)
    return found
""",
        """
def f(a, b):
    found = []
    for n in b:
        total = 0
        for i in range(0, n):
            for j in range(0, n):
                total += a[i][j] * j
        found.append(total)
    return found
""",
        """
def f(a, b):
    found = []
    for n in b:
        total = 0
        for i in range(0, n):
            for j in range(0, n):
                total += a[i][j]
                a[i][j] = 0
        found.append(total)
    return found
""",
        """
def f(a, b):
    found = []
    for n in b:
        total = 0
        for i in range(0, n):
            for j in range(0, n):
                total += a[2 * i][j]
        found.append(total)
    return found
""",
        """
def f(a, b):
    found = []
    for n in b:
        total = 0
        for i in range(0, n):
            for j in range(0, n):
                if i != j:
                    total += a[i][j]
        found.append(total)
    return found
""",
    ],
}
