"""The second half of `untouched_programs`."""

MORE: dict[str, list[str]] = {
    "append_in_place": [
        """
def f(a, out, every):
    for x in a:
        out = out + [x]
        every.append(out)
    return every
""",
        """
def f(a):
    out = []
    every = []
    for x in a:
        out = out + [x]
        every.append(out)
    return every
""",
    ],
    "filter_once": [
        """
def f(a):
    for x in a:
        if x < 0:
            a.remove(x)
    return a
""",
        """
def f(a):
    for x in list(a):
        if a.count(x) > 1:
            a.remove(x)
    return a
""",
    ],
    "popleft": [
        """
def f(q):
    while q:
        print(q.pop(0))
""",
        """
def f(a):
    q = list(a)
    while q:
        print(q.pop(0), q[1:])
""",
        """
def f(a):
    q = list(a)
    while q:
        q.sort()
        print(q.pop(0))
""",
        """
def f(a):
    q = list(a)
    while q:
        print(q.pop())
""",
    ],
    "moving_index": [
        """
def f(s):
    while s:
        if s.pop():
            return s
        s = s[1:]
""",
        """
def f(s):
    while s:
        print(s)
        s = s[1:]
""",
        """
def f(s):
    while s:
        s = s[1:]
        s = sorted(s)
""",
        """
def f(s):
    while s:
        s = s[:-1]
""",
    ],
    "heap": [
        # What somebody else has stays as it is.
        """
def f(a):
    cost = 0
    while len(a) > 1:
        one = min(a)
        a.remove(one)
        cost += one
    return cost
""",
        """
def f(a):
    first = a
    a = list(a)
    while len(a) > 1:
        one = min(a)
        a.remove(one)
    return first, a
""",
        """
def f(a):
    q = list(a)
    for x in a:
        q.sort()
        q[0] = q[1] = x
    return 0
""",
        """
def f(a):
    q = list(a)
    for x in a:
        q.sort()
        q[0] = x
    return q
""",
        """
def f(a):
    q, tops = list(a), []
    for x in a:
        q.sort()
        q[0] += x
        tops.append(q[0])
    return tops
""",
        """
def f(a):
    rest = list(a)
    kept = rest
    while rest:
        rest.sort()
        kept = kept + [rest.pop(0)]
    return kept
""",
        """
def f(a):
    q = list(a)
    while q:
        q.sort()
        print(q.pop(0), q)
""",
        """
def f(a):
    q = list(a)
    while q:
        q.sort(reverse=True)
        print(q.pop(0))
""",
        """
def f(a):
    q = list(a)
    q.sort()
    return q
""",
    ],
    "insort": [
        """
def f(a):
    q = []
    for x in a:
        q.append(x)
        q.sort(key=len, reverse=True)
    return q
""",
    ],
    "prefix_sums": [
        """
def f(rows, rates):
    total = 0
    for i, rate in enumerate(rates):
        total += sum(row * rate for row in rows[:i])
    return total
""",
        """
def f(rows):
    for i in range(len(rows)):
        rows[i] = sum(abs(row) for row in rows[:i])
    return rows
""",
        """
def f(a):
    return [sum(a[:-k]) for k in range(9)]
""",
        """
def f(a):
    for k in range(9):
        a[k] = sum(a[:k])
    return a
""",
        """
def f(a):
    return sum(a[1:3])
""",
    ],
    "running_extreme": [
        """
def f(a):
    out = []
    best = 0
    for i in range(len(a)):
        best = max([best, *a[i:]])
        out.append(best)
    return out
""",
        """
def f(a, b):
    out = []
    for i in range(len(a)):
        out.append(max([b[i], *a[i:]]))
    return out
""",
        """
def f(a):
    return [max(a[k : k + 3]) for k in range(9)]
""",
    ],
    "index_free": [
        """
def f(a):
    for i in range(len(a)):
        a[i] = a[i] + 1
    return a
""",
        """
def f(a):
    for i in range(len(a)):
        print(a[i - 1])
""",
    ],
    "columns": [
        """
def f(a):
    return [a[j][k] for j in range(3) for k in range(4)]
""",
    ],
    "up_to_root": [
        """
def f(n):
    found = []
    for d in range(2, n):
        if n % d == 0:
            found.append(d)
    return found
""",
        """
def f(n):
    for d in range(2, n):
        if n % d == 1:
            return False
    return True
""",
        """
def f(n):
    for d in range(2, int(n**0.5) + 1):
        if n % d == 0:
            return False
    return True
""",
    ],
    "divisors": [
        """
def f(n):
    for d in range(1, n):
        if n % d == 0:
            n //= d
    return n
""",
    ],
    "greatest_divisor": [
        """
def f(a):
    for d in range(1, 9):
        if a % d == 0 and a > d:
            g = d
    return g
""",
    ],
    "remember_recursion": [
        """
def f(n):
    return n if n < 2 else f(n - 1)
""",
        """
SEEN = []

def f(n):
    SEEN.append(n)
    return n if n < 2 else f(n - 1) + f(n - 2)
""",
        """
def f(n):
    print(n)
    return n if n < 2 else f(n - 1) + f(n - 2)
""",
        """
def f(n, k=1):
    return n if n < 2 else f(n - 1) + f(n - 2)
""",
    ],
    "remember_calls": [
        """
from datetime import date

def g(x):
    return (date.today() - date.fromisoformat(x)).days

def f(a):
    return [g(x) for x in a]
""",
        """
import datetime

def g(x):
    return datetime.datetime.fromtimestamp(x).hour

def f(a):
    return [g(x) for x in a]
""",
        """
import json

def g(x):
    return json.load(x)

def f(a):
    return [g(x) for x in a]
""",
        """
from decimal import Decimal, localcontext

def g(x):
    return Decimal(x) / 3

def f(a):
    with localcontext() as context:
        context.prec = 2
        return [g(x) for x in a]
""",
        """
def g(n):
    print(n)
    return n

def f(a):
    return [g(x) for x in a]
""",
        """
def g(n):
    return n

def f(a):
    return g(a)
""",
    ],
    "cache_inner": [
        """
def f(n):
    seen = []
    def g(k):
        seen.append(k)
        return k if k < 2 else g(k - 1) + g(k - 2)
    return g(n)
""",
        """
def f(n):
    def g(k):
        return [] if k < 2 else [g(k - 1), g(k - 2)]
    return g(n)
""",
        """
def f(n):
    def g(k):
        return [k, g(k - 1)] if k else g(k - 2)
    return [g(n)]
""",
    ],
    "recurrence": [
        """
def f(n):
    return f(n - 1) + f(n - 2)
""",
        """
def f(n):
    if n < 2:
        return n
    return f(n - 1) + f(n // 2)
""",
        """
def f(n):
    if n < 1:
        return n
    return f(n - 1) + f(n - 2)
""",
    ],
    "shorter": [
        """
def f(a):
    return sorted(a, key=len)[-1], sorted(a)[1], 1 in a
""",
    ],
    "vectorise": [
        """
def f(a):
    return [g(x) for x in a]
""",
        """
def f(a):
    return [x for x in a]
""",
        """
def f(a):
    for k in range(1, len(a)):
        a[k] = a[k] + a[k - 1]
    return a
""",
    ],
    "local_binding": [
        """
def f(a):
    for x in a:
        x.append(1)
    return a
""",
    ],
    "seen_keys": [
        """
def f(a):
    kept = []
    for x in a:
        if x.id not in [k.id for k in kept if k.ok]:
            kept.append(x)
    return kept
""",
        """
def f(a):
    kept = []
    for x in a:
        if x.id not in [k.id for k in kept]:
            kept.append(x)
        else:
            kept.pop()
    return kept
""",
        """
def f(a, b):
    kept = []
    for x in a:
        if not any(k.id < x.id for k in kept):
            kept.append(x)
    return kept
""",
    ],
    "sort_by_swaps": [
        """
def f(a):
    for i in range(len(a)):
        for j in range(len(a)):
            if a[i] > a[j]:
                a[i], a[j] = a[j], a[i]
    return a
""",
        """
def f(a):
    for j in range(len(a) - 1):
        if a[j] > a[j + 1]:
            a[j], a[j + 1] = a[j + 1], a[j]
    return a
""",
        """
def f(a):
    n = 0
    for i in range(len(a)):
        for j in range(len(a) - 1):
            if a[j] > a[j + 1]:
                a[j], a[j + 1] = a[j + 1], a[j]
                n += 1
    return n
""",
    ],
    "bounded_range": [
        """
def f(a, n):
    for j in range(n):
        if j < a:
            a = a - j
    return a
""",
        """
def f(a, n):
    total = 0
    for j in range(n):
        if j < a:
            total += j
        else:
            total -= j
    return total
""",
        """
def f(a, n):
    return [j for j in range(n) if j < a[j]] + [j for j in range(0, n, 2) if j < 5]
""",
    ],
    "products": [
        """
def f(a, b):
    return sum(a[j] * b[j] for j in range(len(a)) if a[j])
""",
        """
def f(a, b):
    return sum(x * x for x, y in zip(a, b)) + sum(a[j] * b[2 * j] for j in range(len(b)))
""",
        """
def f(a, b):
    return sum((a[j] * b[j] for j in range(len(a))), 1.5)
""",
    ],
}
