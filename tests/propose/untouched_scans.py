"""The third part of `untouched_programs`."""

SCANS: dict[str, list[str]] = {
    "made_beside": [
        """
def f(a):
    for x in a:
        print(x.lower())
""",
        """
def f(a, b):
    out = []
    for y in b:
        for x in a:
            out.append(x.lower() == y.lower())
        a = out[1:]
    return out
""",
        """
def f(a, b):
    out = []
    for y in b:
        for x in a:
            if x and 10 // max(x) > y:
                out.append(y)
    return out
""",
    ],
    "update_in_place": [
        """
def f(rows):
    found = {}
    out = []
    for key, value in rows:
        found = {**found, key: value}
        out.append(found)
    return out
""",
        """
def f(found, rows):
    for key, value in rows:
        found = {**found, key: value}
    return found
""",
        """
def f(rows):
    found = {}
    for key, value in rows:
        found = dict(found)
        if key in found:
            return found
    return rows
""",
    ],
    "part_loop": [
        """
def f(a, n):
    out = []
    for i in range(n):
        out.append(a[i + 1] - a[i])
    return out
""",
        """
def f(a, n):
    for i in range(n):
        a[i + 1] = 0
    return i
""",
    ],
    "difference_range": [
        """
def f(a, x, k):
    return abs(a[0] - x) <= k
""",
        """
def f(a, k):
    return [abs(x - k) > k for x in a]
""",
    ],
    "rank_sum": [
        """
def f(a, limits):
    out = []
    for limit in limits:
        total = 0
        for when, amount in a:
            if when < limit < amount:
                total += amount
        out.append(total)
    return out
""",
        """
def f(a, limit):
    total = 0
    for x in a:
        if x < limit:
            total += x
    return total
""",
    ],
    "contained": [
        """
def f(a, x):
    for i, y in enumerate(a):
        if y == x:
            return i
    return -1
""",
        """
def f(a, x):
    found = False
    for y in a:
        if y == x:
            found = True
            print(y)
    return found
""",
        """
def f(a, b):
    return [any(x == g(y, x) for x in a) for y in b]
""",
    ],
    "window_extreme": [
        """
def f(a, ends):
    return [max(a[i:j]) for i, j in enumerate(ends)]
""",
        """
def f(a, k):
    out = []
    for i in range(len(a)):
        out.append(max(a[i:i + k]))
        a.append(i)
    return out
""",
    ],
    "range_extreme": [
        """
def f(a):
    return max(a[1:3])
""",
        """
def f(a, k):
    def top(first, last):
        return max(a[first:last])
    return [top(i, k) for i in range(k)]
""",
    ],
    "unnamed": [
        """
def f(a, b):
    out = []
    for y in b:
        some = [x for x in a if x > y]
        out.append(some)
        out.append(len(some))
    return out
""",
        """
def f(a, b):
    out = []
    for y in b:
        some = [x * 2 for x in a if x > y]
        out.append(sum(some) / len(some))
    return out
""",
        """
def f(a, b):
    out = []
    for y in b:
        some = [x for x in a if x > y]
        out.append((len(some), sum(y for y in some)))
    return out
""",
        """
def f(a, b):
    out = []
    for y in b:
        some = [x for x in a if x > y]
        a.append(len(some))
        out.append(sum(some))
    return out
""",
        """
def f(a, k):
    part = a[k:]
    a.append(k)
    return sum(part)
""",
        """
def f(a, k):
    part = a[k:]
    part.append(k)
    return sum(part)
""",
        """
def f(a, k):
    chosen = [x for x in a if x > k]
    return sum(chosen) / len(chosen)
""",
    ],
    "resume": [
        """
def f(a):
    for i in range(len(a)):
        if a[i] < 0:
            a[i] = 0
            break
    return a
""",
        """
def f(a):
    while a:
        for i in range(len(a)):
            i += 1
            if i < 3:
                a.pop()
                break
    return a
""",
    ],
    "splice_in_place": [
        """
def f(a):
    every = []
    for i in range(3):
        a = a[:i] + a[i + 1:]
        every.append(a)
    return every
""",
        """
def f(text):
    for i in range(3):
        text = text[:i] + text[i + 1:]
    return text
""",
    ],
    "counted_loop": [
        """
def f(a):
    i = 0
    while i + len(a) < 9:
        a.append(i)
        i += 1
    return a
""",
        """
def f(n):
    i = 0
    while i * 2 < n:
        n -= 1
        i += 1
    return i
""",
        """
def f(a):
    i = 0
    while i < len(a):
        a.append(i)
        i += 1
    return a
""",
        """
def f(n):
    i = 0
    while i < n:
        if i % 3:
            i += 1
            continue
        i += 1
    return i
""",
        """
def f(n):
    i = 1
    while i < n:
        print(i)
        i *= 2
""",
    ],
    "once_for_each": [
        """
import re


def f(text):
    out = []
    for x in re.finditer("a+", text):
        out.append((x.start(), x.end()))
    return out
""",
        """
import json

def f(a):
    return [json.loads(x) for x in a]
""",
        """
def f(a):
    out = []
    last = 0
    for x in a:
        out.append(x - last)
        last = x
    return out
""",
        """
def f(a):
    total = 0
    for x in a:
        total += x * x
    return total
""",
        """
def f(a):
    return [sorted(x) for x in a]
""",
        """
def f(rows):
    return [row["price"] * 2 for row in rows]
""",
    ],
    "tally": [
        """
def f(a):
    counts = {}
    for x in a:
        counts[x] = counts.get(x, 1) + 1
    return counts
""",
        """
def f(a, counts):
    for x in a:
        counts[x] = counts.get(x, 0) + 1
    return counts
""",
    ],
    "multiset": [
        """
def f(a, b):
    left = list(b)
    for x in a:
        if x in left:
            left.remove(x)
    return left
""",
        """
def f(a, b):
    left = list(b)
    return [x for x in a if x in left]
""",
    ],
    "count_each": [
        """
def f(rows):
    count = 0
    for row in rows:
        if row["age"] > 3:
            count += 1
    return count
""",
        """
def f(n):
    return sum(1 for k in range(n) if k % 3)
""",
    ],
    "expression_of_call": [
        """
def g(x):
    y = x + 1
    return y * y


def f(a):
    return [g(x) for x in a]
""",
        """
def g(x):
    return x * x


def f(a):
    return [g(next(a)) for _ in range(3)]
""",
    ],
    "rank_so_far": [
        """
def f(a):
    out = []
    for i in range(len(a)):
        out.append(sum(1 for x in a[: i + 2] if x < a[i]))
    return out
""",
        """
def f(a):
    out = []
    for i in range(len(a)):
        if a[i] < 0:
            continue
        out.append(sum(1 for x in a[:i] if x < a[i]))
    return out
""",
        """
def f(a):
    out = []
    for i in range(len(a)):
        out.append(sum(1 for x in a[:i] if x < a[i]))
        a[i] = 0
    return out
""",
    ],
    "bisect_scan": [
        """
def f(a, x):
    i = 0
    while i < len(a) and a[i] < x:
        i += 1
    return i
""",
        """
def f(values):
    kept = []
    for x in values:
        i = 0
        while i < len(kept) and kept[i] > x:
            i += 1
        kept.insert(i, x)
    return kept
""",
    ],
    "seen_before": [
        """
def f(a, x, i):
    return x in a[:i]
""",
        """
def f(a):
    return [x in a[-3:] for x in a]
""",
    ],
    "extreme_of_rest": [
        """
def f(a):
    return [max([a[j] * a[i] for j in range(i, len(a))]) for i in range(len(a))]
""",
        """
def f(a):
    return [max([a[j] - j for j in range(i, len(a))]) for i in range(len(a))]
""",
    ],
}
