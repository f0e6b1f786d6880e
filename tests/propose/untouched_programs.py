"""What looks like what a rewrite mends and is left alone: the pattern is not there, or would be wrong."""

UNTOUCHED: dict[str, list[str]] = {
    "set_membership": [
        """
def f(a, b):
    for x in a:
        if x in b:
            b.append(x)
    return b
""",
        """
def f(a, b):
    for x in a:
        b = g(b)
        if x in b:
            return x
""",
        """
def f(a, b):
    return a in b
""",
        """
def f(a):
    return [x for x in a if x in 'aeiou']
""",
        """
def f(a, b: dict):
    return [x for x in a if x in b]
""",
        """
def f(a, b):
    return [b.get(x) for x in a if x in b]
""",
        """
def f(rows):
    return [x for row in rows for x in row if x in row]
""",
    ],
    "seen_set": [
        """
def f(a):
    seen = []
    for x in a:
        if x not in seen:
            seen.append(x)
        else:
            seen.remove(x)
    return seen
""",
        """
def f(a):
    seen = []
    for x in a:
        if x not in seen:
            seen.append(x)
        seen[0] = x
    return seen
""",
        """
def f(a, seen):
    for x in a:
        if x not in seen:
            seen.append(x)
    return seen
""",
        """
def f(a):
    seen = []
    other = seen
    for x in a:
        if x not in seen:
            seen.append(x)
    return other
""",
        """
def f(a):
    seen = []
    for x in a:
        seen.append(x)
    return seen
""",
    ],
    "count_once": [
        """
def f(a):
    return a.count(1)
""",
        """
def f(a, b):
    for x in a:
        b.append(b.count(x))
    return b
""",
        """
def f(a, b):
    return [b.count('ab') for x in a]
""",
    ],
    "count_scan": [
        """
def f(a, b):
    return [sum(1 for y in b if y > x) for x in a]
""",
    ],
    "position_once": [
        """
def f(a, b):
    return [y.index(b) for y in a]
""",
    ],
    "index_pairs": [
        """
def f(a, b):
    for x in a:
        for y in b:
            if x == y:
                b.remove(y)
""",
        """
def f(a, b):
    for x in a:
        for y in b:
            if x < y:
                return x
""",
        """
def f(a, b):
    for x in a:
        for y in x:
            if y == b:
                return x
""",
        """
def f(a, b):
    for y in b:
        if y == a:
            return y
""",
        """
def f(a, b):
    n = 0
    for x in a:
        for y in b:
            if x == y:
                n += 1
            else:
                n -= 1
    return n
""",
    ],
    "hoist_invariant": [
        """
def f(a, b):
    for x in a:
        b.append(len(b))
    return b
""",
        """
def f(a, b):
    out = []
    for x in a:
        out.append(sorted(b))
    return out
""",
        """
def f(a, b):
    for x in a:
        row = list(b)
        row.append(x)
        print(row)
""",
        """
def f(a, b):
    for x in a:
        if x in zip(b, b):
            return sum(b)
""",
        """
def f(a):
    len = max
    return [len(a) for x in a]
""",
        """
import random

def f(a):
    return [random.random() for x in a]
""",
    ],
    "sort_once": [
        """
def f(a, b):
    for x in a:
        b.append(x)
        b.sort()
    return b
""",
        """
def f(a, b):
    b.sort()
    return b
""",
    ],
    "compile_pattern": [
        """
import re

def f(a):
    return [re.match(x, 'b') for x in a]
""",
    ],
    "comprehension": [
        """
def f(a):
    out = []
    for x in a:
        out.append(len(out))
    return out
""",
        """
def f(a):
    out = []
    for x in a:
        out.append(x)
    return out, x
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
    out = []
    for x in a:
        if x < 0:
            break
        out.append(x)
    return out
""",
        """
def f(a):
    out = []
    for x in a:
        out.append(x)
    else:
        out.append(1)
    return out
""",
    ],
    "reduction": [
        """
def f(a):
    total = 0
    for x in a:
        total += x * total
    return total
""",
        """
def f(a):
    text = ''
    for x in a:
        text += x
    return text
""",
        """
def f(a):
    total = 0
    for x in a:
        total += x
        print(total)
    return total
""",
    ],
    "any_all": [
        """
def f(a):
    for x in a:
        if x:
            return x
    return False
""",
        """
def f(a):
    for x in a:
        if print(x):
            return True
    return False
""",
    ],
    "early_exit": [
        """
def f(a):
    found = False
    for x in a:
        if print(x):
            found = True
    return found
""",
        """
def f(a):
    last = None
    for x in a:
        if x > 1:
            last = x
    return last
""",
        """
def f(a):
    found = False
    for x in a:
        if x > 1:
            found = True
    return found, x
""",
    ],
    "join": [
        """
def f(a):
    text = ''
    for x in a:
        text += x
        print(text)
    return text
""",
        """
def f(a):
    total = 0
    for x in a:
        total += x
    return total
""",
        """
def f(a):
    text = ''
    for x in a:
        text = x + text + x
    return text
""",
    ],
    "append_in_place": [
        """
def f(a, out):
    for x in a:
        out = out + [x]
    return out
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
        if s.startswith('a'):
            return s
        s = s[1:]
""",
        """
def f(s):
    while s:
        s = s[:-1]
""",
    ],
    "heap": [
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
        q.sort(key=len)
    return q
""",
    ],
    "prefix_sums": [
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
    return sorted(a, key=len)[0], sorted(a)[1], 1 in a
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
}
