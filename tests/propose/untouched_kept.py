"""The seventh part of `untouched_programs`."""

KEPT: dict[str, list[str]] = {
    "index_kept": [
        """
def f(a):
    b = []
    for x in a:
        for y in b:
            if y[0] == x[0]:
                b.remove(y)
                break
        b.append(x)
    return b
""",
        """
def f(a):
    for x in a:
        for y in a:
            if y[0] == x[1]:
                return x
    return None
""",
        """
def f(a, k):
    b = []
    for x in a:
        for y in b:
            if g(y) < x:
                k += 1
        b.append(x)
    return k
""",
    ],
    "matching_ends": [
        """
def f(a, k):
    n = 0
    for i in range(len(a)):
        for j in range(i, len(a) - 1):
            if sum(a[i : j + 1]) == k:
                n += 1
    return n
""",
        """
def f(a, k):
    n = 0
    for i in range(len(a)):
        for j in range(i + 1, len(a)):
            if sum(a[i : j + 1]) == k:
                n += 1
    return n
""",
        """
def f(a, k):
    n = 0
    for i in range(len(a)):
        s = 0
        for j in range(i, len(a)):
            s += a[j]
            if s > k:
                n += 1
    return n
""",
        """
def f(a, k):
    n = 0
    for i in range(len(a)):
        s = 0
        for j in range(i, len(a)):
            s += a[j]
            a[j] = 0
            if s == k:
                n += 1
    return n
""",
        """
def f(a, k):
    n = 0
    for i in range(len(a)):
        s = n
        for j in range(i, len(a)):
            s += a[j]
            if s == k:
                n += 1
    return n
""",
    ],
    "join_smaller": [
        """
def f(a, b):
    for old, new in b:
        for k in range(len(a)):
            if a[k] == old:
                a[k] = new
        a.append(old)
    return a
""",
        """
def f(a, old, new):
    for k in range(len(a)):
        if a[k] == old:
            a[k] = new
    return a
""",
        """
def f(a, b):
    for x, y in b:
        for k in range(len(a)):
            if a[k] == a[x]:
                a[k] = a[y]
    return a
""",
    ],
    "halve_paths": [
        """
def f(up, x):
    while up[x] != 0:
        x = up[x]
    return x
""",
        """
def f(up, x):
    while up[x] != x:
        x = up[x + 1]
    return x
""",
    ],
    "best_before": [
        """
def f(a):
    best = [1] * len(a)
    for i in range(len(a)):
        for j in range(i):
            if a[j] + 1 < a[i] and best[j] + 1 > best[i]:
                best[i] = best[j] + 1
    return best
""",
        """
def f(a):
    best = [1] * len(a)
    for i in range(len(a)):
        for j in range(i):
            if a[j] < a[i] and best[j] + a[j] > best[i]:
                best[i] = best[j] + a[j]
    return best
""",
        """
def f(a):
    best = [1] * len(a)
    for i in range(len(a)):
        for j in range(i):
            if a[j] < a[i] and best[j] + 1 > best[i]:
                best[i] = best[j] + 1
        if best[i] > 3:
            break
    return best
""",
    ],
    "found_apart": [
        """
def f(a):
    low = high = 0
    for x in a:
        if x < low:
            low = x
            high += 1
    return low, high
""",
        """
def f(a):
    s = t = 0
    for x in a:
        s += x
        t += s
    return s, t
""",
        """
def f(a):
    s = t = 0
    for x in iter(a):
        s += x
        t += x * x
    return s, t
""",
    ],
    "counted_any": [
        """
def f(a, b):
    return any(x < y for x, y in b)
""",
        """
def f(a, b):
    return [x for x in a if any(x == y for y in b)]
""",
        """
def f(a, b):
    return [x for x in a if any(g(y) for y in b)]
""",
    ],
    "best_total": [
        """
def f(a):
    best = 0
    for i in range(len(a)):
        total = 0
        for j in range(i, len(a)):
            total += a[j]
            if total > best:
                best = total
                a[i] = best
    return best
""",
        """
def f(a):
    best = 0
    for i in range(len(a)):
        total = 0
        for j in range(i, len(a) - 1):
            total += a[j]
            best = max(best, total)
    return best
""",
    ],
    "last_kept": [
        """
def f(a):
    b = []
    for x in a:
        for y in b:
            if y[0] <= x[0]:
                break
        else:
            b.append(x)
    return b
""",
        """
def f(a):
    b = []
    for x in sorted(a):
        for y in b:
            if y[0] <= x[0]:
                b.remove(y)
                break
        b.append(x)
    return b
""",
    ],
    "all_but_one": [
        """
def f(a):
    out = []
    for i in range(len(a)):
        p = 1
        for j in range(len(a)):
            if i != j:
                p *= a[j] + p
        out.append(p)
    return out
""",
        """
def f(a, i):
    p = 1
    for j in range(len(a)):
        if i != j:
            p *= a[j]
    return p
""",
    ],
}
